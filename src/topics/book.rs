//! The file of topics: what was asked for, what was told.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::alert::{Told, Why};
use super::error::TopicsError;
use super::said;
use crate::store::{CACHE, Seal, Seq, StoreError, is_newer, is_no_writing, migrate, open_to_read};

/// Its name in the data dir.
pub const FILE: &str = "topics.db";
/// Says that there are topics, so that their file is missed when it is gone.
const KEPT: &str = "topics.kept";
/// How long to wait for another process inside SQLite.
const PATIENCE: Duration = Duration::from_secs(5);
/// One step a row, never changed once released; the next one is added below.
const SCHEMA: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];
/// What a new version is compared with.
const TOLD: &str = "SELECT topic, story, seq, passage, urgency, label, gone FROM told";

/// One saved query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// What it looks for, as typed.
    pub query: String,
    /// The command that takes each alert, as JSON on its standard input.
    pub notify: Option<String>,
    /// Stories up to this place in the log were here before it was.
    pub from: Seq,
}

/// The file, open.
#[derive(Debug)]
pub struct Book {
    pub(super) conn: Connection,
    seal: Option<Seal>,
}

pub(super) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, TopicsError>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T, TopicsError> {
        self.map_err(|error| TopicsError::Book { doing, error })
    }
}

impl Book {
    /// Opens the topics of a data dir, and makes the file when there is none.
    ///
    /// # Errors
    /// `storage` when it cannot be opened or made.
    pub fn open(dir: &Path) -> Result<Self, TopicsError> {
        const OPENING: &str = "opening the file of topics";
        let path = dir.join(FILE);
        let is_there = path.metadata().is_ok_and(|file| file.len() > 0);
        if !is_there && dir.join(KEPT).exists() {
            return Err(TopicsError::Lost { path: path.display().to_string() });
        }
        let mut conn = Connection::open(&path).doing(OPENING)?;
        conn.busy_timeout(PATIENCE).doing(OPENING)?;
        if is_newer(&conn, SCHEMA).doing(OPENING)? {
            return Err(TopicsError::Newer { path: path.display().to_string() });
        }
        conn.pragma_update(None, "journal_mode", "WAL").doing(OPENING)?;
        conn.pragma_update(None, "synchronous", "FULL").doing(OPENING)?;
        conn.pragma_update(None, "cache_size", CACHE).doing(OPENING)?;
        // a statement of many rows keeps beside it what it would have to take back
        conn.pragma_update(None, "temp_store", "MEMORY").doing(OPENING)?;
        // what was taken back or purged leaves no trace in free pages
        conn.pragma_update(None, "secure_delete", "ON").doing(OPENING)?;
        migrate(&mut conn, SCHEMA).doing("making the tables of topics")?;
        if !dir.join(KEPT).exists() {
            let kept = std::fs::write(dir.join(KEPT), "topics are kept beside this file\n");
            kept.map_err(|error| StoreError::of_io("writing", &dir.join(KEPT), error))?;
        }
        Ok(Self { conn, seal: None })
    }

    /// Opens the topics of a data dir to read them, also where this user may not write; none when there never was one.
    ///
    /// # Errors
    /// `storage` when they cannot be read, `corrupt` when their file is gone.
    pub fn open_read(dir: &Path) -> Result<Option<Self>, TopicsError> {
        const OPENING: &str = "reading the file of topics";
        if !Self::is_kept_in(dir) {
            return Ok(None);
        }
        let is_refused = |error: &TopicsError| {
            let TopicsError::Book { error, .. } = error else { return false };
            is_no_writing(error)
        };
        match Self::open(dir) {
            Err(refused) if is_refused(&refused) => {
                let (conn, seal) = open_to_read(&dir.join(FILE)).doing(OPENING)?;
                conn.busy_timeout(PATIENCE).doing(OPENING)?;
                Ok(Some(Self { conn, seal }))
            }
            opened => opened.map(Some),
        }
    }

    /// It was opened as one that nobody writes to, and somebody has: it must be opened again.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.seal.as_ref().is_some_and(Seal::is_broken)
    }

    /// True when somebody has ever saved a topic in this data dir.
    #[must_use]
    pub fn is_kept_in(dir: &Path) -> bool {
        dir.join(FILE).exists() || dir.join(KEPT).exists()
    }

    /// Keeps a topic, in place of one of the same name.
    ///
    /// # Errors
    /// `storage`.
    pub fn keep(&self, topic: &Topic) -> Result<(), TopicsError> {
        let sql = "INSERT INTO topic (name, query, notify, from_seq) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (name) DO UPDATE SET query = excluded.query, notify = excluded.notify";
        let from = topic.from.0.cast_signed();
        self.conn
            .execute(sql, params![topic.name, topic.query, topic.notify, from])
            .doing("keeping a topic")?;
        if topic.notify.is_none() {
            // what its command has not taken would come late, if it is ever given one again
            let sql = "UPDATE alert SET done = 1 WHERE done = 0 AND topic = ?1";
            self.conn.execute(sql, [&topic.name]).doing("keeping a topic")?;
        }
        self.out_of_the_log()
    }

    /// Removes a topic and what it was told; false when there is none of that name.
    ///
    /// # Errors
    /// `storage`.
    pub fn remove(&self, name: &str) -> Result<bool, TopicsError> {
        let removed =
            self.conn.execute("DELETE FROM topic WHERE name = ?1", [name]).doing("removing a topic")?;
        for table in ["told", "waiting", "alert"] {
            let sql = format!("DELETE FROM {table} WHERE topic = ?1");
            self.conn.execute(&sql, [name]).doing("removing a topic")?;
        }
        self.out_of_the_log()?;
        Ok(removed > 0)
    }

    /// What a person typed is in the file itself when the command ends: a log file that is lost later takes none of it along.
    fn out_of_the_log(&self) -> Result<(), TopicsError> {
        let checkpoint = "PRAGMA wal_checkpoint(PASSIVE)";
        self.conn.query_row(checkpoint, [], |_| Ok(())).doing("keeping topics")
    }

    /// Forgets a story that was removed for good, with all that was said of it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget(&self, story: &str) -> Result<(), TopicsError> {
        const DOING: &str = "forgetting a story";
        self.conn.pragma_update(None, "secure_delete", "ON").doing(DOING)?;
        for table in ["told", "waiting", "alert"] {
            self.conn.execute(&format!("DELETE FROM {table} WHERE story = ?1"), [story]).doing(DOING)?;
        }
        self.conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").doing(DOING)
    }

    /// Every topic, by name.
    ///
    /// # Errors
    /// `storage`.
    pub fn topics(&self) -> Result<Vec<Topic>, TopicsError> {
        let read = |row: &Row<'_>| {
            let from: i64 = row.get(3)?;
            Ok(Topic {
                name: row.get(0)?,
                query: row.get(1)?,
                notify: row.get(2)?,
                from: Seq(from.cast_unsigned()),
            })
        };
        self.all("SELECT name, query, notify, from_seq FROM topic ORDER BY name", params![], read)
    }

    /// Changes whenever another process has written, or a topic of ours.
    pub(super) fn version(&self) -> Result<i64, TopicsError> {
        let sql = "SELECT data_version * 1000003 + (SELECT count(*) FROM topic) FROM pragma_data_version";
        self.conn.query_row(sql, [], |row| row.get(0)).doing("looking for new topics")
    }

    /// How far the store was followed: its log, its list of stories taken back.
    pub(super) fn place(&self) -> Result<(Seq, i64), TopicsError> {
        let of = |key: &str| {
            let sql = "SELECT value FROM place WHERE key = ?1";
            self.conn.query_row(sql, [key], |row| row.get::<_, i64>(0)).optional().doing("reading the place")
        };
        Ok((Seq(of("log")?.unwrap_or(0).cast_unsigned()), of("recall")?.unwrap_or(0)))
    }

    pub(super) fn leave_at(&self, seq: Seq, recall: i64) -> Result<(), TopicsError> {
        let sql = "INSERT INTO place (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        for (key, value) in [("log", seq.0.cast_signed()), ("recall", recall)] {
            self.conn.execute(sql, params![key, value]).doing("keeping the place")?;
        }
        Ok(())
    }

    /// From here on all questions look at the file as it is now, as long as what this gives is held; each by itself would ask for the file
    /// anew.
    pub(super) fn hold_still(&self) -> Result<Transaction<'_>, TopicsError> {
        self.conn.unchecked_transaction().doing("beginning to read topics")
    }

    /// What every topic was last told of a story.
    pub(super) fn told_of(&self, story: &str) -> Result<Vec<Told>, TopicsError> {
        self.all(&format!("{TOLD} WHERE story = ?1"), params![story], told)
    }

    /// Matches whose time has come: topic and story.
    pub(super) fn due(&self, now: Timestamp) -> Result<Vec<(String, String)>, TopicsError> {
        let sql = "SELECT topic, story FROM waiting WHERE at <= ?1";
        self.all(sql, params![now.as_second()], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Says all of it, and keeps the place, in one transaction.
    pub(super) fn say(
        &mut self,
        said: &[(Told, Why)],
        at: Timestamp,
        (seq, recall): (Seq, i64),
    ) -> Result<(), TopicsError> {
        const SAYING: &str = "keeping alerts";
        let tx = self.conn.transaction().doing(SAYING)?;
        let waits =
            tx.query_row("SELECT EXISTS (SELECT 1 FROM waiting)", [], |row| row.get(0)).doing(SAYING)?;
        said::say(&tx, said, at, waits).doing(SAYING)?;
        let place = "INSERT INTO place (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        for (key, value) in [("log", seq.0.cast_signed()), ("recall", recall)] {
            tx.execute(place, params![key, value]).doing(SAYING)?;
        }
        tx.commit().doing(SAYING)?;
        if said.iter().any(|(told, _)| told.gone) {
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            self.conn.query_row(checkpoint, [], |_| Ok(())).doing(SAYING)?;
        }
        Ok(())
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, TopicsError> {
        const READING: &str = "reading topics";
        let mut query = self.conn.prepare_cached(sql).doing(READING)?;
        let rows = query.query_map(params, read).doing(READING)?;
        rows.collect::<rusqlite::Result<_>>().doing(READING)
    }
}

pub(super) fn seq(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Seq>> {
    let place: Option<i64> = row.get(column)?;
    Ok(place.map(|place| Seq(place.cast_unsigned())))
}

fn told(row: &Row<'_>) -> rusqlite::Result<Told> {
    Ok(Told {
        topic: row.get(0)?,
        story: row.get(1)?,
        seq: seq(row, 2)?,
        quoted: row.get(3)?,
        urgency: row.get(4)?,
        label: row.get(5)?,
        gone: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_first_version_keeps_what_was_told_and_what_is_to_be_delivered() {
        const TOLD: &str = "
            INSERT INTO told VALUES ('rafah', 's1', 'Talks', 'Talks go on', 4, NULL, 0);
            INSERT INTO topic VALUES ('rafah', 'rafah', 'mail', 0), ('rain', 'rain', NULL, 0);
            INSERT INTO alert (topic, story, why, at, headline, passage) VALUES
                ('rafah', 's1', 'new', 0, 'Talks', 'Talks go on'), ('rain', 's2', 'new', 0, 'Rain', 'Rain');";
        let dir = tempfile::tempdir().unwrap();
        let mut conn = Connection::open(dir.path().join(FILE)).unwrap();
        migrate(&mut conn, &SCHEMA[..1]).unwrap();
        conn.execute_batch(TOLD).unwrap();
        let book = Book::open(dir.path()).unwrap();
        let told = book.told_of("s1").unwrap();
        assert_eq!((told.len(), &*told[0].topic, &*told[0].quoted), (1, "rafah", "Talks go on"));
        let undone = book.undone(0).unwrap();
        assert_eq!(
            undone.iter().map(|(kept, to)| (&*kept.alert.id, &**to)).collect::<Vec<_>>(),
            [("s1", "mail")]
        );
        let alert = book.alerts_after(0, 1).unwrap().remove(0);
        assert_eq!((&*alert.alert.passage, &*alert.query, alert.seq), ("Talks go on", "rafah", None));
        let kept: i64 =
            book.conn.query_row("SELECT count(*) FROM alert WHERE done = 0", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 1);
        Book::open(dir.path()).unwrap();
    }

    #[test]
    fn what_a_command_has_not_taken_is_not_for_the_next_one() {
        let dir = tempfile::tempdir().unwrap();
        let book = Book::open(dir.path()).unwrap();
        let keep = |notify: Option<&str>| {
            let topic = Topic {
                name: "t".into(),
                query: "rain".into(),
                notify: notify.map(Into::into),
                from: Seq(0),
            };
            book.keep(&topic).unwrap();
            book.undone(0).unwrap().len()
        };
        keep(Some("mail"));
        let told = Told { topic: "t".into(), story: "s".into(), seq: Some(Seq(1)), ..Told::default() };
        said::say(&book.conn, &[(told, Why::New)], Timestamp::UNIX_EPOCH, false).unwrap();
        assert_eq!(keep(Some("mail -s rain")), 1, "another command takes what waits");
        assert_eq!((keep(None), keep(Some("mail"))), (0, 0));
        assert_eq!(book.alerts_after(0, 9).unwrap().len(), 1, "it was said all the same");
    }

    #[test]
    fn a_file_of_a_newer_layout_is_refused_and_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        drop(Book::open(dir.path()).unwrap());
        let conn = Connection::open(dir.path().join(FILE)).unwrap();
        conn.pragma_update(None, "user_version", 5_i64).unwrap();
        conn.execute_batch("ALTER TABLE alert ADD COLUMN seen INTEGER").unwrap();
        for refused in [Book::open(dir.path()).map(drop), Book::open_read(dir.path()).map(drop)] {
            let refused = refused.unwrap_err();
            assert_eq!(refused.class(), "storage");
            let said = refused.to_string();
            assert!(said.contains("topics.db: written by a newer wiredesk; hint: use the newer"), "{said}");
        }
        let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!((version, SCHEMA.len()), (5, 4), "one newer than the newest that is known");
    }
}
