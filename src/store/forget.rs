//! What `retention` removed is forgotten in the end, so that a desk that runs for years stays as large as what it keeps.
//!
//! A tombstone keeps a story away that its feed still shows. When the feed has gone on for long without it, nobody needs the stone, nor the
//! emptied delivery that brought the story. What was taken back, or purged by a person, is never forgotten.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

use super::error::{Doing, StoreError};
use super::feeds;
use super::purge;

const LETTING_GO: &str = "forgetting what a feed has long stopped showing";
/// A feed that went on for so long without a story will not show it again.
const LONG: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So exactly is noted when a removed story was shown last: a feed may show it with every poll.
const ABOUT: SignedDuration = SignedDuration::from_hours(24);

/// Notes that removed stories are still shown.
pub(super) fn still_shown(tx: &Connection, ids: &HashSet<String>, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE tombstone SET last = ?2 WHERE id = ?1 AND feed IS NOT NULL AND last < ?3";
    let mut update = tx.prepare_cached(sql).doing(LETTING_GO)?;
    let (now, before) = (now.as_microsecond(), earlier(now, ABOUT));
    ids.iter().try_for_each(|id| update.execute(params![id, now, before]).map(drop)).doing(LETTING_GO)
}

/// Forgets what `feed` has long stopped showing, so many stories and deliveries at most. What it holds from the delivery `kept` on is not
/// looked at.
///
/// Long: by when it brought something new, not by the clock. While a feed answers 304, it shows what it showed.
pub(super) fn forget(tx: &Connection, feed: &str, kept: Option<i64>, limit: usize) -> Result<(), StoreError> {
    let Some(last_new) = feeds::load(tx, feed)?.and_then(|state| state.last_new) else { return Ok(()) };
    let before = earlier(last_new, LONG);
    stories(tx, feed, before, limit).doing(LETTING_GO)?;
    deliveries(tx, feed, before, kept.unwrap_or(i64::MAX), limit).doing(LETTING_GO)
}

fn earlier(time: Timestamp, by: SignedDuration) -> i64 {
    time.saturating_sub(by).map_or(i64::MIN, Timestamp::as_microsecond)
}

/// What takes a story and its tombstone out of the store.
const STORY: &[&str] = &["DELETE FROM story WHERE id = ?1", "DELETE FROM tombstone WHERE id = ?1"];
/// A kill may come for a story that is gone: then it stays away.
const STORIES: &str = "SELECT t.id FROM tombstone t JOIN story s ON s.id = t.id
     WHERE t.feed = ?1 AND t.last < ?2 AND s.recall IS NULL ORDER BY t.last LIMIT ?3";

fn stories(tx: &Connection, feed: &str, before: i64, limit: usize) -> rusqlite::Result<()> {
    let ids: Vec<String> = {
        let mut query = tx.prepare_cached(STORIES)?;
        let ids = query
            .query_map(params![feed, before, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
        ids.collect::<Result<_, _>>()?
    };
    for id in &ids {
        for sql in purge::FORGETTING.iter().chain(STORY) {
            tx.prepare_cached(sql)?.execute([id])?;
        }
    }
    if ids.is_empty() { Ok(()) } else { purge::note_gaps(tx) }
}

/// A feed's deliveries, oldest first, each with whether nothing is left of it.
const DELIVERIES: &str = "SELECT d.id, d.raw, d.received, w.size = 0 AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.delivery = d.id)
     FROM delivery d INDEXED BY delivery_by JOIN raw w ON w.id = d.raw WHERE d.feed = ?1 AND d.id < ?2 ORDER BY d.id";
const DELIVERY: &str = "DELETE FROM delivery WHERE id = ?1";
/// Another feed may have brought the same bytes.
const BYTES: &str = "DELETE FROM raw WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE raw = ?1)";

fn deliveries(tx: &Connection, feed: &str, before: i64, kept: i64, limit: usize) -> rusqlite::Result<()> {
    let mut left: Vec<(i64, i64)> = Vec::new();
    let mut query = tx.prepare_cached(DELIVERIES)?;
    let mut rows = query.query(params![feed, kept])?;
    while let Some(row) = rows.next()? {
        let received: i64 = row.get(2)?;
        if received >= before || left.len() == limit {
            break;
        }
        if row.get(3)? {
            left.push((row.get(0)?, row.get(1)?));
        }
    }
    for (delivery, raw) in left {
        tx.prepare_cached(DELIVERY)?.execute([delivery])?;
        tx.prepare_cached(BYTES)?.execute([raw])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::Seq;
    use super::super::chain;
    use super::super::retention::Keeps;
    use super::super::testing::{Desk, at, landing, plan, story};
    use super::super::types::Landed;
    use crate::item::NewsItem;
    use crate::item::Verb;

    const DAY: i64 = 86_400;

    fn on(day: i64) -> Timestamp {
        at(day * DAY)
    }

    fn told(n: i64) -> NewsItem {
        story(&format!("s{n}"), "1", "boats sail again")
    }

    /// A poll on this day that brings these, or a 304; and what is then older than a week is removed.
    fn poll(desk: &mut Desk, day: i64, shown: Option<Vec<NewsItem>>) -> Landed {
        let landed = shown.map(|shown| desk.store.land(landing("ap", day * DAY, shown)).unwrap());
        desk.store.expire(&[Keeps { feed: "ap".into(), since: on(day - 7) }], 100, on(day)).unwrap();
        landed.unwrap_or_default()
    }

    /// Rows of each table.
    fn rows(desk: &Desk) -> Vec<(String, i64)> {
        let conn = &desk.store.conn;
        let mut tables =
            conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
        let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
        let count = |name: &str| {
            conn.query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0)).unwrap()
        };
        names.map(|name| (name.clone(), count(&name))).collect()
    }

    /// Five stories, a new one each day, and the oldest in new words.
    fn window(day: i64) -> Vec<NewsItem> {
        let last = story(&format!("s{day}"), "2", "boats are back");
        (day + 1..day + 5).map(told).chain([last]).collect()
    }

    #[test]
    fn a_desk_is_as_large_after_a_year_as_after_months() {
        let mut desk = Desk::new();
        let mut months = Vec::new();
        for day in 0..=100 + 20 * (chain::DEPTH + 1) {
            poll(&mut desk, day, Some(window(day)));
            if day == 100 {
                months = rows(&desk);
            }
        }
        assert_eq!(rows(&desk), months);
        let stones = months.iter().find(|(name, _)| name == "tombstone").unwrap().1;
        assert!((30..40).contains(&stones), "{stones}");
        assert!(
            desk.store.broken_log().unwrap().is_empty() && desk.store.broken_deliveries().unwrap().is_empty()
        );
    }

    #[test]
    fn what_is_still_shown_never_comes_back() {
        let mut desk = Desk::new();
        for day in 0..200 {
            let is_quiet = (100..160).contains(&day);
            let landed = poll(&mut desk, day, (!is_quiet).then(|| vec![told(-1), told(day)]));
            let new = if is_quiet { 0 } else { 1 + usize::from(day == 0) };
            assert_eq!(landed.new, new, "on day {day}");
        }
        assert!(desk.store.tombstone("s-1").unwrap().is_some());
        assert!(desk.store.tombstone("s1").unwrap().is_none(), "long gone");
    }

    #[test]
    fn what_was_taken_back_or_purged_is_never_forgotten() {
        let mut desk = Desk::new();
        poll(&mut desk, 0, Some(window(0)));
        desk.store.decide("s1", Verb::Kill, "libel", on(1)).unwrap();
        desk.store.purge(&["s2".into()], "court order 7", on(1)).unwrap();
        poll(&mut desk, 9, None);
        desk.store.decide("s4", Verb::Kill, "libel too", on(9)).unwrap();
        desk.store.purge(&["s0".into()], "court order 8", on(9)).unwrap();
        for day in 10..100 {
            poll(&mut desk, day, Some(window(day)));
        }
        let stone = |id: &str| desk.store.tombstone(id).unwrap().is_some();
        assert!(stone("s1") && stone("s2") && !stone("s3"));
        assert!(stone("s4") && stone("s0"), "killed or purged when they were gone already");
    }

    #[test]
    fn a_log_of_which_all_tombstones_are_gone_can_be_followed() {
        let mut desk = Desk::new();
        poll(&mut desk, 0, Some(vec![told(0)]));
        poll(&mut desk, 9, Some(vec![told(1)]));
        poll(&mut desk, 20, Some(vec![told(1)]));
        poll(&mut desk, 60, Some(vec![told(2)]));
        assert_eq!(rows(&desk).into_iter().find(|(name, _)| name == "tombstone").unwrap().1, 0);
        let mut seen = Vec::new();
        desk.store
            .each_after(Seq(0), 99, |revision| {
                seen.push(revision.item.id);
                Ok::<_, super::StoreError>(())
            })
            .unwrap();
        assert_eq!(seen, ["s2"]);
        assert!(desk.store.revision(Seq(1)).unwrap().is_none());
    }

    #[test]
    fn only_what_may_go_is_looked_at() {
        let desk = Desk::new();
        let steps = |sql: &str, values: &[&dyn rusqlite::ToSql]| plan(&desk.store.conn, sql, values);
        let kept = [
            steps(super::STORIES, &[&"ap", &9, &9]),
            steps(super::DELIVERIES, &[&"ap", &9]),
            steps(super::DELIVERY, &[&9]),
            steps(super::BYTES, &[&9]),
        ];
        assert!(
            kept.iter().flatten().all(|step| !step.contains("SCAN") && !step.contains("TEMP")),
            "{kept:#?}"
        );
    }
}
