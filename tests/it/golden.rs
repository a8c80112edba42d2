//! Adding a pair adds a test: `fixtures/FORMAT/NAME.xml` beside `NAME.expected.json`.
//!
//! `WIREDESK_BLESS=NAME cargo test golden` writes the expected file of the fixtures whose path contains NAME; all at
//! once is not offered, so that a regression is not blessed unseen.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wiredesk::format::{self, FORMATS};
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::wire::Delivery;

#[test]
fn every_fixture_reads_as_its_expected_file_says() {
    let bless = std::env::var("WIREDESK_BLESS").ok().filter(|part| !part.is_empty());
    let mut wrong = Vec::new();
    let fixtures = fixtures();
    for fixture in &fixtures {
        let found = read(fixture);
        let expected_file = fixture.with_extension("expected.json");
        if bless.as_deref().is_some_and(|part| fixture.to_string_lossy().contains(part)) {
            fs::write(&expected_file, pretty(&found)).unwrap();
        }
        let expected = fs::read_to_string(&expected_file).unwrap_or_default();
        if expected != pretty(&found) {
            wrong.push(format!("{}\n{}", fixture.display(), first_difference(&expected, &pretty(&found))));
        }
    }
    assert!(fixtures.len() > 30, "only {} fixtures found", fixtures.len());
    assert!(
        wrong.is_empty(),
        "{} of {} differ; look, and if the new reading is right: WIREDESK_BLESS=NAME cargo test golden\n\n{}",
        wrong.len(),
        fixtures.len(),
        wrong.join("\n\n")
    );
}

/// Folders of fixtures that are not a format's.
const OTHERS: &[&str] = &["config", "hostile", "lifecycle", "schema", "store", "tls", "wire-day"];

#[test]
fn every_folder_of_fixtures_is_a_format_s_and_every_format_has_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut folders: Vec<String> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .collect();
    folders.sort();
    let mut formats: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    formats.sort_unstable();
    assert_eq!(folders, formats, "folders of fixtures on the left, formats on the right");
}

/// Every input below a folder that bears a format's name, in a fixed order.
fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found: Vec<PathBuf> = FORMATS
        .iter()
        .filter_map(|format| fs::read_dir(root.join(format.name)).ok())
        .flat_map(|entries| entries.map(|entry| entry.unwrap().path()))
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .collect();
    found.sort();
    found
}

/// The document's reading at a fixed address and hour, so that it is the same every time.
fn read(fixture: &Path) -> Value {
    let name = fixture.file_name().unwrap().to_string_lossy();
    let delivery = Delivery {
        bytes: fs::read(fixture).unwrap(),
        url: Some(format!("https://wire.example/{name}")),
        content_type: None,
        received: "2024-04-01T12:00:00Z".parse().unwrap(),
        ..Delivery::default()
    };
    let parsed = match format::read(&delivery, None) {
        Ok(parsed) => parsed,
        Err(error) => return json!({ "rejected": error.class(), "error": error.to_string() }),
    };
    let origin = Origin { url: delivery.url, received: delivery.received };
    let copy = normalise(parsed, &House::default(), &origin);
    json!({ "feed": copy.feed, "items": copy.items })
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

fn first_difference(expected: &str, found: &str) -> String {
    if expected.is_empty() {
        return "  it has no .expected.json yet".into();
    }
    let differs = expected.lines().zip(found.lines()).enumerate().find(|(_, (a, b))| a != b);
    differs.map_or_else(
        || "  one is longer than the other".into(),
        |(number, (a, b))| format!("  line {}:\n  expected {a}\n  found    {b}", number + 1),
    )
}
