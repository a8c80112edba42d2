//! The passage of a story that shows why it was found, with what was asked for marked in it.

use std::collections::HashMap;
use std::ops::Range;

use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::query::{Form, Leaf, Need, Node};
use super::terms::{Phrase, Typed};
use crate::index::analyser::Analyser;
use crate::index::fields::{Cut, FIELDS};
use crate::item::NewsItem;

/// Text beyond this many bytes is not looked at for a passage.
const LOOKED_AT: usize = 100_000;
/// Stands where text was left out.
const CUT: &str = "\u{2026} ";

/// A passage, and where in it the reader's words stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// One line of plain text.
    pub text: String,
    /// What to mark: byte ranges of `text`, in order, apart from each other.
    pub marks: Vec<Range<usize>>,
}

/// Finds what was asked for in a text.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    /// What to look for: words at their distance from the first.
    wanted: Vec<Vec<(usize, String)>>,
}

/// One of the things wanted, found.
struct Found {
    at: Range<usize>,
    which: usize,
}

impl Marker {
    /// Looks for what a query wants to be there.
    #[must_use]
    pub fn new(query: Option<&Node>) -> Self {
        let mut marker = Self::default();
        query.iter().for_each(|node| marker.want(node));
        marker
    }

    fn want(&mut self, node: &Node) {
        match node {
            Node::Leaf(leaf) => self.want_words(std::slice::from_ref(leaf)),
            Node::Not(_) | Node::Time(..) => {}
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| self.want(node)),
            Node::Sequence(items) => {
                let wanted = || items.iter().filter(|(need, _)| *need != Need::MustNot);
                let leaves: Vec<Leaf> = wanted().filter_map(|(_, node)| plain(node)).collect();
                self.want_words(&leaves);
                wanted().filter(|(_, node)| plain(node).is_none()).for_each(|(_, node)| self.want(node));
            }
        }
    }

    /// Words each by itself, small numbers only beside their word, phrases only as a whole.
    fn want_words(&mut self, leaves: &[Leaf]) {
        let in_text = |leaf: &&Leaf| leaf.field.is_none_or(|row| FIELDS[row].cut == Cut::Words);
        let leaves: Vec<&Leaf> = leaves.iter().filter(in_text).collect();
        let also = leaves.clone();
        let words: Vec<Phrase> = leaves
            .into_iter()
            .flat_map(|leaf| {
                if leaf.form.is_phrase() { vec![Phrase::read(&leaf.text)] } else { Phrase::words(&leaf.text) }
            })
            .collect();
        for word in words.iter().filter(|word| words.len() == 1 || !word.is_small_number()) {
            self.want_phrase(word);
        }
        for also in also.iter().flat_map(|leaf| Typed::also(leaf)) {
            self.want_phrase(&also);
        }
        for pair in words.windows(2).filter(|pair| pair.iter().any(Phrase::is_small_number)) {
            self.want_phrase(&pair[0].followed_by(&pair[1]));
        }
    }

    fn want_phrase(&mut self, phrase: &Phrase) {
        let spellings = std::iter::once(&phrase.parts).chain(&phrase.solid).filter(|words| !words.is_empty());
        self.wanted.extend(spellings.cloned());
    }

    /// The passage of about `width` characters that shows most of what was asked for, the earliest of equals; the
    /// beginning when nothing is found. From the body, else the summary, else a caption.
    #[must_use]
    pub fn snippet(&self, item: &NewsItem, width: usize) -> Snippet {
        Self::snippets(&[self], item, width).pop().unwrap_or_default()
    }

    /// The same for several at once, in their order: the story is cut into words once for all of them.
    #[must_use]
    pub fn snippets(markers: &[&Self], item: &NewsItem, width: usize) -> Vec<Snippet> {
        let captions = item.captions.iter().map(|caption| caption.text.as_str());
        let texts = item.body_text.iter().chain(&item.summary).map(String::as_str).chain(captions);
        let texts: Vec<&str> = texts.filter(|text| !text.trim().is_empty()).collect();
        let mut snippets: Vec<Option<Snippet>> = vec![None; markers.len()];
        for text in &texts {
            if snippets.iter().all(Option::is_some) {
                break;
            }
            let places = places(markers, text);
            for (snippet, marker) in snippets.iter_mut().zip(markers).filter(|(known, _)| known.is_none()) {
                let found = marker.find(&places);
                *snippet = (!found.is_empty()).then(|| passage(text, &found, width));
            }
        }
        let beginning = || texts.first().map(|text| passage(text, &[], width)).unwrap_or_default();
        snippets.into_iter().map(|snippet| snippet.unwrap_or_else(beginning)).collect()
    }

    /// Everything wanted, in the order of the text.
    fn find(&self, places: &Places<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (which, words) in self.wanted.iter().enumerate() {
            let Some(((_, first), rest)) = words.split_first() else { continue };
            for (position, at) in places.get(first.as_str()).into_iter().flatten() {
                let end = rest
                    .iter()
                    .try_fold(at.end, |_, (distance, word)| end_at(places, word, position + distance));
                found.extend(end.map(|end| Found { at: at.start..end, which }));
            }
        }
        found.sort_by_key(|found| (found.at.start, found.at.end));
        found
    }
}

/// Where each of the words wanted by any of them stands in `text`.
fn places<'w>(markers: &[&'w Marker], text: &str) -> Places<'w> {
    let words = markers.iter().flat_map(|marker| marker.wanted.iter().flatten());
    let mut places: Places<'w> = words.map(|(_, word)| (word.as_str(), Vec::new())).collect();
    let mut analyser = Analyser::default();
    let mut stream = analyser.token_stream(head(text, LOOKED_AT));
    while stream.advance() {
        let token = stream.token();
        if let Some(known) = places.get_mut(token.text.as_str()) {
            known.push((token.position, token.offset_from..token.offset_to));
        }
    }
    places
}

/// Positions and byte ranges of words.
type Places<'w> = HashMap<&'w str, Vec<(usize, Range<usize>)>>;

fn end_at(places: &Places<'_>, word: &str, position: usize) -> Option<usize> {
    let places = places.get(word)?;
    let at = places.binary_search_by_key(&position, |(position, _)| *position).ok()?;
    places.get(at).map(|(_, at)| at.end)
}

fn plain(node: &Node) -> Option<Leaf> {
    match node {
        Node::Leaf(leaf) if leaf.form == Form::Word && leaf.field.is_none() => Some(leaf.clone()),
        _ => None,
    }
}

/// Ranges in order, those that touch made one.
fn joined(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The best `width` of `text`, in one line.
fn passage(text: &str, found: &[Found], width: usize) -> Snippet {
    let (start, end) = window(text, found, width);
    let mut snippet = Snippet::default();
    if start > 0 {
        snippet.text.push_str(CUT);
    }
    let marks = joined(
        found.iter().filter(|found| start <= found.at.start && found.at.end <= end).map(|f| f.at.clone()),
    );
    let mut at = start;
    for mark in marks {
        push_line(&mut snippet.text, text.get(at..mark.start).unwrap_or_default());
        let from = snippet.text.len();
        push_line(&mut snippet.text, text.get(mark.clone()).unwrap_or_default());
        snippet.marks.push(from..snippet.text.len());
        at = mark.end;
    }
    push_line(&mut snippet.text, text.get(at..end).unwrap_or_default());
    snippet.text.truncate(snippet.text.trim_end().len());
    if end < text.trim_end().len() {
        snippet.text.push(' ');
        snippet.text.push_str(CUT.trim_end());
    }
    snippet
}

/// Appends `text` with every run of white space as one blank.
fn push_line(out: &mut String, text: &str) {
    for c in text.chars() {
        match c.is_whitespace() {
            true if out.is_empty() || out.ends_with(' ') => {}
            true => out.push(' '),
            false => out.push(c),
        }
    }
}

/// Where the passage begins and ends: at words, and at the beginning of a paragraph or sentence where one is near.
fn window(text: &str, found: &[Found], width: usize) -> (usize, usize) {
    let first = best(found, width).and_then(|best| found.get(best)).map_or(0, |found| found.at.start);
    let from = first.saturating_sub(width / 4).min(text.len().saturating_sub(width));
    let start = if from == 0 { 0 } else { beginning(text, boundary(text, from), first) };
    let end = boundary(text, start.saturating_add(width));
    let end =
        found.iter().filter(|found| found.at.contains(&end)).map(|found| found.at.end).max().unwrap_or(end);
    let rest = text.get(end..).unwrap_or_default();
    (start, end + rest.find(char::is_whitespace).unwrap_or(rest.len()))
}

/// The one found from which on a window of `width` holds the most different ones, longer ones counting for more.
fn best(found: &[Found], width: usize) -> Option<usize> {
    let room = width - width / 4;
    let mut held: HashMap<usize, usize> = HashMap::new();
    let (mut end, mut worth, mut top) = (0, 0, (0, None));
    for (start, first) in found.iter().enumerate() {
        while let Some(next) = found.get(end).filter(|next| next.at.end <= first.at.start + room) {
            let count = held.entry(next.which).or_default();
            *count += 1;
            worth += usize::from(*count == 1);
            end += 1;
        }
        if worth > top.0 || top.1.is_none() {
            top = (worth, Some(start));
        }
        if let Some(count) = held.get_mut(&first.which).filter(|_| start < end) {
            *count -= 1;
            worth -= usize::from(*count == 0);
        }
        end = end.max(start + 1);
    }
    top.1
}

/// The first place between `from` and `to` where something begins: a paragraph, a sentence, a word.
fn beginning(text: &str, from: usize, to: usize) -> usize {
    let before = text.get(from..to).unwrap_or_default();
    let after = |mark: &str| before.find(mark).map(|at| from + at + mark.len());
    after("\n\n").or_else(|| after(". ")).or_else(|| after(" ")).unwrap_or(from)
}

/// The character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn head(text: &str, bytes: usize) -> &str {
    text.get(..boundary(text, bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marker(query: &str) -> Marker {
        let clock =
            super::super::query::Clock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
        Marker::new(super::super::query::parse(query, &clock).as_ref())
    }

    /// The text with its marks in brackets.
    fn shown(snippet: &Snippet) -> String {
        let mut text = snippet.text.clone();
        for mark in snippet.marks.iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        text
    }

    fn of(query: &str, body: &str, width: usize) -> String {
        let item = NewsItem { body_text: Some(body.into()), ..NewsItem::default() };
        shown(&marker(query).snippet(&item, width))
    }

    #[test]
    fn what_was_asked_for_is_marked() {
        let body =
            "Rafah talks go on.\n\nHighway 1 is shut; Highway 101 is not. A cease-fire, 1 day long, holds.";
        let cases = [
            (
                "rafah",
                "[Rafah] talks go on. Highway 1 is shut; Highway 101 is not. A cease-fire, 1 day long, holds.",
            ),
            (
                "Highway 1",
                "Rafah talks go on. [Highway 1] is shut; [Highway] 101 is not. A cease-fire, 1 day long, holds.",
            ),
            (
                "\"highway 101\"",
                "Rafah talks go on. Highway 1 is shut; [Highway 101] is not. A cease-fire, 1 day long, holds.",
            ),
            (
                "ceasefire -rafah",
                "Rafah talks go on. Highway 1 is shut; Highway 101 is not. A [cease-fire], 1 day long, holds.",
            ),
            (
                "by:rafah talks AND (shut)",
                "[Rafah] [talks] go on. Highway 1 is [shut]; Highway 101 is not. A cease-fire, 1 day long, holds.",
            ),
            (
                "lang:rafah",
                "Rafah talks go on. Highway 1 is shut; Highway 101 is not. A cease-fire, 1 day long, holds.",
            ),
        ];
        for (query, expected) in cases {
            assert_eq!(of(query, body, 240), expected, "{query}");
        }
    }

    #[test]
    fn the_passage_with_most_of_it_is_shown() {
        let filler = "Nothing of note was said here. ".repeat(12);
        let body = format!("A drone was seen. {filler}Crews found the drone near the old harbour. {filler}");
        let found = of("drone harbour", &body, 100);
        assert_eq!(
            found,
            "\u{2026} Crews found the [drone] near the old [harbour]. Nothing of note was said here. Nothing of note was said here. \u{2026}"
        );
        assert!(of("drone", &body, 100).starts_with("A [drone] was seen. Nothing"));
        assert!(of("absent", &body, 40).starts_with("A drone was seen. Nothing"));
        let item =
            NewsItem { summary: Some("Rain.".into()), body_text: Some("Sun.".into()), ..NewsItem::default() };
        assert_eq!(shown(&marker("rain").snippet(&item, 40)), "[Rain].");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_passage_with_marks_in_it(
            body in "(?s).{0,200}|([a-c] |\n|\u{e9}|\u{6771}|1|-|\\. ){0,120}",
            query in "[a-c\"1 -]{0,12}|\u{e9}|\u{6771}",
            width in 0_usize..80,
        ) {
            let item = NewsItem { body_text: Some(body), ..NewsItem::default() };
            let snippet = marker(&query).snippet(&item, width);
            let mut last = 0;
            for mark in &snippet.marks {
                prop_assert!(mark.start >= last && snippet.text.get(mark.clone()).is_some_and(|text| !text.is_empty()));
                last = mark.end;
            }
        }
    }
}
