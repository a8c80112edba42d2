//! **Here is a feed, give me its bytes.** One file a transport; each struct is both its config and its worker.
//!
//! A transport hands over whole [`Delivery`](crate::wire::Delivery)s and the [`Cursor`] that acknowledges them. It saves nothing: the conductor
//! stores cursor and items together, and only then calls [`Transport::acknowledge`].

mod address;
mod ap_media;
mod body;
mod client;
mod coding;
mod credentials;
mod dir;
mod error;
mod fetched;
mod folder;
mod headers;
mod hop;
mod http;
mod page;
mod politeness;
mod resolve;
mod rests;
mod sane;
mod secret;
mod seen;
mod shown;
mod tidy;

use crate::wire::Cursor;
use serde::Deserialize;
use std::path::Path;

pub use address::HostPort;
pub use ap_media::ApMedia;
pub use client::{Client, Settings};
pub use dir::Dir;
pub use error::{Cause, FetchError, with_hint};
pub use fetched::{Fetched, Hints, Limits, Outcome};
pub use http::Http;
pub use page::page;
pub use secret::Secret;
pub use shown::FeedUrl;
pub use tidy::After;

/// Where a feed comes from and how it is asked for: the `transport` of a feed in the config.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Transport {
    /// `{ type = "http", url = "https://..." }`
    Http(Http),
    /// `{ type = "ap-media", token_env = "AP_KEY" }`
    ApMedia(ApMedia),
    /// `{ type = "dir", path = "drop" }`
    Dir(Dir),
}

impl Transport {
    /// The words `type` may hold.
    pub const TYPES: &[&str] = &["http", "ap-media", "dir"];

    /// Asks the feed once. The cursor comes back advanced inside [`Fetched`]; `cursor` itself is where the store stands.
    ///
    /// # Errors
    /// [`FetchError`] when nothing could be had. One bad file of a drop folder is no error: see [`Fetched::failures`].
    pub async fn fetch(
        &self,
        client: &Client,
        cursor: &Cursor,
        limits: &Limits,
    ) -> Result<Fetched, FetchError> {
        match self {
            Self::Http(http) => http.fetch(client, cursor, limits).await,
            // put aside, so that a poll of the commonest kind is small
            Self::ApMedia(ap) => Box::pin(ap.fetch(client, cursor, limits)).await,
            Self::Dir(dir) => Box::pin(dir.fetch(cursor, limits)).await,
        }
    }

    /// Called when the store holds `cursor` and the items that came with it for good: a drop folder moves or deletes the
    /// files that `cursor` knows, if told to; those that could not be read (`unread`: address and reason) are put into `bad/`, each
    /// with a note. What could not be tidied comes back by name; the next fetch tries again.
    pub async fn acknowledge(
        &self,
        cursor: &Cursor,
        unread: &[(String, String)],
    ) -> Vec<(String, FetchError)> {
        match self {
            Self::Http(_) | Self::ApMedia(_) => Vec::new(),
            Self::Dir(dir) => dir.acknowledge(cursor, unread).await,
        }
    }

    /// Where the feed is, for people: a URL with nothing secret in it, or a folder.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Http(http) => http.url.to_string(),
            Self::ApMedia(ap) => ap.url.to_string(),
            Self::Dir(dir) => dir.path.display().to_string(),
        }
    }

    /// The host that is asked, if one is.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Http(http) => http.url.expose().host_str(),
            Self::ApMedia(ap) => ap.url.expose().host_str(),
            Self::Dir(_) => None,
        }
    }

    /// The word `type` holds.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::ApMedia(_) => "ap-media",
            Self::Dir(_) => "dir",
        }
    }

    /// Where its secret is to be found, if it needs one. Never the secret itself.
    #[must_use]
    pub fn secret(&self) -> Option<Secret> {
        match self {
            Self::Http(http) => http.secret(),
            Self::ApMedia(ap) => ap.secret(),
            Self::Dir(_) => None,
        }
    }

    /// A text with this feed's secret blotted out: a server may send back what it was sent.
    #[must_use]
    pub fn hide(&self, text: String) -> String {
        match self {
            Self::Http(http) => http.hide(text),
            Self::ApMedia(ap) => ap.http().hide(text),
            Self::Dir(_) => text,
        }
    }

    /// Makes relative paths start at `folder`, the config file's own.
    pub fn resolve_paths(&mut self, folder: &Path) {
        match self {
            Self::Http(http) => http.resolve_paths(folder),
            Self::ApMedia(ap) => ap.resolve_paths(folder),
            Self::Dir(dir) => dir.resolve_paths(folder),
        }
    }

    /// What the struct alone cannot rule out: one sentence a contradiction, for the config's error list.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        match self {
            Self::Http(http) => http.contradictions(),
            Self::ApMedia(ap) => ap.contradictions(),
            Self::Dir(dir) => dir.contradictions(),
        }
    }
}
