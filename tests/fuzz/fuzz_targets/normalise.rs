//! Any text in every field of a wire item.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wiredesk::normalise::{House, Origin, normalise};
use wiredesk::wire::{DateKind, Parsed, WireDate, WireDateline, WireItem, WireLink, WireMedia, WirePerson, WireText};

fuzz_target!(|text: &str| {
    let some = || Some(text.to_owned());
    let markups = || vec![WireText::plain(text), WireText::html(text), WireText::unsaid(text)];
    let kinds = [DateKind::Published, DateKind::Updated, DateKind::Embargoed, DateKind::Expires];
    let media = WireMedia { url: some(), caption: Some(WireText::unsaid(text)), credit: some(), ..WireMedia::default() };
    let item = WireItem {
        guid: some(),
        provider: some(),
        pub_status: some(),
        language: some(),
        urgency: some(),
        headlines: markups(),
        sluglines: vec![text.into()],
        bylines: markups(),
        creators: vec![WirePerson { name: text.into(), role: some(), ..WirePerson::default() }],
        datelines: vec![WireDateline { text: text.into(), ..WireDateline::default() }],
        dates: kinds.map(|kind| WireDate { kind, text: text.into() }).to_vec(),
        summaries: markups(),
        bodies: markups(),
        media: vec![media],
        links: vec![WireLink { href: text.into(), ..WireLink::default() }],
        ed_notes: vec![text.into()],
        ..WireItem::default()
    };
    let parsed = Parsed { format: "rss", items: vec![item], ..Parsed::default() };
    let copy = normalise(parsed, &House::default(), &Origin::default());
    assert_eq!(copy.items.len(), 1);
});
