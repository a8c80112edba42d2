//! Stories a second from wire items to news items, over the seeded corpus: whole stories, and items as short as a headline feed's.
//!
//!     cargo bench --bench normalise
#![allow(missing_docs, clippy::unwrap_used)]

mod corpus;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use wiredesk::format;
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::wire::{Delivery, Parsed};

const SEED: u64 = 20_240_401;
const FEEDS: usize = 4;
const ITEMS: usize = 100;

fn parsed(document: String) -> Parsed {
    format::read(&Delivery { bytes: document.into_bytes(), ..Delivery::default() }, None).unwrap()
}

/// Whole stories of about 2.5 KB of HTML.
fn stories() -> Vec<Parsed> {
    corpus::feeds(SEED, FEEDS, ITEMS).iter().map(|feed| parsed(corpus::rss("Stories", feed))).collect()
}

/// Headline, teaser and link only.
fn headlines() -> Vec<Parsed> {
    let mut feeds = stories();
    for item in feeds.iter_mut().flat_map(|feed| &mut feed.items) {
        item.bodies.clear();
    }
    feeds
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("normalise");
    group.throughput(Throughput::Elements((FEEDS * ITEMS) as u64));
    for (name, feeds) in [("stories", stories()), ("headlines", headlines())] {
        let all = |feeds: Vec<Parsed>| {
            for feed in feeds {
                black_box(normalise(feed, &House::default(), &Origin::default()));
            }
        };
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| feeds.clone(), all, BatchSize::LargeInput)
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
