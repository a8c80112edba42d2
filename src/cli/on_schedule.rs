//! The daemon's run: until told to stop, with the config read again when told to (SIGHUP) or when its file was changed.

use std::future::Future;
use std::io;
use std::pin::pin;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::changed::Changed;
use crate::config::{Alert, Config, Feed, Status};
use crate::daemon::{self, Supervisor};
use crate::fetch::Client;
use crate::ingest::{FeedReport, Tools, Writer};

/// The feeds of one config, what they are polled with, and how that is watched.
pub struct Round {
    pub feeds: Vec<Feed>,
    pub changed: Changed,
    pub tools: Tools,
    pub status: Option<Status>,
    pub alert: Option<Alert>,
}

impl Round {
    /// What a config asks for; `feeds` are those of it that are polled.
    pub fn of(config: &Config, feeds: Vec<Feed>) -> Self {
        let client = Client::new(config.http.clone());
        let tools = Tools { client, data_dir: config.data_dir.clone(), clock: jiff::Timestamp::now };
        Self {
            feeds,
            changed: Changed::since_now(config.file.clone()),
            tools,
            status: config.status.clone(),
            alert: config.alert.clone(),
        }
    }
}

/// Polls until `stop` is ready. `reread` makes a round of the config as it is now; `renew` applies it to what runs beside the polls (port,
/// alarm). When either refuses, the old round stays in force.
pub async fn run(
    mut round: Round,
    writer: &Writer,
    reread: impl Fn() -> anyhow::Result<Round>,
    renew: impl AsyncFn(&Round) -> anyhow::Result<()>,
    stop: impl Future<Output = ()>,
    supervisor: &Supervisor,
    told: impl Fn(&[FeedReport]),
) -> anyhow::Result<()> {
    let mut hangups = signal(SignalKind::hangup()).context("listening for SIGHUP")?;
    let mut stop = pin!(stop);
    loop {
        let mut is_reread = false;
        let until = async {
            tokio::select! {
                () = stop.as_mut() => {}
                _ = hangups.recv() => is_reread = true,
                () = round.changed.wait() => is_reread = true,
            }
        };
        let polled =
            daemon::run(&round.feeds, &round.tools, writer, supervisor, until, |reports| told(reports)).await;
        polled.map_err(|failure| anyhow::anyhow!("{failure}"))?;
        if !is_reread {
            supervisor.stopping();
            return Ok(());
        }
        round.changed.note();
        let renewed = async {
            let new = fits(&round, reread()?)?;
            renew(&new).await.context("reading the config again")?;
            anyhow::Ok(new)
        };
        match renewed.await {
            Ok(new) => {
                tracing::warn!(feeds = new.feeds.len(), "the config was read again and is in force");
                round = new;
            }
            Err(error) => tracing::error!("{error:#}; the config that was in force stays"),
        }
    }
}

/// The desk that is open cannot be exchanged for another.
fn fits(old: &Round, new: Round) -> anyhow::Result<Round> {
    let (was, is) = (&old.tools.data_dir, &new.tools.data_dir);
    let moved =
        || io::Error::other(format!("data_dir was {} and is {}; hint: restart", was.display(), is.display()));
    if was == is { Ok(new) } else { Err(moved()).context("reading the config again") }
}
