//! URLs as they may be shown: no user, no password, no key.

use serde::Deserialize;
use url::Url;

/// Endings of the names of query keys whose value is a secret, in lower case (`subscription-key`, `X-Amz-Signature`).
const SECRET_ENDINGS: &[&str] =
    &["key", "token", "secret", "password", "passwd", "pwd", "signature", "credential"];
/// The same, whole names.
const SECRET_NAMES: &[&str] =
    &["auth", "authorization", "sig", "pass", "code", "jwt", "sid", "session", "hmac"];

/// Letters of what a server said, in an error.
const BRIEF: usize = 300;

/// A feed's address. What it prints, by `Display` and by `Debug`, has nothing secret in it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FeedUrl(Box<Address>);

#[derive(Clone, PartialEq, Eq)]
struct Address {
    url: Url,
    shown: String,
}

impl FeedUrl {
    /// The address as it is sent, secrets included.
    #[must_use]
    pub fn expose(&self) -> &Url {
        &self.0.url
    }

    /// The address as it may be shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0.shown
    }
}

impl TryFrom<String> for FeedUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|error| {
            format!("not a URL ({error}); hint: write it whole, like \"https://example.org/feed.xml\"")
        })?;
        match url.scheme() {
            "http" | "https" => Ok(Self(Box::new(Address { shown: shown(&url), url }))),
            other => Err(format!("{other}: is neither http nor https; hint: for files use type = \"dir\"")),
        }
    }
}

impl std::fmt::Display for FeedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.shown)
    }
}

impl std::fmt::Debug for FeedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.shown)
    }
}

/// `url` with user, password and the values of secret-looking query keys taken out.
pub(super) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    if url.query().is_some_and(|query| query.split('&').any(is_secret)) {
        let pairs: Vec<String> = url.query().unwrap_or_default().split('&').map(hide).collect();
        shown.set_query(Some(&pairs.join("&")));
    }
    shown.into()
}

/// No more of a text that a server may have made as long as it liked than a person will read.
pub(super) fn brief(text: String) -> String {
    match text.char_indices().nth(BRIEF) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// `url` without user, password and every query key that holds a secret: by its looks, or because `key` is its name.
pub(super) fn without_secrets(url: &Url, key: Option<&str>) -> Url {
    let mut plain = url.clone();
    let _ = plain.set_username("");
    let _ = plain.set_password(None);
    plain.set_fragment(None);
    let is_key = |pair: &str| key.is_some() && pair.split('=').next() == key;
    let pairs = url.query().unwrap_or_default().split('&').filter(|pair| !is_secret(pair) && !is_key(pair));
    let kept = pairs.collect::<Vec<_>>().join("&");
    plain.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
    plain
}

fn hide(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) if is_secret(pair) => format!("{name}=***"),
        _ => pair.to_owned(),
    }
}

fn is_secret(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    SECRET_NAMES.contains(&name.as_str()) || SECRET_ENDINGS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let table = [
            ("https://desk:hunter2@wire.example/top", "https://wire.example/top"),
            ("https://wire.example/?q=rafah&apikey=hunter2", "https://wire.example/?q=rafah&apikey=***"),
            ("https://wire.example/?X-Amz-Signature=hunter2#x", "https://wire.example/?X-Amz-Signature=***"),
            ("https://wire.example/?access_token=hunter2&n=5", "https://wire.example/?access_token=***&n=5"),
            (
                "https://wire.example/a?keyword=Rafah&author=x",
                "https://wire.example/a?keyword=Rafah&author=x",
            ),
            ("https://wire.example/a?n=5&keyless", "https://wire.example/a?n=5&keyless"),
            ("https://wire.example/a?n=5", "https://wire.example/a?n=5"),
        ];
        for (url, expected) in table {
            let url = FeedUrl::try_from(url.to_owned()).unwrap();
            assert_eq!(url.to_string(), expected);
            assert_eq!(format!("{url:?}"), expected);
        }
    }

    #[test]
    fn what_is_not_http_is_refused_with_a_hint() {
        let table = [
            ("file:///etc/passwd", "file: is neither http nor https"),
            ("example.org/feed", "not a URL"),
            ("", "not a URL"),
            ("gopher://x/", "gopher: is neither"),
        ];
        for (url, expected) in table {
            let refused = FeedUrl::try_from(url.to_owned()).unwrap_err();
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
