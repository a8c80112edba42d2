//! The question.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::query::Clock;
use super::spelling::Spellings;
use super::tally::Bar;
use crate::item::NewsItem;

/// A question to the desk.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What the reader typed; nothing means every story.
    pub query: String,
    /// Only stories published then or later.
    pub since: Option<Timestamp>,
    /// Only stories published before.
    pub until: Option<Timestamp>,
    /// At most so many hits.
    pub limit: usize,
    /// Leaving out so many from the top.
    pub offset: usize,
    /// In which order.
    pub sort: Sort,
    /// Whether to count all stories that match.
    pub count: bool,
    /// How long a passage to show of each story, in characters; 0 for none.
    pub snippet: usize,
    /// One hit a thread, the best of it, where threads are known.
    pub group: bool,
    /// Information for editors (advisories, daybooks) instead of stories.
    pub editorial: bool,
    /// Count all stories that match by these of [`FACETS`](super::FACETS).
    pub facets: Vec<String>,
    /// Count all stories that match by time.
    pub histogram: Option<Bar>,
    /// Say of each hit of what its score is made.
    pub explain: bool,
    /// The time at which the gate is asked.
    pub now: Timestamp,
    /// Words that are looked for in other spellings too.
    pub spellings: Arc<Spellings>,
    /// Where the reader is: what `today` means, and a time without a zone.
    pub zone: TimeZone,
}

impl Ask {
    /// The ten best stories on `query` that may be shown at `now`.
    pub fn new(query: impl Into<String>, now: Timestamp) -> Self {
        Self {
            query: query.into(),
            since: None,
            until: None,
            limit: 10,
            offset: 0,
            sort: Sort::Relevance,
            count: false,
            snippet: 0,
            group: false,
            editorial: false,
            facets: Vec::new(),
            histogram: None,
            explain: false,
            spellings: Spellings::built_in(),
            now,
            zone: TimeZone::UTC,
        }
    }

    /// What times in the query mean.
    pub(super) fn clock(&self) -> Clock {
        Clock { now: self.now, zone: self.zone.clone() }
    }

    /// May this item be in the answer?
    pub(super) fn admits(&self, item: &NewsItem) -> bool {
        match self.editorial {
            true => item.is_for_editors(self.now),
            false => item.publishability(self.now).is_publishable(),
        }
    }
}

/// The order of hits. Equals come newest first, then last received first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first; newest first when nothing that was asked for can be weighed.
    #[default]
    Relevance,
    /// Best first, where a newer story counts for more: after three days half of its lead is gone.
    Fresh,
    /// Newest first.
    Newest,
}
