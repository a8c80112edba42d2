//! `type = "http"`: one conditional GET.

use super::address::HostPort;
use super::body;
use super::client::Client;
use super::error::{Cause, FetchError};
use super::fetched::{Fetched, Limits, Outcome};
use super::headers;
use super::hop::{Arrival, Request, Stranded};
use super::secret::Secret;
use super::shown::{FeedUrl, shown};
use crate::wire::{Cursor, Delivery};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use tokio::time::timeout_at;
use url::Url;

/// A feed behind a URL. Its secret, if it has one, is sent as a bearer token unless `user`, `header` or `query` says else.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// `https://...` or `http://...`.
    pub url: FeedUrl,
    /// The environment variable that holds the secret.
    #[serde(default)]
    pub token_env: Option<String>,
    /// The file that holds the secret.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
    /// The secret is this user's password (Basic authentication).
    #[serde(default)]
    pub user: Option<String>,
    /// The secret is sent in this header: `x-api-key`.
    #[serde(default)]
    pub header: Option<String>,
    /// The secret is sent as this query key: `apikey`.
    #[serde(default)]
    pub query: Option<String>,
    /// Certificates (PEM) trusted for this feed instead of the ones for all.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Private addresses this feed may reach, beside those every feed may.
    #[serde(default)]
    pub allow_private: Vec<HostPort>,
}

impl Http {
    /// A feed with nothing but its address.
    ///
    /// # Errors
    /// A sentence when `url` is no http or https URL.
    pub fn at(url: &str) -> Result<Self, String> {
        Ok(Self {
            url: FeedUrl::try_from(url.to_owned())?,
            token_env: None,
            token_file: None,
            user: None,
            header: None,
            query: None,
            ca_file: None,
            allow_private: Vec::new(),
        })
    }

    /// One conditional GET.
    pub(super) async fn fetch(
        &self,
        client: &Client,
        cursor: &Cursor,
        limits: &Limits,
    ) -> Result<Fetched, FetchError> {
        let place = self.url.to_string();
        let mut request = self.request(client, cursor, limits, &place).map_err(|cause| at(&place, cause))?;
        let conditional = request.headers.len() > 1;
        let arrival = request.follow().await.map_err(|stranded| self.stranded(stranded))?;
        let status = arrival.response.status().as_u16();
        let answer = match status {
            304 if conditional => Ok(unmodified(&arrival, cursor)),
            304 => Err(Cause::Protocol("304 Not Modified to a question that was not conditional".into())),
            200 => whole(arrival, &request.url, place, limits).await,
            _ => Err(Cause::Status {
                status,
                retry_after: headers::retry_after(arrival.response.headers(), Timestamp::now()),
            }),
        };
        answer.map_err(|cause| self.stranded(Stranded { url: request.url, cause }))
    }

    fn request<'a>(
        &'a self,
        client: &'a Client,
        cursor: &Cursor,
        limits: &'a Limits,
        place: &str,
    ) -> Result<Request<'a>, Cause> {
        let mut headers = headers::conditions(cursor, place, Timestamp::now());
        headers.insert(ACCEPT, headers::ACCEPT);
        let mut url = self.url.expose().clone();
        let credentials = self.credentials(&mut url)?;
        let ca_file = self.ca_file.as_deref();
        Ok(Request { client, url, headers, credentials, allow_private: &self.allow_private, ca_file, limits })
    }

    /// The secret where it belongs: in a header, or in the URL itself.
    fn credentials(&self, url: &mut Url) -> Result<HeaderMap, Cause> {
        let mut headers = HeaderMap::new();
        let Some(secret) = self.secret() else {
            return Ok(headers);
        };
        let token = secret.read()?;
        let (name, value) = match (&self.user, &self.header, &self.query) {
            (Some(user), ..) => {
                let _ = url.set_username(user);
                let _ = url.set_password(Some(&token));
                return Ok(headers);
            }
            (_, Some(name), _) => (HeaderName::try_from(name).map_err(|_| unsendable(&secret)), token),
            (.., Some(key)) => {
                url.query_pairs_mut().append_pair(key, &token);
                return Ok(headers);
            }
            _ => (Ok(AUTHORIZATION), format!("Bearer {token}")),
        };
        let mut value = HeaderValue::try_from(value).map_err(|_| unsendable(&secret))?;
        value.set_sensitive(true);
        headers.insert(name?, value);
        Ok(headers)
    }

    /// The error with where it happened, if that is elsewhere than where we asked.
    fn stranded(&self, stranded: Stranded) -> FetchError {
        let asked = self.url.to_string();
        let there = self.hidden(&stranded.url);
        let same = stranded.url.origin() == self.url.expose().origin()
            && stranded.url.path() == self.url.expose().path();
        at(&if same { asked } else { format!("{asked}, redirected to {there}") }, stranded.cause)
    }

    /// A URL as it may be shown and stored, the feed's own query key taken out as well.
    fn hidden(&self, url: &Url) -> String {
        let mut url = url.clone();
        if let Some(key) = &self.query {
            strip(&mut url, key);
        }
        shown(&url)
    }

    pub(super) fn secret(&self) -> Option<Secret> {
        let env = self.token_env.clone().map(Secret::Env);
        env.or_else(|| self.token_file.clone().map(Secret::File))
    }

    pub(super) fn resolve_paths(&mut self, folder: &Path) {
        for path in [&mut self.token_file, &mut self.ca_file].into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }

    pub(super) fn contradictions(&self) -> Vec<String> {
        let ways = [&self.user, &self.header, &self.query].iter().filter(|way| way.is_some()).count();
        let url = self.url.expose();
        let table = [
            (
                self.token_env.is_some() && self.token_file.is_some(),
                "token_env and token_file: expected one of them",
            ),
            (ways > 1, "user, header and query: expected one of them"),
            (
                ways > 0 && self.secret().is_none(),
                "user, header and query say how a secret is sent: expected token_env or token_file with them",
            ),
            (
                !url.username().is_empty() || url.password().is_some(),
                "the url holds a user or password: expected user = \"...\" with token_env or token_file",
            ),
        ];
        table.into_iter().filter(|(wrong, _)| *wrong).map(|(_, sentence)| sentence.to_owned()).collect()
    }
}

fn at(place: &str, cause: Cause) -> FetchError {
    FetchError { place: place.to_owned(), cause }
}

fn unsendable(secret: &Secret) -> Cause {
    Cause::Secret(format!(
        "the secret {secret} cannot be sent in a header: it holds a line end or a control character"
    ))
}

fn strip(url: &mut Url, key: &str) {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != key)
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
}

fn unmodified(arrival: &Arrival, cursor: &Cursor) -> Fetched {
    Fetched {
        outcome: Outcome::NotModified,
        cursor: headers::unmoved(cursor),
        status: Some(304),
        bytes: 0,
        more: false,
        hints: headers::hints(arrival.response.headers(), Timestamp::now()),
        failures: Vec::new(),
    }
}

/// The body to its last byte, and only then the cursor that acknowledges it.
async fn whole(arrival: Arrival, url: &Url, mark: String, limits: &Limits) -> Result<Fetched, Cause> {
    let Arrival { response, moved, deadline, turn } = arrival;
    let head = response.headers().clone();
    let bytes = match timeout_at(deadline, body::read(response, limits.max_bytes)).await {
        Ok(body) => body?,
        Err(_) => return Err(Cause::Timeout(format!("after {} s, in the body", limits.whole.as_secs_f32()))),
    };
    drop(turn);
    if bytes.is_empty() {
        return Err(Cause::Empty);
    }
    let received = Timestamp::now();
    let content_type =
        head.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let mut hints = headers::hints(&head, received);
    hints.moved_to = moved.then(|| shown(url));
    Ok(Fetched {
        bytes: bytes.len() as u64,
        outcome: Outcome::Deliveries(vec![Delivery { bytes, url: Some(shown(url)), content_type, received }]),
        cursor: headers::advanced(&head, mark, received),
        status: Some(200),
        more: false,
        hints,
        failures: Vec::new(),
    })
}
