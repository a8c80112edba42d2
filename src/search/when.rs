//! How a person says a time: `24h`, `3d`, `yesterday`, `2024-04-01`, `2024-04-01T14:05Z`.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The seconds of each unit a span may be given in.
const UNITS: &[(char, i64)] = &[('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];

/// Days by name, and how many days ago they began.
const DAYS: &[(&str, i64)] = &[("today", 0), ("yesterday", 1)];

/// The instant that `text` means at `now`: a span back, a day's beginning, a moment. What names no zone is in `zone`.
#[must_use]
pub fn instant(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let civil = |at: DateTime| at.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    span_before(text, now)
        .or_else(|| text.parse().ok())
        .or_else(|| text.parse::<DateTime>().ok().and_then(civil))
        .or_else(|| day(text, now, zone).and_then(|date| civil(date.at(0, 0, 0, 0))))
}

/// From the beginning of a day to its end.
#[must_use]
pub fn whole_day(text: &str, now: Timestamp, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let date = day(text, now, zone)?;
    let begins = |date: Date| date.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    Some((begins(date)?, begins(date.tomorrow().ok()?)?))
}

fn day(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Date> {
    let named = DAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    let ago = |(_, days): &(&str, i64)| now.to_zoned(zone.clone()).date().checked_sub(days.days()).ok();
    named.and_then(ago).or_else(|| text.parse::<Date>().ok())
}

fn span_before(text: &str, now: Timestamp) -> Option<Timestamp> {
    let unit = text.chars().last()?;
    let (_, seconds) = UNITS.iter().find(|(letter, _)| *letter == unit)?;
    let count: i64 = text.strip_suffix(unit)?.trim().parse().ok().filter(|count| *count >= 0)?;
    now.checked_sub(SignedDuration::from_secs(count.checked_mul(*seconds)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_a_date_and_an_instant_are_understood_and_nonsense_is_not() {
        let now: Timestamp = "2024-04-02T12:00:00Z".parse().unwrap();
        let cases = [
            ("24h", Some("2024-04-01T12:00:00Z")),
            ("90m", Some("2024-04-02T10:30:00Z")),
            ("2w", Some("2024-03-19T12:00:00Z")),
            ("today", Some("2024-04-02T04:00:00Z")),
            ("Yesterday", Some("2024-04-01T04:00:00Z")),
            ("2024-04-01", Some("2024-04-01T04:00:00Z")),
            ("2024-04-01T14:05", Some("2024-04-01T18:05:00Z")),
            ("2024-04-01T14:05Z", Some("2024-04-01T14:05:00Z")),
            ("-3h", None),
            ("99999999999999w", None),
            ("yesterday-ish", None),
            ("", None),
            ("h", None),
        ];
        let new_york = TimeZone::get("America/New_York").unwrap();
        for (text, expected) in cases {
            let expected = expected.map(|at| at.parse().unwrap());
            assert_eq!(instant(text, now, &new_york), expected, "{text:?}");
        }
        let day = whole_day("2024-03-10", now, &new_york).unwrap();
        assert_eq!(day.0.duration_until(day.1).as_hours(), 23, "clocks went forward");
    }
}
