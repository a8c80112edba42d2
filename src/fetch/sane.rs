//! Settings within reason: a limit of zero would fail every feed, for a reason that names something else, and a distance of days between two
//! requests would hold up a single cycle for as long.

use serde::de::{Deserialize, Deserializer, Error};
use std::time::Duration;

/// A duration as the config spells it.
pub(super) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let time = jiff::fmt::serde::unsigned_duration::friendly::compact::required::deserialize(from)?;
    if time.is_zero() { Err(D::Error::custom("expected more than 0s")) } else { Ok(time) }
}

/// A distance between two requests.
pub(super) fn distance<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    const LONGEST: Duration = Duration::from_secs(3600);
    let time = jiff::fmt::serde::unsigned_duration::friendly::compact::required::deserialize(from)?;
    if time > LONGEST { Err(D::Error::custom("expected 1h or less")) } else { Ok(time) }
}

/// Bytes.
pub(super) fn size<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    match u64::deserialize(from)? {
        0 => Err(D::Error::custom("expected more than 0")),
        size => Ok(size),
    }
}
