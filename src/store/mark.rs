//! How far the log had come: a small file beside the store.
//!
//! SQLite takes a log file (`-wal`) that is cut, damaged or gone for one that ends there, and opens the store as it was
//! before: acknowledged stories are missing, and nothing says so. So after every landing the length of the lists is noted
//! here, after the commit and without a wait for the disk. A store that is behind its mark has lost something; a mark that
//! is behind, gone or damaged itself means nothing.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rusqlite::Connection;

use super::error::{Doing, StoreError};

/// Its name in the data dir.
pub(super) const FILE: &str = "mark";
/// Its length in bytes: a number, its checksum, a line feed.
const LENGTH: usize = 20 + 1 + 8 + 1;

/// The mark, open for writing.
#[derive(Debug)]
pub(super) struct Mark(Option<File>);

impl Mark {
    /// Opens the mark in `dir`; one that cannot be opened is not kept.
    pub fn open(dir: &Path) -> Self {
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join(FILE));
        Self(opened.inspect_err(|error| tracing::debug!(%error, "the mark is not kept")).ok())
    }

    /// None, for a process that only reads.
    pub fn none() -> Self {
        Self(None)
    }

    /// Notes how far the lists of the store behind `conn` have come.
    pub fn note(&self, conn: &Connection) {
        let Some(file) = &self.0 else { return };
        let noted = length(conn)
            .map_err(|error| error.to_string())
            .and_then(|length| file.write_all_at(&line(length), 0).map_err(|error| error.to_string()));
        if let Err(error) = noted {
            tracing::debug!(%error, "the mark is not kept");
        }
    }
}

/// How far the log had come when the mark was last noted; to be read before the store is.
pub(super) fn noted(dir: &Path) -> u64 {
    let noted = std::fs::read(dir.join(FILE)).ok().and_then(|bytes| parse(&bytes));
    noted.unwrap_or(0)
}

/// Refuses a store that is shorter than `noted` says, or whose log is shorter than the store itself says.
pub(super) fn check(conn: &Connection, noted: u64, path: &Path) -> Result<(), StoreError> {
    let doing = || format!("opening {}", path.display());
    let there = length(conn).doing_to("opening", path)?;
    if there < noted {
        let detail = format!("its end is lost: {noted} entries were written, {there} are there");
        return Err(StoreError::lost(doing(), detail));
    }
    let sql = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'revision'), 0),
         coalesce((SELECT max(seq) FROM revision), 0)";
    let (counted, last): (i64, i64) =
        conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).doing_to("opening", path)?;
    if counted == last {
        return Ok(());
    }
    Err(StoreError::corrupt(
        doing(),
        format!("{counted} revisions were written, the last one there is {last}"),
    ))
}

/// Every list of the store that only grows, together.
fn length(conn: &Connection) -> rusqlite::Result<u64> {
    let mut query = conn.prepare_cached("SELECT coalesce(sum(seq), 0) FROM sqlite_sequence")?;
    query.query_row([], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)
}

fn line(length: u64) -> Vec<u8> {
    let number = format!("{length:020}");
    format!("{number} {:08x}\n", crc32fast::hash(number.as_bytes())).into_bytes()
}

fn parse(bytes: &[u8]) -> Option<u64> {
    let length = std::str::from_utf8(bytes.get(..20)?).ok()?.parse().ok()?;
    (bytes.len() == LENGTH && line(length) == bytes).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::super::testing::{Desk, landing, story};
    use super::*;
    use std::fs;

    #[test]
    fn a_store_that_has_lost_its_end_is_refused_until_that_is_accepted() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one")])).unwrap();
        let before = tempfile::tempdir().unwrap();
        desk.store.copy_to(&before.path().join("desk.db")).unwrap();
        desk.store.land(landing("ap", 2, vec![story("b", "1", "two")])).unwrap();
        let dir = desk.dir;
        drop(desk.store);
        fs::copy(before.path().join("desk.db"), dir.path().join("desk.db")).unwrap();
        for opened in [Store::open(dir.path()), Store::open_read_only(dir.path())] {
            let error = opened.map(drop).unwrap_err();
            assert_eq!(error.class(), "corrupt");
            assert!(error.to_string().contains("2 entries were written, 1 are there"), "{error}");
        }
        Store::accept_loss(dir.path()).unwrap();
        assert_eq!(Store::open(dir.path()).unwrap().last_seq().unwrap().0, 1);
        Store::open_read_only(dir.path()).unwrap();
    }

    #[test]
    fn a_mark_that_is_gone_behind_or_damaged_says_nothing() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one")])).unwrap();
        let mark = desk.dir.path().join(FILE);
        assert_eq!(parse(&fs::read(&mark).unwrap()), Some(1));
        let mut flipped = line(1);
        flipped[19] ^= 8;
        for bytes in [line(0), flipped, b"junk".to_vec(), Vec::new(), line(9)[..29].to_vec()] {
            fs::write(&mark, &bytes).unwrap();
            Store::open_read_only(desk.dir.path()).unwrap();
        }
        fs::remove_file(&mark).unwrap();
        Store::open_read_only(desk.dir.path()).unwrap();
    }
}
