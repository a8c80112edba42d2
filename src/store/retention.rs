//! What a feed has kept long enough: its stories go for good, as by a purge.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::forget::forget;
use super::held::Reach;
use super::purge::{self, PURGED};

const EXPIRING: &str = "removing what a feed has kept long enough";
/// How far the log was looked through is noted again after so many places: for fewer it does not pay to write.
const WORTH_NOTING: i64 = 1_000;
/// A feed's revisions from a place in the log on, each with whether its story is still told by it.
const REVISIONS: &str =
    "SELECT r.id, r.received, s.current_seq = r.seq AND r.content_hash != ?1, r.seq, r.delivery
     FROM revision r INDEXED BY revision_by JOIN story s ON s.id = r.id
     WHERE r.feed = ?2 AND r.seq >= ?3 ORDER BY r.seq";

/// A feed, and the time before which it keeps nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeps {
    /// Its id.
    pub feed: String,
    /// What was received before this and not again since is to go.
    pub since: Timestamp,
}

/// What was found, and how far in the log.
struct Outlived {
    ids: Vec<String>,
    /// Nothing that this feed has outlived is left before this place.
    reached: i64,
    /// The delivery of the first revision that the feed keeps.
    kept: Option<i64>,
}

impl Store {
    /// Removes what these feeds have outlived, also from their raw deliveries, in one transaction: of each at most `limit` stories, and of no
    /// further feed when as many are gone in all. Gives how many of each feed that it got to.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`; then nothing was removed.
    pub fn expire(&mut self, feeds: &[Keeps], limit: usize, at: Timestamp) -> Result<Vec<usize>, StoreError> {
        let tx = purge::begin(&mut self.conn)?;
        let mut removed = Vec::new();
        for feed in feeds {
            removed.push(expire(&tx, feed, limit, at)?);
            if removed.iter().sum::<usize>() >= limit {
                break;
            }
        }
        tx.commit().doing(EXPIRING)?;
        self.mark.note(&self.conn);
        Ok(removed)
    }
}

fn expire(tx: &Connection, keeps: &Keeps, limit: usize, at: Timestamp) -> Result<usize, StoreError> {
    let from = looked_through(tx, &keeps.feed)?;
    let Outlived { ids, reached, kept } = outlived(tx, keeps, from, limit)?;
    let reach = Reach::Feed(&keeps.feed);
    let removed = if ids.is_empty() { 0 } else { purge::remove(tx, &ids, reach, "retention", at)? };
    if removed > 0 || reached - from >= WORTH_NOTING {
        note_looked_through(tx, &keeps.feed, reached)?;
    }
    forget(tx, &keeps.feed, kept, limit)?;
    Ok(removed)
}

/// Reads the old end of what the feed has brought, from where it was read to the last time: a revision that is not its story's current
/// one will not be that again.
fn outlived(conn: &Connection, keeps: &Keeps, from: i64, limit: usize) -> Result<Outlived, StoreError> {
    let mut query = conn.prepare_cached(REVISIONS).doing(EXPIRING)?;
    let mut rows = query.query(params![PURGED, keeps.feed, from]).doing(EXPIRING)?;
    let mut found = Outlived { ids: Vec::new(), reached: from, kept: None };
    while let Some(row) = rows.next().doing(EXPIRING)? {
        found.reached = row.get(3).doing(EXPIRING)?;
        let received: i64 = row.get(1).doing(EXPIRING)?;
        if received >= keeps.since.as_microsecond() || found.ids.len() == limit {
            found.kept = row.get(4).doing(EXPIRING)?;
            break;
        }
        if row.get(2).doing(EXPIRING)? {
            found.ids.push(row.get(0).doing(EXPIRING)?);
        }
    }
    Ok(found)
}

fn looked_through(conn: &Connection, feed: &str) -> Result<i64, StoreError> {
    let mut query = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1").doing(EXPIRING)?;
    let value: Option<String> = query.query_row([key(feed)], |row| row.get(0)).optional().doing(EXPIRING)?;
    Ok(value.and_then(|value| value.parse().ok()).unwrap_or(0))
}

fn note_looked_through(conn: &Connection, feed: &str, reached: i64) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)";
    let mut note = conn.prepare_cached(sql).doing(EXPIRING)?;
    note.execute(params![key(feed), reached.to_string()]).doing(EXPIRING).map(drop)
}

fn key(feed: &str) -> String {
    format!("expired {feed}")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::DeliveryId;
    use super::super::testing::{Desk, at, landing, plan, story};
    use super::Keeps;
    use crate::item::NewsItem;

    fn ap(since: Timestamp) -> Keeps {
        Keeps { feed: "ap".into(), since }
    }

    fn expire(desk: &mut Desk, since: Timestamp, limit: usize, now: Timestamp) -> usize {
        desk.store.expire(&[ap(since)], limit, now).unwrap()[0]
    }

    #[test]
    fn only_what_the_feed_itself_has_brought_is_looked_at() {
        let desk = Desk::new();
        assert_eq!(
            plan(&desk.store.conn, super::REVISIONS, rusqlite::params!["", "ap", 9]),
            ["SEARCH r USING INDEX revision_by (feed=? AND rowid>?)", "SEARCH s USING PRIMARY KEY (id=?)"]
        );
    }

    #[test]
    fn what_a_feed_has_outlived_is_removed_once() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "old"), story("b", "1", "old")])).unwrap();
        desk.store.land(landing("ap", 9, vec![story("b", "2", "new")])).unwrap();
        desk.store.land(landing("dpa", 1, vec![story("c", "1", "old")])).unwrap();
        assert_eq!(expire(&mut desk, at(5), 10, at(6)), 1);
        assert_eq!(desk.store.tombstone("a").unwrap().unwrap().reason, "retention");
        assert_eq!(expire(&mut desk, at(7), 10, at(8)), 0);
        assert_eq!(expire(&mut desk, at(10), 10, at(11)), 1);
        assert!(desk.store.tombstone("b").unwrap().is_some() && desk.store.tombstone("c").unwrap().is_none());
    }

    #[test]
    fn a_transaction_ends_with_the_feed_that_fills_it() {
        let mut desk = Desk::new();
        let keeps = |feed: &str| Keeps { feed: feed.into(), since: at(5) };
        for feed in ["ap", "dpa", "afp"] {
            let old = (0..3).map(|n| story(&format!("{feed}-{n}"), "1", "old")).collect();
            desk.store.land(landing(feed, 1, old)).unwrap();
        }
        let feeds = [keeps("quiet"), keeps("ap"), keeps("dpa"), keeps("afp")];
        assert_eq!(desk.store.expire(&feeds, 5, at(6)).unwrap(), [0, 3, 3]);
        assert!(
            desk.store.tombstone("dpa-2").unwrap().is_some()
                && desk.store.tombstone("afp-0").unwrap().is_none()
        );
        assert_eq!(desk.store.expire(&feeds, 5, at(7)).unwrap(), [0, 0, 0, 3]);
    }

    #[test]
    fn all_are_removed_some_at_a_time_and_the_log_is_read_once() {
        let mut desk = Desk::new();
        let all =
            |n: i64| (0..5).map(|m| story(&format!("s{}", n * 5 + m), "1", "old")).collect::<Vec<NewsItem>>();
        for n in 0..10 {
            desk.store.land(landing("ap", n, all(n))).unwrap();
        }
        let mut removed = Vec::new();
        for now in 100..104 {
            removed.push(expire(&mut desk, at(8), 15, at(now)));
        }
        assert_eq!(removed, [15, 15, 10, 0]);
        let told = {
            let from = super::looked_through(&desk.store.conn, "ap").unwrap();
            super::outlived(&desk.store.conn, &ap(at(99)), from, 99).unwrap()
        };
        assert_eq!(told.ids.len(), 10, "what is left");
        // what the feed brings again with other words counts from then on
        desk.store.land(landing("ap", 105, vec![story("s45", "2", "new")])).unwrap();
        assert_eq!(expire(&mut desk, at(50), 99, at(106)), 9);
        assert_eq!(expire(&mut desk, at(106), 99, at(107)), 1);
    }

    #[test]
    fn retention_of_one_feed_leaves_what_another_brought() {
        let mut desk = Desk::new();
        let window =
            |first: usize| (first..first + 10).map(|n| story(&format!("s{n}"), "1", "boats sail again"));
        for first in 0..12 {
            desk.store.land(landing("ap", 1 + first as i64, window(first).collect())).unwrap();
        }
        desk.store.land(landing("dpa", 30, window(3).chain(window(30)).collect())).unwrap();
        assert_eq!(expire(&mut desk, at(4), 100, at(99)), 12, "those of the first three polls");
        let kept = |delivery: &u64| desk.store.raw(DeliveryId(*delivery)).unwrap().is_some();
        assert_eq!((1..=13).filter(kept).collect::<Vec<_>>(), [13]);
        assert!(desk.store.broken_deliveries().unwrap().is_empty());
    }
}
