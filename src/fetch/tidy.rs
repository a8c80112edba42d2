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

/// The folder beside a file that those are moved into which could not be read, each with its reason in `NAME.error`.
pub(super) const BAD: &str = "bad";

/// Puts a file that could not be read into `bad/`, with the reason beside it. It is never deleted.
pub(super) fn put_aside(path: &Path, why: &str) -> Option<(String, FetchError)> {
    let put = put_by(path, BAD).and_then(|kept| {
        let mut note = kept.into_os_string();
        note.push(".error");
        fs::write(note, format!("{why}\n"))
    });
    match put {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Some((path.display().to_string(), unreadable(path, &error)))
        }
        _ => None,
    }
}

/// Tidies one file away; a file that is gone already is well.
pub(super) fn tidy(path: &Path, after: After) -> Option<(String, FetchError)> {
    let tidied = match after {
        After::Keep => Ok(()),
        After::Delete => fs::remove_file(path),
        After::Move => put_by(path, DONE).map(|_| ()),
    };
    match tidied {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Some((path.display().to_string(), unreadable(path, &error)))
        }
        _ => None,
    }
}

/// Moves a file into a folder beside it; gives where it is then.
fn put_by(path: &Path, into: &str) -> io::Result<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(path.to_owned()) };
    let folder = folder.join(into);
    fs::create_dir_all(&folder)?;
    let kept = free_name(folder.join(name));
    fs::rename(path, &kept)?;
    Ok(kept)
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
    fn a_bad_file_is_kept_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        fs::write(&file, "torn").unwrap();
        assert!(put_aside(&file, "it is no feed").is_none());
        assert_eq!(fs::read_to_string(folder.path().join("bad/a.xml")).unwrap(), "torn");
        assert_eq!(fs::read_to_string(folder.path().join("bad/a.xml.error")).unwrap(), "it is no feed\n");
        assert!(put_aside(&file, "gone already").is_none());
    }

    #[test]
    fn a_file_that_is_gone_already_is_well() {
        let folder = tempfile::tempdir().unwrap();
        for after in [After::Keep, After::Move, After::Delete] {
            assert!(tidy(&folder.path().join("a.xml"), after).is_none(), "{after:?}");
        }
    }
}
