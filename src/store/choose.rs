//! What persons decided about threads: the store remembers it, since threads themselves can be made again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;

use super::db::Store;
use super::error::{Doing, StoreError};

const CHOOSE: &str = "deciding on a thread";

impl Store {
    /// For each story that a person put somewhere, the story whose thread it belongs to; itself when it is apart from all.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn thread_choices(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let mut query = self.conn.prepare_cached("SELECT id, joined FROM thread_choice").doing(CHOOSE)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).doing(CHOOSE)?;
        rows.collect::<Result<_, _>>().doing(CHOOSE)
    }

    /// Remembers where each of these stories belongs; `None` takes a former decision back.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`; then nothing was decided.
    pub fn choose_threads(
        &mut self,
        choices: &[(String, Option<String>)],
        reason: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self.conn.transaction().doing(CHOOSE)?;
        for (id, joined) in choices {
            let done = match joined {
                None => tx.execute("DELETE FROM thread_choice WHERE id = ?1", [id]),
                Some(joined) => tx.execute(
                    "INSERT OR REPLACE INTO thread_choice (id, joined, at, reason) VALUES (?1, ?2, ?3, ?4)",
                    params![id, joined, at.as_microsecond(), reason],
                ),
            };
            done.doing(CHOOSE)?;
        }
        tx.commit().doing(CHOOSE)
    }
}
