//! Reading the log.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Params, Row, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::types::{Counts, DeliveryId, Revision, Seq};
use crate::item::NewsItem;
use crate::wire::Delivery;

const REVISION: &str = "SELECT r.seq, r.delivery, r.json, s.current_seq = r.seq
     FROM revision r JOIN story s ON s.id = r.id";
const CURRENT: &str =
    "SELECT r.seq, r.delivery, r.json, 1 FROM story s JOIN revision r ON r.seq = s.current_seq";
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

    /// At most `limit` revisions after `seq`, in the order of the log.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn revisions_after(&self, seq: Seq, limit: usize) -> Result<Vec<Revision>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.revisions(
            &format!("{REVISION} WHERE r.seq > ?1 ORDER BY r.seq LIMIT ?2"),
            params![seq.0.cast_signed(), limit],
        )
    }

    /// The revision at `seq`.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn revision(&self, seq: Seq) -> Result<Option<Revision>, StoreError> {
        self.one(&format!("{REVISION} WHERE r.seq = ?1"), params![seq.0.cast_signed()])
    }

    /// The items at `seqs`, in that order; a place that is not in the log is left out.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn items(&self, seqs: &[Seq]) -> Result<Vec<NewsItem>, StoreError> {
        let found = seqs.iter().map(|seq| Ok(self.revision(*seq)?.map(|revision| revision.item)));
        found.filter_map(Result::transpose).collect()
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
        mut each: impl FnMut(Revision) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("{REVISION} WHERE s.current_seq = r.seq AND r.received >= ?1 ORDER BY r.seq");
        let since = since.map_or(i64::MIN, Timestamp::as_microsecond);
        let mut query = self.conn.prepare_cached(&sql).doing(LOG)?;
        let mut rows = query.query(params![since]).doing(LOG)?;
        while let Some(row) = rows.next().doing(LOG)? {
            each(revision(row)?)?;
        }
        Ok(())
    }

    /// The raw delivery `id`, its bytes as received.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn raw(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        const DOING: &str = "reading a raw delivery";
        let sql = "SELECT w.bytes, d.url, d.content_type, d.received, w.size
             FROM delivery d JOIN raw w ON w.id = d.raw WHERE d.id = ?1";
        let mut query = self.conn.prepare_cached(sql).doing(DOING)?;
        let row = query.query_row([id.0.cast_signed()], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, i64>(4)?,
            ))
        });
        let Some((packed, url, content_type, received, size)) = row.optional().doing(DOING)? else {
            return Ok(None);
        };
        let size = usize::try_from(size).unwrap_or(0);
        let bytes = zstd::bulk::decompress(&packed, size)
            .map_err(|error| StoreError::corrupt(DOING, error.to_string()))?;
        let received = Timestamp::from_microsecond(received).unwrap_or_default();
        Ok(Some(Delivery { bytes, url, content_type, received }))
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

    fn revisions(&self, sql: &str, params: impl Params) -> Result<Vec<Revision>, StoreError> {
        let mut query = self.conn.prepare_cached(sql).doing(LOG)?;
        let mut rows = query.query(params).doing(LOG)?;
        let mut revisions = Vec::new();
        while let Some(row) = rows.next().doing(LOG)? {
            revisions.push(revision(row)?);
        }
        Ok(revisions)
    }
}

/// Reads `seq, delivery, json, current`.
pub(super) fn revision(row: &Row<'_>) -> Result<Revision, StoreError> {
    let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned).doing(LOG);
    let seq = Seq(number(0)?);
    let json = row.get_ref(2).doing(LOG)?.as_str().map_err(rusqlite::Error::from).doing(LOG)?;
    let item = serde_json::from_str(json).doing(&format!("reading revision {seq}"))?;
    Ok(Revision { seq, item, current: number(3)? == 1, delivery: DeliveryId(number(1)?) })
}
