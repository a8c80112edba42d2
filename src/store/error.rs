//! What can go wrong with the store, and what to do about it.

use std::path::Path;

use rusqlite::ErrorCode;

/// The store could not do its work. Nothing of the failed landing is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds what is needed.
    #[error("{doing}: {detail}; hint: {hint}")]
    Locked {
        /// What was being done.
        doing: String,
        /// What stood in the way.
        detail: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// The file is not, or no longer, a desk.
    #[error("{doing}: {detail}; hint: {hint}")]
    Corrupt {
        /// What was being done.
        doing: String,
        /// What was found.
        detail: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// The disk refused.
    #[error("{doing}: {detail}; hint: {hint}")]
    Storage {
        /// What was being done.
        doing: String,
        /// What the disk said.
        detail: String,
        /// What to do about it.
        hint: &'static str,
    },
}

const RESTORE: &str = "restore the data dir from a backup, or move it away to start an empty desk";
const LOST: &str = "restore a backup (`wiredesk restore DIR --force`), or go on with what is left: `wiredesk doctor --accept-loss`";
const OTHER_PROCESS: &str = "stop the other wiredesk, or wait until it is done";

/// What SQLite's answer means to an operator: kind and hint, one row a code.
const MEANINGS: &[(ErrorCode, Kind, &str)] = &[
    (ErrorCode::DatabaseBusy, Kind::Locked, OTHER_PROCESS),
    (ErrorCode::DatabaseLocked, Kind::Locked, OTHER_PROCESS),
    (ErrorCode::FileLockingProtocolFailed, Kind::Locked, OTHER_PROCESS),
    (ErrorCode::DatabaseCorrupt, Kind::Corrupt, RESTORE),
    (ErrorCode::NotADatabase, Kind::Corrupt, RESTORE),
    (ErrorCode::DiskFull, Kind::Storage, "make room on the disk that holds the data dir"),
    (ErrorCode::ReadOnly, Kind::Storage, WRITABLE),
    (ErrorCode::PermissionDenied, Kind::Storage, WRITABLE),
    (
        ErrorCode::CannotOpen,
        Kind::Storage,
        "check that this user may read the data dir; after a crash, one who may write in it must open it first",
    ),
    (ErrorCode::SystemIoFailure, Kind::Storage, DISK),
];
const WRITABLE: &str = "the data dir must be writable by this user";
const DISK: &str = "check the disk that holds the data dir: room, inodes, health";

#[derive(Debug, Clone, Copy)]
enum Kind {
    Locked,
    Corrupt,
    Storage,
}

impl StoreError {
    /// The error class of reports and logs: `locked`, `corrupt` or `storage`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "locked",
            Self::Corrupt { .. } => "corrupt",
            Self::Storage { .. } => "storage",
        }
    }

    /// What the disk said to work on the file or folder `path`.
    #[must_use]
    pub fn of_io(doing: &str, path: &Path, error: std::io::Error) -> Self {
        error.into_store_error(format!("{doing} {}", path.display()))
    }

    /// Something that ought to be a desk is not.
    pub(super) fn corrupt(doing: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::of(Kind::Corrupt, doing.into(), detail.into(), RESTORE)
    }

    /// What was acknowledged once is not there any more.
    pub(super) fn lost(doing: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::of(Kind::Corrupt, doing.into(), detail.into(), LOST)
    }

    pub(super) fn locked(doing: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::of(Kind::Locked, doing.into(), detail.into(), OTHER_PROCESS)
    }

    pub(super) fn storage(doing: impl Into<String>, detail: impl Into<String>, hint: &'static str) -> Self {
        Self::of(Kind::Storage, doing.into(), detail.into(), hint)
    }

    fn of(kind: Kind, doing: String, detail: String, hint: &'static str) -> Self {
        match kind {
            Kind::Locked => Self::Locked { doing, detail, hint },
            Kind::Corrupt => Self::Corrupt { doing, detail, hint },
            Kind::Storage => Self::Storage { doing, detail, hint },
        }
    }

    fn of_sqlite(doing: String, error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let row = MEANINGS.iter().find(|(known, ..)| Some(*known) == code);
        let unreadable = matches!(error, rusqlite::Error::FromSqlConversionFailure(..));
        let (kind, hint) = match row {
            Some((_, kind, hint)) => (*kind, *hint),
            None if unreadable => (Kind::Corrupt, RESTORE),
            None => (Kind::Storage, DISK),
        };
        Self::of(kind, doing, error.to_string(), hint)
    }
}

/// Says what was being done when a library's error came.
pub(super) trait Doing<T> {
    /// Names the work in the error.
    fn doing(self, what: &str) -> Result<T, StoreError>;
    /// Names the work and the file in the error.
    fn doing_to(self, what: &str, path: &Path) -> Result<T, StoreError>;
}

impl<T, E: IntoStoreError> Doing<T> for Result<T, E> {
    fn doing(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|error| error.into_store_error(what.to_owned()))
    }

    fn doing_to(self, what: &str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| error.into_store_error(format!("{what} {}", path.display())))
    }
}

/// A library's error that has a place in [`StoreError`].
pub(super) trait IntoStoreError {
    fn into_store_error(self, doing: String) -> StoreError;
}

impl IntoStoreError for rusqlite::Error {
    fn into_store_error(self, doing: String) -> StoreError {
        StoreError::of_sqlite(doing, &self)
    }
}

impl IntoStoreError for std::io::Error {
    fn into_store_error(self, doing: String) -> StoreError {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        let hint = if matches!(self.kind(), PermissionDenied | ReadOnlyFilesystem) { WRITABLE } else { DISK };
        StoreError::storage(doing, self.to_string(), hint)
    }
}

impl IntoStoreError for serde_json::Error {
    fn into_store_error(self, doing: String) -> StoreError {
        StoreError::corrupt(doing, self.to_string())
    }
}
