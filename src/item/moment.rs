//! An instant as its sender's clock told it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::NewsItem;

/// An instant, and how far from UTC the clock was by which its sender told it.
///
/// Written as RFC 3339 with that offset, `2024-05-03T22:46:08-03:00`, so that the sender's own day can be read from it
/// (NewsML-G2 `versionCreated`, ninjs `versioncreated` and NITF `norm` carry it too); UTC ends in `Z`.
/// Two of them are equal when they are the same instant, whatever the clocks: a story told by another clock is not changed.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    at: Timestamp,
    offset: Offset,
}

impl Moment {
    /// `at`, as a clock that is `offset` east of Greenwich tells it. Of the seconds that towns' own clocks had before there were
    /// zones nothing is kept: RFC 3339 cannot write them.
    #[must_use]
    pub fn told(at: Timestamp, offset: Offset) -> Self {
        let minutes = offset.seconds() / 60;
        Self { at, offset: Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC) }
    }

    /// The instant, whatever the clock.
    #[must_use]
    pub fn instant(self) -> Timestamp {
        self.at
    }

    /// The day that its sender's calendar shows.
    #[must_use]
    pub fn day(self) -> Date {
        self.offset.to_datetime(self.at).date()
    }

    /// Is it told by another clock than that of UTC?
    #[must_use]
    pub fn has_offset(self) -> bool {
        !self.offset.is_zero()
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self { at, offset: Offset::UTC }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_offset() { self.at.display_with_offset(self.offset).fmt(f) } else { self.at.fmt(f) }
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    /// RFC 3339, with any offset or `Z`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let at = text.parse()?;
        let is_utc = text.ends_with(['Z', 'z']);
        let pieces = if is_utc { None } else { Pieces::parse(text).ok() };
        let offset = pieces.and_then(|pieces| pieces.to_numeric_offset());
        Ok(Self::told(at, offset.unwrap_or(Offset::UTC)))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}

impl Hash for Moment {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at.hash(state);
    }
}

impl NewsItem {
    /// When this version was made, if it says so itself.
    #[must_use]
    pub fn dated(&self) -> Option<Timestamp> {
        self.updated.or(self.published).map(Moment::instant)
    }

    /// When this version was made, as far as it says so; else when it came.
    #[must_use]
    pub fn changed(&self) -> Option<Timestamp> {
        self.dated().or(self.received)
    }

    /// When the story first appeared, as far as it says so; else when it came.
    #[must_use]
    pub fn appeared(&self) -> Option<Timestamp> {
        self.published.map(Moment::instant).or_else(|| self.changed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_read_is_written_as_it_was_and_shows_its_own_day() {
        for (read, written, day) in [
            ("2024-05-03T22:46:08-03:00", "2024-05-03T22:46:08-03:00", "2024-05-03"),
            ("2024-05-03T22:46:08.25+05:30", "2024-05-03T22:46:08.25+05:30", "2024-05-03"),
            ("2024-05-04T01:46:08Z", "2024-05-04T01:46:08Z", "2024-05-04"),
            ("2024-05-04T01:46:08+00:00", "2024-05-04T01:46:08Z", "2024-05-04"),
        ] {
            let json = format!("\"{written}\"");
            assert_eq!(moment(read).to_string(), written);
            assert_eq!(moment(read).day().to_string(), day, "{read}");
            assert_eq!(serde_json::to_string(&moment(read)).unwrap(), json);
            assert_eq!(serde_json::from_str::<Moment>(&json).unwrap().to_string(), written);
        }
        assert!(serde_json::from_str::<Moment>("\"soon\"").is_err());
    }

    #[test]
    fn a_town_s_own_clock_moves_no_instant() {
        let at: Timestamp = "1900-01-01T12:00:00Z".parse().unwrap();
        let told = Moment::told(at, Offset::from_seconds(-(3 * 3600 + 6 * 60 + 28)).unwrap());
        assert_eq!(told.to_string(), "1900-01-01T08:54:00-03:06");
        assert_eq!(moment(&told.to_string()).instant(), at);
    }

    #[test]
    fn one_instant_by_two_clocks_is_one_moment() {
        let (there, here) = (moment("2024-05-03T22:46:08-03:00"), moment("2024-05-04T01:46:08Z"));
        assert_eq!(there, here);
        assert_eq!(there.cmp(&here), Ordering::Equal);
        assert_eq!(std::collections::HashSet::from([there, here]).len(), 1);
        assert!(moment("2024-05-03T23:00:00-03:00") > moment("2024-05-04T01:59:59Z"));
    }

    #[test]
    fn an_item_is_dated_by_what_it_says_of_itself_and_else_by_its_arrival() {
        let item = |published: &str, updated: &str, received: &str| NewsItem {
            published: published.parse().ok(),
            updated: updated.parse().ok(),
            received: received.parse().ok(),
            ..NewsItem::default()
        };
        let (one, two, three) =
            ("2024-05-01T00:00:00+02:00", "2024-05-02T00:00:00+02:00", "2024-05-03T00:00:00Z");
        for (item, dated, changed, appeared) in [
            (item(one, two, three), two, two, one),
            (item(one, "", three), one, one, one),
            (item("", two, three), two, two, two),
            (item("", "", three), "", three, three),
            (item("", "", ""), "", "", ""),
        ] {
            assert_eq!(item.dated(), dated.parse().ok());
            assert_eq!(item.changed(), changed.parse().ok());
            assert_eq!(item.appeared(), appeared.parse().ok());
        }
    }
}
