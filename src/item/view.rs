//! A story as it is told at an instant: what we hold, and whether it may be shown.

use jiff::Timestamp;
use serde::Serialize;

use super::{NewsItem, Publishability};

/// The one JSON shape of a story: every key of [`NewsItem`], then the gate's answer.
#[derive(Debug, Clone, Serialize)]
pub struct Story<'a> {
    /// What we hold.
    #[serde(flatten)]
    pub item: &'a NewsItem,
    /// True when it may be shown at the instant asked about.
    pub publishable: bool,
    /// What the reader must be told of it: `correction`, `corrective`, `clarification`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<&'static str>,
    /// Which field holds it, with its value: `pub_status: canceled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_by: Option<String>,
}

impl NewsItem {
    /// The headline as a reader is shown it: a story without one says so.
    #[must_use]
    pub fn shown_headline(&self) -> &str {
        self.headline.as_deref().unwrap_or("(no headline)")
    }

    /// This item as it is told at `now`.
    #[must_use]
    pub fn told_at(&self, now: Timestamp) -> Story<'_> {
        let held_by = match self.publishability(now) {
            Publishability::Publishable => None,
            Publishability::Held(hold) => Some(hold.to_string()),
        };
        Story { item: self, publishable: held_by.is_none(), label: self.label(), held_by }
    }

    /// Held at `now`, and not only because its time is over: whoever has it is to be told.
    #[must_use]
    pub fn is_taken_back(&self, now: Timestamp) -> bool {
        match self.publishability(now) {
            Publishability::Publishable => false,
            Publishability::Held(hold) => hold.rule != "expiry",
        }
    }
}
