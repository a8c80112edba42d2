//! **Which stories on this topic, best first?**
//!
//! [`search`] reads what was typed ([`query`]), asks the index, puts the stories in order and asks the gate once more.
//! BM25 over the whole text, where the headline and the lead count for more, and so do words that stand together.

mod ask;
mod best;
mod bm25;
mod compile;
mod error;
mod facts;
mod find;
mod group;
mod hit;
mod initials;
mod like;
mod meant;
mod needs;
mod peaks;
pub mod query;
mod reading;
mod snippet;
mod spelling;
mod standing;
mod stem;
mod tally;
mod terms;
#[cfg(test)]
mod tests;
mod watch;
pub mod when;
mod why;
mod wish;
mod within;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use ask::{Ask, Sort};
pub use error::SearchError;
use find::count;
use group::hits;
pub use hit::{Hit, Thread, Told};
pub use like::like;
pub use snippet::{Marker, Snippet};
pub use spelling::Spellings;
pub use standing::{Fresh, Standing};
pub use tally::{Bar, Counts, FACETS, Facet};
pub use watch::Watch;
pub use within::{names_a_thread, within_threads};

use crate::index::Index;
use crate::item::NewsItem;
use reading::Reading;
use tally::tallied;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The stories asked for, in order.
    pub hits: Vec<Hit>,
    /// How many stories match and may be shown, when that was asked.
    pub total: Option<usize>,
    /// What the reader may have meant, when nothing was found.
    pub meant: Option<String>,
    /// All stories that match, counted by what was asked for.
    pub counts: Counts,
}

/// Brings the story at a place in the store; `None` when there is none.
pub type Load<'l> = &'l dyn Fn(u64) -> Result<Option<NewsItem>, Box<dyn std::error::Error + Send + Sync>>;

/// Tells the thread of a story by its id.
pub type ThreadOf<'l> = &'l dyn Fn(&str) -> Result<Thread, Box<dyn std::error::Error + Send + Sync>>;

/// Answers `ask` from what `index` last saw of its store; `load` brings the stories. Nothing is grouped.
///
/// # Errors
/// [`SearchError::Index`] on a damaged index, [`SearchError::Load`] when `load` fails.
pub fn search(index: &Index, load: Load<'_>, ask: &Ask) -> Result<Answer, SearchError> {
    search_threads(index, load, None, ask)
}

/// The same, with one hit a thread when that is asked for and `thread` tells the threads.
///
/// # Errors
/// As of [`search`].
pub fn search_threads(
    index: &Index,
    load: Load<'_>,
    thread: Option<ThreadOf<'_>>,
    ask: &Ask,
) -> Result<Answer, SearchError> {
    let thread = thread.filter(|_| ask.group);
    // a flipped bit on the disk makes Tantivy panic; that is an answer too
    catch_unwind(AssertUnwindSafe(|| answer(&Reading::of(index), load, thread, ask)))
        .unwrap_or_else(|_| Err(SearchError::Index("its files are damaged".into())))
}

fn answer(
    reading: &Reading,
    load: Load<'_>,
    thread: Option<ThreadOf<'_>>,
    ask: &Ask,
) -> Result<Answer, SearchError> {
    let node = ask.spellings.read(&ask.query, &ask.clock());
    let total = if ask.count { Some(count(reading, node.as_ref(), ask)?) } else { None };
    let marker = (ask.snippet > 0).then(|| Marker::new(node.as_ref()));
    let mut hits = hits(reading, node.as_ref(), load, thread, ask)?;
    hits.drain(..ask.offset.min(hits.len()));
    if let Some(marker) = marker {
        hits.iter_mut().for_each(|hit| hit.snippet = Some(marker.snippet(&hit.item, ask.snippet)));
    }
    let meant = node
        .as_ref()
        .filter(|_| hits.is_empty())
        .map(|node| meant::meant(&reading.searcher, node, &ask.query));
    let counts = tallied(reading, node.as_ref(), load, ask)?;
    Ok(Answer { hits, total, meant: meant.transpose()?.flatten(), counts })
}
