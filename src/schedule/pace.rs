//! The next due time of one feed: its cadence, its failures, what its server asked for.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// However often a feed fails, it is asked again within this time: never a silent death.
pub const LONGEST_BACKOFF: Duration = Duration::from_secs(4 * 3600);

/// A failing feed is asked again after this at most, the first time.
const FIRST_BACKOFF: Duration = Duration::from_secs(5 * 60);

/// Feeds of one cadence are spread over this at most.
const LONGEST_SPREAD: Duration = Duration::from_secs(30);

/// When a feed is due again, strictly after `after`.
///
/// `tick` is the cadence's own next time. A feed that failed `failures` times running waits its back-off; one whose cadence
/// is rarer than the longest back-off (a daily cron) is retried before its next tick. `retry_after` is obeyed in full.
/// `feed` (the feed's id) spreads the retries of many feeds, the same way on every run.
#[must_use]
pub fn next_due(
    feed: &str,
    tick: Option<Timestamp>,
    after: Timestamp,
    failures: u32,
    retry_after: Option<Duration>,
) -> Option<Timestamp> {
    let due = if failures == 0 { tick } else { Some(retry(feed, tick, after, failures)) };
    match retry_after {
        Some(asked) => Some(due.unwrap_or(Timestamp::MIN).max(later(after, asked))),
        None => due,
    }
}

fn retry(feed: &str, tick: Option<Timestamp>, after: Timestamp, failures: u32) -> Timestamp {
    let gap =
        tick.and_then(|tick| Duration::try_from(tick.duration_since(after)).ok()).unwrap_or(Duration::MAX);
    let wait = backoff(failures, gap);
    let waited = later(after, wait + jitter(feed, wait));
    match tick {
        Some(tick) if gap <= LONGEST_BACKOFF => waited.max(tick),
        _ => waited,
    }
}

/// A tick of the cadence, moved on by the feed's own part of a twentieth of the way there, and of half a minute at most.
#[must_use]
pub fn spread(feed: &str, tick: Timestamp, after: Timestamp) -> Timestamp {
    let way = Duration::try_from(tick.duration_since(after)).unwrap_or_default();
    later(tick, jitter(feed, (way / 2).min(10 * LONGEST_SPREAD)))
}

/// How long a feed rests after `failures` failures in a row: `base` (5 minutes at most) doubled each time, up to 4 hours.
#[must_use]
pub fn backoff(failures: u32, base: Duration) -> Duration {
    let doublings = failures.saturating_sub(1).min(31);
    base.min(FIRST_BACKOFF).saturating_mul(1 << doublings).min(LONGEST_BACKOFF)
}

/// A part of a tenth of `period`, the same for the same feed on every run: feeds that failed together do not return together.
#[must_use]
pub fn jitter(feed: &str, period: Duration) -> Duration {
    (period / 10).mul_f64(f64::from(fnv(feed) >> 8) / f64::from(1 << 24))
}

/// FNV-1a: small, and the same in every release, which the standard hasher is not.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// `at` plus `wait`, held at the end of time where it would pass it.
pub(super) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_feed_that_fails_rests_longer_each_time_and_never_more_than_four_hours() {
        let rests: Vec<u64> = (1..=10).map(|n| backoff(n, 2 * MINUTE).as_secs() / 60).collect();
        assert_eq!(rests, [2, 4, 8, 16, 32, 64, 128, 240, 240, 240]);
        assert_eq!(backoff(u32::MAX, Duration::MAX), LONGEST_BACKOFF);
        assert_eq!(backoff(1, Duration::from_secs(86_400)), 5 * MINUTE);
    }

    #[test]
    fn a_healthy_feed_is_due_at_its_own_tick() {
        let tick = Some(at("2024-04-01T09:02:00Z"));
        assert_eq!(next_due("ap", tick, at("2024-04-01T09:00:00Z"), 0, None), tick);
        assert_eq!(next_due("ap", None, at("2024-04-01T09:00:00Z"), 0, None), None);
    }

    #[test]
    fn a_failing_feed_never_comes_before_its_tick_unless_the_tick_is_far() {
        let now = at("2024-04-01T09:00:00Z");
        let near = next_due("ap", Some(at("2024-04-01T10:00:00Z")), now, 1, None).unwrap();
        assert_eq!(near, at("2024-04-01T10:00:00Z"));
        let far = next_due("ap", Some(at("2024-04-02T09:00:00Z")), now, 1, None).unwrap();
        assert!(far >= at("2024-04-01T09:05:00Z") && far <= at("2024-04-01T09:05:30Z"), "{far}");
    }

    #[test]
    fn retry_after_is_obeyed_in_full() {
        let now = at("2024-04-01T09:00:00Z");
        let asked = Duration::from_secs(7 * 3600);
        let due = next_due("ap", Some(at("2024-04-01T09:02:00Z")), now, 3, Some(asked)).unwrap();
        assert_eq!(due, at("2024-04-01T16:00:00Z"));
        assert_eq!(next_due("ap", None, now, 0, Some(Duration::MAX)), Some(Timestamp::MAX));
    }

    #[test]
    fn feeds_of_one_cadence_do_not_come_all_at_once() {
        let now = at("2024-04-01T09:00:00Z");
        let moved = |tick: &str| -> Vec<i64> {
            let tick = at(tick);
            (0..200).map(|n| spread(&n.to_string(), tick, now).duration_since(tick).as_secs()).collect()
        };
        let (minutes, days) = (moved("2024-04-01T09:05:00Z"), moved("2024-04-03T09:00:00Z"));
        assert!(minutes.iter().all(|seconds| (0..15).contains(seconds)), "{minutes:?}");
        assert!(days.iter().all(|seconds| (0..30).contains(seconds)), "{days:?}");
        assert!(minutes.iter().max() > minutes.iter().min());
        assert_eq!(moved("2024-04-01T09:05:00Z"), minutes, "the same on every run");
    }

    #[test]
    fn jitter_is_the_same_every_run_and_differs_between_feeds() {
        let period = Duration::from_secs(1000);
        assert_eq!(jitter("ap-top", period), jitter("ap-top", period));
        assert_ne!(jitter("ap-top", period), jitter("reuters-top", period));
        assert!((0..500).all(|n| jitter(&n.to_string(), period) < Duration::from_secs(100)));
    }
}
