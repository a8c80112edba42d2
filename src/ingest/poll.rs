//! One poll of one feed: fetch, read, land, acknowledge, and the report of it.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use super::read::{Reading, read_all};
use super::report::{Ending, Failure, FeedReport, Stage};
use super::writer::Writer;
use super::{Tools, full_text};
use crate::config::Feed;
use crate::fetch::{FetchError, Fetched, Outcome};
use crate::schedule::{Known, strange_silence};
use crate::store::{FeedState, Landing, LastError, Moved};
use crate::wire::{Cursor, Delivery};

/// Batches taken from one feed in one poll; a drop folder with more than this goes on in the next cycle.
const BATCHES: usize = 1_000;

/// Documents read side by side.
static READERS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get)));

/// A poll that is over.
pub struct Polled {
    /// What it came to.
    pub report: FeedReport,
    /// Where the feed stands now, when nothing was landed: to be saved, with others of its kind, before the report is told.
    pub unsaved: Option<Box<FeedState>>,
}

/// Polls `feed` once, from where it stands.
pub async fn poll(feed: &Feed, state: Box<FeedState>, tools: &Tools, writer: &Writer) -> Polled {
    let begun = Instant::now();
    let report = FeedReport { feed: feed.id.clone(), outcome: Ending::NotModified, ..FeedReport::default() };
    let mut poll = Poll { feed, tools, writer, state, report, retry_after: None, is_unsaved: false };
    match poll.waits() {
        Some(until) => poll.leave_alone(until),
        None => poll.run().await,
    }
    poll.report.seconds = begun.elapsed().as_secs_f64();
    Polled { unsaved: poll.is_unsaved.then_some(poll.state), report: poll.report }
}

struct Poll<'a> {
    feed: &'a Feed,
    tools: &'a Tools,
    writer: &'a Writer,
    state: Box<FeedState>,
    report: FeedReport,
    retry_after: Option<Duration>,
    /// `state` is still to be saved.
    is_unsaved: bool,
}

impl Poll<'_> {
    /// Until when the server asked to be left alone. Obeyed in full, also by a cycle over every feed, due or not.
    fn waits(&self) -> Option<Timestamp> {
        self.state.left_alone_until.filter(|until| *until > (self.tools.clock)())
    }

    /// Nothing is asked, and nothing is known that was not known before.
    fn leave_alone(&mut self, until: Timestamp) {
        let place = self.feed.transport.place();
        let error = format!(
            "fetching {place}: not asked, its server wants to be left alone until {until}; hint: it is asked again then"
        );
        self.report.outcome = Ending::Failed;
        self.report.next_due = self.state.next_due;
        self.report.fail(Failure { stage: Stage::Fetch, error_class: "rate_limited".into(), error });
    }

    async fn run(&mut self) {
        let mut marks = BTreeSet::new();
        for _ in 0..BATCHES {
            let mut mark = DefaultHasher::new();
            self.state.cursor.mark.hash(&mut mark); // a folder's mark may be long
            if !marks.insert(mark.finish()) {
                return self.goes_round().await;
            }
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

    /// A server whose pages lead back to one that was read: what they brought is landed, and the rest is another poll's.
    async fn goes_round(&mut self) {
        let error = format!(
            "fetching {}: its pages go in a circle; hint: tell the provider",
            self.feed.transport.place()
        );
        self.report.fail(Failure { stage: Stage::Fetch, error_class: "redirect".into(), error });
        self.report.outcome = Ending::Partly;
        self.settle();
        self.save().await;
    }

    /// Saves where the feed stands, nothing being there to land; at once only when the store has to be asked for the rest.
    async fn save(&mut self) {
        // when an earlier page of this poll was landed, the store knows more of the feed than `state` does
        self.is_unsaved = !self.report.has_landed;
        if self.report.has_landed {
            let landing = Landing { state: FeedState::clone(&self.state), parts: Vec::new() };
            if let Err(failure) = Box::pin(self.writer.land(landing)).await {
                self.report.fail(failure);
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
        self.note_move(hints.moved_to);
        self.note_patience(hints.max_age);
        let deliveries = match outcome {
            // a folder is tidied also when nothing came
            Outcome::NotModified if !more && failures.is_empty() && self.feed.transport.kind() != "dir" => {
                self.unmodified(cursor).await;
                return false;
            }
            Outcome::NotModified => Vec::new(),
            Outcome::Deliveries(deliveries) => deliveries,
        };
        // put aside, so that a poll that finds nothing new is small
        Box::pin(self.take_in(deliveries, cursor, more)).await
    }

    /// Reads what came and lands it; true when more is waiting.
    async fn take_in(&mut self, deliveries: Vec<Delivery>, cursor: Cursor, more: bool) -> bool {
        let unlanded = self.writer.backlog.add();
        let mut turn = Some((self.writer.backlog.turn().await, unlanded));
        let Some(mut reading) = self.read(deliveries).await else { return false };
        if self.feed.full_text {
            turn = None; // its pages are waited for
            full_text::add(&mut reading, self.feed, self.tools, self.writer, &mut self.report).await;
        }
        let moves_on = more && !self.distrusts(&reading);
        let unread = std::mem::take(&mut reading.unread);
        let landed = self.land(reading, cursor).await;
        drop(turn);
        if landed {
            self.acknowledge(&unread).await;
        }
        landed && moves_on
    }

    /// A permanent redirect is remembered as long as it holds, and said aloud when it is new; the config's address stays.
    fn note_move(&mut self, to: Option<String>) {
        let held = self.state.moved.take();
        self.state.moved = to.map(|to| match held.filter(|held| held.to == to) {
            Some(held) => Moved { polls: held.polls.saturating_add(1), ..held },
            None => {
                tracing::warn!(feed = %self.feed.id, address = %to, "the feed has moved for good; the config still names its old address");
                Moved { to, since: Some((self.tools.clock)()), polls: 1 }
            }
        });
        self.report.moved_to = self.state.moved.as_ref().map(|moved| moved.to.clone());
    }

    /// What the answer's head asks for; a document's own word, read later, adds to it.
    fn note_patience(&mut self, max_age: Option<Duration>) {
        self.state.pace.is_window = self.feed.transport.kind() == "http";
        let is_sent_again = self.report.status == Some(200);
        if is_sent_again || max_age.is_some() {
            self.state.pace.asked = max_age.map(|age| age.as_secs());
        }
    }

    fn note_unfetched(&mut self, failures: &[(String, FetchError)]) {
        for (_, error) in failures {
            self.report.fail(fetch_failure(error));
        }
    }

    /// The commonest end of a poll: the provider has nothing new.
    async fn unmodified(&mut self, cursor: Cursor) {
        self.state.cursor = cursor;
        self.settle();
        self.save().await;
    }

    /// Reads on a thread where a slow document does not hold up the network.
    async fn read(&mut self, deliveries: Vec<Delivery>) -> Option<Reading> {
        if deliveries.is_empty() {
            return Some(Reading::default());
        }
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
        let minutes = reading.asked_minutes.map(|minutes| u64::from(minutes) * 60);
        self.state.pace.asked = self.state.pace.asked.max(minutes);
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
        match self.writer.land(Landing { state: FeedState::clone(&self.state), parts: reading.parts }).await {
            Ok(landed) => {
                self.report.has_landed = true;
                self.report.new += landed.new;
                // the second time is no news: whoever counts stories counts each once
                self.report.revised += landed.revised.saturating_sub(again);
                self.report.unchanged += landed.unchanged;
                self.note_overflow(landed.overflowed);
                true
            }
            Err(failure) => {
                self.report.outcome = Ending::Failed;
                self.report.fail(failure);
                false
            }
        }
    }

    fn note_overflow(&mut self, overflowed: bool) {
        if overflowed {
            tracing::warn!(feed = %self.feed.id, "none of the feed's stories was there at the last poll: some may have been missed; hint: poll it more often");
        }
        self.report.overflowed |= overflowed;
        if self.report.new > 0 {
            self.report.quiet_since = None;
        }
    }

    /// A damaged body stores no validator: the next poll asks for all of it again. A folder's mark is its own list of
    /// files, right whatever was in them.
    fn distrusts(&self, reading: &Reading) -> bool {
        (reading.damaged || !reading.failures.is_empty()) && self.feed.transport.kind() != "dir"
    }

    async fn fetch_failed(&mut self, error: &FetchError) {
        self.report.status = error.status();
        self.retry_after = error.retry_after();
        self.report.fail(fetch_failure(error));
        self.report.outcome =
            if self.report.new + self.report.revised > 0 { Ending::Partly } else { Ending::Failed };
        self.settle();
        self.save().await;
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
        state.last_error = self.report.failure.as_ref().map(|failure| LastError {
            stage: failure.stage.to_string(),
            class: failure.error_class.clone(),
            message: failure.error.clone(),
        });
        state.left_alone_until = match &self.report.failure {
            Some(failure) if failure.error_class == "rate_limited" => asked_until(now, self.retry_after),
            _ => None,
        };
        self.note_silence(now);
        let known = known(&self.state, now);
        let state = &mut self.state;
        let cadence = &self.feed.cadence;
        state.next_due = cadence.next_due(&self.feed.id, now, state.failures, self.retry_after, &known);
        self.report.next_due = state.next_due;
    }

    /// Has it gone strangely quiet, by the operator's measure or its own? Said aloud once, and counted.
    fn note_silence(&mut self, now: Timestamp) {
        let state = &mut self.state;
        let strange = self.feed.quiet_after.or_else(|| state.pace.gap().map(strange_silence));
        let silent = |since: &Timestamp| {
            strange.is_some_and(|strange| now.duration_since(*since).unsigned_abs() > strange)
        };
        let quiet = state.last_new.filter(silent);
        if let (Some(since), None) = (quiet, state.quiet_since) {
            state.silences = state.silences.saturating_add(1);
            tracing::warn!(feed = %self.feed.id, %since, "the feed has gone strangely quiet");
        }
        state.quiet_since = quiet;
        self.report.quiet_since = quiet;
    }

    async fn acknowledge(&mut self, unread: &[(String, String)]) {
        for (_, error) in self.feed.transport.acknowledge(&self.state.cursor, unread).await {
            self.report.outcome = Ending::Partly;
            self.report.fail(fetch_failure(&error));
        }
    }
}

/// The end of what a `Retry-After` asks for.
fn asked_until(now: Timestamp, asked: Option<Duration>) -> Option<Timestamp> {
    let asked =
        SignedDuration::try_from(asked.filter(|asked| !asked.is_zero())?).unwrap_or(SignedDuration::MAX);
    Some(now.checked_add(asked).unwrap_or(Timestamp::MAX))
}

/// What the schedule may know of a feed.
pub fn known(state: &FeedState, now: Timestamp) -> Known {
    Known {
        gap: state.pace.gap(),
        silence: state.last_new.map(|last| now.duration_since(last).unsigned_abs()),
        window: state.pace.window,
        asked: state.pace.asked.map(Duration::from_secs),
    }
}

fn fetch_failure(error: &FetchError) -> Failure {
    Failure { stage: Stage::Fetch, error_class: error.class().into(), error: error.to_string() }
}
