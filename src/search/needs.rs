//! What a story must have to match a standing query: told from its words alone, before it is asked.

use tantivy::Term;

use super::compile::{is_text, values};
use super::query::{Form, Leaf, Need, Node};
use super::terms::{Phrase, Typed};
use crate::index::fields::{ALL, Cut, FIELDS, field};

/// Which words must be there. A story that has them need not match; one that has not does not.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Needs {
    /// This word.
    Word(Term),
    /// This word, or another form of it, or a word that stands for it.
    AnyForm(Term),
    /// All of these.
    All(Vec<Needs>),
    /// One of these.
    Any(Vec<Needs>),
    /// Nothing that can be looked up: `NOT x`, `oil*`.
    Anything,
}

impl Needs {
    /// What `node` needs.
    pub fn of(node: Option<&Node>) -> Self {
        node.and_then(needs).unwrap_or(Self::Anything)
    }
}

/// `None`: there is no word in it at all.
fn needs(node: &Node) -> Option<Needs> {
    match node {
        Node::Leaf(leaf) => of_leaf(leaf),
        Node::Sequence(items) => of_sequence(items),
        Node::All(nodes) => all(nodes.iter().filter_map(needs).collect()),
        Node::Any(nodes) => any(nodes.iter().filter_map(needs).collect()),
        Node::Not(_) | Node::Time(..) => Some(Needs::Anything),
    }
}

/// Words that only rank matter where nothing else that is read in the text must be there.
fn of_sequence(items: &[(Need, Node)]) -> Option<Needs> {
    let with = |wanted: Need| items.iter().filter(move |(need, _)| *need == wanted).map(|(_, node)| node);
    let mut must: Vec<Needs> = with(Need::Must).filter_map(needs).collect();
    if !with(Need::Must).any(is_text) {
        must.extend(any(with(Need::Ranks).filter_map(needs).collect()));
    }
    all(must)
}

fn all(mut parts: Vec<Needs>) -> Option<Needs> {
    if parts.is_empty() {
        return None;
    }
    parts.retain(|part| *part != Needs::Anything);
    Some(match parts.len() {
        0 => Needs::Anything,
        1 => parts.remove(0),
        _ => Needs::All(parts),
    })
}

fn any(mut parts: Vec<Needs>) -> Option<Needs> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ if parts.contains(&Needs::Anything) => Some(Needs::Anything),
        _ => Some(Needs::Any(parts)),
    }
}

fn of_leaf(leaf: &Leaf) -> Option<Needs> {
    let row = leaf.field.unwrap_or(ALL);
    let is_whole = FIELDS.get(row).is_some_and(|row| row.cut == Cut::Whole);
    if matches!(leaf.form, Form::Prefix | Form::Nearly(_)) || (is_whole && leaf.text.contains("..")) {
        return Some(Needs::Anything);
    }
    if is_whole {
        return any(values(row, &leaf.text).map(Needs::Word).collect());
    }
    let also = Typed::also(leaf);
    let also = also.iter().filter_map(|also| of_word(also, row, false));
    let plain = leaf.form == Form::Word && leaf.field.is_none();
    let words = if plain { Phrase::words(&leaf.text) } else { vec![Phrase::read(&leaf.text)] };
    any(words.iter().filter_map(|word| of_word(word, row, plain)).chain(also).collect())
}

fn of_word(word: &Phrase, row: usize, plain: bool) -> Option<Needs> {
    let in_order = |spelling: Vec<_>| all(spelling.into_iter().map(|(_, term)| Needs::Word(term)).collect());
    match word.single().filter(|_| plain && word.solid.is_none()) {
        Some(single) => Some(Needs::AnyForm(Term::from_field_text(field(row), single))),
        None => any(word.spellings(field(row)).filter_map(in_order).collect()),
    }
}
