//! Reading the log.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Params, Row, params};

use super::chain;
use super::db::Store;
use super::error::{Doing, StoreError};
use super::fresh::Recent;
use super::purge;
use super::types::{Counts, DeliveryId, Revision, Seq};
use crate::item::NewsItem;
use crate::wire::Delivery;

/// A revision without its story comes too: that is damage, and to be told from a log that ends.
const REVISION: &str = "SELECT r.seq, r.delivery, r.json, s.current_seq = r.seq, s.recall, r.sum, s.id
     FROM revision r LEFT JOIN story s ON s.id = r.id";
pub(super) const CURRENT: &str = "SELECT r.seq, r.delivery, r.json, 1, s.recall, r.sum, s.id FROM story s LEFT JOIN revision r ON r.seq = s.current_seq";
const LOG: &str = "reading the log";

/// How many stories [`Store::find`] names at most.
const FOUND: usize = 20;

impl Store {
    /// The last place in the log; 0 when it is empty.
    ///
    /// # Errors
    /// `corrupt` or `storage`, as of every function here.
    pub fn last_seq(&self) -> Result<Seq, StoreError> {
        let last: i64 = self
            .conn
            .query_row("SELECT coalesce(max(seq), 0) FROM revision", [], |row| row.get(0))
            .doing(LOG)?;
        Ok(Seq(last.cast_unsigned()))
    }

    /// The last entry in the list of stories taken back and released; 0 when it is empty.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn last_recall(&self) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM recall";
        self.conn.query_row(sql, [], |row| row.get(0)).doing(LOG)
    }

    /// The ids of stories with a revision after `seq`, or taken back or released after entry `recall` of that list.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn touched_after(&self, seq: Seq, recall: i64) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT id FROM revision WHERE seq > ?1 UNION SELECT id FROM recall WHERE seq > ?2";
        let mut query = self.conn.prepare_cached(sql).doing(LOG)?;
        let rows = query.query_map(params![seq.0.cast_signed(), recall], |row| row.get(0)).doing(LOG)?;
        rows.collect::<rusqlite::Result<_>>().doing(LOG)
    }

    /// Has the story `id` a revision in these very words? `hash` is what [`content_hash`](crate::item::content_hash) makes.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn knows(&self, id: &str, hash: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM revision WHERE id = ?1 AND content_hash = ?2";
        let mut query = self.conn.prepare_cached(sql).doing(LOG)?;
        query.exists(params![id, hash]).doing(LOG)
    }

    /// At most `limit` revisions after `seq`, in the order of the log.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn revisions_after(&self, seq: Seq, limit: usize) -> Result<Vec<Revision>, StoreError> {
        let mut revisions = Vec::new();
        self.each_after(seq, limit, into(&mut revisions))?;
        Ok(revisions)
    }

    /// Hands over at most `limit` revisions after `seq`, in the order of the log, one in memory at a time. Those that
    /// were landed last are handed over as they were landed when they are what follows; the next call reads on.
    ///
    /// # Errors
    /// The store's (`corrupt`, `storage`), or the first one of `each`, which ends the reading.
    pub fn each_after<E: From<StoreError>>(
        &self,
        seq: Seq,
        limit: usize,
        each: impl FnMut(Revision) -> Result<(), E>,
    ) -> Result<(), E> {
        let fresh = self.fresh.borrow_mut().take_after(seq, limit);
        if !fresh.is_empty() {
            return fresh.into_iter().try_for_each(each);
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = format!("{REVISION} WHERE r.seq > ?1 ORDER BY r.seq LIMIT ?2");
        let may_have_gaps = self.has_removed()?;
        let (mut last, mut each) = (seq, each);
        self.each(&sql, params![seq.0.cast_signed(), limit], |revision| {
            if revision.seq.0 != last.0 + 1 && !may_have_gaps {
                return Err(missing(Seq(last.0 + 1)).into());
            }
            last = revision.seq;
            each(revision)
        })
    }

    /// The revision at `seq`; none when it was removed for good, or the log has not come so far.
    ///
    /// # Errors
    /// `corrupt` when it ought to be there and is not; `storage`.
    pub fn revision(&self, seq: Seq) -> Result<Option<Revision>, StoreError> {
        let found = self.one(&format!("{REVISION} WHERE r.seq = ?1"), params![seq.0.cast_signed()])?;
        if found.is_none() && seq <= self.last_seq()? && seq > Seq(0) && !self.has_removed()? {
            return Err(missing(seq));
        }
        Ok(found)
    }

    /// What there is to know of the revision at `seq`, if it is the current one of its story: all of it, or all but its long texts. Those that
    /// followers were handed last need not be read, if that was [asked for](Self::keep_recent).
    ///
    /// # Errors
    /// As of [`Self::revision`].
    pub fn outline(&self, seq: Seq) -> Result<Option<Revision>, StoreError> {
        let recent = self.recent.borrow_mut().take(seq);
        if let Some(recent) = recent {
            let sql = "SELECT 1 FROM story WHERE id = ?1 AND current_seq = ?2 AND recall IS NULL";
            let mut query = self.conn.prepare_cached(sql).doing(LOG)?;
            if query.exists(params![recent.item.id, seq.0.cast_signed()]).doing(LOG)? {
                return Ok(Some(*recent));
            }
        }
        Ok(self.revision(seq)?.filter(|revision| revision.current))
    }

    /// From now on what followers are handed is kept for [`Self::outline`]; what was kept so far is let go.
    pub fn keep_recent(&self) {
        self.recent.replace(Recent::wanted());
    }

    /// Whether anything was ever removed for good: only then the log has gaps.
    fn has_removed(&self) -> Result<bool, StoreError> {
        let mut query = self.conn.prepare_cached(purge::HAS_GAPS).doing(LOG)?;
        query.query_row([], |row| row.get(0)).doing(LOG)
    }

    /// The current revision of the story `id`.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn current(&self, id: &str) -> Result<Option<Revision>, StoreError> {
        self.one(&format!("{CURRENT} WHERE s.id = ?1"), params![id])
    }

    /// Every revision of the story `id`, in the order of the log.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn history(&self, id: &str) -> Result<Vec<Revision>, StoreError> {
        self.revisions(&format!("{REVISION} WHERE r.id = ?1 ORDER BY r.seq"), params![id])
    }

    /// The stories a person may mean by `name`, as their current revisions: the one with this id, else those with this
    /// provider's guid, else those whose id begins so. At most 20.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn find(&self, name: &str) -> Result<Vec<Revision>, StoreError> {
        const WAYS: &[&str] = &["s.id = ?1", "s.guid = ?1", "s.id >= ?1 AND s.id < ?1 || char(0x10ffff)"];
        for way in WAYS.iter().filter(|_| !name.is_empty()) {
            let sql = format!("{CURRENT} WHERE {way} ORDER BY s.id LIMIT {FOUND}");
            let found = self.revisions(&sql, params![name])?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Hands over the current revision of every story, in the order of the log; with `since`, of those that were
    /// received at that time or later. Streams: the whole desk is never in memory.
    ///
    /// # Errors
    /// The store's (`corrupt`, `storage`), or the first one of `each`, which ends the reading.
    pub fn current_items<E: From<StoreError>>(
        &self,
        since: Option<Timestamp>,
        each: impl FnMut(Revision) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!(
            "{REVISION} WHERE (s.id IS NULL OR s.current_seq = r.seq) AND r.received >= ?1 AND r.seq <= ?2 ORDER BY r.seq"
        );
        // one moment for both questions below
        let _still = self.moment()?;
        let upto = self.last_seq()?.0.cast_signed();
        let (mut handed, mut each) = (0, each);
        let from = since.map_or(i64::MIN, Timestamp::as_microsecond);
        self.each(&sql, params![from, upto], |revision| {
            handed += 1;
            each(revision)
        })?;
        let missing = if since.is_none() { self.counted(upto)? - handed } else { self.headless(upto)? };
        if missing == 0 {
            return Ok(());
        }
        let detail = format!("{} stories do not have their current revision in the log", missing.abs());
        Err(StoreError::corrupt(LOG, detail).into())
    }

    /// Stories whose current revision is at `upto` or before.
    fn counted(&self, upto: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM story s WHERE s.current_seq <= ?1";
        self.conn.query_row(sql, [upto], |row| row.get(0)).doing(LOG)
    }

    /// Those of them whose current revision is gone: when it was received is gone with it.
    fn headless(&self, upto: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM story s LEFT JOIN revision r ON r.seq = s.current_seq
             WHERE s.current_seq <= ?1 AND r.seq IS NULL";
        self.conn.query_row(sql, [upto], |row| row.get(0)).doing(LOG)
    }

    /// The raw delivery `id`, its bytes as received; none where they were removed for good, with a story that was in them.
    ///
    /// # Errors
    /// `corrupt` when they are not what was received any more, by their hash; `storage`.
    pub fn raw(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        const DOING: &str = "reading a raw delivery";
        let sql = "SELECT raw, url, content_type, received FROM delivery WHERE id = ?1";
        let mut query = self.conn.prepare_cached(sql).doing(DOING)?;
        let label = query.query_row([id.0.cast_signed()], |row| {
            let received = Timestamp::from_microsecond(row.get(3)?).unwrap_or_default();
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, received))
        });
        let Some((raw, url, content_type, received)) = label.optional().doing(DOING)? else {
            return Ok(None);
        };
        let bytes = chain::bytes(&self.conn, raw)?;
        Ok(bytes.map(|bytes| Delivery { bytes, url, content_type, received, ..Delivery::default() }))
    }

    /// How much the store holds.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let sql = "SELECT (SELECT count(*) FROM story), (SELECT count(*) FROM revision),
             (SELECT count(*) FROM delivery), (SELECT count(*) FROM feed)";
        let row = self.conn.query_row(sql, [], |row| {
            let count = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
            Ok(Counts { stories: count(0)?, revisions: count(1)?, deliveries: count(2)?, feeds: count(3)? })
        });
        row.doing("counting")
    }

    fn one(&self, sql: &str, params: impl Params) -> Result<Option<Revision>, StoreError> {
        Ok(self.revisions(sql, params)?.pop())
    }

    pub(super) fn revisions(&self, sql: &str, params: impl Params) -> Result<Vec<Revision>, StoreError> {
        let mut revisions = Vec::new();
        self.each(sql, params, into(&mut revisions))?;
        Ok(revisions)
    }

    fn each<E: From<StoreError>>(
        &self,
        sql: &str,
        params: impl Params,
        mut each: impl FnMut(Revision) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut query = self.conn.prepare_cached(sql).doing(LOG)?;
        let mut rows = query.query(params).doing(LOG)?;
        while let Some(row) = rows.next().doing(LOG)? {
            each(revision(row)?)?;
        }
        Ok(())
    }
}

fn into(revisions: &mut Vec<Revision>) -> impl FnMut(Revision) -> Result<(), StoreError> {
    |revision| {
        revisions.push(revision);
        Ok(())
    }
}

fn missing(seq: Seq) -> StoreError {
    StoreError::corrupt(LOG, format!("revision {seq} is not there"))
}

/// Reads `seq, delivery, json, current, recall, sum, id`; refuses one that does not go with its story or its own checksum.
pub(super) fn revision(row: &Row<'_>) -> Result<Revision, StoreError> {
    let id: Option<&str> =
        row.get_ref(6).doing(LOG)?.as_str_or_null().map_err(rusqlite::Error::from).doing(LOG)?;
    if let (Some(id), None) = (id, row.get::<_, Option<i64>>(0).doing(LOG)?) {
        return Err(StoreError::corrupt(LOG, format!("the current revision of story {id} is not there")));
    }
    let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned).doing(LOG);
    let seq = Seq(number(0)?);
    let Some(id) = id else {
        return Err(StoreError::corrupt(LOG, format!("the story of revision {seq} is not there")));
    };
    let json = row.get_ref(2).doing(LOG)?.as_str().map_err(rusqlite::Error::from).doing(LOG)?;
    let sum: Option<i64> = row.get(5).doing(LOG)?;
    if sum.is_some_and(|sum| sum != i64::from(crc32fast::hash(json.as_bytes()))) {
        return Err(StoreError::corrupt(LOG, format!("the text of revision {seq} is not what was written")));
    }
    let mut item: NewsItem = serde_json::from_str(json).doing(&format!("reading revision {seq}"))?;
    if let Some(recall) =
        row.get_ref(4).doing(LOG)?.as_str_or_null().map_err(rusqlite::Error::from).doing(LOG)?
    {
        item.recalled =
            serde_json::from_str(recall).doing(&format!("reading the recall of revision {seq}"))?;
    }
    if item.id != id {
        return Err(StoreError::corrupt(LOG, format!("revision {seq} is of story {}, not {id}", item.id)));
    }
    Ok(Revision { seq, item, current: number(3)? == 1, delivery: DeliveryId(number(1)?) })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, at, landing, story};
    use super::*;

    fn desk() -> Desk {
        let mut desk = Desk::new();
        let items = |v: &str| vec![story("abc1", v, &format!("one {v}")), story("abd2", "1", "two")];
        desk.store.land(landing("ap", 10, items("1"))).unwrap();
        desk.store.land(landing("ap", 20, items("2"))).unwrap();
        desk
    }

    #[test]
    fn the_log_is_read_in_order_from_any_place() {
        let desk = desk();
        let cases: &[(u64, usize, &[u64])] =
            &[(0, 9, &[1, 2, 3]), (0, 2, &[1, 2]), (1, 1, &[2]), (2, 9, &[3]), (3, 9, &[])];
        for (after, limit, expected) in cases {
            let seqs = desk.store.revisions_after(Seq(*after), *limit).unwrap();
            let seqs: Vec<_> = seqs.iter().map(|revision| revision.seq.0).collect();
            assert_eq!(seqs, *expected, "after {after}, at most {limit}");
        }
        let headline =
            |seq| desk.store.revision(Seq(seq)).unwrap().and_then(|revision| revision.item.headline);
        assert_eq!([3, 99, 2].map(headline), [Some("one 2".into()), None, Some("two".into())]);
    }

    #[test]
    fn a_revision_that_was_handed_over_is_current_until_something_comes_over_it() {
        let mut desk = Desk::new();
        let current = |desk: &Desk, seq| desk.store.outline(Seq(seq)).unwrap();
        let land = |desk: &mut Desk, items| desk.store.land(landing("ap", 10, items)).unwrap();
        desk.store.keep_recent();
        land(&mut desk, ["abc1", "abc2", "abc3"].map(|id| story(id, "1", id)).into());
        let handed = desk.store.revisions_after(Seq(0), 9).unwrap();
        let hand =
            |desk: &Desk| handed.iter().for_each(|one| desk.store.recent.borrow_mut().keep(one.clone()));
        hand(&desk);
        desk.store.conn.execute("UPDATE revision SET json = '' WHERE seq = 1", []).unwrap();
        let outline = current(&desk, 1).unwrap().item;
        assert_eq!((outline.headline.as_deref(), outline.body_text), (Some("abc1"), None), "not read again");
        desk.store.conn.execute("UPDATE story SET recall = '[]' WHERE id = 'abc2'", []).unwrap();
        land(&mut desk, vec![story("abc3", "2", "again")]);
        assert_eq!(current(&desk, 2), desk.store.revision(Seq(2)).unwrap(), "read with its recall");
        assert_eq!(current(&desk, 3), None, "there is a newer one");
        hand(&desk);
        desk.store.keep_recent();
        assert!(desk.store.recent.borrow_mut().take(Seq(3)).is_none(), "let go");
    }

    #[test]
    fn a_story_is_found_by_id_guid_or_the_beginning_of_its_id() {
        let desk = desk();
        let cases: &[(&str, &[&str])] = &[
            ("abc1", &["abc1"]),
            ("urn:wire:abd2", &["abd2"]),
            ("ab", &["abc1", "abd2"]),
            ("abd", &["abd2"]),
            ("b", &[]),
            ("abc1x", &[]),
            ("%", &[]),
            ("", &[]),
        ];
        for (name, expected) in cases {
            let found = desk.store.find(name).unwrap();
            let ids: Vec<_> = found.iter().map(|revision| revision.item.id.as_str()).collect();
            assert_eq!(ids, *expected, "{name:?}");
            assert!(found.iter().all(|revision| revision.current));
        }
    }

    #[test]
    fn current_items_are_one_a_story_and_those_received_since() {
        let desk = desk();
        let read = |since| {
            let mut ids = Vec::new();
            let each = |revision: Revision| -> Result<(), StoreError> {
                ids.push(revision.item.headline.unwrap());
                Ok(())
            };
            desk.store.current_items(since, each).unwrap();
            ids
        };
        assert_eq!(read(None), ["two", "one 2"]);
        assert_eq!(read(Some(at(20))), ["one 2"]);
        assert!(read(Some(at(21))).is_empty());
    }

    #[test]
    fn a_story_whose_current_revision_is_gone_ends_the_reading_with_an_error_also_of_the_latest_alone() {
        let desk = desk();
        let sql =
            "DELETE FROM revision WHERE seq = (SELECT current_seq FROM story ORDER BY current_seq LIMIT 1)";
        desk.store.conn.execute(sql, []).unwrap();
        for since in [None, Some(at(20)), Some(at(21))] {
            let read = desk.store.current_items(since, |_| Ok::<_, StoreError>(()));
            assert_eq!(read.unwrap_err().class(), "corrupt", "{since:?}");
        }
    }

    #[test]
    fn the_first_error_of_the_reader_ends_the_reading() {
        let mut seen = 0;
        let error = desk().store.current_items(None, |_| {
            seen += 1;
            Err(StoreError::storage("writing", "broken pipe", "none"))
        });
        assert!(error.is_err());
        assert_eq!(seen, 1);
    }

    #[test]
    fn everything_is_counted() {
        let counts = desk().store.counts().unwrap();
        assert_eq!(counts, Counts { stories: 2, revisions: 3, deliveries: 2, feeds: 1 });
    }
}
