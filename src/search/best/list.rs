//! The stories that have a word, in the order of the index, a block at a time.

use std::sync::Arc;

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::Place;
use super::top::Top;
use crate::search::bm25::{least, share};
use crate::search::peaks::Peaks;
use crate::search::reading::{Held, Segment};

/// Where one word, or one form of it, is.
pub(super) struct List {
    blocks: Box<BlockSegmentPostings>,
    /// The place in the present block.
    at: usize,
    /// The word it is a form of.
    pub word: usize,
    /// What it counts at most.
    pub weight: f32,
    /// The same of its blocks, where that is known.
    peaks: Option<Arc<Peaks>>,
}

impl List {
    /// Where `held`, a form of the word of this number, is in a segment, if it is there.
    pub fn open(
        segment: &Segment,
        ord: usize,
        held: &Held,
        word: usize,
        weight: f32,
        peaks: Option<Arc<Peaks>>,
    ) -> tantivy::Result<Option<Self>> {
        let Some(Some(info)) = held.postings.get(ord) else { return Ok(None) };
        let blocks = segment.index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        Ok(Some(Self { blocks: Box::new(blocks), at: 0, word, weight, peaks }))
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

    /// Goes on to `first`, or the story after it.
    pub fn skip_to(&mut self, first: DocId) {
        if self.doc() < first {
            self.at = self.blocks.seek(first);
        }
    }

    /// Hands over each story before `end` that is still to come, and how often it has the word.
    #[inline]
    pub fn each_before(&mut self, end: DocId, mut take: impl FnMut(DocId, u32)) {
        loop {
            let (docs, often) = (self.blocks.docs(), self.blocks.freqs());
            let here = docs.get(self.at..).unwrap_or_default();
            let before = if docs.last().is_some_and(|last| *last < end) {
                here.len()
            } else {
                here.partition_point(|doc| *doc < end)
            };
            for (doc, often) in here.iter().zip(often.get(self.at..).unwrap_or_default()).take(before) {
                take(*doc, *often);
            }
            self.at += before;
            if docs.is_empty() || before < here.len() {
                return;
            }
            self.blocks.advance();
            self.at = 0;
        }
    }

    /// Hands over each story still to come in which the word may have the share of its weight that `needed` says, block by
    /// block; none of them is shorter than `shortest`.
    #[inline]
    pub fn each_with(
        &mut self,
        top: &mut Top<'_>,
        shortest: f32,
        needed: impl Fn(f32) -> f32,
        mut take: impl FnMut(&mut Top<'_>, DocId, u32),
    ) {
        while self.skip_blocks_below(needed(top.bar())) {
            let (docs, often) = (self.blocks.docs(), self.blocks.freqs());
            let enough = least(needed(top.bar()), shortest);
            if docs.is_empty() || enough == u32::MAX {
                return;
            }
            // most blocks of a common word have none, which is seen at a glance
            if often.iter().fold(false, |any, often| any | (*often >= enough)) {
                let here = docs.iter().zip(often).skip(self.at);
                for (doc, often) in here.filter(|(_, often)| **often >= enough) {
                    take(top, *doc, *often);
                }
            }
            self.blocks.advance();
            self.at = 0;
        }
    }

    /// Goes on to the next block in which the word has this share somewhere, where that is known; false when there is none.
    fn skip_blocks_below(&mut self, share: f32) -> bool {
        let Some(peaks) = &self.peaks else { return true };
        let Some(first) = peaks.next(self.doc(), share) else { return false };
        if self.doc() < first {
            self.at = self.blocks.seek(first);
        }
        true
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

    /// Offers all stories that may be among the best where nothing but this word counts, perhaps in `many` forms.
    pub fn best(&mut self, place: Place<'_>, many: bool, top: &mut Top<'_>) {
        let weight = self.weight;
        self.each_with(
            top,
            place.shortest,
            |bar| bar / weight,
            |top, doc, often| {
                let score = weight * share(often, place.norm(doc));
                if score >= top.bar() {
                    if many { top.raise(place, doc, score) } else { top.offer(place, doc, score) }
                }
            },
        );
    }
}
