//! `wiredesk status`: how the desk is, at a glance.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::bail;
use jiff::Timestamp;
use serde::Serialize;

use super::output;
use super::{Common, Outcome};
use crate::config::Config;
use crate::desk::{Desk, INDEX};
use crate::store::{Counts, DATABASE, FeedState, Store, writer_of};

/// Show how the desk is: who writes, what it holds, how far index and threads are, which feeds fail.
///
/// Exit code: 0 all is well, 1 a feed fails or index or threads are behind and nobody is at work on that, 2 there is no desk.
#[derive(Debug, clap::Args)]
pub struct Status {}

/// The desk, as `--json` prints it.
#[derive(Serialize)]
struct Told {
    version: &'static str,
    at: Timestamp,
    data_dir: String,
    /// The process that writes; null when nobody does.
    writer: Option<String>,
    #[serde(flatten)]
    counts: Counts,
    last_seq: u64,
    /// How far they follow the log.
    index_seq: Option<u64>,
    threads_seq: Option<u64>,
    /// Bytes on the disk, by file.
    bytes: Vec<(String, u64)>,
    fine: usize,
    failing: Vec<Failing>,
    quiet: Vec<String>,
    never_asked: Vec<String>,
    last_new: Option<Timestamp>,
}

#[derive(Serialize)]
struct Failing {
    feed: String,
    failures: u32,
    last_good: Option<Timestamp>,
    next_due: Option<Timestamp>,
    error_class: Option<String>,
    error: Option<String>,
}

impl Status {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let config = common.config()?;
        if !config.data_dir.join(DATABASE).exists() && !config.data_dir.join(INDEX).exists() {
            bail!(
                "looking at {}: there is no desk yet; hint: run `wiredesk ingest` first",
                config.data_dir.display()
            );
        }
        let told = look(&config)?;
        let mut out = anstream::stdout().lock();
        match common.json {
            true => output::json_line(&mut out, &told)?,
            false => write!(out, "{}", output::visible(&page(&told)))?,
        }
        let behind = told.writer.is_none()
            && [told.index_seq, told.threads_seq].iter().any(|seq| *seq != Some(told.last_seq));
        Ok(if told.failing.is_empty() && !behind { Outcome::Done } else { Outcome::Partly })
    }
}

fn look(config: &Config) -> anyhow::Result<Told> {
    let data_dir = &config.data_dir;
    let store = Store::open_read_only(data_dir)?;
    let states = store.feeds()?;
    let state = |id: &str| states.iter().find(|state| state.id == id);
    let polled = config.feeds.iter().filter(|feed| feed.enabled);
    let (mut fine, mut failing, mut quiet, mut never_asked) = (0, Vec::new(), Vec::new(), Vec::new());
    for feed in polled {
        match state(&feed.id).filter(|state| state.last_poll.is_some()) {
            None => never_asked.push(feed.id.clone()),
            Some(state) if state.failures > 0 => failing.push(fails(state)),
            Some(state) => {
                fine += 1;
                quiet.extend(state.quiet_since.map(|_| feed.id.clone()));
            }
        }
    }
    let (index_seq, threads_seq) = Desk::followed(data_dir);
    Ok(Told {
        version: env!("CARGO_PKG_VERSION"),
        at: Timestamp::now(),
        data_dir: data_dir.display().to_string(),
        writer: writer_of(data_dir),
        counts: store.counts()?,
        last_seq: store.last_seq()?.0,
        index_seq: index_seq.map(|seq| seq.0),
        threads_seq: threads_seq.map(|seq| seq.0),
        bytes: sizes(data_dir),
        fine,
        failing,
        quiet,
        never_asked,
        last_new: states.iter().filter_map(|state| state.last_new).max(),
    })
}

fn fails(state: &FeedState) -> Failing {
    let error = state.last_error.clone();
    Failing {
        feed: state.id.clone(),
        failures: state.failures,
        last_good: state.last_good,
        next_due: state.next_due,
        error_class: error.as_ref().map(|error| error.class.clone()),
        error: error.map(|error| error.message),
    }
}

fn sizes(data_dir: &Path) -> Vec<(String, u64)> {
    let Ok(entries) = fs::read_dir(data_dir) else { return Vec::new() };
    let size = |path: &Path| match path.is_dir() {
        false => fs::metadata(path).map_or(0, |file| file.len()),
        true => fs::read_dir(path).map_or(0, |files| {
            files.flatten().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
        }),
    };
    let mut sizes: Vec<(String, u64)> = entries
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), size(&entry.path())))
        .filter(|(_, size)| *size > 0)
        .collect();
    sizes.sort();
    sizes
}

fn page(told: &Told) -> String {
    let seq = |seq: Option<u64>| match seq {
        Some(seq) if seq == told.last_seq => "up to date".to_owned(),
        Some(seq) => format!("at {seq} of {}", told.last_seq),
        None => "cannot be read".into(),
    };
    let time = |at: Option<Timestamp>| at.map_or("-".into(), |at| at.strftime("%Y-%m-%d %H:%MZ").to_string());
    let bytes: u64 = told.bytes.iter().map(|file| file.1).sum();
    let Counts { stories, revisions, deliveries, .. } = told.counts;
    let mut page = format!(
        "desk      {} (wiredesk {})\nwriter    {}\nstore     {stories} stories, {revisions} revisions, {deliveries} deliveries, {} MB\n\
         index     {}\nthreads   {}\nlast new  {}\nfeeds     {} fine, {} failing, {} quiet, {} never asked\n",
        told.data_dir,
        told.version,
        told.writer.as_deref().unwrap_or("none"),
        bytes.div_ceil(1 << 20),
        seq(told.index_seq),
        seq(told.threads_seq),
        time(told.last_new),
        told.fine,
        told.failing.len(),
        told.quiet.len(),
        told.never_asked.len(),
    );
    for failing in &told.failing {
        page.push_str(&format!(
            "  {:<16} {} in a row failed, last good {}, next try {}: {}\n",
            failing.feed,
            failing.failures,
            time(failing.last_good),
            time(failing.next_due),
            failing.error.as_deref().unwrap_or_default()
        ));
    }
    page
}
