//! The desk as a feed: `/feed?q=...` is a search as Atom 1.0 (RFC 4287), newest first, with its copy and its terms.
//!
//! What a named client had and was taken back stands in its feed as a deleted entry (RFC 6721) until it is acknowledged.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{self, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::ledger::{self, Failed};
use super::question::{Order, Question};
use super::readers::Readers;
use crate::item::{Moment, NewsItem, Publishability};
use crate::store::Revision;

/// How stories that are given here stand in the ledger.
const CHANNEL: &str = "feed";
/// Stories in a feed when nothing is said.
const STORIES: usize = 50;

/// The feed's address.
pub fn routes() -> Router<Arc<Readers>> {
    Router::new().route("/feed", get(feed))
}

async fn feed(
    State(readers): State<Arc<Readers>>,
    headers: HeaderMap,
    Query(question): Query<Question>,
) -> Result<Response, Failed> {
    let now = Timestamp::now();
    let sort = if question.sort == Order::Relevance { Order::Newest } else { question.sort };
    let question = Question { sort, limit: question.limit.or(Some(STORIES)), ..question };
    let client = ledger::client(&headers);
    let found = ledger::found(&readers, &question, now).await?;
    let gone = ledger::taken_back(&readers, client.as_deref(), now).await?;
    ledger::hand_out(&readers, client, CHANNEL, found.places, now).await?;
    let stories: Vec<&NewsItem> = found.answer.hits.iter().map(|hit| &hit.item).collect();
    // writing into memory does not fail
    let document = written(&question.q, &stories, &gone, now).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], document).into_response())
}

fn written(query: &str, stories: &[&NewsItem], gone: &[Revision], now: Timestamp) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let names =
        [("xmlns", "http://www.w3.org/2005/Atom"), ("xmlns:at", "http://purl.org/atompub/tombstones/1.0")];
    let latest = stories.iter().filter_map(|item| item.changed()).chain(gone.iter().map(|_| now)).max();
    writer.create_element("feed").with_attributes(names).write_inner_content(|feed| {
        text(
            feed,
            "id",
            &format!(
                "urn:wiredesk:search:{}",
                url::form_urlencoded::byte_serialize(query.as_bytes()).collect::<String>()
            ),
        )?;
        text(feed, "title", if query.is_empty() { "wiredesk" } else { query })?;
        text(feed, "updated", &latest.unwrap_or(Timestamp::UNIX_EPOCH).to_string())?;
        gone.iter().try_for_each(|revision| deleted(feed, &revision.item, now))?;
        stories.iter().try_for_each(|item| entry(feed, item))
    })?;
    Ok(writer.into_inner())
}

fn entry(feed: &mut Writer<Vec<u8>>, item: &NewsItem) -> io::Result<()> {
    let NewsItem { body_text, body_html, link, .. } = item;
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let people: Vec<&str> = item.authors.iter().map(|author| author.name.as_str()).collect();
    let writers = if people.is_empty() { item.provider.as_deref().into_iter().collect() } else { people };
    feed.create_element("entry").write_inner_content(|entry| {
        text(entry, "id", &name(item))?;
        text(entry, "title", item.shown_headline())?;
        text(entry, "updated", &time(item.changed()).unwrap_or_default())?;
        optional(entry, "published", time(item.published.map(Moment::instant)).as_deref())?;
        writers.iter().try_for_each(|writer| {
            entry
                .create_element("author")
                .write_inner_content(|author| text(author, "name", writer))
                .map(drop)
        })?;
        link.iter().try_for_each(|link| {
            entry
                .create_element("link")
                .with_attribute(("href", clean(link).as_str()))
                .write_empty()
                .map(drop)
        })?;
        let label = item.label().into_iter();
        label.into_iter().try_for_each(|label| {
            entry.create_element("category").with_attribute(("term", label)).write_empty().map(drop)
        })?;
        optional(entry, "rights", item.usage_terms.as_deref().or(item.copyright.as_deref()))?;
        optional(entry, "summary", item.summary.as_deref())?;
        let content = body_html
            .as_deref()
            .map(|html| ("html", html))
            .or(body_text.as_deref().map(|text| ("text", text)));
        content.into_iter().try_for_each(|(kind, copy)| {
            let element = entry.create_element("content").with_attribute(("type", kind));
            element.write_text_content(BytesText::new(&clean(copy))).map(drop)
        })
    })?;
    Ok(())
}

fn deleted(feed: &mut Writer<Vec<u8>>, item: &NewsItem, now: Timestamp) -> io::Result<()> {
    let why = match item.publishability(now) {
        Publishability::Publishable => String::new(),
        Publishability::Held(hold) => hold.to_string(),
    };
    let (name, when) = (name(item), now.to_string());
    let entry = feed.create_element("at:deleted-entry");
    let entry = entry.with_attributes([("ref", name.as_str()), ("when", when.as_str())]);
    entry.write_inner_content(|entry| text(entry, "at:comment", &why))?;
    Ok(())
}

/// A story's name, the same for all its versions.
fn name(item: &NewsItem) -> String {
    format!("urn:wiredesk:story:{}", item.id)
}

fn optional(writer: &mut Writer<Vec<u8>>, element: &str, value: Option<&str>) -> io::Result<()> {
    value.map_or(Ok(()), |value| text(writer, element, value))
}

fn text(writer: &mut Writer<Vec<u8>>, element: &str, value: &str) -> io::Result<()> {
    writer.create_element(element).write_text_content(BytesText::new(&clean(value))).map(drop)
}

/// Without the characters that no XML may hold (XML 1.0, 2.2), escaped or not.
fn clean(value: &str) -> String {
    value
        .chars()
        .filter(
            |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..),
        )
        .collect()
}
