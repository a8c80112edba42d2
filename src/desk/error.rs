//! What can go wrong with the desk.

use crate::index::IndexError;
use crate::search::SearchError;
use crate::store::{SinkError, StoreError};
use crate::topics::TopicsError;

/// The desk could not be opened, written or read.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The store's error.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index's error.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The index could not follow the store.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// A question could not be answered.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The file of topics could not be written.
    #[error(transparent)]
    Topics(#[from] TopicsError),
}

impl DeskError {
    /// The error class of reports and logs: `locked`, `corrupt` or `storage`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Store(error) => error.class(),
            Self::Index(error) => error.class(),
            Self::Sink(error) => error.class(),
            Self::Search(error) => error.class(),
            Self::Topics(error) => error.class(),
        }
    }
}
