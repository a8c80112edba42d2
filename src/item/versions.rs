//! Which of two revisions of a story is current, whatever order they arrived in.

use std::cmp::Ordering;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::NewsItem;

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
    (version_number(item), item.updated.or(item.published), item.received)
}

/// The number in a printed version; a date-like or unreadable one says nothing.
fn version_number(item: &NewsItem) -> u64 {
    item.version.as_deref().and_then(|v| v.trim().parse().ok()).unwrap_or(1)
}

/// SHA-256, in hex, of everything a provider said: equal for an unchanged re-delivery.
///
/// When it was received, on which feed, and whether it was taken back is ours and left out.
#[must_use]
pub fn content_hash(item: &NewsItem) -> String {
    let said = NewsItem { received: None, feed: None, recalled: None, ..item.clone() };
    let bytes = serde_json::to_vec(&said).unwrap_or_default();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(version: &str, updated: i64, received: i64) -> NewsItem {
        NewsItem {
            version: Some(version.into()),
            updated: Timestamp::from_second(updated).ok(),
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
}
