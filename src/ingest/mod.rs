//! **The conductor.** The one room that knows all stages: fetch, read, land, report; the index follows when asked.
//!
//! `ingest --once` and the daemon both call [`cycle`]. Feeds are polled side by side; what they bring is read on other
//! threads; one [`Writer`] makes it true. A feed that fails costs the others nothing.

mod backlog;
mod full_text;
mod poll;
mod read;
mod report;
mod standing;
mod unsaved;
mod writer;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use poll::Polled;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use unsaved::{PATIENCE, Unsaved};

pub use poll::known;
pub use report::{Ending, Failure, FeedReport, Stage};
pub use writer::Writer;

use crate::config::Feed;
use crate::fetch::Client;
use crate::schedule::jitter;
use crate::store::{FeedState, Keeps};

/// Feeds polled side by side. Politeness to a single host is the client's matter.
const AT_ONCE: usize = 64;

/// What a cycle works with.
pub struct Tools {
    /// The one HTTP client of the process.
    pub client: Client,
    /// Where bad deliveries are kept.
    pub data_dir: PathBuf,
    /// The clock; a test may hold it still.
    pub clock: fn() -> Timestamp,
}

impl Tools {
    /// Notes every `Retry-After` that feeds were given before this process began, for their hosts (`back_off_by_host`).
    pub fn remember(&self, feed: &Feed, state: &FeedState) {
        if let (Some(host), Some(until)) = (feed.transport.host(), state.left_alone_until) {
            self.client.leave_alone(host, until);
        }
    }
}

/// Polls each of `feeds` once. `told` gets the reports as they come, several where several come at a time: what they speak of is on the
/// disk, and found once the index has followed ([`Writer::follow`]).
///
/// # Errors
/// When the desk itself cannot be written or read; a feed's own failure is in its report.
pub async fn cycle(
    feeds: &[&Feed],
    tools: &Tools,
    writer: &Writer,
    told: impl FnMut(Vec<FeedReport>),
) -> Result<(), Failure> {
    let states = writer.states(feeds.iter().map(|feed| feed.id.clone()).collect()).await?;
    feeds.iter().zip(&states).for_each(|(feed, state)| tools.remember(feed, state));
    let outlived = outlived(feeds, &states, (tools.clock)());
    poll_all(feeds, states, tools, writer, told).await;
    expire(outlived, tools, writer).await
}

/// Polls each of `feeds` from where it stands; what its polls held is let go before anything else is done for them.
async fn poll_all(
    feeds: &[&Feed],
    states: Vec<Box<FeedState>>,
    tools: &Tools,
    writer: &Writer,
    mut told: impl FnMut(Vec<FeedReport>),
) {
    let (mut lines, mut over) = lines(feeds, states, tools, writer);
    let mut polled = Vec::new();
    let (mut unsaved, mut saves) = (Unsaved::default(), FuturesUnordered::new());
    let mut tick = tokio::time::interval(PATIENCE);
    let mut is_polling = true;
    while is_polling || !saves.is_empty() {
        if unsaved.is_empty() {
            tick.reset();
        }
        let done = tokio::select! {
            Some(()) = lines.next() => continue,
            count = over.recv_many(&mut polled, AT_ONCE), if is_polling => {
                is_polling = count > 0;
                unsaved.keep_back(polled.drain(..))
            }
            Some(saved) = saves.next() => saved,
            _ = tick.tick(), if !unsaved.is_empty() => { saves.push(unsaved.take().save(writer)); continue }
        };
        if !done.is_empty() {
            told(done);
        }
        if unsaved.is_full() || !(is_polling || unsaved.is_empty()) {
            saves.push(unsaved.take().save(writer));
        }
    }
}

/// Lines of polls side by side, and what each poll came to. In a line one comes after the other, in the same memory.
fn lines<'p>(
    feeds: &'p [&Feed],
    states: Vec<Box<FeedState>>,
    tools: &'p Tools,
    writer: &'p Writer,
) -> (FuturesUnordered<impl Future<Output = ()> + 'p>, UnboundedReceiver<Polled>) {
    let (sender, over) = unbounded_channel();
    let waiting = Rc::new(RefCell::new(feeds.iter().zip(states)));
    let lines = std::iter::repeat_n((waiting, sender), feeds.len().min(AT_ONCE));
    let lines = lines.map(|(waiting, sender)| async move {
        loop {
            let Some((feed, state)) = waiting.borrow_mut().next() else { break };
            // heard until the last line has ended
            let _ = sender.send(poll::poll(feed, state, tools, writer).await);
        }
    });
    (lines.collect(), over)
}

/// Of the feeds with a `retention` that are polled for the first time in their hour: since when they keep anything.
fn outlived(feeds: &[&Feed], states: &[Box<FeedState>], now: Timestamp) -> Vec<Keeps> {
    let is_first = |feed: &Feed, state: &FeedState| {
        state.last_poll.is_none_or(|polled| hour_of(&feed.id, polled) != hour_of(&feed.id, now))
    };
    let keeps = |feed: &Feed, state: &FeedState| {
        let since = now.checked_sub(feed.retention?).ok()?;
        is_first(feed, state).then(|| Keeps { feed: feed.id.clone(), since })
    };
    feeds.iter().zip(states).filter_map(|(feed, state)| keeps(feed, state)).collect()
}

/// Every feed's hours begin at a minute of its own, so that the removals of many do not come all at once.
fn hour_of(feed: &str, time: Timestamp) -> i64 {
    const HOUR: u64 = 3600;
    let own = jitter(feed, Duration::from_secs(10 * HOUR)); // a part of a tenth
    time.as_second().saturating_sub_unsigned(own.as_secs()).div_euclid(HOUR.cast_signed())
}

/// Removes what feeds have kept for longer than their `retention`, several feeds in a transaction: each is a wait for the disk.
async fn expire(mut outlived: Vec<Keeps>, tools: &Tools, writer: &Writer) -> Result<(), Failure> {
    while !outlived.is_empty() {
        let group: Vec<Keeps> = outlived.iter().take(writer::GROUP).cloned().collect();
        let removed = writer.expire(group, (tools.clock)()).await?;
        for (Keeps { feed, since }, removed) in outlived.drain(..removed.len()).zip(removed) {
            if removed > 0 {
                tracing::info!(%feed, removed, %since, "stories older than the feed's retention are removed");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hours_of_many_feeds_begin_all_through_the_hour() {
        let at = |minute: i64| Timestamp::from_second(1_700_000_000 + minute * 60).unwrap();
        let begun = |feed: &String, minute: i64| hour_of(feed, at(minute)) != hour_of(feed, at(minute - 5));
        let feeds: Vec<String> = (0..1_000).map(|n| format!("f{n}")).collect();
        let begun: Vec<usize> =
            (0..36).map(|n| feeds.iter().filter(|feed| begun(feed, 5 * n)).count()).collect();
        assert_eq!(begun.iter().sum::<usize>(), 3 * feeds.len(), "each once an hour: {begun:?}");
        assert!(begun.iter().all(|count| *count < 200), "{begun:?}");
    }
}
