//! What a word counts at most in each block of its list: most blocks of a common word need not be read at all.
//!
//! Tantivy keeps such numbers too, for a length that is usual in a segment; ours is the same for all segments, so that the
//! same story scores the same wherever it is.

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::bm25::{norm_of, share};

/// The blocks of a word in a segment.
#[derive(Debug)]
pub(super) struct Peaks {
    /// The first story of each.
    first: Vec<DocId>,
    /// The greatest share of its weight that the word has in any of their stories.
    shares: Vec<f32>,
    /// The greatest of these.
    greatest: f32,
}

impl Peaks {
    /// Reads the whole list once.
    pub fn of(
        index: &InvertedIndexReader,
        info: &TermInfo,
        norms: &FieldNormReader,
    ) -> tantivy::Result<Self> {
        let mut blocks = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        let (mut first, mut shares) = (Vec::new(), Vec::new());
        while let Some(doc) = blocks.docs().first() {
            first.push(*doc);
            let stories = blocks.docs().iter().zip(blocks.freqs());
            let all = stories.map(|(doc, often)| share(*often, norm_of(norms.fieldnorm_id(*doc))));
            shares.push(all.fold(0.0, f32::max));
            blocks.advance();
        }
        let greatest = shares.iter().copied().fold(0.0, f32::max);
        Ok(Self { first, shares, greatest })
    }

    /// The greatest share anywhere.
    pub fn greatest(&self) -> f32 {
        self.greatest
    }

    /// The first story of the next block in which the word has this share somewhere; the block with `doc` is the first one
    /// looked at.
    pub fn next(&self, doc: DocId, share: f32) -> Option<DocId> {
        let block = self.first.partition_point(|first| *first <= doc).saturating_sub(1);
        let ahead = self.shares.get(block..)?.iter().position(|peak| *peak >= share)?;
        self.first.get(block + ahead).copied()
    }
}
