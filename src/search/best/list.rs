//! The stories that have a word, in the order of the index, a block at a time.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::top::Top;
use super::{Place, norms, share};

/// Where one word, or one form of it, is.
pub(super) struct List {
    blocks: BlockSegmentPostings,
    /// The place in the present block.
    at: usize,
    /// The word it is a form of.
    pub word: usize,
    /// What it counts at most.
    pub weight: f32,
}

impl List {
    pub fn open(
        index: &InvertedIndexReader,
        info: &TermInfo,
        word: usize,
        weight: f32,
    ) -> tantivy::Result<Self> {
        let blocks = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        Ok(Self { blocks, at: 0, word, weight })
    }

    /// The story it stands at.
    #[inline]
    pub fn doc(&self) -> DocId {
        self.blocks.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    /// How many stories have it.
    pub fn len(&self) -> u32 {
        self.blocks.doc_freq()
    }

    /// Hands over each story before `end` that is still to come, and how often it has the word.
    #[inline]
    pub fn each_before(&mut self, end: DocId, mut take: impl FnMut(DocId, u32)) {
        loop {
            let (docs, often) = (self.blocks.docs(), self.blocks.freqs());
            for (doc, often) in docs.iter().zip(often).skip(self.at) {
                if *doc >= end {
                    return;
                }
                take(*doc, *often);
                self.at += 1;
            }
            if docs.is_empty() {
                return;
            }
            self.blocks.advance();
            self.at = 0;
        }
    }

    /// What the word counts in `doc`, which is not before the present one; 0 where it is not.
    #[inline]
    pub fn score_in(&mut self, doc: DocId, norm: f32) -> f32 {
        if self.doc() < doc {
            self.at = self.blocks.seek(doc);
        }
        if self.doc() != doc {
            return 0.0;
        }
        self.weight * share(self.blocks.freq(self.at), norm)
    }

    /// Offers all stories that may be among the best. Where nothing but this word counts, a story has to have it so often.
    pub fn best(&mut self, place: Place<'_>, top: &mut Top<'_>) {
        let shortest = norms().iter().copied().fold(f32::INFINITY, f32::min);
        loop {
            let (docs, often) = (self.blocks.docs(), self.blocks.freqs());
            if docs.is_empty() {
                return;
            }
            if top.bar() > self.weight {
                return;
            }
            let mut least = least(top.bar() / self.weight, shortest);
            for (doc, often) in docs.iter().zip(often) {
                if *often < least {
                    continue;
                }
                let score = self.weight * share(*often, place.norm(*doc));
                if score >= top.bar() {
                    top.raise(place, *doc, score);
                    least = self::least(top.bar() / self.weight, shortest);
                }
            }
            self.blocks.advance();
        }
    }
}

/// How often a story must have a word for such a share of its weight, were it ever so short.
fn least(share: f32, norm: f32) -> u32 {
    if share >= 1.0 { u32::MAX } else { (share * norm / (1.0 - share)) as u32 }
}
