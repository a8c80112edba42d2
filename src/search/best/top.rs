//! The best stories so far.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::{DocAddress, DocId};

use super::Place;
use crate::search::ask::{Ask, Sort};
use crate::search::facts::{Facts, Found, Rank, aged};

/// Leaves room for sums that are added up in another order.
const SLACK: f32 = 0.9999;

/// As many stories as are wanted, and the bar that another has to come over.
pub(super) struct Top<'t> {
    facts: &'t Facts,
    ask: &'t Ask,
    times: Vec<(i64, i64)>,
    wanted: usize,
    /// The last one on top.
    heap: BinaryHeap<Reverse<Entry>>,
    bar: f32,
    /// The rank of the last one on top, where there are as many as are wanted.
    worst: Rank,
}

/// A story, by its rank and then by its place in the store.
struct Entry {
    rank: Rank,
    seq: u64,
    score: f32,
    address: DocAddress,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.rank, self.seq).cmp(&(other.rank, other.seq))
    }
}

impl<'t> Top<'t> {
    pub fn new(facts: &'t Facts, ask: &'t Ask, times: Vec<(i64, i64)>, wanted: usize) -> Self {
        let wanted = wanted.max(1);
        Self { facts, ask, times, wanted, heap: BinaryHeap::new(), bar: 0.0, worst: Rank::default() }
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
    #[inline]
    pub fn offer(&mut self, place: Place<'_>, doc: DocId, score: f32) {
        if Rank::best(score) >= self.worst {
            self.put(place, doc, score);
        }
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

    fn put(&mut self, place: Place<'_>, doc: DocId, score: f32) {
        let address = DocAddress::new(place.ord, doc);
        let published = self.facts.published(address);
        let score = match self.ask.sort {
            Sort::Fresh => aged(score, published, self.ask.now.as_second()),
            _ => score,
        };
        let rank = Rank::of(score, published);
        let in_time = self.times.iter().all(|(from, until)| (*from..*until).contains(&published));
        if rank < self.worst || !in_time || place.is_deleted(doc) || !self.facts.admit(address, self.ask) {
            return;
        }
        let entry = Reverse(Entry { rank, seq: self.facts.seq(address), score, address });
        if self.heap.len() < self.wanted {
            self.heap.push(entry);
        } else if let Some(mut last) = self.heap.peek_mut().filter(|last| entry < **last) {
            *last = entry;
        }
        if self.heap.len() >= self.wanted
            && let Some(Reverse(last)) = self.heap.peek()
        {
            (self.bar, self.worst) = (last.score * SLACK, last.rank);
        }
    }

    /// Best first.
    pub fn in_order(self) -> Vec<Found> {
        let found = |Reverse(entry): Reverse<Entry>| Found {
            score: entry.score,
            address: entry.address,
            published: self.facts.published(entry.address),
            seq: entry.seq,
        };
        self.heap.into_sorted_vec().into_iter().map(found).collect()
    }
}
