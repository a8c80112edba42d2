//! `ContentItem`: copy inline, or a file somewhere else.

use super::super::xml::{Element, Xml};
use super::super::{base64, inline};
use super::formal_name;
use crate::wire::{Fault, WireItem, WireMedia, WireText};

/// What a content item says of itself. Its order is free: Belga gives the characteristics after the data.
#[derive(Default)]
struct Label {
    media_type: Option<String>,
    mime: Option<String>,
    format: Option<String>,
    size: Option<String>,
    words: Option<String>,
}

/// Reads a content item: its copy as bodies, its file as media, its media type as class.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> WireItem {
    let (mut label, mut found) = (Label::default(), WireItem::default());
    while let Some(el) = xml.child(of) {
        match el.tag {
            "MediaType" => label.media_type = formal_name(xml, &el),
            "MimeType" => label.mime = formal_name(xml, &el),
            "Format" => label.format = formal_name(xml, &el),
            "Characteristics" => characteristics(xml, &el, &mut label),
            "DataContent" => data(xml, &el, &label, &mut found),
            "Encoding" => encoded(xml, &el, &label, &mut found),
            _ => {}
        }
    }
    let href = of.get("Href").map(|href| xml.resolve(href));
    label.settle(href, found)
}

impl Label {
    fn settle(self, href: Option<String>, mut found: WireItem) -> WireItem {
        let is_kind = |kind: &String| !kind.eq_ignore_ascii_case("ComplexData");
        let kind = self.media_type.filter(is_kind);
        let mime = self.mime.or_else(|| self.format.filter(|format| format.contains('/')));
        let length = self.size.filter(|_| href.is_some());
        if let Some(url) = href {
            found.media.push(WireMedia {
                url: Some(url),
                mime,
                length,
                role: kind.clone(),
                ..WireMedia::default()
            });
        }
        found.class = kind.or_else(|| (!found.bodies.is_empty()).then(|| "text".into()));
        found.word_count = self.words.or(found.word_count);
        found
    }
}

fn characteristics<'a>(xml: &mut Xml<'a>, of: &Element<'a>, label: &mut Label) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "SizeInBytes" => label.size = xml.word(&el),
            "Property" if el.has("FormalName", "Words") || el.has("FormalName", "WordCount") => {
                label.words = el.get("Value").filter(|words| words != "0");
            }
            _ => {}
        }
    }
}

/// Real elements are NITF or a page; text is HTML only where its type says so or its looks do.
fn data<'a>(xml: &mut Xml<'a>, el: &Element<'a>, label: &Label, found: &mut WireItem) {
    let type_of = label.mime.as_deref().or(label.format.as_deref());
    inline::read(xml, el, type_of, found);
}

/// Data in base 64 is copy where its type is a text's (NewsML 1.2, `Encoding`), else a file that is not read.
fn encoded<'a>(xml: &mut Xml<'a>, el: &Element<'a>, label: &Label, found: &mut WireItem) {
    let notation = el.get("Notation").unwrap_or_default();
    let type_of = [&label.media_type, &label.mime, &label.format].into_iter().flatten();
    let is_text =
        type_of.map(|it| it.to_ascii_lowercase()).any(|it| it.contains("text") || it.contains("html"));
    if is_text && notation.eq_ignore_ascii_case("base64") {
        let decoded = xml.word(el).and_then(|text| base64::decode(&text));
        if let Some(text) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
            found.bodies.push(WireText::unsaid(text));
            return;
        }
    }
    found.faults.push(Fault::of("unread_content", "ContentItem", format!("content encoded as {notation:?}")));
}
