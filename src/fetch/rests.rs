//! Hosts that asked to be left alone: with `back_off_by_host`, what one feed is told holds for all feeds of that host.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How long a host is left alone that says 429 and not for how long.
const UNSAID: Duration = Duration::from_secs(60);
/// Hosts remembered before those whose time is over are forgotten.
const FORGET_ABOVE: usize = 1024;

/// Until when which host wants to be left alone.
#[derive(Debug, Default)]
pub(super) struct Rests(Mutex<HashMap<String, Timestamp>>);

impl Rests {
    /// An answer with this status and this `Retry-After` came from `host`. A 503 without one is that feed's own trouble.
    pub fn heed(&self, host: &str, status: u16, asked: Option<Duration>, now: Timestamp) {
        let wait = match (status, asked) {
            (429, asked) => asked.unwrap_or(UNSAID),
            (503, Some(asked)) => asked,
            _ => return,
        };
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        self.until(host, now.checked_add(wait).unwrap_or(Timestamp::MAX), now);
    }

    /// The host is left alone until then, and longer when it asked for that before.
    pub fn until(&self, host: &str, until: Timestamp, now: Timestamp) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= FORGET_ABOVE {
            hosts.retain(|_, until| *until > now);
        }
        let known = hosts.entry(host.to_owned()).or_insert(until);
        *known = until.max(*known);
    }

    /// Until when the host is left alone; none when it may be asked.
    pub fn of(&self, host: &str, now: Timestamp) -> Option<Timestamp> {
        let hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(host).copied().filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_left_alone_for_as_long_as_it_asked_and_no_other_is() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let minutes = |minutes: u64| Some(Duration::from_secs(minutes * 60));
        let rests = Rests::default();
        for (status, asked) in [(200, minutes(9)), (404, minutes(9)), (503, None), (429, minutes(0))] {
            rests.heed("a.example", status, asked, at(0));
            assert_eq!(rests.of("a.example", at(0)), None, "{status}");
        }
        rests.heed("a.example", 429, minutes(10), at(0));
        rests.heed("a.example", 503, minutes(2), at(60));
        assert_eq!(rests.of("a.example", at(599)), Some(at(600)), "a shorter time takes nothing back");
        assert_eq!((rests.of("a.example", at(600)), rests.of("b.example", at(1))), (None, None));
        rests.heed("b.example", 429, None, at(0));
        assert_eq!(rests.of("b.example", at(59)), Some(at(60)));
        rests.heed("c.example", 429, Some(Duration::MAX), at(0));
        assert_eq!(rests.of("c.example", at(1)), Some(Timestamp::MAX));
    }

    #[test]
    fn hosts_whose_time_is_over_are_forgotten() {
        let rests = Rests::default();
        for n in 0..5 * i64::try_from(FORGET_ABOVE).unwrap() {
            let now = Timestamp::from_second(n * 120).unwrap();
            rests.heed(&format!("host{n}.example"), 429, None, now);
        }
        assert!(rests.0.lock().unwrap().len() <= FORGET_ABOVE);
    }
}
