//! The grammar of a dateline: `place [, region] [, date] [(credit)] joiner`.

use super::super::{gazetteer, regions};
use super::agency::{self, Signers};
use super::date::{self, Printed};

/// The parts of a dateline as printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts<'a> {
    /// One city or several: `JERUSALEM/CAIRO`, `NEW YORK, LONDON and BEIJING`. Empty when only a credit stands there.
    pub cities: &'a str,
    /// State, province, country or territory.
    pub region: Option<&'a str>,
    /// Date, read.
    pub date: Option<Printed>,
    /// Credit, without its brackets.
    pub agency: Option<&'a str>,
}

/// How a dateline ends and the story begins; it decides how much proof the dateline needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joiner {
    /// A dash, an underscore of the ANPA wire, EFE's `.-`.
    Dash,
    /// A colon: `NEW DELHI: `.
    Colon,
    /// Nothing but a credit or a line's end.
    Bare,
    /// It stands in a field of its own.
    Field,
}

/// Reads `head`, everything before a joiner, as a dateline; `None` when it is none or proves too little.
pub fn read<'a>(head: &'a str, joiner: Joiner, signers: Signers<'_>) -> Option<Parts<'a>> {
    let head = trim(head);
    if head.len() > 160 || head.bytes().any(|byte| b"<>=;!?|\"".contains(&byte)) {
        return None;
    }
    let (rest, parts) = credit_first(head, signers).unwrap_or((head, Parts::default()));
    let parts = tail_first(rest, parts, joiner, signers);
    is_proven(&parts, joiner, signers).then_some(parts)
}

/// Takes blanks and dashes off both ends, and the full stop that EFE and TASS set behind a credit.
fn trim(text: &str) -> &str {
    let outer = |c: char| c.is_whitespace() || "*,-–—_".contains(c);
    let text = text.trim_matches(outer);
    match text.strip_suffix('.') {
        Some(credit) if credit.ends_with([')', '/']) => credit,
        _ => without_stop(text),
    }
}

/// `ROSARIO.- `: the town without its full stop.
pub fn without_stop(text: &str) -> &str {
    let is_town = |town: &&str| is_upper(town) && !town.contains(['.', ',', ')']) && town.chars().count() > 4;
    text.strip_suffix('.').filter(is_town).unwrap_or(text)
}

/// `(ANSA) - ROMA, 1 LUG`: takes a known credit off the front.
fn credit_first<'a>(head: &'a str, signers: Signers<'_>) -> Option<(&'a str, Parts<'a>)> {
    let (credit, rest) = head.strip_prefix('(')?.split_once(')')?;
    let parts = Parts { agency: Some(credit.trim()), ..Parts::default() };
    (signers.know(credit) || agency::is_sign(credit.trim())).then(|| (trim(rest), parts))
}

/// Takes credit, date and region off the end, one after the other; what is left are the cities.
fn tail_first<'a>(head: &'a str, mut parts: Parts<'a>, joiner: Joiner, signers: Signers<'_>) -> Parts<'a> {
    let mut rest = trim(head);
    if parts.agency.is_none() {
        rest = take_credit(rest, &mut parts, joiner, signers);
    }
    rest = take_date(rest, &mut parts);
    rest = take_region(rest, &mut parts);
    parts.cities = trim(rest);
    parts
}

fn take_credit<'a>(head: &'a str, parts: &mut Parts<'a>, joiner: Joiner, signers: Signers<'_>) -> &'a str {
    if let Some((before, inner)) = bracketed(head) {
        if let Some(date) = date::whole(inner) {
            parts.date = Some(date);
            return trim(before);
        }
        let signs = agency::could_be_one(inner)
            || matches!(joiner, Joiner::Field | Joiner::Dash) && agency::is_short(inner);
        if signers.know(inner) || signs && regions::named(inner).is_empty() {
            parts.agency = Some(inner);
            return trim(before);
        }
        return head;
    }
    match agency::trailing(head) {
        Some((at, credit)) => {
            parts.agency = Some(credit);
            trim(&head[..at])
        }
        None => head,
    }
}

/// `… (AP)` and `… /PRNewswire/`: the text before and what the brackets hold.
fn bracketed(head: &str) -> Option<(&str, &str)> {
    for (open, close) in [('(', ')'), ('/', '/')] {
        let found = head.strip_suffix(close).and_then(|inner| inner.rsplit_once(open));
        if let Some((before, inner)) = found.filter(|(_, inner)| !inner.trim().is_empty()) {
            return Some((before, inner.trim()));
        }
    }
    None
}

/// `…, Feb. 1, 2017` and `… Tex. March 3`: the date may hang on the chunk before it, its year may follow a comma.
fn take_date<'a>(head: &'a str, parts: &mut Parts<'a>) -> &'a str {
    if parts.date.is_some() {
        return head;
    }
    let (before, last) = last_chunk(head);
    if let (Some(year), Some(before)) = (date::year(last), before) {
        let mut with_year = Parts::default();
        let rest = take_date(before, &mut with_year);
        if let Some(found) = with_year.date {
            parts.date = Some(Printed { year: Some(year), ..found });
            return rest;
        }
    }
    if let (Ok(_), Some(before)) = (last.parse::<u8>(), before) {
        let (place, month) = last_chunk(before);
        let at = head.len() - last.len() - (before.len() - place.map_or(0, str::len));
        if let Some(found) =
            date::whole(head.get(at..).unwrap_or_default()).filter(|_| date::month(month).is_some())
        {
            parts.date = Some(found);
            return trim(place.unwrap_or_default());
        }
    }
    match date::suffix(last) {
        Some((at, found)) => {
            parts.date = Some(found);
            trim(&head[..head.len() - last.len() + at])
        }
        None => head,
    }
}

/// The last chunk after a comma, and the text before that comma.
fn last_chunk(head: &str) -> (Option<&str>, &str) {
    match head.rfind(',') {
        Some(at) => (Some(&head[..at]), head[at + 1..].trim_start()),
        None => (None, head),
    }
}

/// `…, Wis.`, `… Conn.`, `Duesseldorf (Alemania)`, `Landquart GR`.
fn take_region<'a>(head: &'a str, parts: &mut Parts<'a>) -> &'a str {
    let in_brackets = head.strip_suffix(')').and_then(|inner| inner.rsplit_once('('));
    if let Some((before, inner)) = in_brackets
        && (!regions::named(inner).is_empty() || agency::could_be_one(inner))
    {
        parts.region = Some(inner.trim());
        return trim(before);
    }
    // ANI's `New Delhi [India]`
    let in_square = head.strip_suffix(']').and_then(|inner| inner.rsplit_once('['));
    if let Some((before, inner)) = in_square.filter(|(_, inner)| !regions::named(inner).is_empty()) {
        parts.region = Some(inner.trim());
        return trim(before);
    }
    let (before, last) = last_chunk(head);
    if let Some(before) = before.filter(|_| !regions::named(last).is_empty()) {
        parts.region = Some(last);
        return trim(before);
    }
    match head.rsplit_once(' ') {
        Some((before, last)) if before_a_comma_forgotten(before, last) => {
            parts.region = Some(last);
            trim(before)
        }
        _ => head,
    }
}

/// `FARMINGTON Conn.`, `Landquart GR`: a short form behind a city, with no comma between them.
fn before_a_comma_forgotten(city: &str, last: &str) -> bool {
    let short_form =
        last.ends_with('.') && !is_upper(last) && is_upper(city) && !regions::named(last).is_empty();
    let code = last.len() == 2 && is_upper(last) && !is_upper(city) && !city.is_empty();
    short_form || code
}

/// Enough proof? Rules of thumb in the order in which copy gives them.
fn is_proven(parts: &Parts<'_>, joiner: Joiner, signers: Signers<'_>) -> bool {
    if parts.cities.is_empty() {
        let known = parts.agency.is_some_and(|credit| signers.know(credit));
        return known && joiner != Joiner::Colon && parts.region.is_none();
    }
    if !reads_as_place(parts.cities) {
        return false;
    }
    let upper = is_upper(parts.cities);
    let known_agency = parts.agency.is_some_and(|credit| signers.know(credit));
    let region = parts.region.is_some_and(|region| !regions::named(region).is_empty());
    let words_fit = upper || words_are_capital(parts.cities);
    match joiner {
        Joiner::Field => true,
        _ if known_agency => words_fit || is_in_gazetteer(parts.cities),
        _ if parts.date.is_some() && joiner != Joiner::Bare => {
            upper || region && words_fit || is_in_gazetteer(parts.cities)
        }
        Joiner::Bare => {
            let is_signed = parts.agency.is_some();
            parts.date.is_some_and(|date| is_signed || date.year.is_some()) && is_in_gazetteer(parts.cities)
        }
        _ if parts.agency.is_some() => {
            let known_place = region || is_in_gazetteer(parts.cities);
            // `Umeå (XNS) - ` is an agency's sign, `Umeå (xy) - ` a caption's as well
            let is_sign = parts.agency.is_some_and(agency::is_sign);
            let large = if is_sign { 20_000 } else { 200_000 };
            let large_town = || joiner == Joiner::Dash && words_fit && is_town(parts.cities, large);
            (upper || words_fit && region) && known_place || large_town()
        }
        _ if region => upper || words_fit && is_in_gazetteer(parts.cities),
        Joiner::Dash => {
            if upper {
                // `US--Coast Road` is a slug; two letters are a country's, not a town's.
                parts.cities.len() > 2 && (is_special(parts.cities) || is_town(parts.cities, 1))
            } else {
                is_town(parts.cities, 200_000)
            }
        }
        Joiner::Colon => upper && is_town(parts.cities, 20_000) && !is_also_a_label(parts.cities),
    }
}

/// Towns whose names head lists and notes more often than stories.
const LABELS: &[&str] = &[
    "note", "reading", "mobile", "nice", "best", "correct", "update", "live", "video", "watch", "male",
    "split", "date", "born", "central", "police",
];

fn is_also_a_label(cities: &str) -> bool {
    LABELS.contains(&gazetteer::fold(cities).as_str())
}

/// At most seven words and 60 bytes a city, no digits, no small words but those of names.
fn reads_as_place(cities: &str) -> bool {
    !cities.bytes().any(|byte| byte.is_ascii_digit() || b":()[]@#$%".contains(&byte))
        && cities.len() <= 90
        && cities.starts_with(|c: char| c.is_alphabetic() || "'’`‘".contains(c))
        && split(cities).all(|city| city.len() <= 60 && city.split_whitespace().count() <= 7)
}

/// Small words inside place names, and between them.
#[rustfmt::skip]
const PARTICLES: &[&str] = &[
    "de", "del", "la", "le", "les", "los", "las", "el", "al", "da", "do", "dos", "das", "di", "du", "des", "of", "the", "and", "y", "e", "et",
    "und", "en", "am", "an", "der", "den", "im", "in", "bei", "upon", "sur", "sous", "aux", "sul", "van", "von", "ob", "na", "nad", "pod", "near", "och", "og", "ja", "a", "u", "au", "per", "by",
];

fn words_are_capital(cities: &str) -> bool {
    let mut words = cities.split([' ', '/', '-', '\u{a0}']).filter(|word| !word.is_empty());
    words.all(|word| PARTICLES.contains(&word) || !word.starts_with(char::is_lowercase))
}

/// Is it printed in capitals, small words and `Mc` aside?
pub fn is_upper(text: &str) -> bool {
    let mut letters = 0;
    let lower =
        text.split_whitespace().filter(|word| !["and", "y", "et", "und", "e"].contains(word)).any(|word| {
            letters += word.chars().filter(|c| c.is_uppercase()).count();
            let mc = word.starts_with("Mc")
                || word.starts_with("Mac")
                || word.starts_with("De")
                || word.starts_with("La");
            word.chars().skip(if mc { 3 } else { 0 }).any(char::is_lowercase)
        });
    letters >= 2 && !lower
}

/// The single cities of a dateline.
pub fn split(cities: &str) -> impl Iterator<Item = &str> {
    let by_sign = cities.split(['/', ',']);
    by_sign
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" und "))
        .map(str::trim)
        .filter(|it| !it.is_empty())
}

fn is_in_gazetteer(cities: &str) -> bool {
    split(cities).next().is_some_and(|city| gazetteer::places(city).next().is_some() || is_special(city))
}

fn is_town(cities: &str, people: u32) -> bool {
    split(cities)
        .all(|city| gazetteer::likeliest(city, |_| true).is_some_and(|place| place.population >= people))
}

/// Datelines that name no town: AP's rules for ships, planes, rivers, bases and the world body.
const SPECIAL: &[&str] = &[
    "ABOARD ",
    "ON THE ",
    "ON BOARD ",
    "AT SEA",
    "UNITED NATIONS",
    "WITH THE ",
    "WITH U.S. ",
    "OFF THE ",
    "OVER THE ",
    "NEAR ",
];

fn is_special(cities: &str) -> bool {
    SPECIAL.iter().any(|start| cities.starts_with(start.trim_end()) && is_upper(cities))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str, joiner: Joiner) -> Option<Parts<'_>> {
        super::read(head, joiner, Signers::default())
    }

    fn parts(head: &str) -> Option<(String, Option<String>, bool, Option<String>)> {
        let owned = |text: Option<&str>| text.map(String::from);
        read(head, Joiner::Dash)
            .map(|it| (it.cities.into(), owned(it.region), it.date.is_some(), owned(it.agency)))
    }

    #[test]
    fn the_parts_of_a_dateline_are_told_apart() {
        for (head, city, region, dated, agency) in [
            ("LA CROSSE, Wis. (AP)", "LA CROSSE", Some("Wis."), false, Some("AP")),
            ("RAFAH, Gaza Strip, April 1 (Reuters)", "RAFAH", Some("Gaza Strip"), true, Some("Reuters")),
            ("BEIRUT/THE HAGUE, March 7 (Reuters)", "BEIRUT/THE HAGUE", None, true, Some("Reuters")),
            ("Ouagadougou, Dec 20, 2017 (AFP)", "Ouagadougou", None, true, Some("AFP")),
            ("Peine (dpa/lni)", "Peine", None, false, Some("dpa/lni")),
            ("Duesseldorf (Alemania), 23 may (EFE)", "Duesseldorf", Some("Alemania"), true, Some("EFE")),
            ("(ANSA) - ROMA, 1 LUG", "ROMA", None, true, Some("ANSA")),
            ("MOSCOW, January 21. /TASS/", "MOSCOW", None, true, Some("TASS")),
            ("SAITAMA, Japan, Dec. 9 Kyodo", "SAITAMA", Some("Japan"), true, Some("Kyodo")),
            ("BRISBANE, Oct 12 AAP", "BRISBANE", None, true, Some("AAP")),
            (
                "PUNE, India, July 25, 2018/PRNewswire-AsiaNet/",
                "PUNE",
                Some("India"),
                true,
                Some("PRNewswire-AsiaNet"),
            ),
            (
                "NEW YORK, LONDON and BEIJING, Feb. 2, 2017 /PRNewswire/",
                "NEW YORK, LONDON and BEIJING",
                None,
                true,
                Some("PRNewswire"),
            ),
            ("DAYTON, Ohio, April, 13", "DAYTON", Some("Ohio"), true, None),
            ("ANGLETON, Tex. March 3", "ANGLETON", Some("Tex."), true, None),
            ("FARMINGTON Conn., March 9", "FARMINGTON", Some("Conn."), true, None),
            ("WASHINGTON (Aug. 13)", "WASHINGTON", None, true, None),
            ("ABOARD AIR FORCE ONE", "ABOARD AIR FORCE ONE", None, false, None),
            ("UNITED NATIONS (AP)", "UNITED NATIONS", None, false, Some("AP")),
            ("HONOLULU, Hawaii (IslandNewsNow)", "HONOLULU", Some("Hawaii"), false, Some("IslandNewsNow")),
            ("london, april 7", "london", None, true, None),
            ("Washington/Jerusalem (NOD)", "Washington/Jerusalem", None, false, Some("NOD")),
        ] {
            let owned = |text: Option<&str>| text.map(String::from);
            assert_eq!(parts(head), Some((city.into(), owned(region), dated, owned(agency))), "{head}");
        }
    }

    #[test]
    fn a_sentence_that_begins_in_capitals_is_no_dateline() {
        for head in [
            "COPPER GRADE A",
            "Bids only",
            "FOB RIVER",
            "Jun ---",
            "Wilcox/Gibbs",
            "A HUNTER who killed",
            "REBECCA Cooke is a poet",
            "The council",
            "Some text about a place (AP)",
            "DEAR ABBY",
            "In Paris",
            "He was 31, March 3",
            "Springer (CEO)",
        ] {
            assert_eq!(parts(head), None, "{head}");
        }
        for head in ["NOTE", "BREAKING", "READING", "Paris"] {
            assert_eq!(read(head, Joiner::Colon), None, "{head}");
        }
    }
}
