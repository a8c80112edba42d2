//! The story itself: all its parts as one clean text and one piece of safe HTML.

use url::Url;

use crate::wire::{Markup, WireText};

use super::html::{self, Clean};
use super::{apart, links, plain, text};

/// The story. Either may be missing: plain copy has no HTML, and a story of pictures only has no text. Markup of which
/// nothing was safe to keep is empty HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Clean text, paragraphs apart by an empty line.
    pub text: Option<String>,
    /// Safe HTML.
    pub html: Option<String>,
}

/// Reads the parts in order; `base` is what their relative links are resolved against when they name no base themselves.
#[must_use]
pub fn read<'a>(parts: impl IntoIterator<Item = &'a WireText>, base: Option<&Url>) -> Body {
    let mut whole = Body::default();
    let read: Vec<Body> = parts.into_iter().map(|part| read_part(part, base)).collect();
    let has_markup = read.iter().any(|part| part.html.is_some());
    for mut read in read {
        if has_markup {
            read.html = read.html.or_else(|| read.text.as_deref().map(as_html));
        }
        join(&mut whole.text, read.text, "\n\n");
        let was_markup = read.html.is_some();
        join(&mut whole.html, read.html, "\n");
        whole.html = whole.html.or(was_markup.then(String::new));
    }
    whole
}

fn read_part(part: &WireText, base: Option<&Url>) -> Body {
    let is_html = match part.markup {
        Markup::Plain => false,
        Markup::Html => true,
        Markup::Unsaid => plain::has_markup(&part.text),
    };
    if !is_html {
        return Body { text: Some(prose(part)), html: None };
    }
    let own = part.base.as_deref().and_then(|own| links::base(&[base.map(Url::as_str), Some(own)]));
    let Clean { html, text } = html::clean(&part.text, own.as_ref().or(base));
    Body { text: Some(parted(&text, &text).unwrap_or(text)), html: Some(html) }
}

/// Plain copy, its paragraphs apart by an empty line whatever told them apart.
fn prose(part: &WireText) -> String {
    let told = plain::prose(part);
    parted(&told, &part.text).unwrap_or(told)
}

/// Copy in which nothing parts the paragraphs but the ends or the beginnings of their lines.
fn parted(told: &str, copy: &str) -> Option<String> {
    let is_one = !told.contains("\n\n") && told.contains('\n');
    is_one.then(|| apart::paragraphs(&text::decoded(copy))).flatten().map(|copy| text::prose(&copy))
}

/// Plain copy among markup: a `p` for each paragraph.
fn as_html(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>", html_escape::encode_text(paragraph))).collect()
}

fn join(whole: &mut Option<String>, part: Option<String>, gap: &str) {
    let Some(part) = part.filter(|part| !part.is_empty()) else { return };
    match whole {
        Some(whole) => whole.extend([gap, &part]),
        None => *whole = Some(part),
    }
}

/// Words of a clean text.
#[must_use]
pub fn word_count(text: &str) -> u32 {
    // counted where words begin, byte by byte with no branch: this is run over every story
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c);
    let bytes = text.as_bytes();
    let first = usize::from(bytes.first().is_some_and(|byte| !is_blank(byte)));
    let begins =
        bytes.iter().zip(bytes.iter().skip(1)).filter(|(before, byte)| is_blank(before) && !is_blank(byte));
    let words = first + begins.count();
    // Chinese, Japanese and Thai set no blanks: there a sign counts, as it does for their editors
    let is_unspaced = bytes.len() > words.saturating_mul(30);
    let signs = if is_unspaced { text.chars().filter(|c| is_unspaced_sign(*c)).count() } else { 0 };
    u32::try_from(words.max(signs)).unwrap_or(u32::MAX)
}

/// Thai to Khmer, kana, and the ideographs.
fn is_unspaced_sign(c: char) -> bool {
    const SCRIPTS: &[(char, char)] = &[
        ('\u{e00}', '\u{edf}'),
        ('\u{1000}', '\u{109f}'),
        ('\u{1780}', '\u{17ff}'),
        ('\u{3040}', '\u{30ff}'),
        ('\u{3400}', '\u{9fff}'),
        ('\u{20000}', '\u{2ffff}'),
    ];
    SCRIPTS.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// The word count a provider printed: `612`, `About 600 words` is none.
#[must_use]
pub fn printed_word_count(printed: Option<&String>) -> Option<u32> {
    text::optional(printed)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_one_story_in_order_and_plain_copy_has_no_html() {
        let parts = [WireText::plain("First.\n\nSecond."), WireText::html("<p>Third <b>bold</b>.</p>")];
        let body = read(&parts, None);
        assert_eq!(body.text.as_deref(), Some("First.\n\nSecond.\n\nThird bold."));
        assert_eq!(body.html.as_deref(), Some("<p>First.</p><p>Second.</p>\n<p>Third <b>bold</b>.</p>"));
        assert_eq!(read(&[parts[0].clone()], None).html, None);
        assert_eq!(read(&[WireText::plain(" ")], None), Body::default());
        assert_eq!(read(&[WireText::html("<script>x()</script>")], None).html.as_deref(), Some(""));
    }

    #[test]
    fn words_are_counted_as_they_are_cut() {
        for text in ["", " ", "a", " a", "a b", "a  b\n\nc ", "\u{e9} \u{2014} x\ty"] {
            assert_eq!(word_count(text) as usize, text.split_ascii_whitespace().count(), "{text:?}");
        }
    }

    #[test]
    fn signs_are_counted_where_words_are_not_set_apart() {
        assert_eq!(word_count("港の下でモグラが三つ目の穴を掘ったと話した。"), 21);
        assert_eq!(word_count("Donaudampfschifffahrtsgesellschaft schweigt"), 2);
    }

    #[test]
    fn a_part_with_a_base_of_its_own_uses_it() {
        let base = Url::parse("https://a.example/x/").ok();
        let part = WireText { base: Some("y/".into()), ..WireText::html("<img src=\"z\">") };
        assert_eq!(
            read(&[part], base.as_ref()).html.as_deref(),
            Some("<img src=\"https://a.example/x/y/z\">")
        );
    }
}
