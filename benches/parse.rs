//! How fast is a feed read? Each format against a bare quick-xml pull over the same bytes (the least that any reader built on it costs)
//! and against feed-rs.
#![allow(missing_docs)]

mod corpus;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = parse }
criterion_main!(benches);
