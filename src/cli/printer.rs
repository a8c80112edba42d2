//! Reports on their way to stdout. A thread of their own writes them: whoever reads there may stall (a pager, a full pipe), and that
//! must hold up neither the polls nor the daemon's port.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::Notify;

use super::output;
use crate::ingest::FeedReport;

/// What may wait for a reader of the daemon's reports, in bytes: half an hour of 10,000 feeds at five minutes each.
const MOST: usize = 16 << 20;

/// Prints reports above the progress bar, in the order in which they come.
pub struct Printer {
    json: bool,
    most: usize,
    /// Only the thread draws it: drawing waits for whatever else writes to the terminal.
    bar: ProgressBar,
    pipe: Arc<Pipe>,
}

/// What lies between those who report and the thread that writes.
#[derive(Default)]
struct Pipe {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    emptied: Notify,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    reports: u64,
    is_being_written: bool,
    /// Reports that found no room.
    left_out: u64,
}

impl Printer {
    /// A cycle's reports are all kept until they are read, however many feeds there are, and a bar shows how far it is.
    pub fn of_a_cycle(json: bool, feeds: usize) -> io::Result<Self> {
        Self::start(json, usize::MAX, bar(feeds))
    }

    /// A daemon's reports go on for ever: where nobody reads them, no more than [`MOST`] bytes wait, and it is said how many are left out.
    pub fn of_the_daemon(json: bool) -> io::Result<Self> {
        Self::start(json, MOST, ProgressBar::hidden())
    }

    fn start(json: bool, most: usize, bar: ProgressBar) -> io::Result<Self> {
        let pipe = Arc::new(Pipe::default());
        let (inside, above) = (pipe.clone(), bar.clone());
        let write = move |lines: &[u8], reports: u64| {
            above.inc(reports);
            above.suspend(|| io::stdout().lock().write_all(lines))
        };
        std::thread::Builder::new().name("printer".into()).spawn(move || inside.run(write))?;
        Ok(Self { json, most, bar, pipe })
    }

    /// Hands over what is printed when there is a reader for it; waits for nothing.
    pub fn print(&self, reports: &[FeedReport]) {
        let mut lines = Vec::with_capacity(reports.len() * 256);
        for report in reports {
            let line = match self.json {
                true => output::json_line(&mut lines, report),
                false => writeln!(lines, "{}", output::visible(&report.to_string())),
            };
            debug_assert!(line.is_ok(), "writing to memory");
        }
        self.pipe.fill(&lines, reports.len() as u64, self.most);
    }

    /// Waits until all is written, or nobody is left to read it.
    pub async fn drained(&self) {
        self.pipe.drained().await;
    }

    /// Takes the bar away, unless a report still waits to be written above it.
    pub fn finish(&self) {
        if self.pipe.is_empty() {
            self.bar.finish_and_clear();
        }
    }
}

impl Pipe {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_empty(&self) -> bool {
        let waiting = self.waiting();
        waiting.lines.is_empty() && !waiting.is_being_written
    }

    fn fill(&self, lines: &[u8], reports: u64, most: usize) {
        let mut waiting = self.waiting();
        if waiting.lines.len().saturating_add(lines.len()) > most {
            waiting.left_out += reports;
            return;
        }
        waiting.reports += reports;
        waiting.lines.extend_from_slice(lines);
        self.filled.notify_one();
    }

    async fn drained(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.is_empty() {
                return;
            }
            emptied.await;
        }
    }

    /// The thread's work. It ends with the process, which does not wait for a reader that never comes.
    fn run(&self, write: impl Fn(&[u8], u64) -> io::Result<()>) {
        loop {
            let Waiting { lines, reports, left_out, .. } = self.next();
            // A reader that went away must not end the polls: the copy is still to be landed.
            let is_read = write(&lines, reports).is_ok();
            if is_read && left_out > 0 {
                tracing::warn!(
                    reports = left_out,
                    "nobody read stdout: so many reports of polls were left out there"
                );
            }
            self.waiting().is_being_written = false;
            self.emptied.notify_waiters();
        }
    }

    /// All that waits, when there is something.
    fn next(&self) -> Waiting {
        let waiting = self.waiting();
        let is_empty = |waiting: &mut Waiting| waiting.lines.is_empty();
        let mut waiting = self.filled.wait_while(waiting, is_empty).unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut waiting, Waiting { is_being_written: true, ..Waiting::default() })
    }
}

fn bar(feeds: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} feeds  {elapsed}")
        .unwrap_or(ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(feeds as u64), ProgressDrawTarget::stderr()).with_style(style)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A pipe, what was written of it, and leave to write: the thread waits for it each time.
    fn pipe() -> (Arc<Pipe>, Receiver<Vec<u8>>, Sender<io::Result<()>>) {
        let pipe = Arc::new(Pipe::default());
        let ((out, written), (leave, left)) = (channel(), channel());
        let inside = pipe.clone();
        std::thread::spawn(move || {
            inside.run(|lines, _| {
                out.send(lines.to_vec()).unwrap();
                left.recv().unwrap_or(Ok(()))
            });
        });
        (pipe, written, leave)
    }

    fn wait(pipe: &Pipe) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(pipe.drained());
    }

    #[test]
    fn what_waits_for_a_reader_keeps_its_order_and_its_bound() {
        let (pipe, written, leave) = pipe();
        pipe.fill(b"one\n", 1, 8);
        assert_eq!(written.recv().unwrap(), b"one\n");
        for line in ["two\n", "3\n", "four\n", "5\n"] {
            pipe.fill(line.as_bytes(), 1, 8); // the reader has stalled
        }
        assert_eq!(pipe.waiting().left_out, 1, "the one that found no room");
        leave.send(Ok(())).unwrap();
        assert_eq!(written.recv().unwrap(), b"two\n3\n5\n");
        leave.send(Ok(())).unwrap();
        wait(&pipe);
        assert_eq!(pipe.waiting().left_out, 0, "it was said");
    }

    #[test]
    fn who_went_away_holds_up_nobody() {
        let (pipe, written, leave) = pipe();
        for line in [b"one\n", b"two\n"] {
            leave.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
            pipe.fill(line, 1, 100);
            wait(&pipe);
        }
        assert_eq!(written.try_iter().collect::<Vec<_>>(), [b"one\n", b"two\n"]);
    }
}
