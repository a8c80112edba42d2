//! What a fetch gives back, and the limits it keeps.

use super::error::{Cause, FetchError};
use super::sane;
use crate::wire::{Cursor, Delivery};
use serde::Deserialize;
use std::time::Duration;

/// What one fetch brought.
#[derive(Debug)]
pub struct Fetched {
    /// New bytes, or none.
    pub outcome: Outcome,
    /// Where the feed stands once these deliveries are stored: saved in the same transaction as their items.
    /// When a body turns out damaged in the reading, keep the old cursor instead.
    pub cursor: Cursor,
    /// HTTP status, where there is one.
    pub status: Option<u16>,
    /// Bytes of all deliveries, after decompression.
    pub bytes: u64,
    /// There is more waiting than one fetch may bring: store this, then fetch again with the new cursor.
    pub more: bool,
    /// What the server said about asking again.
    pub hints: Hints,
    /// Single files of a folder that could not be read, by name, or why a body was cut short; what came all the same is in `outcome`.
    pub failures: Vec<(String, FetchError)>,
}

impl Fetched {
    /// The same, if none of it failed: for whoever can do nothing with half of an answer.
    pub(super) fn entire(self) -> Result<Self, Cause> {
        match self.failures.into_iter().next() {
            Some((_, failure)) => Err(failure.cause),
            None => Ok(Self { failures: Vec::new(), ..self }),
        }
    }
}

/// New bytes, or none.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing has changed since the cursor.
    NotModified,
    /// At least one delivery, oldest first.
    Deliveries(Vec<Delivery>),
}

/// What the server said about asking again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// `Retry-After` of an answer that was fine.
    pub retry_after: Option<Duration>,
    /// `Cache-Control: max-age`.
    pub max_age: Option<Duration>,
    /// Every redirect on the way was permanent (301, 308): the address that answered, nothing secret in it.
    pub moved_to: Option<String>,
}

/// What one fetch may cost.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one delivery after decompression. Default 16 MiB.
    #[serde(deserialize_with = "sane::size")]
    pub max_bytes: u64,
    /// From the request to the head of the answer. Default 20 s.
    #[serde(deserialize_with = "sane::time")]
    pub first_byte: Duration,
    /// From the request to the last byte, redirects included. Default 30 s.
    #[serde(deserialize_with = "sane::time")]
    pub whole: Duration,
    /// Redirects followed. Default 8.
    pub redirects: usize,
    /// Bytes one fetch of a folder may bring before it stops and says there is more. Default 64 MiB.
    #[serde(deserialize_with = "sane::size")]
    pub batch_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 16 << 20,
            first_byte: Duration::from_secs(20),
            whole: Duration::from_secs(30),
            redirects: 8,
            batch_bytes: 64 << 20,
        }
    }
}
