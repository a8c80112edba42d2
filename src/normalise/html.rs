//! The story's markup, made safe: what a browser may be shown, and the clean text of it.
//!
//! Ammonia parses each body once, as a browser would; links are made whole and the text is read in one light pass over
//! its well-formed output. Text with no markup in it is not parsed at all.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;
use url::Url;

use super::scan::{Token, tokens};
use super::{depth, flow, frames, links, paragraphs, shortcodes, text};

/// Safe markup and its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clean {
    /// Safe HTML.
    pub html: String,
    /// Its text, paragraphs apart by an empty line.
    pub text: String,
}

/// Elements whose whole content goes, not their tags alone.
const REMOVED: &[&str] = &["script", "style", "iframe", "template", "noframes", "noembed", "applet", "title"];

/// Where a link may lead. Nothing that runs (`javascript:`), nothing of the reader's own machine (`file:`).
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "sms", "ftp", "ftps", "geo", "xmpp", "news"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "main", "tfoot", "big", "address", "audio", "video", "source", "picture"])
        .add_tag_attributes("audio", ["src", "controls"])
        .add_tag_attributes("video", ["src", "poster", "controls", "width", "height"])
        .add_tag_attributes("source", ["src", "type"])
        .clean_content_tags(REMOVED.iter().copied().collect::<HashSet<_>>())
        .url_schemes(SCHEMES.iter().copied().collect::<HashSet<_>>())
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// Makes `source` safe; its relative links are resolved against `base` when there is one.
#[must_use]
pub fn clean(source: &str, base: Option<&Url>) -> Clean {
    let Clean { html, text } = cleaned(source, base);
    Clean { html: text::steerless(html), text }
}

fn cleaned(source: &str, base: Option<&Url>) -> Clean {
    if memchr::memchr2(b'<', b'&', source.as_bytes()).is_none() {
        return Clean { html: source.trim().to_owned(), text: flow::text_of(source) };
    }
    if depth::is_absurd(source) {
        return as_text(source);
    }
    if paragraphs::are_plain(source) {
        return Clean { html: source.trim().to_owned(), text: flow::text_of(source) };
    }
    clean_as_parsed(source, base)
}

/// What a browser makes of `source`, made safe.
fn clean_as_parsed(source: &str, base: Option<&Url>) -> Clean {
    let safe = CLEANER.clean(&frames::without_frames(&shortcodes::as_figures(source))).to_string();
    let html = base.map(|base| with_whole_links(&safe, base)).unwrap_or(safe);
    let html = if html.trim().len() == html.len() { html } else { html.trim().to_owned() };
    Clean { text: flow::text_of(&html), html }
}

/// Markup that is not to be parsed: its text, and that as HTML.
fn as_text(source: &str) -> Clean {
    let text = flow::text_of(source);
    Clean { html: html_escape::encode_text(&text).into_owned(), text }
}

/// Attributes that hold an address.
const ADDRESSES: &[&str] = &[" href=\"", " src=\"", " cite=\"", " poster=\""];

/// Ammonia's output with every relative address made whole.
fn with_whole_links(safe: &str, base: &Url) -> String {
    let mut out = String::with_capacity(safe.len() + 64);
    for token in tokens(safe) {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Close(tag) => out.push_str(tag.source),
            Token::Open(tag) => push_tag(&mut out, tag.source, base),
        }
    }
    out
}

fn push_tag(out: &mut String, tag: &str, base: &Url) {
    let found = ADDRESSES.iter().find_map(|name| tag.find(name).map(|at| at + name.len()));
    let Some((before, rest)) = found.and_then(|at| tag.split_at_checked(at)) else {
        return out.push_str(tag);
    };
    let (address, after) = rest.split_once('"').unwrap_or((rest, ""));
    out.push_str(before);
    match links::whole(&html_escape::decode_html_entities(address), base) {
        Some(url) => out.push_str(&html_escape::encode_double_quoted_attribute(&url)),
        None => out.push_str(address),
    }
    out.push('"');
    out.push_str(after);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_comes_out_safe_and_its_text_clean() {
        let cases = [
            ("<p>One <b>two</b></p>", "<p>One <b>two</b></p>", "One two"),
            ("<p onclick='x()'>a</p><script>x()</script>", "<p>a</p>", "a"),
            ("<a href='javascript:x()'>a</a>", "<a rel=\"noopener noreferrer nofollow\">a</a>", "a"),
            ("<p>unclosed <b>bold", "<p>unclosed <b>bold</b></p>", "unclosed bold"),
            ("<iframe src='http://x.example'>old</iframe> kept", "old kept", "old kept"),
            ("no markup", "no markup", "no markup"),
            ("<p>re\u{1b}[2Jd &#x202e;\u{96} &#x9b;2J</p>", "<p>re[2Jd – ›2J</p>", "re[2Jd – ›2J"),
            ("R&D &lt;x&gt;", "R&amp;D &lt;x&gt;", "R&D <x>"),
            ("<table><tr><td>1</td></tr></table>", "<table><tbody><tr><td>1</td></tr></tbody></table>", "1"),
        ];
        for (source, html, text) in cases {
            assert_eq!(clean(source, None), Clean { html: html.into(), text: text.into() }, "{source}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_not_parsed_comes_out_as_if_it_were(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "<p>", "</p>", "<p>", "</p>", "<b>", "</b>", "<em>", "</em>", "<br>", "a", " ", "\n", "\t", "\u{c}", "\u{1}",
                "\"", "'", "\u{2014}", "\u{fffe}", "\u{e9}", "]]>", "&", "\u{b}", "\u{7f}",
            ]), 0..12),
        ) {
            let source = format!("<p>x</p>{}", pieces.concat());
            proptest::prop_assert_eq!(cleaned(&source, None), clean_as_parsed(&source, None));
        }
    }

    #[test]
    fn hostile_markup_takes_bounded_time_and_keeps_its_text() {
        for unit in
            ["<div>", "<ul><li>", "<b><p>", "<table><tr><td>", "<font color=1>", "<x y='", "<!--", "<svg><p>"]
        {
            let source = unit.repeat(40_000) + "<p>kept &lt;b&gt;</p>";
            let clean = clean(&source, None);
            assert!(!clean.html.contains("<b>"), "{unit}");
        }
        let deep = clean(&("<div>".repeat(1000) + "kept &lt;b&gt;"), None);
        assert_eq!((deep.html.as_str(), deep.text.as_str()), ("kept &lt;b&gt;", "kept <b>"));
    }

    #[test]
    fn relative_links_and_pictures_are_made_whole() {
        let base = Url::parse("https://wire.example/2024/story.html").ok();
        let cases = [
            ("<img src=\"/p/1.jpg\" alt=\"x\">", "<img src=\"https://wire.example/p/1.jpg\" alt=\"x\">"),
            ("<img src='//cdn.example/1.jpg'>", "<img src=\"https://cdn.example/1.jpg\">"),
            ("<img src='http://a.example/?x=1&amp;y=2'>", "<img src=\"http://a.example/?x=1&amp;y=2\">"),
            ("<img src='b?x=1&amp;y=2'>", "<img src=\"https://wire.example/2024/b?x=1&amp;y=2\">"),
            ("<q cite='x'>a &lt; b</q>", "<q cite=\"https://wire.example/2024/x\">a &lt; b</q>"),
        ];
        for (source, expected) in cases {
            assert_eq!(clean(source, base.as_ref()).html, expected, "{source}");
        }
    }
}
