//! Whoever follows the store, and the one path by which they move.

use super::db::Store;
use super::error::StoreError;
use super::types::{Revision, Seq};

/// Whoever follows the store. A sink keeps its own position, in the same commit as its data.
pub trait Sink {
    /// The last revision it has committed; [`Seq`] 0 for a new one.
    ///
    /// # Errors
    /// When its files cannot be read.
    fn position(&self) -> Result<Seq, SinkError>;

    /// The last revision it has taken, committed or not: where it goes on. One that does not keep count is handed again
    /// what it has not committed.
    ///
    /// # Errors
    /// As of [`Self::position`].
    fn reached(&self) -> Result<Seq, SinkError> {
        self.position()
    }

    /// Takes one revision, in the order of the log. One that is no longer current comes too: the sink decides.
    ///
    /// # Errors
    /// When it cannot be taken; the sink is then as it was at its last commit.
    fn take(&mut self, revision: &Revision) -> Result<(), SinkError>;

    /// Makes durable all that was taken, together with the position `up_to`.
    ///
    /// # Errors
    /// When it cannot; the sink is then as it was at its last commit.
    fn commit(&mut self, up_to: Seq) -> Result<(), SinkError>;
}

/// A sink could not follow.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sink itself failed.
    #[error("{detail}")]
    Sink {
        /// The error class of reports: `corrupt`, `storage`, `locked`.
        class: &'static str,
        /// What was being done, what stood in the way, a hint.
        detail: String,
    },
}

impl SinkError {
    /// A sink's own failure.
    pub fn new(class: &'static str, detail: impl Into<String>) -> Self {
        Self::Sink { class, detail: detail.into() }
    }

    /// The error class of reports and logs.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Store(error) => error.class(),
            Self::Sink { class, .. } => class,
        }
    }
}

/// The one path by which a sink moves: in normal running, after a crash, when built anew.
///
/// Hands over what comes after the last revision it has taken, one at a time and in order, with a commit every `batch`
/// revisions and at the end. Returns the position reached. Cut anywhere, the next call goes on from the last commit.
///
/// # Errors
/// The store's or the sink's; what was committed before stays.
pub fn catch_up(store: &Store, sink: &mut dyn Sink, batch: usize) -> Result<Seq, SinkError> {
    loop {
        let handed = hand_over(store, sink, batch)?;
        if handed.reached > sink.position()? {
            sink.commit(handed.reached)?;
        }
        if !handed.is_full {
            return Ok(handed.reached);
        }
    }
}

/// The first part of that path: hands over what was landed, and commits only when `batch` revisions wait for it.
///
/// Called after every landing, it spreads the work, and nothing just written has to be read back.
///
/// # Errors
/// As of [`catch_up`], which is to be called when somebody is to see what landed.
pub fn keep_up(store: &Store, sink: &mut dyn Sink, batch: usize) -> Result<(), SinkError> {
    if hand_over(store, sink, batch)?.is_full { catch_up(store, sink, batch).map(drop) } else { Ok(()) }
}

/// How far a sink has come, and whether enough waits for a commit.
struct Handed {
    reached: Seq,
    is_full: bool,
}

/// Hands over until the end of the log, or until `batch` revisions wait for a commit.
fn hand_over(store: &Store, sink: &mut dyn Sink, batch: usize) -> Result<Handed, SinkError> {
    let committed = sink.position()?;
    let mut reached = sink.reached()?;
    loop {
        let waiting = usize::try_from(reached.0.saturating_sub(committed.0)).unwrap_or(usize::MAX);
        let room = batch.max(1).saturating_sub(waiting);
        let before = reached;
        store.each_after(before, room, |revision| {
            sink.take(&revision)?;
            reached = revision.seq;
            store.recent.borrow_mut().keep(revision);
            Ok::<_, SinkError>(())
        })?;
        if room == 0 || reached == before {
            return Ok(Handed { reached, is_full: room == 0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::testing::{Desk, landing, story};
    use super::*;

    /// Keeps the current headline of each story; loses what it took since its last commit when it is cut.
    #[derive(Debug, Default, Clone)]
    struct Toy {
        committed: (Seq, BTreeMap<String, String>),
        taken: BTreeMap<String, String>,
        reached: Option<Seq>,
        calls_left: Option<usize>,
    }

    impl Toy {
        fn call(&mut self) -> Result<(), SinkError> {
            match &mut self.calls_left {
                Some(0) => {
                    (self.taken, self.reached) = (self.committed.1.clone(), None);
                    Err(SinkError::new("storage", "cut"))
                }
                Some(left) => {
                    *left -= 1;
                    Ok(())
                }
                None => Ok(()),
            }
        }
    }

    impl Sink for Toy {
        fn position(&self) -> Result<Seq, SinkError> {
            Ok(self.committed.0)
        }

        fn reached(&self) -> Result<Seq, SinkError> {
            Ok(self.reached.unwrap_or(self.committed.0))
        }

        fn take(&mut self, revision: &Revision) -> Result<(), SinkError> {
            self.call()?;
            self.reached = Some(revision.seq);
            if revision.current {
                self.taken.insert(revision.item.id.clone(), revision.item.headline.clone().unwrap());
            }
            Ok(())
        }

        fn commit(&mut self, up_to: Seq) -> Result<(), SinkError> {
            self.call()?;
            (self.committed, self.reached) = ((up_to, self.taken.clone()), None);
            Ok(())
        }
    }

    fn desk() -> Desk {
        let mut desk = Desk::new();
        for (second, id, version) in
            [(1, "a", "1"), (2, "b", "2"), (3, "a", "2"), (4, "b", "1"), (5, "c", "1")]
        {
            let item = story(id, version, &format!("{id} {version}"));
            desk.store.land(landing("ap", second, vec![item])).unwrap();
        }
        desk
    }

    #[test]
    fn a_cut_at_any_call_heals() {
        let desk = desk();
        let mut whole = Toy::default();
        assert_eq!(catch_up(&desk.store, &mut whole, 2).unwrap(), Seq(5));
        assert_eq!(whole.committed.1["b"], "b 2");
        for cut in 0..8 {
            let mut toy = Toy { calls_left: Some(cut), ..Toy::default() };
            catch_up(&desk.store, &mut toy, 2).unwrap_err();
            toy.calls_left = None;
            catch_up(&desk.store, &mut toy, 2).unwrap();
            assert_eq!(toy.committed, whole.committed, "cut at call {cut}");
        }
    }

    #[test]
    fn keeping_up_takes_each_revision_once_and_leaves_the_commit_to_catching_up() {
        let mut desk = desk();
        let mut toy = Toy::default();
        keep_up(&desk.store, &mut toy, 100).unwrap();
        assert_eq!((toy.committed.0, toy.taken.len()), (Seq(0), 3));
        desk.store.land(landing("ap", 9, vec![story("d", "1", "d 1")])).unwrap();
        toy.calls_left = Some(2); // one to take, one to commit
        assert_eq!(catch_up(&desk.store, &mut toy, 100).unwrap(), Seq(6));
        assert_eq!(toy.committed, (Seq(6), toy.taken.clone()));
        assert_eq!(toy.taken["d"], "d 1");
        let mut full = Toy::default();
        keep_up(&desk.store, &mut full, 2).unwrap();
        assert_eq!(full.committed.0, Seq(6), "a full batch is committed");
    }

    #[test]
    fn what_landed_before_the_process_died_is_followed_after_it_comes_back() {
        let desk = desk();
        let mut toy = Toy::default();
        catch_up(&desk.store, &mut toy, 100).unwrap();
        let mut store = desk.store;
        store.land(landing("ap", 9, vec![story("a", "3", "a 3")])).unwrap();
        let dir = {
            drop(store);
            desk.dir
        };
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(catch_up(&store, &mut toy, 100).unwrap(), Seq(6));
        assert_eq!(toy.committed.1["a"], "a 3");
        assert_eq!(catch_up(&store, &mut toy, 100).unwrap(), Seq(6), "nothing more to do");
    }
}
