//! What an alert says: read from the store when somebody looks. The file of topics keeps no word of a story.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::alert::Alert;
use super::clock;
use super::error::TopicsError;
use crate::item::NewsItem;
use crate::search::{Spellings, Standing};
use crate::store::{Revision, Seq, Store, StoreError};

/// How long a passage an alert quotes, in characters.
const PASSAGE: usize = 240;

/// An alert as the book keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// All of it but the words; those of an alert of an older wiredesk, which kept them, are here.
    pub alert: Alert,
    /// What its topic looks for, as typed.
    pub query: String,
    /// The revision that it is about; none once the story was taken back.
    pub seq: Option<Seq>,
}

/// The stories that alerts are about, and the queries of their topics, to quote from.
pub struct Quotes {
    store: Store,
    spellings: Arc<Spellings>,
    /// By the query as typed.
    standing: HashMap<String, Standing>,
}

impl Quotes {
    /// Quotes from the store in the data dir `dir`.
    ///
    /// # Errors
    /// `storage` when there is none, `corrupt` when it is damaged.
    pub fn open(dir: &Path, spellings: Arc<Spellings>) -> Result<Self, TopicsError> {
        Ok(Self { store: Store::open_read_only(dir)?, spellings, standing: HashMap::new() })
    }

    /// It was opened as one that nobody writes to, and somebody has: it must be opened again.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.store.is_outdated()
    }

    /// The alert in the words that its story had then; without any where the story may not be shown at `now`, or is damaged: no alert
    /// holds up those behind it.
    ///
    /// # Errors
    /// `storage`, of the store.
    pub fn of(&mut self, kept: Kept, now: Timestamp) -> Result<Alert, TopicsError> {
        let Kept { alert, query, seq } = kept;
        let is_shown = |item: &NewsItem| item.publishability(now).is_publishable();
        let current = readable(self.store.current(&alert.id))?;
        if !current.is_some_and(|current| is_shown(&current.item)) {
            return Ok(alert.without_words());
        }
        let Some(seq) = seq else { return Ok(alert) };
        let Some(revision) = said_then(&self.store, &alert.id, seq)? else { return Ok(alert) };
        let passage = quoted(&[self.standing(query, now)], &revision.item).pop().unwrap_or_default();
        let headline = revision.item.headline.unwrap_or_default();
        Ok(Alert { headline, passage, ..alert })
    }

    fn standing(&mut self, query: String, now: Timestamp) -> &Standing {
        let spellings = &self.spellings;
        self.standing.entry(query).or_insert_with_key(|query| Standing::new(query, &clock(now), spellings))
    }
}

/// The revision of `story` at `seq`; none where it is damaged, or of another story: store and topics were put back from different moments.
pub(super) fn said_then(store: &Store, story: &str, seq: Seq) -> Result<Option<Revision>, StoreError> {
    Ok(readable(store.revision(seq))?.filter(|revision| revision.item.id == story))
}

/// None of a damaged revision: it holds up nothing but itself.
pub(super) fn readable(found: Result<Option<Revision>, StoreError>) -> Result<Option<Revision>, StoreError> {
    found.or_else(|error| match error.class() {
        "corrupt" => {
            tracing::warn!(%error, "a revision that an alert is about is damaged");
            Ok(None)
        }
        _ => Err(error),
    })
}

/// What `item` says on each of these.
pub(super) fn quoted(these: &[&Standing], item: &NewsItem) -> Vec<String> {
    Standing::passages(these, item, PASSAGE).into_iter().map(|passage| passage.text).collect()
}
