//! Other spellings of what was typed: a question for Rafah also finds Rafiah and what is written in other scripts.
//!
//! Spellings are laid over a query when it is asked, of searches and of topics alike. What was typed counts most.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::query::{self, Clock, Form, Leaf, Need, Node};
use super::terms::Phrase;
use crate::index::fields::{Cut, FIELDS};

/// What a spelling counts that was not typed, beside the one that was.
pub(super) const NOT_TYPED: f32 = 0.9;

/// The table that comes with wiredesk.
const PLACES: &str = include_str!("places.toml");

static BUILT_IN: LazyLock<Arc<Spellings>> = LazyLock::new(|| Arc::new(Spellings::of(built_in())));

/// Words that stand for each other.
#[derive(Debug, Clone, Default)]
pub struct Spellings {
    rows: Vec<Vec<String>>,
    /// The row of each spelling, by its words as the index cuts them.
    by_words: HashMap<String, usize>,
    /// The first words of those of several words.
    first_words: HashSet<String>,
    /// The words of the longest spelling.
    longest: usize,
}

#[derive(Deserialize)]
struct Table {
    place: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    spellings: Vec<String>,
}

fn built_in() -> Vec<Vec<String>> {
    let table = toml::from_str::<Table>(PLACES).map(|table| table.place).unwrap_or_default();
    table.into_iter().map(|place| place.spellings).collect()
}

impl Spellings {
    /// Those that come with wiredesk.
    #[must_use]
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// The same and `more`, each row the spellings of one place.
    #[must_use]
    pub fn and(more: &[Vec<String>]) -> Arc<Self> {
        if more.is_empty() {
            return Self::built_in();
        }
        Arc::new(Self::of(built_in().into_iter().chain(more.iter().cloned()).collect()))
    }

    /// Rows that share a spelling are one.
    fn of(rows: Vec<Vec<String>>) -> Self {
        let mut spellings = Self::default();
        for row in rows {
            let row: Vec<(String, String)> = row.into_iter().map(|one| (key(&one), one)).collect();
            let known = row.iter().find_map(|(words, _)| spellings.by_words.get(words).copied());
            let at = known.unwrap_or(spellings.rows.len());
            if at == spellings.rows.len() {
                spellings.rows.push(Vec::new());
            }
            for (words, one) in row {
                if !words.is_empty() && !spellings.by_words.contains_key(&words) {
                    let mut several = words.split(' ');
                    if let (Some(first), Some(_)) = (several.next(), several.next()) {
                        spellings.first_words.insert(first.to_owned());
                    }
                    spellings.longest = spellings.longest.max(words.split(' ').count());
                    spellings.by_words.insert(words, at);
                    spellings.rows.iter_mut().skip(at).take(1).for_each(|row| row.push(one.clone()));
                }
            }
        }
        spellings
    }

    /// The other spellings of `text`, which may be several words.
    #[must_use]
    pub fn others(&self, text: &str) -> Vec<String> {
        let words = key(text);
        let row = self.by_words.get(&words).and_then(|at| self.rows.get(*at));
        row.into_iter().flatten().filter(|one| key(one) != words).cloned().collect()
    }

    /// Reads a query and lays spellings over it.
    pub(super) fn read(&self, text: &str, clock: &Clock) -> Option<Node> {
        let mut node = query::parse(text, clock)?;
        if !self.rows.is_empty() {
            self.lay_over(&mut node);
        }
        Some(node)
    }

    fn lay_over(&self, node: &mut Node) {
        match node {
            Node::Leaf(leaf) => self.lay_over_leaf(leaf),
            Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(|node| self.lay_over(node)),
            Node::Not(node) => self.lay_over(node),
            Node::Sequence(items) => {
                let together = self.together(items);
                items.iter_mut().for_each(|(_, node)| self.lay_over(node));
                items.extend(together.into_iter().map(|leaf| (Need::Ranks, Node::Leaf(leaf))));
            }
            Node::Time(..) => {}
        }
    }

    fn lay_over_leaf(&self, leaf: &mut Leaf) {
        let is_text = leaf.field.is_none_or(|row| FIELDS.get(row).is_some_and(|row| row.cut != Cut::Whole));
        if is_text && matches!(leaf.form, Form::Word | Form::Phrase(_)) {
            leaf.also = self.others(&leaf.text);
        }
    }

    /// Names of several words that were typed without quotes: their other spellings, each as a phrase.
    fn together(&self, items: &[(Need, Node)]) -> Vec<Leaf> {
        let plain = |(need, node): &(Need, Node)| match node {
            Node::Leaf(Leaf { field: None, form: Form::Word, text, .. }) if *need == Need::Ranks => {
                Some(text.clone())
            }
            _ => None,
        };
        let words: Vec<Option<String>> = items.iter().map(plain).collect();
        let mut found = Vec::new();
        for many in 2..=self.longest {
            let begins = |run: &&[Option<String>]| {
                run.first().into_iter().flatten().any(|first| self.first_words.contains(&key(first)))
            };
            for run in words.windows(many).filter(begins) {
                let typed: Option<Vec<&str>> = run.iter().map(Option::as_deref).collect();
                let others = typed.map(|typed| self.others(&typed.join(" "))).unwrap_or_default();
                let phrase = |text| Leaf { text, form: Form::Phrase(0), ..Leaf::default() };
                found.extend(others.into_iter().map(phrase));
            }
        }
        found
    }

    /// One line for each place in a query that is looked for in other spellings too.
    pub(super) fn told(node: &Node) -> Vec<String> {
        match node {
            Node::Leaf(leaf) if leaf.also.is_empty() => Vec::new(),
            Node::Leaf(leaf) => vec![format!("{} is also written {}", leaf.text, leaf.also.join(", "))],
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().flat_map(Self::told).collect(),
            Node::Sequence(items) => items.iter().flat_map(|(_, node)| Self::told(node)).collect(),
            Node::Not(_) | Node::Time(..) => Vec::new(),
        }
    }
}

/// The words of a spelling as the index cuts them.
fn key(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return text.to_ascii_lowercase();
    }
    let words: Vec<String> = Phrase::read(text).parts.into_iter().map(|(_, word)| word).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_table_is_known_and_in_one_row_only() {
        let rows = built_in();
        assert!(rows.len() > 12);
        let spellings = Spellings::built_in();
        assert_eq!(spellings.rows.len(), rows.len(), "a spelling stands in two rows");
        for row in rows {
            let different: std::collections::HashSet<String> = row.iter().map(|one| key(one)).collect();
            assert!(different.len() > 1, "{row:?}");
            for one in &row {
                assert_eq!(spellings.others(one).len(), different.len() - 1, "{one} of {row:?}");
            }
        }
    }

    #[test]
    fn a_user_adds_places_and_spellings() {
        let row = |row: &[&str]| row.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let spellings = Spellings::and(&[
            row(&["Rafah", "Rafa Crossing"]),
            row(&["Lwow", "Lviv"]),
            row(&["Zug", "Zoug"]),
        ]);
        assert!(spellings.others("rafiah").contains(&"Rafa Crossing".to_owned()));
        assert!(spellings.others("KIEV").contains(&"Kyiv".to_owned()));
        assert!(spellings.others("lwow").contains(&"Lvov".to_owned()));
        assert_eq!(spellings.others("zoug"), ["Zug"]);
        assert!(spellings.others("Omaha").is_empty());
    }
}
