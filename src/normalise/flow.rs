//! Markup to clean text: paragraphs apart by an empty line, list items and table rows on lines of their own.

use std::borrow::Cow;

use super::scan::{Token, tokens};
use super::text::{self, Folder, Gap};

/// What stands before and after an element; elements not named here run on in the line.
const GAPS: &[(Gap, &[&str])] = &[
    (
        Gap::Paragraph,
        &[
            "p",
            "div",
            "blockquote",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "ul",
            "ol",
            "dl",
            "table",
            "figure",
            "pre",
            "section",
            "article",
            "header",
            "footer",
            "aside",
            "nav",
            "hr",
            "hl1",
            "hl2",
            "block",
            "address",
        ],
    ),
    (Gap::Line, &["br", "li", "tr", "dt", "dd", "caption", "figcaption", "summary", "option"]),
    (Gap::Cell, &["td", "th"]),
    (Gap::None, &["img", "wbr"]),
];

/// The text of `source`: tags off, entities decoded, white space folded. What is printed under its pictures is no part
/// of the story, unless there is nothing else.
#[must_use]
pub fn text_of(source: &str) -> String {
    let has_captions = memchr::memmem::find(source.as_bytes(), CAPTION.as_bytes()).is_some();
    let story = if has_captions { flowed(source, true) } else { String::new() };
    if story.is_empty() { flowed(source, false) } else { story }
}

/// The element that holds what is printed under a picture.
const CAPTION: &str = "figcaption";

fn flowed(source: &str, skips_captions: bool) -> String {
    let mut folder = Folder::with_capacity(source.len());
    let mut pre = 0_usize;
    let mut in_caption = false;
    let mut in_reading = false;
    // an empty line between two breaks parts paragraphs
    let mut is_broken = false;
    for token in tokens(source) {
        match token {
            Token::Open(tag) if skips_captions && tag.name.eq_ignore_ascii_case(CAPTION) => in_caption = true,
            Token::Close(tag) if skips_captions && tag.name.eq_ignore_ascii_case(CAPTION) => {
                in_caption = false
            }
            Token::Open(tag) if is_reading(tag.name) => in_reading = true,
            Token::Close(tag) if is_reading(tag.name) || tag.name.eq_ignore_ascii_case("ruby") => {
                in_reading = false
            }
            Token::Text(_) if in_caption || in_reading => {}
            Token::Text(run) if pre > 0 => folder.lines(&columns(&text::decoded(run))),
            Token::Text(run) => {
                let run = text::decoded(run);
                is_broken &= run.chars().all(char::is_whitespace);
                folder.fold(&run);
            }
            Token::Open(tag) if tag.name.eq_ignore_ascii_case("br") => {
                folder.gap(if is_broken { Gap::Paragraph } else { Gap::Line });
                is_broken = true;
            }
            Token::Open(tag) => {
                folder.gap(gap_at(tag.name));
                in_reading &= gap_at(tag.name) == Gap::None;
                pre += usize::from(is_pre(tag.name));
            }
            Token::Close(tag) => {
                folder.gap(gap_at(tag.name));
                pre = pre.saturating_sub(usize::from(is_pre(tag.name)));
            }
        }
    }
    folder.finish()
}

/// Agate set with blanks keeps its columns apart: three or more are a tab.
fn columns(run: &str) -> Cow<'_, str> {
    const APART: &str = "   ";
    if !run.contains(APART) {
        return run.into();
    }
    let cells = run.split(APART).map(|cell| cell.trim_matches(' ')).filter(|cell| !cell.is_empty());
    cells.collect::<Vec<_>>().join("\t").into()
}

fn gap_at(name: &str) -> Gap {
    let named = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    GAPS.iter().find(|(_, names)| named(names)).map_or(Gap::None, |(gap, _)| *gap)
}

/// How a sign of Japanese is read, printed above it (HTML, `ruby`): the sign has said it.
fn is_reading(name: &str) -> bool {
    name.eq_ignore_ascii_case("rt") || name.eq_ignore_ascii_case("rp")
}

fn is_pre(name: &str) -> bool {
    name.eq_ignore_ascii_case("pre")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_after_an_inline_child_survives() {
        let cases = [
            (
                "<p>Troops moved on <b>Highway 1</b> late Monday.</p>",
                "Troops moved on Highway 1 late Monday.",
            ),
            ("<p>One.</p>\n <p>Two.</p>", "One.\n\nTwo."),
            ("<p>One<br/>two</p>tail", "One\ntwo\n\ntail"),
            ("One<br><br/>two<BR>three<br>&nbsp;\n<br>four", "One\n\ntwo\nthree\n\nfour"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
            (
                "<table><tr><th>Team</th><th>W</th></tr><tr><td>Reds</td><td>9</td></tr></table>",
                "Team\tW\nReds\t9",
            ),
            ("AT&amp;T &lt;3&nbsp;caf&eacute; &#8212; &#x27;x&#39;", "AT&T <3 café — 'x'"),
            ("<script>alert(1)</script>shown<style>p{}</style>", "shown"),
            ("<pre>1  2\n3  4</pre>", "1 2\n3 4"),
            ("<pre>Moles     115\n    Voles        11 (1)</pre>", "Moles\t115\nVoles\t11 (1)"),
            ("in<b>ter</b>rupted", "interrupted"),
            ("<p><ruby>子<rp>(</rp><rt>こ</rt><rp>)</rp></ruby>ども</p>", "子ども"),
            ("<ruby>子<rt>こ<p>never closed</p>", "子\n\nnever closed"),
            (
                "<p>One.</p><figure><img><figcaption>A <b>crane</b>.</figcaption></figure><p>Two.</p>",
                "One.\n\nTwo.",
            ),
            ("<figure><img><figcaption>A crane.</figcaption></figure>", "A crane."),
            ("", ""),
        ];
        for (source, expected) in cases {
            assert_eq!(text_of(source), expected, "{source}");
        }
    }
}
