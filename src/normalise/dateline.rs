//! **Where, when and by whom was it filed?** The dateline, from a field of its own or from the head of the story.
//!
//! Only the first 200 bytes of a story are looked at. A joiner (a dash, a colon, a credit) is sought there; what
//! stands before it must read as a dateline and prove itself: by a credit, a date, a region, or a town that
//! exists. The text stays as printed; city, country and coordinates are resolved from tables and the gazetteer.

mod agency;
mod chinese;
pub mod date;
mod korean;
mod line;
mod place;
mod structure;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::text;
use crate::item::Dateline;
use crate::wire::WireDateline;
use agency::Signers;
use line::{Joiner, Parts};

/// A dateline, and where the story proper begins behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// What it says.
    pub dateline: Dateline,
    /// Byte offset in the body of the first word after dateline and joiner; 0 when it stood in a field.
    pub body_offset: usize,
}

/// Finds the dateline: printed in a field of its own, else at the head of the body, else the place that structure
/// names without printing it (NewsML-G2 `located` is the desk's town, not always the story's). `story_date` gives it its year;
/// `own` are the names under which the item's provider may sign it.
pub fn read(
    fields: &[WireDateline],
    body_text: &str,
    story_date: Option<Timestamp>,
    own: &[&str],
) -> Option<Found> {
    let story = story_date.map(|at| at.to_zoned(TimeZone::UTC).date());
    let is_printed = |field: &&WireDateline| !field.text.trim().is_empty();
    let printed = fields
        .iter()
        .filter(is_printed)
        .find_map(|field| of_field(&structure::completed(field, fields), story));
    let unprinted =
        || fields.iter().filter(|field| !is_printed(field)).find_map(|field| of_field(field, story));
    let alone = |dateline| Found { dateline, body_offset: 0 };
    match (printed, of_body(body_text, story, Signers { own })) {
        (Some(field), Some(body)) if tell_the_same(&field, &body.dateline) => Some(merge(field, body)),
        (Some(field), _) => Some(alone(field)),
        (None, Some(mut body)) => {
            structure::locate(&mut body.dateline, unprinted());
            Some(body)
        }
        (None, None) => unprinted().map(alone),
    }
}

/// What a dateline element says that is not the dateline that was read: a time, a number, a service's name.
#[must_use]
pub fn unread(fields: &[WireDateline], read: Option<&Dateline>) -> Option<String> {
    let printed = fields.iter().map(|field| text::line(&field.text)).find(|text| !text.is_empty())?;
    let is_read = read.is_some_and(|dateline| printed.starts_with(&dateline.text));
    (!is_read).then_some(printed)
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
    let apart = structure::parted(field);
    let field = apart.as_ref().unwrap_or(field);
    let printed = printed_of(field)?;
    let mut parts = line::read(strip_outer(&printed), Joiner::Field, Signers::default())?;
    let (city, region, country) = (given(&field.city), given(&field.region), given(&field.country));
    parts.region = parts.region.or(region).or(country.map(|it| super::regions::name_of(it).unwrap_or(it)));
    let mut dateline = resolve(&printed, &parts, story);
    dateline.city = city.map(place::reading_case).or(dateline.city);
    dateline.country = country.map(place::country_code).or(dateline.country);
    let region = region.map(|region| place::region_name(region, dateline.country.as_deref()));
    dateline.region = region.or(dateline.region);
    place::position(&mut dateline, field.position.as_ref());
    Some(dateline)
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The field's text, or city and country when only structure is given. Time stamps, numbers, `Yes` are no datelines.
fn printed_of(field: &WireDateline) -> Option<String> {
    let text = text::line(&field.text);
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
    let inner = text.trim().strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    inner.filter(|it| !it.contains(['(', ')']) && it.contains(',')).unwrap_or(text)
}

/// How far into the story a dateline can reach.
const HEAD: usize = 200;

/// Lines above a story's first paragraph that may be subheads, Reuters' points or captions, and their most bytes.
const SUBHEADS: usize = 5;
const SUBHEAD: usize = 700;

/// At the head of the story, or below its subheads: there only one is believed that an agency signs, or that a long dash parts
/// from its story.
fn of_body(body: &str, story: Option<Date>, signers: Signers<'_>) -> Option<Found> {
    let told = body.trim_start();
    if let Some((end, parts)) = chinese::read(told) {
        let dateline = resolve(told.get(..end)?, &parts, story);
        return Some(Found { dateline, body_offset: body.len() - told.len() + end });
    }
    if let Some((end, begins, parts)) = korean::read(told) {
        let dateline = resolve(told.get(..end)?, &parts, story);
        let story = told.get(begins..)?.trim_start();
        return Some(Found { dateline, body_offset: body.len() - story.len() });
    }
    let mut start = 0;
    for count in 0..=SUBHEADS {
        let found = at_head(body, start, story, signers);
        if found
            .as_ref()
            .is_some_and(|found| count == 0 || is_signed(&found.dateline, signers) || is_set_off(body, found))
        {
            return found;
        }
        start += next_line(body.get(start..)?)?;
    }
    None
}

/// By an agency that is known, or by any behind a city in capitals: `BIG SUR, Calif. (XYZ)`.
fn is_signed(found: &Dateline, signers: Signers<'_>) -> bool {
    let city = found.text.split([',', '(']).next().unwrap_or_default();
    let signed = |credit: &str| signers.know(credit) || line::is_upper(city);
    found.agency.as_deref().is_some_and(signed)
}

/// `DUBLIN — `, `München/London – `: a city in capitals, or any that is known, before the dash of a typesetter.
fn is_set_off(body: &str, found: &Found) -> bool {
    let before = body.get(..found.body_offset).unwrap_or_default().trim_end();
    let city = found.dateline.text.split([',', '(']).next().unwrap_or_default();
    let is_capital = line::is_upper(city.trim_end_matches('.'));
    before.ends_with(['—', '–']) && (is_capital || found.dateline.lat.is_some())
        || before.ends_with(".-") && is_capital
}

/// Where the next line with words begins, when this one is no longer than a subhead or a caption.
fn next_line(text: &str) -> Option<usize> {
    let told = text.len() - text.trim_start().len();
    let line = memchr::memchr(b'\n', clip(text.get(told..)?, SUBHEAD).as_bytes())?;
    let rest = text.get(told + line..)?;
    Some(text.len() - rest.trim_start().len())
}

fn at_head(body: &str, from: usize, story: Option<Date>, signers: Signers<'_>) -> Option<Found> {
    let body = body.get(from..)?;
    let start = body.len() - body.trim_start_matches(|c: char| c.is_whitespace() || "*•^".contains(c)).len();
    let head = one_paragraph(clip(body.get(start..)?, HEAD));
    let read = |(end, after, joiner)| {
        let printed = head.get(..end)?;
        let inner = strip_outer(printed);
        let joiner = if inner.len() < printed.trim().len() { Joiner::Dash } else { joiner };
        Some((end, after, line::read(inner, joiner, signers)?))
    };
    let with_place = candidates(head).filter_map(read).find(|(.., parts)| !parts.cities.is_empty());
    let found = with_place.or_else(|| head.starts_with('(').then(|| candidates(head).find_map(read))?);
    let (end, after, mut parts) = found?;
    let (end, after) = date_behind(head, after, &mut parts).unwrap_or((end, after));
    let (end, after) = credit_behind(head, after, &mut parts).unwrap_or((end, after));
    let printed = text::line(behind_credit(head.get(..end)?, &parts));
    let dateline = resolve(line::without_stop(printed.trim_end_matches([' ', ',', '-'])), &parts, story);
    let rest = body.get(start + after..)?;
    let told = rest.trim_start_matches(|c: char| c.is_whitespace() || "-–—_=:.".contains(c));
    Some(Found { dateline, body_offset: from + start + after + (rest.len() - told.len()) })
}

/// `(ANSA) - ROMA, 1 LUG`: a credit that stands before the place is told apart from it.
fn behind_credit<'a>(printed: &'a str, parts: &Parts<'_>) -> &'a str {
    let place = printed.find(parts.cities).filter(|_| printed.starts_with('(') && !parts.cities.is_empty());
    let is_credit = |at: &usize| printed.get(..*at).is_some_and(|before| before.contains(')'));
    place.filter(is_credit).and_then(|at| printed.get(at..)).unwrap_or(printed)
}

/// Up to the first empty line and one line's end of it: no dateline goes on behind it.
fn one_paragraph(head: &str) -> &str {
    head.find("\n\n").and_then(|at| head.get(..=at)).unwrap_or(head)
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

/// `GREENWICH, Conn.--(BUSINESS WIRE)--`: the credit behind a dash.
fn credit_behind<'a>(head: &'a str, after: usize, parts: &mut Parts<'a>) -> Option<(usize, usize)> {
    let rest = head.get(after..)?;
    let inner = rest.trim_start().strip_prefix('(')?;
    let (credit, tail) = inner.split_once(')')?;
    if parts.agency.is_some() || !agency::is_known(credit) {
        return None;
    }
    parts.agency = Some(credit.trim());
    let end = head.len() - tail.len();
    Some((end, end))
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
            '-' if open && (5..40).contains(&at) && line::is_upper(before) => Some((at, after, Joiner::Dash)),
            ':' if open => Some((at, after, Joiner::Colon)),
            '-' if spaced && before.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == ')') => {
                Some((at, after, Joiner::Dash))
            }
            '.' if open && before.ends_with('/') => Some((at, after, Joiner::Dash)),
            ')' if open || rest.starts_with(char::is_uppercase) => Some((after, after, Joiner::Bare)),
            '/' if rest.starts_with('\n') => Some((after, after, Joiner::Bare)),
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

#[cfg(test)]
mod tests;
