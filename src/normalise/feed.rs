//! What does the feed say of itself?

use jiff::tz::TimeZone;
use url::Url;

use crate::item::FeedInfo;
use crate::wire::{CodeKind, Fault, WireFeed};

use super::{byline, codes, dates, language, links, plain, text};

/// The feed's own line: `"kind":"feed"`.
#[must_use]
pub fn read(
    wire: &WireFeed,
    format: &str,
    base: Option<&Url>,
    zone: &TimeZone,
    mut faults: Vec<Fault>,
) -> FeedInfo {
    let dates = dates::read(&wire.dates, zone, &mut faults);
    FeedInfo {
        kind: "feed".into(),
        format: Some(format.to_owned()).filter(|format| !format.is_empty()),
        id: text::optional(wire.id.as_ref()),
        title: wire.title.as_ref().and_then(plain::line),
        subtitle: wire.subtitle.as_ref().and_then(plain::line),
        link: links::own_page(&wire.links, base),
        language: language::read(&[wire.language.as_deref()], None),
        rights: wire.rights.as_ref().and_then(plain::line),
        published: dates.published,
        updated: dates.updated,
        authors: byline::read(&[], &wire.creators, "", None).authors,
        keywords: keywords(wire),
        image: wire.image.as_ref().and_then(|address| links::resolved(address, base)),
        provider: text::optional(wire.provider.as_ref()),
        faults,
    }
}

/// A feed's categories, whatever vocabulary they are of.
fn keywords(wire: &WireFeed) -> Vec<String> {
    let mut all = codes::names(&wire.codes, CodeKind::Keyword);
    all.extend(codes::names(&wire.codes, CodeKind::Subject));
    all
}
