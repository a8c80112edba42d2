//! What stands inside an element: as text, or as the markup it is.

use std::borrow::Cow;

use super::attributes::Element;
use super::{Step, Xml, is_void, markup};

/// What a walk to the end of an element saw.
#[derive(Default)]
struct Walk<'a> {
    text: Cow<'a, str>,
    /// The source between start and end tag.
    source: &'a str,
    has_children: bool,
    /// The source cannot stand as HTML: CDATA, prefixes, `<a/>`, the document's own entities.
    needs_rewriting: bool,
}

/// Text only, trimmed.
pub(super) fn text<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> String {
    trimmed(walk(xml, of, true).text)
}

/// The inside as HTML source, trimmed.
pub(super) fn markup<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> String {
    let walk = walk(xml, of, false);
    rewritten(xml, &walk, markup::Cdata::IsText)
}

/// Escaped or CDATA markup comes back as it was before; where somebody forgot to escape it, as it stands.
/// The second value tells that apart.
pub(super) fn embedded<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> (String, bool) {
    let walk = walk(xml, of, true);
    if walk.has_children {
        (rewritten(xml, &walk, markup::Cdata::IsMarkup), true)
    } else {
        (trimmed(walk.text), false)
    }
}

fn rewritten(xml: &Xml<'_>, walk: &Walk<'_>, cdata: markup::Cdata) -> String {
    // An HTML reader takes `</br>` for one more line break.
    if walk.needs_rewriting || memchr::memmem::find(walk.source.as_bytes(), b"</br>").is_some() {
        markup::rewrite(walk.source, xml.entities, cdata)
    } else {
        walk.source.trim().to_owned()
    }
}

fn walk<'a>(xml: &mut Xml<'a>, of: &Element<'a>, collect: bool) -> Walk<'a> {
    let mut walk = Walk::default();
    if !xml.is_within(of) {
        return walk;
    }
    let from = xml.position();
    let mut to = from;
    while xml.is_within(of) {
        match xml.step() {
            Step::Start => {
                walk.has_children = true;
                let name = xml.tag.name();
                walk.needs_rewriting |= name.contains(':') || (xml.is_empty && !is_void(name));
            }
            Step::Text(text) => {
                walk.needs_rewriting |= xml.entities.may_declare(text);
                if collect {
                    append(&mut walk.text, xml.entities.decode(text));
                }
            }
            Step::Cdata(text) => {
                walk.needs_rewriting = true;
                if collect {
                    append(&mut walk.text, text.into());
                }
            }
            Step::End(at) => to = at,
            Step::Eof => {
                to = xml.source.len();
                break;
            }
        }
    }
    walk.source = xml.source.get(from..to).unwrap_or_default();
    walk
}

/// White space before the first word is not worth a copy of what follows it.
fn append<'a>(whole: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if whole.trim_start().is_empty() {
        *whole = piece;
    } else {
        whole.to_mut().push_str(&piece);
    }
}

fn trimmed(text: Cow<'_, str>) -> String {
    match text {
        Cow::Borrowed(text) => text.trim().to_owned(),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end().len());
            text.drain(..text.len() - text.trim_start().len());
            text
        }
    }
}
