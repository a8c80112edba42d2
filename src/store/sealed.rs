//! Reading a file of SQLite in a folder where nobody can write: a backup disk, a read-only mount, another user's desk, a
//! disk that is full.
//!
//! SQLite reads a database that is written to by others by way of two files beside it, `-wal` and `-shm`, and makes them where they
//! are not. Where it may not, and nothing waits in a log file, the database is read as a file that does not change; who does so
//! looks now and then whether that still holds ([`Seal::is_broken`]).

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// A database file as it was when it was opened as one that does not change.
#[derive(Debug)]
pub struct Seal {
    path: PathBuf,
    stamp: Stamp,
}

/// Which file, how long, and when it was written: seconds and nanoseconds.
type Stamp = (u64, u64, i64, i64);

impl Seal {
    fn of(path: &Path) -> Option<Self> {
        let is_settled = log_of(path).metadata().map_or(true, |log| log.len() == 0);
        is_settled.then(|| stamp(path)).flatten().map(|stamp| Self { path: path.to_owned(), stamp })
    }

    /// Somebody has written to it after all: what is read by the old connection means nothing any more.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        Self::of(&self.path).is_none_or(|now| now.stamp != self.stamp)
    }
}

/// Opens a database to read it; with its seal when that was only possible as a file that does not change.
///
/// # Errors
/// SQLite's.
pub fn open_to_read(path: &Path) -> rusqlite::Result<(Connection, Option<Seal>)> {
    const ACCESS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);
    // SQLite opens nothing before it is asked for something
    let tried = |conn: Connection| conn.pragma_query_value(None, "schema_version", |_| Ok(())).map(|()| conn);
    let refused = match Connection::open_with_flags(path, ACCESS).and_then(tried) {
        Ok(conn) => return Ok((conn, None)),
        Err(error) => error,
    };
    let Some(seal) = Seal::of(path).filter(|_| is_no_writing(&refused)) else { return Err(refused) };
    let conn = Connection::open_with_flags(address(path), ACCESS | OpenFlags::SQLITE_OPEN_URI)?;
    Ok((tried(conn)?, Some(seal)))
}

/// Nothing could be written beside the database: no right to, or no room (an I/O error is what SQLite makes of the latter).
#[must_use]
pub fn is_no_writing(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(CannotOpen | ReadOnly | DiskFull | SystemIoFailure))
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::metadata(path).ok()?;
    Some((found.ino(), found.len(), found.mtime(), found.mtime_nsec()))
}

/// SQLite's own way of saying that a file does not change (<https://www.sqlite.org/uri.html>).
fn address(path: &Path) -> String {
    let mut address = String::from("file:");
    for c in path.to_string_lossy().chars() {
        match c {
            '%' | '?' | '#' => address.push_str(&format!("%{:02x}", u32::from(c))),
            plain => address.push(plain),
        }
    }
    address + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_not_change_is_read_as_one_and_a_change_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("odd %41?#.db");
        let writer = Connection::open(&path).unwrap();
        writer
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)")
            .unwrap();
        assert!(Seal::of(&path).is_none(), "what waits in the log file would be missed");
        drop(writer);
        let seal = Seal::of(&path).unwrap();
        let sealed = Connection::open_with_flags(
            address(&path),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        );
        let count: i64 = sealed.unwrap().query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!((count, seal.is_broken()), (1, false));
        let writer = Connection::open(&path).unwrap();
        writer.execute_batch("INSERT INTO t VALUES (2)").unwrap();
        assert!(seal.is_broken(), "a writer is at work");
        drop(writer);
        assert!(seal.is_broken(), "a writer was at work");
        assert!(open_to_read(&path).unwrap().1.is_none(), "where one may write, the usual way is taken");
    }

    #[test]
    fn a_database_that_is_not_there_is_not_made() {
        let dir = tempfile::tempdir().unwrap();
        assert!(open_to_read(&dir.path().join("none.db")).is_err());
        assert!(fs::read_dir(dir.path()).unwrap().next().is_none());
    }
}
