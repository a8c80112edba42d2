//! The fixtures of ninjs and of AP's API, field by field.

use crate::format;
use crate::wire::{CodeKind, DateKind, Delivery, WireItem};

fn items(name: &str) -> Vec<WireItem> {
    let path = format!("{}/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    format::read(&Delivery { bytes, ..Delivery::default() }, None).unwrap().items
}

fn named(item: &WireItem, kind: CodeKind) -> Vec<&str> {
    let of_kind = item.codes.iter().filter(|code| code.kind == kind);
    of_kind.map(|code| code.name.as_deref().unwrap_or_default()).collect()
}

fn main_headline(item: &WireItem) -> Option<&str> {
    let is_main = |role: Option<&str>| role.is_none();
    item.headlines.iter().find(|line| is_main(line.role.as_deref())).map(|line| line.text.as_str())
}

#[test]
fn the_three_generations_say_the_same_in_three_spellings() {
    for (name, guid, headline, byline, body) in [
        (
            "ninjs/flat-1.x",
            "https://northgate.example/items/1042",
            "Crews return to the slide on Highway 1",
            "By Dora Quill",
            "<p>Crews moved back onto <em>Highway 1</em> late Monday.</p>",
        ),
        (
            "ninjs/lists-2.x",
            "http://tageswerk.example/text/31",
            "Hilfsschiff wieder im Hafen",
            "Klara Weiß",
            "<p>Das Schiff liegt wieder im Hafen, <b>240 Tonnen</b> bleiben an Bord.</p>",
        ),
        ("ninjs/camel-3.x", "urn:meridian:pic:400", "Searchers near Lake Tahoe", "Ana Ruiz", ""),
    ] {
        let item = items(name).remove(0);
        assert_eq!(item.guid.as_deref(), Some(guid), "{name}");
        assert_eq!(main_headline(&item), Some(headline), "{name}");
        assert_eq!(item.bylines[0].text, byline, "{name}");
        assert_eq!(item.bodies.first().map_or("", |body| &body.text), body, "{name}");
        assert!(item.dates.iter().any(|date| date.kind == DateKind::Updated), "{name}");
    }
}

#[test]
fn codes_are_sorted_by_the_key_they_stand_under() {
    let item = items("ninjs/flat-1.x").remove(0);
    assert_eq!(named(&item, CodeKind::Subject), ["road accident and incident"]);
    assert_eq!(named(&item, CodeKind::Place), ["California"]);
    assert_eq!(named(&item, CodeKind::Person), ["Lena Marsh"]);
    assert_eq!(named(&item, CodeKind::Keyword), ["slide", "road"]);
    assert_eq!(named(&item, CodeKind::Genre), ["Article (news)"]);
}

#[test]
fn a_description_is_a_summary_of_a_text_and_the_caption_of_a_picture() {
    let text = items("ninjs/lists-2.x").remove(0);
    assert_eq!(
        text.summaries.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        ["Das Schiff liegt wieder im Hafen."]
    );
    assert_eq!(text.credit.as_deref(), Some("tw"));
    assert_eq!(text.media[0].caption.as_ref().unwrap().text, "Das Schiff im Hafen von Larnaka.");
    assert_eq!(text.media[0].credit.as_deref(), Some("Ivo Tamm/tw"));
    let picture = items("ninjs/camel-3.x").remove(0);
    assert!(picture.media[0].caption.as_ref().unwrap().text.starts_with("Searchers walk"));
    assert_eq!(picture.media[0].length.as_deref(), Some("1190334"));
    assert!(picture.summaries.is_empty());
}

#[test]
fn companions_are_related_and_only_pictures_are_media() {
    let item = items("ninjs/flat-1.x").remove(0);
    let related: Vec<_> =
        item.related.iter().map(|it| (it.rel.as_deref().unwrap(), it.title.as_deref().unwrap())).collect();
    assert_eq!(related, [("featuremedia", "Slide on Highway 1"), ("sidebar", "What a slide is")]);
    assert_eq!(item.media.iter().filter(|media| media.caption.is_some()).count(), 1);
}

#[test]
fn an_item_that_says_little_is_read_and_its_odd_date_handed_on() {
    let item = items("ninjs/least").remove(0);
    assert_eq!(item.version.as_deref(), Some("2"));
    assert_eq!(item.dates[0].text, "soon");
}

#[test]
fn an_answer_of_aps_api_is_known_by_item_and_etag() {
    let item = items("ap-media/item").remove(0);
    assert_eq!((item.guid.as_deref(), item.revision.as_deref()), (Some("0f1e2d3c"), Some("0f1e2d3c_1a2")));
    assert_eq!(item.bylines[0].text, "By DORA QUILL\nNorthgate Daily");
    assert_eq!(item.datelines[0].text, "HARBOR POINT, Calif.");
    assert_eq!(item.datelines[0].position, Some(("36.27".into(), "-121.8".into())));
    assert_eq!(item.editorial_type.as_deref(), Some("Writethru"));
    assert_eq!(item.signals, ["newscontent"]);
    assert_eq!(item.usage_terms, ["Editorial use only", "No archive"]);
    assert_eq!(main_headline(&item), Some("Crews return to the slide on Highway 1"));
}

#[test]
fn a_feed_of_aps_api_gives_every_item() {
    let items = items("ap-media/feed");
    assert_eq!(items.len(), 2);
    assert_eq!(items[0].media[0].photographer.as_deref(), Some("Ana Ruiz"));
    assert_eq!(items[0].media[0].credit.as_deref(), Some("Ana Ruiz/Northgate Daily via AP"));
    assert_eq!(items[1].editorial_type.as_deref(), Some("Advisory"));
}
