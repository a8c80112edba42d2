//! How an order names its story: by slug, number or headline, behind an imperative.

use super::super::header::slug;
use super::super::text;

/// A story as an order names it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub slug: Option<String>,
    pub number: Option<String>,
    pub headline: Option<String>,
}

/// Words between the imperative and the story's name.
const FILLERS: &[&str] = &[
    "the",
    "story",
    "stories",
    "item",
    "photo",
    "picture",
    "slugged",
    "slug",
    "slugline",
    "headlined",
    "titled",
    "entitled",
    "of",
    "numbered",
    "number",
    "transmitted",
    "as",
    "and",
    "withhold",
    "withdraw",
    "following",
    "our",
    "its",
    "this",
    "that",
    "use",
    "all",
    "versions",
    "about",
    "on",
    "in",
    "from",
    "sie",
    "die",
    "meldung",
    "meldungen",
];
/// First words of what is no name: `Please kill the story immediately`.
const NO_NAMES: &[&str] = &[
    "immediately",
    "sent",
    "moved",
    "until",
    "because",
    "which",
    "it",
    "for",
    "at",
    "pending",
    "above",
    "below",
    "earlier",
    "previous",
    "a",
    "an",
    "by",
    "while",
    "due",
    "if",
    "is",
    "was",
    "mandatory",
    "now",
    "to",
];

/// The name behind an imperative: `the story Roe Trial, V9991, sent Monday`, `the story headlined "Mole sells unit"`.
pub(super) fn named(behind: &str) -> Option<Named> {
    let sentence = sentence(behind);
    let mut rest = sentence.trim_start_matches([' ', '\n', '\t', ':', ',']);
    while let Some(after) = filler(rest) {
        rest = after;
    }
    if let Some(headline) = quoted(rest) {
        let tail = rest.get(headline.len()..).unwrap_or_default();
        return Some(Named { headline: Some(text::line(headline)), number: number(tail), slug: None });
    }
    let slug = rest.split([',', ';', '(']).next().unwrap_or_default().trim().trim_end_matches(['.', ' ']);
    let first = slug.split(' ').next().unwrap_or_default().to_lowercase();
    let number = number(rest);
    let is_number = number.as_deref() == Some(slug);
    let is_name = !slug.is_empty()
        && !is_number
        && !NO_NAMES.contains(&first.as_str())
        && slug.split(' ').count() <= 12;
    let slug = is_name.then(|| text::line(slug));
    (slug.is_some() || number.is_some()).then_some(Named { slug, number, headline: None })
}

fn filler(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches([' ', '\n', '\t', ':', ',']);
    let end = rest.find([' ', '\n', '\t', ':', ',']).unwrap_or(rest.len());
    let word = rest.get(..end)?;
    FILLERS
        .contains(&word.to_lowercase().as_str())
        .then(|| rest.get(end..).unwrap_or_default().trim_start_matches([' ', '\n', '\t', ':', ',']))
}

/// Up to the first full stop that ends a sentence, at an empty line, or the whole.
fn sentence(text: &str) -> &str {
    let stop = text
        .find(". ")
        .into_iter()
        .chain(text.find(".\n"))
        .chain(text.find("\n\n"))
        .chain(text.find(".\u{201d}"))
        .min();
    stop.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The text between quotation marks at the start.
fn quoted(rest: &str) -> Option<&str> {
    let mark = rest.chars().next()?;
    let closing = match mark {
        '"' => '"',
        '\'' => '\'',
        '\u{201c}' | '\u{201e}' => '\u{201d}',
        '\u{2018}' => '\u{2019}',
        _ => return None,
    };
    let inner = rest.get(mark.len_utf8()..)?;
    let end = inner.rfind(closing).or_else(|| inner.rfind('\u{201c}'))?;
    inner.get(..end).map(|headline| headline.trim_end_matches(','))
}

/// An agency's sign and its number, as German wires name a message: `dpa 061`.
fn signed_number(text: &str) -> Option<String> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_sign = |word: &str| (3..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_count = |word: &str| (2..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    let is_clock = |word: &str| ["gmt", "uhr", "cet", "utc"].contains(&word.to_lowercase().as_str());
    words.iter().enumerate().find_map(|(at, sign)| {
        let number = words.get(at + 1).filter(|number| is_sign(sign) && is_count(number))?;
        let is_time = words.get(at + 2).is_some_and(|word| is_clock(word));
        (!is_time).then(|| format!("{sign} {number}"))
    })
}

/// The first transmission number among the words: `V9991`, `a0512`, photo numbers such as `NYSB101`.
fn number(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let found = words.map(|word| word.trim()).find(|word| slug::is_number(word) || is_photo(word));
    found.map(Into::into).or_else(|| signed_number(text))
}

/// AP Photos' call letters: two to four capitals and three digits.
fn is_photo(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    (2..=5).contains(&letters)
        && word.len() == letters + 3
        && word.bytes().skip(letters).all(|byte| byte.is_ascii_digit())
}
