//! The check-up: one function a part, each saying what is wrong with it in lines.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde::Serialize;

use crate::desk::{Desk, DeskError, INDEX};
use crate::index::{Index, fields};
use crate::item::NewsItem;
use crate::store::{PURGED, Revision, Seq, Sink, Store, StoreError, writer_of};
use crate::threads::Reading;
use crate::topics::Book;

/// How a part of the desk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is wrong with it.
    Ok,
    /// Something was, and is mended.
    Mended,
    /// Something is wrong with it.
    Wrong,
}

/// One part of the desk, examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `store`, `archive`, `feeds`, `index`, `threads`, `topics`.
    pub part: &'static str,
    /// How it is.
    pub state: State,
    /// What was looked at, or what was done.
    pub said: String,
    /// What was found wrong, one line each.
    pub found: Vec<String>,
    /// Whether what was found can be mended here; what cannot comes from a backup only.
    pub can_be_mended: bool,
}

/// What the store held when it was examined: what the others must follow.
struct Held {
    last: Seq,
    recall: i64,
    /// Places that the index has to hold.
    indexed: BTreeSet<u64>,
    /// Stories that the threads have to know, and all there are.
    threaded: BTreeSet<String>,
    stories: BTreeSet<String>,
}

/// Examines the desk in `data_dir`; with `mend`, mends what can be mended and examines again. Safe beside a process that
/// writes; nothing is mended then.
///
/// # Errors
/// `storage` when there is no desk. One that is damaged is not an error but a part that is wrong.
pub fn examine(data_dir: &Path, mend: bool) -> Result<Vec<Part>, StoreError> {
    let before = look(data_dir)?;
    let mendable = before.iter().any(|part| part.state == State::Wrong && part.can_be_mended);
    if !mend || !mendable {
        return Ok(before);
    }
    if let Err(error) = mend_all(data_dir, &before) {
        let failed = |mut part: Part| {
            if part.state == State::Wrong && part.can_be_mended {
                part.said = format!("not mended: {error}");
            }
            part
        };
        return Ok(before.into_iter().map(failed).collect());
    }
    let after = look(data_dir)?;
    Ok(after.into_iter().map(|part| compared(part, &before)).collect())
}

/// A part that was wrong and is not any more has been mended.
fn compared(after: Part, before: &[Part]) -> Part {
    let was = before.iter().find(|part| part.part == after.part && part.state == State::Wrong);
    match was {
        Some(was) if after.state == State::Ok => {
            Part { state: State::Mended, said: after.said, ..was.clone() }
        }
        _ => after,
    }
}

fn mend_all(data_dir: &Path, parts: &[Part]) -> Result<(), DeskError> {
    let is_wrong = |name: &str| parts.iter().any(|part| part.part == name && part.state == State::Wrong);
    if is_wrong("store") || is_wrong("feeds") {
        let mut store = Store::open(data_dir)?;
        let feeds = store.broken_feeds()?;
        store.mend(&feeds)?;
    }
    if is_wrong("topics") {
        let store = Store::open(data_dir)?;
        Book::open(data_dir)?.mend(store.last_seq()?, store.last_recall()?)?;
    }
    if is_wrong("index") || is_wrong("threads") {
        Desk::reindex(data_dir)?;
    }
    Ok(())
}

fn look(data_dir: &Path) -> Result<Vec<Part>, StoreError> {
    let store = match Store::open_read_only(data_dir) {
        Ok(store) => store,
        Err(error @ StoreError::Storage { .. }) => return Err(error),
        Err(error) => return Ok(vec![part("store", "-".into(), vec![error.to_string()], false)]),
    };
    store.hold_still()?;
    let (file, held) = store_part(&store);
    let mut parts = vec![file];
    parts.push(told(
        "archive",
        "every delivery's bytes against their hash",
        store.broken_deliveries(),
        false,
    ));
    parts.push(told("feeds", "every feed's state", store.broken_feeds().map(name_feeds), true));
    let Some(held) = held else { return Ok(parts) };
    // whoever writes lets them follow in a moment: what lags behind then is not wrong
    let busy = writer_of(data_dir).is_some();
    parts.push(told("index", "every story and every byte", index(&store, data_dir, &held, busy), true));
    parts.push(told("threads", "every story", threads(data_dir, &store, &held, busy), true));
    if Book::is_kept_in(data_dir) {
        let damage = |book: Book| book.damage(held.last, held.recall);
        let looked = Book::open_read(data_dir).and_then(|book| book.map_or(Ok(Vec::new()), damage));
        parts.push(told("topics", "topics and alerts", looked, true));
    }
    Ok(parts)
}

fn name_feeds(ids: Vec<String>) -> Vec<String> {
    ids.into_iter().map(|id| format!("the state of feed {id} cannot be read")).collect()
}

fn told<E: std::fmt::Display>(
    name: &'static str,
    looked_at: &str,
    found: Result<Vec<String>, E>,
    can_be_mended: bool,
) -> Part {
    let found = found.unwrap_or_else(|error| vec![error.to_string()]);
    part(name, looked_at.to_owned(), found, can_be_mended)
}

fn part(part: &'static str, said: String, found: Vec<String>, can_be_mended: bool) -> Part {
    let state = if found.is_empty() { State::Ok } else { State::Wrong };
    Part { part, state, said, found, can_be_mended }
}

/// The store's own file and log, and what it holds if that can be read.
fn store_part(store: &Store) -> (Part, Option<Held>) {
    let damage = store.damage().unwrap_or_else(|error| vec![error.to_string()]);
    // SQLite's own indexes are made anew from their tables; all else is lost with its page
    let only_indexes = !damage.is_empty() && damage.iter().all(|line| line.contains(" index "));
    let log = store.broken_log().unwrap_or_else(|error| vec![error.to_string()]);
    let can_be_mended = only_indexes && log.is_empty();
    let found: Vec<String> = damage.into_iter().chain(log).collect();
    let held = held(store);
    let said = match (&held, store.counts()) {
        (Ok(_), Ok(counts)) => format!("{} stories, {} revisions", counts.stories, counts.revisions),
        _ => "cannot be read".to_owned(),
    };
    let held_error = held.as_ref().err().map(ToString::to_string).filter(|_| found.is_empty());
    let found = found.into_iter().chain(held_error).collect();
    (part("store", said, found, can_be_mended), held.ok())
}

fn held(store: &Store) -> Result<Held, StoreError> {
    let mut held = Held {
        last: store.last_seq()?,
        recall: store.last_recall()?,
        indexed: BTreeSet::new(),
        threaded: BTreeSet::new(),
        stories: BTreeSet::new(),
    };
    store.current_items(None, |Revision { seq, item, .. }| -> Result<(), StoreError> {
        if seq > held.last {
            return Ok(());
        }
        if fields::document(&item, seq.0).is_some() {
            held.indexed.insert(seq.0);
        }
        if is_threaded(&item) {
            held.threaded.insert(item.id.clone());
        }
        held.stories.insert(item.id);
        Ok(())
    })?;
    Ok(held)
}

fn is_threaded(item: &NewsItem) -> bool {
    item.order.is_none() && item.pub_status.as_deref() != Some(PURGED)
}

/// Damaged files make Tantivy panic now and then: that is an answer too.
fn index(store: &Store, data_dir: &Path, held: &Held, busy: bool) -> Result<Vec<String>, DeskError> {
    let dir = data_dir.join(INDEX);
    let looked = catch_unwind(AssertUnwindSafe(|| index_against(store, &dir, held, busy)));
    looked.unwrap_or_else(|_| Ok(vec!["reading it ends in a panic".into()]))
}

fn index_against(store: &Store, dir: &Path, held: &Held, busy: bool) -> Result<Vec<String>, DeskError> {
    let index = Index::open_read(dir)?;
    if index.desk() != store.identity()? {
        return Ok(vec!["it follows another desk".into()]);
    }
    let damaged = index.every_damaged_file()?;
    if !damaged.is_empty() {
        return Ok(damaged.iter().map(|file| format!("{} is damaged", file.display())).collect());
    }
    let at = index.position()?;
    if let Some(why) = lags(at, held.last, busy) {
        return Ok(why);
    }
    Ok(differ(&held.indexed, &index.places()?, "in the store's log at"))
}

/// Where a follower is; `None` when it is just where the store was, and can be compared.
fn lags(at: Seq, last: Seq, busy: bool) -> Option<Vec<String>> {
    match (at == last, busy) {
        (true, _) => None,
        (false, true) => Some(Vec::new()),
        (false, false) => Some(vec![format!("has followed the store to {at}, which ends at {last}")]),
    }
}

fn threads(data_dir: &Path, store: &Store, held: &Held, busy: bool) -> Result<Vec<String>, DeskError> {
    let threads = Reading::open(data_dir, store.thread_choices()?)?;
    let damage = threads.damage()?;
    if !damage.is_empty() {
        return Ok(damage);
    }
    if let Some(why) = lags(threads.position()?, held.last, busy) {
        return Ok(why);
    }
    let known = threads.stories()?;
    let lacking: BTreeSet<_> = held.threaded.difference(&known).cloned().collect();
    let strange: BTreeSet<_> = known.difference(&held.stories).cloned().collect();
    let mut found = differ(&lacking, &BTreeSet::new(), "story");
    found.extend(differ(&BTreeSet::new(), &strange, "story"));
    Ok(found)
}

/// What one has and the other has not: the first of it by name.
fn differ<T: Ord + std::fmt::Display>(wanted: &BTreeSet<T>, there: &BTreeSet<T>, what: &str) -> Vec<String> {
    let line = |one: &BTreeSet<T>, other: &BTreeSet<T>, how: &str| {
        let count = one.difference(other).count();
        one.difference(other).next().map(|first| format!("{count} {how}; the first: {what} {first}"))
    };
    let lacking = line(wanted, there, "are lacking");
    lacking.into_iter().chain(line(there, wanted, "should not be there")).collect()
}
