//! `type = "ap-media"`: AP Media API's feed (api.ap.org/media/v/docs, Feed). Oldest stories first; each answer names the page that
//! comes after it, and the last one waits for news (a long poll). That address, once its items are stored, is the cursor.

use super::address::HostPort;
use super::body::{self, Body};
use super::client::Client;
use super::credentials::Credentials;
use super::error::{Cause, FetchError};
use super::fetched::{Fetched, Limits, Outcome};
use super::headers::Conditions;
use super::hop::{Arrival, Request};
use super::http::{self, Http};
use super::secret::Secret;
use super::shown::{self, FeedUrl};
use crate::wire::{Cursor, Delivery};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// What says that a page's address is too old (72 hours without a question): the first one is asked again.
const EXPIRED: u64 = 6060;
/// An error's own words are no longer than this.
const ERROR_BYTES: u64 = 64 << 10;
/// How much longer than the server may wait for news an answer may take.
const GRACE: Duration = Duration::from_secs(5);

/// A feed of AP Media API. Its key is sent in the header `x-api-key` unless `query` says else.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApMedia {
    /// The first question, with whatever chooses products in it: `https://api.ap.org/media/v/content/feed?...`
    pub url: FeedUrl,
    /// The environment variable that holds the key.
    #[serde(default)]
    pub token_env: Option<String>,
    /// The file that holds the key.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
    /// The key is sent as this query key: `apikey`.
    #[serde(default)]
    pub query: Option<String>,
    /// How long the server waits for news before it answers that there are none. Default 15 s.
    #[serde(
        default = "fifteen_seconds",
        with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required"
    )]
    pub wait: Duration,
    /// Certificates (PEM) trusted for this feed instead of the ones for all.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Private addresses this feed may reach, beside those every feed may.
    #[serde(default)]
    pub allow_private: Vec<HostPort>,
}

fn fifteen_seconds() -> Duration {
    Duration::from_secs(15)
}

/// What is read of an answer here: whether it has stories, and what comes after it.
#[derive(Deserialize)]
struct Page {
    data: PageData,
}

#[derive(Deserialize)]
struct PageData {
    #[serde(default)]
    items: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    next_page: Option<String>,
}

impl ApMedia {
    /// One page: the one after `cursor`, or the first. [`Fetched::more`] until there is nothing new.
    pub(super) async fn fetch(
        &self,
        client: &Client,
        cursor: &Cursor,
        limits: &Limits,
    ) -> Result<Fetched, FetchError> {
        let first = self.url.expose();
        let ahead = cursor.mark.as_deref().and_then(|mark| Url::parse(mark).ok());
        // the address of another feed's page, or of this one before the config changed, says nothing about this one
        let ahead = ahead.filter(|next| next.origin() == first.origin());
        match self.page(ahead.as_ref().unwrap_or(first), client, cursor, limits).await {
            Ok(None) if ahead.is_some() => {
                tracing::warn!(feed = %self.url, "the place in the feed was too old for its server (72 hours): beginning anew");
                let anew = self.page(first, client, cursor, limits).await?;
                anew.ok_or_else(|| self.failed(expired()))
            }
            answer => answer?.ok_or_else(|| self.failed(expired())),
        }
    }

    /// The page at `address`; `None` when its address is too old.
    async fn page(
        &self,
        address: &Url,
        client: &Client,
        cursor: &Cursor,
        limits: &Limits,
    ) -> Result<Option<Fetched>, FetchError> {
        let http = self.http();
        let mut url = address.clone();
        let credentials = http.credentials(&mut url).map_err(|cause| self.failed(cause))?;
        let limits = self.patient(limits);
        let mut request = http.request(url, client, Conditions::default(), &limits, &credentials);
        let answer = match request.follow().await {
            Ok(arrival) => self.answered(arrival, &request, cursor, &credentials).await,
            Err(cause) => Err(cause),
        };
        answer.map_err(|cause| self.failed(cause.hiding(|text| credentials.hide(text))))
    }

    async fn answered(
        &self,
        arrival: Arrival,
        request: &Request<'_>,
        cursor: &Cursor,
        credentials: &Credentials,
    ) -> Result<Option<Fetched>, Cause> {
        if arrival.response.status().as_u16() == 400 {
            let bad = Cause::Status { status: 400, retry_after: None };
            return if is_expired(arrival).await { Ok(None) } else { Err(bad) };
        }
        let fetched =
            http::answered(arrival, request, cursor, self.url.shown(), credentials).await?.entire()?;
        self.advanced(fetched, &request.url, cursor, credentials).map(Some)
    }

    /// The cursor moved on to the page after this one, when this one could be read.
    fn advanced(
        &self,
        fetched: Fetched,
        here: &Url,
        cursor: &Cursor,
        credentials: &Credentials,
    ) -> Result<Fetched, Cause> {
        let deliveries = match fetched.outcome {
            Outcome::Deliveries(deliveries) => deliveries,
            Outcome::NotModified => Vec::new(),
        };
        let page =
            deliveries.first().and_then(|delivery| serde_json::from_slice::<Page>(&delivery.bytes).ok());
        let Some(Page { data }) = page else {
            // not to be read: the conductor says so, and nothing is acknowledged
            return Ok(Fetched {
                outcome: Outcome::Deliveries(deliveries),
                cursor: cursor.clone(),
                ..fetched
            });
        };
        let next = data.next_page.as_deref().map(|next| self.next(next, here, credentials)).transpose()?;
        let mark = next.map_or_else(|| cursor.mark.clone(), |next| Some(next.into()));
        let is_dry = data.items.is_empty();
        let more = !is_dry && mark != cursor.mark;
        let outcome = if is_dry { Outcome::NotModified } else { outcome(deliveries) };
        Ok(Fetched { outcome, cursor: Cursor { mark, ..Cursor::default() }, more, ..fetched })
    }

    /// The address of the next page as it is kept: without the key, which is put in again when it is asked.
    fn next(&self, printed: &str, here: &Url, credentials: &Credentials) -> Result<String, Cause> {
        let next = here
            .join(printed)
            .map_err(|error| Cause::Protocol(format!("next_page is no address ({error})")))?;
        if next.origin() != self.url.expose().origin() {
            return Err(Cause::Protocol(format!(
                "next_page leads to another server, {}",
                credentials.shown(&next)
            )));
        }
        Ok(shown::without_secrets(&next, self.query.as_deref()).into())
    }

    /// The server's own wait for news is no slowness.
    fn patient(&self, limits: &Limits) -> Limits {
        let least = self.wait + GRACE;
        Limits {
            first_byte: limits.first_byte.max(least),
            whole: limits.whole.max(least + GRACE),
            ..limits.clone()
        }
    }

    pub(super) fn http(&self) -> Http {
        let header = self.query.is_none().then(|| "x-api-key".to_owned()).filter(|_| self.secret().is_some());
        Http {
            url: self.url.clone(),
            token_env: self.token_env.clone(),
            token_file: self.token_file.clone(),
            user: None,
            header,
            query: self.query.clone(),
            ca_file: self.ca_file.clone(),
            allow_private: self.allow_private.clone(),
        }
    }

    fn failed(&self, cause: Cause) -> FetchError {
        FetchError { place: self.url.shown().to_owned(), cause }
    }

    pub(super) fn secret(&self) -> Option<Secret> {
        Secret::named(self.token_env.as_ref(), self.token_file.as_ref())
    }

    pub(super) fn resolve_paths(&mut self, folder: &Path) {
        for path in [&mut self.token_file, &mut self.ca_file].into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }

    pub(super) fn contradictions(&self) -> Vec<String> {
        self.http().contradictions()
    }
}

fn outcome(deliveries: Vec<Delivery>) -> Outcome {
    if deliveries.is_empty() { Outcome::NotModified } else { Outcome::Deliveries(deliveries) }
}

fn expired() -> Cause {
    Cause::Protocol(format!("code {EXPIRED} to the first question"))
}

/// Whether a 400 says, in its body, that the page's address is too old. The code stands in an object `error`, or outermost.
async fn is_expired(arrival: Arrival) -> bool {
    let Arrival { response, deadline, turn, .. } = arrival;
    let read = body::read(response, ERROR_BYTES, deadline).await;
    drop(turn);
    let Ok(Body { bytes, .. }) = read else { return false };
    let Ok(said) = serde_json::from_slice::<serde_json::Value>(&bytes) else { return false };
    let is_code = |code: &serde_json::Value| match code {
        serde_json::Value::String(text) => text.trim().parse() == Ok(EXPIRED),
        other => other.as_u64() == Some(EXPIRED),
    };
    [said.pointer("/error/code"), said.get("code"), said.get("errorCode")].into_iter().flatten().any(is_code)
}
