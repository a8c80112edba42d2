//! `full_text = true`: the pages behind a feed that gives only the first lines of its stories.
//!
//! A story is landed as the feed gave it, and then once more with its page's text: so the feed's own words are known when
//! they come again, nothing is asked for twice, and the page's bytes are a delivery of their own. A page is asked for when
//! the feed's words are new to the store; one that fails leaves the story as it was, with a fault.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use super::Tools;
use super::read::Reading;
use super::report::FeedReport;
use super::writer::Writer;
use crate::config::Feed;
use crate::fetch;
use crate::format;
use crate::item::{NewsItem, content_hash};
use crate::normalise::{self, Origin};
use crate::store::Part;
use crate::wire::{Delivery, Fault};

/// Pages asked for in one poll; stories beyond that stay as the feed gave them.
const MOST: usize = 50;
/// Pages on their way at a time; how many of one host is the client's matter.
const AT_ONCE: usize = 4;
/// A story with as many letters is not a teaser.
const LONG: usize = 3_000;

/// Adds to `reading` what the pages say of stories that are new, or have new words.
pub async fn add(
    reading: &mut Reading,
    feed: &Feed,
    tools: &Tools,
    writer: &Writer,
    report: &mut FeedReport,
) {
    let wanted: Vec<NewsItem> =
        reading.parts.iter().flat_map(|part| &part.items).filter(has_page).cloned().collect();
    let words = wanted.iter().map(|item| (item.id.clone(), content_hash(item))).collect();
    let known = match writer.knows(words).await {
        Ok(known) => known,
        Err(failure) => return report.fail(failure),
    };
    let fresh = wanted.into_iter().zip(known).filter(|(_, known)| !known).map(|(item, _)| item);
    let (asked, beyond): (Vec<_>, Vec<_>) = fresh.enumerate().partition(|(at, _)| *at < MOST);
    let refused = AtomicBool::new(false);
    let pages = asked.into_iter().map(|(_, item)| one(item, feed, tools, &refused));
    let read: Vec<_> = stream::iter(pages).buffered(AT_ONCE).collect().await;
    for (item, page) in read {
        match page {
            Ok((delivery, page)) => {
                report.pages += 1;
                report.bytes += delivery.bytes.len() as u64;
                let items = vec![join(item, page)];
                reading.parts.push(Part { delivery, faulty: false, items });
                reading.again += 1;
            }
            Err(unread) => without(reading, item, &unread.0),
        }
    }
    for (_, item) in beyond {
        without(
            reading,
            item,
            &format!("more than {MOST} new stories at once; this one's page was not asked for"),
        );
    }
}

/// Is there a page to read, and a reason to?
fn has_page(item: &&NewsItem) -> bool {
    let web =
        item.link.as_deref().is_some_and(|link| link.starts_with("https://") || link.starts_with("http://"));
    let told = item.body_text.as_deref().unwrap_or_default().trim_end();
    let cut = ["...", "…", "[…]", "more"].iter().any(|end| told.ends_with(end));
    web && (told.len() < LONG || cut)
}

/// Why a page gave nothing, for the fault beside the story.
struct Unread(String);

async fn one(
    item: NewsItem,
    feed: &Feed,
    tools: &Tools,
    refused: &AtomicBool,
) -> (NewsItem, Result<(Delivery, NewsItem), Unread>) {
    let page = page(&item, feed, tools, refused).await;
    (item, page)
}

async fn page(
    item: &NewsItem,
    feed: &Feed,
    tools: &Tools,
    refused: &AtomicBool,
) -> Result<(Delivery, NewsItem), Unread> {
    let link = item.link.clone().unwrap_or_default();
    if refused.load(Ordering::Relaxed) {
        return Err(Unread("the server asked to be left alone".into()));
    }
    let fetched = fetch::page(&link, &tools.client, &feed.limits).await;
    let delivery = fetched.map_err(|error| {
        refused.fetch_or(matches!(error.status(), Some(429 | 503)), Ordering::Relaxed);
        Unread(error.to_string())
    })?;
    let house = feed.house.clone();
    let work = tokio::task::spawn_blocking(move || {
        catch_unwind(AssertUnwindSafe(|| read(&delivery, &house))).map(|read| (delivery, read))
    });
    match work.await {
        Ok(Ok((delivery, Ok(page)))) => Ok((delivery, page)),
        Ok(Ok((_, Err(unread)))) => Err(unread),
        _ => Err(Unread(format!("reading {link}: the parser panicked; hint: please report it"))),
    }
}

/// The one story of a page.
fn read(delivery: &Delivery, house: &normalise::House) -> Result<NewsItem, Unread> {
    let url = delivery.url.as_deref().unwrap_or_default();
    let parsed = format::read(delivery, Some("html")).map_err(|error| Unread(format!("{url}: {error}")))?;
    let origin = Origin { url: delivery.url.clone(), received: delivery.received };
    let mut items = normalise::normalise(parsed, house, &origin).items;
    match items.pop() {
        Some(page) if items.is_empty() => Ok(page),
        _ => Err(Unread(format!("{url} lists stories and is none"))),
    }
}

/// The feed's story with its page's text, captions, byline and dateline. What it is and when stays the feed's word.
fn join(feed: NewsItem, page: NewsItem) -> NewsItem {
    let longer = |a: &Option<String>, b: &Option<String>| {
        a.as_ref().map_or(0, String::len) > b.as_ref().map_or(0, String::len)
    };
    let mut joined = feed;
    joined.received = later(joined.received, page.received);
    if longer(&page.body_text, &joined.body_text) {
        joined.body_text = page.body_text;
        joined.body_html = page.body_html;
        joined.word_count = page.word_count;
        joined.ed_note = joined.ed_note.or(page.ed_note);
        joined.language = joined.language.or(page.language);
    }
    if !page.captions.is_empty() {
        joined.captions = page.captions;
    }
    if !page.authors.is_empty() || joined.byline.is_none() {
        joined.byline = page.byline.or(joined.byline);
        joined.authors = page.authors;
    }
    if !page.contributors.is_empty() {
        joined.contributors = page.contributors;
    }
    joined.dateline = page.dateline.or(joined.dateline);
    joined.headline = joined.headline.or(page.headline);
    joined.summary = joined.summary.or(page.summary);
    joined.published = joined.published.or(page.published);
    joined
}

/// The page came after the feed: the later of two revisions alike is the one that counts.
fn later(feed: Option<Timestamp>, page: Option<Timestamp>) -> Option<Timestamp> {
    let after = feed.and_then(|at| at.checked_add(SignedDuration::from_micros(1)).ok());
    after.max(page)
}

/// The story as the feed gave it, with the reason why there is no more of it.
fn without(reading: &mut Reading, item: NewsItem, reason: &str) {
    tracing::debug!(story = %item.id, reason, "no full text");
    let home = |part: &&mut Part| part.items.iter().any(|own| own.id == item.id);
    let Some(part) = reading.parts.iter_mut().find(home) else { return };
    let mut marked = item;
    marked.received = later(marked.received, None);
    marked.faults.push(Fault::of("no_full_text", "body", reason.chars().take(300).collect::<String>()));
    part.items.push(marked);
    reading.faults += 1;
    reading.again += 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Author, Moment};

    fn story(body: &str) -> NewsItem {
        NewsItem { id: "a".into(), body_text: Some(body.into()), ..NewsItem::default() }
    }

    #[test]
    fn identity_and_dates_stay_the_feeds_and_the_longer_text_wins() {
        let at = |second| Timestamp::from_second(second).ok();
        let feed = NewsItem {
            guid: Some("g1".into()),
            published: at(5).map(Into::into),
            received: at(10),
            headline: Some("Moles dig".into()),
            byline: Some("Staff".into()),
            ..story("The first line ...")
        };
        let page = NewsItem {
            id: "b".into(),
            published: at(7).map(Into::into),
            received: at(10),
            headline: Some("Moles dig on".into()),
            byline: Some("By Ann Roe".into()),
            authors: vec![Author { name: "Ann Roe".into(), ..Author::default() }],
            ..story("The first line and all of the others.")
        };
        let joined = join(feed.clone(), page.clone());
        assert_eq!((joined.id.as_str(), joined.guid.as_deref()), ("a", Some("g1")));
        assert_eq!(
            (joined.published.map(Moment::instant), joined.headline.as_deref()),
            (at(5), Some("Moles dig"))
        );
        assert_eq!(joined.body_text, page.body_text);
        assert_eq!(joined.byline.as_deref(), Some("By Ann Roe"));
        assert!(joined.received > feed.received, "it supersedes what the feed gave");
        let short = NewsItem { body_text: Some("Cut".into()), ..page };
        assert_eq!(join(feed.clone(), short).body_text, feed.body_text);
    }

    #[test]
    fn a_page_is_wanted_for_a_teaser_with_a_web_address() {
        let linked = |link: &str, body: &str| NewsItem { link: Some(link.into()), ..story(body) };
        assert!(has_page(&&linked("https://e.example/1", "Short")));
        assert!(has_page(&&linked("https://e.example/1", &("long ".repeat(1_000) + "..."))));
        assert!(!has_page(&&linked("https://e.example/1", &"long ".repeat(1_000))));
        assert!(!has_page(&&linked("ftp://e.example/1", "Short")));
        assert!(!has_page(&&story("Short")));
    }
}
