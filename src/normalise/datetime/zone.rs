//! The zone in a printed date.

use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::token::Token;

/// Zones by the names feeds print, in minutes east of Greenwich. Where a name has several meanings, the one wires mean.
const FIXED: &[(&str, i32)] = &[
    ("z", 0),
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("uct", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("ist", 330),
    ("cet", 60),
    ("cest", 120),
    ("mez", 60),
    ("mesz", 120),
    ("met", 60),
    ("mest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("sast", 120),
    ("cat", 120),
    ("eat", 180),
    ("wat", 60),
    ("trt", 180),
    ("idt", 180),
    ("gst", 240),
    ("pkt", 300),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("hkt", 480),
    ("sgt", 480),
    ("myt", 480),
    ("pht", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("nst", -210),
    ("ndt", -150),
    ("ast", -240),
    ("adt", -180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("brt", -180),
    ("brst", -120),
    ("art", -180),
    ("clt", -240),
    ("clst", -180),
    ("cot", -300),
    ("pet", -300),
    ("vet", -240),
];

/// Zones that turn their clocks, by names that do not say whether they have: as POSIX rules, so that no disk is read.
const TURNING: &[(&str, &str)] = &[
    ("et", "EST5EDT,M3.2.0,M11.1.0"),
    ("ct", "CST6CDT,M3.2.0,M11.1.0"),
    ("mt", "MST7MDT,M3.2.0,M11.1.0"),
    ("pt", "PST8PDT,M3.2.0,M11.1.0"),
];

/// The zone that is named by a city at the end (IANA: `America/New_York`), and what stands before it. The names come with the
/// program: no disk is read.
pub fn by_its_city(printed: &str) -> Option<(&str, TimeZone)> {
    static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    let (before, name) = printed.rsplit_once(' ')?;
    let is_name =
        name.contains('/') && name.starts_with(|c: char| c.is_ascii_uppercase()) && before.contains(':');
    let zone = if is_name { ZONES.get(name).ok()? } else { return None };
    Some((before, zone))
}

/// Takes the zone out of the tokens: right behind the clock, else at the end. `Some(None)` when none is printed,
/// `None` when what is printed is no zone.
pub fn take(tokens: &mut Vec<Token<'_>>, clock: Option<usize>) -> Option<Option<TimeZone>> {
    if let Some(at) = clock {
        if let Some(zone) = take_offset(tokens, at)? {
            comment(tokens, at);
            return Some(Some(zone));
        }
        if let Some(zone) = take_named(tokens, at)? {
            comment(tokens, at);
            return Some(Some(zone));
        }
        return Some(None);
    }
    let end = tokens.len();
    match tokens.get(end.saturating_sub(4)..) {
        Some([Token::Mark('+' | '-'), Token::Number(_), Token::Mark(':'), Token::Number(_)]) => {
            take_offset(tokens, end - 4)
        }
        _ => match tokens.last() {
            Some(Token::Word("z" | "utc" | "gmt")) => take_named(tokens, end - 1),
            _ => Some(None),
        },
    }
}

/// `+0500`, `+05`, `+05:00`, `+5`.
fn take_offset(tokens: &mut Vec<Token<'_>>, at: usize) -> Option<Option<TimeZone>> {
    let sign = match tokens.get(at) {
        Some(Token::Mark('+')) => 1,
        Some(Token::Mark('-')) => -1,
        _ => return Some(None),
    };
    let Some(Token::Number(digits)) = tokens.get(at + 1).copied() else { return Some(None) };
    let colon = tokens.get(at + 2).is_some_and(|token| token.is(':'));
    let after = tokens.get(at + 3).and_then(|token| token.short(2)).filter(|_| colon);
    let (hours, minutes) = hours_and_minutes(digits, after)?;
    tokens.drain(at..if after.is_some() { at + 4 } else { at + 2 });
    fixed(sign * (hours * 60 + minutes)).map(Some)
}

fn hours_and_minutes(digits: &str, after: Option<i8>) -> Option<(i32, i32)> {
    let cut = if digits.len() > 2 { digits.len() - 2 } else { digits.len() };
    let (hours, minutes) = digits.split_at_checked(cut)?;
    let minutes = match after {
        Some(minutes) => i32::from(minutes),
        None if minutes.is_empty() => 0,
        None => minutes.parse().ok()?,
    };
    let hours: i32 = hours.parse().ok()?;
    (hours <= 26 && minutes < 60).then_some((hours, minutes))
}

/// `EST`, `(CET)`, `GMT+1`, `UTC-05:00`.
fn take_named(tokens: &mut Vec<Token<'_>>, at: usize) -> Option<Option<TimeZone>> {
    let open = usize::from(tokens.get(at).is_some_and(|token| token.is('(')));
    let Some(Token::Word(name)) = tokens.get(at + open).copied() else { return Some(None) };
    let Some(zone) = named(name) else { return Some(None) };
    tokens.drain(at..=at + open);
    if open == 1 && tokens.get(at).is_some_and(|token| token.is(')')) {
        tokens.remove(at);
    }
    Some(Some(take_offset(tokens, at)?.unwrap_or(zone)))
}

fn named(name: &str) -> Option<TimeZone> {
    let minutes = FIXED.iter().find(|(known, _)| *known == name).map(|(_, minutes)| *minutes);
    minutes.and_then(fixed).or_else(|| {
        let rule = TURNING.iter().find(|(known, _)| *known == name)?.1;
        TimeZone::posix(rule).ok()
    })
}

fn fixed(minutes: i32) -> Option<TimeZone> {
    Offset::from_seconds(minutes * 60).ok().map(TimeZone::fixed)
}

/// Drops a comment in brackets behind the zone: `+0200 (CEST)`, `+0000 (Coordinated Universal Time)`; and a name behind an offset.
fn comment(tokens: &mut Vec<Token<'_>>, at: usize) {
    if tokens.get(at).is_some_and(|token| token.is('(')) {
        let end = tokens.iter().skip(at).position(|token| token.is(')'));
        tokens.drain(at..end.map_or(tokens.len(), |end| at + end + 1));
    } else if matches!(tokens.get(at), Some(Token::Word(name)) if named(name).is_some()) {
        tokens.remove(at);
    }
}
