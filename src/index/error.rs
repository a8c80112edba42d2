//! What can go wrong with the index, and what to do about it.

use std::path::Path;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};

/// The index could not do its work. Nothing is lost: it can always be made again from the store.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("opening the index in {dir}: there is none; hint: run `wiredesk reindex`")]
    Missing {
        /// Where it was looked for.
        dir: String,
    },
    /// It was made by another version of wiredesk, or follows another store.
    #[error("opening the index in {dir}: {why}; hint: run `wiredesk reindex`")]
    Foreign {
        /// Where it is.
        dir: String,
        /// What differs.
        why: String,
    },
    /// Another process writes it.
    #[error(
        "{doing}: another process is writing the index; hint: stop the other wiredesk, or wait until it is done"
    )]
    Locked {
        /// What was being done.
        doing: String,
    },
    /// Its files cannot be read as an index.
    #[error("{doing}: {detail}; hint: run `wiredesk reindex`")]
    Corrupt {
        /// What was being done.
        doing: String,
        /// What was found.
        detail: String,
    },
    /// The disk refused.
    #[error("{doing}: {detail}; hint: the data dir must be writable and have room")]
    Storage {
        /// What was being done.
        doing: String,
        /// What the disk said.
        detail: String,
    },
}

impl IndexError {
    /// The error class of reports: `corrupt`, `locked`, `storage`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Missing { .. } | Self::Foreign { .. } | Self::Corrupt { .. } => "corrupt",
            Self::Locked { .. } => "locked",
            Self::Storage { .. } => "storage",
        }
    }

    /// An error of the file system.
    pub(super) fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::Storage { doing: format!("{doing} {}", path.display()), detail: error.to_string() }
    }

    /// Tantivy's error, met while `doing`.
    pub(super) fn tantivy(doing: &str, error: &TantivyError) -> Self {
        let (doing, detail) = (doing.to_owned(), error.to_string());
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked { doing },
            TantivyError::LockFailure(..)
            | TantivyError::IoError(_)
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { .. })
            | TantivyError::OpenReadError(OpenReadError::IoError { .. })
            | TantivyError::OpenWriteError(_) => Self::Storage { doing, detail },
            _ => Self::Corrupt { doing, detail },
        }
    }
}

/// Says what was being done when an error came.
pub(super) trait Doing<T> {
    /// Turns the error into ours.
    fn doing(self, doing: &str) -> Result<T, IndexError>;
}

impl<T> Doing<T> for Result<T, TantivyError> {
    fn doing(self, doing: &str) -> Result<T, IndexError> {
        self.map_err(|error| IndexError::tantivy(doing, &error))
    }
}
