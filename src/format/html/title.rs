//! The headline that readers see, when the page's other titles bear it out; search engines are often told another one.

use dom_query::{Document, NodeRef};

use super::layout::{self, Layout};
use super::ld::{self, Object};
use super::meta::Meta;
use super::node;

/// The headline of the page's story.
pub fn headline(page: &Document, layout: &Layout<'_>, story: &Object, meta: &Meta) -> Option<String> {
    let tab = page.select("head > title, title").nodes().first().map(node::line);
    let named = tab.as_deref().zip(meta.first(&["og:title"])).and_then(|(tab, title)| left_of(tab, title));
    let site = Some(meta.site()).filter(|site| !site.is_empty()).or(named).unwrap_or_default();
    let titles: Vec<String> =
        ld::text(story, "headline").into_iter().chain(of_head(meta, tab.as_deref(), site)).collect();
    let printed = |selector: &str, aside: bool| -> Vec<String> {
        let nodes = page.select(selector);
        let there = nodes.nodes().iter().take(40).filter(|node| layout.is_aside(node) == aside);
        there.map(|node| main_part(node, &titles)).filter(|text| is_headline(text, site)).collect()
    };
    let main = printed("h1", false);
    let shown = best(&main, &titles, ENOUGH).cloned();
    let below = "[itemprop='headline'], h2[class*='headline'], h2[class*='title'], h2";
    // a heading that the titles hardly bear out may name a part of the site: not when one below it is what they say
    let weak = shown.as_ref().is_none_or(|text| borne_out(text, &titles) < HALF);
    let said = || best(&printed("h2, h3, [itemprop='headline']", false), &titles, SAME).cloned();
    let alone = || main.iter().find(|text| stands_alone(text, site)).cloned();
    let headed = shown.or_else(alone);
    let chosen = if weak && headed.is_some() { said().or(headed) } else { headed };
    let chosen = chosen.or_else(|| best(&printed(below, false), &titles, 0.4).cloned());
    let chosen = chosen.or_else(|| best(&printed("h1", true), &titles, 0.4).cloned());
    // old pages set it in large or bold letters
    let bold = "[class*='headline'], [class*='title'], h3, font[size], b, strong";
    let chosen = chosen.or_else(|| best(&printed(bold, false), &titles, 0.75).cloned());
    chosen.or_else(|| titles.first().map(|title| without_site(title, site)))
}

/// What the page's head says that its title is: to social networks, and on the tab.
fn of_head(meta: &Meta, tab: Option<&str>, site: &str) -> Vec<String> {
    let told = [
        meta.first(&["og:title"]).map(String::from),
        meta.first(&["twitter:title", "headline", "title", "dc.title"]).map(String::from),
        tab.map(|title| without_site(title, site)),
    ];
    let plain =
        |title: String| if title.contains('<') { node::line(&Document::from(title).root()) } else { title };
    told.into_iter().flatten().map(plain).filter(|title| !title.is_empty()).collect()
}

/// What a tab's title says beside the title of the page: the site's name in most cases.
fn left_of<'a>(tab: &'a str, title: &str) -> Option<&'a str> {
    let rest = tab.strip_prefix(title).or_else(|| tab.strip_suffix(title))?;
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || "|-–—·:»«_".contains(c));
    (3..=40).contains(&rest.chars().count()).then_some(rest)
}

/// Is a heading of the page, a sentence and no link to another page, what the page's head says that its title is?
pub fn is_printed(page: &Document, layout: &Layout<'_>, meta: &Meta, own: Option<&str>) -> bool {
    const HEADINGS: &str = "h1, h2, h3, h4, [itemprop='headline'], [class*='headline'], [class*='title']";
    const WORDS: usize = 4;
    let tab = page.select("head > title, title").nodes().first().map(node::line);
    let titles: Vec<String> =
        of_head(meta, tab.as_deref(), meta.site()).iter().map(|title| folded(title)).collect();
    let is_elsewhere = |link: &NodeRef<'_>| {
        link.attr("href")
            .is_some_and(|href| !href.is_empty() && own.is_some_and(|own| !own.ends_with(href.as_ref())))
    };
    let leads_away = |it: &NodeRef<'_>| {
        it.ancestors_it(Some(4))
            .chain(layout::inside(it, "a"))
            .filter(|it| it.has_name("a"))
            .any(|it| is_elsewhere(&it))
    };
    let headings = page.select(HEADINGS);
    headings.nodes().iter().take(300).any(|it| {
        let line = node::short_line(it, 400).unwrap_or_default();
        words(&line).len() >= WORDS
            && titles.contains(&folded(&line))
            && !layout.is_aside(it)
            && !leads_away(it)
    })
}

/// The first of those that the titles bear out best: a little better does not count.
fn best<'a>(printed: &'a [String], titles: &[String], enough: f32) -> Option<&'a String> {
    let shares = printed.iter().map(|text| (text, borne_out(text, titles)));
    let better = |best: Option<(&'a String, f32)>, one: (&'a String, f32)| {
        if best.is_some_and(|(_, share)| share + 0.15 >= one.1) { best } else { Some(one) }
    };
    shares.filter(|(_, share)| *share >= enough).fold(None, better).map(|(text, _)| text)
}

/// A headline that no title repeats: a sentence, and not the site's own about itself.
fn stands_alone(text: &str, site: &str) -> bool {
    let site = folded(site);
    words(text).len() >= 4 && (site.len() < 4 || !folded(text).contains(&site))
}

/// Does the page's title say that there is no page: an error, a check for robots, a form to sign in?
pub fn is_refusal(page: &Document) -> bool {
    #[rustfmt::skip]
    const TITLES: &[&str] = &[
        "404", "403", "404 not found", "403 forbidden", "410 gone", "429 too many requests", "500 internal server error", "502 bad gateway", "503 service unavailable", "503 service temporarily unavailable", "504 gateway time-out", "504 gateway timeout",
        "error 404", "error 403", "error 500", "error", "page not found", "not found", "access denied", "forbidden", "attention required", "just a moment", "are you a robot", "bad gateway", "service unavailable", "internal server error", "site maintenance", "under maintenance",
        "seite nicht gefunden", "page introuvable", "página no encontrada", "pagina non trovata", "sign in", "log in", "login", "captcha", "privacy settings", "consent",
    ];
    let title = page.select("head > title, title").nodes().first().map(node::line).unwrap_or_default();
    let lower = title.to_lowercase();
    let ends = |rest: &str| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with(|c: char| "-|–—:·.!,(…".contains(c))
    };
    lower.chars().count() < 60 && TITLES.iter().any(|start| lower.strip_prefix(start).is_some_and(ends))
}

/// So much of two titles' words in common makes them titles of one story.
const ENOUGH: f32 = 0.3;
/// So much, and they are the same but for a site's name or a kicker.
const SAME: f32 = 0.9;
/// With less than this they may be titles of two things.
const HALF: f32 = 0.5;

fn borne_out(text: &str, titles: &[String]) -> f32 {
    titles.iter().map(|title| likeness(text, title)).fold(0.0, f32::max)
}

/// Long enough, and not the site's name in its logo.
fn is_headline(text: &str, site: &str) -> bool {
    (4..400).contains(&text.chars().count())
        && (site.is_empty() || !folded(site).contains(&folded(text)))
        && !is_domain(text)
}

/// Lines above or below a headline that are set inside its element.
#[rustfmt::skip]
const KICKERS: &[&str] = &["kicker", "dachzeile", "topline", "overline", "eyebrow", "spitzmarke", "subheadline", "subtitle", "sub-title", "roofline", "category", "rubrik", "headline__label", "preheadline", "pre-headline", "supertitle", "surtitre", "vorspann", "untertitel", "subline", "badge", "title-prefix", "catchline"];

/// The headline in an element that may hold a kicker too: by the kicker's name, or since the part is a title elsewhere.
fn main_part(node: &NodeRef<'_>, titles: &[String]) -> String {
    let whole = node::line(node);
    let parts: Vec<NodeRef<'_>> = node
        .descendants_it()
        .filter(|it| node::is_any(it, &["span", "strong", "em", "div", "small", "b"]))
        .take(12)
        .collect();
    let named = parts.iter().filter(|part| node::is_named(part, KICKERS)).map(node::line);
    for kicker in named.filter(|kicker| !kicker.is_empty()) {
        let rest = whole.strip_prefix(&kicker).or_else(|| whole.strip_suffix(&kicker));
        let rest = rest.map(|rest| rest.trim_matches([' ', ':', '-', '–', '|', '/'])).unwrap_or_default();
        if rest.chars().count() >= 8 {
            return rest.into();
        }
    }
    let is_title = |part: &String| titles.iter().any(|title| folded(title) == folded(part));
    parts.iter().map(node::line).filter(|part| part.chars().count() >= 12).find(is_title).unwrap_or(whole)
}

/// How much of their words two titles share: 1 when they are the same, or one holds all of the other.
fn likeness(a: &str, b: &str) -> f32 {
    let (short, long) = (folded(a), folded(b));
    if short.is_empty() || long.is_empty() {
        return 0.0;
    }
    if short == long {
        return 1.0;
    }
    let (a, b) = (words(a), words(b));
    let shared = a.iter().filter(|word| b.contains(word)).count();
    let fewer = a.len().min(b.len());
    if (short.contains(&long) || long.contains(&short)) && fewer >= 2 {
        let (less, more) = (short.len().min(long.len()), short.len().max(long.len()));
        return 0.5 + 0.5 * less as f32 / more as f32;
    }
    if shared < 2 { 0.0 } else { (2 * shared) as f32 / (a.len() + b.len()) as f32 }
}

/// Letters and digits only, in small ones.
pub fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words of three letters and more; of scripts that set no blanks, pairs of signs.
pub fn words(text: &str) -> Vec<String> {
    let dense = text.chars().filter(|c| is_dense(*c)).count();
    if dense * 2 > text.chars().count() {
        let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).take(200).collect();
        return signs.windows(2).map(|pair| pair.iter().collect()).collect();
    }
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(str::to_lowercase).take(60).collect()
}

/// Chinese and Japanese signs.
fn is_dense(c: char) -> bool {
    ('\u{3040}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// `Talks go on | The Paper`: without the site's name before the first or behind the last separator.
pub fn without_site(title: &str, site: &str) -> String {
    const SIGNS: &[&str] = &[
        " | ", " - ", " – ", " — ", " · ", " :: ", " : ", " » ", " « ", " › ", " • ", "｜", "--", "_", "-",
        "|",
    ];
    let is_site = |text: &str| !site.is_empty() && folded(text) == folded(site) || is_domain(text);
    for sign in SIGNS {
        let Some((before, after)) = title.rsplit_once(sign) else { continue };
        let short = sign.len() >= 3
            && sign.starts_with(' ')
            && after.chars().count() <= 25
            && before.chars().count() >= 20
            && after.split(' ').count() <= 4;
        let dense = after.chars().count() <= 6 && after.chars().all(is_dense) && before.chars().count() >= 10;
        if before.chars().count() >= 6 && (is_site(after) || short || dense) {
            return before.trim().into();
        }
        if let Some((first, rest)) = title.split_once(sign).filter(|(first, _)| is_site(first)) {
            let _ = first;
            return rest.trim().into();
        }
    }
    title.into()
}

/// `golem.de`, `The-Paper.co.uk`: one word with a known ending.
pub fn is_domain(text: &str) -> bool {
    const ENDS: &[&str] =
        &[".com", ".org", ".net", ".de", ".co.uk", ".fr", ".ch", ".at", ".info", ".eu", ".es", ".it", ".nl"];
    let lower = text.trim().to_lowercase();
    !lower.contains(' ') && ENDS.iter().any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_may_say_that_there_is_no_page() {
        let is_refused = |title: &str| is_refusal(&Document::from(format!("<title>{title}</title>")));
        for title in ["404 Not Found", "Page not found | The Paper", "Just a moment...", "Error 500"] {
            assert!(is_refused(title), "{title}");
        }
        for title in
            ["500 people dig with the mole", "Not found guilty: the mole goes free", "Error of judgment"]
        {
            assert!(!is_refused(title), "{title}");
        }
    }

    #[test]
    fn titles_of_one_story_are_alike() {
        assert!(likeness("Moles dig on", "Moles dig on | The Paper") >= ENOUGH);
        assert!(
            likeness("Mole attacks, vole is torn", "Games: mole attacks in the morning, vole is torn apart")
                >= ENOUGH
        );
        assert!(likeness("モグラは町の下でまだ掘る", "モグラは町の下でまだ掘っている") >= ENOUGH);
        assert!(likeness("The Paper", "Moles dig on") < ENOUGH);
        assert!(likeness("", "Moles") < ENOUGH);
    }

    #[test]
    fn the_site_is_taken_off_a_title() {
        for (title, site, bare) in [
            ("Moles dig on below the town | The Paper", "", "Moles dig on below the town"),
            ("The Paper | Moles dig on below", "The Paper", "Moles dig on below"),
            ("Moles dig - deeper", "", "Moles dig - deeper"),
            ("Maulwurf gräbt-Netz", "Netz", "Maulwurf gräbt"),
            ("Moles dig on - golem.de", "", "Moles dig on"),
        ] {
            assert_eq!(without_site(title, site), bare);
        }
    }

    #[test]
    fn the_headline_is_the_one_that_is_printed_without_kicker_and_logo() {
        let read = |html: &str| {
            let page = Document::from(html);
            headline(&page, &Layout::of(&page), &Object::new(), &Meta::read(&page)).unwrap_or_default()
        };
        for html in [
            "<title>Moles dig on - Paper</title><h1>PAPER Logo</h1><h1>Moles dig on below the town</h1>",
            "<title>Seven facts about moles | Paper</title><h1>Moles dig on below the town</h1>",
            "<title>Below: Moles dig on below the town</h1></title><h1><span class=kicker>Below</span><span>Moles dig on below the town</span></h1>",
            "<meta property='og:title' content='Moles dig on below the town'><h1>Garden <span>Moles dig on below the town</span></h1>",
            "<title>Moles dig on below the town | Paper</title>",
            "<title>The Town Paper: Moles dig on below the town</title><meta property='og:title' content='Moles dig on below the town'><h1>The Town Paper</h1><h3>Moles dig on below the town</h3>",
            "<title>Moles dig on below the town | Paper</title><h1>Council meetings of the year</h1><h2>Moles dig on below the town</h2>",
            "<title>Paper: Moles dig on below the town</title><td><font size=5>Moles dig on below the town</font></td>",
        ] {
            assert_eq!(read(html), "Moles dig on below the town", "{html}");
        }
    }
}
