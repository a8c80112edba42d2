//! **The conductor.** The one room that knows all stages: fetch, read, land, follow, report.
//!
//! `ingest --once` and the daemon both call [`cycle`]. Feeds are polled side by side; what they bring is read on other
//! threads; one [`Writer`] makes it true. A feed that fails costs the others nothing.

mod full_text;
mod poll;
mod read;
mod report;
mod writer;

use std::collections::HashMap;
use std::path::PathBuf;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;

pub use poll::known;
pub use report::{Ending, Failure, FeedReport, Stage};
pub use writer::Writer;

use crate::config::Feed;
use crate::fetch::Client;
use crate::store::FeedState;

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

/// Polls each of `feeds` once and lets the index follow. `told` hears each report as it comes.
///
/// # Errors
/// When the desk itself cannot be written or read; a feed's own failure is in its report.
pub async fn cycle(
    feeds: &[&Feed],
    tools: &Tools,
    writer: &Writer,
    mut told: impl FnMut(&FeedReport),
) -> Result<Vec<FeedReport>, Failure> {
    let states = writer.states().await?;
    let polls = feeds.iter().map(|feed| poll::poll(feed, standing(&states, feed), tools, writer));
    let mut polls = stream::iter(polls).buffer_unordered(AT_ONCE);
    let mut reports = Vec::with_capacity(feeds.len());
    while let Some(report) = polls.next().await {
        told(&report);
        reports.push(report);
    }
    expire(feeds, &states, tools, writer).await?;
    writer.follow().await?;
    Ok(reports)
}

/// Removes what feeds have kept for longer than their `retention`: at a feed's first poll in an hour.
async fn expire(
    feeds: &[&Feed],
    states: &HashMap<String, FeedState>,
    tools: &Tools,
    writer: &Writer,
) -> Result<(), Failure> {
    const HOUR: i64 = 3600;
    let now = (tools.clock)();
    for feed in feeds {
        let Some(retention) = feed.retention else { continue };
        let polled = states.get(&feed.id).and_then(|state| state.last_poll);
        if polled.is_some_and(|polled| polled.as_second() / HOUR == now.as_second() / HOUR) {
            continue;
        }
        let Ok(before) = now.checked_sub(retention) else { continue };
        let removed = writer.expire(&feed.id, before, now).await?;
        if removed > 0 {
            tracing::info!(feed = %feed.id, removed, %before, "stories older than the feed's retention are removed");
        }
    }
    Ok(())
}

fn standing(states: &HashMap<String, FeedState>, feed: &Feed) -> FeedState {
    let new = || FeedState { id: feed.id.clone(), ..FeedState::default() };
    states.get(&feed.id).cloned().unwrap_or_else(new)
}
