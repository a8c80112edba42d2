//! Which texts share runs of words? The smallest hashes of the sketches of the last days, in memory.
//!
//! Of each text the 32 smallest hashes are listed. A cut or rewritten copy keeps several of them, whatever its length; a
//! text that shares next to nothing is never looked at.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::item::sketch::Sketch;

/// Hashes of each text that are listed.
const LISTED: usize = 32;
/// Texts that are counted for one hash, latest first: a stock phrase says nothing.
const WALKED: usize = 48;
/// Hashes in common below which a text is not looked at.
const WORTH: usize = 2;
/// Texts of one span at most, so that the memory of a flood has an end: then the next span begins. Their hashes are what a table of
/// 2^21 places holds before it grows; two spans take some 65 MB.
pub(super) const MANY: usize = (1 << 21) / 8 * 7 / LISTED;
/// Texts that are looked at, those with most in common first.
const LOOKED_AT: usize = 8;

/// Hashes are spread evenly already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = (self.0 << 8) | u64::from(*byte));
    }

    fn write_u32(&mut self, hash: u32) {
        // both ends count: the table looks at the topmost bits first
        self.0 = u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// For each hash the latest entry of its list.
type Heads = HashMap<u32, u32, BuildHasherDefault<AsIs>>;

/// An entry of a list: a text, and the entry before it.
struct Entry {
    text: u32,
    before: u32,
}

const NONE: u32 = u32::MAX;

/// The texts of one span of time.
#[derive(Default)]
struct Span {
    heads: Heads,
    entries: Vec<Entry>,
    texts: Vec<i64>,
    began: i64,
}

/// The texts of the last two spans of time.
pub(super) struct Postings {
    now: Span,
    before: Span,
    long: i64,
}

impl Postings {
    /// Remembers texts for at least `long` seconds, and [`MANY`] of them at least where there are more.
    pub fn new(long: i64) -> Self {
        Self { now: Span::default(), before: Span::default(), long }
    }

    /// Lists the text `member`, of the time `at` in seconds.
    pub fn add(&mut self, member: i64, at: i64, sketch: &Sketch) {
        if self.now.texts.is_empty() {
            self.now.began = at;
        } else if at > self.now.began.saturating_add(self.long) || self.now.texts.len() >= MANY {
            self.before = std::mem::replace(&mut self.now, Span { began: at, ..Span::default() });
        }
        self.now.add(member, sketch);
    }

    /// Is the text `member` listed, if it ever was? Members come in the order of their numbers.
    pub fn reaches(&self, member: i64) -> bool {
        self.before.texts.first().or(self.now.texts.first()).is_some_and(|oldest| member >= *oldest)
    }

    /// The texts that have most in common with this one, most first.
    pub fn alike(&self, sketch: &Sketch) -> Vec<i64> {
        let mut found = self.now.alike(sketch);
        found.extend(self.before.alike(sketch));
        found.sort_by_key(|(member, common)| (std::cmp::Reverse(*common), *member));
        found.into_iter().take(LOOKED_AT).map(|(member, _)| member).collect()
    }
}

impl Span {
    fn add(&mut self, member: i64, sketch: &Sketch) {
        let Ok(text) = u32::try_from(self.texts.len()) else { return };
        self.texts.push(member);
        for hash in sketch.hashes().iter().take(LISTED) {
            let Ok(place) = u32::try_from(self.entries.len()) else { return };
            let before = self.heads.insert(*hash, place).unwrap_or(NONE);
            self.entries.push(Entry { text, before });
        }
    }

    /// Texts with their count of hashes in common.
    fn alike(&self, sketch: &Sketch) -> Vec<(i64, usize)> {
        let mut shared = Vec::new();
        for hash in sketch.hashes().iter().take(LISTED) {
            let mut place = self.heads.get(hash).copied().unwrap_or(NONE);
            for _ in 0..WALKED {
                let Some(entry) = self.entries.get(place as usize) else { break };
                shared.push(entry.text);
                place = entry.before;
            }
        }
        shared.sort_unstable();
        let runs = shared.chunk_by(|a, b| a == b).filter(|run| run.len() >= WORTH);
        runs.filter_map(|run| Some((*self.texts.get(*run.first()? as usize)?, run.len()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(words: std::ops::Range<usize>) -> Sketch {
        Sketch::of(&words.map(|n| format!("w{n} ")).collect::<String>())
    }

    #[test]
    fn the_text_with_most_in_common_comes_first_and_old_ones_are_forgotten() {
        let mut postings = Postings::new(100);
        postings.add(1, 0, &sketch(0..300));
        postings.add(2, 10, &sketch(200..500));
        postings.add(3, 20, &sketch(1000..1300));
        assert_eq!(postings.alike(&sketch(0..300))[0], 1);
        assert_eq!(postings.alike(&sketch(220..500))[0], 2);
        assert!(postings.alike(&sketch(5000..5300)).is_empty());
        postings.add(4, 150, &sketch(2000..2300));
        assert_eq!(postings.alike(&sketch(0..300))[0], 1, "within two spans");
        postings.add(5, 300, &sketch(3000..3300));
        assert!(postings.alike(&sketch(0..300)).is_empty());
    }

    #[test]
    fn a_flood_of_texts_has_an_end_in_memory() {
        let mut postings = Postings::new(1_000_000);
        let text = |member: i64| {
            let from = usize::try_from(member).unwrap() * 40;
            sketch(from..from + 40)
        };
        let many = i64::try_from(MANY).unwrap();
        for member in 0..2 * many + 10 {
            postings.add(member, 0, &text(member));
        }
        assert!(postings.now.texts.len() + postings.before.texts.len() <= 2 * MANY);
        assert_eq!(postings.alike(&text(2 * many)), [2 * many]);
        assert_eq!(postings.alike(&text(many)), [many]);
        assert!(postings.alike(&text(0)).is_empty(), "the oldest are forgotten first");
    }

    #[test]
    fn a_phrase_in_every_story_costs_no_more_than_in_a_few() {
        let mut postings = Postings::new(100);
        for member in 0..5_000 {
            postings.add(member, 0, &sketch(0..100));
        }
        assert_eq!(postings.alike(&sketch(0..100)).len(), LOOKED_AT);
    }
}
