//! What is known of each story, in a file of its own beside the store: `threads.db`. It can be made again from the store.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::join::{Member, Part};
use crate::item::sketch::Sketch;
use crate::store::{CACHE, WAITING, open_to_read};

/// Its layout; a file of another is made anew.
const LAYOUT: i32 = 2;

const TABLES: &str = "
    -- the place in the store's log, and the desk that is followed
    CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, desk TEXT NOT NULL) STRICT;
    -- a story: the thread it is in, none for one that began its own (most are alone), the story it was joined to and why
    CREATE TABLE member (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        thread TEXT,
        joined TEXT,
        reason TEXT,
        at INTEGER NOT NULL,
        came INTEGER NOT NULL,
        numbers INTEGER NOT NULL,
        part INTEGER NOT NULL,
        slug TEXT,
        headline TEXT,
        sketch BLOB NOT NULL
    ) STRICT;
    CREATE INDEX member_thread ON member (thread) WHERE thread IS NOT NULL;
    -- by what a story is known: hashes of address, identifier and slug
    CREATE TABLE name (key INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (key, row)) STRICT, WITHOUT ROWID;
    CREATE INDEX name_of ON name (row);
";

/// What takes a story out of the tables.
const FORGETTING: &[&str] = &[
    "DELETE FROM name WHERE row = (SELECT row FROM member WHERE id = ?1)",
    "DELETE FROM member WHERE id = ?1",
];

/// The stories of a thread.
const OF_THREAD: &str = "(thread = ?1 OR (id = ?1 AND thread IS NULL))";

const MEMBER: &str =
    "SELECT row, id, coalesce(thread, id), at, numbers, part, slug, headline, sketch, came FROM member";

/// Why a story is in its thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Join {
    /// The story.
    pub id: String,
    /// The story it was joined to; none when it began the thread.
    pub to: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

pub(super) struct File {
    conn: Connection,
}

type Sql<T> = rusqlite::Result<T>;

impl File {
    /// Opens the file at `path` to follow the store of `desk`; makes it, also in place of one that is of no use.
    pub fn open(path: &Path, desk: &str) -> Sql<Self> {
        if let Ok(Some(file)) = Self::existing(path, desk) {
            return Ok(file);
        }
        for ending in ["", "-wal", "-shm"] {
            // what cannot be removed cannot be written either, which is said below
            let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
        }
        let conn = connect(path)?;
        conn.execute_batch(TABLES)?;
        conn.execute("INSERT INTO place (one, seq, desk) VALUES (1, 0, ?1)", [desk])?;
        conn.pragma_update(None, "user_version", LAYOUT)?;
        Ok(Self { conn })
    }

    fn existing(path: &Path, desk: &str) -> Sql<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let file = Self { conn: connect(path)? };
        let layout: i32 = file.conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let of: Option<String> =
            file.conn.query_row("SELECT desk FROM place", [], |row| row.get(0)).optional()?;
        if layout != LAYOUT || of.as_deref() != Some(desk) {
            return Ok(None);
        }
        Ok(Some(file))
    }

    /// Opens the file to read it, when there is one.
    pub fn open_read(path: &Path) -> Sql<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let (conn, _) = open_to_read(path)?;
        conn.busy_timeout(std::time::Duration::from_secs(5))?;
        let layout: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok((layout == LAYOUT).then_some(Self { conn }))
    }

    pub fn position(&self) -> Sql<u64> {
        self.conn.query_row("SELECT seq FROM place", [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)
    }

    pub fn begin(&self) -> Sql<()> {
        if self.conn.is_autocommit() { self.conn.execute_batch("BEGIN IMMEDIATE") } else { Ok(()) }
    }

    pub fn commit(&self, seq: u64) -> Sql<()> {
        self.begin()?;
        self.conn.execute("UPDATE place SET seq = ?1", [seq.cast_signed()])?;
        self.conn.execute_batch("COMMIT")
    }

    pub fn roll_back(&self) {
        if !self.conn.is_autocommit() {
            // a transaction that cannot be rolled back is gone already
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }

    pub fn by_id(&self, id: &str) -> Sql<Option<Member>> {
        self.one(&format!("{MEMBER} WHERE id = ?1"), params![id])
    }

    pub fn by_row(&self, row: i64) -> Sql<Option<Member>> {
        self.one(&format!("{MEMBER} WHERE row = ?1"), params![row])
    }

    fn one(&self, sql: &str, params: impl rusqlite::Params) -> Sql<Option<Member>> {
        self.conn.prepare_cached(sql)?.query_row(params, member).optional()
    }

    /// Stories that go by one of these names, latest first.
    pub fn by_key(&self, key: i64, most: usize) -> Sql<Vec<Member>> {
        // in two steps: most names are new
        let sql = format!("SELECT row FROM name WHERE key = ?1 ORDER BY row DESC LIMIT {most}");
        let mut names = self.conn.prepare_cached(&sql)?;
        let rows = names.query_map([key], |row| row.get::<_, i64>(0))?;
        let mut query = self.conn.prepare_cached(&format!("{MEMBER} WHERE row = ?1"))?;
        let mut found = Vec::new();
        for row in rows {
            found.extend(query.query_row([row?], member).optional()?);
        }
        Ok(found)
    }

    /// Stories that came at this time or later, in that order; `most` of them, the latest.
    pub fn since(&self, came: i64, most: usize, mut each: impl FnMut(&Member)) -> Sql<()> {
        let latest = "row > (SELECT coalesce(max(row), 0) FROM member) - ?2";
        let mut query = self.conn.prepare(&format!("{MEMBER} WHERE came >= ?1 AND {latest} ORDER BY row"))?;
        let mut rows = query.query(params![came, i64::try_from(most).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            each(&member(row)?);
        }
        Ok(())
    }

    /// When the last story came.
    pub fn latest(&self) -> Sql<i64> {
        let sql = "SELECT coalesce(max(came), 0) FROM (SELECT came FROM member ORDER BY row DESC LIMIT 1000)";
        self.conn.query_row(sql, [], |row| row.get(0))
    }

    pub fn insert(&self, member: &Member, join: &Join) -> Sql<i64> {
        let sql =
            "INSERT INTO member (id, thread, joined, reason, at, numbers, part, slug, headline, sketch, came)
             VALUES (?1, nullif(?2, ?1), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let Member { id, thread, at, came, numbers, part, slug, headline, sketch, .. } = member;
        self.conn.prepare_cached(sql)?.insert(params![
            id,
            thread,
            join.to,
            join.reason,
            at,
            numbers.cast_signed(),
            *part as i64,
            slug,
            headline,
            sketch.to_bytes(),
            came
        ])
    }

    /// A new revision of a story that is in its thread already.
    pub fn update(&self, member: &Member) -> Sql<()> {
        let sql = "UPDATE member SET at = ?2, numbers = ?3, part = ?4, slug = ?5, headline = ?6, sketch = ?7 WHERE id = ?1";
        let Member { id, at, numbers, part, slug, headline, sketch, .. } = member;
        let sketch = sketch.to_bytes();
        self.conn
            .prepare_cached(sql)?
            .execute(params![id, at, numbers.cast_signed(), *part as i64, slug, headline, sketch])
            .map(drop)
    }

    pub fn name(&self, names: &[(&'static str, i64)], row: i64) -> Sql<()> {
        let mut insert = self.conn.prepare_cached("INSERT OR IGNORE INTO name (key, row) VALUES (?1, ?2)")?;
        names.iter().try_for_each(|(_, key)| insert.execute([*key, row]).map(drop))
    }

    /// The thread of a story, as it was joined.
    pub fn thread_of(&self, id: &str) -> Sql<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT coalesce(thread, id) FROM member WHERE id = ?1")?;
        query.query_row([id], |row| row.get(0)).optional()
    }

    /// The stories of a thread, in the order in which they came, each with why.
    pub fn joins(&self, thread: &str) -> Sql<Vec<Join>> {
        let sql = format!("SELECT id, joined, reason FROM member WHERE {OF_THREAD} ORDER BY row");
        let mut query = self.conn.prepare_cached(&sql)?;
        let join = |row: &Row<'_>| Ok(Join { id: row.get(0)?, to: row.get(1)?, reason: row.get(2)? });
        query.query_map([thread], join)?.collect()
    }

    pub fn count(&self, thread: &str) -> Sql<usize> {
        let sql = format!("SELECT count(*) FROM member WHERE {OF_THREAD}");
        let mut query = self.conn.prepare_cached(&sql)?;
        query.query_row([thread], |row| row.get::<_, i64>(0)).map(|count| usize::try_from(count).unwrap_or(0))
    }

    /// What `PRAGMA integrity_check` finds, one line each.
    pub fn damage(&self) -> Sql<Vec<String>> {
        let mut query = self.conn.prepare("PRAGMA integrity_check(20)")?;
        let said = query.query_map([], |row| row.get::<_, String>(0))?;
        said.filter(|line| line.as_ref().map_or(true, |line| line != "ok")).collect()
    }

    /// The ids of all stories.
    pub fn stories(&self) -> Sql<std::collections::BTreeSet<String>> {
        let mut query = self.conn.prepare("SELECT id FROM member")?;
        query.query_map([], |row| row.get(0))?.collect()
    }

    /// Forgets a story for good. Gives its row when others of its thread are left.
    pub fn forget(&self, id: &str) -> Sql<Option<i64>> {
        let row = "SELECT row, coalesce(thread, id) FROM member WHERE id = ?1";
        let known =
            self.conn.prepare_cached(row)?.query_row([id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
        let known = known.optional()?;
        for sql in FORGETTING {
            self.conn.prepare_cached(sql)?.execute([id])?;
        }
        match known {
            Some((row, thread)) if self.count(&thread)? > 0 => Ok(Some(row)),
            _ => Ok(None),
        }
    }

    /// Puts all stories of the thread `from` into the thread `into`: what a later story showed to be one.
    pub fn unite(&self, from: &str, into: &str) -> Sql<()> {
        let sql = format!("UPDATE member SET thread = nullif(?2, id) WHERE {OF_THREAD}");
        self.conn.prepare_cached(&sql)?.execute([from, into]).map(drop)
    }
}

fn connect(path: &Path) -> Sql<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(64);
    // one plan for all values: SQLite would plan a query anew for each
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // made again when lost: no wait for the disk
    for (pragma, value) in [
        ("journal_mode", "WAL"),
        ("synchronous", "NORMAL"),
        ("secure_delete", "ON"),
        ("cache_size", CACHE),
        ("wal_autocheckpoint", WAITING),
    ] {
        conn.pragma_update(None, pragma, value)?;
    }
    Ok(conn)
}

/// Reads the columns of [`MEMBER`].
fn member(row: &Row<'_>) -> Sql<Member> {
    let part = match row.get::<_, i64>(5)? {
        1 => Part::Alert,
        2 => Part::Marked,
        _ => Part::Story,
    };
    Ok(Member {
        row: row.get(0)?,
        id: row.get(1)?,
        thread: row.get(2)?,
        at: row.get(3)?,
        numbers: row.get::<_, i64>(4)?.cast_unsigned(),
        part,
        slug: row.get(6)?,
        headline: row.get(7)?,
        sketch: Sketch::from_bytes(row.get_ref(8)?.as_blob()?),
        came: row.get(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::plan;

    #[test]
    fn no_table_is_read_through_for_a_thread_or_to_take_a_story_out_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::open(&dir.path().join("threads.db"), "desk").unwrap();
        let of_thread = format!("SELECT count(*) FROM member WHERE {OF_THREAD}");
        for sql in FORGETTING.iter().chain([&of_thread.as_str()]) {
            let steps = plan(&file.conn, sql, ["a"]);
            assert!(!steps.is_empty() && !steps.iter().any(|step| step.contains("SCAN")), "{sql}: {steps:?}");
        }
    }
}
