//! Which revision of a story is current, of all that are held? The rule by which landing keeps it current, asked anew.
//!
//! Words count from when they were first received, so that a slow feed that still prints the old ones changes nothing. But a
//! feed that goes back to words of its own, from words that the gate holds to words that it does not or the other way
//! round, says something by it: a hold was lifted, or is in force again. These words then count from their return.

use std::collections::{HashMap, HashSet};

use super::{NewsItem, content_hash, supersedes};

/// The place of the current one among all revisions of a story; none when there are none.
#[must_use]
pub fn elect(revisions: &[NewsItem]) -> Option<usize> {
    let mut order: Vec<usize> = (0..revisions.len()).collect();
    order.sort_by_key(|at| revisions.get(*at).and_then(|item| item.received));
    let mut last: HashMap<&Option<String>, (String, &NewsItem)> = HashMap::new();
    let (mut said, mut standing) = (HashSet::new(), HashMap::new());
    for (at, item) in order.into_iter().filter_map(|at| Some((at, revisions.get(at)?))) {
        let words = content_hash(item);
        let former = last.get(&item.feed).filter(|(former, _)| *former != words).map(|(_, item)| *item);
        let again = !said.insert((&item.feed, words.clone()));
        if former.is_some_and(|former| again && returns(item, former)) || !standing.contains_key(&words) {
            standing.insert(words.clone(), at);
        }
        last.insert(&item.feed, (words, item));
    }
    let later = |a: usize, b: usize| match (revisions.get(a), revisions.get(b)) {
        (Some(one), Some(other)) if supersedes(other, one) => b,
        _ => a,
    };
    standing.into_values().reduce(later)
}

/// A feed that said `former` last says `item`, which it had said before: does that count?
#[must_use]
pub fn returns(item: &NewsItem, former: &NewsItem) -> bool {
    item.shown().is_some() != former.shown().is_some() && item.received > former.received
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn said(feed: &str, status: &str, headline: &str, second: i64) -> NewsItem {
        NewsItem {
            feed: Some(feed.into()),
            pub_status: Some(status.into()),
            headline: Some(headline.into()),
            received: Timestamp::from_second(second).ok(),
            ..NewsItem::default()
        }
    }

    #[test]
    fn a_hold_that_is_lifted_by_the_same_words_is_lifted_and_a_slow_feed_lifts_none() {
        let (shown, held) = ("usable", "withheld");
        let cases: [(&str, Vec<NewsItem>, &str); 5] = [
            (
                "lifted",
                vec![said("x", shown, "a", 1), said("x", held, "b", 2), said("x", shown, "a", 3)],
                "a",
            ),
            (
                "in force again",
                vec![said("x", held, "b", 1), said("x", shown, "a", 2), said("x", held, "b", 3)],
                "b",
            ),
            (
                "a slow feed",
                vec![said("x", shown, "a", 1), said("x", held, "b", 2), said("y", shown, "a", 3)],
                "b",
            ),
            (
                "both shown",
                vec![said("x", shown, "a", 1), said("x", shown, "b", 2), said("x", shown, "a", 3)],
                "b",
            ),
            (
                "landed late",
                vec![said("x", held, "b", 2), said("x", shown, "a", 3), said("x", shown, "a", 1)],
                "a",
            ),
        ];
        for (name, revisions, expected) in cases {
            let current = &revisions[elect(&revisions).unwrap()];
            assert_eq!(current.headline.as_deref(), Some(expected), "{name}");
        }
        assert_eq!(elect(&[]), None);
    }
}
