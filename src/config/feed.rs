//! One `[[feed]]`.

use super::complaint::{nearest, quoted};
use super::section::{Section, Taken};
use super::values::Feed;
use crate::fetch::{ApMedia, Dir, Http, Limits, Transport};
use crate::format::FORMATS;
use crate::normalise::House;
use crate::normalise::dialect::{self, Dialect, Dialects};
use crate::schedule::{Adaptive, Cadence, Cron, parse_duration};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use toml::de::DeTable;

/// How often a feed is asked that says nothing about it.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// What a duration looks like.
pub(super) const DURATION: &str = "a duration such as \"90s\", \"2m\" or \"1h30m\"";

/// What the bounds of an adaptive feed look like.
const BOUNDS: &str = "two durations such as \"1m to 1h\", the smaller first";

/// What all feeds of a file share.
pub(super) struct Shared<'s, 'i> {
    /// The config file's folder.
    pub folder: &'s Path,
    /// The `[limits]` of the file.
    pub limits: Option<&'s DeTable<'i>>,
    /// The file's own dialects.
    pub dialects: Dialects,
}

/// Reads one feed; `None` when it is not fit to run (which has then been said).
pub(super) fn read<'i>(
    mut section: Section<'_, 'i>,
    number: usize,
    ids: &mut BTreeMap<String, usize>,
    shared: &Shared<'_, 'i>,
) -> Option<Feed> {
    section.label = format!("feed {number}: ");
    let id = id(&mut section, number, ids);
    let zone = section.take_as("time_zone", "a time zone such as \"America/New_York\"", time_zone);
    let transport = transport(&mut section, shared.folder);
    let cadence = cadence(&mut section, zone.as_ref().map(|zone| zone.value.clone()));
    let provider = section.take::<String>("provider", "the provider's name").map(value);
    let language =
        section.take_as("language", "a language tag such as \"en\" or \"de-CH\"", language).map(value);
    let dialect = section.take_as("dialect", "the name of a dialect", |name| dialect(name, &shared.dialects));
    let format = section.take_as("format", "the name of a format", format).map(value);
    let quiet_after = section.take_as("quiet_after", DURATION, duration).map(value);
    let retention = section.take_as("retention", DURATION, duration).map(value);
    let enabled = section.take("enabled", "true or false").is_none_or(value);
    let full_text = section.take("full_text", "true or false").is_some_and(value);
    let limits: Option<Limits> = section.take_over("limits", shared.limits);
    section.finish();
    let house = House {
        feed: id.clone(),
        provider,
        language,
        time_zone: zone.map(value),
        dialect: dialect.map(value),
        dialects: shared.dialects.clone(),
    };
    Some(Feed {
        id: id?,
        enabled,
        transport: transport?,
        cadence: cadence?,
        house,
        format,
        quiet_after,
        retention,
        limits: limits?,
        full_text,
    })
}

fn value<T>(taken: Taken<T>) -> T {
    taken.value
}

fn id(section: &mut Section<'_, '_>, number: usize, ids: &mut BTreeMap<String, usize>) -> Option<String> {
    let expected = "lower case letters, digits, \".\", \"_\" and \"-\", beginning with a letter or digit";
    if section.peek("id").is_none() {
        section.take::<String>("id", expected);
        section.lacks("the key id is missing: expected a short name such as id = \"ap-top\"");
        return None;
    }
    let id = section.take::<String>("id", expected)?;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = id.value.len() <= 64
        && id.value.bytes().next().is_some_and(is_plain)
        && id.value.bytes().all(|byte| is_plain(byte) || b"._-".contains(&byte));
    if !fits {
        section.refuse(&id, &format!("expected {expected}"));
        return None;
    }
    section.label = format!("feed \"{}\": ", id.value);
    if let Some(first) = ids.insert(id.value.clone(), number) {
        section.refuse(&id, &format!("feed {first} has this id already; expected one of its own"));
    }
    Some(id.value)
}

fn transport(section: &mut Section<'_, '_>, folder: &Path) -> Option<Transport> {
    if section.peek("transport").is_none() {
        section.take_tagged("transport", "type", Transport::TYPES);
        section.lacks("the key transport is missing: expected one such as transport = { type = \"http\", url = \"https://...\" }");
        return None;
    }
    let (kind, written) = section.take_tagged("transport", "type", Transport::TYPES)?;
    let taken = match kind.as_str() {
        "ap-media" => section.read::<ApMedia>("transport", written, "a table")?.map(Transport::ApMedia),
        "dir" => section.read::<Dir>("transport", written, "a table")?.map(Transport::Dir),
        _ => section.read::<Http>("transport", written, "a table")?.map(Transport::Http),
    };
    for contradiction in taken.value.contradictions() {
        section.refuse_unshown(&taken, &contradiction);
    }
    let mut transport = taken.value;
    transport.resolve_paths(folder);
    Some(transport)
}

/// The three ways to say how often; one of them at most.
const CADENCES: [&str; 3] = ["every", "cron", "adaptive"];

fn cadence(section: &mut Section<'_, '_>, zone: Option<TimeZone>) -> Option<Cadence> {
    let zone = zone.unwrap_or(TimeZone::UTC);
    let asked = CADENCES.into_iter().filter(|key| section.peek(key).is_some()).count();
    let every = section.take_as("every", DURATION, duration);
    let cron = section.take_as("cron", "a crontab line such as \"*/5 6-23 * * *\"", |line| {
        Cron::parse(line, zone).map_err(|error| error.reason)
    });
    let adaptive = section
        .take_as("adaptive", BOUNDS, |text| Adaptive::parse(text).map_err(|_| format!("expected {BOUNDS}")));
    if asked > 1 {
        let second = cron.map(|cron| cron.map(|_| ())).or(adaptive.map(|adaptive| adaptive.map(|_| ())));
        if let Some(second) = second {
            section.refuse(&second, "expected one of every, cron and adaptive");
        }
        return None;
    }
    match (every, cron, adaptive) {
        (Some(every), ..) => Some(Cadence::Every(every.value)),
        (_, Some(cron), _) => Some(Cadence::Cron(cron.value)),
        (.., Some(adaptive)) => Some(Cadence::Adaptive(adaptive.value)),
        _ => (asked == 0).then_some(Cadence::Every(EVERY)),
    }
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|_| format!("expected {DURATION}"))
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| {
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        match nearest(name, known.iter().map(String::as_str)) {
            Some(meant) => format!("unknown time zone; hint: did you mean \"{meant}\"?"),
            None => "unknown time zone; expected an IANA name such as \"America/New_York\"".into(),
        }
    })
}

fn language(tag: &str) -> Result<String, String> {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let fits = (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if fits { Ok(tag.to_owned()) } else { Err("expected a language tag such as \"en\" or \"de-CH\"".into()) }
}

fn format(name: &str) -> Result<String, String> {
    let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    one_of("format", name, &known)
}

fn dialect(name: &str, own: &[Dialect]) -> Result<String, String> {
    one_of("dialect", name, &dialect::names(own))
}

fn one_of(what: &str, name: &str, known: &[&str]) -> Result<String, String> {
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    let meant =
        nearest(name, known.iter().copied()).map(|meant| format!("; hint: did you mean \"{meant}\"?"));
    Err(format!("unknown {what}; expected one of {}{}", quoted(known), meant.unwrap_or_default()))
}

/// The `[[dialect]]` tables of a file.
pub(super) fn dialects(top: &mut Section<'_, '_>) -> Dialects {
    let taken = top.take::<Vec<Dialect>>("dialect", "tables [[dialect]]");
    let Some(taken) = taken else { return Dialects::default() };
    if let Some(said) = taken.value.iter().find_map(Dialect::complaint) {
        top.refuse_unshown(&taken, &said);
    }
    taken.value.into()
}
