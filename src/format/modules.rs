//! The vocabularies that RSS and Atom feeds borrow from: Dublin Core, iTunes, GeoRSS, syndication, Creative Commons, Atom in RSS.
//! Media RSS has its own file.

use super::xml::{Element, Node, Ns, Xml};
use super::{ap_metadata, media, wenn};
use crate::wire::{
    CodeKind, DateKind, WireCode, WireDate, WireFeed, WireItem, WireLink, WireMedia, WirePerson,
    WireRelation, WireText,
};

/// What counts only when an item's own elements leave it open, or when the whole item was seen.
#[derive(Debug, Default)]
pub struct Extra {
    /// The guid is an address: the item's page if no link names one.
    pub guid_is_page: bool,
    /// An address of a picture that is no enclosure.
    pub image: Option<String>,
    /// A short text beside the description, which makes the description the story itself.
    pub teaser: Option<WireText>,
    /// The headline, where the item's own title is the slug (AP).
    pub headline: Option<WireText>,
    /// A title from a borrowed vocabulary.
    pub title: Option<WireText>,
    /// A description from a borrowed vocabulary.
    pub summary: Option<WireText>,
    /// The story itself, under a name that is not the format's own.
    pub body: Option<WireText>,
    /// An identifier from a borrowed vocabulary.
    pub guid: Option<String>,
    /// Media RSS elements that stand in the item itself.
    pub media: media::Shared,
    latitude: Option<String>,
}

impl Extra {
    /// Fills what the item's own elements left open.
    pub fn settle(mut self, item: &mut WireItem) {
        if let Some(headline) = self.headline.take() {
            let (slugs, others) = item.headlines.drain(..).partition(|line| line.role.is_none());
            item.headlines = others;
            item.headlines.insert(0, headline);
            let slugs: Vec<WireText> = slugs;
            if item.sluglines.is_empty() {
                item.sluglines.extend(slugs.into_iter().map(|slug| slug.text));
            }
        }
        if item.headlines.is_empty() {
            item.headlines.extend(self.title.take().or_else(|| self.media.title()));
        }
        if item.bodies.is_empty() {
            item.bodies.extend(self.body.take().filter(|body| !body.text.is_empty()));
        }
        if let Some(teaser) = self.teaser.take() {
            let descriptions = std::mem::replace(&mut item.summaries, vec![teaser]);
            if item.bodies.is_empty() {
                item.bodies = descriptions;
            }
        }
        if item.summaries.is_empty() {
            item.summaries.extend(self.summary.take());
        }
        if item.summaries.is_empty() && item.bodies.is_empty() {
            item.summaries.extend(self.media.caption());
        }
        item.guid = item.guid.take().or(self.guid);
        let has_page = item.links.iter().any(|link| link.rel.is_none());
        let page = item.guid.as_ref().filter(|guid| self.guid_is_page && !has_page && is_address(guid));
        if let Some(href) = page.cloned() {
            item.links.push(WireLink { href, ..WireLink::default() });
        }
        if let Some(url) = self.image {
            item.media.push(WireMedia {
                url: Some(url),
                role: Some("image".to_owned()),
                ..WireMedia::default()
            });
        }
        self.media.settle(item);
    }
}

/// An element of a borrowed vocabulary in a channel or feed.
pub fn of_feed<'a>(xml: &mut Xml<'a>, el: &Element<'a>, feed: &mut WireFeed) {
    match (el.ns, el.tag) {
        (Ns::Dc | Ns::DcTerms | Ns::Atom | Ns::Itunes | Ns::Media, "title") => {
            first(&mut feed.title, || Some(xml.unsaid(el)));
        }
        (Ns::Dc | Ns::DcTerms | Ns::Atom | Ns::Media, "description")
        | (Ns::Atom | Ns::Rss, "subtitle" | "tagline" | "info")
        | (Ns::DcTerms, "abstract")
        | (Ns::Content, "encoded")
        | (Ns::Itunes | Ns::GooglePlay, "summary" | "subtitle" | "description") => {
            first(&mut feed.subtitle, || Some(xml.unsaid(el)));
        }
        (Ns::Dc, "creator" | "author") | (Ns::Itunes | Ns::GooglePlay, "author") => {
            feed.creators.extend(person(xml, el, None));
        }
        (Ns::Dc, "contributor") => feed.creators.extend(person(xml, el, Some("contributor"))),
        (Ns::Podcast, "person") => feed.creators.extend(voice(xml, el)),
        (Ns::Itunes, "owner") | (Ns::Atom, "author") => {
            feed.creators.extend(structured_person(xml, el, None))
        }
        (Ns::Dc, "publisher") => feed.provider = xml.word(el),
        (Ns::Dc | Ns::Atom, "language") => first(&mut feed.language, || xml.word(el)),
        (Ns::Dc | Ns::DcTerms | Ns::Atom | Ns::Rss, "rights") | (Ns::Atom | Ns::Media, "copyright") => {
            first(&mut feed.rights, || Some(xml.unsaid(el)));
        }
        (Ns::Dc, "identifier") | (Ns::Atom, "id") => first(&mut feed.id, || xml.word(el)),
        (Ns::Dc | Ns::DcTerms, "subject") | (Ns::Media, "category") | (Ns::Prism, "keyword") => {
            feed.codes.extend(keyword(xml, el));
        }
        (Ns::Itunes | Ns::GooglePlay, "category") => nested_categories(xml, el, &mut feed.codes),
        (Ns::Itunes | Ns::Media | Ns::GoogleNews | Ns::Rss, "keywords") | (Ns::Rss, "tags") => {
            feed.codes.extend(keywords(xml, el));
        }
        (Ns::Itunes | Ns::GooglePlay, "image") => first(&mut feed.image, || el.get("href")),
        (Ns::Media, "thumbnail") => first(&mut feed.image, || el.get("url")),
        (Ns::Atom, "category") => feed.codes.extend(atom_category(xml, el)),
        (Ns::Atom, "link") => feed.links.extend(atom_link(xml, el)),
        (Ns::Cc, "license") => {
            first(&mut feed.rights, || license(xml, el).map(WireText::plain));
        }
        (Ns::Sy, "updatePeriod") => {
            feed.ttl_minutes = feed.ttl_minutes.or(xml.word(el).and_then(|word| period(&word)))
        }
        (Ns::Sy, "updateFrequency") => {
            let times = xml.word(el).and_then(|word| word.parse::<u32>().ok()).filter(|times| *times > 0);
            feed.ttl_minutes = feed.ttl_minutes.map(|minutes| minutes / times.unwrap_or(1));
        }
        _ => feed.dates.extend(date(xml, el)),
    }
}

/// An element of a borrowed vocabulary in an item or entry.
pub fn of_item<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, extra: &mut Extra) {
    match (el.ns, el.tag) {
        (Ns::Dc | Ns::DcTerms | Ns::Itunes | Ns::Atom, "title") => {
            first(&mut extra.title, || Some(xml.unsaid(el)));
        }
        (Ns::DcTerms, "alternative") => item.headlines.push(xml.unsaid(el).with_role("alt")),
        (Ns::Dc | Ns::DcTerms | Ns::Atom, "description")
        | (Ns::DcTerms | Ns::Atom, "abstract")
        | (Ns::Rss, "excerpt" | "teaser" | "lead" | "intro" | "standfirst" | "subtitle") => {
            first(&mut extra.summary, || Some(xml.unsaid(el)));
        }
        (Ns::Rss, "headline") => first(&mut extra.title, || Some(xml.unsaid(el))),
        (Ns::Content, "encoded")
        | (Ns::Yandex, "full-text" | "content")
        | (Ns::Rss, "content" | "encoded" | "text" | "story") => {
            first(&mut extra.body, || Some(xml.html(el)));
        }
        (Ns::Itunes, "summary" | "subtitle") | (Ns::GooglePlay, "description") => {
            item.summaries.push(xml.unsaid(el).with_role(el.tag));
        }
        (Ns::Dc, "creator" | "author")
        | (Ns::DcTerms, "creator")
        | (Ns::Itunes | Ns::GooglePlay, "author") => {
            item.creators.extend(person(xml, el, None));
        }
        (Ns::Dc, "contributor") => item.creators.extend(person(xml, el, Some("contributor"))),
        (Ns::Podcast, "person") => item.creators.extend(voice(xml, el)),
        (Ns::Atom, "author") => item.creators.extend(structured_person(xml, el, None)),
        (Ns::Atom, "contributor") => item.creators.extend(structured_person(xml, el, Some("contributor"))),
        (Ns::Dc, "publisher") => item.provider = xml.word(el),
        (Ns::Dc, "source") => first(&mut item.source, || xml.word(el)),
        (Ns::Dc, "language") => item.language = xml.word(el),
        (Ns::Dc, "identifier") | (Ns::Atom, "id" | "guid") | (Ns::Rss, "id") => {
            first(&mut extra.guid, || xml.word(el));
        }
        (Ns::Dc | Ns::DcTerms, "subject") | (Ns::Prism, "keyword") | (Ns::Rss, "tag") => {
            item.codes.extend(keyword(xml, el));
        }
        (Ns::Dc | Ns::DcTerms | Ns::Atom, "rights") | (Ns::Atom, "copyright") => {
            item.copyrights.extend(xml.word(el));
        }
        (Ns::Itunes | Ns::GooglePlay, "category") => nested_categories(xml, el, &mut item.codes),
        (Ns::Itunes | Ns::GoogleNews, "keywords") => item.codes.extend(keywords(xml, el)),
        (Ns::Itunes | Ns::GooglePlay, "image") => first(&mut extra.image, || el.get("href")),
        (Ns::Rss, "thumbnail") => first(&mut extra.image, || el.get("url").or_else(|| xml.word(el))),
        (Ns::Atom, "link") => take_atom_link(xml, el, item),
        (Ns::Atom, "category") => item.codes.extend(atom_category(xml, el)),
        (Ns::Atom, "summary") => first(&mut extra.summary, || Some(xml.unsaid(el))),
        (Ns::Atom, "content") => item.bodies.push(xml.html(el)),
        (Ns::Cc, "license") => item.usage_terms.extend(license(xml, el)),
        // `draft`, `private`, `trash`, an attachment's `inherit`: no status that the gate knows, so it holds them
        (Ns::WordPress, "status") => item.add_status(xml.word(el)),
        (Ns::Publishing, "control") => control(xml, el, item),
        (Ns::FeedBurner, "origLink") => item.links.extend(xml.word(el).map(|href| link(href, "original"))),
        (Ns::Thread, "in-reply-to") => {
            item.related.extend(el.get("ref").or_else(|| el.get("href")).map(reply))
        }
        (Ns::GeoRss, "featurename" | "featureName") => item.codes.extend(xml.word(el).map(place)),
        (Ns::GeoRss, "point") => item.codes.extend(xml.word(el).map(|point| position(&point))),
        (Ns::GeoRss, "where") => item.codes.extend(gml_point(xml, el)),
        (Ns::Geo, "lat") => extra.latitude = xml.word(el),
        (Ns::Geo, "long" | "lon") => {
            let point = extra.latitude.take().zip(xml.word(el));
            item.codes.extend(point.map(|(lat, long)| position(&format!("{lat} {long}"))));
        }
        (Ns::Geo, "Point") => item.codes.extend(geo_point(xml, el)),
        (Ns::Wenn, _) => wenn::of_item(xml, el, item, extra),
        (Ns::Ap, _) => ap_metadata::of_item(xml, el, item, extra),
        (Ns::Media, _) => media::of_item(xml, el, item, &mut extra.media),
        _ => item.dates.extend(date(xml, el)),
    }
}

/// Dates of any borrowed vocabulary. Feeds print Atom's names in RSS and RSS's in Atom, with and without a prefix.
fn date<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireDate> {
    let kind = match (el.ns, el.tag) {
        (Ns::Dc, "date") | (Ns::DcTerms, "issued" | "date") => DateKind::Published,
        (Ns::Atom | Ns::Rss, "published" | "issued" | "pubDate") => DateKind::Published,
        (Ns::Prism, "publicationDate") | (Ns::DcTerms, "available" | "dateSubmitted") => DateKind::Published,
        (Ns::Rss, "date") | (Ns::GoogleNews, "publication_date") => DateKind::Published,
        (Ns::DcTerms | Ns::Atom | Ns::Rss, "modified") | (Ns::Atom | Ns::Rss, "updated") => DateKind::Updated,
        (Ns::Prism, "modificationDate") | (Ns::Rss, "lastBuildDate" | "lastmod") => DateKind::Updated,
        (Ns::Rss, "expires") => DateKind::Expires,
        (Ns::DcTerms, "valid") => return end_of_period(&xml.word(el)?),
        (Ns::DcTerms | Ns::Dc | Ns::Atom | Ns::Rss, "created") => DateKind::Created,
        _ => return None,
    };
    Some(WireDate { kind, text: xml.word(el)? })
}

/// The end of a period as Dublin Core prints it (dublincore.org/documents/dcmi-period): `start=...; end=...; scheme=W3C-DTF`, else a
/// date alone.
fn end_of_period(period: &str) -> Option<WireDate> {
    let end = period.split(';').find_map(|part| part.trim().strip_prefix("end="));
    let text = end.or(Some(period).filter(|period| !period.contains('=')))?.trim().to_owned();
    Some(WireDate { kind: DateKind::Expires, text })
}

/// Whether an identifier can be followed.
pub fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn first<T>(slot: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if slot.is_none() {
        *slot = value();
    }
}

/// A person as one line of text. Real children (`foaf:Person`, Atom's `name`) are text too.
pub fn person<'a>(xml: &mut Xml<'a>, el: &Element<'a>, role: Option<&str>) -> Option<WirePerson> {
    let name = xml.word(el)?;
    Some(WirePerson { name, role: role.map(str::to_owned), ..WirePerson::default() })
}

/// Who is heard in a podcast (podcastindex.org, `podcast:person`): hosts make it, and who else has a role there takes part.
fn voice<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WirePerson> {
    let is_host = el.attributes.get("role").is_none_or(|role| role.trim().eq_ignore_ascii_case("host"));
    person(xml, el, (!is_host).then_some("contributor"))
}

/// A person as Atom and iTunes structure it: `name`, `email`, `uri`. One with an address only is known by it, one whose name
/// stands there bare by that; one with nothing is nobody.
pub fn structured_person<'a>(xml: &mut Xml<'a>, of: &Element<'a>, role: Option<&str>) -> Option<WirePerson> {
    let mut person = WirePerson { role: role.map(str::to_owned), ..WirePerson::default() };
    let mut bare = String::new();
    while let Some(node) = xml.node(of) {
        match node {
            Node::Text(text) => bare.push_str(&text),
            Node::Element(el) => match el.tag {
                "name" => person.name = xml.text(&el),
                "email" => person.email = xml.word(&el),
                "uri" | "url" | "homepage" => person.uri = xml.word(&el).map(|uri| xml.resolve(uri)),
                _ => {}
            },
        }
    }
    if person.name.is_empty() {
        let bare = Some(bare.trim().to_owned()).filter(|bare| !bare.is_empty());
        person.name = person.email.clone().or(bare)?;
    }
    Some(person)
}

/// What stands before a relation that is printed as the whole address it stands for (RFC 4287, 4.2.7.2).
const RELATIONS: &str = "http://www.iana.org/assignments/relation/";

/// Atom's `link`, wherever it stands. `rel="alternate"` is what no `rel` means.
pub fn atom_link<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireLink> {
    let [href, rel, mime, title] = el.all(["href", "rel", "type", "title"]);
    let rel = rel.map(|rel| rel.strip_prefix(RELATIONS).map(str::to_owned).unwrap_or(rel));
    let href = href.or_else(|| xml.word(el))?;
    Some(WireLink { href: xml.resolve(href), rel: rel.filter(|rel| rel != "alternate"), mime, title })
}

/// Atom's `link` in a story: an enclosure is a medium; every other link is a link.
pub fn take_atom_link<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    match atom_link(xml, el) {
        Some(WireLink { href, rel: Some(rel), mime, .. }) if rel == "enclosure" => {
            let (url, length, role) = (Some(href), el.get("length"), Some(rel));
            item.media.push(WireMedia { url, mime, length, role, ..WireMedia::default() });
        }
        link => item.links.extend(link),
    }
}

/// Atom's `category`. A term with a label of its own, or a scheme, is a code; else it is a keyword.
pub fn atom_category<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireCode> {
    let [code, scheme, label] = el.all(["term", "scheme", "label"]);
    let name = label.or_else(|| code.clone()).or_else(|| xml.word(el))?;
    let is_code = scheme.is_some() || code.as_ref().is_some_and(|code| *code != name);
    let kind = if is_code { CodeKind::Subject } else { CodeKind::Keyword };
    Some(WireCode { kind, code, name: Some(name), scheme })
}

fn link(href: String, rel: &str) -> WireLink {
    WireLink { href, rel: Some(rel.to_owned()), ..WireLink::default() }
}

fn reply(target: String) -> WireRelation {
    WireRelation { rel: Some("in-reply-to".to_owned()), target, title: None }
}

/// A free keyword or category. Beside a label of its own it is a code.
pub fn keyword<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireCode> {
    let [scheme, label] = el.all(["scheme", "label"]);
    let (code, name) = match (xml.word(el), label) {
        (Some(word), Some(label)) if word != label => (Some(word), label),
        (word, label) => (None, label.or(word)?),
    };
    let kind = if code.is_some() { CodeKind::Subject } else { CodeKind::Keyword };
    Some(WireCode { kind, code, name: Some(name), scheme })
}

/// Keywords in one line, separated by commas, or by semicolons where there is no comma.
pub fn keywords<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Vec<WireCode> {
    let line = xml.text(el);
    let apart = if line.contains(',') { ',' } else { ';' };
    let words = line.split(apart).map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| WireCode { kind: CodeKind::Keyword, name: Some(word.to_owned()), ..WireCode::default() })
        .collect()
}

/// iTunes categories: the name is an attribute, and a subcategory stands inside.
fn nested_categories<'a>(xml: &mut Xml<'a>, el: &Element<'a>, codes: &mut Vec<WireCode>) {
    let name = |el: &Element<'a>| {
        el.get("text").map(|text| WireCode {
            kind: CodeKind::Keyword,
            name: Some(text),
            ..WireCode::default()
        })
    };
    codes.extend(name(el));
    while let Some(inner) = xml.child(el) {
        codes.extend(name(&inner));
    }
}

fn license<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<String> {
    xml.attribute(el, Ns::Rdf, "resource").or_else(|| xml.word(el))
}

fn place(name: String) -> WireCode {
    WireCode { kind: CodeKind::Place, name: Some(name), ..WireCode::default() }
}

/// A point without a name: latitude and longitude as printed.
fn position(point: &str) -> WireCode {
    let scheme = Some("georss:point".to_owned());
    WireCode { kind: CodeKind::Place, code: Some(point.to_owned()), name: None, scheme }
}

/// `georss:where/gml:Point/gml:pos`.
fn gml_point<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<WireCode> {
    let point = xml.child(of).filter(|el| el.tag == "Point")?;
    let pos = xml.child(&point).filter(|el| el.tag == "pos")?;
    xml.word(&pos).map(|pos| position(&pos))
}

/// `geo:Point` with `geo:lat` and `geo:long` inside.
fn geo_point<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<WireCode> {
    let (mut lat, mut long) = (None, None);
    while let Some(el) = xml.child(of) {
        match el.tag {
            "lat" => lat = xml.word(&el),
            "long" | "lon" => long = xml.word(&el),
            _ => {}
        }
    }
    lat.zip(long).map(|(lat, long)| position(&format!("{lat} {long}")))
}

/// `sy:updatePeriod` in minutes.
fn period(word: &str) -> Option<u32> {
    const DAY: u32 = 24 * 60;
    let periods =
        [("hourly", 60), ("daily", DAY), ("weekly", 7 * DAY), ("monthly", 30 * DAY), ("yearly", 365 * DAY)];
    periods.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, minutes)| *minutes)
}

/// `app:draft` (RFC 5023, 13.1.1): not to be shown to others, so a status that no gate lets pass.
fn control<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        if el.tag == "draft" {
            let is_draft = xml.word(&el).is_none_or(|word| !word.eq_ignore_ascii_case("no"));
            item.add_status(is_draft.then(|| "draft".to_owned()));
        }
    }
}
