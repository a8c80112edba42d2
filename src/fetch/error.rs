//! Why a fetch brought nothing, in one line for people and one word for machines.

use jiff::Timestamp;
use std::time::Duration;

/// A fetch that brought nothing.
#[derive(Debug, Clone, thiserror::Error)]
#[error("fetching {place}: {cause}{}", with_hint(cause.hint()))]
pub struct FetchError {
    /// The URL or file asked for, nothing secret in it.
    pub place: String,
    /// Why.
    pub cause: Cause,
}

/// Why a fetch brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// A status other than 200 and 304.
    #[error("{}", show_status(*status))]
    Status {
        /// The HTTP status.
        status: u16,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// Another feed of this host was told to wait.
    #[error("not asked, {host} wants to be left alone until {until}")]
    Resting {
        /// The host.
        host: String,
        /// Until when.
        until: Timestamp,
    },
    /// More bytes than the limit, counted after decompression.
    #[error("more than {limit} bytes after decompression")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// Too slow; says which wait and how long.
    #[error("timed out {0}")]
    Timeout(String),
    /// The connection ended before the body did.
    #[error("the body was cut short ({0})")]
    Truncated(String),
    /// The body does not decompress.
    #[error("the body does not decompress ({0})")]
    Decode(String),
    /// Redirects that lead nowhere: too many, in a circle, without an address.
    #[error("{0}")]
    Redirect(String),
    /// A URL that is neither http nor https.
    #[error("redirected to {0}, which is neither http nor https")]
    BadScheme(String),
    /// An address feeds may not reach.
    #[error("{host} is a {range} address")]
    BlockedAddress {
        /// Host and port as asked for, with the address it led to: `intranet.example:80 (10.0.0.1)`.
        host: String,
        /// Name of the range.
        range: &'static str,
    },
    /// 200 and not one byte.
    #[error("200 OK with an empty body")]
    Empty,
    /// The secret is missing, or cannot be sent.
    #[error("{0}")]
    Secret(String),
    /// What came is not HTTP, or breaks its rules.
    #[error("the server broke the protocol ({0})")]
    Protocol(String),
    /// No connection, or it was lost.
    #[error("{0}")]
    Network(String),
    /// No trusted TLS connection.
    #[error("no trusted connection ({0})")]
    Tls(String),
    /// A file or folder could not be read.
    #[error("{0}")]
    Storage(String),
}

impl FetchError {
    /// One word, the same in reports, logs and metrics.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match &self.cause {
            Cause::Status { status, .. } => status_class(*status),
            Cause::Resting { .. } => "rate_limited",
            Cause::TooLarge { .. } => "too_large",
            Cause::Timeout(_) => "timeout",
            Cause::Truncated(_) => "truncated",
            Cause::Decode(_) => "decode",
            Cause::Redirect(_) => "redirect",
            Cause::BadScheme(_) => "bad_scheme",
            Cause::BlockedAddress { .. } => "blocked_address",
            Cause::Empty => "empty",
            Cause::Secret(_) => "auth",
            Cause::Protocol(_) => "protocol",
            Cause::Network(_) => "network",
            Cause::Tls(_) => "tls",
            Cause::Storage(_) => "storage",
        }
    }

    /// HTTP status, when there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.cause {
            Cause::Status { status, .. } => Some(status),
            Cause::Empty => Some(200),
            _ => None,
        }
    }

    /// How long the server asks to be left alone, in full.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self.cause {
            Cause::Status { retry_after, .. } => retry_after,
            Cause::Resting { until, .. } => {
                Some(Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default())
            }
            _ => None,
        }
    }
}

impl Cause {
    /// The same with its words put through `hide`: they may quote what a server said.
    pub(super) fn hiding(self, hide: impl Fn(String) -> String) -> Self {
        match self {
            Self::Timeout(text) => Self::Timeout(hide(text)),
            Self::Truncated(text) => Self::Truncated(hide(text)),
            Self::Decode(text) => Self::Decode(hide(text)),
            Self::Redirect(text) => Self::Redirect(hide(text)),
            Self::BadScheme(text) => Self::BadScheme(hide(text)),
            Self::BlockedAddress { host, range } => Self::BlockedAddress { host: hide(host), range },
            Self::Protocol(text) => Self::Protocol(hide(text)),
            Self::Network(text) => Self::Network(hide(text)),
            Self::Tls(text) => Self::Tls(hide(text)),
            plain => plain,
        }
    }

    /// The remedy.
    fn hint(&self) -> &'static str {
        match self {
            Self::Status { status, .. } => status_hint(*status),
            Self::Resting { .. } => "a feed of that host was told so, and back_off_by_host is set",
            Self::TooLarge { .. } => {
                "raise max_bytes in this feed's limits if it is right for it to be so large"
            }
            Self::Timeout(_) => {
                "it is tried again; raise first_byte or whole in its limits if it needs longer"
            }
            Self::Truncated(_) => {
                "it is asked for again; if it stays so, the provider's server or a proxy breaks off"
            }
            Self::Decode(_) => "the provider's server or a proxy packs wrongly; the provider can mend it",
            Self::Redirect(_) => "look in a browser where the feed is now, and write that into url",
            Self::BadScheme(_) => "feeds are read over http and https alone; look where this one is now",
            Self::BlockedAddress { .. } => {
                "list it as \"host:port\" in allow_private if this feed may reach it"
            }
            Self::Empty => "if it stays so, ask the provider",
            Self::Secret(_) => "look at token_env or token_file of this feed",
            Self::Protocol(_) => "look whether host and port of url are those of a web server",
            Self::Network(_) => "look at host and port of url, and at this machine's line",
            Self::Tls(_) => "name the authority's certificate in ca_file if it is a private one",
            Self::Storage(_) => "",
        }
    }
}

fn status_class(status: u16) -> &'static str {
    match status {
        401 | 403 | 407 => "auth",
        410 => "gone",
        429 | 503 => "rate_limited",
        _ => "http_status",
    }
}

fn status_hint(status: u16) -> &'static str {
    match status {
        401 | 403 | 407 => "check the secret this feed sends (token_env, token_file)",
        404 => "the feed may have moved; look for its new address on the provider's site",
        410 => "the provider has ended this feed for good",
        429 | 503 => "the server asks for patience; the feed is tried again later",
        500..=599 => "the server is in trouble; the feed is tried again later",
        _ => "look at it in a browser; if it is right there, ask the provider",
    }
}

fn show_status(status: u16) -> String {
    let reason = reqwest::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

/// A remedy as it stands at the end of an error.
pub fn with_hint(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("; hint: {hint}") }
}

/// What the system says, in the house's style: no capital, no error number.
pub(super) fn plain(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What the last of an error's sources says: the others only say that something went wrong.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    plain(last)
}
