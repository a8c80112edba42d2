//! How a feed goes by its own measure: its pace, how much it holds at a time, whether it ran over.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::types::{FeedState, Landed, Part};

/// What the polls of a feed have shown of its pace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// Seconds from one new story to the next, on a moving average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<u64>,
    /// Stories in the last delivery that had any: what the feed holds at a time.
    pub window: u32,
    /// Seconds between polls that the provider asks for: `ttl`, `sy:`, `Cache-Control`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<u64>,
    /// Every delivery is the feed's newest stories, so that one can be missed between two; false for a folder.
    pub is_window: bool,
    /// How often a delivery held no story of the one before: stories between them may have been missed.
    pub overflows: u32,
    /// When it did so last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overflowed: Option<Timestamp>,
}

/// What a delivery shows before it is landed.
pub(super) struct Shown {
    stories: u32,
    /// Seconds between its stories by their own dates.
    gap: Option<u64>,
}

impl Shown {
    pub(super) fn of(parts: &[Part]) -> Self {
        let items = || parts.iter().flat_map(|part| &part.items);
        let ids: BTreeSet<&str> = items().map(|item| item.id.as_str()).collect();
        let dates: Vec<i64> =
            items().filter_map(|item| item.published).map(|at| at.instant().as_second()).collect();
        let span = dates.iter().max().zip(dates.iter().min()).map(|(last, first)| last.abs_diff(*first));
        let gap = span.filter(|span| *span > 0).map(|span| span / (dates.len() as u64 - 1).max(1));
        Self { stories: u32::try_from(ids.len()).unwrap_or(u32::MAX), gap }
    }
}

impl Pace {
    /// The pace after a landing at `now`; `before` is where the feed stood. True when the feed has run over.
    pub(super) fn follow(
        &mut self,
        before: Option<&FeedState>,
        shown: &Shown,
        landed: &Landed,
        now: Timestamp,
    ) -> bool {
        if shown.stories == 0 {
            return false;
        }
        let new = u32::try_from(landed.new).unwrap_or(u32::MAX);
        let last = before.and_then(|before| before.last_poll);
        let since = last.map(|last| now.as_second().abs_diff(last.as_second()));
        self.gap = match (self.gap, since) {
            (None, _) => shown.gap,
            (Some(gap), Some(since)) if new > 0 => Some((gap * 7 + since / u64::from(new) * 3).div_ceil(10)),
            (gap, _) => gap,
        };
        // one story that takes another's place is how some feeds are; several are a gap
        let is_over = self.is_window && self.window >= 2 && shown.stories >= 2 && new >= shown.stories;
        if is_over {
            self.overflows = self.overflows.saturating_add(1);
            self.overflowed = Some(now);
        }
        self.window = shown.stories;
        is_over
    }

    /// Takes over what landings have shown since this was read; what the poll itself knows stays.
    pub(super) fn keep(&mut self, landed: &Pace) {
        *self = Self { asked: self.asked, is_window: self.is_window, ..landed.clone() };
    }

    /// The average gap.
    #[must_use]
    pub fn gap(&self) -> Option<Duration> {
        self.gap.map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn polled(second: i64) -> FeedState {
        FeedState { last_poll: Some(at(second)), ..FeedState::default() }
    }

    fn shown(stories: u32) -> Shown {
        Shown { stories, gap: Some(600) }
    }

    fn new(new: usize) -> Landed {
        Landed { new, ..Landed::default() }
    }

    #[test]
    fn the_pace_begins_with_the_dates_of_the_first_delivery_and_follows_what_is_new() {
        let mut pace = Pace::default();
        pace.follow(None, &shown(20), &new(20), at(0));
        assert_eq!(pace.gap, Some(600));
        pace.follow(Some(&polled(0)), &shown(20), &new(10), at(100));
        assert_eq!(pace.gap, Some(423), "ten in a hundred seconds");
        pace.follow(Some(&polled(100)), &shown(20), &new(0), at(9_000));
        assert_eq!(pace.gap, Some(423));
        pace.follow(Some(&polled(9_000)), &shown(0), &new(0), at(9_100));
        assert_eq!(pace.window, 20, "an answer without stories says nothing");
    }

    #[test]
    fn a_delivery_without_one_known_story_has_run_over() {
        let table =
            [(true, 20, 20, true), (true, 20, 19, false), (true, 1, 1, false), (false, 20, 20, false)];
        for (is_window, stories, count, expected) in table {
            let mut pace = Pace { is_window, window: 20, ..Pace::default() };
            let over = pace.follow(Some(&polled(0)), &shown(stories), &new(count), at(60));
            assert_eq!(
                (over, pace.overflows),
                (expected, u32::from(expected)),
                "{is_window} {stories} {count}"
            );
        }
        let mut first = Pace { is_window: true, ..Pace::default() };
        assert!(!first.follow(None, &shown(20), &new(20), at(0)), "the first time all are new");
    }

    #[test]
    fn what_a_landing_has_shown_is_not_lost_to_a_state_that_was_read_before_it() {
        let landed = Pace { gap: Some(60), window: 9, overflows: 2, ..Pace::default() };
        let mut read_before = Pace { asked: Some(300), is_window: true, ..Pace::default() };
        read_before.keep(&landed);
        assert_eq!(read_before, Pace { asked: Some(300), is_window: true, ..landed });
    }
}
