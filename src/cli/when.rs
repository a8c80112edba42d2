//! A time on the command line.

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The instant that `text` means at `now`. A date or time without a zone is the reader's own.
pub fn instant(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    crate::search::when::instant(text.trim(), now, &TimeZone::system()).ok_or_else(|| {
        anyhow!("reading the time {text:?}; hint: a span like 90m, 24h, 3d, 2w, today, yesterday, or a date like 2024-04-01 or 2024-04-01T14:05Z")
    })
}

/// The past instant that `text` means at `now`: what the desk will see is not told.
pub fn past(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    let then = instant(text, now)?;
    if then <= now { Ok(then) } else { Err(anyhow!("looking back to {text:?}: that lies ahead")) }
}
