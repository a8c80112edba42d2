//! One item of any class: news, package, concept, knowledge, planning.

use super::super::xml::{Element, Ns, Xml};
use super::concept::{self, same_language};
use super::content_meta::Meta;
use super::{content_set, item_meta};
use crate::wire::{WireItem, WireRelation, WireText};

/// Root elements, and what they are when `itemClass` does not say.
const ITEMS: &[(&str, Option<&str>)] = &[
    ("newsItem", None),
    ("packageItem", Some("composite")),
    ("conceptItem", Some("concept")),
    ("knowledgeItem", Some("knowledge")),
    ("planningItem", Some("planning")),
    ("catalogItem", Some("catalog")),
];

/// Whether an element of this name is an item.
pub fn is_item(tag: &str) -> bool {
    ITEMS.iter().any(|(item, _)| *item == tag)
}

/// Whether such an item defines what other items only name.
pub fn is_definition(tag: &str) -> bool {
    matches!(tag, "conceptItem" | "knowledgeItem" | "catalogItem")
}

/// Reads an item to its end.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> WireItem {
    let own_class = ITEMS.iter().find(|(item, _)| *item == of.tag).and_then(|(_, class)| *class);
    let mut item = WireItem {
        guid: of.get("guid"),
        version: of.get("version"),
        class: own_class.map(str::to_owned),
        ..WireItem::default()
    };
    let (lang, mut meta) = (xml.lang(), Meta::default());
    while let Some(el) = xml.child(of) {
        if el.ns == Ns::G2 {
            part(xml, &el, &mut item, &mut meta, lang.as_deref());
        }
    }
    meta.settle(&mut item, lang.as_deref());
    settle(&mut item, lang);
    item
}

fn part<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, meta: &mut Meta, lang: Option<&str>) {
    match el.tag {
        "itemMeta" => item_meta::read(xml, el, item, lang),
        "contentMeta" => meta.read(xml, el, item, lang),
        "rightsInfo" => rights(xml, el, item, lang),
        "contentSet" => content_set::read(xml, el, item),
        "groupSet" => group(xml, el, item),
        "partMeta" => shot(xml, el, item),
        "concept" => concept_of(xml, el, item),
        _ => {}
    }
}

/// The item's own language first: it decides headline, rights and usage where several are printed.
fn settle(item: &mut WireItem, lang: Option<String>) {
    if let Some(lang) = &lang {
        item.headlines
            .sort_by_key(|line| line.lang.as_ref().is_some_and(|of_line| !same_language(of_line, lang)));
    }
    item.language = item.language.take().or(lang);
}

fn rights<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem, lang: Option<&str>) {
    let (mut notices, mut terms, mut holder) = (Vec::new(), Vec::new(), None);
    while let Some(el) = xml.child(of) {
        match el.tag {
            "copyrightNotice" => notices.push(xml.plain(&el)),
            "usageTerms" => terms.push(xml.plain(&el)),
            "copyrightHolder" => holder = concept::read(xml, &el).name(lang),
            _ => {}
        }
    }
    item.copyrights.extend(in_language(notices, lang));
    item.usage_terms.extend(in_language(terms, lang));
    if item.copyrights.is_empty() {
        item.copyrights.extend(holder);
    }
}

/// The same said in several languages is kept in the item's own.
fn in_language(texts: Vec<WireText>, lang: Option<&str>) -> impl Iterator<Item = String> {
    let is_own = |text: &WireText| match (text.lang.as_deref(), lang) {
        (Some(of_text), Some(lang)) => same_language(of_text, lang),
        _ => true,
    };
    let any_own = texts.iter().any(is_own);
    let kept: Vec<String> =
        texts.into_iter().filter(|text| !any_own || is_own(text)).map(|text| text.text).collect();
    kept.into_iter().filter(|text| !text.is_empty())
}

/// A package's groups, in order: every item they name.
fn group<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "group" => group(xml, &el, item),
            "itemRef" | "conceptRef" => item.related.extend(member(xml, &el)),
            _ => {}
        }
    }
}

fn member<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<WireRelation> {
    let target = of.get("residref").or_else(|| of.get("guidref")).or_else(|| of.get("href"));
    let (mut title, mut headline) = (None, None);
    while let Some(el) = xml.child(of) {
        match el.tag {
            "title" => title = xml.word(&el),
            "headline" => headline = xml.word(&el),
            _ => {}
        }
    }
    Some(WireRelation { rel: Some("package-member".into()), target: target?, title: headline.or(title) })
}

/// A part of the content, such as a shot of a video: what is said of it is a summary with that role.
fn shot<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        if el.tag == "description" {
            let text = xml.unsaid(&el).with_role("part");
            item.summaries.extend(Some(text).filter(|text| !text.text.is_empty()));
        }
    }
}

/// A concept's name is the item's headline, its definition the summary.
fn concept_of<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "name" => item.headlines.extend(Some(xml.plain(&el)).filter(|name| !name.text.is_empty())),
            "definition" => item.summaries.extend(Some(xml.unsaid(&el)).filter(|text| !text.text.is_empty())),
            _ => {}
        }
    }
}
