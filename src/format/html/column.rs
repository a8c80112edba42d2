//! The columns of old pages, which are laid out in tables: what stands beside the story's cell, in the same row.

use dom_query::NodeRef;

use super::layout::{self, Layout};
use super::node;

/// Letters of a paragraph that is one of a story, and how many of them make a cell a story's.
const PARAGRAPH: usize = 80;
const PARAGRAPHS: usize = 3;
/// Cells around the story, one within the other, that are looked at.
const DEPTH: usize = 8;

/// Cells beside those in which the story stands: menus, weather, polls. Never a good part of the story's own text.
pub fn beside<'a>(layout: &Layout<'a>) -> Vec<NodeRef<'a>> {
    let Some(text) = layout.text else { return Vec::new() };
    let up = std::iter::once(text).chain(text.ancestors_it(None));
    let cells = up.filter(|it| it.has_name("td") && tells_a_story(it)).take(DEPTH);
    cells.flat_map(|cell| neighbours(&cell, layout)).collect()
}

fn tells_a_story(cell: &NodeRef<'_>) -> bool {
    let paragraphs = layout::inside(cell, "p");
    paragraphs.iter().filter(|it| node::line(it).chars().count() >= PARAGRAPH).take(PARAGRAPHS).count()
        == PARAGRAPHS
}

/// Letters of long runs of words: of sentences, and not of menus and weather.
fn told_in(cell: &NodeRef<'_>) -> usize {
    const RUN: usize = 60;
    let runs = cell.descendants_it().filter(NodeRef::is_text).map(|text| text.text().trim().len());
    runs.filter(|letters| *letters >= RUN).sum()
}

/// A column that says it is narrow may tell more than one that does not, and is one all the same.
fn most(cell: &NodeRef<'_>) -> usize {
    const NARROW: usize = 240;
    let width = cell.attr("width").and_then(|width| width.parse().ok());
    if width.is_some_and(|width: usize| width <= NARROW) { 1 } else { 3 }
}

fn neighbours<'a>(cell: &NodeRef<'a>, layout: &Layout<'a>) -> Vec<NodeRef<'a>> {
    let own = told_in(cell);
    let Some(row) = cell.parent().filter(|it| it.has_name("tr")) else { return Vec::new() };
    let is_column = |it: &NodeRef<'a>| {
        it.has_name("td")
            && !layout.holds_story(it)
            && !it.text().trim().is_empty()
            && told_in(it) * most(it) < own
    };
    row.children_it(false).filter(is_column).collect()
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[test]
    fn columns_beside_a_story_are_found_and_its_own_text_is_not() {
        let told = "<p>The council met on Tuesday evening to speak about the moles below the town hall, and about what they cost.</p>";
        let menu = "<td>News<br>Sport<br><a href=/1>Voles take the garden of the mayor</a></td>";
        let story = format!("<td>{}</td>", told.repeat(5));
        let half = format!("<td>{}</td>", told.repeat(2));
        for (row, expected) in [
            (format!("{menu}{story}<td>Rain in the morning.</td>"), 2),
            (format!("{menu}<td><table><tr>{story}<td>Weather</td></tr></table></td>"), 2),
            (format!("{story}{half}"), 0),
            (format!("{story}{}", half.replace("<td>", "<td width=160>")), 1),
            (format!("<td>Moles</td><td>{told}</td>"), 0),
            (format!("<td></td>{story}"), 0),
        ] {
            let page = Document::from(format!("<table><tr>{row}</tr></table>"));
            assert_eq!(beside(&Layout::of(&page)).len(), expected, "{row}");
        }
    }
}
