//! `wiredesk like`: stories like one.

use jiff::Timestamp;

use super::output::Shape;
use super::{Common, Outcome, search};
use crate::search::Ask;

/// Find stories like a given one, most alike first.
///
/// Its own versions and appearances are left out. Exit code: 0 hits, 1 none, 2 error.
#[derive(Debug, clap::Args)]
pub struct Like {
    /// The story: its id, the beginning of it, or its guid.
    id: String,
    /// At most this many.
    #[arg(long, short = 'n', default_value = "10", value_name = "N", value_parser = super::at_least_one)]
    limit: usize,
}

impl Like {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let mut reader = common.reader()?;
        let now = Timestamp::now();
        let found = reader.store().find(&self.id)?;
        let shown = found
            .into_iter()
            .rfind(|revision| revision.current && revision.item.publishability(now).is_publishable());
        let Some(item) = shown.map(|revision| revision.item) else {
            anyhow::bail!(
                "looking for stories like {:?}: no such story, or it may not be shown; hint: its id is in each hit of a search",
                self.id
            );
        };
        let query = reader.like(&item)?;
        let ask =
            Ask { limit: self.limit + 1, snippet: search::SNIPPET, group: true, ..Ask::new(query, now) };
        let mut answer = reader.search(&ask)?;
        let thread =
            answer.hits.iter().find(|hit| hit.item.id == item.id).and_then(|hit| hit.thread.as_ref());
        let own = thread.map(|thread| thread.id.clone());
        answer.hits.retain(|hit| {
            hit.item.id != item.id && (own.is_none() || hit.thread.as_ref().map(|t| &t.id) != own.as_ref())
        });
        answer.hits.truncate(self.limit);
        search::print(&answer, &ask, Shape::chosen(common.json))?;
        Ok(if answer.hits.is_empty() { Outcome::Partly } else { Outcome::Done })
    }
}
