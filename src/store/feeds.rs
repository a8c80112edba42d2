//! Where each feed stands.

use rusqlite::{Connection, OptionalExtension, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::types::FeedState;

impl Store {
    /// Saves where a feed stands when its poll brought nothing to land: a 304, a failure.
    ///
    /// # Errors
    /// As of every write: `locked`, `corrupt`, `storage`.
    pub fn save_feed_state(&mut self, state: &FeedState) -> Result<(), StoreError> {
        save(&self.conn, state)
    }

    /// Where one feed stands; `None` when it was never polled.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn feed_state(&self, id: &str) -> Result<Option<FeedState>, StoreError> {
        load(&self.conn, id)
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

/// Saves it in whatever transaction `conn` is in.
pub(super) fn save(conn: &Connection, state: &FeedState) -> Result<(), StoreError> {
    const DOING: &str = "saving a feed's state";
    let json = serde_json::to_string(state).doing(DOING)?;
    let mut write =
        conn.prepare_cached("INSERT OR REPLACE INTO feed (id, state) VALUES (?1, ?2)").doing(DOING)?;
    write.execute(params![state.id, json]).doing(DOING)?;
    Ok(())
}

fn read(json: &str) -> Result<FeedState, StoreError> {
    serde_json::from_str(json).doing("reading a feed's state")
}
