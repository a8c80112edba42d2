//! `contentSet`: the content itself, inline as XML or text, or somewhere else.

use super::super::inline;
use super::super::xml::{Element, Xml};
use crate::wire::{Fault, Markup, WireItem, WireMedia, WireText};

/// Reads `contentSet` into `item`.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "inlineXML" => inline_xml(xml, &el, item),
            "inlineData" => inline_data(xml, &el, item),
            "remoteContent" => item.media.extend(remote(xml, &el)),
            _ => {}
        }
    }
}

/// A file that is fetched from somewhere else. An address may be missing; the identifier then stands for it.
pub fn remote<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireMedia> {
    let url = el.get("href").map(|href| xml.resolve(href)).or_else(|| el.get("residref"))?;
    Some(WireMedia {
        url: Some(url),
        mime: el.get("contenttype"),
        length: el.get("size"),
        role: el.get("rendition"),
        ..WireMedia::default()
    })
}

fn inline_data<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    if let Some(encoding) = el.get("encoding") {
        item.faults.push(Fault::of("unread_content", "inlineData", format!("content encoded as {encoding}")));
        return;
    }
    word_count(el, item);
    let content_type = el.get("contenttype").unwrap_or_default().to_ascii_lowercase();
    let text = match content_type.split(';').next().unwrap_or_default() {
        "text/html" | "application/xhtml+xml" | "text/xml" | "application/xml" => xml.html(el),
        "text/plain" => as_it_looks(xml.plain(el)),
        _ => xml.unsaid(el),
    };
    item.bodies.extend(Some(text).filter(|text| !text.text.is_empty()));
}

/// ANSA sends paragraphs in tags as `text/plain`.
fn as_it_looks(text: WireText) -> WireText {
    let is_tagged = text.text.starts_with('<') && text.text.ends_with('>');
    WireText { markup: if is_tagged { Markup::Html } else { Markup::Plain }, ..text }
}

fn word_count(el: &Element<'_>, item: &mut WireItem) {
    item.word_count = el.get("wordcount").or_else(|| item.word_count.take());
}

fn inline_xml<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    word_count(el, item);
    item.language = item.language.take().or_else(|| el.get("xml:lang"));
    inline::read(xml, el, el.get("contenttype").as_deref(), item);
}
