//! What every format must hold to, whatever its document: the fixtures are walked, whole and damaged.

mod hostile;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

/// Folders of `fixtures/` whose files are documents of a format.
fn documents() -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = folders
        .filter(|folder| {
            folder.ends_with("hostile") || FORMATS.iter().any(|format| folder.ends_with(format.name))
        })
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with(".expected.json"))
        .collect();
    found.sort();
    found
}

fn delivery(bytes: Vec<u8>) -> Delivery {
    Delivery { bytes, ..Delivery::default() }
}

#[test]
fn a_fixture_is_read_as_the_format_whose_folder_it_stands_in() {
    for path in documents() {
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        if folder == "hostile" {
            continue;
        }
        let parsed = read(&delivery(fs::read(&path).unwrap()), None)
            .unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_eq!(parsed.format, folder, "{path:?}");
        assert!(!parsed.items.is_empty(), "{path:?} has no item");
        let forced = read(&delivery(fs::read(&path).unwrap()), Some(&folder)).unwrap();
        assert_eq!(forced.items.len(), parsed.items.len(), "{path:?}");
    }
}

#[test]
fn a_document_cut_anywhere_is_read_without_a_panic_and_gives_no_item_that_is_not_whole() {
    for path in documents() {
        let bytes = fs::read(&path).unwrap();
        let whole = read(&delivery(bytes.clone()), None).map_or(0, |parsed| parsed.items.len());
        for cut in (0..bytes.len()).step_by(7) {
            if let Ok(parsed) = read(&delivery(bytes[..cut].to_vec()), None) {
                assert!(parsed.items.len() <= whole.max(1), "{path:?} cut at {cut}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_fixture_with_bytes_overwritten_is_read_without_a_panic(which in 0usize..1000, at in 0.0f64..1.0, junk in prop::collection::vec(any::<u8>(), 0..24)) {
        let documents = documents();
        if let Some(path) = documents.get(which % documents.len().max(1)) {
            let mut bytes = fs::read(path).unwrap();
            let start = (at * bytes.len() as f64) as usize;
            let end = (start + junk.len()).min(bytes.len());
            bytes.splice(start..end, junk);
            let _ = read(&delivery(bytes.clone()), None);
            for format in FORMATS {
                let _ = read(&delivery(bytes.clone()), Some(format.name));
            }
        }
    }
}
