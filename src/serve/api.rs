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
use serde_json::{Value, json};

use super::ledger::{self, Failed, refused};
use super::question::Question;
use super::readers::Readers;
use crate::desk::DeskError;
use crate::item::{NewsItem, Publishability};
use crate::store::Revision;

/// How stories that are given here stand in the ledger.
const CHANNEL: &str = "api";

/// The API's addresses.
pub fn routes() -> Router<Arc<Readers>> {
    Router::new()
        .route("/api/search", get(search))
        .route("/api/story/{id}", get(story))
        .route("/api/recalls", get(recalls))
        .route("/api/recalls/{id}/ack", post(acknowledge))
        .route("/api/{*other}", get(|| async { unknown("there is no such address in this API") }))
}

async fn search(
    State(readers): State<Arc<Readers>>,
    headers: HeaderMap,
    Query(question): Query<Question>,
) -> Result<Response, Failed> {
    let now = Timestamp::now();
    let found = ledger::found(&readers, &question, now).await?;
    ledger::hand_out(&readers, ledger::client(&headers), CHANNEL, found.places, now).await?;
    let answer = found.answer;
    let hits: Vec<_> = answer.hits.iter().map(|hit| hit.told_at(now)).collect();
    let told = json!({ "query": question.q, "total": answer.total, "meant": answer.meant, "hits": hits });
    Ok(Json(told).into_response())
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
    let place = vec![(item.id.clone(), seq)];
    ledger::hand_out(&readers, ledger::client(&headers), CHANNEL, place, now).await?;
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

async fn recalls(State(readers): State<Arc<Readers>>, headers: HeaderMap) -> Result<Response, Failed> {
    let Some(client) = ledger::client(&headers) else { return Ok(nameless()) };
    let now = Timestamp::now();
    let taken = ledger::taken_back(&readers, Some(&client), now).await?;
    let stories: Vec<Value> =
        taken.iter().map(|revision| json!(revision.item.without_copy().told_at(now))).collect();
    Ok(Json(json!({ "recalls": stories })).into_response())
}

async fn acknowledge(
    State(readers): State<Arc<Readers>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let Some(client) = ledger::named(&headers) else { return Ok(nameless()) };
    let known = readers.note(move |ledger| Ok(ledger.acknowledge(&client, &id, Timestamp::now())?)).await?;
    Ok(match known {
        true => Json(json!({ "acknowledged": true })).into_response(),
        false => unknown("this client never had it"),
    })
}

fn nameless() -> Response {
    refused(StatusCode::BAD_REQUEST, "no client is named; hint: send the header Wiredesk-Client: NAME")
}

fn unknown(message: &str) -> Response {
    refused(StatusCode::NOT_FOUND, message)
}
