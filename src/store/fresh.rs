//! The stories that were landed last, kept until somebody who follows asks for them: what was just written need not be
//! read back and parsed.

use std::collections::BTreeMap;

use super::types::{Revision, Seq};

/// [`Recent`] keeps at most this many revisions.
const ROOM: usize = 10_000;

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

/// What followers were handed since the last time it was given away, for one who comes behind them, without its long texts. Only a help:
/// whoever asks sees to it that nothing has come over a revision since.
#[derive(Debug, Default)]
pub(super) struct Recent {
    is_wanted: bool,
    held: BTreeMap<Seq, Box<Revision>>,
}

impl Recent {
    /// Empty, and kept from now on.
    pub(super) fn wanted() -> Self {
        Self { is_wanted: true, ..Self::default() }
    }

    /// Keeps a revision that was handed over, while there is room.
    pub(super) fn keep(&mut self, mut revision: Revision) {
        if self.is_wanted && self.held.len() < ROOM {
            let item = &mut revision.item;
            (item.body_text, item.body_html, item.summary) = Default::default();
            (item.captions, item.enclosures) = Default::default();
            self.held.insert(revision.seq, Box::new(revision));
        }
    }

    /// Gives away the revision at `seq`, if it is there.
    pub(super) fn take(&mut self, seq: Seq) -> Option<Box<Revision>> {
        self.held.remove(&seq)
    }
}
