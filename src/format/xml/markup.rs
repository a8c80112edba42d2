//! XML markup written out as HTML source that an HTML reader understands.

use std::borrow::Cow;

use quick_xml::escape::{escape, partial_escape};
use quick_xml::events::{BytesStart, Event};

use super::attributes::Attributes;
use super::entities::Entities;
use super::{is_void, reader};

/// What a CDATA section among markup is taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cdata {
    /// Text, as XML has it.
    IsText,
    /// HTML, as feeds mean it.
    IsMarkup,
}

/// Takes prefixes off, closes `<a/>`, writes CDATA and declared entities out. Ends quietly where the source is broken.
pub(super) fn rewrite(source: &str, entities: &Entities, cdata: Cdata) -> String {
    let (mut out, mut reader) = (String::with_capacity(source.len()), reader(source));
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => start(&mut out, &tag, ">"),
            Ok(Event::Empty(tag)) if is_void(local(tag.name().as_ref())) => start(&mut out, &tag, ">"),
            Ok(Event::Empty(tag)) => {
                start(&mut out, &tag, ">");
                end(&mut out, tag.name().as_ref());
            }
            Ok(Event::End(tag)) => end(&mut out, tag.name().as_ref()),
            Ok(Event::Text(text)) => out.push_str(&text),
            Ok(Event::CData(text)) if cdata == Cdata::IsText => {
                out.push_str(&partial_escape(text.into_inner()))
            }
            Ok(Event::CData(text)) => out.push_str(&text),
            Ok(Event::GeneralRef(name)) => out.push_str(&reference(&name, entities)),
            Ok(Event::Eof) => break,
            Ok(_) | Err(quick_xml::Error::IllFormed(_)) => {}
            Err(_) => break,
        }
    }
    let trimmed = out.trim();
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

/// A declared entity is written out; the rest is left to the HTML reader, who knows more of them.
fn reference<'n>(name: &'n str, entities: &Entities) -> Cow<'n, str> {
    match entities.resolve(name).filter(|_| entities.declares(name)) {
        Some(value) => Cow::Owned(partial_escape(value).into_owned()),
        None => Cow::Owned(format!("&{name};")),
    }
}

fn start(out: &mut String, tag: &BytesStart<'_>, close: &str) {
    let name = tag.name();
    out.push('<');
    out.push_str(local(name.as_ref()));
    let attributes = Attributes::new(tag, name.as_ref().len());
    for (key, value) in attributes.iter().filter(|(key, _)| !key.starts_with("xmlns")) {
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        // As printed: it is source already. Only the quote may differ from ours.
        out.push_str(&if value.contains('"') { escape(value) } else { value });
        out.push('"');
    }
    out.push_str(close);
}

/// HTML has no end tag for `br`: it would read `</br>` as one more.
fn end(out: &mut String, name: &str) {
    let name = local(name);
    if !is_void(name) {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
