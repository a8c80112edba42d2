//! The one gate: may this be shown? It fails closed; an unknown word is a hold.

use std::ops::Range;

use jiff::Timestamp;

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
    /// The field that decided: `pub_status`, `embargoed` ...
    pub field: &'static str,
    /// Its value, as the item has it.
    pub value: String,
    /// When the hold ends by itself; `None` when only a new version can lift it.
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

/// Editorial types that are not stories or take one back (AP Media API, editorial types of text and photos).
/// `Disregard` and `Advisory` speak to editors; the rest recall or hold what was sent.
const HOLDING_TYPES: &[&str] =
    &["advisory", "disregard", "elimination", "holdforrelease", "kill", "withhold", "withdrawn"];

/// AP's word for an item that is news; one with signals but without this may never be published
/// (api.ap.org, Publishable-Content). Signals of other vocabularies (`sig:correction`) say nothing about that.
const AP_NEWS: &str = "newscontent";
const AP_SIGNALS: &[&str] =
    &["newscontent", "singlesource", "explicitcontent", "whitelisted", "advisory", "daybook"];

impl NewsItem {
    /// May this be shown at `now`? AP's order: signals, status, editorial type, embargo, expiry.
    #[must_use]
    pub fn publishability(&self, now: Timestamp) -> Publishability {
        let hold = self
            .held_by_signals()
            .or_else(|| self.held_by_status())
            .or_else(|| self.held_by_type())
            .or_else(|| self.held_by_embargo(now))
            .or_else(|| self.held_by_expiry(now));
        hold.map_or(Publishability::Publishable, Publishability::Held)
    }

    /// When the gate lets this pass: from the end of its embargo up to its expiry. `None` when it holds it at any time,
    /// so that only a new version can lift the hold.
    #[must_use]
    pub fn shown(&self) -> Option<Range<Timestamp>> {
        let start = match self.embargoed {
            Some(Embargo::Until(until)) => until,
            _ => Timestamp::MIN,
        };
        let end = self.expires.unwrap_or(Timestamp::MAX);
        self.publishability(start).is_publishable().then_some(start..end)
    }

    fn held_by_signals(&self) -> Option<Hold> {
        let is = |signal: &str, word: &str| signal.eq_ignore_ascii_case(word);
        let speaks_ap = self.signals.iter().any(|s| AP_SIGNALS.iter().any(|w| is(s, w)));
        let is_news = self.signals.iter().any(|s| is(s, AP_NEWS));
        (speaks_ap && !is_news).then(|| hold("signals", self.signals.join(" ")))
    }

    /// A missing status means usable (NewsML-G2 2.35, `pubStatus`). `embargoed` (PA's NITF, NewsML 1) is usable when the
    /// embargo ends, so it needs one that does.
    fn held_by_status(&self) -> Option<Hold> {
        let status = self.pub_status.as_deref()?;
        let has_end = matches!(self.embargoed, Some(Embargo::Until(_)));
        let is_usable = status == "usable" || (status == "embargoed" && has_end);
        (!is_usable).then(|| hold("pub_status", status))
    }

    fn held_by_type(&self) -> Option<Hold> {
        let editorial_type = self.editorial_type.as_deref()?;
        let holds = HOLDING_TYPES.iter().any(|t| editorial_type.eq_ignore_ascii_case(t));
        holds.then(|| hold("editorial_type", editorial_type))
    }

    fn held_by_embargo(&self, now: Timestamp) -> Option<Hold> {
        match self.embargoed.as_ref()? {
            Embargo::Until(until) if *until <= now => None,
            Embargo::Until(until) => {
                Some(Hold { field: "embargoed", value: until.to_string(), until: Some(*until) })
            }
            Embargo::Open(text) => Some(hold("embargoed", format!("with no readable end ({text:?})"))),
        }
    }

    fn held_by_expiry(&self, now: Timestamp) -> Option<Hold> {
        let expires = self.expires?;
        (expires <= now).then(|| hold("expires", expires.to_string()))
    }
}

fn hold(field: &'static str, value: impl Into<String>) -> Hold {
    Hold { field, value: value.into(), until: None }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (kind("HoldForRelease"), Some("editorial_type")),
            (embargo(Embargo::Until(at(999))), None),
            (embargo(Embargo::Until(at(1001))), Some("embargoed")),
            (embargo(Embargo::Open(String::new())), Some("embargoed")),
            (signal("sig:correction"), None),
            (signal("newscontent"), None),
            (signal("daybook"), Some("signals")),
            (expires(1001), None),
            (expires(1000), Some("expires")),
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
}
