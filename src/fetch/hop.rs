//! From a URL to an answer: our own redirects, every hop checked as if it were the first.

use super::address::{self, HostPort};
use super::body::{NO_ANSWER, Stage, classify};
use super::client::Client;
use super::coding;
use super::error::Cause;
use super::fetched::Limits;
use super::headers::{self, Conditions};
use super::politeness::Turn;
use super::shown::shown;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, LOCATION};
use reqwest::{Method, Response, StatusCode};
use std::path::Path;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// What is asked for, and under which rules.
pub(super) struct Request<'a> {
    /// The shared client.
    pub client: &'a Client,
    /// Where to begin.
    pub url: Url,
    /// Sent at every hop, with what is asked for in any case.
    pub conditions: Conditions<'a>,
    /// Sent to the first origin only.
    pub credentials: HeaderMap,
    /// Private addresses this feed may reach, beside those every feed may.
    pub allow_private: &'a [HostPort],
    /// Authorities of this feed.
    pub ca_file: Option<&'a Path>,
    /// What it may cost.
    pub limits: &'a Limits,
}

/// An answer that is no redirect, its body not read yet.
pub(super) struct Arrival {
    /// The answer.
    pub response: Response,
    /// Every redirect on the way was permanent, and there was one.
    pub moved: bool,
    /// The time by which the body must have come.
    pub deadline: Instant,
    /// Held until the body has come.
    pub turn: Turn,
}

impl Request<'_> {
    /// Follows redirects to an answer. `url` is moved along: it is where the answer, or the failure, came from.
    pub(super) async fn follow(&mut self) -> Result<Arrival, Cause> {
        let mut deadline = Instant::now() + self.limits.whole;
        let mut asked: Vec<Url> = Vec::new();
        let mut moved = true;
        loop {
            let arrived = Instant::now();
            let host = self.url.host_str().unwrap_or_default();
            let turn = self.client.politeness.turn(host).await;
            self.client.may_ask(host)?;
            deadline += arrived.elapsed(); // waiting for our own turn is not the server's slowness
            let response = self.ask(deadline).await?;
            self.client.heed(host, &response);
            let Some(next) = redirect(&response, &self.url)? else {
                return Ok(Arrival { response, moved: moved && !asked.is_empty(), deadline, turn });
            };
            moved &= is_permanent(response.status());
            asked.push(self.url.clone());
            if asked.len() > self.limits.redirects {
                return Err(Cause::Redirect(format!("more than {} redirects", self.limits.redirects)));
            }
            if asked.contains(&next) {
                return Err(Cause::Redirect(format!("redirected in a circle, back to {}", shown(&next))));
            }
            self.go(next);
        }
    }

    /// One step on. Credentials stay behind when it leads to another origin, and do not come back.
    fn go(&mut self, next: Url) {
        if next.origin() != self.url.origin() {
            self.credentials.clear();
        }
        self.url = next;
    }

    /// One request, tried again once when a kept connection turned out to be dead.
    async fn ask(&self, deadline: Instant) -> Result<Response, Cause> {
        match self.ask_once(deadline).await {
            Err(Cause::Network(reason)) if reason == NO_ANSWER => self.ask_once(deadline).await,
            answer => answer,
        }
    }

    async fn ask_once(&self, deadline: Instant) -> Result<Response, Cause> {
        let listed = self.is_listed();
        if let Some(range) = Some(&self.url).filter(|_| !listed).and_then(address::refused_as_written) {
            return Err(Cause::BlockedAddress { host: authority(&self.url), range });
        }
        let mut request = reqwest::Request::new(Method::GET, self.url.clone());
        let headers = request.headers_mut();
        headers.insert(ACCEPT, headers::ACCEPT);
        headers.insert(ACCEPT_ENCODING, coding::ACCEPTED);
        self.conditions.put_into(headers);
        if !self.credentials.is_empty() {
            headers.extend(self.credentials.clone());
        }
        let tls = self.url.scheme() == "https";
        let request = self.client.line(tls, self.ca_file, listed)?.execute(request);
        let patience = deadline.min(Instant::now() + self.limits.first_byte);
        match timeout_at(patience, request).await {
            Ok(answer) => answer.map_err(|error| classify(&error, Stage::Head)),
            Err(_) => Err(Cause::Timeout("waiting for the answer to begin".into())),
        }
    }

    fn is_listed(&self) -> bool {
        self.client
            .settings
            .allow_private
            .iter()
            .chain(self.allow_private)
            .any(|entry| entry.matches(&self.url))
    }
}

/// Where an answer sends us; `None` when it is no redirect.
fn redirect(response: &Response, from: &Url) -> Result<Option<Url>, Cause> {
    let status = response.status();
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION);
    let Some(location) = location.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
    else {
        return Err(Cause::Redirect(format!("{} without a Location", status.as_u16())));
    };
    target(&location, from).map(Some)
}

fn target(location: &str, from: &Url) -> Result<Url, Cause> {
    let mut next = from
        .join(location)
        .map_err(|error| Cause::Redirect(format!("redirected to an unreadable address ({error})")))?;
    if !matches!(next.scheme(), "http" | "https") {
        return Err(Cause::BadScheme(shown(&next)));
    }
    let _ = next.set_username("");
    let _ = next.set_password(None);
    next.set_fragment(None);
    Ok(next)
}

fn is_permanent(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 308)
}

/// `host:port` as `allow_private` wants it.
fn authority(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_read_against_where_it_was_given() {
        let from = Url::parse("https://wire.example/a/b?key=1").unwrap();
        let table = [
            ("/c", Some("https://wire.example/c")),
            ("c", Some("https://wire.example/a/c")),
            ("//other.example/x#frag", Some("https://other.example/x")),
            ("http://me:pw@other.example/", Some("http://other.example/")),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
            ("http://[", None),
        ];
        for (location, expected) in table {
            let found = target(location, &from).ok().map(String::from);
            assert_eq!(found.as_deref(), expected, "{location}");
        }
    }
}
