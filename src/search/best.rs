//! The best stories for plain words, found without scoring all that match.
//!
//! The sum is the one of the queries in [`compile`](super::compile): BM25 of each word over the whole text, or of another form
//! of it that counts more there, and BM25 of words side by side. Words are read a sheet of stories at a time. As soon as
//! there are as many stories as were asked for, the last of them is a bar: what cannot come over it with all its words
//! side by side is left, and a word so common that it lifts nobody over the bar alone is only looked up for the others.
//! Positions are read last, for the few stories that they could still lift.

mod bonds;
mod list;
mod sheet;
mod top;

use std::ops::Range;
use std::sync::{Arc, Mutex};

use tantivy::query::Bm25StatisticsProvider;
use tantivy::{DocId, SegmentOrdinal, Term};

use super::ask::Ask;
use super::bm25::{self, norm_of};
use super::facts::Found;
use super::reading::{Held, Reading, Segment};
use super::wish::{Wish, seconds};
use list::List;
use top::Top;

/// What is asked for, weighed.
struct Scale {
    words: Vec<Weighed>,
    bonds: Vec<Bond>,
    all: bool,
    /// The words that a story must have one of, as bits.
    find: u32,
}

/// A word: a story that has nothing but this word again and again has at most `most`.
struct Weighed {
    /// Where it is, and where what stands for it is, each with the most that it counts.
    forms: Vec<(Arc<Held>, f32)>,
    /// The most for the word itself.
    itself: f32,
    /// One divided by that.
    one: f32,
    /// The most in any form; 0 for a word that counts only beside others.
    most: f32,
}

/// Words that count more side by side.
struct Bond {
    words: Range<usize>,
    /// The same as bits.
    bits: u32,
    most: f32,
}

/// A story in which words may stand side by side.
struct Open {
    segment: SegmentOrdinal,
    doc: DocId,
    /// What its words count alone.
    score: f32,
    /// What they count at most.
    at_most: f32,
}

/// The first `wanted` stories that may be shown, best first.
pub(super) fn best(reading: &Reading, wish: &Wish, ask: &Ask, wanted: usize) -> tantivy::Result<Vec<Found>> {
    let scale = Scale::of(reading, wish)?;
    let mut times = wish.times.clone();
    times.push(seconds(ask.since, ask.until));
    let mut top = Top::new(reading.facts()?, ask, times, wanted);
    let question = Question { segments: reading.segments()?, paper: &reading.paper, scale: &scale };
    let mut open = Vec::new();
    for (ord, segment) in question.segments.iter().enumerate() {
        let mut lists = scale.lists(ord, segment, top.bar())?;
        if lists.is_empty() {
            continue;
        }
        let is_long = lists.iter().any(|list| list.len() > LONG);
        let shortest = if is_long { segment.shortest() } else { 0 };
        let place = Place { segment, ord: ord as SegmentOrdinal, shortest: norm_of(shortest) };
        match scale.words.len() {
            1 => {
                let many = lists.len() > 1;
                lists.iter_mut().for_each(|list| list.best(place, many, &mut top));
            }
            _ => sheet::scan(question, lists, place, &mut top, &mut open)?,
        }
    }
    bonds::settle(question, &mut open, &mut top)?;
    Ok(top.in_order())
}

/// Where a word has more stories than this, it is worth knowing how long the shortest story is.
const LONG: u32 = 16_384;

/// What is asked, of what.
#[derive(Clone, Copy)]
struct Question<'q> {
    segments: &'q [Segment],
    paper: &'q Mutex<Vec<u16>>,
    scale: &'q Scale,
}

/// The segment that is looked at.
#[derive(Clone, Copy)]
struct Place<'p> {
    segment: &'p Segment,
    ord: SegmentOrdinal,
    /// The least that length holds a word back here.
    shortest: f32,
}

impl Scale {
    fn of(reading: &Reading, wish: &Wish) -> tantivy::Result<Self> {
        let (mut words, all) = (Vec::new(), reading.total_num_docs()?);
        for word in &wish.words {
            let weighed = |term: &Term, counts: f32| {
                let held = reading.word(term)?;
                let most = counts * bm25::weight(all, held.stories);
                tantivy::Result::Ok((held, most))
            };
            let others = word.others.iter().map(|(term, counts)| weighed(term, *counts));
            let forms: Vec<_> =
                std::iter::once(weighed(&word.term, 1.0)).chain(others).collect::<Result<_, _>>()?;
            let itself = forms.first().map_or(0.0, |form| form.1);
            let most = if word.counts { forms.iter().map(|form| form.1).fold(0.0, f32::max) } else { 0.0 };
            words.push(Weighed { forms, itself, one: itself.recip(), most });
        }
        let bond = |range: &Range<usize>| Bond {
            words: range.clone(),
            bits: range.clone().map(|word| 1 << word).sum(),
            most: words.get(range.clone()).into_iter().flatten().map(|word| word.itself).sum(),
        };
        let find = wish.words.iter().enumerate().filter(|(_, word)| word.finds).map(|(at, _)| 1 << at).sum();
        Ok(Self { bonds: wish.bonds.iter().map(bond).collect(), words, all: wish.all, find })
    }

    /// Where the words that count are in a segment; a single word only if it could come over `bar` there.
    fn lists(&self, ord: usize, segment: &Segment, bar: f32) -> tantivy::Result<Vec<List>> {
        let mut lists = Vec::new();
        for (at, word) in self.words.iter().enumerate().filter(|(_, word)| word.most > 0.0) {
            for (held, most) in &word.forms {
                let peaks = held.peaks(ord, segment)?;
                let here = most * peaks.as_ref().map_or(1.0, |peaks| peaks.greatest());
                if self.words.len() > 1 || here >= bar {
                    lists.extend(List::open(segment, ord, held, at, *most, peaks)?);
                }
            }
        }
        Ok(lists)
    }
}

impl Place<'_> {
    fn norm(&self, doc: DocId) -> f32 {
        norm_of(self.segment.norms.fieldnorm_id(doc))
    }

    fn is_deleted(&self, doc: DocId) -> bool {
        self.segment.reader.alive_bitset().is_some_and(|alive| alive.is_deleted(doc))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::super::find::{by_query, find};
    use super::super::query::{Clock, parse};
    use super::*;
    use crate::index::{Index, Settings};
    use crate::item::NewsItem;
    use crate::search::Sort;
    use crate::store::{DeliveryId, Revision, Seq, Sink};

    const WORDS: [&str; 10] =
        ["the", "port", "ports", "strike", "strikes", "highway", "1", "101", "rafah", "crossing"];

    /// Some hundred stories in several segments, some of them superseded, some held, some for editors.
    fn index_of(texts: &[Vec<usize>]) -> Index {
        let mut index = Index::in_memory(Settings::default()).unwrap();
        let at = |second: usize| Timestamp::from_second(second as i64).ok();
        for (n, words) in texts.iter().enumerate() {
            let text = |words: &[usize]| {
                words.iter().map(|word| WORDS[(word * word) % WORDS.len()]).collect::<Vec<_>>().join(" ")
            };
            // some explain the initials of a name, some have nothing else of it
            let (headline, body) = match n {
                _ if n % 40 == 0 => (text(&words[..1]), text(words) + " Port Strike of Rafah (PSR)"),
                _ if n % 23 == 0 => ("PSR".into(), "PSR says no".into()),
                _ => (text(&words[..words.len().min(3)]), text(words)),
            };
            let item = NewsItem {
                id: format!("s{}", n % (texts.len() * 9 / 10).max(1)),
                headline: Some(headline),
                body_text: Some(body),
                language: Some("en".into()),
                published: at(n / 3).map(Into::into),
                expires: at(50).filter(|_| n % 17 == 0),
                signals: if n % 19 == 0 { vec!["daybook".into()] } else { Vec::new() },
                ..NewsItem::default()
            };
            let seq = Seq(n as u64 + 1);
            index.take(&Revision { seq, item, current: true, delivery: DeliveryId(1) }).unwrap();
            if n % 200 == 199 {
                index.commit(seq).unwrap();
            }
        }
        index.commit(Seq(texts.len() as u64)).unwrap();
        index
    }

    fn texts() -> impl Strategy<Value = Vec<Vec<usize>>> {
        prop::collection::vec(prop::collection::vec(0..100_usize, 1..20), 1..700)
    }

    fn query() -> impl Strategy<Value = String> {
        let words = || prop::collection::vec(0..WORDS.len(), 1..5);
        let joined =
            |words: Vec<usize>, by: &str| words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(by);
        prop_oneof![
            words().prop_map(move |words| joined(words, " ")),
            words().prop_map(move |words| joined(words, " AND ")),
            words().prop_map(move |words| format!("\"{}\"", joined(words, " "))),
            words().prop_map(move |words| format!("{} since:1970-01-01T00:00:30Z", joined(words, " "))),
            words().prop_map(move |words| format!("({}) OR headline:port", joined(words, " OR "))),
            // small numbers, which say nothing by themselves
            Just("101 1 port".to_owned()),
            // a name, and what its initials count
            Just("port strike of rafah".to_owned()),
            Just("port strike of rafah since:1970-01-01T00:00:30Z".to_owned()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
        #[test]
        fn the_best_are_those_that_scoring_all_finds(
            texts in texts(), query in query(), limit in 1..40_usize, fresh: bool, editorial: bool,
        ) {
            let reading = Reading::of(&index_of(&texts));
            let now = Timestamp::from_second(100).unwrap();
            let sort = if fresh { Sort::Fresh } else { Sort::Relevance };
            let ask = Ask { sort, editorial, ..Ask::new(query.clone(), now) };
            let node = parse(&query, &Clock { now, zone: jiff::tz::TimeZone::UTC });
            let quick = || find(&reading, node.as_ref(), &ask, limit).unwrap();
            // the second time it is known where the words count much
            let (first, quick) = (quick(), quick());
            prop_assert_eq!(format!("{:?}", first), format!("{:?}", quick), "{}", query);
            let mut slow = by_query(&reading, node.as_ref(), &ask, texts.len()).unwrap();
            slow.truncate(limit);
            prop_assert_eq!(quick.len().min(limit), slow.len(), "{}", query);
            for (quick, slow) in quick.iter().zip(&slow) {
                // summed in another order: stories as good as equal may change places
                let apart = (quick.score - slow.score).abs();
                let most = if quick.seq == slow.seq { 1e-3 } else { 1e-5 };
                prop_assert!(apart < most, "{}: {:?} {:?}", query, quick, slow);
            }
        }
    }
}
