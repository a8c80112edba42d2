//! Which vocabulary is an element from? Feeds are careless with namespaces: known addresses in many spellings,
//! prefixes that nobody declared, none at all. One small enum hides that.

/// A vocabulary. [`Ns::Other`] is one that is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ns {
    /// RSS of any version.
    Rss,
    /// Atom 0.3 and 1.0.
    Atom,
    /// RDF syntax.
    Rdf,
    /// Dublin Core elements.
    Dc,
    /// Dublin Core terms.
    DcTerms,
    /// RSS 1.0 content module (`content:encoded`).
    Content,
    /// Media RSS.
    Media,
    /// iTunes podcast tags.
    Itunes,
    /// Google Play podcast tags.
    GooglePlay,
    /// Podcasting 2.0.
    Podcast,
    /// Google News.
    GoogleNews,
    /// Yandex News and Turbo: whole stories in RSS.
    Yandex,
    /// RSS 1.0 syndication module.
    Sy,
    /// GeoRSS.
    GeoRss,
    /// W3C basic geo.
    Geo,
    /// Geography Markup Language.
    Gml,
    /// Well-formed web (comment feeds).
    Wfw,
    /// Slash module (comment counts).
    Slash,
    /// Creative Commons licences.
    Cc,
    /// XHTML.
    Xhtml,
    /// PRISM publishing metadata.
    Prism,
    /// Atom threading.
    Thread,
    /// FeedBurner.
    FeedBurner,
    /// The Atom Publishing Protocol (RFC 5023), for drafts.
    Publishing,
    /// Atom tombstones (RFC 6721).
    Tombstones,
    /// WordPress's own export, which is RSS.
    WordPress,
    /// FOAF.
    Foaf,
    /// XLink.
    Xlink,
    /// `xml:` itself.
    Xml,
    /// IPTC News Architecture: NewsML-G2.
    G2,
    /// NITF.
    Nitf,
    /// IPTC ninjs, rNews, RightsML and other vocabularies that are known by name only.
    Iptc,
    /// NewsML 1.
    NewsMl1,
    /// Associated Press's own vocabularies.
    Ap,
    /// WENN's own vocabularies.
    Wenn,
    /// Something else.
    Other,
}

/// Addresses, without scheme, `www.` and a final `/` or `#`, in lower case. What feeds print is brought to that form.
const ADDRESSES: &[(&str, Ns)] = &[
    ("w3.org/2005/atom", Ns::Atom),
    ("w3.org/1999/xhtml", Ns::Xhtml),
    ("purl.org/dc/elements/1.1", Ns::Dc),
    ("purl.org/rss/1.0/modules/content", Ns::Content),
    ("search.yahoo.com/mrss", Ns::Media),
    ("iptc.org/std/nar/2006-10-01", Ns::G2),
    ("iptc.org/std/nitf/2006-10-18", Ns::Nitf),
    ("purl.org/rss/1.0/modules/slash", Ns::Slash),
    ("purl.org/rss/1.0/modules/syndication", Ns::Sy),
    ("wellformedweb.org/commentapi", Ns::Wfw),
    ("itunes.com/dtds/podcast-1.0.dtd", Ns::Itunes),
    ("purl.org/rss/1.0", Ns::Rss),
    ("w3.org/1999/02/22-rdf-syntax-ns", Ns::Rdf),
    ("purl.org/dc/terms", Ns::DcTerms),
    ("purl.org/dc/elements/1.0", Ns::Dc),
    ("purl.org/dc/1.1", Ns::Dc),
    ("purl.org/dc", Ns::Dc),
    ("dublincore.org/documents/dcmi-namespace", Ns::Dc), // where the names are explained; Catholic agencies' feeds use it
    ("purl.org/atom/ns", Ns::Atom),
    ("purl.org/atom/1.0", Ns::Atom),
    ("purl.org/net/rss1.1", Ns::Rss),
    ("channel.netscape.com/rdf/simple/0.9", Ns::Rss),
    ("my.netscape.com/rdf/simple/0.9", Ns::Rss),
    ("my.netscape.com/publish/formats/rss-0.91.dtd", Ns::Rss),
    ("backend.userland.com/rss", Ns::Rss),
    ("backend.userland.com/rss2", Ns::Rss),
    ("backend.userland.com/rss091", Ns::Rss),
    ("backend.userland.com/rss092", Ns::Rss),
    ("blogs.law.harvard.edu/tech/rss", Ns::Rss),
    ("cyber.law.harvard.edu/rss/rss.html", Ns::Rss),
    ("search.yahoo.com/mrss/index.html", Ns::Media),
    ("tools.search.yahoo.com/mrss", Ns::Media),
    ("video.search.yahoo.com/mrss", Ns::Media),
    ("rssboard.org/media-rss", Ns::Media),
    ("itunes.com/dtds/podcast-1.0", Ns::Itunes),
    ("example.com/dtds/podcast-1.0.dtd", Ns::Itunes),
    ("google.com/schemas/play-podcasts/1.0", Ns::GooglePlay),
    ("google.com/schemas/play-podcasts/1.0/play-podcasts.xsd", Ns::GooglePlay),
    ("podcastindex.org/namespace/1.0", Ns::Podcast),
    ("github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Ns::Podcast),
    ("google.com/schemas/sitemap-news/0.9", Ns::GoogleNews),
    ("news.yandex.ru", Ns::Yandex),
    ("turbo.yandex.ru", Ns::Yandex),
    ("georss.org/georss", Ns::GeoRss),
    ("georss.org/georss/10", Ns::GeoRss),
    ("w3.org/2003/01/geo/wgs84_pos", Ns::Geo),
    ("opengis.net/gml", Ns::Gml),
    ("backend.userland.com/creativecommonsrssmodule", Ns::Cc),
    ("cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", Ns::Cc),
    ("creativecommons.org/ns", Ns::Cc),
    ("web.resource.org/cc", Ns::Cc),
    ("prismstandard.org/namespaces/basic/2.0", Ns::Prism),
    ("prismstandard.org/namespaces/1.2/basic", Ns::Prism),
    ("prismstandard.org/namespaces/basic/3.0", Ns::Prism),
    ("purl.org/syndication/thread/1.0", Ns::Thread),
    ("rssnamespace.org/feedburner/ext/1.0", Ns::FeedBurner),
    ("w3.org/2007/app", Ns::Publishing),
    ("purl.org/atom/app", Ns::Publishing),
    ("purl.org/atompub/tombstones/1.0", Ns::Tombstones),
    ("wordpress.org/export/1.0", Ns::WordPress),
    ("wordpress.org/export/1.1", Ns::WordPress),
    ("wordpress.org/export/1.2", Ns::WordPress),
    ("xmlns.com/foaf/0.1", Ns::Foaf),
    ("w3.org/1999/xlink", Ns::Xlink),
    ("w3.org/xml/1998/namespace", Ns::Xml),
    ("iptc.org/std/newsml/2003-10-10", Ns::NewsMl1),
    ("ap.org/schemas/03/2005/apcm", Ns::Ap),
    ("ap.org/schemas/03/2005/apnm", Ns::Ap),
    ("ap.org/schemas/03/2005/appl", Ns::Ap),
    ("ap.org/schemas/03/2005/aptypes", Ns::Ap),
    ("feed.wenn.com/xmlns/2010/03/wenn_nm", Ns::Wenn),
    ("feed.wenn.com/xmlns/2010/03/wenn_cm", Ns::Wenn),
];

/// Prefixes that mean the same thing everywhere, for documents that declare none.
const PREFIXES: &[(&str, Ns)] = &[
    ("dc", Ns::Dc),
    ("content", Ns::Content),
    ("media", Ns::Media),
    ("atom", Ns::Atom),
    ("atom10", Ns::Atom),
    ("a10", Ns::Atom),
    ("rdf", Ns::Rdf),
    ("rss", Ns::Rss),
    ("itunes", Ns::Itunes),
    ("googleplay", Ns::GooglePlay),
    ("podcast", Ns::Podcast),
    ("yandex", Ns::Yandex),
    ("turbo", Ns::Yandex),
    ("sy", Ns::Sy),
    ("dcterms", Ns::DcTerms),
    ("dct", Ns::DcTerms),
    ("georss", Ns::GeoRss),
    ("geo", Ns::Geo),
    ("gml", Ns::Gml),
    ("wfw", Ns::Wfw),
    ("slash", Ns::Slash),
    ("cc", Ns::Cc),
    ("creativecommons", Ns::Cc),
    ("xhtml", Ns::Xhtml),
    ("prism", Ns::Prism),
    ("thr", Ns::Thread),
    ("app", Ns::Publishing),
    ("at", Ns::Tombstones),
    ("feedburner", Ns::FeedBurner),
    ("wp", Ns::WordPress),
    ("foaf", Ns::Foaf),
    ("xlink", Ns::Xlink),
    ("xml", Ns::Xml),
    ("nitf", Ns::Nitf),
    ("apcm", Ns::Ap),
    ("apnm", Ns::Ap),
];

/// The vocabulary at an address, as a document prints it.
pub fn by_address(address: &str) -> Ns {
    let address = address.trim().trim_end_matches(['/', '#']);
    let address = strip_prefix_ignoring_case(address, "http://")
        .or_else(|| strip_prefix_ignoring_case(address, "https://"))
        .unwrap_or(address);
    let address = strip_prefix_ignoring_case(address, "www.").unwrap_or(address);
    look_up(ADDRESSES, address)
}

/// The vocabulary that a prefix means when the document does not say.
pub fn by_prefix(prefix: &str) -> Ns {
    look_up(PREFIXES, prefix)
}

fn look_up(table: &[(&str, Ns)], name: &str) -> Ns {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or(Ns::Other, |(_, ns)| *ns)
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_in_the_spellings_that_feeds_print() {
        for (address, ns) in [
            ("http://search.yahoo.com/mrss/", Ns::Media),
            ("http://search.yahoo.com/mrss", Ns::Media),
            ("https://www.w3.org/2005/Atom", Ns::Atom),
            ("http://www.itunes.com/DTDs/Podcast-1.0.dtd", Ns::Itunes),
            ("http://purl.org/atom/ns#", Ns::Atom),
            (" http://iptc.org/std/nar/2006-10-01/ ", Ns::G2),
            ("", Ns::Other),
            ("urn:example", Ns::Other),
        ] {
            assert_eq!(by_address(address), ns, "{address}");
        }
        assert_eq!(by_prefix("Media"), Ns::Media);
    }
}
