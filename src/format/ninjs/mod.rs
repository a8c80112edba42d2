//! ninjs 1.x, 2.x and 3.x (iptc.org/std/ninjs), and the dialects that Superdesk and others speak.
//!
//! The three generations say the same in three spellings: `body_text`, `bodies` and `bodies` again, `versioncreated` and
//! `versionCreated`, `place` and `places`. Keys are matched without case and by either name.

mod media;
mod object;
mod texts;

use serde_json::Value;

use super::bounds::{self, CHILDREN};
use super::error::FormatError;
use super::head::{Document, Head};
use super::json;
use super::json_feed;
use crate::wire::{
    CodeKind, DateKind, Fault, Parsed, WireCode, WireDate, WireDateline, WireItem, WirePerson, WireText,
};
pub use object::Object;

/// Objects that name themselves by `uri` or `guid`, alone or in a list.
pub fn sniff(head: &Head<'_>) -> bool {
    head.keys.iter().any(|key| matches!(*key, "uri" | "guid" | "altids" | "altIds")) || is_answer(head)
}

/// The answer of a content API: the items stand in a list inside (Superdesk).
fn is_answer(head: &Head<'_>) -> bool {
    let is_dated = || {
        ["\"versioncreated\"", "\"versionCreated\"", "\"version_created\""]
            .iter()
            .any(|key| memchr::memmem::find(head.text.as_bytes(), key.as_bytes()).is_some())
    };
    head.keys.iter().any(|key| LISTS.contains(key)) && is_dated()
}

/// Keys under which an answer keeps its items.
const LISTS: &[&str] = &["_items", "items"];

/// Reads one item, or a list of them.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut parsed = Parsed::default();
    match value(document, &mut parsed)? {
        Some(Value::Array(items)) => list(&items, &mut parsed),
        Some(one) if answered(&one).is_some() => list(answered(&one).unwrap_or_default(), &mut parsed),
        Some(one) => parsed.items.extend(Object::of(&one).map(|item| read(&item))),
        None => {}
    }
    Ok(parsed)
}

/// The items in an answer that is no item itself.
fn answered(value: &Value) -> Option<&[Value]> {
    let is_item = ["uri", "guid", "altids", "altIds"].iter().any(|key| value.get(key).is_some());
    let list = LISTS.iter().find_map(|key| value.get(key)?.as_array());
    list.filter(|_| !is_item).map(Vec::as_slice)
}

fn list(items: &[Value], parsed: &mut Parsed) {
    if items.len() > CHILDREN {
        parsed.faults.push(bounds::limit("items", CHILDREN));
    }
    for value in items.iter().take(CHILDREN) {
        match Object::of(value) {
            Some(item) => parsed.items.push(read(&item)),
            None => bounds::note(&mut parsed.faults, json_feed::no_item(value)),
        }
    }
}

/// The document as JSON. One that is cut short, or broken beyond mending, gives nothing but the fault.
///
/// # Errors
/// When it has more values than any news has.
pub fn value(document: &Document<'_>, parsed: &mut Parsed) -> Result<Option<Value>, FormatError> {
    bounds::weigh_json(document.text, "ninjs")?;
    let error = match serde_json::from_str(document.text) {
        Ok(value) => return Ok(Some(value)),
        Err(error) => error,
    };
    let code = if error.is_eof() { "truncated" } else { "json_syntax" };
    parsed.faults.push(Fault::new(code, error.to_string()));
    Ok(json::mended(document.text).and_then(|mended| serde_json::from_str(&mended).ok()))
}

/// Which dates there are, by either spelling.
const DATES: &[(&str, DateKind)] = &[
    ("firstcreated", DateKind::Published),
    ("versioncreated", DateKind::Updated),
    ("contentcreated", DateKind::Created),
    ("embargoed", DateKind::Embargoed),
    ("expires", DateKind::Expires),
];

/// What the codes are about, by the key they stand under.
const CODES: &[(&str, CodeKind)] = &[
    ("subject", CodeKind::Subject),
    ("subjects", CodeKind::Subject),
    ("genre", CodeKind::Genre),
    ("genres", CodeKind::Genre),
    ("place", CodeKind::Place),
    ("places", CodeKind::Place),
    ("person", CodeKind::Person),
    ("people", CodeKind::Person),
    ("organisation", CodeKind::Organisation),
    ("organisations", CodeKind::Organisation),
    ("keyword", CodeKind::Keyword),
    ("keywords", CodeKind::Keyword),
];

/// Reads one item.
pub fn read(object: &Object<'_>) -> WireItem {
    let mut item = WireItem {
        guid: object.word("guid").or_else(|| object.word("uri")),
        version: object.word("version"),
        provider: object.word("provider"),
        class: object.word("type"),
        language: object.word("language"),
        urgency: object.word("urgency"),
        sluglines: object.words("slugline"),
        signals: object.words("signals"),
        copyrights: object.words("copyrightnotice"),
        usage_terms: object.words("usageterms"),
        ed_notes: object.words("ednote"),
        word_count: object.word("wordcount"),
        source: source(object),
        codes: CODES.iter().flat_map(|(key, kind)| codes(object, key, *kind)).collect(),
        ..WireItem::default()
    };
    // in whatever case they are spelt: one of several must not hide the others
    object.every("pubstatus").for_each(|said| item.add_status(Some(said)));
    let number = |id: &Object<'_>| id.word("role").is_some_and(|role| role.eq_ignore_ascii_case("transref"));
    item.transmission = object.objects("altids").iter().find(|id| number(id)).and_then(|id| id.word("value"));
    // 3.x keeps them together with their machine-readable form
    if let Some(rights) = object.object("rightsinfo").filter(|_| item.usage_terms.is_empty()) {
        item.usage_terms = rights.words("usageterms");
    }
    if item.copyrights.is_empty() {
        item.copyrights = object.words("copyrightholder");
    }
    for (key, kind) in DATES {
        let said: Vec<String> = match kind {
            DateKind::Embargoed => object.every(key).collect(),
            _ => object.text(key).into_iter().collect(),
        };
        item.dates.extend(said.into_iter().map(|text| WireDate { kind: *kind, text }));
    }
    signatures(object, &mut item);
    texts::read(object, &mut item);
    media::read(object, &mut item);
    item
}

/// Who wrote it, and where.
fn signatures(object: &Object<'_>, item: &mut WireItem) {
    let by = object.word("byline").or_else(|| object.word("by"));
    item.bylines.extend(by.map(WireText::plain));
    item.creators.extend(object.objects("authors").iter().filter_map(author));
    let located = object.word("located");
    item.datelines.extend(located.map(|city| WireDateline { city: Some(city), ..WireDateline::default() }));
}

fn author(object: &Object<'_>) -> Option<WirePerson> {
    let name = object.word("name")?;
    Some(WirePerson { name, role: object.word("role"), email: object.word("email"), ..WirePerson::default() })
}

fn source(object: &Object<'_>) -> Option<String> {
    let named = |key: &str| object.objects(key).first().and_then(|source| source.word("name"));
    object.word("source").or_else(|| named("infosource")).or_else(|| named("infosources"))
}

/// Codes are objects, or bare words.
fn codes(object: &Object<'_>, key: &str, kind: CodeKind) -> Vec<WireCode> {
    let bare =
        object.words(key).into_iter().map(|name| WireCode { kind, name: Some(name), ..WireCode::default() });
    let objects = object.objects(key);
    let full = objects.iter().map(|code| WireCode {
        kind,
        code: ["code", "qcode", "uri", "literal"].iter().find_map(|key| code.word(key)),
        name: code.word("name"),
        scheme: code.word("scheme"),
    });
    bare.chain(full).filter(|code| code.code.is_some() || code.name.is_some()).collect()
}

#[cfg(test)]
mod tests;
