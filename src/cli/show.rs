//! `wiredesk show`: one story as the desk holds it, held back or not; the operator may look.

use std::io::{self, Write};

use anyhow::bail;
use jiff::Timestamp;

use super::output::{self, Shape};
use super::{Common, Outcome, explain, history, when};
use crate::item::{Moment, NewsItem, Verb};
use crate::store::{Revision, Store};

/// Show one story: also one that may not be shown to readers, with the reason. The copy of a killed one needs --killed.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// The story's id, the beginning of it, or the provider's guid.
    id: String,
    /// The delivery it was read from, byte for byte, as it was received.
    #[arg(long, group = "what")]
    raw: bool,
    /// How the gate decided: every rule, the field that decided, and until when; how the story was identified.
    #[arg(long, group = "what")]
    explain: bool,
    /// Every revision the desk holds, first received first.
    #[arg(long, group = "what")]
    history: bool,
    /// What changed between two revisions, by their numbers in --history: paragraphs and numbers beside what the
    /// editor's note claims. Without numbers: the current one and the one before it.
    #[arg(long, group = "what", num_args = 0..=2, value_names = ["A", "B"])]
    diff: Option<Vec<usize>>,
    /// Also the copy of a story that was killed.
    #[arg(long)]
    killed: bool,
    /// The story as the desk had it at this time, and what the gate said then: `2024-04-01T14:05Z`, `3h`.
    #[arg(long, value_name = "WHEN", conflicts_with_all = ["raw", "history", "diff"])]
    as_of: Option<String>,
}

impl Show {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let store = common.store()?;
        let found = store.find(&self.id)?;
        match found.as_slice() {
            [] => {
                writeln!(
                    io::stderr(),
                    "wiredesk: no story {:?}; hint: search for it, its id is in each hit",
                    self.id
                )?;
                Ok(Outcome::Partly)
            }
            [one] => self.one(&store, one, Shape::chosen(common.json)),
            many => bail!("{:?} is the beginning of several stories: {}", self.id, ids(many)),
        }
    }

    fn one(&self, store: &Store, story: &Revision, shape: Shape) -> anyhow::Result<Outcome> {
        let now = Timestamp::now();
        if let Some(stone) = store.tombstone(&story.item.id)? {
            writeln!(io::stderr(), "removed for good {}: {}", stone.at, output::visible(&stone.reason))?;
        }
        let open = self.killed || !is_killed(&story.item);
        if let Some(then) = &self.as_of {
            return self.back(store, &story.item.id, when::past(then, now)?, shape);
        }
        if self.explain {
            return explain::print(&story.item, now, shape);
        }
        if self.history {
            return history::print(&store.history(&story.item.id)?, now, open, shape);
        }
        if !open && (self.raw || self.diff.is_some()) {
            bail!("story {} was killed; hint: --killed shows its copy all the same", story.item.id);
        }
        match &self.diff {
            _ if self.raw => print_raw(store, story),
            Some(numbers) => history::print_diff(&store.history(&story.item.id)?, numbers, shape),
            None if open => print(&story.item, now, shape),
            None => print(&story.item.without_copy(), now, shape),
        }
    }
}

impl Show {
    /// The story as the desk had it at `then`, with what the gate said then.
    fn back(&self, store: &Store, id: &str, then: Timestamp, shape: Shape) -> anyhow::Result<Outcome> {
        let Some(Revision { item, .. }) = store.as_of(id, then)? else {
            writeln!(io::stderr(), "wiredesk: the desk had no story {id} at {then}")?;
            return Ok(Outcome::Partly);
        };
        if store.current(id)?.is_some_and(|current| is_killed(&current.item)) {
            writeln!(io::stderr(), "{id} was killed since; it may not be shown")?;
        }
        match (self.explain, self.killed || !is_killed(&item)) {
            (true, _) => explain::print(&item, then, shape),
            (false, true) => print(&item, then, shape),
            (false, false) => print(&item.without_copy(), then, shape),
        }
    }
}

/// Taken back for good, by an item of its own chain or by another.
pub fn is_killed(item: &NewsItem) -> bool {
    item.recalled.as_ref().is_some_and(|recalled| recalled.verb == Verb::Kill)
        || item.own_verb() == Some(Verb::Kill)
}

fn ids(revisions: &[Revision]) -> String {
    revisions.iter().map(|revision| revision.item.id.as_str()).collect::<Vec<_>>().join(", ")
}

fn print_raw(store: &Store, revision: &Revision) -> anyhow::Result<Outcome> {
    let Some(delivery) = store.raw(revision.delivery)? else {
        bail!(
            "the delivery of story {} is not in the archive; hint: `wiredesk reindex` does not bring it back",
            revision.item.id
        );
    };
    io::stdout().write_all(&delivery.bytes)?;
    Ok(Outcome::Done)
}

fn print(item: &NewsItem, now: Timestamp, shape: Shape) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout().lock();
    match shape {
        Shape::Json => output::json_line(&mut out, &item.told_at(now))?,
        Shape::Table => write!(out, "{}", output::visible(&page(item, now)))?,
    }
    Ok(Outcome::Done)
}

/// The story as a page of text: what an editor wants to see first comes first.
fn page(item: &NewsItem, now: Timestamp) -> String {
    let told = item.told_at(now);
    let mut page = format!("{}\n\n", item.shown_headline());
    for (label, value) in facts(item, told.held_by, told.label) {
        page.extend(value.filter(|value| !value.is_empty()).map(|value| format!("{label:<11} {value}\n")));
    }
    page.push('\n');
    page.push_str(item.body_text.as_deref().or(item.summary.as_deref()).unwrap_or_default());
    page.push('\n');
    for caption in &item.captions {
        let credit = caption.credit.as_deref().map(|credit| format!(" ({credit})")).unwrap_or_default();
        page.push_str(&format!("\n[picture] {}{credit}\n", caption.text));
    }
    page
}

fn facts(
    item: &NewsItem,
    held_by: Option<String>,
    label: Option<&str>,
) -> Vec<(&'static str, Option<String>)> {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let sent = |at: Option<Moment>| at.map(|at| at.to_string());
    vec![
        ("HELD", held_by),
        ("label", label.map(str::to_uppercase)),
        ("note", item.ed_note.clone()),
        ("id", Some(item.id.clone())),
        ("guid", item.guid.clone()),
        ("version", item.version.clone()),
        ("provider", item.provider.clone()),
        ("feed", item.feed.clone()),
        ("slug", item.slugline.clone()),
        ("number", item.transmission.clone()),
        ("byline", item.byline.clone()),
        ("dateline", item.dateline.as_ref().map(|dateline| dateline.text.clone())),
        ("published", sent(item.published)),
        ("updated", sent(item.updated)),
        ("received", time(item.received)),
        ("usage", item.usage_terms.clone()),
        ("copyright", item.copyright.clone()),
        ("link", item.link.clone()),
        (
            "faults",
            Some(item.faults.iter().map(|fault| fault.detail.as_str()).collect::<Vec<_>>().join("; ")),
        ),
    ]
}
