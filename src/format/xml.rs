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
mod step;

use std::borrow::Cow;

use quick_xml::Reader;

use super::bounds::{self, CHILDREN, ELEMENTS};
use super::head::Document;
use crate::wire::{Fault, Markup, WireText};
pub use attributes::{Attributes, Element};
use entities::Entities;
pub use ns::Ns;
use scope::Scopes;
use step::{Step, is_void, reader};

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
    /// How many children of each open element were handed over, outermost first.
    handed: Vec<usize>,
    handed_in_all: usize,
}

/// A child of mixed content.
#[derive(Debug)]
pub enum Node<'a> {
    /// A child element, not yet read.
    Element(Element<'a>),
    /// Text between children, references decoded.
    Text(Cow<'a, str>),
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
            handed: Vec::with_capacity(16),
            handed_in_all: 0,
        }
    }

    /// The root element.
    pub fn root(&mut self) -> Option<Element<'a>> {
        loop {
            match self.tag() {
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
            match self.tag() {
                Step::Start if self.open.len() == of.depth + 1 => return self.handed_over(of),
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
                Step::Start if self.open.len() == of.depth + 1 => {
                    return self.handed_over(of).map(Node::Element);
                }
                Step::Text(text) if self.open.len() == of.depth => {
                    return Some(Node::Text(self.entities.decode(text)));
                }
                Step::Cdata(text) if self.open.len() == of.depth => return Some(Node::Text(text.into())),
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
    pub fn resolve(&self, href: impl Into<String>) -> String {
        self.scopes.resolve(href.into())
    }

    /// An address that is an element's text, against the base that is in force inside it.
    pub fn address(&mut self, of: &Element<'a>) -> Option<String> {
        let base = self.base();
        let address = self.word(of)?;
        Some(base.map(|base| scope::joined(Some(&base), &address)).unwrap_or(address))
    }

    /// An address, with the document's own for a base when it sets none.
    pub fn whole(&self, href: &str) -> String {
        self.scopes.join(href)
    }

    /// Whether the document ended before its root did: what is being read then is not whole.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Notes something odd about the document, once a code.
    pub fn fault(&mut self, code: &str, detail: impl Into<String>) {
        if !self.has_fault(code) {
            self.faults.push(Fault::new(code, detail));
        }
    }

    /// Whether this was noted already: then its words need not be made a million times.
    fn has_fault(&self, code: &str) -> bool {
        self.faults.iter().any(|known| known.code == code)
    }

    /// Reads on to the end of the root and gives what was odd about the document.
    pub fn finish(mut self) -> Vec<Fault> {
        while !self.open.is_empty() && !matches!(self.tag(), Step::Eof) {}
        if self.entities.refused() {
            self.fault("limit", "an entity of the document expands to too much and was left as printed");
        }
        self.faults
    }

    /// Language and base of an element that was not read yet: they end with it.
    fn scope(&self) -> WireText {
        WireText { lang: self.scopes.lang(), base: self.scopes.base(), ..WireText::default() }
    }

    /// The child whose start tag was just read, unless there have been more than any news has.
    fn handed_over(&mut self, of: &Element<'a>) -> Option<Element<'a>> {
        self.handed.resize(of.depth + 1, 0);
        let count = self.handed.last_mut()?;
        *count += 1;
        self.handed_in_all += 1;
        let most =
            [(*count, CHILDREN, "children of one element"), (self.handed_in_all, ELEMENTS, "elements")];
        match most.into_iter().find(|(count, most, _)| count > most) {
            None => Some(self.element()),
            Some((_, most, what)) => {
                let fault = bounds::limit(what, most);
                self.fault(&fault.code, fault.detail);
                None
            }
        }
    }

    /// The element whose start tag was just read.
    fn element(&mut self) -> Element<'a> {
        self.scopes.enter(self.tag, self.open.len(), self.entities);
        let (ns, tag) = self.scopes.name(self.tag.name(), self.home);
        Element::new(ns, tag, self.tag, self.open.len(), self.entities)
    }

    /// Whether `of` is still open.
    fn is_within(&mut self, of: &Element<'a>) -> bool {
        self.settle();
        self.open.len() >= of.depth
    }
}

#[cfg(test)]
mod tests;
