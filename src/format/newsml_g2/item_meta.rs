//! `itemMeta`: what the item is, who sent it, when, and may it be used.

use super::super::prose;
use super::super::xml::{Element, Ns, Xml};
use super::concept;
use super::content_set;
use crate::wire::{DateKind, WireDate, WireItem, WireRelation, WireText};

/// Reads `itemMeta` into `item`.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem, lang: Option<&str>) {
    while let Some(el) = xml.child(of) {
        if el.ns != Ns::G2 {
            continue;
        }
        match el.tag {
            "itemClass" => item.class = concept::read(xml, &el).printed().or_else(|| item.class.take()),
            "provider" => item.provider = concept::read(xml, &el).label(lang),
            "versionCreated" => dated(xml, &el, DateKind::Updated, item),
            "firstCreated" => dated(xml, &el, DateKind::Published, item),
            // An empty one says: held, and nobody knows until when.
            "embargoed" => {
                let text = xml.text(&el);
                item.dates.push(WireDate { kind: DateKind::Embargoed, text });
            }
            "pubStatus" => item.add_status(concept::read(xml, &el).printed()),
            "edNote" => item.ed_notes.extend(note(xml, &el)),
            "signal" => item.signals.extend(concept::read(xml, &el).printed()),
            "link" => link(xml, &el, item),
            "title" => item.headlines.extend(title(xml, &el)),
            "expires" => dated(xml, &el, DateKind::Expires, item),
            _ => {}
        }
    }
}

/// Takes a date as printed, unless there is none.
pub fn dated<'a>(xml: &mut Xml<'a>, el: &Element<'a>, kind: DateKind, item: &mut WireItem) {
    item.dates.extend(xml.word(el).map(|text| WireDate { kind, text }));
}

fn note<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<String> {
    Some(prose::lines(xml, el)).filter(|note| !note.is_empty())
}

/// The item's own name: an editor's handle, so only a last resort for a headline.
fn title<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireText> {
    let title = xml.plain(el);
    (!title.text.is_empty()).then(|| title.with_role("title"))
}

/// Another item or page. Some senders describe a linked picture's renditions right here.
fn link<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let target = of.get("residref").or_else(|| of.get("guidref")).or_else(|| of.get("href"));
    let mut title = None;
    while let Some(el) = xml.child(of) {
        match el.tag {
            "title" | "headline" => title = title.take().or_else(|| xml.word(&el)),
            "remoteContent" => item.media.extend(content_set::remote(xml, &el)),
            _ => {}
        }
    }
    item.related.extend(target.map(|target| WireRelation { rel: of.get("rel"), target, title }));
}
