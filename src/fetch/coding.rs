//! Content-Encodings under names that reqwest does not know: `GZip`, `x-gzip`, `gzip, identity` (RFC 9110, 8.4: names in any case).

use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use super::body::in_body;
use super::error::Cause;

/// How a body is encoded that reqwest handed over as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Nothing.
    Plain,
    Gzip,
    Deflate,
    Zstd,
}

/// Every name it goes by.
const NAMES: &[(&str, Coding)] = &[
    ("gzip", Coding::Gzip),
    ("x-gzip", Coding::Gzip),
    ("deflate", Coding::Deflate),
    ("zstd", Coding::Zstd),
    ("identity", Coding::Plain),
    ("", Coding::Plain),
];

impl Coding {
    /// The encoding that the headers still name (reqwest removes the header of what it unpacked). Refuses an unknown one, and more than one.
    pub fn left_in(headers: &HeaderMap) -> Result<Self, Cause> {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let named: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let named = named.join(",");
        let mut found = Self::Plain;
        for name in named.split(',').map(|name| name.trim().to_ascii_lowercase()) {
            match NAMES.iter().find(|(known, _)| *known == name) {
                Some((_, Self::Plain)) => {}
                Some((_, coding)) if found == Self::Plain => found = *coding,
                _ => return Err(Cause::Decode(format!("unknown content-encoding \"{}\"", named.trim()))),
            }
        }
        Ok(found)
    }

    /// The body without it; never holds more than `limit` bytes of that and one more.
    pub fn undo(self, body: Vec<u8>, limit: u64) -> Result<Vec<u8>, Cause> {
        match self {
            Self::Plain => Ok(body),
            Self::Gzip => whole(MultiGzDecoder::new(&*body), limit),
            Self::Deflate => whole(ZlibDecoder::new(&*body), limit),
            Self::Zstd => {
                whole(zstd::Decoder::new(&*body).map_err(|error| Cause::Decode(error.to_string()))?, limit)
            }
        }
    }
}

fn whole(decoder: impl Read, limit: u64) -> Result<Vec<u8>, Cause> {
    let mut body = Vec::new();
    let read = decoder.take(limit.saturating_add(1)).read_to_end(&mut body);
    read.map_err(|error| in_body(&error))?;
    if body.len() as u64 > limit { Err(Cause::TooLarge { limit }) } else { Ok(body) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn names_are_known_in_any_case_and_one_alone_is_undone() {
        let table = [
            ("GZip", Some(Coding::Gzip)),
            ("identity, X-GZIP", Some(Coding::Gzip)),
            (" , ,", Some(Coding::Plain)),
            ("Deflate", Some(Coding::Deflate)),
            ("ZSTD", Some(Coding::Zstd)),
            ("gzip, gzip", None),
            ("quay", None),
        ];
        for (value, expected) in table {
            let headers = HeaderMap::from_iter([(CONTENT_ENCODING, value.parse().unwrap())]);
            assert_eq!(Coding::left_in(&headers).ok(), expected, "{value}");
        }
    }

    #[test]
    fn a_body_is_unpacked_up_to_its_limit() {
        let packed = gzip(&[b'q'; 100_000]);
        assert_eq!(Coding::Gzip.undo(packed.clone(), 100_000).unwrap().len(), 100_000);
        assert_eq!(Coding::Gzip.undo(packed.clone(), 99_999), Err(Cause::TooLarge { limit: 99_999 }));
        assert!(matches!(Coding::Gzip.undo(packed[..40].to_vec(), 100_000), Err(Cause::Truncated(_))));
        assert!(matches!(Coding::Zstd.undo(packed, 100_000), Err(Cause::Decode(_))));
    }
}
