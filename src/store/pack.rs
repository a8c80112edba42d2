//! How bytes are packed: whole, or as their difference to others that are there already. Pure.
//!
//! zstd takes the other bytes for a text that came just before (`zstd --patch-from`). They are named to it as plain bytes, so that
//! nothing a provider sends is taken for a dictionary of zstd's own; and its window spans both, so that all of them count.

use zstd::zstd_safe::{CCtx, CParameter, DCtx, compress_bound, get_error_name, get_frame_content_size};

/// zstd's quickest level: feeds are repetitive, and the writer's time is dear.
const LEVEL: i32 = 1;
/// The longest bytes that are kept as a difference, and the longest base, in bytes: two are held for it. As long as a delivery may be,
/// unless the config says otherwise.
pub(super) const LONGEST: usize = 16 << 20;
/// The least window that zstd takes (2^10 bytes).
const LEAST_WINDOW: u32 = 10;
/// A difference of less than one part in so many is taken without packing the bytes whole to compare: plain text packs to a quarter.
const SURELY: usize = 16;

/// Bytes that could not be packed or unpacked, in zstd's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unpacked(String);

impl Unpacked {
    fn of(code: usize) -> Self {
        Self(get_error_name(code).to_owned())
    }
}

/// The bytes by themselves.
pub(super) fn whole(bytes: &[u8]) -> Result<Vec<u8>, Unpacked> {
    zstd::bulk::compress(bytes, LEVEL).map_err(|error| Unpacked(error.to_string()))
}

/// What they differ in from `base`; none where that is not much less than they are by themselves.
pub(super) fn difference(bytes: &[u8], base: &[u8]) -> Result<Option<Vec<u8>>, Unpacked> {
    if bytes.len() > LONGEST || base.len() > LONGEST {
        return Ok(None);
    }
    let packed = against(bytes, base)?;
    if packed.len() < bytes.len() / SURELY {
        return Ok(Some(packed));
    }
    let alone = whole(bytes)?.len();
    Ok((packed.len() < alone - alone / 4).then_some(packed))
}

fn against(bytes: &[u8], base: &[u8]) -> Result<Vec<u8>, Unpacked> {
    let window = usize::BITS - (bytes.len() + base.len()).leading_zeros();
    let mut context = CCtx::try_create().ok_or_else(no_room)?;
    for parameter in [
        CParameter::CompressionLevel(LEVEL),
        CParameter::WindowLog(window.max(LEAST_WINDOW)),
        // finds what lies far back; the quickest level alone looks only nearby
        CParameter::EnableLongDistanceMatching(true),
    ] {
        context.set_parameter(parameter).map_err(Unpacked::of)?;
    }
    context.ref_prefix(base).map_err(Unpacked::of)?;
    let mut packed = Vec::with_capacity(compress_bound(bytes.len()));
    context.compress2(&mut packed, bytes).map_err(Unpacked::of)?;
    Ok(packed)
}

/// The bytes again, which must be `size` of them; of a difference, with its base. What comes of the wrong base may be wrong
/// bytes: whoever asks looks at their hash.
pub(super) fn unpack(packed: &[u8], size: usize, base: Option<&[u8]>) -> Result<Vec<u8>, Unpacked> {
    let said = get_frame_content_size(packed).ok().flatten();
    if said != u64::try_from(size).ok() {
        return Err(Unpacked(format!("it is not of {size} bytes")));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).map_err(|_| no_room())?;
    let mut context = DCtx::try_create().ok_or_else(no_room)?;
    if let Some(base) = base {
        context.ref_prefix(base).map_err(Unpacked::of)?;
    }
    context.decompress(&mut bytes, packed).map_err(Unpacked::of)?;
    Ok(bytes)
}

fn no_room() -> Unpacked {
    Unpacked("there is no memory for it".into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes that nothing packs, the same for the same seed.
    fn noise(seed: u64, count: usize) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    #[test]
    fn what_is_far_back_in_a_large_base_is_found_and_comes_back() {
        for size in [3_000, 200_000, 3_000_000, LONGEST] {
            let base = noise(7, size);
            let mut bytes = base.clone();
            let item = noise(8, 900);
            bytes.splice(size / 3..size / 3 + 700, item.iter().copied());
            bytes.truncate(LONGEST);
            let packed = difference(&bytes, &base).unwrap().unwrap();
            assert!(packed.len() < 900 + 200 + size / 1000, "{} of {size}", packed.len());
            assert_eq!(unpack(&packed, bytes.len(), Some(&base)).unwrap(), bytes);
        }
    }

    #[test]
    fn a_difference_that_does_not_pay_is_none() {
        let (one, other) = (noise(1, 50_000), noise(2, 50_000));
        assert_eq!(difference(&one, &other).unwrap(), None);
        let huge = vec![b'a'; LONGEST + 1];
        assert_eq!(difference(&huge, &huge).unwrap(), None);
        assert_eq!(difference(&one, &huge).unwrap(), None);
    }

    #[test]
    fn a_base_that_looks_like_a_dictionary_of_zstd_is_bytes_like_any() {
        let magic = [0x37, 0xa4, 0x30, 0xec, 1, 2, 3, 4];
        let base = [&magic[..], &noise(3, 5_000)].concat();
        let bytes = [&base[..], b"and more"].concat();
        let packed = difference(&bytes, &base).unwrap().unwrap();
        assert_eq!(unpack(&packed, bytes.len(), Some(&base)).unwrap(), bytes);
    }

    #[test]
    fn a_size_that_is_not_the_frames_is_refused_before_room_is_made_for_it() {
        let packed = whole(b"four score and seven").unwrap();
        for size in [0, 19, 21, usize::MAX] {
            unpack(&packed, size, None).unwrap_err();
        }
        for cut in 0..packed.len() {
            unpack(&packed[..cut], 20, None).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back_from_any_base(
            base in proptest::collection::vec(0..4_u8, 0..600),
            bytes in proptest::collection::vec(0..4_u8, 0..600),
        ) {
            let packed = against(&bytes, &base).unwrap();
            prop_assert_eq!(unpack(&packed, bytes.len(), Some(&base)).unwrap(), bytes.clone());
            prop_assert_eq!(unpack(&whole(&bytes).unwrap(), bytes.len(), None).unwrap(), bytes);
        }
    }
}
