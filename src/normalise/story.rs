//! One wire item, every field of it, as a story.

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::item::{NewsItem, Order, Verb};
use crate::wire::{CodeKind, Fault, WireDateline, WireFeed, WireItem, WireText};

use super::body::{self, Body};
use super::datetime::Clock;
use super::dialect::{self, Dialect};
use super::{
    byline, caption, class, codes, dateline, dates, embargo, harmless, header, headline, language, links,
    marked, order, rights, status, summary, text, urgency,
};

/// What is the same for all stories of one delivery.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The format they were read from.
    pub format: &'static str,
    /// What their feed says of itself.
    pub feed: &'a WireFeed,
    /// The feed they arrived on, as the config names it.
    pub feed_id: Option<&'a str>,
    /// The provider that the house knows them to be from.
    pub provider: Option<&'a str>,
    /// The language to suppose where nothing is said.
    pub language: Option<&'a str>,
    /// The zone of a local time, when the house knows it.
    pub zone: Option<TimeZone>,
    /// The dialect that the house says they are in.
    pub dialect: Option<&'a Dialect>,
    /// The house's own dialects.
    pub dialects: &'a [Dialect],
    /// What relative links are resolved against.
    pub base: Option<Url>,
    /// When the delivery was received.
    pub received: Timestamp,
}

impl<'a> Frame<'a> {
    /// The dialect of the feed itself.
    pub(super) fn dialect_of_feed(&self) -> &'a Dialect {
        self.dialect_of(&WireItem::default())
    }

    /// The dialect of one item: as the house says, else as its provider and identifier show.
    fn dialect_of(&self, wire: &WireItem) -> &'a Dialect {
        let said = wire.provider.as_deref().or(self.feed.provider.as_deref());
        let provider = self.provider.or(said);
        self.dialect.unwrap_or_else(|| dialect::of(provider, wire.guid.as_deref(), self.dialects))
    }
}

/// The story of one wire item. Who it is ([`identity`](super::identity)) is decided when all of a delivery are read.
#[must_use]
pub fn read(wire: &WireItem, frame: &Frame<'_>) -> NewsItem {
    let mut faults = wire.faults.clone();
    let dialect = frame.dialect_of(wire);
    let mut item = NewsItem { received: Some(frame.received), ..NewsItem::default() };
    origin(&mut item, wire, frame);
    standing(&mut item, wire, dialect);
    copy(&mut item, wire, frame);
    let day_first = item.language.as_deref().is_some_and(language::reads_day_first);
    let clock = Clock { day_first, ..dialect.clock(frame.zone.as_ref()) };
    let dates = dates::read(&wire.dates, &clock, &mut faults);
    item.embargoed = embargo::read(&wire.dates, &clock, &mut faults);
    (item.published, item.updated, item.expires) = (dates.published, dates.updated, dates.expires);
    item.faults = faults;
    signatures(&mut item, wire, frame, dialect);
    let counted = item.body_text.as_deref().map(body::word_count);
    item.word_count = counted.or(body::printed_word_count(wire.word_count.as_ref()));
    item.captions = caption::read(&wire.media, item.body_html.as_deref(), frame.base.as_ref());
    subjects(&mut item, wire, dialect);
    missing(&mut item);
    harmless::disarm(&mut item);
    item
}

/// Where it is from.
fn origin(item: &mut NewsItem, wire: &WireItem, frame: &Frame<'_>) {
    let base = frame.base.as_ref();
    let said =
        || text::optional(wire.provider.as_ref()).or_else(|| text::optional(frame.feed.provider.as_ref()));
    item.guid = wire.guid.as_deref().map(text::line).filter(|guid| !guid.is_empty());
    item.version = text::optional(wire.version.as_ref()).or_else(|| text::optional(wire.revision.as_ref()));
    item.provider = frame.provider.map(Into::into).or_else(said);
    item.feed = frame.feed_id.map(Into::into);
    item.format = Some(frame.format).filter(|format| !format.is_empty()).map(Into::into);
    item.link = links::own_page(&wire.links, base).or_else(|| links::page_of_guid(item.guid.as_deref()?));
    item.source = text::optional(wire.source.as_ref());
    item.enclosures = links::enclosures(wire, base);
    item.related = links::related(wire, base);
}

/// What it is, and what may be done with it.
fn standing(item: &mut NewsItem, wire: &WireItem, dialect: &Dialect) {
    item.class = class::read(wire.class.as_ref());
    item.pub_status = status::read(wire.pub_status.as_ref(), dialect);
    let kind = text::optional(wire.editorial_type.as_ref());
    item.editorial_type = kind.map(|kind| header::slug::spelt(&kind).to_owned());
    item.signals = wire.signals.iter().filter_map(|signal| text::field(signal)).collect();
    item.urgency = urgency::read(wire.urgency.as_ref());
    item.credit = text::optional(wire.credit.as_ref());
    item.copyright = rights::lines(&wire.copyrights);
    item.usage_terms = rights::lines(&wire.usage_terms);
}

/// What a reader reads: headline, summary, story.
fn copy(item: &mut NewsItem, wire: &WireItem, frame: &Frame<'_>) {
    item.headline = headline::read(&wire.headlines);
    item.summary = summary::read(wire);
    let Body { text, html } = story(wire, frame);
    let printed =
        wire.bodies.iter().chain(&wire.headlines).chain(&wire.summaries).find_map(|t| t.lang.as_deref());
    let said = [wire.language.as_deref(), printed, frame.feed.language.as_deref(), frame.language];
    item.language = language::read(&said, text.as_deref());
    item.body_text = text;
    item.body_html = html;
}

fn story(wire: &WireItem, frame: &Frame<'_>) -> Body {
    let sent = body::read(&wire.bodies, frame.base.as_ref());
    if sent.text.is_some() {
        return sent;
    }
    let told = body::read(summary::as_body(&wire.summaries), frame.base.as_ref());
    let html = [told.html, sent.html].into_iter().flatten().max_by_key(|html| !html.is_empty());
    Body { text: told.text, html }
}

/// What the desk wrote on it: slugline and notes; who wrote it, and where.
fn signatures(item: &mut NewsItem, wire: &WireItem, frame: &Frame<'_>, dialect: &Dialect) {
    let copy = item.body_text.as_deref().unwrap_or_default();
    let marks = header::read(&wire.sluglines, item.headline.as_deref(), copy);
    let mut notes = wire.ed_notes.clone();
    notes.extend(marks.ed_notes);
    let story = copy.get(marks.body.clone()).unwrap_or(copy);
    let bylines = printed_bylines(wire);
    let signed = byline::read(&bylines, &wire.creators, story, frame.provider);
    let filed = story.get(signed.body_start..).unwrap_or(story);
    let datelines = printed_datelines(wire);
    let own = [&item.provider, &item.source, &item.credit].map(|name| name.as_deref().unwrap_or_default());
    let day = item.appeared();
    let found = dateline::read(&datelines, filed, day, &own);
    item.dateline = found.map(|found| found.dateline);
    item.dateline_text = dateline::unread(&datelines, item.dateline.as_ref());
    item.byline = signed.text;
    item.authors = signed.authors;
    item.contributors = signed.contributors;
    let slugline = wire.sluglines.iter().find_map(|slug| text::field(slug));
    item.slugline = slugline.map(|slug| header::slug::without_count(&slug).to_owned()).or(marks.slug);
    let own = || dialect.editorial_type(item.headline.as_deref(), &wire.sluglines).map(Into::into);
    item.editorial_type = item.editorial_type.take().or_else(own).or(marks.editorial_type.map(Into::into));
    item.transmission = text::optional(wire.transmission.as_ref()).or(marks.transmission);
    let order = ordered(item, &notes, copy).or_else(|| order::of_status(&wire.related, item.guid.as_deref()));
    item.editorial_type = typed(item, order.as_ref());
    item.order = order;
    item.ed_note = rights::lines(&notes);
    // the byline may stand between summary points and story
    let filed = marks.body.start + signed.body_start;
    let kept = marks.points.unwrap_or(filed)..marks.body.end;
    let gap = if marks.points.is_some() { marks.body.start..filed } else { filed..filed };
    keep(item, &kept, &gap);
}

/// Bylines in fields of their own, else the one that the copy's markup says.
fn printed_bylines(wire: &WireItem) -> Cow<'_, [WireText]> {
    let marked = || marked::line(&wire.bodies, "byline").map(|line| vec![WireText::plain(line)]);
    let missing = wire.bylines.is_empty();
    missing.then(marked).flatten().map_or(Cow::Borrowed(wire.bylines.as_slice()), Cow::Owned)
}

/// Datelines in fields of their own, and the one that the copy's markup says where none of them is printed.
fn printed_datelines(wire: &WireItem) -> Cow<'_, [WireDateline]> {
    let is_printed = wire.datelines.iter().any(|dateline| !dateline.text.trim().is_empty());
    let Some(text) = (!is_printed).then(|| marked::line(&wire.bodies, "dateline")).flatten() else {
        return Cow::Borrowed(&wire.datelines);
    };
    let marked = WireDateline { text, ..WireDateline::default() };
    Cow::Owned(wire.datelines.iter().cloned().chain([marked]).collect())
}

/// What it orders to be done to another story.
fn ordered(item: &NewsItem, notes: &[String], copy: &str) -> Option<Order> {
    order::read(&order::Said {
        format: item.format.as_deref().unwrap_or_default(),
        headline: item.headline.as_deref(),
        slugline: item.slugline.as_deref(),
        editorial_type: item.editorial_type.as_deref(),
        has_status: matches!(item.pub_status.as_deref(), Some("canceled" | "withheld")),
        notes,
        copy,
    })
}

/// Who orders is no story: one without a type that says so gets the order's.
fn typed(item: &NewsItem, order: Option<&Order>) -> Option<String> {
    let is_story = order.is_some_and(|order| order.story.is_some()) && item.body_text.is_some();
    match order.filter(|_| !is_story && item.own_verb().is_none()).map(|order| order.verb) {
        Some(Verb::Kill) => Some("Kill".into()),
        Some(Verb::Hold) => Some("Withhold".into()),
        Some(Verb::Release) => Some("Release".into()),
        None => item.editorial_type.clone(),
    }
}

/// Leaves of the body what is the story: notes, byline line and trailers have gone into fields of their own. A body of
/// nothing else stays as it is.
fn keep(item: &mut NewsItem, kept: &Range<usize>, gap: &Range<usize>) {
    let Some(copy) = item.body_text.take() else { return };
    let nothing_left = copy.get(kept.clone()).is_none_or(|story| story.trim().is_empty());
    if *kept == (0..copy.len()) && gap.is_empty() || nothing_left {
        item.body_text = Some(copy);
        return;
    }
    item.body_html =
        item.body_html.take().map(|html| header::html_of(&html, &copy, kept, gap).trim().to_owned());
    item.body_text = match (copy.get(kept.start..gap.start), copy.get(gap.end..kept.end)) {
        (Some(points), Some(story)) if !gap.is_empty() => Some(format!("{}\n\n{story}", points.trim_end())),
        _ => copy.get(kept.clone()).map(Into::into),
    };
}

/// What it is about.
fn subjects(item: &mut NewsItem, wire: &WireItem, dialect: &Dialect) {
    item.subjects = codes::subjects(&wire.codes, dialect);
    item.keywords = codes::names(&wire.codes, CodeKind::Keyword);
    if item.keywords.is_empty() {
        item.keywords = dialect.keywords(item.slugline.as_deref());
    }
    item.genre = codes::names(&wire.codes, CodeKind::Genre);
    item.places = codes::names(&wire.codes, CodeKind::Place);
    item.people = codes::names(&wire.codes, CodeKind::Person);
    item.organisations = codes::names(&wire.codes, CodeKind::Organisation);
}

/// Formats without a place for an identifier: that one of their items has none says nothing.
const NAMELESS: &[&str] = &["html", "text", "anpa", "iptc7901"];

/// What should be there and is not.
fn missing(item: &mut NewsItem) {
    let has_room = !item.format.as_deref().is_some_and(|format| NAMELESS.contains(&format));
    if item.guid.is_none() && has_room {
        item.faults.push(Fault::of("missing_guid", "guid", "the item has no identifier of its own"));
    }
    if item.headline.is_none() {
        item.faults.push(Fault::of("missing_headline", "headline", "the item has no headline"));
    }
}
