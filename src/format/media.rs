//! Media RSS (rssboard.org/media-rss): pictures, video and what is printed under them.
//!
//! A caption or credit may stand in `media:content`, in the `media:group` around it or in the item; the nearest one counts.

use super::modules::{keyword, keywords};
use super::rendition;
use super::xml::{Element, Ns, Xml};
use crate::wire::{CodeKind, WireCode, WireItem, WireLink, WireMedia, WireText};

/// What an element says for all media inside it.
#[derive(Debug, Default)]
pub struct Shared {
    title: Option<WireText>,
    caption: Option<WireText>,
    credit: Option<String>,
    photographer: Option<String>,
    /// The first title and caption found deeper inside: they serve an item that has none at all.
    inner_title: Option<WireText>,
    inner_caption: Option<WireText>,
    player: Option<String>,
}

impl Shared {
    /// A title for an item that has none.
    pub fn title(&self) -> Option<WireText> {
        self.title.clone().or_else(|| self.inner_title.clone())
    }

    /// A description for an item that has none.
    pub fn caption(&self) -> Option<WireText> {
        self.caption.clone().or_else(|| self.inner_caption.clone())
    }

    /// Keeps the words of an element inside this one.
    fn note(&mut self, inner: &Self) {
        fill(&mut self.inner_title, &inner.title());
        fill(&mut self.inner_caption, &inner.caption());
    }

    /// Gives the item's own words to media without any, or keeps them as a caption of their own.
    pub fn settle(self, item: &mut WireItem) {
        self.lend_to(&mut item.media, 0);
    }

    /// Gives this element's own words to the media from `start` on; without any, they are kept by themselves.
    fn lend_to(&self, media: &mut Vec<WireMedia>, start: usize) {
        if media.len() == start && (self.caption.is_some() || self.credit.is_some()) {
            media.push(WireMedia::default());
        }
        for medium in media.iter_mut().skip(start) {
            self.lend(medium);
        }
    }

    fn lend(&self, medium: &mut WireMedia) {
        fill(&mut medium.caption, &self.caption);
        fill(&mut medium.caption, &self.title);
        fill(&mut medium.credit, &self.credit);
        fill(&mut medium.photographer, &self.photographer);
    }
}

fn fill<T: Clone>(slot: &mut Option<T>, value: &Option<T>) {
    if slot.is_none() {
        slot.clone_from(value);
    }
}

/// A `media:` element that stands in the item itself.
pub fn of_item<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, shared: &mut Shared) {
    match el.tag {
        "group" => {
            let inner = group(xml, el, item);
            shared.note(&inner);
        }
        _ => one(xml, el, item, shared),
    }
}

/// Several renditions of the same thing.
fn group<'a>(xml: &mut Xml<'a>, group: &Element<'a>, item: &mut WireItem) -> Shared {
    let (start, mut shared) = (item.media.len(), Shared::default());
    while let Some(el) = xml.child(group) {
        if el.ns == Ns::Media {
            one(xml, &el, item, &mut shared);
        }
    }
    shared.lend_to(&mut item.media, start);
    rendition::main_first(item.media.get_mut(start..).unwrap_or_default());
    shared
}

fn one<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, shared: &mut Shared) {
    match el.tag {
        "content" => {
            let inner = content(xml, el, item);
            shared.note(&inner);
        }
        "thumbnail" => item.media.extend(thumbnail(xml, el)),
        "title" => shared.title = Some(text(xml, el)),
        "description" => shared.caption = Some(text(xml, el)),
        "credit" => credit(xml, el, shared),
        "keywords" => item.codes.extend(keywords(xml, el)),
        "category" => item.codes.extend(keyword(xml, el)),
        "copyright" => item.copyrights.extend(xml.word(el).or_else(|| el.get("url"))),
        "license" | "rights" => item.usage_terms.extend(xml.word(el).or_else(|| el.get("href"))),
        "peerLink" => item.media.extend(file(xml, el)),
        "status" => {
            item.add_status(el.get("state"));
            item.ed_notes.extend(el.get("reason"));
        }
        "player" => {
            shared.player = el.get("url");
            item.links.extend(shared.player.clone().map(player));
        }
        "location" => item.codes.extend(el.get("description").map(place)),
        _ => {}
    }
}

/// `media:content`, and what it says for itself.
fn content<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) -> Shared {
    let (at, mut own) = (item.media.len(), Shared::default());
    if item.media.is_empty() {
        // Most items have one, and a medium is large.
        item.media.reserve_exact(1);
    }
    let [url, mime, length, role] = of.all(["url", "type", "fileSize", "medium"]);
    let url = url.map(|url| xml.resolve(url));
    item.media.push(WireMedia { url, mime, length, role, ..WireMedia::default() });
    while let Some(el) = xml.child(of) {
        if el.ns == Ns::Media {
            one(xml, &el, item, &mut own);
        }
    }
    if let Some(medium) = item.media.get_mut(at).filter(|medium| is_reached_by_player(medium)) {
        medium.url = own.player.clone();
    }
    own.lend_to(&mut item.media, at);
    own
}

/// Content without an address of its own must name a player (Media RSS, `media:content`); it has to say what it is, though.
fn is_reached_by_player(medium: &WireMedia) -> bool {
    medium.url.is_none() && (medium.mime.is_some() || medium.role.is_some())
}

fn thumbnail<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireMedia> {
    let url = el.get("url").or_else(|| xml.word(el))?;
    Some(WireMedia {
        url: Some(xml.resolve(url)),
        role: Some("thumbnail".to_owned()),
        ..WireMedia::default()
    })
}

/// Text that says whether it is HTML.
fn text<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> WireText {
    if el.has("type", "html") { xml.html(el) } else { xml.unsaid(el) }
}

fn credit<'a>(xml: &mut Xml<'a>, el: &Element<'a>, shared: &mut Shared) {
    let name = xml.word(el);
    match el.get("role").as_deref() {
        Some("photographer" | "photography") => shared.photographer = name,
        _ => shared.credit = joined(shared.credit.take(), name),
    }
}

/// Several credits are one line.
fn joined(known: Option<String>, more: Option<String>) -> Option<String> {
    match (known, more) {
        (Some(known), Some(more)) => Some(format!("{known}, {more}")),
        (known, more) => known.or(more),
    }
}

/// A file of the medium behind an address of its own.
fn file<'a>(xml: &Xml<'a>, el: &Element<'a>) -> Option<WireMedia> {
    let [href, mime] = el.all(["href", "type"]);
    let (url, role) = (Some(xml.resolve(href?)), Some("peer".to_owned()));
    Some(WireMedia { url, mime, role, ..WireMedia::default() })
}

/// A page that shows the medium: no file, so no medium of its own.
fn player(href: String) -> WireLink {
    WireLink { href, rel: Some("player".to_owned()), ..WireLink::default() }
}

fn place(name: String) -> WireCode {
    WireCode { kind: CodeKind::Place, name: Some(name), ..WireCode::default() }
}
