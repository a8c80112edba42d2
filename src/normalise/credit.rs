//! **Who took the picture?** The credit at the end of a caption, and the photographer in it.

mod label;
mod words;

use std::borrow::Cow;

use super::byline;

use label::{MOST, lower_same_length};
use words::{ASIDES, GLUED, LABELS, SOURCES};

/// A caption taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// The caption proper.
    pub text: String,
    /// The credit without its brackets and its label: `AP Photo/Vadim Ghirda`.
    pub credit: Option<String>,
}

/// Where one kind of credit stands: the caption before it, and the credit.
type Rule = fn(&str) -> Option<(&str, &str)>;

/// Takes the credit off a caption, printed on one line.
pub fn split(caption: &str) -> Split {
    let caption = glue_off(caption.trim());
    let rules: [Rule; 7] = [
        before_a_notice,
        labelled,
        bracketed,
        agency_word,
        behind_the_sentence,
        behind_a_slash,
        source_at_the_end,
    ];
    let found = rules
        .iter()
        .find_map(|rule| rule(caption))
        .filter(|(text, _)| text.chars().any(char::is_alphanumeric));
    let Some((text, credit)) = found.or_else(|| labelled_first(caption)) else {
        return Split { text: caption.into(), credit: None };
    };
    let credit = clean(credit);
    let text = repeated_first(text, &credit);
    Split { text: tidy(text).into(), credit: Some(credit).filter(|credit| !credit.is_empty()) }
}

fn glue_off(caption: &str) -> &str {
    let mut text = caption;
    while let Some(shorter) =
        GLUED.iter().find_map(|glued| text.strip_suffix(glued)).filter(|rest| !rest.trim().is_empty())
    {
        text = shorter.trim_end();
    }
    text
}

/// `… in Rome Ann Roe/Copyright 2026 The AP`: a name, its notice behind a slash.
fn before_a_notice(caption: &str) -> Option<(&str, &str)> {
    let at = caption.rfind("/Copyright ").filter(|at| caption.len() - at < 60)?;
    let before = caption.get(..at)?;
    let name = last_capital_words(before, 2)?;
    Some((before.get(..name)?, before.get(name..)?))
}

fn tidy(text: &str) -> &str {
    text.trim().trim_end_matches(['(', '[', '|', '/', ',', '–', '—', '•', '·', ';', 'Â']).trim()
}

/// `… Foto: Efrem Roe/AP`, `… (Image: Getty)`, `… © dpa | Jens Roe`: the first label whose rest is short enough for a credit.
fn labelled(caption: &str) -> Option<(&str, &str)> {
    let (at, after) = label::first(caption)?;
    let credit = caption.get(after..)?;
    let (credit, behind) =
        credit.split_once([')', ']']).filter(|_| opens_bracket(caption, at)).unwrap_or((credit, ""));
    let behind = behind.trim_matches(['.', ' ']);
    let text = caption.get(..at)?;
    let fits = text.trim().len() > 2 && credit.chars().count() <= MOST && !credit.trim().is_empty();
    (fits && (behind.is_empty() || behind.len() < 40))
        .then_some((text, if looks_like_credit(behind) { behind } else { credit }))
}

fn start_of_tail(text: &str, letters: usize) -> usize {
    text.char_indices().rev().nth(letters).map_or(0, |(at, _)| at)
}

fn opens_bracket(caption: &str, at: usize) -> bool {
    caption.get(..at).is_some_and(|before| before.trim_end().ends_with(['(', '[']))
}

/// `… (AP Photo/Vadim Roe)`, `… (Edu Roe)`, `… [뉴스1]`.
fn bracketed(caption: &str) -> Option<(&str, &str)> {
    let body = caption.trim_end_matches(['.', ' ']);
    let (close, open) =
        [(')', '('), (']', '['), ('）', '（')].into_iter().find(|(close, _)| body.ends_with(*close))?;
    let inner = body.strip_suffix(close)?;
    let at = matching_open(inner, open, close)?;
    let credit = inner.get(at + open.len_utf8()..)?;
    let before = inner.get(..at)?;
    if let Some(outer) = name_before(before, credit) {
        return Some((before.get(..outer)?, caption.get(outer..)?));
    }
    let is_credit = is_credit_in_brackets(credit) || is_name_behind_a_sentence(before, credit);
    (is_credit && !before.trim().is_empty()).then_some((before, credit))
}

fn matching_open(inner: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    inner.char_indices().rev().find_map(|(at, c)| {
        if c == close {
            depth += 1;
        } else if c == open && depth == 0 {
            return Some(at);
        } else if c == open {
            depth -= 1;
        }
        None
    })
}

/// `… el 11 de octubre. Florion Roe (REUTERS)`: a name behind the sentence, its agency in brackets.
fn name_before(before: &str, agency: &str) -> Option<usize> {
    let at = sentence_end(before)?;
    let name = before.get(at..)?.trim();
    (byline::is_full_name(name) && holds_source(agency)).then_some(at)
}

fn is_credit_in_brackets(credit: &str) -> bool {
    let lower = credit.to_lowercase();
    if credit.chars().count() > MOST || ASIDES.contains(&lower.trim()) || credit.trim().is_empty() {
        return false;
    }
    looks_like_credit(credit) || byline::is_full_name(credit) || is_acronym(credit)
}

/// `… a sentence. (Meridian's)`: what stands in brackets behind the last sentence, and is a name of one or two words.
fn is_name_behind_a_sentence(before: &str, credit: &str) -> bool {
    let ended = before.trim_end().trim_end_matches(['"', '”', '’']).ends_with(['.', '!', '?']);
    let is_name = |word: &str| word.starts_with(char::is_uppercase) && word.chars().count() > 2;
    let words = credit.split(' ').count();
    let is_aside = ASIDES.contains(&credit.to_lowercase().as_str());
    ended
        && !is_aside
        && words <= 2
        && credit.split(' ').all(is_name)
        && !credit.contains(|c: char| c.is_ascii_digit())
}

fn is_acronym(text: &str) -> bool {
    (2..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `… REUTERS/Brendan Roe/File Photo`, `… AP Photo/Edgar H. Roe`, `… / AFP / SAID ROE` with no sentence end before.
fn agency_word(caption: &str) -> Option<(&str, &str)> {
    const HEADS: &[&str] = &[
        "REUTERS/",
        "Reuters/",
        "AP Photo",
        "AP File Photo",
        "AFP PHOTO",
        "EPA/",
        "EFE/",
        "AFP/",
        "/ AFP / ",
        "Getty Images/",
        "PA/",
    ];
    let from = start_of_tail(caption, 90);
    let tail = caption.get(from..)?;
    let at = HEADS.iter().filter_map(|head| tail.find(head)).min()? + from;
    let before = caption.get(..at)?;
    let free = before.is_empty() || before.ends_with([' ', '\u{a0}', '.', '"', '”']);
    let credit = caption.get(at..)?.trim_start_matches(['/', ' ']);
    let ended = credit.split_once(" (").map_or(credit, |(credit, _)| credit);
    (free && !before.ends_with("/ ") && at > 0 && ended.chars().count() <= 90).then_some((before, ended))
}

/// `… a sentence. Philipp von Roe/dpa`: a short rest behind the last sentence that reads like a credit.
fn behind_the_sentence(caption: &str) -> Option<(&str, &str)> {
    let at = sentence_end(caption)?;
    let rest = caption.get(at..)?.trim().trim_end_matches('.');
    let fits = rest.chars().count() <= 70
        && (looks_like_credit(rest)
            || byline::is_full_name(rest)
            || is_acronym(rest)
            || is_one_source(caption.get(..at)?, rest));
    fits.then_some((caption.get(..at)?, rest))
}

/// One capitalised word alone behind a sentence: `Etroe's launch site. Etroe`.
fn is_one_source(before: &str, rest: &str) -> bool {
    let one = !rest.contains(' ') && rest.len() >= 3 && rest.starts_with(char::is_uppercase);
    one && before.len() > 20
}

/// Where the last sentence but the short rest ends: behind `. `, `! `, `.” `, `) ` and their like.
fn sentence_end(caption: &str) -> Option<usize> {
    let mut found = None;
    for (at, _) in caption.match_indices(' ') {
        let before = &caption[..at];
        let closed = before.trim_end_matches(['"', '”', '“', '»', '’', '\'', ')', ']']);
        let word = closed.trim_end_matches(['.', '!', '?', '…']).rsplit(' ').next().unwrap_or_default();
        let ended = closed.ends_with(['.', '!', '?', '…', '다']) && !is_short_form(word, closed)
            || before.ends_with(')') && caption[at..].len() < 60;
        let from = caption.get(at + 1..).unwrap_or_default();
        if ended && from.chars().count() <= 75 {
            found = found.or(Some(at));
        }
    }
    found
}

/// `J.`, `Jr.`, `Pa.`: a point that ends no sentence.
fn is_short_form(word: &str, closed: &str) -> bool {
    const SHORT: &[&str] = &[
        "Jr", "Sr", "St", "Dr", "Mr", "Mrs", "Ms", "Gov", "Sen", "Rep", "Gen", "Sgt", "Lt", "Col", "No",
        "bzw", "ca",
    ];
    closed.ends_with('.') && (word.chars().count() <= 1 || SHORT.contains(&word))
}

/// `… en Palma / Lorenzo Roe`, `… DC Stefan Roe/via Reuters`, `… Andalucía/EFE`: a slash between name and source, no label.
fn behind_a_slash(caption: &str) -> Option<(&str, &str)> {
    let from = start_of_tail(caption, 70);
    let slash = caption.get(from..)?.find(['/', '|']).map(|at| at + from)?;
    let (before, after) = (caption.get(..slash)?, caption.get(slash + 1..)?.trim());
    if byline::is_full_name(after)
        && before.ends_with(' ')
        && !before.trim_end().ends_with(is_capital_word_end(before))
    {
        return Some((before, after));
    }
    let known = holds_source(after) || byline::is_full_name(after);
    let name = last_capital_words(before.trim_end(), 2)?;
    (known && name > 0)
        .then(|| (caption.get(..name).unwrap_or_default(), caption.get(name..).unwrap_or_default()))
}

/// Never true for the caller's dash: the name before a spaced slash belongs to the caption unless two words of it are capitals.
fn is_capital_word_end(before: &str) -> char {
    let words: Vec<&str> = before.split_whitespace().rev().take(2).collect();
    let both = words.len() == 2 && words.iter().all(|word| word.starts_with(char::is_uppercase));
    if both { before.trim_end().chars().next_back().unwrap_or(' ') } else { '\0' }
}

/// Byte offset of the last `count` capitalised words.
fn last_capital_words(text: &str, count: usize) -> Option<usize> {
    let mut at = text.len();
    let mut words = 0;
    for word in text.rsplit(' ').take(count + 1) {
        let initial = word.len() == 2 && word.ends_with('.') || ["II", "III", "Jr."].contains(&word);
        if words == count && !initial
            || !word.starts_with(char::is_uppercase)
            || word.ends_with(['.', ',']) && !initial
        {
            break;
        }
        at -= word.len() + usize::from(at < text.len());
        words += usize::from(!initial);
    }
    (words > 0 && at < text.len()).then_some(at)
}

/// `… on Thursday night Getty Images`: a picture agency's name at the very end.
fn source_at_the_end(caption: &str) -> Option<(&str, &str)> {
    const ENDS: &[&str] = &[
        "Getty Images",
        "AFP",
        "Reuters",
        "REUTERS",
        "Shutterstock",
        "AP",
        "dpa",
        "뉴시스",
        "뉴스1",
        "연합뉴스",
        "iStock",
        "Europa Press",
        "EFE",
        "EPA",
        "Alamy",
        "Bloomberg",
        "Xinhua",
    ];
    let end = ENDS.iter().find_map(|source| caption.strip_suffix(source).map(|before| (before, *source)))?;
    (end.0.ends_with([' ', '.', '다']) && end.0.len() > 12).then_some(end)
}

/// `Foto: Deja Roe Antifaschisten protestieren …`: a label in front; the credit is the name behind it.
fn labelled_first(caption: &str) -> Option<(&str, &str)> {
    let lower = lower_same_length(caption);
    let label = LABELS.iter().filter(|label| lower.starts_with(**label)).max_by_key(|label| label.len())?;
    let rest = caption.get(label.len()..)?.trim_start();
    let end = rest.match_indices(' ').map(|(at, _)| at).nth(1)?;
    let name = rest.get(..end)?;
    byline::is_full_name(name.trim_end_matches(',')).then(|| (rest.get(end..).unwrap_or_default(), name))
}

/// `© André Roe … © André Roe`: the credit printed in front as well.
fn repeated_first<'a>(text: &'a str, credit: &str) -> &'a str {
    let bare = text.trim_start_matches(['©', ' ']);
    match bare.strip_prefix(credit).filter(|_| credit.len() > 3 && text.starts_with('©')) {
        Some(rest) => rest.trim_start(),
        None => text,
    }
}

fn looks_like_credit(text: &str) -> bool {
    let text = text.trim();
    let short = (2..=MOST).contains(&text.chars().count());
    short
        && (holds_source(text)
            || text.contains('/') && text.split_whitespace().count() <= 9 && !text.ends_with('.'))
}

/// Does one of its words belong to credits only?
fn holds_source(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let mut count = 0;
    let found = words.inspect(|_| count += 1).any(|word| SOURCES.contains(&word.to_lowercase().as_str()));
    found && text.split_whitespace().count() <= 9
}

/// Labels, years of copyright and loose marks off a credit.
/// A credit without its label, brackets and slashes: `Foto: Ann Roe/dpa` is `Ann Roe/dpa`.
pub fn clean(credit: &str) -> String {
    let mut text = credit.trim();
    loop {
        let lower = lower_same_length(text);
        let label = LABELS
            .iter()
            .filter(|label| **label != "@" && lower.starts_with(**label))
            .max_by_key(|label| label.len());
        let Some(label) = label else { break };
        text = text.get(label.len()..).unwrap_or_default().trim_start_matches([':', ' ', '=']);
    }
    let text = text.trim_end_matches(" 기자");
    let without = without_notice(text);
    let text = said_once(without.as_ref());
    let unbalanced = text.matches(')').count() > text.matches('(').count();
    let text = if unbalanced { text.trim_end_matches(')') } else { text };
    let outer = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let text = outer.filter(|text| !text.contains(['(', ')'])).unwrap_or(text);
    // AFP sets its credit off with slashes: `… / AFP / SAID ROE`.
    let text = text.trim_start_matches(['/', ' ']);
    text.trim_matches(|c: char| c.is_whitespace() || "[]|,;–—".contains(c)).into()
}

/// `Ann Roe/Copyright 2026 Meridian Press. All rights reserved.`: the notice's words off, its holder kept.
fn without_notice(credit: &str) -> Cow<'_, str> {
    let Some((name, notice)) = credit.split_once("Copyright") else { return Cow::Borrowed(credit) };
    let holder = notice.split(". All rights").next().unwrap_or_default();
    let holder =
        holder.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || "©(),.-".contains(c));
    Cow::Owned(format!("{name}{holder}"))
}

/// `Ann Roe | Ann Roe`: once is enough.
fn said_once(credit: &str) -> &str {
    let halves = ['|', '/', ','].into_iter().filter_map(|mark| credit.split_once(mark));
    halves
        .map(|(one, other)| (one.trim(), other.trim()))
        .find(|(one, other)| one == other)
        .map_or(credit, |it| it.0)
}

/// The photographer in a credit: `AP Photo/Vadim Roe, File`, `Ann Roe/AFP via Getty Images`, `dpa | Jens Roe`.
pub fn photographer(credit: &str) -> Option<String> {
    let credit = credit.split(" via ").next()?;
    let parts = credit.split(['/', '|', ',', '(', ')', ';']).flat_map(|part| part.split(" - "));
    let name = parts.map(str::trim).find(|part| byline::is_full_name(part) && !holds_source(part))?;
    Some(byline::reading_case(name))
}

#[cfg(test)]
mod tests;
