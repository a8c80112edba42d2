//! What can go wrong with topics.

use rusqlite::ErrorCode;

use crate::search::SearchError;
use crate::store::StoreError;

/// Topics could not be kept or matched.
#[derive(Debug, thiserror::Error)]
pub enum TopicsError {
    /// The file of topics.
    #[error("{doing}: {error}; hint: {}", hint(error))]
    Book {
        /// What was being done.
        doing: &'static str,
        /// SQLite's word for it.
        error: rusqlite::Error,
    },
    /// The file is gone or empty, and there were topics.
    #[error(
        "opening {path}: it is gone or empty, and topics were kept in it; hint: restore a backup, or remove topics.kept beside it to begin without topics"
    )]
    Lost {
        /// Where it was.
        path: String,
    },
    /// The file has taken steps that this wiredesk does not know.
    #[error("opening {path}: written by a newer wiredesk; hint: use the newer wiredesk")]
    Newer {
        /// Where it is.
        path: String,
    },
    /// The store's error.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index's error.
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl TopicsError {
    /// The error class of reports and logs.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Book { .. } | Self::Newer { .. } => "storage",
            Self::Lost { .. } => "corrupt",
            Self::Store(error) => error.class(),
            Self::Search(error) => error.class(),
        }
    }
}

/// What helps against an error of SQLite.
fn hint(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "the data dir must be writable by this user"
        }
        Some(ErrorCode::DiskFull) => "make room on the disk that holds the data dir",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "wait until the other wiredesk is done",
        _ => "restore a backup, or move topics.db and topics.kept away to begin without topics",
    }
}
