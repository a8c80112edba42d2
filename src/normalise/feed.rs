//! What does the feed say of itself?

use url::Url;

use crate::item::FeedInfo;
use crate::wire::{CodeKind, Fault, WireFeed, WireText};

use super::datetime::Clock;
use super::{byline, codes, dates, language, links, plain, text};

/// The feed's own line: `"kind":"feed"`.
#[must_use]
pub fn read(
    wire: &WireFeed,
    format: &str,
    base: Option<&Url>,
    clock: &Clock,
    mut faults: Vec<Fault>,
) -> FeedInfo {
    let dates = dates::read(&wire.dates, clock, &mut faults);
    FeedInfo {
        kind: "feed".into(),
        format: Some(format.to_owned()).filter(|format| !format.is_empty()),
        id: text::optional(wire.id.as_ref()),
        title: wire.title.as_ref().map(said),
        subtitle: wire.subtitle.as_ref().map(said),
        link: links::own_page(&wire.links, base),
        language: language::read(&[wire.language.as_deref()], None),
        rights: wire.rights.as_ref().map(said),
        published: dates.published,
        updated: dates.updated,
        authors: byline::makers(&wire.creators),
        keywords: keywords(wire),
        image: wire.image.as_ref().and_then(|address| links::resolved(address, base)),
        provider: text::optional(wire.provider.as_ref()),
        faults,
    }
}

/// A text of the feed on one line; one that was sent but says nothing in words (a title that is a picture) is empty.
fn said(text: &WireText) -> String {
    plain::line(text).unwrap_or_default()
}

/// A feed's categories, whatever vocabulary they are of.
fn keywords(wire: &WireFeed) -> Vec<String> {
    let mut all = codes::names(&wire.codes, CodeKind::Keyword);
    all.extend(codes::names(&wire.codes, CodeKind::Subject));
    all
}
