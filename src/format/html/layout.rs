//! Where the story stands on the page, and what stands beside it.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef, Selection};

use super::node;

/// Parts of a page that are not its story, by the names that publishers give them. `.nav`: as a word of its own.
#[rustfmt::skip]
const ASIDES: &[&str] = &[
    "related", "recommend", "newsletter", "sidebar", "outbrain", "taboola", "comment", "footer", ".nav", "navbar", "navigation", "most-read", "mostread", "popular", "more-stories", "morestories",
    "trending", "also-like", "read-next", "readnext", "onward", "subscribe", "breadcrumb", "cookie", "advert", "sharing", "author-bio", "authorbio", "author-box", "meistgelesen", "mehr-zum-thema",
];

/// Names that asides bear, and boxes of the story as well: an aside is what leads elsewhere.
const MAYBE: &[&str] = &["widget", "teaser", "promo", "social"];

/// The page's plan.
#[derive(Debug)]
pub struct Layout<'a> {
    /// The element in which the story stands, with its pictures: `article`, `main`, or the whole body.
    pub scope: Option<NodeRef<'a>>,
    /// The deepest element that holds most of the page's paragraphs.
    pub text: Option<NodeRef<'a>>,
    /// The text was chosen for its box's name, and holds not most of the page's paragraphs.
    pub is_named: bool,
    /// The elements around the story's text: none of them is an aside, whatever its name.
    around: HashSet<NodeId>,
}

impl<'a> Layout<'a> {
    /// Finds the deepest element that holds most of the page's paragraphs, and with it the plan.
    pub fn of(page: &'a Document) -> Self {
        let fullest = fullest(page);
        let named = fullest.map_or_else(|| sole_box(page), |text| named_for_it(page, &text));
        let Some(text) = named.or(fullest) else {
            return Self { scope: page.body(), text: None, is_named: false, around: HashSet::new() };
        };
        let up = || std::iter::once(text).chain(text.ancestors_it(None));
        let around = up().map(|node| node.id).collect();
        const SCOPES: &str = "article, main, [role='main'], [itemtype*='Article'], [itemtype*='Posting']";
        let is_whole = |node: &NodeRef<'a>| node::is_any(node, &["body", "html"]);
        let own = up().find(|node| node.is(SCOPES));
        let titled = up().find(|node| !inside(node, "h1").is_empty()).filter(|node| !is_whole(node));
        let is_above =
            |node: &NodeRef<'a>| own.is_some_and(|own| own.ancestors_it(None).any(|it| it.id == node.id));
        let scope = titled.filter(|node| own.is_none() || is_above(node)).or(own).or_else(|| page.body());
        Self { scope, text: Some(text), is_named: named.is_some(), around }
    }

    /// Does the node stand in a part of the page that is not its story?
    pub fn is_aside(&self, node: &NodeRef<'_>) -> bool {
        node.ancestors_it(None)
            .take_while(|parent| !self.around.contains(&parent.id))
            .any(|parent| is_aside(&parent))
    }

    /// Does the node stand apart, but for a short box beside the story, which may well hold byline and date?
    pub fn is_apart(&self, node: &NodeRef<'_>) -> bool {
        const OWN: &[&str] = &["post-footer", "entry-footer", "article-footer"];
        let is_box = |it: &NodeRef<'_>| node::is_any(it, &["aside", "footer"]) || node::is_named(it, OWN);
        let boxed = node.ancestors_it(None).find(is_box);
        let short = boxed.filter(|it| it.text().trim().len() < 400 && !self.holds_story(it));
        self.is_aside(&short.unwrap_or(*node))
    }

    /// Does the element stand around the story's text?
    pub fn holds_story(&self, node: &NodeRef<'_>) -> bool {
        self.around.contains(&node.id)
    }
}

fn is_aside(node: &NodeRef<'_>) -> bool {
    if node::is_any(node, &["aside", "nav", "footer"]) {
        return true;
    }
    let plain = !node::is_any(node, &["body", "html", "main", "article"]);
    plain && (node::is_named(node, ASIDES) || node::is_named(node, MAYBE) && leads_elsewhere(node))
}

/// Does it hold a link with words in it?
fn leads_elsewhere(node: &NodeRef<'_>) -> bool {
    let links = inside(node, "a[href]");
    links.iter().take(40).any(|link| link.text().trim().len() > 25)
}

/// Paragraphs that are looked at.
const MOST: usize = 2_000;

/// The deepest element that holds more than half the letters of all paragraphs outside of asides.
fn fullest(page: &Document) -> Option<NodeRef<'_>> {
    let paragraphs = page.select("p");
    let told = |node: &NodeRef<'_>| node.text().trim().len();
    let all: Vec<(NodeRef<'_>, usize)> =
        paragraphs.nodes().iter().take(MOST).map(|it| (*it, told(it))).filter(|it| it.1 >= 40).collect();
    let own: Vec<(NodeRef<'_>, usize)> = all
        .iter()
        .filter(|(it, _)| !it.ancestors_it(None).any(|parent| is_aside(&parent)))
        .copied()
        .collect();
    let sum = |some: &[(NodeRef<'_>, usize)]| some.iter().map(|(_, length)| length).sum::<usize>();
    if sum(&own) * 4 < sum(&all) { deepest(&all) } else { deepest(&own) }
}

/// Names that publishers give the box of a story's text.
const BOXES: &str = "[itemprop='articleBody'], [class*='article-body'], [class*='articlebody'], [class*='articleBody'], [class*='article_body'], [class*='article__body'], [class*='article-content'], [class*='article__content'], [class*='articleContent'], [class*='article-text'], [class*='article__text'], [class*='entry-content'], [class*='post-content'], [class*='post-body'], [class*='story-body'], [class*='storyBody'], [class*='story-content'], [class*='story-text'], [class*='news-text']";
/// Letters of the sentences in it, at least.
const TOLD: usize = 300;

/// The one box that is named for the story's text; none where several are.
fn sole_box(page: &Document) -> Option<NodeRef<'_>> {
    let boxes = page.select(BOXES);
    let told = |it: &NodeRef<'_>| node::line(it).len() >= TOLD;
    let own: Vec<&NodeRef<'_>> = boxes
        .nodes()
        .iter()
        .take(MOST)
        .filter(|it| !it.ancestors_it(None).any(|parent| is_aside(&parent)) && told(it))
        .collect();
    let is_outer =
        |it: &&&NodeRef<'_>| !it.ancestors_it(None).any(|parent| own.iter().any(|one| one.id == parent.id));
    let outer: Vec<_> = own.iter().filter(is_outer).collect();
    match outer.as_slice() {
        [one] => Some(***one),
        _ => None,
    }
}

/// That box, where most of the page's paragraphs stand elsewhere: below a short story, in comments and lists.
fn named_for_it<'a>(page: &'a Document, text: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let sole = sole_box(page)?;
    let holds = |outer: &NodeRef<'a>, inner: &NodeRef<'a>| {
        outer.id == inner.id || inner.ancestors_it(None).any(|it| it.id == outer.id)
    };
    (!holds(&sole, text) && (!holds(text, &sole) || node::is_any(text, &["body"]))).then_some(sole)
}

/// The deepest element that holds more than half the letters of these paragraphs.
fn deepest<'a>(paragraphs: &[(NodeRef<'a>, usize)]) -> Option<NodeRef<'a>> {
    let mut letters: HashMap<NodeId, usize> = HashMap::new();
    let mut parents: Vec<(NodeRef<'a>, usize)> = Vec::new();
    for (paragraph, length) in paragraphs {
        for parent in paragraph.ancestors_it(None) {
            let known = letters.entry(parent.id).or_insert_with(|| {
                parents.push((parent, parent.ancestors_it(None).count()));
                0
            });
            *known += length;
        }
    }
    let total: usize = paragraphs.iter().map(|(_, length)| length).sum();
    let enough = |node: &NodeRef<'_>| letters.get(&node.id).is_some_and(|it| it * 2 > total);
    let mut enough = parents.iter().filter(|(node, _)| enough(node)).collect::<Vec<_>>();
    enough.sort_by_key(|(_, depth)| *depth);
    enough.last().map(|(node, _)| *node)
}

/// The nodes of a selection inside an element.
pub fn inside<'a>(node: &NodeRef<'a>, selector: &str) -> Vec<NodeRef<'a>> {
    Selection::from(*node).select(selector).nodes().to_vec()
}
