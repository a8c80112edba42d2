//! What does the beginning of a document give away? Enough for each format to say "that is mine", and no more.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::xml::entities::Entities;
use super::xml::ns::{self, Ns};
use super::xml::{Attributes, Element};
use crate::wire::Fault;

/// How much junk before the root is looked through, in bytes; a document type, comments and instructions are none.
const WINDOW: usize = 64 * 1024;
/// How many tags before a root are passed over: a PHP warning is `<br />`, `<b>` and so on.
const TAGS: usize = 16;

/// What a sniff may look at.
#[derive(Debug)]
pub struct Head<'a> {
    /// The document as received: for the formats that are not text.
    pub bytes: &'a [u8],
    /// The document as text, from its first mark that is not white space.
    pub text: &'a str,
    /// The element that is taken for the root, when it is XML.
    pub root: Option<Root<'a>>,
    /// The keys of the outermost object, or of the first one in an outermost list, when it is JSON.
    pub keys: Vec<&'a str>,
}

/// The first start tag that could be a document's root.
#[derive(Debug, Clone, Copy)]
pub struct Root<'a> {
    /// Its vocabulary: [`Ns::Other`] when it has none or an unknown one.
    pub ns: Ns,
    /// Its name without prefix.
    pub tag: &'a str,
    /// The source of its attributes.
    pub attributes: Attributes<'a>,
    /// Where it starts in [`Head::text`], in bytes.
    pub start: usize,
}

impl Root<'_> {
    /// Whether this is the root `tag`, in any case, of a vocabulary: by its address, or without any.
    pub fn is(&self, ns: Ns, tag: &str) -> bool {
        self.tag.eq_ignore_ascii_case(tag) && matches!(self.ns, found if found == ns || found == Ns::Other)
    }
}

/// A document that is about to be parsed.
#[derive(Debug)]
pub struct Document<'a> {
    /// Its text.
    pub text: &'a str,
    /// What its beginning gave away.
    pub head: Head<'a>,
    /// The entities it declares.
    pub entities: Entities,
    /// Where it came from: what a relative `xml:base` is resolved against.
    pub url: Option<&'a str>,
    /// What was odd about its encoding.
    pub faults: Vec<Fault>,
}

impl Document<'_> {
    /// How many items to make room for: feeds print a story in some kilobytes.
    pub fn room(&self) -> usize {
        (self.text.len() / 2048).clamp(1, 128)
    }
}

/// The roots a text may have, most likely first, and the entities declared before them.
#[derive(Debug)]
pub struct Roots<'a> {
    text: &'a str,
    /// Where the search goes on.
    start: usize,
    /// Where it ends.
    end: usize,
    /// How many more tags are looked at.
    tags: usize,
    /// How many more `<` are looked at.
    marks: usize,
    /// What the document type passed on the way declares.
    pub entities: Entities,
}

impl<'a> Roots<'a> {
    /// From the start of a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, start: 0, end: WINDOW, tags: TAGS, marks: 4 * TAGS, entities: Entities::default() }
    }

    /// Goes on behind well-formed markup that may be long, and makes up for its length.
    fn pass(&mut self, at: usize, length: usize) {
        self.start = at + length;
        self.end += length;
    }
}

impl<'a> Iterator for Roots<'a> {
    type Item = Root<'a>;

    fn next(&mut self) -> Option<Root<'a>> {
        while self.tags > 0 && self.marks > 0 && self.start <= self.end {
            self.marks -= 1;
            let at = self.start + memchr::memchr(b'<', self.text.as_bytes().get(self.start..)?)?;
            let rest = self.text.get(at..)?;
            self.start = at + 1;
            match markup(rest) {
                Some(Event::Start(tag) | Event::Empty(tag)) if starts_like_a_name(&tag) => {
                    self.tags -= 1;
                    let root = root(rest, tag.len(), tag.name().as_ref().len(), at);
                    // Nothing inside an HTML page is a feed, though it may quote one; unless it begins with one.
                    if root.is_none_or(|root| root.tag.eq_ignore_ascii_case("html")) {
                        self.tags = self.tags.min(2);
                    }
                    return root;
                }
                Some(Event::DocType(doctype)) => {
                    self.entities = Entities::of_doctype(&doctype);
                    self.pass(at, doctype.len());
                }
                Some(Event::Comment(comment)) => self.pass(at, comment.len()),
                Some(Event::PI(instruction)) => self.pass(at, instruction.len()),
                _ => {}
            }
        }
        None
    }
}

/// The one piece of markup that a text starts with.
fn markup(text: &str) -> Option<Event<'_>> {
    Reader::from_str(text).read_event().ok()
}

fn starts_like_a_name(tag: &str) -> bool {
    tag.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn root(rest: &str, tag_len: usize, name_len: usize, start: usize) -> Option<Root<'_>> {
    let attributes = Attributes::new(rest.get(1..=tag_len)?, name_len);
    let name = rest.get(1..=name_len)?;
    let (prefix, tag) = name.split_once(':').map_or((None, name), |(prefix, tag)| (Some(prefix), tag));
    let declaration = prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
    let ns = match attributes.get(&declaration) {
        Some(address) => ns::by_address(&address),
        None => prefix.map_or(Ns::Other, ns::by_prefix),
    };
    Some(Root { ns, tag, attributes, start })
}

/// The keys of a JSON document's outermost object, or of the first object in its outermost list.
pub fn json_keys(text: &str) -> Vec<&str> {
    let (mut keys, mut depth, mut rest) =
        (Vec::new(), 0usize, text.get(..floor(text, WINDOW)).unwrap_or_default());
    let level = match rest.as_bytes() {
        [b'{', ..] => 1,
        [b'[', ..] => 2,
        _ => return keys,
    };
    while let Some(at) = rest.find(['{', '}', '[', ']', '"']) {
        let (mark, after) = (rest.as_bytes().get(at), rest.get(at + 1..).unwrap_or_default());
        rest = after;
        match mark {
            Some(b'{' | b'[') => depth += 1,
            Some(b'"') => {
                let (string, tail) = json_string(after);
                if depth == level && tail.trim_start().starts_with(':') {
                    keys.push(string);
                }
                rest = tail;
            }
            _ => {
                depth = depth.saturating_sub(1);
                if depth < level && !keys.is_empty() {
                    break;
                }
            }
        }
    }
    keys
}

/// A string's source up to its closing quote, and what follows it.
fn json_string(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => {
                return (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
            }
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (text, "")
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

/// What a document is that nobody wants, for a person.
pub fn describe(head: &Head<'_>) -> String {
    let root = head.root.as_ref().map(|root| root.tag);
    match root {
        Some(tag) if tag.eq_ignore_ascii_case("html") => match title(head.text) {
            Some(title) => format!("an HTML page titled {title:?}"),
            None => "an HTML page".to_owned(),
        },
        Some(tag) => format!("an XML or HTML document that starts with <{}>", beginning(tag)),
        None if !head.keys.is_empty() => format!("JSON with the keys {}", beginning(&head.keys.join(", "))),
        None => {
            format!("{} bytes that start with \"{}\"", head.bytes.len(), beginning(head.text))
        }
    }
}

/// So much of a text that was not made to be read, with nothing in it that a screen would obey.
fn beginning(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}

/// The title of an HTML page.
fn title(text: &str) -> Option<String> {
    let window = text.get(..floor(text, WINDOW))?;
    let lower = window.to_ascii_lowercase();
    let start = lower.find("<title>")? + 7;
    let end = start + lower.get(start..)?.find("</title")?;
    let title: String = window.get(start..end)?.trim().chars().take(80).collect();
    (!title.is_empty()).then_some(title)
}

/// The root as an element, for formats that put what matters into its attributes.
pub fn element<'a>(document: &'a Document<'_>) -> Option<Element<'a>> {
    let root = document.head.root.as_ref()?;
    Some(Element::new(root.ns, root.tag, root.attributes, 1, &document.entities))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_behind_whatever_stands_before_it() {
        for (text, tag, ns) in [
            ("<rss version='2.0'/>", "rss", Ns::Other),
            (
                "<?xml version='1.0'?><!-- <html> --><!DOCTYPE x [<!ENTITY a 'b'>]><?pi <y>?>\n<feed xmlns='http://www.w3.org/2005/Atom'>",
                "feed",
                Ns::Atom,
            ),
            ("junk < 5 <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>", "RDF", Ns::Rdf),
            ("<media:x>", "x", Ns::Media),
        ] {
            let root = Roots::new(text).next().unwrap();
            assert_eq!((root.tag, root.ns), (tag, ns), "{text}");
        }
        assert!(Roots::new("no markup here, 1 < 2").next().is_none());
    }

    #[test]
    fn the_outermost_keys_of_json_are_seen_and_no_others() {
        for (text, keys) in [
            (
                r#"{"version": "https", "items": [{"id": 1}], "a\"b": {"c": 1}}"#,
                vec!["version", "items", "a\\\"b"],
            ),
            (r#"[{"uri": "x", "inner": {"y": 1}}, {"z": 1}]"#, vec!["uri", "inner"]),
            ("{", vec![]),
            ("hello", vec![]),
        ] {
            assert_eq!(json_keys(text), keys, "{text}");
        }
    }
}
