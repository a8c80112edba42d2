//! Addresses: the story's own page, attached files, other items; each made whole against the nearest base.

use url::Url;

use crate::item::{Enclosure, Related};
use crate::wire::{WireItem, WireLink, WireMedia, WireRelation};

use super::{once, text};

/// Relations that mean the story's own page, best first.
const OWN_PAGE: &[&str] = &["", "alternate", "canonical"];

/// Relations of links that are files of the story.
const FILES: &[&str] = &["enclosure"];

/// Relations between stories, as links print them (RFC 4287 4.2.7.2, IANA link relations); `original` is FeedBurner's.
const RELATED: &[&str] =
    &["related", "original", "via", "replies", "predecessor-version", "successor-version", "prev", "next"];

/// The base of relative links: each of `bases`, outermost first, resolved against the one before. Only web addresses count.
#[must_use]
pub fn base(bases: &[Option<&str>]) -> Option<Url> {
    let web = |url: &Url| matches!(url.scheme(), "http" | "https");
    bases.iter().flatten().fold(None, |outer: Option<Url>, printed| {
        let inner = match &outer {
            Some(outer) => outer.join(printed.trim()),
            None => Url::parse(printed.trim()),
        };
        inner.ok().filter(web).or(outer)
    })
}

/// A relative address made whole; `None` when it is whole already or cannot be made so.
#[must_use]
pub fn whole(address: &str, base: &Url) -> Option<String> {
    match Url::parse(address) {
        Err(url::ParseError::RelativeUrlWithoutBase) => base.join(address).ok().map(String::from),
        _ => None,
    }
}

/// An address as printed, blanks off, made whole when there is a base.
#[must_use]
pub fn resolved(address: &str, base: Option<&Url>) -> Option<String> {
    let address = text::line(address);
    if address.is_empty() {
        return None;
    }
    Some(base.and_then(|base| whole(&address, base)).unwrap_or(address))
}

/// The story's own page.
#[must_use]
pub fn own_page(links: &[WireLink], base: Option<&Url>) -> Option<String> {
    let of = |rel: &str| {
        let named = |link: &&WireLink| link.rel.as_deref().unwrap_or("").eq_ignore_ascii_case(rel);
        let found: Vec<_> = links.iter().filter(named).filter(|link| !link.href.trim().is_empty()).collect();
        let page = found.iter().find(|link| link.mime.as_deref().is_none_or(|mime| mime.contains("html")));
        page.or(found.first()).and_then(|link| resolved(&link.href, base))
    };
    OWN_PAGE.iter().find_map(|rel| of(rel))
}

/// A guid that is a web address is the story's page where no link is sent (RSS 2.0, `guid`; Atom, `id`).
#[must_use]
pub fn page_of_guid(guid: &str) -> Option<String> {
    let web = |url: &Url| matches!(url.scheme(), "http" | "https");
    Url::parse(guid).ok().filter(web).map(|_| guid.to_owned())
}

/// Files attached to the story, each once, in printed order.
#[must_use]
pub fn enclosures(item: &WireItem, base: Option<&Url>) -> Vec<Enclosure> {
    let of_link = |link: &WireLink| enclosure(Some(&link.href), link.mime.as_deref(), None, base);
    let of_media = |media: &WireMedia| {
        enclosure(media.url.as_deref(), media.mime.as_deref(), media.length.as_deref(), base)
    };
    let links = item.links.iter().filter(|link| has_rel(link, FILES)).filter_map(of_link);
    let files = item.media.iter().filter_map(of_media).chain(links);
    once::merged(
        files,
        |file| file.url.clone(),
        |first, later| {
            first.mime = first.mime.take().or(later.mime);
            first.length = first.length.or(later.length);
        },
    )
}

fn enclosure(
    url: Option<&str>,
    mime: Option<&str>,
    length: Option<&str>,
    base: Option<&Url>,
) -> Option<Enclosure> {
    let url = resolved(url?, base)?;
    let mime = mime.map(text::line).filter(|mime| !mime.is_empty());
    Some(Enclosure { url, mime, length: length.and_then(|printed| printed.trim().parse().ok()) })
}

/// Other items this one names.
#[must_use]
pub fn related(item: &WireItem, base: Option<&Url>) -> Vec<Related> {
    let of_relation = |relation: &WireRelation| Related {
        rel: text::optional(relation.rel.as_ref()),
        target: text::line(&relation.target),
        title: text::optional(relation.title.as_ref()),
    };
    let of_link = |link: &WireLink| Related {
        rel: text::optional(link.rel.as_ref()),
        target: resolved(&link.href, base).unwrap_or_default(),
        title: text::optional(link.title.as_ref()),
    };
    let links = item.links.iter().filter(|link| has_rel(link, RELATED)).map(of_link);
    let named = item.related.iter().map(of_relation).chain(links).filter(|one| !one.target.is_empty());
    once::by(named, |one| (one.rel.clone(), one.target.clone(), one.title.clone()))
}

fn has_rel(link: &WireLink, relations: &[&str]) -> bool {
    let rel = link.rel.as_deref().unwrap_or("");
    relations.iter().any(|relation| relation.eq_ignore_ascii_case(rel))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(rel: Option<&str>, href: &str, mime: Option<&str>) -> WireLink {
        WireLink { href: href.into(), rel: rel.map(Into::into), mime: mime.map(Into::into), title: None }
    }

    #[test]
    fn bases_are_resolved_from_the_outside_in_and_only_web_addresses_count() {
        let cases: [(&[Option<&str>], Option<&str>); 5] = [
            (&[Some("https://a.example/x/feed"), Some("b/"), Some("c")], Some("https://a.example/x/b/c")),
            (&[Some("https://a.example/"), Some("http://b.example/")], Some("http://b.example/")),
            (&[Some("file:///tmp/f.xml"), None], None),
            (&[Some("https://a.example/"), Some("javascript:x")], Some("https://a.example/")),
            (&[None, Some("relative")], None),
        ];
        for (bases, expected) in cases {
            assert_eq!(base(bases).as_ref().map(Url::as_str), expected, "{bases:?}");
        }
    }

    #[test]
    fn the_own_page_is_the_plain_link_else_the_alternate_one_in_html() {
        let base = Url::parse("https://a.example/").ok();
        let links = [
            link(Some("self"), "/self", None),
            link(Some("alternate"), "/json", Some("application/json")),
            link(Some("alternate"), "/page", Some("text/html")),
        ];
        assert_eq!(own_page(&links, base.as_ref()).as_deref(), Some("https://a.example/page"));
        let plain = [link(Some("alternate"), "/a", None), link(None, " http://b.example/1 ", None)];
        assert_eq!(own_page(&plain, base.as_ref()).as_deref(), Some("http://b.example/1"));
        assert_eq!(own_page(&links[..1], base.as_ref()), None);
    }

    #[test]
    fn an_enclosure_named_twice_is_one() {
        let media = WireMedia {
            url: Some("http://a.example/1.mp3".into()),
            length: Some("12".into()),
            ..WireMedia::default()
        };
        let links = vec![link(Some("enclosure"), "http://a.example/1.mp3", Some("audio/mpeg"))];
        let item = WireItem { media: vec![media], links, ..WireItem::default() };
        let expected = Enclosure {
            url: "http://a.example/1.mp3".into(),
            mime: Some("audio/mpeg".into()),
            length: Some(12),
        };
        assert_eq!(enclosures(&item, None), [expected]);
    }
}
