//! An instant that keeps the clock it was printed by.

use std::fmt;
use std::str::FromStr;

use super::NewsItem;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant, with the offset from Greenwich that the wire printed with it: its day is the day the provider names.
///
/// Written as RFC 3339: `2024-04-01T22:30:00-04:00`, and with `Z` where no offset is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    at: Timestamp,
    offset: Offset,
}

impl Stamp {
    /// An instant by the clock of a place so far from Greenwich; seconds of an offset are left out, RFC 3339 has none.
    #[must_use]
    pub fn new(at: Timestamp, offset: Offset) -> Self {
        let minutes = offset.seconds().div_euclid(60).saturating_mul(60);
        Self { at, offset: Offset::from_seconds(minutes).unwrap_or(Offset::UTC) }
    }

    /// The instant.
    #[must_use]
    pub fn at(self) -> Timestamp {
        self.at
    }

    /// The day by the clock it was printed by.
    #[must_use]
    pub fn day(self) -> Date {
        self.offset.to_datetime(self.at).date()
    }
}

impl From<Timestamp> for Stamp {
    fn from(at: Timestamp) -> Self {
        Self { at, offset: Offset::UTC }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset == Offset::UTC {
            true => self.at.fmt(f),
            false => self.at.display_with_offset(self.offset).fmt(f),
        }
    }
}

impl FromStr for Stamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(text.parse()?, printed_offset(text).unwrap_or(Offset::UTC)))
    }
}

/// The offset at the end of a date: `+02:00`, `-0400`.
#[must_use]
pub fn printed_offset(text: &str) -> Option<Offset> {
    let (at, sign) = text.rmatch_indices(['+', '-']).next()?;
    let digits = text.get(at + 1..)?;
    let (hours, minutes) = digits.split_once(':').or_else(|| digits.split_at_checked(2))?;
    let number = |digits: &str| (digits.len() == 2).then(|| digits.parse::<u8>().ok())?;
    let seconds = i32::from(number(hours)?) * 3600 + i32::from(number(minutes).filter(|it| *it < 60)?) * 60;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}

impl NewsItem {
    /// The instant of first publication.
    #[must_use]
    pub fn published_at(&self) -> Option<Timestamp> {
        self.published.map(Stamp::at)
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Printed;
        impl de::Visitor<'_> for Printed {
            type Value = Stamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 date with a time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Stamp, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Printed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_written_as_it_was_read() {
        for (printed, instant) in [
            ("2024-04-01T22:30:00-04:00", "2024-04-02T02:30:00Z"),
            ("2024-04-01T22:30:00.25+05:30", "2024-04-01T17:00:00.25Z"),
            ("2024-04-01T22:30:00Z", "2024-04-01T22:30:00Z"),
        ] {
            let stamp: Stamp = printed.parse().unwrap();
            assert_eq!(stamp.to_string(), printed);
            assert_eq!(stamp.at(), instant.parse().unwrap(), "{printed}");
            let json = serde_json::to_string(&stamp).unwrap();
            assert_eq!(serde_json::from_str::<Stamp>(&json).unwrap(), stamp);
        }
    }

    #[test]
    fn an_offset_is_what_ends_a_date_and_nothing_else() {
        let minutes = |text: &str| printed_offset(text).map(|offset| offset.seconds() / 60);
        for (text, expected) in [
            ("2024-04-01T10:00:00+02:00", Some(120)),
            ("Mon, 01 Apr 2024 10:00:00 -0930", Some(-570)),
            ("2024-04-01T10:00:00Z", None),
            ("2024-04-01", None),
            ("+99:00", None),
            ("-é", None),
            ("", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
