//! What can be seen of a node: its text on one line, the words of its class.

use super::super::prose;
use dom_query::NodeRef;

/// Elements whose text is not shown, or is not the story's: readings above Japanese signs, buttons, drawings.
#[rustfmt::skip]
const UNSHOWN: &[&str] = &["script", "style", "noscript", "template", "svg", "rt", "rp", "button", "select", "iframe", "object"];
/// Classes of text for screen readers only.
#[rustfmt::skip]
const UNSEEN: &[&str] = &["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "off-screen", "offscreen", "u-hidden", "is-hidden", "hide-text", "u-vh", "screenreader"];

/// The text of a node on one line, without what a reader does not see.
pub fn line(node: &NodeRef<'_>) -> String {
    read(node, usize::MAX)
}

/// The same when it is no longer than so many bytes; longer ones are not read to their end.
pub fn short_line(node: &NodeRef<'_>, most: usize) -> Option<String> {
    Some(read(node, most)).filter(|line| line.len() <= most)
}

fn read(node: &NodeRef<'_>, most: usize) -> String {
    let mut text = String::new();
    let mut waiting = vec![*node];
    let mut letters = 0;
    while let Some(next) = waiting.pop().filter(|_| letters <= most) {
        if next.is_text() {
            let own = next.text();
            letters += own.trim().len();
            text.push_str(&own);
        } else if next.id == node.id || !is_unshown(&next) {
            if is_block(&next) {
                text.push(' ');
            }
            waiting.extend(next.children_it(true));
        }
    }
    prose::fold(&text)
}

fn is_unshown(node: &NodeRef<'_>) -> bool {
    let name = node.node_name().unwrap_or_default();
    if UNSHOWN.contains(&name.as_ref()) {
        return true;
    }
    node.class().is_some_and(|class| UNSEEN.iter().any(|unseen| class.contains(unseen)))
}

fn is_block(node: &NodeRef<'_>) -> bool {
    const INLINE: &[&str] =
        &["b", "em", "i", "strong", "u", "sup", "sub", "ruby", "rb", "wbr", "font", "mark"];
    node.is_element() && !INLINE.contains(&node.node_name().unwrap_or_default().as_ref())
}

/// Letters of a class that are looked at.
const LONGEST_NAME: usize = 300;

/// Class and id of an element in small letters, a blank between them.
pub fn names(node: &NodeRef<'_>) -> String {
    let mut names = String::new();
    for attribute in [node.class(), node.id_attr()].into_iter().flatten() {
        names.extend(attribute.chars().take(LONGEST_NAME).map(|c| c.to_ascii_lowercase()));
        names.push(' ');
    }
    names
}

/// Does one of the parts occur in class or id? A part that begins with a dot must be a word of its own there: `.nav`.
pub fn is_named(node: &NodeRef<'_>, parts: &[&str]) -> bool {
    let names = names(node);
    !names.is_empty() && parts.iter().any(|part| names_hold(&names, part))
}

fn names_hold(names: &str, part: &str) -> bool {
    match part.strip_prefix('.') {
        Some(word) => names.split(|c: char| !c.is_ascii_alphanumeric()).any(|it| it == word),
        None => names.contains(part),
    }
}

/// Does it stand in the words below a picture? A day there is the picture's.
pub fn is_in_caption(node: &NodeRef<'_>) -> bool {
    let around = std::iter::once(*node).chain(node.ancestors_it(Some(3)));
    around.into_iter().any(|it| it.has_name("figcaption") || is_named(&it, &["caption"]))
}

/// Is the element one of these?
pub fn is_any(node: &NodeRef<'_>, tags: &[&str]) -> bool {
    tags.contains(&node.node_name().unwrap_or_default().as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    #[test]
    fn a_line_is_what_a_reader_sees() {
        for (html, expected) in [
            ("<p>Talks <b>go</b> on<script>x()</script></p>", "Talks go on"),
            ("<p><span>Kicker</span><span>Talks</span></p>", "Kicker Talks"),
            ("<p><ruby>子<rt>こ</rt></ruby>ども</p>", "子ども"),
            ("<p><span class='sr-only'>Caption: </span>A crane.</p>", "A crane."),
        ] {
            let page = Document::from(html);
            assert_eq!(line(&page.select("p").nodes()[0]), expected, "{html}");
        }
    }
}
