//! One thread owns the desk's pen. Feeds that land together share a transaction; the index follows when asked.
//!
//! SQLite syncs once a transaction and Tantivy once a commit, each some milliseconds: what waits in the queue is landed as
//! one group, and nobody is told "landed" before that group is on the disk.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::backlog::Backlog;
use super::report::{Failure, Stage};
use super::standing::Standing;
use crate::desk::Desk;
use crate::store::{FeedState, Keeps, Landed, Landing, StoreError};
use crate::topics::{Book, Messenger};

/// Landings in one transaction at most: bounds the memory of a cycle over thousands of feeds.
pub(super) const GROUP: usize = 64;

/// The way to the thread that owns the desk.
pub struct Writer {
    queue: Sender<Job>,
    thread: JoinHandle<()>,
    /// What is on its way to it.
    pub(super) backlog: Backlog,
}

type Reply<T> = oneshot::Sender<Result<T, Failure>>;

enum Job {
    Land(Box<Landing>, Reply<Landed>),
    Follow(Reply<()>),
    Save(Vec<Box<FeedState>>, Reply<()>),
    States(Vec<String>, Reply<Vec<Box<FeedState>>>),
    Knows(Vec<(String, String)>, Reply<Vec<bool>>),
    Expire(Vec<Keeps>, Timestamp, Reply<Vec<usize>>),
}

impl Writer {
    /// Hands the desk to its own thread.
    pub fn start(desk: Desk) -> std::io::Result<Self> {
        let (queue, jobs) = channel();
        let work = move || run(desk, &jobs);
        let thread = std::thread::Builder::new().name("writer".into()).spawn(work)?;
        Ok(Self { queue, thread, backlog: Backlog::default() })
    }

    /// Lands one poll. When this answers, items, raw bytes and cursor are on the disk.
    pub async fn land(&self, landing: Landing) -> Result<Landed, Failure> {
        self.ask(|reply| Job::Land(Box::new(landing), reply)).await
    }

    /// So much waits for the disk that no more should be asked for.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.backlog.is_full()
    }

    /// Has so much to do, until what this gives is dropped, that it is behind.
    #[cfg(test)]
    #[must_use]
    pub fn fall_behind(&self) -> impl Sized + use<> {
        self.backlog.fill()
    }

    /// Lets the index catch up with the store and commits it.
    pub async fn follow(&self) -> Result<(), Failure> {
        self.ask(Job::Follow).await
    }

    /// Saves where feeds stand whose polls brought nothing to land.
    pub async fn save(&self, states: Vec<Box<FeedState>>) -> Result<(), Failure> {
        self.ask(|reply| Job::Save(states, reply)).await
    }

    /// Where these feeds stand, in their order; one that was never polled stands at its beginning.
    pub async fn states(&self, ids: Vec<String>) -> Result<Vec<Box<FeedState>>, Failure> {
        self.ask(|reply| Job::States(ids, reply)).await
    }

    /// Removes what these feeds have outlived, for good. Gives how many stories of each feed that it got to, of the first one at least.
    pub async fn expire(&self, feeds: Vec<Keeps>, now: Timestamp) -> Result<Vec<usize>, Failure> {
        self.ask(|reply| Job::Expire(feeds, now, reply)).await
    }

    /// Which of these stories, by id and hash of their content, the store has in these very words.
    pub async fn knows(&self, words: Vec<(String, String)>) -> Result<Vec<bool>, Failure> {
        self.ask(|reply| Job::Knows(words, reply)).await
    }

    /// Lets the thread finish what was queued, and gives the lock back.
    pub fn finish(self) {
        drop(self.queue);
        // A panic of the writer was reported already, by every reply it did not send.
        let _ = self.thread.join();
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        // A dead writer drops the reply, which is the error below.
        let _ = self.queue.send(job(reply));
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }
}

fn stopped() -> Failure {
    Failure {
        stage: Stage::Store,
        error_class: "storage".into(),
        error: "landing a delivery: the writer has stopped; hint: see the log, then start again".into(),
    }
}

/// Works until nobody can ask any more, then closes the desk.
fn run(mut desk: Desk, jobs: &Receiver<Job>) {
    let mut held_over = None;
    let mut messenger: Option<Messenger> = None;
    let mut standing = Standing::default();
    while let Some(job) = held_over.take().or_else(|| jobs.recv().ok()) {
        match job {
            Job::Land(landing, reply) => {
                let mut group = vec![(*landing, reply)];
                held_over = fill(&mut group, jobs);
                land(&mut desk, group);
            }
            Job::Follow(reply) => {
                held_over = follow(&mut desk, reply, jobs);
                if Book::is_kept_in(desk.data_dir()) {
                    messenger.get_or_insert_with(|| desk.messenger()).wake();
                }
            }
            Job::Save(states, reply) => answer(reply, save(&mut desk, states, &mut standing)),
            Job::States(ids, reply) => answer(reply, standing.take(ids, desk.store()).map_err(stored)),
            Job::Knows(words, reply) => answer(reply, knows(&desk, &words)),
            Job::Expire(feeds, now, reply) => answer(reply, desk.expire(&feeds, now).map_err(stored)),
        }
    }
    if let Err(error) = desk.close() {
        tracing::error!(%error, "closing the desk; what was landed is kept");
    }
}

/// Takes the landings that wait already; the first other job ends the group and is done next.
fn fill(group: &mut Vec<(Landing, Reply<Landed>)>, jobs: &Receiver<Job>) -> Option<Job> {
    while group.len() < GROUP {
        match jobs.try_recv().ok()? {
            Job::Land(landing, reply) => group.push((*landing, reply)),
            other => return Some(other),
        }
    }
    None
}

fn land(desk: &mut Desk, group: Vec<(Landing, Reply<Landed>)>) {
    let (landings, replies): (Vec<_>, Vec<_>) = group.into_iter().unzip();
    match desk.land_all(landings) {
        Ok(landed) => replies.into_iter().zip(landed).for_each(|(reply, landed)| answer(reply, Ok(landed))),
        Err(error) => {
            let failure = stored(error);
            replies.into_iter().for_each(|reply| answer(reply, Err(failure.clone())));
        }
    }
}

/// Several cycles may ask at the same time: one commit of the index serves all that wait.
fn follow(desk: &mut Desk, reply: Reply<()>, jobs: &Receiver<Job>) -> Option<Job> {
    let mut waiting = vec![reply];
    let next = loop {
        match jobs.try_recv() {
            Ok(Job::Follow(reply)) => waiting.push(reply),
            Ok(other) => break Some(other),
            Err(_) => break None,
        }
    };
    let followed = desk.follow().map(|_| ()).map_err(|error| Failure {
        stage: Stage::Index,
        error_class: error.class().into(),
        error: error.to_string(),
    });
    waiting.into_iter().for_each(|reply| answer(reply, followed.clone()));
    next
}

fn save(desk: &mut Desk, states: Vec<Box<FeedState>>, standing: &mut Standing) -> Result<(), Failure> {
    desk.save_feed_states(&states).map_err(stored)?;
    standing.hold(states);
    Ok(())
}

fn knows(desk: &Desk, words: &[(String, String)]) -> Result<Vec<bool>, Failure> {
    let known = words.iter().map(|(id, hash)| desk.store().knows(id, hash));
    known.collect::<Result<_, _>>().map_err(stored)
}

#[allow(clippy::needless_pass_by_value)] // handed to map_err
fn stored(error: StoreError) -> Failure {
    Failure { stage: Stage::Store, error_class: error.class().into(), error: error.to_string() }
}

/// Whoever asked may be gone (a cancelled poll); the work is done all the same.
fn answer<T>(reply: Reply<T>, result: Result<T, Failure>) {
    let _ = reply.send(result);
}
