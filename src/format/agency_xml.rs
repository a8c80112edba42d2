//! XML that an agency made for itself: one table an agency, from the path of an element to the part of the item it is.
//!
//! A new one is a file beside `ritzau.rs` and a row in [`AGENCIES`].

mod release;
mod ritzau;

use super::head;
use super::xml::{Element, Ns, Xml};
use super::{Document, FormatError, Head};
use crate::wire::{
    CodeKind, DateKind, Fault, Parsed, WireCode, WireDate, WireDateline, WireItem, WireLink, WireMedia,
    WirePerson, WireText,
};

/// Elements deeper than this below an item are not looked at.
const DEPTH: usize = 8;

/// One agency's XML.
pub struct Agency {
    /// The element of one story: the root.
    pub item: &'static str,
    /// An element that no other vocabulary with such a root has.
    pub witness: &'static str,
    /// Who sends it.
    pub provider: Option<&'static str>,
    /// Paths below the item, parts by `/`, an attribute by `@`, and what stands there.
    pub rows: &'static [(&'static str, Part)],
}

/// What part of an item a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Guid,
    Version,
    Headline,
    ShortHeadline,
    Slugline,
    Byline,
    Author,
    AuthorMail,
    City,
    Date(DateKind),
    Language,
    Urgency,
    Summary,
    Body,
    Note,
    Link,
    Code(CodeKind),
    Picture,
    PictureCaption,
    /// `true`: this editorial type.
    Type(&'static str),
    /// `true`: this publication status.
    Status(&'static str),
}

/// Every agency that has one.
static AGENCIES: &[&Agency] = &[&ritzau::RITZAU, &release::RELEASE];

/// A root that an agency is known by, with its witness.
pub fn sniff(head: &Head<'_>) -> bool {
    known(head).is_some()
}

fn known(head: &Head<'_>) -> Option<&'static Agency> {
    let root = head.root?;
    let speaks = |agency: &&&Agency| {
        root.tag == agency.item
            && memchr::memmem::find(head.text.as_bytes(), agency.witness.as_bytes()).is_some()
    };
    AGENCIES.iter().find(speaks).copied()
}

/// Reads the story.
///
/// # Errors
/// When its root is no agency's.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let unknown = || FormatError::NotAFeed { found: head::describe(&document.head) };
    let agency = known(&document.head).ok_or_else(unknown)?;
    let mut xml = Xml::new(document, Ns::Other);
    let root = xml.root().ok_or_else(unknown)?;
    let mut item = WireItem {
        class: Some("text".into()),
        provider: agency.provider.map(Into::into),
        ..WireItem::default()
    };
    attributes(agency, "", &root, &mut item);
    below(agency, &mut xml, &root, &mut Vec::new(), &mut item);
    if xml.is_cut() {
        item.faults.push(Fault::new("truncated", "the document ends before its root does"));
    }
    Ok(Parsed { items: vec![item], faults: xml.finish(), ..Parsed::default() })
}

fn below<'a>(
    agency: &Agency,
    xml: &mut Xml<'a>,
    of: &Element<'a>,
    path: &mut Vec<&'a str>,
    item: &mut WireItem,
) {
    while let Some(el) = xml.child(of) {
        path.push(el.tag);
        let here = path.join("/");
        attributes(agency, &here, &el, item);
        match agency.rows.iter().find(|(row, _)| *row == here) {
            Some((_, part)) => part.take(xml.unsaid(&el), item),
            None if path.len() < DEPTH => below(agency, xml, &el, path, item),
            None => {}
        }
        path.pop();
    }
}

fn attributes(agency: &Agency, here: &str, el: &Element<'_>, item: &mut WireItem) {
    for (row, part) in agency.rows {
        let name = row.strip_prefix(here).and_then(|rest| rest.trim_start_matches('/').strip_prefix('@'));
        if let Some(value) = name.and_then(|name| el.get(name)) {
            part.take(WireText::plain(value), item);
        }
    }
}

impl Part {
    /// Puts a text where it belongs; an empty one says nothing.
    fn take(self, text: WireText, item: &mut WireItem) {
        let word = text.text.trim().to_owned();
        if word.is_empty() {
            return;
        }
        match self {
            Self::Guid => item.guid = Some(word),
            Self::Version => item.version = Some(word),
            Self::Headline => item.headlines.push(text),
            Self::ShortHeadline => item.headlines.push(text.with_role("short")),
            Self::Slugline => item.sluglines.push(word),
            Self::Byline => item.bylines.push(WireText::plain(word)),
            Self::Author => item.creators.push(person(word)),
            Self::AuthorMail => item.creators.iter_mut().for_each(|one| one.email = Some(word.clone())),
            Self::City => item.datelines.push(place(word)),
            Self::Date(kind) => item.dates.push(WireDate { kind, text: word }),
            Self::Language => item.language = Some(word),
            Self::Urgency => item.urgency = Some(word),
            Self::Summary => item.summaries.push(text),
            Self::Body => item.bodies.push(text),
            Self::Note => item.ed_notes.push(word),
            Self::Link => item.links.push(link(word)),
            Self::Code(kind) => item.codes.push(code(kind, word)),
            Self::Picture => item.media.push(WireMedia { url: Some(word), ..WireMedia::default() }),
            Self::PictureCaption => caption(text, item),
            Self::Type(kind) => item.editorial_type = said(&word, kind).or(item.editorial_type.take()),
            Self::Status(status) => item.pub_status = said(&word, status).or(item.pub_status.take()),
        }
    }
}

fn person(name: String) -> WirePerson {
    WirePerson { name, ..WirePerson::default() }
}

fn place(city: String) -> WireDateline {
    WireDateline { city: Some(city), ..WireDateline::default() }
}

fn link(href: String) -> WireLink {
    WireLink { href, ..WireLink::default() }
}

/// A code where it is a number, a name where it is a word.
fn code(kind: CodeKind, word: String) -> WireCode {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let (code, name) = if is_number { (Some(word), None) } else { (None, Some(word)) };
    WireCode { kind, code, name, scheme: None }
}

/// The caption of the picture before it.
fn caption(text: WireText, item: &mut WireItem) {
    match item.media.last_mut().filter(|picture| picture.caption.is_none()) {
        Some(picture) => picture.caption = Some(text),
        None => item.media.push(WireMedia { caption: Some(text), ..WireMedia::default() }),
    }
}

fn said(word: &str, meaning: &str) -> Option<String> {
    word.eq_ignore_ascii_case("true").then(|| meaning.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_an_agency_is_named_once() {
        for agency in AGENCIES {
            let mut paths: Vec<&str> = agency.rows.iter().map(|(path, _)| *path).collect();
            paths.sort_unstable();
            let all = paths.len();
            paths.dedup();
            assert_eq!(paths.len(), all, "{}", agency.item);
        }
    }
}
