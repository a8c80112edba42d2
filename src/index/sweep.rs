//! What a writer that was cut off has left: files that no commit names. The next writer may want a name of theirs, and Tantivy
//! refuses to write over a file that is there.

use std::fs;
use std::path::Path;

use tantivy::index::SegmentComponent;

use super::error::{Doing, IndexError};

/// Files of Tantivy's own beside those of its segments.
const KEPT: &[&str] = &["meta.json", ".managed.json"];

/// Takes away what `index`, kept in `dir`, does not name. Only for whoever holds the desk's lock.
pub(super) fn sweep(index: &tantivy::Index, dir: &Path) -> Result<(), IndexError> {
    let metas = index.searchable_segment_metas().doing("opening the index")?;
    // of a segment's lists of what is superseded, the one that its commit names
    let is_named = |name: &str| {
        metas.iter().any(|meta| {
            name.starts_with(&meta.id().uuid_string())
                && (!name.ends_with(".del")
                    || Path::new(name) == meta.relative_path(SegmentComponent::Delete))
        })
    };
    let Ok(entries) = fs::read_dir(dir) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        // locks and notes begin with a dot
        if is_named(&shown) || KEPT.contains(&&*shown) || shown.starts_with('.') {
            continue;
        }
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::debug!(path = %entry.path().display(), %error, "a left-over file stays");
        }
    }
    Ok(())
}

/// Takes away what a writer that was cut off left half written.
pub(super) fn drop_drafts(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    let left = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(".tmp"));
    for entry in left {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::debug!(path = %entry.path().display(), %error, "a left-over file stays");
        }
    }
}
