//! A copy of a desk, made while it works, and a desk made from a copy.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::manifest::{Entry, LAYOUT, Manifest, NAME};
use crate::desk::{Desk, DeskError};
use crate::store::{self, DATABASE, Store, StoreError, WriterLock, rejected};
use crate::topics::{self, Book};

/// A copy could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// The desk's error.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// There is something in the way, or the copy is none.
    #[error("{doing}: {why}; hint: {hint}")]
    Refused {
        /// What was being done.
        doing: String,
        /// What stands in the way.
        why: String,
        /// What to do about it.
        hint: &'static str,
    },
}

impl From<StoreError> for UpkeepError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// What a backup holds, in numbers.
pub type Backup = Manifest;

/// Copies the desk in `data_dir` into the folder `to`, which must be empty or not there: store, topics and rejected deliveries, as
/// they are at one moment; also while another process writes. When this returns, it is on the disk. Index and threads
/// are not copied: they are made from the store.
///
/// # Errors
/// [`UpkeepError::Refused`] when `to` is not empty; else the desk's.
pub fn backup(data_dir: &Path, to: &Path, now: Timestamp) -> Result<Backup, UpkeepError> {
    let store = Store::open_read_only(data_dir)?;
    let doing = || format!("backing up to {}", to.display());
    if !is_empty(to).map_err(|error| disk("backing up to", to, error))? {
        return Err(refused(doing(), "it is not empty", "name a new folder"));
    }
    fs::create_dir_all(to).map_err(|error| disk("backing up to", to, error))?;
    let mut names = vec![DATABASE.to_owned()];
    // before the store: what topics have followed must be in it
    if let Some(book) = Book::open_read(data_dir).map_err(DeskError::Topics)? {
        book.copy_to(&to.join(topics::FILE)).map_err(DeskError::Topics)?;
        names.push(topics::FILE.to_owned());
    }
    store.copy_to(&to.join(DATABASE))?;
    names.extend(copy_rejected(data_dir, to).map_err(|error| disk("backing up to", to, error))?);
    let copy = Store::open_read_only(to)?;
    copy.check()?;
    let files = names.iter().map(|name| Entry::of(to, name)).collect::<io::Result<_>>();
    let manifest = Manifest {
        layout: LAYOUT,
        wiredesk: env!("CARGO_PKG_VERSION").into(),
        made: now,
        desk: copy.identity()?,
        last_seq: copy.last_seq()?.0,
        files: files.map_err(|error| disk("reading back", to, error))?,
    };
    manifest.write(to).map_err(|error| disk("writing the manifest into", to, error))?;
    Ok(manifest)
}

/// Makes the desk in `data_dir` from the backup in `from`, after checking every file of it; index and threads are made
/// anew. With `force`, what is in `data_dir` is replaced.
///
/// # Errors
/// [`UpkeepError::Refused`] when the backup is damaged or `data_dir` not empty; then nothing was changed. `locked` while
/// another process writes to the desk.
pub fn restore(data_dir: &Path, from: &Path, force: bool) -> Result<Backup, UpkeepError> {
    let manifest = checked(from)?;
    let doing = || format!("restoring into {}", data_dir.display());
    if !force && !is_empty(data_dir).map_err(|error| disk("restoring into", data_dir, error))? {
        return Err(refused(doing(), "it is not empty", "--force replaces what is there"));
    }
    fs::create_dir_all(data_dir).map_err(|error| disk("restoring into", data_dir, error))?;
    let lock = WriterLock::take(data_dir)?;
    let draft = data_dir.join("restoring");
    put(&manifest, from, data_dir, &draft).map_err(|error| disk("restoring into", data_dir, error))?;
    drop(lock);
    if manifest.files.iter().any(|file| file.name == topics::FILE) {
        Book::open(data_dir).map_err(DeskError::Topics)?;
    }
    Desk::reindex(data_dir)?;
    Ok(manifest)
}

/// The manifest of a backup whose files are all as they were written.
fn checked(from: &Path) -> Result<Manifest, UpkeepError> {
    const HINT: &str = "use another backup";
    let doing = || format!("reading the backup in {}", from.display());
    let manifest = Manifest::read(from)
        .map_err(|error| refused(doing(), &format!("{NAME}: {error}"), "only a finished backup has one"))?;
    if manifest.layout > LAYOUT {
        return Err(refused(doing(), "it was made by a newer wiredesk", "use the newer wiredesk"));
    }
    if !manifest.files.iter().any(|file| file.name == DATABASE) {
        return Err(refused(doing(), "it has no store", HINT));
    }
    match manifest.files.iter().find_map(|file| file.fault(from)) {
        Some(fault) => Err(refused(doing(), &fault, HINT)),
        None => Ok(manifest),
    }
}

/// Copies everything beside first; then takes the old away and puts the new in place, the store last.
fn put(manifest: &Manifest, from: &Path, data_dir: &Path, draft: &Path) -> io::Result<()> {
    remove(draft)?;
    for file in &manifest.files {
        copy(&from.join(&file.name), &draft.join(&file.name))?;
    }
    if let Some(fault) = manifest.files.iter().find_map(|file| file.fault(draft)) {
        return Err(io::Error::other(format!("the copy is not what was copied: {fault}")));
    }
    for name in store::OWNED {
        remove(&data_dir.join(name))?;
    }
    let mut names: Vec<&str> = manifest.files.iter().map(|file| top(&file.name)).collect();
    names.sort_by_key(|name| *name == DATABASE);
    names.dedup();
    for name in names {
        fs::rename(draft.join(name), data_dir.join(name))?;
    }
    remove(draft)?;
    File::open(data_dir)?.sync_all()
}

/// The folder in the data dir that a file of the backup is in, or the file itself.
fn top(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

fn copy_rejected(data_dir: &Path, to: &Path) -> io::Result<Vec<String>> {
    let folder = data_dir.join(rejected::FOLDER);
    let mut names = Vec::new();
    if !folder.is_dir() {
        return Ok(names);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{}/{}", rejected::FOLDER, entry.file_name().to_string_lossy());
        // the oldest are removed while others come
        match copy(&entry.path(), &to.join(&name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            copied => {
                copied?;
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// Durable when this returns, name and all.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder)?;
    fs::copy(from, to)?;
    File::open(to)?.sync_all()?;
    File::open(folder)?.sync_all()
}

/// True when nothing is there, a lost lock file aside.
fn is_empty(dir: &Path) -> io::Result<bool> {
    match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
        Ok(mut entries) => Ok(!entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != "lock"))),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn disk(doing: &str, path: &Path, error: io::Error) -> UpkeepError {
    StoreError::of_io(doing, path, error).into()
}

fn refused(doing: String, why: &str, hint: &'static str) -> UpkeepError {
    UpkeepError::Refused { doing, why: why.to_owned(), hint }
}
