//! Queries that stand: the same reading, the same matching as a search, asked of what is new in the index only.
//!
//! A standing query is asked first for the words of which a match must have one; where no new story has any of them, that
//! is all it costs. What is left is matched by the index itself, so that a topic finds exactly what a search finds.

use tantivy::columnar::Column;
use tantivy::query::EnableScoring;
use tantivy::{DocId, Searcher, SegmentReader, Term};

use super::SearchError;
use super::compile::{For, Plan, compile};
use super::query::{self, Clock, Form, Leaf, Need, Node};
use super::snippet::{Marker, Snippet};
use super::stem::Forms;
use super::terms::Phrase;
use crate::index::Index;
use crate::index::fields::{ALL, Cut, EDITORIAL, FIELDS, SEQ, field};
use crate::item::NewsItem;

/// A query that stands.
pub struct Standing {
    node: Option<Node>,
    needs: Needs,
    marker: Marker,
}

/// What a story must have to match.
#[derive(Debug, Clone, PartialEq)]
enum Needs {
    /// One of these words.
    OneOf(Vec<Term>),
    /// Nothing that can be looked up: `NOT x`, `oil*`.
    Anything,
}

/// The stories that came into the index after a place in the store's log.
pub struct Fresh {
    searcher: Searcher,
    /// Segments that hold any of them, with the place of each story.
    segments: Vec<(usize, Column<i64>)>,
    after: i64,
}

impl Fresh {
    /// What `index` has taken since `after`; one look at each segment.
    ///
    /// # Errors
    /// [`SearchError::Index`] when the index cannot be read.
    pub fn of(index: &Index, after: u64) -> Result<Self, SearchError> {
        let (searcher, after) = (index.searcher(), after.cast_signed());
        let mut segments = Vec::new();
        for (ord, segment) in searcher.segment_readers().iter().enumerate() {
            let seq = segment.fast_fields().i64(SEQ)?;
            if segment.num_docs() > 0 && seq.max_value() > after {
                segments.push((ord, seq));
            }
        }
        Ok(Self { searcher, segments, after })
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    fn readers(&self) -> impl Iterator<Item = (&SegmentReader, &Column<i64>)> {
        let all = self.searcher.segment_readers();
        self.segments.iter().filter_map(|(ord, seq)| Some((all.get(*ord)?, seq)))
    }

    fn forms(&self) -> tantivy::Result<Forms<'_>> {
        Forms::of(&self.searcher)
    }

    /// One of these words, or of their other forms.
    fn has_any(&self, terms: &[Term]) -> tantivy::Result<bool> {
        let forms = self.forms()?;
        for term in terms {
            let value = term.value();
            let word = value.as_str().unwrap_or_default();
            if self.has_one(std::slice::from_ref(term))? || self.has_one(&forms.other(word, term.field())?)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_one(&self, terms: &[Term]) -> tantivy::Result<bool> {
        for (segment, _) in self.readers() {
            for term in terms {
                if segment.inverted_index(term.field())?.doc_freq(term)? > 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl Standing {
    /// Reads a query; `clock` says what `yesterday` is.
    #[must_use]
    pub fn new(text: &str, clock: &Clock) -> Self {
        let node = query::parse(text, clock);
        let needs = node.as_ref().map_or(Needs::Anything, needs);
        Self { needs, marker: Marker::new(node.as_ref()), node }
    }

    /// True when every new story has to be asked, since no word of it can be looked up.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.needs == Needs::Anything
    }

    /// The places in the store's log of the new stories that match.
    ///
    /// # Errors
    /// [`SearchError::Index`] when the index cannot be read.
    pub fn matches(&self, fresh: &Fresh) -> Result<Vec<u64>, SearchError> {
        match &self.needs {
            Needs::OneOf(terms) if !fresh.has_any(terms)? => Ok(Vec::new()),
            _ => Ok(self.among(fresh)?),
        }
    }

    fn among(&self, fresh: &Fresh) -> tantivy::Result<Vec<u64>> {
        let plan = Plan { purpose: For::Counting, forms: &fresh.forms()? };
        let query = compile(self.node.as_ref(), plan).query;
        let weight = query.weight(EnableScoring::disabled_from_searcher(&fresh.searcher))?;
        let mut found = Vec::new();
        for (segment, seq) in fresh.readers() {
            let editorial: Option<Column<i64>> = segment.fast_fields().column_opt(EDITORIAL)?;
            let is_story = |doc: DocId| editorial.as_ref().and_then(|column| column.first(doc)).is_none();
            weight.for_each_no_score(segment, &mut |docs| {
                let alive = docs.iter().filter(|doc| !segment.is_deleted(**doc) && is_story(**doc));
                found.extend(alive.filter_map(|doc| seq.first(*doc)).filter(|seq| *seq > fresh.after));
            })?;
        }
        found.sort_unstable();
        Ok(found.into_iter().map(i64::cast_unsigned).collect())
    }

    /// The passage of a story that shows why it matches.
    #[must_use]
    pub fn passage(&self, item: &NewsItem, width: usize) -> Snippet {
        self.marker.snippet(item, width)
    }
}

/// The words of which a story must have one to match `node`.
fn needs(node: &Node) -> Needs {
    match node {
        Node::Leaf(leaf) => of_leaf(leaf),
        Node::Sequence(items) => {
            let must = items.iter().filter(|(need, _)| *need == Need::Must).map(|(_, node)| needs(node));
            let wishes =
                || items.iter().filter(|(need, _)| *need == Need::Ranks).map(|(_, node)| needs(node));
            match fewest(must) {
                Needs::Anything if items.iter().all(|(need, _)| *need == Need::Must) => Needs::Anything,
                Needs::Anything => either(wishes()),
                found => found,
            }
        }
        Node::All(nodes) => fewest(nodes.iter().map(needs)),
        Node::Any(nodes) => either(nodes.iter().map(needs)),
        Node::Not(_) | Node::Time(..) => Needs::Anything,
    }
}

/// All of them must match: the one that is quickest to look up will do.
fn fewest(all: impl Iterator<Item = Needs>) -> Needs {
    let closed = all.filter_map(|needs| match needs {
        Needs::OneOf(terms) => Some(terms),
        Needs::Anything => None,
    });
    closed.min_by_key(Vec::len).map_or(Needs::Anything, Needs::OneOf)
}

/// Any of them may match.
fn either(any: impl Iterator<Item = Needs>) -> Needs {
    let mut terms = Vec::new();
    for needs in any {
        match needs {
            Needs::OneOf(more) => terms.extend(more),
            Needs::Anything => return Needs::Anything,
        }
    }
    if terms.is_empty() { Needs::Anything } else { Needs::OneOf(terms) }
}

fn of_leaf(leaf: &Leaf) -> Needs {
    let row = leaf.field.unwrap_or(ALL);
    if matches!(leaf.form, Form::Prefix | Form::Nearly(_)) || FIELDS[row].cut == Cut::Whole {
        return Needs::Anything;
    }
    let words =
        if leaf.form == Form::Word { Phrase::words(&leaf.text) } else { vec![Phrase::read(&leaf.text)] };
    // each spelling of each word is told by its first part
    let first = |mut spelling: Vec<(usize, Term)>| (!spelling.is_empty()).then(|| spelling.remove(0).1);
    let terms =
        words.iter().flat_map(|word| word.spellings(field(row)).filter_map(first).collect::<Vec<_>>());
    either(std::iter::once(Needs::OneOf(terms.collect())))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::super::{Ask, search};
    use super::*;
    use crate::index::Settings;
    use crate::store::{DeliveryId, Revision, Seq, Sink};

    const WORDS: [&str; 12] = [
        "rafah",
        "gaza",
        "strip",
        "talks",
        "cease-fire",
        "ceasefire",
        "U.S.",
        "us",
        "highway",
        "1",
        "101",
        "oil",
    ];

    fn clock() -> Clock {
        Clock { now: Timestamp::from_second(1_000).unwrap(), zone: TimeZone::UTC }
    }

    fn index_of(stories: &[NewsItem]) -> Index {
        let mut index = Index::in_memory(Settings::default()).unwrap();
        for (at, item) in stories.iter().enumerate() {
            let seq = Seq(at as u64 + 1);
            index
                .take(&Revision { seq, item: item.clone(), current: true, delivery: DeliveryId(1) })
                .unwrap();
        }
        index.commit(Seq(stories.len() as u64)).unwrap();
        index
    }

    fn story(id: usize, words: &[usize]) -> NewsItem {
        let text = |words: &[usize]| words.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" ");
        NewsItem {
            id: format!("s{id}"),
            headline: Some(text(&words[..words.len().min(3)])),
            body_text: Some(text(words)),
            language: Some("en".into()),
            published: Timestamp::from_second(100).ok(),
            ..NewsItem::default()
        }
    }

    fn query() -> impl Strategy<Value = String> {
        let forms = [
            "{}",
            "\"{} {}\"",
            "-{}",
            "+{}",
            "headline:{}",
            "({} OR {})",
            "{} AND {}",
            "lang:en",
            "NOT {}",
            "{}*",
            "{}~",
            "\"{} {}\"~2",
        ];
        let part = (0..forms.len(), 0..WORDS.len(), 0..WORDS.len());
        prop::collection::vec(part, 1..4).prop_map(move |parts| {
            let part = |(form, a, b): (usize, usize, usize)| {
                forms[form].replacen("{}", WORDS[a], 1).replacen("{}", WORDS[b], 1)
            };
            parts.into_iter().map(part).collect::<Vec<_>>().join(" ")
        })
    }

    proptest! {
        #[test]
        fn a_topic_finds_what_a_search_finds(
            stories in prop::collection::vec(prop::collection::vec(0..WORDS.len(), 1..8), 1..6),
            query in query(),
        ) {
            let stories: Vec<_> = stories.iter().enumerate().map(|(id, words)| story(id, words)).collect();
            let index = index_of(&stories);
            let load = |seq: u64| Ok(stories.get(usize::try_from(seq - 1).unwrap()).cloned());
            let ask = Ask { limit: 100, ..Ask::new(query.clone(), clock().now) };
            let mut found: Vec<String> = search(&index, &load, &ask).unwrap().hits.into_iter().map(|hit| hit.item.id).collect();
            found.sort();
            let standing = Standing::new(&query, &clock());
            let matched = standing.matches(&Fresh::of(&index, 0).unwrap()).unwrap();
            let matched: Vec<String> = matched.iter().map(|seq| format!("s{}", seq - 1)).collect();
            prop_assert_eq!(matched, found, "{}", query);
        }
    }

    #[test]
    fn only_what_is_new_is_matched_and_only_open_queries_are_tried_on_everything() {
        let index = index_of(&[story(0, &[0]), story(1, &[0, 1]), story(2, &[8])]);
        let standing = |text: &str| Standing::new(text, &clock());
        let matches = |text: &str, after| standing(text).matches(&Fresh::of(&index, after).unwrap()).unwrap();
        assert_eq!(
            (matches("rafah", 0), matches("rafah", 1), matches("rafah", 2)),
            (vec![1, 2], vec![2], vec![])
        );
        assert!(Fresh::of(&index, 3).unwrap().is_empty());
        for (text, open) in [
            ("rafah", false),
            ("\"rafah strip\" -oil", false),
            ("NOT rafah", true),
            ("raf*", true),
            ("lang:en rafah", false),
            ("a OR NOT b", true),
        ] {
            assert_eq!(standing(text).is_open(), open, "{text}");
        }
    }
}
