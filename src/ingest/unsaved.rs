//! Polls that brought nothing: most of them, on most days. Where their feeds stand is saved by the thousand, for one wait on the
//! disk, and their reports are told when that is done.

use std::time::Duration;

use super::poll::Polled;
use super::report::{Ending, Failure, FeedReport};
use super::writer::Writer;
use crate::store::FeedState;

/// How long such a report waits for others.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);
/// States in one transaction at most.
const MANY: usize = 5_000;

/// Reports that are told when their feeds' states are saved.
#[derive(Default)]
pub(super) struct Unsaved {
    reports: Vec<FeedReport>,
    states: Vec<Box<FeedState>>,
}

impl Unsaved {
    /// Keeps back what is still to be saved; gives the reports that are not.
    pub(super) fn keep_back(&mut self, polled: impl Iterator<Item = Polled>) -> Vec<FeedReport> {
        let mut done = Vec::new();
        for Polled { report, unsaved } in polled {
            match unsaved {
                None => done.push(report),
                Some(state) => {
                    self.reports.push(report);
                    self.states.push(state);
                }
            }
        }
        done
    }

    pub(super) fn is_empty(&self) -> bool {
        self.reports.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.reports.len() >= MANY
    }

    /// Takes out all that was kept back.
    pub(super) fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Saves them; a report that cannot be saved says so.
    pub(super) async fn save(self, writer: &Writer) -> Vec<FeedReport> {
        let Self { mut reports, states } = self;
        if let Err(failure) = writer.save(states).await {
            reports.iter_mut().for_each(|report| fail(report, &failure));
        }
        reports
    }
}

fn fail(report: &mut FeedReport, failure: &Failure) {
    report.outcome = Ending::Failed;
    report.fail(failure.clone());
}
