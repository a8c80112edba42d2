//! `wiredesk show --history` and `--diff`: every revision of a story, and what changed between two.

use std::collections::HashMap;
use std::io::Write;

use anyhow::{anyhow, bail};
use comfy_table::Table;
use jiff::Timestamp;
use serde::Serialize;

use super::Outcome;
use super::output::{self, Shape};
use crate::item::diff::{Changes, changes};
use crate::item::{NewsItem, Story, content_hash};
use crate::store::Revision;

/// A revision as `--json` prints it.
#[derive(Serialize)]
struct Told<'a> {
    /// Its number in the history, from 1.
    number: usize,
    seq: u64,
    current: bool,
    #[serde(flatten)]
    story: Story<'a>,
}

/// What `--diff --json` prints.
#[derive(Serialize)]
struct Diff<'a> {
    id: &'a str,
    from: usize,
    to: usize,
    #[serde(flatten)]
    changes: Changes,
}

/// Each revision once: one that the log had to repeat is where it was last.
fn once(history: &[Revision]) -> Vec<&Revision> {
    let mut last = HashMap::new();
    for revision in history {
        last.insert((content_hash(&revision.item), revision.item.received), revision);
    }
    let mut once: Vec<_> = last.into_values().collect();
    once.sort_by_key(|revision| (revision.item.received, revision.seq));
    once
}

/// Prints every revision; with `open` also their copy (in JSON) and headlines.
pub fn print(history: &[Revision], now: Timestamp, open: bool, shape: Shape) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout().lock();
    let told: Vec<(usize, &Revision, NewsItem)> = once(history)
        .into_iter()
        .enumerate()
        .map(|(at, one)| (at + 1, one, if open { one.item.clone() } else { one.item.without_copy() }))
        .collect();
    match shape {
        Shape::Json => {
            for (number, revision, item) in &told {
                let story = item.told_at(now);
                let line = Told { number: *number, seq: revision.seq.0, current: revision.current, story };
                output::json_line(&mut out, &line)?;
            }
        }
        Shape::Table => write!(out, "{}", output::visible(&page(&told, now, open)))?,
    }
    Ok(Outcome::Done)
}

fn page(told: &[(usize, &Revision, NewsItem)], now: Timestamp, open: bool) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["", "received", "version", "status", "type", "feed", "headline", "gate"]);
    for (number, revision, item) in told {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let mark = if revision.current { format!("*{number}") } else { number.to_string() };
        table.add_row([
            mark,
            item.received.map(|at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()).unwrap_or_default(),
            text(&item.version),
            text(&item.pub_status),
            text(&item.editorial_type),
            text(&item.feed),
            text(&item.headline),
            item.told_at(now).held_by.unwrap_or_else(|| "may be shown".into()),
        ]);
    }
    let hint = if open { "" } else { "\nkilled: its copy is shown with --killed\n" };
    format!("{table}\n* the current one{hint}\n")
}

/// Prints what changed between the revisions of these numbers; without numbers, from the one before the current.
pub fn print_diff(history: &[Revision], numbers: &[usize], shape: Shape) -> anyhow::Result<Outcome> {
    let all = once(history);
    let (from, to) = chosen(&all, numbers)?;
    let at = |number: usize| {
        number.checked_sub(1).and_then(|at| all.get(at)).ok_or_else(|| {
            anyhow!(
                "revision {number}: the story has {}; hint: `wiredesk show ID --history` numbers them",
                all.len()
            )
        })
    };
    let (before, after) = (&at(from)?.item, &at(to)?.item);
    let changes = changes(before, after);
    let mut out = anstream::stdout().lock();
    match shape {
        Shape::Json => output::json_line(&mut out, &Diff { id: &after.id, from, to, changes })?,
        Shape::Table => write!(out, "{}", output::visible(&changes_page(from, to, &changes)))?,
    }
    Ok(Outcome::Done)
}

fn chosen(all: &[&Revision], numbers: &[usize]) -> anyhow::Result<(usize, usize)> {
    let current = all.iter().position(|revision| revision.current).map_or(all.len(), |at| at + 1);
    match numbers {
        [from, to] => Ok((*from, *to)),
        [from] => Ok((*from, current)),
        _ if all.len() < 2 => {
            bail!("comparing revisions: the story has only one; hint: `wiredesk show ID --history` shows it")
        }
        _ if current == 1 => Ok((2, 1)),
        _ => Ok((current - 1, current)),
    }
}

fn changes_page(from: usize, to: usize, changes: &Changes) -> String {
    let mut page = format!("from revision {from} to revision {to}\n");
    let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".into());
    page.push_str(&format!("the editor's note claims: {}\n", said(&changes.note)));
    for change in &changes.fields {
        page.push_str(&format!("{}: {} -> {}\n", change.field, said(&change.before), said(&change.after)));
    }
    let numbers = |all: &[String]| if all.is_empty() { "none".into() } else { all.join(" ") };
    page.push_str(&format!(
        "numbers gone: {}; numbers new: {}\n",
        numbers(&changes.numbers_gone),
        numbers(&changes.numbers_new)
    ));
    for change in &changes.paragraphs {
        let lines = [("-", &change.before), ("+", &change.after)];
        let lines = lines.iter().filter_map(|(sign, text)| Some(format!("  {sign} {}\n", text.as_ref()?)));
        page.push_str(&format!("paragraph {}\n{}", change.paragraph, lines.collect::<String>()));
    }
    if changes.paragraphs.is_empty() {
        page.push_str("the text is the same\n");
    }
    page
}
