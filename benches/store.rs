//! What the log costs: 10,000 made-up stories landed in groups, landed again, and read by a follower.
#![allow(missing_docs, clippy::unwrap_used)]

mod corpus;

use corpus::Dice;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use wiredesk::item::NewsItem;
use wiredesk::store::{FeedState, Landing, Part, Seq, Store};
use wiredesk::wire::Delivery;

const FEEDS: usize = 100;
const ITEMS: usize = 100;
/// Polls in one transaction, as the writer groups what is waiting for it.
const GROUP: usize = 16;

fn story(dice: &mut Dice, feed: usize, number: usize) -> NewsItem {
    let body = dice.words(400);
    NewsItem {
        id: format!("{:016x}", dice.roll()),
        guid: Some(format!("https://wire.example/{feed}/story-{number}")),
        feed: Some(format!("feed-{feed}")),
        headline: Some(dice.words(9)),
        byline: Some("By A. Writer".into()),
        published: Timestamp::from_second(1_711_929_600 + number as i64).ok().map(Into::into),
        language: Some("en".into()),
        body_html: Some(format!("<p>{body}</p>")),
        body_text: Some(body),
        keywords: vec![dice.words(1), dice.words(1)],
        ..NewsItem::default()
    }
}

fn landings() -> Vec<Landing> {
    let mut dice = Dice(0x5eed);
    let landing = |feed: usize| {
        let items: Vec<_> = (0..ITEMS).map(|number| story(&mut dice, feed, number)).collect();
        let bytes = items.iter().filter_map(|item| item.body_html.clone()).collect::<String>().into_bytes();
        let delivery = Delivery { bytes, received: Timestamp::UNIX_EPOCH, ..Delivery::default() };
        let state = FeedState { id: format!("feed-{feed}"), ..FeedState::default() };
        Landing { state, parts: vec![Part { delivery, items, faulty: false }] }
    };
    (0..FEEDS).map(landing).collect()
}

fn land(store: &mut Store, landings: Vec<Landing>) {
    let mut waiting = landings.into_iter().peekable();
    while waiting.peek().is_some() {
        store.land_all(waiting.by_ref().take(GROUP).collect()).unwrap();
    }
}

fn log(criterion: &mut Criterion) {
    let landings = landings();
    let mut group = criterion.benchmark_group("store, 10,000 stories");
    group.sample_size(10);
    let empty = || {
        let dir = tempfile::tempdir().unwrap();
        (Store::open(dir.path()).unwrap(), dir, landings.clone())
    };
    group.bench_function("land", |bencher| {
        bencher.iter_batched(
            empty,
            |(mut store, dir, landings)| {
                land(&mut store, landings);
                (store, dir)
            },
            BatchSize::PerIteration,
        );
    });
    let (mut store, _dir, _) = empty();
    land(&mut store, landings.clone());
    group.bench_function("land again, unchanged", |bencher| {
        bencher.iter_batched(|| landings.clone(), |again| land(&mut store, again), BatchSize::PerIteration);
    });
    group.bench_function("read in order", |bencher| {
        bencher.iter(|| {
            let mut seq = Seq(0);
            while let Some(last) = store.revisions_after(seq, 1000).unwrap().last() {
                seq = last.seq;
            }
            seq
        });
    });
    group.finish();
}

criterion_group!(benches, log);
criterion_main!(benches);
