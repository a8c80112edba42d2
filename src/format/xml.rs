//! One cursor for every XML format: it walks the elements and hides what XML does to a reader.
//!
//! A format looks like its specification: `while let Some(el) = xml.child(&item) { match (el.ns, el.tag) { ... } }`, a line
//! for each element it knows. What is not asked for is passed over. Namespaces are a small [`Ns`], `xml:base` and `xml:lang`
//! are in force where they should be, text is whole again (quick-xml hands it out in pieces), and broken markup is
//! recovered from in a way that keeps the whole items of a feed: see [`Xml::child`].

mod attributes;
pub mod entities;
mod inner;
mod markup;
pub mod ns;
mod scope;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::Event;

use super::head::Document;
use crate::wire::{Fault, Markup, WireText};
pub use attributes::{Attributes, Element};
use entities::Entities;
pub use ns::Ns;
use scope::Scopes;

/// How deep elements may nest. Deeper start tags are passed over; their text belongs to the last one that fits.
const DEPTH: usize = 256;
/// How often a document is taken up again behind markup that never ends.
const RESTARTS: usize = 16;
/// HTML elements that never have an end tag, whatever their document believes.
const VOID: &[&str] = &["br", "hr", "img", "wbr"];

/// A walk through one document. Elements are read in document order, each at most once.
#[derive(Debug)]
pub struct Xml<'a> {
    /// The document from its root on.
    source: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where `reader` began in `source`.
    origin: usize,
    /// The names of the open elements as printed, outermost first.
    open: Vec<&'a str>,
    /// The innermost open element is `<a/>`: it is closed before anything else is read.
    is_empty: bool,
    tag: Attributes<'a>,
    scopes: Scopes<'a>,
    home: Ns,
    entities: &'a Entities,
    faults: Vec<Fault>,
    restarts: usize,
    is_cut: bool,
}

/// A child of mixed content.
#[derive(Debug)]
pub enum Node<'a> {
    /// A child element, not yet read.
    Element(Element<'a>),
    /// Text between children, references decoded.
    Text(Cow<'a, str>),
}

/// What the next piece of the document is.
enum Step<'a> {
    /// A start tag; its source is in `Xml::tag`.
    Start,
    /// An end tag: one or more elements were closed. The place in `source` where it begins.
    End(usize),
    Text(Cow<'a, str>, Piece),
    Eof,
}

/// How a piece of text was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Plain,
    Cdata,
    /// An entity that only this document declares.
    Declared,
}

impl<'a> Xml<'a> {
    /// Begins at the root of a document. `home` is the vocabulary of elements without a (known) namespace.
    pub fn new(document: &'a Document<'_>, home: Ns) -> Self {
        let start = document.head.root.as_ref().map_or(0, |root| root.start);
        let source = document.text.get(start..).unwrap_or_default();
        Self {
            source,
            reader: reader(source),
            origin: 0,
            open: Vec::with_capacity(16),
            is_empty: false,
            tag: Attributes::default(),
            scopes: Scopes::new(document.url),
            home,
            entities: &document.entities,
            faults: Vec::new(),
            restarts: 0,
            is_cut: false,
        }
    }

    /// The root element.
    pub fn root(&mut self) -> Option<Element<'a>> {
        loop {
            match self.step() {
                Step::Start => return Some(self.element()),
                Step::Eof => return None,
                _ => {}
            }
        }
    }

    /// The next child element of `of`; `None` when `of` has ended. A child that was not read is passed over.
    ///
    /// Recovery: an end tag that fits an outer element closes what is open inside it; one that fits nothing is passed over;
    /// a `<` that begins no tag is text. Each leaves an `xml_syntax` fault, once a document.
    pub fn child(&mut self, of: &Element<'a>) -> Option<Element<'a>> {
        loop {
            if !self.is_within(of) {
                return None;
            }
            match self.step() {
                Step::Start if self.open.len() == of.depth + 1 => return Some(self.element()),
                Step::Eof => return None,
                _ => {}
            }
        }
    }

    /// The next child of mixed content: an element, or a run of text between elements.
    pub fn node(&mut self, of: &Element<'a>) -> Option<Node<'a>> {
        loop {
            if !self.is_within(of) {
                return None;
            }
            match self.step() {
                Step::Start if self.open.len() == of.depth + 1 => return Some(Node::Element(self.element())),
                Step::Text(text, _) if self.open.len() == of.depth => return Some(Node::Text(text)),
                Step::Eof => return None,
                _ => {}
            }
        }
    }

    /// All text of an element, inline children's included, trimmed. Reads the element to its end.
    pub fn text(&mut self, of: &Element<'a>) -> String {
        inner::text(self, of)
    }

    /// The same, or `None` when there is nothing but white space.
    pub fn word(&mut self, of: &Element<'a>) -> Option<String> {
        Some(self.text(of)).filter(|text| !text.is_empty())
    }

    /// What stands inside an element as HTML source: prefixes taken off, CDATA and the document's own entities written out.
    pub fn markup(&mut self, of: &Element<'a>) -> String {
        inner::markup(self, of)
    }

    /// An element's text as plain text, with the language and base in force.
    pub fn plain(&mut self, of: &Element<'a>) -> WireText {
        let scope = self.scope();
        WireText { text: self.text(of), ..scope }
    }

    /// An element's text as HTML source (`content:encoded`, Atom's `type="html"`), with the language and base in force.
    pub fn html(&mut self, of: &Element<'a>) -> WireText {
        let scope = self.scope();
        WireText { text: inner::embedded(self, of).0, markup: Markup::Html, ..scope }
    }

    /// An element's text where the format does not say what it is. Real child elements make it HTML.
    pub fn unsaid(&mut self, of: &Element<'a>) -> WireText {
        let scope = self.scope();
        let (text, has_children) = inner::embedded(self, of);
        WireText { text, markup: if has_children { Markup::Html } else { Markup::Unsaid }, ..scope }
    }

    /// What stands inside an element as HTML, with the language and base in force.
    pub fn xhtml(&mut self, of: &Element<'a>) -> WireText {
        let scope = self.scope();
        WireText { text: self.markup(of), markup: Markup::Html, ..scope }
    }

    /// An attribute by vocabulary (`Ns::Rdf`, `Ns::Xml`, `Ns::Xlink`). For plain attributes ask the [`Element`].
    pub fn attribute(&self, of: &Element<'a>, ns: Ns, name: &str) -> Option<String> {
        self.scopes.attribute(of, ns, name)
    }

    /// The `xml:lang` in force.
    pub fn lang(&self) -> Option<String> {
        self.scopes.lang()
    }

    /// The `xml:base` in force, resolved against its parents; `None` when the document sets none.
    pub fn base(&self) -> Option<String> {
        self.scopes.base()
    }

    /// An address, resolved against the `xml:base` in force if there is one.
    pub fn resolve(&self, href: &str) -> String {
        self.scopes.resolve(href)
    }

    /// The same, with the document's own address for a base when it sets none.
    pub fn whole(&self, href: &str) -> String {
        self.scopes.join(href)
    }

    /// Whether the document ended before its root did: what is being read then is not whole.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Notes something odd about the document, once a code.
    pub fn fault(&mut self, code: &str, detail: impl Into<String>) {
        if !self.faults.iter().any(|known| known.code == code) {
            self.faults.push(Fault::new(code, detail));
        }
    }

    /// Reads on to the end of the root and gives what was odd about the document.
    pub fn finish(mut self) -> Vec<Fault> {
        while !self.open.is_empty() && !matches!(self.step(), Step::Eof) {}
        if self.entities.refused() {
            self.fault("limit", "an entity of the document expands to too much and was left as printed");
        }
        self.faults
    }

    /// Language and base of an element that was not read yet: they end with it.
    fn scope(&self) -> WireText {
        WireText { lang: self.scopes.lang(), base: self.scopes.base(), ..WireText::default() }
    }

    /// The element whose start tag was just read.
    fn element(&mut self) -> Element<'a> {
        self.scopes.enter(self.tag, self.open.len(), self.entities);
        let (ns, tag) = self.scopes.name(self.tag.name(), self.home);
        Element::new(ns, tag, self.tag, self.open.len(), self.entities)
    }

    /// Whether `of` is still open.
    fn is_within(&mut self, of: &Element<'a>) -> bool {
        if self.is_empty {
            self.is_empty = false;
            self.close_to(self.open.len().saturating_sub(1));
        }
        self.open.len() >= of.depth
    }

    fn close_to(&mut self, depth: usize) {
        self.open.truncate(depth);
        self.scopes.leave(depth);
    }

    fn position(&self) -> usize {
        self.origin + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn step(&mut self) -> Step<'a> {
        loop {
            let at = self.position();
            if let Some(text) = self.stray_mark(at) {
                return text;
            }
            let step = match self.reader.read_event() {
                Ok(Event::Start(tag)) => self.start(at, tag.name().as_ref().len(), false),
                Ok(Event::Empty(tag)) => self.start(at, tag.name().as_ref().len(), true),
                Ok(Event::End(tag)) => self.end(at, tag.name().as_ref()),
                Ok(Event::Text(text)) => Some(Step::Text(text.into_inner(), Piece::Plain)),
                Ok(Event::CData(text)) => Some(Step::Text(text.into_inner(), Piece::Cdata)),
                Ok(Event::GeneralRef(name)) => Some(self.reference(at, &name)),
                Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_)) => None,
                Err(Error::IllFormed(_)) => None,
                Ok(Event::Eof) => return self.eof(),
                Err(error) => self.restart_behind(at, &error),
            };
            if let Some(step) = step {
                return step;
            }
        }
    }

    /// A `<` with nothing behind it that a tag could begin with is a less-than sign.
    fn stray_mark(&mut self, at: usize) -> Option<Step<'a>> {
        let next = match self.source.as_bytes().get(at..)? {
            [b'<', next, ..] => *next,
            _ => return None,
        };
        if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?' | b'_' | b':') || next >= 0x80 {
            return None;
        }
        Some(self.as_text(at))
    }

    /// Takes the `<` at this place for text and goes on behind it.
    fn as_text(&mut self, at: usize) -> Step<'a> {
        self.fault("xml_syntax", format!("a `<` that begins no tag, {at} bytes into the root"));
        self.go_to(at + 1);
        Step::Text(Cow::Borrowed("<"), Piece::Plain)
    }

    fn go_to(&mut self, at: usize) {
        self.origin = at;
        self.reader = reader(self.source.get(at..).unwrap_or_default());
    }

    fn start(&mut self, at: usize, name_len: usize, is_empty: bool) -> Option<Step<'a>> {
        let end = self.position() - if is_empty { 2 } else { 1 };
        let content = self.source.get(at + 1..end)?;
        match memchr::memchr(b'<', content.as_bytes()) {
            // A quote that was never closed has swallowed the tags behind it.
            Some(next) if memchr::memchr(b'>', content.as_bytes()).is_some_and(|close| close < next) => {
                self.start_by_force(at)
            }
            _ => self.start_tag(content, name_len, is_empty),
        }
    }

    /// Ends the start tag at this place at the first `>`, whatever its quotes say.
    fn start_by_force(&mut self, at: usize) -> Option<Step<'a>> {
        let rest = self.source.get(at + 1..)?;
        let content = rest.get(..memchr::memchr(b'>', rest.as_bytes())?)?;
        let name_len = content.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(content.len());
        self.fault("xml_syntax", format!("a tag with an open quote, {at} bytes into the root"));
        self.go_to(at + 1 + content.len() + 1);
        self.start_tag(content.strip_suffix('/').unwrap_or(content), name_len, content.ends_with('/'))
    }

    fn start_tag(&mut self, content: &'a str, name_len: usize, is_empty: bool) -> Option<Step<'a>> {
        if self.open.len() >= DEPTH {
            self.fault("limit", format!("elements nest deeper than {DEPTH}"));
            return None;
        }
        self.tag = Attributes::new(content, name_len);
        let name = self.tag.name();
        self.open.push(name);
        self.is_empty = is_empty || (name.len() <= 3 && is_void(name));
        if self.is_empty && self.open.len() == 1 {
            self.is_empty = is_empty;
        }
        Some(Step::Start)
    }

    fn end(&mut self, at: usize, name: &str) -> Option<Step<'a>> {
        if self.open.last().is_some_and(|open| *open == name) {
            self.close_to(self.open.len() - 1);
            return Some(Step::End(at));
        }
        let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
        match self.open.iter().rposition(|open| local(open) == local(name)) {
            Some(depth) => {
                self.fault("xml_syntax", format!("</{name}> ends elements that were left open"));
                self.close_to(depth);
                Some(Step::End(at))
            }
            None if is_void(name) => None,
            None => {
                self.fault("xml_syntax", format!("</{name}> ends nothing"));
                None
            }
        }
    }

    fn reference(&self, at: usize, name: &str) -> Step<'a> {
        match self.entities.resolve(name) {
            Some(value) if self.entities.declares(name) => Step::Text(value, Piece::Declared),
            Some(value) => Step::Text(value, Piece::Plain),
            None => Step::Text(
                Cow::Borrowed(self.source.get(at..self.position()).unwrap_or_default()),
                Piece::Plain,
            ),
        }
    }

    fn restart_behind(&mut self, at: usize, error: &Error) -> Option<Step<'a>> {
        let is_cheap = matches!(error, Error::Syntax(SyntaxError::InvalidBangMarkup));
        self.restarts += usize::from(!is_cheap);
        if self.restarts > RESTARTS || at >= self.source.len() {
            return Some(self.eof());
        }
        let open_quote = matches!(
            error,
            Error::Syntax(
                SyntaxError::UnclosedSingleQuotedAttributeValue
                    | SyntaxError::UnclosedDoubleQuotedAttributeValue
            )
        );
        open_quote.then(|| self.start_by_force(at)).flatten().or_else(|| Some(self.as_text(at)))
    }

    fn eof(&mut self) -> Step<'a> {
        if !self.open.is_empty() {
            self.is_cut = true;
            let open = self.open.join(" > ");
            self.fault("truncated", format!("the document ends inside {open}"));
        }
        Step::Eof
    }
}

fn is_void(name: &str) -> bool {
    VOID.iter().any(|void| void.eq_ignore_ascii_case(name))
}

/// A reader that recovers by itself where that is safe; names are matched by [`Xml::end`].
fn reader(source: &str) -> Reader<&[u8]> {
    // The reader would swallow a mark without counting it.
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

#[cfg(test)]
mod tests;
