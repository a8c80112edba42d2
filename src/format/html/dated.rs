//! When the page says it was published, and changed.

use dom_query::{Document, NodeRef};

use super::layout::{self, Layout};
use super::ld::{self, Object};
use super::meta::Meta;
use super::node;
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

/// Dates of publication and change, as printed.
pub fn read(page: &Document, layout: &Layout<'_>, story: &Object, meta: &Meta) -> Vec<WireDate> {
    let of_meta = |names: &[&str]| {
        names.iter().find_map(|name| meta.first(&[name]).filter(|it| is_dated(it)).map(String::from))
    };
    let told = |key: &str| ld::text(story, key).filter(|text| is_dated(text));
    let published = told("datePublished")
        .or_else(|| of_meta(PUBLISHED))
        .or_else(|| of_structure(page, layout))
        .or_else(|| printed(page, layout))
        .or_else(|| told("dateCreated"))
        .or_else(|| of_meta(&["date"]))
        .or_else(|| of_address(page, meta));
    let updated = told("dateModified").or_else(|| of_meta(UPDATED));
    let date = |kind, text: Option<String>| text.map(|text| WireDate { kind, text });
    [date(DateKind::Published, published), date(DateKind::Updated, updated)].into_iter().flatten().collect()
}

/// Dates in attributes of `time` and its likes.
fn of_structure(page: &Document, layout: &Layout<'_>) -> Option<String> {
    const DATED: &[(&str, &str)] = &[
        ("[itemprop='datePublished']", "content"),
        ("[itemprop='datePublished']", "datetime"),
        ("time[pubdate]", "datetime"),
        ("article time[datetime]", "datetime"),
        ("time[datetime]", "datetime"),
        ("abbr.published", "title"),
        ("[property='schema:datePublished']", "content"),
        ("[data-published-date]", "data-published-date"),
    ];
    let of_attribute = |(selector, attribute): &(&str, &str)| {
        let dates = page.select(selector);
        let own = dates.nodes().iter().filter(|it| !layout.is_apart(it));
        own.filter_map(|it| it.attr(attribute))
            .map(|date| date.trim().to_string())
            .find(|date| is_dated(date))
    };
    DATED.iter().find_map(of_attribute)
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
            .take(30)
            .filter(|it| !layout.is_apart(it) && it.text().len() < 400)
            .find_map(|it| date_in(&node::line(it)))
    });
    named.or_else(|| {
        let lines = layout::inside(&layout.scope?, "p, div, span, li, small, td, font, em, i, b, strong");
        lines
            .iter()
            .take(800)
            .filter(|it| it.text().len() < 160 && !layout.is_apart(it))
            .find_map(|it| date_in(&node::line(it)))
    })
}

/// The date in a line, with its clock: `By Ann Roe • May 10, 2022 1:52 pm ET | 5 comments`.
fn date_in(line: &str) -> Option<String> {
    let words: Vec<&str> =
        line.split_whitespace().filter(|word| !["|", "•", "·", "/", "–", "-"].contains(word)).collect();
    let at = words.iter().position(|word| holds_year(word) || is_short_date(word))?;
    let alone = words.get(at).is_some_and(|word| word.bytes().filter(u8::is_ascii_digit).count() > 5);
    let start = if alone { at } else { day_and_month(&words, at)? };
    let behind =
        words.get(at + 1..).unwrap_or_default().iter().take(6).take_while(|word| is_clock(word)).count();
    Some(words.get(start..=at + behind)?.join(" ").trim_matches([',', ';', '(', ')', '|']).to_string())
}

/// Where `May 10,` or `10 de mayo de` before the year begins.
fn day_and_month(words: &[&str], year: usize) -> Option<usize> {
    let (mut day, mut month) = (false, false);
    for at in (year.saturating_sub(5)..year).rev() {
        let word = words.get(at)?.trim_matches([',', '.', '(', ')']);
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        match (is_number(digits, 31), word.chars().all(|c| c.is_alphabetic() || c == '.')) {
            (true, _) if !day => day = true,
            _ if ["de", "of", "del", "the"].contains(&word) => continue,
            (false, true) if !month => month = true,
            _ => return None,
        }
        if day && month {
            return Some(at);
        }
    }
    None
}

/// A word of the clock behind a date: `1:52`, `pm`, `ET`, `at`, `Uhr`.
fn is_clock(word: &str) -> bool {
    const WORDS: &[&str] = &["am", "pm", "a.m.", "p.m.", "at", "um", "uhr", "kl.", "h", "à"];
    let bare = word.trim_matches(['(', ')', ',']);
    let timed =
        bare.contains([':', 'h']) && bare.is_ascii() && bare.starts_with(|c: char| c.is_ascii_digit());
    let zone = (2..=5).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_uppercase());
    timed || zone || WORDS.contains(&bare.to_lowercase().as_str())
}

/// Does the line hold a whole date: day, month and year?
pub fn holds_date(line: &str) -> bool {
    date_in(line).is_some()
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
    parts.windows(3).find_map(|part| match part {
        [year, month, day] if is_year(year) && is_number(month, 12) && is_number(day, 31) => {
            Some(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => None,
    })
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u16| (1990..2100).contains(&year))
}

fn is_number(text: &str, most: u8) -> bool {
    text.len() <= 2 && text.parse().is_ok_and(|number: u8| (1..=most).contains(&number))
}

/// Long enough for a date, and with a year in it.
fn is_dated(text: &str) -> bool {
    (6..=80).contains(&text.len()) && (holds_year(text) || text.split_whitespace().any(is_short_date))
}

fn holds_year(text: &str) -> bool {
    let begins = |century: &&str| {
        text.match_indices(*century).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            !before.ends_with(|c: char| c.is_ascii_digit()) && text.get(at..at + 4).is_some_and(is_year)
        })
    };
    ["19", "20"].iter().any(begins)
}

/// `12/16/16`, `19.07.22`.
fn is_short_date(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches(',').split(['/', '.']).collect();
    parts.len() == 3
        && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_taken_out_of_its_line() {
        for (line, expected) in [
            ("By Ann Roe • May 10, 2022 1:52 pm ET | 5 comments", Some("May 10, 2022 1:52 pm ET")),
            ("Published December 22, 2016 by The Paper", Some("December 22, 2016")),
            ("Erstellt: 28.04.2023, 18:16 Uhr", Some("28.04.2023, 18:16 Uhr")),
            ("Ann Roe • 12/16/16 12:21pm", Some("12/16/16 12:21pm")),
            ("el 1 de abril de 2024", Some("1 de abril de 2024")),
            ("2023-11-17 20:52:15来源：新华网", Some("2023-11-17")),
            ("© 2024 The Paper", None),
            ("In 2024 moles dug on", None),
        ] {
            assert_eq!(date_in(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn the_surest_date_is_given_first() {
        let read = |html: &str| {
            let page = Document::from(html);
            let dates = super::read(&page, &Layout::of(&page), &Object::new(), &Meta::read(&page));
            dates.into_iter().map(|date| date.text).collect::<Vec<_>>()
        };
        for (html, expected) in [
            (
                "<meta property='article:published_time' content='2024-04-01T10:00:00Z'><time datetime='2024-04-02'>",
                "2024-04-01T10:00:00Z",
            ),
            ("<meta value='2024-04-01T10:00:00Z' name='article:published_time'>", "2024-04-01T10:00:00Z"),
            ("<time datetime='2024-04-02'>yesterday</time>", "2024-04-02"),
            ("<p class=byline>By Ann Roe, April 2, 2024</p>", "April 2, 2024"),
            ("<link rel=canonical href='https://e.example/2024/04/02/moles'>", "2024-04-02"),
        ] {
            assert_eq!(read(html), [expected], "{html}");
        }
    }
}
