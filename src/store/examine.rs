//! Is the store whole? Its file, its log, the raw deliveries and the feeds' states, held against each other.

use std::fs::File;
use std::path::Path;

use rusqlite::{OptionalExtension, params};

use super::chain::{self, Damage};
use super::db::{Store, sync_dir};
use super::error::{Doing, StoreError};
use super::types::FeedState;

/// At most this many findings of one kind are named; the rest are counted.
const NAMED: usize = 20;

const LOOKING: &str = "examining the store";

/// What the log must hold, as a query that names each place where it does not.
const LOG: &[(&str, &str)] = &[
    (
        "the current revision of a story is not in the log",
        "SELECT s.id FROM story s LEFT JOIN revision r ON r.seq = s.current_seq AND r.id = s.id WHERE r.seq IS NULL",
    ),
    (
        "a revision in the log has no story",
        "SELECT r.seq || ' (' || r.id || ')' FROM revision r LEFT JOIN story s ON s.id = r.id WHERE s.id IS NULL",
    ),
    (
        "the delivery of a revision is gone",
        "SELECT r.seq || ' (' || r.id || ')' FROM revision r LEFT JOIN delivery d ON d.id = r.delivery WHERE d.id IS NULL",
    ),
    (
        "the bytes of a delivery are gone",
        "SELECT d.id FROM delivery d LEFT JOIN raw w ON w.id = d.raw WHERE w.id IS NULL",
    ),
    (
        "a removed story still has its text",
        "SELECT t.id FROM tombstone t JOIN revision r ON r.id = t.id WHERE r.content_hash != 'purged'",
    ),
];

impl Store {
    /// Damage of the file itself: pages, tables against their indexes, references. Reads all of it. One line each.
    ///
    /// # Errors
    /// `storage` or `corrupt` when it cannot even be looked at.
    pub fn damage(&self) -> Result<Vec<String>, StoreError> {
        let sql = format!("PRAGMA integrity_check({NAMED})");
        let mut query = self.conn.prepare(&sql).doing(LOOKING)?;
        let said = query.query_map([], |row| row.get::<_, String>(0)).doing(LOOKING)?;
        let mut said = said.collect::<rusqlite::Result<Vec<_>>>().doing(LOOKING)?;
        said.retain(|line| line != "ok");
        Ok(said)
    }

    /// What in the log does not go together, and revisions that cannot be read. One line each.
    ///
    /// # Errors
    /// `storage` or `corrupt` when it cannot even be looked at.
    pub fn broken_log(&self) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        for (what, sql) in LOG {
            let mut query = self.conn.prepare(sql).doing(LOOKING)?;
            let names = query.query_map([], |row| row.get_ref(0).map(shown)).doing(LOOKING)?;
            let mut seen = Named::new(what);
            for name in names {
                seen.note(&name.doing(LOOKING)?);
            }
            found.extend(seen.lines());
        }
        let mut unreadable = Named::new("a revision cannot be read");
        let sql = "SELECT seq, delivery, json, 0, NULL, sum, id FROM revision ORDER BY seq";
        let mut query = self.conn.prepare(sql).doing(LOOKING)?;
        let mut rows = query.query([]).doing(LOOKING)?;
        while let Some(row) = rows.next().doing(LOOKING)? {
            if let Err(error) = super::read::revision(row) {
                unreadable.note(&error.to_string());
            }
        }
        found.extend(unreadable.lines());
        Ok(found)
    }

    /// Raw deliveries whose bytes are not those that were received, each with those that lean on it. One line each.
    ///
    /// # Errors
    /// `storage` or `corrupt` when they cannot even be looked at.
    pub fn broken_deliveries(&self) -> Result<Vec<String>, StoreError> {
        let mut broken = Named::new("the bytes of a delivery are not those received");
        for damage in chain::damages(&self.conn)? {
            broken.note(&self.named(&damage).doing(LOOKING)?);
        }
        Ok(broken.lines())
    }

    /// A damaged delivery by its number and feed, and how many cannot be read for want of it.
    fn named(&self, damage: &Damage) -> rusqlite::Result<String> {
        let sql = "SELECT feed FROM delivery WHERE raw = ?1 LIMIT 1";
        let feed: Option<String> = self.conn.query_row(sql, [damage.raw], |row| row.get(0)).optional()?;
        let feed = feed.unwrap_or_else(|| "unknown".into());
        let name = format!("{}, of feed {feed}", damage.raw);
        let leaning: Vec<String> = damage.leaning.iter().map(ToString::to_string).collect();
        if leaning.is_empty() {
            return Ok(name);
        }
        Ok(format!("{name}; {} that lean on it cannot be read: {}", leaning.len(), leaning.join(" ")))
    }

    /// Ids of feeds whose state cannot be read: they cannot be polled.
    ///
    /// # Errors
    /// `storage` or `corrupt` when the states cannot even be looked at.
    pub fn broken_feeds(&self) -> Result<Vec<String>, StoreError> {
        let mut query = self.conn.prepare("SELECT id, state FROM feed ORDER BY id").doing(LOOKING)?;
        let mut rows = query.query([]).doing(LOOKING)?;
        let mut broken = Vec::new();
        while let Some(row) = rows.next().doing(LOOKING)? {
            let id = row.get_ref(0).map(shown).doing(LOOKING)?;
            let state = row.get_ref(1).doing(LOOKING)?.as_str().ok();
            if state.and_then(|json| serde_json::from_str::<FeedState>(json).ok()).is_none() {
                broken.push(id);
            }
        }
        Ok(broken)
    }

    /// Mends what can be mended from the store itself: SQLite's own indexes, from their tables; the states of `feeds`,
    /// which are then asked as if for the first time.
    ///
    /// # Errors
    /// `corrupt` when the tables themselves are damaged; then nothing was changed.
    pub fn mend(&mut self, feeds: &[String]) -> Result<(), StoreError> {
        const MENDING: &str = "mending the store";
        let tx = self.conn.transaction().doing(MENDING)?;
        tx.execute_batch("REINDEX").doing(MENDING)?;
        for feed in feeds {
            tx.execute("DELETE FROM feed WHERE id = ?1", params![feed]).doing(MENDING)?;
        }
        tx.commit().doing(MENDING)
    }

    /// Writes the store as it is at this moment into the new file `path`, also while another process writes to it. When this
    /// returns, it is on the disk.
    ///
    /// # Errors
    /// `storage` when the file exists or the disk refuses; `corrupt` when the store is damaged.
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let name = path.to_string_lossy();
        self.conn.execute("VACUUM INTO ?1", [&*name]).doing_to("copying the store to", path)?;
        File::open(path).and_then(|file| file.sync_all()).doing_to("syncing", path)?;
        path.parent().map_or(Ok(()), sync_dir)
    }
}

fn shown(value: rusqlite::types::ValueRef<'_>) -> String {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    }
}

/// Findings of one kind: the first ones by name, the rest counted.
struct Named {
    what: &'static str,
    names: Vec<String>,
    more: usize,
}

impl Named {
    fn new(what: &'static str) -> Self {
        Self { what, names: Vec::new(), more: 0 }
    }

    fn note(&mut self, name: &str) {
        if self.names.len() < NAMED { self.names.push(name.to_owned()) } else { self.more += 1 }
    }

    fn lines(self) -> Vec<String> {
        let what = self.what;
        let mut lines: Vec<String> = self.names.iter().map(|name| format!("{what}: {name}")).collect();
        if self.more > 0 {
            lines.push(format!("{what}: {} more", self.more));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, landing, story};
    use super::*;

    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one"), story("b", "1", "two")])).unwrap();
        desk.store.land(landing("ap", 2, vec![story("a", "2", "three")])).unwrap();
        desk
    }

    #[test]
    fn a_sound_store_has_nothing_to_say() {
        let desk = desk();
        assert!(desk.store.damage().unwrap().is_empty());
        assert!(desk.store.broken_log().unwrap().is_empty());
        assert!(desk.store.broken_deliveries().unwrap().is_empty());
        assert!(desk.store.broken_feeds().unwrap().is_empty());
    }

    #[test]
    fn what_does_not_go_together_is_named() {
        type Look = fn(&Store) -> Vec<String>;
        let log: Look = |store| store.broken_log().unwrap();
        let raw: Look = |store| store.broken_deliveries().unwrap();
        let feeds: Look = |store| store.broken_feeds().unwrap();
        let cases: &[(&str, Look, &str)] = &[
            ("UPDATE story SET current_seq = 99 WHERE id = 'a'", log, "not in the log: a"),
            ("UPDATE story SET current_seq = 2 WHERE id = 'a'", log, "not in the log: a"),
            ("DELETE FROM story WHERE id = 'b'", log, "has no story: 2 (b)"),
            ("UPDATE revision SET delivery = 77 WHERE seq = 3", log, "of a revision is gone: 3 (a)"),
            ("UPDATE delivery SET raw = 77 WHERE id = 1", log, "bytes of a delivery are gone: 1"),
            (
                "UPDATE revision SET json = '{' WHERE seq = 1",
                log,
                "cannot be read: reading the log: the text of revision 1 is not",
            ),
            ("UPDATE raw SET sha256 = zeroblob(32) WHERE id = 2", raw, "not those received: 2, of feed ap"),
            ("UPDATE raw SET bytes = zeroblob(9) WHERE id = 1", raw, "not those received: 1, of feed ap"),
            ("UPDATE feed SET state = '{'", feeds, "ap"),
        ];
        for (spoil, look, expected) in cases {
            let desk = desk();
            desk.store.conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {spoil}")).unwrap();
            let found = look(&desk.store).join("\n");
            assert!(found.contains(expected), "{spoil}: {found}");
        }
    }

    #[test]
    fn a_feed_whose_state_cannot_be_read_begins_anew() {
        let mut desk = desk();
        desk.store.conn.execute_batch("UPDATE feed SET state = 'x'").unwrap();
        desk.store.feeds().unwrap_err();
        let broken = desk.store.broken_feeds().unwrap();
        desk.store.mend(&broken).unwrap();
        assert!(desk.store.feeds().unwrap().is_empty());
    }

    #[test]
    fn a_copy_is_a_desk_of_the_same_name_that_holds_the_same() {
        let desk = desk();
        let dir = tempfile::tempdir().unwrap();
        desk.store.copy_to(&dir.path().join("desk.db")).unwrap();
        let copy = Store::open(dir.path()).unwrap();
        assert_eq!(copy.identity().unwrap(), desk.store.identity().unwrap());
        assert_eq!(copy.counts().unwrap(), desk.store.counts().unwrap());
        assert!(desk.store.copy_to(&dir.path().join("desk.db")).is_err(), "nothing is written over");
    }
}
