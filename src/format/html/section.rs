//! A section page: cards, each with the headline of another page's story, and what a newspaper prints beside it.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};

use super::super::prose;
use super::layout::{Layout, inside};
use super::{byline, dated, furniture, node, picture};
use crate::wire::{WireFeed, WireItem, WireLink, WireMedia, WireText};

/// Cards of a page, at most.
const MOST: usize = 300;
/// With fewer cards a page is no list.
const FEWEST: usize = 3;
/// Letters of a headline, at least: `Sport` and `Read more` are none.
const SHORTEST: usize = 18;

/// The stories a page lists, one a card; empty when it is no list.
pub fn cards(page: &Document, layout: &Layout<'_>) -> Vec<WireItem> {
    let headings = headings(page, layout);
    let holds = held(&headings);
    let mut found: Vec<WireItem> = Vec::new();
    let mut known = HashSet::new();
    for heading in &headings {
        if known.insert(heading.href.clone()) {
            found.push(card(heading, &frame(&heading.node, &holds)));
        }
    }
    if found.len() < FEWEST { Vec::new() } else { found }
}

/// Letters of the page's paragraphs that stand in no card and in no aside: what there is of a story beside a list.
pub fn letters_beside(page: &Document, layout: &Layout<'_>) -> usize {
    let holds = held(&headings(page, layout));
    let told = page.select("p");
    let own = told.nodes().iter().take(2_000).filter(|it| !layout.is_aside(it));
    let beside = own.filter(|it| {
        let near = it.ancestors_it(Some(4)).find(|parent| holds.contains_key(&parent.id));
        near.is_none_or(|parent| holds.get(&parent.id).is_some_and(|count| *count > 1))
    });
    beside.map(|it| node::line(it).len()).filter(|length| *length >= 80).sum()
}

/// The same of all the page's text, whatever it stands in: letters of runs of words as long as sentences, outside of links.
pub fn told_beside(page: &Document, layout: &Layout<'_>, own: Option<&str>) -> usize {
    const RUN: usize = 60;
    let mut others = headings(page, layout);
    others.retain(|it| own.is_none_or(|own| !own.ends_with(&it.href)));
    let holds = held(&others);
    let Some(body) = page.body() else { return 0 };
    let runs = body.descendants_it().filter(|it| it.is_text()).take(20_000);
    let long = runs.filter(|it| it.text().trim().chars().count() >= RUN);
    let is_own = |it: &NodeRef<'_>| {
        let mut up = it.ancestors_it(None);
        let near = it.ancestors_it(Some(5)).find(|parent| holds.contains_key(&parent.id));
        !up.any(|it| node::is_any(&it, &["a", "script", "style", "noscript", "figcaption"]))
            && !layout.is_aside(it)
            && near.is_none_or(|parent| holds.get(&parent.id).is_some_and(|count| *count > 1))
    };
    long.filter(is_own).map(|it| it.text().trim().len()).sum()
}

/// What the page says of itself as a list.
pub fn feed(page: &Document, title: Option<String>, own: Option<String>) -> WireFeed {
    WireFeed {
        title: title.map(WireText::plain),
        language: page.select("html").attr("lang").map(|lang| lang.to_string()),
        links: own.map(|href| WireLink { href, ..WireLink::default() }).into_iter().collect(),
        ..WireFeed::default()
    }
}

/// A headline that leads to a story.
struct Heading<'a> {
    node: NodeRef<'a>,
    text: String,
    href: String,
}

/// Headings with a link in or around them, outside of asides, in document order.
fn headings<'a>(page: &'a Document, layout: &Layout<'_>) -> Vec<Heading<'a>> {
    const HEADINGS: &str = "h1, h2, h3, h4, h5, [class*='headline'], [class*='Headline'], [class*='card-title'], [class*='entry-title'], [class*='teaser-title']";
    let nodes = page.select(HEADINGS);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for one in nodes.nodes().iter().take(20 * MOST) {
        if found.len() >= MOST
            || one.ancestors_it(None).any(|it| seen.contains(&it.id))
            || layout.is_aside(one)
        {
            continue;
        }
        if let Some(heading) = heading(one) {
            seen.insert(one.id);
            found.push(heading);
        }
    }
    if found.len() < FEWEST { listed(page, layout) } else { found }
}

/// Lines of a page without headings that begin with a link of several words: lists, bold lines of old tables.
fn listed<'a>(page: &'a Document, layout: &Layout<'_>) -> Vec<Heading<'a>> {
    const LINES: &str = "li, p, td, dt, dd";
    /// With fewer lines such a page is no list.
    const LEAST: usize = 5;
    let lines = page.select(LINES);
    let mut known = HashSet::new();
    let mut found = Vec::new();
    for line in lines.nodes().iter().take(20 * MOST).filter(|it| !layout.is_aside(it)) {
        let links = inside(line, "a[href]");
        let leading = links.first().filter(|_| links.len() < 3 && inside(line, LINES).is_empty());
        let Some(heading) = leading.and_then(heading) else { continue };
        let begins = node::short_line(line, 600).is_some_and(|text| text.starts_with(&heading.text));
        if begins && heading.text.split(' ').count() >= 4 && known.insert(heading.href.clone()) {
            found.push(heading);
        }
    }
    if found.len() < LEAST { Vec::new() } else { found }
}

fn heading<'a>(one: &NodeRef<'a>) -> Option<Heading<'a>> {
    let links = inside(one, "a[href]");
    let around = || one.ancestors_it(Some(4)).find(|it| it.has_name("a"));
    let itself = || Some(*one).filter(|it| it.has_name("a"));
    let link = links.first().copied().or_else(itself).or_else(around).filter(|_| links.len() < 3)?;
    let href = link.attr("href")?.trim().to_string();
    let text = node::line(one);
    let leads = href.len() > 1
        && !href.starts_with(['#', '?'])
        && !href.starts_with("mailto:")
        && !href.starts_with("javascript:");
    let letters = text.chars().count();
    let enough = if text.is_ascii() { SHORTEST } else { SHORTEST / 2 };
    (leads && (enough..=300).contains(&letters) && !furniture::is_furniture(&text, false))
        .then_some(Heading { node: *one, text, href })
}

/// How many headings each element holds.
fn held(headings: &[Heading<'_>]) -> HashMap<NodeId, usize> {
    let mut holds = HashMap::new();
    for heading in headings {
        for parent in heading.node.ancestors_it(None) {
            *holds.entry(parent.id).or_default() += 1;
        }
    }
    holds
}

/// The card of a headline: the largest element around it that holds no other headline.
fn frame<'a>(heading: &NodeRef<'a>, holds: &HashMap<NodeId, usize>) -> NodeRef<'a> {
    let up = heading.ancestors_it(None).take_while(|it| holds.get(&it.id) == Some(&1));
    up.filter(|it| !node::is_any(it, &["body", "html", "main"])).last().unwrap_or(*heading)
}

fn card(heading: &Heading<'_>, frame: &NodeRef<'_>) -> WireItem {
    let mut item = WireItem { class: Some("text".into()), ..WireItem::default() };
    item.headlines.push(WireText::plain(&heading.text));
    item.links.push(WireLink { href: heading.href.clone(), ..WireLink::default() });
    let rest = rest_of_line(heading, frame);
    let signed = byline::in_card(frame).or_else(|| rest.as_deref().and_then(byline::in_line));
    let told = || rest.filter(|rest| signed.is_none() && rest.chars().count() >= 40);
    let summary = summary(frame, &heading.text, signed.as_deref()).or_else(told);
    item.summaries.extend(summary.map(WireText::plain));
    item.bylines.extend(signed.map(WireText::plain));
    item.dates = dated::in_card(frame);
    item.media = picture(frame, &heading.text).into_iter().collect();
    item
}

/// What stands behind the headline in a line that is the whole card.
fn rest_of_line(heading: &Heading<'_>, frame: &NodeRef<'_>) -> Option<String> {
    let is_line = node::is_any(frame, &["li", "p", "td", "dt", "dd"]);
    let line = is_line.then(|| node::short_line(frame, 1_000)).flatten()?;
    let rest = line.strip_prefix(&heading.text)?.trim_matches([' ', '-', '–', '—', ':', '|']);
    (!rest.is_empty()).then(|| rest.to_string())
}

/// The first lines that say what the story is about: not its headline, its byline, its date, or words below a picture.
fn summary(frame: &NodeRef<'_>, headline: &str, signed: Option<&str>) -> Option<String> {
    const NAMED: &str = "[class*='summary'], [class*='excerpt'], [class*='description'], [class*='standfirst'], [class*='dek'], [class*='teaser-text'], [class*='abstract'], [class*='intro'], [class*='lead']";
    let of = |selector: &str| {
        let fits = |line: &String| {
            line.chars().count() >= 40
                && !line.contains(headline)
                && signed.is_none_or(|signed| !line.starts_with(signed))
                && !furniture::is_furniture(line, true)
        };
        let lines = inside(frame, selector);
        let own = lines.iter().filter(|it| !it.ancestors_it(Some(3)).any(|up| up.has_name("figcaption")));
        own.filter(|it| !node::is_named(it, &["caption", "credit"])).map(node::line).find(fits)
    };
    of("p").or_else(|| of(NAMED)).or_else(|| of("div, span"))
}

/// The picture of a card, with its caption, or with what its `alt` says when that is a sentence of its own.
fn picture(frame: &NodeRef<'_>, headline: &str) -> Option<WireMedia> {
    let image = inside(frame, "img").into_iter().find(|image| !picture::is_small(image))?;
    let printed = inside(frame, picture::CAPTIONS).iter().map(node::line).find(|line| line.len() > 8);
    let alt = image.attr("alt").map(|alt| prose::fold(&alt));
    let alt = alt.filter(|alt| alt.split(' ').count() >= 6 && alt != headline);
    let url = picture::address(&image);
    (url.is_some() || printed.is_some()).then(|| WireMedia {
        url,
        caption: printed.or(alt).map(WireText::plain),
        role: Some("image".into()),
        ..WireMedia::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<WireItem> {
        let page = Document::from(html);
        cards(&page, &Layout::of(&page))
    }

    #[test]
    fn each_card_is_a_story_with_what_is_printed_beside_its_headline() {
        let card = |n: usize| {
            format!(
                "<div class=card><a href=/m{n}><img src=/{n}.jpg alt=''></a><p class=caption>Mole number {n} in its hill. (Ann Roe/MP)</p>\
                 <h3><a href=/m{n}>Mole number {n} digs on below the town</a></h3><p class=byline>By Bob Doe Mole Press - <time>{n} May 2024</time></p>\
                 <p>LEEDS (MP) — The mole of the day has dug on below the town hall, {n} metres deep.</p></div>"
            )
        };
        let page = format!(
            "<body><nav><h3><a href=/x>A headline in the navigation bar</a></h3></nav>{}</body>",
            (1..5).map(card).collect::<String>()
        );
        let items = read(&page);
        assert_eq!(items.len(), 4);
        let second = &items[1];
        assert_eq!(second.headlines[0].text, "Mole number 2 digs on below the town");
        assert_eq!(second.links[0].href, "/m2");
        assert_eq!(
            second.summaries[0].text,
            "LEEDS (MP) — The mole of the day has dug on below the town hall, 2 metres deep."
        );
        assert_eq!(second.bylines[0].text, "By Bob Doe Mole Press");
        assert_eq!(second.media[0].url.as_deref(), Some("/2.jpg"));
        assert_eq!(second.media[0].caption.as_ref().unwrap().text, "Mole number 2 in its hill. (Ann Roe/MP)");
    }

    #[test]
    fn lines_that_begin_with_a_link_are_cards_where_nothing_else_is() {
        let line = |n: usize| {
            format!(
                "<li><a href=/m{n}>Mole number {n} digs on below the town</a> 4/{n}/2024<br>By Bob Doe</li>"
            )
        };
        let lines = |count: usize| (1..=count).map(line).collect::<String>();
        let items = read(&format!("<body><ul>{}</ul></body>", lines(6)));
        assert_eq!(items.len(), 6);
        assert_eq!(items[5].headlines[0].text, "Mole number 6 digs on below the town");
        assert_eq!(items[5].bylines[0].text, "By Bob Doe");
        assert!(read(&format!("<body><ul>{}</ul></body>", lines(4))).is_empty());
        assert!(read(&format!("<body><nav><ul>{}</ul></nav></body>", lines(6))).is_empty());
    }

    #[test]
    fn two_links_are_no_list_and_the_same_story_is_listed_once() {
        let one = "<h3><a href=/m1>Mole number one digs on below</a></h3>";
        assert!(read(&format!("{one}{one}{one}{one}")).is_empty());
    }
}
