//! Where feeds stand between two polls of a daemon: what was saved is handed out again, and not read again.

use std::collections::HashMap;

use crate::store::{FeedState, Store, StoreError};

/// States as the store has them, by feed; none while it is polled.
#[derive(Default)]
pub(super) struct Standing(HashMap<String, Option<Box<FeedState>>>);

impl Standing {
    /// Where these feeds stand, in their order; one that was never polled stands at its beginning. They are taken out: what a poll makes
    /// of its feed's state comes back when it is saved, or is read from the store if it was landed or the poll was broken off.
    pub fn take(&mut self, ids: Vec<String>, store: &Store) -> Result<Vec<Box<FeedState>>, StoreError> {
        let held: Vec<_> = ids.iter().map(|id| self.0.get_mut(id).and_then(Option::take)).collect();
        let missing = ids.into_iter().zip(&held).filter(|(_, held)| held.is_none()).map(|(id, _)| id);
        let missing: Vec<String> = missing.collect();
        let kept = store.feed_states(&missing)?;
        let mut read =
            kept.into_iter().zip(missing).map(|(kept, id)| Box::new(kept.unwrap_or_else(|| unpolled(id))));
        Ok(held.into_iter().filter_map(|held| held.or_else(|| read.next())).collect())
    }

    /// Holds states that are saved.
    pub fn hold(&mut self, saved: Vec<Box<FeedState>>) {
        for state in saved {
            match self.0.get_mut(&state.id) {
                Some(place) => *place = Some(state),
                None => drop(self.0.insert(state.id.clone(), Some(state))),
            }
        }
    }
}

fn unpolled(id: String) -> FeedState {
    FeedState { id, ..FeedState::default() }
}
