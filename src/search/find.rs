//! Asking the index: which stories match, in what order, and how many.

use std::cmp::Reverse;
use std::ops::Bound;

use jiff::Timestamp;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, RangeQuery};
use tantivy::{DocAddress, Order, Searcher, Term};

use super::ask::{Ask, Sort};
use super::compile::{For, Plan, compile, published};
use super::facts::{Facts, Found};
use super::query::Node;
use super::rank::Statistics;
use super::stem::Forms;
use super::why::why;
use crate::index::fields::{EDITORIAL, PUBLISHED, SHOWN_FROM, SHOWN_UNTIL, number};

/// No answer is longer than this, whatever was asked.
const MOST: usize = 1_000_000;
/// How many more stories are fetched than asked for, so that equals at the end can be put in order.
const SPARE: usize = 6;

/// At least the first `offset + limit` stories that may be shown, in order, if there are so many.
pub(super) fn find(searcher: &Searcher, node: Option<&Node>, ask: &Ask) -> tantivy::Result<Vec<Found>> {
    let forms = Forms::of(searcher)?;
    let compiled = compile(node, Plan { purpose: For::Ranking, forms: &forms });
    let by_score = compiled.ranks && ask.sort != Sort::Newest;
    let ages = by_score && ask.sort == Sort::Fresh;
    let query = within_time(compiled.query, ask);
    let query = if ask.editorial { among(searcher, query, ask)? } else { query };
    let facts = Facts::open(searcher)?;
    let wanted = ask.offset.saturating_add(ask.limit).clamp(1, MOST);
    let mut fetch = wanted + SPARE;
    loop {
        let top = if by_score {
            best(searcher, query.as_ref(), fetch)?
        } else {
            newest(searcher, query.as_ref(), fetch)?
        };
        let mut found: Vec<Found> = top.iter().map(|(score, address)| facts.of(*score, *address)).collect();
        let last = found.last().filter(|_| found.len() == fetch);
        // what was not fetched has at most this score, of whatever age it is
        let edge = last.map(|last| if ages { Found::best_rank(last.score) } else { last.rank() });
        if ages {
            found = found.into_iter().map(|found| found.aged(ask.now.as_second())).collect();
        }
        found.retain(|found| found.editorial == ask.editorial && found.shown.contains(&ask.now.as_second()));
        found.sort_by_key(|found| (found.rank(), Reverse(found.seq)));
        // equals of the last one fetched may have been left out
        let settled = found.get(wanted - 1).is_some_and(|last| edge.is_none_or(|edge| last.rank() < edge));
        if edge.is_none() || settled || fetch >= MOST {
            return Ok(found);
        }
        fetch = fetch.saturating_mul(4).min(MOST);
    }
}

fn best(searcher: &Searcher, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    let collector = TopDocs::with_limit(limit).order_by_score();
    searcher.search_with_statistics_provider(query, &collector, &Statistics::new(searcher))
}

fn newest(searcher: &Searcher, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    let collector = TopDocs::with_limit(limit).order_by_fast_field::<i64>(PUBLISHED, Order::Desc);
    let top = searcher.search(query, &collector)?;
    Ok(top.into_iter().map(|(_, address)| (0.0, address)).collect())
}

/// How many stories match and may be shown.
pub(super) fn count(searcher: &Searcher, node: Option<&Node>, ask: &Ask) -> tantivy::Result<usize> {
    let forms = Forms::of(searcher)?;
    let plan = Plan { purpose: For::Counting, forms: &forms };
    let matching = || among(searcher, within_time(compile(node, plan).query, ask), ask);
    let all = searcher.search(matching()?.as_ref(), &Count)?;
    let held = match held(searcher, ask.now)? {
        Some(held) => searcher.search(&BooleanQuery::intersection(vec![matching()?, held]), &Count)?,
        None => 0,
    };
    Ok(all - held)
}

/// The stories that the gate holds at `now`; none when no story has a time of its own.
fn held(searcher: &Searcher, now: Timestamp) -> tantivy::Result<Option<Box<dyn Query>>> {
    let now = now.as_second();
    if !has_any(searcher, &[SHOWN_FROM, SHOWN_UNTIL])? {
        return Ok(None);
    }
    let term = |name| Term::from_field_i64(number(name), now);
    let early = RangeQuery::new(Bound::Excluded(term(SHOWN_FROM)), Bound::Unbounded);
    let late = RangeQuery::new(Bound::Unbounded, Bound::Included(term(SHOWN_UNTIL)));
    Ok(Some(Box::new(BooleanQuery::union(vec![Box::new(early), Box::new(late)]))))
}

/// Does any story have one of these numbers?
fn has_any(searcher: &Searcher, names: &[&str]) -> tantivy::Result<bool> {
    for segment in searcher.segment_readers() {
        for name in names {
            if segment.fast_fields().column_opt::<i64>(name)?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// `query` among stories, or among what is for editors, as asked.
fn among(searcher: &Searcher, query: Box<dyn Query>, ask: &Ask) -> tantivy::Result<Box<dyn Query>> {
    let there = has_any(searcher, &[EDITORIAL])?;
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
    searcher: &Searcher,
    node: Option<&Node>,
    found: &Found,
) -> tantivy::Result<Vec<String>> {
    let forms = Forms::of(searcher)?;
    let compiled = compile(node, Plan { purpose: For::Ranking, forms: &forms });
    if compiled.ranks { why(searcher, compiled.query.as_ref(), found.address) } else { Ok(Vec::new()) }
}
