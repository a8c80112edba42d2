//! **When is a feed due?** A cadence, the back-off of a failing feed, and nothing that reads a clock: `now` is an argument.

mod adaptive;
mod crontab;
mod fields;
mod pace;
mod span;

use jiff::Timestamp;
use std::time::Duration;

pub use adaptive::{Adaptive, Known, strange_silence};
pub use crontab::{Cron, CronError};
pub use pace::{LONGEST_BACKOFF, backoff, jitter, next_due, spread};
pub use span::{SpanError, parse_duration, show_duration};

/// How often a feed is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Cadence {
    /// At a fixed distance: `every = "2m"`.
    Every(Duration),
    /// At the times of a crontab line: `cron = "*/5 6-23 * * *"`.
    Cron(Cron),
    /// As its own pace is worth: `adaptive = "1m to 1h"`.
    Adaptive(Adaptive),
}

impl Cadence {
    /// The first time strictly after `after` at which the cadence itself comes round, failures left aside.
    /// `None` when a crontab line never comes round again (`0 0 30 2 *`).
    #[must_use]
    pub fn next(&self, after: Timestamp, known: &Known) -> Option<Timestamp> {
        match self {
            Self::Every(period) => Some(pace::later(after, *period)),
            Self::Cron(cron) => cron.next(after),
            Self::Adaptive(adaptive) => Some(pace::later(after, adaptive.period(known))),
        }
    }

    /// When feed `feed` is due again after a cycle that ended at `after`, with its failures in a row and its server's
    /// `Retry-After` heard: [`next_due`] over this cadence, [`spread`] so that feeds of one cadence do not come all at once.
    #[must_use]
    pub fn next_due(
        &self,
        feed: &str,
        after: Timestamp,
        failures: u32,
        retry_after: Option<Duration>,
        known: &Known,
    ) -> Option<Timestamp> {
        let tick = self.next(after, known).map(|tick| spread(feed, tick, after));
        next_due(feed, tick, after, failures, retry_after)
    }
}

/// As the operator wrote it: `every 2m`, `cron */5 6-23 * * * (America/New_York)`.
impl std::fmt::Display for Cadence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Every(period) => write!(f, "every {}", show_duration(*period)),
            Self::Cron(cron) => write!(f, "cron {cron}"),
            Self::Adaptive(adaptive) => write!(f, "{adaptive}"),
        }
    }
}
