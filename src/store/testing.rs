//! What the tests of this room share: a desk in a folder of its own, and made-up polls.

use jiff::Timestamp;
use rusqlite::{Connection, Params};

use super::db::Store;
use super::types::{FeedState, Landing, Part};
use crate::item::NewsItem;
use crate::wire::Delivery;

pub struct Desk {
    pub store: Store,
    pub dir: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { store: Store::open(dir.path()).unwrap(), dir }
    }
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub fn story(id: &str, version: &str, headline: &str) -> NewsItem {
    NewsItem {
        id: id.into(),
        guid: Some(format!("urn:wire:{id}")),
        version: Some(version.into()),
        headline: Some(headline.into()),
        ..NewsItem::default()
    }
}

pub fn landing(feed: &str, second: i64, items: Vec<NewsItem>) -> Landing {
    let delivery =
        Delivery { bytes: format!("{items:?}").into_bytes(), received: at(second), ..Delivery::default() };
    let state = FeedState { id: feed.into(), last_poll: Some(at(second)), ..FeedState::default() };
    Landing { state, parts: vec![Part { delivery, items, faulty: false }] }
}

/// How SQLite goes about a statement, step by step: `SEARCH` by an index, or `SCAN` through a table.
pub fn plan(conn: &Connection, sql: &str, params: impl Params) -> Vec<String> {
    let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    plan.query_map(params, |row| row.get(3)).unwrap().map(Result::unwrap).collect()
}
