//! The fixtures, field by field.

use crate::format;
use crate::wire::{CodeKind, DateKind, Delivery, WireItem};

fn items(name: &str) -> Vec<WireItem> {
    let path = format!("{}/fixtures/newsml-1/{name}.xml", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    format::read(&Delivery { bytes, ..Delivery::default() }, None).unwrap().items
}

fn named(item: &WireItem, kind: CodeKind) -> Vec<&str> {
    let of_kind = item.codes.iter().filter(|code| code.kind == kind);
    of_kind.map(|code| code.name.as_deref().or(code.code.as_deref()).unwrap()).collect()
}

#[test]
fn the_lines_and_the_metadata_of_a_text_item_are_read() {
    let item = items("text").remove(0);
    assert_eq!(item.guid.as_deref(), Some("urn:newsml:northgate.example:20240401:TX-1042:2"));
    assert_eq!(item.chain.as_deref(), Some("northgate.example:20240401:TX-1042"));
    assert_eq!(
        (item.version.as_deref(), item.pub_status.as_deref(), item.urgency.as_deref()),
        (Some("2"), Some("Usable"), Some("3"))
    );
    assert_eq!(item.headlines[0].text, "Crews return to the slide on Highway 1");
    assert_eq!(item.headlines[1].role.as_deref(), Some("sub"));
    assert_eq!(item.bylines[0].text, "By Dora Quill\nNorthgate Transport Writer");
    assert_eq!(item.datelines[0].text, "Harbor Point, Apr 1, 2024 (NNA) -");
    assert_eq!(item.datelines[1].city.as_deref(), Some("Harbor Point"));
    assert_eq!(item.sluglines, ["US-road", "US-coast-road-slide"]);
    assert_eq!(item.source.as_deref(), Some("NNA/Coast Daily"));
    assert_eq!(item.ed_notes, ["(Pictures)"]);
    assert_eq!(item.usage_terms, ["Not for use after 30 days", "Subscribers only"]);
    assert_eq!(named(&item, CodeKind::Subject), ["03000000", "03015000", "03015001"]);
    assert_eq!(named(&item, CodeKind::Keyword), ["slide", "road"]);
    assert_eq!(item.related.len(), 1, "a kind of companion is no item");
    assert_eq!((item.class.as_deref(), item.word_count.as_deref()), (Some("Text"), Some("23")));
    assert!(item.bodies[0].text.contains("<em>Highway 1</em> late Monday."), "{:?}", item.bodies);
}

#[test]
fn a_story_told_in_two_languages_is_two_stories_with_versions_of_their_own() {
    let items = items("two-languages");
    let told: Vec<_> = items
        .iter()
        .map(|item| (item.language.as_deref(), item.headlines[0].text.as_str(), item.bodies[0].text.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("en"), "Port opens again", "The harbour master <b>lifted</b> the ban on Tuesday."),
            (Some("fr"), "Le port rouvre", "La capitainerie a levé l'interdiction."),
        ]
    );
    assert_eq!(items[0].chain.as_deref(), Some("meridian.example::98001"));
    assert_eq!(items[1].chain.as_deref(), Some("meridian.example::98001:fr"));
    assert_eq!(items[0].summaries[0].text, "Ships may leave from Tuesday.");
    assert_eq!(items[0].media[0].caption.as_ref().unwrap().text, "A ship leaves Larnaca, April 2, 2024.");
    assert_eq!(items[0].media[0].url.as_deref(), Some("98002.jpeg"));
    assert_eq!(
        (items[0].sluglines[0].as_str(), items[0].ed_notes[0].as_str()),
        ("Harbours", "Tides in the second part")
    );
    assert_eq!(items[0].bylines[0].text, "MERIDIAN");
}

#[test]
fn a_release_is_read_by_the_roles_of_its_components() {
    let item = items("press-release").remove(0);
    assert_eq!(item.guid.as_deref(), Some("urn:newsml:nordport.example:20240403:pr-6"));
    assert_eq!(item.bodies.len(), 1);
    assert!(item.bodies[0].text.contains("<b>300 metres</b> long.</p><table>"), "{:?}", item.bodies);
    assert_eq!(item.summaries[0].text, "<p>A quay for larger ships.</p>");
    assert_eq!(item.media[0].caption.as_ref().unwrap().text, "The new quay. (Photo: Nordport)");
    assert_eq!(item.media[0].mime.as_deref(), Some("image/jpeg"));
    let held = item.dates.iter().find(|date| date.kind == DateKind::Embargoed).unwrap();
    assert_eq!(held.text, "20240404T080000+0200");
    assert_eq!(named(&item, CodeKind::Keyword), ["Shipping"]);
}

#[test]
fn a_photo_takes_its_caption_and_a_kill_its_instruction() {
    let items = items("photo");
    assert_eq!(items[0].class.as_deref(), Some("Photo"));
    assert!(items[0].media[0].caption.as_ref().unwrap().text.contains("Searchers walk towards the wreck"));
    assert!(items[0].bodies.is_empty());
    assert_eq!(
        (items[1].pub_status.as_deref(), items[1].editorial_type.as_deref()),
        (Some("Canceled"), Some("Kill"))
    );
}
