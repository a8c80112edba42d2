//! What lies in a drop folder: regular files only, nothing followed out of it.

use super::error::{Cause, FetchError, plain};
use super::seen::Fingerprint;
use glob::Pattern;
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Folders inside folders are read this deep.
const DEPTH: usize = 16;
/// How names end that are still being written (FTP clients, browsers, editors).
const HALF_NAMED: &[&str] = &[".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~"];

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub path: PathBuf,
    pub fingerprint: Fingerprint,
    pub len: u64,
    /// When it was last written or put here.
    pub touched: SystemTime,
    /// When it was last written; the order of delivery.
    pub modified: SystemTime,
}

/// What lies in a folder, oldest first.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub files: Vec<Found>,
    /// Entries that could not be looked at, by name.
    pub failures: Vec<(String, FetchError)>,
}

/// Which files count.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub patterns: Vec<Pattern>,
    pub recursive: bool,
    /// Folders never read: where done and bad files go.
    pub except: &'static [&'static str],
}

/// Lists `folder`.
///
/// An error when the folder itself cannot be read; an entry that cannot is a failure beside the files.
pub(super) fn list(folder: &Path, filter: &Filter) -> Result<Listing, FetchError> {
    let mut listing = Listing::default();
    let mut ahead = vec![(folder.to_owned(), 0)];
    while let Some((inner, depth)) = ahead.pop() {
        let entries = match fs::read_dir(&inner) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(unreadable(&inner, &error)),
            Err(error) => {
                listing.fail(&inner, &error);
                continue;
            }
        };
        for entry in entries {
            match entry.and_then(|entry| look(folder, &entry, filter)) {
                Ok(Entry::File(found)) => listing.files.push(found),
                Ok(Entry::Folder(path)) if depth < DEPTH => ahead.push((path, depth + 1)),
                Ok(Entry::Link(path)) => listing.failures.push(link(&path)),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {} // gone since it was listed
                Err(error) => listing.fail(&inner, &error),
            }
        }
    }
    listing.files.sort_by(|a, b| (a.modified, &a.path).cmp(&(b.modified, &b.path)));
    Ok(listing)
}

enum Entry {
    File(Found),
    Folder(PathBuf),
    Link(PathBuf),
    Other,
}

fn look(folder: &Path, entry: &DirEntry, filter: &Filter) -> io::Result<Entry> {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    let kind = entry.file_type()?;
    if is_half_named(&name) || filter.except.contains(&&*name) && kind.is_dir() {
        return Ok(Entry::Other);
    }
    let path = entry.path();
    match kind {
        _ if kind.is_dir() => Ok(if filter.recursive { Entry::Folder(path) } else { Entry::Other }),
        _ if !filter.fits(&name) => Ok(Entry::Other),
        _ if kind.is_symlink() => Ok(Entry::Link(path)),
        _ if kind.is_file() => Ok(Entry::File(found(folder, path, &entry.metadata()?))),
        _ => Ok(Entry::Other), // a pipe or a socket: reading it could wait for ever
    }
}

fn found(folder: &Path, path: PathBuf, about: &Metadata) -> Found {
    let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
    let modified = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let fingerprint = Fingerprint::of(&name, about);
    Found { fingerprint, len: about.len(), touched: touched(about).unwrap_or(modified), modified, path }
}

/// A file moved here keeps its old time of writing; its change time tells.
#[cfg(unix)]
fn touched(about: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_secs(about.ctime().try_into().ok()?))
        .and_then(|second| second.checked_add(Duration::from_nanos(about.ctime_nsec().try_into().ok()?)))
}

#[cfg(not(unix))]
fn touched(about: &Metadata) -> Option<SystemTime> {
    about.modified().ok()
}

impl Filter {
    fn fits(&self, name: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| pattern.matches(name))
    }
}

fn is_half_named(name: &str) -> bool {
    name.starts_with('.') || HALF_NAMED.iter().any(|end| name.to_ascii_lowercase().ends_with(end))
}

impl Listing {
    fn fail(&mut self, path: &Path, error: &io::Error) {
        self.failures.push((path.display().to_string(), unreadable(path, error)));
    }

    /// How long to wait until every file `news` says is new has been left alone for `settle`; `None` for not at all.
    pub(super) fn unsettled(
        &self,
        news: impl Fn(&Found) -> bool,
        settle: Duration,
        now: SystemTime,
    ) -> Option<Duration> {
        let left = |file: &Found| settle.checked_sub(now.duration_since(file.touched).unwrap_or_default());
        self.files.iter().filter(|file| news(file)).filter_map(left).max().filter(|wait| !wait.is_zero())
    }

    /// Leaves off what has changed since `before`, and what was not there: it is still being written.
    pub(super) fn unchanged_since(mut self, before: &Listing) -> Self {
        let known: std::collections::BTreeSet<_> =
            before.files.iter().map(|file| &file.fingerprint).collect();
        self.files.retain(|file| known.contains(&file.fingerprint));
        self
    }
}

/// A file or folder that could not be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> FetchError {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "; hint: create it, or correct path in the config",
        io::ErrorKind::PermissionDenied => "; hint: let the user wiredesk runs as read it",
        io::ErrorKind::AlreadyExists => {
            "; hint: something else stands there under the name of a folder that wiredesk needs"
        }
        io::ErrorKind::NotADirectory => "; hint: path must be a folder",
        _ => "",
    };
    let reason = plain(error);
    FetchError { place: path.display().to_string(), cause: Cause::Storage(format!("{reason}{hint}")) }
}

fn link(path: &Path) -> (String, FetchError) {
    let place = path.display().to_string();
    let cause =
        Cause::Storage("a symbolic link is not followed; hint: put the file itself into the folder".into());
    (place.clone(), FetchError { place, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listing: &Listing) -> Vec<String> {
        let name = |file: &Found| file.path.file_name().unwrap().to_string_lossy().into_owned();
        listing.files.iter().map(name).collect()
    }

    fn filter(patterns: &[&str], recursive: bool) -> Filter {
        let patterns = patterns.iter().map(|pattern| Pattern::new(pattern).unwrap()).collect();
        Filter { patterns, recursive, except: &["done"] }
    }

    #[test]
    fn only_whole_files_with_the_right_name_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["a.xml", "b.json", ".hidden.xml", "c.xml.part", "d.tmp", "e.xml~", "done/f.xml", "in/g.xml"]
        {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), name).unwrap();
        }
        let table = [
            (filter(&[], false), vec!["a.xml", "b.json"]),
            (filter(&["*.xml"], false), vec!["a.xml"]),
            (filter(&["*.xml"], true), vec!["a.xml", "g.xml"]),
        ];
        for (filter, expected) in table {
            let mut found = names(&list(folder.path(), &filter).unwrap());
            found.sort();
            assert_eq!(found, expected, "{filter:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_failures_and_pipes_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("a.xml")).unwrap();
        std::os::unix::net::UnixListener::bind(folder.path().join("b.xml")).unwrap();
        let listing = list(folder.path(), &filter(&[], true)).unwrap();
        assert!(listing.files.is_empty());
        assert_eq!(listing.failures.len(), 1);
        assert!(listing.failures[0].1.to_string().contains("a symbolic link is not followed"));
    }

    #[test]
    fn a_missing_folder_is_an_error_with_a_hint() {
        let refused = list(Path::new("no/such/folder"), &filter(&[], false)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "fetching no/such/folder: no such file or directory; hint: create it, or correct path in the config"
        );
    }

    #[test]
    fn the_youngest_new_file_says_how_long_to_wait() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.xml"), "a").unwrap();
        let listing = list(folder.path(), &filter(&[], false)).unwrap();
        let touched = listing.files[0].touched;
        let settle = Duration::from_secs(2);
        let after = |seconds| touched + Duration::from_secs(seconds);
        assert_eq!(listing.unsettled(|_| true, settle, after(1)), Some(Duration::from_secs(1)));
        assert_eq!(listing.unsettled(|_| true, settle, after(2)), None);
        assert_eq!(listing.unsettled(|_| true, settle, touched - Duration::from_secs(9)), Some(settle));
        assert_eq!(listing.unsettled(|_| false, settle, after(1)), None);
        assert_eq!(listing.unsettled(|_| true, Duration::ZERO, touched), None);
    }
}
