//! Asking the index: which stories match, in what order, and how many.

use std::cmp::Reverse;
use std::ops::Bound;

use jiff::Timestamp;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, RangeQuery};
use tantivy::{DocAddress, DocId, Order, Score, SegmentReader, Term};

use super::ask::{Ask, Sort};
use super::best;
use super::compile::{For, Plan, compile, published};
use super::facts::{Found, Rank, aged};
use super::query::Node;
use super::reading::Reading;
use super::spelling::Spellings;
use super::why::why;
use super::wish::wish;
use crate::index::fields::{EDITORIAL, PUBLISHED, SHOWN_FROM, SHOWN_UNTIL, number};

/// No answer is longer than this, whatever was asked.
const MOST: usize = 1_000_000;
/// More than this many are not looked for one by one.
const MOST_QUICK: usize = 5_000;
/// How many more stories are fetched than asked for, so that equals at the end can be put in order.
const SPARE: usize = 6;

/// At least the first `wanted` stories that may be shown, in order, if there are so many.
pub(super) fn find(
    reading: &Reading,
    node: Option<&Node>,
    ask: &Ask,
    wanted: usize,
) -> tantivy::Result<Vec<Found>> {
    let plain = node.filter(|_| ask.sort != Sort::Newest && wanted <= MOST_QUICK);
    match plain.map(|node| wish(node, reading)).transpose()?.flatten() {
        Some(wish) => best::best(reading, &wish, ask, wanted),
        None => by_query(reading, node, ask, wanted),
    }
}

/// The same by Tantivy's own queries, whatever is asked.
pub(super) fn by_query(
    reading: &Reading,
    node: Option<&Node>,
    ask: &Ask,
    wanted: usize,
) -> tantivy::Result<Vec<Found>> {
    let compiled = compile(node, Plan { purpose: For::Ranking, reading });
    let by_score = compiled.ranks && ask.sort != Sort::Newest;
    let ages = by_score && ask.sort == Sort::Fresh;
    let query = within_time(compiled.query, ask);
    let query = if ask.editorial { among(reading, query, ask)? } else { query };
    let facts = reading.facts()?;
    let wanted = wanted.clamp(1, MOST);
    let mut fetch = wanted + SPARE;
    loop {
        let top = if by_score {
            ranked(reading, query.as_ref(), fetch)?
        } else {
            newest(reading, query.as_ref(), fetch)?
        };
        let mut found: Vec<Found> = top.iter().map(|(score, address)| facts.of(*score, *address)).collect();
        let last = found.last().filter(|_| found.len() == fetch);
        // what was not fetched has at most this score, of whatever age it is
        let edge = last.map(|last| if ages { Rank::best(last.score) } else { last.rank() });
        if ages {
            let now = ask.now.as_second();
            found.iter_mut().for_each(|found| found.score = aged(found.score, found.published, now));
        }
        found.retain(|found| facts.admit(found.address, ask));
        found.sort_by_key(|found| Reverse((found.rank(), found.seq)));
        // equals of the last one fetched may have been left out
        let settled = found.get(wanted - 1).is_some_and(|last| edge.is_none_or(|edge| last.rank() > edge));
        if edge.is_none() || settled || fetch >= MOST {
            return Ok(found);
        }
        fetch = fetch.saturating_mul(4).min(MOST);
    }
}

fn ranked(reading: &Reading, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    // by its own score alone Tantivy leaves out blocks by what they count at most where texts are as long as a segment's, and
    // not as long as usual: of stories nearly as good as each other the better one could be among them
    let collector =
        TopDocs::with_limit(limit).tweak_score(|_: &SegmentReader| |_: DocId, score: Score| score);
    reading.searcher.search_with_statistics_provider(query, &collector, reading)
}

fn newest(reading: &Reading, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    let collector = TopDocs::with_limit(limit).order_by_fast_field::<i64>(PUBLISHED, Order::Desc);
    let top = reading.searcher.search(query, &collector)?;
    Ok(top.into_iter().map(|(_, address)| (0.0, address)).collect())
}

/// How many stories match and may be shown.
pub(super) fn count(reading: &Reading, node: Option<&Node>, ask: &Ask) -> tantivy::Result<usize> {
    let plan = Plan { purpose: For::Counting, reading };
    let matching = || among(reading, within_time(compile(node, plan).query, ask), ask);
    let all = reading.searcher.search(matching()?.as_ref(), &Count)?;
    let held = match held(reading, ask.now)? {
        Some(held) => {
            reading.searcher.search(&BooleanQuery::intersection(vec![matching()?, held]), &Count)?
        }
        None => 0,
    };
    Ok(all - held)
}

/// The stories that the gate holds at `now`; none when no story has a time of its own.
fn held(reading: &Reading, now: Timestamp) -> tantivy::Result<Option<Box<dyn Query>>> {
    let now = now.as_second();
    if !has_any(reading, &[SHOWN_FROM, SHOWN_UNTIL])? {
        return Ok(None);
    }
    let term = |name| Term::from_field_i64(number(name), now);
    let early = RangeQuery::new(Bound::Excluded(term(SHOWN_FROM)), Bound::Unbounded);
    let late = RangeQuery::new(Bound::Unbounded, Bound::Included(term(SHOWN_UNTIL)));
    Ok(Some(Box::new(BooleanQuery::union(vec![Box::new(early), Box::new(late)]))))
}

/// Does any story have one of these numbers?
fn has_any(reading: &Reading, names: &[&str]) -> tantivy::Result<bool> {
    for segment in reading.searcher.segment_readers() {
        for name in names {
            if segment.fast_fields().column_opt::<i64>(name)?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// `query` among stories, or among what is for editors, as asked.
fn among(reading: &Reading, query: Box<dyn Query>, ask: &Ask) -> tantivy::Result<Box<dyn Query>> {
    let there = has_any(reading, &[EDITORIAL])?;
    let is_editorial = || {
        let one = Term::from_field_i64(number(EDITORIAL), 1);
        let range = RangeQuery::new(Bound::Included(one.clone()), Bound::Included(one));
        Box::new(ConstScoreQuery::new(Box::new(range), 0.0)) as Box<dyn Query>
    };
    Ok(match (there, ask.editorial) {
        (false, false) => query,
        (false, true) => Box::new(EmptyQuery),
        (true, true) => {
            Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, is_editorial())]))
        }
        (true, false) => {
            Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::MustNot, is_editorial())]))
        }
    })
}

/// `query` among the stories of the time that was asked for.
fn within_time(query: Box<dyn Query>, ask: &Ask) -> Box<dyn Query> {
    if ask.since.is_none() && ask.until.is_none() {
        return query;
    }
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, published(ask.since, ask.until))]))
}

/// Of what the score of a story is made.
pub(super) fn explained(
    reading: &Reading,
    node: Option<&Node>,
    found: &Found,
) -> tantivy::Result<Vec<String>> {
    let compiled = compile(node, Plan { purpose: For::Ranking, reading });
    let spelt = node.map(Spellings::told).unwrap_or_default();
    let why = if compiled.ranks { why(reading, compiled.query.as_ref(), found.address)? } else { Vec::new() };
    Ok(why.into_iter().chain(spelt).collect())
}
