//! **Here are bytes: which items are in them, in the provider's own words?**
//!
//! A format is one row in [`FORMATS`] and one file (or folder) beside this one: a `sniff` that looks at the [`Head`] of a document and a
//! `parse` that turns the [`Document`] into [`Parsed`]. [`read`] puts the steps in order: charset, head, sniff, parse. The content decides,
//! never a `Content-Type` or a file name. No clock, no disk, no network, and nothing that a document names is ever loaded.

mod agency_xml;
mod anpa;
mod ap_media;
mod ap_metadata;
mod atom;
mod base64;
mod bounds;
pub mod charset;
mod error;
pub mod head;
mod html;
mod inline;
mod iptc7901;
mod json;
mod json_feed;
mod media;
mod modules;
mod newsml_1;
mod newsml_g2;
mod ninjs;
mod nitf;
mod prose;
mod rendition;
mod rss;
mod stamp;
mod text;
mod twice;
mod wenn;
pub mod xml;

pub use error::FormatError;
pub use head::{Document, Head};

use crate::wire::{Delivery, Fault, Parsed};

/// How one format is known and read.
pub struct Format {
    /// Its name, as `--format` and a feed's `format` spell it.
    pub name: &'static str,
    /// One line for `--help` and the documentation.
    pub describes: &'static str,
    /// Whether a document is of this format. Asked in the order of the table.
    pub sniff: fn(&Head<'_>) -> bool,
    /// Reads it. An oddity is a fault beside the value; an error only when nothing could be read.
    pub parse: fn(&Document<'_>) -> Result<Parsed, FormatError>,
}

/// Every format there is. The first row whose sniff says yes reads the document.
pub static FORMATS: &[Format] = &[
    Format {
        name: "rss",
        describes: "RSS 0.91, 0.92 and 2.0 with Media RSS, Dublin Core, content, iTunes and GeoRSS modules",
        sniff: rss::sniff,
        parse: rss::parse,
    },
    Format { name: "rdf", describes: "RSS 0.90 and 1.0 (RDF)", sniff: rss::sniff_rdf, parse: rss::parse },
    Format { name: "atom", describes: "Atom 1.0 (RFC 4287) and 0.3", sniff: atom::sniff, parse: atom::parse },
    Format {
        name: "jsonfeed",
        describes: "JSON Feed 1.0 and 1.1",
        sniff: json_feed::sniff,
        parse: json_feed::parse,
    },
    Format {
        name: "newsml-g2",
        describes: "NewsML-G2 2.x: news messages, news items, packages, concepts and plans, with NITF or XHTML inside",
        sniff: newsml_g2::sniff,
        parse: newsml_g2::parse,
    },
    Format {
        name: "newsml-1",
        describes: "NewsML 1.0 to 1.2, with NITF, XHTML or plain text inside",
        sniff: newsml_1::sniff,
        parse: newsml_1::parse,
    },
    Format { name: "nitf", describes: "NITF 2.5 to 3.6", sniff: nitf::sniff, parse: nitf::parse },
    Format {
        name: "agency-xml",
        describes: "XML of an agency's own: Ritzau's RBNews, press releases of NTB and STT",
        sniff: agency_xml::sniff,
        parse: agency_xml::parse,
    },
    Format {
        name: "iptc7901",
        describes: "IPTC 7901 messages: dpa, ATS, Belga",
        sniff: iptc7901::sniff,
        parse: iptc7901::parse,
    },
    Format {
        name: "anpa",
        describes: "ANPA 1312 messages: AP until 2023, Reuters of the 1980s, Kyodo",
        sniff: anpa::sniff,
        parse: anpa::parse,
    },
    Format {
        name: "ap-media",
        describes: "AP Media API: items, feeds and searches",
        sniff: ap_media::sniff,
        parse: ap_media::parse,
    },
    Format { name: "ninjs", describes: "ninjs 1.x, 2.x and 3.x", sniff: ninjs::sniff, parse: ninjs::parse },
    Format {
        name: "html",
        describes: "news pages: JSON-LD, microdata, OpenGraph, the page's own structure",
        sniff: html::sniff,
        parse: html::parse,
    },
    Format {
        name: "text",
        describes: "plain wire copy: headline, byline, dateline, story",
        sniff: text::sniff,
        parse: text::parse,
    },
];

/// What may stand before a document and says nothing: byte order mark, NUL, the fillers of teleprinter lines (SYN, DEL).
const UNSAID: [char; 4] = ['\u{feff}', '\0', '\u{16}', '\u{7f}'];

/// Feeds are put together by web sites' software, which is where text is encoded twice over. What an agency sends as a document
/// of its own is read as it was sent.
const WEB: &[&str] = &["rss", "rdf", "atom", "jsonfeed"];

/// What is cut short in these does not show: of the others, an item is read when its end has come.
const ENDLESS: &[&str] = &["iptc7901", "anpa", "html", "text"];

/// Reads a delivery. `wanted` names the format when it is not to be read from the content.
///
/// # Errors
/// When the delivery is empty, is nothing that [`FORMATS`] knows, or `wanted` is no format.
pub fn read(delivery: &Delivery, wanted: Option<&str>) -> Result<Parsed, FormatError> {
    let wanted = wanted.map(by_name).transpose()?;
    let decoded = charset::decode(&delivery.bytes, delivery.content_type.as_deref());
    read_text(delivery, &decoded.text, decoded.faults, wanted)
}

fn read_text(
    delivery: &Delivery,
    text: &str,
    mut faults: Vec<Fault>,
    wanted: Option<&'static Format>,
) -> Result<Parsed, FormatError> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || UNSAID.contains(&c));
    if text.is_empty() {
        return Err(FormatError::Empty);
    }
    let mut roots = head::Roots::new(text);
    let mut head = Head { bytes: &delivery.bytes, text, root: None, keys: head::json_keys(text) };
    let format = match wanted {
        Some(format) => {
            head.root = roots.next();
            format
        }
        None => detect(&mut head, &mut roots)
            .ok_or_else(|| FormatError::NotAFeed { found: head::describe(&head) })?,
    };
    if WEB.contains(&format.name)
        && let Some(text) = twice::decoded(text)
    {
        faults.push(Fault::new("charset", "was UTF-8 twice over"));
        return read_text(delivery, &text, faults, wanted);
    }
    let (entities, url) = (roots.entities, delivery.url.as_deref());
    let document = Document { text, head, entities, url, faults };
    let mut parsed = (format.parse)(&document)?;
    if WEB.contains(&format.name) {
        twice::mend_feed(&mut parsed.feed);
        parsed.items.iter_mut().for_each(twice::mend);
    }
    parsed.format = format.name;
    if is_half(&parsed, delivery.is_cut, &document) {
        return Err(FormatError::Cut { format: format.name });
    }
    parsed.faults.splice(0..0, document.faults);
    bounds::cut(&mut parsed);
    Ok(parsed)
}

/// Whether it was cut short, and not one story of it is sure to be whole.
fn is_half(parsed: &Parsed, is_cut: bool, document: &Document<'_>) -> bool {
    let is_cut_in_itself = parsed.faults.iter().any(|fault| fault.code == "truncated");
    (is_cut && ENDLESS.contains(&parsed.format))
        || (is_cut_in_itself && parsed.items.is_empty() && !comes_to_its_end(document))
}

/// Whether the root's end tag has begun: a feed that lacks no more than its last letters has no news.
fn comes_to_its_end(document: &Document<'_>) -> bool {
    let end = document.text.rsplit_once("</").map(|(_, end)| end);
    end.zip(document.head.root.as_ref()).is_some_and(|(end, root)| end.contains(root.tag))
}

fn by_name(wanted: &str) -> Result<&'static Format, FormatError> {
    FORMATS.iter().find(|format| format.name == wanted).ok_or_else(|| FormatError::UnknownFormat {
        wanted: wanted.to_owned(),
        known: FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", "),
    })
}

/// The first format that knows the document by one of the roots it may have; else the head keeps the first root.
fn detect<'a>(head: &mut Head<'a>, roots: &mut head::Roots<'a>) -> Option<&'static Format> {
    // What is JSON by its first mark and its keys is not read for the markup in its strings.
    if !head.keys.is_empty() {
        return sniffed(head);
    }
    let mut first = None;
    while let Some(root) = roots.next() {
        head.root = Some(root);
        first = first.or(head.root);
        match sniffed(head) {
            Some(format) if format.name == "html" => return feed_in_page(head, roots).or(Some(format)),
            None => {}
            found => return found,
        }
    }
    head.root = None;
    let format = sniffed(head);
    head.root = first;
    format
}

/// The feed that a web site wrapped in a page of its own: the first element of the page's body.
fn feed_in_page<'a>(head: &mut Head<'a>, roots: &mut head::Roots<'a>) -> Option<&'static Format> {
    let page = head.root;
    for root in roots.take(2) {
        head.root = Some(root);
        if let Some(format) = sniffed(head).filter(|format| WEB.contains(&format.name)) {
            return Some(format);
        }
    }
    head.root = page;
    None
}

fn sniffed(head: &Head<'_>) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.sniff)(head))
}

#[cfg(test)]
mod tests;
