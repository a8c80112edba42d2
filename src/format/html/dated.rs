//! When the page says it was published, and changed.

use dom_query::{Document, NodeRef};

use super::layout::{self, Layout};
use super::ld::{self, Object};
use super::meta::Meta;
use super::printed::{date_in, is_dated, is_number, is_year};
use super::{beside, node};
use crate::wire::{DateKind, WireDate};

/// `meta` elements that hold the day of publication, the surest first.
#[rustfmt::skip]
const PUBLISHED: &[&str] = &[
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date.issued", "dc.date.issued", "dcterms.created", "dcterms.issued", "parsely-pub-date", "sailthru.date", "published",
    "cxenseparse:recs:publishtime", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "article:published", "article_date_original", "originalpublicationdate", "ptime", "rnews:datepublished", "bt:pubdate", "dc.date", "dcterms.date",
];
/// `meta` elements that hold the day of change.
const UPDATED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "lastmod",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "modified",
];

/// Dates of publication and change, as printed. `about`: what schema.org says of the page itself.
pub fn read(
    page: &Document,
    layout: &Layout<'_>,
    (story, about): (&Object, &Object),
    meta: &Meta,
    headline: &str,
) -> Vec<WireDate> {
    let of_meta = |names: &[&str]| {
        names.iter().find_map(|name| meta.first(&[name]).filter(|it| is_dated(it)).map(String::from))
    };
    let told = |key: &str| ld::text(story, key).filter(|text| is_dated(text));
    let published = told("datePublished")
        .or_else(|| of_meta(PUBLISHED))
        .or_else(|| of_structure(page, layout, NAMED))
        .or_else(|| ld::text(about, "datePublished").filter(|text| is_dated(text)))
        .or_else(|| beside::date(page, layout, headline))
        .or_else(|| of_structure(page, layout, TIMES))
        .or_else(|| printed(page, layout))
        .or_else(|| told("dateCreated"))
        .or_else(|| of_meta(&["date"]))
        .or_else(|| of_address(page, meta));
    let change = || beside::change(page, layout, headline);
    let updated = told("dateModified").or_else(|| of_meta(UPDATED)).or_else(change);
    let shown = published.as_deref().filter(|it| is_utc(it)).map(|_| beside::clocks(page, layout, headline));
    let date = |kind, text: Option<String>| text.map(|text| WireDate { kind, text });
    let told = [date(DateKind::Published, published), date(DateKind::Updated, updated)];
    let shown = shown.into_iter().flatten().map(|text| WireDate { kind: DateKind::Shown, text });
    told.into_iter().flatten().chain(shown).collect()
}

/// An instant by Greenwich's clock, which hides that of the page's readers.
fn is_utc(date: &str) -> bool {
    date.contains(':')
        && ["Z", "+00:00", "+0000", "GMT", "UTC"].iter().any(|end| date.trim_end().ends_with(end))
}

/// Attributes that say they hold the day of publication.
const NAMED: &[(&str, &str)] = &[
    ("[itemprop='datePublished']", "content"),
    ("[itemprop='datePublished']", "datetime"),
    ("time[pubdate]", "datetime"),
    ("abbr.published", "title"),
    ("[property='schema:datePublished']", "content"),
    ("[data-published-date]", "data-published-date"),
];
/// Attributes that hold any day, the first of which is likely to be the story's.
const TIMES: &[(&str, &str)] = &[("article time[datetime]", "datetime"), ("time[datetime]", "datetime")];

/// Dates in attributes of `time` and its likes.
fn of_structure(page: &Document, layout: &Layout<'_>, table: &[(&str, &str)]) -> Option<String> {
    let of_attribute = |(selector, attribute): &(&str, &str)| {
        let dates = page.select(selector);
        let own = dates.nodes().iter().filter(|it| !layout.is_apart(it));
        own.filter_map(|it| it.attr(attribute))
            .map(|date| date.trim().to_string())
            .find(|date| is_dated(date))
    };
    table.iter().find_map(of_attribute)
}

/// A date that is only printed: in an element named for it, else in any short line of the story.
fn printed(page: &Document, layout: &Layout<'_>) -> Option<String> {
    const NAMED: &[&str] = &[
        "[itemprop='datePublished'], time, .published, .pubdate, .publish-date, .article-date, .post-date, .entry-date, .dateline",
        "[class*='publish'], [class*='Publish'], [class*='pubdate'], [class*='timestamp'], [class*='timeStamp'], [id*='pubdate'], [id*='pubtime']",
        "[class*='date'], [class*='Date'], [id*='date'], [class*='time'], [class*='meta'], [class*='byline'], [class*='info']",
    ];
    let named = NAMED.iter().find_map(|selector| {
        let nodes = page.select(selector);
        nodes
            .nodes()
            .iter()
            .take(600)
            .filter_map(|it| Some((it, date_in(&node::short_line(it, 400)?)?)))
            .find(|(it, _)| !layout.is_apart(it))
            .map(|(_, date)| date)
    });
    named.or_else(|| {
        let lines = layout::inside(&layout.scope?, "p, div, span, li, small, td, font, em, i, b, strong");
        lines
            .iter()
            .take(800)
            .filter(|it| {
                it.text().len() < 160
                    && !layout.is_apart(it)
                    && !node::is_in_caption(it)
                    && !beside::holds_caption(it)
            })
            .find_map(|it| date_in(&node::line(it)))
    })
}

/// The date of a card on a section page.
pub fn in_card(frame: &NodeRef<'_>) -> Vec<WireDate> {
    let machine = layout::inside(frame, "time[datetime]").iter().find_map(|it| it.attr("datetime"));
    let machine = machine.map(|date| date.trim().to_string()).filter(|date| is_dated(date));
    let named = || {
        let lines = layout::inside(frame, "time, [class*='date'], [class*='time'], [class*='byline'], small");
        lines.iter().take(20).map(node::line).filter(|line| line.len() < 160).find_map(|line| date_in(&line))
    };
    let text = machine.or_else(named);
    text.map(|text| WireDate { kind: DateKind::Published, text }).into_iter().collect()
}

/// `/2016/12/22/` in the page's own address.
fn of_address(page: &Document, meta: &Meta) -> Option<String> {
    let own = page.select("link[rel='canonical']").attr("href").map(|href| href.to_string());
    let own = own.or_else(|| meta.first(&["og:url"]).map(Into::into))?;
    let parts: Vec<&str> = own.split(['/', '-', '_']).collect();
    let apart = parts.windows(3).find_map(|part| match part {
        [year, month, day] if is_year(year) && is_number(month, 12) && is_number(day, 31) => {
            Some(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => None,
    });
    apart.or_else(|| parts.iter().find_map(|part| in_one(part)))
}

/// `20240401`
fn in_one(part: &str) -> Option<String> {
    let (year, month, day) = (part.get(..4)?, part.get(4..6)?, part.get(6..)?);
    (is_year(year) && is_number(month, 12) && is_number(day, 31)).then(|| format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surest_date_is_given_first() {
        let read = |html: &str| {
            let page = Document::from(html);
            let dates = super::read(
                &page,
                &Layout::of(&page),
                (&Object::new(), &ld::read(&page).page),
                &Meta::read(&page),
                "Moles",
            );
            dates.into_iter().map(|date| date.text).collect::<Vec<_>>()
        };
        for (html, expected) in [
            (
                "<meta property='article:published_time' content='2024-04-01T10:00:00Z'><time datetime='2024-04-02'>",
                "2024-04-01T10:00:00Z",
            ),
            ("<meta value='2024-04-01T10:00:00Z' name='article:published_time'>", "2024-04-01T10:00:00Z"),
            (
                "<script type='application/ld+json'>{\"@graph\":[{\"@type\":[\"WebPage\",\"FAQPage\"],\"datePublished\":\"2024-04-01T10:00:00+02:00\"}]}</script>\
                 <time datetime='2024-04-02'>",
                "2024-04-01T10:00:00+02:00",
            ),
            ("<time datetime='2024-04-02'>yesterday</time>", "2024-04-02"),
            ("<p class=byline>By Ann Roe, April 2, 2024</p>", "April 2, 2024"),
            ("<link rel=canonical href='https://e.example/2024/04/02/moles'>", "2024-04-02"),
            (
                "<link rel=canonical href='https://e.example/2024/04/02/moles'><article><ul><li><p class=caption>Moles, May 2, 2023.</ul>",
                "2024-04-02",
            ),
            ("<link rel=canonical href='https://e.example/news/20240402/moles'>", "2024-04-02"),
        ] {
            assert_eq!(read(html), [expected], "{html}");
        }
    }
}
