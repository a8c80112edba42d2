//! Stories to whoever asks, and into the recall ledger when the asker has a name.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::json;

use super::question::Question;
use super::readers::Readers;
use crate::desk::{DeskError, Reader};
use crate::search::Answer;
use crate::store::{Revision, Seq};

/// The header by which a program names itself. Not a parameter: a page elsewhere cannot set it.
const CLIENT: &str = "wiredesk-client";

/// Who asks: the header, else the name that came with the token (`https://website:TOKEN@...`), which is all that a feed
/// reader can say.
pub fn client(headers: &HeaderMap) -> Option<String> {
    named(headers).or_else(|| login(headers))
}

/// Who asks, by the header alone: what a browser remembers of a login must not sign for anybody.
pub fn named(headers: &HeaderMap) -> Option<String> {
    let name = headers.get(CLIENT)?.to_str().ok()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn login(headers: &HeaderMap) -> Option<String> {
    let (scheme, pair) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let pair = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(pair.trim()).ok())??;
    let (name, _) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// An answer, and where in the log its stories stand.
pub struct Found {
    /// What the desk answered.
    pub answer: Answer,
    /// As the ledger wants to know.
    pub places: Vec<(String, Seq)>,
}

/// Asks the desk.
pub async fn found(readers: &Arc<Readers>, question: &Question, now: Timestamp) -> Result<Found, DeskError> {
    let ask = question.ask(now);
    readers
        .ask(move |reader| {
            let answer = reader.search(&ask)?;
            let places = places(reader, answer.hits.iter().map(|hit| hit.item.id.as_str()))?;
            Ok(Found { answer, places })
        })
        .await
}

fn places<'i>(reader: &Reader, ids: impl Iterator<Item = &'i str>) -> Result<Vec<(String, Seq)>, DeskError> {
    let mut places = Vec::new();
    for id in ids {
        places.extend(reader.store().current(id)?.map(|revision| (id.to_owned(), revision.seq)));
    }
    Ok(places)
}

/// Writes down who gets what; what cannot be written down is not handed out.
pub async fn hand_out(
    readers: &Arc<Readers>,
    client: Option<String>,
    channel: &'static str,
    stories: Vec<(String, Seq)>,
    at: Timestamp,
) -> Result<(), DeskError> {
    let Some(client) = client.filter(|_| !stories.is_empty()) else { return Ok(()) };
    readers.note(move |ledger| Ok(ledger.hand_out(&client, channel, &stories, at)?)).await
}

/// What the client has and was taken back; said again until it is acknowledged. Nothing for one without a name.
pub async fn taken_back(
    readers: &Arc<Readers>,
    client: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Revision>, DeskError> {
    let Some(client) = client.map(str::to_owned) else { return Ok(Vec::new()) };
    readers
        .note(move |ledger| {
            let mut taken = Vec::new();
            for handout in ledger.handed_to(&client)? {
                let current = ledger.current(&handout.story)?;
                taken.extend(current.filter(|current| current.item.is_taken_back(now)));
            }
            let ids: Vec<String> = taken.iter().map(|revision| revision.item.id.clone()).collect();
            ledger.note_told(&client, &ids, now)?;
            Ok(taken)
        })
        .await
}

/// The desk could not answer: said in the log in full, to the asker in one word.
pub struct Failed(DeskError);

impl From<DeskError> for Failed {
    fn from(error: DeskError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "answering over HTTP");
        let message = format!("the desk cannot answer ({}); hint: its log says why", self.0.class());
        refused(StatusCode::SERVICE_UNAVAILABLE, &message)
    }
}

/// Word to a program of why it gets nothing.
pub fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
