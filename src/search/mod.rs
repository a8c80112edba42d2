//! **Which stories on this topic, best first?**
//!
//! [`search`] reads what was typed ([`query`]), asks the index, puts the stories in order and asks the gate once more.
//! BM25 over the whole text, with more for the headline, the lead and the slugline, and for words that stand together.

mod compile;
mod facts;
pub mod query;
mod rank;
mod terms;

use std::cmp::Reverse;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, RangeQuery};
use tantivy::{DocAddress, Order, Searcher, Term};

use compile::{For, compile};
use facts::{Facts, Found};
use query::Node;
use rank::Statistics;

use crate::index::Index;
use crate::index::fields::{PUBLISHED, SHOWN_FROM, SHOWN_UNTIL, number};
use crate::item::NewsItem;

/// A question to the desk.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What the reader typed; nothing means every story.
    pub query: String,
    /// Only stories published then or later.
    pub since: Option<Timestamp>,
    /// Only stories published before.
    pub until: Option<Timestamp>,
    /// At most so many hits.
    pub limit: usize,
    /// Leaving out so many from the top.
    pub offset: usize,
    /// In which order.
    pub sort: Sort,
    /// Whether to count all stories that match.
    pub count: bool,
    /// The time at which the gate is asked.
    pub now: Timestamp,
}

impl Ask {
    /// The ten best stories on `query` that may be shown at `now`.
    pub fn new(query: impl Into<String>, now: Timestamp) -> Self {
        Self {
            query: query.into(),
            since: None,
            until: None,
            limit: 10,
            offset: 0,
            sort: Sort::Relevance,
            count: false,
            now,
        }
    }
}

/// The order of hits. Equals come newest first, then last received first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first; newest first when nothing that was asked for can be weighed.
    #[default]
    Relevance,
    /// Newest first.
    Newest,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The stories asked for, in order.
    pub hits: Vec<Hit>,
    /// How many stories match and may be shown, when that was asked.
    pub total: Option<usize>,
}

/// One story of an answer.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The story.
    pub item: NewsItem,
    /// How well it matches; comparable within one answer only. 0 when the order is by time.
    pub score: f32,
}

/// The desk could not answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index could not be read.
    #[error("searching the index: {0}; hint: run `wiredesk reindex`")]
    Index(String),
    /// A story that the index names could not be loaded.
    #[error("loading a story: {0}")]
    Load(Box<dyn std::error::Error + Send + Sync>),
}

impl SearchError {
    /// The error class of reports.
    #[must_use]
    pub fn class(&self) -> &'static str {
        "corrupt"
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}

/// Brings the story at a place in the store; `None` when there is none.
pub type Load<'l> = &'l dyn Fn(u64) -> Result<Option<NewsItem>, Box<dyn std::error::Error + Send + Sync>>;

/// No answer is longer than this, whatever was asked.
const MOST: usize = 1_000_000;
/// How many more stories are fetched than asked for, so that equals at the end can be put in order.
const SPARE: usize = 6;

/// Answers `ask` from what `index` last saw of its store; `load` brings the stories.
///
/// # Errors
/// [`SearchError::Index`] on a damaged index, [`SearchError::Load`] when `load` fails.
pub fn search(index: &Index, load: Load<'_>, ask: &Ask) -> Result<Answer, SearchError> {
    // a flipped bit on the disk makes Tantivy panic; that is an answer too
    catch_unwind(AssertUnwindSafe(|| answer(&index.searcher(), load, ask)))
        .unwrap_or_else(|_| Err(SearchError::Index("its files are damaged".into())))
}

fn answer(searcher: &Searcher, load: Load<'_>, ask: &Ask) -> Result<Answer, SearchError> {
    let node = query::parse(&ask.query);
    let total = if ask.count { Some(count(searcher, node.as_ref(), ask)?) } else { None };
    let mut hits = Vec::new();
    for found in find(searcher, node.as_ref(), ask)?.into_iter().skip(ask.offset) {
        if hits.len() == ask.limit {
            break;
        }
        let item = load(found.seq).map_err(SearchError::Load)?;
        let shown = item.filter(|item| item.publishability(ask.now).is_publishable());
        hits.extend(shown.map(|item| Hit { item, score: found.score }));
    }
    Ok(Answer { hits, total })
}

/// At least the first `offset + limit` stories that may be shown, in order, if there are so many.
fn find(searcher: &Searcher, node: Option<&Node>, ask: &Ask) -> Result<Vec<Found>, SearchError> {
    let compiled = compile(node, For::Ranking);
    let by_score = compiled.ranks && ask.sort == Sort::Relevance;
    let query = within_time(compiled.query, ask);
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
        let edge = found.last().filter(|_| found.len() == fetch).map(Found::rank);
        found.retain(|found| found.shown.contains(&ask.now.as_second()));
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
fn count(searcher: &Searcher, node: Option<&Node>, ask: &Ask) -> Result<usize, SearchError> {
    let matching = || within_time(compile(node, For::Counting).query, ask);
    let all = searcher.search(matching().as_ref(), &Count)?;
    let held = match held(searcher, ask.now)? {
        Some(held) => searcher.search(&BooleanQuery::intersection(vec![matching(), held]), &Count)?,
        None => 0,
    };
    Ok(all - held)
}

/// The stories that the gate holds at `now`; none when no story has a time of its own.
fn held(searcher: &Searcher, now: Timestamp) -> Result<Option<Box<dyn Query>>, SearchError> {
    let now = now.as_second();
    let timed = searcher.segment_readers().iter().map(|segment| {
        let columns = [SHOWN_FROM, SHOWN_UNTIL].map(|name| segment.fast_fields().column_opt::<i64>(name));
        Ok(columns.into_iter().collect::<tantivy::Result<Vec<_>>>()?.iter().any(Option::is_some))
    });
    if !timed.collect::<tantivy::Result<Vec<_>>>()?.contains(&true) {
        return Ok(None);
    }
    let term = |name| Term::from_field_i64(number(name), now);
    let early = RangeQuery::new(Bound::Excluded(term(SHOWN_FROM)), Bound::Unbounded);
    let late = RangeQuery::new(Bound::Unbounded, Bound::Included(term(SHOWN_UNTIL)));
    Ok(Some(Box::new(BooleanQuery::union(vec![Box::new(early), Box::new(late)]))))
}

/// `query` among the stories of the time that was asked for.
fn within_time(query: Box<dyn Query>, ask: &Ask) -> Box<dyn Query> {
    if ask.since.is_none() && ask.until.is_none() {
        return query;
    }
    let term = |time: Timestamp| Term::from_field_i64(number(PUBLISHED), time.as_second());
    let since = ask.since.map_or(Bound::Unbounded, |since| Bound::Included(term(since)));
    let until = ask.until.map_or(Bound::Unbounded, |until| Bound::Excluded(term(until)));
    let time = ConstScoreQuery::new(Box::new(RangeQuery::new(since, until)), 0.0);
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, Box::new(time))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Settings;
    use crate::item::{Embargo, Subject};
    use crate::store::{DeliveryId, Revision, Seq, Sink};

    /// A desk in memory: an index, and the stories by their place in the log.
    struct Desk {
        index: Index,
        log: Vec<NewsItem>,
    }

    impl Desk {
        fn new() -> Self {
            Self { index: Index::in_memory(Settings::default()).unwrap(), log: Vec::new() }
        }

        fn of(stories: &[(&str, &str, &str)]) -> Self {
            let mut desk = Self::new();
            desk.take(stories.iter().map(|(id, headline, body)| story(id, headline, body)).collect());
            desk
        }

        /// One commit of these.
        fn take(&mut self, items: Vec<NewsItem>) {
            for item in items {
                self.log.push(item.clone());
                let seq = Seq(self.log.len() as u64);
                self.index.take(&Revision { seq, item, current: true, delivery: DeliveryId(1) }).unwrap();
            }
            self.index.commit(Seq(self.log.len() as u64)).unwrap();
        }

        fn answer(&self, ask: &Ask) -> Answer {
            let load = |seq: u64| Ok(usize::try_from(seq - 1).ok().and_then(|at| self.log.get(at).cloned()));
            search(&self.index, &load, ask).unwrap()
        }

        /// The ids of the hits, best first.
        fn ids(&self, query: &str) -> String {
            ids(&self.answer(&Ask::new(query, at(1_000))))
        }
    }

    fn ids(answer: &Answer) -> String {
        answer.hits.iter().map(|hit| hit.item.id.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn story(id: &str, headline: &str, body: &str) -> NewsItem {
        NewsItem {
            id: id.into(),
            headline: Some(headline.into()),
            body_text: Some(body.into()),
            published: Some(at(100)),
            ..NewsItem::default()
        }
    }

    fn roads() -> Desk {
        Desk::of(&[
            ("route1", "Route 1 reopens", "Route 1 reopened after one day. 1 lane is shut."),
            ("h101", "Highway 101 highway works", "Works on Highway 101, a highway by the sea, go on."),
            ("one", "Vote ends 1 to 1", "The count was 1 to 1, and 1 ballot was void."),
            (
                "h1",
                "Slide shuts coast road",
                "A slide took a lane of Highway 1 near the point, crews said on Sunday.",
            ),
            ("h17", "Crash on Highway 17", "A crash shut Highway 17 for 1 hour."),
        ])
    }

    #[test]
    fn a_number_is_bound_to_its_word() {
        let desk = roads();
        assert!(desk.ids("Highway 1").starts_with("h1 "), "{}", desk.ids("Highway 1"));
        assert!(!desk.ids("Highway 1").contains("one"), "{}", desk.ids("Highway 1"));
        assert_eq!(desk.ids("\"Highway 1\""), "h1");
        assert!(desk.ids("Highway 1 slide").starts_with("h1 "));
        assert!(desk.ids("1").contains("one"));
    }

    #[test]
    fn operators_and_fields_choose() {
        let mut desk = roads();
        let mut filed = story("filed", "Talks resume", "Envoys met.");
        filed.byline = Some("By Ann O\u{2019}Hara".into());
        filed.language = Some("en-GB".into());
        filed.provider = Some("Example News".into());
        filed.subjects = vec![Subject { code: Some("medtop:20000763".into()), ..Subject::default() }];
        desk.take(vec![filed]);
        let cases = [
            ("slide OR talks", 2),
            ("slide AND talks", 0),
            ("highway AND crash", 1),
            ("highway -crash", 2),
            ("NOT highway", 3),
            ("headline:highway", 2),
            ("highway headline:crash", 1),
            ("slide by:o'hara", 0),
            ("by:ohara", 1),
            ("by:\"ann o'hara\" -lang:fr", 1),
            ("lang:EN", 1),
            ("lang:en-gb", 1),
            ("lang:de", 0),
            ("source:\"example news\"", 1),
            ("subject:medtop:20000763", 1),
            ("subject:20000763", 1),
            ("id:FILED", 1),
            ("\"slide shuts", 1),
            ("", 6),
            ("?!", 0),
        ];
        for (query, hits) in cases {
            let answer = desk.answer(&Ask { count: true, ..Ask::new(query, at(1_000)) });
            assert_eq!(answer.hits.len(), hits, "{query}: {}", ids(&answer));
            assert_eq!(answer.total, Some(hits), "{query}");
        }
    }

    #[test]
    fn spellings_of_a_word_find_each_other() {
        let desk = Desk::of(&[
            ("hyphen", "Envoys", "Gaza cease-fire talks go on."),
            ("solid", "Envoys", "Gaza ceasefire talks go on."),
            ("apart", "Envoys", "Gaza cease fire talks go on."),
            ("america", "Envoys", "The U.S. said so."),
            ("people", "Envoys", "They told us so."),
        ]);
        let cases = [
            ("ceasefire", "hyphen solid"),
            ("cease-fire", "apart hyphen solid"),
            ("\"ceasefire talks\"", "hyphen solid"),
            ("\"gaza ceasefire\"", "hyphen solid"),
            ("\"gaza cease-fire talks\"", "apart hyphen solid"),
            ("US", "america"),
            ("U.S.", "america"),
            ("us", "america people"),
        ];
        for (query, expected) in cases {
            let found = desk.ids(query);
            let mut found: Vec<_> = found.split(' ').collect();
            found.sort_unstable();
            assert_eq!(found.join(" "), expected, "{query}");
        }
    }

    #[test]
    fn equals_come_newest_first_and_pages_join() {
        let mut desk = Desk::new();
        for second in [3, 1, 4, 5, 2] {
            desk.take(vec![NewsItem {
                published: Some(at(second)),
                ..story(&second.to_string(), "Flood", "Water.")
            }]);
        }
        assert_eq!(desk.ids("flood"), "5 4 3 2 1");
        let page = |offset| ids(&desk.answer(&Ask { limit: 2, offset, ..Ask::new("flood", at(1_000)) }));
        assert_eq!([page(0), page(2), page(4), page(6)], ["5 4", "3 2", "1", ""]);
        let between = Ask { since: Some(at(2)), until: Some(at(4)), ..Ask::new("flood", at(1_000)) };
        assert_eq!(ids(&desk.answer(&between)), "3 2");
        let newest = Ask { sort: Sort::Newest, limit: 3, ..Ask::new("", at(1_000)) };
        assert_eq!(ids(&desk.answer(&newest)), "5 4 3");
    }

    #[test]
    fn what_is_held_is_neither_shown_nor_counted() {
        let mut desk = Desk::new();
        let embargoed =
            NewsItem { embargoed: Some(Embargo::Until(at(500))), ..story("later", "Flood", "Water.") };
        let expired = NewsItem { expires: Some(at(400)), ..story("gone", "Flood", "Water.") };
        desk.take(vec![embargoed, expired, story("plain", "Flood", "Water.")]);
        for (now, expected) in [(300, "gone plain"), (450, "plain"), (500, "later plain")] {
            let answer = desk.answer(&Ask { count: true, limit: 2, ..Ask::new("flood", at(now)) });
            let mut found: Vec<_> = answer.hits.iter().map(|hit| hit.item.id.as_str()).collect();
            found.sort_unstable();
            assert_eq!(found.join(" "), expected, "at {now}");
            assert_eq!(answer.total, Some(found.len()), "at {now}");
        }
        desk.take(vec![NewsItem {
            pub_status: Some("canceled".into()),
            ..story("plain", "Flood", "Water.")
        }]);
        assert_eq!(desk.ids("flood"), "later");
    }

    #[test]
    fn an_index_that_has_lived_answers_like_one_made_anew() {
        let words = ["flood", "river", "dam", "town", "crew"];
        let body = |n: usize| {
            (0..40).map(|w| words[(n * w + w * w + n) % words.len()]).collect::<Vec<_>>().join(" ")
        };
        let mut lived = Desk::new();
        for round in 0..6 {
            let take =
                (0..30).map(|n| story(&format!("s{n}"), words[n % 5], &body(n + round * (n % 3)))).collect();
            lived.take(take);
        }
        let mut anew = Desk { index: Index::in_memory(Settings::default()).unwrap(), log: lived.log.clone() };
        let from = lived.log.len() - 30;
        for (at, item) in lived.log.iter().enumerate().skip(from) {
            let seq = Seq(at as u64 + 1);
            let revision = Revision { seq, item: item.clone(), current: true, delivery: DeliveryId(1) };
            anew.index.take(&revision).unwrap();
        }
        anew.index.commit(Seq(lived.log.len() as u64)).unwrap();
        for query in ["flood", "river dam", "town crew flood", "\"dam town\"", "headline:river crew"] {
            let ask = Ask { limit: 30, count: true, ..Ask::new(query, at(1_000)) };
            let (one, other) = (lived.answer(&ask), anew.answer(&ask));
            assert_eq!(ids(&one), ids(&other), "{query}");
            assert_eq!(one.total, other.total, "{query}");
            for (a, b) in one.hits.iter().zip(&other.hits) {
                assert!((a.score - b.score).abs() < 1e-4, "{query}: {} {}", a.score, b.score);
            }
        }
    }
}
