//! Atom 1.0 (RFC 4287) and 0.3.

use super::error::FormatError;
use super::head::{Document, Head};
use super::inline;
use super::modules::{self, atom_category, atom_link, is_address, structured_person};
use super::xml::{Element, Ns, Xml};
use crate::wire::{
    DateKind, Markup, Parsed, WireDate, WireFeed, WireItem, WireLink, WireMedia, WirePerson, WireText,
};

/// A `feed` root, or an `entry` that stands alone.
pub fn sniff(head: &Head<'_>) -> bool {
    head.root.as_ref().is_some_and(|root| root.is(Ns::Atom, "feed") || root.is(Ns::Atom, "entry"))
}

/// Reads a whole feed.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut xml = Xml::new(document, Ns::Atom);
    let mut parsed = Parsed { items: Vec::with_capacity(document.room()), ..Parsed::default() };
    if let Some(root) = xml.root() {
        parsed.feed.base = xml.base();
        parsed.feed.language = xml.lang();
        if root.tag.eq_ignore_ascii_case("entry") {
            take_entry(&mut xml, &root, &mut parsed);
        } else {
            feed(&mut xml, &root, &mut parsed);
        }
    }
    parsed.faults = xml.finish();
    Ok(parsed)
}

fn feed<'a>(xml: &mut Xml<'a>, root: &Element<'a>, parsed: &mut Parsed) {
    while let Some(el) = xml.child(root) {
        match (el.ns, el.tag) {
            (Ns::Atom, "entry") => take_entry(xml, &el, parsed),
            (Ns::Tombstones, "deleted-entry") => parsed.items.extend(deleted(xml, &el)),
            _ => about(xml, &el, &mut parsed.feed),
        }
    }
    own_page_of(&mut parsed.feed);
    let authors: Vec<WirePerson> =
        parsed.feed.creators.iter().filter(|person| person.role.is_none()).cloned().collect();
    for item in
        parsed.items.iter_mut().filter(|item| item.creators.iter().all(|person| person.role.is_some()))
    {
        item.creators.splice(0..0, authors.iter().cloned());
    }
}

/// What the feed says of itself.
fn about<'a>(xml: &mut Xml<'a>, el: &Element<'a>, feed: &mut WireFeed) {
    match (el.ns, el.tag) {
        (Ns::Atom, "title") => feed.title = construct(xml, el),
        (Ns::Atom, "subtitle" | "tagline") => feed.subtitle = construct(xml, el),
        (Ns::Atom, "info") if feed.subtitle.is_none() => feed.subtitle = construct(xml, el),
        (Ns::Atom, "rights" | "copyright") => feed.rights = construct(xml, el),
        (Ns::Atom, "id") => feed.id = identifier(xml, el),
        (Ns::Atom, "link") => feed.links.extend(atom_link(xml, el)),
        (Ns::Atom, "author") => feed.creators.extend(structured_person(xml, el, None)),
        (Ns::Atom, "contributor") => feed.creators.extend(structured_person(xml, el, Some("contributor"))),
        (Ns::Atom, "category") => feed.codes.extend(atom_category(xml, el)),
        (Ns::Atom, "logo") => feed.image = xml.word(el).map(|logo| xml.resolve(logo)),
        (Ns::Atom, "icon") if feed.image.is_none() => feed.image = xml.word(el).map(|icon| xml.resolve(icon)),
        _ => match date(xml, el) {
            Some(date) => take_date(&mut feed.dates, date),
            None => modules::of_feed(xml, el, feed),
        },
    }
}

fn take_entry<'a>(xml: &mut Xml<'a>, el: &Element<'a>, parsed: &mut Parsed) {
    let entry = entry(xml, el);
    if !xml.is_cut() {
        parsed.items.push(entry);
    }
}

/// An entry that was taken back (RFC 6721): its name, when, and why.
fn deleted<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<WireItem> {
    let name = of.get("ref").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())?;
    let when = of.get("when").map(|text| WireDate { kind: DateKind::Updated, text });
    let mut item = WireItem { guid: Some(absolute(xml, name)), ..WireItem::default() };
    item.dates.extend(when);
    item.add_status(Some("deleted".to_owned()));
    while let Some(el) = xml.child(of) {
        if (el.ns, el.tag) == (Ns::Tombstones, "comment") {
            item.ed_notes.extend(construct(xml, &el).map(|note| note.text));
        }
    }
    Some(item)
}

fn entry<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> WireItem {
    let (mut item, mut extra) =
        (WireItem { language: xml.lang(), ..WireItem::default() }, modules::Extra::default());
    let mut inherited = Vec::new();
    while let Some(el) = xml.child(of) {
        match (el.ns, el.tag) {
            (Ns::Atom, "title") => item.headlines.extend(construct(xml, &el)),
            (Ns::Atom, "id") => id(xml, &el, &mut item, &mut extra),
            (Ns::Atom, "link") => modules::take_atom_link(xml, &el, &mut item),
            (Ns::Atom, "summary") => item.summaries.extend(construct(xml, &el)),
            (Ns::Atom, "content") => content(xml, &el, &mut item),
            (Ns::Atom, "author") => item.creators.extend(structured_person(xml, &el, None)),
            (Ns::Atom, "contributor") => {
                item.creators.extend(structured_person(xml, &el, Some("contributor")))
            }
            (Ns::Atom, "category") => item.codes.extend(atom_category(xml, &el)),
            (Ns::Atom, "rights" | "copyright") => {
                item.copyrights.extend(construct(xml, &el).map(|text| text.text))
            }
            (Ns::Atom, "source") => inherited.extend(source(xml, &el, &mut item)),
            _ => match date(xml, &el) {
                Some(date) => take_date(&mut item.dates, date),
                None => modules::of_item(xml, &el, &mut item, &mut extra),
            },
        }
    }
    extra.settle(&mut item);
    if item.creators.iter().all(|person| person.role.is_some()) {
        item.creators.splice(0..0, inherited);
    }
    item
}

/// An `id` that is an address is the feed's page when no link says otherwise.
fn own_page_of(feed: &mut WireFeed) {
    let is_page = |id: &&String| is_address(id) && !feed.links.iter().any(|link| link.rel.is_none());
    if let Some(href) = feed.id.as_ref().filter(is_page).cloned() {
        feed.links.push(WireLink { href, ..WireLink::default() });
    }
}

/// Identifiers are absolute (RFC 4287, 4.2.6); one that is not is read against the base in force.
fn identifier<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<String> {
    xml.word(el).map(|id| absolute(xml, id))
}

fn absolute(xml: &Xml<'_>, id: String) -> String {
    if id.contains(':') { id } else { xml.whole(&id) }
}

fn id<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, extra: &mut modules::Extra) {
    item.guid = identifier(xml, el);
    extra.guid_is_page = true;
}

/// Each date may stand once; where it stands again, the last one counts.
fn take_date(dates: &mut Vec<WireDate>, date: WireDate) {
    match dates.iter_mut().find(|known| known.kind == date.kind) {
        Some(known) => *known = date,
        None => dates.push(date),
    }
}

/// The feed that an entry was copied from: its title is the source, its authors write the entry if nobody else does.
fn source<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) -> Vec<WirePerson> {
    let mut feed = WireFeed::default();
    while let Some(el) = xml.child(of) {
        about(xml, &el, &mut feed);
    }
    item.source = feed.title.map(|title| title.text).or(feed.id);
    if item.copyrights.is_empty() {
        item.copyrights.extend(feed.rights.map(|rights| rights.text));
    }
    feed.creators
}

/// Content inside, or the address of content elsewhere.
fn content<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    match el.get("src") {
        Some(src) => {
            let (url, mime, role) = (Some(xml.resolve(src)), el.get("type"), Some("content".to_owned()));
            item.media.push(WireMedia { url, mime, role, ..WireMedia::default() });
        }
        None if is_xml_of_some_kind(el) => inline::read(xml, el, el.get("type").as_deref(), item),
        None => item.bodies.extend(construct(xml, el)),
    }
}

/// XML that is no XHTML by name: AP sends NITF so.
fn is_xml_of_some_kind(el: &Element<'_>) -> bool {
    const KINDS: &[&str] = &["text/xml", "application/xml", "application/nitf+xml", "text/nitf"];
    let mime = el.get("type").unwrap_or_default();
    let mime = mime.split(';').next().unwrap_or_default().trim();
    el.get("mode").is_none() && KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(mime))
}

fn date<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireDate> {
    let kind = match (el.ns, el.tag) {
        (Ns::Atom, "published" | "issued") => DateKind::Published,
        (Ns::Atom, "updated" | "modified") => DateKind::Updated,
        (Ns::Atom, "created") => DateKind::Created,
        _ => return None,
    };
    Some(WireDate { kind, text: xml.word(el)? })
}

/// How a text construct or content is written.
#[derive(Clone, Copy)]
enum Written {
    Text,
    Html,
    Xhtml,
    Base64 { is_html: bool },
}

/// Atom 1.0 says it in `type`, Atom 0.3 in `type` (a MIME type) and `mode`.
fn written(el: &Element<'_>) -> Written {
    let mime = el.get("type").map(|mime| mime.to_ascii_lowercase()).unwrap_or_default();
    let is_html = mime == "html" || mime.starts_with("text/html");
    let is_xml = mime.ends_with("+xml") || mime.ends_with("/xml");
    match (el.get("mode").as_deref(), mime.as_str()) {
        (Some("base64"), _) => Written::Base64 { is_html: is_html || is_xml },
        (Some("escaped"), "text/plain") => Written::Text,
        (Some("escaped"), _) => Written::Html,
        (_, "xhtml") => Written::Xhtml,
        (Some("xml"), "" | "text/plain" | "text") => Written::Text,
        (Some("xml"), _) => Written::Xhtml,
        _ if is_html => Written::Html,
        _ if is_xml => Written::Xhtml,
        (None, "" | "text") => Written::Text,
        (None, mime) if mime.starts_with("text/") => Written::Text,
        (None, mime) if mime.contains('/') => Written::Base64 { is_html: false },
        _ => Written::Text,
    }
}

/// Atom 0.3 sends the same in several forms: the richest is taken.
fn alternatives<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<WireText> {
    let mut best: Option<WireText> = None;
    while let Some(el) = xml.child(of) {
        if let Some(one) = construct(xml, &el)
            && best.as_ref().is_none_or(|known| known.markup == Markup::Plain)
        {
            best = Some(one);
        }
    }
    best
}

fn construct<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireText> {
    if el.has("type", "multipart/alternative") {
        return alternatives(xml, el);
    }
    let text = match written(el) {
        Written::Text => xml.plain(el),
        Written::Html => xml.html(el),
        Written::Xhtml => xml.xhtml(el),
        Written::Base64 { is_html } => {
            let text = xml.plain(el);
            let decoded = super::base64::decode(&text.text).and_then(|bytes| String::from_utf8(bytes).ok());
            match (decoded, is_html) {
                (Some(decoded), true) => WireText { text: decoded, ..as_html(text) },
                (Some(decoded), false) => WireText { text: decoded, ..text },
                (None, _) => text,
            }
        }
    };
    (!text.text.is_empty()).then_some(text)
}

fn as_html(text: WireText) -> WireText {
    WireText { markup: Markup::Html, ..text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::read;
    use crate::wire::{Delivery, Markup};

    fn entry(inside: &str) -> WireItem {
        let feed = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><author><name>Feed</name></author><entry>{inside}</entry></feed>"
        );
        let parsed = read(&Delivery { bytes: feed.into(), ..Delivery::default() }, None).unwrap();
        assert_eq!(parsed.items.len(), 1, "{inside}");
        parsed.items.into_iter().next().unwrap()
    }

    #[test]
    fn content_is_read_as_its_type_says() {
        for (inside, text, markup) in [
            ("<content>1 &lt; 2</content>", "1 < 2", Markup::Plain),
            ("<content type='html'>&lt;p&gt;a&lt;/p&gt;</content>", "<p>a</p>", Markup::Html),
            (
                "<content type='text/html' mode='escaped'><![CDATA[<p>a</p>]]></content>",
                "<p>a</p>",
                Markup::Html,
            ),
            (
                "<content type='xhtml'><div>a <b>b</b> c</div></content>",
                "<div>a <b>b</b> c</div>",
                Markup::Html,
            ),
            ("<content type='text/plain' mode='base64'>SGk=</content>", "Hi", Markup::Plain),
            (
                "<content type='multipart/alternative'><content type='text/plain'>a</content><content type='text/html' mode='escaped'>&lt;b>Hi&lt;/b></content></content>",
                "<b>Hi</b>",
                Markup::Html,
            ),
            ("<content type='text/html' mode='base64'>PGI+SGk8L2I+</content>", "<b>Hi</b>", Markup::Html),
            ("<content type='image/png'>not base64!</content>", "not base64!", Markup::Plain),
        ] {
            let item = entry(inside);
            assert_eq!((item.bodies[0].text.as_str(), item.bodies[0].markup), (text, markup), "{inside}");
        }
    }

    #[test]
    fn authors_are_the_entrys_own_else_its_sources_else_the_feeds() {
        for (inside, author) in [
            ("<author><name>Own</name></author><source><author><name>Source</name></author></source>", "Own"),
            ("<source><author><name>Source</name></author></source>", "Source"),
            ("<author><uri>https://a.example/</uri></author>", "Feed"),
            ("<author><email>a@b.example</email></author>", "a@b.example"),
            ("<author> Own </author>", "Own"),
        ] {
            assert_eq!(entry(inside).creators[0].name, author, "{inside}");
        }
    }

    #[test]
    fn what_rss_would_call_it_is_known_too() {
        let item = entry(
            "<guid>g</guid><description>Short</description><content:encoded>Long</content:encoded>
            <pubDate>1 Apr 2024</pubDate>",
        );
        assert_eq!((item.guid.as_deref(), item.dates.len()), (Some("g"), 1));
        assert_eq!((item.summaries[0].text.as_str(), item.bodies[0].text.as_str()), ("Short", "Long"));
        let item = entry("<content>Own</content><content:encoded>Long</content:encoded>");
        assert_eq!((item.bodies.len(), item.bodies[0].text.as_str()), (1, "Own"));
    }

    #[test]
    fn an_identifier_that_is_an_address_is_the_page_of_last_resort() {
        for (inside, page) in [
            ("<id>https://a.example/1</id>", "https://a.example/1"),
            ("<id>https://a.example/1</id><link href='https://a.example/2'/>", "https://a.example/2"),
            ("<link rel='alternate' href='https://a.example/3'/><id>urn:x</id>", "https://a.example/3"),
            (
                "<link rel='http://www.iana.org/assignments/relation/self' href='4'/>
                <link rel='http://www.iana.org/assignments/relation/alternate' href='https://a.example/5'/>",
                "https://a.example/5",
            ),
        ] {
            let item = entry(inside);
            let own: Vec<_> =
                item.links.iter().filter(|link| link.rel.is_none()).map(|link| &link.href).collect();
            assert_eq!(own, [page], "{inside}");
        }
    }
}
