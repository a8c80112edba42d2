//! NITF's body copy as HTML: elements that HTML has too keep their name, the rest get the nearest one, and what is
//! no copy (pictures, a byline set inside the text) is handed to its own field.

use super::super::xml::{Element, Node, Xml};
use super::{body, media};
use crate::wire::WireItem;

/// NITF elements that become an HTML element of another name.
const RENAMED: &[(&str, &str)] = &[
    ("hl1", "h1"),
    ("hl2", "h2"),
    ("block", "div"),
    ("bq", "blockquote"),
    ("credit", "p"),
    ("fn", "div"),
    ("note", "div"),
    ("nitf-table", "table"),
    ("ol", "ol"),
    ("frac", "span"),
    ("tagline", "p"),
    ("bibliography", "p"),
];

/// Elements that HTML has under the same name.
const KEPT: &[&str] = &[
    "p",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "pre",
    "hr",
    "br",
    "a",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "q",
    "sub",
    "sup",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "span",
    "blockquote",
    "img",
    "figure",
    "figcaption",
    "section",
    "cite",
    "small",
];

/// Attributes that are kept, on any element.
const ATTRIBUTES: &[&str] = &["href", "src", "alt", "title", "colspan", "rowspan", "lang", "class", "start"];

/// What to do with an element of the copy.
enum Part {
    /// Write it as this HTML element.
    Html(&'static str),
    /// Write what is inside only: a name, a date, an element nobody knows.
    Inside,
    /// A picture, sound or video.
    Media,
    Byline,
    Dateline,
    /// Nothing for readers.
    Nothing,
}

fn part(tag: &str) -> Part {
    match tag {
        "media" => Part::Media,
        "byline" => Part::Byline,
        "dateline" => Part::Dateline,
        "media-caption" | "media-producer" | "media-metadata" | "media-reference" | "col" | "colgroup" => {
            Part::Nothing
        }
        "nitf-table-metadata" | "custom-table" | "script" | "style" | "head" => Part::Nothing,
        _ => html_name(tag).map_or(Part::Inside, Part::Html),
    }
}

fn html_name(tag: &str) -> Option<&'static str> {
    let renamed = RENAMED.iter().find(|(nitf, _)| *nitf == tag).map(|(_, html)| *html);
    renamed.or_else(|| KEPT.iter().find(|kept| **kept == tag).copied())
}

/// Writes what stands inside `of` to `out`, and what is no copy to `item`. The cursor bounds how deep elements nest.
pub fn write<'a>(xml: &mut Xml<'a>, of: &Element<'a>, out: &mut String, item: &mut WireItem) {
    while let Some(node) = xml.node(of) {
        match node {
            Node::Text(text) => escape(out, &text),
            Node::Element(el) => element(xml, &el, out, item),
        }
    }
}

/// Writes one element and what is inside it.
pub fn element<'a>(xml: &mut Xml<'a>, el: &Element<'a>, out: &mut String, item: &mut WireItem) {
    match part(el.tag) {
        Part::Html(name @ ("br" | "hr" | "img")) => start(el, name, out),
        Part::Html(name) => {
            start(el, name, out);
            write(xml, el, out, item);
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
        Part::Inside => write(xml, el, out, item),
        Part::Media => item.media.extend(media::read(xml, el)),
        Part::Byline => body::byline(xml, el, item),
        Part::Dateline if item.datelines.is_empty() => body::dateline(xml, el, item),
        Part::Dateline | Part::Nothing => {}
    }
}

fn start(el: &Element<'_>, name: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    for attribute in ATTRIBUTES {
        if let Some(value) = el.get(attribute) {
            out.push(' ');
            out.push_str(attribute);
            out.push_str("=\"");
            out.push_str(&html_escape::encode_double_quoted_attribute(&value));
            out.push('"');
        }
    }
    out.push('>');
}

fn escape(out: &mut String, text: &str) {
    html_escape::encode_text_to_string(text, out);
}
