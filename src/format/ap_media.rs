//! AP Media API (api.ap.org/media/v/docs): ninjs 1 in an envelope, with identity, revisions, bylines and datelines of AP's own.

use serde_json::Value;

use super::bounds::CHILDREN;
use super::error::FormatError;
use super::head::{Document, Head};
use super::ninjs::{self, Object};
use crate::wire::{CodeKind, Parsed, WireCode, WireDateline, WireItem, WireLink, WireText};

/// An answer of the API, or what somebody kept of one: AP alone names its items by `altids`.
pub fn sniff(head: &Head<'_>) -> bool {
    let has = |key: &str| head.keys.contains(&key);
    let is_answer = has("data") && (has("api_version") || has("org_name") || has("api_mode"));
    is_answer || (has("data") || has("item")) && head.text.contains("\"altids\"")
}

/// Reads an answer: one item, or a feed's or search's list of them.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut parsed = Parsed::default();
    let Some(value) = ninjs::value(document, &mut parsed)? else { return Ok(parsed) };
    parsed.feed.provider = Some("AP".into());
    let Some(answer) = Object::of(&value) else { return Ok(parsed) };
    for item in items(&answer).into_iter().take(CHILDREN) {
        parsed.items.push(read(&item, &answer));
    }
    Ok(parsed)
}

/// `data.item`, or the `item` of each of `data.items`; where `data` was taken off, the same without it.
fn items<'v>(answer: &Object<'v>) -> Vec<Object<'v>> {
    let data = answer.object("data").unwrap_or(*answer);
    let mut items: Vec<_> = data.object("item").into_iter().collect();
    items.extend(data.objects("items").into_iter().filter_map(|row| row.object("item")));
    items
}

fn read(object: &Object<'_>, answer: &Object<'_>) -> WireItem {
    let mut item = ninjs::read(object);
    let identity = object.object("altids");
    let of_identity = |key: &str| identity.and_then(|ids| ids.word(key));
    // The chain of a story and its revision (Managing_Revisions_and_Duplicates): versions alone do not tell.
    item.guid = of_identity("itemid").or(item.guid);
    item.revision = of_identity("etag");
    item.transmission = of_identity("transref");
    item.editorial_type =
        object.word("editorialtype").or_else(|| object.words("editorialtypes").into_iter().next());
    item.links.extend(object.objects("links").iter().filter_map(link));
    item.codes.extend(object.word("profile").map(genre));
    bylines(object, &mut item);
    dateline(object, &mut item);
    item.bodies.extend(enclosed_story(object, answer));
    item
}

fn genre(profile: String) -> WireCode {
    WireCode { kind: CodeKind::Genre, name: Some(profile), ..WireCode::default() }
}

fn link(link: &Object<'_>) -> Option<WireLink> {
    Some(WireLink {
        href: link.word("href")?,
        rel: link.word("rel"),
        mime: link.word("type"),
        title: link.word("title"),
    })
}

/// `bylines`: the printed line and the writer's title, which AP prints below it.
fn bylines(object: &Object<'_>, item: &mut WireItem) {
    for byline in object.objects("bylines") {
        let lines: Vec<String> = ["by", "title"].iter().filter_map(|key| byline.word(key)).collect();
        if !lines.is_empty() {
            item.bylines.push(WireText::plain(lines.join("\n")));
        }
    }
}

/// `located` is printed, `datelinelocation` its structure. GeoJSON puts the longitude first.
fn dateline(object: &Object<'_>, item: &mut WireItem) {
    let place = object.object("datelinelocation");
    let word = |key: &str| place.and_then(|place| place.word(key));
    let position = place.and_then(|place| place.object("geometry_geojson")).and_then(|point| {
        match point.words("coordinates").as_slice() {
            [longitude, latitude, ..] => Some((latitude.clone(), longitude.clone())),
            _ => None,
        }
    });
    let text = object.word("located").unwrap_or_default();
    if text.is_empty() && place.is_none() {
        return;
    }
    let (city, region) = (word("city"), word("countryareaname"));
    item.datelines =
        vec![WireDateline { text, city, region, country: word("countrycode"), position, date: None }];
}

/// Superdesk keeps a story's NITF rendition, already read, beside the answer.
fn enclosed_story(object: &Object<'_>, answer: &Object<'_>) -> Option<WireText> {
    let has_own = object.entries().any(|(key, value)| key.starts_with("body") && value != &Value::Null);
    let story = answer.object("nitf").filter(|_| !has_own)?;
    story.word("body_html").map(WireText::html)
}

#[cfg(test)]
mod tests {
    use crate::format::read;
    use crate::wire::Delivery;

    #[test]
    fn an_answer_is_known_with_or_without_its_envelope() {
        let item = r#"{"altids": {"itemid": "a1", "etag": "a1_2"}, "type": "text", "headline": "Moles dig"}"#;
        for answer in [
            format!(r#"{{"api_version": "1.1", "data": {{"item": {item}}}}}"#),
            format!(r#"{{"id": "q", "data": {{"items": [{{"item": {item}}}]}}}}"#),
            format!(r#"{{"item": {item}}}"#),
        ] {
            let parsed =
                read(&Delivery { bytes: answer.clone().into(), ..Delivery::default() }, None).unwrap();
            assert_eq!((parsed.format, parsed.items.len()), ("ap-media", 1), "{answer}");
            assert_eq!(parsed.items[0].guid.as_deref(), Some("a1"), "{answer}");
        }
    }
}
