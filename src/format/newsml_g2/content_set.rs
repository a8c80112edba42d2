//! `contentSet`: the content itself, inline as XML or text, or somewhere else.

use super::super::xml::{Element, Xml};
use super::super::{base64, inline};
use crate::wire::{Fault, Markup, WireItem, WireMedia, WireText};

/// Reads `contentSet` into `item`.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let from = item.bodies.len();
    while let Some(el) = xml.child(of) {
        match el.tag {
            "inlineXML" => inline_xml(xml, &el, item),
            "inlineData" => inline_data(xml, &el, item),
            "remoteContent" => item.media.extend(remote(xml, &el)),
            _ => {}
        }
    }
    // alternative renditions of one content (NewsML-G2, "Content Set")
    inline::one_of_alike(&mut item.bodies, from);
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
        return encoded(xml, el, &encoding, item);
    }
    word_count(el, item);
    let content_type = el.get("contenttype").unwrap_or_default().to_ascii_lowercase();
    let text = xml.unsaid(el);
    if let Some(story) = inline::nitf_in(&text.text) {
        return inline::take(story, item);
    }
    let text = match content_type.split(';').next().unwrap_or_default() {
        "text/html" | "application/xhtml+xml" | "text/xml" | "application/xml" => {
            WireText { markup: Markup::Html, ..text }
        }
        "text/plain" => as_it_looks(text),
        _ => text,
    };
    item.bodies.extend(Some(text).filter(|text| !text.text.is_empty()));
}

/// Copy in base 64 is read; of files in it, and of other encodings, only that they were there.
fn encoded<'a>(xml: &mut Xml<'a>, el: &Element<'a>, encoding: &str, item: &mut WireItem) {
    let is_text = el.get("contenttype").is_some_and(|kind| kind.starts_with("text/"));
    let is_known = is_text && encoding.to_ascii_lowercase().contains("base64");
    let decoded = is_known.then(|| xml.word(el)).flatten().and_then(|text| base64::decode(&text));
    match decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => item.bodies.push(WireText::unsaid(text)),
        None => {
            let detail = format!("content encoded as {encoding}");
            item.faults.push(Fault::of("unread_content", "inlineData", detail));
        }
    }
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
