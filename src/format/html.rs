//! News pages: schema.org in JSON-LD and microdata, OpenGraph, then the page's own structure.
//!
//! An article page gives one story, its body found by a readability library. A page that shows no story is refused.

mod bound;
mod byline;
mod dated;
mod furniture;
mod layout;
mod ld;
mod meta;
mod node;
mod picture;
mod story;
mod title;

use dom_query::Document as Page;

use super::{Document, FormatError, Head, head};
use crate::wire::{CodeKind, Parsed, WireCode, WireDateline, WireItem, WireLink, WireText};
use layout::Layout;
use ld::Object;
use meta::Meta;

/// The root is `html`; or no root is any format's and the text begins as pages do whose `html` tag was left out.
pub fn sniff(head: &Head<'_>) -> bool {
    match head.root {
        Some(root) => root.tag.eq_ignore_ascii_case("html"),
        None => begins_like_a_page(head.text),
    }
}

fn begins_like_a_page(text: &str) -> bool {
    let start: String = text.chars().take(2000).flat_map(char::to_lowercase).collect();
    ["<!doctype html", "<head", "<body"].iter().any(|tag| start.starts_with(tag)) || start.contains("<html")
}

/// Reads the story of a page.
///
/// # Errors
/// When the page shows no story: an error page, a list of links, a form.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let page = Page::from(bound::bounded(document.text).as_ref());
    let stories = ld::stories(&page);
    let meta = Meta::read(&page);
    let story = stories.iter().find(|story| story.contains_key("headline")).or(stories.first());
    let is_article = story.is_some()
        || meta.first(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"))
        || page.select("article, [itemprop='articleBody']").exists();
    let empty = Object::new();
    let story = story.unwrap_or(&empty);
    let mut item = of_page(&page, story, &meta);
    let headline = item.headlines.first().map(|headline| headline.text.clone()).unwrap_or_default();
    item.bodies.extend(story::read(page, story, &headline));
    let told = item.bodies.iter().map(|body| body.text.len()).sum::<usize>();
    if item.headlines.is_empty() || told < if is_article { 100 } else { 800 } {
        return Err(FormatError::NotAFeed { found: head::describe(&document.head) });
    }
    Ok(Parsed { items: vec![item], ..Parsed::default() })
}

/// Everything but the body; what is read into fields of its own is taken out of the page.
fn of_page(page: &Page, story: &Object, meta: &Meta) -> WireItem {
    let layout = Layout::of(page);
    let mut item = WireItem { class: Some("text".into()), ..WireItem::default() };
    item.headlines.extend(title::headline(page, &layout, story, meta).map(WireText::plain));
    let signed = byline::read(page, &layout, story, meta);
    item.creators = signed.people;
    item.bylines.extend(signed.desk.map(WireText::plain));
    item.dates = dated::read(page, &layout, story, meta);
    dateline(&mut item, page, story);
    let pictures = picture::read(page, &layout, story);
    story::strip(page, &layout, &pictures);
    item.media = pictures.media;
    item.language = page
        .select("html")
        .attr("lang")
        .map(|lang| lang.to_string())
        .or_else(|| ld::text(story, "inLanguage"));
    item.provider = ld::text(story, "publisher")
        .or_else(|| meta.first(&["og:site_name", "application-name"]).map(Into::into));
    let summary = ld::text(story, "description")
        .or_else(|| meta.first(&["og:description", "description", "twitter:description"]).map(Into::into));
    item.summaries.extend(summary.map(WireText::plain));
    let own = page.select("link[rel='canonical']").attr("href").map(|href| href.to_string());
    let own = own.or_else(|| meta.first(&["og:url"]).map(Into::into));
    item.links.extend(own.map(|href| WireLink { href, ..WireLink::default() }));
    let keyword = |name: &str| WireCode {
        kind: CodeKind::Keyword,
        name: Some(name.trim().into()),
        ..WireCode::default()
    };
    let tags = meta.all(&["article:tag", "news_keywords", "keywords"]);
    item.codes = tags
        .iter()
        .flat_map(|tags| tags.split(','))
        .filter(|tag| !tag.trim().is_empty())
        .map(keyword)
        .take(40)
        .collect();
    item
}

fn dateline(item: &mut WireItem, page: &Page, story: &Object) {
    let found = ld::text(story, "dateline").or_else(|| {
        page.select("[itemprop='dateline'], .dateline, [class*='dateline']").nodes().first().map(node::line)
    });
    item.datelines.extend(
        found.filter(|text| text.len() < 120).map(|text| WireDateline { text, ..WireDateline::default() }),
    );
}
