//! BM25 of a word over the whole text, as the queries of Tantivy add it up.

use std::sync::OnceLock;

use tantivy::fieldnorm::FieldNormReader;

use crate::index::fields::{ALL, FIELDS};

/// Tantivy's constants.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// What a word counts at most that so many stories of `all` have.
pub(super) fn weight(all: u64, stories: u64) -> f32 {
    let rarity = (all.saturating_sub(stories) as f32 + 0.5) / (stories as f32 + 0.5);
    (1.0 + rarity).ln() * (1.0 + K1)
}

/// The part of its weight that a word has that a story so long has so often.
pub(super) fn share(often: u32, norm: f32) -> f32 {
    let often = often as f32;
    often / (often + norm)
}

/// How often a story must have a word for such a share of its weight, were it as short as it can be.
pub(super) fn least(share: f32, norm: f32) -> u32 {
    match share {
        _ if share >= 1.0 => u32::MAX,
        _ if share <= 0.0 => 0,
        _ => (share * norm / (1.0 - share)) as u32,
    }
}

/// How length holds a word back, by the number that the index keeps for a length.
pub(super) fn norm_of(length: u8) -> f32 {
    norms().get(usize::from(length)).copied().unwrap_or(K1)
}

fn norms() -> &'static [f32; 256] {
    static NORMS: OnceLock<[f32; 256]> = OnceLock::new();
    NORMS.get_or_init(|| {
        let usual = FIELDS.get(ALL).map_or(1.0, |row| f32::from(row.usual));
        std::array::from_fn(|id| {
            let length = FieldNormReader::id_to_fieldnorm(u8::try_from(id).unwrap_or(u8::MAX));
            K1 * (1.0 - B + B * length as f32 / usual)
        })
    })
}
