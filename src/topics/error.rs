//! What can go wrong with topics.

use crate::search::SearchError;
use crate::store::StoreError;

/// Topics could not be kept or matched.
#[derive(Debug, thiserror::Error)]
pub enum TopicsError {
    /// The file of topics.
    #[error("{doing}: {error}; hint: move topics.db away to begin without topics")]
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
            Self::Book { .. } => "storage",
            Self::Lost { .. } => "corrupt",
            Self::Store(error) => error.class(),
            Self::Search(error) => error.class(),
        }
    }
}
