//! A crontab line with a time zone, meaning what crontab means.
//!
//! The `cron` package counts; it reads Quartz, not crontab: it wants seconds in front, calls Sunday 1, and asks for both
//! day fields where crontab asks for either. So a line is read here and handed over as plain lists.

use super::fields::Line;
use chrono::DateTime;
use jiff::{Timestamp, tz::Offset, tz::TimeZone};

/// A crontab line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cron \"{expression}\": {reason}")]
pub struct CronError {
    /// The line as written.
    pub expression: String,
    /// What is wrong with it, and what was expected.
    pub reason: String,
}

/// A crontab line in a time zone.
#[derive(Debug, Clone)]
pub struct Cron {
    expression: String,
    zone: TimeZone,
    /// Two when both day fields are given: crontab runs when either fits.
    schedules: Vec<cron::Schedule>,
    /// A `*` in minutes or hours: such a line follows the real clock through a change of the clocks.
    wild: bool,
}

impl Cron {
    /// Reads the five fields of a crontab line (minute, hour, day of month, month, day of week; 0 and 7 are Sunday;
    /// names, lists, ranges and steps) or one of `@hourly @daily @midnight @weekly @monthly @yearly @annually`.
    ///
    /// # Errors
    /// [`CronError`] with the line, the field and what it may hold.
    pub fn parse(expression: &str, zone: TimeZone) -> Result<Self, CronError> {
        let refuse = |reason: String| CronError { expression: expression.to_owned(), reason };
        let line = Line::read(expression).map_err(refuse)?;
        let schedules = line.for_cron().iter().map(|line| line.parse()).collect::<Result<Vec<_>, _>>();
        let schedules = schedules.map_err(|error: cron::error::Error| refuse(error.to_string()))?;
        Ok(Self { expression: expression.trim().into(), zone, schedules, wild: line.wild })
    }

    /// The first time strictly after `after` that fits; `None` when none ever will (30 February).
    ///
    /// When the clocks go forward, a line with fixed hours and minutes that falls into the lost hour runs once as the
    /// hour ends; when they go back it runs once, the first time. A line with `*` follows the real clock.
    #[must_use]
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let mut local = self.local_start(after);
        let mut from = after;
        loop {
            let offset = self.zone.to_offset(from);
            let tick = instant(self.next_local(local)?, offset)?;
            let Some(change) = self.zone.following(from).next().map(|change| change.timestamp()) else {
                return Some(tick);
            };
            if tick < change {
                return Some(tick);
            }
            let (old, new) = (wall(change, offset), wall(change, self.zone.to_offset(change)));
            if !self.wild && new > old && self.next_local(old - 1)? < new {
                return Some(change);
            }
            local = if self.wild { new - 1 } else { new.max(old) - 1 };
            from = change;
        }
    }

    /// Where to begin on the wall clock: later than `after` says when that hour is being repeated and has had its runs.
    fn local_start(&self, after: Timestamp) -> i64 {
        let here = wall(after, self.zone.to_offset(after));
        let Some(next_second) =
            after.checked_add(jiff::SignedDuration::from_secs(1)).ok().filter(|_| !self.wild)
        else {
            return here;
        };
        let Some(change) = self.zone.preceding(next_second).next().map(|change| change.timestamp()) else {
            return here;
        };
        let Ok(before) = change.checked_sub(jiff::SignedDuration::from_secs(1)) else { return here };
        here.max(wall(change, self.zone.to_offset(before)) - 1)
    }

    /// The next fitting second on the wall clock, strictly after `local`, both as seconds since 1970 on that clock.
    fn next_local(&self, local: i64) -> Option<i64> {
        let start = DateTime::from_timestamp(local, 0)?;
        self.schedules
            .iter()
            .filter_map(|schedule| schedule.after(&start).next())
            .map(|tick| tick.timestamp())
            .min()
    }
}

impl std::fmt::Display for Cron {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.expression, self.zone.iana_name().unwrap_or("fixed offset"))
    }
}

fn wall(at: Timestamp, offset: Offset) -> i64 {
    at.as_second() + i64::from(offset.seconds())
}

fn instant(local: i64, offset: Offset) -> Option<Timestamp> {
    Timestamp::from_second(local - i64::from(offset.seconds())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let cron = Cron::parse(expression, zone.clone()).unwrap();
        let mut at: Timestamp = after.parse().unwrap();
        let mut seen = Vec::new();
        while let Some(next) = cron.next(at).filter(|_| seen.len() < count) {
            assert!(next > at, "{expression}: {next} is not after {at}");
            seen.push(next.to_zoned(zone.clone()).strftime("%a %m-%d %H:%M%:z").to_string());
            at = next;
        }
        seen
    }

    #[test]
    fn five_fields_mean_what_crontab_means() {
        let after = "2024-04-01T00:00:00Z"; // a Monday
        let table = [
            ("*/20 * * * *", "Mon 04-01 00:20+00:00"),
            ("0 9 * * 1", "Mon 04-01 09:00+00:00"),
            ("0 9 * * 0", "Sun 04-07 09:00+00:00"),
            ("0 9 * * 7", "Sun 04-07 09:00+00:00"),
            ("0 9 * * sat", "Sat 04-06 09:00+00:00"),
            ("0 9 * * Tuesday", "Tue 04-02 09:00+00:00"),
            ("0 9 * * 6-7", "Sat 04-06 09:00+00:00"),
            ("0 9 * * 5-7/2", "Fri 04-05 09:00+00:00"),
            ("0 9 * * fri-mon", "Mon 04-01 09:00+00:00"),
            ("0 9 * * */2", "Tue 04-02 09:00+00:00"),
            ("5 4 29 feb *", "Tue 02-29 04:05+00:00"),
            ("30 6-23/8 * * *", "Mon 04-01 06:30+00:00"),
            ("10/20 0 * * *", "Mon 04-01 00:10+00:00"),
            ("0 12 13 * 5", "Fri 04-05 12:00+00:00"),
            ("@hourly", "Mon 04-01 01:00+00:00"),
            ("@Weekly", "Sun 04-07 00:00+00:00"),
            ("0 0 ? * ?", "Tue 04-02 00:00+00:00"),
        ];
        for (expression, first) in table {
            assert_eq!(runs(expression, "UTC", after, 1), [first], "{expression}");
        }
    }

    #[test]
    fn either_day_field_is_enough_when_both_are_given() {
        let seen = runs("0 12 13 * 5", "UTC", "2024-04-06T00:00:00Z", 2);
        assert_eq!(seen, ["Fri 04-12 12:00+00:00", "Sat 04-13 12:00+00:00"]);
    }

    #[test]
    fn a_lost_hour_runs_a_fixed_line_once_as_it_ends() {
        let seen = runs("30 2 * * *", "America/New_York", "2024-03-09T12:00:00Z", 2);
        assert_eq!(seen, ["Sun 03-10 03:00-04:00", "Mon 03-11 02:30-04:00"]);
        let wild = runs("*/30 * * * *", "America/New_York", "2024-03-10T06:29:00Z", 3);
        assert_eq!(wild, ["Sun 03-10 01:30-05:00", "Sun 03-10 03:00-04:00", "Sun 03-10 03:30-04:00"]);
    }

    #[test]
    fn a_repeated_hour_runs_a_fixed_line_once_and_a_wild_one_all_through() {
        let seen = runs("30 1 * * *", "America/New_York", "2024-11-03T04:00:00Z", 2);
        assert_eq!(seen, ["Sun 11-03 01:30-04:00", "Mon 11-04 01:30-05:00"]);
        let again = runs("30 1 * * *", "America/New_York", "2024-11-03T06:10:00Z", 1);
        assert_eq!(again, ["Mon 11-04 01:30-05:00"], "asked in the middle of the repeated hour");
        let wild = runs("30 * * * *", "America/New_York", "2024-11-03T05:00:00Z", 3);
        assert_eq!(wild, ["Sun 11-03 01:30-04:00", "Sun 11-03 01:30-05:00", "Sun 11-03 02:30-05:00"]);
    }

    #[test]
    fn a_whole_skipped_day_and_a_half_hour_change_are_survived() {
        let samoa = runs("0 9 * * *", "Pacific/Apia", "2011-12-29T20:00:00Z", 2);
        assert_eq!(samoa, ["Sat 12-31 00:00+14:00", "Sat 12-31 09:00+14:00"]);
        let lord_howe = runs("15 2 * * *", "Australia/Lord_Howe", "2024-10-05T10:00:00Z", 2);
        assert_eq!(lord_howe, ["Sun 10-06 02:30+11:00", "Mon 10-07 02:15+11:00"]);
    }

    #[test]
    fn a_line_that_never_comes_round_says_none() {
        assert!(runs("0 0 30 2 *", "Europe/Berlin", "2024-04-01T00:00:00Z", 1).is_empty());
    }

    #[test]
    fn what_crontab_would_refuse_is_refused_with_the_field_and_what_it_may_hold() {
        let table = [
            ("* * * *", "4 fields; expected five"),
            ("0 */5 6 * * 1", "6 fields; expected five"),
            ("61 * * * *", "minute \"61\": expected 0 to 59"),
            ("0 24 * * *", "hour \"24\": expected 0 to 23"),
            ("0 0 0 * *", "day of month \"0\": expected 1 to 31"),
            ("0 0 * jam *", "month \"jam\": expected 1 to 12 or jan to dec"),
            ("0 0 * * 8", "day of week \"8\": expected 0 to 7 or sun to sat"),
            ("*/0 * * * *", "the step after / must be 1 or more"),
            ("5-1 * * * *", "the range runs backwards"),
            ("@reboot", "unknown shorthand"),
            ("0,, * * * *", "minute \"\""),
            ("", "0 fields"),
        ];
        for (expression, expected) in table {
            let refused = Cron::parse(expression, TimeZone::UTC).unwrap_err().to_string();
            assert!(refused.contains(expected), "{expression}: {refused}");
            assert!(refused.starts_with(&format!("cron \"{expression}\"")), "{refused}");
        }
    }
}
