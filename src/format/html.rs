//! News pages: schema.org in JSON-LD and microdata, OpenGraph, then the page's own structure.
//!
//! An article page gives one story, its body found by a readability library. A page that shows no story is refused.

mod bare;
mod beside;
mod bound;
mod breaks;
mod byline;
mod column;
mod dated;
mod furniture;
mod inset;
mod layout;
mod ld;
mod meta;
mod node;
mod picture;
mod printed;
mod section;
mod story;
mod title;

use dom_query::{Document as Page, NodeRef};

use super::{Document, FormatError, Head, head};
use crate::wire::{CodeKind, Parsed, WireCode, WireDateline, WireItem, WireLink, WirePerson, WireText};
use layout::Layout;
use ld::Object;
use meta::Meta;

/// The root is `html`; or no root is any format's and the text begins as pages do whose `html` tag was left out.
pub fn sniff(head: &Head<'_>) -> bool {
    match head.root {
        Some(root) => root.tag.eq_ignore_ascii_case("html"),
        None => head.keys.is_empty() && begins_like_a_page(head.text),
    }
}

fn begins_like_a_page(text: &str) -> bool {
    let start: String = text.chars().take(2000).flat_map(char::to_lowercase).collect();
    ["<!doctype html", "<head", "<body"].iter().any(|tag| start.starts_with(tag)) || start.contains("<html")
}

/// Reads the story of a page, or the stories that a section page lists.
///
/// # Errors
/// When the page shows neither: an error page, a form, a few links.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let page = Page::from(bound::bounded(document.text).as_ref());
    let refused = || FormatError::NotAFeed { found: head::describe(&document.head) };
    if title::is_refusal(&page) {
        return Err(refused());
    }
    breaks::paragraphed(&page);
    let (meta, layout) = (Meta::read(&page), Layout::of(&page));
    let ld::Told { stories, page: about } = ld::read(&page);
    if let Some(parsed) = section_of(&page, &layout, &stories, &meta) {
        return Ok(parsed);
    }
    let told = stories.iter().find(|story| story.contains_key("headline")).or(stories.first());
    let is_article = is_article(&page, &stories, &meta);
    let is_headed = page.select("h1").nodes().iter().any(|it| is_sentence(it, &layout))
        || title::is_printed(&page, &layout, &meta, own_address(&page, &meta).as_deref());
    let empty = Object::new();
    let story = told.unwrap_or(&empty);
    let mut item = of_page(&page, &layout, (story, &about), &meta);
    let headline = item.headlines.first().map(|headline| headline.text.clone()).unwrap_or_default();
    let own = story::own(&layout);
    drop(layout);
    item.bodies.extend(story::read(page, &own, story, &headline));
    let told = item.bodies.iter().map(|body| body.text.len()).sum::<usize>();
    let is_signed = !item.creators.is_empty() && !item.dates.is_empty();
    let is_dated = is_headed && !item.dates.is_empty();
    if item.headlines.is_empty() || told < least(is_article, is_signed, is_dated) {
        return Err(refused());
    }
    if item.links.is_empty() {
        item.links.extend(document.url.map(|href| WireLink { href: href.into(), ..WireLink::default() }));
    }
    Ok(Parsed { items: vec![item], ..Parsed::default() })
}

/// Bytes of text that make a page a story: few where it says that it is one, bears a byline and a date, or a headline and a date.
fn least(is_article: bool, is_signed: bool, is_dated: bool) -> usize {
    match (is_article, is_signed, is_dated) {
        (true, ..) => 100,
        (_, true, _) => 300,
        (.., true) => 450,
        _ => 800,
    }
}

/// Does the page say that it is one story?
fn is_article(page: &Page, stories: &[Object], meta: &Meta) -> bool {
    !stories.is_empty()
        || meta.first(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"))
        || page.select("article, [itemprop='articleBody']").exists()
}

/// Letters of a story's own paragraphs; a page with fewer, and with cards, is a list. Below a headline that is a sentence
/// and no link, few are enough.
const STORY: usize = 700;
const SHORT_STORY: usize = 150;

/// The page as a list of stories: it has cards, says of no single story that it is that, and has little text beside them.
fn section_of(page: &Page, layout: &Layout<'_>, stories: &[Object], meta: &Meta) -> Option<Parsed> {
    let is_one = stories.len() == 1
        || stories.iter().any(|story| story.contains_key("articleBody"))
        || meta.first(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"))
        || page.select("[itemprop='articleBody']").exists();
    if is_one {
        return None;
    }
    let items = section::cards(page, layout);
    let own = own_address(page, meta);
    if title::is_printed(page, layout, meta, own.as_deref())
        && section::told_beside(page, layout, own.as_deref()) >= SHORT_STORY
    {
        return None;
    }
    let is_headed = page.select("h1").nodes().iter().any(|it| is_sentence(it, layout));
    let enough = if is_headed { SHORT_STORY } else { STORY };
    if items.is_empty() || section::letters_beside(page, layout) >= enough {
        return None;
    }
    let title = meta.first(&["og:title"]).map(String::from).or_else(|| {
        page.select("head > title, title").nodes().first().map(node::line).filter(|title| !title.is_empty())
    });
    Some(Parsed { feed: section::feed(page, title, own), items, ..Parsed::default() })
}

/// Is a heading a sentence, and no link?
fn is_sentence(heading: &NodeRef<'_>, layout: &Layout<'_>) -> bool {
    !layout.is_aside(heading)
        && layout::inside(heading, "a").is_empty()
        && title::words(&node::line(heading)).len() >= 5
}

fn own_address(page: &Page, meta: &Meta) -> Option<String> {
    let own = page.select("link[rel='canonical']").attr("href").map(|href| href.to_string());
    own.or_else(|| meta.first(&["og:url"]).map(Into::into))
}

/// Everything but the body; what is read into fields of its own is taken out of the page.
fn of_page(page: &Page, layout: &Layout<'_>, (story, about): (&Object, &Object), meta: &Meta) -> WireItem {
    let mut item = WireItem { class: Some("text".into()), ..WireItem::default() };
    item.headlines.extend(title::headline(page, layout, story, meta).map(WireText::plain));
    let headline = item.headlines.first().map_or_else(String::new, |it| it.text.clone());
    let signed = byline::read(page, layout, story, meta, &headline);
    item.creators = signed.people;
    if let Some(desk) = signed.desk {
        // one word is a paper's or a desk's name, and never read as a person's
        let is_org = !desk.contains(' ') && desk.is_ascii() && desk.starts_with(char::is_uppercase);
        match is_org {
            true => item.creators.push(WirePerson { name: desk, is_org, ..WirePerson::default() }),
            false => item.bylines.push(WireText::plain(desk)),
        }
    }
    item.dates = dated::read(page, layout, (story, about), meta, &headline);
    dateline(&mut item, page, story);
    let pictures = picture::read(page, layout, story);
    let names: Vec<String> =
        item.creators.iter().filter(|one| !one.is_org).map(|one| byline::bare_name(&one.name)).collect();
    story::strip(page, layout, &pictures, &names);
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
    item.links.extend(own_address(page, meta).map(|href| WireLink { href, ..WireLink::default() }));
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

#[cfg(test)]
mod tests {
    use super::super::read;
    use crate::wire::Delivery;
    use proptest::prelude::*;

    fn headlines(page: &str) -> Vec<String> {
        let delivery = Delivery { bytes: page.into(), ..Delivery::default() };
        let parsed = read(&delivery, None).unwrap_or_default();
        parsed.items.iter().filter_map(|item| item.headlines.first()).map(|line| line.text.clone()).collect()
    }

    /// Cards of other stories, as below a story or on a section page.
    fn rail() -> String {
        let card = |n| {
            format!(
                "<div><h3><a href=/{n}>Another story of the day, number {n}</a></h3><p>By Bob Doe The Associated Press</p>\
                 <p>What is to be read in the story of the day with the number {n}, in short.</p></div>"
            )
        };
        (1..8).map(card).collect()
    }

    fn told(paragraphs: usize) -> String {
        "<p>The council met on Tuesday evening to speak about the moles below the town hall, and about what they cost.</p>"
            .repeat(paragraphs)
    }

    #[test]
    fn a_story_with_a_rail_of_others_is_one_story_and_the_rail_alone_is_a_list() {
        let title = "Moles dig on below the town hall";
        let long =
            format!("<html><title>{title}</title><div><h1>{title}</h1>{}</div>{}</html>", told(10), rail());
        assert_eq!(headlines(&long), [title]);
        let short =
            format!("<html><title>{title}</title><div><h1>{title}</h1>{}</div>{}</html>", told(3), rail());
        assert_eq!(headlines(&short), [title]);
        let said = format!(
            "<html><title>{title}</title><meta property=og:type content=article><article><h1>{title}</h1>{}</article>{}</html>",
            told(2),
            rail()
        );
        assert_eq!(headlines(&said), [title]);
        let list = format!("<html><title>Town | Paper</title><h1>Town</h1>{}</html>", rail());
        assert_eq!(headlines(&list).len(), 7);
        assert_eq!(headlines(&list)[0], "Another story of the day, number 1");
    }

    #[test]
    fn a_page_that_prints_its_own_title_is_a_story_whatever_stands_below_and_around_it() {
        let title = "Moles dig on below the town hall";
        let text =
            "The council met on Tuesday evening to speak about the moles, and about what they cost.<br>"
                .repeat(12);
        let page = |heading: &str| {
            format!(
                "<html><head><title>{title} | Paper</title><link rel=canonical href='https://e.example/moles'></head>\
                 <h1>Paper of the Town and Land</h1><div>{heading}<div>{text}</div></div>{}</html>",
                rail()
            )
        };
        for heading in [format!("<h2>{title}</h2>"), format!("<h2><a href=/moles>{title}</a></h2>")] {
            assert_eq!(headlines(&page(&heading)), [title], "{heading}");
        }
        assert_eq!(headlines(&page("<h2><a href=/voles>Voles dig on below the town hall</a></h2>")).len(), 8);
    }

    fn body_of(page: &str) -> String {
        let delivery = Delivery { bytes: page.into(), ..Delivery::default() };
        let items = read(&delivery, None).unwrap_or_default().items;
        let body = items.into_iter().next().and_then(|item| item.bodies.into_iter().next());
        body.map(|body| body.text).unwrap_or_default()
    }

    #[test]
    fn the_text_is_the_box_that_is_named_for_it_or_what_schema_org_says() {
        let said = "<p>Ann Roe wrote that she had never seen so many letters about moles in one morning.</p>"
            .repeat(40);
        let page = format!(
            "<html><title>Moles dig on</title><h1>Moles dig on</h1><div class=article-text>{}</div><div class=letters>{said}</div></html>",
            told(9)
        );
        assert!(body_of(&page).contains("The council met") && !body_of(&page).contains("Ann Roe"));
        let whole = "The council met on Tuesday evening. ".repeat(40);
        let page = format!(
            "<html><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Moles dig on\",\"articleBody\":\"{whole}\"}}</script>\
             <h1>Moles dig on</h1>{}</html>",
            told(1)
        );
        assert_eq!(body_of(&page), whole.trim());
    }

    #[test]
    fn a_box_about_the_writer_is_no_part_of_the_text() {
        let body = |about: &str| {
            let page = format!(
                "<html><title>Moles dig on</title><meta name=author content='Ann Roe'><article><h1>Moles dig on</h1>{}{about}</article></html>",
                told(8)
            );
            body_of(&page)
        };
        let boxed = "<div class=bio><p>Ann Roe is a reporter for the Town Paper, where she writes about gardens and moles.</p></div>";
        assert!(!body(boxed).contains("is a reporter"));
        assert!(
            body("<p>Ann Roe is a reporter for the Town Paper, where she writes about gardens.</p>")
                .contains("is a reporter")
        );
    }

    /// What the readers of pages look for, in every order.
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "<div class='caption byline date'>", "</div>", "<p>", "</p>", "<figure>", "<img src=x alt='é A mole in its hill'>", "<figcaption>", "</figcaption>", "<h1>", "</h1>", "<h2><a href=/x>", "</a></h2>", "<a rel=author>",
        "<time datetime='2024-04-01'>", "<meta name=author content='Ann Roe'>", "<meta property=og:title content='Ö'>", "<script type='application/ld+json'>", "{\"@type\":\"NewsArticle\",\"headline\":\"Ünd\"}", "</script>", "<aside>", "<footer>",
        "By Ann Roé, The Associated Press", "Published 20é 2024", "12/16/16", "1. Mai 2024", "© 2024 ÄP", "FILE – A mole", "(ÄP Photo/Ann Roe)", "İstanbul — ", "モグラ｜", "<table><tr><td>", "<br>", "<!--", "-->", "<", ">", "\u{0}", "\u{ad}", " ", "<title>Ö - Päper</title>",
    ];

    proptest! {
        #[test]
        fn any_soup_of_what_pages_hold_is_read_without_a_panic(pieces in prop::collection::vec(0..PIECES.len(), 0..80)) {
            let soup: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
            headlines(&format!("<html>{soup}{}{soup}", told(2)));
        }
    }

    #[test]
    fn a_page_without_a_story_is_refused() {
        for page in [
            "<html><title>Sign in</title><form><input></form></html>",
            "<html><title>Page not found</title><h1>Sorry</h1><p>There is no page at this address, or there was one.</p></html>",
            "<html><body></body></html>",
        ] {
            assert!(headlines(page).is_empty(), "{page}");
        }
    }
}
