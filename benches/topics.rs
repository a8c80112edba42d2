//! What topics cost: how many matches a second of many topics at once, and what they add to ingest.
//!
//!     cargo bench --bench topics             # 3 rounds; `-- --rounds 5` for more, `--topics 10000` for ingest with so many alone
//!
//! Matching is measured alone, a delivery of 100 stories after the other, in CPU time of its thread; a match is one story
//! held against one topic. Ingest is measured in processes of their own, by turns, without topics and with so many, in CPU
//! time of the whole process. A topic is a phrase, two words that must both be there, either of these, or a rare word.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod corpus;
mod server;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use server::{SERVE, Server};
use wait4::Wait4;
use wiredesk::desk::Desk;
use wiredesk::index::{Index, Settings};
use wiredesk::item::NewsItem;
use wiredesk::search::query::Clock;
use wiredesk::search::{Fresh, Spellings, Standing, Watch};
use wiredesk::store::{DeliveryId, Revision, Seq, Sink};
use wiredesk::topics::{Book, Topic};

const SEED: u64 = 20_240_401;
/// Stories of one delivery.
const ITEMS: usize = 100;
const FEEDS: usize = 50;
const TOPICS: [usize; 3] = [10, 1_000, 10_000];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == SERVE) {
        server::serve(documents());
    }
    let measuring = arguments.iter().any(|argument| argument == "--bench");
    let number = |name: &str| -> Option<usize> {
        arguments.iter().skip_while(|argument| *argument != name).nth(1)?.parse().ok()
    };
    let rounds = number("--rounds").unwrap_or(if measuring { 3 } else { 1 });
    if let Some(topics) = number("--topics") {
        return ingesting(rounds, &[topics]);
    }
    matching(if measuring { 40 } else { 2 });
    ingesting(rounds, &TOPICS);
}

fn documents() -> Vec<String> {
    let feeds = corpus::feeds(SEED, FEEDS, ITEMS);
    feeds.iter().enumerate().map(|(n, stories)| corpus::rss(&format!("Feed {n}"), stories)).collect()
}

/// Queries made of the longer, and so rarer, words of other stories.
fn queries(count: usize) -> Vec<String> {
    let stories = corpus::feeds(SEED + 7, 1, count * 3);
    let words = stories.iter().flatten().map(|story| {
        let words = story.headline.split(' ').filter(|word| word.len() > 6);
        words.map(str::to_lowercase).collect::<Vec<_>>()
    });
    let told = words.filter(|words| words.len() > 2).take(count).enumerate();
    let query = |(n, words): (usize, Vec<String>)| match (n % 10, words.as_slice()) {
        (0..4, [a, b, ..]) => format!("{a} AND {b}"),
        (4..7, [a, b, ..]) => format!("\"{a} {b}\""),
        (7..9, [a, b, c, ..]) => format!("\"{a} {b}\" OR ({a} AND {c})"),
        (_, words) => words.iter().max_by_key(|word| word.len()).unwrap().clone(),
    };
    told.map(query).collect()
}

fn matching(deliveries: usize) {
    println!("{:>8}{:>16}{:>18}{:>10}", "topics", "stories/CPU s", "matches/CPU s", "found");
    for count in TOPICS {
        let clock = Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
        let watch = Watch::new(
            queries(count).iter().map(|query| Standing::new(query, &clock, &Spellings::built_in())).collect(),
        );
        let mut index = Index::in_memory(Settings::default()).unwrap();
        let (mut spent, mut found, mut seq) = (Duration::ZERO, 0, 0);
        for delivery in corpus::feeds(SEED, deliveries, ITEMS) {
            let after = seq;
            for story in delivery {
                seq += 1;
                let item = item(story);
                index
                    .take(&Revision { seq: Seq(seq), item, current: true, delivery: DeliveryId(1) })
                    .unwrap();
            }
            index.commit(Seq(seq)).unwrap();
            let start = cpu();
            let matched = watch.matches(&Fresh::of(&index, after).unwrap(), &clock).unwrap();
            spent += cpu() - start;
            found += matched.iter().map(|(_, stories)| stories.len()).sum::<usize>();
        }
        let stories = seq as f64 / spent.as_secs_f64();
        println!("{count:>8}{stories:>16.0}{:>18.0}{found:>10}", stories * count as f64);
    }
}

fn item(story: corpus::Story) -> NewsItem {
    NewsItem {
        id: story.guid,
        headline: Some(story.headline),
        body_text: Some(story.paragraphs.join("\n\n")),
        language: Some("en".into()),
        ..NewsItem::default()
    }
}

/// CPU time of this thread, where the system tells it.
fn cpu() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|told| told.split(' ').next()?.parse().ok());
    told.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn ingesting(rounds: usize, topics: &[usize]) {
    let server = Server::start();
    let mut costs = vec![Vec::new(); topics.len() + 1];
    let mut alerts = vec![0; topics.len() + 1];
    let books = tempfile::tempdir().unwrap();
    topics.iter().for_each(|count| keep(&books.path().join(count.to_string()), *count));
    for _ in 0..rounds {
        for (at, count) in std::iter::once(&0).chain(topics).enumerate() {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("wiredesk.toml"), server.config(FEEDS, "5m")).unwrap();
            let data = dir.path().join("data");
            Desk::open(&data).unwrap().close().unwrap();
            if *count > 0 {
                let book = books.path().join(count.to_string()).join("topics.db");
                std::fs::copy(book, data.join("topics.db")).unwrap();
            }
            costs[at].push(ingest(dir.path()));
            if *count > 0 {
                alerts[at] = Book::open(&data).unwrap().last_alert().unwrap();
            }
        }
    }
    println!(
        "\ningest of {} stories, the middle one of {rounds} rounds, each against its own without",
        FEEDS * ITEMS
    );
    println!("{:>8}{:>10}{:>12}{:>10}", "topics", "CPU s", "more", "alerts");
    for ((count, with), alerts) in std::iter::once(&0).chain(topics).zip(&costs).zip(alerts) {
        let more = with.iter().zip(&costs[0]).map(|(with, without)| 100.0 * (with / without - 1.0));
        println!("{count:>8}{:>10.2}{:>11.0}%{alerts:>10}", middle(with.clone()), middle(more.collect()));
    }
}

fn middle(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

fn keep(data: &Path, count: usize) {
    std::fs::create_dir(data).unwrap();
    let book = Book::open(data).unwrap();
    for (n, query) in queries(count).into_iter().enumerate() {
        book.keep(&Topic { name: format!("topic-{n}"), query, ..Topic::default() }).unwrap();
    }
}

/// CPU seconds of one process.
fn ingest(dir: &Path) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
    command.arg("--config").arg(dir.join("wiredesk.toml")).args(["ingest", "--once"]);
    let ended = command.stdout(Stdio::null()).spawn().unwrap().wait4().unwrap();
    assert!(ended.status.success(), "{command:?}: {}", ended.status);
    (ended.rusage.utime + ended.rusage.stime).as_secs_f64()
}
