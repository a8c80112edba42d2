//! `type = "http"`: one conditional GET.

use super::address::HostPort;
use super::body::{self, Body};
use super::client::Client;
use super::credentials::{Credentials, Way};
use super::error::{Cause, FetchError};
use super::fetched::{Fetched, Hints, Limits, Outcome};
use super::headers::{self, Conditions};
use super::hop::{Arrival, Request};
use super::secret::Secret;
use super::shown::{FeedUrl, brief};
use crate::wire::{Cursor, Delivery};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::Deserialize;
use std::path::{Path, PathBuf};
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
        let asked = self.url.shown();
        let mut url = self.url.expose().clone();
        let credentials =
            self.credentials(&mut url).map_err(|cause| FetchError { place: asked.to_owned(), cause })?;
        let conditions = Conditions::of(cursor, asked, Timestamp::now());
        let mut request = self.request(url, client, conditions, limits, &credentials);
        let answer = match request.follow().await {
            Ok(arrival) => answered(arrival, &request, cursor, asked, &credentials).await,
            Err(cause) => Err(cause),
        };
        answer.map_err(|cause| FetchError {
            place: place(asked, self.url.expose(), &request.url, &credentials),
            cause: cause.hiding(|text| brief(credentials.hide(text))),
        })
    }

    /// A text with the feed's secret blotted out.
    pub(super) fn hide(&self, text: String) -> String {
        match self.credentials(&mut self.url.expose().clone()) {
            Ok(credentials) => credentials.hide(text),
            Err(_) => text,
        }
    }

    /// A question for `url`.
    pub(super) fn request<'a>(
        &'a self,
        url: Url,
        client: &'a Client,
        conditions: Conditions<'a>,
        limits: &'a Limits,
        credentials: &Credentials,
    ) -> Request<'a> {
        Request {
            client,
            url,
            conditions,
            credentials: credentials.headers.clone(),
            allow_private: &self.allow_private,
            ca_file: self.ca_file.as_deref(),
            limits,
        }
    }

    /// The secret, put where it belongs.
    pub(super) fn credentials(&self, url: &mut Url) -> Result<Credentials, Cause> {
        let way = match (&self.user, &self.header, &self.query) {
            (Some(user), ..) => Way::Basic(user),
            (_, Some(name), _) => Way::Header(name),
            (.., Some(key)) => Way::Query(key),
            _ => Way::Bearer,
        };
        self.secret()
            .map_or_else(|| Ok(Credentials::default()), |secret| Credentials::ready(&secret, way, url))
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

/// Where it happened, said with where we asked if that is elsewhere.
fn place(asked: &str, first: &Url, last: &Url, credentials: &Credentials) -> String {
    if last.origin() == first.origin() && last.path() == first.path() {
        return asked.to_owned();
    }
    format!("{asked}, redirected to {}", brief(credentials.shown(last)))
}

/// What an answer that is no redirect means.
pub(super) async fn answered(
    arrival: Arrival,
    request: &Request<'_>,
    cursor: &Cursor,
    mark: &str,
    credentials: &Credentials,
) -> Result<Fetched, Cause> {
    let head = arrival.response.headers();
    match arrival.response.status().as_u16() {
        // put aside, so that a poll that finds nothing new is small
        200 | 203 => Box::pin(whole(arrival, request, cursor, mark, credentials)).await,
        304 if !request.conditions.are_none() => {
            let moved_to = arrival.moved.then(|| credentials.shown(&request.url));
            Ok(unmodified(head, cursor, moved_to))
        }
        304 => Err(Cause::Protocol("304 Not Modified to a question that was not conditional".into())),
        status => Err(Cause::Status { status, retry_after: headers::retry_after(head, Timestamp::now()) }),
    }
}

fn unmodified(head: &HeaderMap, cursor: &Cursor, moved_to: Option<String>) -> Fetched {
    Fetched {
        outcome: Outcome::NotModified,
        cursor: headers::unmoved(cursor),
        status: Some(304),
        bytes: 0,
        more: false,
        hints: Hints { moved_to, ..headers::hints(head, Timestamp::now()) },
        failures: Vec::new(),
    }
}

/// The body, and the cursor that acknowledges it. Of one that was cut short its whole items are worth having; it acknowledges nothing.
async fn whole(
    arrival: Arrival,
    request: &Request<'_>,
    cursor: &Cursor,
    mark: &str,
    credentials: &Credentials,
) -> Result<Fetched, Cause> {
    let Arrival { response, moved, deadline, turn } = arrival;
    let received = Timestamp::now();
    let advanced = headers::advanced(response.headers(), mark, received);
    let hints = headers::hints(response.headers(), received);
    let content_type = headers::text(response.headers(), &CONTENT_TYPE);
    let status = response.status().as_u16();
    let Body { bytes, cut } = body::read(response, request.limits.max_bytes, deadline).await?;
    drop(turn);
    if bytes.is_empty() {
        return Err(cut.unwrap_or(Cause::Empty));
    }
    let url = credentials.shown(&request.url);
    Ok(Fetched {
        bytes: bytes.len() as u64,
        hints: Hints { moved_to: moved.then(|| url.clone()), ..hints },
        cursor: if cut.is_some() { cursor.clone() } else { advanced },
        outcome: Outcome::Deliveries(vec![Delivery {
            bytes,
            url: Some(url.clone()),
            content_type,
            received: Timestamp::now(),
            is_cut: cut.is_some(),
        }]),
        status: Some(status),
        more: false,
        failures: cut.into_iter().map(|cause| (url.clone(), failed(mark, cause, credentials))).collect(),
    })
}

fn failed(place: &str, cause: Cause, credentials: &Credentials) -> FetchError {
    FetchError { place: place.to_owned(), cause: cause.hiding(|text| brief(credentials.hide(text))) }
}
