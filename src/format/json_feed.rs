//! JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1).
//!
//! Items are taken one by one as they are read, so that a document cut short gives its whole items.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::bounds::{self, CHILDREN};
use super::error::FormatError;
use super::head::{Document, Head};
use super::json;
use crate::wire::{
    CodeKind, DateKind, Fault, Parsed, WireCode, WireDate, WireFeed, WireItem, WireLink, WireMedia,
    WirePerson, WireRelation, WireText,
};

/// An object with `items` and at least one other key that a feed has.
pub fn sniff(head: &Head<'_>) -> bool {
    const ALSO: &[&str] = &["version", "title", "home_page_url", "feed_url"];
    head.text.starts_with('{')
        && head.keys.contains(&"items")
        && head.keys.iter().any(|key| ALSO.contains(key))
}

/// Reads a whole feed.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    bounds::weigh_json(document.text, "jsonfeed")?;
    let mut parsed = outline(document.text);
    let is_wrong = |parsed: &Parsed| parsed.faults.iter().any(|fault| fault.code == "json_syntax");
    if let Some(mended) = Some(document.text).filter(|_| is_wrong(&parsed)).and_then(json::mended) {
        let wrong = std::mem::replace(&mut parsed, outline(&mended)).faults;
        parsed.faults.extend(wrong.into_iter().filter(|fault| fault.code == "json_syntax"));
    }
    let Parsed { feed, items, .. } = &mut parsed;
    if feed.links.iter().all(|link| link.rel.is_some()) {
        let own =
            feed.links.iter().find(|link| link.rel.as_deref() == Some("self")).map(|own| own.href.clone());
        feed.links.extend(own.map(|href| link(href, None)));
    }
    for item in items.iter_mut().filter(|item| item.creators.is_empty()) {
        item.creators.clone_from(&feed.creators);
    }
    Ok(parsed)
}

/// What there is of the feed, up to where it cannot be read.
fn outline(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut json = serde_json::Deserializer::from_str(text);
    if let Err(error) = (Outline { parsed: &mut parsed }).deserialize(&mut json) {
        let code = if error.is_eof() { "truncated" } else { "json_syntax" };
        parsed.faults.push(Fault::new(code, error.to_string()));
    }
    parsed
}

/// The outermost object.
struct Outline<'p> {
    parsed: &'p mut Parsed,
}

impl<'de> DeserializeSeed<'de> for Outline<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Outline<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the object of a JSON feed")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                map.next_value_seed(Items { parsed: self.parsed })?;
            } else {
                about(&key, &map.next_value()?, &mut self.parsed.feed);
            }
        }
        Ok(())
    }
}

/// The list of items.
struct Items<'p> {
    parsed: &'p mut Parsed,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(value) = seq.next_element::<Value>()? {
            match value.is_object() {
                true if self.parsed.items.len() < CHILDREN => self.parsed.items.push(item(&value)),
                true => {
                    self.parsed.faults.push(bounds::limit("items", CHILDREN));
                    while seq.next_element::<IgnoredAny>()?.is_some() {}
                }
                false => bounds::note(&mut self.parsed.faults, no_item(&value)),
            }
        }
        Ok(())
    }
}

/// What stands among the items and is none.
pub fn no_item(value: &Value) -> Fault {
    let printed: String = value.to_string().chars().take(60).collect();
    Fault::of("bad_item", "items", format!("among the items stands {printed}, which is no object"))
}

/// What the feed says of itself.
fn about(key: &str, value: &Value, feed: &mut WireFeed) {
    match key {
        "title" => feed.title = word(value).map(WireText::plain),
        "description" => feed.subtitle = word(value).map(WireText::plain),
        "home_page_url" => feed.links.extend(word(value).map(|href| link(href, None))),
        "feed_url" => feed.links.extend(word(value).map(|href| link(href, Some("self")))),
        "next_url" => feed.links.extend(word(value).map(|href| link(href, Some("next")))),
        "hubs" => feed
            .links
            .extend(list(value).filter_map(|hub| text(hub, "url")).map(|href| link(href, Some("hub")))),
        "icon" => feed.image = word(value).or_else(|| feed.image.take()),
        "favicon" => feed.image = feed.image.take().or_else(|| word(value)),
        "language" => feed.language = word(value),
        "authors" | "author" => add_people(&mut feed.creators, value),
        _ => {}
    }
}

fn item(value: &Value) -> WireItem {
    let mut item = WireItem {
        guid: text(value, "id"),
        language: text(value, "language"),
        headlines: text(value, "title").map(WireText::plain).into_iter().collect(),
        summaries: text(value, "summary").map(WireText::plain).into_iter().collect(),
        ..WireItem::default()
    };
    // Both say the same in two ways; the richer one is the body.
    let body = text(value, "content_html").map(WireText::html);
    item.bodies.extend(body.or_else(|| text(value, "content_text").map(WireText::plain)));
    let page = text(value, "url").or_else(|| text(value, "external_url"));
    item.links.extend(page.map(|href| link(href, None)));
    item.related.extend(text(value, "external_url").map(external));
    for (key, kind) in [("date_published", DateKind::Published), ("date_modified", DateKind::Updated)] {
        item.dates.extend(text(value, key).map(|text| WireDate { kind, text }));
    }
    for authors in ["author", "authors"].iter().filter_map(|key| value.get(key)) {
        add_people(&mut item.creators, authors);
    }
    item.codes.extend(value.get("tags").into_iter().flat_map(tags));
    for (key, role) in [("image", "image"), ("banner_image", "banner")] {
        let image = text(value, key);
        item.media.extend(image.map(|url| WireMedia {
            url: Some(url),
            role: Some(role.into()),
            ..WireMedia::default()
        }));
    }
    item.media.extend(value.get("attachments").into_iter().flat_map(list).map(attachment));
    item
}

/// The title of what is looked at is printed under it.
fn attachment(value: &Value) -> WireMedia {
    let mime = text(value, "mime_type");
    let is_seen = mime.as_deref().is_none_or(|mime| mime.starts_with("image/") || mime.starts_with("video/"));
    WireMedia {
        url: text(value, "url"),
        caption: text(value, "title").filter(|_| is_seen).map(WireText::plain),
        mime,
        length: text(value, "size_in_bytes"),
        role: Some("attachment".to_owned()),
        ..WireMedia::default()
    }
}

/// One author or a list of them. Version 1.0 has `author`, 1.1 `authors`, and many feeds print both.
fn add_people(known: &mut Vec<WirePerson>, value: &Value) {
    for value in list(value) {
        let uri = text(value, "url");
        let email = uri.as_deref().and_then(|uri| uri.strip_prefix("mailto:")).map(str::to_owned);
        let name = text(value, "name").or_else(|| word(value)).or_else(|| email.clone()).unwrap_or_default();
        let person = WirePerson { name, email, uri, ..WirePerson::default() };
        if person != WirePerson::default() && known.iter().all(|known| known.name != person.name) {
            known.push(person);
        }
    }
}

/// The values of a list; anything else is a list of one.
fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice).iter()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(word)
}

/// A string that is not empty, or a number as printed: identifiers are numbers in the wild.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn link(href: String, rel: Option<&str>) -> WireLink {
    WireLink { href, rel: rel.map(str::to_owned), ..WireLink::default() }
}

/// The page that a link blog's item is about.
fn external(target: String) -> WireRelation {
    WireRelation { rel: Some("external".to_owned()), target, title: None }
}

/// A list of tags, or all of them in one line.
fn tags(value: &Value) -> Vec<WireCode> {
    let in_line = |line: &str| line.split(',').filter_map(|tag| word(&Value::from(tag))).collect();
    let names: Vec<String> = value.as_str().map_or_else(|| list(value).filter_map(word).collect(), in_line);
    let tag = |name| WireCode { kind: CodeKind::Keyword, name: Some(name), ..WireCode::default() };
    names.into_iter().map(tag).collect()
}

#[cfg(test)]
mod tests {
    use crate::format::read;
    use crate::wire::{Delivery, Parsed};

    fn parsed(json: &str) -> Parsed {
        read(&Delivery { bytes: json.into(), ..Delivery::default() }, None).unwrap()
    }

    #[test]
    fn an_item_is_read_whatever_types_its_values_have() {
        let parsed = parsed(
            r#"{"version": "https://jsonfeed.org/version/1.1", "author": {"name": "Desk"}, "items": [
            {"id": 4711, "title": null, "content_text": "x", "tags": "rail, strike", "external_url": "https://b.example/", "authors": []},
            "not an item",
            {"id": "b", "content_html": "<p>x</p>", "content_text": "x", "authors": [{"name": "Jo"}], "author": {"name": "Jo"}}]}"#,
        );
        let [loose, strict] = parsed.items.as_slice() else { panic!("{:?}", parsed.items) };
        assert_eq!((loose.guid.as_deref(), loose.codes.len(), loose.headlines.len()), (Some("4711"), 2, 0));
        assert_eq!(loose.links[0].href, "https://b.example/");
        assert_eq!(loose.creators[0].name, "Desk");
        assert_eq!((strict.bodies.len(), strict.creators.len()), (1, 1));
    }

    #[test]
    fn an_author_with_a_mail_address_only_is_known_by_it() {
        for (author, name, email) in [
            (r#"{"name": "Jo", "url": "mailto:jo@a.example"}"#, "Jo", Some("jo@a.example")),
            (r#"{"url": "mailto:jo@a.example"}"#, "jo@a.example", Some("jo@a.example")),
            (r#"{"url": "https://a.example/jo"}"#, "", None),
        ] {
            let json = format!(r#"{{"version": "1.1", "items": [{{"id": "a", "authors": [{author}]}}]}}"#);
            let person = &parsed(&json).items[0].creators[0];
            assert_eq!((person.name.as_str(), person.email.as_deref()), (name, email), "{author}");
        }
    }

    #[test]
    fn a_feed_cut_short_gives_its_whole_items() {
        let parsed =
            parsed(r#"{"version": "1.1", "title": "t", "items": [{"id": "a"}, {"id": "b", "title": "Ha"#);
        assert_eq!(parsed.items.len(), 1);
        assert_eq!(parsed.faults[0].code, "truncated");
    }
}
