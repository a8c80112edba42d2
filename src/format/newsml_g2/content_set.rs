//! `contentSet`: the content itself, inline as XML or text, or somewhere else.

use super::super::nitf;
use super::super::xml::{Element, Node, Xml};
use crate::wire::{Fault, WireItem, WireMedia, WireText};

/// Elements whose inside is the page's copy.
const PAGE: &[&str] = &["html", "body"];
/// Elements of a page that are no copy.
const NO_COPY: &[&str] = &["head", "title", "meta", "link", "script", "style"];
/// Elements of HTML that may begin the copy. Anything else inline is a vocabulary that is not read here.
const HTML: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "pre",
    "blockquote",
    "figure",
    "img",
    "hr",
    "br",
    "a",
    "b",
    "i",
    "em",
    "strong",
    "span",
    "aside",
    "footer",
    "center",
    "address",
    "details",
    "video",
    "audio",
    "iframe",
    "u",
    "small",
    "font",
    "sub",
    "sup",
    "time",
    "q",
    "cite",
    "code",
    "header",
    "nav",
    "picture",
];

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
    let url = el.get("href").map(|href| xml.resolve(&href)).or_else(|| el.get("residref"))?;
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
        "text/plain" => xml.plain(el),
        _ => xml.unsaid(el),
    };
    item.bodies.extend(Some(text).filter(|text| !text.text.is_empty()));
}

fn word_count(el: &Element<'_>, item: &mut WireItem) {
    item.word_count = el.get("wordcount").or_else(|| item.word_count.take());
}

fn inline_xml<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    word_count(el, item);
    let is_nitf = el.get("contenttype").is_some_and(|kind| kind.contains("nitf"));
    let (lang, base) = (xml.lang(), xml.base());
    item.language = item.language.take().or_else(|| el.get("xml:lang"));
    let mut html = String::new();
    page(xml, el, is_nitf, &mut html, item);
    if !html.trim().is_empty() {
        item.bodies.push(WireText { lang, base, ..WireText::html(html.trim()) });
    }
}

/// The copy of a page, which may be wrapped in `html` and `body` or stand bare.
fn page<'a>(xml: &mut Xml<'a>, of: &Element<'a>, is_nitf: bool, html: &mut String, item: &mut WireItem) {
    while let Some(node) = xml.node(of) {
        match node {
            Node::Text(text) => {
                html_escape::encode_text_to_string(&text, html);
            }
            Node::Element(el) => match el.tag {
                "nitf" => take(nitf::item(xml, &el), item),
                _ if is_nitf && el.tag != "html" => take(nitf::fragment(xml, &el), item),
                tag if PAGE.contains(&tag) => page(xml, &el, false, html, item),
                tag if NO_COPY.contains(&tag) => {}
                "header" if of.tag == "body" => header(xml, &el, item),
                tag if HTML.contains(&tag) => outer(xml, &el, html),
                tag => {
                    item.faults.push(Fault::of("unread_content", "inlineXML", format!("content in <{tag}>")))
                }
            },
        }
    }
}

/// An element with its own tag, its inside as it stands.
fn outer<'a>(xml: &mut Xml<'a>, el: &Element<'a>, html: &mut String) {
    html.push('<');
    html.push_str(el.tag);
    for (name, value) in el.attributes.iter().filter(|(name, _)| !name.starts_with("xml")) {
        // As printed: it is source already.
        html.extend([" ", name, "=\"", &value.replace('"', "&quot;"), "\""]);
    }
    html.push('>');
    let inside = xml.markup(el);
    if !matches!(el.tag, "br" | "hr" | "img") {
        html.extend([inside.as_str(), "</", el.tag, ">"]);
    }
}

/// A page's header repeats headline, slug and time, which `contentMeta` gives better. Only its byline may be news.
fn header<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        if item.bylines.is_empty() && el.has("class", "byline") {
            item.bylines.extend(Some(xml.plain(&el)).filter(|by| !by.text.is_empty()));
        }
    }
}

/// What inline NITF says, where the item has not said it better.
fn take(story: WireItem, item: &mut WireItem) {
    fn fill<T>(mine: &mut Vec<T>, theirs: Vec<T>) {
        if mine.is_empty() {
            *mine = theirs;
        }
    }
    fill(&mut item.headlines, story.headlines);
    fill(&mut item.bylines, story.bylines);
    fill(&mut item.datelines, story.datelines);
    fill(&mut item.summaries, story.summaries);
    fill(&mut item.copyrights, story.copyrights);
    item.bodies.extend(story.bodies);
    item.media.extend(story.media);
    item.ed_notes.extend(story.ed_notes);
    item.source = item.source.take().or(story.source);
}
