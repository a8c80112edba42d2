//! **Where, when and by whom was it filed?** The dateline, from a field of its own or from the head of the story.
//!
//! Only the first 200 bytes of a story are looked at. A joiner (a dash, a colon, a credit) is sought there; what
//! stands before it must read as a dateline and prove itself: by a credit, a date, a region, or a town that
//! exists. The text stays as printed; city, country and coordinates are resolved from tables and the gazetteer.

mod agency;
mod date;
mod line;
mod place;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::item::Dateline;
use crate::wire::WireDateline;
use line::{Joiner, Parts};

/// A dateline, and where the story proper begins behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// What it says.
    pub dateline: Dateline,
    /// Byte offset in the body of the first word after dateline and joiner; 0 when it stood in a field.
    pub body_offset: usize,
}

/// Finds the dateline in a field of its own, else at the head of the body. `story_date` gives it its year.
pub fn read(fields: &[WireDateline], body_text: &str, story_date: Option<Timestamp>) -> Option<Found> {
    let story = story_date.map(|at| at.to_zoned(TimeZone::UTC).date());
    let in_body = of_body(body_text, story);
    let Some(in_field) = fields.iter().find_map(|field| of_field(field, story)) else { return in_body };
    Some(match in_body {
        Some(body) if tell_the_same(&in_field, &body.dateline) => merge(in_field, body),
        _ => Found { dateline: in_field, body_offset: 0 },
    })
}

fn tell_the_same(field: &Dateline, body: &Dateline) -> bool {
    let folded = |city: &Option<String>| super::gazetteer::fold(city.as_deref().unwrap_or_default());
    body.city.is_none() || folded(&field.city) == folded(&body.city)
}

/// The field as it is printed, completed by what the story's head says besides.
fn merge(field: Dateline, body: Found) -> Found {
    let Found { dateline: body, body_offset } = body;
    let dateline = Dateline {
        agency: field.agency.or(body.agency),
        date: field.date.or(body.date),
        region: field.region.or(body.region),
        country: field.country.or(body.country),
        lat: field.lat.or(body.lat),
        lon: field.lon.or(body.lon),
        ..field
    };
    Found { dateline, body_offset }
}

fn of_field(field: &WireDateline, story: Option<Date>) -> Option<Dateline> {
    let printed = printed_of(field)?;
    let parts = line::read(strip_outer(&printed), Joiner::Field)?;
    let mut dateline = resolve(&printed, &parts, story);
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(String::from);
    dateline.city = given(&field.city).map(|city| place::reading_case(&city)).or(dateline.city);
    dateline.region = given(&field.region).or(dateline.region);
    dateline.country = given(&field.country).map(|it| place::country_code(&it)).or(dateline.country);
    Some(dateline)
}

/// The field's text, or city and country when only structure is given. Time stamps, numbers, `Yes` are no datelines.
fn printed_of(field: &WireDateline) -> Option<String> {
    let text = squeeze(&field.text);
    let text = text.trim_end_matches([' ', '-', '–', '—', '_', ':', '=']).to_string();
    if text.is_empty() {
        let parts = [&field.city, &field.region, &field.country];
        let given: Vec<&str> =
            parts.into_iter().flatten().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        return (field.city.is_some() && !given.is_empty()).then(|| given.join(", "));
    }
    let is_words = text.starts_with(|c: char| c.is_alphabetic() || "(/".contains(c));
    let is_answer =
        ["yes", "no", "true", "false", "none", "null"].contains(&text.to_ascii_lowercase().as_str());
    let bare_country = super::regions::named(&text).iter().any(|region| region.division.is_none());
    let city_too = super::gazetteer::places(&text).next().is_some();
    (is_words && !is_answer && (!bare_country || city_too)).then_some(text)
}

/// `(New York, NY - October 21)`: one pair of brackets around it all.
fn strip_outer(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    inner.filter(|it| !it.contains(['(', ')']) && it.contains(',')).unwrap_or(text)
}

/// How far into the story a dateline can reach.
const HEAD: usize = 200;

fn of_body(body: &str, story: Option<Date>) -> Option<Found> {
    let start = body.len() - body.trim_start_matches(|c: char| c.is_whitespace() || "*•^".contains(c)).len();
    let head = clip(&body[start..], HEAD);
    let found = candidates(head).find_map(|(end, after, joiner)| {
        let parts = line::read(strip_outer(head.get(..end)?), joiner)?;
        Some((end, after, parts))
    });
    let (end, after, mut parts) = found?;
    let (end, after) = date_behind(head, after, &mut parts).unwrap_or((end, after));
    let printed = squeeze(head.get(..end)?);
    let dateline = resolve(printed.trim_end_matches([' ', ',', '-']), &parts, story);
    let rest = head.get(after..)?;
    Some(Found { dateline, body_offset: start + after + (rest.len() - rest.trim_start().len()) })
}

/// `CHEVY CHASE, Md., - March 4 - `: the date behind a dash of its own.
fn date_behind(head: &str, after: usize, parts: &mut Parts<'_>) -> Option<(usize, usize)> {
    if parts.date.is_some() {
        return None;
    }
    let rest = head.get(after..)?;
    let (end, next, _) = candidates(clip(rest, 24)).next()?;
    parts.date = Some(date::whole(rest.get(..end)?)?);
    Some((after + end, after + next))
}

fn resolve(printed: &str, parts: &Parts<'_>, story: Option<Date>) -> Dateline {
    let mut dateline = place::resolve(parts.cities, parts.region);
    dateline.text = printed.to_string();
    dateline.date = parts.date.and_then(|printed| date::resolve(printed, story));
    dateline.agency = parts.agency.map(String::from);
    dateline
}

/// Every place in the head where a dateline may end: byte offset of its end, of what follows, and the joiner.
fn candidates(head: &str) -> impl Iterator<Item = (usize, usize, Joiner)> {
    head.char_indices().filter_map(move |(at, c)| {
        let after = at + c.len_utf8();
        let before = head.get(..at)?;
        let rest = head.get(after..)?;
        let spaced = before.ends_with(char::is_whitespace);
        let open = rest.is_empty() || rest.starts_with(char::is_whitespace);
        let doubled = rest.starts_with('-');
        match c {
            '-' | '–' | '—' | '―' | '_' if doubled => Some((at, after + 1, Joiner::Dash)),
            '—' | '―' => Some((at, after, Joiner::Dash)),
            '-' | '–' | '_'
                if open
                    && !before.ends_with('-')
                    && (spaced || before.ends_with(|c: char| !c.is_alphabetic())) =>
            {
                Some((at, after, Joiner::Dash))
            }
            ':' if open => Some((at, after, Joiner::Colon)),
            '.' if open && before.ends_with('/') => Some((at, after, Joiner::Dash)),
            ')' if open => Some((after, after, Joiner::Bare)),
            '\n' if before.ends_with(|c: char| c.is_ascii_digit()) => Some((at, after, Joiner::Bare)),
            _ => None,
        }
    })
}

/// The first `bytes` of a text, cut at a character.
fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
