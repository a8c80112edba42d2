//! How much each feed brought, day by day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;

use super::db::Store;
use super::error::{Doing, StoreError};

const COUNTING: &str = "counting stories by day";
const DAY: i64 = 86_400_000_000;

impl Store {
    /// New and revised stories of each feed in the `days` days (of 24 hours, UTC) up to `now`, oldest first.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn daily(&self, days: usize, now: Timestamp) -> Result<BTreeMap<String, Vec<u64>>, StoreError> {
        let today = now.as_microsecond().div_euclid(DAY);
        let first = today + 1 - i64::try_from(days).unwrap_or(i64::MAX).min(3_650);
        let mut counts: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        // what comes first in the log came about first: the log's end is read, not all of it
        let from = self.first_since(first.saturating_mul(DAY))?;
        let sql = "SELECT feed, received FROM revision WHERE seq >= ?1";
        let mut query = self.conn.prepare_cached(sql).doing(COUNTING)?;
        let mut rows = query.query([from]).doing(COUNTING)?;
        while let Some(row) = rows.next().doing(COUNTING)? {
            let day = row.get::<_, i64>(1).doing(COUNTING)?.div_euclid(DAY) - first;
            let Ok(day) = usize::try_from(day) else { continue };
            let feed =
                row.get_ref(0).doing(COUNTING)?.as_str().map_err(rusqlite::Error::from).doing(COUNTING)?;
            if !counts.contains_key(feed) {
                counts.insert(feed.to_owned(), vec![0; days]);
            }
            if let Some(count) = counts.get_mut(feed).and_then(|counts| counts.get_mut(day)) {
                *count += 1;
            }
        }
        Ok(counts)
    }

    /// About where in the log what was received at `since` or later begins: by halves, since the log has no index by time.
    fn first_since(&self, since: i64) -> Result<i64, StoreError> {
        let sql = "SELECT seq, received FROM revision WHERE seq >= ?1 ORDER BY seq LIMIT 1";
        let mut query = self.conn.prepare_cached(sql).doing(COUNTING)?;
        let (mut low, mut high) = (0, self.last_seq()?.0.cast_signed() + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            let found =
                query.query_row(params![middle], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
            match found {
                Ok((seq, received)) if received < since => low = seq + 1,
                Ok(_) => high = middle,
                Err(rusqlite::Error::QueryReturnedNoRows) => high = middle,
                Err(error) => return Err(error).doing(COUNTING),
            }
        }
        Ok(low)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, at, landing, story};

    #[test]
    fn stories_are_counted_by_the_day_they_came() {
        const DAY: i64 = 86_400;
        let mut desk = Desk::new();
        for (day, ids) in [(1, "ab"), (3, "c"), (4, "defg")] {
            let items = ids.chars().map(|id| story(&id.to_string(), "1", "one")).collect();
            desk.store.land(landing("ap", day * DAY + 5, items)).unwrap();
        }
        desk.store.land(landing("dpa", 4 * DAY, vec![story("x", "1", "one")])).unwrap();
        let daily = desk.store.daily(3, at(4 * DAY + 9)).unwrap();
        assert_eq!(daily["ap"], [0, 1, 4]);
        assert_eq!(daily["dpa"], [0, 0, 1]);
        assert!(desk.store.daily(3, at(99 * DAY)).unwrap().is_empty());
    }
}
