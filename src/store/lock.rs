//! One writer at a time: an advisory lock of the operating system, gone when its process is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use super::error::{Doing, StoreError};

const LOCK: &str = "lock";
/// How long a look at the lock may take, and how often it is waited for that.
const GLANCE: Duration = Duration::from_millis(5);
const GLANCES: usize = 20;

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
    /// Unlocks explicitly instead of by closing: a child process that is just being started holds our files open until its own program runs.
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
        match patiently(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&path, &mut file)),
            Err(TryLockError::Error(error)) => return Err(error).doing_to("locking", &path),
        }
        let folder = File::open(dir).ok();
        match folder.as_ref().map(patiently) {
            Some(Err(TryLockError::WouldBlock)) => return Err(held(&path, &mut file)),
            // not every file system locks folders
            Some(Ok(()) | Err(TryLockError::Error(_))) | None => {}
        }
        sign(&mut file).doing_to("writing", &path)?;
        Ok(Self { file, folder })
    }
}

/// Locks a file that somebody may just be [looking at](writer_of), which takes no time at all; a writer holds it for longer than this waits.
fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 0..GLANCES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(GLANCE),
            taken_or_refused => return taken_or_refused,
        }
    }
    file.try_lock()
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn whoever_looks_who_writes_keeps_no_writer_out_and_a_writer_does() {
        let dir = tempfile::tempdir().unwrap();
        drop(WriterLock::take(dir.path()).unwrap());
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !is_done.load(Ordering::Relaxed) {
                        let _ = writer_of(dir.path());
                        std::thread::yield_now();
                    }
                });
            }
            let taken: Vec<_> =
                (0..200).filter_map(|_| WriterLock::take(dir.path()).map(drop).err()).collect();
            is_done.store(true, Ordering::Relaxed);
            assert!(taken.is_empty(), "{taken:?}");
        });
        let _writer = WriterLock::take(dir.path()).unwrap();
        assert_eq!(writer_of(dir.path()), Some(format!("process {}", std::process::id())));
        let refused = WriterLock::take(dir.path()).unwrap_err();
        assert_eq!(refused.class(), "locked");
    }
}
