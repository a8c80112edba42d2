//! `type = "dir"`: a drop folder, filled by SFTP, FTP or hand. Each file is one delivery.

use super::body::Body;
use super::coding;
use super::error::{Cause, FetchError};
use super::fetched::{Fetched, Hints, Limits, Outcome};
use super::folder::{Filter, Found, Listing, list, unreadable};
use super::seen::Seen;
use super::tidy::{After, BAD, DONE, put_aside, tidy};
use crate::wire::{Cursor, Delivery};
use jiff::Timestamp;
use serde::Deserialize;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use url::Url;

/// Files one fetch brings at most, so that one transaction keeps a sensible size.
const BATCH_FILES: usize = 4096;

/// A drop folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dir {
    /// The folder.
    pub path: PathBuf,
    /// File name patterns, `["*.xml", "*.json"]`; every file when left out. Hidden and half-named ones
    /// (`.x`, `x.tmp`, `x.part`, `x.filepart`, `x~`) never count.
    #[serde(default)]
    pub files: Vec<String>,
    /// Whether folders inside it are read too. Default no.
    #[serde(default)]
    pub recursive: bool,
    /// How long a file must have been left alone before it is read; a fresh one is waited for. Default 2 s.
    #[serde(
        default = "two_seconds",
        with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required"
    )]
    pub settle: Duration,
    /// What becomes of a file whose items are stored. Default: it stays.
    #[serde(default)]
    pub after: After,
}

fn two_seconds() -> Duration {
    Duration::from_secs(2)
}

impl Dir {
    /// A folder with nothing but its path.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            files: Vec::new(),
            recursive: false,
            settle: two_seconds(),
            after: After::Keep,
        }
    }

    /// Every settled file that the cursor does not know, oldest first.
    pub(super) async fn fetch(&self, cursor: &Cursor, limits: &Limits) -> Result<Fetched, FetchError> {
        let seen = Seen::from_mark(cursor.mark.as_deref());
        let listing = self.settled(&seen).await?;
        let (dir, limits) = (self.clone(), limits.clone());
        let gathered = self.blocking(move || Ok(dir.gather(listing, seen, &limits))).await?;
        Ok(gathered.into_fetched(cursor))
    }

    /// Tidies away the files that `cursor` knows, unless they have changed since they were read.
    pub(super) async fn acknowledge(
        &self,
        cursor: &Cursor,
        unread: &[(String, String)],
    ) -> Vec<(String, FetchError)> {
        if self.after == After::Keep {
            return Vec::new();
        }
        let bad: Vec<(PathBuf, String)> = unread.iter().filter_map(located).collect();
        let put =
            self.blocking(move || Ok(bad.iter().filter_map(|(path, why)| put_aside(path, why)).collect()));
        let mut untidied: Vec<(String, FetchError)> = put.await.unwrap_or_default();
        let (after, seen) = (self.after, Seen::from_mark(cursor.mark.as_deref()));
        match self.list().await {
            Ok(listing) => {
                let tidied = self.blocking(move || Ok(tidied(&listing, &seen, after)));
                untidied.extend(tidied.await.unwrap_or_default());
            }
            Err(error) => untidied.push((self.path.display().to_string(), error)),
        }
        untidied
    }

    /// The folder as it is once its newest files have been left alone for a while; what still grows is left off.
    async fn settled(&self, seen: &Seen) -> Result<Listing, FetchError> {
        let listing = self.list().await?;
        let news = |file: &Found| !seen.holds(&file.fingerprint);
        match listing.unsettled(news, self.settle, SystemTime::now()) {
            None => Ok(listing),
            Some(wait) => {
                tokio::time::sleep(wait).await;
                Ok(self.list().await?.unchanged_since(&listing))
            }
        }
    }

    async fn list(&self) -> Result<Listing, FetchError> {
        let patterns = self.files.iter().filter_map(|pattern| glob::Pattern::new(pattern).ok()).collect();
        let filter = Filter { patterns, recursive: self.recursive, except: &[DONE, BAD] };
        let folder = self.path.clone();
        self.blocking(move || list(&folder, &filter)).await
    }

    /// Reads what is new, and tidies away what an earlier fetch was interrupted before tidying.
    fn gather(&self, listing: Listing, mut seen: Seen, limits: &Limits) -> Gathered {
        let untidied = tidied(&listing, &seen, self.after);
        seen.keep_only(listing.files.iter().map(|file| &file.fingerprint));
        let new: Vec<Found> =
            listing.files.into_iter().filter(|file| !seen.holds(&file.fingerprint)).collect();
        let failures = listing.failures.into_iter().chain(untidied).collect();
        let mut gathered = Gathered { seen, failures, ..Gathered::default() };
        for file in new {
            gathered.more = gathered.is_full(file.len, limits);
            if gathered.more {
                break;
            }
            gathered.take(file, limits);
        }
        gathered
    }

    /// Disk work, off the threads that drive the network.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, FetchError> + Send + 'static,
    ) -> Result<T, FetchError> {
        let stopped = |_| FetchError {
            place: self.path.display().to_string(),
            cause: Cause::Storage("reading the folder was interrupted".into()),
        };
        tokio::task::spawn_blocking(work).await.map_err(stopped)?
    }

    pub(super) fn resolve_paths(&mut self, folder: &Path) {
        self.path = folder.join(&self.path);
    }

    pub(super) fn contradictions(&self) -> Vec<String> {
        let bad = |pattern: &String| glob::Pattern::new(pattern).err().map(|error| (pattern.clone(), error));
        let patterns = self.files.iter().filter_map(bad);
        patterns
            .map(|(pattern, error)| format!("files: \"{pattern}\" is no file name pattern ({})", error.msg))
            .collect()
    }
}

/// Tidies away what has been delivered; comes back with what could not be.
fn tidied(listing: &Listing, seen: &Seen, after: After) -> Vec<(String, FetchError)> {
    let done = listing.files.iter().filter(|file| seen.holds(&file.fingerprint));
    done.filter_map(|file| tidy(&file.path, after)).collect()
}

/// The file that an address of a delivery names.
fn located((url, why): &(String, String)) -> Option<(PathBuf, String)> {
    Some((Url::parse(url).ok()?.to_file_path().ok()?, why.clone()))
}

/// What one fetch has read so far.
#[derive(Default)]
struct Gathered {
    deliveries: Vec<Delivery>,
    bytes: u64,
    more: bool,
    seen: Seen,
    failures: Vec<(String, FetchError)>,
}

impl Gathered {
    fn is_full(&self, next: u64, limits: &Limits) -> bool {
        let too_big = self.bytes.saturating_add(next) > limits.batch_bytes;
        self.deliveries.len() >= BATCH_FILES || too_big && !self.deliveries.is_empty()
    }

    fn take(&mut self, file: Found, limits: &Limits) {
        match read(&file.path, limits.max_bytes) {
            Ok(delivery) => {
                self.bytes += delivery.bytes.len() as u64;
                self.deliveries.push(delivery);
                self.seen.add(file.fingerprint);
            }
            Err(error) => self.failures.push((file.path.display().to_string(), error)),
        }
    }

    fn into_fetched(self, cursor: &Cursor) -> Fetched {
        let outcome = if self.deliveries.is_empty() {
            Outcome::NotModified
        } else {
            Outcome::Deliveries(self.deliveries)
        };
        Fetched {
            outcome,
            cursor: Cursor { mark: self.seen.to_mark().map(Into::into), ..cursor.clone() },
            status: None,
            bytes: self.bytes,
            more: self.more,
            hints: Hints::default(),
            failures: self.failures,
        }
    }
}

fn read(path: &Path, limit: u64) -> Result<Delivery, FetchError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    let bytes =
        unpacked(bytes, limit).map_err(|cause| FetchError { place: path.display().to_string(), cause })?;
    let url =
        std::path::absolute(path).ok().and_then(|path| Url::from_file_path(path).ok()).map(String::from);
    Ok(Delivery { bytes, url, received: Timestamp::now(), ..Delivery::default() })
}

/// A file's bytes, out of the gzip that it may have been sent in. One that is cut may still be on its way.
fn unpacked(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Cause> {
    if bytes.len() as u64 > limit {
        return Err(Cause::TooLarge { limit });
    }
    let Body { bytes, cut } = coding::undo(&[], Body { bytes, cut: None }, limit)?;
    cut.map_or(Ok(bytes), Err)
}
