//! When was it published, when changed, and when does it end? Each printed date read once, an unreadable one a fault.

use jiff::Timestamp;

use crate::item::Moment;
use crate::wire::{DateKind, Fault, WireDate};

use super::datetime::Clock;
use super::shown;

/// The dates of a story or feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates {
    /// First publication: as printed, else when the content was made, else when it was sent if nothing else is known.
    /// A date of change alone says nothing about it.
    pub published: Option<Moment>,
    /// This version.
    pub updated: Option<Moment>,
    /// Not to be shown after this.
    pub expires: Option<Timestamp>,
}

/// Reads all dates but embargoes; local times by `clock`. The last readable one of a kind counts, and of those first the last
/// that says a time of day: `prism:publicationDate` is the mere day of a `dc:date` beside it.
#[must_use]
pub fn read(dates: &[WireDate], clock: &Clock, faults: &mut Vec<Fault>) -> Dates {
    let plain = dates.iter().filter(|date| ![DateKind::Embargoed, DateKind::Shown].contains(&date.kind));
    let values: Vec<_> = plain.map(|date| (date, value(date, clock, faults))).collect();
    let last = |kind: DateKind| {
        let read = || values.iter().filter(|(date, _)| date.kind == kind);
        let exact = read().filter(|(date, _)| !is_a_day(&date.text)).filter_map(|(_, at)| *at).next_back();
        exact.or_else(|| read().filter_map(|(_, at)| *at).next_back())
    };
    let updated = last(DateKind::Updated);
    let sent = || last(DateKind::Sent).filter(|_| updated.is_none());
    let first = last(DateKind::Published).filter(|at| !is_misread(*at, updated));
    let first = first.or_else(|| turned(dates, clock).filter(|at| !is_misread(*at, updated)));
    let published =
        first.or_else(|| last(DateKind::Published)).or_else(|| last(DateKind::Created)).or_else(sent);
    let published = published.map(|at| shown::told(at, dates, clock));
    Dates { published, updated, expires: last(DateKind::Expires).map(Moment::instant) }
}

/// True for `2024-04-01`, which leaves the time open.
fn is_a_day(printed: &str) -> bool {
    let printed = printed.trim();
    printed.len() == 10 && printed.bytes().filter(|byte| *byte == b'-').count() == 2
}

/// Published weeks after it was changed: day and month were taken for each other.
fn is_misread(published: Moment, updated: Option<Moment>) -> bool {
    let weeks = |updated: Moment| published.instant().duration_since(updated.instant()).as_hours() > 14 * 24;
    updated.is_some_and(weeks)
}

/// The date of publication with its first two numbers turned: `10/05/2022` is the 10th of May, or the 5th of October.
fn turned(dates: &[WireDate], clock: &Clock) -> Option<Moment> {
    let printed = dates.iter().rfind(|date| date.kind == DateKind::Published)?.text.trim();
    let (one, rest) = printed.split_once('/')?;
    let (other, rest) = rest.split_once('/')?;
    clock.read(&format!("{other}/{one}/{rest}"))
}

/// One printed date; an unreadable one leaves a `bad_date` fault, an empty one says nothing.
pub fn value(date: &WireDate, clock: &Clock, faults: &mut Vec<Fault>) -> Option<Moment> {
    let text = date.text.trim();
    let at = clock.read(text);
    if at.is_none() && !text.is_empty() {
        faults.push(Fault::of("bad_date", field(date.kind), format!("cannot read {text:?} as a date")));
    }
    at
}

/// What a kind of date is called in a fault.
fn field(kind: DateKind) -> &'static str {
    match kind {
        DateKind::Published | DateKind::Created | DateKind::Sent | DateKind::Shown => "published",
        DateKind::Updated => "updated",
        DateKind::Embargoed => "embargoed",
        DateKind::Expires => "expires",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Printed = [(DateKind, &'static str)];

    fn dates(printed: &Printed) -> (Dates, Vec<Fault>) {
        let mut faults = Vec::new();
        let dates: Vec<_> =
            printed.iter().map(|(kind, text)| WireDate { kind: *kind, text: (*text).into() }).collect();
        (read(&dates, &Clock::default(), &mut faults), faults)
    }

    #[test]
    fn publication_falls_back_to_creation_and_at_last_to_sending() {
        use DateKind::{Created, Published, Sent, Updated};
        let (one, two) = ("2024-04-01T12:00:00Z", "2024-04-02T12:00:00Z");
        let cases: [(&Printed, Option<&str>); 9] = [
            (&[(Published, one), (Published, "2024-04-01")], Some(one)),
            (&[(Published, "2024-04-01"), (Published, "2024-04-02")], Some("2024-04-02T00:00:00Z")),
            (
                &[(Published, "10/05/2022 05:22 pm"), (Updated, "2022/05/10 17:36:11")],
                Some("2022-05-10T17:22:00Z"),
            ),
            (&[(Created, one), (Published, two)], Some(two)),
            (&[(Created, one), (Published, "soon")], Some(one)),
            (&[(Sent, one)], Some(one)),
            (&[(Sent, one), (Updated, two)], None),
            (&[(Updated, two)], None),
            (&[(Published, "never"), (Published, two)], Some(two)),
        ];
        for (printed, expected) in cases {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(dates(printed).0.published, expected, "{printed:?}");
        }
    }

    #[test]
    fn an_unreadable_date_is_a_fault_and_an_empty_one_is_not() {
        let (read, faults) = dates(&[(DateKind::Updated, "yesterday"), (DateKind::Expires, " ")]);
        assert_eq!(read, Dates::default());
        assert_eq!(faults, [Fault::of("bad_date", "updated", "cannot read \"yesterday\" as a date")]);
    }
}
