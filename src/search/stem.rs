//! Other forms of a word: `collapse` also finds `collapsed` and `collapses`, and counts them less.
//!
//! The index holds words as they are printed. Their forms are looked up when a query is asked: words of the dictionary that
//! begin alike and have the same stem in one of the languages the desk holds. So nothing has to be stemmed as stories
//! arrive, the exact form always counts most, and a language that joins the desk needs no new index.

use rust_stemmers::{Algorithm, Stemmer};
use tantivy::{Searcher, Term};

use crate::index::fields;

/// Languages with a stemmer, by their tag.
#[rustfmt::skip]
const STEMMERS: &[(&str, Algorithm)] = &[
    ("en", Algorithm::English), ("de", Algorithm::German), ("fr", Algorithm::French), ("es", Algorithm::Spanish),
    ("it", Algorithm::Italian), ("pt", Algorithm::Portuguese), ("nl", Algorithm::Dutch), ("da", Algorithm::Danish),
    ("sv", Algorithm::Swedish), ("nb", Algorithm::Norwegian), ("no", Algorithm::Norwegian), ("fi", Algorithm::Finnish),
    ("ro", Algorithm::Romanian), ("hu", Algorithm::Hungarian), ("ru", Algorithm::Russian), ("tr", Algorithm::Turkish),
];

/// Shorter words have no other forms: `us` is not `use`.
const SHORTEST: usize = 4;
/// A form is at most so many bytes longer than the word.
const LONGER: usize = 4;
/// The most forms of one word; the commonest are taken.
const MOST: usize = 8;

/// Stemmers of the languages that an index holds.
pub(super) struct Stemmers(Vec<(&'static str, Stemmer)>);

impl Stemmers {
    /// Of those languages.
    pub fn of(searcher: &Searcher) -> tantivy::Result<Self> {
        let field = fields::by_prefix("lang").map(fields::field);
        let mut stemmers = Vec::new();
        for (tag, algorithm) in STEMMERS {
            let holds =
                field.map(|field| searcher.doc_freq(&Term::from_field_text(field, tag))).transpose()?;
            if holds.is_some_and(|stories| stories > 0) {
                stemmers.push((*tag, Stemmer::create(*algorithm)));
            }
        }
        Ok(Self(stemmers))
    }

    /// Their languages.
    pub fn languages(&self) -> Vec<&'static str> {
        self.0.iter().map(|(tag, _)| *tag).collect()
    }

    /// The stem of `word` in each language; none of a word too short to have other forms.
    pub fn stems(&self, word: &str) -> Vec<String> {
        let long = word.chars().count() >= SHORTEST && is_word(word);
        let stems = self.0.iter().filter(|_| long).map(|(_, stemmer)| stemmer.stem(word).into_owned());
        stems.collect()
    }

    /// The other forms of a word that its field holds, the commonest first.
    pub fn other_forms(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<Vec<Term>> {
        let (field, value) = (term.field(), term.value());
        let word = value.as_str().unwrap_or_default();
        let stems = self.stems(word);
        let Some(beginning) = beginning(word, &stems) else { return Ok(Vec::new()) };
        let is_form = |known: &str| {
            let stems = || self.0.iter().zip(&stems).any(|((_, stemmer), stem)| stemmer.stem(known) == *stem);
            known != word && known.len() <= word.len() + LONGER && is_word(known) && stems()
        };
        let mut found: Vec<(u64, String)> = Vec::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut terms = index.terms().range().ge(beginning).lt(after(beginning)).into_stream()?;
            while terms.advance() {
                let Some(known) = std::str::from_utf8(terms.key()).ok().filter(|known| is_form(known)) else {
                    continue;
                };
                let stories = u64::from(terms.value().doc_freq);
                match found.iter_mut().find(|(_, seen)| seen == known) {
                    Some((count, _)) => *count += stories,
                    None => found.push((stories, known.to_owned())),
                }
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        Ok(found.iter().take(MOST).map(|(_, form)| Term::from_field_text(field, form)).collect())
    }
}

/// What every form of `word` begins with, by its stems; none when it has no other forms.
pub(super) fn beginning<'w>(word: &'w str, stems: &[String]) -> Option<&'w str> {
    let shared = stems.iter().map(|stem| common(stem, word)).min()?;
    word.get(..shared).filter(|start| start.chars().count() + 1 >= SHORTEST)
}

fn is_word(text: &str) -> bool {
    text.chars().all(char::is_lowercase)
}

/// How many bytes both begin with.
fn common(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}

/// The first text after all that begin with `start`.
fn after(start: &str) -> Vec<u8> {
    let mut after = start.as_bytes().to_vec();
    after.push(0xff);
    after
}
