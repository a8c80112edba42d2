//! Queries that stand: the same reading, the same matching as a search, asked of what is new in the index only.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use tantivy::columnar::Column;
use tantivy::query::EnableScoring;
use tantivy::{DocId, SegmentReader, TERMINATED};

use super::SearchError;
use super::compile::{For, Plan, compile};
use super::needs::Needs;
use super::query::{Clock, Node};
use super::reading::Reading;
use super::snippet::{Marker, Snippet};
use super::spelling::Spellings;
use crate::index::Index;
use crate::index::fields::{EDITORIAL, SEQ};
use crate::item::NewsItem;

/// A query that stands.
pub struct Standing {
    /// What was typed, where it names a time like `yesterday`, which is another one every day.
    relative: Option<String>,
    spellings: Arc<Spellings>,
    node: Option<Node>,
    /// Made when something is to be quoted.
    marker: OnceLock<Marker>,
}

/// The stories that came into the index after a place in the store's log.
pub struct Fresh {
    pub(super) reading: Arc<Reading>,
    /// Segments that hold any of them.
    pub(super) segments: Vec<Segment>,
    /// How many they are.
    pub(super) stories: usize,
}

/// The new stories of one segment.
pub(super) struct Segment {
    ord: u32,
    /// How many new stories the segments before it have.
    pub before: usize,
    /// Each with its place in the log, in the order of the index.
    pub stories: Vec<(DocId, u64)>,
}

impl Segment {
    /// Those of its stories that have one of these numbers; all of them without.
    fn stories_of(&self, numbers: Option<&[usize]>) -> Cow<'_, [(DocId, u64)]> {
        let Some(numbers) = numbers else { return Cow::Borrowed(&self.stories) };
        let here = |number: &usize| self.stories.get(number.checked_sub(self.before)?);
        Cow::Owned(numbers.iter().filter_map(here).copied().collect())
    }
}

impl Fresh {
    /// What `index` has taken since `after`; one look at each segment.
    ///
    /// # Errors
    /// [`SearchError::Index`] when the index cannot be read.
    pub fn of(index: &Index, after: u64) -> Result<Self, SearchError> {
        Self::which(index, after, &|_| true)
    }

    /// Those of `index` at these places in the log.
    ///
    /// # Errors
    /// [`SearchError::Index`] when the index cannot be read.
    pub fn at(index: &Index, places: &BTreeSet<u64>) -> Result<Self, SearchError> {
        let first = places.first().copied().unwrap_or(u64::MAX >> 1);
        Self::which(index, first.saturating_sub(1), &|place| places.contains(&place))
    }

    fn which(index: &Index, after: u64, wanted: &dyn Fn(u64) -> bool) -> Result<Self, SearchError> {
        let (reading, after) = (Reading::of(index), after.cast_signed());
        let (mut segments, mut before) = (Vec::new(), 0);
        for (ord, segment) in (0..).zip(reading.searcher.segment_readers()) {
            let seq = segment.fast_fields().i64(SEQ)?;
            if segment.num_docs() > 0 && seq.max_value() > after {
                let mut stories = stories_after(segment, &seq, after)?;
                stories.retain(|(_, place)| wanted(*place));
                let here = stories.len();
                segments.push(Segment { ord, before, stories });
                before += here;
            }
        }
        segments.retain(|segment| !segment.stories.is_empty());
        Ok(Self { reading, segments, stories: before })
    }

    /// The same in parts of at most so many stories.
    pub(super) fn parts(&self, most: usize) -> Vec<Self> {
        let of = |segment: &Segment| -> Vec<_> {
            segment.stories.iter().map(|story| (segment.ord, *story)).collect()
        };
        let stories: Vec<_> = self.segments.iter().flat_map(of).collect();
        stories.chunks(most).map(|part| self.part(part)).collect()
    }

    fn part(&self, stories: &[(u32, (DocId, u64))]) -> Self {
        let mut before = 0;
        let segments = stories.chunk_by(|(ord, _), (next, _)| ord == next).map(|stories| {
            let ord = stories.first().map_or(0, |(ord, _)| *ord);
            let segment = Segment { ord, before, stories: stories.iter().map(|(_, story)| *story).collect() };
            before += stories.len();
            segment
        });
        Self { segments: segments.collect(), stories: stories.len(), reading: Arc::clone(&self.reading) }
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    pub(super) fn reader(&self, segment: &Segment) -> &SegmentReader {
        self.reading.searcher.segment_reader(segment.ord)
    }
}

fn stories_after(
    segment: &SegmentReader,
    seq: &Column<i64>,
    after: i64,
) -> tantivy::Result<Vec<(DocId, u64)>> {
    let editorial: Option<Column<i64>> = segment.fast_fields().column_opt(EDITORIAL)?;
    let is_story = |doc: DocId| editorial.as_ref().and_then(|column| column.first(doc)).is_none();
    let place = |doc: DocId| seq.first(doc).filter(|seq| *seq > after).map(|seq| (doc, seq.cast_unsigned()));
    Ok(segment.doc_ids_alive().filter(|doc| is_story(*doc)).filter_map(place).collect())
}

impl Standing {
    /// Reads a query; `clock` says what `yesterday` is for now.
    #[must_use]
    pub fn new(text: &str, clock: &Clock, spellings: &Arc<Spellings>) -> Self {
        const LATER: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 50);
        let read = |clock: &Clock| spellings.read(text, clock);
        let node = read(clock);
        let later = || clock.now.checked_add(LATER).or_else(|_| clock.now.checked_sub(LATER));
        let is_another = |now| read(&Clock { now, ..clock.clone() }) != node;
        let relative = node.as_ref().is_some_and(names_a_time) && later().is_ok_and(is_another);
        let relative = relative.then(|| text.to_owned());
        Self { relative, spellings: Arc::clone(spellings), marker: OnceLock::new(), node }
    }

    /// True when every new story has to be asked, since no word of it can be looked up.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.needs() == Needs::Anything
    }

    pub(super) fn needs(&self) -> Needs {
        Needs::of(self.node.as_ref())
    }

    /// The places in the store's log of the new stories that match at the time of `clock`.
    ///
    /// # Errors
    /// [`SearchError::Index`] when the index cannot be read.
    pub fn matches(&self, fresh: &Fresh, clock: &Clock) -> Result<Vec<u64>, SearchError> {
        Ok(self.among(fresh, clock, None)?)
    }

    /// The same among the new stories of these numbers, which rise.
    pub(super) fn among(
        &self,
        fresh: &Fresh,
        clock: &Clock,
        numbers: Option<&[usize]>,
    ) -> tantivy::Result<Vec<u64>> {
        let now = self.relative.as_ref().map(|text| self.spellings.read(text, clock));
        let node = now.as_ref().unwrap_or(&self.node);
        let query = compile(node.as_ref(), Plan { purpose: For::Counting, reading: &fresh.reading }).query;
        let weight = query.weight(EnableScoring::disabled_from_searcher(&fresh.reading.searcher))?;
        let mut found = Vec::new();
        for segment in &fresh.segments {
            let stories = segment.stories_of(numbers);
            if stories.is_empty() {
                continue;
            }
            let mut matching = weight.scorer(fresh.reader(segment), 1.0)?;
            for (doc, seq) in stories.iter() {
                if matching.doc() < *doc {
                    matching.seek(*doc);
                }
                match matching.doc() {
                    TERMINATED => break,
                    at if at == *doc => found.push(*seq),
                    _ => {}
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn marker(&self) -> &Marker {
        self.marker.get_or_init(|| Marker::new(self.node.as_ref()))
    }

    /// The passages of a story that show why it matches each of these.
    #[must_use]
    pub fn passages(these: &[&Self], item: &NewsItem, width: usize) -> Vec<Snippet> {
        let markers: Vec<&Marker> = these.iter().map(|one| one.marker()).collect();
        Marker::snippets(&markers, item, width)
    }
}

/// True when a time of publishing is in it.
fn names_a_time(node: &Node) -> bool {
    match node {
        Node::Leaf(_) => false,
        Node::Time(..) => true,
        Node::Not(node) => names_a_time(node),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(names_a_time),
        Node::Sequence(items) => items.iter().any(|(_, node)| names_a_time(node)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::super::{Ask, Watch, search};
    use super::*;
    use crate::index::Settings;
    use crate::store::{DeliveryId, Revision, Seq, Sink};

    const WORDS: [&str; 16] = [
        "rafah",
        "gaza",
        "strip",
        "talks",
        "cease-fire",
        "ceasefire",
        "U.S.",
        "us",
        "highway",
        "Rafiah",
        "kiev",
        "Khan Younis",
        "Khan Yunis",
        "1",
        "101",
        "oil",
    ];

    fn clock() -> Clock {
        Clock { now: Timestamp::from_second(1_000).unwrap(), zone: TimeZone::UTC }
    }

    fn standing(text: &str) -> Standing {
        Standing::new(text, &clock(), &Spellings::built_in())
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
            language: (!id.is_multiple_of(3)).then(|| "en".into()),
            published: Timestamp::from_second(100).ok().map(Into::into),
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
            "+{}*",
            "({} {})",
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
            let fresh = Fresh::of(&index, 0).unwrap();
            let matched = standing(&query).matches(&fresh, &clock()).unwrap();
            for (few, at_once) in [(true, 100), (false, 100), (false, 1), (true, 2)] {
                let watch = Watch::new(vec![standing("oil"), standing(&query)]).looking_up(few, at_once);
                let watched = watch.matches(&fresh, &clock()).unwrap().into_iter().find(|(one, _)| *one == 1);
                prop_assert_eq!(&watched.map(|(_, seqs)| seqs).unwrap_or_default(), &matched, "{}", query);
            }
            let matched: Vec<String> = matched.iter().map(|seq| format!("s{}", seq - 1)).collect();
            prop_assert_eq!(matched, found, "{}", query);
        }
    }

    #[test]
    fn only_what_is_new_is_matched_and_only_open_queries_are_tried_on_everything() {
        let index = index_of(&[story(0, &[0]), story(1, &[0, 1]), story(2, &[12])]);
        let matches =
            |text: &str, after| standing(text).matches(&Fresh::of(&index, after).unwrap(), &clock()).unwrap();
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
            ("+raf* rafah", true),
            ("lang:en", false),
            ("since:24h rafah", false),
        ] {
            assert_eq!(standing(text).is_open(), open, "{text}");
        }
    }

    #[test]
    fn yesterday_is_another_day_tomorrow() {
        let index = index_of(&[story(0, &[0])]);
        let (fresh, topic) = (Fresh::of(&index, 0).unwrap(), standing("rafah on:today"));
        let on = |day: i64| Clock { now: Timestamp::from_second(100 + day * 86_400).unwrap(), ..clock() };
        assert_eq!(topic.matches(&fresh, &on(0)).unwrap(), [1]);
        assert_eq!(topic.matches(&fresh, &on(1)).unwrap(), [] as [u64; 0]);
        let early = Standing::new("rafah on:today", &on(-1), &Spellings::built_in());
        assert_eq!(early.matches(&fresh, &on(0)).unwrap(), [1], "read the day before");
    }
}
