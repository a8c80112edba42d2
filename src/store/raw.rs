//! Raw deliveries: bytes as received, kept once.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::error::{Doing, StoreError};
use super::types::DeliveryId;
use crate::wire::Delivery;

/// zstd's quickest level: feeds are repetitive, and the writer's time is dear.
const LEVEL: i32 = 1;

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
}

impl<'a> Raw<'a> {
    pub(super) fn new(tx: &'a Connection, feed: &'a str, delivery: &'a Delivery) -> Self {
        Self { tx, feed, delivery, kept: None, is_closed: false, repeated: HashSet::new() }
    }

    /// Keeps it, if it is not kept yet: equal bytes once, equal bytes from the same feed and place under one number.
    pub(super) fn keep(&mut self) -> Result<DeliveryId, StoreError> {
        if let Some(kept) = self.kept {
            return Ok(kept);
        }
        let raw = self.keep_bytes().doing("keeping a raw delivery")?;
        let id = self.keep_label(raw).doing("keeping a raw delivery")?;
        Ok(*self.kept.insert(DeliveryId(id.cast_unsigned())))
    }

    fn keep_bytes(&self) -> rusqlite::Result<i64> {
        let bytes = &self.delivery.bytes;
        let hash = Sha256::digest(bytes);
        let known = self
            .tx
            .prepare_cached("SELECT id FROM raw WHERE sha256 = ?1")?
            .query_row([&hash[..]], |row| row.get(0))
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        let bytes: &[u8] = if self.is_closed { &[] } else { bytes };
        let packed = zstd::bulk::compress(bytes, LEVEL)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let sql = "INSERT INTO raw (sha256, size, bytes) VALUES (?1, ?2, ?3)";
        self.tx.prepare_cached(sql)?.insert(params![&hash[..], size, packed])
    }

    fn keep_label(&self, raw: i64) -> rusqlite::Result<i64> {
        let Delivery { url, content_type, received, .. } = self.delivery;
        let sql = "SELECT id FROM delivery WHERE raw = ?1 AND feed = ?2 AND url IS ?3";
        let known = self
            .tx
            .prepare_cached(sql)?
            .query_row(params![raw, self.feed, url], |row| row.get(0))
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        let sql = "INSERT INTO delivery (feed, raw, url, content_type, received) VALUES (?1, ?2, ?3, ?4, ?5)";
        let received = received.as_microsecond();
        self.tx.prepare_cached(sql)?.insert(params![self.feed, raw, url, content_type, received])
    }
}
