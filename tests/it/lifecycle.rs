//! What may be seen in the end? Made-up lives of stories (`fixtures/lifecycle/*.toml`), each in every order of arrival.
//!
//! Every sequence gets a provider of its own for every order, so that one desk holds them all and none sees another.
//! What the store's gate lets pass and what a search finds must both be what the sequence says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use wiredesk::desk::Desk;
use wiredesk::item::NewsItem;
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::search::Ask;
use wiredesk::store::{FeedState, Landing, Part, Revision, StoreError};
use wiredesk::wire::{DateKind, Delivery, Parsed, WireDate, WireItem, WireRelation, WireText};

/// Up to so many deliveries all orders are tried; of more this many at random.
const ALL_UP_TO: usize = 6;
const SAMPLED: usize = 300;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deck {
    sequence: Vec<Sequence>,
}

/// One life.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sequence {
    name: String,
    /// The headlines that may be seen in the end.
    visible: Vec<String>,
    /// Nothing but the order of arrival tells which is later: only that order is tried.
    #[serde(default)]
    ordered: bool,
    /// When the gate is asked.
    #[serde(default = "evening")]
    now: Timestamp,
    item: Vec<Item>,
}

fn evening() -> Timestamp {
    "2024-04-01T20:00:00Z".parse().unwrap()
}

/// One delivery of one item, as its wire printed it. `at` is the time of its own clock, on 1 April 2024 when it has no day.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields, default)]
struct Item {
    headline: String,
    body: Option<String>,
    guid: Option<String>,
    link: Option<String>,
    version: Option<String>,
    status: Option<String>,
    kind: Option<String>,
    signals: Vec<String>,
    slug: Option<String>,
    note: Option<String>,
    terms: Option<String>,
    at: Option<String>,
    embargo: Option<String>,
    expires: Option<String>,
    provider: Option<String>,
    feed: Option<String>,
    format: Option<String>,
    /// Its transmission number.
    number: Option<String>,
    /// Another item, by its guid, and what becomes of it.
    other: Option<(String, String)>,
}

impl Item {
    fn wire(&self) -> WireItem {
        let date = |kind, text: &Option<String>| text.clone().map(|text| WireDate { kind, text });
        let day = |at: &String| if at.contains('T') { at.clone() } else { format!("2024-04-01T{at}:00Z") };
        let at = self.at.as_ref().map(day);
        WireItem {
            guid: self.guid.clone(),
            version: self.version.clone(),
            pub_status: self.status.clone(),
            editorial_type: self.kind.clone(),
            transmission: self.number.clone(),
            signals: self.signals.clone(),
            headlines: vec![WireText::plain(&*self.headline)],
            sluglines: self.slug.clone().into_iter().collect(),
            bodies: self.body.iter().map(|body| WireText::plain(&**body)).collect(),
            ed_notes: self.note.clone().into_iter().collect(),
            related: self
                .other
                .iter()
                .map(|(target, rel)| WireRelation {
                    rel: Some(rel.clone()),
                    target: target.clone(),
                    title: None,
                })
                .collect(),
            usage_terms: self.terms.clone().into_iter().collect(),
            links: self
                .link
                .iter()
                .map(|href| wiredesk::wire::WireLink { href: href.clone(), ..Default::default() })
                .collect(),
            dates: [
                date(DateKind::Updated, &at),
                date(DateKind::Embargoed, &self.embargo),
                date(DateKind::Expires, &self.expires),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ..WireItem::default()
        }
    }

    /// Its poll, as the conductor lands it. `house` stands for the sequence's own provider.
    fn landing(&self, house: &str, received: Timestamp) -> Landing {
        let feed = self.feed.as_ref().map_or(house.to_owned(), |feed| format!("{house}-{feed}"));
        let provider = self.provider.as_ref().map_or(house.to_owned(), |other| format!("{other} {house}"));
        // the house behind the provider's name keeps sequences apart, and hides whose dialect it is
        let dialect = self.provider.as_ref().map(|name| name.to_lowercase());
        let rules = House { feed: Some(feed.clone()), provider: Some(provider), dialect, ..House::default() };
        let format = match self.format.as_deref() {
            Some("anpa") => "anpa",
            _ => "newsml-g2",
        };
        let parsed = Parsed { format, items: vec![self.wire()], ..Parsed::default() };
        let items = normalise(parsed, &rules, &Origin { url: None, received }).items;
        let delivery = Delivery { bytes: format!("{items:?}").into_bytes(), received, ..Delivery::default() };
        Landing {
            state: FeedState { id: feed, last_poll: Some(received), ..FeedState::default() },
            parts: vec![Part { delivery, items, faulty: false }],
        }
    }
}

fn decks() -> Vec<(String, Sequence)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lifecycle");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let deck: Deck = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        all.extend(deck.sequence.into_iter().map(|sequence| (name.clone(), sequence)));
    }
    all
}

/// The orders of arrival of `count` deliveries.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    if count <= ALL_UP_TO {
        for next in 0..count {
            let longer = |order: &Vec<usize>| {
                (0..=order.len())
                    .map(|at| {
                        let mut longer = order.clone();
                        longer.insert(at, next);
                        longer
                    })
                    .collect::<Vec<_>>()
            };
            all = all.iter().flat_map(longer).collect();
        }
        return all;
    }
    let mut dice = 0x5eed_u64;
    (0..SAMPLED)
        .map(|_| {
            let mut order: Vec<usize> = (0..count).collect();
            for at in (1..count).rev() {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                order.swap(at, (dice >> 33) as usize % (at + 1));
            }
            order
        })
        .collect()
}

#[test]
fn every_life_ends_as_it_should_in_whatever_order_it_arrives() {
    let decks = decks();
    assert!(decks.len() >= 60, "only {} sequences", decks.len());
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(dir.path()).unwrap();
    let mut houses: Vec<(String, usize, Vec<usize>)> = Vec::new();
    for (number, (_, sequence)) in decks.iter().enumerate() {
        let count = sequence.item.len();
        let ways = if sequence.ordered { vec![(0..count).collect()] } else { orders(count) };
        let mut landings = Vec::new();
        for (way, order) in ways.into_iter().enumerate() {
            let house = format!("house{number}x{way}");
            let arrivals = order.iter().enumerate();
            landings
                .extend(arrivals.map(|(place, item)| sequence.item[*item].landing(&house, received(place))));
            houses.push((house, number, order));
        }
        desk.land_all(landings).unwrap();
    }
    desk.follow().unwrap();
    let times: BTreeSet<Timestamp> = decks.iter().map(|(_, sequence)| sequence.now).collect();
    let seen: BTreeMap<Timestamp, [Seen; 2]> =
        times.into_iter().map(|now| (now, [gate(&desk, now), search(&desk, now)])).collect();
    let mut wrong = BTreeMap::new();
    for (house, number, order) in &houses {
        let (file, Sequence { name, visible, now, .. }) = &decks[*number];
        let expected: BTreeSet<String> = visible.iter().cloned().collect();
        for (how, seen) in ["gate", "search"].iter().zip(&seen[now]) {
            let seen = seen.get(house).cloned().unwrap_or_default();
            if seen != expected {
                let line =
                    format!("{file}: {name} ({how}), arrived as {order:?}: {seen:?}, not {expected:?}");
                wrong.entry(number).or_insert(line);
            }
        }
    }
    let lines: Vec<_> = wrong.values().map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), decks.len(), lines.join("\n"));
    assert!(houses.len() > 800, "only {} orders of arrival", houses.len());
}

fn received(place: usize) -> Timestamp {
    "2024-04-01T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(place as i64)
}

/// The headlines seen of each house.
type Seen = BTreeMap<String, BTreeSet<String>>;

fn note(seen: &mut Seen, item: NewsItem) {
    let feed = item.feed.unwrap_or_default();
    let house = feed.split('-').next().unwrap_or_default().to_owned();
    seen.entry(house).or_default().insert(item.headline.unwrap_or_default());
}

/// What the gate lets pass of the current stories.
fn gate(desk: &Desk, now: Timestamp) -> Seen {
    let mut seen = Seen::new();
    let each = |revision: Revision| -> Result<(), StoreError> {
        if revision.item.publishability(now).is_publishable() {
            note(&mut seen, revision.item);
        }
        Ok(())
    };
    desk.store().current_items(None, each).unwrap();
    seen
}

/// What a search for everything finds.
fn search(desk: &Desk, now: Timestamp) -> Seen {
    let mut seen = Seen::new();
    let all = Ask { limit: 1_000_000, ..Ask::new("", now) };
    desk.search(&all).unwrap().hits.into_iter().for_each(|hit| note(&mut seen, hit.item));
    seen
}
