//! What a story's place among others depends on, read from the index without its text.

use tantivy::columnar::Column;
use tantivy::{DocAddress, Searcher};

use super::ask::Ask;
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
}

/// What comes first: the better, then the newer. The greater is the better one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(u64);

/// So many bits of a rank are for the time: 4,355 years on each side of 1970.
const TIME: u32 = 38;

impl Rank {
    /// Of a story that scores so much and was published then, in seconds.
    ///
    /// Scores are sums whose last bits depend on the order of adding, and so on how the index happens to be cut into
    /// segments. Those bits are not looked at.
    pub fn of(score: f32, published: i64) -> Self {
        let time = published.clamp(-1 << (TIME - 1), (1 << (TIME - 1)) - 1) + (1 << (TIME - 1));
        Self(Self::by_score(score) | time.cast_unsigned())
    }

    /// The rank that nothing with at most this score can come before.
    pub fn best(score: f32) -> Self {
        Self(Self::by_score(score) | ((1 << TIME) - 1))
    }

    fn by_score(score: f32) -> u64 {
        u64::from(score.max(0.0).to_bits() >> 6) << TIME
    }
}

/// What is left of a score at such an age: all of it now, three quarters after three days, half in the end.
pub(super) fn aged(score: f32, published: i64, now: i64) -> f32 {
    const HALFWAY: f32 = 72.0 * 3600.0;
    let age = now.saturating_sub(published).max(0) as f32;
    score * (0.5 + 0.5 * HALFWAY / (age + HALFWAY))
}

impl Found {
    /// Its place among others.
    pub fn rank(&self) -> Rank {
        Rank::of(self.score, self.published)
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

    fn columns(&self, address: DocAddress) -> Option<&Columns> {
        self.segments.get(address.segment_ord as usize)
    }

    /// When the story there was published, in seconds.
    pub fn published(&self, address: DocAddress) -> i64 {
        self.columns(address).and_then(|columns| columns.published.first(address.doc_id)).unwrap_or_default()
    }

    /// The place in the store of the story there.
    pub fn seq(&self, address: DocAddress) -> u64 {
        let seq = self.columns(address).and_then(|columns| columns.seq.first(address.doc_id));
        seq.unwrap_or_default().cast_unsigned()
    }

    /// Is it a story, or for editors, as `ask` wants it, and does the gate let it pass at that time?
    pub fn admit(&self, address: DocAddress, ask: &Ask) -> bool {
        let Some(columns) = self.columns(address) else { return false };
        let (doc, now) = (address.doc_id, ask.now.as_second());
        let first = |column: &Option<Column<i64>>| column.as_ref().and_then(|column| column.first(doc));
        first(&columns.shown_from).is_none_or(|from| from <= now)
            && first(&columns.shown_until).is_none_or(|until| now < until)
            && first(&columns.editorial).is_some() == ask.editorial
    }

    /// What is known of the story there.
    pub fn of(&self, score: f32, address: DocAddress) -> Found {
        Found { score, address, published: self.published(address), seq: self.seq(address) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_loses_a_quarter_in_three_days_and_never_more_than_half() {
        let aged = |days: i64| aged(8.0, 0, days * 86_400);
        assert_eq!((aged(-1), aged(0), aged(3)), (8.0, 8.0, 6.0));
        assert!((4.0..4.1).contains(&aged(3_650)), "{}", aged(3_650));
    }

    #[test]
    fn the_better_comes_before_the_newer_and_the_newer_before_the_older() {
        let ranks = [(1.0, i64::MIN), (1.0, -5), (1.0, 0), (1.0, i64::MAX), (1.1, i64::MIN), (9e9, 0)];
        assert!(ranks.map(|(score, published)| Rank::of(score, published)).is_sorted_by(|a, b| a < b));
        assert!(Rank::best(1.0) >= Rank::of(1.0, i64::MAX) && Rank::best(1.0) < Rank::of(1.1, i64::MIN));
    }
}
