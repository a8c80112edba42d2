//! A time on the command line.

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The instant that `text` means at `now`. A date or time without a zone is the reader's own.
pub fn instant(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    crate::search::when::instant(text.trim(), now, &zone()).ok_or_else(|| {
        anyhow!("reading the time {text:?}; hint: a span like 90m, 24h, 3d, 2w, today, yesterday, or a date like 2024-04-01 or 2024-04-01T14:05Z")
    })
}

/// The instant that `text` means at `now`; one in the future is refused, since the desk cannot know what it will hold.
pub fn past(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    let then = instant(text, now)?;
    if then <= now {
        Ok(then)
    } else {
        Err(anyhow!(
            "looking back to {text:?}: that lies ahead; hint: a time gone by, like 3h or 2024-04-01T14:05Z"
        ))
    }
}

/// The zone of this machine, from `/etc/localtime` itself. jiff would look for the zone's name too, and walk all folders of the zone
/// database for it: a twentieth of what a search costs.
pub fn zone() -> TimeZone {
    let is_told = std::env::var_os("TZ").is_some();
    let file = Some("/etc/localtime").filter(|_| !is_told).and_then(|path| std::fs::read(path).ok());
    let zone = file.and_then(|file| TimeZone::tzif("local", &file).ok());
    zone.unwrap_or_else(TimeZone::system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_the_one_that_jiff_finds() {
        for second in [0, 1_700_000_000, 1_720_000_000, 4_000_000_000] {
            let at = Timestamp::from_second(second).unwrap();
            assert_eq!(zone().to_offset(at), TimeZone::system().to_offset(at), "{at}");
        }
    }
}
