//! What goes on beside the daemon's loop: its numbers, its port, its alarm.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::on_schedule::Round;
use crate::config::Status;
use crate::daemon::{Alarm, Page, Pages, Pulse, Tally, serve};
use crate::ingest::{FeedReport, Writer};

/// How long notices that are on their way may take when the daemon stops.
const GRACE: Duration = Duration::from_secs(1);

/// The daemon's numbers, its port and its alarm.
pub struct Watching {
    tally: Arc<Tally>,
    pulse: Arc<Pulse>,
    alarm: Mutex<Alarm>,
    port: tokio::sync::Mutex<Option<Port>>,
}

/// The open port, and what it was opened by.
struct Port {
    status: Status,
    door: JoinHandle<()>,
}

impl Watching {
    /// Begins with where each feed stands, and opens the port when the config names one.
    pub async fn begin(round: &Round, writer: &Writer, pulse: Arc<Pulse>) -> anyhow::Result<Self> {
        let watching = Self {
            tally: Arc::default(),
            pulse,
            alarm: Mutex::new(Alarm::new(None)),
            port: tokio::sync::Mutex::default(),
        };
        watching.renew(round, writer).await?;
        Ok(watching)
    }

    /// Takes over a changed config: where the port is, who is told. On failure everything stays as it was.
    pub async fn renew(&self, round: &Round, writer: &Writer) -> anyhow::Result<()> {
        let polled: Vec<String> = round.feeds.iter().map(|feed| feed.id.clone()).collect();
        let states = writer.states(polled).await.map_err(|failure| anyhow::anyhow!("{failure}"))?;
        self.open(round.status.as_ref()).await?;
        let mut alarm = self.alarm.lock().unwrap_or_else(PoisonError::into_inner);
        alarm.renew(round.alert.clone());
        self.tally.keep_only(&round.feeds.iter().map(|feed| feed.id.as_str()).collect());
        for state in &states {
            self.tally.begin(&state.id, state.failures, state.last_good, state.next_due);
            alarm.begin(&state.id, state.failures);
        }
        Ok(())
    }

    /// Opens the port that the config names, in place of the one that is open.
    async fn open(&self, status: Option<&Status>) -> anyhow::Result<()> {
        let mut port = self.port.lock().await;
        if port.as_ref().map(|port| &port.status) == status {
            return Ok(());
        }
        let new = match status {
            Some(status) => {
                let opening = || format!("opening the status port {}", status.listen);
                let token = status.token.as_ref().map(|token| token.reveal().map_err(anyhow::Error::msg));
                let token = token.transpose().with_context(opening)?;
                if let Some(old) = port.take_if(|old| old.status.listen == status.listen) {
                    close(old).await; // only its token is another
                }
                let pages = pages(self.tally.clone(), self.pulse.clone());
                let door = open(status, token, pages).await.with_context(opening)?;
                Some(Port { status: status.clone(), door })
            }
            None => None,
        };
        if let Some(old) = std::mem::replace(&mut *port, new) {
            close(old).await;
        }
        Ok(())
    }

    /// Hears of a poll.
    pub fn note(&self, report: &FeedReport) {
        let now = Timestamp::now();
        let failures = self.tally.note(report, now);
        self.alarm.lock().unwrap_or_else(PoisonError::into_inner).note(report, failures, now);
    }

    /// Closes the port, and lets the last notices arrive.
    pub async fn finish(self) {
        self.port.into_inner().inspect(|port| port.door.abort());
        self.alarm.into_inner().unwrap_or_else(PoisonError::into_inner).finish(GRACE).await;
    }
}

/// Waits until its address is free again.
async fn close(port: Port) {
    port.door.abort();
    let _ = port.door.await;
}

async fn open(status: &Status, token: Option<String>, pages: Pages) -> anyhow::Result<JoinHandle<()>> {
    let listener = TcpListener::bind(status.listen).await?;
    tracing::info!(at = %listener.local_addr()?, "the status port is open");
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
