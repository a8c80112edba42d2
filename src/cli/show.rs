//! `wiredesk show`: one story as the desk holds it, held back or not; the operator may look.

use std::io::{self, Write};

use anyhow::bail;
use jiff::Timestamp;

use super::output::{self, Shape};
use super::{Common, Outcome};
use crate::item::NewsItem;
use crate::store::{Revision, Store};

/// Show one story: also one that may not be shown to readers, with the reason.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// The story's id, the beginning of it, or the provider's guid.
    id: String,
    /// The delivery it was read from, byte for byte, as it was received.
    #[arg(long)]
    raw: bool,
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
            [one] if self.raw => print_raw(&store, one),
            [one] => print(&one.item, Shape::chosen(common.json)),
            many => bail!("{:?} is the beginning of several stories: {}", self.id, ids(many)),
        }
    }
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

fn print(item: &NewsItem, shape: Shape) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout().lock();
    let now = Timestamp::now();
    match shape {
        Shape::Json => output::json_line(&mut out, &item.told_at(now))?,
        Shape::Table => write!(out, "{}", output::visible(&page(item, now)))?,
    }
    Ok(Outcome::Done)
}

/// The story as a page of text: what an editor wants to see first comes first.
fn page(item: &NewsItem, now: Timestamp) -> String {
    let told = item.told_at(now);
    let mut page = format!("{}\n\n", item.headline.as_deref().unwrap_or("(no headline)"));
    for (label, value) in facts(item, told.held_by) {
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

fn facts(item: &NewsItem, held_by: Option<String>) -> Vec<(&'static str, Option<String>)> {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    vec![
        ("HELD", held_by),
        ("note", item.ed_note.clone()),
        ("id", Some(item.id.clone())),
        ("guid", item.guid.clone()),
        ("version", item.version.clone()),
        ("provider", item.provider.clone()),
        ("feed", item.feed.clone()),
        ("slug", item.slugline.clone()),
        ("byline", item.byline.clone()),
        ("dateline", item.dateline.as_ref().map(|dateline| dateline.text.clone())),
        ("published", time(item.published)),
        ("updated", time(item.updated)),
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
