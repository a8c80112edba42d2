//! One writer at a time: an advisory lock of the operating system, gone when its process is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::error::{Doing, StoreError};

const LOCK: &str = "lock";

/// Held as long as a process may write to a data dir. Reading never needs it.
///
/// The file holds the writer's process id, for people; it is the lock on it that counts, so one left behind by a
/// killed process stops nobody.
#[derive(Debug)]
pub struct WriterLock {
    file: File,
    /// The folder itself is locked too: a lock file that somebody deletes lets no second writer in.
    folder: Option<File>,
}

impl Drop for WriterLock {
    /// Said aloud: a child that is just being started holds our files open until it runs its own program.
    fn drop(&mut self) {
        for file in [Some(&self.file), self.folder.as_ref()].into_iter().flatten() {
            // what cannot be unlocked is unlocked when it is closed
            let _ = file.unlock();
        }
    }
}

impl WriterLock {
    /// Takes the lock of `dir`, which must exist.
    ///
    /// # Errors
    /// `locked` when another process holds it, naming the process; `storage` when the file cannot be made.
    pub fn take(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(LOCK);
        let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = opened.doing_to("opening", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&path, &mut file)),
            Err(TryLockError::Error(error)) => return Err(error).doing_to("locking", &path),
        }
        let folder = File::open(dir).ok();
        match folder.as_ref().map(File::try_lock) {
            Some(Err(TryLockError::WouldBlock)) => return Err(held(&path, &mut file)),
            // not every file system locks folders
            Some(Ok(()) | Err(TryLockError::Error(_))) | None => {}
        }
        sign(&mut file).doing_to("writing", &path)?;
        Ok(Self { file, folder })
    }
}

/// Who writes to the data dir `dir` at this moment: `process 4711`. Needs no right to write there.
#[must_use]
pub fn writer_of(dir: &Path) -> Option<String> {
    let mut file = File::open(dir.join(LOCK)).ok()?;
    let tried = [file.try_lock_shared(), File::open(dir).ok()?.try_lock_shared()];
    let is_held = tried.iter().any(|tried| matches!(tried, Err(TryLockError::WouldBlock)));
    is_held.then(|| named_in(&mut file))
}

/// The process that a lock file names.
fn named_in(file: &mut File) -> String {
    let mut holder = String::new();
    // one that cannot be read names nobody
    let _ = file.take(20).read_to_string(&mut holder);
    match holder.trim() {
        "" => "another process".to_owned(),
        pid => format!("process {pid}"),
    }
}

fn held(path: &Path, file: &mut File) -> StoreError {
    let holder = named_in(file);
    StoreError::locked(format!("locking {}", path.display()), format!("{holder} is writing to this data dir"))
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
