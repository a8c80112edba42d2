//! What the daemon has seen since it began, feed by feed, as Prometheus reads it and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::ingest::{Ending, FeedReport};

/// The numbers of all feeds; shared by the loop that polls and the port that tells.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<String, Feed>>);

/// One feed since the daemon began.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Feed {
    /// Polls by how they ended: `ok`, `not_modified`, `partly`, `failed`.
    pub polls: BTreeMap<&'static str, u64>,
    /// Stories not seen before.
    pub new: u64,
    /// Stories that changed.
    pub revised: u64,
    /// Items known already.
    pub unchanged: u64,
    /// Faults beside the items.
    pub faults: u64,
    /// Bytes received, after decompression.
    pub bytes: u64,
    /// Seconds spent polling.
    pub seconds: f64,
    /// Failures by `STAGE class`.
    pub failed: BTreeMap<String, u64>,
    /// Failures in a row; 0 after a good answer.
    pub failures: u32,
    /// When it last answered well.
    pub last_good: Option<Timestamp>,
    /// When it is asked again.
    pub next_due: Option<Timestamp>,
    /// Since when it has been strangely quiet.
    pub quiet_since: Option<Timestamp>,
    /// Polls between which more came than its window holds.
    pub overflows: u64,
}

/// How a poll can end.
const ENDINGS: &[(Ending, &str)] = &[
    (Ending::Ok, "ok"),
    (Ending::NotModified, "not_modified"),
    (Ending::Partly, "partly"),
    (Ending::Failed, "failed"),
];

/// A number of a feed as Prometheus reads it: name, kind, help, and where it is.
type Number = (&'static str, &'static str, &'static str, fn(&Feed) -> Option<f64>);

#[allow(clippy::cast_precision_loss)] // 2^53 stories are more than there will be
const NUMBERS: &[Number] = &[
    ("wiredesk_stories_new_total", "counter", "Stories not seen before.", |feed| Some(feed.new as f64)),
    ("wiredesk_stories_revised_total", "counter", "Stories that changed.", |feed| Some(feed.revised as f64)),
    ("wiredesk_items_unchanged_total", "counter", "Items known already.", |feed| Some(feed.unchanged as f64)),
    ("wiredesk_faults_total", "counter", "Faults beside items and documents.", |feed| {
        Some(feed.faults as f64)
    }),
    ("wiredesk_bytes_total", "counter", "Bytes received, after decompression.", |feed| {
        Some(feed.bytes as f64)
    }),
    ("wiredesk_poll_seconds_total", "counter", "Time spent polling.", |feed| Some(feed.seconds)),
    ("wiredesk_overflows_total", "counter", "Polls between which stories slipped through.", |feed| {
        Some(feed.overflows as f64)
    }),
    ("wiredesk_feed_failures", "gauge", "Failures in a row.", |feed| Some(f64::from(feed.failures))),
    ("wiredesk_feed_quiet", "gauge", "1 while it is strangely quiet.", |feed| {
        Some(f64::from(u8::from(feed.quiet_since.is_some())))
    }),
    ("wiredesk_feed_last_good_seconds", "gauge", "When it last answered well, in Unix time.", |feed| {
        feed.last_good.map(|at| at.as_second() as f64)
    }),
    ("wiredesk_feed_next_due_seconds", "gauge", "When it is asked again, in Unix time.", |feed| {
        feed.next_due.map(|at| at.as_second() as f64)
    }),
];

impl Tally {
    /// What was known of a feed before the daemon began.
    pub fn begin(
        &self,
        feed: &str,
        failures: u32,
        last_good: Option<Timestamp>,
        next_due: Option<Timestamp>,
    ) {
        let mut feeds = self.lock();
        let known = feeds.entry(feed.to_owned()).or_default();
        (known.failures, known.last_good, known.next_due) = (failures, last_good, next_due);
    }

    /// Forgets feeds that are polled no more.
    pub fn keep_only(&self, polled: &BTreeSet<&str>) {
        self.lock().retain(|feed, _| polled.contains(feed.as_str()));
    }

    /// Adds a poll. Gives the feed's failures in a row.
    pub fn note(&self, report: &FeedReport, now: Timestamp) -> u32 {
        let mut feeds = self.lock();
        let feed = feeds.entry(report.feed.clone()).or_default();
        let ending = ENDINGS.iter().find(|(ending, _)| *ending == report.outcome).map_or("ok", |row| row.1);
        *feed.polls.entry(ending).or_default() += 1;
        feed.new += report.new as u64;
        feed.revised += report.revised as u64;
        feed.unchanged += report.unchanged as u64;
        feed.faults += report.faults as u64;
        feed.bytes += report.bytes;
        feed.seconds += report.seconds;
        for failure in report.failure.iter().chain(&report.also_failed) {
            *feed.failed.entry(format!("{} {}", failure.stage, failure.error_class)).or_default() += 1;
        }
        feed.overflows += u64::from(report.overflowed);
        (feed.quiet_since, feed.next_due) = (report.quiet_since, report.next_due);
        if report.outcome == Ending::Failed {
            feed.failures = feed.failures.saturating_add(1);
        } else {
            (feed.failures, feed.last_good) = (0, Some(now));
        }
        feed.failures
    }

    /// All of it, by feed.
    #[must_use]
    pub fn feeds(&self) -> BTreeMap<String, Feed> {
        self.lock().clone()
    }

    /// All of it in Prometheus's text format (version 0.0.4).
    #[must_use]
    pub fn metrics(&self) -> String {
        let feeds = self.lock();
        let mut text = String::new();
        head(&mut text, "wiredesk_info", "gauge", "The version that runs.");
        let _ = writeln!(text, "wiredesk_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
        head(&mut text, "wiredesk_feeds", "gauge", "Feeds that are polled.");
        let _ = writeln!(text, "wiredesk_feeds {}", feeds.len());
        if let Some(bytes) = resident_bytes() {
            head(&mut text, "process_resident_memory_bytes", "gauge", "Memory in use.");
            let _ = writeln!(text, "process_resident_memory_bytes {bytes}");
        }
        for (name, kind, help, read) in NUMBERS {
            head(&mut text, name, kind, help);
            for (id, feed) in feeds.iter() {
                if let Some(value) = read(feed) {
                    let _ = writeln!(text, "{name}{{feed=\"{id}\"}} {value}");
                }
            }
        }
        head(&mut text, "wiredesk_polls_total", "counter", "Polls by how they ended.");
        for (id, feed) in feeds.iter() {
            for (ending, count) in &feed.polls {
                let _ = writeln!(text, "wiredesk_polls_total{{feed=\"{id}\",outcome=\"{ending}\"}} {count}");
            }
        }
        head(&mut text, "wiredesk_failures_total", "counter", "Failures by stage and class.");
        for (id, feed) in feeds.iter() {
            for (what, count) in &feed.failed {
                let (stage, class) = what.split_once(' ').unwrap_or((what, ""));
                let labels = format!("feed=\"{id}\",stage=\"{stage}\",class=\"{class}\"");
                let _ = writeln!(text, "wiredesk_failures_total{{{labels}}} {count}");
            }
        }
        text
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Feed>> {
        // numbers are whole whatever panicked beside them
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// The process's memory; none where the system does not say.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Failure, Stage};

    #[test]
    fn polls_are_counted_and_told_in_prometheus_words() {
        let tally = Tally::default();
        let now: Timestamp = "2024-04-01T12:00:00Z".parse().unwrap();
        tally.begin("quay", 2, None, Some(now));
        let good = FeedReport {
            feed: "coast".into(),
            outcome: Ending::Ok,
            new: 3,
            bytes: 70,
            ..FeedReport::default()
        };
        assert_eq!(tally.note(&good, now), 0);
        let mut bad = FeedReport { feed: "quay".into(), outcome: Ending::Failed, ..FeedReport::default() };
        let error = "asking https://user:hunter2@quay.example".to_owned();
        bad.fail(Failure { stage: Stage::Fetch, error_class: "timeout".into(), error });
        assert_eq!(tally.note(&bad, now), 3);
        let text = tally.metrics();
        for line in [
            "wiredesk_stories_new_total{feed=\"coast\"} 3",
            "wiredesk_feed_last_good_seconds{feed=\"coast\"} 1711972800",
            "wiredesk_feed_failures{feed=\"quay\"} 3",
            "wiredesk_polls_total{feed=\"quay\",outcome=\"failed\"} 1",
            "wiredesk_failures_total{feed=\"quay\",stage=\"FETCH\",class=\"timeout\"} 1",
            "wiredesk_feeds 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("hunter2"), "no error's words, so no secret in them");
        let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), names.len(), "each name is described once");
    }
}
