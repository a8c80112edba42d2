//! Alerts as the file of topics keeps them: in order, each until its topic's command has taken it and its time is over.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::alert::{Alert, Told, Why};
use super::book::{Book, Doing, place, seq};
use super::error::TopicsError;
use super::quote::Kept;

/// Alerts with the queries of their topics.
const ALERTS: &str = "SELECT a.id, a.topic, a.story, a.why, a.at, a.headline, a.passage, a.seq, t.query, t.notify FROM alert a";

impl Book {
    /// Removes alerts from before `before` that their topic's command has taken, or that no command takes. Gives how many. What a topic
    /// was told of a story stays: a later version is held against it, and a kill follows it.
    ///
    /// # Errors
    /// `storage`.
    pub fn prune(&self, before: Timestamp) -> Result<usize, TopicsError> {
        // numbers and times rise together: the first alert that is young enough ends the looking
        let sql = "DELETE FROM alert WHERE done = 1 AND at < ?1
             AND id < coalesce((SELECT id FROM alert WHERE at >= ?1 ORDER BY id LIMIT 1), 9223372036854775807)";
        self.conn.execute(sql, [before.as_microsecond()]).doing("removing old alerts")
    }

    /// At most `limit` alerts after number `after`, in order.
    ///
    /// # Errors
    /// `storage`.
    pub fn alerts_after(&self, after: i64, limit: usize) -> Result<Vec<Kept>, TopicsError> {
        let sql =
            format!("{ALERTS} LEFT JOIN topic t ON t.name = a.topic WHERE a.id > ?1 ORDER BY a.id LIMIT ?2");
        self.all(&sql, params![after, i64::try_from(limit).unwrap_or(i64::MAX)], kept)
    }

    /// The number of the last alert; 0 when there is none.
    ///
    /// # Errors
    /// `storage`.
    pub fn last_alert(&self) -> Result<i64, TopicsError> {
        self.conn
            .query_row("SELECT coalesce(max(id), 0) FROM alert", [], |row| row.get(0))
            .doing("reading alerts")
    }

    /// At most a thousand alerts after number `after` that their topic's command has not taken yet, with that command.
    ///
    /// # Errors
    /// `storage`.
    pub fn undone(&self, after: i64) -> Result<Vec<(Kept, String)>, TopicsError> {
        let sql = format!(
            "{ALERTS} JOIN topic t ON t.name = a.topic
            WHERE a.done = 0 AND a.id > ?1 AND t.notify IS NOT NULL ORDER BY a.id LIMIT 1000"
        );
        self.all(&sql, params![after], |row| Ok((kept(row)?, row.get(9)?)))
    }

    /// Notes that an alert was taken.
    ///
    /// # Errors
    /// `storage`.
    pub fn done(&self, alert: i64) -> Result<(), TopicsError> {
        self.conn
            .execute("UPDATE alert SET done = 1 WHERE id = ?1", [alert])
            .doing("noting an alert as taken")?;
        Ok(())
    }
}

/// Says it to whoever listens; where the topic has a command, that is to take it.
pub(super) fn add(tx: &Connection, told: &Told, why: Why, at: Timestamp) -> rusqlite::Result<()> {
    let sql = "INSERT INTO alert (topic, story, why, at, headline, passage, seq, done) VALUES (?1, ?2, ?3, ?4, '', '', ?5,
        NOT EXISTS (SELECT 1 FROM topic WHERE name = ?1 AND notify IS NOT NULL))";
    let Told { topic, story, seq, .. } = told;
    tx.prepare_cached(sql)?
        .execute(params![topic, story, why.to_string(), at.as_microsecond(), place(*seq)])
        .map(drop)
}

/// A row of [`ALERTS`]; one whose topic was removed at this moment looks for nothing.
fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let at: i64 = row.get(4)?;
    let alert = Alert {
        alert: row.get(0)?,
        topic: row.get(1)?,
        id: row.get(2)?,
        why: row.get(3)?,
        at: Timestamp::from_microsecond(at).unwrap_or_default(),
        headline: row.get(5)?,
        passage: row.get(6)?,
    };
    Ok(Kept { alert, seq: seq(row, 7)?, query: row.get::<_, Option<String>>(8)?.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_alerts_go_once_they_are_taken_and_the_rest_stays() {
        let dir = tempfile::tempdir().unwrap();
        let book = Book::open(dir.path()).unwrap();
        let day = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        for (id, at, done) in [(1, 1, 1), (2, 2, 0), (3, 3, 1), (4, 9, 1), (5, 10, 0)] {
            let sql = "INSERT INTO alert VALUES (?1, 't', 's', 'new', ?2, 'Talks', 'Talks go on', ?3, NULL)";
            book.conn.execute(sql, params![id, day(at).as_microsecond(), done]).unwrap();
        }
        let left = |book: &Book| {
            book.alerts_after(0, 10).unwrap().iter().map(|kept| kept.alert.alert).collect::<Vec<_>>()
        };
        assert_eq!(book.prune(day(5)).unwrap(), 2);
        assert_eq!(left(&book), [2, 4, 5], "what was not taken is still to be delivered");
        assert_eq!(book.prune(day(5)).unwrap(), 0);
        assert_eq!(book.prune(day(20)).unwrap(), 1);
        assert_eq!((left(&book), book.last_alert().unwrap()), (vec![2, 5], 5));
        let sql = "INSERT INTO alert (topic, story, why, at, headline, passage) VALUES ('t', 's', 'new', 0, '', '')";
        book.conn.execute_batch("DELETE FROM alert").unwrap();
        book.conn.execute(sql, []).unwrap();
        assert_eq!(book.last_alert().unwrap(), 6, "no number comes twice: who reads by numbers misses none");
    }
}
