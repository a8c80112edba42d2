//! Which story is this? One identifier for all its versions, however badly the feed identifies it.
//!
//! A good guid, else the story's page, else headline and date, else the copy itself. A key that several different
//! items of one delivery share (one guid for a whole feed, a home page as every item's link: miniflux #797, #4197) says nothing.
//! A guid that changes at every poll cannot be told from a new story here.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest, Sha256};

use crate::item::{NewsItem, content_hash};

/// Who an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// 16 letters and digits.
    pub id: String,
    /// `guid`, `link`, `headline+date` or `content`.
    pub by: &'static str,
}

/// Keys of one delivery that do not tell its items apart.
#[derive(Debug, Default)]
pub struct Shared {
    keys: HashMap<String, bool>,
}

impl Shared {
    /// Looks through the items of one delivery; `feed_keys` are the feed's own identifier and addresses.
    #[must_use]
    pub fn among(items: &[NewsItem], feed_keys: &[Option<&str>]) -> Self {
        let mut keys: HashMap<String, bool> = HashMap::new();
        keys.extend(feed_keys.iter().flatten().map(|key| ((*key).to_owned(), true)));
        let mut first: HashMap<(&str, String), Option<&str>> = HashMap::new();
        for item in items {
            for key in [item.guid.as_deref(), item.link.as_deref()].into_iter().flatten() {
                match first.entry((key, version_mark(item))) {
                    Entry::Vacant(free) => drop(free.insert(item.headline.as_deref())),
                    Entry::Occupied(taken) if *taken.get() == item.headline.as_deref() => {}
                    Entry::Occupied(_) => drop(keys.insert(key.to_owned(), true)),
                }
            }
        }
        Self { keys }
    }

    fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }
}

/// Two items of one key are versions of one story when this differs (RFC 4287 4.1.1 allows that; NewsML-G2 does it).
fn version_mark(item: &NewsItem) -> String {
    let updated = item.updated.map(|at| at.instant().to_string());
    item.version.clone().or(updated).unwrap_or_default()
}

/// Decides who `item` is. `scope` keeps the identifiers of different providers apart.
#[must_use]
pub fn identify(item: &NewsItem, scope: &str, shared: &Shared) -> Identity {
    let good = |key: &Option<String>| key.clone().filter(|key| !shared.has(key));
    let guid = good(&item.guid).filter(|guid| item.headline.as_ref() != Some(guid) || item.link.is_none());
    let (by, key) = guid
        .map(|guid| ("guid", guid))
        .or_else(|| good(&item.link).map(|link| ("link", link)))
        .or_else(|| headline_and_date(item).map(|key| ("headline+date", key)))
        .unwrap_or_else(|| ("content", content_hash(&without_faults(item))));
    Identity { id: id_of(scope, &key), by }
}

/// The identity of an item whose provider says what its versions share.
#[must_use]
pub fn of_chain(chain: &str, scope: &str) -> Identity {
    Identity { id: id_of(scope, chain), by: "guid" }
}

/// What is odd about the copy is our own finding: a reader that finds more, or less, must not make a new story of it.
fn without_faults(item: &NewsItem) -> NewsItem {
    NewsItem { faults: Vec::new(), ..item.clone() }
}

fn headline_and_date(item: &NewsItem) -> Option<String> {
    let headline = item.headline.as_ref()?;
    // by the clock of UTC: another clock makes no other story
    item.published.map(|published| format!("{headline}\n{}", published.instant()))
}

/// The first 80 bits of SHA-256 over scope and key, in lower-case base 32 (RFC 4648 6).
fn id_of(scope: &str, key: &str) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let digest = Sha256::new().chain_update(scope).chain_update([0]).chain_update(key).finalize();
    let bits = digest.iter().take(10).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let letter = |at: u32| LETTERS.get(((bits >> (75 - 5 * at)) & 31) as usize).copied().map(char::from);
    (0..16).filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(guid: &str, link: &str, headline: &str, version: &str) -> NewsItem {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        NewsItem {
            guid: some(guid),
            link: some(link),
            headline: some(headline),
            version: some(version),
            ..NewsItem::default()
        }
    }

    fn decided(items: &[NewsItem]) -> Vec<&'static str> {
        let shared = Shared::among(items, &[Some("feed"), Some("http://a.example/")]);
        items.iter().map(|item| identify(item, "", &shared).by).collect()
    }

    #[test]
    fn the_best_key_that_tells_the_items_apart_decides() {
        let dated = NewsItem { published: "2024-04-01T12:00:00Z".parse().ok(), ..item("", "", "a", "") };
        let cases = [
            (vec![item("1", "l1", "a", ""), item("2", "l2", "b", "")], vec!["guid", "guid"]),
            (vec![item("1", "l1", "a", ""), item("1", "l2", "b", "")], vec!["link", "link"]),
            (vec![item("1", "l", "a", ""), item("1", "l", "b", "")], vec!["content", "content"]),
            (vec![item("1", "l", "a", "1"), item("1", "l", "b", "2")], vec!["guid", "guid"]),
            (vec![item("1", "l", "a", ""), item("1", "l", "a", "")], vec!["guid", "guid"]),
            (vec![item("", "l1", "a", "")], vec!["link"]),
            (vec![item("", "http://a.example/", "a", "")], vec!["content"]),
            (vec![item("feed", "l", "a", "")], vec!["link"]),
            (vec![item("a", "l", "a", "")], vec!["link"]),
            (vec![item("a", "", "a", "")], vec!["guid"]),
            (vec![dated], vec!["headline+date"]),
        ];
        for (items, expected) in cases {
            assert_eq!(decided(&items), expected, "{items:?}");
        }
    }

    #[test]
    fn the_identifier_is_sixteen_characters_and_kept_apart_by_scope() {
        let shared = Shared::default();
        let id = |scope: &str, guid: &str| identify(&item(guid, "", "", ""), scope, &shared).id;
        assert_eq!(id("", "abc").len(), 16);
        assert_eq!(id("AP", "abc"), id("AP", "abc"));
        assert_ne!(id("AP", "abc"), id("Reuters", "abc"));
        assert_ne!(id("a", "bc"), id("ab", "c"));
        assert!(id("", "abc").bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)));
    }

    #[test]
    fn what_a_reader_finds_odd_makes_no_new_story() {
        let plain = item("", "", "a", "");
        let odd = NewsItem { faults: vec![crate::wire::Fault::new("charset", "guessed")], ..plain.clone() };
        let shared = Shared::default();
        assert_eq!(identify(&plain, "", &shared).by, "content");
        assert_eq!(identify(&plain, "", &shared), identify(&odd, "", &shared));
    }

    /// The identifiers are those that stores hold from before times had clocks.
    #[test]
    fn another_clock_makes_no_other_story() {
        let dated = |headline: &str, guid: &str, published: &str, updated: &str| NewsItem {
            published: published.parse().ok(),
            updated: updated.parse().ok(),
            ..item(guid, "", headline, "")
        };
        for (published, updated) in [
            ("2024-05-04T01:46:08Z", "2024-05-04T02:00:00Z"),
            ("2024-05-03T22:46:08-03:00", "2024-05-04T04:00:00+02:00"),
        ] {
            let items = [
                dated("Ferry waits", "", published, ""),
                dated("Ferry goes", "x", "", updated),
                dated("Ferry stops", "x", "", updated),
            ];
            let shared = Shared::among(&items, &[]);
            let ids: Vec<_> = items.iter().map(|item| identify(item, "", &shared).id).collect();
            assert_eq!(ids, ["bjqheyqmkpn6yvcg", "j2wxlv3lbipxvxjg", "jbyomjgi7ujivzhn"], "{published}");
        }
    }

    #[test]
    fn a_second_version_is_the_same_story() {
        let first = item("urn:newsml:a.example:1", "l1", "a", "1");
        let second = item("urn:newsml:a.example:1", "l2", "b", "2");
        let shared = Shared::among(&[first.clone(), second.clone()], &[]);
        assert_eq!(identify(&first, "AP", &shared), identify(&second, "AP", &shared));
    }
}
