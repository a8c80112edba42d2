//! `fixtures/schema/story.schema.json` is what the program prints: no key more, none less, of the kind it says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::{Value, json};
use wiredesk::format::{self, FORMATS};
use wiredesk::item::{
    Author, Caption, Dateline, Embargo, Enclosure, NewsItem, Order, Recalled, Related, Subject, Verb,
};
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::wire::{Delivery, Fault};

/// Keys that are added to the story where they mean something: by `parse` of several files, and by `search`.
const ADDED: [&str; 5] = ["file", "score", "snippet", "thread", "why"];

#[test]
fn the_schema_names_every_key_of_a_story_and_no_other() {
    let mut wrong = Vec::new();
    let told = serde_json::to_value(full().told_at(Timestamp::UNIX_EPOCH)).unwrap();
    check(&told, &SCHEMA, "story", &mut wrong);
    missing(&told, &SCHEMA, "story", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_schema_sees_what_is_wrong() {
    let cases = [
        (json!({"publishable": true}), "story.id is required"),
        (json!({"id": "abcdefghijklmnop", "publishable": 1}), "story.publishable is no boolean"),
        (json!({"id": "abcdefghijklmnop", "publishable": true, "x": 1}), "story.x is not in the schema"),
        (
            json!({"id": "abcdefghijklmnop", "publishable": true, "authors": [{}]}),
            "story.authors.name is required",
        ),
    ];
    for (value, expected) in cases {
        let mut wrong = Vec::new();
        check(&value, &SCHEMA, "story", &mut wrong);
        assert_eq!(wrong, [expected]);
    }
}

#[test]
fn every_story_of_the_fixtures_is_as_the_schema_says() {
    let mut wrong = Vec::new();
    let items: Vec<NewsItem> = fixtures().into_iter().flat_map(items).collect();
    for item in &items {
        let told = serde_json::to_value(item.told_at(Timestamp::UNIX_EPOCH)).unwrap();
        check(&told, &SCHEMA, item.headline.as_deref().unwrap_or(&item.id), &mut wrong);
    }
    assert!(items.len() > 50, "only {} stories found", items.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every document below a folder that bears a format's name.
fn fixtures() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = FORMATS.iter().filter_map(|format| fs::read_dir(root.join(format.name)).ok());
    let files = folders.flatten().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| fs::read(path).unwrap()).collect()
}

fn items(bytes: Vec<u8>) -> Vec<NewsItem> {
    let delivery = Delivery { bytes, ..Delivery::default() };
    let parsed = format::read(&delivery, None).unwrap_or_default();
    normalise(parsed, &House::default(), &Origin::default()).items
}

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schema/story.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
});

/// What of JSON Schema the story's schema uses: `$ref`, `type`, `properties`, `required`, `items`.
fn check(value: &Value, part: &Value, at: &str, wrong: &mut Vec<String>) {
    let part = part["$ref"].as_str().map_or(part, |path| SCHEMA.pointer(&path[1..]).unwrap());
    let kind = part["type"].as_str().unwrap();
    let is_kind = match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("{at}: the test does not know the type {other}"),
    };
    if !is_kind {
        return wrong.push(format!("{at} is no {kind}"));
    }
    for one in value.as_array().into_iter().flatten() {
        check(one, &part["items"], at, wrong);
    }
    for required in part["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(required).is_none() {
            wrong.push(format!("{at}.{required} is required"));
        }
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        match part["properties"].get(key) {
            Some(part) => check(inner, part, &format!("{at}.{key}"), wrong),
            None => wrong.push(format!("{at}.{key} is not in the schema")),
        }
    }
}

/// Keys of the schema that a story with everything in it does not have.
fn missing(value: &Value, part: &Value, at: &str, wrong: &mut Vec<String>) {
    let part = part["$ref"].as_str().map_or(part, |path| SCHEMA.pointer(&path[1..]).unwrap());
    let named: BTreeSet<&String> =
        part["properties"].as_object().into_iter().flat_map(|all| all.keys()).collect();
    for key in named.into_iter().filter(|key| !ADDED.contains(&key.as_str())) {
        match value.get(key) {
            None => wrong.push(format!("{at}.{key} is in the schema only")),
            Some(Value::Array(all)) => {
                missing(&all[0], &part["properties"][key]["items"], &format!("{at}.{key}"), wrong)
            }
            Some(inner) => missing(inner, &part["properties"][key], &format!("{at}.{key}"), wrong),
        }
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn author() -> Author {
    Author {
        name: "Ana Example".into(),
        role: some("reporter"),
        org: some("Wire Example"),
        email: some("ana@wire.example"),
    }
}

/// A story with everything in it. Written out in full, so that a new field of the type does not pass by here.
fn full() -> NewsItem {
    let at: Option<Timestamp> = "2024-04-01T12:00:00Z".parse().ok();
    let told = "2024-04-01T08:00:00-04:00".parse().ok();
    let date = "2024-04-01".parse().ok();
    NewsItem {
        id: "abcdefghijklmnop".into(),
        guid: some("urn:newsml:wire.example:1"),
        identified_by: some("guid"),
        version: some("2"),
        provider: some("Wire Example"),
        feed: some("wire-top"),
        format: some("newsml-g2"),
        class: some("text"),
        pub_status: some("canceled"),
        editorial_type: some("Writethru"),
        signals: vec!["sig:update".into()],
        headline: some("Talks resume"),
        slugline: some("TALKS"),
        transmission: some("a0512"),
        keywords: vec!["talks".into()],
        byline: some("By Ana Example"),
        authors: vec![author()],
        contributors: vec![author()],
        dateline: Some(Dateline {
            text: "CAIRO (WE)".into(),
            city: some("Cairo"),
            region: some("Cairo"),
            country: some("EG"),
            lat: Some(30.06),
            lon: Some(31.25),
            date,
            agency: some("WE"),
        }),
        dateline_text: some("2024-04-01 12:00:00 GMT"),
        published: told,
        updated: told,
        received: at,
        embargoed: at.map(Embargo::Until),
        expires: at,
        language: some("en"),
        urgency: Some(4),
        summary: some("In short."),
        body_text: some("The story."),
        body_html: some("<p>The story.</p>"),
        word_count: Some(2),
        captions: vec![Caption {
            text: "The bridge".into(),
            credit: some("WE/Ana Example"),
            photographer: some("Ana Example"),
            url: some("https://wire.example/1.jpg"),
            date,
            truncated: true,
        }],
        enclosures: vec![Enclosure {
            url: "https://wire.example/1.mp3".into(),
            mime: some("audio/mpeg"),
            length: Some(12),
        }],
        subjects: vec![Subject { code: some("medtop:1"), name: some("talks"), scheme: some("medtop") }],
        places: vec!["Cairo".into()],
        people: vec!["Ana Example".into()],
        organisations: vec!["Wire Example".into()],
        link: some("https://wire.example/1"),
        source: some("Other Wire"),
        credit: some("WE"),
        copyright: some("© 2024 Wire Example"),
        usage_terms: some("For subscribers"),
        ed_note: some("Eds: CORRECTS quote"),
        genre: vec!["Analysis".into()],
        order: Some(Order {
            verb: Verb::Kill,
            slug: some("TALKS"),
            number: some("a0512"),
            headline: some("Talks resume"),
            story: some("abcdefgh23456723"),
            words: "Please kill the story Talks, a0512.".into(),
        }),
        recalled: at.map(|at| Recalled {
            verb: Verb::Kill,
            at,
            by: some("abcdefghijklmnop"),
            reason: "named by slug and number".into(),
            unsure: true,
        }),
        related: vec![Related { rel: some("seeAlso"), target: "urn:2".into(), title: some("Earlier") }],
        faults: vec![Fault::of("bad_date", "expires", "cannot read \"soon\" as a date")],
    }
}
