//! A folder of the index that is looked at and never written: a reader may have no right to write in it, or nobody has.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// Tantivy's own folder. Its lock, which keeps files from being taken away while they are opened, is a file that Tantivy wants to
/// write; where that may not be, it is locked as it stands.
#[derive(Debug, Clone)]
struct Looked {
    mapped: MmapDirectory,
    dir: PathBuf,
}

/// Opens the index in the folder `dir`, that is `mapped`, to read it.
pub(super) fn open(dir: &Path, mapped: MmapDirectory) -> tantivy::Result<tantivy::Index> {
    tantivy::Index::open(Looked { mapped, dir: dir.to_owned() })
}

/// Is there an index in `dir`?
pub(super) fn exists(dir: &Path) -> tantivy::Result<bool> {
    Ok(tantivy::Index::exists(&MmapDirectory::open(dir)?)?)
}

impl Looked {
    /// The lock of a file that is there already. Where there is none, nobody has written here since it was copied.
    fn lock_as_it_stands(&self, lock: &Lock) -> DirectoryLock {
        let file = File::open(self.dir.join(&lock.filepath)).ok();
        let held = file.filter(|file| file.lock_shared().is_ok());
        DirectoryLock::from(Box::new(held))
    }
}

impl Directory for Looked {
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.mapped.acquire_lock(lock) {
            Err(LockError::IoError(_)) => Ok(self.lock_as_it_stands(lock)),
            taken => taken,
        }
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mapped.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> std::io::Result<()> {
        self.mapped.atomic_write(path, data)
    }

    fn sync_directory(&self) -> std::io::Result<()> {
        self.mapped.sync_directory()
    }

    fn watch(&self, watch_callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(watch_callback)
    }
}
