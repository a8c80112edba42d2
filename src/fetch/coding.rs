//! Content-Encodings, undone. Not by the HTTP client: it knows one layer, believes the header against the bytes, and loses all but the
//! first member of a gzip.

use std::io::Read;

use brotli::Decompressor;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};

use super::body::{Body, in_body};
use super::error::Cause;

/// What a server may answer in.
pub(super) const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, deflate, br, zstd");

/// Layers one over the other, at most.
const LAYERS: usize = 4;
/// Members of one gzip: each costs more to begin than to read.
const MEMBERS: usize = 1_000;
/// Of zstd, as a power of two: RFC 9659 allows 8 MiB in HTTP, a body in one piece has our own limit.
const WINDOW: u32 = 24;
const GZIP: &[u8] = &[0x1f, 0x8b, 8];

/// Undoes one layer: what it holds, as far as it goes.
type Undo = fn(&[u8], u64) -> Result<Body, Cause>;

const CODINGS: &[(&str, Undo)] =
    &[("gzip", gunzip), ("x-gzip", gunzip), ("deflate", inflate), ("br", unbrotli), ("zstd", unzstd)];

/// The encodings that the headers name, in lower case, the one put on last at the end (RFC 9110, 8.4).
pub(super) fn named(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let named: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let names = named.join(",");
    let names = names.split(',').map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !matches!(name.as_str(), "" | "identity")).collect()
}

/// The body without them. The bytes know better than the header: text is not unpacked, and a gzip that nobody named is.
pub(super) fn undo(named: &[String], mut body: Body, limit: u64) -> Result<Body, Cause> {
    if named.len() > LAYERS {
        return Err(Cause::Decode(format!("{} encodings, one over the other", named.len())));
    }
    for name in named.iter().rev() {
        if is_text(&body.bytes) {
            return Ok(body);
        }
        body = peel(name, body, limit)?;
    }
    for _ in named.len()..LAYERS {
        if !body.bytes.starts_with(GZIP) {
            break;
        }
        body = peel("gzip", body, limit)?;
    }
    Ok(body)
}

fn peel(name: &str, packed: Body, limit: u64) -> Result<Body, Cause> {
    if packed.bytes.is_empty() {
        return Ok(packed);
    }
    let name = if packed.bytes.starts_with(GZIP) { "gzip" } else { name };
    let coding = CODINGS.iter().find(|(known, _)| *known == name);
    let (_, undo) = coding.ok_or_else(|| Cause::Decode(format!("unknown content-encoding {name:?}")))?;
    let body = undo(&packed.bytes, limit)?;
    Ok(Body { cut: packed.cut.or(body.cut), ..body })
}

/// Whether it begins as a document does, and nothing packed.
fn is_text(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let is_letter = |byte: &u8| *byte >= b' ' || byte.is_ascii_whitespace();
    matches!(bytes.first(), Some(b'<' | b'{' | b'[')) && bytes.iter().take(64).all(is_letter)
}

/// Member after member; what follows them and is none, servers fill up with, is left.
fn gunzip(mut packed: &[u8], limit: u64) -> Result<Body, Cause> {
    let mut body = Body::default();
    for _ in 0..MEMBERS {
        let mut member = GzDecoder::new(packed);
        drain(&mut member, &mut body, limit)?;
        packed = member.into_inner();
        if body.cut.is_some() || !packed.starts_with(GZIP) {
            return Ok(body);
        }
    }
    Err(Cause::Decode(format!("a gzip of more than {MEMBERS} members")))
}

/// `deflate` is zlib's by the book, and bare from servers that read another book.
fn inflate(packed: &[u8], limit: u64) -> Result<Body, Cause> {
    let is_zlib = matches!(packed, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
    match is_zlib {
        true => whole(ZlibDecoder::new(packed), limit),
        false => whole(DeflateDecoder::new(packed), limit),
    }
}

fn unbrotli(packed: &[u8], limit: u64) -> Result<Body, Cause> {
    whole(Decompressor::new(packed, 4096), limit)
}

fn unzstd(packed: &[u8], limit: u64) -> Result<Body, Cause> {
    let refuse = |error: std::io::Error| Cause::Decode(error.to_string());
    let mut decoder = zstd::Decoder::with_buffer(packed).map_err(refuse)?;
    decoder.window_log_max(WINDOW).map_err(refuse)?;
    whole(decoder, limit)
}

fn whole(decoder: impl Read, limit: u64) -> Result<Body, Cause> {
    let mut body = Body::default();
    drain(decoder, &mut body, limit)?;
    Ok(body)
}

/// Adds what `decoder` has; never holds more than `limit` bytes and one more.
fn drain(decoder: impl Read, body: &mut Body, limit: u64) -> Result<(), Cause> {
    let room = limit.saturating_sub(body.bytes.len() as u64);
    let read = decoder.take(room.saturating_add(1)).read_to_end(&mut body.bytes);
    if body.bytes.len() as u64 > limit {
        return Err(Cause::TooLarge { limit });
    }
    match read.map_err(|error| in_body(&error)) {
        Err(cut @ Cause::Truncated(_)) => body.cut = Some(cut),
        Err(cause) => return Err(cause),
        Ok(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use std::io::Write;

    const FEED: &[u8] = b"<rss version='2.0'><channel><title>Quay</title></channel></rss>";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn bare(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn undone(value: &str, bytes: Vec<u8>, limit: u64) -> Result<Body, Cause> {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, value.parse().unwrap())]);
        undo(&named(&headers), Body { bytes, cut: None }, limit)
    }

    #[test]
    fn the_bytes_are_believed_before_the_header() {
        let zstd = zstd::encode_all(FEED, 1).unwrap();
        let two = [gzip(&FEED[..20]), gzip(&FEED[20..])].concat();
        let table = [
            ("gzip", gzip(FEED)),
            ("GZip", gzip(FEED)),
            ("identity, X-GZIP", gzip(FEED)),
            ("gzip, gzip", gzip(&gzip(FEED))),
            ("gzip, zstd", zstd::encode_all(&*gzip(FEED), 1).unwrap()),
            ("ZSTD", zstd),
            ("deflate", bare(FEED)),
            ("gzip", two),
            ("gzip", [gzip(FEED), vec![0; 512]].concat()),
            ("gzip", gzip(&gzip(FEED))),
            ("identity", gzip(FEED)),
            (" , ,", FEED.to_vec()),
            ("gzip", FEED.to_vec()),
            ("br", [b"\xef\xbb\xbf\n", FEED].concat()),
            ("utf-8", FEED.to_vec()),
            ("br", gzip(FEED)),
        ];
        for (value, packed) in table {
            let body = undone(value, packed, 1000).unwrap();
            assert!(body.bytes.ends_with(FEED) && body.cut.is_none(), "{value}: {:?}", body.bytes);
        }
    }

    #[test]
    fn what_is_no_such_packing_is_refused() {
        let table = [
            ("quay", b"\x89PNG\r\n\x1a\n and a picture".to_vec()),
            ("gzip", b"\x89PNG\r\n\x1a\n and a picture".to_vec()),
            ("zstd", b"\x89PNG\r\n\x1a\n and a picture".to_vec()),
            ("gzip, gzip, gzip, gzip, gzip", gzip(FEED)),
            ("gzip", gzip(b"").repeat(MEMBERS + 1)),
        ];
        for (value, packed) in table {
            assert!(matches!(undone(value, packed, 1000), Err(Cause::Decode(_))), "{value}");
        }
    }

    #[test]
    fn a_body_is_unpacked_up_to_its_limit_and_as_far_as_it_goes() {
        let packed = gzip(&[b'q'; 100_000]);
        assert_eq!(undone("gzip", packed.clone(), 100_000).unwrap().bytes.len(), 100_000);
        assert_eq!(undone("gzip", packed.clone(), 99_999).err(), Some(Cause::TooLarge { limit: 99_999 }));
        let nested = gzip(&packed);
        assert_eq!(undone("gzip", nested, 99_999).err(), Some(Cause::TooLarge { limit: 99_999 }));
        let cut = undone("gzip", packed[..packed.len() - 9].to_vec(), 100_000).unwrap();
        assert!(matches!(cut.cut, Some(Cause::Truncated(_))) && cut.bytes.ends_with(b"qqq"), "{:?}", cut.cut);
    }
}
