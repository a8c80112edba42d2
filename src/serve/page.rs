//! The page: a search, and a story. Made on the server; a script of a few lines asks each second whether it still holds.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::api;
use super::question::{Order, Question};
use super::readers::Readers;
use crate::desk::DeskError;
use crate::item::{Caption, NewsItem};
use crate::search::{Answer, Hit, Snippet};
use crate::store::Revision;

/// Stories on a page.
const STORIES: usize = 20;

/// The page's addresses.
pub fn routes() -> Router<Arc<Readers>> {
    Router::new()
        .route("/", get(search))
        .route("/story/{id}", get(story))
        .route("/page.css", get(|| async { file("text/css", include_str!("pages/page.css")) }))
        .route("/page.js", get(|| async { file("text/javascript", include_str!("pages/page.js")) }))
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Stories that match, or the newest ones.
#[derive(Template)]
#[template(path = "search.html")]
struct Results<'a> {
    query: &'a str,
    newest: bool,
    total: usize,
    meant: Option<&'a str>,
    hits: Vec<Row<'a>>,
    before: Option<String>,
    after: Option<String>,
}

/// One story of the list.
struct Row<'a> {
    item: &'a NewsItem,
    label: Option<&'static str>,
    when: String,
    passage: Vec<(bool, &'a str)>,
    others: usize,
}

/// One story.
#[derive(Template)]
#[template(path = "story.html")]
struct Whole<'a> {
    query: &'a str,
    item: &'a NewsItem,
    label: Option<&'static str>,
    when: String,
    /// Where the text does not begin with it.
    dateline: Option<&'a str>,
    paragraphs: Vec<&'a str>,
    captions: &'a [Caption],
}

/// What is said instead of a story.
#[derive(Template)]
#[template(path = "said.html")]
struct Said<'a> {
    query: &'a str,
    title: &'a str,
    text: String,
}

async fn search(
    State(readers): State<Arc<Readers>>,
    headers: HeaderMap,
    Query(question): Query<Question>,
) -> Response {
    let now = Timestamp::now();
    // nothing that could be weighed: the newest come first by themselves
    let question = Question { limit: Some(STORIES), ..question };
    let ask = question.ask(now);
    match readers.ask(move |reader| reader.search(&ask)).await {
        Ok(answer) => shown(&headers, StatusCode::OK, results(&question, &answer, now).render()),
        Err(error) => failed(&headers, &error),
    }
}

fn results<'a>(question: &'a Question, answer: &'a Answer, now: Timestamp) -> Results<'a> {
    let total = answer.total.unwrap_or_default();
    let offset = question.offset;
    Results {
        query: &question.q,
        newest: question.sort == Order::Newest,
        total,
        meant: answer.meant.as_deref(),
        hits: answer.hits.iter().map(|hit| row(hit, now)).collect(),
        before: (offset > 0).then(|| address(question, offset.saturating_sub(STORIES))),
        after: (answer.hits.len() == STORIES && offset + STORIES < total)
            .then(|| address(question, offset + STORIES)),
    }
}

fn address(question: &Question, offset: usize) -> String {
    let sort = if question.sort == Order::Newest { "newest" } else { "relevance" };
    let mut parameters = url::form_urlencoded::Serializer::new(String::from("/?"));
    parameters
        .append_pair("q", &question.q)
        .append_pair("sort", sort)
        .append_pair("offset", &offset.to_string());
    parameters.finish()
}

fn row(hit: &Hit, now: Timestamp) -> Row<'_> {
    Row {
        item: &hit.item,
        label: hit.item.told_at(now).label,
        when: when(&hit.item),
        passage: hit.snippet.as_ref().map(pieces).unwrap_or_default(),
        others: hit.thread.as_ref().map_or(0, |thread| thread.stories.saturating_sub(1)),
    }
}

/// A passage in pieces: what the reader asked for, and what stands between.
fn pieces(snippet: &Snippet) -> Vec<(bool, &str)> {
    let piece = |range: std::ops::Range<usize>| snippet.text.get(range).unwrap_or_default();
    let mut pieces = Vec::with_capacity(snippet.marks.len() * 2 + 1);
    let mut at = 0;
    for mark in &snippet.marks {
        pieces.extend([(false, piece(at..mark.start)), (true, piece(mark.clone()))]);
        at = mark.end;
    }
    pieces.push((false, piece(at..snippet.text.len())));
    pieces
}

fn when(item: &NewsItem) -> String {
    item.changed().map(|at| at.strftime("%Y-%m-%d %H:%MZ").to_string()).unwrap_or_default()
}

async fn story(State(readers): State<Arc<Readers>>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let now = Timestamp::now();
    match api::current(&readers, id).await {
        Ok(Some(Revision { item, .. })) => one(&headers, &item, now),
        Ok(None) => {
            said(&headers, StatusCode::NOT_FOUND, "No such story", "The desk has no story of this id.".into())
        }
        Err(error) => failed(&headers, &error),
    }
}

fn one(headers: &HeaderMap, item: &NewsItem, now: Timestamp) -> Response {
    let told = item.told_at(now);
    if let Some(why) = told.held_by {
        let title =
            if item.is_taken_back(now) { "This story may not be shown" } else { "This story has expired" };
        return said(headers, api::held_status(item, now), title, format!("Held by {why}."));
    }
    let text = item.body_text.as_deref().or(item.summary.as_deref()).unwrap_or_default();
    let dateline = item.dateline.as_ref().map(|dateline| dateline.text.as_str());
    let whole = Whole {
        query: "",
        item,
        label: told.label,
        when: when(item),
        dateline: dateline.filter(|dateline| !text.starts_with(dateline)),
        paragraphs: text.split("\n\n").filter(|paragraph| !paragraph.is_empty()).collect(),
        captions: &item.captions,
    };
    shown(headers, StatusCode::OK, whole.render())
}

fn said(headers: &HeaderMap, status: StatusCode, title: &str, text: String) -> Response {
    shown(headers, status, Said { query: "", title, text }.render())
}

fn failed(headers: &HeaderMap, error: &DeskError) -> Response {
    tracing::error!(%error, "answering over HTTP");
    let text = format!("Nothing is shown rather than something old ({}). The log says why.", error.class());
    said(headers, StatusCode::SERVICE_UNAVAILABLE, "The desk cannot answer", text)
}

/// The page, or word that it is still the one that the asker has.
fn shown(headers: &HeaderMap, status: StatusCode, page: askama::Result<String>) -> Response {
    let Ok(page) = page else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let digest = Sha256::digest(page.as_bytes());
    let tag: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let Ok(value) = HeaderValue::from_str(&tag) else { return (status, Html(page)).into_response() };
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == value);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (status, Html(page)).into_response()
    };
    response.headers_mut().insert(header::ETAG, value);
    response
}
