//! What does a text say, markup taken off? Headlines, summaries, captions: every text that is not the story itself.

use crate::wire::{Markup, WireText};

use super::scan::{Token, tokens};
use super::{flow, frames, text};

/// Element names that feeds put into titles and descriptions. `<Rafah>` and `<MLC>` are not markup but copy.
const KNOWN: &str = "a abbr acronym address article aside audio b big blockquote body br button caption center cite code \
    dd del dfn div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr \
    html i iframe img input ins kbd label li link main mark meta nav object ol option p param picture \
    pre q s samp script section select small source span strike strong style sub sup svg table tbody td \
    textarea tfoot th thead time title tr tt u ul var video wbr";

/// Elements that never close, so that one alone is markup.
const VOID: &str = "br hr img input embed wbr meta link";

/// True when `text` holds a tag that HTML knows.
#[must_use]
pub fn has_markup(text: &str) -> bool {
    text.contains('<')
        && tokens(text)
            .any(|token| matches!(token, Token::Open(tag) | Token::Close(tag) if is_in(KNOWN, tag.name)))
}

/// True when `text` can hardly be anything but markup: a known element that also closes, or one that need not.
fn is_surely_markup(text: &str) -> bool {
    text.contains('<')
        && tokens(text).any(|token| match token {
            Token::Close(tag) => is_in(KNOWN, tag.name),
            Token::Open(tag) => is_in(VOID, tag.name),
            Token::Text(_) => false,
        })
}

fn is_in(names: &str, name: &str) -> bool {
    names.split(' ').any(|n| n.eq_ignore_ascii_case(name))
}

/// A text with its markup taken off; paragraphs apart by an empty line.
#[must_use]
pub fn prose(wire: &WireText) -> String {
    match wire.markup {
        Markup::Plain => text::prose(&text::decoded(&wire.text)),
        Markup::Html => flowed(&wire.text),
        Markup::Unsaid => by_its_looks(&wire.text),
    }
}

/// A text with its markup taken off, on one line; `None` when nothing is left.
#[must_use]
pub fn line(wire: &WireText) -> Option<String> {
    Some(text::line(&prose(wire))).filter(|line| !line.is_empty())
}

/// RSS never said whether a title is text or HTML (RSS 2.0, "Elements of item"): real tags make it HTML; else it is
/// text, whose references are decoded once; and what then shows as markup had been escaped twice.
fn by_its_looks(source: &str) -> String {
    if has_markup(source) {
        return flowed(source);
    }
    let decoded = text::decoded(source);
    if is_surely_markup(&decoded) { flowed(&decoded) } else { text::prose(&decoded) }
}

/// The text of markup, and what its frames say to readers without frames.
fn flowed(source: &str) -> String {
    flow::text_of(&frames::without_frames(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_unsaid_kind_is_read_by_its_looks() {
        let cases = [
            ("AT&T", "AT&T"),
            ("AT&amp;T", "AT&T"),
            ("a < b", "a < b"),
            ("a < b > c", "a < b > c"),
            ("1 &lt; 2", "1 < 2"),
            ("<b>x</b>", "x"),
            ("<b>AT&amp;T</b> &lt;b&gt;", "AT&T <b>"),
            ("&lt;b&gt;Talks&lt;/b&gt; resume", "Talks resume"),
            ("Talks&lt;br&gt;resume", "Talks\nresume"),
            ("how to use the &lt;b&gt; tag", "how to use the <b> tag"),
            ("Molson <MLC> sells unit", "Molson <MLC> sells unit"),
            ("R&amp;#038;D", "R&#038;D"),
            ("<p>One.<p>Two.", "One.\n\nTwo."),
            ("Talks<iframe src='x'> resume</iframe>", "Talks resume"),
            ("", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(prose(&WireText::unsaid(given)), expected, "{given:?}");
        }
    }

    #[test]
    fn a_text_of_known_kind_is_taken_at_its_word() {
        assert_eq!(prose(&WireText::plain("<b>x</b> &amp; y")), "<b>x</b> & y");
        assert_eq!(prose(&WireText::html("&lt;b&gt; is a tag")), "<b> is a tag");
        assert_eq!(line(&WireText::html("<br/> ")), None);
    }
}
