//! What the copy's own markup says: an element of class `byline` or `dateline`, as dpa's HTML and many sites' feeds have it.

use memchr::memmem;

use crate::wire::{Markup, WireText};

use super::scan::{Tag, Token, tokens};
use super::{flow, text};

/// How far into the story such an element may stand.
const HEAD: usize = 4096;
/// Bytes of the longest line of that kind.
const LONGEST: usize = 300;

/// The first line of this class in the head of the story's markup.
#[must_use]
pub fn line(bodies: &[WireText], class: &str) -> Option<String> {
    let body = bodies.iter().find(|body| body.markup != Markup::Plain)?;
    let mut end = HEAD.min(body.text.len());
    while !body.text.is_char_boundary(end) {
        end -= 1;
    }
    let head = body.text.get(..end)?;
    memmem::find(head.as_bytes(), class.as_bytes())?;
    of_class(head, class)
}

fn of_class(head: &str, class: &str) -> Option<String> {
    let mut inside: Option<(&str, usize, String)> = None;
    for token in tokens(head) {
        let Some((name, depth, said)) = &mut inside else {
            if let Token::Open(tag) = token
                && has_class(&tag, class)
            {
                inside = Some((tag.name, 1, String::new()));
            }
            continue;
        };
        match token {
            Token::Open(tag) if tag.name == *name => *depth += 1,
            Token::Close(tag) if tag.name == *name => *depth -= 1,
            _ => {}
        }
        if *depth == 0 {
            return Some(text::line(&flow::text_of(said))).filter(|line| !line.is_empty());
        }
        said.push_str(match token {
            Token::Text(text) => text,
            Token::Open(tag) | Token::Close(tag) => tag.source,
        });
        if said.len() > LONGEST {
            return None;
        }
    }
    None
}

/// Whether the tag's `class` has this word in it.
fn has_class(tag: &Tag<'_>, class: &str) -> bool {
    let value = tag.source.split_once("class=").map(|(_, rest)| rest);
    let quoted = value.and_then(|value| {
        let quote = value.chars().next().filter(|c| "\"'".contains(*c))?;
        value.get(1..)?.split(quote).next()
    });
    quoted.is_some_and(|words| words.split_ascii_whitespace().any(|word| word == class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_of_that_class_in_the_head_of_the_story_is_the_line() {
        for (html, byline) in [
            ("<p class=\"byline\">Von <b>Jane Roe</b>, tw</p><p>Text.</p>", Some("Von Jane Roe, tw")),
            ("<div><span class='x byline'>By <span>Jane Roe</span></span></div>", Some("By Jane Roe")),
            ("<p class=\"bylines\">Text of a byline.</p>", None),
            ("<p class=\"byline\"></p>", None),
            ("<p class=\"byline\">cut", None),
            ("<p>byline</p>", None),
        ] {
            assert_eq!(line(&[WireText::html(html)], "byline").as_deref(), byline, "{html}");
        }
        let late = format!("<p>{}</p><p class=\"byline\">By Jane Roe</p>", "a".repeat(HEAD));
        let long = format!("<p class=\"byline\">{}</p>", "é".repeat(HEAD));
        assert_eq!(line(&[WireText::html(late)], "byline"), None);
        assert_eq!(line(&[WireText::html(long)], "byline"), None);
        assert_eq!(line(&[WireText::plain("<p class=\"byline\">By Jane Roe</p>")], "byline"), None);
    }
}
