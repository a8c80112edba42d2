//! WENN's own vocabularies inside Atom entries (`feed.wenn.com/xmlns/2010/03`): `wenn_nm:NewsManagement` says which story it is
//! and when it was published, `wenn_cm:ContentMetadata` what it tells. The entry's own `id` is one of the feed, not of the story.

use super::modules::Extra;
use super::xml::{Element, Xml};
use crate::wire::{CodeKind, DateKind, WireCode, WireDate, WireItem, WireText};

/// An element of WENN's in an entry.
pub fn of_item<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, extra: &mut Extra) {
    match el.tag {
        "NewsManagement" => management(xml, el, item),
        "ContentMetadata" => content(xml, el, item, extra),
        _ => {}
    }
}

fn management<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "original_article_id" => item.guid = xml.word(&el).or(item.guid.take()),
            "published" => date(item, DateKind::Published, xml.word(&el)),
            "updated" => date(item, DateKind::Updated, xml.word(&el)),
            "publishing_status" => item.add_status(xml.word(&el)),
            _ => {}
        }
    }
}

/// The story's own date: the entry's is that of its place in the feed.
fn date(item: &mut WireItem, kind: DateKind, text: Option<String>) {
    let Some(text) = text else { return };
    item.dates.retain(|known| known.kind != kind);
    item.dates.push(WireDate { kind, text });
}

fn content<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem, extra: &mut Extra) {
    item.language = of.get("lang").or(item.language.take());
    while let Some(el) = xml.child(of) {
        match el.tag {
            "title" => extra.title = Some(xml.unsaid(&el)).filter(|title| !title.text.is_empty()),
            "first_line" => extra.summary = Some(xml.unsaid(&el)).filter(|line| !line.text.is_empty()),
            "body" => body(xml, &el, item),
            "tags" => values(xml, &el, CodeKind::Keyword, item),
            "categories" => values(xml, &el, CodeKind::Subject, item),
            _ => {}
        }
    }
}

/// The copy, where the entry has no content of its own.
fn body<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    let copy = xml.unsaid(el);
    if item.bodies.is_empty() && !copy.text.is_empty() {
        item.bodies.push(WireText { base: None, ..copy });
    }
}

/// `<wenn_cm:tag value="…"/>`
fn values<'a>(xml: &mut Xml<'a>, of: &Element<'a>, kind: CodeKind, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        let name = el.get("value").or_else(|| xml.word(&el));
        item.codes.extend(name.map(|name| WireCode { kind, name: Some(name), ..WireCode::default() }));
    }
}
