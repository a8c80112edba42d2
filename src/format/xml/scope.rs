//! What is in force at a place in a document: namespaces, `xml:lang`, `xml:base`. Each holds from the element that sets it to its end.

use std::borrow::Cow;

use url::Url;

use super::attributes::{Attributes, Element};
use super::entities::Entities;
use super::ns::{self, Ns};

/// What is in force. Only elements that set something cost anything.
#[derive(Debug, Default)]
pub(super) struct Scopes<'a> {
    /// Depth and vocabulary of default namespaces.
    defaults: Vec<(usize, Ns)>,
    /// Depth, prefix, vocabulary.
    prefixes: Vec<(usize, &'a str, Ns)>,
    langs: Vec<(usize, Cow<'a, str>)>,
    bases: Vec<(usize, String)>,
    document: Option<&'a str>,
    /// The next element is the root.
    at_root: bool,
    /// The root's own prefix: what it stands for is the format's own vocabulary, whatever address it is bound to.
    own: Option<&'a str>,
}

impl<'a> Scopes<'a> {
    pub fn new(document: Option<&'a str>) -> Self {
        Self { document, at_root: true, ..Self::default() }
    }

    /// Reads what a start tag sets for itself and all inside it.
    pub fn enter(&mut self, tag: Attributes<'a>, depth: usize, entities: &Entities) {
        let is_root = std::mem::take(&mut self.at_root);
        if is_root {
            self.own = tag.name().split_once(':').map(|(prefix, _)| prefix);
        }
        if !tag.may_set_scope() {
            return;
        }
        for (name, value) in tag.iter() {
            match name {
                // On a root without prefix it is the format's own, however it is spelled.
                "xmlns" if is_root && !tag.name().contains(':') => {}
                "xmlns" => self.defaults.push((depth, ns::by_address(&value))),
                "xml:lang" => self.langs.push((depth, value)),
                "xml:base" => {
                    let base = self.join(&entities.decode(&value));
                    self.bases.push((depth, base));
                }
                _ => {
                    if let Some(prefix) = name.strip_prefix("xmlns:") {
                        self.prefixes.push((depth, prefix, bound(prefix, &value)));
                    }
                }
            }
        }
    }

    /// Forgets what was set deeper than `depth`.
    pub fn leave(&mut self, depth: usize) {
        while self.prefixes.last().is_some_and(|(at, ..)| *at > depth) {
            self.prefixes.pop();
        }
        while self.defaults.last().is_some_and(|(at, _)| *at > depth) {
            self.defaults.pop();
        }
        while self.langs.last().is_some_and(|(at, _)| *at > depth) {
            self.langs.pop();
        }
        while self.bases.last().is_some_and(|(at, _)| *at > depth) {
            self.bases.pop();
        }
    }

    /// Vocabulary and local name of a printed name.
    pub fn name(&self, printed: &'a str, home: Ns) -> (Ns, &'a str) {
        match memchr::memchr(b':', printed.as_bytes()).and_then(|at| printed.split_at_checked(at)) {
            Some((prefix, tag)) => {
                let ns = Some(self.prefix(prefix)).filter(|ns| *ns != Ns::Other || self.own != Some(prefix));
                (ns.unwrap_or(home), tag.get(1..).unwrap_or_default())
            }
            None => match self.defaults.last() {
                Some((_, ns)) if *ns != Ns::Other => (*ns, printed),
                _ => (home, printed),
            },
        }
    }

    /// An attribute of a vocabulary.
    pub fn attribute(&self, of: &Element<'a>, ns: Ns, name: &str) -> Option<String> {
        let (key, _) = of.attributes.iter().find(|(key, _)| {
            key.split_once(':').is_some_and(|(prefix, local)| local == name && self.prefix(prefix) == ns)
        })?;
        of.get(key)
    }

    pub fn lang(&self) -> Option<String> {
        self.langs.last().filter(|(_, lang)| !lang.trim().is_empty()).map(|(_, lang)| lang.trim().to_owned())
    }

    pub fn base(&self) -> Option<String> {
        self.bases.last().map(|(_, base)| base.clone())
    }

    pub fn resolve(&self, href: String) -> String {
        if self.bases.is_empty() { href } else { self.join(&href) }
    }

    /// Resolves against the base in force, else the document's own address; stays as printed when that is impossible.
    pub fn join(&self, address: &str) -> String {
        joined(self.bases.last().map(|(_, base)| base.as_str()).or(self.document), address)
    }

    fn prefix(&self, prefix: &str) -> Ns {
        let bound = self.prefixes.iter().rev().find(|(_, known, _)| *known == prefix).map(|(.., ns)| *ns);
        bound.unwrap_or_else(|| ns::by_prefix(prefix))
    }
}

/// An unknown address says less than a prefix that everybody uses.
fn bound(prefix: &str, address: &str) -> Ns {
    match ns::by_address(address) {
        Ns::Other => ns::by_prefix(prefix),
        known => known,
    }
}

/// An address against a base; as printed when that is impossible.
pub fn joined(base: Option<&str>, address: &str) -> String {
    let address = address.trim();
    let joined = base.and_then(|base| Url::parse(base).ok()).and_then(|base| base.join(address).ok());
    joined.map_or_else(|| address.to_owned(), String::from)
}
