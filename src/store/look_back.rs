//! What could the desk see then? The log and the record of recalls, up to an instant.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::read;
use super::types::{Revision, Seq};
use crate::item::{Recalled, elect};

const BACK: &str = "looking back";

impl Store {
    /// The revision of the story `id` that was current at `then`, under what it was then; none when it had not come.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn as_of(&self, id: &str, then: Timestamp) -> Result<Option<Revision>, StoreError> {
        let known = self.history(id)?.into_iter().filter(|revision| was_there(revision, then)).collect();
        self.current_then(known, then)
    }

    /// The revision at `seq` under what its story was at `then`.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn revision_as_of(&self, seq: Seq, then: Timestamp) -> Result<Option<Revision>, StoreError> {
        let Some(mut revision) = self.revision(seq)? else { return Ok(None) };
        revision.item.recalled = self.recalled_then(&revision.item.id, then)?;
        Ok(Some(revision))
    }

    /// Hands over the revision of every story that was current at `then`, under what it was then.
    ///
    /// # Errors
    /// The store's (`corrupt`, `storage`), or the first one of `each`, which ends the reading.
    pub fn each_as_of<E: From<StoreError>>(
        &self,
        then: Timestamp,
        mut each: impl FnMut(Revision) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT seq, delivery, json, 0, NULL, sum, id FROM revision WHERE received <= ?1 ORDER BY id, seq";
        let mut query = self.conn.prepare_cached(sql).doing(BACK)?;
        let mut rows = query.query([then.as_microsecond()]).doing(BACK)?;
        let mut story: Vec<Revision> = Vec::new();
        loop {
            let next = rows.next().doing(BACK)?.map(read::revision).transpose()?;
            let ends = |next: &Revision| story.first().is_some_and(|first| first.item.id != next.item.id);
            if next.as_ref().is_none_or(ends)
                && let Some(revision) = self.current_then(std::mem::take(&mut story), then)?
            {
                each(revision)?;
            }
            match next {
                Some(next) => story.push(next),
                None => return Ok(()),
            }
        }
    }

    /// Of these revisions of a story the one that was current: the same rule as of landing, so words count from when they
    /// were first received.
    fn current_then(&self, known: Vec<Revision>, then: Timestamp) -> Result<Option<Revision>, StoreError> {
        let items: Vec<_> = known.iter().map(|revision| revision.item.clone()).collect();
        let current = elect(&items).and_then(|at| known.into_iter().nth(at));
        let Some(mut current) = current else { return Ok(None) };
        current.current = true;
        current.item.recalled = self.recalled_then(&current.item.id, then)?;
        Ok(Some(current))
    }

    fn recalled_then(&self, id: &str, then: Timestamp) -> Result<Option<Recalled>, StoreError> {
        let sql = "SELECT state FROM recall WHERE id = ?1 AND at <= ?2 ORDER BY seq DESC LIMIT 1";
        let mut query = self.conn.prepare_cached(sql).doing(BACK)?;
        let state: Option<Option<String>> =
            query.query_row(params![id, then.as_microsecond()], |row| row.get(0)).optional().doing(BACK)?;
        state.flatten().map(|state| serde_json::from_str(&state).doing(BACK)).transpose()
    }
}

fn was_there(revision: &Revision, then: Timestamp) -> bool {
    revision.item.received.is_some_and(|received| received <= then)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, at, landing, story};
    use super::*;
    use crate::item::NewsItem;

    #[test]
    fn the_desk_is_seen_as_it_was() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 10, vec![story("a", "1", "one")])).unwrap();
        desk.store.land(landing("ap", 20, vec![story("a", "2", "two"), story("b", "1", "other")])).unwrap();
        let killed = NewsItem { pub_status: Some("canceled".into()), ..story("a", "3", "gone") };
        desk.store.land(landing("ap", 30, vec![killed])).unwrap();
        desk.store.land(landing("ap", 40, vec![story("a", "4", "again")])).unwrap();
        let seen = |second| {
            let mut seen = Vec::new();
            let each = |revision: Revision| -> Result<(), StoreError> {
                let alone = desk.store.as_of(&revision.item.id, at(second)).unwrap().unwrap();
                assert_eq!(alone.item, revision.item, "alone and among all, at {second}");
                if revision.item.publishability(at(second)).is_publishable() {
                    seen.push(revision.item.headline.unwrap());
                }
                Ok(())
            };
            desk.store.each_as_of(at(second), each).unwrap();
            seen
        };
        assert!(seen(5).is_empty());
        assert_eq!(seen(10), ["one"]);
        assert_eq!(seen(29), ["two", "other"]);
        assert_eq!(seen(30), ["other"]);
        assert_eq!(seen(50), ["other"]);
        assert!(desk.store.as_of("a", at(5)).unwrap().is_none());
    }
}
