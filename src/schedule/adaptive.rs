//! `adaptive`: as often as the feed's own pace is worth, within what the operator allows and the provider asks for.

use std::time::Duration;

use super::span::{SpanError, parse_duration, show_duration};

/// Between which distances a feed is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adaptive {
    /// However fast it is.
    pub least: Duration,
    /// However quiet it is.
    pub most: Duration,
}

/// What is known of a feed, as far as its schedule goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// From one new story to the next, on the average.
    pub gap: Option<Duration>,
    /// Since the last new story.
    pub silence: Option<Duration>,
    /// Stories the feed holds at a time.
    pub window: u32,
    /// The distance the provider asks for: `ttl`, `sy:updatePeriod`, `Cache-Control`.
    pub asked: Option<Duration>,
}

impl Default for Adaptive {
    /// From every minute to every hour.
    fn default() -> Self {
        Self { least: Duration::from_secs(60), most: Duration::from_secs(3600) }
    }
}

impl Adaptive {
    /// Reads `1m to 1h`.
    ///
    /// # Errors
    /// When it is not two durations, the smaller first.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let refused = || SpanError { text: text.to_owned() };
        let (least, most) = text.split_once(" to ").ok_or_else(refused)?;
        let (least, most) = (parse_duration(least)?, parse_duration(most)?);
        if least <= most { Ok(Self { least, most }) } else { Err(refused()) }
    }

    /// How long to wait. A feed of which nothing is known yet is asked often: it may be a fast one.
    ///
    /// Twice for each new story on the average; a quiet feed ever more seldom; not more often than its provider asks; but
    /// always so often that a feed which holds `window` stories cannot lose one, whatever its provider says of itself.
    #[must_use]
    pub fn period(&self, known: &Known) -> Duration {
        let Some(gap) = known.gap else { return self.least };
        let pace = (gap / 2).max(known.silence.unwrap_or_default() / 8);
        let polite = pace.max(known.asked.unwrap_or_default()).clamp(self.least, self.most);
        let safe = gap.saturating_mul(known.window.max(1)) / 3;
        polite.min(safe.max(self.least))
    }
}

/// After how long a feed of this pace has gone strangely quiet: ten times its own gap, and a night at least.
#[must_use]
pub fn strange_silence(gap: Duration) -> Duration {
    const NIGHT: Duration = Duration::from_secs(12 * 3600);
    const MONTH: Duration = Duration::from_secs(30 * 86_400);
    gap.saturating_mul(10).clamp(NIGHT, MONTH)
}

impl std::fmt::Display for Adaptive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "adaptive {} to {}", show_duration(self.least), show_duration(self.most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(n: u64) -> Duration {
        Duration::from_secs(n * 60)
    }

    #[test]
    fn a_feed_is_asked_as_often_as_its_pace_is_worth() {
        let known = |gap: u64, silence: u64, window, asked: u64| Known {
            gap: Some(minutes(gap)),
            silence: Some(minutes(silence)),
            window,
            asked: (asked > 0).then(|| minutes(asked)),
        };
        let table = [
            ("nothing known", Known::default(), 1),
            ("a story in 20 minutes", known(20, 5, 30, 0), 10),
            ("several a minute", Known { gap: Some(Duration::from_secs(5)), ..known(0, 0, 100, 0) }, 1),
            ("one a day", known(1440, 60, 30, 0), 60),
            ("quiet for three hours", known(10, 180, 30, 0), 22),
            ("its provider asks for half an hour", known(20, 5, 30, 30), 30),
            ("its provider asks for a day", known(20, 5, 30, 1440), 60),
            ("fast, and its provider asks for an hour", known(1, 1, 12, 60), 4),
            ("fast, and holds hardly anything", known(1, 1, 2, 60), 1),
        ];
        for (case, known, expected) in table {
            let period = Adaptive::default().period(&known);
            assert_eq!(period.as_secs() / 60, expected, "{case}: {period:?}");
        }
    }

    #[test]
    fn bounds_are_two_durations_the_smaller_first() {
        let read = Adaptive::parse("90s to 6h").unwrap();
        assert_eq!((read.least.as_secs(), read.most.as_secs()), (90, 21_600));
        assert_eq!(read.to_string(), "adaptive 1m30s to 6h");
        for text in ["", "5m", "6h to 90s", "often to seldom", "5m-6h"] {
            assert!(Adaptive::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_silence_is_strange_by_the_feeds_own_measure() {
        assert_eq!(strange_silence(minutes(1)).as_secs(), 12 * 3600);
        assert_eq!(strange_silence(minutes(24 * 60)).as_secs(), 10 * 86_400);
        assert_eq!(strange_silence(Duration::MAX).as_secs(), 30 * 86_400);
    }
}
