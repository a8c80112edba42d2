//! The grammar of a printed byline: `[prefix] names [separator affiliation]`.

use std::borrow::Cow;

use crate::item::Author;

use super::super::dateline::date;
use super::words;
use super::{list, name, signoff};

/// What a line says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// It begins with `By`, `Von`, `Par` ...
    pub has_prefix: bool,
    /// The people, in reading case.
    pub people: Vec<Author>,
    /// The organisation, when the line names one.
    pub org: Option<String>,
}

/// Reads a byline that is known to be one: a field, a person's name in structure.
pub fn read(printed: &str) -> Line {
    let text = without_address(bare(printed));
    let (has_prefix, rest) = after_prefix(bare(&text));
    let (names, mut tail) = affiliation(furniture_off(rest));
    let mut line = Line { has_prefix, ..Line::default() };
    for one in list::surname_first(names) {
        add(&mut line, &one, &mut tail);
    }
    let names = if line.people.is_empty() { names } else { "" };
    for one in list::split(names) {
        let one =
            one.trim_matches(|c: char| c.is_whitespace() || ".,;:|-–—=/".contains(c)).trim_end_matches(" in");
        add(&mut line, one, &mut tail);
    }
    line.org = line.org.or_else(|| tail.org.clone());
    for person in &mut line.people {
        person.org = person.org.take().or_else(|| tail.org.clone());
        person.role = person.role.take().or_else(|| tail.role.clone());
    }
    line
}

/// Is this line of copy a byline? It must begin with a prefix and hold nothing but full names or a known organisation.
pub fn of_copy(printed: &str) -> Option<Line> {
    let text = bare(printed);
    if text.len() > 160 || text.ends_with([':', '?', '!']) {
        return None;
    }
    let (has_prefix, rest) = after_prefix(text);
    let (names, tail) = affiliation(furniture_off(rest));
    let signed = tail.org.as_deref().is_some_and(|org| words::organisation(org).is_some());
    let fits = |one: &str| {
        name::is_full(one) || words::organisation(one).is_some() || signed && name::is_lower_case(one)
    };
    let all_full = list::split(names).into_iter().all(|one| fits(place_off(one)))
        || !list::surname_first(names).is_empty();
    let line = (has_prefix && all_full && !names.is_empty()).then(|| read(printed))?;
    (!line.people.is_empty() || line.org.is_some()).then_some(line)
}

/// Is this line nothing but an affiliation: `AP Sports Writer`, `Associated Press`?
pub fn affiliation_of_copy(printed: &str) -> Option<(Option<String>, Option<String>)> {
    let text = bare(printed);
    let fits = text.len() <= 60 && !text.is_empty();
    let known = fits
        && (words::organisation(text).is_some()
            || is_agency_role(text)
            || is_printed_house(text)
            || is_printed_role(text));
    known.then(|| role_and_org(text))
}

/// `Harbor Point Gazette`: a few capitalised words of which the last is a newspaper's or an agency's.
fn is_printed_house(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let capital = |word: &&str| word.starts_with(char::is_uppercase) || ["of", "the"].contains(word);
    (2..=5).contains(&words.len()) && words.iter().all(capital) && words::is_house(text)
}

/// `Ledger Staff Writer`: a newspaper's role on a line of its own, each word with a capital.
fn is_printed_role(text: &str) -> bool {
    const NOUNS: &[&str] =
        &["writer", "writers", "reporter", "reporters", "correspondent", "correspondents", "columnist"];
    let words: Vec<&str> = text.split(' ').collect();
    let last = words.last().map(|word| word.to_lowercase()).unwrap_or_default();
    (2..=5).contains(&words.len())
        && words.iter().all(|word| word.starts_with(char::is_uppercase))
        && NOUNS.contains(&last.as_str())
}

fn is_agency_role(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let two = text.match_indices(' ').nth(1).map_or(text, |(at, _)| &text[..at]);
    let acronym = (2..=5).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_uppercase());
    let agency = acronym || words::organisation(first).is_some() || words::organisation(two).is_some();
    words::is_role(text) && (agency || text.starts_with("For The ") || text.starts_with("Special to"))
}

/// `Ann Roe aroe@post.example`, `Ann Roe | aroe@post.example`: the address behind a name goes.
fn without_address(text: &str) -> Cow<'_, str> {
    let is_address = |word: &str| {
        word.find('@').is_some_and(|at| at > 0 && word.get(at..).is_some_and(|it| it.contains('.')))
    };
    if !text.contains('@') {
        return Cow::Borrowed(text);
    }
    let words = text.split(' ').filter(|word| !is_address(word));
    Cow::Owned(words.collect::<Vec<_>>().join(" "))
}

/// Marks of the ANPA and IPTC wires off both ends.
fn bare(printed: &str) -> &str {
    let line = printed.trim_matches(|c: char| c.is_whitespace() || "^=<>*_".contains(c));
    // dpa: `(Foto - Archiv)`
    let note = line.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let is_of_pictures = |note: &str| {
        let lower = note.to_lowercase();
        ["foto", "photo", "bild", "video", "grafik", "graphic"].iter().any(|word| lower.contains(word))
    };
    note.filter(|(_, note)| is_of_pictures(note)).map_or(line, |(line, _)| line)
}

fn furniture_off(text: &str) -> &str {
    let cut = words::FURNITURE.iter().filter_map(|word| {
        let at = word.find(text.as_bytes()).filter(|at| *at > 3)?;
        text[..at].ends_with(|c: char| !c.is_alphanumeric()).then_some(at)
    });
    let text = cut.chain(dated_from(text)).min().map_or(text, |at| &text[..at]);
    text.trim_matches(|c: char| c.is_whitespace() || ",;|–—-.".contains(c) && !text.ends_with("Jr."))
}

/// `Jane Roe Dec 16, 2015, 4:08pm`, `Jane Roe 3 hours ago`: where a date or a count begins behind a name.
fn dated_from(text: &str) -> Option<usize> {
    let mut before: Option<(usize, &str)> = None;
    for (at, word) in words_of(text) {
        if before.is_some() && word.starts_with(|c: char| c.is_ascii_digit()) {
            let month = before.filter(|(from, word)| *from > 0 && date::month(word).is_some());
            return Some(month.map_or(at, |(from, _)| from));
        }
        before = Some((at, word));
    }
    None
}

/// The text behind `By`, `Analysis by`, `Text und Fotos:` and their like.
fn after_prefix(text: &str) -> (bool, &str) {
    let mut rest = text;
    for count in 0..5 {
        let end = rest.find([' ', ':', '\u{a0}']).unwrap_or(rest.len());
        let word = rest[..end].to_lowercase();
        let after = rest[end..].trim_start_matches([' ', ':', '\u{a0}']);
        let colon = rest[end..].trim_start().starts_with(':');
        if after.is_empty() {
            break;
        }
        let by_itself =
            !matches!(word.as_str(), "text" | "texte" | "texto" | "words" | "autor" | "author" | "da");
        if words::PREFIXES.contains(&word.as_str()) && (by_itself || colon) {
            return (true, after);
        }
        if !words::LEADS.contains(&word.as_str())
            || count == 0 && colon && !words::PREFIXES.contains(&word.as_str())
        {
            break;
        }
        rest = after;
    }
    (false, text)
}

/// Role and organisation of a whole line.
#[derive(Debug, Clone, Default)]
struct Tail {
    role: Option<String>,
    org: Option<String>,
}

/// Takes affiliations off the end, one segment after the other; what is left are the names.
fn affiliation(text: &str) -> (&str, Tail) {
    let mut tail = Tail::default();
    let mut rest = text;
    // `By Ann Roe, Bob Doe and Cy Poe The Associated Press`: the agency is not the last name's newspaper
    if let Some((before, org)) =
        words::trailing_organisation(rest).filter(|(before, _)| name::is_full(last_name(before)))
    {
        tail.org = Some(org.into());
        rest = before.trim_end();
    }
    // `Por Ana Roe, g1 Santos — Santos`
    if let Some((before, _)) = rest.rsplit_once(" — ").filter(|(_, place)| signoff::is_place(place.trim()))
    {
        rest = before.trim_end();
    }
    while let Some((at, width)) = last_separator(rest) {
        let segment = rest[at + width..].trim_matches(|c: char| c.is_whitespace() || ")]/.".contains(c));
        if rest[..at].trim().is_empty() || !is_affiliation(segment) {
            break;
        }
        note(&mut tail, segment);
        rest = rest[..at].trim_end();
    }
    if words::organisation(rest).is_some() {
        return (rest, tail);
    }
    if let Some((before, org)) = words::trailing_organisation(rest) {
        tail.org = tail.org.or(Some(org.into()));
        rest = before.trim_end_matches([' ', ',', '|']);
    }
    match role_inside(rest) {
        Some(at) => {
            note(&mut tail, rest[at..].trim());
            (rest[..at].trim_end_matches([' ', ',']), tail)
        }
        None => (rest, tail),
    }
}

/// The last name of a list.
fn last_name(names: &str) -> &str {
    names.rsplit([',', ';']).next().and_then(|last| last.rsplit(" and ").next()).unwrap_or_default().trim()
}

fn note(tail: &mut Tail, segment: &str) {
    let (role, org) = role_and_org(segment);
    tail.role = tail.role.take().or(role);
    tail.org = tail.org.take().or(org);
}

/// `AP Sports Writer` is a role of AP; `Special to the Pioneer Press` is one too.
fn role_and_org(segment: &str) -> (Option<String>, Option<String>) {
    if let Some(org) = words::organisation(segment) {
        return (None, Some(org.into()));
    }
    if !words::is_role(segment) {
        return (None, Some(segment.into()));
    }
    let lead = (1..=3).rev().find_map(|count| {
        let end = segment.match_indices(' ').nth(count - 1).map(|(at, _)| at)?;
        words::organisation(&segment[..end])
    });
    (Some(segment.into()), lead.map(Into::into))
}

/// Is it a role, an organisation, a newspaper or a site?
pub fn is_affiliation(segment: &str) -> bool {
    let site = segment.starts_with('@') || segment.contains(['@']);
    words::organisation(segment).is_some() || words::is_role(segment) || words::is_house(segment) || site
}

/// The last `, `, ` | `, `/`, ` - ` or bracket: where an affiliation may begin.
fn last_separator(text: &str) -> Option<(usize, usize)> {
    if !text.contains([',', '|', '/', '-', '\u{2013}', '\u{2014}', '(', '\n']) {
        return None;
    }
    let signs = [", ", " | ", "|", "/", " - ", " – ", " — ", " (", "(", "\n"];
    signs
        .iter()
        .filter_map(|sign| text.rfind(sign).map(|at| (at, sign.len())))
        .max_by_key(|(at, width)| (*at, *width))
}

/// `Jane Roe AP Sports Writer`, `Jane Roe Senior Technology Reporter`: where the role begins inside one run of words.
fn role_inside(text: &str) -> Option<usize> {
    let last = text.rsplit(' ').next()?;
    if !words::is_role_noun(last) {
        return None;
    }
    let two_words =
        |at: usize| text[at..].match_indices(' ').nth(1).map_or(&text[at..], |(end, _)| &text[at..at + end]);
    let begins = |at: usize, word: &str| {
        words::begins_role(word)
            || words::organisation(word).is_some()
            || words::organisation(two_words(at)).is_some()
    };
    words_of(text).skip(2).find(|&(at, word)| begins(at, word)).map(|(at, _)| at)
}

fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts =
        text.char_indices().filter(move |&(at, c)| c != ' ' && (at == 0 || text[..at].ends_with(' ')));
    starts.map(move |(at, _)| (at, text[at..].split(' ').next().unwrap_or_default()))
}

/// `Jane Roe in Berlin` without the place.
fn place_off(text: &str) -> &str {
    if text.bytes().filter(|byte| *byte == b' ').count() < 2 {
        return text;
    }
    let cut = [" in ", " aus ", " à ", " en ", " at ", " i "].iter().filter_map(|word| text.find(word)).min();
    cut.map_or(text, |at| text[..at].trim())
}

fn add(line: &mut Line, one: &str, tail: &mut Tail) {
    let one = sign_off(place_off(one));
    if let Some((before, org)) = words::beside_agency(one) {
        line.org = line.org.take().or(Some(org.into()));
        if !words::begins_with_article(before) {
            add(line, before, tail);
        }
        return;
    }
    let (one, role) = words::trailing_role(one);
    if one.is_empty() || is_town_of(line, one) || one.contains('@') || one.contains("://") {
        return;
    }
    if let Some(org) = words::organisation(one) {
        line.org = line.org.take().or(Some(org.into()));
    } else if !line.people.is_empty() && (words::is_role(one) || one.starts_with("The ")) {
        note(tail, one);
    } else if one.starts_with("The ")
        || words::is_surely_house(one)
        || one.split(' ').count() > 1 && one.split(' ').next_back().is_some_and(is_desk)
    {
        line.org = line.org.take().or(Some(one.into()));
    } else if reads_as_person(one) || line.has_prefix && name::is_lower_case(one) {
        line.people.push(Author { name: name::reading_case(one), role, ..Author::default() });
    }
}

/// `Ann Roe (roe.)`: the sign behind a name goes.
fn sign_off(one: &str) -> &str {
    let (name, sign) = one.strip_suffix(')').and_then(|it| it.rsplit_once(" (")).unwrap_or((one, ""));
    // of a live page: `Ann Roe (earlier)`
    let short = (1..=8).contains(&sign.len()) && sign.chars().all(|c| c.is_lowercase() || c == '.');
    if short { name } else { one }
}

/// `Von Ann Roe, Lille`: one word behind a full name that is a town's or a country's.
fn is_town_of(line: &Line, one: &str) -> bool {
    let behind = line.people.last().is_some_and(|person| person.name.contains(' '));
    behind && !one.contains(' ') && signoff::is_place(one)
}

fn is_desk(word: &str) -> bool {
    [
        "staff",
        "desk",
        "team",
        "newsroom",
        "correspondents",
        "reporters",
        "redaktion",
        "board",
        "bureau",
        "agencies",
    ]
    .contains(&word.to_lowercase().as_str())
}

/// Not initials of the desk (`gr/bp`, `VR`, `YKN-CER`), not a bare code.
fn reads_as_person(one: &str) -> bool {
    if words::is_furniture(one) {
        return false;
    }
    let words = one.split_whitespace().count();
    let letters = one.chars().filter(|c| c.is_alphabetic()).count();
    let capital =
        one.chars().any(char::is_uppercase) || one.chars().any(|c| c.is_alphabetic() && !c.is_lowercase());
    let uncased = one.chars().any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase());
    let code = words == 1
        && !uncased
        && (letters <= 3 || one.chars().all(|c| c.is_uppercase() || "-_".contains(c)) && letters <= 8);
    letters >= 2 && words <= 7 && capital && !code && !one.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(printed: &str) -> Vec<String> {
        read(printed).people.into_iter().map(|person| person.name).collect()
    }

    #[test]
    fn a_role_behind_a_korean_name_is_a_role() {
        let line = read("홍길동 기자");
        assert_eq!((line.people[0].name.as_str(), line.people[0].role.as_deref()), ("홍길동", Some("기자")));
    }

    #[test]
    fn printed_bylines_give_their_people() {
        for (printed, expected) in [
            ("Ann Roe (earlier)", &["Ann Roe"][..]),
            ("Por Ana Roe e Beto Doe, g1 Santos e TV Topeira — Santos", &["Ana Roe", "Beto Doe"]),
            ("La Taupe avec AFP", &[]),
            ("By Post Photo Staff", &[]),
            ("Anna Roe mit dpa", &["Anna Roe"]),
            ("By JANE ROE", &["Jane Roe"]),
            ("By jane roe, Reuters", &["Jane Roe"]),
            ("^By JANE ROE=", &["Jane Roe"]),
            ("BY TED D'ARBY, REUTERS", &["Ted D'Arby"]),
            ("By Helen Roe, dpa  =", &["Helen Roe"]),
            ("By LISA ROE, MARY CLARE DOE and ERIC POE", &["Lisa Roe", "Mary Clare Doe", "Eric Poe"]),
            ("By Zoe Roe The Associated Press", &["Zoe Roe"]),
            ("By Zoe Roe, Sam Doe and Tia Poe The Associated Press", &["Zoe Roe", "Sam Doe", "Tia Poe"]),
            ("By MEG ROE and ERIN DOE, Associated Press", &["Meg Roe", "Erin Doe"]),
            ("By Bill Roe | Special to the Pioneer Press", &["Bill Roe"]),
            ("Tom Roe Associated Press Published 11:34 PM EST", &["Tom Roe"]),
            ("Von Marco Roe und Sunrita Doe, dpa", &["Marco Roe", "Sunrita Doe"]),
            ("By Sam Roe, Press Association Political Correspondent", &["Sam Roe"]),
            ("Wiktor Roe/TT", &["Wiktor Roe"]),
            ("By Tom Roe, The San Diego Union-Tribune", &["Tom Roe"]),
            ("Par Anne ROE", &["Anne ROE"]),
            ("By Roe, Ann", &["Ann Roe"]),
            ("By Ann Roe aroe@post.example", &["Ann Roe"]),
            ("Ann Roe | aroe@post.example", &["Ann Roe"]),
            ("Von Anna Roe, dpa (Foto - Archiv)", &["Anna Roe"]),
            ("Roe, Ann M.; de la Doe, Jean-Luc", &["Ann M. Roe", "Jean-Luc de la Doe"]),
            ("Roe, Ann and Doe, Bob", &["Ann Roe", "Bob Doe"]),
            ("Ann Roe, Bob", &["Ann Roe"]),
            ("Rowe, London", &["Rowe", "London"]),
            ("Eine Analyse von Jan van der Roe", &["Jan van der Roe"]),
            ("Analysis by Jane Roe, CNN", &["Jane Roe"]),
            ("By Jane Roe in Berlin and John Doe in Paris", &["Jane Roe", "John Doe"]),
            ("Mia Doe and Jordan Press", &["Mia Doe", "Jordan Press"]),
            ("Jane Roe Dec 16, 2015, 4:08pm EST", &["Jane Roe"]),
            ("Jane Roe 5 minute read", &["Jane Roe"]),
            ("View author archive", &[]),
            ("Von Seb Roe, Lille", &["Seb Roe"]),
            ("Elena Roe (roe), Oliver Doe (doe.)", &["Elena Roe", "Oliver Doe"]),
            ("Northgate News Agency", &[]),
            ("By Ruth Roe, Harbour Wire", &["Ruth Roe"]),
            ("By The Associated Press", &[]),
            ("Von dpa", &[]),
            ("By dpa correspondents", &[]),
            ("gr/bp", &[]),
            ("YKN-CER", &[]),
        ] {
            assert_eq!(names(printed), expected, "{printed}");
        }
    }

    #[test]
    fn role_and_organisation_go_with_the_name() {
        let line = read("By Jane Roe, AP Sports Writer");
        assert_eq!(line.people[0].role.as_deref(), Some("AP Sports Writer"));
        assert_eq!(line.people[0].org.as_deref(), Some("AP"));
        let line = read("By Jane Roe Senior Technology Reporter");
        assert_eq!(
            (line.people[0].name.as_str(), line.people[0].role.as_deref()),
            ("Jane Roe", Some("Senior Technology Reporter"))
        );
        assert_eq!(read("By The Associated Press").org.as_deref(), Some("AP"));
    }

    #[test]
    fn a_line_of_copy_is_a_byline_only_when_it_holds_nothing_else() {
        for line in [
            "By Jane Roe, Reuters",
            "by Jane Roe, Reuters.",
            "By The Associated Press",
            "By JANE ROE and JOHN DOE",
            "By jane roe, Reuters",
        ] {
            assert!(of_copy(line).is_some(), "{line}");
        }
        for line in [
            "By Monday the talks had failed",
            "By the time",
            "Jane Roe",
            "By 2030",
            "By Saturday",
            "Von der Leyen",
            "By contrast, Rome",
        ] {
            assert_eq!(of_copy(line), None, "{line}");
        }
    }
}
