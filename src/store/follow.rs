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
/// Hands over what comes after the sink's position, one revision at a time and in order, with a commit every `batch`
/// revisions and at the end. Returns the position reached. Cut anywhere, the next call goes on from the last commit.
///
/// # Errors
/// The store's or the sink's; what was committed before stays.
pub fn catch_up(store: &Store, sink: &mut dyn Sink, batch: usize) -> Result<Seq, SinkError> {
    let mut position = sink.position()?;
    loop {
        let mut last = None;
        store.each_after(position, batch.max(1), |revision| {
            last = Some(revision.seq);
            sink.take(&revision)
        })?;
        let Some(last) = last else { return Ok(position) };
        sink.commit(last)?;
        position = last;
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
        calls_left: Option<usize>,
    }

    impl Toy {
        fn call(&mut self) -> Result<(), SinkError> {
            match &mut self.calls_left {
                Some(0) => {
                    self.taken = self.committed.1.clone();
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

        fn take(&mut self, revision: &Revision) -> Result<(), SinkError> {
            self.call()?;
            if revision.current {
                self.taken.insert(revision.item.id.clone(), revision.item.headline.clone().unwrap());
            }
            Ok(())
        }

        fn commit(&mut self, up_to: Seq) -> Result<(), SinkError> {
            self.call()?;
            self.committed = (up_to, self.taken.clone());
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
