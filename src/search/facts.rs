//! What a story's place among others depends on, read from the index without its text.

use std::cmp::Reverse;
use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Searcher};

use crate::index::fields::{EDITORIAL, PUBLISHED, SEQ, SHOWN_FROM, SHOWN_UNTIL};

/// A story in the index.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// How well it matches.
    pub score: f32,
    /// Where it is in the index.
    pub address: DocAddress,
    /// When it was published, in seconds.
    pub published: i64,
    /// Its place in the store.
    pub seq: u64,
    /// When the gate lets it pass, in seconds.
    pub shown: Range<i64>,
    /// Information for editors and no story.
    pub editorial: bool,
}

impl Found {
    /// The same with a score that its age has lowered: by nothing now, by a quarter after three days, by half in the end.
    pub fn aged(self, now: i64) -> Self {
        const HALFWAY: f32 = 72.0 * 3600.0;
        let age = now.saturating_sub(self.published).max(0) as f32;
        Self { score: self.score * (0.5 + 0.5 * HALFWAY / (age + HALFWAY)), ..self }
    }

    /// The rank that nothing with at most this score can come before.
    pub fn best_rank(score: f32) -> (Reverse<u32>, Reverse<i64>) {
        (Reverse(score.max(0.0).to_bits() >> 6), Reverse(i64::MAX))
    }

    /// What comes first: the better, then the newer.
    ///
    /// Scores are sums whose last bits depend on the order of adding, and so on how the index happens to be cut into
    /// segments. Those bits are not looked at.
    pub fn rank(&self) -> (Reverse<u32>, Reverse<i64>) {
        (Reverse(self.score.max(0.0).to_bits() >> 6), Reverse(self.published))
    }
}

/// The numbers beside the text, segment by segment.
pub(super) struct Facts {
    segments: Vec<Columns>,
}

struct Columns {
    seq: Column<i64>,
    published: Column<i64>,
    shown_from: Option<Column<i64>>,
    shown_until: Option<Column<i64>>,
    editorial: Option<Column<i64>>,
}

impl Facts {
    pub fn open(searcher: &Searcher) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers().iter().map(|segment| {
            let columns = segment.fast_fields();
            Ok(Columns {
                seq: columns.i64(SEQ)?,
                published: columns.i64(PUBLISHED)?,
                shown_from: columns.column_opt(SHOWN_FROM)?,
                shown_until: columns.column_opt(SHOWN_UNTIL)?,
                editorial: columns.column_opt(EDITORIAL)?,
            })
        });
        Ok(Self { segments: segments.collect::<tantivy::Result<_>>()? })
    }

    pub fn of(&self, score: f32, address: DocAddress) -> Found {
        let columns = self.segments.get(address.segment_ord as usize);
        let first = |column: Option<&Column<i64>>, doc: DocId| column.and_then(|column| column.first(doc));
        let value =
            |pick: fn(&Columns) -> Option<&Column<i64>>| first(columns.and_then(pick), address.doc_id);
        let from = value(|columns| columns.shown_from.as_ref()).unwrap_or(i64::MIN);
        let until = value(|columns| columns.shown_until.as_ref()).unwrap_or(i64::MAX);
        Found {
            score,
            address,
            published: value(|columns| Some(&columns.published)).unwrap_or_default(),
            seq: value(|columns| Some(&columns.seq)).unwrap_or_default().cast_unsigned(),
            shown: from..until,
            editorial: value(|columns| columns.editorial.as_ref()).is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_loses_a_quarter_in_three_days_and_never_more_than_half() {
        let aged = |days: i64| {
            let address = DocAddress::new(0, 0);
            let found = Found { score: 8.0, address, published: 0, seq: 1, shown: 0..1, editorial: false };
            found.aged(days * 86_400).score
        };
        assert_eq!((aged(-1), aged(0), aged(3)), (8.0, 8.0, 6.0));
        assert!((4.0..4.1).contains(&aged(3_650)), "{}", aged(3_650));
    }
}
