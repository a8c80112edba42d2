//! Removing a story for good: its text, every revision and the bytes it came in. A tombstone stays, so that it never
//! comes back.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::chain;
use super::db::Store;
use super::error::{Doing, StoreError};
use super::held::{self, Reach};
use super::rejected;
use super::types::Part;
use crate::item::NewsItem;

const PURGE: &str = "purging a story";

/// What stands in the log for a purged story: a status that the gate does not let pass.
pub const PURGED: &str = "purged";

/// What is known of a story that was removed for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// It is forgotten when its feed has long not shown the story; only what `retention` removed.
    pub fades: bool,
}

impl Store {
    /// Removes these stories for good: every revision, the raw deliveries that held them (also those of their neighbours
    /// there), documents that could not be read and name them, their own names. Each leaves a tombstone, in the log too. What is free in the file afterwards is zeroed;
    /// [`Self::scrub`] leaves nothing in corners of it either. What `retention` removed before stays away for good from now on.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`; then nothing was removed.
    pub fn purge(&mut self, ids: &[String], reason: &str, at: Timestamp) -> Result<usize, StoreError> {
        let named: Vec<&str> = ids.iter().map(String::as_str).collect();
        let words = held::names(&self.conn, &named)?;
        // first: a purge that is cut here is done again as long as the story is known
        rejected::forget(self.dir(), &words)?;
        let tx = begin(&mut self.conn)?;
        let purged = remove(&tx, ids, Reach::All, reason, at)?;
        let for_good = "UPDATE tombstone SET feed = NULL, reason = ?2 WHERE id = ?1 AND feed IS NOT NULL";
        ids.iter().try_for_each(|id| tx.execute(for_good, [id.as_str(), reason]).map(drop)).doing(PURGE)?;
        tx.commit().doing(PURGE)?;
        self.mark.note(&self.conn);
        Ok(purged)
    }

    /// Writes the whole file anew, so that nothing that was removed is left in a corner of it, and empties the log file.
    ///
    /// # Errors
    /// `locked` when a reader holds on to the former state: try again; `storage` when the disk refuses.
    pub fn scrub(&mut self) -> Result<(), StoreError> {
        self.conn.execute_batch("VACUUM").doing(PURGE)?;
        let busy: i64 =
            self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).doing(PURGE)?;
        if busy == 0 {
            return Ok(());
        }
        Err(StoreError::locked(
            PURGE,
            "the text is removed, but a reader keeps its former place on the disk in use",
        ))
    }

    /// The tombstone of the story `id`, when it was removed.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn tombstone(&self, id: &str) -> Result<Option<Tombstone>, StoreError> {
        let sql = "SELECT at, reason, feed IS NOT NULL FROM tombstone WHERE id = ?1";
        let row = self.conn.query_row(sql, [id], |row| {
            let at = Timestamp::from_microsecond(row.get(0)?).unwrap_or_default();
            Ok(Tombstone { at, reason: row.get(1)?, fades: row.get(2)? })
        });
        row.optional().doing(PURGE)
    }
}

/// A transaction in which stories go: what is free in the file afterwards is zeroed.
pub(super) fn begin(conn: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    conn.pragma_update(None, "secure_delete", "ON").doing(PURGE)?;
    conn.transaction_with_behavior(TransactionBehavior::Immediate).doing(PURGE)
}

/// Removes these stories from as far as `reach`. Gives how many of them there were.
pub(super) fn remove(
    tx: &Connection,
    ids: &[String],
    reach: Reach<'_>,
    reason: &str,
    at: Timestamp,
) -> Result<usize, StoreError> {
    let mut known = Vec::new();
    for id in ids.iter().map(String::as_str).collect::<BTreeSet<_>>() {
        if is_known(tx, id).doing(PURGE)? {
            known.push(id);
        }
    }
    erase(tx, &held::deliveries(tx, &known, reach)?)?;
    let fades = matches!(reach, Reach::Feed(_));
    known.iter().try_for_each(|id| bury(tx, id, fades, reason, at)).doing(PURGE)?;
    Ok(known.len())
}

/// There is such a story, and something left of it.
fn is_known(tx: &Connection, id: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM story WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM tombstone WHERE id = ?1)";
    tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))
}

/// Removes the bytes of these deliveries. Others that lean on them are kept whole first. The hash stays, so that the same bytes
/// are known again and stay away.
fn erase(tx: &Connection, raws: &BTreeSet<i64>) -> Result<(), StoreError> {
    for raw in raws {
        for leaning in chain::leaning(tx, *raw).doing(PURGE)? {
            if !raws.contains(&leaning) {
                chain::stand_alone(tx, leaning)?;
            }
        }
    }
    for sql in ["UPDATE raw SET bytes = X'', size = 0 WHERE id = ?1", "DELETE FROM lean WHERE raw = ?1"] {
        let mut change = tx.prepare_cached(sql).doing(PURGE)?;
        raws.iter().try_for_each(|raw| change.execute([raw]).map(drop)).doing(PURGE)?;
    }
    Ok(())
}

/// What takes a story out of every table.
pub(super) const FORGETTING: &[&str] = &[
    "DELETE FROM handle WHERE at IN (SELECT received FROM revision WHERE id = ?1) AND id = ?1",
    "DELETE FROM standing WHERE id = ?1",
    "DELETE FROM verdict WHERE ordering = ?1 OR story = ?1",
    "DELETE FROM decision WHERE id = ?1",
    "DELETE FROM recall WHERE id = ?1",
    "DELETE FROM thread_choice WHERE id = ?1",
    "DELETE FROM revision WHERE id = ?1",
];

/// Removes one story. `fades`: unless it was taken back, its tombstone may go in the end ([`super::forget`]).
fn bury(tx: &Connection, id: &str, fades: bool, reason: &str, at: Timestamp) -> rusqlite::Result<()> {
    let last = "SELECT feed, delivery FROM revision WHERE id = ?1 ORDER BY seq DESC LIMIT 1";
    let (feed, delivery): (String, i64) =
        tx.prepare_cached(last)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for sql in FORGETTING {
        tx.prepare_cached(sql)?.execute([id])?;
    }
    let sql = "INSERT INTO tombstone (id, at, reason, last, feed)
         SELECT ?1, ?2, ?3, ?2, iif(?4 AND recall IS NULL, ?5, NULL) FROM story WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![id, at.as_microsecond(), reason, fades, feed])?;
    let stone = NewsItem {
        id: id.into(),
        feed: Some(feed.clone()),
        pub_status: Some(PURGED.into()),
        received: Some(at),
        ..NewsItem::default()
    };
    let json = serde_json::to_string(&stone).unwrap_or_default();
    let sql = "INSERT INTO revision (id, content_hash, received, feed, delivery, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let seq =
        tx.prepare_cached(sql)?.insert(params![id, PURGED, at.as_microsecond(), feed, delivery, json])?;
    let sql = "UPDATE story SET current_seq = ?2, guid = NULL, recall = NULL WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![id, seq]).map(drop)
}

/// Was anything ever removed? Tombstones may be gone.
pub(super) const HAS_GAPS: &str =
    "SELECT EXISTS (SELECT 1 FROM tombstone) OR EXISTS (SELECT 1 FROM meta WHERE key = 'gaps')";

/// Notes that the log has gaps of which no tombstone tells.
pub(super) fn note_gaps(tx: &Connection) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO meta (key, value) VALUES ('gaps', 'forgotten')")?
        .execute([])
        .map(drop)
}

/// The stories of a delivery that were removed for good. Where there are any, its bytes must not be kept.
pub(super) fn buried(tx: &Connection, part: &Part) -> Result<HashSet<String>, StoreError> {
    let any = "SELECT EXISTS (SELECT 1 FROM tombstone)";
    let any: bool =
        tx.prepare_cached(any).and_then(|mut q| q.query_row([], |row| row.get(0))).doing(PURGE)?;
    if !any {
        return Ok(HashSet::new());
    }
    let ids: BTreeSet<&str> = part.items.iter().map(|item| item.id.as_str()).collect();
    let sql = "SELECT EXISTS (SELECT 1 FROM tombstone WHERE id = ?1)";
    let mut query = tx.prepare_cached(sql).doing(PURGE)?;
    let mut found = HashSet::new();
    for id in ids {
        if query.query_row([id], |row| row.get(0)).doing(PURGE)? {
            found.insert(id.to_owned());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::DeliveryId;
    use super::super::rejected;
    use super::super::testing::{Desk, at, landing, plan, story};
    use crate::item::NewsItem;
    use crate::wire::Delivery;

    const SECRET: &str = "Zyzzyva-Quux";

    fn on_disk(desk: &Desk) -> bool {
        let mut files = std::fs::read_dir(desk.dir.path()).unwrap().map(|entry| entry.unwrap().path());
        let holds = |path: std::path::PathBuf| {
            path.is_file() && memchr::memmem::find(&std::fs::read(path).unwrap(), SECRET.as_bytes()).is_some()
        };
        files.any(holds)
    }

    #[test]
    fn no_table_is_read_through_to_take_a_story_out_of_it() {
        let desk = Desk::new();
        for sql in super::FORGETTING {
            let steps = plan(&desk.store.conn, sql, ["a"]);
            assert!(!steps.is_empty() && !steps.iter().any(|step| step.contains("SCAN")), "{sql}: {steps:?}");
        }
    }

    #[test]
    fn a_purged_story_is_nowhere_on_the_disk_and_never_comes_back() {
        let mut desk = Desk::new();
        let secret = || story("a", "1", &format!("{SECRET} {}", "resigns ".repeat(900)));
        desk.store.land(landing("ap", 1, vec![secret(), story("b", "1", "other")])).unwrap();
        desk.store.land(landing("ap", 2, vec![story("a", "2", &format!("{SECRET} stays"))])).unwrap();
        desk.store.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        let cut = format!("<rss><title>{SECRET} {}", "resigns ".repeat(20)).into();
        let cut = Delivery { bytes: cut, ..Delivery::default() };
        rejected::keep(desk.dir.path(), "ap", &cut, "truncated").unwrap();
        assert!(on_disk(&desk));

        assert_eq!(desk.store.purge(&["a".into(), "nobody".into()], "court order 7", at(3)).unwrap(), 1);
        desk.store.scrub().unwrap();
        assert!(!on_disk(&desk));
        assert_eq!(std::fs::read_dir(desk.dir.path().join(rejected::FOLDER)).unwrap().count(), 0);
        assert_eq!(desk.store.tombstone("a").unwrap().unwrap().reason, "court order 7");
        let stone = desk.store.current("a").unwrap().unwrap().item;
        assert!(!stone.publishability(at(9)).is_publishable());
        assert_eq!((stone.headline, desk.store.history("a").unwrap().len()), (None, 1));
        assert!(desk.store.find("urn:wire:a").unwrap().is_empty());

        let mut again = landing("ap", 4, vec![secret(), story("c", "1", "new")]);
        again.parts[0].faulty = true;
        let landed = desk.store.land(again).unwrap();
        assert_eq!((landed.new, landed.unchanged), (1, 1));
        desk.store.scrub().unwrap();
        assert!(!on_disk(&desk), "neither by its item nor by the bytes of the delivery");
        assert_eq!(desk.store.current("b").unwrap().unwrap().item.headline.as_deref(), Some("other"));
        let later =
            desk.store.land(landing("ap", 5, vec![story("a", "3", &format!("{SECRET} is back"))])).unwrap();
        assert_eq!((later.revised, later.new), (0, 0));
    }

    /// Polls of a feed that shows its last ten stories, one new each time: `s0` to `s9`, `s1` to `s10` ...
    fn window(first: usize) -> Vec<NewsItem> {
        let told =
            |n| story(&format!("s{n}"), "1", &format!("{SECRET}-{n} {}", "boats sail again ".repeat(9)));
        (first..first + 10).map(told).collect()
    }

    fn bytes(desk: &Desk, delivery: u64) -> Option<Vec<u8>> {
        desk.store.raw(DeliveryId(delivery)).unwrap().map(|raw| raw.bytes)
    }

    #[test]
    fn every_delivery_that_held_a_purged_story_loses_its_bytes_and_those_leaning_on_it_stay_readable() {
        let mut desk = Desk::new();
        for first in 0..40 {
            desk.store.land(landing("ap", 1 + first as i64, window(first))).unwrap();
        }
        let sent: Vec<_> = (1..=40).map(|delivery| bytes(&desk, delivery).unwrap()).collect();
        let leaning = "SELECT count(*) FROM lean";
        let leaning: i64 = desk.store.conn.query_row(leaning, [], |row| row.get(0)).unwrap();
        assert_eq!(leaning, 40 - 3, "three chains");
        // new in the 21st, where the first chain but one is in its midst; gone after the 30th
        desk.store.purge(&["s29".into()], "court order 7", at(99)).unwrap();
        desk.store.scrub().unwrap();
        for (sent, delivery) in sent.into_iter().zip(1..) {
            let held = (21..=30).contains(&delivery);
            assert!(bytes(&desk, delivery) == (!held).then_some(sent), "delivery {delivery}");
        }
        assert!(desk.store.broken_deliveries().unwrap().is_empty());
        for packed in packed(&desk) {
            let one = zstd::bulk::decompress(&packed, 1 << 20).unwrap_or(packed);
            assert!(memchr::memmem::find(&one, format!("{SECRET}-29 ").as_bytes()).is_none());
        }
        // the next one still shows it: it is not kept, and the one after leans on nothing that is gone
        desk.store.land(landing("ap", 100, [window(29), window(50)].concat())).unwrap();
        desk.store.land(landing("ap", 101, window(60))).unwrap();
        assert!(bytes(&desk, 41).is_none() && bytes(&desk, 42).is_some());
        assert!(desk.store.broken_deliveries().unwrap().is_empty());
    }

    fn packed(desk: &Desk) -> Vec<Vec<u8>> {
        let mut query = desk.store.conn.prepare("SELECT bytes FROM raw").unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_delivery_of_an_older_wiredesk_is_searched_for_the_story() {
        let mut desk = Desk::new();
        for first in 0..20 {
            desk.store.land(landing("ap", 1 + first as i64, window(first))).unwrap();
        }
        desk.store.land(landing("dpa", 30, [window(15), window(50)].concat())).unwrap();
        desk.store.land(landing("dpa", 31, window(51))).unwrap();
        desk.store.conn.execute_batch("UPDATE delivery SET holds = NULL").unwrap();
        desk.store.purge(&["s19".into()], "court order 7", at(99)).unwrap();
        let gone: Vec<_> = (1..=22).filter(|delivery| bytes(&desk, *delivery).is_none()).collect();
        // also the other feed's, to whom it was nothing new
        assert_eq!(gone, [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    }
}
