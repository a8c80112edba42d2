//! The inputs that fuzzing kept (`tests/fuzz/corpus`), read again: no panic, no script in a body. `cargo fuzz` itself needs a nightly
//! compiler: `cargo +nightly fuzz run --fuzz-dir tests/fuzz format`, with `WIREDESK_FUZZ=rss` for one format alone.

use std::fs;
use std::path::Path;

use wiredesk::format;
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::wire::Delivery;

#[test]
fn every_input_that_a_fuzzer_kept_is_read_without_a_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let mut read = 0;
    for folder in fs::read_dir(corpus).unwrap().map(|folder| folder.unwrap()) {
        let name = folder.file_name().into_string().unwrap();
        let wanted = format::FORMATS.iter().find(|format| format.name == name).map(|format| format.name);
        for input in fs::read_dir(folder.path()).unwrap() {
            let delivery =
                Delivery { bytes: fs::read(input.unwrap().path()).unwrap(), ..Delivery::default() };
            for wanted in [wanted, None] {
                let Ok(parsed) = format::read(&delivery, wanted) else { continue };
                let copy = normalise(parsed, &House::default(), &Origin::default());
                let bodies = copy.items.iter().filter_map(|item| item.body_html.as_deref());
                assert!(bodies.into_iter().all(|body| !body.contains("<script")), "{name}");
            }
            read += 1;
        }
    }
    assert!(read > 100, "only {read} inputs in the corpus");
}
