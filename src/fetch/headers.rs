//! What is said in the head of a request and of an answer: conditions, validators, patience.

use super::fetched::Hints;
use crate::wire::Cursor;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{
    CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    RETRY_AFTER,
};
use std::time::Duration;

/// What feeds come as, most telling first; anything else is welcome too, because many servers call a feed `text/html`.
pub(super) const ACCEPT: HeaderValue = HeaderValue::from_static(
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, \
     text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
);

/// A validator can stick (FreshRSS#1020: a Last-Modified in 2041): after so many polls it is left out once.
const CONDITIONAL_POLLS: u32 = 10;
/// And after this long.
const CONDITIONAL_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The validators a question goes with; none when it is asked plainly.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Conditions<'c> {
    etag: Option<&'c str>,
    last_modified: Option<&'c str>,
}

impl<'c> Conditions<'c> {
    /// What the cursor has; nothing when it is time to ask plainly. `mark` is the address asked: validators of another address say nothing
    /// about this one.
    pub fn of(cursor: &'c Cursor, mark: &str, now: Timestamp) -> Self {
        let fresh =
            cursor.last_full.is_some_and(|full| full <= now && now.duration_since(full) < CONDITIONAL_FOR);
        if !fresh || cursor.conditional_polls >= CONDITIONAL_POLLS || cursor.mark.as_deref() != Some(mark) {
            return Self::default();
        }
        Self { etag: cursor.etag.as_deref(), last_modified: cursor.last_modified.as_deref() }
    }

    pub fn are_none(self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// As `If-None-Match` and `If-Modified-Since`.
    pub fn put_into(self, headers: &mut HeaderMap) {
        for (name, value) in [(IF_NONE_MATCH, self.etag), (IF_MODIFIED_SINCE, self.last_modified)] {
            if let Some(Ok(value)) = value.map(|value| HeaderValue::from_bytes(value.as_bytes())) {
                headers.insert(name, value);
            }
        }
    }
}

/// The cursor after a whole good body.
pub(super) fn advanced(headers: &HeaderMap, mark: &str, now: Timestamp) -> Cursor {
    Cursor {
        etag: text(headers, &ETAG).map(Into::into),
        last_modified: text(headers, &LAST_MODIFIED).filter(|said| is_past(said, now)).map(Into::into),
        conditional_polls: 0,
        last_full: Some(now),
        mark: Some(mark.into()),
    }
}

/// A `Last-Modified` that a server may be asked about: one in the future, or no date at all, is answered "not modified" for ever.
fn is_past(said: &str, now: Timestamp) -> bool {
    http_date(said).is_some_and(|date| date <= now)
}

/// The cursor after a 304.
pub(super) fn unmoved(cursor: &Cursor) -> Cursor {
    Cursor { conditional_polls: cursor.conditional_polls.saturating_add(1), ..cursor.clone() }
}

/// What the server said about asking again.
pub(super) fn hints(headers: &HeaderMap, now: Timestamp) -> Hints {
    Hints { retry_after: retry_after(headers, now), max_age: max_age(headers), moved_to: None }
}

/// `Retry-After` in seconds or as a date, in full; a date gone by is zero.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let wait = http_date(value)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// An HTTP date, its weekday not checked: servers get it wrong.
fn http_date(value: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value).ok()
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, &CACHE_CONTROL)?.to_ascii_lowercase();
    let seconds = value.split(',').find_map(|part| part.trim().strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}

/// A header as text, if it is UTF-8.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    std::str::from_utf8(value.as_bytes()).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2024-04-01T12:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    fn cursor(polls: u32, last_full: &str) -> Cursor {
        Cursor {
            etag: Some("\"v1\"".into()),
            last_modified: Some("Mon, 01 Apr 2024 11:00:00 GMT".into()),
            conditional_polls: polls,
            last_full: last_full.parse().ok(),
            mark: Some("https://wire.example/".into()),
        }
    }

    #[test]
    fn both_validators_are_sent_together_until_it_is_time_to_ask_plainly() {
        let table = [
            ("fresh", cursor(0, "2024-04-01T11:00:00Z"), 2),
            ("ninth poll", cursor(9, "2024-04-01T11:00:00Z"), 2),
            ("tenth poll", cursor(10, "2024-04-01T11:00:00Z"), 0),
            ("a day old", cursor(0, "2024-03-31T12:00:00Z"), 0),
            ("from the future", cursor(0, "2024-04-01T12:00:01Z"), 0),
            ("never read whole", cursor(0, ""), 0),
            ("first time", Cursor::default(), 0),
        ];
        for (case, cursor, count) in table {
            let conditions = Conditions::of(&cursor, "https://wire.example/", now());
            let mut headers = HeaderMap::new();
            conditions.put_into(&mut headers);
            assert_eq!((headers.len(), conditions.are_none()), (count, count == 0), "{case}");
        }
        assert!(Conditions::of(&cursor(0, NOW), "https://elsewhere.example/", now()).are_none());
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let table = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Mon, 01 Apr 2024 12:10:00 GMT", Some(600)),
            ("Sun, 01 Apr 2024 12:10:00 GMT", Some(600)),
            ("Mon, 01 Apr 2024 11:00:00 GMT", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ];
        for (value, seconds) in table {
            let read = retry_after(&headers(RETRY_AFTER, value), now());
            assert_eq!(read, seconds.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn a_last_modified_that_is_no_date_gone_by_is_forgotten() {
        let table = [
            ("Mon, 01 Apr 2024 11:59:00 GMT", true),
            ("Thu, 01 Jan 1970 00:00:00 GMT", true),
            ("Tue, 01 Jan 2041 00:00:00 GMT", false),
            ("yesterday", false),
            ("0", false),
        ];
        for (value, kept) in table {
            let cursor = advanced(&headers(LAST_MODIFIED, value), "", now());
            assert_eq!(cursor.last_modified.as_deref() == Some(value), kept, "{value}");
        }
    }

    #[test]
    fn max_age_is_found_among_the_directives() {
        let table = [("max-age=300", Some(300)), ("public, Max-Age=60, x", Some(60)), ("no-store", None)];
        for (value, seconds) in table {
            assert_eq!(max_age(&headers(CACHE_CONTROL, value)), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
