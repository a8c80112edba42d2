//! From the reader's tree to Tantivy's queries.
//!
//! Built by hand and not by Tantivy's parser, which makes a phrase of every word that is cut in two.
//! Words are looked for in the whole text; words side by side add phrases to that, which only rank.

use std::ops::Bound;

use jiff::Timestamp;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery,
    Occur, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;

use super::initials::initials;
use super::query::{Form, Leaf, Need, Node};
use super::reading::Reading;
use super::spelling::NOT_TYPED;
use super::terms::{Phrase, Typed};
use super::within::BESIDE;
use crate::index::fields::{ALL, Cut, FIELDS, PUBLISHED, field, number};

type Clause = (Occur, Box<dyn Query>);

/// What the query is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// To put stories in order.
    Ranking,
    /// To tell which stories match: nothing that only changes the order is in it.
    Counting,
}

/// How a query is built.
#[derive(Clone, Copy)]
pub(super) struct Plan<'p> {
    /// What for.
    pub purpose: For,
    /// Knows the other forms of its words.
    pub reading: &'p Reading,
}

/// A query, and whether its scores say anything.
pub(super) struct Compiled {
    pub query: Box<dyn Query>,
    pub ranks: bool,
}

/// Builds the query for what was typed; nothing typed is every story.
pub(super) fn compile(node: Option<&Node>, plan: Plan<'_>) -> Compiled {
    let Some(node) = node else { return Compiled { query: Box::new(AllQuery), ranks: false } };
    match built(node, plan) {
        Some(clauses) => Compiled { query: boolean(clauses), ranks: ranks(node) },
        None => Compiled { query: Box::new(EmptyQuery), ranks: false },
    }
}

/// True when some word in it that must not be missing ranks stories.
fn ranks(node: &Node) -> bool {
    match node {
        Node::Leaf(leaf) => leaf.field.is_none_or(|row| FIELDS[row].cut == Cut::Words),
        Node::Sequence(items) => items.iter().any(|(need, node)| *need != Need::MustNot && ranks(node)),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(ranks),
        Node::Not(_) | Node::Time(..) => false,
    }
}

/// The clauses of a node; `None` when there is no word in it. Shoulds alone mean: at least one of them.
fn built(node: &Node, plan: Plan<'_>) -> Option<Vec<Clause>> {
    let clauses = match node {
        Node::Leaf(leaf) if is_plain(Need::Ranks, node) => words(&Typed::words(leaf), plan),
        Node::Leaf(leaf) => clause_of(leaf).into_iter().collect(),
        Node::Sequence(items) => sequence(items, plan),
        Node::Any(nodes) => nodes.iter().filter_map(|node| built(node, plan)).flat_map(as_choice).collect(),
        Node::All(nodes) => all(nodes, plan),
        Node::Not(node) => vec![(Occur::MustNot, boolean(built(node, plan)?))],
        Node::Time(from, to) => vec![(Occur::Must, published(*from, *to))],
    };
    (!clauses.is_empty()).then_some(clauses)
}

/// A node's clauses as choices beside others.
fn as_choice(clauses: Vec<Clause>) -> Vec<Clause> {
    if clauses.iter().all(|(occur, _)| *occur == Occur::Should) {
        return clauses;
    }
    vec![(Occur::Should, boolean(clauses))]
}

fn all(nodes: &[Node], plan: Plan<'_>) -> Vec<Clause> {
    let parts = nodes.iter().filter_map(|node| built(node, plan));
    parts.flat_map(as_demand).collect()
}

/// A node's clauses as demands beside others.
fn as_demand(clauses: Vec<Clause>) -> Vec<Clause> {
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        return clauses;
    }
    vec![(Occur::Must, boolean(clauses))]
}

/// One query of clauses. Where all of them leave stories out, they are left out of all stories.
fn boolean(mut clauses: Vec<Clause>) -> Box<dyn Query> {
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, silent(Box::new(AllQuery))));
    }
    match clauses.pop() {
        Some((Occur::Should | Occur::Must, only)) if clauses.is_empty() => only,
        last => {
            clauses.extend(last);
            Box::new(BooleanQuery::new(clauses))
        }
    }
}

/// Matches, and adds nothing to the score.
fn silent(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// Words rank, and at least one of them must be there, unless something else that is read in the text must be.
fn sequence(items: &[(Need, Node)], plan: Plan<'_>) -> Vec<Clause> {
    let mut wishes = Vec::new();
    let mut clauses = Vec::new();
    let mut text_demanded = false;
    for run in items.chunk_by(|(a, x), (b, y)| is_plain(*a, x) && is_plain(*b, y)) {
        match run {
            [(need, node)] if !is_plain(*need, node) => {
                let Some(built) = built(node, plan) else { continue };
                match need {
                    Need::Ranks => wishes.extend(as_choice(built)),
                    Need::Must => clauses.extend(as_demand(built)),
                    Need::MustNot => clauses.push((Occur::MustNot, boolean(built))),
                }
                text_demanded |= *need == Need::Must && is_text(node);
            }
            plain => wishes
                .extend(words(&plain.iter().flat_map(|(_, node)| typed(node)).collect::<Vec<_>>(), plan)),
        }
    }
    match (wishes.is_empty(), clauses.is_empty(), text_demanded) {
        (true, ..) => {}
        (false, false, false) => clauses.push((Occur::Must, boolean(wishes))),
        (false, true, _) => clauses = wishes,
        (false, false, true) if plan.purpose == For::Ranking => clauses.extend(wishes),
        (false, false, true) => {}
    }
    clauses
}

pub(super) fn is_plain(need: Need, node: &Node) -> bool {
    need == Need::Ranks && matches!(node, Node::Leaf(Leaf { field: None, form: Form::Word, .. }))
}

/// True when it is about the story and not about where the story came from.
pub(super) fn is_text(node: &Node) -> bool {
    match node {
        Node::Leaf(leaf) => leaf.field.is_none(),
        Node::Sequence(items) => items.iter().any(|(need, node)| *need != Need::MustNot && is_text(node)),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(is_text),
        Node::Not(_) | Node::Time(..) => false,
    }
}

/// The words of a leaf.
fn typed(node: &Node) -> Vec<Typed> {
    match node {
        Node::Leaf(leaf) => Typed::words(leaf),
        _ => Vec::new(),
    }
}

/// Words typed one after the other: each ranks, and so does their standing together, all of them and each two.
fn words(words: &[Typed], plan: Plan<'_>) -> Vec<Clause> {
    let binds = says_something(words);
    let alone = words.iter().filter(|typed| !(binds && typed.word.is_small_number()));
    let mut clauses: Vec<Clause> = alone.filter_map(|typed| wish(in_any_form(typed, plan))).collect();
    if plan.purpose == For::Ranking && words.len() > 1 {
        clauses.extend(together(words));
    }
    if plan.purpose == For::Ranking && words.len() > 2 {
        clauses.extend(words.windows(2).filter(|two| !binds || says_something(two)).filter_map(together));
        clauses = with_initials(clauses, words, plan.reading);
    }
    clauses
}

/// The clauses for a name, and the initials that stand for it in most stories.
fn with_initials(clauses: Vec<Clause>, words: &[Typed], reading: &Reading) -> Vec<Clause> {
    let short = initials(words, reading).unwrap_or_default().into_iter();
    let short: Vec<Clause> = short.filter_map(|term| wish(Some(word(term)))).collect();
    if short.is_empty() {
        return clauses;
    }
    let named = (Occur::Must, boolean(clauses));
    vec![(Occur::Should, boolean(std::iter::once(named).chain(short).collect()))]
}

fn word(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

/// Not small numbers alone, which match nothing beside other words.
pub(super) fn says_something(words: &[Typed]) -> bool {
    words.iter().any(|typed| !typed.word.is_small_number())
}

/// What another form of a word counts beside the word itself.
pub(super) const OTHER_FORM: f32 = 0.5;

/// A word as it was typed, or in another form or spelling, which counts less.
fn in_any_form(typed: &Typed, plan: Plan<'_>) -> Option<Box<dyn Query>> {
    let exact = within(&typed.word, ALL)?;
    let single = typed.word.single().map(|single| Term::from_field_text(field(ALL), single));
    let forms = single.and_then(|term| plan.reading.forms(&term).ok());
    let forms = forms.iter().flat_map(|forms| forms.iter());
    let forms = forms.map(|form| less(word(form.clone()), OTHER_FORM));
    let also = typed.also.iter().filter_map(|also| within(also, ALL)).map(|also| less(also, NOT_TYPED));
    Some(best_of(exact, forms.chain(also).collect()))
}

fn less(query: Box<dyn Query>, counts: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, counts))
}

/// What counts most of these.
fn best_of(first: Box<dyn Query>, others: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if others.is_empty() {
        return first;
    }
    Box::new(DisjunctionMaxQuery::new(std::iter::once(first).chain(others).collect()))
}

/// What it adds that words stand side by side: as much as one word would that is as rare as all of them. That they stand
/// merely near each other adds nothing: measured on judged newswire, it only costs.
fn together(words: &[Typed]) -> Option<Clause> {
    let phrase = words.iter().map(|typed| typed.word.clone()).reduce(|head, next| head.followed_by(&next))?;
    wish(within(&phrase, ALL))
}

fn wish(query: Option<Box<dyn Query>>) -> Option<Clause> {
    query.map(|query| (Occur::Should, query))
}

/// A leaf: in its field, or in the whole text.
fn clause_of(leaf: &Leaf) -> Option<Clause> {
    let row = leaf.field.unwrap_or(ALL);
    let phrase = || Phrase::read(&leaf.text);
    let slop = if let Form::Phrase(slop) = leaf.form { slop } else { 0 };
    wish(match FIELDS[row].cut {
        _ if leaf.form == Form::Prefix => Some(silent(beginning_with(row, &leaf.text)?)),
        Cut::Words | Cut::Names if let Form::Nearly(letters) = leaf.form => nearly(&phrase(), row, letters),
        Cut::Words => spelt_anyhow(leaf, row, slop),
        Cut::Names => spelt_anyhow(leaf, row, slop).map(silent),
        Cut::Whole => Some(silent(range(row, &leaf.text).unwrap_or_else(|| whole(row, &leaf.text)))),
    })
}

/// A leaf in one field, in any of its spellings.
fn spelt_anyhow(leaf: &Leaf, row: usize, slop: u32) -> Option<Box<dyn Query>> {
    let typed = spread(&Phrase::read(&leaf.text), row, slop)?;
    let also = Typed::also(leaf).into_iter().filter_map(|also| spread(&also, row, slop));
    Some(best_of(typed, also.map(|also| less(also, NOT_TYPED)).collect()))
}

/// Published from one instant until another; it adds nothing to the score.
pub(super) fn published(from: Option<Timestamp>, until: Option<Timestamp>) -> Box<dyn Query> {
    let term = |time: Timestamp| Term::from_field_i64(number(PUBLISHED), time.as_second());
    let from = from.map_or(Bound::Unbounded, |from| Bound::Included(term(from)));
    let until = until.map_or(Bound::Unbounded, |until| Bound::Excluded(term(until)));
    silent(Box::new(RangeQuery::new(from, until)))
}

/// Any word that begins so; of several words typed together the last, behind the others.
fn beginning_with(row: usize, text: &str) -> Option<Box<dyn Query>> {
    let stem = match FIELDS[row].cut {
        Cut::Whole => text.trim().to_lowercase(),
        Cut::Words | Cut::Names => Phrase::read(text).parts.pop()?.1,
    };
    let term = Term::from_field_text(field(row), &stem);
    Some(Box::new(FuzzyTermQuery::new_prefix(term, 0, false)))
}

/// The word itself counts as it does, and one that differs by so many letters a little.
fn nearly(phrase: &Phrase, row: usize, letters: u8) -> Option<Box<dyn Query>> {
    let Some(word) = phrase.single() else { return within(phrase, row) };
    let term = Term::from_field_text(field(row), word);
    let near: Box<dyn Query> = Box::new(FuzzyTermQuery::new(term, letters, true));
    let exact = within(phrase, row).map(|exact| (Occur::Should, exact));
    Some(boolean(exact.into_iter().chain([(Occur::Should, near)]).collect()))
}

/// `1..3`: whole values from one to the other, both among them, in the order of their letters.
fn range(row: usize, text: &str) -> Option<Box<dyn Query>> {
    let (from, to) = text.split_once("..").filter(|(from, to)| !from.is_empty() && !to.is_empty())?;
    let bound = |value: &str| Bound::Included(Term::from_field_text(field(row), &value.to_lowercase()));
    Some(Box::new(RangeQuery::new(bound(from), bound(to))))
}

/// A whole value, or one of several.
fn whole(row: usize, text: &str) -> Box<dyn Query> {
    let mut terms: Vec<Term> = values(row, text).collect();
    match terms.len() {
        1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
        _ => Box::new(TermSetQuery::new(terms)),
    }
}

/// The values asked for in a field of whole values.
pub(super) fn values(row: usize, text: &str) -> impl Iterator<Item = Term> {
    text.split(BESIDE).map(move |value| Term::from_field_text(field(row), &value.trim().to_lowercase()))
}

/// A phrase, or a word, in one field, in any of its spellings; `None` when it has no words.
pub(super) fn within(phrase: &Phrase, row: usize) -> Option<Box<dyn Query>> {
    spread(phrase, row, 0)
}

/// The same with at most so many other words between its own.
fn spread(phrase: &Phrase, row: usize, slop: u32) -> Option<Box<dyn Query>> {
    let spellings = phrase.spellings(field(row)).map(|terms| spelt(terms, slop));
    let mut spellings: Vec<Box<dyn Query>> = spellings.collect();
    match spellings.len() {
        0 | 1 => spellings.pop(),
        _ => Some(Box::new(DisjunctionMaxQuery::new(spellings))),
    }
}

fn spelt(mut terms: Vec<(usize, Term)>, slop: u32) -> Box<dyn Query> {
    match terms.pop() {
        Some((_, term)) if terms.is_empty() => word(term),
        last => {
            terms.extend(last);
            // Tantivy counts the slop of three and more words otherwise when it scores than when it only matches: what
            // is found must not depend on that
            let differs = slop > 0 && terms.len() > 2;
            let phrase = Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop));
            if differs {
                let found = Box::new(ConstScoreQuery::new(phrase.clone(), 0.0));
                return Box::new(BooleanQuery::new(vec![(Occur::Must, found), (Occur::Should, phrase)]));
            }
            phrase
        }
    }
}
