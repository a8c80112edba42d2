//! How a person says a time on the command line: `24h`, `3d`, `2024-04-01`, `2024-04-01T14:05Z`.

use anyhow::anyhow;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The seconds of each unit a span may be given in.
const UNITS: &[(char, i64)] = &[('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];

/// The instant that `text` means at `now`. A date or time without a zone is the reader's own.
pub fn instant(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    in_zone(text.trim(), now, &TimeZone::system()).ok_or_else(|| {
        anyhow!("reading the time {text:?}; hint: a span like 90m, 24h, 3d, 2w, or a date like 2024-04-01 or 2024-04-01T14:05Z")
    })
}

fn in_zone(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let civil = |at: DateTime| at.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    span_before(text, now)
        .or_else(|| text.parse().ok())
        .or_else(|| text.parse::<DateTime>().ok().and_then(civil))
        .or_else(|| text.parse::<Date>().ok().and_then(|date| civil(date.at(0, 0, 0, 0))))
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
            assert_eq!(in_zone(text, now, &new_york), expected, "{text:?}");
        }
    }
}
