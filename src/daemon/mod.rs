//! **What is due now?** The same cycle as `ingest --once`, on a clock, until told to stop.

mod alarm;
mod door;
mod supervisor;
mod tally;

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;

pub use alarm::{Alarm, Notice};
pub use door::{Page, Pages, serve};
pub use supervisor::{Pulse, Supervisor};
pub use tally::{Feed as FeedTally, Tally};

use crate::config::Feed;
use crate::ingest::{Failure, FeedReport, Tools, Writer, cycle, known};
use crate::store::FeedState;

/// The longest sleep: a machine that was suspended, or whose clock was set, is noticed within this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// How long a poll in flight may go on once told to stop. What is not landed by then is fetched again next time.
const GRACE: Duration = Duration::from_secs(3);

/// Polls every feed whenever it is due, until `stop` is ready. `told` hears each report, `supervisor` how the daemon is.
///
/// Feeds that fall due together share a cycle; a slow one holds up nobody, since cycles overlap. A feed whose time
/// passed while the process was away is polled once, not once a missed tick.
///
/// # Errors
/// When the desk cannot be written any more. A failing feed is only reported.
pub async fn run(
    feeds: &[Feed],
    tools: &Tools,
    writer: &Writer,
    supervisor: &Supervisor,
    stop: impl Future<Output = ()>,
    mut told: impl FnMut(&FeedReport),
) -> Result<(), Failure> {
    let mut due = Due::of(feeds, writer, tools).await?;
    let mut running = FuturesUnordered::new();
    let mut stop = std::pin::pin!(stop);
    supervisor.ready();
    loop {
        supervisor.alive();
        let ready = due.take_ready(feeds, (tools.clock)());
        if !ready.is_empty() {
            running.push(async move { cycle(&ready, tools, writer, |_| ()).await });
        }
        tokio::select! {
            () = &mut stop => break,
            Some(done) = running.next() => due.note(&done?, &mut told),
            () = tokio::time::sleep(supervisor.longest_sleep(due.until_next((tools.clock)()))) => {}
        }
    }
    // Whoever is done within the grace is reported; the rest is dropped mid-fetch, before anything of it was landed.
    let last = async {
        while let Some(done) = running.next().await {
            due.note(&done?, &mut told);
        }
        Ok(())
    };
    tokio::time::timeout(GRACE, last).await.unwrap_or(Ok(()))
}

/// When a feed is due that the daemon finds as it stands: what was worked out then, or sooner where the config has become more
/// eager since. What its server asked for, and the rest of a failing feed, stay.
fn standing_due(feed: &Feed, state: &FeedState) -> Option<Timestamp> {
    let (due, last) = (state.next_due?, state.last_poll?);
    let anew = feed.cadence.next_due(&feed.id, last, state.failures, None, &known(state, last));
    let sooner = if state.failures == 0 { anew.map_or(due, |anew| anew.min(due)) } else { due };
    Some(state.left_alone_until.map_or(sooner, |until| until.max(sooner)))
}

/// When each feed is due. One that is being polled is not in it.
struct Due(HashMap<String, Timestamp>);

impl Due {
    async fn of(feeds: &[Feed], writer: &Writer, tools: &Tools) -> Result<Self, Failure> {
        let states = writer.states().await?;
        let now = (tools.clock)();
        let at =
            |feed: &Feed| states.get(&feed.id).and_then(|state| standing_due(feed, state)).unwrap_or(now);
        Ok(Self(feeds.iter().map(|feed| (feed.id.clone(), at(feed))).collect()))
    }

    fn take_ready<'a>(&mut self, feeds: &'a [Feed], now: Timestamp) -> Vec<&'a Feed> {
        let is_due = |feed: &&Feed| self.0.get(&feed.id).is_some_and(|at| *at <= now);
        let ready: Vec<&Feed> = feeds.iter().filter(is_due).collect();
        for feed in &ready {
            self.0.remove(&feed.id);
        }
        ready
    }

    /// A cron line that never comes round again leaves its feed out from here on.
    fn note(&mut self, reports: &[FeedReport], told: &mut impl FnMut(&FeedReport)) {
        for report in reports {
            told(report);
            self.0.extend(report.next_due.map(|at| (report.feed.clone(), at)));
        }
    }

    fn until_next(&self, now: Timestamp) -> Duration {
        let wait =
            self.0.values().min().map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
        wait.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP)
    }
}
