//! Cycles under way, and what is told of them: a slow feed holds up the reports and the stories of no other.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use crate::config::Feed;
use crate::ingest::{Failure, FeedReport, Tools, Writer, cycle};

/// The shortest time between two commits of the index: a new story is found within this and the commit's own time.
const PACE: Duration = Duration::from_millis(300);

type Work<'w, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + 'w>>;

/// The cycles that are under way, and their reports.
pub(super) struct Polls<'w> {
    tools: &'w Tools,
    writer: &'w Writer,
    cycles: FuturesUnordered<Work<'w, ()>>,
    sender: UnboundedSender<Vec<FeedReport>>,
    came: UnboundedReceiver<Vec<FeedReport>>,
    /// Reports of stories that the index does not have yet.
    unindexed: Vec<FeedReport>,
    /// The index following, with the reports that are told then.
    follow: FuturesUnordered<Work<'w, Vec<FeedReport>>>,
    next_follow: Instant,
}

impl<'w> Polls<'w> {
    pub fn new(tools: &'w Tools, writer: &'w Writer) -> Self {
        let (sender, came) = unbounded_channel();
        Self {
            tools,
            writer,
            cycles: FuturesUnordered::new(),
            sender,
            came,
            unindexed: Vec::new(),
            follow: FuturesUnordered::new(),
            next_follow: Instant::now(),
        }
    }

    /// Begins a cycle over `feeds`, beside those under way.
    pub fn begin(&self, feeds: Vec<&'w Feed>) {
        let (tools, writer, sender) = (self.tools, self.writer, self.sender.clone());
        self.cycles.push(Box::pin(async move {
            // told as long as there is somebody to hear it
            cycle(&feeds, tools, writer, |reports| drop(sender.send(reports))).await
        }));
    }

    /// The next reports to be told: of a poll that brought nothing as it comes, of stories once they are found. `None` when all is told.
    pub async fn next(&mut self) -> Option<Result<Vec<FeedReport>, Failure>> {
        loop {
            let is_to_follow = !self.unindexed.is_empty() && self.follow.is_empty();
            tokio::select! {
                Some(done) = self.cycles.next() => if let Err(failure) = done { return Some(Err(failure)) },
                Some(told) = self.follow.next() => return Some(told),
                Some(mut reports) = self.came.recv(), if !(self.cycles.is_empty() && self.came.is_empty()) => {
                    self.unindexed.extend(reports.extract_if(.., |report| report.has_landed));
                    if !reports.is_empty() { return Some(Ok(reports)) }
                }
                () = sleep_until(self.next_follow), if is_to_follow => self.follow(),
                else => return None,
            }
        }
    }

    /// Lets the index follow, for all that has landed by now.
    fn follow(&mut self) {
        self.next_follow = Instant::now() + PACE;
        let (writer, reports) = (self.writer, std::mem::take(&mut self.unindexed));
        self.follow.push(Box::pin(async move { writer.follow().await.map(|()| reports) }));
    }
}
