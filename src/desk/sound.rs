//! Keeping what follows the store sound: what is missing, damaged, of another desk or ahead of its store is made anew.

use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::error::DeskError;
use crate::index::{self, Index, IndexError};
use crate::store::{Sink, Store, StoreError, catch_up};
use crate::threads::{self, Reading, Threads};

/// The index's folder in the data dir, the index while it is made anew, and the one that it then takes the place of.
pub const INDEX: &str = "index";
const DRAFT: &str = "index.new";
const FORMER: &str = "index.old";

/// Revisions between two commits of the index: few enough that a cut costs little, many enough that commits cost little.
pub(super) const BATCH: usize = 20_000;

/// The index in `data_dir`, unless it has to be made anew.
pub(super) fn sound_index(store: &Store, data_dir: &Path) -> Result<Option<Index>, DeskError> {
    let settings = settings(store)?;
    let path = data_dir.join(INDEX);
    let Some(index) = guarded(|| Index::open(&path, settings)).filter(|index| is_whole(index, &path)) else {
        return Ok(None);
    };
    let (position, last) = (index.position()?, store.last_seq()?);
    if position > last {
        tracing::warn!(%position, %last, "the index is ahead of its store, which was restored or has lost its end");
        return Ok(None);
    }
    Ok(Some(index))
}

/// Does the file of threads say so when it is looked through?
pub(super) fn are_damaged(data_dir: &Path) -> bool {
    let looked = Reading::open(data_dir, threads::Choices::new()).and_then(|threads| threads.damage());
    looked.map_or_else(|error| error.class() == "corrupt", |damage| !damage.is_empty())
}

pub(super) fn threads_anew(store: &Store, data_dir: &Path) -> Result<(), DeskError> {
    threads::remove(data_dir)?;
    let mut threads = Threads::open(data_dir, &store.identity()?)?;
    catch_up(store, &mut threads, BATCH)?;
    Ok(())
}

/// The threads in `data_dir`, made anew when they follow another store or are ahead of this one.
pub(super) fn sound_threads(store: &Store, data_dir: &Path) -> Result<Threads, DeskError> {
    let threads = Threads::open(data_dir, &store.identity()?)?;
    if threads.position()? <= store.last_seq()? {
        return Ok(threads);
    }
    tracing::warn!("the threads are ahead of their store, which was restored or has lost its end");
    drop(threads);
    threads::remove(data_dir)?;
    Ok(Threads::open(data_dir, &store.identity()?)?)
}

pub(super) fn settings(store: &Store) -> Result<index::Settings, StoreError> {
    Ok(index::Settings { desk: store.identity()?, ..index::Settings::default() })
}

/// Opens an index that may be damaged in any way; damaged files make Tantivy panic now and then.
pub(super) fn guarded(open: impl FnOnce() -> Result<Index, IndexError>) -> Option<Index> {
    match catch_unwind(AssertUnwindSafe(open)) {
        Ok(Ok(index)) => Some(index),
        Ok(Err(error)) => {
            tracing::debug!(%error, "the index is of no use");
            None
        }
        Err(_) => None,
    }
}

/// A flipped bit can make a search quietly wrong, so every byte was looked at before the first answer.
pub(super) fn is_whole(index: &Index, dir: &Path) -> bool {
    let damaged = catch_unwind(AssertUnwindSafe(|| index.damaged_files(dir)));
    match damaged {
        Ok(Ok(files)) if files.is_empty() => true,
        Ok(Ok(files)) => {
            tracing::warn!(?files, "files of the index are damaged");
            false
        }
        Ok(Err(_)) | Err(_) => false,
    }
}

/// Made beside the one there is and put in its place when it is done.
pub(super) fn build_index(store: &Store, data_dir: &Path) -> Result<Index, DeskError> {
    tracing::info!("making the index anew from the store");
    let draft = data_dir.join(DRAFT);
    let mut index = Index::anew(&draft, settings(store)?)?;
    catch_up(store, &mut index, BATCH)?;
    index.settle()?;
    drop(index);
    put_in_place(data_dir)?;
    Ok(Index::open(&data_dir.join(INDEX), settings(store)?)?)
}

pub(super) fn put_in_place(data_dir: &Path) -> Result<(), DeskError> {
    let [index, draft, former] = [INDEX, DRAFT, FORMER].map(|name| data_dir.join(name));
    if index.exists() {
        fs::rename(&index, &former).map_err(|error| failed("renaming", &index, &error))?;
    }
    fs::rename(&draft, &index).map_err(|error| failed("renaming", &draft, &error))?;
    let synced = fs::File::open(data_dir).and_then(|dir| dir.sync_all());
    synced.map_err(|error| failed("syncing", data_dir, &error))?;
    remove(&former)
}

/// What a cut in [`build_index`] leaves is of no more use.
pub(super) fn tidy(data_dir: &Path) -> Result<(), DeskError> {
    [DRAFT, FORMER].iter().try_for_each(|name| remove(&data_dir.join(name)))
}

pub(super) fn remove(dir: &Path) -> Result<(), DeskError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("removing", dir, &error)),
        _ => Ok(()),
    }
}

pub(super) fn failed(doing: &str, path: &Path, error: &std::io::Error) -> DeskError {
    DeskError::Index(IndexError::Storage {
        doing: format!("{doing} {}", path.display()),
        detail: error.to_string(),
    })
}
