//! Tells whoever started the daemon how it is, through systemd's notification socket (sd_notify(3)).

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The socket to the supervisor; without one, telling does nothing.
#[derive(Debug, Default)]
pub struct Supervisor {
    to: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
    pulse: Arc<Pulse>,
}

/// How the daemon's loop is, for whoever looks from beside it.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Beat>);

#[derive(Debug, Default, Clone, Copy)]
struct Beat {
    is_ready: bool,
    last: Option<Instant>,
}

/// The loop turns at least once a minute; one that has not for so long hangs.
const STOOD_STILL: Duration = Duration::from_secs(180);

impl Pulse {
    /// The desk is open and feeds are polled.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.beat().is_ready
    }

    /// True while the loop turns, and before it has begun.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.beat().last.is_none_or(|last| last.elapsed() < STOOD_STILL)
    }

    fn beat(&self) -> Beat {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, is_ready: Option<bool>) {
        let mut beat = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        beat.is_ready = is_ready.unwrap_or(beat.is_ready);
        beat.last = Some(Instant::now());
    }
}

impl Supervisor {
    /// From what systemd says in `NOTIFY_SOCKET` and `WATCHDOG_USEC`; `env` looks up a variable.
    #[must_use]
    pub fn of(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let address = env("NOTIFY_SOCKET").and_then(|name| match name.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name).ok(),
            None => SocketAddr::from_pathname(name).ok(),
        });
        let to = address.and_then(|address| Some((UnixDatagram::unbound().ok()?, address)));
        let micros = env("WATCHDOG_USEC").and_then(|text| text.parse().ok());
        Self { to, watchdog: micros.map(Duration::from_micros), pulse: Arc::default() }
    }

    /// The daemon has its desk open and begins to poll.
    pub fn ready(&self) {
        self.pulse.set(Some(true));
        self.say("READY=1");
    }

    /// The daemon's loop still turns.
    pub fn alive(&self) {
        self.pulse.set(None);
        if self.watchdog.is_some() {
            self.say("WATCHDOG=1");
        }
    }

    /// The daemon has been told to stop.
    pub fn stopping(&self) {
        self.pulse.set(Some(false));
        self.say("STOPPING=1");
    }

    /// The daemon's pulse.
    #[must_use]
    pub fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
    }

    /// How long the loop may sleep: half of what the watchdog waits for.
    #[must_use]
    pub fn longest_sleep(&self, longest: Duration) -> Duration {
        self.watchdog.map_or(longest, |watchdog| longest.min(watchdog / 2))
    }

    fn say(&self, what: &str) {
        let Some((socket, address)) = &self.to else { return };
        if let Err(error) = socket.send_to_addr(what.as_bytes(), address) {
            tracing::debug!(%error, what, "telling the supervisor");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supervisor_hears_that_the_daemon_is_ready_alive_and_stopping() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let env = |name: &str| match name {
            "NOTIFY_SOCKET" => Some(path.display().to_string()),
            "WATCHDOG_USEC" => Some("30000000".to_owned()),
            _ => None,
        };
        let supervisor = Supervisor::of(&env);
        supervisor.ready();
        supervisor.alive();
        supervisor.stopping();
        for expected in ["READY=1", "WATCHDOG=1", "STOPPING=1"] {
            let mut heard = [0; 64];
            let length = socket.recv(&mut heard).unwrap();
            assert_eq!(&heard[..length], expected.as_bytes());
        }
        assert_eq!(supervisor.longest_sleep(Duration::from_secs(60)), Duration::from_secs(15));
    }

    #[test]
    fn without_one_nobody_is_told() {
        let supervisor = Supervisor::of(&|_| None);
        supervisor.ready();
        assert_eq!(supervisor.longest_sleep(Duration::from_secs(60)), Duration::from_secs(60));
    }
}
