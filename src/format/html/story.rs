//! The story's text, as a readability library finds it, without the furniture of the page.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::furniture;
use super::layout::Layout;
use super::ld::{self, Object};
use super::picture::Pictures;
use super::{node, title};
use crate::wire::WireText;

/// Elements of a page, at most: above that only what schema.org says is read.
const MOST: usize = 60_000;

/// The story itself; else what schema.org says it is.
pub fn read(page: Document, story: &Object, headline: &str) -> Option<WireText> {
    let config = Config {
        max_elements_to_parse: MOST,
        char_threshold: 200,
        disable_json_ld: true,
        ..Config::default()
    };
    let article =
        Readability::with_document(page, None, Some(config)).ok().and_then(|mut page| page.parse().ok());
    match article {
        Some(article) => Some(WireText::html(cleaned(&article.content, headline))),
        None => ld::text(story, "articleBody").map(WireText::unsaid),
    }
}

/// Takes out of the page what was read into fields of its own, and what its names tell to be furniture.
pub fn strip(page: &Document, layout: &Layout<'_>, pictures: &Pictures<'_>) {
    let mut gone: Vec<NodeRef<'_>> = pictures.taken.clone();
    let named = page.select(furniture::ELEMENTS);
    gone.extend(named.nodes().iter().filter(|it| is_furniture(it, layout)));
    for one in gone {
        one.remove_from_parent();
    }
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
    let blocks: Vec<NodeRef<'_>> = page.select(BLOCKS).nodes().to_vec();
    let mut told = 0;
    for block in &blocks {
        let Some(line) = node::short_line(block, LONGEST) else {
            told += usize::from(block.has_name("p"));
            continue;
        };
        let above = told < 3;
        let gone = furniture::is_furniture(&line, above) || above && is_repeated(&line, headline);
        if gone && !line.is_empty() && !inside_sentence(block) {
            block.remove_from_parent();
        } else {
            told += usize::from(block.has_name("p") && line.chars().count() >= PARAGRAPH);
        }
    }
    page.select("body").inner_html().to_string()
}

/// Bytes of a line of furniture, at most.
const LONGEST: usize = 400;
/// Letters with which a paragraph is one of the story. Below the third there is no head of a story any more.
const PARAGRAPH: usize = 80;

/// The headline once more above the story, with a kicker or without.
fn is_repeated(line: &str, headline: &str) -> bool {
    let short = line.len() < headline.len() + 60;
    !headline.is_empty() && short && title::folded(line).contains(&title::folded(headline))
}

/// A run of words inside a paragraph is no block of its own.
fn inside_sentence(block: &NodeRef<'_>) -> bool {
    let inline = node::is_any(block, &["span", "em", "small", "time"]);
    inline && block.parent().is_some_and(|parent| node::line(&parent).len() > node::line(block).len() + 3)
}
