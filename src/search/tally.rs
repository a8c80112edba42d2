//! How many of the stories found are from where, by whom, on which day? Exact: every story that matches is counted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::ask::{Ask, Sort};
use super::find::find;
use super::query::Node;
use super::reading::Reading;
use super::{Load, SearchError};
use crate::index::fields;
use crate::item::NewsItem;

/// Hands over the values that a story has.
type Read = fn(&NewsItem, &mut dyn FnMut(&str));

/// What stories can be counted by.
#[rustfmt::skip]
pub const FACETS: &[(&str, Read)] = &[
    ("dateline", |item, add| item.dateline.iter().filter_map(|dateline| dateline.city.as_deref()).for_each(add)),
    ("country", |item, add| item.dateline.iter().filter_map(|dateline| dateline.country.as_deref()).for_each(add)),
    ("byline", |item, add| item.authors.iter().map(|author| author.name.as_str()).for_each(add)),
    ("source", |item, add| item.provider.as_deref().or(item.feed.as_deref()).into_iter().for_each(add)),
    ("subject", |item, add| item.subjects.iter().filter_map(|one| one.name.as_deref().or(one.code.as_deref())).for_each(add)),
    ("keyword", |item, add| item.keywords.iter().map(String::as_str).for_each(add)),
    ("place", |item, add| item.places.iter().map(String::as_str).for_each(add)),
    ("lang", |item, add| item.language.as_deref().into_iter().for_each(add)),
    ("type", |item, add| item.class.as_deref().into_iter().for_each(add)),
];

/// Stories by one of [`FACETS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Its name.
    pub name: &'static str,
    /// Values and how many stories have each, the most first, equals in the order of their letters.
    pub counts: Vec<(String, usize)>,
}

/// Everything that was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// By each facet asked for.
    pub facets: Vec<Facet>,
    /// By time: where each bar begins. Bars without a story are left out.
    pub bars: Vec<(Timestamp, usize)>,
}

/// The width of a bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// From one full hour to the next.
    Hour,
    /// A day where the reader is.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

/// Counts every story that matches. Each is loaded: what it says now counts, and not what the index remembers.
pub(super) fn tallied(
    reading: &Reading,
    node: Option<&Node>,
    load: Load<'_>,
    ask: &Ask,
) -> Result<Counts, SearchError> {
    if ask.facets.is_empty() && ask.histogram.is_none() {
        return Ok(Counts::default());
    }
    let everything = Ask { sort: Sort::Newest, ..ask.clone() };
    let mut tally = Tally::new(&ask.facets, ask.histogram, ask.zone.clone());
    for found in find(reading, node, &everything, usize::MAX)? {
        let item = load(found.seq).map_err(SearchError::Load)?.filter(|item| ask.admits(item));
        if let Some(item) = item {
            tally.story(&item);
            tally.time(fields::published(&item));
        }
    }
    Ok(tally.finish())
}

/// Counts stories as they are handed to it.
#[derive(Debug)]
pub(super) struct Tally {
    facets: Vec<(&'static str, Read, BTreeMap<String, usize>)>,
    bars: BTreeMap<Timestamp, usize>,
    bar: Option<Bar>,
    zone: TimeZone,
}

impl Tally {
    /// By these facets, and by time; a name that is no facet is passed over.
    pub fn new(names: &[String], bar: Option<Bar>, zone: TimeZone) -> Self {
        let known = FACETS.iter().filter(|(name, _)| names.iter().any(|asked| asked == name));
        Self {
            facets: known.map(|(name, read)| (*name, *read, BTreeMap::new())).collect(),
            bars: BTreeMap::new(),
            bar,
            zone,
        }
    }

    /// Counts a story in each value it has, once.
    pub fn story(&mut self, item: &NewsItem) {
        for (_, read, counts) in &mut self.facets {
            let mut values = std::collections::BTreeSet::new();
            read(item, &mut |value| {
                values.insert(value.to_owned());
            });
            values.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
        }
    }

    /// Counts a story by its time.
    pub fn time(&mut self, published: Timestamp) {
        let begins = self.bar.and_then(|bar| begin(bar, published, &self.zone));
        begins.into_iter().for_each(|begins| *self.bars.entry(begins).or_default() += 1);
    }

    pub fn finish(self) -> Counts {
        let facets = self.facets.into_iter().map(|(name, _, counts)| {
            let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            Facet { name, counts }
        });
        Counts { facets: facets.collect(), bars: self.bars.into_iter().collect() }
    }
}

/// Where the bar begins in which `at` stands.
fn begin(bar: Bar, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let local = at.to_zoned(zone.clone());
    let date = local.date();
    let midnight = |date: Date| date.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    match bar {
        Bar::Hour => local
            .round(jiff::ZonedRound::new().smallest(jiff::Unit::Hour).mode(jiff::RoundMode::Trunc))
            .ok()
            .map(|hour| hour.timestamp()),
        Bar::Day => midnight(date),
        Bar::Week => {
            midnight(date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok()?)
        }
        Bar::Month => midnight(date.first_of_month()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_begins_where_its_hour_day_week_or_month_does() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let at: Timestamp = "2024-04-04T02:30:00Z".parse().unwrap();
        for (bar, expected) in [
            (Bar::Hour, "2024-04-04T02:00:00Z"),
            (Bar::Day, "2024-04-03T04:00:00Z"),
            (Bar::Week, "2024-04-01T04:00:00Z"),
            (Bar::Month, "2024-04-01T04:00:00Z"),
        ] {
            assert_eq!(begin(bar, at, &zone), expected.parse().ok(), "{bar:?}");
        }
    }

    #[test]
    fn a_story_counts_once_for_each_value_it_has() {
        let story = |keywords: &[&str]| NewsItem {
            keywords: keywords.iter().map(|word| (*word).into()).collect(),
            ..NewsItem::default()
        };
        let mut tally = Tally::new(&["keyword".into(), "nonsense".into()], None, TimeZone::UTC);
        for keywords in [&["gaza", "talks"][..], &["talks", "talks"], &[]] {
            tally.story(&story(keywords));
        }
        let counted = tally.finish();
        let counts = vec![("talks".to_owned(), 2), ("gaza".to_owned(), 1)];
        assert_eq!(counted, Counts { facets: vec![Facet { name: "keyword", counts }], bars: vec![] });
    }
}
