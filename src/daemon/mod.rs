//! **What is due now?** The same cycle as `ingest --once`, on a clock, until told to stop.

mod alarm;
mod door;
mod polls;
mod supervisor;
mod tally;

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use polls::Polls;
use tokio::time::{Instant, sleep};

pub use alarm::{Alarm, Notice};
pub use door::{Page, Pages, serve};
pub use supervisor::{Pulse, Supervisor};
pub use tally::{Feed as FeedTally, Tally};

use crate::config::Feed;
use crate::ingest::{Failure, FeedReport, Tools, Writer, known};
use crate::store::FeedState;

/// The longest sleep: a machine that was suspended, or whose clock was set, is noticed within this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// Bounds of the time between two looks at what is due.
const SHORTEST_REST: Duration = Duration::from_millis(10);
const LONGEST_REST: Duration = Duration::from_secs(1);
/// How long a poll in flight may go on once told to stop. What is not landed by then is fetched again next time.
const GRACE: Duration = Duration::from_secs(3);

/// Polls every feed whenever it is due, until `stop` is ready. `told` hears each report, `supervisor` how the daemon is.
///
/// Feeds that fall due together share a cycle; a slow one holds up nobody, since cycles overlap and each feed is reported, found and
/// due again on its own. A feed whose time passed while the process was away is polled once, not once a missed tick.
///
/// # Errors
/// When the desk cannot be written any more. A failing feed is only reported.
pub async fn run(
    feeds: &[Feed],
    tools: &Tools,
    writer: &Writer,
    supervisor: &Supervisor,
    stop: impl Future<Output = ()>,
    mut told: impl FnMut(&[FeedReport]),
) -> Result<(), Failure> {
    let mut due = Due::of(feeds, writer, tools).await?;
    let mut polls = Polls::new(tools, writer);
    let mut stop = std::pin::pin!(stop);
    let (mut last_look, together) = (None::<Instant>, together(feeds.len()));
    supervisor.ready();
    loop {
        supervisor.alive();
        let rest = match writer.is_behind() {
            // what is due waits where it costs nothing while the disk is behind
            true => LONGEST_REST,
            false => last_look.map_or(Duration::ZERO, |last| together.saturating_sub(last.elapsed())),
        };
        if rest.is_zero() {
            last_look = Some(Instant::now());
            let ready = due.take_ready((tools.clock)());
            if !ready.is_empty() {
                polls.begin(ready);
            }
        }
        let wait = supervisor.longest_sleep(due.until_next((tools.clock)())).max(rest);
        tokio::select! {
            () = &mut stop => break,
            Some(reports) = polls.next() => due.note(&reports?, &mut told),
            () = sleep(wait) => {}
        }
    }
    // Whoever is done within the grace is reported; the rest is dropped mid-fetch, before anything of it was landed.
    let last = async {
        while let Some(reports) = polls.next().await {
            due.note(&reports?, &mut told);
        }
        Ok(())
    };
    tokio::time::timeout(GRACE, last).await.unwrap_or(Ok(()))
}

/// Feeds that fall due within this share a cycle, and its wait on the disk. A few feeds are asked at their moment; ten thousand, of which
/// dozens fall due in any second, up to a second later.
fn together(feeds: usize) -> Duration {
    Duration::from_micros(100)
        .saturating_mul(u32::try_from(feeds).unwrap_or(u32::MAX))
        .clamp(SHORTEST_REST, LONGEST_REST)
}

/// When a feed is due that an earlier process polled last: at the time worked out then, or sooner where the config now asks more often. A
/// `Retry-After` and the back-off of a failing feed are kept.
fn standing_due(feed: &Feed, state: &FeedState) -> Option<Timestamp> {
    let (due, last) = (state.next_due?, state.last_poll?);
    let anew = feed.cadence.next_due(&feed.id, last, state.failures, None, &known(state, last));
    let sooner = if state.failures == 0 { anew.map_or(due, |anew| anew.min(due)) } else { due };
    Some(state.left_alone_until.map_or(sooner, |until| until.max(sooner)))
}

/// When each feed is due, soonest first. One that is being polled is not in it.
struct Due<'f> {
    feeds: &'f [Feed],
    places: HashMap<&'f str, usize>,
    times: BTreeSet<(Timestamp, usize)>,
}

impl<'f> Due<'f> {
    async fn of(feeds: &'f [Feed], writer: &Writer, tools: &Tools) -> Result<Self, Failure> {
        let states = writer.states(feeds.iter().map(|feed| feed.id.clone()).collect()).await?;
        feeds.iter().zip(&states).for_each(|(feed, state)| tools.remember(feed, state));
        let now = (tools.clock)();
        let at = |(feed, state): (&_, &Box<_>)| standing_due(feed, state).unwrap_or(now);
        Ok(Self {
            feeds,
            places: feeds.iter().enumerate().map(|(place, feed)| (feed.id.as_str(), place)).collect(),
            times: feeds.iter().zip(&states).map(at).zip(0..).collect(),
        })
    }

    /// Those that are due by now, in the config's order.
    fn take_ready(&mut self, now: Timestamp) -> Vec<&'f Feed> {
        let later = self.times.split_off(&(now, usize::MAX));
        let ready: BTreeSet<usize> =
            std::mem::replace(&mut self.times, later).into_iter().map(|(_, place)| place).collect();
        ready.into_iter().filter_map(|place| self.feeds.get(place)).collect()
    }

    /// Tells the reports, and notes when their feeds are due again; one whose cron line never fits again is dropped.
    fn note(&mut self, reports: &[FeedReport], told: &mut impl FnMut(&[FeedReport])) {
        told(reports);
        for report in reports {
            let place = self.places.get(report.feed.as_str());
            self.times.extend(report.next_due.zip(place.copied()));
        }
    }

    fn until_next(&self, now: Timestamp) -> Duration {
        let next = self.times.first().map(|(at, _)| at.duration_since(now));
        next.map_or(LONGEST_SLEEP, |wait| Duration::try_from(wait).unwrap_or_default()).min(LONGEST_SLEEP)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::sync::Notify;

    use super::*;
    use crate::config;
    use crate::desk::Desk;
    use crate::fetch::Client;

    const FEED: &str = r#"
        [[feed]]
        id = "drop"
        transport = { type = "dir", path = "drop" }
        every = "1m"
    "#;

    #[tokio::test]
    async fn nothing_is_asked_for_while_the_writer_is_behind() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("drop")).unwrap();
        let config = config::parse(FEED, &dir.path().join("wiredesk.toml")).unwrap();
        let client = Client::new(config.http.clone());
        let tools = Tools { client, data_dir: config.data_dir.clone(), clock: Timestamp::now };
        let writer = Writer::start(Desk::open(&config.data_dir).unwrap()).unwrap();
        let (polls, has_polled) = (Cell::new(0), Notify::new());

        let behind = writer.fall_behind();
        let stop = async {
            for _ in 0..1_000 {
                writer.follow().await.unwrap(); // many times what a poll asks of the writer
            }
            assert_eq!(polls.get(), 0);
            drop(behind);
            has_polled.notified().await;
        };
        let told = |reports: &[FeedReport]| {
            polls.set(polls.get() + reports.len());
            has_polled.notify_one();
        };
        run(&config.feeds, &tools, &writer, &Supervisor::default(), stop, told).await.unwrap();
        assert_eq!(polls.get(), 1);
        writer.finish();
    }
}
