//! What of a drop folder has been delivered: one short fingerprint a file, as the cursor's mark.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::Metadata;
use std::time::UNIX_EPOCH;

/// The files of a folder that have been delivered. It never grows beyond what lies in the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    seen: BTreeSet<Fingerprint>,
}

/// Name, size and times of a file, in 16 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Fingerprint(String);

impl Seen {
    /// From a cursor's mark; a mark that cannot be read is an empty one, and the store finds everything unchanged.
    pub(super) fn from_mark(mark: Option<&str>) -> Self {
        mark.and_then(|mark| serde_json::from_str(mark).ok()).unwrap_or_default()
    }

    /// As a cursor's mark.
    pub(super) fn to_mark(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    pub(super) fn holds(&self, file: &Fingerprint) -> bool {
        self.seen.contains(file)
    }

    pub(super) fn add(&mut self, file: Fingerprint) {
        self.seen.insert(file);
    }

    /// Forgets files that have left the folder.
    pub(super) fn keep_only<'a>(&mut self, present: impl Iterator<Item = &'a Fingerprint>) {
        let present: BTreeSet<&Fingerprint> = present.collect();
        self.seen.retain(|file| present.contains(file));
    }
}

impl Fingerprint {
    /// Of a file by its name in the folder and what the file system says of it. A file renamed over another of the same
    /// size and time is told apart by its change time, where there is one.
    pub(super) fn of(name: &str, about: &Metadata) -> Self {
        let modified =
            about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        let facts = format!("{name}\n{}\n{}\n{}", about.len(), modified.as_nanos(), changed(about));
        Self(Sha256::digest(facts.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(unix)]
fn changed(about: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!("{}.{}", about.ctime(), about.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> String {
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_goes_there_and_back() {
        let folder = tempfile::tempdir().unwrap();
        let about = folder.path().metadata().unwrap();
        let (a, b) = (Fingerprint::of("a.xml", &about), Fingerprint::of("b.xml", &about));
        assert_ne!(a, b);
        let mut seen = Seen::default();
        seen.add(a.clone());
        seen.add(b.clone());
        seen.keep_only([&b].into_iter());
        let back = Seen::from_mark(seen.to_mark().as_deref());
        assert_eq!(back, seen);
        assert!(back.holds(&b) && !back.holds(&a));
    }

    #[test]
    fn an_unreadable_mark_is_an_empty_one() {
        for mark in [None, Some(""), Some("{\"seen\":3}"), Some("next_page=7")] {
            assert_eq!(Seen::from_mark(mark), Seen::default());
        }
    }
}
