//! The client every HTTP feed shares: two lines of connections for each set of authorities, one for addresses anyone may
//! reach, one for those the operator listed.

use super::address::{self, HostPort};
use super::error::{Cause, innermost};
use super::headers;
use super::politeness::Politeness;
use super::resolve::Guarded;
use super::rests::Rests;
use super::sane;
use jiff::Timestamp;
use reqwest::Response;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How the shared client behaves: the `[http]` table of the config, with what stands at its top.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Private addresses that every feed may reach.
    #[serde(skip)]
    pub allow_private: Vec<HostPort>,
    /// Certificates (PEM) trusted beside the system's.
    #[serde(skip)]
    pub ca_file: Option<PathBuf>,
    /// Time for name, connection and TLS. Default 5 s.
    #[serde(deserialize_with = "sane::time")]
    pub connect: Duration,
    /// Requests at one host at a time. Default 2.
    pub per_host: usize,
    /// Distance between the starts of two requests at one host, an hour at most. Default none.
    #[serde(deserialize_with = "sane::distance")]
    pub spacing: Duration,
    /// When one feed is told to wait (429, 503 with `Retry-After`), the other feeds of that host wait too. Default no.
    pub back_off_by_host: bool,
    /// Where a provider finds out who asks: an address or a URL, sent in the `User-Agent`.
    pub contact: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            ca_file: None,
            connect: Duration::from_secs(5),
            per_host: 2,
            spacing: Duration::ZERO,
            back_off_by_host: false,
            contact: None,
        }
    }
}

/// The shared client. Made once, used by every feed; connections are kept and used again.
#[derive(Debug)]
pub struct Client {
    pub(super) settings: Settings,
    pub(super) politeness: Politeness,
    rests: Rests,
    lines: Mutex<HashMap<Line, reqwest::Client>>,
}

/// Which connections may be shared: same authorities, same right to private addresses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Line {
    ca_file: Option<PathBuf>,
    listed: bool,
    /// Plain http does not need the system's certificates, and works where there are none.
    tls: bool,
}

impl Client {
    /// A client; nothing is opened before the first fetch.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let politeness = Politeness::new(settings.per_host, settings.spacing);
        Self { settings, politeness, rests: Rests::default(), lines: Mutex::default() }
    }

    /// Notes that a host is to be left alone until then: a feed of it was told so before this client was made.
    pub fn leave_alone(&self, host: &str, until: Timestamp) {
        self.rests.until(host, until, Timestamp::now());
    }

    /// Refuses a request to a host that one of its feeds was told to leave alone (`back_off_by_host`).
    pub(super) fn may_ask(&self, host: &str) -> Result<(), Cause> {
        if !self.settings.back_off_by_host {
            return Ok(());
        }
        let until = self.rests.of(host, Timestamp::now());
        until.map_or(Ok(()), |until| Err(Cause::Resting { host: host.to_owned(), until }))
    }

    /// Notes the `Retry-After` of an answer for the next requests to its host.
    pub(super) fn heed(&self, host: &str, answer: &Response) {
        let now = Timestamp::now();
        let asked = headers::retry_after(answer.headers(), now);
        self.rests.heed(host, answer.status().as_u16(), asked, now);
    }

    /// The connections for one hop. `listed`: the operator opened this very host and port.
    pub(super) fn line(
        &self,
        tls: bool,
        ca_file: Option<&Path>,
        listed: bool,
    ) -> Result<reqwest::Client, Cause> {
        let ca_file = ca_file.or(self.settings.ca_file.as_deref()).filter(|_| tls).map(Path::to_owned);
        let line = Line { ca_file, listed, tls };
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = lines.get(&line) {
            return Ok(client.clone());
        }
        let client = self.open(&line)?;
        lines.insert(line, client.clone());
        Ok(client)
    }

    /// reqwest with all that it would do on its own switched off: proxies, redirects, referers; a header that is none costs no story.
    fn open(&self, line: &Line) -> Result<reqwest::Client, Cause> {
        let guard = if line.listed { address::refused_behind_a_name } else { address::refused };
        let builder = reqwest::Client::builder()
            .no_proxy()
            .referer(false)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(self.user_agent())
            .connect_timeout(self.settings.connect)
            .pool_max_idle_per_host(self.settings.per_host.max(1))
            .pool_idle_timeout(Duration::from_secs(30))
            .http2_max_header_list_size(64 << 10)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .dns_resolver(std::sync::Arc::new(Guarded(guard)));
        let trusting = match line.tls {
            true => builder.tls_certs_merge(certificates(line.ca_file.as_deref())?),
            false => builder.tls_certs_only([]),
        };
        trusting.build().map_err(|error| {
            Cause::Tls(format!(
                "{}; the system's certificates come with the package ca-certificates",
                innermost(&error)
            ))
        })
    }

    fn user_agent(&self) -> String {
        let said = self.settings.contact.iter().flat_map(|contact| contact.chars());
        let said: String = said.filter(|c| !c.is_control()).collect();
        let contact = if said.is_empty() { said } else { format!(" (+{said})") };
        format!("wiredesk/{}{contact}", env!("CARGO_PKG_VERSION"))
    }
}

fn certificates(ca_file: Option<&Path>) -> Result<Vec<reqwest::Certificate>, Cause> {
    let Some(path) = ca_file else { return Ok(Vec::new()) };
    let refuse = |reason: String| Cause::Tls(format!("ca_file {}: {reason}", path.display()));
    let pem = std::fs::read(path).map_err(|error| refuse(error.to_string()))?;
    let certificates =
        reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| refuse(error.to_string()))?;
    if certificates.is_empty() { Err(refuse("holds no certificate".into())) } else { Ok(certificates) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_says_who_asks() {
        let with = |contact: Option<&str>| {
            Client::new(Settings { contact: contact.map(Into::into), ..Settings::default() })
        };
        assert_eq!(with(None).user_agent(), concat!("wiredesk/", env!("CARGO_PKG_VERSION")));
        assert!(
            with(Some("https://desk.example/bot\r\n")).user_agent().ends_with(" (+https://desk.example/bot)")
        );
    }

    #[test]
    fn plain_http_asks_for_no_certificates() {
        let settings = Settings { ca_file: Some("no/such/ca.pem".into()), ..Settings::default() };
        let client = Client::new(settings);
        assert!(client.line(false, None, false).is_ok());
        assert!(client.line(true, None, false).is_err());
    }

    #[test]
    fn a_bad_ca_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "not a certificate").unwrap();
        let client = Client::new(Settings::default());
        for path in [path, folder.path().join("none.pem")] {
            let refused = client.line(true, Some(&path), false).unwrap_err().to_string();
            assert!(refused.contains(path.to_str().unwrap()), "{refused}");
        }
    }
}
