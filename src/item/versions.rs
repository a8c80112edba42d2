//! Which of two revisions of a story is current, whatever order they arrived in.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Display;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{NewsItem, Recalled};

/// True when `a` takes the place of `b` as the current version of their story.
///
/// A total order over values the items carry, so any order of arrival ends in the same current version (invariant 3):
/// the provider's version number, then its date, then when it was received, then the content's hash.
/// An item without a version number counts as version 1 (NewsML-G2 2.35, `version`).
#[must_use]
pub fn supersedes(a: &NewsItem, b: &NewsItem) -> bool {
    rank(a).cmp(&rank(b)).then_with(|| content_hash(a).cmp(&content_hash(b))) == Ordering::Greater
}

type Rank = (u64, Option<Timestamp>, Option<Timestamp>);

fn rank(item: &NewsItem) -> Rank {
    (version_number(item), item.dated(), item.received)
}

/// The number in a printed version; a date-like or unreadable one says nothing.
fn version_number(item: &NewsItem) -> u64 {
    item.version.as_deref().and_then(|v| v.trim().parse().ok()).unwrap_or(1)
}

/// SHA-256, in hex, of everything a provider said: equal for an unchanged re-delivery.
///
/// When it was received, on which feed, and whether it was taken back is ours and left out. The instants are the words, and
/// not the clocks that told them: `22:46-03:00` says what `01:46Z` says.
#[must_use]
pub fn content_hash(item: &NewsItem) -> String {
    Said::of(&mut item.clone()).unwrap_or_default().hash()
}

/// Everything a provider said, written down once: what is hashed is what is kept.
#[derive(Debug, Default)]
pub struct Said {
    json: String,
    /// Times by another clock than that of UTC, as written and as hashed.
    clocks: Vec<(String, String)>,
}

/// What is ours in an item.
#[derive(Serialize)]
struct Ours<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    feed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recalled: Option<&'a Recalled>,
}

impl Said {
    /// Writes down what `item` says; it is left as it was.
    ///
    /// # Errors
    /// None that is known: an item holds nothing that JSON cannot.
    pub fn of(item: &mut NewsItem) -> serde_json::Result<Self> {
        let ours = (item.feed.take(), item.received.take(), item.recalled.take());
        let json = serde_json::to_string(item);
        (item.feed, item.received, item.recalled) = ours;
        let times = [("published", item.published), ("updated", item.updated)];
        let told = times.into_iter().filter_map(|(key, at)| Some((key, at.filter(|at| at.has_offset())?)));
        let clocks = told.map(|(key, at)| (written(key, at), written(key, at.instant()))).collect();
        Ok(Self { json: json?, clocks })
    }

    /// [`content_hash`] of it.
    #[must_use]
    pub fn hash(&self) -> String {
        let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
        let mut said = Cow::Borrowed(&self.json);
        for (told, in_utc) in &self.clocks {
            said = Cow::Owned(said.replacen(told, in_utc, 1));
        }
        let digest = Sha256::digest(said.as_bytes());
        digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    /// `item` as JSON: what was said, and behind it what is ours.
    ///
    /// # Errors
    /// As of [`Self::of`].
    pub fn json_of(mut self, item: &NewsItem) -> serde_json::Result<String> {
        let NewsItem { feed, received, recalled, .. } = item;
        let ours = Ours { feed: feed.as_deref(), received: *received, recalled: recalled.as_ref() };
        let ours = serde_json::to_string(&ours)?;
        // two objects become one
        if let (Some(ours), Some('}')) = (ours.strip_prefix("{\""), self.json.pop()) {
            self.json.extend([",\"", ours]);
        } else {
            self.json.push('}');
        }
        Ok(self.json)
    }
}

/// A key of JSON with its value. Within a text the quotation marks would be escaped: it is found nowhere else.
fn written(key: &str, value: impl Display) -> String {
    format!("\"{key}\":\"{value}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(version: &str, updated: i64, received: i64) -> NewsItem {
        NewsItem {
            version: Some(version.into()),
            updated: Timestamp::from_second(updated).ok().map(Into::into),
            received: Timestamp::from_second(received).ok(),
            ..NewsItem::default()
        }
    }

    #[test]
    fn later_versions_then_later_dates_then_later_arrivals_win() {
        let cases = [
            (revision("2", 0, 0), revision("1", 9, 9), true),
            (revision("10", 0, 0), revision("9", 0, 0), true),
            (revision("1", 2, 0), revision("1", 1, 9), true),
            (revision("1", 1, 2), revision("1", 1, 1), true),
            (revision("1", 1, 1), revision("1", 1, 1), false),
        ];
        for (a, b, expected) in cases {
            assert_eq!(supersedes(&a, &b), expected, "{a:?} over {b:?}");
            assert!(!supersedes(&b, &a) || !expected, "both supersede: {a:?} {b:?}");
        }
    }

    #[test]
    fn an_unchanged_redelivery_has_the_same_hash() {
        assert_eq!(content_hash(&revision("1", 1, 1)), content_hash(&revision("1", 1, 2)));
        assert_ne!(content_hash(&revision("1", 1, 1)), content_hash(&revision("1", 2, 1)));
    }

    /// Hashes of what was kept before times had clocks: stores hold them.
    #[test]
    fn another_clock_makes_no_other_words() {
        const KEPT: &str = "500771782cfd2398e93d49e760a62052a756e042e73755de1feedf741624ced8";
        let told = |published: &str, updated: &str| NewsItem {
            id: "abcdefghijklmnop".into(),
            headline: Some(r#""published":"2024-05-03T22:46:08-03:00""#.into()),
            published: published.parse().ok(),
            updated: updated.parse().ok(),
            ..NewsItem::default()
        };
        for item in [
            told("2024-05-04T01:46:08Z", "2024-05-04T02:00:00.5Z"),
            told("2024-05-03T22:46:08-03:00", "2024-05-04T02:00:00.5Z"),
            told("2024-05-04T01:46:08Z", "2024-05-04T04:00:00.5+02:00"),
            told("2024-05-03T22:46:08-03:00", "2024-05-03T22:00:00.5-04:00"),
        ] {
            assert_eq!(content_hash(&item), KEPT, "{item:?}");
            let (published, updated) =
                (item.published.unwrap().to_string(), item.updated.unwrap().to_string());
            let json = Said::of(&mut item.clone()).unwrap().json_of(&item).unwrap();
            let read: NewsItem = serde_json::from_str(&json).unwrap();
            assert_eq!(read.published.unwrap().to_string(), published);
            assert_eq!(read.updated.unwrap().to_string(), updated);
        }
    }

    #[test]
    fn what_is_written_down_is_the_whole_item() {
        let mut whole = NewsItem { feed: Some("a \"b\"".into()), ..revision("1", 1, 2) };
        let mut said_only = NewsItem { id: "x".into(), ..NewsItem::default() };
        for item in [&mut whole, &mut said_only] {
            let before = item.clone();
            let said = Said::of(item).unwrap();
            assert_eq!(said.hash(), content_hash(&before));
            let json = said.json_of(item).unwrap();
            assert_eq!(serde_json::from_str::<NewsItem>(&json).unwrap(), before, "{json}");
            assert_eq!(*item, before);
        }
    }
}
