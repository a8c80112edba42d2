//! Durations as people write them: `90s`, `2m`, `1h30m`, `2d`.

use jiff::{Span, SpanRelativeTo};
use std::time::Duration;

/// A text that is not a duration a feed could live by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a duration; hint: write it like \"90s\", \"2m\", \"6h\" or \"1h30m\"")]
pub struct SpanError {
    /// What was written.
    pub text: String,
}

/// Reads `90s`, `2m`, `6h`, `1h30m`, `2d` (a day is 24 hours). Zero and less, months and bare numbers are refused.
///
/// # Errors
/// [`SpanError`] with the text and how to write it.
pub fn parse_duration(text: &str) -> Result<Duration, SpanError> {
    let refused = || SpanError { text: text.to_owned() };
    let span: Span = text.trim().trim_start_matches('+').parse().map_err(|_| refused())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| refused())?;
    Duration::try_from(length).ok().filter(|length| !length.is_zero()).ok_or_else(refused)
}

/// The short way back: `90s` becomes `1m30s`.
#[must_use]
pub fn show_duration(length: Duration) -> String {
    let seconds = length.as_secs();
    let units =
        [("d", seconds / 86_400), ("h", seconds / 3_600 % 24), ("m", seconds / 60 % 60), ("s", seconds % 60)];
    let shown: String =
        units.iter().filter(|(_, count)| *count > 0).map(|(unit, count)| format!("{count}{unit}")).collect();
    if shown.is_empty() { format!("{}ms", length.subsec_millis()) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let table = [
            ("90s", 90, "1m30s"),
            ("2m", 120, "2m"),
            ("6h", 21_600, "6h"),
            ("1h30m", 5_400, "1h30m"),
            ("1h 30m", 5_400, "1h30m"),
            ("2d", 172_800, "2d"),
            ("10 minutes", 600, "10m"),
        ];
        for (text, seconds, shown) in table {
            let read = parse_duration(text).unwrap();
            assert_eq!(read, Duration::from_secs(seconds), "{text}");
            assert_eq!(show_duration(read), shown);
        }
        assert_eq!(show_duration(Duration::from_millis(250)), "250ms");
    }

    #[test]
    fn what_no_feed_could_live_by_is_refused_with_the_text() {
        for text in ["", "5", "0s", "-5m", "2 fortnights", "1mo", "P1M", "m", "9999999999999999999h"] {
            let refused = parse_duration(text).unwrap_err();
            assert!(refused.to_string().contains(&format!("\"{text}\"")), "{refused}");
        }
    }
}
