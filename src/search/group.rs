//! One hit a thread: the stories that match, in order, until there are as many hits as are wanted.

use std::collections::HashSet;

use super::ask::Ask;
use super::find::{explained, find};
use super::query::Node;
use super::reading::Reading;
use super::{Hit, Load, SearchError, ThreadOf};

/// The first `offset + limit` hits that may be shown; with `thread` the best of each thread.
pub(super) fn hits(
    reading: &Reading,
    node: Option<&Node>,
    load: Load<'_>,
    thread: Option<ThreadOf<'_>>,
    ask: &Ask,
) -> Result<Vec<Hit>, SearchError> {
    let wanted = ask.offset.saturating_add(ask.limit);
    let (mut hits, mut threads, mut looked_at) = (Vec::new(), HashSet::new(), 0);
    // stories of one thread stand for one hit, so more may have to be fetched than are wanted
    let mut fetch = if thread.is_some() { wanted.saturating_mul(2) } else { wanted };
    loop {
        let found = find(reading, node, ask, fetch)?;
        hits.reserve(found.len().min(wanted).saturating_sub(hits.len()));
        for found in found.iter().skip(looked_at) {
            if hits.len() >= wanted {
                break;
            }
            looked_at += 1;
            let Some(item) = load(found.seq).map_err(SearchError::Load)?.filter(|item| ask.admits(item))
            else {
                continue;
            };
            let thread = thread.map(|of| of(&item.id)).transpose().map_err(SearchError::Load)?;
            if thread.as_ref().is_none_or(|thread| threads.insert(thread.id.clone())) {
                let why = if ask.explain { explained(reading, node, found)? } else { Vec::new() };
                hits.push(Hit { item, score: found.score, snippet: None, thread, why });
            }
        }
        if hits.len() >= wanted || found.len() < fetch {
            return Ok(hits);
        }
        fetch = fetch.saturating_mul(4);
    }
}
