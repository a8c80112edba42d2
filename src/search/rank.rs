//! The statistics that BM25 is fed with.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, Term};

use crate::index::fields::FIELDS;

/// Statistics over the stories that are there.
///
/// Tantivy's own count superseded revisions until a merge purges them, so that scores, and with them the order of
/// answers, would differ between an index that has lived and one made anew.
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
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get(term) {
            return Ok(*count);
        }
        let counts = self.searcher.segment_readers().iter().map(|segment| stories_with(segment, term));
        let count = counts.sum::<tantivy::Result<u64>>()?;
        known.insert(term.clone(), count);
        Ok(count)
    }
}

fn stories_with(segment: &SegmentReader, term: &Term) -> tantivy::Result<u64> {
    let index = segment.inverted_index(term.field())?;
    let Some(alive) = segment.alive_bitset() else { return Ok(index.doc_freq(term)?.into()) };
    let postings = index.read_postings(term, IndexRecordOption::Basic)?;
    Ok(postings.map_or(0, |postings| postings.doc_freq_given_deletes(alive).into()))
}
