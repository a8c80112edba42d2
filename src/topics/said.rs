//! Alerts as the file of topics keeps them: in order, each until its topic's command has taken it and its time is over; and what topics
//! were told last, which later versions are held against.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Connection, Row, params, params_from_iter};

use super::alert::{Alert, Told, Why};
use super::book::{Book, Doing, seq};
use super::error::TopicsError;
use super::quote::Kept;
use crate::store::Seq;

/// Alerts with the queries of their topics.
const ALERTS: &str = "SELECT a.id, a.topic, a.story, a.why, a.at, a.headline, a.passage, a.seq, t.query, t.notify FROM alert a";

/// Alerts that are written with one statement.
const TOGETHER: usize = 32;

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

/// Says and notes all of it; `waits` when any match was waiting for its time before.
pub(super) fn say(tx: &Connection, said: &[(Told, Why)], at: Timestamp, waits: bool) -> rusqlite::Result<()> {
    let mut query = tx.prepare_cached("SELECT name FROM topic WHERE notify IS NOT NULL")?;
    let with_command = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    // what a statement costs by itself is most of what a row costs
    for some in said.chunks(TOGETHER) {
        some.iter().try_for_each(|(told, why)| unsay(tx, told, *why, waits))?;
        note(tx, some)?;
        add(tx, some, at, &with_command)?;
    }
    Ok(())
}

/// Takes back what this comes in place of, and keeps what is to wait.
fn unsay(tx: &Connection, told: &Told, why: Why, waits: bool) -> rusqlite::Result<()> {
    let Told { topic, story, gone, .. } = told;
    if waits {
        tx.prepare_cached("DELETE FROM waiting WHERE topic = ?1 AND story = ?2")?
            .execute(params![topic, story])?;
    }
    if let Why::Waiting(until) = why {
        let sql = "INSERT OR REPLACE INTO waiting (topic, story, at) VALUES (?1, ?2, ?3)";
        tx.execute(sql, params![topic, story, until.as_second()])?;
    } else if *gone {
        // the words of a story that was taken back are in no answer any more, nor in what was said before, nor when it is shown again
        tx.execute("UPDATE alert SET headline = '', passage = '', seq = NULL WHERE story = ?1", [story])?;
    }
    Ok(())
}

/// Notes what topics are told.
fn note(tx: &Connection, said: &[(Told, Why)]) -> rusqlite::Result<()> {
    let into =
        "INSERT OR REPLACE INTO told (headline, passage, story, topic, urgency, label, gone, seq) VALUES";
    let noted = said.iter().filter(|(_, why)| !matches!(why, Why::Past | Why::Waiting(_)));
    insert(tx, into, "('', '', ?, ?, ?, ?, ?, ?)", noted, |(told, _)| {
        let Told { topic, story, seq, quoted: _, urgency, label, gone } = told;
        Ok([
            story.to_sql()?,
            topic.to_sql()?,
            urgency.to_sql()?,
            label.to_sql()?,
            gone.to_sql()?,
            place(*seq),
        ])
    })
}

/// Says it to whoever listens; where a topic has a command, that is to take it.
fn add(
    tx: &Connection,
    said: &[(Told, Why)],
    at: Timestamp,
    with_command: &HashSet<String>,
) -> rusqlite::Result<()> {
    let into = "INSERT INTO alert (headline, passage, topic, story, why, at, seq, done) VALUES";
    let told = said.iter().filter(|(_, why)| why.is_told());
    insert(tx, into, "('', '', ?, ?, ?, ?, ?, ?)", told, |(told, why)| {
        let Told { topic, story, seq, .. } = told;
        Ok([
            topic.to_sql()?,
            story.to_sql()?,
            why.name().into(),
            at.as_microsecond().into(),
            place(*seq),
            (!with_command.contains(topic)).into(),
        ])
    })
}

/// Adds rows to a table with one statement.
fn insert<'r, const N: usize>(
    tx: &Connection,
    into: &str,
    row: &str,
    rows: impl Iterator<Item = &'r (Told, Why)>,
    values: impl Fn(&'r (Told, Why)) -> rusqlite::Result<[ToSqlOutput<'r>; N]>,
) -> rusqlite::Result<()> {
    let rows = rows.map(values).collect::<rusqlite::Result<Vec<_>>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!("{into} {}", vec![row; rows.len()].join(", "));
    tx.prepare_cached(&sql)?.execute(params_from_iter(rows.iter().flatten())).map(drop)
}

fn place(seq: Option<Seq>) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(seq.map(|seq| seq.0.cast_signed()).into())
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
    use super::super::book::Topic;
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

    #[test]
    fn whatever_is_said_at_once_is_said_of_each_and_its_command_takes_it() {
        let dir = tempfile::tempdir().unwrap();
        let book = Book::open(dir.path()).unwrap();
        for (name, notify) in [("a", None), ("b", Some("mail".to_owned()))] {
            let topic = Topic { name: name.into(), query: "rain".into(), notify, ..Topic::default() };
            book.keep(&topic).unwrap();
        }
        for count in [1, TOGETHER - 1, TOGETHER, 2 * TOGETHER + 3] {
            book.conn.execute_batch("DELETE FROM alert; DELETE FROM told").unwrap();
            let told = |n: usize| Told {
                topic: if n.is_multiple_of(2) { "a" } else { "b" }.into(),
                story: n.to_string(),
                seq: Some(Seq(n as u64)),
                ..Told::default()
            };
            let said: Vec<_> = (0..count).map(|n| (told(n), Why::New)).collect();
            say(&book.conn, &said, Timestamp::UNIX_EPOCH, false).unwrap();
            let alerts = book.alerts_after(0, 1000).unwrap();
            let stories: Vec<_> = alerts.iter().map(|kept| (kept.alert.id.clone(), kept.seq)).collect();
            assert_eq!(stories, (0..count).map(|n| (n.to_string(), Some(Seq(n as u64)))).collect::<Vec<_>>());
            assert_eq!(book.undone(0).unwrap().len(), count / 2, "every second has a command");
            let last = told(count - 1);
            assert_eq!(book.told_of(&last.story).unwrap(), [last]);
        }
    }
}
