//! Any bytes through one format (`WIREDESK_FUZZ=rss`), else through the one that knows them, and on into stories.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wiredesk::format;
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::wire::Delivery;

static FORMAT: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("WIREDESK_FUZZ").ok());

fuzz_target!(|bytes: &[u8]| {
    let delivery = Delivery { bytes: bytes.to_vec(), ..Delivery::default() };
    if let Ok(parsed) = format::read(&delivery, FORMAT.as_deref()) {
        let copy = normalise(parsed, &House::default(), &Origin::default());
        for item in &copy.items {
            assert!(!item.body_html.as_deref().unwrap_or_default().contains("<script"), "a script in the body");
        }
    }
});
