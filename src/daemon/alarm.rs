//! Says once when a feed goes wrong and once when that is over: in the log, to a command, to an address.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::config::Alert;
use crate::ingest::FeedReport;
use crate::topics::hand_to;

/// Failures in a row until a feed counts as failing, where nobody says.
const FEW: u32 = 3;
/// How long a command or an address may take with one notice, and how often it is tried.
const PATIENCE: Duration = Duration::from_secs(12);
const TRIES: u32 = 3;
/// Between two tries.
const PAUSE: Duration = Duration::from_secs(5);

/// What is known of a feed after a poll.
struct Facts<'f> {
    report: &'f FeedReport,
    failures: u32,
    limit: u32,
}

/// What can go wrong with a feed: its name, and what is said of it while it is so.
type Kind = (&'static str, fn(&Facts<'_>) -> Option<String>);

const KINDS: &[Kind] = &[
    ("failing", |facts| {
        let failure = facts.report.failure.as_ref().filter(|_| facts.failures >= facts.limit)?;
        let (stage, class) = (failure.stage, &failure.error_class);
        Some(format!(
            "{} failures in a row, the last at {stage} ({class}): {}",
            facts.failures, failure.error
        ))
    }),
    ("quiet", |facts| {
        facts
            .report
            .quiet_since
            .map(|since| format!("nothing new since {since}, which is strange for this feed"))
    }),
    ("overflowing", |facts| {
        let said = "more came between two polls than the feed's window holds: stories slipped through; ask it more often";
        facts.report.overflowed.then(|| said.to_owned())
    }),
];

/// What a command or an address is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// `failing`, `quiet`, `overflowing`.
    pub alert: &'static str,
    /// The feed's id.
    pub feed: String,
    /// True when it is over.
    pub over: bool,
    /// When.
    pub at: Timestamp,
    /// In words.
    pub said: String,
}

/// Watches the reports of all feeds.
#[derive(Debug)]
pub struct Alarm {
    /// The feeds of which each kind was told.
    raised: HashMap<&'static str, HashSet<String>>,
    settings: Option<Alert>,
    teller: Option<(UnboundedSender<Notice>, JoinHandle<()>)>,
}

impl Alarm {
    /// Logs only where there are no `settings`. To be made inside the runtime.
    #[must_use]
    pub fn new(settings: Option<Alert>) -> Self {
        let teller = settings.clone().map(|settings| {
            let (send, notices) = unbounded_channel();
            (send, tokio::spawn(tell(settings, notices)))
        });
        Self { raised: HashMap::new(), settings, teller }
    }

    /// Tells others from here on, or nobody; what was told stays told. To be called inside the runtime.
    pub fn renew(&mut self, settings: Option<Alert>) {
        if self.settings != settings {
            let raised = std::mem::take(&mut self.raised);
            *self = Self { raised, ..Self::new(settings) };
        }
    }

    /// What was wrong before this daemon began is not told again.
    pub fn begin(&mut self, feed: &str, failures: u32) {
        if failures >= self.limit() {
            self.raised.entry("failing").or_default().insert(feed.to_owned());
        }
    }

    /// Looks at a poll; `failures` are those in a row.
    pub fn note(&mut self, report: &FeedReport, failures: u32, now: Timestamp) {
        for notice in self.changed(report, failures, now) {
            let Notice { alert, feed, over, said, .. } = &notice;
            match over {
                false => tracing::error!(alert, feed, "{said}"),
                true => tracing::warn!(alert, feed, "{said}"),
            }
            let is_wanted = |settings: &Alert| settings.on.iter().any(|kind| kind == notice.alert);
            if let (Some((send, _)), true) = (&self.teller, self.settings.as_ref().is_some_and(is_wanted)) {
                // one that is gone has said why
                let _ = send.send(notice);
            }
        }
    }

    fn changed(&mut self, report: &FeedReport, failures: u32, now: Timestamp) -> Vec<Notice> {
        let facts = Facts { report, failures, limit: self.limit() };
        let mut changed = Vec::new();
        for (kind, look) in KINDS {
            let raised = self.raised.entry(kind).or_default();
            let notice = |over, said| Notice { alert: kind, feed: report.feed.clone(), over, at: now, said };
            match look(&facts) {
                Some(said) if raised.insert(report.feed.clone()) => changed.push(notice(false, said)),
                Some(_) => {}
                // a feed that fails says nothing of the rest; one that fails again begins to fail only later
                None if failures == 0 && raised.remove(&report.feed) => {
                    changed.push(notice(true, format!("no longer {kind}")));
                }
                None => {}
            }
        }
        changed
    }

    fn limit(&self) -> u32 {
        self.settings.as_ref().map_or(FEW, |settings| settings.failures)
    }

    /// Lets what is on its way arrive, for as long as a stop may take.
    pub async fn finish(self, grace: Duration) {
        if let Some((send, teller)) = self.teller {
            drop(send);
            let _ = tokio::time::timeout(grace, teller).await;
        }
    }
}

async fn tell(settings: Alert, mut notices: UnboundedReceiver<Notice>) {
    while let Some(notice) = notices.recv().await {
        let json = serde_json::to_string(&notice).unwrap_or_default();
        if let Some(command) = &settings.command {
            tried(&notice, "the command", || run(command, &json)).await;
        }
        if let Some(url) = &settings.url {
            tried(&notice, "the address", || post(url, &json)).await;
        }
    }
}

/// Tries a few times, and logs once that it was in vain.
async fn tried<F: Future<Output = Result<(), String>>>(notice: &Notice, whom: &str, tell: impl Fn() -> F) {
    let mut why = String::new();
    for turn in 0..TRIES {
        if turn > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        match tokio::time::timeout(PATIENCE, tell()).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => why = error,
            Err(_) => why = format!("it took longer than {} s", PATIENCE.as_secs()),
        }
    }
    tracing::error!(alert = notice.alert, feed = notice.feed, why, "{whom} of [alert] was not told");
}

/// On a thread where it holds up nobody.
async fn run(command: &str, json: &str) -> Result<(), String> {
    let (command, json) = (command.to_owned(), json.to_owned());
    let work = tokio::task::spawn_blocking(move || hand_to(&command, &json));
    work.await.map_err(|error| error.to_string())?
}

async fn post(url: &str, json: &str) -> Result<(), String> {
    let client =
        reqwest::Client::builder().no_proxy().referer(false).redirect(reqwest::redirect::Policy::none());
    // the address may hold a key: it is in no message
    let bare = |error: reqwest::Error| error.without_url().to_string();
    let client = client.build().map_err(bare)?;
    let request = client.post(url).header("content-type", "application/json").body(json.to_owned());
    let status = request.send().await.map_err(bare)?.status();
    if status.is_success() { Ok(()) } else { Err(format!("it answered {status}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Ending, Failure, Stage};

    fn poll(outcome: Ending) -> FeedReport {
        let mut report = FeedReport { feed: "coast".into(), outcome, ..FeedReport::default() };
        if outcome == Ending::Failed {
            let error = "asking coast.example".into();
            report.fail(Failure { stage: Stage::Fetch, error_class: "timeout".into(), error });
        }
        report
    }

    #[test]
    fn a_feed_that_goes_wrong_is_told_once_and_once_when_that_is_over() {
        let mut alarm = Alarm { raised: HashMap::new(), settings: None, teller: None };
        let now = Timestamp::UNIX_EPOCH;
        let mut said = Vec::new();
        let quiet = FeedReport { quiet_since: Some(now), ..poll(Ending::NotModified) };
        let over = FeedReport { overflowed: true, ..poll(Ending::Ok) };
        let polls = [
            (poll(Ending::Failed), 2),
            (poll(Ending::Failed), 3),
            (poll(Ending::Failed), 4),
            (poll(Ending::Ok), 0),
            (quiet.clone(), 0),
            (quiet, 0),
            (poll(Ending::Failed), 1),
            (poll(Ending::Ok), 0),
            (over, 0),
            (poll(Ending::Ok), 0),
        ];
        for (turn, (report, failures)) in polls.iter().enumerate() {
            let changed = alarm.changed(report, *failures, now);
            said.extend(changed.into_iter().map(|notice| (turn, notice.alert, notice.over)));
        }
        let expected = [
            (1, "failing", false),
            (3, "failing", true),
            (4, "quiet", false),
            (7, "quiet", true),
            (8, "overflowing", false),
            (9, "overflowing", true),
        ];
        assert_eq!(said, expected);
        assert_eq!(KINDS.iter().map(|kind| kind.0).collect::<Vec<_>>(), crate::config::KINDS);
    }

    #[test]
    fn who_was_told_before_the_daemon_began_is_not_told_again() {
        let mut alarm = Alarm { raised: HashMap::new(), settings: None, teller: None };
        alarm.begin("coast", 7);
        assert!(alarm.changed(&poll(Ending::Failed), 8, Timestamp::UNIX_EPOCH).is_empty());
        assert_eq!(alarm.changed(&poll(Ending::Ok), 0, Timestamp::UNIX_EPOCH).len(), 1);
    }
}
