//! Readers of the desk, lent to one request at a time: SQLite and the index are asked on threads that may wait.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::desk::{Desk, DeskError, Reader};
use crate::store::Store;

/// Questions that are answered side by side; more wait.
const AT_ONCE: usize = 8;

/// Readers that are kept open between two questions.
pub struct Readers {
    data_dir: PathBuf,
    idle: Mutex<Vec<Reader>>,
    places: Semaphore,
}

impl Readers {
    /// Readers of the desk in `data_dir`, which need not be there yet.
    pub fn of(data_dir: &Path) -> Self {
        Self { data_dir: data_dir.to_owned(), idle: Mutex::default(), places: Semaphore::new(AT_ONCE) }
    }

    /// Asks the desk.
    ///
    /// # Errors
    /// The desk's: `storage` when there is none yet, `corrupt`, `locked`.
    pub async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl Fn(&mut Reader) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        // the semaphore is never closed
        let _place = self.places.acquire().await;
        let readers = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || readers.answer(&question)).await;
        asked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }

    /// A reader whose files were exchanged under it (`reindex`, `restore`) is dropped, and a new one asked.
    fn answer<T>(&self, question: &dyn Fn(&mut Reader) -> Result<T, DeskError>) -> Result<T, DeskError> {
        let idle = self.lock().pop();
        if let Some(mut reader) = idle
            && !reader.store().is_outdated()
            && let Ok(answer) = question(&mut reader)
        {
            self.lock().push(reader);
            return Ok(answer);
        }
        let mut reader = Desk::read_only(&self.data_dir)?;
        let answer = question(&mut reader)?;
        self.lock().push(reader);
        Ok(answer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes in the recall ledger.
    ///
    /// # Errors
    /// The store's; then nothing was written.
    pub async fn note<T: Send + 'static>(
        self: &Arc<Self>,
        entry: impl FnOnce(&mut Store) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let data_dir = self.data_dir.clone();
        let noted = tokio::task::spawn_blocking(move || entry(&mut Store::open_beside(&data_dir)?)).await;
        noted.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }
}
