//! The API: `/api/search`, `/api/story/ID`, `/api/recalls`. One JSON object an answer, stories in the shape of `search --json`.
//!
//! A program that names itself (`Wiredesk-Client: website`) is in the recall ledger with each story it is given, and
//! hears at `/api/recalls` of those that were taken back, until it has acknowledged them.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::readers::Readers;
use crate::desk::{DeskError, Reader};
use crate::item::{NewsItem, Publishability};
use crate::search::{Ask, Sort};
use crate::store::{Revision, Seq};

/// The header by which a program names itself. Not a parameter: a page elsewhere cannot set it.
const CLIENT: &str = "wiredesk-client";
/// How stories that are given here stand in the ledger.
const CHANNEL: &str = "api";
/// Stories in one answer at most.
const MOST: usize = 1_000;
/// Stories before the first one of an answer at most.
const DEEPEST: usize = 10_000;
/// How much of a story is quoted, in characters.
pub const SNIPPET: usize = 240;

/// The API's addresses.
pub fn routes() -> Router<Arc<Readers>> {
    Router::new()
        .route("/api/search", get(search))
        .route("/api/story/{id}", get(story))
        .route("/api/recalls", get(recalls))
        .route("/api/recalls/{id}/ack", post(acknowledge))
        .route("/api/{*other}", get(|| async { unknown("there is no such address in this API") }))
}

/// What may be asked, here and on the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Question {
    /// As at `wiredesk search`; nothing means every story.
    pub q: String,
    /// Stories in the answer; 10 when nothing is said.
    pub limit: Option<usize>,
    /// Stories left out from the top.
    pub offset: usize,
    /// `relevance`, `fresh` or `newest`.
    pub sort: Order,
    /// Every story, also those of one thread.
    pub all: bool,
}

/// Which stories come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Best match first.
    #[default]
    Relevance,
    /// Best match first, where newer stories count for more.
    Fresh,
    /// Newest first.
    Newest,
}

impl Question {
    /// The same question to the desk.
    pub fn ask(&self, now: Timestamp) -> Ask {
        Ask {
            limit: self.limit.unwrap_or(10).clamp(1, MOST),
            offset: self.offset.min(DEEPEST),
            sort: match self.sort {
                Order::Relevance => Sort::Relevance,
                Order::Fresh => Sort::Fresh,
                Order::Newest => Sort::Newest,
            },
            group: !self.all,
            count: true,
            snippet: SNIPPET,
            ..Ask::new(self.q.clone(), now)
        }
    }
}

async fn search(
    State(readers): State<Arc<Readers>>,
    headers: HeaderMap,
    Query(question): Query<Question>,
) -> Result<Response, Failed> {
    let now = Timestamp::now();
    let ask = question.ask(now);
    let (answer, given) = readers
        .ask(move |reader| {
            let answer = reader.search(&ask)?;
            let ids = answer.hits.iter().map(|hit| hit.item.id.as_str());
            let given = places(reader, ids)?;
            Ok((answer, given))
        })
        .await?;
    hand_out(&readers, client(&headers), given, now).await?;
    let hits: Vec<_> = answer.hits.iter().map(|hit| hit.told_at(now)).collect();
    Ok(Json(json!({ "query": question.q, "total": answer.total, "meant": answer.meant, "hits": hits }))
        .into_response())
}

/// Where in the log the stories stand, as the ledger wants to know.
fn places<'i>(reader: &Reader, ids: impl Iterator<Item = &'i str>) -> Result<Vec<(String, Seq)>, DeskError> {
    let mut places = Vec::new();
    for id in ids {
        places.extend(reader.store().current(id)?.map(|revision| (id.to_owned(), revision.seq)));
    }
    Ok(places)
}

/// What cannot be written down is not handed out.
async fn hand_out(
    readers: &Arc<Readers>,
    client: Option<String>,
    stories: Vec<(String, Seq)>,
    at: Timestamp,
) -> Result<(), Failed> {
    let Some(client) = client.filter(|_| !stories.is_empty()) else { return Ok(()) };
    Ok(readers.note(move |ledger| Ok(ledger.hand_out(&client, CHANNEL, &stories, at)?)).await?)
}

async fn story(
    State(readers): State<Arc<Readers>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let now = Timestamp::now();
    let Some(Revision { seq, item, .. }) = current(&readers, id).await? else {
        return Ok(unknown("no story of this id"));
    };
    if !item.publishability(now).is_publishable() {
        return Ok((held_status(&item, now), Json(item.without_copy().told_at(now))).into_response());
    }
    hand_out(&readers, client(&headers), vec![(item.id.clone(), seq)], now).await?;
    Ok(Json(item.told_at(now)).into_response())
}

/// The story `id` as it is now.
pub async fn current(readers: &Arc<Readers>, id: String) -> Result<Option<Revision>, DeskError> {
    readers.ask(move |reader| Ok(reader.store().current(&id)?)).await
}

/// 403 for a story whose time has not come, 410 for one that may not be shown any more.
pub fn held_status(item: &NewsItem, now: Timestamp) -> StatusCode {
    match item.publishability(now) {
        Publishability::Publishable => StatusCode::OK,
        Publishability::Held(hold) if hold.rule == "embargo" || hold.until.is_some() => StatusCode::FORBIDDEN,
        Publishability::Held(_) => StatusCode::GONE,
    }
}

/// What the client has and was taken back, without its copy; said again until it is acknowledged.
async fn recalls(State(readers): State<Arc<Readers>>, headers: HeaderMap) -> Result<Response, Failed> {
    let Some(client) = client(&headers) else { return Ok(nameless()) };
    let now = Timestamp::now();
    let taken = readers
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
        .await?;
    let stories: Vec<Value> =
        taken.iter().map(|revision| json!(revision.item.without_copy().told_at(now))).collect();
    Ok(Json(json!({ "recalls": stories })).into_response())
}

async fn acknowledge(
    State(readers): State<Arc<Readers>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let Some(client) = client(&headers) else { return Ok(nameless()) };
    let known = readers.note(move |ledger| Ok(ledger.acknowledge(&client, &id, Timestamp::now())?)).await?;
    Ok(if known {
        Json(json!({ "acknowledged": true })).into_response()
    } else {
        unknown("this client never had it")
    })
}

fn client(headers: &HeaderMap) -> Option<String> {
    let name = headers.get(CLIENT)?.to_str().ok()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn nameless() -> Response {
    refused(StatusCode::BAD_REQUEST, "no client is named; hint: send the header Wiredesk-Client: NAME")
}

fn unknown(message: &str) -> Response {
    refused(StatusCode::NOT_FOUND, message)
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
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
