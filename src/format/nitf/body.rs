//! NITF `body`: head (headlines, byline, dateline, abstract, notes), content and end.

use super::super::prose;
use super::super::xml::{Element, Node, Xml};
use super::{copy, media};
use crate::wire::{WireDateline, WireItem, WirePerson, WireText};

/// Reads a `body` into `item`. `body.head` and its fellows may be missing: what stands loose is copy.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let (lang, mut loose) = (xml.lang(), String::new());
    while let Some(el) = xml.child(of) {
        match el.tag {
            "body" => read(xml, &el, item),
            "body.head" => head(xml, &el, item),
            "body.content" => content(xml, &el, item),
            "body.end" => end(xml, &el, item),
            _ => copy::element(xml, &el, &mut loose, item),
        }
    }
    push(&loose, lang, item);
}

fn head<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            // AP and The Canadian Press spell it out.
            "hedline" | "headline" => headlines(xml, &el, item),
            "byline" => byline(xml, &el, item),
            "dateline" => dateline(xml, &el, item),
            "abstract" => summary(xml, &el, item),
            "note" => note(xml, &el, item),
            "distributor" => item.source = Some(prose::line(xml, &el)).filter(|name| !name.is_empty()),
            "rights" if item.copyrights.is_empty() => item.copyrights.extend(word(xml, &el)),
            "media" => item.media.extend(media::read(xml, &el)),
            _ => {}
        }
    }
}

fn headlines<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        let role = match el.tag {
            "hl1" => None,
            "hl2" => Some("sub".to_owned()),
            other => Some(other.to_owned()),
        };
        let headline = xml.plain(&el);
        if !headline.text.is_empty() {
            item.headlines.push(WireText { role, ..headline });
        }
    }
}

/// Takes a printed byline, unless it is empty. An organisation behind a person stands on a line of its own, as a title does,
/// and is told in structure too: `By <person>Ann Roe</person> <org>Acme Works</org>` names one person.
pub fn byline<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let (lang, mut line, mut people, mut org) = (xml.lang(), String::new(), Vec::new(), None);
    while let Some(node) = xml.node(of) {
        let el = match node {
            Node::Text(text) => {
                line.push_str(&text.replace(['\n', '\r'], " "));
                continue;
            }
            Node::Element(el) => el,
        };
        let said = prose::lines(xml, &el);
        match el.tag {
            "person" => people.push(said.clone()),
            "org" if !people.is_empty() => org = Some(said.clone()),
            _ => {}
        }
        let apart = if org.is_some() || !prose::is_inline(el.tag) { "\n" } else { "" };
        line.extend([apart, &said, apart]);
    }
    let line: Vec<String> = line.lines().map(prose::fold).filter(|line| !line.is_empty()).collect();
    if !line.is_empty() {
        item.bylines.push(WireText { lang, ..WireText::plain(line.join("\n")) });
    }
    let of_org = |name| WirePerson { name, org: org.clone(), ..WirePerson::default() };
    item.creators.extend(people.into_iter().filter(|_| org.is_some()).map(of_org));
}

/// `dateline`: printed text, and city, state, country and date where they are marked.
pub fn dateline<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let mut found = WireDateline::default();
    let mut text = String::new();
    place(xml, of, &mut found, &mut text);
    found.text = prose::fold(&text);
    item.datelines.push(found);
}

/// The parts of a dateline (NITF, `location`).
const PARTS: &[&str] = &["location", "sublocation", "city", "state", "region", "country", "story.date"];

fn place<'a>(xml: &mut Xml<'a>, of: &Element<'a>, found: &mut WireDateline, text: &mut String) {
    while let Some(node) = xml.node(of) {
        let el = match node {
            Node::Text(piece) => {
                text.push_str(&piece);
                continue;
            }
            Node::Element(el) => el,
        };
        // nothing printed between two parts: what a reader would set there
        let bare = text.len();
        if PARTS.contains(&el.tag) && text.ends_with(|c: char| c.is_alphanumeric() || c == '.') {
            text.push_str(", ");
        }
        let before = text.len();
        place(xml, &el, found, text);
        if text.len() == before {
            text.truncate(bare);
        }
        let printed = || text.get(before..).map(prose::fold).filter(|printed| !printed.is_empty());
        match el.tag {
            "city" => found.city = printed(),
            "state" | "region" => found.region = printed(),
            "country" => found.country = printed().or_else(|| el.get("iso-cc")),
            "story.date" => found.date = el.get("norm").or_else(printed),
            _ => {}
        }
    }
}

/// An abstract is a summary; a picture in it is media all the same.
fn summary<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let (lang, html) = (xml.lang(), html(xml, of, item));
    if !html.trim().is_empty() {
        item.summaries.push(WireText { lang, ..WireText::html(html.trim()) });
    }
}

/// A note at the head is for editors. One at the end is for readers unless it says otherwise.
fn note<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    item.ed_notes.extend(word(xml, of));
}

fn content<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let lang = xml.lang();
    let html = html(xml, of, item);
    push(&html, lang, item);
}

fn push(html: &str, lang: Option<String>, item: &mut WireItem) {
    if !html.trim().is_empty() {
        item.bodies.push(WireText { lang, ..WireText::html(html.trim()) });
    }
}

fn end<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let (lang, mut html, mut sources) = (xml.lang(), String::new(), String::new());
    while let Some(el) = xml.child(of) {
        match el.tag {
            "note" if el.has("noteclass", "editorsnote") => note(xml, &el, item),
            "bibliography" => copy::element(xml, &el, &mut sources, item),
            _ => copy::element(xml, &el, &mut html, item),
        }
    }
    push(&html, lang.clone(), item);
    // what the story was made from is no part of it, but better than nothing
    if item.bodies.is_empty() {
        push(&sources, lang, item);
    }
}

fn html<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) -> String {
    let mut html = String::new();
    copy::write(xml, of, &mut html, item);
    html
}

fn word<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<String> {
    Some(prose::lines(xml, of)).filter(|text| !text.is_empty())
}
