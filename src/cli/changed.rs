//! Has the config file been changed? It is looked at now and then, so that what an editor or `wiredesk feeds add` wrote is followed
//! without a signal.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

/// How often it is looked at. A file that was changed is taken when it has not changed again by the next look: an editor may be at it.
const EVERY: Duration = Duration::from_secs(2);

/// The config file as it was last read.
pub struct Changed {
    file: PathBuf,
    seen: Option<Stamp>,
}

/// What changes with a file: itself, its time in seconds and nanoseconds, its size.
type Stamp = (u64, i64, i64, u64);

impl Changed {
    /// Since now.
    pub fn since_now(file: PathBuf) -> Self {
        let mut changed = Self { file, seen: None };
        changed.note();
        changed
    }

    /// It is read as it is now.
    pub fn note(&mut self) {
        self.seen = self.stamp();
    }

    /// Until it is another one than was read. One that is gone is waited for: it is being replaced.
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
