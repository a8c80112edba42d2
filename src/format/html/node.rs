//! What can be seen of a node: its text on one line, the words of its class.

use dom_query::NodeRef;

/// Elements whose text is not shown, or is not the story's: readings above Japanese signs, buttons, drawings.
#[rustfmt::skip]
const UNSHOWN: &[&str] = &["script", "style", "noscript", "template", "svg", "rt", "rp", "button", "select", "iframe", "object"];
/// Classes of text for screen readers only.
#[rustfmt::skip]
const UNSEEN: &[&str] = &["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "off-screen", "offscreen", "u-hidden", "is-hidden", "hide-text", "u-vh", "screenreader"];

/// The text of a node on one line, without what a reader does not see.
pub fn line(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    let mut waiting = vec![*node];
    while let Some(next) = waiting.pop() {
        if next.is_text() {
            text.push_str(&next.text());
        } else if next.id == node.id || !is_unshown(&next) {
            if is_block(&next) {
                text.push(' ');
            }
            waiting.extend(next.children_it(true));
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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

/// Class and id of an element in small letters, a blank between them.
pub fn names(node: &NodeRef<'_>) -> String {
    let mut names = node.class().unwrap_or_default().to_ascii_lowercase();
    if let Some(id) = node.id_attr() {
        names.push(' ');
        names.push_str(&id.to_ascii_lowercase());
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
