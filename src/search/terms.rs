//! The words of one typed word or phrase, as the index spells them.

use tantivy::Term;
use tantivy::schema::Field;
use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::query::Leaf;
use crate::index::analyser::{Analyser, Kind};

/// What one typed text asks the index for: words at positions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Phrase {
    /// The words, compounds in parts: position and word.
    pub parts: Vec<(usize, String)>,
    /// The same with compounds written as one (`ceasefire`), when there are any.
    pub solid: Option<Vec<(usize, String)>>,
    /// Positions taken.
    pub length: usize,
}

impl Phrase {
    /// Cuts `text` as the index was cut; all of it is one phrase.
    pub fn read(text: &str) -> Self {
        let words = Self::words(text);
        words.into_iter().reduce(|head, next| head.followed_by(&next)).unwrap_or_default()
    }

    /// Cuts `text` into its words. A compound, or a run of a script without spaces, is a phrase of several.
    pub fn words(text: &str) -> Vec<Self> {
        let mut analyser = Analyser::for_queries();
        let mut stream = analyser.token_stream(text);
        let mut words: Vec<Self> = Vec::new();
        let mut compound_end = 0;
        let mut pair_end = 0;
        while stream.advance() {
            let (kind, token) = (stream.kind(), stream.token());
            match kind {
                Kind::Joined if token.offset_from >= compound_end => {
                    compound_end = token.offset_to;
                    words.push(Self { solid: Some(vec![(0, token.text.clone())]), ..Self::default() });
                }
                Kind::Plain => {
                    let goes_on = token.offset_from < compound_end.max(pair_end);
                    if !goes_on {
                        words.push(Self::default());
                    }
                    words.iter_mut().last().into_iter().for_each(|word| word.push_part(&token.text));
                    pair_end = token.offset_to;
                }
                // typed in capitals, the name is meant and not the everyday word
                Kind::Marked => name_meant(words.last_mut(), &token.text),
                Kind::Joined | Kind::Elided => {}
            }
        }
        words
    }

    fn push_part(&mut self, part: &str) {
        self.parts.push((self.length, part.to_owned()));
        self.length += 1;
    }

    /// The one word it is, when it is one.
    pub fn single(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [(_, word)] => Some(word),
            _ => None,
        }
    }

    /// A number too common to say anything without the word beside it: the 1 of Highway 1.
    pub fn is_small_number(&self) -> bool {
        self.single().is_some_and(|word| word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()))
    }

    /// This and `next` behind it, as one phrase.
    pub fn followed_by(&self, next: &Self) -> Self {
        let append = |head: &[(usize, String)], length: usize, tail: &[(usize, String)]| {
            let moved = tail.iter().map(|(position, word)| (position + length, word.clone()));
            head.iter().cloned().chain(moved).collect::<Vec<_>>()
        };
        let solid = (self.solid.is_some() || next.solid.is_some()).then(|| {
            let head = self.solid.as_ref().unwrap_or(&self.parts);
            let length = head.last().map_or(0, |(position, _)| position + 1);
            append(head, length, next.solid.as_ref().unwrap_or(&next.parts))
        });
        let parts = append(&self.parts, self.length, &next.parts);
        Self { parts, solid, length: self.length + next.length }
    }

    /// The ways to write it, as terms of `field`.
    pub fn spellings(&self, field: Field) -> impl Iterator<Item = Vec<(usize, Term)>> + '_ {
        std::iter::once(&self.parts).chain(&self.solid).filter(|words| !words.is_empty()).map(move |words| {
            words.iter().map(|(position, word)| (*position, Term::from_field_text(field, word))).collect()
        })
    }
}

/// A word as it was typed, and its other spellings.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// The word.
    pub word: Phrase,
    /// Each of one or more words.
    pub also: Vec<Phrase>,
}

impl Typed {
    /// The words of a leaf.
    pub fn words(leaf: &Leaf) -> Vec<Self> {
        let words = Phrase::words(&leaf.text);
        let also = if words.len() == 1 { Self::also(leaf) } else { Vec::new() };
        words.into_iter().map(|word| Self { word, also: also.clone() }).collect()
    }

    /// The other spellings of a leaf.
    pub fn also(leaf: &Leaf) -> Vec<Phrase> {
        leaf.also.iter().map(|text| Phrase::read(text)).collect()
    }
}

fn name_meant(word: Option<&mut Phrase>, name: &str) {
    if let Some((_, part)) = word.and_then(|word| word.parts.last_mut()) {
        name.clone_into(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_are_asked_for_in_parts_and_as_one_word() {
        let shown = |words: &[(usize, String)]| {
            words.iter().map(|(position, word)| format!("{word}@{position}")).collect::<Vec<_>>().join(" ")
        };
        let cases = [
            ("Rafah", "rafah@0", None),
            ("US", "US@0", None),
            ("the U.S. dollar", "the@0 US@1 dollar@2", None),
            ("us", "us@0", None),
            ("cease-fire", "cease@0 fire@1", Some("ceasefire@0")),
            (
                "Gaza cease-fire talks re-open",
                "gaza@0 cease@1 fire@2 talks@3 re@4 open@5",
                Some("gaza@0 ceasefire@1 talks@2 reopen@3"),
            ),
            ("5-2", "5@0 2@1", None),
            ("--", "", None),
        ];
        for (text, parts, solid) in cases {
            let phrase = Phrase::read(text);
            assert_eq!(shown(&phrase.parts), parts, "{text}");
            assert_eq!(phrase.solid.as_deref().map(shown).as_deref(), solid, "{text}");
        }
        let both =
            Phrase::read("Gaza").followed_by(&Phrase::read("cease-fire")).followed_by(&Phrase::read("talks"));
        assert_eq!(both, Phrase::read("Gaza cease-fire talks"));
    }
}
