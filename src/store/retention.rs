//! What a feed has kept long enough: its stories go for good, as by a purge.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::held::Reach;
use super::purge::PURGED;

const EXPIRING: &str = "removing what a feed has kept long enough";
/// How far the log was looked through is noted again after so many places: for fewer it does not pay to write.
const WORTH_NOTING: i64 = 1_000;
/// A feed's revisions from a place in the log on, each with whether its story is still told by it.
const REVISIONS: &str = "SELECT r.id, r.received, s.current_seq = r.seq AND r.content_hash != ?1, r.seq
     FROM revision r INDEXED BY revision_by JOIN story s ON s.id = r.id
     WHERE r.feed = ?2 AND r.seq >= ?3 ORDER BY r.seq";

/// What was found, and how far in the log.
struct Outlived {
    ids: Vec<String>,
    /// Nothing that this feed has outlived is left before this place.
    reached: i64,
}

impl Store {
    /// Removes stories of `feed` that were received before `before` and not again since, at most `limit`, also from the
    /// raw deliveries of this feed. Gives how many.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`; then nothing was removed.
    pub fn expire(
        &mut self,
        feed: &str,
        before: Timestamp,
        limit: usize,
        at: Timestamp,
    ) -> Result<usize, StoreError> {
        let from = self.looked_through(feed)?;
        let Outlived { ids, reached } = self.outlived(feed, from, before, limit)?;
        let removed = if ids.is_empty() { 0 } else { self.remove(&ids, Reach::Feed(feed), "retention", at)? };
        // after the stories are gone: should this be lost, they are only looked for once more
        if removed > 0 || reached - from >= WORTH_NOTING {
            self.note_looked_through(feed, reached)?;
        }
        Ok(removed)
    }

    /// Reads the old end of what the feed has brought, from where it was read to the last time: a revision that is not its story's current
    /// one will not be that again.
    fn outlived(
        &self,
        feed: &str,
        from: i64,
        before: Timestamp,
        limit: usize,
    ) -> Result<Outlived, StoreError> {
        let mut query = self.conn.prepare_cached(REVISIONS).doing(EXPIRING)?;
        let mut rows = query.query(params![PURGED, feed, from]).doing(EXPIRING)?;
        let mut found = Outlived { ids: Vec::new(), reached: from };
        while let Some(row) = rows.next().doing(EXPIRING)? {
            found.reached = row.get(3).doing(EXPIRING)?;
            let received: i64 = row.get(1).doing(EXPIRING)?;
            if received >= before.as_microsecond() || found.ids.len() == limit {
                break;
            }
            if row.get(2).doing(EXPIRING)? {
                found.ids.push(row.get(0).doing(EXPIRING)?);
            }
        }
        Ok(found)
    }

    fn looked_through(&self, feed: &str) -> Result<i64, StoreError> {
        let mut query = self.conn.prepare_cached("SELECT value FROM meta WHERE key = ?1").doing(EXPIRING)?;
        let value: Option<String> =
            query.query_row([key(feed)], |row| row.get(0)).optional().doing(EXPIRING)?;
        Ok(value.and_then(|value| value.parse().ok()).unwrap_or(0))
    }

    fn note_looked_through(&self, feed: &str, reached: i64) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)";
        self.conn.execute(sql, params![key(feed), reached.to_string()]).doing(EXPIRING).map(drop)
    }
}

fn key(feed: &str) -> String {
    format!("expired {feed}")
}

#[cfg(test)]
mod tests {
    use super::super::DeliveryId;
    use super::super::testing::{Desk, at, landing, story};
    use crate::item::NewsItem;

    #[test]
    fn only_what_the_feed_itself_has_brought_is_looked_at() {
        let desk = Desk::new();
        let mut plan = desk.store.conn.prepare(&format!("EXPLAIN QUERY PLAN {}", super::REVISIONS)).unwrap();
        let steps = plan.query_map(rusqlite::params!["", "ap", 9], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert_eq!(
            steps,
            ["SEARCH r USING INDEX revision_by (feed=? AND rowid>?)", "SEARCH s USING PRIMARY KEY (id=?)"]
        );
    }

    #[test]
    fn what_a_feed_has_outlived_is_removed_once() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "old"), story("b", "1", "old")])).unwrap();
        desk.store.land(landing("ap", 9, vec![story("b", "2", "new")])).unwrap();
        desk.store.land(landing("dpa", 1, vec![story("c", "1", "old")])).unwrap();
        assert_eq!(desk.store.expire("ap", at(5), 10, at(6)).unwrap(), 1);
        assert_eq!(desk.store.tombstone("a").unwrap().unwrap().reason, "retention");
        assert_eq!(desk.store.expire("ap", at(7), 10, at(8)).unwrap(), 0);
        assert_eq!(desk.store.expire("ap", at(10), 10, at(11)).unwrap(), 1);
        assert!(desk.store.tombstone("b").unwrap().is_some() && desk.store.tombstone("c").unwrap().is_none());
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
            removed.push(desk.store.expire("ap", at(8), 15, at(now)).unwrap());
        }
        assert_eq!(removed, [15, 15, 10, 0]);
        let told = desk.store.outlived("ap", desk.store.looked_through("ap").unwrap(), at(99), 99).unwrap();
        assert_eq!(told.ids.len(), 10, "what is left");
        // what the feed brings again with other words counts from then on
        desk.store.land(landing("ap", 105, vec![story("s45", "2", "new")])).unwrap();
        assert_eq!(desk.store.expire("ap", at(50), 99, at(106)).unwrap(), 9);
        assert_eq!(desk.store.expire("ap", at(106), 99, at(107)).unwrap(), 1);
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
        assert_eq!(
            desk.store.expire("ap", at(4), 100, at(99)).unwrap(),
            12,
            "those of the first three polls"
        );
        let kept = |delivery: &u64| desk.store.raw(DeliveryId(*delivery)).unwrap().is_some();
        assert_eq!((1..=13).filter(kept).collect::<Vec<_>>(), [13]);
        assert!(desk.store.broken_deliveries().unwrap().is_empty());
    }
}
