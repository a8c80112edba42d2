//! The page's own structure: headline, byline, dateline, dates and captions by the names that publishers give them.

use dom_query::{Document, NodeRef, Selection};

use crate::wire::{WireMedia, WireText};

/// The text of a node on one line; scripts and styles left out.
pub fn line(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    for inner in node.descendants_it() {
        if inner.is_text() {
            let hidden = inner.parent().and_then(|parent| parent.node_name()).is_some_and(|name| {
                ["script", "style", "noscript", "template", "svg"].contains(&name.as_ref())
            });
            if !hidden {
                text.push_str(&inner.text());
            }
        } else if inner.is_element() {
            text.push(' ');
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first text that one of the selectors finds, in their order.
pub fn first(page: &Document, selectors: &[&str]) -> Option<String> {
    selectors.iter().find_map(|selector| {
        page.select(selector)
            .iter()
            .map(|found| found.nodes().first().map(line).unwrap_or_default())
            .find(|text| !text.is_empty())
    })
}

/// Every text that the selector finds outside the asides of the page.
pub fn all(page: &Document, selector: &str) -> Vec<String> {
    page.select(selector).nodes().iter().take(20).filter(|node| !is_aside(node)).map(line).collect()
}

/// Selectors of a byline, the surest first.
#[rustfmt::skip]
const BYLINES: &[&str] = &[
    "[itemprop='author'] [itemprop='name']", "[itemprop='author']", "[rel~='author']", "a[href*='/author/']", ".byline-name", ".byline__name", ".author-name", ".article__author", ".article-author",
    ".entry-author", ".post-author", ".byline", "[class*='byline']", "[class*='Byline']", "[class*='author__name']", "[class*='authorName']", ".author", "[class*='author']", "#byline", "address",
];

/// The texts of the first selector that finds a byline; several only when they stand side by side.
pub fn bylines(page: &Document) -> Vec<String> {
    BYLINES
        .iter()
        .map(|selector| side_by_side(page, selector))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn side_by_side(page: &Document, selector: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut home = None;
    for node in page.select(selector).nodes().iter().take(12) {
        let text = line(node);
        let family = node.parent().and_then(|parent| parent.parent()).map(|it| it.id);
        let fits = (3..=160).contains(&text.len()) && !found.contains(&text) && !is_aside(node);
        if fits && (found.is_empty() || family == home) {
            home = family;
            found.push(text);
        }
    }
    found
}

/// Dates in the page's own structure: attribute and text of `time` and its likes.
pub fn published(page: &Document) -> Option<String> {
    const DATED: &[(&str, &str)] = &[
        ("[itemprop='datePublished']", "content"),
        ("[itemprop='datePublished']", "datetime"),
        ("time[pubdate]", "datetime"),
        ("article time[datetime]", "datetime"),
        ("time[datetime]", "datetime"),
        ("abbr.published", "title"),
    ];
    let of_attribute = |(selector, attribute): &(&str, &str)| {
        let dates = page.select(selector);
        dates
            .nodes()
            .iter()
            .filter(|node| !is_aside(node))
            .find_map(|node| node.attr(attribute))
            .map(|date| date.trim().to_string())
            .filter(|date| date.len() >= 8)
    };
    DATED.iter().find_map(of_attribute).or_else(|| printed_date(page))
}

/// A date that is only printed: the text of an element named for it, when it holds a year.
fn printed_date(page: &Document) -> Option<String> {
    const NAMED: &[&str] = &[
        "[itemprop='datePublished']",
        "time",
        ".published",
        ".pubdate",
        ".publish-date",
        ".article-date",
        ".post-date",
        ".entry-date",
        ".dateline",
        "[class*='timestamp']",
        "[class*='publish']",
        "[class*='pubdate']",
        "[class*='date']",
        "[id*='date']",
    ];
    let dated = |text: &String| {
        (8..=60).contains(&text.len())
            && ["19", "20"].iter().any(|century| {
                text.match_indices(century).any(|(at, _)| {
                    text.get(at..at + 4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
                })
            })
    };
    NAMED.iter().find_map(|selector| {
        page.select(selector).nodes().iter().take(6).filter(|node| !is_aside(node)).map(line).find(dated)
    })
}

/// Parts of a page that are not the story: by the names that publishers give them.
#[rustfmt::skip]
const ASIDES: &[&str] = &["related", "teaser", "recommend", "newsletter", "promo", "sidebar", "outbrain", "taboola", "comment", "footer", "nav", "most-read", "mostread", "popular", "more-stories", "morestories", "widget", "trending", "also-like", "read-next", "onward"];

/// Does the node stand in a part of the page that is not its story?
pub fn is_aside(node: &NodeRef<'_>) -> bool {
    node.ancestors_it(Some(12)).any(|parent| {
        let name = parent.node_name().unwrap_or_default();
        if ["aside", "nav", "footer"].contains(&name.as_ref()) {
            return true;
        }
        if ["body", "html", "main", "article"].contains(&name.as_ref()) {
            return false;
        }
        let class = parent.class().unwrap_or_default().to_ascii_lowercase();
        let id = parent.id_attr().unwrap_or_default().to_ascii_lowercase();
        ASIDES.iter().any(|part| class.contains(part) || id.contains(part))
    })
}

/// The element that holds the story: the `article` with most text, `main`, or the whole body.
pub fn story<'a>(page: &'a Document) -> Option<NodeRef<'a>> {
    let longest = |selector: &str| {
        page.select(selector)
            .nodes()
            .iter()
            .take(40)
            .map(|node| (paragraphs(node), *node))
            .filter(|(length, _)| *length > 400)
            .max_by_key(|(length, _)| *length)
            .map(|(_, node)| node)
    };
    let whole = page.body()?;
    let all = paragraphs(&whole);
    let enough = |node: &NodeRef<'a>| paragraphs(node) * 2 > all;
    ["[itemtype*='Article']", "article", "[itemprop='articleBody']", "main", "[role='main']"]
        .iter()
        .filter_map(|selector| longest(selector))
        .find(enough)
        .or(Some(whole))
}

/// Letters of its paragraphs.
fn paragraphs(node: &NodeRef<'_>) -> usize {
    Selection::from(*node).select("p").nodes().iter().take(400).map(|paragraph| paragraph.text().len()).sum()
}

/// Where captions stand, inside the story.
const CAPTIONS: &str = "figcaption, .wp-caption-text, [itemprop='caption'], [class*='caption'], [class*='Caption'], [class*='bildunterschrift'], [class*='bildtext'], [class*='legende']";
/// Elements inside a figure that hold its credit.
const CREDITS: &str = "[class*='credit'], [class*='Credit'], [class*='copyright'], [class*='Copyright'], [class*='source'], [class*='Source'], [class*='photographer'], [class*='attribution'], [class*='byline'], [class*='author'], [itemprop='copyrightHolder'], [itemprop='creator'], [itemprop='author'], small, cite";

/// Pictures of the story with what is printed under them.
pub fn captions(page: &Document) -> Vec<WireMedia> {
    let Some(story) = story(page) else { return Vec::new() };
    let nodes = Selection::from(story).select(CAPTIONS);
    nodes
        .nodes()
        .iter()
        .take(200)
        .filter(|node| is_outermost(node) && !is_aside(node))
        .filter_map(caption)
        .collect()
}

/// Not inside another caption, and not a wrapper around a picture and its caption.
fn is_outermost(node: &NodeRef<'_>) -> bool {
    let inner = Selection::from(*node).select("img, picture, video, figcaption, p + p + p").exists();
    let outer = node
        .ancestors_it(Some(4))
        .any(|parent| parent.is("figcaption, .wp-caption-text, [itemprop='caption']"));
    !inner && !outer
}

fn caption(node: &NodeRef<'_>) -> Option<WireMedia> {
    let figure = node
        .ancestors_it(Some(5))
        .find(|parent| Selection::from(*parent).select("img, picture, video, amp-img").exists())?;
    let is_teaser = figure.ancestors_it(Some(3)).any(|parent| parent.has_name("a"))
        || Selection::from(*node).select("h2 a, h3 a").exists();
    let whole = line(node);
    if is_teaser || whole.len() < 3 || whole.len() > 1500 {
        return None;
    }
    let inside = |of: &NodeRef<'_>| {
        Selection::from(*of)
            .select(CREDITS)
            .nodes()
            .iter()
            .map(line)
            .find(|it| !it.is_empty() && *it != whole && it.len() < 200)
    };
    let credit = inside(node).or_else(|| figure.is("figure").then(|| inside(&figure)).flatten());
    let image = Selection::from(figure).select("img").nodes().first().copied();
    let url = image
        .and_then(|image| {
            image.attr("src").filter(|src| !src.starts_with("data:")).or_else(|| image.attr("data-src"))
        })
        .map(|it| it.to_string());
    let text = match &credit {
        Some(credit) if whole.ends_with(credit.as_str()) => {
            whole.get(..whole.len() - credit.len()).unwrap_or_default().trim().to_string()
        }
        Some(credit) => whole.replacen(credit.as_str(), "", 1).trim().to_string(),
        None => whole,
    };
    (!text.is_empty()).then(|| WireMedia {
        url,
        caption: Some(WireText::plain(text)),
        credit,
        role: Some("image".into()),
        ..WireMedia::default()
    })
}
