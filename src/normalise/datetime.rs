//! Dates as feeds really print them.
//!
//! RFC 3339, ISO 8601, RFC 822 and what people make of them, asctime, seconds since 1970, dates in words. A text is cut into
//! numbers, words and marks; the clock and the zone are taken out of it, and what is left must be one row of `layout`.
//! A word that is not known makes the whole unreadable: "not before 1 April" must not become a date.

mod clock;
mod layout;
mod token;
mod words;
mod zone;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;
pub use words::ENGLISH;

use crate::item::Moment;

/// A printed date longer than this is prose.
const LONGEST: usize = 80;
/// Years outside of this are slips: the year 1 of an empty .NET date, the year 20024.
const YEARS: std::ops::RangeInclusive<i16> = 1600..=2199;

/// The clock that a wire's printed dates go by.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The zone of a local time.
    pub zone: TimeZone,
    /// A time that says it is UTC is local all the same.
    pub utc_is_local: bool,
    /// `04/05/2024` is the 4th of May, and not the 5th of April.
    pub day_first: bool,
}

impl Default for Clock {
    /// Greenwich's.
    fn default() -> Self {
        Self { zone: TimeZone::UTC, utc_is_local: false, day_first: false }
    }
}

impl Clock {
    /// The instant that `printed` means by this clock, with the offset that it prints, else that of the zone it is local in.
    /// `None` when it cannot be read.
    #[must_use]
    pub fn read(&self, printed: &str) -> Option<Moment> {
        let believed = if self.utc_is_local { without_utc(printed.trim()) } else { printed };
        read_by(believed, &self.zone, self.day_first)
    }
}

/// The same without a mark of UTC at its end.
fn without_utc(printed: &str) -> &str {
    const MARKS: [&str; 6] = ["Z", "GMT", "UTC", "+0000", "+00:00", "-0000"];
    MARKS.iter().find_map(|mark| printed.strip_suffix(mark)).map_or(printed, str::trim_end)
}

/// The instant a printed date means; a local time is in `local`. `None` when it cannot be read.
#[must_use]
pub fn read(printed: &str, local: &TimeZone) -> Option<Moment> {
    read_by(printed, local, false)
}

fn read_by(printed: &str, local: &TimeZone, day_first: bool) -> Option<Moment> {
    let printed = printed.trim();
    if printed.is_empty() || printed.len() > LONGEST {
        return None;
    }
    let at = rfc_822(printed)
        .or_else(|| printed.parse().ok())
        .or_else(|| since_1970(printed).map(Moment::from))
        .or_else(|| in_words(printed, local, day_first))?;
    YEARS.contains(&at.instant().to_zoned(TimeZone::UTC).year()).then_some(at)
}

/// `Mon, 01 Apr 2024 14:05:00 GMT`, as nearly every RSS feed prints it and with no slip in it.
fn rfc_822(printed: &str) -> Option<Moment> {
    static PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    let zone = printed.get(26..)?;
    let is_whole = printed.len() <= 31 && printed.get(3..5) == Some(", ") && printed.get(22..23) == Some(":");
    let has_zone = zone == "GMT" || zone.starts_with(['+', '-']);
    let zoned = (is_whole && has_zone).then(|| PARSER.parse_zoned(printed).ok())??;
    Some(Moment::told(zoned.timestamp(), zoned.offset()))
}

/// Seconds or milliseconds since 1970: nine digits or more, and nothing else but zeros behind a point, or what .NET writes
/// around them in JSON: `/Date(1711980300000)/`.
fn since_1970(printed: &str) -> Option<Timestamp> {
    let bare = printed.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")).unwrap_or(printed);
    let whole = bare.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b.is_ascii_digit()));
    let digits = whole.map_or(bare, |(seconds, _)| seconds);
    let number: i64 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    match digits.len() {
        9 | 10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

fn in_words(printed: &str, local: &TimeZone, day_first: bool) -> Option<Moment> {
    if let Some((before, zone)) = zone::by_its_city(printed) {
        return in_words(before, &zone, day_first);
    }
    let lower = words::lower(printed);
    let lower = clock::with_colon(&lower);
    let mut tokens = token::cut(&lower);
    let clock = clock::take(&mut tokens)?;
    let zone = zone::take(&mut tokens, clock.at)?;
    let date = layout::date(&tokens, day_first)?;
    let time = Time::new(clock.hour % 24, clock.minute, clock.second, clock.nanosecond).ok()?;
    let midnight = if clock.hour == 24 { date.tomorrow().ok()? } else { date };
    let moment = DateTime::from_parts(midnight, time);
    let zone = zone.as_ref().unwrap_or(local);
    let at = zone.to_ambiguous_timestamp(moment).compatible().ok()?;
    Some(Moment::told(at, zone.to_offset(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_call_the_local_time_utc() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        for (printed, utc_is_local, expected) in [
            ("2024-04-01T14:05:00Z", false, "2024-04-01T14:05:00Z"),
            ("2024-04-01T14:05:00Z", true, "2024-04-01T12:05:00Z"),
            ("Mon, 01 Apr 2024 14:05:00 GMT", true, "2024-04-01T12:05:00Z"),
            ("20240401T140500+0000", true, "2024-04-01T12:05:00Z"),
            ("2024-04-01T14:05:00-04:00", true, "2024-04-01T18:05:00Z"),
            ("2024-04-01T14:05:00", false, "2024-04-01T12:05:00Z"),
        ] {
            let clock = Clock { zone: zone.clone(), utc_is_local, day_first: false };
            assert_eq!(clock.read(printed), expected.parse().ok(), "{printed}");
        }
    }

    #[test]
    fn a_date_keeps_the_offset_it_prints_or_that_of_the_zone_it_is_local_in() {
        let tell = |zone: &str, utc_is_local: bool, printed: &str| {
            let zone = TimeZone::get(zone).unwrap();
            Clock { zone, utc_is_local, day_first: false }.read(printed).unwrap().to_string()
        };
        for (printed, by_greenwich, by_sao_paulo) in [
            ("2024-05-03T22:46:08-03:00", "2024-05-03T22:46:08-03:00", "2024-05-03T22:46:08-03:00"),
            ("2024-05-03T22:46:08.5+05:30", "2024-05-03T22:46:08.5+05:30", "2024-05-03T22:46:08.5+05:30"),
            ("20240503T2246+0200", "2024-05-03T22:46:00+02:00", "2024-05-03T22:46:00+02:00"),
            ("Fri, 03 May 2024 22:46:08 -0300", "2024-05-03T22:46:08-03:00", "2024-05-03T22:46:08-03:00"),
            ("Fri, 3 May 2024 22:46 EDT", "2024-05-03T22:46:00-04:00", "2024-05-03T22:46:00-04:00"),
            ("May 3, 2024 10:46 pm ET", "2024-05-03T22:46:00-04:00", "2024-05-03T22:46:00-04:00"),
            ("2024-05-03 22:46:08 Asia/Tokyo", "2024-05-03T22:46:08+09:00", "2024-05-03T22:46:08+09:00"),
            ("3 May 2024 22:46", "2024-05-03T22:46:00Z", "2024-05-03T22:46:00-03:00"),
            ("2024-05-03", "2024-05-03T00:00:00Z", "2024-05-03T00:00:00-03:00"),
            ("2024-05-03T22:46:08Z", "2024-05-03T22:46:08Z", "2024-05-03T22:46:08Z"),
            ("2024-05-03T22:46:08+00:00", "2024-05-03T22:46:08Z", "2024-05-03T22:46:08Z"),
            ("Fri, 03 May 2024 22:46:08 GMT", "2024-05-03T22:46:08Z", "2024-05-03T22:46:08Z"),
            ("1711980300", "2024-04-01T14:05:00Z", "2024-04-01T14:05:00Z"),
        ] {
            assert_eq!(tell("UTC", false, printed), by_greenwich, "{printed}");
            assert_eq!(tell("America/Sao_Paulo", false, printed), by_sao_paulo, "{printed}");
        }
        let lying = tell("America/Sao_Paulo", true, "2024-05-03T22:46:08Z");
        assert_eq!(lying, "2024-05-03T22:46:08-03:00");
    }

    #[test]
    fn the_day_may_stand_before_the_month_where_only_numbers_and_strokes_are_printed() {
        let clock = Clock { day_first: true, ..Clock::default() };
        for (printed, expected) in [
            ("04/05/2024", "2024-05-04T00:00:00Z"),
            ("04/05/2024 05:49 pm", "2024-05-04T17:49:00Z"),
            ("04/05/24", "2024-05-04T00:00:00Z"),
            ("4/13/2024", "2024-04-13T00:00:00Z"),
            ("2024/04/05", "2024-04-05T00:00:00Z"),
            ("24-04-05", "2024-04-05T00:00:00Z"),
            ("April 5, 2024", "2024-04-05T00:00:00Z"),
        ] {
            assert_eq!(clock.read(printed), expected.parse().ok(), "{printed}");
        }
    }

    #[test]
    fn dates_as_feeds_print_them_are_read() {
        let cases = [
            // RFC 3339, W3CDTF, ISO 8601
            ("2024-04-01T14:05:00Z", "2024-04-01T14:05:00Z"),
            ("2024-04-01t14:05:00z", "2024-04-01T14:05:00Z"),
            ("2024-04-01T14:05:00.25-04:00", "2024-04-01T18:05:00.25Z"),
            ("2024-04-01T14:05:00,5+02:00", "2024-04-01T12:05:00.5Z"),
            ("2024-04-01T14:05:00+0500", "2024-04-01T09:05:00Z"),
            ("2024-04-01T14:05:00+05", "2024-04-01T09:05:00Z"),
            ("2024-04-01T14:05+02:00", "2024-04-01T12:05:00Z"),
            ("2024-04-01T14:05", "2024-04-01T14:05:00Z"),
            ("2024-04-01T14Z", "2024-04-01T14:00:00Z"),
            ("2024-04-01 14:05:00", "2024-04-01T14:05:00Z"),
            ("2024-04-01 14:05:00 UTC", "2024-04-01T14:05:00Z"),
            ("2024-04-01T14:05:00 +0200", "2024-04-01T12:05:00Z"),
            ("2024-04-01T24:00:00Z", "2024-04-02T00:00:00Z"),
            ("2024-4-1T4:5:6Z", "2024-04-01T04:05:06Z"),
            ("20240401T140500Z", "2024-04-01T14:05:00Z"),
            ("20240401T1405+0200", "2024-04-01T12:05:00Z"),
            ("20240401T140500", "2024-04-01T14:05:00Z"),
            ("20240401140500", "2024-04-01T14:05:00Z"),
            ("20240401", "2024-04-01T00:00:00Z"),
            ("2024-04-01", "2024-04-01T00:00:00Z"),
            ("2024-04-01Z", "2024-04-01T00:00:00Z"),
            ("2024-04-01+02:00", "2024-03-31T22:00:00Z"),
            ("2024-04", "2024-04-01T00:00:00Z"),
            ("2024", "2024-01-01T00:00:00Z"),
            ("2024-092", "2024-04-01T00:00:00Z"),
            ("2024092", "2024-04-01T00:00:00Z"),
            ("2024-W14-1", "2024-04-01T00:00:00Z"),
            ("2024W141", "2024-04-01T00:00:00Z"),
            ("2024-W14", "2024-04-01T00:00:00Z"),
            ("24-04-01", "2024-04-01T00:00:00Z"),
            ("2024/04/01 14:05:00", "2024-04-01T14:05:00Z"),
            ("2024:04:01 14:05:00", "2024-04-01T14:05:00Z"),
            ("1711980300", "2024-04-01T14:05:00Z"),
            ("1711980300000", "2024-04-01T14:05:00Z"),
            // RFC 822 and its mistakes
            ("Mon, 01 Apr 2024 14:05:00 GMT", "2024-04-01T14:05:00Z"),
            ("Mon, 01 Apr 2024 14:05:00 +0000", "2024-04-01T14:05:00Z"),
            ("Mon, 01 Apr 2024 10:05:00 EDT", "2024-04-01T14:05:00Z"),
            ("Mon, 1 Apr 2024 9:05:00 -0500", "2024-04-01T14:05:00Z"),
            ("Fri, 01 Apr 2024 14:05:00 GMT", "2024-04-01T14:05:00Z"),
            ("01 Apr 2024 14:05 GMT", "2024-04-01T14:05:00Z"),
            ("1 Apr 24 14:05:00 Z", "2024-04-01T14:05:00Z"),
            ("Mon,01 Apr 2024 14:05:00 GMT", "2024-04-01T14:05:00Z"),
            ("Mon 01 Apr 2024 14:05:00", "2024-04-01T14:05:00Z"),
            ("Monday, 1 April 2024 9:00:00", "2024-04-01T09:00:00Z"),
            ("Mon, 01 April 2024 14:05:00 GMT+1", "2024-04-01T13:05:00Z"),
            ("Mon, 01 Apr 2024 14:05:00 UTC-05:00", "2024-04-01T19:05:00Z"),
            ("Mon, 01 Apr 2024 15:05:00 +0100 (BST)", "2024-04-01T14:05:00Z"),
            ("Mon, 01 Apr 2024 15:05:00 BST", "2024-04-01T14:05:00Z"),
            ("Mon, 01 Apr 2024 23:05:00 JST", "2024-04-01T14:05:00Z"),
            ("Mon, 01 Apr 2024 24:00:00 GMT", "2024-04-02T00:00:00Z"),
            ("Mon, 01 Apr 2024 14:05:60 GMT", "2024-04-01T14:05:59Z"),
            ("Mon, 01 Apr 2024", "2024-04-01T00:00:00Z"),
            ("Mon, Apr 01 2024 14:05:00 GMT", "2024-04-01T14:05:00Z"),
            ("01-Apr-2024 14:05:00 +0000", "2024-04-01T14:05:00Z"),
            // asctime, date(1), numbers with slashes and dots
            ("Mon Apr  1 14:05:00 2024", "2024-04-01T14:05:00Z"),
            ("Mon Apr  1 10:05:00 EDT 2024", "2024-04-01T14:05:00Z"),
            ("Mon Apr 01 14:05:00 +0000 2024", "2024-04-01T14:05:00Z"),
            ("4/1/2024 2:05 PM", "2024-04-01T14:05:00Z"),
            ("04/01/2024 02:05:00 PM", "2024-04-01T14:05:00Z"),
            ("12/31/2024 12:05 AM", "2024-12-31T00:05:00Z"),
            ("31/12/2024", "2024-12-31T00:00:00Z"),
            ("01.04.2024 14:05", "2024-04-01T14:05:00Z"),
            ("01-04-2024", "2024-04-01T00:00:00Z"),
            // dates in words
            ("April 1, 2024 10:05 am ET", "2024-04-01T14:05:00Z"),
            ("January 15, 2024 9:05 a.m. ET", "2024-01-15T14:05:00Z"),
            ("April 1, 2024 - 6:01 pm", "2024-04-01T18:01:00Z"),
            ("1 April 2024 at 2 pm", "2024-04-01T14:00:00Z"),
            ("Apr. 1, 2024", "2024-04-01T00:00:00Z"),
            ("April 1st, 2024", "2024-04-01T00:00:00Z"),
            ("April 2024", "2024-04-01T00:00:00Z"),
            ("Montag, 1. April 2024, 14:05 Uhr", "2024-04-01T14:05:00Z"),
            ("lundi 1er avril 2024 14h05", "2024-04-01T14:05:00Z"),
            ("mar., 05 mars 2024 10:00:00 +0100", "2024-03-05T09:00:00Z"),
            ("1 de abril de 2024", "2024-04-01T00:00:00Z"),
            ("1 dicembre 2024", "2024-12-01T00:00:00Z"),
            ("1 mei 2024", "2024-05-01T00:00:00Z"),
            ("1. mai 2024 kl 14:05", "2024-05-01T14:05:00Z"),
            ("1. mai 2024 kl. 14.05", "2024-05-01T14:05:00Z"),
            ("1.4.2024, 9.15 Uhr", "2024-04-01T09:15:00Z"),
            ("3 May 2024 at 10.15am", "2024-05-03T10:15:00Z"),
            ("3 May 2024, 2.05 p.m.", "2024-05-03T14:05:00Z"),
            ("10.15pm, May 3, 2024", "2024-05-03T22:15:00Z"),
            ("Thu, 30 Jul 2020 03:15:54 America/New_York", "2020-07-30T07:15:54Z"),
            ("2020-07-30 03:15 Etc/GMT", "2020-07-30T03:15:00Z"),
            ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"),
            ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"),
            ("2024년 04월 01일 23:05:00", "2024-04-01T23:05:00Z"),
            ("2024-04-01 오후 11:05:17", "2024-04-01T23:05:17Z"),
            // other languages
            ("2019年4月19日（金） 09時39分", "2019-04-19T09:39:00Z"),
            ("2024年4月1日 午後2時5分", "2024-04-01T14:05:00Z"),
            ("2024年4月1日 星期一 上午10:15", "2024-04-01T10:15:00Z"),
            ("2024년 4월 1일 오후 2시 5분", "2024-04-01T14:05:00Z"),
            ("2024-04-01 (월) 14:05", "2024-04-01T14:05:00Z"),
            ("1 de abril de 2024 a las 14:05 h", "2024-04-01T14:05:00Z"),
            ("Publié le 1 avril 2024 à 14h05", "2024-04-01T14:05:00Z"),
            ("pon., 1 kwietnia 2024 r. 14:05", "2024-04-01T14:05:00Z"),
            ("1. října 2024", "2024-10-01T00:00:00Z"),
            ("1. júna 2024", "2024-06-01T00:00:00Z"),
            ("luni, 1 ianuarie 2024", "2024-01-01T00:00:00Z"),
            ("понеділок, 1 квітня 2024 14:05", "2024-04-01T14:05:00Z"),
            ("1 апреля 2024 г. в 14:05", "2024-04-01T14:05:00Z"),
            ("1 Mayıs 2024 Çarşamba 14:05", "2024-05-01T14:05:00Z"),
            ("Senin, 1 April 2024 14:05 WIB", "2024-04-01T07:05:00Z"),
            ("maanantaina 1. huhtikuuta 2024 klo 14.05", "2024-04-01T14:05:00Z"),
            ("الاثنين 1 نيسان 2024", "2024-04-01T00:00:00Z"),
            ("١ كانون الثاني ٢٠٢٤", "2024-01-01T00:00:00Z"),
            ("1 באפריל 2024", "2024-04-01T00:00:00Z"),
            ("1 मई 2024, 02:05 PM", "2024-05-01T14:05:00Z"),
            ("1 เมษายน 2567", "2024-04-01T00:00:00Z"),
            ("ngày 1 tháng 4 năm 2024", "2024-04-01T00:00:00Z"),
            ("Mon 1 Apr 2024 14.05 BST", "2024-04-01T13:05:00Z"),
            ("Mon, 01 Apr 2024 14.05.30 GMT", "2024-04-01T14:05:30Z"),
            ("April 1, 2024 | 2:05 PM", "2024-04-01T14:05:00Z"),
            ("1711980300.0", "2024-04-01T14:05:00Z"),
            ("/Date(1711980300000)/", "2024-04-01T14:05:00Z"),
            ("1 апреля 2024", "2024-04-01T00:00:00Z"),
        ];
        for (printed, expected) in cases {
            let expected: Moment = expected.parse().unwrap();
            assert_eq!(read(printed, &TimeZone::UTC), Some(expected), "{printed}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        let cases = [
            "",
            " ",
            "yesterday",
            "soon",
            "0001-01-01T00:00:00Z",
            "9999-12-31T00:00:00Z",
            "2024-02-30",
            "2024-13-01",
            "Mon, 32 Apr 2024 14:05:00 GMT",
            "14:05",
            "12:65",
            "2024-04-01T25:00:00Z",
            "not before 1 April 2024",
            "1 April 2024 or later",
            "2024-04-01T14:05:00 XYZT",
            "12345",
            "Yes",
            "+",
            "::",
            "é",
            "99999999999999999999",
            "2024-04-01 14:05:00 extra",
        ];
        for printed in cases {
            assert_eq!(read(printed, &TimeZone::UTC), None, "{printed}");
        }
    }

    #[test]
    fn a_local_time_is_in_the_zone_of_the_house() {
        let west = TimeZone::fixed(jiff::tz::offset(-7));
        let expected = "2024-04-01T21:05:00Z".parse().ok();
        assert_eq!(read("April 1, 2024 2:05 pm", &west), expected);
        assert_eq!(read("Mon, 01 Apr 2024 21:05:00 GMT", &west), expected);
    }
}
