//! Where each feed stands.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use comfy_table::{Table, presets};
use jiff::{Timestamp, Unit};
use serde::Serialize;

use super::super::output::{self, Shape};
use super::super::{Common, Outcome};
use crate::config::Feed;
use crate::store::FeedState;

/// Days of the sparkline.
const DAYS: usize = 14;

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
    /// New and revised stories of each of the last 14 days (UTC), today last.
    daily: &'a [u64],
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_class: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// Prints it.
pub fn run(common: &Common) -> anyhow::Result<Outcome> {
    let config = common.config()?;
    let now = Timestamp::now();
    let (states, daily) = if config.data_dir.join(crate::store::DATABASE).exists() {
        let store = common.store()?;
        (store.feeds()?, store.daily(DAYS, now)?)
    } else {
        (Vec::new(), BTreeMap::new())
    };
    let states: HashMap<String, FeedState> = states.into_iter().map(|s| (s.id.clone(), s)).collect();
    let fresh = FeedState::default();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for feed in &config.feeds {
        let counts = daily.get(&feed.id).map(Vec::as_slice).unwrap_or_default();
        rows.push(row(feed, states.get(&feed.id).unwrap_or(&fresh), counts));
    }
    print(&rows, Shape::chosen(common.json))?;
    Ok(Outcome::Done)
}
fn row<'a>(feed: &'a Feed, state: &'a FeedState, daily: &'a [u64]) -> Row<'a> {
    Row {
        feed: &feed.id,
        place: feed.transport.place(),
        cadence: feed.cadence.to_string(),
        state: if feed.enabled { word(state) } else { "disabled" },
        daily,
        stage: state.last_error.as_ref().map(|error| error.stage.as_str()).filter(|stage| !stage.is_empty()),
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
        "14 days",
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
            sparkline(row.daily),
            row.cadence.clone(),
            failure(row),
        ]);
    }
    writeln!(out, "{}", output::visible(&table.to_string()))?;
    Ok(())
}

/// Stage, class and reason of the last failure.
fn failure(row: &Row<'_>) -> String {
    let words = [row.stage, row.error_class].into_iter().flatten().collect::<Vec<_>>().join(" ");
    row.error.map_or_else(String::new, |error| format!("{words}: {error}"))
}

/// Eight heights of a bar, the highest for the most; a dot for nothing.
fn sparkline(counts: &[u64]) -> String {
    const BARS: [char; 8] =
        ['\u{2581}', '\u{2582}', '\u{2583}', '\u{2584}', '\u{2585}', '\u{2586}', '\u{2587}', '\u{2588}'];
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |count: &u64| match count {
        0 => '\u{b7}',
        count => usize::try_from((count * 8).div_ceil(most))
            .ok()
            .and_then(|height| BARS.get(height - 1))
            .copied()
            .unwrap_or('\u{2588}'),
    };
    counts.iter().map(bar).collect()
}

fn minute(at: Option<Timestamp>) -> String {
    at.and_then(|at| at.round(Unit::Minute).ok())
        .map_or_else(|| "-".into(), |at| at.strftime("%Y-%m-%d %H:%MZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_drawn_as_bars() {
        assert_eq!(sparkline(&[0, 1, 8, 4]), "\u{b7}\u{2581}\u{2588}\u{2584}");
        assert_eq!(sparkline(&[0, 0]), "\u{b7}\u{b7}");
        assert_eq!(sparkline(&[u64::MAX / 9, 1]).chars().count(), 2);
        assert_eq!(sparkline(&[]), "");
    }
}
