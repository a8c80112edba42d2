//! RSS 0.91, 0.92 and 2.0 (rssboard.org/rss-specification), and RSS 0.90 and 1.0 in RDF (web.resource.org/rss/1.0/spec).
//!
//! The two families share their elements and differ in where items stand: inside the channel or beside it. Both are looked for.

use super::error::FormatError;
use super::head::{Document, Head};
use super::modules;
use super::xml::{Element, Node, Ns, Xml};
use crate::wire::{
    CodeKind, DateKind, Fault, Parsed, WireCode, WireDate, WireFeed, WireItem, WireLink, WireMedia,
    WirePerson,
};

/// An `rss` root; a lone `channel` is read too.
pub fn sniff(head: &Head<'_>) -> bool {
    head.root.as_ref().is_some_and(|root| {
        root.tag.eq_ignore_ascii_case("rss") || root.is(Ns::Rss, "channel") && !head.text.contains("<rss")
    })
}

/// An `rdf:RDF` root.
pub fn sniff_rdf(head: &Head<'_>) -> bool {
    head.root.as_ref().is_some_and(|root| root.is(Ns::Rdf, "RDF"))
}

/// Reads a whole feed.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut xml = Xml::new(document, Ns::Rss);
    let mut parsed = Parsed { items: Vec::with_capacity(document.room()), ..Parsed::default() };
    if let Some(root) = xml.root() {
        parsed.feed.base = xml.base();
        parsed.feed.language = xml.lang();
        if root.tag.eq_ignore_ascii_case("channel") {
            channel(&mut xml, &root, &mut parsed);
        } else {
            channels(&mut xml, &root, &mut parsed);
        }
    }
    parsed.faults = xml.finish();
    Ok(parsed)
}

/// RSS's own names as they are looked for here. `TITLE`, `Item` and `pubdate` are met too.
const NAMES: &[&str] = &[
    "pubDate",
    "title",
    "link",
    "description",
    "guid",
    "author",
    "category",
    "enclosure",
    "source",
    "item",
    "channel",
    "comments",
    "language",
    "copyright",
    "rights",
    "managingEditor",
    "webMaster",
    "lastBuildDate",
    "ttl",
    "image",
    "items",
    "expirationDate",
    "summary",
    "tags",
    "keywords",
    "fullText",
    "url",
    "abstract",
    "content",
    "subtitle",
    "tagline",
    "id",
    "published",
    "updated",
    "issued",
    "modified",
    "created",
];

/// The element under its usual name.
fn spelt(mut el: Element<'_>) -> Element<'_> {
    if el.ns == Ns::Rss && !NAMES.contains(&el.tag) {
        let known = NAMES.iter().find(|name| name.eq_ignore_ascii_case(el.tag));
        el.tag = known.unwrap_or(&el.tag);
    }
    el
}

fn channels<'a>(xml: &mut Xml<'a>, root: &Element<'a>, parsed: &mut Parsed) {
    while let Some(el) = xml.child(root).map(spelt) {
        match (el.ns, el.tag) {
            (Ns::Rss, "channel") => channel(xml, &el, parsed),
            (Ns::Rss, "image") => parsed.feed.image = image(xml, &el),
            (Ns::Rss, "item") => take_item(xml, &el, parsed),
            // a feed whose channel was left out
            (Ns::Rss, "title" | "link" | "description") => about(xml, &el, &mut parsed.feed),
            _ => {}
        }
    }
}

fn channel<'a>(xml: &mut Xml<'a>, channel: &Element<'a>, parsed: &mut Parsed) {
    let (page, changed) = in_attributes(xml, channel);
    parsed.feed.links.extend(page);
    parsed.feed.dates.extend(changed);
    while let Some(el) = xml.child(channel).map(spelt) {
        match (el.ns, el.tag) {
            (Ns::Rss, "item") => take_item(xml, &el, parsed),
            (Ns::Rss, "items") => items(xml, &el, parsed),
            _ => about(xml, &el, &mut parsed.feed),
        }
    }
}

/// RSS 1.0 lists its items here, and RSS 1.1 (purl.org/net/rss1.1) has them here.
fn items<'a>(xml: &mut Xml<'a>, list: &Element<'a>, parsed: &mut Parsed) {
    while let Some(el) = xml.child(list).map(spelt) {
        if (el.ns, el.tag) == (Ns::Rss, "item") {
            take_item(xml, &el, parsed);
        }
    }
}

/// What the channel says of itself.
fn about<'a>(xml: &mut Xml<'a>, el: &Element<'a>, feed: &mut WireFeed) {
    match (el.ns, el.tag) {
        (Ns::Rss, "title") => feed.title = Some(xml.unsaid(el)),
        (Ns::Rss, "link") => take_link(&mut feed.links, link(xml, el)),
        (Ns::Rss, "description" | "abstract") => feed.subtitle = Some(xml.unsaid(el)),
        (Ns::Rss, "language") => feed.language = xml.word(el),
        (Ns::Rss, "copyright") => feed.rights = Some(xml.unsaid(el)),
        (Ns::Rss, "managingEditor" | "author") => feed.creators.extend(person(xml, el, None)),
        (Ns::Rss, "webMaster") => feed.creators.extend(person(xml, el, Some("webmaster"))),
        (Ns::Rss, "pubDate") => feed.dates.extend(date(xml, el, DateKind::Published)),
        (Ns::Rss, "lastBuildDate") => feed.dates.extend(date(xml, el, DateKind::Updated)),
        (Ns::Rss, "category") => feed.codes.extend(category(xml, el)),
        (Ns::Rss, "ttl") => feed.ttl_minutes = xml.word(el).and_then(|minutes| minutes.parse().ok()),
        (Ns::Rss, "image") => feed.image = image(xml, el).or_else(|| feed.image.take()),
        _ => modules::of_feed(xml, el, feed),
    }
}

fn take_item<'a>(xml: &mut Xml<'a>, el: &Element<'a>, parsed: &mut Parsed) {
    let item = item(xml, el);
    if !xml.is_cut() {
        parsed.items.push(item);
    }
}

/// What CDF (w3.org/TR/NOTE-CDFsubmit) says of a channel or an item in attributes: its page, and when it changed.
fn in_attributes<'a>(xml: &Xml<'a>, el: &Element<'a>) -> (Option<WireLink>, Option<WireDate>) {
    let [href, changed] = el.all(["HREF", "LASTMOD"]);
    let page = href.map(|href| WireLink { href: xml.resolve(href), ..WireLink::default() });
    (page, changed.map(|text| WireDate { kind: DateKind::Updated, text }))
}

fn item<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> WireItem {
    let (mut item, mut extra) =
        (WireItem { language: xml.lang(), ..WireItem::default() }, modules::Extra::default());
    let (page, changed) = in_attributes(xml, of);
    item.links.extend(page);
    item.dates.extend(changed);
    while let Some(el) = xml.child(of).map(spelt) {
        match (el.ns, el.tag) {
            (Ns::Rss, "title") => item.headlines.push(xml.unsaid(&el)),
            (Ns::Rss, "link") => take_link(&mut item.links, link(xml, &el)),
            (Ns::Rss, "description" | "abstract") => item.summaries.push(xml.unsaid(&el)),
            (Ns::Content, "encoded") => item.bodies.push(xml.html(&el)),
            (Ns::Rss, "fullText" | "full-text" | "fullitem") => item.bodies.push(xml.html(&el)),
            (Ns::Rss, "summary") => extra.teaser = Some(xml.unsaid(&el)),
            (Ns::Rss, "tags" | "keywords") => item.codes.extend(modules::keywords(xml, &el)),
            (Ns::Rss | Ns::Xhtml, "body" | "div") => item.bodies.push(xml.xhtml(&el)),
            (Ns::Rss, "guid") => guid(xml, &el, &mut item, &mut extra),
            (Ns::Rss, "pubDate") => item.dates.extend(date(xml, &el, DateKind::Published)),
            (Ns::Rss, "expirationDate") => item.dates.extend(date(xml, &el, DateKind::Expires)),
            (Ns::Rss, "author") => item.creators.extend(person(xml, &el, None)),
            (Ns::Rss, "category") => item.codes.extend(category(xml, &el)),
            (Ns::Rss, "enclosure") => item.media.extend(enclosure(xml, &el)),
            (Ns::Rss, "comments") => item.links.extend(link(xml, &el).map(|link| related(link, "comments"))),
            (Ns::Rss, "source") => item.source = xml.word(&el).or_else(|| el.get("url")),
            (Ns::Rss, "image") => extra.image = image(xml, &el),
            (Ns::Rss, "copyright" | "rights") => item.copyrights.extend(xml.word(&el)),
            (Ns::Rss, "language") => item.language = xml.word(&el),
            _ => modules::of_item(xml, &el, &mut item, &mut extra),
        }
    }
    if item.guid.is_none() {
        item.guid = xml.attribute(of, Ns::Rdf, "about");
    }
    extra.settle(&mut item);
    if item.headlines.is_empty() && item.summaries.is_empty() && item.bodies.is_empty() {
        item.faults.push(Fault::new("empty_item", "an item with neither title nor text"));
    }
    item
}

/// `isPermaLink` is true unless it says otherwise: the guid is then an address, if it looks like one.
fn guid<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, extra: &mut modules::Extra) {
    item.guid = xml.word(el);
    extra.guid_is_page = !el.has("isPermaLink", "false");
}

/// The element's text, or its `href` as Atom has it.
fn link<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireLink> {
    let attributes = [el.get("href"), xml.attribute(el, Ns::Rdf, "resource")];
    let named = attributes.into_iter().flatten().next().map(|href| xml.resolve(href));
    let href = xml.address(el).or(named)?;
    Some(WireLink { href, rel: el.get("rel"), mime: el.get("type"), title: None })
}

/// A page may be named once only; where it is named again, the last one counts.
fn take_link(links: &mut Vec<WireLink>, link: Option<WireLink>) {
    let Some(link) = link else { return };
    match links.iter_mut().find(|known| known.rel.is_none() && link.rel.is_none()) {
        Some(known) => *known = link,
        None => links.push(link),
    }
}

fn related(link: WireLink, rel: &str) -> WireLink {
    WireLink { rel: Some(rel.to_owned()), ..link }
}

fn person<'a>(xml: &mut Xml<'a>, el: &Element<'a>, role: Option<&str>) -> Option<WirePerson> {
    modules::person(xml, el, role)
}

fn date<'a>(xml: &mut Xml<'a>, el: &Element<'a>, kind: DateKind) -> Option<WireDate> {
    Some(WireDate { kind, text: xml.word(el)? })
}

fn category<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireCode> {
    let [scheme, label, term] = el.all(["domain", "label", "term"]);
    let name = xml.word(el).or(label).or(term)?;
    let kind = if scheme.is_some() { CodeKind::Subject } else { CodeKind::Keyword };
    Some(WireCode { kind, name: Some(name), scheme, ..WireCode::default() })
}

fn enclosure<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireMedia> {
    let [url, mime, length] = el.all(["url", "type", "length"]);
    let url = url.or_else(|| xml.attribute(el, Ns::Rdf, "resource")).or_else(|| xml.word(el))?;
    let role = Some("enclosure".to_owned());
    Some(WireMedia { url: Some(xml.resolve(url)), mime, length, role, ..WireMedia::default() })
}

/// The address of an `image`: its `url` or all there is in it, never its title or link.
fn image<'a>(xml: &mut Xml<'a>, image: &Element<'a>) -> Option<String> {
    let attributes = [image.get("href"), image.get("url"), xml.attribute(image, Ns::Rdf, "resource")];
    let mut url = attributes.into_iter().flatten().next();
    while let Some(node) = xml.node(image) {
        match node {
            Node::Element(el) if (el.ns, spelt(el).tag) == (Ns::Rss, "url") => {
                url = xml.word(&el).map(|url| xml.resolve(url));
            }
            Node::Text(text) if modules::is_address(text.trim()) => url = Some(text.trim().to_owned()),
            _ => {}
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::read;
    use crate::wire::{Delivery, Markup};

    fn parsed(xml: &str) -> Parsed {
        read(&Delivery { bytes: xml.into(), ..Delivery::default() }, None).unwrap()
    }

    fn item(inside: &str) -> WireItem {
        let feed = parsed(&format!(
            "<rss version='2.0'><channel><title>t</title><item>{inside}</item></channel></rss>"
        ));
        assert_eq!(feed.items.len(), 1, "{inside}");
        feed.items.into_iter().next().unwrap()
    }

    #[test]
    fn a_description_is_text_or_markup_as_it_was_written() {
        for (inside, text, markup) in [
            ("<![CDATA[<p>a</p>]]>", "<p>a</p>", Markup::Unsaid),
            ("&lt;p&gt;a&lt;/p&gt;", "<p>a</p>", Markup::Unsaid),
            ("<p>moved on <b>Highway 1</b> late</p>", "<p>moved on <b>Highway 1</b> late</p>", Markup::Html),
            ("R&D at AT&amp;T", "R&D at AT&T", Markup::Unsaid),
        ] {
            let item = item(&format!("<description>{inside}</description>"));
            assert_eq!(
                (item.summaries[0].text.as_str(), item.summaries[0].markup),
                (text, markup),
                "{inside}"
            );
        }
    }

    #[test]
    fn a_guid_is_an_address_unless_it_says_otherwise() {
        for (inside, page) in [
            ("<guid>https://a.example/1</guid>", Some("https://a.example/1")),
            ("<guid isPermaLink='false'>https://a.example/1</guid>", None),
            ("<guid>harbour:1</guid>", None),
            ("<guid>https://a.example/1</guid><link>https://a.example/2</link>", Some("https://a.example/2")),
        ] {
            assert_eq!(item(inside).links.first().map(|link| link.href.as_str()), page, "{inside}");
        }
    }

    #[test]
    fn names_are_known_in_any_case() {
        let feed = parsed(
            "<RSS><CHANNEL><TITLE>Wire</TITLE><Link>https://a.example/</Link><LASTBUILDDATE>1 Apr 2024</LASTBUILDDATE>
            <Item><Title>a</Title><pubdate>1 Apr 2024</pubdate><GUID>g</GUID></Item></CHANNEL></RSS>",
        );
        assert_eq!(feed.feed.title.map(|title| title.text).as_deref(), Some("Wire"));
        assert_eq!((feed.feed.links.len(), feed.feed.dates.len()), (1, 1));
        let item = &feed.items[0];
        assert_eq!(
            (item.headlines[0].text.as_str(), item.guid.as_deref(), item.dates.len()),
            ("a", Some("g"), 1)
        );
    }

    #[test]
    fn pictures_and_inputs_of_the_channel_do_not_speak_for_it() {
        let feed = parsed(
            "<rss><channel><textInput><title>Search</title><link>s</link></textInput><title>Wire</title>
            <image><title>Logo</title><url>l.png</url><link>about</link></image><link>https://a.example/</link></channel></rss>",
        );
        assert_eq!(feed.feed.title.map(|title| title.text).as_deref(), Some("Wire"));
        assert_eq!((feed.feed.links.len(), feed.feed.image.as_deref()), (1, Some("l.png")));
    }

    #[test]
    fn the_caption_nearest_to_a_picture_is_its_own() {
        let item = item(
            "<media:group><media:content url='1'/><media:content url='2'><media:title>Two</media:title></media:content>
            <media:description>Group</media:description><media:credit role='photographer'>Ann</media:credit></media:group>
            <media:content url='3'/><media:credit>Desk</media:credit>",
        );
        let told: Vec<_> =
            item.media.iter().map(|medium| medium.caption.as_ref().map(|text| text.text.as_str())).collect();
        assert_eq!(told, [Some("Group"), Some("Two"), None]);
        assert_eq!(item.media[0].photographer.as_deref(), Some("Ann"));
        assert_eq!(
            (item.media[2].photographer.as_deref(), item.media[2].credit.as_deref()),
            (None, Some("Desk"))
        );
    }

    #[test]
    fn a_video_without_an_address_is_reached_by_its_player() {
        for (content, url) in [
            ("<media:content medium='video'><media:player url='p'/></media:content>", Some("p")),
            ("<media:content url='v'><media:player url='p'/></media:content>", Some("v")),
            ("<media:content><media:player url='p'/></media:content>", None),
        ] {
            let item = item(content);
            assert_eq!(item.media[0].url.as_deref(), url, "{content}");
            assert_eq!(item.links[0].rel.as_deref(), Some("player"), "{content}");
        }
    }

    #[test]
    fn an_item_cut_in_the_middle_is_left_out_and_said() {
        let feed = parsed("<rss><channel><item><title>Whole</title></item><item><title>Half</title><descr");
        assert_eq!(feed.items.len(), 1);
        assert!(feed.faults.iter().any(|fault| fault.code == "truncated"));
    }

    #[test]
    fn what_was_left_open_does_not_swallow_the_stories_behind_it() {
        let story = |title: &str| format!("<item><title>{title}</title></item>");
        for (inside, titles) in [
            (format!("<itunes:category text='News'><itunes:image/>{}{}", story("a"), story("b")), "a b"),
            (format!("<image><url>l.png</url>{}<ttl>5</ttl>{}", story("a"), story("b")), "a b"),
            (format!("<items>{}</items>{}", story("a"), story("b")), "a b"),
            (format!("<item><title>a</title>{}", story("b")), "a b"),
            (format!("<item><title>a</title><link>l{}", story("b")), "a b"),
            (format!("<item><title>a<link>l</link><guid>g</guid></item>{}", story("b")), "a b"),
            (format!("<item><title>a</title><description>d<pubDate>x</pubDate></item>{}", story("b")), "a b"),
            (format!("<item><title>a</title><item/></item>{}", story("b")), "a b"),
            (format!("<item><title>a</title><gallery>{}</gallery></item>{}", story("x"), story("b")), "a b"),
        ] {
            let feed = parsed(&format!("<rss><channel><title>t</title>{inside}</channel></rss>"));
            let told: Vec<&str> = feed.items.iter().map(|item| item.headlines[0].text.as_str()).collect();
            assert_eq!(told.join(" "), titles, "{inside}");
        }
    }

    #[test]
    fn names_of_other_vocabularies_are_known_beside_its_own() {
        let feed = parsed(
            "<rss><channel><atom:title>Wire</atom:title><a10:subtitle>All day</a10:subtitle><atom:rights>c</atom:rights></channel></rss>",
        )
        .feed;
        let told = [feed.title, feed.subtitle, feed.rights].map(|text| text.map(|text| text.text));
        assert_eq!(told, ["Wire", "All day", "c"].map(|text| Some(text.to_owned())));
        let item = item(
            "<atom:title>a</atom:title><content>Words</content><updated>2 Apr 2024</updated><issued>1 Apr 2024</issued>
            <id>i</id><atom:author>Pia Lund</atom:author><atom:rights>c</atom:rights>",
        );
        assert_eq!((item.headlines[0].text.as_str(), item.bodies[0].text.as_str()), ("a", "Words"));
        assert_eq!((item.guid.as_deref(), item.creators[0].name.as_str()), (Some("i"), "Pia Lund"));
        let kinds: Vec<DateKind> = item.dates.iter().map(|date| date.kind).collect();
        assert_eq!((kinds, item.copyrights.len()), (vec![DateKind::Updated, DateKind::Published], 1));
    }

    #[test]
    fn a_feed_is_known_however_its_root_is_written() {
        let (title, story) = ("<title>Wire</title>", "<item><title>a</title></item>");
        for feed in [
            format!("<rss version='2.0'>{title}{story}</rss>"),
            format!("<Channel xmlns='http://purl.org/net/rss1.1#'>{title}<items>{story}</items></Channel>"),
            format!("<r:rss xmlns:r='urn:own'><r:channel>{title}{story}</r:channel></r:rss>"),
            "<r:rss xmlns:r='urn:own'><r:channel><r:title>Wire</r:title><r:item><r:title>a</r:title></r:item></r:channel></r:rss>"
                .to_owned(),
        ] {
            let parsed = parsed(&feed);
            assert_eq!(parsed.feed.title.map(|title| title.text).as_deref(), Some("Wire"), "{feed}");
            assert_eq!(parsed.items.len(), 1, "{feed}");
            assert_eq!(parsed.items[0].headlines[0].text, "a", "{feed}");
        }
    }

    #[test]
    fn a_link_is_read_against_the_base_it_names_itself() {
        for (link, page) in [
            ("<link xml:base='https://a.example/x/'>1</link>", "https://a.example/x/1"),
            ("<link xml:base='https://a.example/x/' href='1'/>", "https://a.example/x/1"),
            ("<link>/1</link>", "/1"),
        ] {
            assert_eq!(item(link).links[0].href, page, "{link}");
        }
    }

    #[test]
    fn a_story_of_rdf_is_named_by_what_it_is_about() {
        let feed = parsed(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><item rdf:about='https://a.example/1'>
            <dc:identifier>doi:1</dc:identifier></item><item><dc:identifier>doi:2</dc:identifier></item></rdf:RDF>",
        );
        let names: Vec<_> = feed.items.iter().map(|item| item.guid.as_deref().unwrap_or_default()).collect();
        assert_eq!(names, ["https://a.example/1", "doi:2"]);
    }

    #[test]
    fn a_category_beside_its_label_is_a_code() {
        for (inside, code, name) in [
            ("<media:category label='Rail strikes'>rail</media:category>", Some("rail"), "Rail strikes"),
            ("<media:category label='Rail'>Rail</media:category>", None, "Rail"),
            ("<media:category label='Rail'/>", None, "Rail"),
            ("<media:category scheme='s'>rail</media:category>", None, "rail"),
        ] {
            let codes = item(inside).codes;
            assert_eq!((codes[0].code.as_deref(), codes[0].name.as_deref()), (code, Some(name)), "{inside}");
        }
    }
}
