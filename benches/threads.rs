//! What threading costs of ingest: CPU of the whole path from bytes to store, index and threads, and of threads alone.
//!
//!     cargo bench --bench threads
//!
//! The corpus has no two stories alike, so that every one is looked for and listed: the dearest case but for copies.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod corpus;

use jiff::Timestamp;
use wiredesk::desk::Desk;
use wiredesk::format;
use wiredesk::item::NewsItem;
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::store::{DeliveryId, FeedState, Landing, Part, Revision, Seq, Sink};
use wiredesk::threads::Threads;
use wiredesk::wire::Delivery;

const SEED: u64 = 20_240_401;
const FEEDS: usize = 100;
const ITEMS: usize = 100;

fn main() {
    let feeds = corpus::feeds(SEED, FEEDS, ITEMS);
    let documents: Vec<String> = feeds
        .iter()
        .enumerate()
        .map(|(number, stories)| corpus::rss(&format!("Feed {number}"), stories))
        .collect();
    let mut runs: Vec<(f64, f64)> = (0..5).map(|_| run(&documents)).collect();
    runs.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (whole, threads) = runs[runs.len() / 2];
    let stories = (FEEDS * ITEMS) as f64;
    println!("{stories} stories, median of {} runs, microseconds of CPU a story", runs.len());
    println!("whole ingest, threads among it  {:>8.1}", whole * 1e6 / stories);
    println!("threads alone                   {:>8.1}", threads * 1e6 / stories);
    println!("share of threads                {:>7.1} %", 100.0 * threads / whole);
}

/// CPU seconds of the whole, and of the threads.
fn run(documents: &[String]) -> (f64, f64) {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(dir.path()).unwrap();
    let before = cpu();
    let mut items = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let landing = landing(number, document);
        items.extend(landing.parts[0].items.iter().cloned());
        desk.land_all(vec![landing]).unwrap();
    }
    desk.follow().unwrap();
    let whole = cpu() - before;
    desk.close().unwrap();
    (whole, threads(items))
}

fn landing(number: usize, document: &str) -> Landing {
    let received = Timestamp::from_second(1_711_929_600).unwrap();
    let delivery = Delivery { bytes: document.as_bytes().to_vec(), received, ..Delivery::default() };
    let parsed = format::read(&delivery, None).unwrap();
    let house = House { feed: Some(format!("feed-{number}")), ..House::default() };
    let items = normalise(parsed, &house, &Origin { url: None, received }).items;
    let state = FeedState { id: format!("feed-{number}"), last_poll: Some(received), ..FeedState::default() };
    Landing { state, parts: vec![Part { delivery, items, faulty: false }] }
}

/// CPU seconds of the threads alone.
fn threads(items: Vec<NewsItem>) -> f64 {
    let dir = tempfile::tempdir().unwrap();
    let mut threads = Threads::open(dir.path(), "desk").unwrap();
    let revisions: Vec<Revision> = (1..)
        .zip(items)
        .map(|(seq, item)| Revision { seq: Seq(seq), item, current: true, delivery: DeliveryId(1) })
        .collect();
    let before = cpu();
    revisions.iter().for_each(|revision| threads.take(revision).unwrap());
    threads.commit(Seq(revisions.len() as u64)).unwrap();
    cpu() - before
}

/// CPU seconds of this process so far, from `/proc` (hundredths of a second).
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks = |at: usize| fields[at].parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / 100.0
}
