//! `NewsLines`: what is printed above and below a story.

use super::super::xml::{Element, Xml};
use crate::wire::{CodeKind, WireCode, WireDateline, WireItem, WireText};

/// Lines that wait until the whole story is known.
#[derive(Default)]
pub struct Waiting {
    /// Captions that no picture has taken yet.
    pub captions: Vec<WireText>,
    /// Slugs proper, outermost first.
    pub slugs: Vec<String>,
}

/// Reads `NewsLines`. A line that the story has already is not taken again: inner components repeat the outer ones'.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem, waiting: &mut Waiting) {
    let mut title = None;
    while let Some(el) = xml.child(of) {
        match el.tag {
            "HeadLine" => take_headline(xml.plain(&el), story),
            "SubHeadLine" => story.headlines.extend(said(xml.plain(&el)).map(|line| line.with_role("sub"))),
            "ByLine" if story.bylines.is_empty() => story.bylines.extend(said(xml.plain(&el))),
            "ByLineTitle" => title = xml.word(&el),
            "DateLine" => story.datelines.extend(dateline(xml, &el)),
            "CreditLine" => story.credit = story.credit.take().or_else(|| xml.word(&el)),
            "CopyrightLine" => take(xml.word(&el), &mut story.copyrights),
            "RightsLine" => take(xml.word(&el), &mut story.usage_terms),
            "SlugLine" => take(xml.word(&el), &mut waiting.slugs),
            "KeywordLine" => story.codes.extend(xml.word(&el).iter().flat_map(|line| keywords(line))),
            "NewsLine" => news_line(xml, &el, story, waiting),
            _ => {}
        }
    }
    if let (Some(title), Some(line)) = (title, story.bylines.first_mut()) {
        line.text.extend(["\n", &title]);
    }
}

/// The headline alone: what a picture's component prints under the picture.
pub fn headline<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<WireText> {
    let mut found = None;
    while let Some(el) = xml.child(of) {
        if el.tag == "HeadLine" {
            found = said(xml.plain(&el)).or(found);
        }
    }
    found
}

/// `moles; lawn`: a line may hold several.
fn keywords(line: &str) -> impl Iterator<Item = WireCode> {
    line.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()).map(|word| keyword(word.into()))
}

/// A keyword as a code.
pub fn keyword(word: String) -> WireCode {
    WireCode { kind: CodeKind::Keyword, name: Some(word), ..WireCode::default() }
}

/// The slug proper goes before an item's label, which serves as one. Where nobody is named, the line that says whose
/// copy it is signs it.
pub fn settle(story: &mut WireItem, slugs: Vec<String>) {
    story.sluglines.splice(0..0, slugs);
    if story.bylines.is_empty() {
        story.bylines.extend(story.credit.clone().map(WireText::plain));
    }
}

fn said(line: WireText) -> Option<WireText> {
    Some(line).filter(|line| !line.text.is_empty())
}

fn take(line: Option<String>, lines: &mut Vec<String>) {
    lines.extend(line.filter(|line| !lines.contains(line)));
}

fn take_headline(line: WireText, story: &mut WireItem) {
    if !line.text.is_empty() && !story.headlines.iter().any(|known| known.text == line.text) {
        story.headlines.push(line);
    }
}

fn dateline<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireDateline> {
    xml.word(el).map(|text| WireDateline { text, ..WireDateline::default() })
}

/// A line of a provider's own kind: a caption, or word to the desks (AFP's `ProductLine`, `AdvisoryLine`).
fn news_line<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem, waiting: &mut Waiting) {
    let mut is_caption = false;
    while let Some(el) = xml.child(of) {
        match el.tag {
            "NewsLineType" => is_caption = el.has("FormalName", "caption"),
            "NewsLineText" if is_caption => waiting.captions.extend(said(xml.plain(&el))),
            "NewsLineText" => take(xml.word(&el), &mut story.ed_notes),
            _ => {}
        }
    }
}
