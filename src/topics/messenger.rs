//! Takes alerts to the commands that topics name. Delivery is at least once, and never holds up the desk.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::alert::Alert;
use super::book::Book;
use super::error::TopicsError;
use super::quote::Quotes;
use crate::search::Spellings;

/// How long a command may take with one alert. One that takes longer is ended, and the alert comes again.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a command at work is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// A thread that delivers alerts whenever it is woken, and once more before it ends.
pub struct Messenger {
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Messenger {
    /// Starts it for the topics kept in `dir`, which look for these spellings too.
    #[must_use]
    pub fn start(dir: &Path, spellings: Arc<Spellings>) -> Self {
        let (wake, woken) = channel::<()>();
        let dir: PathBuf = dir.to_owned();
        let work = move || {
            while woken.recv().is_ok() {
                while woken.try_recv().is_ok() {}
                if let Err(error) = deliver(&dir, &spellings) {
                    tracing::error!(%error, "alerts stay for the next time");
                }
            }
        };
        Self { wake: Some(wake), thread: Some(std::thread::spawn(work)) }
    }

    /// There may be something to deliver.
    pub fn wake(&self) {
        // a thread that is gone has said why
        let _ = self.wake.as_ref().map(|wake| wake.send(()));
    }
}

impl Drop for Messenger {
    fn drop(&mut self) {
        drop(self.wake.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn deliver(dir: &Path, spellings: &Arc<Spellings>) -> Result<(), TopicsError> {
    let book = Book::open(dir)?;
    let mut quotes = Quotes::open(dir, Arc::clone(spellings))?;
    let (mut last, mut failing) = (0, BTreeSet::new());
    loop {
        let undone = book.undone(last)?;
        let Some((end, _)) = undone.last() else { return Ok(()) };
        last = end.alert.alert;
        for (kept, command) in undone {
            let (number, topic) = (kept.alert.alert, kept.alert.topic.clone());
            // a topic whose command fails keeps its alerts in their order, and holds up no other topic's
            if failing.contains(&topic) {
                continue;
            }
            let quoted = quotes.of(kept, Timestamp::now()).map_err(|error| error.to_string());
            match quoted.and_then(|alert| told(&alert, &command)) {
                Ok(()) => book.done(number)?,
                Err(why) => {
                    tracing::warn!(topic, command, why, "an alert was not taken and stays for the next time");
                    failing.insert(topic);
                }
            }
        }
    }
}

/// Runs the command with the alert on its standard input.
fn told(alert: &Alert, command: &str) -> Result<(), String> {
    hand_to(command, &serde_json::to_string(alert).map_err(|error| error.to_string())?)
}

/// Runs a shell command with `json` on its standard input, for ten seconds at most. Waits for it.
///
/// # Errors
/// Why it did not take it, in words: how it ended, or that it took too long.
pub fn hand_to(command: &str, json: &str) -> Result<(), String> {
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = shell.spawn().map_err(|error| format!("starting it: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // a command that does not want to read it has its reasons; its exit code counts
        let _ = stdin.write_all(json.as_bytes()).and_then(|()| stdin.write_all(b"\n"));
    }
    ended(&mut child)
}

fn ended(child: &mut Child) -> Result<(), String> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(status.to_string()),
            None => std::thread::sleep(LOOK),
        }
    }
    let _ = child.kill().and_then(|()| child.wait());
    Err(format!("it took longer than {} s", PATIENCE.as_secs()))
}
