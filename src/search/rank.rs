//! What makes one story better than another: the weights, and the statistics that BM25 is fed with.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, Term};

use crate::index::fields::{ALL, FIELDS, field};

/// What several words add when they stand side by side as typed, times the weight of the field they stand in.
pub(super) const EXACT: f32 = 1.0;
/// What they add when they stand near each other.
pub(super) const NEAR: f32 = 0.5;
/// What two of them add that were typed side by side among more.
pub(super) const PAIR: f32 = 0.5;
/// How many places apart is still near.
pub(super) const NEARNESS: u32 = 6;

/// Statistics over the stories that are there.
///
/// Tantivy's own count superseded revisions until a merge purges them, so that scores, and with them the order of
/// answers, would differ between an index that has lived and one made anew. And a word's rarity is that in the whole
/// text, whatever field it is scored in: few headlines have the word "new", which does not make it a telling one.
pub(super) struct Statistics<'s> {
    searcher: &'s Searcher,
    known: Mutex<HashMap<Term, u64>>,
}

impl<'s> Statistics<'s> {
    pub fn new(searcher: &'s Searcher) -> Self {
        Self { searcher, known: Mutex::default() }
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let usual = FIELDS.get(field.field_id() as usize).map_or(1, |row| row.usual);
        Ok(u64::from(usual) * self.total_num_docs()?)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs().max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let term = by_whole_text(term);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get(&term) {
            return Ok(*count);
        }
        let counts = self.searcher.segment_readers().iter().map(|segment| stories_with(segment, &term));
        let count = counts.sum::<tantivy::Result<u64>>()?;
        known.insert(term, count);
        Ok(count)
    }
}

/// The same word in the field that holds all text, for a field that is a part of that.
fn by_whole_text(term: &Term) -> Term {
    let ranks = FIELDS.get(term.field().field_id() as usize).is_some_and(|row| row.weight > 0.0);
    match term.value().as_str() {
        Some(word) if ranks => Term::from_field_text(field(ALL), word),
        _ => term.clone(),
    }
}

fn stories_with(segment: &SegmentReader, term: &Term) -> tantivy::Result<u64> {
    let index = segment.inverted_index(term.field())?;
    let Some(alive) = segment.alive_bitset() else { return Ok(index.doc_freq(term)?.into()) };
    let postings = index.read_postings(term, IndexRecordOption::Basic)?;
    Ok(postings.map_or(0, |postings| postings.doc_freq_given_deletes(alive).into()))
}
