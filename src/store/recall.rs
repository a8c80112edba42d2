//! Taking back: orders find their stories and stories their orders, in the transaction that lands either.
//!
//! What a story is under is worked out from all that is held (its own revisions, the orders that mean it, what a person
//! decided) whenever one of these changes, so that a kill counts before its landing returns and whatever came first.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::{Doing, StoreError};
use super::land::{append_again, set_current};
use super::read;
use super::types::{Landed, Seq};
use crate::item::judge::{Answer, Candidate, judge};
use crate::item::{NewsItem, Order, Recalled, Verb, headline_key, number_key, slug_key};

const RECALL: &str = "following a recall";
/// Stories that one order is held against, and orders that one story is: more under one name is somebody's joke.
const MOST: usize = 200;
/// Revisions of one story that are looked at.
const REVISIONS: usize = 50;
/// Names are used again: what arrived longer before is not meant (microseconds).
const NAMES_LIVE: i64 = 8 * 24 * 3600 * 1_000_000;

/// Takes note of a revision that was landed just now: its handles, the order it gives, and those that mean it. True when
/// what any story is under was worked out anew.
pub(super) fn note(
    tx: &Connection,
    item: &NewsItem,
    is_new: bool,
    landed: &mut Landed,
) -> Result<bool, StoreError> {
    let mut orders = BTreeSet::new();
    if !item.is_order_alone() {
        write_keys(tx, "handle", &handles(item), item)?;
    }
    if let Some(order) = &item.order {
        write_keys(tx, "standing", &wanted(item, order), item)?;
        orders.insert(item.id.clone());
    }
    if any_standing(tx)? {
        orders.extend(orders_for(tx, item)?);
    }
    let mut touched = BTreeSet::new();
    for order in &orders {
        touched.extend(resolve(tx, order)?);
    }
    if item.own_verb() == Some(Verb::Kill) || (!is_new && is_recalled(tx, &item.id)?) {
        touched.insert(item.id.clone());
    }
    let at = item.received.unwrap_or_default();
    touched.iter().try_for_each(|id| settle(tx, id, at, landed))?;
    Ok(!touched.is_empty())
}

/// A name as a number (FNV-1a): in whose house it is one, what kind of name it is, and the name. Equal numbers are looked
/// at again by the names.
fn key(house: &str, kind: u8, name: &str) -> i64 {
    let bytes = house.bytes().map(|byte| byte.to_ascii_lowercase()).chain([0, kind]).chain(name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

/// The names of a story, in its provider's house; where none is known, in its feed's.
fn handles(item: &NewsItem) -> Vec<i64> {
    let slug = item.slugline.as_deref().and_then(slug_key).map(|name| (b's', name));
    let number = item.transmission.as_deref().and_then(digits).map(|name| (b'n', name));
    let headline = item.headline.as_deref().and_then(headline_key).map(|name| (b'h', name));
    let house = item.provider.as_deref().or(item.feed.as_deref()).unwrap_or_default();
    [slug, number, headline].into_iter().flatten().map(|(kind, name)| key(house, kind, &name)).collect()
}

/// The names by which an order's story may go: what stands behind "please kill" may be slug or headline.
fn wanted(item: &NewsItem, order: &Order) -> Vec<i64> {
    let names = || order.slug.iter().chain(&order.headline);
    let slugs = names().filter_map(|name| slug_key(name)).map(|name| (b's', name));
    let headlines = names().filter_map(|name| headline_key(name)).map(|name| (b'h', name));
    let number = order.number.as_deref().and_then(digits).map(|name| (b'n', name));
    let story = order.story.clone().map(|id| (b'i', id));
    let all: Vec<_> = slugs.chain(headlines).chain(number).chain(story).collect();
    let houses = [item.provider.as_deref(), item.feed.as_deref()].into_iter().flatten();
    houses.flat_map(|house| all.iter().map(move |(kind, name)| key(house, *kind, name))).collect()
}

fn digits(number: &str) -> Option<String> {
    number_key(number).map(|key| key.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned())
}

fn write_keys(tx: &Connection, table: &str, keys: &[i64], item: &NewsItem) -> Result<(), StoreError> {
    let sql = format!("INSERT OR IGNORE INTO {table} (key, at, id) VALUES (?1, ?2, ?3)");
    let mut insert = tx.prepare_cached(&sql).doing(RECALL)?;
    keys.iter()
        .try_for_each(|key| insert.execute(params![key, arrived(item), item.id]).map(drop))
        .doing(RECALL)
}

fn arrived(item: &NewsItem) -> i64 {
    item.received.unwrap_or_default().as_microsecond()
}

/// Who bears one of these names and arrived not too long before `item`: latest first, each once.
fn bearers(
    tx: &Connection,
    table: &str,
    keys: &[i64],
    item: &NewsItem,
) -> Result<BTreeSet<String>, StoreError> {
    let sql =
        format!("SELECT DISTINCT id FROM {table} WHERE key = ?1 AND at > ?2 ORDER BY at DESC LIMIT {MOST}");
    let since = arrived(item).saturating_sub(NAMES_LIVE);
    let mut found = BTreeSet::new();
    for key in keys {
        found.extend(ids(tx, &sql, params![key, since])?);
    }
    Ok(found)
}

fn any_standing(tx: &Connection) -> Result<bool, StoreError> {
    let mut query = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM standing)").doing(RECALL)?;
    query.query_row([], |row| row.get(0)).doing(RECALL)
}

/// The orders that look for a name of this item, or that are of its own chain.
fn orders_for(tx: &Connection, item: &NewsItem) -> Result<BTreeSet<String>, StoreError> {
    let house = item.provider.as_deref().or(item.feed.as_deref()).unwrap_or_default();
    let names: Vec<i64> = handles(item).into_iter().chain([key(house, b'i', &item.id)]).collect();
    let mut orders = bearers(tx, "standing", &names, item)?;
    orders.extend(ids(tx, "SELECT id FROM standing WHERE id = ?1 LIMIT 1", [&item.id])?);
    Ok(orders)
}

fn ids(tx: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<String>, StoreError> {
    let mut query = tx.prepare_cached(sql).doing(RECALL)?;
    let rows = query.query_map(params, |row| row.get(0)).doing(RECALL)?;
    rows.collect::<Result<_, _>>().doing(RECALL)
}

fn is_recalled(tx: &Connection, id: &str) -> Result<bool, StoreError> {
    let mut query = tx.prepare_cached("SELECT recall IS NOT NULL FROM story WHERE id = ?1").doing(RECALL)?;
    Ok(query.query_row([id], |row| row.get(0)).optional().doing(RECALL)?.unwrap_or(false))
}

/// The last revisions of a story, latest first.
fn revisions(tx: &Connection, id: &str) -> Result<Vec<NewsItem>, StoreError> {
    let sql =
        "SELECT seq, delivery, json, 0, NULL, sum, id FROM revision WHERE id = ?1 ORDER BY seq DESC LIMIT ?2";
    let mut query = tx.prepare_cached(sql).doing(RECALL)?;
    let mut rows = query.query(params![id, i64::try_from(REVISIONS).unwrap_or(i64::MAX)]).doing(RECALL)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next().doing(RECALL)? {
        items.push(read::revision(row)?.item);
    }
    Ok(items)
}

/// Works out which stories an order means. Gives those that were or are meant.
fn resolve(tx: &Connection, ordering: &str) -> Result<BTreeSet<String>, StoreError> {
    let chain = revisions(tx, ordering)?;
    let Some((item, order)) = chain.iter().find_map(|item| Some((item, item.order.as_ref()?))) else {
        return Ok(BTreeSet::new());
    };
    let mut names = bearers(tx, "handle", &wanted(item, order), item)?;
    names.extend(order.story.clone());
    let mut candidates = Vec::new();
    for id in names.into_iter().filter(|id| id != ordering).take(MOST) {
        candidates.push(Candidate { revisions: stories(revisions(tx, &id)?), id });
    }
    let mut meant = judge(item, order, &candidates);
    // the story that it takes back is its own chain's: nobody else's but whose number it names
    if chain.iter().any(is_story)
        && !meant
            .iter()
            .any(|(_, answer)| *answer == Answer::Meant && (order.number.is_some() || order.story.is_some()))
    {
        meant.clear();
    }
    let mut touched: BTreeSet<String> =
        ids(tx, "SELECT story FROM verdict WHERE ordering = ?1", [ordering])?.into_iter().collect();
    tx.prepare_cached("DELETE FROM verdict WHERE ordering = ?1")
        .and_then(|mut q| q.execute([ordering]))
        .doing(RECALL)?;
    for (story, answer) in meant {
        let sql = "INSERT INTO verdict (ordering, story, answer) VALUES (?1, ?2, ?3)";
        tx.prepare_cached(sql)
            .and_then(|mut insert| insert.execute(params![ordering, story, number_of(answer)]))
            .doing(RECALL)?;
        touched.insert(story);
    }
    Ok(touched)
}

fn is_story(item: &NewsItem) -> bool {
    !item.is_order_alone() && item.own_verb().is_none()
}

/// What the story was before it was taken back by its own chain.
fn stories(revisions: Vec<NewsItem>) -> Vec<NewsItem> {
    revisions.into_iter().filter(|item| !item.is_order_alone()).collect()
}

fn number_of(answer: Answer) -> i64 {
    match answer {
        Answer::Unsure => 1,
        Answer::Version => 2,
        Answer::Meant => 3,
    }
}

fn answer_of(number: i64) -> Answer {
    match number {
        3 => Answer::Meant,
        2 => Answer::Version,
        _ => Answer::Unsure,
    }
}

/// Works out what a story is under now, and lets followers hear of it when that changed.
pub(super) fn settle(
    tx: &Connection,
    id: &str,
    at: Timestamp,
    landed: &mut Landed,
) -> Result<(), StoreError> {
    let sql = "SELECT current_seq, recall FROM story WHERE id = ?1";
    let row = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?));
    let story =
        tx.prepare_cached(sql).and_then(|mut query| query.query_row([id], row).optional()).doing(RECALL)?;
    let Some((current, known)) = story else { return Ok(()) };
    let state = state(tx, id)?.and_then(|recalled| serde_json::to_string(&recalled).ok());
    if state == known {
        return Ok(());
    }
    for (sql, time) in [
        ("UPDATE story SET recall = ?2 WHERE id = ?1", None),
        ("INSERT INTO recall (id, state, at) VALUES (?1, ?2, ?3)", Some(at.as_microsecond())),
    ] {
        let done = tx.prepare_cached(sql).and_then(|mut change| match time {
            None => change.execute(params![id, state]),
            Some(time) => change.execute(params![id, state, time]),
        });
        done.doing(RECALL)?;
    }
    let current = Seq(current.cast_unsigned());
    if landed.first_seq.is_some_and(|first| current >= first) {
        return Ok(());
    }
    let again = append_again(tx, current, landed)?;
    set_current(tx, id, again)
}

/// What was done to a story by one order, one of its own revisions or a person.
struct Deed {
    recalled: Recalled,
    /// By what its maker's clock says, for holds that a later version or order lifts.
    time: Timestamp,
}

/// What a story is under: the hardest of all that was done to it and is still in force.
fn state(tx: &Connection, id: &str) -> Result<Option<Recalled>, StoreError> {
    let own = revisions(tx, id)?;
    let mut deeds = ordered(tx, id)?;
    deeds.extend(own.iter().filter(|item| item.own_verb() == Some(Verb::Kill)).map(own_kill));
    let released =
        deeds.iter().filter(|deed| deed.recalled.verb == Verb::Release).map(|deed| deed.time).max();
    let resent = own.iter().filter(|item| is_story(item)).map(time).max();
    let ends_holds = released.max(resent);
    deeds.retain(|deed| match deed.recalled.verb {
        Verb::Release => false,
        Verb::Hold => ends_holds.is_none_or(|end| end <= deed.time),
        Verb::Kill => true,
    });
    let said = decision(tx, id)?;
    if let Some(said) = &said {
        deeds.retain(|deed| deed.recalled.at > said.at);
    }
    let all = deeds.into_iter().map(|deed| deed.recalled).chain(said.filter(|said| said.verb == Verb::Kill));
    Ok(all.max_by_key(|one| (one.verb, !one.unsure, std::cmp::Reverse((one.at, one.by.clone())))))
}

fn time(item: &NewsItem) -> Timestamp {
    item.changed().unwrap_or_default()
}

fn own_kill(item: &NewsItem) -> Deed {
    let version = item.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let recalled = Recalled {
        verb: Verb::Kill,
        at: item.received.unwrap_or_default(),
        by: Some(item.id.clone()),
        reason: format!("by its own version{version}"),
        unsure: false,
    };
    Deed { recalled, time: time(item) }
}

/// What the orders that mean this story do to it.
fn ordered(tx: &Connection, id: &str) -> Result<Vec<Deed>, StoreError> {
    let mut query = tx
        .prepare_cached("SELECT ordering, answer FROM verdict WHERE story = ?1 ORDER BY ordering")
        .doing(RECALL)?;
    let rows =
        query.query_map([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).doing(RECALL)?;
    let rows: Vec<(String, i64)> = rows.collect::<Result<_, _>>().doing(RECALL)?;
    let mut deeds = Vec::new();
    for (ordering, answer) in rows {
        let chain = revisions(tx, &ordering)?;
        deeds.extend(chain.iter().find_map(|item| deed(item, answer_of(answer))));
    }
    Ok(deeds)
}

fn deed(item: &NewsItem, answer: Answer) -> Option<Deed> {
    let order = item.order.as_ref()?;
    let recalled = Recalled {
        verb: order.verb,
        at: item.received.unwrap_or_default(),
        by: Some(item.id.clone()),
        reason: format!("{}: {:?}", answer.says(), order.words),
        unsure: answer == Answer::Unsure,
    };
    Some(Deed { recalled, time: time(item) })
}

/// What a person decided last.
fn decision(tx: &Connection, id: &str) -> Result<Option<Recalled>, StoreError> {
    let sql = "SELECT verb, at, reason FROM decision WHERE id = ?1 ORDER BY seq DESC LIMIT 1";
    let row = |row: &Row<'_>| {
        let verb: String = row.get(0)?;
        let at = Timestamp::from_microsecond(row.get(1)?).unwrap_or_default();
        let reason: String = row.get(2)?;
        let verb = if verb == "release" { Verb::Release } else { Verb::Kill };
        Ok(Recalled { verb, at, by: None, reason, unsure: false })
    };
    tx.prepare_cached(sql).and_then(|mut query| query.query_row([id], row).optional()).doing(RECALL)
}
