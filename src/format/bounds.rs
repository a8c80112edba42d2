//! How much of one document is taken: what a hostile one could make of sixteen megabytes is bounded here, not in each format.

use super::error::FormatError;
use crate::wire::{Fault, Parsed, WireItem, WireText};

/// Children of one element that are read: a feed's items, an item's categories. The fullest feeds have some thousand items.
pub const CHILDREN: usize = 10_000;
/// Elements that a format is handed over a whole document. Dense NewsML-G2 has 15,000 in a megabyte.
pub const ELEMENTS: usize = 300_000;
/// Faults of one document that are kept: the rest says the same.
pub const FAULTS: usize = 100;
/// A story's words, in bytes: an encyclopedia's longest article has half of it.
const STORY: usize = 1 << 20;
/// Anything that is printed on a line, in bytes: a headline, a name, an address, a guid.
const LINE: usize = 64 << 10;
/// What a JSON document may come to in memory, in bytes.
const JSON_BYTES: usize = 128 << 20;
/// An object in memory before anything is in it, and a value: serde_json's map takes a whole node for its first key.
const OBJECT: usize = 700;
const VALUE: usize = 64;

/// What is said once where something was left out.
pub fn limit(what: &str, most: usize) -> Fault {
    Fault::new("limit", format!("more than {most} {what}; the rest was not read"))
}

/// Adds a fault unless there are enough.
pub fn note(faults: &mut Vec<Fault>, fault: Fault) {
    if faults.len() < FAULTS {
        faults.push(fault);
    }
}

/// Refuses JSON that is small on the wire and huge as values: a million empty objects. Judged by its marks alone.
///
/// # Errors
/// [`FormatError::TooMuch`].
pub fn weigh_json(text: &str, format: &'static str) -> Result<(), FormatError> {
    let count = |mark| memchr::memchr_iter(mark, text.as_bytes()).count();
    let (objects, values) = (count(b'{'), count(b',') + count(b'['));
    if objects * OBJECT + values * VALUE > JSON_BYTES {
        return Err(FormatError::TooMuch { format, found: format!("{objects} objects and {values} values") });
    }
    Ok(())
}

/// Cuts what is longer than news is: a parser of markup makes a hundred bytes of each letter of some of it.
pub fn cut(parsed: &mut Parsed) {
    let feed = &mut parsed.feed;
    let about = [&mut feed.title, &mut feed.subtitle, &mut feed.rights].into_iter().flatten();
    let mut is_cut = texts(about, LINE);
    is_cut |= lines(feed.links.iter_mut().map(|link| &mut link.href));
    if is_cut {
        parsed
            .faults
            .push(Fault::new("limit", "what the feed says of itself is longer than any feed's, and was cut"));
    }
    for item in &mut parsed.items {
        if !cut_item(item) {
            continue;
        }
        item.faults.push(Fault::new(
            "limit",
            format!("longer than {STORY} bytes of story or {LINE} of a line; the rest was cut"),
        ));
    }
}

/// True when anything was cut.
fn cut_item(item: &mut WireItem) -> bool {
    let mut is_cut = texts(item.bodies.iter_mut().chain(&mut item.summaries), STORY);
    is_cut |= texts(item.headlines.iter_mut().chain(&mut item.bylines), LINE);
    let named = [&mut item.guid, &mut item.chain, &mut item.version, &mut item.revision];
    is_cut |= lines(named.into_iter().flatten());
    let credited = [&mut item.source, &mut item.credit, &mut item.provider];
    is_cut |= lines(credited.into_iter().flatten());
    let noted = [&mut item.copyrights, &mut item.usage_terms, &mut item.ed_notes];
    is_cut |= lines(noted.into_iter().flatten());
    is_cut |= lines(item.signals.iter_mut().chain(&mut item.sluglines));
    is_cut |= lines(item.links.iter_mut().map(|link| &mut link.href));
    is_cut |= lines(item.related.iter_mut().map(|related| &mut related.target));
    is_cut |= lines(item.dates.iter_mut().map(|date| &mut date.text));
    is_cut |= lines(item.datelines.iter_mut().map(|dateline| &mut dateline.text));
    for person in &mut item.creators {
        is_cut |= lines([&mut person.name].into_iter().chain(&mut person.email).chain(&mut person.uri));
    }
    for code in &mut item.codes {
        is_cut |= lines([&mut code.code, &mut code.name, &mut code.scheme].into_iter().flatten());
    }
    for media in &mut item.media {
        is_cut |= texts(media.caption.iter_mut(), LINE);
        is_cut |= lines([&mut media.url, &mut media.credit, &mut media.photographer].into_iter().flatten());
    }
    is_cut
}

/// Cuts texts that are together longer than `most` bytes.
fn texts<'t>(all: impl Iterator<Item = &'t mut WireText>, most: usize) -> bool {
    let (mut left, mut is_cut) = (most, false);
    for text in all {
        is_cut |= shorten(&mut text.text, left);
        left -= text.text.len();
    }
    is_cut
}

fn lines<'t>(all: impl Iterator<Item = &'t mut String>) -> bool {
    let mut is_cut = false;
    for line in all {
        is_cut |= shorten(line, LINE);
    }
    is_cut
}

fn shorten(text: &mut String, most: usize) -> bool {
    let is_long = text.len() > most;
    if is_long {
        text.truncate(text.floor_char_boundary(most));
        text.shrink_to_fit();
    }
    is_long
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_news_is_cut_and_said() {
        let long = "\u{416}".repeat(STORY);
        let item = WireItem {
            guid: Some(long.clone()),
            bodies: vec![WireText::plain(&*long), WireText::plain("no room for this")],
            headlines: vec![WireText::plain("Quay opens")],
            ..WireItem::default()
        };
        let mut parsed = Parsed { items: vec![item, WireItem::default()], ..Parsed::default() };
        cut(&mut parsed);
        let [cut, whole] = &parsed.items[..] else { panic!() };
        assert_eq!(cut.guid.as_ref().map(String::len), Some(LINE));
        assert_eq!((cut.bodies[0].text.len(), cut.bodies[1].text.len()), (STORY, 0));
        assert_eq!(cut.headlines[0].text, "Quay opens");
        assert_eq!((cut.faults.len(), whole.faults.len(), parsed.faults.len()), (1, 0, 0));
    }

    #[test]
    fn json_is_weighed_by_what_it_becomes() {
        let news =
            "{\"id\": \"1\", \"tags\": [\"a\", \"b\"], \"text\": \"The quay was quiet, and it rained.\"},"
                .repeat(20_000);
        assert_eq!(weigh_json(&news, "ninjs"), Ok(()));
        for flood in ["{},", "0,", "[[],[]],"] {
            let refused = weigh_json(&flood.repeat((16 << 20) / flood.len()), "ninjs").unwrap_err();
            assert_eq!(refused.class(), "limit", "{refused}");
        }
    }

    #[test]
    fn faults_that_say_the_same_a_thousand_times_are_kept_a_hundred_times() {
        let mut faults = Vec::new();
        (0..1000).for_each(|_| note(&mut faults, Fault::new("bad_item", "0")));
        assert_eq!(faults.len(), FAULTS);
    }
}
