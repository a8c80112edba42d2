//! Which deliveries held a story? Also those that brought nothing new of it: a feed shows a story for as long as it likes, and each
//! delivery that is kept meanwhile has its text.

use std::collections::{BTreeSet, HashSet};

use memchr::memmem::find;
use rusqlite::{Connection, ToSql, params_from_iter};

use super::chain;
use super::error::{Doing, StoreError};
use super::raw::{MARK, marks};
use super::read;
use crate::item::NewsItem;

const LOOKING: &str = "looking for the deliveries that held a story";
/// In bytes. Shorter runs of words stand in too many texts to recognise one by.
const TELLING: usize = 16;
/// In bytes. This much of a run of words is enough; more might be broken over two lines, or cut.
const ENOUGH: usize = 64;

/// How far to look for a story.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach<'f> {
    /// Everywhere: also into deliveries of which is not noted what they hold, because they were kept by an older wiredesk.
    All,
    /// Among what this feed has brought, by what was noted.
    Feed(&'f str),
}

/// The raw deliveries that held one of these stories.
pub(super) fn deliveries(
    conn: &Connection,
    ids: &[&str],
    reach: Reach<'_>,
) -> Result<BTreeSet<i64>, StoreError> {
    let mut found = BTreeSet::new();
    let mut first = i64::MAX;
    let sql = "SELECT d.id, d.raw FROM revision r JOIN delivery d ON d.id = r.delivery WHERE r.id = ?1";
    let mut query = conn.prepare_cached(sql).doing(LOOKING)?;
    for id in ids {
        let rows = query.query_map([id], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).doing(LOOKING)?;
        for row in rows {
            let (delivery, raw) = row.doing(LOOKING)?;
            first = first.min(delivery);
            found.insert(raw);
        }
    }
    const ALL: &str = "SELECT raw, holds FROM delivery WHERE id >= ?1";
    const OF_FEED: &str = "SELECT raw, holds FROM delivery WHERE id >= ?1 AND feed = ?2";
    let (sql, values, names): (_, Vec<&dyn ToSql>, _) = match &reach {
        Reach::All => (ALL, vec![&first], names(conn, ids)?),
        Reach::Feed(feed) => (OF_FEED, vec![&first, feed], Vec::new()),
    };
    let marks = marks(ids.iter().copied());
    let wanted: HashSet<&[u8]> = marks.chunks(MARK).collect();
    let mut query = conn.prepare_cached(sql).doing(LOOKING)?;
    let mut rows = query.query(params_from_iter(values)).doing(LOOKING)?;
    while let Some(row) = rows.next().doing(LOOKING)? {
        let raw: i64 = row.get(0).doing(LOOKING)?;
        let holds = row.get_ref(1).doing(LOOKING)?.as_blob_or_null().map_err(rusqlite::Error::from);
        let held = match holds.doing(LOOKING)? {
            Some(holds) => holds.chunks(MARK).any(|mark| wanted.contains(mark)),
            None => !names.is_empty() && !found.contains(&raw) && speaks_of(conn, raw, &names)?,
        };
        if held {
            found.insert(raw);
        }
    }
    Ok(found)
}

/// Words by which these stories are known in the bytes of a delivery.
pub(super) fn names(conn: &Connection, ids: &[&str]) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT seq, delivery, json, 0, NULL, sum, id FROM revision WHERE id = ?1";
    let mut query = conn.prepare_cached(sql).doing(LOOKING)?;
    let mut names = BTreeSet::new();
    for id in ids {
        let mut rows = query.query([id]).doing(LOOKING)?;
        while let Some(row) = rows.next().doing(LOOKING)? {
            // one that is damaged is to be removed all the same
            if let Ok(revision) = read::revision(row) {
                names.extend(names_of(&revision.item));
            }
        }
    }
    Ok(names.into_iter().collect())
}

/// What the sender calls a story, and the first long run of its headline and text that every way of writing spells alike.
fn names_of(item: &NewsItem) -> impl Iterator<Item = String> {
    let called = [&item.guid, &item.link].into_iter().flatten().map(String::as_str);
    let told = [&item.headline, &item.body_text].into_iter().flatten().filter_map(|text| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == ' ' || c == ',')).find(|run| is_telling(run))
    });
    let spelled = called.flat_map(|name| [name.to_owned(), name.replace('&', "&amp;")]);
    let told = told.map(|run| run.get(..ENOUGH).unwrap_or(run).to_owned());
    spelled.chain(told).filter(|name| is_telling(name))
}

fn is_telling(name: &str) -> bool {
    name.len() >= TELLING
}

/// Does the delivery hold any of these names? One that cannot be read counts as yes: it might.
fn speaks_of(conn: &Connection, raw: i64, names: &[String]) -> Result<bool, StoreError> {
    match chain::bytes(conn, raw) {
        Ok(None) => Ok(false),
        Ok(Some(bytes)) => Ok(names.iter().any(|name| find(&bytes, name.as_bytes()).is_some())),
        Err(error) if error.class() == "corrupt" => Ok(true),
        Err(error) => Err(error),
    }
}
