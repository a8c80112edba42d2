//! Which stories does an order mean? A pure function of all that is held, so that the order of arrival does not matter.
//!
//! Old wires name a story by slug and transmission number; a slug is kept from lead to lead and day to day, a number is used
//! again after a week or so. A kill must reach every version; where several stories may be meant, a person decides,
//! and until then none of them is shown.

use jiff::{SignedDuration, Timestamp};

use super::sketch::Sketch;
use super::{NewsItem, Order, headline_key, number_key, same_slug};

/// How a story answers to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It may be meant: a person has to decide.
    Unsure,
    /// Another version of a story that is meant.
    Version,
    /// It is meant.
    Meant,
}

impl Answer {
    /// One sentence for a person.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Unsure => "may be meant by slug, number or headline",
            Self::Version => "another version of the story that is named",
            Self::Meant => "named by the order",
        }
    }
}

/// A story that may be meant: every revision of it.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The story's id.
    pub id: String,
    /// Its revisions.
    pub revisions: Vec<NewsItem>,
}

/// A number is used again after that long, a slug of a running story after a day and a half.
const NUMBER_LIVES: SignedDuration = SignedDuration::from_hours(6 * 24);
const SLUG_LIVES: SignedDuration = SignedDuration::from_hours(36);
/// A story may bear a later time than the order that takes it back: clocks differ, and an undated one bears the time of
/// its arrival.
const LATE: SignedDuration = SignedDuration::from_hours(1);
const LATE_UNDATED: SignedDuration = SignedDuration::from_hours(24);
/// Runs of words that versions of one story share at least.
const ALIKE: f64 = 0.3;

/// Which of `candidates` are meant by what `ordering` orders; those that are not are left out.
#[must_use]
pub fn judge(ordering: &NewsItem, order: &Order, candidates: &[Candidate]) -> Vec<(String, Answer)> {
    if let Some(story) = &order.story {
        let named = candidates.iter().filter(|one| one.id == *story && one.id != ordering.id);
        return named.map(|one| (one.id.clone(), Answer::Meant)).collect();
    }
    let in_scope: Vec<&Candidate> =
        candidates.iter().filter(|one| one.id != ordering.id && same_house(ordering, one)).collect();
    let numbered: Vec<&Candidate> = in_scope
        .iter()
        .copied()
        .filter(|one| has_number(one, order) && lived(ordering, one, NUMBER_LIVES))
        .collect();
    let named: Vec<&Candidate> = in_scope
        .iter()
        .copied()
        .filter(|one| has_name(one, order) && lived(ordering, one, SLUG_LIVES))
        .collect();
    if !numbered.is_empty() {
        return by_number(order, &numbered, &named);
    }
    let numberless = |one: &&Candidate| order.number.is_none() || numbers(one).next().is_none();
    let (fits, others): (Vec<&Candidate>, Vec<&Candidate>) = named.into_iter().partition(numberless);
    let mut found = by_name(&fits);
    // another number under the same slug: an earlier lead of a story that is still to come, or another story
    found.extend(
        others.into_iter().filter(|one| is_before(ordering, one)).map(|one| (one.id.clone(), Answer::Unsure)),
    );
    found
}

fn by_number(order: &Order, numbered: &[&Candidate], named: &[&Candidate]) -> Vec<(String, Answer)> {
    let is_nameless = order.slug.is_none() && order.headline.is_none();
    // a number under a slug that the order does not name: mistyped, or another day's
    let fits = |one: &Candidate| is_nameless || has_name(one, order) || !has_slug(one);
    let (meant, misfits): (Vec<&Candidate>, Vec<&Candidate>) = numbered.iter().partition(|one| fits(one));
    if meant.is_empty() {
        let all = misfits.iter().chain(named).map(|one| (one.id.clone(), Answer::Unsure));
        return once(all.collect());
    }
    let mut found: Vec<_> = meant.iter().map(|one| (one.id.clone(), Answer::Meant)).collect();
    let is_version = |one: &&&Candidate| meant.iter().any(|meant| related(meant, one));
    found.extend(named.iter().filter(is_version).map(|one| (one.id.clone(), Answer::Version)));
    once(found)
}

/// By name alone: one story and its versions, or several stories of which a person has to choose.
fn by_name(named: &[&Candidate]) -> Vec<(String, Answer)> {
    let answer = if is_one_story(named) { Answer::Meant } else { Answer::Unsure };
    named.iter().map(|one| (one.id.clone(), answer)).collect()
}

fn once(mut found: Vec<(String, Answer)>) -> Vec<(String, Answer)> {
    found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    found.dedup_by(|later, first| later.0 == first.0);
    found
}

/// All of them hang together by one relation or another.
fn is_one_story(named: &[&Candidate]) -> bool {
    let Some((first, rest)) = named.split_first() else { return true };
    let (mut joined, mut left) = (vec![*first], rest.to_vec());
    while let Some(at) = left.iter().position(|one| joined.iter().any(|other| related(other, one))) {
        joined.push(left.swap_remove(at));
    }
    left.is_empty()
}

/// Versions of one story: a mark such as `1st Ld-Writethru` under the same slug, the same headline, or much the same words.
fn related(a: &Candidate, b: &Candidate) -> bool {
    if a.id == b.id {
        return true;
    }
    let marked = [a, b].iter().any(|one| one.revisions.iter().any(is_later_version));
    let headlines = |one: &Candidate| {
        one.revisions.iter().filter_map(|item| headline_key(item.headline.as_deref()?)).collect::<Vec<_>>()
    };
    let theirs = headlines(b);
    marked || headlines(a).iter().any(|headline| theirs.contains(headline)) || alike(a, b)
}

fn is_later_version(item: &NewsItem) -> bool {
    const MARKS: &[&str] = &["lead", "writethru", "update", "correction", "takes", "add", "refile", "repeat"];
    item.editorial_type
        .as_deref()
        .is_some_and(|kind| MARKS.iter().any(|mark| kind.eq_ignore_ascii_case(mark)))
}

fn alike(a: &Candidate, b: &Candidate) -> bool {
    let sketches = |one: &Candidate| {
        one.revisions
            .iter()
            .filter_map(|item| Some(Sketch::of(item.body_text.as_deref()?)))
            .collect::<Vec<_>>()
    };
    let theirs = sketches(b);
    sketches(a).iter().any(|mine| theirs.iter().any(|their| mine.likeness(their).contained >= ALIKE))
}

/// Orders count for copy of the same provider; where none is known, of the same feed.
fn same_house(ordering: &NewsItem, one: &Candidate) -> bool {
    let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => Some(a.eq_ignore_ascii_case(b)),
        _ => None,
    };
    one.revisions.iter().any(|item| {
        same(&ordering.provider, &item.provider).or_else(|| same(&ordering.feed, &item.feed)).unwrap_or(true)
    })
}

fn numbers(one: &Candidate) -> impl Iterator<Item = String> {
    one.revisions.iter().filter_map(|item| number_key(item.transmission.as_deref()?))
}

/// `V9991` is `v9991` and, where one of them has no letter, `9991`.
fn has_number(one: &Candidate, order: &Order) -> bool {
    let Some(wanted) = order.number.as_deref().and_then(number_key) else { return false };
    let digits = |key: &str| key.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let bare = |key: &str| key.starts_with(|c: char| c.is_ascii_digit());
    numbers(one).any(|number| {
        number == wanted || ((bare(&number) || bare(&wanted)) && digits(&number) == digits(&wanted))
    })
}

fn has_slug(one: &Candidate) -> bool {
    one.revisions.iter().any(|item| item.slugline.is_some())
}

fn has_name(one: &Candidate, order: &Order) -> bool {
    one.revisions.iter().any(|item| {
        let slug = |named: &str| item.slugline.as_deref().is_some_and(|slug| same_slug(slug, named));
        let headline = |named: &str| {
            let key = headline_key(named);
            key.is_some() && item.headline.as_deref().and_then(headline_key) == key
        };
        let [by_slug, by_headline] = [&order.slug, &order.headline].map(Option::as_deref);
        // what stands behind "please kill the story" may be either
        by_slug.is_some_and(|name| slug(name) || headline(name))
            || by_headline.is_some_and(|name| headline(name) || slug(name))
    })
}

/// When the item was made, as far as it says so; else when it came.
fn time(item: &NewsItem) -> Timestamp {
    item.changed().unwrap_or_default()
}

/// Was one of its revisions sent so long before the order, or hardly later?
fn lived(ordering: &NewsItem, one: &Candidate, long: SignedDuration) -> bool {
    let ordered = time(ordering);
    one.revisions.iter().any(|item| {
        let age = ordered.duration_since(time(item));
        age <= long && age >= -slack(item)
    })
}

fn slack(item: &NewsItem) -> SignedDuration {
    if item.dated().is_some() { LATE } else { LATE_UNDATED }
}

fn is_before(ordering: &NewsItem, one: &Candidate) -> bool {
    one.revisions.iter().any(|item| time(item) <= time(ordering))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Verb;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_712_000_000 + hour * 3600).unwrap()
    }

    fn story(id: &str, slug: &str, number: &str, hour: i64, text: &str) -> Candidate {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let revision = NewsItem {
            id: id.into(),
            slugline: some(slug),
            transmission: some(number),
            headline: Some(format!("Headline {text}")),
            body_text: some(text),
            published: Some(at(hour).into()),
            provider: some("MP"),
            ..NewsItem::default()
        };
        Candidate { id: id.into(), revisions: vec![revision] }
    }

    fn lead(mut one: Candidate) -> Candidate {
        one.revisions[0].editorial_type = Some("Writethru".into());
        one
    }

    fn meant(slug: &str, number: &str, candidates: &[Candidate]) -> String {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let order = Order { verb: Verb::Kill, slug: some(slug), number: some(number), ..Order::default() };
        let ordering = NewsItem {
            id: "kill".into(),
            published: Some(at(10).into()),
            provider: some("mp"),
            ..NewsItem::default()
        };
        let mut found: Vec<_> = judge(&ordering, &order, candidates)
            .into_iter()
            .map(|(id, answer)| match answer {
                Answer::Meant => id,
                Answer::Version => format!("{id}'"),
                Answer::Unsure => format!("{id}?"),
            })
            .collect();
        found.sort();
        found.join(" ")
    }

    #[test]
    fn an_order_means_what_it_names_and_every_version_of_it() {
        let roe = || story("roe", "BC-US--Roe Trial", "V0100", 8, "one two three four five six");
        let roe_lead =
            || lead(story("lead", "BC-US--Roe Trial, 1st Ld-Writethru", "V0120", 9, "seven eight nine ten"));
        let other = || story("other", "BC-US--Roe Trial", "V0130", 9, "apples pears plums and quinces");
        let bare = |id: &str, text: &str| story(id, "BC-US--Roe Trial", "", 9, text);
        let cases: [(&str, &str, Vec<Candidate>, &str); 15] = [
            ("Roe Trial", "V0100", vec![roe()], "roe"),
            ("Roe Trial", "V0100", vec![roe(), other()], "roe"),
            ("Roe Trial", "V0100", vec![roe(), roe_lead()], "lead' roe"),
            ("Roe Trial", "V0120", vec![roe(), roe_lead()], "lead roe'"),
            ("Roe Trial", "v0100", vec![roe()], "roe"),
            ("Roe Trial", "0100", vec![roe()], "roe"),
            ("", "V0100", vec![roe(), other()], "roe"),
            ("Row Trial", "V0100", vec![roe()], "roe?"),
            ("Roe Trial", "V0999", vec![roe()], "roe?"),
            ("Roe Trial", "V0999", vec![bare("bare", "a b c d")], "bare"),
            ("Roe Trial", "", vec![bare("a", "one two three"), bare("b", "four five six")], "a? b?"),
            ("Roe Trial", "", vec![roe(), roe_lead()], "lead roe"),
            ("EU--Roe Trial", "", vec![roe()], ""),
            ("Roe Trial", "", vec![story("old", "BC-US--Roe Trial", "", -48, "x")], ""),
            ("Roe Trial", "", vec![story("next", "BC-US--Roe Trial", "", 14, "x")], ""),
        ];
        for (slug, number, candidates, expected) in cases {
            assert_eq!(meant(slug, number, &candidates), expected, "{slug} {number}");
        }
    }

    #[test]
    fn an_order_counts_in_its_own_house_and_not_for_itself() {
        let mut foreign = story("roe", "Roe Trial", "V0100", 8, "x");
        foreign.revisions[0].provider = Some("Other".into());
        assert_eq!(meant("Roe Trial", "V0100", &[foreign]), "");
        assert_eq!(meant("Roe Trial", "V0100", &[story("kill", "Roe Trial", "V0100", 8, "x")]), "");
    }
}
