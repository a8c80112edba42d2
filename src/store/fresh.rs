//! The stories that were landed last, kept until somebody who follows asks for them: what was just written need not be
//! read back and parsed.

use super::types::{Revision, Seq};

/// The end of the log, as one transaction appended it; empty when that did more than to open stories.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    revisions: Vec<Revision>,
    is_spoiled: bool,
}

impl Fresh {
    /// The first revision of a story.
    pub(super) fn push(&mut self, first: Revision) {
        if !self.is_spoiled {
            self.revisions.push(first);
        }
    }

    /// A story was revised or taken back: followers read what that came to in the log.
    pub(super) fn spoil(&mut self) {
        *self = Self { is_spoiled: true, ..Self::default() };
    }

    /// Gives away all of them, if they are what follows `seq` in the log and no more than `limit`.
    pub(super) fn take_after(&mut self, seq: Seq, limit: usize) -> Vec<Revision> {
        let follows = self.revisions.first().is_some_and(|first| first.seq.0 == seq.0 + 1);
        if follows && self.revisions.len() <= limit {
            std::mem::take(&mut self.revisions)
        } else {
            Vec::new()
        }
    }
}
