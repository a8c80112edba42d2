//! Plain words, which are most of what is asked: taken apart for [`best`](super::best), which finds the best stories without
//! looking at all that match. What is typed with brackets, fields or quotes is left to Tantivy's own queries.

use std::ops::Range;

use jiff::Timestamp;
use tantivy::Term;

use super::compile::{OTHER_FORM, is_plain, says_something};
use super::initials::initials;
use super::query::{Need, Node};
use super::reading::Reading;
use super::spelling::NOT_TYPED;
use super::terms::{Phrase, Typed};
use crate::index::fields::{ALL, field};

/// More words than this are left to Tantivy: with the initials of some names they are bits of a number.
const MOST_WORDS: usize = 24;

/// Words, any or all of which a story has.
#[derive(Debug, Default)]
pub(super) struct Wish {
    pub words: Vec<Word>,
    /// Words that count more where they stand side by side: all of them, and each two.
    pub bonds: Vec<Range<usize>>,
    /// Every word must be there.
    pub all: bool,
    /// Published in all of these times, in seconds: from the first, until the second.
    pub times: Vec<(i64, i64)>,
}

/// A word.
#[derive(Debug)]
pub(super) struct Word {
    pub term: Term,
    /// Words that stand for it, and what they count beside it.
    pub others: Vec<(Term, f32)>,
    /// False for a small number, which says nothing without the word beside it.
    pub counts: bool,
    /// False for the initials of a name that was typed in full: they find nothing by themselves.
    pub finds: bool,
}

/// Understands `node` so, if it can be.
pub(super) fn wish(node: &Node, reading: &Reading) -> tantivy::Result<Option<Wish>> {
    let mut parts = Vec::new();
    let (items, all) = match node {
        Node::Leaf(_) => (vec![node], false),
        Node::All(nodes) => (nodes.iter().collect(), true),
        Node::Sequence(items) if items.iter().all(|(need, node)| fits(*need, node)) => {
            (items.iter().map(|(_, node)| node).collect(), false)
        }
        _ => return Ok(None),
    };
    let mut wish = Wish { all, ..Wish::default() };
    for node in items {
        match node {
            Node::Leaf(leaf) if is_plain(Need::Ranks, node) => {
                let words = Typed::words(leaf);
                if all && words.len() != 1 {
                    return Ok(None);
                }
                parts.extend(words);
            }
            Node::Time(from, to) => wish.times.push(seconds(*from, *to)),
            _ => return Ok(None),
        }
    }
    if parts.is_empty() || parts.len() > MOST_WORDS || says_twice(&parts) {
        return Ok(None);
    }
    let binds = !wish.all && says_something(&parts);
    for part in &parts {
        let Some(term) = only_word(&part.word) else { return Ok(None) };
        let Some(also) = part.also.iter().map(only_word).collect::<Option<Vec<_>>>() else { return Ok(None) };
        let counts = !(binds && part.word.is_small_number());
        let forms = if counts { Some(reading.forms(&term)?) } else { None };
        let forms = forms.iter().flat_map(|forms| forms.iter().map(|form| (form.clone(), OTHER_FORM)));
        let others = forms.chain(also.into_iter().map(|term| (term, NOT_TYPED))).collect();
        wish.words.push(Word { others, term, counts, finds: true });
    }
    if !all {
        wish.bonds = bonds(&parts, binds);
        let short = initials(&parts, reading)?.into_iter();
        wish.words.extend(short.map(|term| Word { others: Vec::new(), term, counts: true, finds: false }));
    }
    Ok(Some(wish))
}

/// `port to port`: Tantivy counts such words side by side in a way of its own.
fn says_twice(words: &[Typed]) -> bool {
    words.iter().enumerate().any(|(at, typed)| words.iter().take(at).any(|before| before.word == typed.word))
}

/// The one term that a word is.
fn only_word(word: &Phrase) -> Option<Term> {
    let single = word.single().filter(|_| word.solid.is_none())?;
    Some(Term::from_field_text(field(ALL), single))
}

/// True for a plain word, and for a time, which no story may be outside of.
fn fits(need: Need, node: &Node) -> bool {
    match node {
        Node::Leaf(_) => need == Need::Ranks,
        Node::Time(..) => need == Need::Must,
        _ => false,
    }
}

pub(super) fn seconds(from: Option<Timestamp>, until: Option<Timestamp>) -> (i64, i64) {
    (from.map_or(i64::MIN, Timestamp::as_second), until.map_or(i64::MAX, Timestamp::as_second))
}

/// All words, and each two.
fn bonds(words: &[Typed], binds: bool) -> Vec<Range<usize>> {
    let all = (words.len() > 1).then_some(0..words.len());
    let pairs = words.windows(2).enumerate().filter(|(_, two)| !binds || says_something(two));
    let pairs = pairs.map(|(first, _)| first..first + 2).filter(|_| words.len() > 2);
    all.into_iter().chain(pairs).collect()
}
