//! By which clock was it published? A page tells machines an instant in UTC, and its readers the time on their own clocks: the
//! difference of the two is the offset of the place, and with it the day on which the story came out there.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::item::Moment;
use crate::wire::{DateKind, WireDate};

use super::datetime::Clock;

/// Clocks on land are between these, in minutes east of Greenwich, and whole or half hours off.
const OFFSETS: std::ops::RangeInclusive<i64> = -12 * 60..=14 * 60;
const STEP: i64 = 30;

/// The same instant by the clock that one of the shown dates goes by; as it is where none fits, or it has an offset of its own.
pub fn told(at: Moment, dates: &[WireDate], clock: &Clock) -> Moment {
    if at.has_offset() {
        return at;
    }
    let shown = dates.iter().filter(|date| date.kind == DateKind::Shown && date.text.contains(':'));
    let offset = shown.filter_map(|date| offset(at.instant(), date.text.trim(), clock)).next();
    offset.map_or(at, |offset| Moment::told(at.instant(), offset))
}

/// How far the clock that shows `printed` at this instant is from Greenwich: read with the month first, and with the day.
fn offset(at: Timestamp, printed: &str, clock: &Clock) -> Option<Offset> {
    let by = |day_first| Clock { zone: TimeZone::UTC, day_first, ..clock.clone() }.read(printed);
    let minutes = |shown: Moment| {
        // one that names its zone is the instant itself
        let own = shown.has_offset().then(|| shown.to_string().parse::<jiff::civil::DateTime>().ok())?;
        own.and_then(|own| TimeZone::UTC.to_timestamp(own).ok())
    };
    [false, true].into_iter().filter_map(by).find_map(|shown| {
        let local = minutes(shown).unwrap_or(shown.instant());
        let apart = local.as_second().div_euclid(60) - at.as_second().div_euclid(60);
        let fits = apart != 0 && apart % STEP == 0 && OFFSETS.contains(&apart);
        let seconds = i32::try_from(apart * 60).ok().filter(|_| fits)?;
        Offset::from_seconds(seconds).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_that_between_the_instant_and_what_is_shown() {
        for (at, shown, expected) in [
            ("2024-02-25T02:25:54Z", "February 24, 2024 9:25pm", "2024-02-24T21:25:54-05:00"),
            ("2024-05-04T02:41:00Z", "3/5/2024 22:41", "2024-05-03T22:41:00-04:00"),
            ("2024-02-20T00:41:13Z", "02/19/2024 07:41 pm ET", "2024-02-19T19:41:13-05:00"),
            ("2024-02-20T18:30:00Z", "21 Feb 2024 00:00", "2024-02-21T00:00:00+05:30"),
            // the time of a change, a day alone, the same clock, another day
            ("2024-02-25T02:25:54Z", "February 24, 2024 9:32pm", "2024-02-25T02:25:54Z"),
            ("2024-02-25T02:25:54Z", "February 24, 2024", "2024-02-25T02:25:54Z"),
            ("2024-02-25T02:25:54Z", "25 Feb 2024 02:25", "2024-02-25T02:25:54Z"),
            ("2024-02-25T02:25:54Z", "27 Feb 2024 02:25", "2024-02-25T02:25:54Z"),
            ("2024-02-25T02:25:54+01:00", "24 Feb 2024 21:25", "2024-02-25T02:25:54+01:00"),
        ] {
            let dates = [WireDate { kind: DateKind::Shown, text: shown.into() }];
            let told = told(at.parse().unwrap(), &dates, &Clock::default());
            assert_eq!(told.to_string(), expected, "{shown}");
        }
    }
}
