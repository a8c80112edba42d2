//! The best stories so far.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::{DocAddress, DocId};

use super::Place;
use crate::search::ask::{Ask, Sort};
use crate::search::facts::{Facts, Found};

/// What every rank comes before.
const NOT_FULL: (Reverse<u32>, Reverse<i64>) = (Reverse(0), Reverse(i64::MIN));
/// Leaves room for sums that are added up in another order.
const SLACK: f32 = 0.9999;

/// As many stories as are wanted, and the bar that another has to come over.
pub(super) struct Top<'t> {
    facts: &'t Facts,
    ask: &'t Ask,
    times: Vec<(i64, i64)>,
    wanted: usize,
    /// The last one on top.
    heap: BinaryHeap<Last>,
    bar: f32,
    /// The rank of the last one on top, where there are as many as are wanted.
    worst: (Reverse<u32>, Reverse<i64>),
}

/// Orders stories so that the one that is left first is the greatest.
struct Last(Found);

impl Last {
    fn key(&self) -> ((Reverse<u32>, Reverse<i64>), Reverse<u64>) {
        (self.0.rank(), Reverse(self.0.seq))
    }
}

impl PartialEq for Last {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl Eq for Last {}
impl PartialOrd for Last {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Last {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl<'t> Top<'t> {
    pub fn new(facts: &'t Facts, ask: &'t Ask, times: Vec<(i64, i64)>) -> Self {
        let wanted = ask.offset.saturating_add(ask.limit).max(1);
        Self { facts, ask, times, wanted, heap: BinaryHeap::new(), bar: 0.0, worst: NOT_FULL }
    }

    /// What scores less is not among the best.
    #[inline]
    pub fn bar(&self) -> f32 {
        self.bar
    }

    /// How many stories are wanted.
    pub fn wanted(&self) -> usize {
        self.wanted
    }

    /// A story that scores so much.
    pub fn offer(&mut self, place: Place<'_>, doc: DocId, score: f32) {
        if place.segment.alive_bitset().is_some_and(|alive| alive.is_deleted(doc)) {
            return;
        }
        self.put(DocAddress::new(place.ord, doc), score);
    }

    /// The same of a story that may be known already, by a lower score.
    pub fn raise(&mut self, place: Place<'_>, doc: DocId, score: f32) {
        let address = DocAddress::new(place.ord, doc);
        match self.heap.iter().find(|known| known.0.address == address) {
            Some(known) if known.0.score >= score => return,
            Some(_) => self.heap.retain(|known| known.0.address != address),
            None => {}
        }
        self.offer(place, doc, score);
    }

    fn put(&mut self, address: DocAddress, score: f32) {
        if self.heap.len() >= self.wanted && Found::best_rank(score) > self.worst {
            return;
        }
        let now = self.ask.now.as_second();
        let mut found = self.facts.of(score, address);
        let in_time = self.times.iter().all(|(from, until)| (*from..*until).contains(&found.published));
        if !in_time || found.editorial != self.ask.editorial || !found.shown.contains(&now) {
            return;
        }
        if self.ask.sort == Sort::Fresh {
            found = found.aged(now);
        }
        let last = Last(found);
        if self.heap.len() >= self.wanted {
            if self.heap.peek().is_some_and(|known| *known < last) {
                return;
            }
            self.heap.pop();
        }
        self.heap.push(last);
        if self.heap.len() >= self.wanted {
            let last = self.heap.peek().map(|last| &last.0);
            self.bar = last.map_or(0.0, |last| last.score * SLACK);
            self.worst = last.map_or(NOT_FULL, Found::rank);
        }
    }

    /// Best first.
    pub fn in_order(self) -> Vec<Found> {
        self.heap.into_sorted_vec().into_iter().map(|last| last.0).collect()
    }
}
