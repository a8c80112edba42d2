//! Is the file of topics whole? What it holds is nowhere else, so it is copied with a backup.

use std::fs::File;
use std::path::Path;

use super::book::{Book, Doing};
use super::error::TopicsError;
use crate::store::{Seq, StoreError};

const LOOKING: &str = "examining the file of topics";

impl Book {
    /// Damage of the file, and a place ahead of a log that ends at `last` and a list of recalls that ends at `recall`: topics
    /// would be told of nothing until the log has come that far again. One line each.
    ///
    /// # Errors
    /// [`TopicsError`] when it cannot even be looked at.
    pub fn damage(&self, last: Seq, recall: i64) -> Result<Vec<String>, TopicsError> {
        let mut query = self.conn.prepare("PRAGMA integrity_check(20)").doing(LOOKING)?;
        let said = query.query_map([], |row| row.get::<_, String>(0)).doing(LOOKING)?;
        let mut said = said.collect::<rusqlite::Result<Vec<_>>>().doing(LOOKING)?;
        said.retain(|line| line != "ok");
        let (seq, taken_back) = self.place()?;
        if seq > last || taken_back > recall {
            said.push(format!("topics have followed the store to {seq}, which ends at {last}"));
        }
        Ok(said)
    }

    /// Makes SQLite's own indexes anew from their tables, and takes back a place ahead of the store.
    ///
    /// # Errors
    /// [`TopicsError`] when the tables themselves are damaged.
    pub fn mend(&self, last: Seq, recall: i64) -> Result<(), TopicsError> {
        self.conn.execute_batch("REINDEX").doing("mending the file of topics")?;
        let (seq, taken_back) = self.place()?;
        self.leave_at(seq.min(last), taken_back.min(recall))
    }

    /// Writes the topics as they are at this moment into the new file `path`. When this returns, it is on the disk.
    ///
    /// # Errors
    /// [`TopicsError`] when the file exists or the disk refuses.
    pub fn copy_to(&self, path: &Path) -> Result<(), TopicsError> {
        const COPYING: &str = "copying the file of topics";
        self.conn.execute("VACUUM INTO ?1", [&*path.to_string_lossy()]).doing(COPYING)?;
        let synced = File::open(path).and_then(|file| file.sync_all());
        synced.map_err(|error| TopicsError::Store(StoreError::of_io(COPYING, path, error)))
    }
}
