//! Pages whose paragraphs are told apart by line breaks only: old layouts of tables, text pasted into one box.
//!
//! Each run of words between the breaks becomes a `p`, so that what looks for paragraphs finds them.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};

use super::super::prose;
use super::node;

/// Breaks of a page that are looked at.
const MOST: usize = 5_000;
/// Letters that stand in an element between its breaks, at least: below that they are an address, a menu, a byline.
const TOLD: usize = 250;
/// Letters of a line that is a paragraph of a story and not a verse.
const LONG: usize = 60;
/// Elements that hold a story's text beside block elements.
const BOXES: &[&str] =
    &["div", "td", "section", "article", "main", "body", "blockquote", "center", "font", "span", "p"];
/// Elements that stand inside a line.
#[rustfmt::skip]
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "acronym", "nobr",
];

/// Boxes whose lines the library that looks for the story would lose, or take for no story.
const OLD: &[&str] = &["td", "font", "span", "center", "body"];

/// Makes paragraphs of the lines of old boxes, before the story is sought; headline and byline around them are lines too.
pub fn paragraphed(page: &Document) {
    boxed(page);
    let boxes = boxes(page);
    let mut made = HashSet::new();
    for one in boxes.iter().filter(|it| node::is_any(it, OLD)) {
        let around = one.parent().map(|it| it.id);
        if is_parted(one) {
            made.extend(around);
        }
    }
    for around in boxes.iter().filter(|it| made.contains(&it.id)) {
        let alone: Vec<Vec<Line<'_>>> = lines(around).into_iter().map(|line| vec![line]).collect();
        wrap(around, &alone, 1);
    }
}

/// Makes paragraphs of the lines of every box of a story that was found.
pub fn parted(story: &Document) {
    boxes(story).iter().for_each(|one| {
        is_parted(one);
    });
}

/// Takes out of a short box the lines between its breaks that are none of the story's.
pub fn strip_lines(one: &NodeRef<'_>, is_gone: &dyn Fn(&str) -> bool) {
    let mut is_behind_break = false;
    for line in lines(one) {
        let is_parted = is_behind_break || line.end.is_some();
        is_behind_break = line.end.is_some();
        let text = prose::fold(&line.text);
        if is_parted && !text.is_empty() && is_gone(&text) {
            line.nodes.iter().chain(&line.end).for_each(NodeRef::remove_from_parent);
        }
    }
}

/// Boxes of nothing but words, three side by side and each a sentence long: paragraphs by another name.
fn boxed(page: &Document) {
    let divs = page.select("div");
    let leaves = divs.nodes().iter().take(MOST).filter(|it| {
        it.children_it(false).all(|child| !child.is_element() || is_inline(&child) && !child.has_name("a"))
    });
    let mut side_by_side: HashMap<NodeId, Vec<NodeRef<'_>>> = HashMap::new();
    for leaf in leaves {
        let text = leaf.text();
        let line = Line { nodes: Vec::new(), text: text.to_string(), end: None };
        if let Some(parent) = leaf.parent().filter(|_| line.is_long() && line.is_closed()) {
            side_by_side.entry(parent.id).or_default().push(*leaf);
        }
    }
    for leaves in side_by_side.values().filter(|leaves| leaves.len() >= 3) {
        leaves.iter().for_each(|leaf| leaf.rename("p"));
    }
}

/// Boxes that hold breaks themselves.
fn boxes(page: &Document) -> Vec<NodeRef<'_>> {
    let mut seen = HashSet::new();
    let breaks = page.select("br");
    let boxes = breaks.nodes().iter().take(MOST).filter_map(NodeRef::parent);
    boxes.filter(|it| seen.insert(it.id) && node::is_any(it, BOXES)).collect()
}

/// Parts the lines of a box that tells something; was it done?
fn is_parted(one: &NodeRef<'_>) -> bool {
    let lines = lines(one);
    lines.iter().map(Line::letters).sum::<usize>() >= TOLD && wrap(one, &paragraphs(lines), 2)
}

/// What stands between two breaks or blocks, and what ends it.
struct Line<'a> {
    nodes: Vec<NodeRef<'a>>,
    text: String,
    /// The break behind it.
    end: Option<NodeRef<'a>>,
}

impl Line<'_> {
    fn letters(&self) -> usize {
        self.text.trim().len()
    }

    fn is_long(&self) -> bool {
        self.letters() >= LONG
    }

    /// Does it end as sentences do?
    fn is_closed(&self) -> bool {
        let bare = self.text.trim().trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '“', '」', '』']);
        bare.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '।', '؟', '۔', '_', '—'])
    }

    /// Two hard blanks or a wide one: the first line of a paragraph.
    fn is_indented(&self) -> bool {
        let bare = self.text.trim_start_matches([' ', '\n', '\r', '\t']);
        bare.starts_with("\u{a0}\u{a0}")
            || bare.starts_with("\u{a0} \u{a0}")
            || bare.starts_with(['\u{2003}', '\u{3000}'])
    }
}

fn lines<'a>(one: &NodeRef<'a>) -> Vec<Line<'a>> {
    let empty = || Line { nodes: Vec::new(), text: String::new(), end: None };
    let mut lines = vec![empty()];
    for child in one.children_it(false) {
        let Some(line) = lines.last_mut() else { break };
        if child.has_name("br") {
            line.end = Some(child);
            lines.push(empty());
        } else if is_inline(&child) {
            line.text.push_str(&child.text());
            line.nodes.push(child);
        } else {
            lines.push(empty());
        }
    }
    lines
}

/// Does it stand inside a line? An element with a text of its own, and with breaks in it, is a box.
fn is_inline(node: &NodeRef<'_>) -> bool {
    let plain = |it: &NodeRef<'_>| !it.is_element() || node::is_any(it, INLINE);
    if !node.is_element() {
        return true;
    }
    let breaks = node.descendants_it().take(200).any(|it| it.has_name("br"));
    let fits = |it: NodeRef<'_>| plain(&it) || it.has_name("br");
    plain(node) && node.descendants_it().take(200).all(fits) && !(breaks && node.text().len() >= TOLD)
}

/// The lines that belong together: up to an empty line, to an indented one, and to the end of each where lines are whole paragraphs.
fn paragraphs(lines: Vec<Line<'_>>) -> Vec<Vec<Line<'_>>> {
    let long = lines.iter().filter(|line| line.is_long()).count();
    let closed = lines.iter().filter(|line| line.is_long() && line.is_closed()).count();
    let is_whole = long >= 3 && closed * 5 >= long * 4;
    let mut found: Vec<Vec<Line<'_>>> = vec![Vec::new()];
    let mut closes = false;
    for line in lines {
        let begins = closes && is_whole && line.is_long() || line.is_indented() && line.letters() > 0;
        if begins || line.letters() == 0 {
            found.push(Vec::new());
        }
        closes = line.is_long() && line.is_closed();
        let ends = line.end.is_none();
        if let Some(last) = found.last_mut() {
            last.push(line);
        }
        if ends {
            found.push(Vec::new());
        }
    }
    found
}

/// Puts each paragraph into an element of its own, when there are so many.
fn wrap(one: &NodeRef<'_>, paragraphs: &[Vec<Line<'_>>], least: usize) -> bool {
    if paragraphs.iter().filter(|lines| lines.iter().any(|line| line.letters() > 0)).count() < least {
        return false;
    }
    for lines in paragraphs {
        let words = |line: &Line<'_>| line.letters() > 0;
        let (from, to) = (lines.iter().position(words), lines.iter().rposition(words));
        let inside = |at: usize| from.is_some_and(|from| from <= at) && to.is_some_and(|to| at < to);
        let paragraph = one.tree.new_element("p");
        let first = lines.iter().find_map(|line| line.nodes.first().or(line.end.as_ref()));
        let Some(first) = first.filter(|_| from.is_some()) else {
            lines.iter().filter_map(|line| line.end).for_each(|end| end.remove_from_parent());
            continue;
        };
        first.insert_before(&paragraph);
        for (at, line) in lines.iter().enumerate() {
            line.nodes.iter().for_each(|node| paragraph.append_child(node));
            match line.end.filter(|_| inside(at)) {
                Some(end) => paragraph.append_child(&end),
                None => line.end.iter().for_each(NodeRef::remove_from_parent),
            }
        }
    }
    if node::is_any(one, &["font", "span", "p"]) {
        one.children_it(false).collect::<Vec<_>>().iter().for_each(|child| one.insert_before(child));
        one.remove_from_parent();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "The council met on Tuesday evening to speak about the moles below the town hall.";
    const MORE: &str = "A second meeting is set for Friday, when the report on the lawn is to be read out.";

    fn read(html: &str) -> Vec<String> {
        let page = Document::from(html);
        parted(&page);
        page.select("p").nodes().iter().map(node::line).collect()
    }

    #[test]
    fn lines_between_breaks_become_paragraphs() {
        for html in [
            format!("<div>{SAID}<br><br>{MORE}<br/>\n<br/>{SAID}<br><br>{MORE}</div>"),
            format!("<div>{SAID}<br>{MORE}<br>{SAID}<br>\n{MORE}</div>"),
            format!(
                "<table><tr><td><font size=2>{SAID}<br><br>{MORE}<br><br>{SAID}<br><br>{MORE}</font></td></tr></table>"
            ),
            format!("<td>{SAID}<br>&nbsp;&nbsp; {MORE}<br>&nbsp;&nbsp; {SAID}<br>&nbsp;&nbsp; {MORE}"),
            format!("<p>{SAID}<br><br>{MORE}<br><br>{SAID}<br><br>{MORE}</p>"),
            format!("<div>{SAID}<br><br>{MORE}<div></div>{SAID}<br><br>{MORE}</div>"),
        ] {
            assert_eq!(read(&html), [SAID, MORE, SAID, MORE], "{html}");
        }
        let inline = format!(
            "<div>{SAID}<br><br><b>A second</b> <a href=/m>meeting</a> is set.<br>On Friday.<br><br>{SAID}{SAID}</div>"
        );
        assert_eq!(read(&inline)[1], "A second meeting is set. On Friday.");
        let page = Document::from(inline);
        parted(&page);
        assert_eq!(page.select("br").length(), 1);
    }

    #[test]
    fn addresses_verses_and_hard_lines_stay_in_one_piece() {
        for html in [
            "<div>Town Hall<br>1 High Street<br><br>Farley</div>".to_string(),
            format!("<p>{}</p>", "The moles they dig,<br>the voles they sing.<br>".repeat(20)),
            format!(
                "<p>{}</p>",
                "The council met on Tuesday evening to speak about moles and the<br>lawn.".repeat(9)
            ),
        ] {
            assert!(read(&html).len() < 2, "{html}");
        }
    }
}
