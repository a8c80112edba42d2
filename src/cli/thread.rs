//! `wiredesk thread`: which items are the same story, and why.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::bail;
use jiff::Timestamp;
use serde::Serialize;

use super::output::{self, Shape};
use super::show::is_killed;
use super::{Common, Outcome};
use crate::item::NewsItem;
use crate::item::sketch::Sketch;
use crate::store::{Revision, Store};
use crate::threads::{Join, Reading};

/// Show the thread that a story is in: every appearance of it, with why it was joined and which version it runs.
///
/// Joins are undone with `thread split ID`, made with `thread merge ID ID`, and `thread restore ID` takes a decision back.
#[derive(Debug, clap::Args)]
pub struct Thread {
    /// `ID` of a story, or `split ID`, `merge ID ID`, `restore ID`.
    #[arg(required = true, num_args = 1..=3, value_names = ["ID", "ID", "ID"])]
    words: Vec<String>,
    /// Also the headlines of killed stories.
    #[arg(long)]
    killed: bool,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT", default_value = "decided by the desk")]
    reason: String,
}

/// A thread as `--json` prints it.
#[derive(Serialize)]
struct Told {
    id: String,
    stories: usize,
    appearances: Vec<Appearance>,
}

const USAGE: &str = "thread ID, thread split ID, thread merge ID ID or thread restore ID";

/// One story of it.
#[derive(Serialize)]
struct Appearance {
    id: String,
    provider: Option<String>,
    feed: Option<String>,
    headline: Option<String>,
    publishable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    joined_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Which version of the thread's fullest history it runs, and what later ones did.
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<String>,
}

impl Thread {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["split", id] => self.decide(common, split, &[id]),
            ["restore", id] => self.decide(common, restore, &[id]),
            ["merge", into, from] => self.decide(common, merge, &[into, from]),
            [_verb @ ("split" | "restore" | "merge")] => {
                bail!("reading {words:?}: which story?; hint: {USAGE}")
            }
            [id] => self.show(common, id),
            _ => bail!("reading {words:?}; hint: {USAGE}"),
        }
    }

    fn show(&self, common: &Common, name: &str) -> anyhow::Result<Outcome> {
        let reader = common.reader()?;
        let story = one(reader.store(), name)?;
        let told = tell(reader.store(), &reader.threads()?, &story.item.id, self.killed)?;
        let mut out = anstream::stdout().lock();
        match Shape::chosen(common.json) {
            Shape::Json => output::json_line(&mut out, &told)?,
            Shape::Table => write!(out, "{}", output::visible(&page(&told)))?,
        }
        Ok(Outcome::Done)
    }

    fn decide(&self, common: &Common, decision: Decision, names: &[&str]) -> anyhow::Result<Outcome> {
        let reader = common.reader()?;
        let ids: Vec<String> =
            names.iter().map(|name| Ok(one(reader.store(), name)?.item.id)).collect::<anyhow::Result<_>>()?;
        let choices = decision(&reader.threads()?, &ids)?;
        let mut store = Store::open_beside(&common.data_dir()?)?;
        store.choose_threads(&choices, &self.reason, Timestamp::now())?;
        let now = common.reader()?.threads()?.thread(ids.first().map_or("", String::as_str))?;
        writeln!(std::io::stderr(), "the thread {} has {} stories", now.id, now.joins.len())?;
        Ok(Outcome::Done)
    }
}

/// What is to be remembered for each story that changes its place.
type Choice = (String, Option<String>);
type Decision = fn(&Reading, &[String]) -> anyhow::Result<Vec<Choice>>;

/// The story apart from all others. When it began the thread, the others stay together without it.
fn split(threads: &Reading, ids: &[String]) -> anyhow::Result<Vec<Choice>> {
    let id = ids.first().cloned().unwrap_or_default();
    let thread = threads.thread(&id)?;
    if thread.joins.len() < 2 {
        bail!("splitting {id}: it is alone in its thread already; nothing is left to be done");
    }
    if thread.id != id {
        return Ok(vec![(id.clone(), Some(id))]);
    }
    let others: Vec<String> =
        thread.joins.into_iter().map(|join| join.id).filter(|other| *other != id).collect();
    let first = others.first().cloned();
    Ok(others.into_iter().map(|other| (other, first.clone())).collect())
}

fn merge(threads: &Reading, ids: &[String]) -> anyhow::Result<Vec<Choice>> {
    let [into, from] = ids else {
        bail!("merging {ids:?}: it takes two stories; hint: wiredesk thread merge ID ID")
    };
    let (into, from) = (threads.of(into)?, threads.of(from)?);
    if into == from {
        bail!(
            "merging {ids:?}: both are in the thread {into} already; hint: `wiredesk thread {into}` shows it"
        );
    }
    Ok(vec![(from, Some(into))])
}

fn restore(_: &Reading, ids: &[String]) -> anyhow::Result<Vec<Choice>> {
    Ok(ids.iter().map(|id| (id.clone(), None)).collect())
}

fn one(store: &Store, name: &str) -> anyhow::Result<Revision> {
    let mut found = store.find(name)?;
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one),
        (None, _) => bail!("no story {name:?}; hint: search for it, its id is in each hit"),
        (Some(_), more) => bail!("{name:?} is the beginning of {} stories; hint: give more of it", more + 1),
    }
}

fn tell(store: &Store, threads: &Reading, id: &str, killed: bool) -> anyhow::Result<Told> {
    let thread = threads.thread(id)?;
    let mut stories: Vec<(Join, Vec<Revision>)> = Vec::new();
    for join in thread.joins {
        let history = store.history(&join.id)?;
        if !history.is_empty() {
            stories.push((join, history));
        }
    }
    let source = stories
        .iter()
        .max_by_key(|(_, history)| (versions(history).len(), std::cmp::Reverse(history[0].seq)));
    let source = source.map(|(join, history)| (join.id.clone(), versions(history))).unwrap_or_default();
    let now = Timestamp::now();
    let appearances = stories.iter().filter_map(|(join, history)| {
        let current = history.iter().rev().find(|revision| revision.current)?;
        let item = if killed || !is_killed(&current.item) {
            current.item.clone()
        } else {
            current.item.without_copy()
        };
        Some(Appearance {
            runs: if join.id == source.0 { None } else { runs(&current.item, &source.1) },
            publishable: item.publishability(now).is_publishable(),
            id: item.id,
            provider: item.provider,
            feed: item.feed,
            headline: item.headline,
            joined_to: join.to.clone(),
            why: join.reason.clone(),
        })
    });
    let appearances: Vec<_> = appearances.collect();
    Ok(Told { id: thread.id, stories: appearances.len(), appearances })
}

/// The versions of a story in their own order, the last revision of each.
fn versions(history: &[Revision]) -> Vec<NewsItem> {
    let number =
        |item: &NewsItem| item.version.as_deref().and_then(|version| version.trim().parse::<u64>().ok());
    let mut versions = BTreeMap::new();
    for item in history.iter().map(|revision| &revision.item) {
        versions.insert((number(item), item.dated(), item.received), item.clone());
    }
    versions.into_values().collect()
}

/// `version 2; version 4 is a correction: CORRECTS toll`: by the likeness of texts.
fn runs(item: &NewsItem, versions: &[NewsItem]) -> Option<String> {
    if versions.len() < 2 {
        return None;
    }
    let text = |item: &NewsItem| {
        Sketch::of(item.body_text.as_deref().or(item.summary.as_deref()).unwrap_or_default())
    };
    let mine = text(item);
    let likeness = |version: &NewsItem| mine.likeness(&text(version)).shared;
    let best = versions.iter().enumerate().max_by(|a, b| likeness(a.1).total_cmp(&likeness(b.1)))?;
    let name =
        |at: usize, version: &NewsItem| version.version.clone().unwrap_or_else(|| (at + 1).to_string());
    let mut told = format!("version {}", name(best.0, best.1));
    for (at, later) in versions.iter().enumerate().skip(best.0 + 1) {
        let did = match (later.own_verb(), later.label()) {
            (Some(verb), _) => format!("is {}", verb.word()),
            (None, Some(label)) => format!("is a {label}"),
            (None, None) => continue,
        };
        let note = later.ed_note.as_deref().map(|note| format!(" ({note})")).unwrap_or_default();
        told.push_str(&format!("; version {} {did}{note}", name(at, later)));
    }
    if best.0 + 1 == versions.len() {
        told.push_str(", the latest");
    }
    Some(told)
}

fn page(told: &Told) -> String {
    let mut page = format!("thread {}: {} appearances\n", told.id, told.stories);
    for one in &told.appearances {
        let from = one.provider.as_deref().or(one.feed.as_deref()).unwrap_or("-");
        let held = if one.publishable { "" } else { "  HELD" };
        page.push_str(&format!(
            "  {}  {from}  {}{held}\n",
            one.id,
            one.headline.as_deref().unwrap_or("(not shown)")
        ));
        for (label, value) in [("joined", &one.why), ("runs", &one.runs)] {
            page.extend(value.as_ref().map(|value| format!("      {label}: {value}\n")));
        }
    }
    page
}
