//! Until when is it held, and after when is it gone? An embargo that cannot be read is a hold with no end.

use jiff::Timestamp;

use crate::item::{Embargo, Moment};
use crate::wire::{DateKind, Fault, WireDate};

use super::dates;
use super::datetime::Clock;

/// The latest hold of all that are printed; one that is empty or unreadable has no end (NewsML-G2, `embargoed`).
#[must_use]
pub fn read(dates: &[WireDate], clock: &Clock, faults: &mut Vec<Fault>) -> Option<Embargo> {
    let mut latest: Option<Timestamp> = None;
    for hold in dates.iter().filter(|date| date.kind == DateKind::Embargoed) {
        match dates::value(hold, clock, faults) {
            None => return Some(Embargo::Open(hold.text.trim().to_owned())),
            until => latest = latest.max(until.map(Moment::instant)),
        }
    }
    latest.map(Embargo::Until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embargo_that_cannot_be_read_has_no_end() {
        let until = |text: &str| Some(Embargo::Until(text.parse().unwrap()));
        let open = |text: &str| Some(Embargo::Open(text.into()));
        let cases: [(&[&str], Option<Embargo>); 5] = [
            (&[], None),
            (&["2024-04-01T12:00:00Z"], until("2024-04-01T12:00:00Z")),
            (&["2024-04-01T12:00:00Z", "2024-04-02T12:00:00Z"], until("2024-04-02T12:00:00Z")),
            (&[" "], open("")),
            (&["2024-04-01T12:00:00Z", "after the speech"], open("after the speech")),
        ];
        for (texts, expected) in cases {
            let date = |text: &&str| WireDate { kind: DateKind::Embargoed, text: (*text).into() };
            let dates: Vec<_> = texts.iter().map(date).collect();
            assert_eq!(read(&dates, &Clock::default(), &mut Vec::new()), expected, "{texts:?}");
        }
    }
}
