//! Raw deliveries: bytes as received, kept once. Most differ little from the one before of their feed, and are kept as what they
//! differ in ([`chain`]).

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::chain;
use super::error::{Doing, StoreError};
use super::pack;
use super::rejected::extension;
use super::types::DeliveryId;
use crate::item::NewsItem;
use crate::wire::Delivery;

const KEEPING: &str = "keeping a raw delivery";
/// Shorter ones are kept whole, in bytes: a chain would take more than it spares.
const SHORT: usize = 512;
/// Shorter ones lean only on one that held some of their stories: files of one story each have little in common, and reading
/// the one before takes longer than landing such a story. Longer ones may be pages of one house.
const LONG: usize = 64 << 10;
/// Bytes of the mark of a story.
pub(super) const MARK: usize = 4;
/// A base so many times as long is none: reading it costs more than it spares.
const MUCH_LONGER: usize = 8;

/// A delivery that is kept when the first item needs it, once.
pub(super) struct Raw<'a> {
    tx: &'a Connection,
    pub(super) feed: &'a str,
    pub(super) delivery: &'a Delivery,
    kept: Option<DeliveryId>,
    /// It holds a story that was removed for good: only its hash may be kept.
    pub(super) is_closed: bool,
    /// Stories that it brings several times.
    pub(super) repeated: HashSet<String>,
    /// All stories that it holds, as [`marks`].
    holds: Vec<u8>,
}

/// Bytes as they are kept.
struct Packed {
    bytes: Vec<u8>,
    /// What they lean on, and how deep that makes them lie.
    base: Option<(i64, i64)>,
}

impl<'a> Raw<'a> {
    pub(super) fn new(tx: &'a Connection, feed: &'a str, delivery: &'a Delivery, items: &[NewsItem]) -> Self {
        let holds = marks(items.iter().map(|item| item.id.as_str()));
        Self { tx, feed, delivery, kept: None, is_closed: false, repeated: HashSet::new(), holds }
    }

    /// Keeps it, if it is not kept yet: equal bytes once, equal bytes from the same feed and place under one number.
    pub(super) fn keep(&mut self) -> Result<DeliveryId, StoreError> {
        if let Some(kept) = self.kept {
            return Ok(kept);
        }
        let raw = self.keep_bytes()?;
        let id = self.keep_label(raw).doing(KEEPING)?;
        Ok(*self.kept.insert(DeliveryId(id.cast_unsigned())))
    }

    fn keep_bytes(&self) -> Result<i64, StoreError> {
        let hash = Sha256::digest(&self.delivery.bytes);
        let known = self
            .tx
            .prepare_cached("SELECT id FROM raw WHERE sha256 = ?1")
            .and_then(|mut known| known.query_row([&hash[..]], |row| row.get(0)).optional());
        if let Some(known) = known.doing(KEEPING)? {
            return Ok(known);
        }
        if self.is_closed {
            let packed = self.whole(&[])?;
            return self.write(&hash, 0, &packed).doing(KEEPING);
        }
        let bytes = &self.delivery.bytes;
        let packed = self.packed()?;
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let raw = self.write(&hash, size, &packed).doing(KEEPING)?;
        self.move_tip(raw).doing(KEEPING)?;
        Ok(raw)
    }

    /// As the difference to the last one of its kind, where that is sound, near enough and pays.
    fn packed(&self) -> Result<Packed, StoreError> {
        let bytes = &self.delivery.bytes;
        let Some(base) = self.base()? else { return self.whole(bytes) };
        // a base that is damaged is the check-up's business: what comes now is kept
        let Ok(Some(before)) = chain::bytes(self.tx, base) else { return self.whole(bytes) };
        match pack::difference(bytes, &before).map_err(unpacked)? {
            None => self.whole(bytes),
            Some(packed) => {
                let depth = chain::depth(self.tx, base).doing(KEEPING)? + 1;
                Ok(Packed { bytes: packed, base: Some((base, depth)) })
            }
        }
    }

    fn whole(&self, bytes: &[u8]) -> Result<Packed, StoreError> {
        Ok(Packed { bytes: pack::whole(bytes).map_err(unpacked)?, base: None })
    }

    /// What it may lean on: the last delivery of its feed that was of its kind.
    fn base(&self) -> Result<Option<i64>, StoreError> {
        let bytes = self.delivery.bytes.len();
        if !(SHORT..=pack::LONGEST).contains(&bytes) {
            return Ok(None);
        }
        let sql = "SELECT w.id FROM tip t JOIN raw w ON w.id = t.raw LEFT JOIN lean l ON l.raw = w.id
             WHERE t.feed = ?1 AND t.kind = ?2 AND w.size BETWEEN 1 AND ?3 AND coalesce(l.depth, 0) < ?4";
        let most = bytes.saturating_mul(MUCH_LONGER).min(pack::LONGEST);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut query = self.tx.prepare_cached(sql).doing(KEEPING)?;
        let found = query.query_row(params![self.feed, self.kind(), most, chain::DEPTH], |row| row.get(0));
        let Some(base) = found.optional().doing(KEEPING)? else { return Ok(None) };
        let is_like = bytes >= LONG || self.shows_again(base).doing(KEEPING)?;
        Ok(is_like.then_some(base))
    }

    /// Did that delivery hold some of these stories?
    fn shows_again(&self, raw: i64) -> rusqlite::Result<bool> {
        let mut query =
            self.tx.prepare_cached("SELECT holds FROM delivery WHERE raw = ?1 AND feed = ?2 LIMIT 1")?;
        let held: Option<Option<Vec<u8>>> =
            query.query_row(params![raw, self.feed], |row| row.get(0)).optional()?;
        let held = held.flatten().unwrap_or_default();
        Ok(lacking(&held, &self.holds).len() < self.holds.len())
    }

    /// A feed's document and the pages behind its stories take turns, and have little in common.
    fn kind(&self) -> &'static str {
        extension(&self.delivery.bytes)
    }

    fn write(&self, hash: &[u8], size: i64, packed: &Packed) -> rusqlite::Result<i64> {
        let sql = "INSERT INTO raw (sha256, size, bytes) VALUES (?1, ?2, ?3)";
        let raw = self.tx.prepare_cached(sql)?.insert(params![hash, size, packed.bytes])?;
        if let Some((base, depth)) = packed.base {
            let sql = "INSERT INTO lean (raw, base, depth) VALUES (?1, ?2, ?3)";
            self.tx.prepare_cached(sql)?.execute([raw, base, depth])?;
        }
        Ok(raw)
    }

    fn move_tip(&self, raw: i64) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO tip (feed, kind, raw) VALUES (?1, ?2, ?3)";
        self.tx.prepare_cached(sql)?.execute(params![self.feed, self.kind(), raw]).map(drop)
    }

    fn keep_label(&self, raw: i64) -> rusqlite::Result<i64> {
        let Delivery { url, content_type, received, .. } = self.delivery;
        let sql = "SELECT id, holds FROM delivery WHERE raw = ?1 AND feed = ?2 AND url IS ?3";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Option<Vec<u8>>>(1)?));
        let known = self.tx.prepare_cached(sql)?.query_row(params![raw, self.feed, url], row).optional()?;
        if let Some((id, held)) = known {
            // read anew by other rules, the same bytes may be other stories; of an old row nobody knows
            let held = held.unwrap_or_else(|| self.holds.clone());
            let more = lacking(&held, &self.holds);
            if !more.is_empty() {
                let sql = "UPDATE delivery SET holds = ?2 WHERE id = ?1";
                self.tx.prepare_cached(sql)?.execute(params![id, [held, more].concat()])?;
            }
            return Ok(id);
        }
        let sql = "INSERT INTO delivery (feed, raw, url, content_type, received, holds)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let received = received.as_microsecond();
        let label = params![self.feed, raw, url, content_type, received, self.holds];
        self.tx.prepare_cached(sql)?.insert(label)
    }
}

/// Which stories a delivery holds, in few bytes.
pub(super) fn marks<'i>(ids: impl Iterator<Item = &'i str>) -> Vec<u8> {
    ids.flat_map(|id| crc32fast::hash(id.as_bytes()).to_le_bytes()).collect()
}

/// The marks of `wanted` that are not among `held`.
fn lacking(held: &[u8], wanted: &[u8]) -> Vec<u8> {
    let held: HashSet<&[u8]> = held.chunks(MARK).collect();
    wanted.chunks(MARK).filter(|mark| !held.contains(mark)).flatten().copied().collect()
}

fn unpacked(error: pack::Unpacked) -> StoreError {
    StoreError::storage(KEEPING, error.to_string(), "make room in memory")
}
