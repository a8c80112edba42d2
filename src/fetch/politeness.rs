//! How hard one host may be pressed: a few requests at a time, and a pause between them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Hosts remembered before the idle ones are forgotten.
const FORGET_ABOVE: usize = 1024;

/// The gate in front of every host.
#[derive(Debug)]
pub(super) struct Politeness {
    per_host: usize,
    spacing: Duration,
    hosts: Mutex<HashMap<String, Arc<Gate>>>,
}

#[derive(Debug)]
struct Gate {
    turns: Arc<Semaphore>,
    next: Mutex<Instant>,
}

/// A request's turn at a host; over when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Politeness {
    /// At most `per_host` requests at a time (0 counts as 1), their starts `spacing` apart.
    pub(super) fn new(per_host: usize, spacing: Duration) -> Self {
        Self { per_host: per_host.clamp(1, Semaphore::MAX_PERMITS), spacing, hosts: Mutex::default() }
    }

    /// Waits for a turn at `host`.
    pub(super) async fn turn(&self, host: &str) -> Turn {
        let gate = self.gate(host);
        let permit = gate.turns.clone().acquire_owned().await.ok();
        if !self.spacing.is_zero() {
            sleep_until(gate.book(self.spacing)).await;
        }
        Turn { _permit: permit }
    }

    fn gate(&self, host: &str) -> Arc<Gate> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = hosts.get(host) {
            return gate.clone();
        }
        if hosts.len() >= FORGET_ABOVE {
            let now = Instant::now();
            hosts.retain(|_, gate| gate.is_busy(self.per_host, now));
        }
        let gate = Arc::new(Gate {
            turns: Arc::new(Semaphore::new(self.per_host)),
            next: Mutex::new(Instant::now()),
        });
        hosts.insert(host.to_owned(), gate.clone());
        gate
    }
}

impl Gate {
    /// Takes the next free start, and moves it on.
    fn book(&self, spacing: Duration) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let start = (*next).max(Instant::now());
        *next = start + spacing;
        start
    }

    fn is_busy(self: &Arc<Self>, per_host: usize, now: Instant) -> bool {
        Arc::strong_count(self) > 1
            || self.turns.available_permits() < per_host
            || *self.next.lock().unwrap_or_else(PoisonError::into_inner) > now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn no_more_than_the_allowed_number_are_at_one_host_at_a_time() {
        let polite = Arc::new(Politeness::new(2, Duration::ZERO));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let visits = (0..20).map(|_| {
            let (polite, now, most) = (polite.clone(), now.clone(), most.clone());
            tokio::spawn(async move {
                let _turn = polite.turn("wire.example").await;
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                now.fetch_sub(1, Ordering::SeqCst);
            })
        });
        futures_util::future::join_all(visits).await;
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn starts_at_one_host_keep_their_distance_and_other_hosts_do_not_wait() {
        let polite = Politeness::new(4, Duration::from_millis(20));
        let gate = polite.gate("wire.example");
        let first = gate.book(polite.spacing);
        let distances: Vec<Duration> = (0..3).map(|_| gate.book(polite.spacing) - first).collect();
        assert_eq!(distances, [20, 40, 60].map(Duration::from_millis));
        let begun = Instant::now();
        let _turn = polite.turn("wire.example").await;
        assert!(
            begun.elapsed() >= Duration::from_millis(60),
            "the fifth start was {:?} after the fourth was booked",
            begun.elapsed()
        );
        let begun = Instant::now();
        let _other = polite.turn("other.example").await;
        assert!(begun.elapsed() < Duration::from_millis(20));
    }

    #[tokio::test]
    async fn idle_hosts_are_forgotten() {
        let polite = Politeness::new(2, Duration::ZERO);
        for n in 0..10 * FORGET_ABOVE {
            let _turn = polite.turn(&format!("host{n}.example")).await;
        }
        assert!(polite.hosts.lock().unwrap().len() <= FORGET_ABOVE);
    }
}
