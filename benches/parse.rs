//! How fast is a feed read? First by turns in CPU time, which a busy machine does not stretch; then as criterion measures it. Each format against a bare quick-xml pull over the same bytes (the least that any reader built on it costs)
//! and against feed-rs.
#![allow(missing_docs, clippy::print_stdout)]

mod corpus;

use std::fs;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group};
use quick_xml::Reader;
use quick_xml::events::Event;
use wiredesk::format;
use wiredesk::wire::Delivery;

const SEED: u64 = 20240401;
/// Feeds of each way of printing, and stories in each.
const FEEDS: (usize, usize) = (12, 50);

/// A way to print a feed.
type Print = fn(&str, &[corpus::Story]) -> String;

/// The ways in which feeds print their stories, in equal parts; and each way alone.
const FORMATS: [(&str, &[Print]); 7] = [
    ("rss", &[corpus::rss, corpus::rss_brief, corpus::rss_escaped]),
    ("atom", &[corpus::atom, corpus::atom_xhtml]),
    ("rss, content encoded", &[corpus::rss]),
    ("rss, teasers", &[corpus::rss_brief]),
    ("rss, escaped", &[corpus::rss_escaped]),
    ("atom, html", &[corpus::atom]),
    ("atom, xhtml", &[corpus::atom_xhtml]),
];

fn printed(prints: &[Print]) -> Vec<String> {
    let stories = corpus::feeds(SEED, FEEDS.0, FEEDS.1);
    prints.iter().flat_map(|print| stories.iter().map(|stories| print("Made-up Wire", stories))).collect()
}

/// Every event of a document, looked at and dropped.
fn pull(feed: &str) -> usize {
    let (mut reader, mut events) = (Reader::from_str(feed), 0);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return events,
            Ok(event) => {
                black_box(&event);
                events += 1;
            }
        }
    }
}

fn parse(bench: &mut Criterion) {
    for (name, prints) in FORMATS {
        let feeds = printed(prints);
        let deliveries: Vec<_> =
            feeds.iter().map(|feed| Delivery { bytes: feed.clone().into(), ..Delivery::default() }).collect();
        let items: usize = deliveries
            .iter()
            .map(|feed| format::read(feed, None).map_or(0, |parsed| parsed.items.len()))
            .sum();
        assert_eq!(items, feeds.len() * FEEDS.1, "the corpus is read whole");
        let mut group = bench.benchmark_group(name);
        group.throughput(Throughput::Bytes(feeds.iter().map(|feed| feed.len() as u64).sum()));
        group.bench_function("quick-xml pull", |bench| {
            bench.iter(|| feeds.iter().map(|feed| pull(feed)).sum::<usize>())
        });
        group.bench_function("wiredesk", |bench| {
            bench.iter(|| {
                deliveries.iter().filter(|feed| black_box(format::read(feed, None)).is_ok()).count()
            });
        });
        group.bench_function("feed-rs", |bench| {
            bench.iter(|| {
                feeds.iter().filter(|feed| black_box(feed_rs::parser::parse(feed.as_bytes())).is_ok()).count()
            });
        });
        group.finish();
    }
}

/// CPU time of this thread, which a busy machine does not stretch (Linux `schedstat`: nanoseconds on a core).
fn on_core() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default();
    Duration::from_nanos(nanos)
}

/// Runs `work` often enough for the clock, and gives what one run costs.
fn cost(work: &mut dyn FnMut() -> usize) -> f64 {
    const RUNS: u32 = 8;
    let begun = on_core();
    for _ in 0..RUNS {
        black_box(work());
    }
    (on_core() - begun).as_secs_f64() / f64::from(RUNS)
}

/// Each way of printing by turns in CPU time: the ratios, the median of so many rounds.
fn by_turns() {
    const ROUNDS: usize = 15;
    println!("{:<24}{:>12}{:>12}", "CPU time, by turns", "of the pull", "of feed-rs");
    for (name, prints) in FORMATS {
        let feeds = printed(prints);
        let deliveries: Vec<_> =
            feeds.iter().map(|feed| Delivery { bytes: feed.clone().into(), ..Delivery::default() }).collect();
        let mut ratios: Vec<(f64, f64)> = (0..ROUNDS)
            .map(|_| {
                let pulled = cost(&mut || feeds.iter().map(|feed| pull(feed)).sum());
                let ours = cost(&mut || {
                    deliveries.iter().filter(|feed| black_box(format::read(feed, None)).is_ok()).count()
                });
                let theirs = cost(&mut || {
                    feeds
                        .iter()
                        .filter(|feed| black_box(feed_rs::parser::parse(feed.as_bytes())).is_ok())
                        .count()
                });
                (pulled / ours, theirs / ours)
            })
            .collect();
        let mut median = |of: fn(&(f64, f64)) -> f64| {
            ratios.sort_by(|a, b| of(a).total_cmp(&of(b)));
            of(&ratios[ROUNDS / 2])
        };
        println!("{name:<24}{:>11.2}x{:>11.2}x", median(|it| it.0), median(|it| it.1));
    }
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = parse }

fn main() {
    by_turns();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
