//! Settings that must not be nothing: a limit of zero would fail every feed, for a reason that names something else.

use serde::de::{Deserialize, Deserializer, Error};
use std::time::Duration;

/// A duration as the config spells it.
pub(super) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let time = jiff::fmt::serde::unsigned_duration::friendly::compact::required::deserialize(from)?;
    if time.is_zero() { Err(D::Error::custom("expected more than 0s")) } else { Ok(time) }
}

/// Bytes.
pub(super) fn size<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    match u64::deserialize(from)? {
        0 => Err(D::Error::custom("expected more than 0")),
        size => Ok(size),
    }
}
