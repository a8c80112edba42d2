//! One view of the index, with what questions worked out from it: kept until the next commit.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{InvertedIndexReader, Searcher, SegmentReader, Term};

use super::facts::Facts;
use super::peaks::Peaks;
use super::stem::Stemmers;
use crate::index::Index;
use crate::index::fields::{ALL, FIELDS, field};

/// Words remembered at most; beyond that all are forgotten.
const MOST_WORDS: usize = 20_000;

/// From so many stories on it is worth knowing how much a word counts in the blocks of its list.
const MANY: u32 = if cfg!(test) { 8 } else { 64 };

/// A view of the index that does not change.
pub(super) struct Reading {
    pub searcher: Searcher,
    facts: OnceLock<Facts>,
    stemmers: OnceLock<Stemmers>,
    words: Mutex<HashMap<Term, Arc<Held>>>,
    forms: Mutex<HashMap<Term, Arc<[Term]>>>,
    /// Paper that a question leaves for the next.
    pub paper: Mutex<Vec<u16>>,
    segments: OnceLock<Vec<Segment>>,
}

/// What questions look up in a segment.
pub(super) struct Segment {
    pub reader: SegmentReader,
    /// Of the whole text.
    pub index: Arc<InvertedIndexReader>,
    /// How long each text is.
    pub norms: FieldNormReader,
    shortest: OnceLock<u8>,
}

impl Segment {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let (index, norms) = (reader.inverted_index(field(ALL))?, reader.get_fieldnorms_reader(field(ALL))?);
        Ok(Self { reader: reader.clone(), index, norms, shortest: OnceLock::new() })
    }

    /// The length of the shortest text, by its number.
    pub fn shortest(&self) -> u8 {
        let all = || (0..self.norms.num_docs()).map(|doc| self.norms.fieldnorm_id(doc));
        *self.shortest.get_or_init(|| all().min().unwrap_or_default())
    }
}

/// Where the index holds a word.
#[derive(Debug)]
pub(super) struct Held {
    /// The stories that have it now: superseded ones do not count, or an index that has lived would rank otherwise than
    /// one made anew.
    pub stories: u64,
    /// By segment.
    pub postings: Vec<Option<TermInfo>>,
    /// The same.
    peaks: Vec<Remembered>,
}

/// What is found out when a word is asked for a second time: it takes as long as to answer.
#[derive(Debug, Default)]
struct Remembered {
    asked: AtomicBool,
    peaks: OnceLock<Arc<Peaks>>,
}

impl Held {
    /// What the word counts at most in each block of a segment, where it is known and worth knowing.
    pub fn peaks(&self, ord: usize, segment: &Segment) -> tantivy::Result<Option<Arc<Peaks>>> {
        let Some((Some(info), remembered)) = self.postings.get(ord).zip(self.peaks.get(ord)) else {
            return Ok(None);
        };
        if info.doc_freq < MANY || !remembered.asked.swap(true, Ordering::Relaxed) {
            return Ok(None);
        }
        let read = || Peaks::of(&segment.index, info, &segment.norms).map(Arc::new);
        once(&remembered.peaks, read).cloned().map(Some)
    }
}

impl Reading {
    /// The view that `index` has now.
    pub fn of(index: &Index) -> Arc<Self> {
        index.beside(Self::new)
    }

    fn new(searcher: Searcher) -> Self {
        let (facts, stemmers, words, forms, paper, segments) = Default::default();
        Self { searcher, facts, stemmers, words, forms, paper, segments }
    }

    /// The numbers beside the text.
    pub fn facts(&self) -> tantivy::Result<&Facts> {
        once(&self.facts, || Facts::open(&self.searcher))
    }

    /// Of the languages that the index holds.
    pub fn stemmers(&self) -> tantivy::Result<&Stemmers> {
        once(&self.stemmers, || Stemmers::of(&self.searcher))
    }

    /// Where a word is held.
    pub fn word(&self, term: &Term) -> tantivy::Result<Arc<Held>> {
        remembered(&self.words, term, || Ok(Arc::new(held(&self.searcher, term)?)))
    }

    /// The parts of the index.
    pub fn segments(&self) -> tantivy::Result<&[Segment]> {
        let open = || self.searcher.segment_readers().iter().map(Segment::open).collect();
        once(&self.segments, open).map(Vec::as_slice)
    }

    /// The other forms of a word that the index holds.
    pub fn forms(&self, word: &Term) -> tantivy::Result<Arc<[Term]>> {
        remembered(&self.forms, word, || Ok(self.stemmers()?.other_forms(&self.searcher, word)?.into()))
    }
}

fn once<T>(slot: &OnceLock<T>, make: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
    match slot.get() {
        Some(made) => Ok(made),
        None => make().map(|made| slot.get_or_init(|| made)),
    }
}

fn remembered<T: Clone>(
    memory: &Mutex<HashMap<Term, T>>,
    term: &Term,
    find: impl FnOnce() -> tantivy::Result<T>,
) -> tantivy::Result<T> {
    let memory = || memory.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = memory().get(term) {
        return Ok(known.clone());
    }
    let found = find()?;
    let mut memory = memory();
    if memory.len() >= MOST_WORDS {
        memory.clear();
    }
    memory.insert(term.clone(), found.clone());
    Ok(found)
}

fn held(searcher: &Searcher, term: &Term) -> tantivy::Result<Held> {
    let (mut stories, mut postings) = (0, Vec::new());
    for segment in searcher.segment_readers() {
        let found = segment.inverted_index(term.field())?.get_term_info(term)?;
        if let Some(info) = &found {
            stories += stories_with(segment, term, info)?;
        }
        postings.push(found);
    }
    let peaks = postings.iter().map(|_| Remembered::default()).collect();
    Ok(Held { stories, postings, peaks })
}

fn stories_with(segment: &SegmentReader, term: &Term, info: &TermInfo) -> tantivy::Result<u64> {
    let Some(alive) = segment.alive_bitset() else { return Ok(info.doc_freq.into()) };
    let index = segment.inverted_index(term.field())?;
    let mut blocks = index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    let mut stories = 0;
    while blocks.block_len() > 0 {
        stories += blocks.docs().iter().filter(|doc| alive.is_alive(**doc)).count() as u64;
        blocks.advance();
    }
    Ok(stories)
}

/// The statistics that BM25 is fed with: over the stories that are there.
impl Bm25StatisticsProvider for Reading {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let usual = FIELDS.get(field.field_id() as usize).map_or(1, |row| row.usual);
        Ok(u64::from(usual) * self.total_num_docs()?)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs().max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.word(term)?.stories)
    }
}
