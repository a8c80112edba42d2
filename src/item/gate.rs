//! The one gate: may this be shown? It fails closed; an unknown word is a hold.
//!
//! [`RULES`] is AP's order (api.ap.org/media/v/docs/api/Publishable-Content: signals, status, embargo, usage terms), with
//! editorial types and recalls behind the status, and what has expired at the end. The first rule that holds decides.

use std::ops::Range;

use jiff::Timestamp;

use super::words::{self, Kind};
use super::{Embargo, NewsItem};

/// The answer of the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publishability {
    /// May be shown.
    Publishable,
    /// May not be shown.
    Held(Hold),
}

/// Why a story is held, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The rule that holds it: a name of [`RULES`].
    pub rule: &'static str,
    /// The field that decided: `pub_status`, `embargoed` ...
    pub field: &'static str,
    /// Its value, as the item has it.
    pub value: String,
    /// When the hold ends by itself; `None` when only a new version or a person can lift it.
    pub until: Option<Timestamp>,
}

impl std::fmt::Display for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.value)?;
        self.until.map_or(Ok(()), |until| write!(f, " (until {until})"))
    }
}

impl Publishability {
    /// True when the story may be shown.
    #[must_use]
    pub fn is_publishable(&self) -> bool {
        matches!(self, Self::Publishable)
    }
}

/// What decided: the item's value and, when it ends by itself, until when.
type Found = (String, Option<Timestamp>);

/// One rule of the gate.
pub struct Rule {
    /// Its name in answers.
    pub name: &'static str,
    /// The field it looks at.
    pub field: &'static str,
    /// One line for a person: when it holds a story.
    pub says: &'static str,
    /// What it holds is information for editors and not a story taken back: found with `search --editorial`.
    pub editorial: bool,
    holds: fn(&NewsItem, Timestamp) -> Option<Found>,
}

/// The rules, in the order in which they are asked.
pub static RULES: &[Rule] = &[
    Rule {
        name: "signals",
        field: "signals",
        says: "AP: an item whose signals lack newscontent (advisory, daybook) is never published",
        editorial: true,
        holds: |item, _| is_ap_without_news(item).then(|| (item.signals.join(" "), None)),
    },
    Rule {
        name: "status",
        field: "pub_status",
        says: "only usable may be shown, and embargoed when its embargo ends; a missing status is usable, an unknown one is not",
        editorial: false,
        holds: by_status,
    },
    Rule {
        name: "type",
        field: "editorial_type",
        says: "a kill, elimination, withdrawal, hold or disregard is no story",
        editorial: false,
        holds: |item, _| by_type(item, |kind| kind != Kind::Editorial),
    },
    Rule {
        name: "recall",
        field: "recalled",
        says: "a kill, withdrawal or hold of the story, by whatever item it came, takes back every version",
        editorial: false,
        holds: |item, _| item.recalled.as_ref().map(|recalled| (recalled.to_string(), None)),
    },
    Rule {
        name: "advisory",
        field: "editorial_type",
        says: "advisories, daybooks and budgets speak to editors",
        editorial: true,
        holds: |item, _| by_type(item, |kind| kind == Kind::Editorial),
    },
    Rule {
        name: "embargo",
        field: "embargoed",
        says: "not before its time; one that is empty or cannot be read has no end (NewsML-G2, embargoed)",
        editorial: false,
        holds: by_embargo,
    },
    Rule {
        name: "usage",
        field: "usage_terms",
        says: "usage terms that forbid any publication",
        editorial: false,
        holds: |item, _| words::forbids(item.usage_terms.as_deref()?).map(|term| (term.into(), None)),
    },
    Rule {
        name: "expiry",
        field: "expires",
        says: "not after its time",
        editorial: false,
        holds: |item, now| item.expires.filter(|at| *at <= now).map(|at| (at.to_string(), None)),
    },
];

impl Rule {
    /// What it says of `item` at `now`; `None` when it lets it pass.
    #[must_use]
    pub fn ask(&self, item: &NewsItem, now: Timestamp) -> Option<Hold> {
        let (value, until) = (self.holds)(item, now)?;
        Some(Hold { rule: self.name, field: self.field, value, until })
    }
}

/// AP's word for an item that is news. Signals of other vocabularies (`sig:correction`) say nothing about that.
const AP_NEWS: &str = "newscontent";
const AP_SIGNALS: &[&str] =
    &["newscontent", "singlesource", "explicitcontent", "whitelisted", "advisory", "daybook"];

impl NewsItem {
    /// May this be shown at `now`? The first of [`RULES`] that holds it decides.
    #[must_use]
    pub fn publishability(&self, now: Timestamp) -> Publishability {
        let hold = RULES.iter().find_map(|rule| rule.ask(self, now));
        hold.map_or(Publishability::Publishable, Publishability::Held)
    }

    /// Is this information for editors (an advisory, a daybook) that nothing else holds back at `now`?
    /// It is never a story; `search --editorial` finds it.
    #[must_use]
    pub fn is_for_editors(&self, now: Timestamp) -> bool {
        let holds = |rule: &&Rule| rule.ask(self, now).is_some();
        RULES.iter().filter(|rule| rule.editorial).any(|rule| holds(&rule))
            && !RULES.iter().filter(|rule| !rule.editorial).any(|rule| holds(&rule))
    }

    /// When the gate lets this pass: from the end of its embargo up to its expiry. `None` when it holds it at any time,
    /// so that only a new version can lift the hold.
    #[must_use]
    pub fn shown(&self) -> Option<Range<Timestamp>> {
        let times = self.times();
        self.publishability(times.start).is_publishable().then_some(times)
    }

    /// When this is information for editors, as [`Self::shown`] for stories.
    #[must_use]
    pub fn shown_to_editors(&self) -> Option<Range<Timestamp>> {
        let times = self.times();
        self.is_for_editors(times.start).then_some(times)
    }

    fn times(&self) -> Range<Timestamp> {
        let start = match self.embargoed {
            Some(Embargo::Until(until)) => until,
            _ => Timestamp::MIN,
        };
        start..self.expires.unwrap_or(Timestamp::MAX)
    }
}

fn is_ap_without_news(item: &NewsItem) -> bool {
    let is = |signal: &str, word: &str| signal.eq_ignore_ascii_case(word);
    let speaks_ap = item.signals.iter().any(|s| AP_SIGNALS.iter().any(|w| is(s, w)));
    speaks_ap && !item.signals.iter().any(|s| is(s, AP_NEWS))
}

/// `embargoed` (PA's NITF, NewsML 1) is usable when the embargo ends, so it needs one that does.
fn by_status(item: &NewsItem, _: Timestamp) -> Option<Found> {
    let status = item.pub_status.as_deref()?;
    let has_end = matches!(item.embargoed, Some(Embargo::Until(_)));
    let is_usable = status == "usable" || (status == "embargoed" && has_end);
    (!is_usable).then(|| (status.into(), None))
}

fn by_type(item: &NewsItem, counts: fn(Kind) -> bool) -> Option<Found> {
    let printed = item.editorial_type.as_deref()?;
    words::kind(printed).filter(|kind| counts(*kind)).map(|_| (printed.into(), None))
}

fn by_embargo(item: &NewsItem, now: Timestamp) -> Option<Found> {
    match item.embargoed.as_ref()? {
        Embargo::Until(until) if *until <= now => None,
        Embargo::Until(until) => Some((until.to_string(), Some(*until))),
        Embargo::Open(text) => Some((format!("with no readable end ({text:?})"), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Recalled, Verb};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn held_field(item: &NewsItem) -> Option<&'static str> {
        match item.publishability(at(1000)) {
            Publishability::Publishable => None,
            Publishability::Held(hold) => Some(hold.field),
        }
    }

    #[test]
    fn the_gate_fails_closed() {
        let status = |s: &str| NewsItem { pub_status: Some(s.into()), ..NewsItem::default() };
        let kind = |s: &str| NewsItem { editorial_type: Some(s.into()), ..NewsItem::default() };
        let embargo = |e| NewsItem { embargoed: Some(e), ..NewsItem::default() };
        let signal = |s: &str| NewsItem { signals: vec![s.into()], ..NewsItem::default() };
        let expires = |s| NewsItem { expires: Some(at(s)), ..NewsItem::default() };
        let terms = |s: &str| NewsItem { usage_terms: Some(s.into()), ..NewsItem::default() };
        let recalled = Recalled { verb: Verb::Kill, at: at(1), ..Recalled::default() };
        let cases = [
            (NewsItem::default(), None),
            (status("usable"), None),
            (status("canceled"), Some("pub_status")),
            (status("withheld"), Some("pub_status")),
            (status("a word nobody knows"), Some("pub_status")),
            (status("embargoed"), Some("pub_status")),
            (NewsItem { embargoed: Some(Embargo::Until(at(999))), ..status("embargoed") }, None),
            (
                NewsItem { embargoed: Some(Embargo::Until(at(1001))), ..status("embargoed") },
                Some("embargoed"),
            ),
            (kind("Writethru"), None),
            (kind("Kill"), Some("editorial_type")),
            (kind("Elimination"), Some("editorial_type")),
            (kind("HoldForRelease"), Some("editorial_type")),
            (kind("Daybook"), Some("editorial_type")),
            (embargo(Embargo::Until(at(999))), None),
            (embargo(Embargo::Until(at(1001))), Some("embargoed")),
            (embargo(Embargo::Open(String::new())), Some("embargoed")),
            (signal("sig:correction"), None),
            (signal("newscontent"), None),
            (signal("daybook"), Some("signals")),
            (terms("For subscribers."), None),
            (terms("Not for publication; for planning only"), Some("usage_terms")),
            (expires(1001), None),
            (expires(1000), Some("expires")),
            (NewsItem { recalled: Some(recalled), ..status("usable") }, Some("recalled")),
        ];
        for (item, field) in cases {
            assert_eq!(held_field(&item), field, "{item:?}");
            assert_eq!(
                item.shown().is_some_and(|shown| shown.contains(&at(1000))),
                field.is_none(),
                "{item:?}"
            );
        }
    }

    #[test]
    fn what_speaks_to_editors_is_told_from_what_was_taken_back() {
        let advisory = NewsItem { signals: vec!["advisory".into()], ..NewsItem::default() };
        let daybook = NewsItem { editorial_type: Some("Daybook".into()), ..NewsItem::default() };
        let killed = NewsItem { pub_status: Some("canceled".into()), ..advisory.clone() };
        let early = NewsItem { embargoed: Some(Embargo::Until(at(1001))), ..daybook.clone() };
        let cases = [(&advisory, true), (&daybook, true), (&killed, false), (&early, false)];
        for (item, expected) in cases {
            assert_eq!(item.is_for_editors(at(1000)), expected, "{item:?}");
            assert!(!item.publishability(at(2000)).is_publishable(), "{item:?}");
        }
        assert!(!NewsItem::default().is_for_editors(at(1000)));
        assert!(early.shown_to_editors().unwrap().contains(&at(1001)));
        assert!(killed.shown_to_editors().is_none());
    }

    #[test]
    fn every_rule_has_a_name_of_its_own_and_says_when_it_holds() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.iter().all(|rule| !rule.says.is_empty()));
    }
}
