//! `wiredesk feeds`: where each feed stands.

use std::collections::HashMap;
use std::io::Write;

use comfy_table::{Table, presets};
use jiff::{Timestamp, Unit};
use serde::Serialize;

use super::output::{self, Shape};
use super::{Common, Outcome};
use crate::config::Feed;
use crate::store::FeedState;

/// Show where each feed stands: when it last answered, what went wrong, when it is due.
#[derive(Debug, clap::Args)]
pub struct Feeds {}

/// One feed, as `--json` prints it.
#[derive(Serialize)]
struct Row<'a> {
    feed: &'a str,
    place: String,
    cadence: String,
    state: &'static str,
    last_poll: Option<Timestamp>,
    last_good: Option<Timestamp>,
    last_new: Option<Timestamp>,
    next_due: Option<Timestamp>,
    failures: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet_since: Option<Timestamp>,
    silences: u32,
    overflows: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    overflowed: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_class: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl Feeds {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let config = common.config()?;
        let states = if config.data_dir.join(crate::store::DATABASE).exists() {
            common.store()?.feeds()?
        } else {
            Vec::new()
        };
        let states: HashMap<String, FeedState> = states.into_iter().map(|s| (s.id.clone(), s)).collect();
        let fresh = FeedState::default();
        let rows: Vec<Row<'_>> =
            config.feeds.iter().map(|feed| row(feed, states.get(&feed.id).unwrap_or(&fresh))).collect();
        print(&rows, Shape::chosen(common.json))?;
        Ok(Outcome::Done)
    }
}

fn row<'a>(feed: &'a Feed, state: &'a FeedState) -> Row<'a> {
    Row {
        feed: &feed.id,
        place: feed.transport.place(),
        cadence: feed.cadence.to_string(),
        state: word(state),
        last_poll: state.last_poll,
        last_good: state.last_good,
        last_new: state.last_new,
        next_due: state.next_due,
        failures: state.failures,
        quiet_since: state.quiet_since,
        silences: state.silences,
        overflows: state.pace.overflows,
        overflowed: state.pace.overflowed,
        moved_to: state.moved.as_ref().map(|moved| moved.to.as_str()),
        error_class: state.last_error.as_ref().map(|error| error.class.as_str()),
        error: state.last_error.as_ref().map(|error| error.message.as_str()),
    }
}

fn word(state: &FeedState) -> &'static str {
    match (state.last_poll, state.failures) {
        (None, _) => "never asked",
        (Some(_), 0) if state.quiet_since.is_some() => "strangely quiet",
        (Some(_), 0) if state.moved.is_some() => "moved",
        (Some(_), 0) => "fine",
        (Some(_), _) if state.last_error.as_ref().is_some_and(|error| error.class == "gone") => "gone",
        (Some(_), _) => "failing",
    }
}

fn print(rows: &[Row<'_>], shape: Shape) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if shape == Shape::Json {
        rows.iter().try_for_each(|row| output::json_line(&mut out, row))?;
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "feed",
        "state",
        "last good",
        "last new",
        "next due",
        "cadence",
        "error",
    ]);
    for row in rows {
        table.add_row([
            row.feed.to_owned(),
            row.state.to_owned(),
            minute(row.last_good),
            minute(row.last_new),
            minute(row.next_due),
            row.cadence.clone(),
            row.error.unwrap_or_default().to_owned(),
        ]);
    }
    writeln!(out, "{}", output::visible(&table.to_string()))?;
    Ok(())
}

fn minute(at: Option<Timestamp>) -> String {
    at.and_then(|at| at.round(Unit::Minute).ok())
        .map_or_else(|| "-".into(), |at| at.strftime("%Y-%m-%d %H:%MZ").to_string())
}
