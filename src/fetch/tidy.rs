//! What becomes of a dropped file once its items are stored.

use super::error::FetchError;
use super::folder::unreadable;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// What becomes of a file whose items are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// It stays where it is.
    #[default]
    Keep,
    /// It is moved into `done/` beside it.
    Move,
    /// It is deleted.
    Delete,
}

/// The folder beside a file that done ones are moved into.
pub(super) const DONE: &str = "done";

/// Tidies one file away; a file that is gone already is well.
pub(super) fn tidy(path: &Path, after: After) -> Option<(String, FetchError)> {
    let tidied = match after {
        After::Keep => Ok(()),
        After::Delete => fs::remove_file(path),
        After::Move => put_by(path),
    };
    match tidied {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Some((path.display().to_string(), unreadable(path, &error)))
        }
        _ => None,
    }
}

fn put_by(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    let done = folder.join(DONE);
    fs::create_dir_all(&done)?;
    fs::rename(path, free_name(done.join(name)))
}

/// The name itself, or with a number behind it where one of that name is done already.
fn free_name(wanted: PathBuf) -> PathBuf {
    let numbered = |n: u32| {
        let mut name = wanted.clone().into_os_string();
        name.push(format!(".{n}"));
        PathBuf::from(name)
    };
    std::iter::once(wanted.clone()).chain((2..).map(numbered)).find(|name| !name.exists()).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_of_one_name_are_both_kept_in_done() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        for text in ["first", "second"] {
            fs::write(&file, text).unwrap();
            assert!(tidy(&file, After::Move).is_none());
        }
        assert!(!file.exists());
        assert_eq!(fs::read_to_string(folder.path().join("done/a.xml")).unwrap(), "first");
        assert_eq!(fs::read_to_string(folder.path().join("done/a.xml.2")).unwrap(), "second");
    }

    #[test]
    fn a_file_that_is_gone_already_is_well() {
        let folder = tempfile::tempdir().unwrap();
        for after in [After::Keep, After::Move, After::Delete] {
            assert!(tidy(&folder.path().join("a.xml"), after).is_none(), "{after:?}");
        }
    }
}
