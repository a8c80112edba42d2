//! Do the words stand side by side? Read last, and only where it could matter.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet};

use super::top::Top;
use super::{Open, Place, Question, Scale};
use crate::search::bm25::share;

/// The places of one word.
struct Places {
    postings: Option<Box<SegmentPostings>>,
    /// The story whose places are in `found`.
    of: Option<DocId>,
    found: Vec<u32>,
}

impl Places {
    /// Where in `doc` the word stands; stories are asked for in their order.
    fn of(&mut self, doc: DocId) -> &[u32] {
        if self.of != Some(doc) {
            self.of = Some(doc);
            self.found.clear();
            if let Some(postings) = self.postings.as_mut()
                && (postings.doc() == doc || (postings.doc() < doc && postings.seek(doc) == doc))
            {
                postings.positions(&mut self.found);
            }
        }
        &self.found
    }
}

/// Of so many stories, the most promising are looked at first: they lift the bar for the others.
const MANY: usize = 64;

/// Gives each story what its words count side by side, if that could lift it over the bar. None is left open.
pub(super) fn settle(question: Question<'_>, open: &mut Vec<Open>, top: &mut Top<'_>) -> tantivy::Result<()> {
    open.retain(|open| open.at_most >= top.bar());
    if open.len() > 2 * MANY {
        open.select_nth_unstable_by(MANY, |a, b| b.at_most.total_cmp(&a.at_most));
        let mut others = open.split_off(MANY);
        in_order(question, open, top)?;
        std::mem::swap(open, &mut others);
    }
    in_order(question, open, top)?;
    open.clear();
    Ok(())
}

fn in_order(question: Question<'_>, open: &mut Vec<Open>, top: &mut Top<'_>) -> tantivy::Result<()> {
    open.retain(|open| open.at_most >= top.bar());
    open.sort_unstable_by_key(|open| (open.segment, open.doc));
    for open in open.chunk_by(|a, b| a.segment == b.segment) {
        let Some(ord) = open.first().map(|open| open.segment) else { continue };
        let Some(segment) = question.segments.get(ord as usize) else { continue };
        let place = Place { segment, ord, shortest: 0.0 };
        let mut places = places(question.scale, place)?;
        for open in open {
            if open.at_most < top.bar() {
                continue;
            }
            let more = side_by_side(question.scale, &mut places, open.doc, place.norm(open.doc));
            if more > 0.0 {
                top.raise(place, open.doc, open.score + more);
            }
        }
    }
    Ok(())
}

fn places(scale: &Scale, place: Place<'_>) -> tantivy::Result<Vec<Places>> {
    let mut places = Vec::new();
    for word in &scale.words {
        let held = word.forms.first().and_then(|(held, _)| held.postings.get(place.ord as usize));
        let open = |info| {
            let index = &place.segment.index;
            index.read_postings_from_terminfo(info, IndexRecordOption::WithFreqsAndPositions)
        };
        let postings = held.and_then(Option::as_ref).map(open).transpose()?;
        places.push(Places { postings: postings.map(Box::new), of: None, found: Vec::new() });
    }
    Ok(places)
}

fn side_by_side(scale: &Scale, places: &mut [Places], doc: DocId, norm: f32) -> f32 {
    let mut more = 0.0;
    for bond in &scale.bonds {
        let Some(words) = places.get_mut(bond.words.clone()) else { continue };
        // one word that is not there saves reading the others
        if words.iter_mut().all(|word| !word.of(doc).is_empty()) {
            let often = often(words);
            more += if often > 0 { bond.most * share(often, norm) } else { 0.0 };
        }
    }
    more
}

/// How often the words stand one behind the other.
fn often(words: &[Places]) -> u32 {
    let Some((first, others)) = words.split_first() else { return 0 };
    let follows = |at: &&u32| {
        (1..).zip(others).all(|(behind, word)| word.found.binary_search(&(**at + behind)).is_ok())
    };
    first.found.iter().filter(follows).count() as u32
}
