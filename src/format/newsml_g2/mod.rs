//! NewsML-G2 2.x (iptc.org/std/NewsML-G2): a message of many items, or one item alone.
//!
//! Codes stay as printed; catalogues and anything else that a document names are never fetched.

mod concept;
mod content_meta;
mod content_set;
mod item;
mod item_meta;

use super::error::FormatError;
use super::head::{Document, Head};
use super::xml::{Element, Ns, Xml};
use crate::wire::{DateKind, Fault, Parsed, WireDate, WireFeed, WireItem};

/// A message or any item as root.
pub fn sniff(head: &Head<'_>) -> bool {
    head.root.as_ref().is_some_and(|root| {
        matches!(root.ns, Ns::G2 | Ns::Other) && (root.tag == "newsMessage" || item::is_item(root.tag))
    })
}

/// Reads a message or a lone item. An item that the document's end cuts off is left out.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut xml = Xml::new(document, Ns::G2);
    let mut message = Message::default();
    if let Some(root) = xml.root() {
        if item::is_item(root.tag) {
            message.take(&mut xml, &root);
        } else {
            message.read(&mut xml, &root);
        }
    }
    Ok(message.settle(xml.finish()))
}

/// What a message holds.
#[derive(Default)]
struct Message {
    feed: WireFeed,
    items: Vec<WireItem>,
    /// Items that define concepts. Beside news they are its glossary, not stories: APA sends the events that a story
    /// names along with it.
    definitions: Vec<WireItem>,
}

impl Message {
    fn read<'a>(&mut self, xml: &mut Xml<'a>, of: &Element<'a>) {
        while let Some(el) = xml.child(of) {
            match el.tag {
                "header" => header(xml, &el, &mut self.feed),
                "itemSet" => self.read(xml, &el),
                tag if item::is_item(tag) => self.take(xml, &el),
                _ => {}
            }
        }
    }

    fn take<'a>(&mut self, xml: &mut Xml<'a>, el: &Element<'a>) {
        let mut item = item::read(xml, el);
        item.dates.extend(self.feed.dates.iter().cloned());
        if xml.is_cut() {
            return;
        }
        let list = if item::is_definition(el.tag) { &mut self.definitions } else { &mut self.items };
        list.push(item);
    }

    fn settle(mut self, faults: Vec<Fault>) -> Parsed {
        if self.items.is_empty() {
            self.items = self.definitions;
        }
        // ANSA's transmission has the name of the one item in it, which is still that item's own.
        if self.items.iter().any(|item| item.guid == self.feed.id) {
            self.feed.id = None;
        }
        Parsed { feed: self.feed, items: self.items, faults, ..Parsed::default() }
    }
}

fn header<'a>(xml: &mut Xml<'a>, of: &Element<'a>, feed: &mut WireFeed) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "sent" => feed.dates.extend(xml.word(&el).map(|text| WireDate { kind: DateKind::Sent, text })),
            "sender" => feed.provider = xml.word(&el),
            "transmitId" => feed.id = xml.word(&el),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
