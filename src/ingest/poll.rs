//! One poll of one feed: fetch, read, land, acknowledge, and the report of it.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::read::{Reading, read_all};
use super::report::{Ending, Failure, FeedReport, Stage};
use super::writer::Writer;
use super::{Tools, full_text};
use crate::config::Feed;
use crate::fetch::{FetchError, Fetched, Outcome};
use crate::store::{FeedState, Landing, LastError};
use crate::wire::{Cursor, Delivery};

/// Batches taken from one feed in one poll; a drop folder with more than this goes on in the next cycle.
const BATCHES: usize = 1_000;

/// Documents read side by side.
static READERS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get)));

/// Polls `feed` once, from where it stands.
pub async fn poll(feed: &Feed, state: FeedState, tools: &Tools, writer: &Writer) -> FeedReport {
    let begun = Instant::now();
    let report = FeedReport { feed: feed.id.clone(), outcome: Ending::NotModified, ..FeedReport::default() };
    let mut poll = Poll { feed, tools, writer, state, report, retry_after: None };
    poll.run().await;
    poll.report.seconds = begun.elapsed().as_secs_f64();
    poll.report
}

struct Poll<'a> {
    feed: &'a Feed,
    tools: &'a Tools,
    writer: &'a Writer,
    state: FeedState,
    report: FeedReport,
    retry_after: Option<Duration>,
}

impl Poll<'_> {
    async fn run(&mut self) {
        for _ in 0..BATCHES {
            match self.feed.transport.fetch(&self.tools.client, &self.state.cursor, &self.feed.limits).await {
                Ok(fetched) => {
                    if !self.receive(fetched).await {
                        return;
                    }
                }
                Err(error) => return self.fetch_failed(&error).await,
            }
        }
    }

    /// Takes what one fetch brought; true when more is waiting.
    async fn receive(&mut self, fetched: Fetched) -> bool {
        let Fetched { outcome, cursor, status, bytes, more, hints, failures } = fetched;
        self.report.status = status;
        self.report.bytes += bytes;
        self.retry_after = hints.retry_after;
        self.note_unfetched(&failures);
        let deliveries = match outcome {
            Outcome::NotModified => Vec::new(),
            Outcome::Deliveries(deliveries) => deliveries,
        };
        if let Some(address) = hints.moved_to {
            tracing::warn!(feed = %self.feed.id, %address, "the feed has moved for good; the config still names its old address");
        }
        let Some(mut reading) = self.read(deliveries).await else { return false };
        if self.feed.full_text {
            full_text::add(&mut reading, self.feed, self.tools, self.writer, &mut self.report).await;
        }
        let landed = self.land(reading, cursor).await;
        if landed {
            self.acknowledge().await;
        }
        landed && more
    }

    fn note_unfetched(&mut self, failures: &[(String, FetchError)]) {
        for (_, error) in failures {
            self.report.fail(fetch_failure(error));
        }
    }

    /// Reads on a thread where a slow document does not hold up the network.
    async fn read(&mut self, deliveries: Vec<Delivery>) -> Option<Reading> {
        // As many as the machine can read at a time: a document is never so large in memory as while it is read.
        let _turn = READERS.acquire().await;
        let (feed, data_dir) = (self.feed.clone(), self.tools.data_dir.clone());
        let work = tokio::task::spawn_blocking(move || read_all(deliveries, &feed, &data_dir));
        // Cancelled only when the process is ending; then nothing is landed and the cursor stays.
        work.await.ok()
    }

    /// Makes items, raw bytes, state and cursor true together; true when that is on the disk.
    async fn land(&mut self, reading: Reading, cursor: Cursor) -> bool {
        self.report.faults += reading.faults;
        let read_something = !reading.parts.is_empty();
        let distrusted = self.distrusts(&reading);
        let again = reading.again;
        reading.failures.into_iter().for_each(|failure| self.report.fail(failure));
        if !distrusted {
            self.state.cursor = cursor;
        }
        self.report.outcome =
            match (&self.report.failure, read_something || self.report.outcome == Ending::Ok) {
                (None, true) => Ending::Ok,
                (None, false) => Ending::NotModified,
                (Some(_), true) => Ending::Partly,
                (Some(_), false) => Ending::Failed,
            };
        self.settle();
        match self.writer.land(Landing { state: self.state.clone(), parts: reading.parts }).await {
            Ok(landed) => {
                self.report.new += landed.new;
                // the second time is no news: whoever counts stories counts each once
                self.report.revised += landed.revised.saturating_sub(again);
                self.report.unchanged += landed.unchanged;
                true
            }
            Err(failure) => {
                self.report.outcome = Ending::Failed;
                self.report.fail(failure);
                false
            }
        }
    }

    /// A damaged body stores no validator: the next poll asks for all of it again. A folder's mark is its own list of
    /// files, right whatever was in them.
    fn distrusts(&self, reading: &Reading) -> bool {
        (reading.damaged || !reading.failures.is_empty()) && self.feed.transport.kind() == "http"
    }

    async fn fetch_failed(&mut self, error: &FetchError) {
        self.report.status = error.status();
        self.retry_after = error.retry_after();
        self.report.fail(fetch_failure(error));
        self.report.outcome =
            if self.report.new + self.report.revised > 0 { Ending::Partly } else { Ending::Failed };
        self.settle();
        let landing = Landing { state: self.state.clone(), parts: Vec::new() };
        if let Err(failure) = self.writer.land(landing).await {
            self.report.fail(failure);
        }
    }

    /// Works out where the feed stands after this poll, and when it is due again.
    fn settle(&mut self) {
        let now = (self.tools.clock)();
        let state = &mut self.state;
        state.last_poll = Some(now);
        if self.report.outcome == Ending::Failed {
            state.failures = state.failures.saturating_add(1);
        } else {
            state.failures = 0;
            state.last_good = Some(now);
        }
        state.last_error = self
            .report
            .failure
            .as_ref()
            .map(|failure| LastError { class: failure.error_class.clone(), message: failure.error.clone() });
        state.next_due = self.feed.cadence.next_due(&self.feed.id, now, state.failures, self.retry_after);
        self.report.next_due = state.next_due;
    }

    async fn acknowledge(&mut self) {
        for (_, error) in self.feed.transport.acknowledge(&self.state.cursor).await {
            self.report.outcome = Ending::Partly;
            self.report.fail(fetch_failure(&error));
        }
    }
}

fn fetch_failure(error: &FetchError) -> Failure {
    Failure { stage: Stage::Fetch, error_class: error.class().into(), error: error.to_string() }
}
