//! Where each feed stands.

use std::borrow::Borrow;
use std::collections::HashMap;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::types::FeedState;

/// Up to this many states are looked up one by one, more by one walk over the table: a daemon's cycle asks for a hundred of ten thousand,
/// `--once` for all.
const FEW: usize = 2_000;

impl Store {
    /// Saves where feeds stand whose polls brought nothing to land (a 304, a failure), in one transaction. They are states as
    /// they were loaded, with what the poll found: nothing may have been landed for these feeds since.
    ///
    /// # Errors
    /// As of every write: `locked`, `corrupt`, `storage`; then none of them is saved.
    pub fn save_feed_states(&mut self, states: &[impl Borrow<FeedState>]) -> Result<(), StoreError> {
        const DOING: &str = "saving the feeds' states";
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing(DOING)?;
        // in the table's order, so that each of its pages is written once
        let mut in_order: Vec<&FeedState> = states.iter().map(Borrow::borrow).collect();
        in_order.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        save(&tx, in_order)?;
        tx.commit().doing(DOING)
    }

    /// Where one feed stands; `None` when it was never polled.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn feed_state(&self, id: &str) -> Result<Option<FeedState>, StoreError> {
        load(&self.conn, id)
    }

    /// Where each of these feeds stands, in their order, all read at one moment.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn feed_states(&self, ids: &[String]) -> Result<Vec<Option<FeedState>>, StoreError> {
        if ids.len() > FEW {
            return self.many_feed_states(ids);
        }
        let still = self.conn.unchecked_transaction().doing("reading the feeds' states")?;
        ids.iter().map(|id| load(&still, id)).collect()
    }

    /// The same by one walk through all there are.
    fn many_feed_states(&self, ids: &[String]) -> Result<Vec<Option<FeedState>>, StoreError> {
        const DOING: &str = "reading the feeds' states";
        let places: HashMap<&str, usize> = ids.iter().map(String::as_str).zip(0..).collect();
        let mut found = vec![None; ids.len()];
        let mut query = self.conn.prepare_cached("SELECT id, state FROM feed").doing(DOING)?;
        let mut rows = query.query([]).doing(DOING)?;
        while let Some(row) = rows.next().doing(DOING)? {
            let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
            let place = places.get(text(0).doing(DOING)?).and_then(|place| found.get_mut(*place));
            if let Some(place) = place {
                *place = Some(read(text(1).doing(DOING)?)?);
            }
        }
        Ok(found)
    }

    /// Where every feed that was ever polled stands, by id.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn feeds(&self) -> Result<Vec<FeedState>, StoreError> {
        const DOING: &str = "reading the feeds' states";
        let mut query = self.conn.prepare_cached("SELECT state FROM feed ORDER BY id").doing(DOING)?;
        let rows = query.query_map([], |row| row.get::<_, String>(0)).doing(DOING)?;
        rows.map(|json| read(&json.doing(DOING)?)).collect()
    }
}

/// Reads it in whatever transaction `conn` is in.
pub(super) fn load(conn: &Connection, id: &str) -> Result<Option<FeedState>, StoreError> {
    const DOING: &str = "reading a feed's state";
    let mut query = conn.prepare_cached("SELECT state FROM feed WHERE id = ?1").doing(DOING)?;
    let found: Option<String> = query.query_row([id], |row| row.get(0)).optional().doing(DOING)?;
    found.map(|json| read(&json)).transpose()
}

/// Saves them in whatever transaction `conn` is in.
pub(super) fn save<'s>(
    conn: &Connection,
    states: impl IntoIterator<Item = &'s FeedState>,
) -> Result<(), StoreError> {
    const DOING: &str = "saving a feed's state";
    let mut write = conn
        .prepare_cached(
            "INSERT INTO feed (id, state) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET state = ?2",
        )
        .doing(DOING)?;
    let mut json = Vec::new();
    for state in states {
        json.clear();
        serde_json::to_writer(&mut json, state).doing(DOING)?;
        let json = ToSqlOutput::Borrowed(ValueRef::Text(&json));
        write.execute(params![state.id, json]).doing(DOING)?;
    }
    Ok(())
}

fn read(json: &str) -> Result<FeedState, StoreError> {
    serde_json::from_str(json).doing("reading a feed's state")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, at, landing, story};
    use super::*;

    #[test]
    fn states_are_saved_together_and_read_in_the_order_asked_for() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one")])).unwrap();
        let known = desk.store.feed_state("ap").unwrap().unwrap();
        let asked_again = FeedState { last_poll: Some(at(9)), failures: 3, ..known };
        let other = FeedState { id: "dpa".into(), failures: 1, ..FeedState::default() };
        desk.store.save_feed_states(&[asked_again.clone(), other.clone()]).unwrap();
        let ids = ["dpa", "never", "ap"].map(String::from);
        let expected = [Some(other), None, Some(asked_again)];
        assert_eq!(desk.store.feed_states(&ids).unwrap(), expected);
        assert_eq!(desk.store.many_feed_states(&ids).unwrap(), expected);
    }

    #[test]
    fn states_that_cannot_be_saved_leave_those_there_were() {
        let mut desk = Desk::new();
        let state = |id: &str, failures| FeedState { id: id.into(), failures, ..FeedState::default() };
        desk.store.save_feed_states(&[state("ap", 1)]).unwrap();
        desk.store.conn.execute_batch("CREATE TRIGGER full BEFORE INSERT ON feed WHEN NEW.id = 'dpa' BEGIN SELECT RAISE(ABORT, 'full'); END").unwrap();
        desk.store.save_feed_states(&[state("ap", 2), state("dpa", 2)]).unwrap_err();
        assert_eq!(desk.store.feeds().unwrap(), [state("ap", 1)]);
    }
}
