//! What is printed beside the headline: below it before the story begins, else right above it. Its date.

use dom_query::{Document, NodeRef};

use super::layout::{self, Layout};
use super::printed::{self, is_dated};
use super::{node, picture, title};

/// Nodes behind the headline that are looked at.
const MOST: usize = 600;
/// Bytes of a line that a date stands in.
const LINE: usize = 200;
/// Bytes with which a paragraph tells the story; a standfirst or two come before the date at times.
const PARAGRAPH: usize = 120;
const PARAGRAPHS: usize = 3;
/// Lines behind the date of publication that may print that of a change.
const NEAR: usize = 3;

/// The lines below the headline before the story begins, each with its element, in the page's order.
pub fn lines<'a>(page: &'a Document, layout: &Layout<'a>, headline: &str) -> Vec<(NodeRef<'a>, String)> {
    element(page, layout, headline).map(|start| below(&start, layout)).unwrap_or_default()
}

/// The date of publication beside the headline; that of a change when no other is printed.
pub fn date(page: &Document, layout: &Layout<'_>, headline: &str) -> Option<String> {
    let (published, change) = dates(page, layout, headline)?;
    published.or(change)
}

/// The date of a change that is printed beside the headline.
pub fn change(page: &Document, layout: &Layout<'_>, headline: &str) -> Option<String> {
    dates(page, layout, headline)?.1
}

/// The dates of publication with a clock that are printed beside the headline.
pub fn clocks(page: &Document, layout: &Layout<'_>, headline: &str) -> Vec<String> {
    const CLOCKS: usize = 3;
    let Some(start) = element(page, layout, headline) else { return Vec::new() };
    let mut lines = below(&start, layout);
    lines.extend(above(&start, layout));
    let own = lines.iter().filter(|(it, line)| !is_sentence(line) && !leads_elsewhere(it));
    let dates = own.flat_map(|(_, line)| printed::dates_in(line));
    let timed = dates.filter(|date| !date.is_change && date.text.contains(':'));
    timed.map(|date| date.text).take(CLOCKS).collect()
}

fn dates(page: &Document, layout: &Layout<'_>, headline: &str) -> Option<(Option<String>, Option<String>)> {
    let start = element(page, layout, headline)?;
    let mut search = Search { layout, is_apart: layout.is_aside(&start), published: None, change: None };
    let mut lines = below(&start, layout);
    lines.extend(above(&start, layout));
    let at = lines.iter().position(|(it, line)| search.in_line(it, line));
    // `Published …` and `Updated …` stand side by side
    let behind = at.map_or(0, |at| at + 1);
    lines.iter().skip(behind).take(NEAR).for_each(|(it, line)| {
        search.in_line(it, line);
    });
    let published = search.published;
    Some((published, search.change))
}

struct Search<'a, 'b> {
    layout: &'b Layout<'a>,
    /// The headline itself stands in what looks like an aside.
    is_apart: bool,
    /// The first date of publication that was met.
    published: Option<String>,
    /// The first date of a change that was met.
    change: Option<String>,
}

fn below<'a>(start: &NodeRef<'a>, layout: &Layout<'a>) -> Vec<(NodeRef<'a>, String)> {
    let mut found = Vec::new();
    let mut told = 0;
    let mut next = after(start);
    for _ in 0..MOST {
        let Some(it) = next.filter(|_| told < PARAGRAPHS) else { break };
        next = after(&it);
        if it.is_element() && is_passed_over(&it, layout) {
            continue;
        }
        if is_other_headline(&it) {
            break;
        }
        match node::short_line(&it, LINE) {
            Some(_) if holds_caption(&it) => next = it.first_child().or(next),
            Some(line) => {
                told += usize::from(line.len() >= PARAGRAPH);
                found.push((it, line));
            }
            None if it.is_text() || it.has_name("p") => told += 1,
            None => next = it.first_child().or(next),
        }
    }
    found
}

fn above<'a>(start: &NodeRef<'a>, layout: &Layout<'a>) -> Vec<(NodeRef<'a>, String)> {
    let up = std::iter::once(*start).chain(start.ancestors_it(Some(2)));
    let before = up.take_while(|it| !node::is_any(it, &["body", "main"])).flat_map(|it| {
        std::iter::successors(it.prev_element_sibling(), NodeRef::prev_element_sibling).take(3)
    });
    let passed = |it: &NodeRef<'_>| {
        is_passed_over(it, layout) || holds_caption(it) || node::is_any(it, &["header", "ul", "ol"])
    };
    let lines = before.filter(|it| it.is_element() && !passed(it));
    lines.filter_map(|it| Some((it, node::short_line(&it, LINE / 2)?))).collect()
}

impl Search<'_, '_> {
    /// The dates in a short box: what its elements say to machines, else what is printed. True when it is one of publication.
    fn in_line(&mut self, it: &NodeRef<'_>, line: &str) -> bool {
        let mut dates = for_machines(it, line);
        let printed = printed::dates_in(line).into_iter().filter(|_| !is_sentence(line));
        dates.extend(printed.map(|date| (date.text, date.is_change)));
        let is_others = !self.is_apart && self.layout.is_apart(it) || leads_elsewhere(it);
        if dates.is_empty() || is_others || node::is_in_caption(it) {
            return false;
        }
        let is_named_so = it.is_element() && printed::speaks_of_change(&node::names(it));
        let is_known = self.published.is_some();
        for (date, is_change) in dates {
            let place = if is_change || is_named_so { &mut self.change } else { &mut self.published };
            place.get_or_insert(date);
        }
        self.published.is_some() && !is_known
    }
}

/// The element that prints the headline.
fn element<'a>(page: &'a Document, layout: &Layout<'a>, headline: &str) -> Option<NodeRef<'a>> {
    const TITLES: &str = "h1, [itemprop='headline'], h2, h3, [class*='headline'], [class*='Headline'], [class*='title'], [class*='Title']";
    let headline = title::folded(headline);
    let titles = page.select(TITLES);
    let all = || titles.nodes().iter().take(300).filter(|it| !it.has_name("title"));
    let own = || all().filter(|it| !layout.is_aside(it));
    let says =
        |it: &&NodeRef<'_>| node::short_line(it, 600).is_some_and(|line| title::folded(&line) == headline);
    // a box around all of the page may bear an aside's name: `sidebar-grid`
    let first = own().find(says).or_else(|| all().find(says));
    let bold = page.select("b, strong, font, big");
    let said = || bold.nodes().iter().take(2_000).filter(|it| !layout.is_aside(it)).find(says).copied();
    first.or_else(|| own().find(|it| it.has_name("h1"))).copied().or_else(said)
}

/// What comes behind a node and all that is in it.
fn after<'a>(of: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    std::iter::once(*of).chain(of.ancestors_it(None)).find_map(|it| it.next_sibling())
}

/// Pictures and asides: their dates are their own.
fn is_passed_over(it: &NodeRef<'_>, layout: &Layout<'_>) -> bool {
    node::is_any(
        it,
        &[
            "script",
            "style",
            "noscript",
            "svg",
            "figure",
            "nav",
            "button",
            "form",
            "iframe",
            "blockquote",
            "table",
        ],
    ) || !layout.holds_story(it) && it.is(picture::CAPTIONS)
}

/// The headline of another story: a heading that is a link of several words.
fn is_other_headline(it: &NodeRef<'_>) -> bool {
    let holds = |selector: &str| !layout::inside(it, selector).is_empty();
    let heads =
        node::is_any(it, &["h2", "h3", "h4"]) && holds("a") || it.has_name("a") && holds("h2, h3, h4");
    heads && node::line(it).split(' ').count() >= 5
}

/// The box of a picture with its caption in it.
pub fn holds_caption(it: &NodeRef<'_>) -> bool {
    it.is_element() && !layout::inside(it, picture::CAPTIONS).is_empty()
}

/// `datetime` of `time` and its likes inside, and whether it is the day of a change.
fn for_machines(it: &NodeRef<'_>, line: &str) -> Vec<(String, bool)> {
    if !it.is_element() {
        return Vec::new();
    }
    let own = std::iter::once(*it).chain(layout::inside(it, "time, [datetime]")).take(8);
    let dated = own.filter_map(|time| {
        let date = time.attr("datetime")?.trim().to_string();
        let shown = node::line(&time);
        let at = line.find(shown.as_str()).filter(|_| !shown.is_empty()).unwrap_or_default();
        let label: Vec<&str> = line.get(..at)?.split_whitespace().rev().take(3).collect();
        let change = [label.join(" ").as_str(), &shown, &node::names(&time)]
            .into_iter()
            .any(printed::speaks_of_change);
        Some((date, change))
    });
    dated.filter(|(date, _)| is_dated(date)).collect()
}

/// Words of a sentence around a date: `On May 10, 2022, the council met.`
fn is_sentence(line: &str) -> bool {
    let small = line.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count();
    small > 5 && line.trim_end().ends_with(['.', '!', '?', '…', '"', '”'])
}

/// A card of another story: its link is a headline.
fn leads_elsewhere(it: &NodeRef<'_>) -> bool {
    let around = it.ancestors_it(Some(4)).any(|parent| parent.has_name("a"));
    around
        || it.is_element()
            && layout::inside(it, "a").iter().any(|link| link.text().split_whitespace().count() > 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str) -> Option<String> {
        let told = "<p>The council met on Tuesday evening to speak about the moles below the town hall, what they cost, and who is to pay for it.</p>";
        let page = Document::from(format!(
            "<html><body>{head}<div>{}</div><div><a href=/2>Another story of moles in town</a> <time datetime='2020-02-02'></time></div></body></html>",
            told.repeat(5)
        ));
        date(&page, &Layout::of(&page), "Moles dig on below the town")
    }

    #[test]
    fn the_date_beside_the_headline_is_the_story_s() {
        const TITLE: &str = "<h1>Moles dig on below the town</h1>";
        for (head, expected) in [
            (format!("{TITLE}<p>By Ann Roe</p><p>May 10, 2022 1:52 pm</p>"), Some("May 10, 2022 1:52 pm")),
            (
                format!(
                    "{TITLE}<div>Updated: <time datetime=2018-03-06>Mar 6</time></div><div>Original: <time datetime=2016-12-21>Dec 21</time></div>"
                ),
                Some("2016-12-21"),
            ),
            (format!("{TITLE}<time class=last-updated datetime=2018-03-06>Mar 6</time>"), Some("2018-03-06")),
            (
                format!(
                    "{TITLE}<figure><img src=1.jpg><figcaption>A mole, 1 May 2021</figcaption></figure><span>2. Mai 2022</span>"
                ),
                Some("2. Mai 2022"),
            ),
            (
                format!(
                    "{TITLE}<div><img src=1.jpg><p class=img-caption>A mole, 1 May 2021</p></div><span>2. Mai 2022</span>"
                ),
                Some("2. Mai 2022"),
            ),
            (format!("<div><h6>Wed, Oct 16, 2024 page1</h6>{TITLE}</div>"), Some("Oct 16, 2024")),
            (
                format!("<div><a href=/1>Voles attack the garden of the mayor, May 9, 2021</a></div>{TITLE}"),
                None,
            ),
            (format!("{TITLE}<p>On May 10, 2022, the council met in the town hall for it.</p>"), None),
            (TITLE.to_string(), None),
        ] {
            assert_eq!(read(&head).as_deref(), expected, "{head}");
        }
    }
}
