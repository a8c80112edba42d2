//! Taking back: what an item orders, and what a story is under.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::NewsItem;
use super::words::{self, Kind};

/// What is done to a story that was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Lifts a hold.
    Release,
    /// Held until it is released (dpa's HOLD, AP's withhold).
    Hold,
    /// Taken back for good: kill, elimination, withdrawal.
    #[default]
    Kill,
}

impl Verb {
    /// One word for a person.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Release => "released",
            Self::Hold => "on hold",
            Self::Kill => "killed",
        }
    }
}

/// What an item orders to be done to a story that it names, as old wires do it: by slug, number or headline; or by its identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// What is to be done.
    pub verb: Verb,
    /// The story's slug, cycle designator and version left out: `US--Capitol Roe`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// The story's transmission number: `V9991`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The story's headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// The story's `id`, where the provider names it by its identifier: NITF's `management-doc-idref`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<String>,
    /// The words that order it, as printed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// A story's state when it was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recalled {
    /// What was done to it.
    pub verb: Verb,
    /// Since when: when the order was received.
    pub at: Timestamp,
    /// The item that ordered it: its id; none when a person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why, for a person: the order's own words, how it was matched.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Several stories answer to the order: held until a person has decided which was meant.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unsure: bool,
}

impl std::fmt::Display for Recalled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = if self.unsure { "perhaps killed, to be reviewed" } else { self.verb.word() };
        write!(f, "{word} {}", self.at)?;
        if self.reason.is_empty() { Ok(()) } else { write!(f, ", {}", self.reason) }
    }
}

impl NewsItem {
    /// Is it an order and nothing else? What takes the place of a story that it names by identifier is a story itself.
    #[must_use]
    pub fn is_order_alone(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.story.is_none() || self.body_text.is_none())
    }

    /// What this revision does to the story it belongs to: a kill or hold of its own chain, by status or editorial type.
    #[must_use]
    pub fn own_verb(&self) -> Option<Verb> {
        let by_status = match self.pub_status.as_deref() {
            Some("canceled") => Some(Verb::Kill),
            Some("withheld") => Some(Verb::Hold),
            _ => None,
        };
        let by_type = self.editorial_type.as_deref().and_then(words::kind).and_then(|kind| match kind {
            Kind::Kill => Some(Verb::Kill),
            Kind::Hold => Some(Verb::Hold),
            Kind::Editorial => None,
        });
        by_status.max(by_type)
    }

    /// What remains to be said of a story whose copy must not be seen: who it is, where from, and what was done to it; with
    /// all that the gate asks, so that it stays held.
    #[must_use]
    pub fn without_copy(&self) -> Self {
        Self {
            id: self.id.clone(),
            guid: self.guid.clone(),
            identified_by: self.identified_by.clone(),
            version: self.version.clone(),
            provider: self.provider.clone(),
            feed: self.feed.clone(),
            format: self.format.clone(),
            class: self.class.clone(),
            pub_status: self.pub_status.clone(),
            editorial_type: self.editorial_type.clone(),
            transmission: self.transmission.clone(),
            signals: self.signals.clone(),
            embargoed: self.embargoed.clone(),
            usage_terms: self.usage_terms.clone(),
            expires: self.expires,
            received: self.received,
            recalled: self.recalled.clone(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Embargo;
    use super::*;

    #[test]
    fn a_status_or_a_type_does_it_and_the_harder_one_counts() {
        let item = |status: &str, kind: &str| NewsItem {
            pub_status: Some(status.into()),
            editorial_type: Some(kind.into()),
            ..NewsItem::default()
        };
        let cases = [
            (item("usable", "Lead"), None),
            (item("canceled", "Lead"), Some(Verb::Kill)),
            (item("withheld", ""), Some(Verb::Hold)),
            (item("withheld", "Kill"), Some(Verb::Kill)),
            (item("usable", "Elimination"), Some(Verb::Kill)),
            (item("usable", "Advisory"), None),
        ];
        for (item, expected) in cases {
            assert_eq!(item.own_verb(), expected, "{item:?}");
        }
    }

    #[test]
    fn what_is_told_without_its_copy_stays_held() {
        let cases = [
            NewsItem { embargoed: Some(Embargo::Open(String::new())), ..NewsItem::default() },
            NewsItem { usage_terms: Some("Not for publication".into()), ..NewsItem::default() },
            NewsItem { pub_status: Some("withheld".into()), ..NewsItem::default() },
            NewsItem { editorial_type: Some("Kill".into()), ..NewsItem::default() },
        ];
        for item in cases {
            let item = NewsItem { headline: Some("Moles".into()), ..item };
            let bare = item.without_copy();
            assert_eq!((&bare.headline, &bare.body_text), (&None, &None));
            let now = Timestamp::UNIX_EPOCH;
            assert_eq!(bare.publishability(now), item.publishability(now), "{item:?}");
            assert!(item.is_taken_back(now), "{item:?}");
        }
    }
}
