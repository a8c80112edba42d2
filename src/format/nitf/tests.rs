//! The fixtures, field by field.

use crate::format;
use crate::wire::{CodeKind, DateKind, Delivery, Parsed, WireItem};

fn fixture(name: &str) -> Parsed {
    let path = format!("{}/fixtures/nitf/{name}.xml", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    format::read(&Delivery { bytes, ..Delivery::default() }, None).unwrap()
}

fn item(name: &str) -> WireItem {
    fixture(name).items.remove(0)
}

fn parsed(document: &str) -> WireItem {
    let delivery = Delivery { bytes: document.into(), ..Delivery::default() };
    format::read(&delivery, None).unwrap().items.remove(0)
}

fn body(item: &WireItem) -> String {
    item.bodies.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_head_gives_identity_dates_keys_and_rights() {
    let item = item("story");
    assert_eq!(item.guid.as_deref(), Some("NNA-20240401-1042"));
    assert_eq!(item.version.as_deref(), Some("3"));
    assert_eq!(item.provider.as_deref(), Some("NNA"));
    assert_eq!(item.pub_status.as_deref(), Some("usable"));
    assert_eq!(item.urgency.as_deref(), Some("3"));
    assert_eq!(item.sluglines, ["US-Coast-Road"]);
    assert_eq!(item.language.as_deref(), Some("en-US"));
    assert_eq!(item.copyrights, ["2024 Northgate News Agency"]);
    assert_eq!(item.ed_notes[0], "ADDS county engineer in 2nd graf");
    let dates: Vec<_> = item.dates.iter().map(|date| (date.kind, date.text.as_str())).collect();
    assert_eq!(
        dates,
        [
            (DateKind::Published, "20240401T180200Z"),
            (DateKind::Expires, "20240501T180200Z"),
            (DateKind::Updated, "20240401T211409Z"),
        ]
    );
}

#[test]
fn subjects_take_their_most_exact_name_and_names_are_sorted_by_kind() {
    let item = item("story");
    let of = |kind| {
        let of_kind = item.codes.iter().filter(move |code| code.kind == kind);
        of_kind
            .map(|code| (code.code.clone().unwrap_or_default(), code.name.clone().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let row = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    assert_eq!(of(CodeKind::Subject), [row("03015001", "Road accident"), row("a", ""), row("", "Roads")]);
    assert_eq!(of(CodeKind::Keyword), [row("", "slide"), row("", "Highway 1")]);
    assert_eq!(of(CodeKind::Person), [row("", "Lena Marsh")]);
    assert_eq!(of(CodeKind::Place), [row("", "Harbor Point, Calif.")]);
    assert_eq!(of(CodeKind::Genre), [row("", "Current")]);
}

#[test]
fn byline_and_dateline_are_read_wherever_they_stand() {
    for (name, byline, dateline, city) in [
        (
            "story",
            Some("By DORA QUILL\nNorthgate Transport Writer"),
            Some("HARBOR POINT, Calif. April 1"),
            Some("HARBOR POINT"),
        ),
        ("namespaced", Some("By Nadia Brandt\nMeridian Press"), Some("NICOSIA, April 2"), None),
        ("headline-spelled-out", Some("By Samir Okafor"), Some("Amman Jordan"), Some("Amman")),
        ("french", Some("ht/jv"), Some("Doha, 1 avr 2024 (MP) -"), None),
        ("tables", None, None, None),
    ] {
        let item = item(name);
        assert_eq!(item.bylines.first().map(|line| line.text.as_str()), byline, "{name}");
        assert_eq!(item.datelines.first().map(|line| line.text.as_str()), dateline, "{name}");
        assert_eq!(item.datelines.first().and_then(|line| line.city.as_deref()), city, "{name}");
    }
}

#[test]
fn the_copy_is_html_and_keeps_every_letter_after_an_inline_element() {
    for (name, part) in [
        (
            "story",
            "<p>HARBOR POINT, Calif. (NNA) — Crews moved back onto <em>Highway 1</em> late Monday, two days",
        ),
        ("story", "said Lena Marsh, the county engineer, on Monday.</p>"),
        ("story", "<h2>Detour</h2>"),
        ("story", "by way of <a href=\"https://northgate.example/map?a=1&amp;b=2\">this road</a>.</p>"),
        ("story", "<p>___ Northgate writer Paul Reyes in Salinas contributed.</p>"),
        ("namespaced", "<blockquote><div><p>We came to listen.</p></div><p>a delegate</p></blockquote>"),
        ("namespaced", "<ol><li>Agree a list</li><li>Find a ship</li></ol>"),
        ("tables", "<tr><td>5 + 1</td><td>$1.09 billion</td></tr>"),
        ("tables", "<pre>7  11  24\n38 45  (9)</pre>"),
        ("tables", "Odds: 1 in 290 million.<br>Next draw"),
        (
            "nested-inline",
            "A <em>Lena</em> Marsh of North<em>gate</em> Roads was in San <em>Telmo</em> for it.",
        ),
        ("nested-inline", "H<sub>2</sub>O &amp; more, &lt;not a tag&gt; as said “there”."),
    ] {
        let body = body(&item(name));
        assert!(body.contains(part), "{name}: {part}\nin {body}");
    }
}

#[test]
fn pictures_are_media_and_no_copy() {
    let item = item("pictures");
    let urls: Vec<_> = item.media.iter().map(|media| media.url.as_deref().unwrap()).collect();
    assert_eq!(
        urls,
        ["https://pix.northgate.example/880.jpg", "https://pix.northgate.example/880-small.jpg", "880.mp4"]
    );
    assert!(
        item.media[0]
            .caption
            .as_ref()
            .unwrap()
            .text
            .starts_with("Searchers walk towards the wreck near Truckee, Calif.")
    );
    assert_eq!(item.media[0].credit.as_deref(), Some("Meridian via NNA"));
    assert_eq!(item.media[0].photographer.as_deref(), Some("Ana Ruiz"));
    assert_eq!(item.media[2].caption.as_ref().unwrap().text, "The search from the air.");
    assert!(!body(&item).contains("wreck"));
}

#[test]
fn what_a_story_was_made_from_is_no_copy_unless_there_is_nothing_else() {
    const SOURCES: &str = "<bibliography>Roe, Ann: Moles. Leeds, 2001.</bibliography>";
    for (content, expected) in [
        (
            "<body.content><p>They dig.</p></body.content>",
            vec!["<p>They dig.</p>", "<p>Bob Doe contributed.</p>"],
        ),
        ("", vec!["<p>Bob Doe contributed.</p>"]),
    ] {
        let end = format!("<body.end><tagline>Bob Doe contributed.</tagline>{SOURCES}</body.end>");
        let document = format!("<nitf><body>{content}{end}</body></nitf>");
        let bodies: Vec<_> = parsed(&document).bodies.into_iter().map(|body| body.text).collect();
        assert_eq!(bodies, expected);
    }
    let alone = parsed(&format!("<nitf><body><body.end>{SOURCES}</body.end></body></nitf>"));
    assert_eq!(alone.bodies[0].text, "<p>Roe, Ann: Moles. Leeds, 2001.</p>");
}

#[test]
fn a_release_after_the_issue_is_an_embargo_and_a_template_is_a_fault() {
    let release = |item: &WireItem| {
        let date = item.dates.iter().find(|date| date.kind == DateKind::Embargoed);
        date.map(|date| date.text.clone())
    };
    let held = item("held-for-release");
    assert_eq!(release(&held).as_deref(), Some("20240403T000100+0100"));
    assert_eq!(held.pub_status.as_deref(), Some("embargoed"));
    assert!(!held.dates.iter().any(|date| date.kind == DateKind::Expires), "an empty date is none");
    let unfilled = item("headline-spelled-out");
    assert_eq!((release(&unfilled), unfilled.faults[0].code.as_str()), (None, "bad_date"));
    assert_eq!(unfilled.sluglines, ["Hospital-Raid"]);
    assert_eq!(release(&item("story")), None);
}
