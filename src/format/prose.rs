//! Text of an element whose children are paragraphs, list items or name parts: on lines, where [`Xml::text`] would run them together.

use super::xml::{Element, Node, Xml};

/// Elements that stand inside a line, in NITF and XHTML. Everything else begins a line of its own.
const INLINE: &[&str] = &[
    "a",
    "abbr",
    "alt-code",
    "b",
    "chron",
    "city",
    "classifier",
    "copyrite",
    "country",
    "em",
    "event",
    "font",
    "frac",
    "function",
    "i",
    "lang",
    "location",
    "money",
    "name.family",
    "name.given",
    "num",
    "object.title",
    "org",
    "person",
    "q",
    "rb",
    "region",
    "rp",
    "rt",
    "ruby",
    "small",
    "span",
    "state",
    "story.date",
    "strong",
    "sub",
    "sublocation",
    "sup",
    "time",
    "u",
    "virtloc",
];

/// The text of `of`, a line for each block inside it, white space folded. Reads the element to its end.
pub fn lines<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> String {
    let mut text = String::new();
    walk(xml, of, &mut text);
    let lines = text.lines().map(fold).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The same on one line.
pub fn line<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> String {
    lines(xml, of).replace('\n', " ")
}

/// The cursor nests no deeper than it allows, so this does not either.
fn walk<'a>(xml: &mut Xml<'a>, of: &Element<'a>, out: &mut String) {
    while let Some(node) = xml.node(of) {
        match node {
            // A line end in the source is a blank.
            Node::Text(text) => out.push_str(&text.replace(['\n', '\r'], " ")),
            Node::Element(el) => {
                let is_block = !is_inline(el.tag);
                out.push_str(if is_block { "\n" } else { "" });
                walk(xml, &el, out);
                out.push_str(if is_block { "\n" } else { "" });
            }
        }
    }
}

/// Whether an element stands inside a line.
pub fn is_inline(tag: &str) -> bool {
    INLINE.contains(&tag)
}

/// White space folded to single blanks.
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
