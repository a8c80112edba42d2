//! Did you mean ...? For a word that no story has, the likeliest word that some have.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

use super::query::{Form, Leaf, Node};
use super::terms::Phrase;
use crate::index::fields::{ALL, field};

/// Shorter words are not guessed at: anything is near them.
const SHORTEST: usize = 4;
/// Who typed more words, or pasted them, did not slip in one.
const MOST_WORDS: usize = 12;

/// `typed` with each of its words that no story has replaced by the nearest one that some have; `None` when there is
/// nothing to mend, or no word near enough.
pub(super) fn meant(searcher: &Searcher, node: &Node, typed: &str) -> tantivy::Result<Option<String>> {
    let mut words = Vec::new();
    plain_words(node, &mut words);
    if words.len() > MOST_WORDS {
        return Ok(None);
    }
    let mut mended = typed.to_owned();
    for word in words {
        let read = Phrase::read(word);
        let Some(term) = read.single().filter(|term| term.chars().count() >= SHORTEST) else { continue };
        if searcher.doc_freq(&Term::from_field_text(field(ALL), term))? > 0 {
            continue;
        }
        if let Some(nearest) = nearest(searcher, term)? {
            mended = mended.replacen(word, &nearest, 1);
        }
    }
    Ok(Some(mended).filter(|mended| mended != typed))
}

fn plain_words<'n>(node: &'n Node, words: &mut Vec<&'n str>) {
    match node {
        Node::Leaf(Leaf { field: None, text, form: Form::Word, .. }) => words.push(text),
        Node::Leaf(_) | Node::Not(_) | Node::Time(..) => {}
        Node::Sequence(items) => items.iter().for_each(|(_, node)| plain_words(node, words)),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| plain_words(node, words)),
    }
}

/// The word with the fewest letters changed, among equals the one most stories have, then the first by its letters. Only
/// the branches of the dictionary that lead near it are walked.
fn nearest(searcher: &Searcher, term: &str) -> tantivy::Result<Option<String>> {
    let letters = term.chars().count();
    let most = if letters < 6 { 1 } else { 2 };
    let near = FuzzyTermQuery::new(Term::from_field_text(field(ALL), term), most, true);
    let mut found: HashMap<String, u64> = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field(ALL))?;
        let mut terms = index.terms().search(near.automaton()?).into_stream()?;
        while terms.advance() {
            if let Ok(known) = std::str::from_utf8(terms.key()) {
                *found.entry(known.to_owned()).or_default() += u64::from(terms.value().doc_freq);
            }
        }
    }
    let rank =
        |(known, stories): (String, u64)| (strsim::osa_distance(term, &known), Reverse(stories), known);
    // two slips leave the first letter in its place: who typed "budget" does not mean "judges"
    let is_likely = |away: usize, known: &str| away < 2 || known.chars().next() == term.chars().next();
    let ranked = found.into_iter().map(rank).filter(|(away, _, known)| is_likely(*away, known));
    Ok(ranked.min().map(|(_, _, known)| known))
}
