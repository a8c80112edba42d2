//! Has the config file been changed? The daemon looks every few seconds, so that an edit, or `wiredesk feeds add`, takes effect
//! without a signal.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

/// Time between two looks. A changed file is read only when the next look finds it unchanged: an editor may still be writing it.
const EVERY: Duration = Duration::from_secs(2);

/// The config file as it was last read.
pub struct Changed {
    file: PathBuf,
    seen: Option<Stamp>,
}

/// What changes with a file: itself, its time in seconds and nanoseconds, its size.
type Stamp = (u64, i64, i64, u64);

impl Changed {
    /// Watches the file from now on.
    pub fn since_now(file: PathBuf) -> Self {
        let mut changed = Self { file, seen: None };
        changed.note();
        changed
    }

    /// Notes that the file is being read: only a later change counts.
    pub fn note(&mut self) {
        self.seen = self.stamp();
    }

    /// Waits until the file is not the one that was read. Where it is gone, waits on: somebody is replacing it.
    pub async fn wait(&mut self) {
        let mut last = self.seen;
        loop {
            tokio::time::sleep(EVERY).await;
            let now = self.stamp();
            if now.is_some() && now != self.seen && now == last {
                return;
            }
            if (now, last) == (None, None) && self.seen.take().is_some() {
                let file = self.file.display();
                tracing::warn!("the config file {file} is gone; the config that was in force stays");
            }
            last = now;
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        let found = fs::metadata(&self.file).ok()?;
        Some((found.ino(), found.mtime(), found.mtime_nsec(), found.len()))
    }
}
