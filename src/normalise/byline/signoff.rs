//! Credits at the end of a story: `(Reporting by … in …; Editing by …)`, `Associated Press writers … contributed to this report.`

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};

use crate::item::Author;

use super::name;

/// How far from the end a credit may begin.
const TAIL: usize = 1500;

/// What a clause of a sign-off begins with, and the role it gives; the longer phrase first.
const CLAUSES: &[(&str, &str)] = &[
    ("additional reporting by ", "reporting"),
    ("additional writing by ", "writing"),
    ("reporting and writing by ", "reporting"),
    ("reporting and editing by ", "reporting"),
    ("writing and editing by ", "writing"),
    ("compiled by ", "reporting"),
    ("reporting by ", "reporting"),
    ("writing by ", "writing"),
    ("translated by ", "translation"),
    ("translation by ", "translation"),
    ("editing by ", "editing"),
    ("graphics by ", "graphics"),
];

/// How each of [`AP_TAILS`] begins: most stories have none of them.
static CONTRIBUTED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("contributed"));

const AP_TAILS: &[&str] =
    &["contributed to this report", "contributed to this story", "contributed reporting", "contributed from"];

/// The people named at the end of `body`, with what they did as role.
pub fn read(body: &str) -> Vec<Author> {
    let tail = tail_of(body);
    let reuters = reuters(tail);
    if reuters.is_empty() { contributed(tail) } else { reuters }
}

fn tail_of(body: &str) -> &str {
    let mut start = body.len().saturating_sub(TAIL);
    while !body.is_char_boundary(start) {
        start += 1;
    }
    &body[start..]
}

/// One paragraph or bracket that begins `Reporting by`; its clauses may lack their semicolons.
fn reuters(tail: &str) -> Vec<Author> {
    let Some(block) = sign_off(tail) else { return Vec::new() };
    let lower = block.to_ascii_lowercase();
    let mut starts: Vec<(usize, usize, &str)> = Vec::new();
    for (phrase, role) in CLAUSES {
        for (at, _) in lower.match_indices(phrase) {
            let free =
                at == 0 || lower.as_bytes().get(at - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric());
            let inside = starts.iter().any(|(from, to, _)| (*from..*to).contains(&at));
            if free && !inside {
                starts.push((at, at + phrase.len(), role));
            }
        }
    }
    starts.sort_unstable();
    let ends = starts.iter().skip(1).map(|(at, ..)| *at).chain([block.len()]);
    let clauses = starts.iter().zip(ends);
    clauses
        .flat_map(|((_, from, role), end)| people(block.get(*from..end).unwrap_or_default(), role, ""))
        .collect()
}

/// What a sign-off begins with.
static HEADS: LazyLock<[Finder<'static>; 6]> = LazyLock::new(|| {
    let heads = [
        "Reporting by ",
        "Reporting and ",
        "Writing by ",
        "Additional reporting by ",
        "Compiled by ",
        "Editing by ",
    ];
    heads.map(Finder::new)
});

/// The bracket or paragraph in which a sign-off stands.
fn sign_off(tail: &str) -> Option<&str> {
    let begins = |at: usize| {
        let before = tail[..at].trim_end_matches([' ', '(', '[', '*', '_']);
        before.is_empty() || before.ends_with(['\n', '.', '"', '”', '—']) || tail[..at].ends_with('(')
    };
    let found =
        HEADS.iter().filter_map(|head| head.find_iter(tail.as_bytes()).find(|at| begins(*at))).min()?;
    let block = &tail[found..];
    let end = block.find(")\n").or_else(|| block.find("\n\n")).unwrap_or(block.len());
    Some(block[..end].trim_end_matches([')', ' ', '\n', '.']))
}

/// `Associated Press writers A in B and C contributed to this report.`
fn contributed(tail: &str) -> Vec<Author> {
    if CONTRIBUTED.find(tail.as_bytes()).is_none() {
        return Vec::new();
    }
    let last = |phrase: &&str| memmem::rfind(tail.as_bytes(), phrase.as_bytes());
    if let Some(end) = AP_TAILS.iter().filter_map(last).max() {
        let (list, org) = lead_off(list_before(tail, end));
        return people(list.trim_end_matches(" also"), "contributor", &org);
    }
    // Too short to be believed without "Northgate writer" before the names.
    let led = last(&" contributed.").map(|end| lead_off(list_before(tail, end)));
    led.filter(|(_, org)| !org.is_empty())
        .map_or_else(Vec::new, |(list, org)| people(list, "contributor", &org))
}

/// The sentence that ends at `end`, from its first letter.
fn list_before(tail: &str, end: usize) -> &str {
    let before = &tail[..end];
    let rule = before.char_indices().rev().find(|(_, c)| ['\n', '—', '_'].contains(c));
    let start = rule.map_or(0, |(at, c)| at + c.len_utf8());
    let start = before[start..].rfind(". ").map_or(start, |at| {
        if before[start..start + at].ends_with(initial) { start } else { start + at + 2 }
    });
    before.get(start..).unwrap_or_default().trim_start_matches(|c: char| !c.is_alphanumeric())
}

fn initial(c: char) -> bool {
    c.is_uppercase()
}

/// Takes `Associated Press writers`, `AP writer`, `Northgate correspondents` off the front, and says whose they are.
fn lead_off(list: &str) -> (&str, String) {
    const LEADS: &[&str] = &["The Associated Press's ", "Associated Press ", "AP "];
    let Some(mut rest) = LEADS.iter().find_map(|lead| list.strip_prefix(lead)) else {
        return house_off(list).unwrap_or((list, String::new()));
    };
    let small = |word: &str| {
        word.starts_with(char::is_lowercase)
            || super::words::is_role_noun(word)
            || super::words::begins_role(word)
    };
    while let Some((_, after)) = rest.split_once(' ').filter(|(word, _)| small(word)) {
        rest = after;
    }
    (rest, "AP".into())
}

/// `Meridian Press writers A and B`: up to three capitalised words before the first role.
fn house_off(list: &str) -> Option<(&str, String)> {
    let (at, role) = list.match_indices(' ').take(3).find_map(|(at, _)| {
        let word = list.get(at + 1..)?.split(' ').next()?;
        super::words::is_role_noun(word).then_some((at, word))
    })?;
    let house = list.get(..at)?;
    let is_name = house.split(' ').all(|word| word.starts_with(char::is_uppercase));
    let rest = list.get(at + 1 + role.len()..)?.trim_start();
    is_name.then(|| (rest, house.to_string()))
}

/// The names of a list, places (`in Cairo`) left out.
fn people(list: &str, role: &str, org: &str) -> Vec<Author> {
    let list = list.trim_end_matches([';', ' ', ',', '.', ')', '\n']);
    let mut authors = Vec::new();
    for chunk in list.split([',', ';', '\n']).flat_map(|part| part.split(" and ")) {
        let chunk = chunk.trim().trim_start_matches("and ").trim_start_matches("in ");
        let cut =
            [" in ", " at ", " from ", " on ", " aboard "].iter().filter_map(|word| chunk.find(word)).min();
        let one = cut
            .map_or(chunk, |at| &chunk[..at])
            .trim_matches(|c: char| c.is_whitespace() || ".()".contains(c));
        let desk = ["newsroom", "bureau", "desk", "team", "staff"]
            .iter()
            .any(|word| one.to_lowercase().ends_with(word));
        if name::is_full(one) && !desk && !is_place(one) {
            let org = Some(org).filter(|it| !it.is_empty()).map(String::from);
            authors.push(Author { name: name::reading_case(one), role: Some(role.into()), org, email: None });
        }
    }
    authors
}

/// `Jane Roe in Paris, New York and Tel Aviv`: a town between the commas is no person.
pub fn is_place(text: &str) -> bool {
    super::super::gazetteer::places(text).any(|place| place.population > 100_000)
        || !super::super::regions::named(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_at_the_end_of_a_story_are_told_with_what_they_did() {
        for (body, expected) in [
            (
                "The end.\n\n(Reporting by Ann Roe in Cairo and Bob Doe; Additional reporting by Cy Poe; Editing by Di Coe and Ed Moe)",
                "Ann Roe reporting, Bob Doe reporting, Cy Poe reporting, Di Coe editing, Ed Moe editing",
            ),
            ("The end. (Reporting by Ann Roe Editing by Bob Doe)\n", "Ann Roe reporting, Bob Doe editing"),
            (
                "The end.\n\n___\n\nAssociated Press writers Ann Roe in Cairo and Bob Doe in New York contributed to this report.",
                "Ann Roe contributor, Bob Doe contributor",
            ),
            ("AP writer Ann B. Roe contributed to this report.", "Ann B. Roe contributor"),
            ("___ Northgate writer Paul Roe in Salinas contributed.", "Paul Roe contributor"),
            (
                "___\nMeridian Press correspondents Ann Roe and Bob Doe contributed to this report.",
                "Ann Roe contributor, Bob Doe contributor",
            ),
            ("What Ann Roe and Bob Doe contributed.", ""),
            ("She was reporting by telephone. Editing by hand is slow.", ""),
            ("(Reporting by the Bengaluru newsroom)", ""),
        ] {
            let told: Vec<String> = read(body)
                .into_iter()
                .map(|it| format!("{} {}", it.name, it.role.unwrap_or_default()))
                .collect();
            assert_eq!(told.join(", "), expected, "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(
            a in "[A-Z a-zé—_.,;()\n]{0,60}",
            phrase in proptest::sample::select([AP_TAILS, &["(Reporting by ", "Associated Press writers "]].concat()),
            b in "[A-Z a-zé—_.,;()\n]{0,60}",
        ) {
            read(&format!("{a}{phrase}{b}{phrase}{a}"));
        }
    }
}
