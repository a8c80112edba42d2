//! News pages: schema.org in JSON-LD and microdata, OpenGraph, then the page's own structure.
//!
//! An article page gives one story, its body found by a readability library. A page that shows no story is refused.

mod ld;
mod meta;
mod page;
mod title;

use dom_query::Document as Page;
use dom_smoothie::{Config, Readability};

use super::{Document, FormatError, Head, head};
use crate::wire::{
    CodeKind, DateKind, Parsed, WireCode, WireDate, WireDateline, WireItem, WireLink, WirePerson, WireText,
};
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
    let page = Page::from(document.text);
    let stories = ld::stories(&page);
    let meta = Meta::read(&page);
    let story = stories.iter().find(|story| story.contains_key("headline")).or(stories.first());
    let empty = Object::new();
    let mut item = of_page(&page, story.unwrap_or(&empty), &meta);
    body(&mut item, document, story.unwrap_or(&empty));
    let told = item.bodies.iter().map(|body| body.text.len()).sum::<usize>();
    let is_article = story.is_some()
        || meta.first(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"))
        || page.select("article, [itemprop='articleBody']").exists();
    if item.headlines.is_empty() || told < if is_article { 100 } else { 800 } {
        return Err(FormatError::NotAFeed { found: head::describe(&document.head) });
    }
    Ok(Parsed { items: vec![item], ..Parsed::default() })
}

fn of_page(page: &Page, story: &Object, meta: &Meta) -> WireItem {
    let mut item = WireItem { class: Some("text".into()), ..WireItem::default() };
    item.headlines.extend(headline(page, story, meta).map(WireText::plain));
    item.creators = authors(page, story, meta);
    dates(&mut item, page, story, meta);
    dateline(&mut item, page, story);
    item.media = page::captions(page);
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

/// The headline that readers see, when the page's other titles bear it out; search engines are often told another one.
fn headline(page: &Page, story: &Object, meta: &Meta) -> Option<String> {
    let titles: Vec<String> = [
        ld::text(story, "headline"),
        meta.first(&["og:title", "twitter:title", "headline", "title"]).map(String::from),
        page::first(page, &["head > title", "title"]),
    ]
    .into_iter()
    .flatten()
    .collect();
    let site = meta.first(&["og:site_name", "application-name"]).unwrap_or_default();
    let printed: Vec<String> = page::all(page, "[itemprop='headline'], h1")
        .into_iter()
        .filter(|text| text.chars().count() >= 6 && text.len() < 400)
        .collect();
    let borne_out = |text: &&String| titles.iter().any(|title| title::agree(text, title));
    let shown = printed.iter().find(borne_out).or_else(|| printed.first().filter(|_| titles.is_empty()));
    shown.cloned().or_else(|| titles.first().map(|title| title::without_site(title, site)))
}

/// Names that schema.org, `meta` elements or the page give, the first source that names somebody who is not the site itself.
fn authors(page: &Page, story: &Object, meta: &Meta) -> Vec<WirePerson> {
    let site = [meta.first(&["og:site_name"]).map(String::from), ld::text(story, "publisher")];
    let is_site = |name: &str| {
        site.iter().flatten().any(|site| title::folded(site) == title::folded(name))
            || name.contains("://")
            || title::is_domain(name)
    };
    let person = |name: &str| WirePerson { name: name.into(), ..WirePerson::default() };
    let of_meta = || {
        meta.all(&[
            "author",
            "byl",
            "parsely-author",
            "sailthru.author",
            "dc.creator",
            "dcterms.creator",
            "article:author",
            "cxenseparse:author",
            "article:author_name",
        ])
    };
    let sources: [Vec<WirePerson>; 3] = [
        of_story(story),
        of_meta().into_iter().map(person).collect(),
        page::bylines(page).iter().map(|name| person(name)).collect(),
    ];
    let named = |source: Vec<WirePerson>| -> Vec<WirePerson> {
        source.into_iter().filter(|one| !is_site(&one.name)).collect()
    };
    sources.into_iter().map(named).find(|source| source.iter().any(|one| !one.is_org)).unwrap_or_default()
}

fn of_story(story: &Object) -> Vec<WirePerson> {
    let mut found = Vec::new();
    for member in ld::members(story, "author") {
        let is_org = ld::is_organisation(member);
        found.extend(ld::words(member).into_iter().map(|name| WirePerson {
            name,
            is_org,
            ..WirePerson::default()
        }));
    }
    found
}

fn dates(item: &mut WireItem, page: &Page, story: &Object, meta: &Meta) {
    let of_meta = |names: &[&str]| meta.first(names).map(String::from);
    let published = ld::text(story, "datePublished")
        .or_else(|| {
            of_meta(&[
                "article:published_time",
                "og:published_time",
                "datepublished",
                "date.issued",
                "dc.date.issued",
                "dcterms.created",
                "parsely-pub-date",
                "sailthru.date",
                "pubdate",
                "publishdate",
                "publish-date",
                "date",
                "dc.date",
                "article:published",
                "cxenseparse:recs:publishtime",
            ])
        })
        .or_else(|| page::published(page))
        .or_else(|| ld::text(story, "dateCreated"));
    let updated = ld::text(story, "dateModified")
        .or_else(|| of_meta(&["article:modified_time", "og:updated_time", "lastmod", "datemodified"]));
    item.dates.extend(published.map(|text| WireDate { kind: DateKind::Published, text }));
    item.dates.extend(updated.map(|text| WireDate { kind: DateKind::Updated, text }));
}

fn dateline(item: &mut WireItem, page: &Page, story: &Object) {
    let found = ld::text(story, "dateline")
        .or_else(|| page::first(page, &["[itemprop='dateline']", ".dateline", "[class*='dateline']"]));
    item.datelines.extend(
        found.filter(|text| text.len() < 120).map(|text| WireDateline { text, ..WireDateline::default() }),
    );
}

/// The story itself, as the readability library finds it; else what schema.org says it is.
fn body(item: &mut WireItem, document: &Document<'_>, story: &Object) {
    let config = Config { max_elements_to_parse: 60_000, char_threshold: 200, ..Config::default() };
    let article =
        Readability::new(document.text, None, Some(config)).ok().and_then(|mut page| page.parse().ok());
    if let Some(article) = article {
        item.bodies.push(WireText::html(article.content.to_string()));
    } else if let Some(told) = ld::text(story, "articleBody") {
        item.bodies.push(WireText::unsaid(told));
    }
}
