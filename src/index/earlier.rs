//! What a story said before: the documents that its current revision takes the place of.

use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentReader, Term};

/// The documents with this term, without a score.
///
/// [`tantivy::IndexWriter::delete_term`] keeps with each term the table of a ranking that nobody asks for, 1 KB, until every merge under way
/// has ended: at thousands of stories a second that was tens of megabytes.
#[derive(Debug, Clone)]
pub(super) struct Earlier(pub Term);

impl Query for Earlier {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Earlier {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let words = segment.inverted_index(self.0.field())?;
        Ok(match words.read_postings(&self.0, IndexRecordOption::Basic)? {
            Some(found) => Box::new(ConstScorer::new(found, boost)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("an earlier revision of a story", 1.0))
    }
}
