//! In which encoding are these bytes? The byte order mark says, then HTTP, then the XML declaration, then a guess.
//!
//! A label is believed only where the bytes can be what it says: feeds served as `iso-8859-1` by a server's default,
//! declared `utf-16` after being saved as UTF-8, or declared `us-ascii` with a typographic quote in them are all common.
//! Decoding never fails; what had to be guessed or repaired is a `charset` [`Fault`].

mod label;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use label::{Label, label_of};

use crate::wire::Fault;

/// So many bytes that are UTF-8 are no accident in text of an encoding of several bytes a character.
const TELLING: usize = 16;

/// A document as text.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark. Borrowed when the bytes were UTF-8 already.
    pub text: Cow<'a, str>,
    /// The name of the encoding used: `UTF-8`, `windows-1252`, `UTF-32LE` ...
    pub encoding: &'static str,
    /// What was said wrongly or could not be decoded.
    pub faults: Vec<Fault>,
}

impl<'a> Decoded<'a> {
    fn clean(text: impl Into<Cow<'a, str>>, encoding: &'static str) -> Self {
        Self { text: text.into(), encoding, faults: Vec::new() }
    }

    fn because(mut self, detail: Option<String>) -> Self {
        self.faults.extend(detail.map(|detail| Fault::new("charset", detail)));
        self
    }
}

/// Bytes that give an encoding away at the start of a document: marks first, then `<` and what follows it without a mark.
const OPENINGS: &[(&[u8], Opening)] = &[
    (b"\xFF\xFE\0\0", Opening::Utf32 { little: true, mark: 4 }),
    (b"\0\0\xFE\xFF", Opening::Utf32 { little: false, mark: 4 }),
    (b"\xEF\xBB\xBF", Opening::Known { encoding: UTF_8, mark: 3 }),
    (b"\xFF\xFE", Opening::Known { encoding: UTF_16LE, mark: 2 }),
    (b"\xFE\xFF", Opening::Known { encoding: UTF_16BE, mark: 2 }),
    (b"<\0\0\0", Opening::Utf32 { little: true, mark: 0 }),
    (b"\0\0\0<", Opening::Utf32 { little: false, mark: 0 }),
    (b"<\0?\0", Opening::Known { encoding: UTF_16LE, mark: 0 }),
    (b"\0<\0?", Opening::Known { encoding: UTF_16BE, mark: 0 }),
    (b"<\0r\0", Opening::Known { encoding: UTF_16LE, mark: 0 }),
    (b"\0<\0r", Opening::Known { encoding: UTF_16BE, mark: 0 }),
    (b"<\0f\0", Opening::Known { encoding: UTF_16LE, mark: 0 }),
    (b"\0<\0f", Opening::Known { encoding: UTF_16BE, mark: 0 }),
    (b"{\0", Opening::Known { encoding: UTF_16LE, mark: 0 }),
    (b"\0{", Opening::Known { encoding: UTF_16BE, mark: 0 }),
];

#[derive(Clone, Copy)]
enum Opening {
    Known { encoding: &'static Encoding, mark: usize },
    Utf32 { little: bool, mark: usize },
}

/// Decodes a document. `content_type` is the transport's header, asked for its `charset` only.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some(text) = below_parity(bytes) {
        return Decoded::clean(text, "US-ASCII").because(Some("its bytes bear a parity bit".to_owned()));
    }
    if let Some((_, opening)) = OPENINGS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return match *opening {
            Opening::Utf32 { little, mark } => decode_utf32(bytes.get(mark..).unwrap_or_default(), little),
            Opening::Known { encoding, mark } => {
                decode_as(bytes.get(mark..).unwrap_or_default(), encoding, None)
            }
        };
    }
    if is_iso_2022_jp(bytes) {
        return decode_as(bytes, ISO_2022_JP, None);
    }
    match label_of(bytes, content_type) {
        Label::Usable(encoding) => decode_labelled(bytes, encoding),
        Label::None => decode_unlabelled(bytes, None),
        Label::Useless(why) => decode_unlabelled(bytes, Some(why)),
    }
}

/// The seven bits below a parity bit, where each byte bears one: that is how ANPA 1312 goes over a line.
fn below_parity(bytes: &[u8]) -> Option<String> {
    /// With fewer bytes it may be chance.
    const LEAST: usize = 64;
    let parities: [fn(&u8) -> bool; 3] =
        [|byte| byte.count_ones() % 2 == 0, |byte| byte.count_ones() % 2 == 1, |byte| *byte >= 0x80];
    let bears_one = bytes.len() >= LEAST && parities.iter().any(|fits| bytes.iter().all(fits));
    let text = bears_one.then(|| bytes.iter().map(|byte| char::from(byte & 0x7f)).collect::<String>())?;
    // Chinese has no byte below 0x80 either
    let spaces = text.bytes().filter(|byte| *byte == b' ').count();
    (spaces * 20 >= text.len() && text.contains(['\r', '\n'])).then_some(text)
}

/// Its escape sequences are ASCII, so that it would pass for UTF-8; no other text has them.
fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    let has = |sequence: &[u8]| memchr::memmem::find(bytes, sequence).is_some();
    // nearly no text has an escape, and to look for one byte costs least
    memchr::memchr(0x1b, bytes).is_some()
        && (has(b"\x1b$B") || has(b"\x1b$@"))
        && (has(b"\x1b(B") || has(b"\x1b(J"))
        && !ISO_2022_JP.decode_without_bom_handling(bytes).1
}

fn decode_labelled<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    if encoding == UTF_8 {
        return match utf8(bytes) {
            Some(text) => as_utf8(text),
            None => repair_utf8(bytes),
        };
    }
    let telling = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if telling >= if encoding.is_single_byte() { 1 } else { TELLING } {
        // Valid multi-byte UTF-8 is never an accident in running text; a server's default charset often is.
        if let Ok(text) = std::str::from_utf8(bytes) {
            let why = format!("says {} but is UTF-8", encoding.name());
            return Decoded::clean(text, UTF_8.name()).because(Some(why));
        }
    }
    decode_as(bytes, encoding, None)
}

fn decode_unlabelled(bytes: &[u8], why: Option<String>) -> Decoded<'_> {
    match utf8(bytes) {
        Some(text) => as_utf8(text).because(why),
        None => {
            let guess = guess(bytes);
            decode_as(
                bytes,
                guess,
                Some(why.unwrap_or_else(|| format!("names no encoding; read as {}", guess.name()))),
            )
        }
    }
}

/// UTF-8, or what Java and Oracle take for it: letters beyond the first plane in two halves of three bytes each.
fn utf8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => String::from_utf8(with_halves_joined(bytes)?).ok().map(Cow::Owned),
    }
}

fn as_utf8(text: Cow<'_, str>) -> Decoded<'_> {
    let joined = matches!(text, Cow::Owned(_)).then(|| "has letters in two halves each (CESU-8)".to_owned());
    Decoded::clean(text, UTF_8.name()).because(joined)
}

fn with_halves_joined(mut bytes: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(0xed, bytes)?;
    let (mut joined, mut is_any) = (Vec::with_capacity(bytes.len()), false);
    while let Some((first, rest)) = bytes.split_first() {
        let (letter, rest) = match bytes {
            [0xed, a @ 0xa0..=0xaf, b, 0xed, c @ 0xb0..=0xbf, d, rest @ ..] => {
                (letter_of([*a, *b, *c, *d]), rest)
            }
            _ => (None, rest),
        };
        is_any |= letter.is_some();
        match letter {
            Some(letter) => joined.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            None => joined.push(*first),
        }
        bytes = rest;
    }
    is_any.then_some(joined)
}

/// The letter of two surrogates, by the last two bytes of each.
fn letter_of(halves: [u8; 4]) -> Option<char> {
    let [a, b, c, d] = halves.map(|byte| u32::from(byte & 0x3f));
    let (high, low) = ((a & 0xf) << 6 | b, (c & 0xf) << 6 | d);
    char::from_u32(0x1_0000 + (high << 10 | low))
}

/// Says UTF-8 and is not: bytes that slipped in from an older encoding are read as windows-1252 one by one
/// when the rest is UTF-8, else the whole document is guessed.
fn repair_utf8(bytes: &[u8]) -> Decoded<'_> {
    let (mut text, mut multibyte, mut repaired) = (String::with_capacity(bytes.len()), 0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        multibyte += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        text.push_str(chunk.valid());
        repaired += chunk.invalid().len();
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    let guess = (multibyte == 0 || repaired > multibyte).then(|| guess(bytes));
    if let Some(guess) = guess.filter(|guess| multibyte == 0 || fits(bytes, guess)) {
        return decode_as(bytes, guess, Some(format!("says UTF-8 but is not; read as {}", guess.name())));
    }
    let why = format!("says UTF-8 but {repaired} bytes are not; read as windows-1252");
    Decoded::clean(text, UTF_8.name()).because(Some(why))
}

/// An encoding of two bytes and more a letter that has all of these: some of its pairs pass for UTF-8 too.
fn fits(bytes: &[u8], encoding: &'static Encoding) -> bool {
    !encoding.is_single_byte() && !encoding.decode_without_bom_handling(bytes).1
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding, why: Option<String>) -> Decoded<'a> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let broken = broken.then(|| format!("some bytes are not {}", encoding.name()));
    Decoded::clean(text, encoding.name()).because(why).because(broken)
}

/// UTF-32, which encoding_rs leaves out as the web does.
fn decode_utf32<'a>(bytes: &[u8], little: bool) -> Decoded<'a> {
    let mut broken = !bytes.len().is_multiple_of(4);
    let text: String = bytes
        .chunks_exact(4)
        .filter_map(|quad| <[u8; 4]>::try_from(quad).ok())
        .map(|quad| if little { u32::from_le_bytes(quad) } else { u32::from_be_bytes(quad) })
        .map(|code| {
            char::from_u32(code).unwrap_or_else(|| {
                broken = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    let name = if little { "UTF-32LE" } else { "UTF-32BE" };
    Decoded::clean(text, name).because(broken.then(|| format!("some bytes are not {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_then_http_then_the_declaration_then_a_guess() {
        let utf16: Vec<u8> =
            "<?xml version='1.0'?><rss/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf32: Vec<u8> = "<rss>\u{e9}</rss>".chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
        let cases: &[(&[u8], Option<&str>, &str, &str)] = &[
            (b"\xEF\xBB\xBF<rss/>", None, "UTF-8", "<rss/>"),
            (b"<a>caf\xe9</a>", Some("text/xml; charset=\"iso-8859-1\""), "windows-1252", "caf\u{e9}"),
            (
                b"<?xml version='1.0' encoding='windows-1251'?>\xcf\xf0",
                None,
                "windows-1251",
                "\u{41f}\u{440}",
            ),
            (
                b"<?xml version='1.0' encoding='koi8-r'?>\xcf",
                Some("text/xml;charset=windows-1251"),
                "windows-1251",
                "\u{41f}",
            ),
            (b"<?xml version='1.0' encoding='utf-16'?><rss/>", None, "UTF-8", "<rss/>"),
            (
                b"<?xml version='1.0' encoding='us-ascii'?>\x93hi\x94",
                None,
                "windows-1252",
                "\u{201c}hi\u{201d}",
            ),
            ("<?xml version='1.0' encoding='iso-8859-1'?>caf\u{e9}".as_bytes(), None, "UTF-8", "caf\u{e9}"),
            (b"<?xml version='1.0' encoding='utf-8'?>\xc3\xa9 caf\xe9", None, "UTF-8", "\u{e9} caf\u{e9}"),
            (b"<?xml version='1.0' encoding='nonsense'?><rss/>", None, "UTF-8", "<rss/>"),
            (b"<?xml version='1.0' encoding='cp932'?>\x93\xfa", None, "Shift_JIS", "\u{65e5}"),
            (
                "<html><meta charset=gb2312>\u{4e2d}\u{6587}\u{65b0}\u{95fb}\u{4e2d}\u{6587}".as_bytes(),
                None,
                "UTF-8",
                "\u{4e2d}\u{6587}",
            ),
            (b"<html><META charset=windows-1251>\xcf\xf0", None, "windows-1251", "\u{41f}\u{440}"),
            (
                b"<html><meta http-equiv='Content-Type' content='text/html; charset = koi8-r'/>\xf0",
                None,
                "KOI8-R",
                "\u{41f}",
            ),
            (
                b"<rss><![CDATA[<meta charset='koi8-r'>]]>caf\xe9 \x93hi\x94 caf\xe9",
                None,
                "windows-1252",
                "caf\u{e9}",
            ),
            (&utf16, None, "UTF-16LE", "<rss/>"),
            (&utf32, None, "UTF-32BE", "\u{e9}"),
            (b"<a>smile \xed\xa0\xbd\xed\xb8\x80</a>", None, "UTF-8", "smile \u{1f600}<"),
            (b"", None, "UTF-8", ""),
        ];
        for (bytes, content_type, encoding, holds) in cases {
            let decoded = decode(bytes, *content_type);
            assert_eq!(decoded.encoding, *encoding, "{:?}", String::from_utf8_lossy(bytes));
            assert!(decoded.text.contains(holds), "{:?} does not hold {holds:?}", decoded.text);
        }
    }

    #[test]
    fn a_parity_bit_is_taken_off_where_each_byte_bears_one() {
        let line = "r i BC-Moles-Talks   04-01 0088\r\n^By JANE ROE=\r\n\tBERLIN _ Moles and voles resumed talks.\r\n";
        let with = |odd: u32| -> Vec<u8> {
            line.bytes().map(|byte| if byte.count_ones() % 2 == odd { byte } else { byte | 0x80 }).collect()
        };
        let marked: Vec<u8> = line.bytes().map(|byte| byte | 0x80).collect();
        for bytes in [with(0), with(1), marked] {
            assert_eq!(decode(&bytes, None).text, line);
        }
        assert_eq!(decode(line.as_bytes(), None).faults, Vec::new());
        let chinese = "\u{65b0}\u{95fb}".repeat(40);
        assert_eq!(decode(chinese.as_bytes(), None).text, chinese);
        assert_eq!(decode(&encoding_rs::GBK.encode(&chinese).0, None).encoding, "GBK");
        assert_ne!(decode(&with(0)[..20], None).encoding, "US-ASCII");
    }

    #[test]
    fn what_says_utf8_and_is_of_the_east_is_read_as_what_it_is() {
        let japanese = "<?xml version='1.0' encoding='UTF-8'?><a>東京の記者会見で首相が語る、という記事の本文である。</a>";
        for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, ISO_2022_JP] {
            let (bytes, ..) = encoding.encode(japanese);
            assert_eq!(decode(&bytes, None).text, japanese, "{}", encoding.name());
        }
    }

    #[test]
    fn utf8_is_not_copied_and_a_lie_is_told() {
        assert!(matches!(decode("<rss>\u{e9}</rss>".as_bytes(), None).text, Cow::Borrowed(_)));
        let lie = decode("<?xml version='1.0' encoding='iso-8859-1'?>\u{e9}".as_bytes(), None);
        assert_eq!(lie.faults[0].code, "charset");
    }
}
