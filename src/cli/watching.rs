//! What goes on beside the daemon's loop: its numbers, its port, its alarm.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::{Config, Status};
use crate::daemon::{Alarm, Page, Pages, Pulse, Tally, serve};
use crate::ingest::{FeedReport, Writer};

/// How long notices that are on their way may take when the daemon stops.
const GRACE: Duration = Duration::from_secs(1);

/// The daemon's numbers, its port and its alarm.
pub struct Watching {
    tally: Arc<Tally>,
    alarm: Mutex<Alarm>,
    door: Option<JoinHandle<()>>,
}

impl Watching {
    /// Begins with where each feed stands, and opens the port when the config names one.
    pub async fn begin(config: &Config, writer: &Writer, pulse: Arc<Pulse>) -> anyhow::Result<Self> {
        let tally = Arc::new(Tally::default());
        let mut alarm = Alarm::new(config.alert.clone());
        let polled = config.feeds.iter().filter(|feed| feed.enabled).map(|feed| feed.id.clone()).collect();
        let states = writer.states(polled).await.map_err(|failure| anyhow::anyhow!("{failure}"))?;
        for state in &states {
            tally.begin(&state.id, state.failures, state.last_good, state.next_due);
            alarm.begin(&state.id, state.failures);
        }
        let door = match &config.status {
            Some(status) => Some(open(status, pages(tally.clone(), pulse)).await?),
            None => None,
        };
        Ok(Self { tally, alarm: Mutex::new(alarm), door })
    }

    /// Hears of a poll.
    pub fn note(&self, report: &FeedReport) {
        let now = Timestamp::now();
        let failures = self.tally.note(report, now);
        self.alarm.lock().unwrap_or_else(PoisonError::into_inner).note(report, failures, now);
    }

    /// Closes the port, and lets the last notices arrive.
    pub async fn finish(self) {
        self.door.inspect(JoinHandle::abort);
        self.alarm.into_inner().unwrap_or_else(PoisonError::into_inner).finish(GRACE).await;
    }
}

async fn open(status: &Status, pages: Pages) -> anyhow::Result<JoinHandle<()>> {
    let opening = || format!("opening the status port {}", status.listen);
    let token = status.token.as_ref().map(|token| token.reveal().map_err(anyhow::Error::msg));
    let token = token.transpose().with_context(opening)?;
    let listener = TcpListener::bind(status.listen).await.with_context(opening)?;
    tracing::info!(at = %listener.local_addr().with_context(opening)?, "the status port is open");
    Ok(tokio::spawn(serve(listener, token, pages)))
}

fn pages(tally: Arc<Tally>, pulse: Arc<Pulse>) -> Pages {
    const PLAIN: &str = "text/plain; charset=utf-8";
    let plain = |is_well: bool, bad: &str| {
        let text = if is_well { "ok\n".to_owned() } else { format!("{bad}\n") };
        Some(Page { is_well, kind: PLAIN, text })
    };
    Arc::new(move |path| match path {
        "/healthz" => plain(pulse.is_alive(), "the loop stands still"),
        "/readyz" => plain(pulse.is_ready() && pulse.is_alive(), "not ready"),
        "/metrics" => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            Some(Page { is_well: true, kind, text: tally.metrics() })
        }
        "/status" => {
            let status = serde_json::json!({
                "version": env!("CARGO_PKG_VERSION"),
                "ready": pulse.is_ready(),
                "alive": pulse.is_alive(),
                "feeds": tally.feeds(),
            });
            Some(Page { is_well: true, kind: "application/json", text: format!("{status}\n") })
        }
        _ => None,
    })
}
