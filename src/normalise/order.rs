//! Does this item take another one back? The text forms of old wires: `Please kill the story Roe Trial, V9991. A kill is
//! mandatory.`, `STORY WITHDRAWN-`, `KILL KILL KILL =`, photo eliminations, holds and their release.

mod named;

use memchr::memmem;

use crate::item::{Order, Verb};
use crate::wire::WireRelation;

use super::text;
use named::{Named, named};

/// What is looked at: the rest of an order gives reasons.
const LOOKED_AT: usize = 1_200;
/// The words of an order that are kept.
const KEPT: usize = 300;

/// Tags at the very beginning of a headline or a paragraph, in capitals, and what they order. A dash, colon, comma or
/// nothing follows. AP (`BULLETIN KILL`), dpa (`KILL KILL KILL =`), Reuters (`STORY WITHDRAWN-`), AP Photos.
#[rustfmt::skip]
const TAGS: &[(&str, Verb)] = &[
    ("BULLETIN KILL", Verb::Kill), ("KILL KILL KILL", Verb::Kill), ("KILL KILL", Verb::Kill), ("STORY KILL", Verb::Kill), ("MANDATORY KILL", Verb::Kill),
    ("KILL", Verb::Kill), ("STORY WITHDRAWN", Verb::Kill), ("WITHDRAWN", Verb::Kill), ("PHOTO ELIMINATION", Verb::Kill), ("ELIMINATION", Verb::Kill),
    ("MANDATORY ELIMINATION", Verb::Kill), ("ANNULATION", Verb::Kill), ("DISREGARD", Verb::Kill),
    ("HOLD RELEASED", Verb::Release), ("HOLD LIFTED", Verb::Release), ("RELEASE OF HOLD", Verb::Release),
    ("HOLD HOLD HOLD", Verb::Hold), ("HOLD HOLD", Verb::Hold), ("WITHHOLD", Verb::Hold), ("HOLD", Verb::Hold),
];

/// Imperatives to editors, lower case, and what they order. What is to be taken back stands behind those marked so.
#[rustfmt::skip]
const PHRASES: &[(&str, Verb, bool)] = &[
    ("the hold is lifted on", Verb::Release, true), ("the hold is released on", Verb::Release, true), ("please release the hold on", Verb::Release, true),
    ("hold is lifted on", Verb::Release, true), ("you may now use", Verb::Release, true),
    ("please kill", Verb::Kill, true), ("must kill", Verb::Kill, true), ("kill the story", Verb::Kill, true), ("kill the item", Verb::Kill, true),
    ("kill the photo", Verb::Kill, true), ("please eliminate", Verb::Kill, true), ("eliminate the photo", Verb::Kill, true),
    ("please disregard", Verb::Kill, true), ("please withdraw", Verb::Kill, true), ("has withdrawn its story", Verb::Kill, true),
    ("has withdrawn the story", Verb::Kill, true), ("bitte streichen sie", Verb::Kill, true),
    ("please withhold", Verb::Hold, true), ("please hold", Verb::Hold, true), ("withhold the story", Verb::Hold, true), ("hold the story", Verb::Hold, true),
    ("a kill is mandatory", Verb::Kill, false), ("kill is mandatory", Verb::Kill, false), ("kill mandatory", Verb::Kill, false), ("mandatory kill", Verb::Kill, false),
    ("elimination is mandatory", Verb::Kill, false), ("make certain the story is not used", Verb::Kill, false), ("make certain the photo is not used", Verb::Kill, false),
    ("ersatzlos gestrichen", Verb::Kill, false), ("ersatzlos zurückgezogen", Verb::Kill, false),
];

/// Words without which nothing is an order: a quick look before lines are read.
#[rustfmt::skip]
const HINTS: &[&str] = &[
    "kill", "Kill", "KILL", "liminate", "LIMINAT", "ithdraw", "ITHDRAW", "hold is", "hold the", "se hold", "ithhold", "HOLD", "elease the hold", "isregard", "ISREGARD", "NNULATION",
    "ersatzlos", "streichen", "may now use", "make certain",
];

/// Editorial types that are orders, lower case.
const TYPES: &[(&str, Verb)] = &[
    ("kill", Verb::Kill),
    ("elimination", Verb::Kill),
    ("withdrawn", Verb::Kill),
    ("disregard", Verb::Kill),
    ("withhold", Verb::Hold),
    ("holdforrelease", Verb::Hold),
];

/// What an item says of itself, for [`read`].
#[derive(Debug, Default)]
pub struct Said<'a> {
    /// The format it was read from.
    pub format: &'a str,
    /// Its headline.
    pub headline: Option<&'a str>,
    /// Its slugline, as printed.
    pub slugline: Option<&'a str>,
    /// Its editorial type, when one is known.
    pub editorial_type: Option<&'a str>,
    /// Its status speaks of its own chain already: a tag before its headline says no more.
    pub has_status: bool,
    /// Notes to editors.
    pub notes: &'a [String],
    /// The copy, notes still in it.
    pub copy: &'a str,
}

/// Formats whose items are never versions of each other: a kill can only be an item of its own, under the same slug.
const WITHOUT_CHAINS: &[&str] = &["anpa", "iptc7901", "text"];

/// The order that an item gives, if it gives one.
#[must_use]
pub fn read(said: &Said<'_>) -> Option<Order> {
    let copy = start(said.copy, LOOKED_AT);
    let texts = || said.headline.into_iter().chain(said.notes.iter().map(String::as_str)).chain([copy]);
    let typed = said.editorial_type.and_then(of_type);
    let hinted =
        texts().any(|text| HINTS.iter().any(|hint| memmem::find(text.as_bytes(), hint.as_bytes()).is_some()));
    if !hinted && typed.is_none() {
        return None;
    }
    let tagged = texts().find_map(tag).filter(|_| !said.has_status);
    let phrased = texts().find_map(phrase);
    let verb = phrased.as_ref().map(|found| found.verb).or(tagged.map(|found| found.0));
    // a type alone is the status of its own chain, unless the format knows no chains
    let verb = verb.or(typed.filter(|_| WITHOUT_CHAINS.contains(&said.format)))?;
    // a tag has said what is to be done: `KILL KILL KILL`, and below it `Please do not use the story …`
    let beside = || texts().find_map(|text| behind(text, NAMING)).filter(|_| tagged.is_some());
    let named = phrased.map(|found| found.behind).filter(|it| !it.is_empty()).or_else(beside).and_then(named);
    let headline = tagged.map(|found| found.1).filter(|rest| rest.split(' ').count() > 1);
    let own = || Named { slug: said.slugline.map(Into::into), ..Named::default() };
    let Named { slug, number, headline } =
        named.unwrap_or_else(|| Named { headline: headline.map(text::line), ..own() });
    let words = texts().find(|text| tag(text).is_some() || phrase(text).is_some()).unwrap_or_default();
    Some(Order { verb, slug, number, headline, words: text::line(start(words, KEPT)), ..Order::default() })
}

/// What becomes of a story that is named by its identifier (NITF `management-idref-status`), and what that orders.
const STATUSES: &[(&str, Verb)] = &[
    ("canceled", Verb::Kill),
    ("cancelled", Verb::Kill),
    ("killed", Verb::Kill),
    ("withdrawn", Verb::Kill),
    ("withheld", Verb::Hold),
    ("embargoed", Verb::Hold),
    ("usable", Verb::Release),
];

/// The order to another item whose status this one gives; its `story` is still the provider's identifier.
#[must_use]
pub fn of_status(related: &[WireRelation], own: Option<&str>) -> Option<Order> {
    related.iter().filter(|one| Some(one.target.as_str()) != own).find_map(|one| {
        let rel = one.rel.as_deref()?;
        let (word, verb) = STATUSES.iter().find(|(word, _)| rel.eq_ignore_ascii_case(word))?;
        let words = format!("{} is {word}", one.target);
        Some(Order { verb: *verb, story: Some(one.target.clone()), words, ..Order::default() })
    })
}

fn of_type(printed: &str) -> Option<Verb> {
    TYPES.iter().find(|(known, _)| printed.eq_ignore_ascii_case(known)).map(|row| row.1)
}

/// What a tag orders, and what stands behind it: `STORY WITHDRAWN-Mole sells unit`.
fn tag(text: &str) -> Option<(Verb, &str)> {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (word, verb) = TAGS.iter().find(|(tag, _)| bare.starts_with(tag) && ends_tag(&bare[tag.len()..]))?;
    let line = bare[word.len()..].lines().next().unwrap_or_default();
    Some((*verb, line.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// `KILL: Roe`, `KILL-Roe`, `KILL`, `HOLD HOLD HOLD =`; not `KILL BILL`.
fn ends_tag(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    let line = line.trim_start_matches(' ');
    line.chars().next().is_none_or(|c| "-:,=.!/<\u{2013}\u{2014}".contains(c))
}

/// What stands before the name of a story in the copy of a message that a tag says to be an order.
const NAMING: &[&str] =
    &["do not use the story", "do not use the item", "do not use our story", "verwenden sie die meldung"];

fn behind<'t>(text: &'t str, phrases: &[&str]) -> Option<&'t str> {
    let text = start(text, LOOKED_AT);
    let flat = flat(text);
    phrases.iter().find_map(|phrase| find(&flat, phrase)).and_then(|end| text.get(end..))
}

struct Phrased<'t> {
    verb: Verb,
    behind: &'t str,
}

/// The first imperative of the text; one with the story's name behind it goes before one without.
fn phrase(text: &str) -> Option<Phrased<'_>> {
    let text = start(text, LOOKED_AT);
    let mut bare = None;
    let flat = flat(text);
    for (phrase, verb, names) in PHRASES {
        let Some(end) = find(&flat, phrase) else { continue };
        if *names {
            return Some(Phrased { verb: *verb, behind: text.get(end..).unwrap_or_default() });
        }
        bare.get_or_insert(Phrased { verb: *verb, behind: "" });
    }
    bare
}

/// Where `phrase` ends in `flat`; it begins and ends at a word's edge.
fn find(flat: &str, phrase: &str) -> Option<usize> {
    let inside =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let bytes = flat.as_bytes();
    memmem::find_iter(bytes, phrase.as_bytes())
        .map(|at| (at, at + phrase.len()))
        .find(|(at, end)| !inside(at.checked_sub(1).and_then(|at| bytes.get(at))) && !inside(bytes.get(*end)))
        .map(|(_, end)| end)
}

/// The text with small letters and blanks only, byte for byte as long.
fn flat(text: &str) -> String {
    let mut flat = text.to_ascii_lowercase();
    if flat.contains(['\n', '\t', '\r']) {
        flat = flat.replace(['\n', '\t', '\r'], " ");
    }
    flat
}

fn start(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headline: &str, slugline: &str, copy: &str) -> Option<(Verb, String, String, String)> {
        let said = Said {
            format: "nitf",
            headline: Some(headline),
            slugline: Some(slugline),
            copy,
            ..Said::default()
        };
        let order = read(&said)?;
        let text = |text: Option<String>| text.unwrap_or_default();
        Some((order.verb, text(order.slug), text(order.number), text(order.headline)))
    }

    #[test]
    fn orders_name_the_story_by_slug_number_or_headline() {
        let cases: [(&str, &str, &str, Verb, [&str; 3]); 13] = [
            (
                "Kill",
                "BC-APNewsAlert",
                "Please kill the story Lawyer Held, V9991. The story is unsupported.\nA kill is mandatory. Make certain the story is not used.",
                Verb::Kill,
                ["Lawyer Held", "V9991", ""],
            ),
            (
                "KILL: StarBall Jackpot",
                "BC-StarBall, KILL",
                "Please kill BC-US--StarBall Jackpot-Winner, V0490, datelined Yakima, Wash. A kill is mandatory.",
                Verb::Kill,
                ["BC-US--StarBall Jackpot-Winner", "V0490", ""],
            ),
            (
                "BULLETIN KILL",
                "BC-Roe Trial, KILL",
                "EDITORS:\nA kill is mandatory. Make certain the story is not used.",
                Verb::Kill,
                ["BC-Roe Trial, KILL", "", ""],
            ),
            (
                "STORY WITHDRAWN-Mole sells unit",
                "MOLE-UNIT/",
                "The report is wrong and is withdrawn.",
                Verb::Kill,
                ["MOLE-UNIT/", "", "Mole sells unit"],
            ),
            (
                "KILL KILL KILL =",
                "Germany-politics/",
                "Please do not use the story.",
                Verb::Kill,
                ["Germany-politics/", "", ""],
            ),
            (
                "HOLD HOLD HOLD =",
                "Germany-politics/",
                "A new version will follow.",
                Verb::Hold,
                ["Germany-politics/", "", ""],
            ),
            (
                "Advisory",
                "BC-Hold",
                "Please withhold the story slugged BC-US--Roe Trial, a0512, until further notice.",
                Verb::Hold,
                ["BC-US--Roe Trial", "a0512", ""],
            ),
            (
                "Advisory",
                "BC-Hold",
                "The hold is lifted on BC-US--Roe Trial, a0512.",
                Verb::Release,
                ["BC-US--Roe Trial", "a0512", ""],
            ),
            (
                "Photo",
                "x",
                "PHOTO ELIMINATION\nPlease eliminate the photo NYSB101 of a dog, sent Monday.",
                Verb::Kill,
                ["NYSB101 of a dog", "NYSB101", ""],
            ),
            (
                "Advisory",
                "x",
                "Please kill the story headlined \u{201c}Mole sells unit,\u{201d} sent at 4 p.m.",
                Verb::Kill,
                ["", "", "Mole sells unit"],
            ),
            (
                "Advisory",
                "BC-Roe",
                "Please kill the story immediately. It is wrong.",
                Verb::Kill,
                ["BC-Roe", "", ""],
            ),
            ("Advisory", "BC-Roe", "PLEASE KILL\nthe story V9991.", Verb::Kill, ["", "V9991", ""]),
            ("KILL", "BC-Roe, 1st Ld, KILL", "", Verb::Kill, ["BC-Roe, 1st Ld, KILL", "", ""]),
        ];
        for (headline, slugline, copy, verb, [slug, number, title]) in cases {
            let expected = (verb, slug.to_owned(), number.to_owned(), title.to_owned());
            assert_eq!(of(headline, slugline, copy), Some(expected), "{headline} | {copy}");
        }
    }

    #[test]
    fn ordinary_copy_orders_nothing() {
        let cases = [
            ("KILL BILL returns to cinemas", "x", "The film is back."),
            (
                "Two are killed in crash",
                "x",
                "Two people were killed, and the army has withdrawn its forces from the town.",
            ),
            ("Hold on, rates may rise", "x", "The bank may hold the line."),
            ("Troops withdrawn", "x", "Troops were withdrawn on Monday."),
            ("Old mill to be saved", "x", "The old mill is to be saved."),
        ];
        for (headline, slugline, copy) in cases {
            assert_eq!(of(headline, slugline, copy), None, "{headline}");
        }
    }

    #[test]
    fn a_status_makes_a_tag_superfluous_but_not_an_imperative() {
        let said = |copy| Said { headline: Some("KILL: Roe"), has_status: true, copy, ..Said::default() };
        assert_eq!(read(&said("It was wrong.")), None);
        assert!(read(&said("Please kill the story Roe, V1234.")).is_some());
    }

    #[test]
    fn a_type_alone_speaks_of_its_own_chain_unless_the_format_has_none() {
        let said = |format| Said {
            format,
            slugline: Some("BC-Roe, KILL"),
            editorial_type: Some("Kill"),
            ..Said::default()
        };
        assert_eq!(read(&said("newsml-g2")), None);
        assert_eq!(read(&said("anpa")).unwrap().slug.as_deref(), Some("BC-Roe, KILL"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(please |kill |KILL|HOLD |the story |hold |[\"'\u{201c}\u{201d}., \n:A-Zäß0-9-]){0,60}") {
            let order = read(&Said { headline: Some(&text), slugline: Some(&text), copy: &text, ..Said::default() });
            proptest::prop_assert!(order.is_none_or(|order| order.words.len() <= KEPT));
        }
    }
}
