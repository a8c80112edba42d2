//! The attributes of one start tag, read when they are asked for.

use std::borrow::Cow;

use quick_xml::events::attributes::Attributes as Iter;

use super::entities::Entities;
use super::ns::Ns;

/// The source of a start tag: its name and what follows it. Quotes may be missing, as in HTML.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attributes<'a> {
    source: &'a str,
    name_len: usize,
}

impl<'a> Attributes<'a> {
    /// From what stands between `<` and `>`, and how much of it is the name, in bytes.
    pub fn new(source: &'a str, name_len: usize) -> Self {
        Self { source, name_len }
    }

    /// The element's name as printed, prefix included.
    pub fn name(&self) -> &'a str {
        self.source.get(..self.name_len).unwrap_or_default()
    }

    /// Whether any attribute may be of the `xml` family (`xmlns`, `xml:base`, `xml:lang`).
    pub(super) fn may_set_scope(&self) -> bool {
        let rest = self.source.as_bytes().get(self.name_len..).unwrap_or_default();
        memchr::memchr_iter(b'x', rest).any(|at| rest.get(at..).is_some_and(|rest| rest.starts_with(b"xml")))
    }

    /// Every attribute: name as printed, value not yet decoded.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        let mut iter = Iter::html(self.source, self.name_len);
        iter.with_checks(false);
        iter.filter_map(Result::ok).map(|attribute| (attribute.key.0, attribute.value))
    }

    /// The undecoded value of the attribute with this printed name.
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        if self.source.len() == self.name_len {
            return None;
        }
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// A start tag that was read. It stays usable when the cursor has gone on.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    /// Its vocabulary.
    pub ns: Ns,
    /// Its name without prefix.
    pub tag: &'a str,
    /// Its attributes, undecoded.
    pub attributes: Attributes<'a>,
    pub(super) depth: usize,
    pub(super) entities: &'a Entities,
}

impl<'a> Element<'a> {
    pub(in crate::format) fn new(
        ns: Ns,
        tag: &'a str,
        attributes: Attributes<'a>,
        depth: usize,
        entities: &'a Entities,
    ) -> Self {
        Self { ns, tag, attributes, depth, entities }
    }

    /// An attribute's value by its printed name, decoded and trimmed; `None` when it is missing or empty.
    pub fn get(&self, name: &str) -> Option<String> {
        self.decoded(&self.attributes.get(name)?)
    }

    fn decoded(&self, value: &str) -> Option<String> {
        let value = self.entities.decode(value);
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Several attributes in one go: what [`get`](Self::get) gives for each name.
    pub fn all<const N: usize>(&self, names: [&str; N]) -> [Option<String>; N] {
        let mut found = [const { None }; N];
        for (key, value) in self.attributes.iter() {
            let slot = names.iter().zip(&mut found).find(|(name, slot)| **name == key && slot.is_none());
            if let Some((_, slot)) = slot {
                *slot = self.decoded(&value);
            }
        }
        found
    }

    /// Whether an attribute has this value, ignoring case.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.attributes.get(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
    }
}
