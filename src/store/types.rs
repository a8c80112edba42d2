//! The small types that the store takes and gives.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::pace::Pace;
use crate::item::NewsItem;
use crate::wire::{Cursor, Delivery};

/// A place in the log: 1 for the first revision ever landed, growing, never used again. 0 is before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seq(pub u64);

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of a kept raw delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeliveryId(pub u64);

/// One entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Its place in the log.
    pub seq: Seq,
    /// The story as this revision has it.
    pub item: NewsItem,
    /// Whether it is its story's current revision, at the time of reading.
    pub current: bool,
    /// The raw delivery it was read from.
    pub delivery: DeliveryId,
}

/// Where one feed stands between two polls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedState {
    /// The feed's id in the config.
    pub id: String,
    /// What to send with the next poll.
    pub cursor: Cursor,
    /// When it was last asked, whatever came of it.
    pub last_poll: Option<Timestamp>,
    /// When it last answered well, a 304 included.
    pub last_good: Option<Timestamp>,
    /// When it last brought a new or revised story: what tells a quiet feed from a busy one. The store sets it.
    /// Landing sets it to `last_poll`; it need not be kept up by the caller.
    pub last_new: Option<Timestamp>,
    /// When it is to be asked again.
    pub next_due: Option<Timestamp>,
    /// Failures in a row; 0 after a good answer.
    pub failures: u32,
    /// What went wrong last; `None` after a good answer.
    pub last_error: Option<LastError>,
    /// Its server asked to be left alone until then (`Retry-After`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_alone_until: Option<Timestamp>,
    /// Where its server says it has moved for good. Remembered and reported; the config's address is asked all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// It has brought nothing new for strangely long: since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_since: Option<Timestamp>,
    /// How often it has gone quiet.
    pub silences: u32,
    /// How it goes by its own measure. Landing keeps it, but for what the provider asks and whether it is a window.
    pub pace: Pace,
}

/// A permanent redirect, as long as it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Moved {
    /// The new address, nothing secret in it.
    pub to: String,
    /// When it was first said.
    pub since: Option<Timestamp>,
    /// In how many polls in a row.
    pub polls: u32,
}

/// The last failure of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastError {
    /// Where in the pipeline, as in reports: `FETCH`, `READ`, `STORE`, `INDEX`; empty when an older wiredesk wrote it.
    pub stage: String,
    /// One word, as in reports: `timeout`, `http_status`, `not_a_feed` ...
    pub class: String,
    /// One line for a person.
    pub message: String,
}

/// One feed's poll, to be landed whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct Landing {
    /// Where the feed stands once this is landed; its `id` says which feed.
    pub state: FeedState,
    /// What came: one part a delivery, several for a drop folder or a paged feed, none for a 304.
    pub parts: Vec<Part>,
}

/// One delivery and what was read from it.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The bytes as received. Kept when they brought a new or revised item, or faults.
    pub delivery: Delivery,
    /// The items, normalised. Where `feed` or `received` is missing, the landing's is put in.
    pub items: Vec<NewsItem>,
    /// The document as a whole had faults that may have cost it stories, so that its bytes are worth keeping in any case.
    pub faulty: bool,
}

/// What became of one [`Landing`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Landed {
    /// Stories seen for the first time.
    pub new: usize,
    /// New revisions of known stories, current or not.
    pub revised: usize,
    /// Items the log already holds word for word.
    pub unchanged: usize,
    /// The first revision this landing appended, when it appended any.
    pub first_seq: Option<Seq>,
    /// The last one.
    pub last_seq: Option<Seq>,
    /// No story of the feed's last delivery was in this one: some may have been missed.
    pub overflowed: bool,
}

/// How much the store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Stories, each with one current revision.
    pub stories: u64,
    /// Revisions in the log.
    pub revisions: u64,
    /// Raw deliveries kept.
    pub deliveries: u64,
    /// Feeds that were ever polled.
    pub feeds: u64,
}
