//! Text that was UTF-8 before somebody took it for an older encoding and made it UTF-8 once more: `itâ€™s`.
//!
//! Web sites' software does that to whole documents, and to single texts that it took from elsewhere. A text is only ever read
//! again as a whole, if all that is not ASCII in it can be that.

use encoding_rs::{Encoding, WINDOWS_1252};
use memchr::memchr_iter;

use crate::wire::{Fault, WireFeed, WireItem};

/// Mends the texts of a story that are UTF-8 twice over, where the others are not.
pub fn mend(item: &mut WireItem) {
    let texts = [&mut item.headlines, &mut item.summaries, &mut item.bodies];
    let texts = texts.into_iter().flatten().map(|text| &mut text.text);
    let captions =
        item.media.iter_mut().filter_map(|media| media.caption.as_mut()).map(|text| &mut text.text);
    let names = item.creators.iter_mut().map(|person| &mut person.name);
    let codes = item.codes.iter_mut().filter_map(|code| code.name.as_mut());
    let lines = item.source.iter_mut().chain(&mut item.credit).chain(&mut item.copyrights);
    let mended = texts.chain(captions).chain(names).chain(codes).chain(lines).filter_map(mend_text).count();
    if mended > 0 {
        item.faults.push(Fault::new("charset", format!("{mended} of its texts were UTF-8 twice over")));
    }
}

/// The same for what the feed says of itself.
pub fn mend_feed(feed: &mut WireFeed) {
    let texts = [&mut feed.title, &mut feed.subtitle, &mut feed.rights];
    texts.into_iter().flatten().for_each(|text| {
        mend_text(&mut text.text);
    });
}

fn mend_text(text: &mut String) -> Option<()> {
    *text = Some(&*text).filter(|text| can_be_nothing_else(text)).and_then(|text| decoded(text))?;
    Some(())
}

/// Whether a text holds a pair of characters that no language prints: `Ã©`, `â€`, `Ð¿`. What may follow a capital letter, as a
/// closing quote, a dash or a blank, is none.
fn can_be_nothing_else(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(0xC3, bytes).any(|at| match bytes.get(at + 1..).unwrap_or_default() {
        [0xA2, 0xE2, 0x82, 0xAC, ..] | [0xA2, 0xC2, 0x80, ..] => true,
        [0x83 | 0x90 | 0x91, 0xC2, next, ..] => !matches!(next, 0xA0 | 0xAB | 0xBB),
        _ => false,
    })
}

/// The text that was UTF-8 before somebody took it for an older encoding and made it UTF-8 once more: only if all that is not
/// ASCII in it can be that. The first such character says nearly always that it is not.
pub fn decoded(text: &str) -> Option<String> {
    // many bytes at a time: most documents are ASCII for a long way
    let start = Encoding::ascii_valid_up_to(text.as_bytes());
    if start == text.len() {
        return None;
    }
    let mut bytes = Vec::new();
    let mut pending = 0;
    for c in text.get(start..)?.chars() {
        let byte = byte_of(c)?;
        let is_next = (0x80..0xC0).contains(&byte);
        match pending {
            0 if byte.is_ascii() => {}
            0 => pending = following(byte)?,
            _ if is_next => pending -= 1,
            _ => return None,
        }
        bytes.push(byte);
    }
    let again = String::from_utf8(bytes).ok()?;
    Some([text.get(..start)?, &again].concat())
}

/// How many bytes follow a byte that begins a character in UTF-8.
fn following(first: u8) -> Option<usize> {
    match first {
        0xC2..=0xDF => Some(1),
        0xE0..=0xEF => Some(2),
        0xF0..=0xF4 => Some(3),
        _ => None,
    }
}

/// The byte that a character was in ISO 8859-1 or in windows-1252.
fn byte_of(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(c) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    let (bytes, _, is_unknown) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    bytes.first().copied().filter(|_| !is_unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{WireMedia, WirePerson, WireText};

    #[test]
    fn text_that_was_made_utf8_twice_is_read_once() {
        for (text, read) in [
            ("<a>caf\u{c3}\u{a9}</a>", Some("<a>caf\u{e9}</a>")),
            ("\u{e2}\u{20ac}\u{153}Aye\u{e2}\u{20ac}\u{9d}", Some("\u{201c}Aye\u{201d}")),
            ("\u{e2}\u{80}\u{9c}Aye \u{c2}\u{a3}3", Some("\u{201c}Aye \u{a3}3")),
            ("plain", None),
            ("caf\u{e9}", None),
            ("S\u{c3}O, caf\u{c3}\u{a9}", None),
            ("caf\u{c3}\u{a9} and caf\u{e9}", None),
            ("caf\u{c3}\u{a9} \u{414}\u{430}", None),
            ("cut \u{e2}\u{20ac}", None),
            ("\u{c3}", None),
        ] {
            assert_eq!(decoded(text).as_deref(), read, "{text}");
        }
    }

    #[test]
    fn a_text_that_can_be_nothing_else_is_mended_by_itself() {
        for (text, mended) in [
            ("It\u{e2}\u{20ac}\u{2122}s on", "It\u{2019}s on"),
            ("It\u{e2}\u{80}\u{99}s on", "It\u{2019}s on"),
            ("caf\u{c3}\u{a9}", "caf\u{e9}"),
            ("\u{d0}\u{bf}\u{d0}\u{be}", "\u{43f}\u{43e}"),
            // what is printed so, and what can be told in no other way
            ("A IRM\u{c3}\u{201d}", "A IRM\u{c3}\u{201d}"),
            ("A IRM\u{c3}\u{bb}", "A IRM\u{c3}\u{bb}"),
            (
                "how \u{e2}\u{20ac}\u{2122} comes from \u{2019}",
                "how \u{e2}\u{20ac}\u{2122} comes from \u{2019}",
            ),
            ("caf\u{c3}\u{a9} and caf\u{e9}", "caf\u{c3}\u{a9} and caf\u{e9}"),
            ("caf\u{e9}", "caf\u{e9}"),
        ] {
            let mut item = WireItem {
                headlines: vec![WireText::plain(text), WireText::plain("na\u{ef}ve")],
                media: vec![WireMedia { caption: Some(WireText::plain(text)), ..WireMedia::default() }],
                creators: vec![WirePerson { name: text.into(), ..WirePerson::default() }],
                ..WireItem::default()
            };
            mend(&mut item);
            let caption = item.media[0].caption.as_ref().map(|text| text.text.as_str());
            let told = (item.headlines[0].text.as_str(), caption, item.creators[0].name.as_str());
            assert_eq!(told, (mended, Some(mended), mended), "{text}");
            assert_eq!(item.headlines[1].text, "na\u{ef}ve");
            assert_eq!(item.faults.len(), usize::from(text != mended), "{text}");
        }
    }
}
