//! **The desk**: the store and whatever follows it, opened once, with one writer at a time.
//!
//! [`Desk`] is for the process that writes, [`Reader`] for any number beside it. The store is the truth: an index that is
//! missing, damaged, of another desk or ahead of its store is made anew from it, and one that is behind catches up,
//! before anything is answered.

mod error;
mod sound;

use std::borrow::Borrow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

pub use error::DeskError;
pub use sound::INDEX;
use sound::{
    BATCH, are_damaged, build_index, guarded, is_whole, sound_index, sound_threads, threads_anew, tidy,
};

use crate::index::{self, Index};
use crate::item::NewsItem;
use crate::search::{self, Answer, Ask, Thread, within_threads};
use crate::store::{
    FeedState, Keeps, Landed, Landing, Revision, Seq, Sink, SinkError, Store, StoreError, catch_up, keep_up,
};
use crate::threads::{self, Reading, Threads};
use crate::topics::{self, Book, Messenger, Topics, TopicsError};

/// Stories that retention removes in one transaction.
const EXPIRED_AT_ONCE: usize = 5_000;

/// The desk of the process that writes to it.
pub struct Desk {
    store: Store,
    index: Index,
    topics: Option<Topics>,
    threads: Threads,
    data_dir: PathBuf,
    settings: topics::Settings,
}

/// Index and threads follow together, so that a revision is read from the store once for both.
struct Followers<'f> {
    index: &'f mut Index,
    threads: &'f mut Threads,
}

impl Followers<'_> {
    fn both(&mut self) -> [&mut dyn Sink; 2] {
        [&mut *self.index, &mut *self.threads]
    }
}

impl Sink for Followers<'_> {
    fn position(&self) -> Result<Seq, SinkError> {
        Ok(self.index.position()?.min(self.threads.position()?))
    }

    fn reached(&self) -> Result<Seq, SinkError> {
        Ok(self.index.reached()?.min(self.threads.reached()?))
    }

    fn take(&mut self, revision: &Revision) -> Result<(), SinkError> {
        for sink in self.both() {
            if revision.seq > sink.reached()? {
                sink.take(revision)?;
            }
        }
        Ok(())
    }

    fn commit(&mut self, up_to: Seq) -> Result<(), SinkError> {
        for sink in self.both() {
            if up_to > sink.position()? {
                sink.commit(up_to)?;
            }
        }
        Ok(())
    }
}

impl Desk {
    /// Opens the desk in `data_dir` for writing, makes it when there is none, and brings its index up to date.
    ///
    /// # Errors
    /// `locked` when another process writes to it; `corrupt` when its store is; `storage` when the disk refuses.
    pub fn open(data_dir: &Path) -> Result<Self, DeskError> {
        let store = Store::open(data_dir)?;
        tidy(data_dir)?;
        let index = match sound_index(&store, data_dir)? {
            Some(index) => index,
            None => build_index(&store, data_dir)?,
        };
        let threads = sound_threads(&store, data_dir)?;
        let settings = topics::Settings::default();
        let mut desk = Self { store, index, threads, topics: None, data_dir: data_dir.to_owned(), settings };
        if let Err(error) = desk.follow() {
            if !are_damaged(data_dir) {
                return Err(error.into());
            }
            drop(desk);
            Self::remake_threads(data_dir)?;
            return Self::open(data_dir);
        }
        if desk.index.position()? == Seq(0) {
            desk.index.commit(Seq(0))?; // says whose it is: who searches before the first story lands finds none, and has nothing to make
        }
        Ok(desk)
    }

    /// How topics are matched.
    #[must_use]
    pub fn with_topics(self, settings: topics::Settings) -> Self {
        Self { settings, topics: None, ..self }
    }

    /// Opens the desk in `data_dir` to read it, also while another process writes to it.
    ///
    /// # Errors
    /// `storage` when there is none, `corrupt` when its store is.
    pub fn read_only(data_dir: &Path) -> Result<Reader, DeskError> {
        let store = Store::open_read_only(data_dir)?;
        Ok(Reader { store, index: None, data_dir: data_dir.to_owned() })
    }

    /// How far index and threads of the desk in `data_dir` have followed its log; none where they cannot be read.
    #[must_use]
    pub fn followed(data_dir: &Path) -> (Option<Seq>, Option<Seq>) {
        let index =
            guarded(|| Index::open_read(&data_dir.join(INDEX))).and_then(|index| index.position().ok());
        let threads = Reading::open(data_dir, threads::Choices::new()).and_then(|them| them.position());
        (index, threads.ok())
    }

    /// Makes the index of the desk in `data_dir` anew from its store; the one there is answers until that is done.
    /// Gives the place in the log that it reaches.
    ///
    /// # Errors
    /// As of [`Self::open`].
    pub fn reindex(data_dir: &Path) -> Result<Seq, DeskError> {
        let store = Store::open(data_dir)?;
        tidy(data_dir)?;
        threads_anew(&store, data_dir)?;
        Ok(build_index(&store, data_dir)?.position()?)
    }

    /// Makes the threads of the desk in `data_dir` anew from its store.
    fn remake_threads(data_dir: &Path) -> Result<(), DeskError> {
        tracing::warn!("the threads are damaged, and made anew from the store");
        threads_anew(&Store::open(data_dir)?, data_dir)
    }

    /// Removes these stories of the desk in `data_dir` for good, from store, archive, index, threads and alerts, and leaves
    /// tombstones. Gives how many there were. Index and threads are made anew, so that nothing is left in them.
    ///
    /// # Errors
    /// `locked` while another process writes to the desk, or a reader holds on to it; then call it again.
    pub fn purge(data_dir: &Path, ids: &[String], reason: &str, at: Timestamp) -> Result<usize, DeskError> {
        let mut store = Store::open(data_dir)?;
        let purged = store.purge(ids, reason, at)?;
        if Book::is_kept_in(data_dir) {
            let book = Book::open(data_dir)?;
            ids.iter().try_for_each(|id| book.forget(id))?;
        }
        store.scrub()?;
        drop(store);
        Self::reindex(data_dir)?;
        Ok(purged)
    }

    /// Removes what these feeds have outlived, some thousands of stories in one transaction. Gives how many of each feed that it got to: of
    /// the first one at least.
    ///
    /// # Errors
    /// The store's; then nothing was removed.
    pub fn expire(&mut self, feeds: &[Keeps], now: Timestamp) -> Result<Vec<usize>, StoreError> {
        self.store.expire(feeds, EXPIRED_AT_ONCE, now)
    }

    /// Lands several polls in one transaction: when this returns, they are on the disk. Searches see them after the
    /// next [`Self::follow`].
    ///
    /// # Errors
    /// The store's; then nothing of any of them was kept.
    pub fn land_all(&mut self, landings: Vec<Landing>) -> Result<Vec<Landed>, StoreError> {
        let landed = self.store.land_all(landings)?;
        let mut followers = Followers { index: &mut self.index, threads: &mut self.threads };
        // an error of the index is not lost: the next call of `follow` meets it again and reports it
        if let Err(error) = keep_up(&self.store, &mut followers, BATCH) {
            tracing::debug!(%error, "the index could not keep up with what was landed");
        }
        Ok(landed)
    }

    /// Saves where feeds stand whose polls brought nothing to land.
    ///
    /// # Errors
    /// The store's; then none of them is saved.
    pub fn save_feed_states(&mut self, states: &[impl Borrow<FeedState>]) -> Result<(), StoreError> {
        self.store.save_feed_states(states)
    }

    /// Lets index and threads catch up with the store. Gives the place in the log that it reaches.
    ///
    /// # Errors
    /// Of the index or the store; nothing is lost, the next call tries again.
    pub fn follow(&mut self) -> Result<Seq, SinkError> {
        let reached = catch_up(
            &self.store,
            &mut Followers { index: &mut self.index, threads: &mut self.threads },
            BATCH,
        )?;
        if let Err(error) = self.tell_topics() {
            // the stories are there; who asked to be told of them is told at the next delivery
            tracing::error!(%error, "matching topics");
        }
        Ok(reached)
    }

    /// Lets the topics follow; a desk without any does not even look.
    fn tell_topics(&mut self) -> Result<(), TopicsError> {
        if self.topics.is_none() {
            if !Book::is_kept_in(&self.data_dir) {
                return Ok(());
            }
            self.topics = Some(Topics::open(&self.data_dir, self.settings.clone())?);
        }
        let Some(topics) = &mut self.topics else { return Ok(()) };
        // opened when a topic names a thread, which hardly any does
        let threads = || Ok(Reading::open(&self.data_dir, self.store.thread_choices()?)?);
        let stories = |id: &str| match threads() {
            Ok(threads) => stories_beside(&threads, id),
            Err::<_, DeskError>(error) => {
                tracing::error!(%error, "reading the threads for a topic");
                Vec::new()
            }
        };
        let told = topics.follow(&self.store, &self.index, &stories, Timestamp::now()).map(drop);
        self.store.keep_recent();
        told
    }

    /// Starts a thread that takes alerts to the commands of their topics.
    #[must_use]
    pub fn messenger(&self) -> Messenger {
        Messenger::start(&self.data_dir, Arc::clone(&self.settings.spellings))
    }

    /// Where it is kept.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Answers a question from what the index holds.
    ///
    /// # Errors
    /// `corrupt` when index or store are damaged.
    pub fn search(&self, ask: &Ask) -> Result<Answer, DeskError> {
        let threads = Reading::open(&self.data_dir, self.store.thread_choices()?)?;
        answer(&self.store, &self.index, &threads, ask)
    }

    /// The store, to read.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Ends the writing: waits for the index's own housekeeping and gives the lock back.
    ///
    /// # Errors
    /// The index's; what was committed stays.
    pub fn close(mut self) -> Result<(), DeskError> {
        Ok(self.index.settle()?)
    }
}

/// The desk of a process that only asks.
pub struct Reader {
    store: Store,
    index: Option<Index>,
    data_dir: PathBuf,
}

impl Reader {
    /// The store, to read.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Answers a question from all that the store holds. When the index is not up to it, and nobody is at work on that,
    /// it is brought up to date first.
    ///
    /// # Errors
    /// `corrupt` when the store is damaged, `locked` when there is no index and another process is making it.
    pub fn search(&mut self, ask: &Ask) -> Result<Answer, DeskError> {
        match self.answer(ask) {
            // the desk was opened as files that nobody writes to, and somebody has: open it again
            _ if self.store.is_outdated() => self.answer(ask),
            Err(_) if are_damaged(&self.data_dir) => {
                Desk::remake_threads(&self.data_dir)?;
                self.answer(ask)
            }
            answered => answered,
        }
    }

    fn answer(&mut self, ask: &Ask) -> Result<Answer, DeskError> {
        self.refresh()?;
        let threads = self.threads()?;
        match &self.index {
            Some(index) => answer(&self.store, index, &threads, ask),
            None => Ok(Answer::default()),
        }
    }

    /// A query for stories like `item`.
    ///
    /// # Errors
    /// As of [`Self::search`].
    pub fn like(&mut self, item: &NewsItem) -> Result<String, DeskError> {
        self.refresh()?;
        Ok(self.index.as_ref().map(|index| search::like(index, item)).transpose()?.unwrap_or_default())
    }

    /// Opens the index, or sees what was committed since.
    fn refresh(&mut self) -> Result<(), DeskError> {
        if self.store.is_outdated() {
            self.store = Store::open_read_only(&self.data_dir)?;
        }
        match &self.index {
            Some(index) => index.reload()?,
            None => self.index = Some(self.open_index()?),
        }
        Ok(())
    }

    /// Answers a question as the desk could have at `then`: from the stories it had, under what they were then. Makes an
    /// index of them in memory for that.
    ///
    /// # Errors
    /// `corrupt` when the store is damaged.
    pub fn search_as_of(&self, ask: &Ask, then: Timestamp) -> Result<Answer, DeskError> {
        let mut index = Index::in_memory(index::Settings::default())?;
        self.store.each_as_of(then, |revision| index.take(&revision))?;
        index.commit(self.store.last_seq()?)?;
        let load = |seq| Ok(self.store.revision_as_of(Seq(seq), then)?.map(|revision| revision.item));
        let threads = self.threads()?;
        let thread = |id: &str| {
            let id = threads.of(id)?;
            Ok(Thread { stories: threads.count(&id)?, id })
        };
        let query = within_threads(&ask.query, &|id| stories_beside(&threads, id));
        Ok(search::search_threads(&index, &load, Some(&thread), &Ask { now: then, query, ..ask.clone() })?)
    }

    /// The threads, to read.
    ///
    /// # Errors
    /// `storage` or `corrupt` when they cannot be read.
    pub fn threads(&self) -> Result<Reading, DeskError> {
        Ok(Reading::open(&self.data_dir, self.store.thread_choices()?)?)
    }

    /// True when index and threads are up to the store.
    fn is_followed(&self, index: &Index) -> Result<bool, DeskError> {
        let last = self.store.last_seq()?;
        let threads = Reading::open(&self.data_dir, threads::Choices::new()).and_then(|them| them.position());
        Ok(index.position()? == last && threads.is_ok_and(|at| at == last))
    }

    fn open_index(&self) -> Result<Index, DeskError> {
        let path = self.data_dir.join(INDEX);
        let desk = self.store.identity()?;
        let found = guarded(|| Index::open_read(&path))
            .filter(|index| index.desk() == desk && is_whole(index, &path));
        let found = match found {
            Some(index) if self.is_followed(&index)? => return Ok(index),
            found => found,
        };
        match Desk::open(&self.data_dir).and_then(Desk::close) {
            Ok(()) => Ok(Index::open_read(&path)?),
            // whoever holds the lock lets the index follow within moments
            Err(error) => found.filter(|_| error.class() == "locked").ok_or(error),
        }
    }
}

/// The stories that the index finds, as the store has them now: a story revised or killed since the index last followed
/// comes as its current revision, for the gate to judge.
fn answer(store: &Store, index: &Index, threads: &Reading, ask: &Ask) -> Result<Answer, DeskError> {
    let load = |seq| Ok(current(store, Seq(seq))?.map(|revision| revision.item));
    let thread = |id: &str| {
        let id = threads.of(id)?;
        Ok(Thread { stories: threads.count(&id)?, id })
    };
    let ask = Ask { query: within_threads(&ask.query, &|id| stories_beside(threads, id)), ..ask.clone() };
    Ok(search::search_threads(index, &load, Some(&thread), &ask)?)
}

/// The stories of the thread that a story is in.
fn stories_beside(threads: &Reading, id: &str) -> Vec<String> {
    let joins = threads.thread(id).map(|thread| thread.joins).unwrap_or_default();
    joins.into_iter().map(|join| join.id).collect()
}

fn current(store: &Store, seq: Seq) -> Result<Option<Revision>, StoreError> {
    match store.revision(seq)? {
        Some(superseded) if !superseded.current => store.current(&superseded.item.id),
        found => Ok(found),
    }
}
