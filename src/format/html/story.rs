//! The story's text, as a readability library finds it, without the furniture of the page.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::super::prose;
use super::breaks;
use super::column;
use super::furniture;
use super::layout::{self, Layout};
use super::ld::{self, Object};
use super::picture::Pictures;
use super::{node, title};
use crate::wire::WireText;

/// Elements of a page, at most: above that only what schema.org says is read.
const MOST: usize = 60_000;

/// What most of the page's paragraphs stand in: the story where the library loses the better part of it.
#[derive(Debug, Default)]
pub struct Own {
    html: String,
    line: String,
    letters: usize,
    /// It was chosen for its name: the library may well find more elsewhere.
    is_named: bool,
    /// How some of its paragraphs begin.
    beginnings: Vec<String>,
}

/// Paragraphs that are sought in what the library found, and the letters of each.
const SOUGHT: usize = 40;
const BEGINNING: usize = 40;

impl Own {
    /// Is the text a part of this, and the smaller one?
    fn holds_more_than(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        let middle = words.get(words.len() / 2..).unwrap_or_default().iter().take(5).copied();
        let part = self.line.contains(&middle.collect::<Vec<_>>().join(" "));
        part && text.trim().len() * 2 < self.letters
    }

    /// Did the library take another part of the page, and one that tells little: a form, a list, a table below the story?
    fn is_missed_by(&self, text: &str, html: &str) -> bool {
        let text = prose::fold(text);
        let found = self.beginnings.iter().filter(|beginning| text.contains(beginning.as_str())).count();
        let missed = self.beginnings.len() > 2
            && found * 2 < self.beginnings.len()
            && told_in(html) * 4 < self.letters;
        self.is_named || missed
    }
}

/// Letters of the paragraphs that are long enough for a story's.
fn told_in(html: &str) -> usize {
    let page = Document::from(html);
    let paragraphs = page.select("p");
    let lines = paragraphs.nodes().iter().take(2_000).map(node::line);
    lines.filter(|line| line.chars().count() >= PARAGRAPH).map(|line| line.len()).sum()
}

/// Takes a copy of it, before the library takes the page.
pub fn own(layout: &Layout<'_>) -> Own {
    let Some(node) = layout.text else { return Own::default() };
    let paragraphs = layout::inside(&node, "p");
    let own = paragraphs.iter().take(2_000).filter(|it| !layout.is_aside(it)).map(node::line);
    let told: Vec<String> = own.filter(|line| line.len() >= 40).collect();
    let long = told.iter().filter(|line| line.chars().count() >= PARAGRAPH);
    let beginning = |line: &String| line.chars().take(BEGINNING).collect();
    Own {
        letters: told.iter().map(String::len).sum(),
        beginnings: long.take(SOUGHT).map(beginning).collect(),
        html: node.inner_html().to_string(),
        line: node::line(&node),
        is_named: layout.is_named,
    }
}

/// The story itself; else what schema.org says it is.
pub fn read(page: Document, own: &Own, story: &Object, headline: &str) -> Option<WireText> {
    let config = Config {
        max_elements_to_parse: MOST,
        char_threshold: 200,
        disable_json_ld: true,
        ..Config::default()
    };
    let article =
        Readability::with_document(page, None, Some(config)).ok().and_then(|mut page| page.parse().ok());
    let told = article.as_ref().map_or(0, |article| article.text_content.trim().len());
    if let Some(body) = ld::text(story, "articleBody").filter(|body| is_lost(body, told.max(own.letters))) {
        return Some(WireText::unsaid(body));
    }
    match article {
        Some(article)
            if own.holds_more_than(&article.text_content)
                || own.is_missed_by(&article.text_content, &article.content) =>
        {
            Some(WireText::html(cleaned(&own.html, headline)))
        }
        Some(article) => Some(WireText::html(cleaned(&article.content, headline))),
        None => ld::text(story, "articleBody").map(WireText::unsaid),
    }
}

/// Is what schema.org says the story is, so much longer than all that was found on the page, that the page does not print it?
/// Paywalls, and pages that a script is to fill.
fn is_lost(body: &str, found: usize) -> bool {
    const STORY: usize = 600;
    body.len() >= STORY && found * 3 < body.len()
}

/// Takes out of the page what was read into fields of its own, and what its names tell to be furniture.
pub fn strip(page: &Document, layout: &Layout<'_>, pictures: &Pictures<'_>, names: &[String]) {
    let mut gone: Vec<NodeRef<'_>> = pictures.taken.clone();
    gone.extend(column::beside(layout));
    let named = page.select(furniture::ELEMENTS);
    gone.extend(named.nodes().iter().filter(|it| is_furniture(it, layout)));
    gone.extend(credits(page, pictures));
    gone.extend(about_the_writer(page, layout, names));
    for one in gone {
        one.remove_from_parent();
    }
}

/// Boxes that say who wrote the story: `Ann Roe is a reporter for the Town Paper.` In the story's own last paragraph they are
/// its writer's words.
fn about_the_writer<'a>(page: &'a Document, layout: &Layout<'_>, names: &[String]) -> Vec<NodeRef<'a>> {
    const BOXES: &str =
        "[class*='author'], [class*='bio'], [class*='contributor'], [class*='writer'], [class*='byline']";
    const SAYS: &[&str] = &[
        " is a ",
        " is an ",
        " is the ",
        " was a ",
        " covers ",
        " writes ",
        " reports ",
        " joined ",
        " ist ",
        " est ",
        " es ",
        ", a ",
        " can be reached ",
    ];
    let says = |line: &str| {
        let of = |name: &String| {
            line.match_indices(name.as_str()).any(|(at, name)| {
                let rest = line.get(at + name.len()..).unwrap_or_default();
                at < 80 && SAYS.iter().any(|says| rest.starts_with(says))
            })
        };
        names.iter().filter(|name| name.contains(' ')).any(of)
    };
    let boxes = page.select(BOXES);
    let own = boxes
        .nodes()
        .iter()
        .take(60)
        .filter(|it| !layout.holds_story(it) && !node::is_any(it, &["body", "main", "article"]));
    own.filter(|it| node::short_line(it, 1_000).is_some_and(|line| says(&line))).copied().collect()
}

/// Lines in which nothing but the credit of a picture stands that was read.
fn credits<'a>(page: &'a Document, pictures: &Pictures<'_>) -> Vec<NodeRef<'a>> {
    let known: Vec<&str> = pictures.media.iter().filter_map(|media| media.credit.as_deref()).collect();
    let named = page.select("p[class*='credit'], div[class*='credit'], span[class*='credit']");
    let is_credit = |it: &&NodeRef<'a>| {
        !known.is_empty() && node::short_line(it, 200).is_some_and(|line| known.contains(&line.as_str()))
    };
    named.nodes().iter().take(400).filter(is_credit).copied().collect()
}

/// What its name tells to be furniture: but never a paragraph, nor a box with a good part of a story in it.
fn is_furniture(it: &NodeRef<'_>, layout: &Layout<'_>) -> bool {
    !layout.holds_story(it)
        && !node::is_any(it, &["p", "span", "body", "main", "article"])
        && it.text().len() < 1_000
}

/// Blocks that may be a line of furniture.
const BLOCKS: &str = "p, div, li, ul, ol, span, h1, h2, h3, h4, h5, h6, time, section, address, em, small";

fn cleaned(content: &str, headline: &str) -> String {
    let page = Document::from(content);
    // pictures that lead elsewhere belong to other stories
    page.select("a figcaption, a figure").remove();
    let figures = page.select("figure");
    figures.nodes().iter().filter(|it| is_card(it)).for_each(NodeRef::remove_from_parent);
    repeated_quotes(&page).iter().for_each(NodeRef::remove_from_parent);
    breaks::parted(&page);
    let blocks: Vec<NodeRef<'_>> = page.select(BLOCKS).nodes().to_vec();
    let mut told = 0;
    for block in &blocks {
        if told == 0 && block.children_it(false).any(|child| child.has_name("br")) {
            let is_gone = |line: &str| furniture::is_furniture(line, true) || is_headline(line, headline);
            breaks::strip_lines(block, &is_gone);
        }
        let Some(line) = node::short_line(block, LONGEST) else {
            told += usize::from(block.has_name("p"));
            continue;
        };
        let above = told < 3;
        let gone = furniture::is_furniture(&line, above) || above && is_repeated(block, &line, headline);
        if gone && !line.is_empty() && !inside_sentence(block) {
            list_below(block).iter().for_each(NodeRef::remove_from_parent);
            block.remove_from_parent();
        } else {
            told += usize::from(block.has_name("p") && line.chars().count() >= PARAGRAPH);
        }
    }
    page.select("body").inner_html().to_string()
}

/// Quotations set large beside the paragraph that they are taken from.
fn repeated_quotes(page: &Document) -> Vec<NodeRef<'_>> {
    const QUOTES: &str = "blockquote, [class*='pullquote'], [class*='pull-quote']";
    let quotes = page.select(QUOTES);
    if quotes.nodes().is_empty() {
        return Vec::new();
    }
    let told = page.select("body").nodes().first().map(node::line).unwrap_or_default();
    let is_repeated = |it: &&NodeRef<'_>| {
        let line = node::short_line(it, LONGEST).unwrap_or_default();
        let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
        bare.chars().count() >= 15 && told.matches(bare).nth(1).is_some()
    };
    quotes.nodes().iter().take(30).filter(is_repeated).copied().collect()
}

/// The list below a heading that was furniture: links to other pages, or tags.
fn list_below<'a>(heading: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    const TAG: usize = 30;
    let is_heading = node::is_any(heading, &["h2", "h3", "h4", "h5", "h6"]);
    let list = heading.next_element_sibling().filter(|it| is_heading && node::is_any(it, &["ul", "ol"]))?;
    let items = layout::inside(&list, "li");
    let linked =
        |it: &NodeRef<'_>| layout::inside(it, "a[href]").iter().map(|a| a.text().trim().len()).sum::<usize>();
    let leads = |it: &NodeRef<'_>| linked(it) * 10 >= it.text().trim().len() * 9;
    let fits = |it: &NodeRef<'_>| leads(it) || it.text().trim().chars().count() <= TAG;
    items.iter().all(fits).then_some(list)
}

/// A figure whose words are those of a link to another page.
fn is_card(figure: &NodeRef<'_>) -> bool {
    let linked: usize = layout::inside(figure, "a[href]").iter().map(|it| it.text().trim().len()).sum();
    let told = figure.text().trim().len();
    told > 0 && linked * 10 >= told * 9 && layout::inside(figure, "figcaption, blockquote").is_empty()
}

/// Bytes of a line of furniture, at most.
const LONGEST: usize = 400;
/// Letters with which a paragraph is one of the story. Below the third there is no head of a story any more.
const PARAGRAPH: usize = 80;

/// The headline once more above the story; in a heading with a kicker or without.
fn is_repeated(block: &NodeRef<'_>, line: &str, headline: &str) -> bool {
    let kicked = node::is_any(block, &["h1", "h2", "h3"]) && line.len() < headline.len() + 60;
    let holds = || title::folded(line).contains(&title::folded(headline));
    is_headline(line, headline) || kicked && !headline.is_empty() && holds()
}

/// The headline, word for word.
fn is_headline(line: &str, headline: &str) -> bool {
    let headline = title::folded(headline);
    !headline.is_empty() && title::folded(line) == headline
}

/// A run of words inside a paragraph is no block of its own.
fn inside_sentence(block: &NodeRef<'_>) -> bool {
    let inline = node::is_any(block, &["span", "em", "small", "time"]);
    let own = node::line(block).len();
    let longer = |it: &NodeRef<'_>| node::line(it).len() > own + 3;
    let mut around = block.ancestors_it(Some(3)).enumerate();
    let holds_blocks = |it: &NodeRef<'_>| {
        it.children_it(false).any(|child| node::is_any(&child, &["p", "figure", "h1", "h2"]))
    };
    let is_line = block.parent().is_some_and(|parent| holds_blocks(&parent));
    inline
        && !is_line
        && around.any(|(at, it)| (at == 0 || node::is_any(&it, &["p", "span", "em"])) && longer(&it))
}
