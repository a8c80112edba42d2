//! Copy that one format carries inside another as real elements: an XHTML page, bare or in its `html` and `body`, or NITF.

use super::nitf;
use super::xml::{Element, Node, Xml};
use crate::wire::{Fault, Markup, WireItem, WireText};

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

/// Reads what stands inside `of` into `item`: copy, and from NITF whatever the item has not said better.
/// `content_type` says what to expect where neither `html` nor `nitf` is named, and how to read what is text only.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>, content_type: Option<&str>, item: &mut WireItem) {
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let scope = WireText { lang: xml.lang(), base: xml.base(), ..WireText::default() };
    let mut page = Page { is_nitf: content_type.contains("nitf"), ..Page::default() };
    page.inside(xml, of, item);
    let (text, markup) = page.settle(&content_type);
    if let Some(story) = Some(&text)
        .filter(|_| markup != Markup::Html || content_type.contains("nitf"))
        .and_then(|text| nitf_in(text))
    {
        take(story, item);
    } else if !text.is_empty() {
        item.bodies.push(WireText { text, markup, ..scope });
    }
}

/// NITF that was sent as text, in CDATA or escaped: it is read as a document of its own.
pub fn nitf_in(text: &str) -> Option<WireItem> {
    let start: String = text.trim_start().chars().take(400).collect();
    let is_nitf =
        start.starts_with("<nitf") || start.starts_with("<?xml") || start.starts_with("<!DOCTYPE nitf");
    is_nitf.then(|| nitf::of_text(text.trim_start())).flatten()
}

/// Of texts that say the same, told as alternatives of each other, the one with markup, else the longest, in its place.
pub fn one_of_alike(bodies: &mut Vec<WireText>, from: usize) {
    let alternatives = bodies.split_off(from.min(bodies.len()));
    for text in alternatives {
        let alike = bodies.iter_mut().skip(from).find(|known| is_alike(known, &text));
        let Some(known) = alike else {
            bodies.push(text);
            continue;
        };
        let rank = |text: &WireText| (text.markup == Markup::Html, text.text.len());
        if rank(&text) > rank(known) {
            *known = text;
        }
    }
}

/// Do two texts begin with the same words?
fn is_alike(a: &WireText, b: &WireText) -> bool {
    /// Letters that are compared: a sentence.
    const SAME: usize = 60;
    let letters = |text: &WireText| -> String {
        let mut inside = false;
        let shown = text.text.chars().filter(|c| {
            let was = inside;
            inside = *c == '<' || inside && *c != '>';
            !inside && !was
        });
        shown.filter(|c| c.is_alphanumeric()).take(SAME).collect()
    };
    let (a, b) = (letters(a), letters(b));
    a == b && a.chars().count() == SAME
}

/// A page under way.
#[derive(Default)]
struct Page {
    html: String,
    /// The text between elements, as it is: the whole content where there is no element.
    raw: String,
    has_elements: bool,
    is_nitf: bool,
}

impl Page {
    fn settle(self, content_type: &str) -> (String, Markup) {
        let markup = match self.has_elements {
            true => Markup::Html,
            false if content_type.contains("html") => Markup::Html,
            false => Markup::Unsaid,
        };
        let text = if self.has_elements { self.html } else { self.raw };
        (text.trim().to_owned(), markup)
    }

    /// The copy may be wrapped in `html` and `body` or stand bare.
    fn inside<'a>(&mut self, xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
        while let Some(node) = xml.node(of) {
            match node {
                Node::Text(text) => {
                    html_escape::encode_text_to_string(&text, &mut self.html);
                    self.raw.push_str(&text);
                }
                Node::Element(el) => {
                    self.has_elements = true;
                    self.element(xml, &el, of, item);
                }
            }
        }
    }

    fn element<'a>(&mut self, xml: &mut Xml<'a>, el: &Element<'a>, of: &Element<'a>, item: &mut WireItem) {
        match el.tag {
            "nitf" => take(nitf::item(xml, el), item),
            "body" | "body.content" | "block" if self.is_nitf => take(nitf::fragment(xml, el), item),
            "html" => {
                self.is_nitf = false;
                self.inside(xml, el, item);
            }
            "body" => self.inside(xml, el, item),
            tag if NO_COPY.contains(&tag) => {}
            "header" if of.tag == "body" => header(xml, el, item),
            tag if HTML.contains(&tag) => outer(xml, el, &mut self.html),
            tag => item.faults.push(Fault::of("unread_content", "content", format!("content in <{tag}>"))),
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
pub fn take(story: WireItem, item: &mut WireItem) {
    fn fill<T>(mine: &mut Vec<T>, theirs: Vec<T>) {
        if mine.is_empty() {
            *mine = theirs;
        }
    }
    fill(&mut item.headlines, story.headlines);
    fill(&mut item.bylines, story.bylines);
    // a dateline in parts only says where; what is printed says more
    if item.datelines.iter().all(|dateline| dateline.text.is_empty()) {
        item.datelines.extend(story.datelines);
    }
    fill(&mut item.summaries, story.summaries);
    fill(&mut item.copyrights, story.copyrights);
    item.bodies.extend(story.bodies);
    item.media.extend(story.media);
    item.ed_notes.extend(story.ed_notes);
    item.source = item.source.take().or(story.source);
}
