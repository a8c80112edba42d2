//! The initials of a long name: who types `Organisation of Petroleum Exporting Countries` means what most stories call OPEC.
//!
//! Wire copy says so itself: the name in full, its initials in brackets behind it, and the initials alone from there on. They
//! count only where stories in the index do that, and only rank: what is found is still what was typed, so that a topic,
//! which sees new stories alone, finds the same.

use std::ops::RangeInclusive;

use tantivy::Term;
use tantivy::collector::Count;

use super::compile::within;
use super::reading::Reading;
use super::terms::{Phrase, Typed};
use crate::index::fields::{ALL, field};

/// Words that lend no letter.
const SMALL: &[&str] = &[
    "of", "for", "and", "on", "the", "in", "to", "de", "des", "du", "la", "le", "les", "et", "del", "y",
    "der", "die", "das", "für", "und",
];
/// Letters of initials. Two are those of too many names.
const LETTERS: RangeInclusive<usize> = 3..=6;
/// Words of a name, with the small ones.
const WORDS: RangeInclusive<usize> = 3..=10;
/// So many stories that explain the initials are no slip.
const STORIES: usize = 2;
/// Names in one question, at most.
const NAMES: usize = 4;

/// The initials that stories use for names among `words`.
pub(super) fn initials(words: &[Typed], reading: &Reading) -> tantivy::Result<Vec<Term>> {
    let mut found = Vec::new();
    for name in WORDS.flat_map(|many| words.windows(many)) {
        let Some(short) = of_name(name) else { continue };
        let Some(term) = short.single().map(|short| Term::from_field_text(field(ALL), short)) else {
            continue;
        };
        if !found.contains(&term) && reading.word(&term)?.stories > 0 && explain(name, &short, reading)? {
            found.push(term);
        }
        if found.len() == NAMES {
            break;
        }
    }
    Ok(found)
}

/// The initials of words that begin and end with one that lends a letter.
fn of_name(name: &[Typed]) -> Option<Phrase> {
    let lends = |typed: &Typed| typed.word.single().is_some_and(|word| !SMALL.contains(&word));
    if !name.first().is_some_and(lends) || !name.last().is_some_and(lends) {
        return None;
    }
    let letters: Option<Vec<char>> = name
        .iter()
        .filter(|typed| typed.word.single().is_none_or(|word| !SMALL.contains(&word)))
        .map(|typed| typed.word.single()?.chars().next().filter(|c| c.is_alphabetic()))
        .collect();
    let letters = letters.filter(|letters| LETTERS.contains(&letters.len()))?;
    // in capitals, so that WHO is not who
    Some(Phrase::read(&letters.into_iter().flat_map(char::to_uppercase).collect::<String>()))
}

/// Do stories print the name with these initials right behind it?
fn explain(name: &[Typed], short: &Phrase, reading: &Reading) -> tantivy::Result<bool> {
    let words = name.iter().map(|typed| &typed.word).chain([short]);
    let phrase = words.fold(Phrase::default(), |head, next| head.followed_by(next));
    let Some(query) = within(&phrase, ALL) else { return Ok(false) };
    Ok(reading.searcher.search(query.as_ref(), &Count)? >= STORIES)
}
