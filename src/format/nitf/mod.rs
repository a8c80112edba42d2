//! NITF 2.5 to 3.6 (iptc.org, News Industry Text Format), with and without its namespace, alone or inside another format.

mod body;
mod copy;
mod head;
mod media;

use super::error::FormatError;
use super::head::{Document, Head, Roots};
use super::xml::{Element, Ns, Xml};
use crate::wire::{Fault, Parsed, WireItem};

/// An `nitf` root.
pub fn sniff(head: &Head<'_>) -> bool {
    head.root.as_ref().is_some_and(|root| root.is(Ns::Nitf, "nitf"))
}

/// Reads a document, which is one item.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut xml = Xml::new(document, Ns::Nitf);
    let mut parsed = Parsed::default();
    if let Some(root) = xml.root() {
        let item = item(&mut xml, &root);
        if !xml.is_cut() {
            parsed.items.push(item);
        }
    }
    parsed.faults = xml.finish();
    Ok(parsed)
}

/// Reads an `nitf` element, a document's root or one that another format carries.
pub fn item<'a>(xml: &mut Xml<'a>, nitf: &Element<'a>) -> WireItem {
    let mut item = WireItem { language: nitf.get("baselang").or_else(|| xml.lang()), ..WireItem::default() };
    item.class = Some("text".into());
    let mut spare = head::Spare::default();
    while let Some(el) = xml.child(nitf) {
        match el.tag {
            "head" => head::read(xml, &el, &mut item, &mut spare),
            "body" => body::read(xml, &el, &mut item),
            _ => {}
        }
    }
    spare.settle(&mut item);
    if item.headlines.is_empty() && item.bodies.is_empty() {
        item.faults.push(Fault::new("empty_item", "an item with neither headline nor text"));
    }
    item
}

/// Reads a whole document that another format carries as text.
pub fn of_text(text: &str) -> Option<WireItem> {
    let mut roots = Roots::new(text);
    let root = roots.by_ref().find(|root| root.is(Ns::Nitf, "nitf"))?;
    let head = Head { bytes: text.as_bytes(), text, root: Some(root), keys: Vec::new() };
    let document = Document { text, head, entities: roots.entities, url: None, faults: Vec::new() };
    parse(&document).ok()?.items.pop()
}

/// Reads a `body` that stands without its `nitf`, or a lone element of body copy.
pub fn fragment<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> WireItem {
    let mut item = WireItem::default();
    body::read(xml, of, &mut item);
    item
}

#[cfg(test)]
mod tests;
