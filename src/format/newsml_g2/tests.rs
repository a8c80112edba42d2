//! The fixtures, field by field.

use crate::format;
use crate::wire::{CodeKind, Delivery, Parsed, WireItem};

fn fixture(name: &str) -> Parsed {
    let path = format!("{}/fixtures/newsml-g2/{name}.xml", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    format::read(&Delivery { bytes, ..Delivery::default() }, None).unwrap()
}

fn item(name: &str) -> WireItem {
    fixture(name).items.remove(0)
}

fn body(item: &WireItem) -> &str {
    &item.bodies[0].text
}

#[test]
fn a_message_gives_its_items_in_order_and_the_header_their_sender() {
    let parsed = fixture("message-with-many-items");
    let classes: Vec<_> = parsed.items.iter().map(|item| item.class.as_deref().unwrap()).collect();
    assert_eq!(classes, ["ninat:composite", "ninat:text", "ninat:picture"]);
    assert_eq!(parsed.feed.provider.as_deref(), Some("northgate.example"));
    assert_eq!(parsed.feed.id.as_deref(), Some("NNA-000981"));
    let members: Vec<_> = parsed.items[0]
        .related
        .iter()
        .map(|member| (member.target.as_str(), member.title.as_deref()))
        .collect();
    assert_eq!(
        members,
        [
            ("urn:newsml:northgate.example:20240401:n-1050", Some("Aid ship turns back")),
            ("urn:newsml:northgate.example:20240401:pic-19", None),
        ]
    );
}

#[test]
fn inline_nitf_fills_what_the_metadata_leaves_open() {
    let item = item("text-with-nitf-inline");
    assert_eq!(item.bylines[0].text, "By Dora Quill\nNorthgate Transport Writer");
    assert_eq!(item.datelines[0].text, "HARBOR POINT, Calif.");
    assert_eq!(item.datelines[0].country.as_deref(), Some("United States"));
    assert_eq!(item.headlines.len(), 1);
    assert!(body(&item).contains("back onto <em>Highway 1</em> late Monday"), "{}", body(&item));
    assert!(!body(&item).contains("Ivo Tamm"), "a caption is no copy: {}", body(&item));
    assert_eq!(item.media[0].photographer.as_deref(), Some("Ivo Tamm"));
    assert_eq!(item.word_count.as_deref(), Some("74"));
}

#[test]
fn an_xhtml_body_is_kept_as_markup_without_prefixes() {
    let item = item("text-with-xhtml-inline");
    assert!(body(&item).contains("<b>seven days</b>, the second"), "{}", body(&item));
    assert!(body(&item).contains("href=\"https://meridian.example/drafts?a=1&amp;b=2\""), "{}", body(&item));
    assert!(!body(&item).contains("not copy"));
    assert_eq!(item.bylines[0].text, "By Samir Okafor and June Vance");
    assert_eq!(item.related[0].rel.as_deref(), Some("irel:derivedFrom"));
}

#[test]
fn status_embargo_and_version_are_handed_over_as_printed() {
    use crate::wire::DateKind::Embargoed;
    let cases = [
        ("withheld", Some("stat:withheld"), Some("2"), None),
        ("canceled", Some("stat:canceled"), Some("4"), None),
        ("embargoed-until-a-time", Some("stat:usable"), Some("1"), Some("2024-04-03T00:01:00+01:00")),
        ("embargoed-with-no-end", Some("stat:usable"), Some("1"), Some("")),
        ("no-version-no-status", None, None, None),
    ];
    for (name, status, version, embargo) in cases {
        let item = item(name);
        let held = item.dates.iter().find(|date| date.kind == Embargoed).map(|date| date.text.as_str());
        assert_eq!(
            (item.pub_status.as_deref(), item.version.as_deref(), held),
            (status, version, embargo),
            "{name}"
        );
    }
}

#[test]
fn the_items_own_language_wins_among_several() {
    let item = item("two-languages");
    assert_eq!(item.provider.as_deref(), Some("Nachrichtenagentur Tageswerk"));
    assert_eq!(item.copyrights, ["Copyright 2024 Tageswerk, alle Rechte vorbehalten"]);
    assert_eq!(item.usage_terms, ["Nutzung nur mit Vertrag"]);
    assert_eq!(item.headlines[0].text, "Hilfsschiff wieder im Hafen");
    let named = |kind| {
        let named = item.codes.iter().filter(move |code| code.kind == kind);
        named.map(|code| code.name.clone().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(named(CodeKind::Subject), ["Bewaffneter Konflikt", "Geberkonferenz"]);
    assert_eq!(named(CodeKind::Place), ["Zypern"]);
    assert_eq!(named(CodeKind::Person), ["Marta Ioannou"]);
    assert_eq!(named(CodeKind::Organisation), ["Hafenamt Larnaka"]);
    assert_eq!(named(CodeKind::Genre), ["Hintergrund"]);
    assert_eq!(item.datelines[0].city.as_deref(), Some("Nikosia"));
}

#[test]
fn caption_credit_and_photographer_stand_on_the_main_rendition() {
    let item = item("picture");
    let main = &item.media[2];
    assert!(main.caption.as_ref().unwrap().text.starts_with("Searchers walk"));
    assert_eq!(main.credit.as_deref(), Some("Meridian"));
    assert_eq!(main.photographer.as_deref(), Some("Ana Ruiz"));
    assert_eq!(main.length.as_deref(), Some("1190334"));
    assert!(item.media[..2].iter().all(|other| other.caption.is_none()));
}

#[test]
fn a_film_without_a_story_has_its_script_and_its_icon() {
    let item = item("video-with-shots");
    assert_eq!(body(&item), "1. Wide of coast road. 2. Close of missing lane.");
    assert_eq!(item.media.last().and_then(|icon| icon.role.as_deref()), Some("rnd:thumbnail"));
}

#[test]
fn inline_data_is_plain_or_html_as_its_type_says() {
    use crate::wire::Markup;
    for (name, markup, starts) in [
        ("inline-data-plain", Markup::Plain, "HARBOR POINT (NNA)"),
        ("inline-data-html", Markup::Html, "<p>Sanaa (tw) - Zwei"),
    ] {
        let item = item(name);
        assert_eq!(item.bodies[0].markup, markup, "{name}");
        assert!(body(&item).starts_with(starts), "{name}: {}", body(&item));
    }
    assert!(body(&item("inline-data-plain")).contains("Odds of winning: < 1 in 290"));
}

#[test]
fn elements_of_other_vocabularies_say_nothing_about_the_story() {
    let item = item("prefixed-namespace");
    assert_eq!(
        item.headlines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(),
        ["Hospital raid ends after two weeks"]
    );
    assert!(item.ed_notes.is_empty());
    assert!(body(&item).contains("<em>before dawn</em>, doctors said."));
}

#[test]
fn notes_with_markup_are_lines_and_a_page_header_is_no_copy() {
    let item = item("notes-with-markup");
    assert_eq!(item.ed_notes[0], "Notizblock\nDie Zahl im zweiten Absatz stammt vom Hafenamt.\nFotos folgen");
    assert_eq!(item.headlines[1].role.as_deref(), Some("rank 3"));
}

#[test]
fn items_that_are_no_news_are_read_too() {
    for (name, class, headline) in [
        ("concept-item", "cinat:concept", "Port of Larnaca"),
        ("planning-item", "plinat:newscoverage", "Donor conference, Wednesday"),
        ("package", "ninat:composite", "Top news list, 0500 GMT"),
    ] {
        let item = item(name);
        assert_eq!(item.class.as_deref(), Some(class), "{name}");
        assert_eq!(item.headlines[0].text, headline, "{name}");
    }
}
