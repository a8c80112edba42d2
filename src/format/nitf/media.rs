//! NITF `media`: one picture, sound or video in one or more renditions, with what is printed beside it.

use super::super::prose;
use super::super::rendition;
use super::super::xml::{Element, Xml};
use crate::wire::{WireMedia, WireText};

/// Names of `media-metadata` that carry a credit line.
const CREDITS: &[&str] = &["credit", "creditline", "credit-line", "source"];
/// Names of `media-metadata` that carry the photographer.
const PHOTOGRAPHERS: &[&str] = &["byline", "photographer", "creator", "author"];

/// What one `media` element says, before it is shared out over its renditions.
#[derive(Default)]
struct Sheet {
    renditions: Vec<WireMedia>,
    caption: Option<WireText>,
    credit: Option<String>,
    photographer: Option<String>,
    date: Option<String>,
}

/// Every rendition of one `media`. Caption and credit stand on the main one.
pub fn read<'a>(xml: &mut Xml<'a>, media: &Element<'a>) -> Vec<WireMedia> {
    let mut sheet = Sheet::default();
    while let Some(el) = xml.child(media) {
        match el.tag {
            "media-reference" => sheet.renditions.extend(rendition(xml, &el, media)),
            "media-caption" | "caption" => sheet.caption = sheet.caption.take().or_else(|| caption(xml, &el)),
            "media-producer" => sheet.photographer = word(xml, &el).or(sheet.photographer.take()),
            "media-metadata" => metadata(&el, &mut sheet),
            _ => {}
        }
    }
    sheet.settle(media.get("media-type"))
}

impl Sheet {
    fn settle(mut self, role: Option<String>) -> Vec<WireMedia> {
        let says_something = self.caption.is_some() || self.credit.is_some() || self.photographer.is_some();
        if self.renditions.is_empty() && says_something {
            self.renditions.push(WireMedia { role, ..WireMedia::default() });
        }
        if let Some(main) = rendition::main(&mut self.renditions) {
            main.caption = self.caption;
            main.credit = self.credit;
            main.photographer = self.photographer;
            main.date = self.date;
        }
        self.renditions
    }
}

fn rendition<'a>(xml: &mut Xml<'a>, el: &Element<'a>, media: &Element<'a>) -> Option<WireMedia> {
    let source = el.get("source").or_else(|| el.get("src")).or_else(|| el.get("href"))?;
    Some(WireMedia {
        url: Some(xml.resolve(source)),
        mime: el.get("mime-type"),
        length: el.get("size"),
        role: media.get("media-type"),
        ..WireMedia::default()
    })
}

fn caption<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireText> {
    let lang = xml.lang();
    let text = word(xml, el)?;
    Some(WireText { lang, ..WireText::plain(text) })
}

fn metadata(el: &Element<'_>, sheet: &mut Sheet) {
    let (Some(name), Some(value)) = (el.get("name"), el.get("value")) else { return };
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(&name));
    if is(CREDITS) {
        sheet.credit.get_or_insert(value);
    } else if is(PHOTOGRAPHERS) {
        sheet.photographer.get_or_insert(value);
    } else if name.eq_ignore_ascii_case("date") || name.eq_ignore_ascii_case("date.taken") {
        sheet.date.get_or_insert(value);
    }
}

fn word<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<String> {
    Some(prose::lines(xml, el)).filter(|text| !text.is_empty())
}
