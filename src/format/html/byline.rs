//! Who signed the story: schema.org, `meta` elements, then the line below the headline.

use dom_query::{Document, NodeRef};

use super::super::prose;
use super::layout::Layout;
use super::ld::{self, Object};
use super::meta::Meta;
use super::{bare, node, printed as dates, title};
use crate::wire::WirePerson;

/// Who signed.
#[derive(Debug, Default)]
pub struct Signed {
    /// People, and what structure says of them.
    pub people: Vec<WirePerson>,
    /// When nobody is named: the desk or the agency that signed.
    pub desk: Option<String>,
}

/// The first source that names a person; where none does, the desk or agency that signed.
pub fn read(page: &Document, layout: &Layout<'_>, story: &Object, meta: &Meta, headline: &str) -> Signed {
    let host = meta.first(&["og:url"]).and_then(|own| own.split('/').nth(2)).unwrap_or_default();
    let site = [meta.site().to_string(), ld::text(story, "publisher").unwrap_or_default(), host.to_string()];
    let is_site = |name: &str| site.iter().any(|site| names_the_site(name, site));
    let (told, sure) = (of_meta(meta, &is_site), printed(page, layout, SURE));
    let beside = beside_headline(page, layout, headline);
    let printed = if beside.is_empty() { printed(page, layout, BYLINES) } else { beside };
    let is_borne_out = told.iter().any(|one| sure.iter().any(|other| one.name.contains(&other.name)));
    let rest = if is_borne_out || sure.is_empty() { vec![told, printed] } else { vec![sure, told, printed] };
    let sources = std::iter::once(of_story(story)).chain(rest.into_iter().map(without_labels));
    let usable = |one: &WirePerson| is_usable(&one.name);
    let sources: Vec<Vec<WirePerson>> =
        sources.map(|source| source.into_iter().filter(usable).collect()).collect();
    let signs = |one: &&WirePerson| !one.is_org && !is_site(&one.name);
    let named = |source: &&Vec<WirePerson>| source.iter().filter(signs).any(|one| is_name_list(&one.name));
    if let Some(source) = sources.iter().find(named) {
        return Signed { people: source.iter().filter(signs).cloned().collect(), desk: None };
    }
    let mut desk: Vec<&str> = Vec::new();
    for one in sources.iter().find(|source| !source.is_empty()).into_iter().flatten() {
        if !desk.contains(&one.name.as_str()) {
            desk.push(&one.name);
        }
    }
    // `Roe, Ann` is one person, surname first
    let between = if desk.iter().any(|name| name.contains(' ')) { ", " } else { " and " };
    Signed { people: Vec::new(), desk: Some(desk.join(between)).filter(|desk| !desk.is_empty()) }
}

/// No address, no number of a writer's, and not `paper.com, Leeds, England`.
fn is_usable(name: &str) -> bool {
    let first = name.split(',').next().unwrap_or_default();
    !name.contains("://") && !title::is_domain(first) && name.chars().any(char::is_alphabetic)
}

/// `The Paper`, and `ThePaper` where the site is `thepaper.com`.
fn names_the_site(name: &str, site: &str) -> bool {
    let site = site.strip_prefix("www.").unwrap_or(site);
    let bare = if title::is_domain(site) { site.split('.').next().unwrap_or_default() } else { site };
    !site.is_empty() && [site, bare].iter().any(|site| title::folded(site) == title::folded(name))
}

/// Beside names of people, without what is none and more than a pen name: `Download the app`, `Fri.`
fn without_labels(mut source: Vec<WirePerson>) -> Vec<WirePerson> {
    const PEN_NAME: usize = 2;
    let is_long = |name: &str| name.split(' ').count() > PEN_NAME;
    if source.iter().any(|one| is_name_list(&one.name)) {
        source.retain(|one| one.is_org || is_name_list(&one.name) || !is_long(&one.name));
    }
    source
}

/// The authors; where none are told, the creator (Parse.ly's way).
fn of_story(story: &Object) -> Vec<WirePerson> {
    let mut found = Vec::new();
    let authors = ld::members(story, "author");
    let members = if authors.is_empty() { ld::members(story, "creator") } else { authors };
    for member in members {
        let is_org = ld::is_organisation(member);
        let person = |name| WirePerson { name, is_org, ..WirePerson::default() };
        found.extend(ld::words(member).into_iter().map(person));
    }
    found
}

fn of_meta(meta: &Meta, is_site: &dyn Fn(&str) -> bool) -> Vec<WirePerson> {
    const NAMES: &[&str] = &[
        "author",
        "byl",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "article:author",
        "cxenseparse:author",
        "article:author_name",
        "authors",
        "article.author",
        "creator",
    ];
    let signs = |found: &Vec<&str>| found.iter().any(|text| is_name_list(text) && !is_site(text));
    let named = NAMES.iter().map(|name| meta.every(name)).find(signs);
    named.unwrap_or_else(|| meta.all(NAMES)).into_iter().map(person).collect()
}

fn person(name: &str) -> WirePerson {
    WirePerson { name: without_address(name), ..WirePerson::default() }
}

/// `Ann Roe aroe@post.example`: the name. An address alone stays.
fn without_address(name: &str) -> String {
    let is_word = |word: &&str| !word.contains('@') || word.starts_with('@');
    let words: Vec<&str> = name.split_whitespace().filter(is_word).collect();
    if words.is_empty() || !name.contains('@') { name.into() } else { words.join(" ") }
}

/// The byline of a card on a section page: in an element named for it, else a short line of it that begins `By `.
pub fn in_card(frame: &NodeRef<'_>) -> Option<String> {
    const NAMED: &str = "[class*='byline'], [rel~='author'], [class*='author'], [itemprop='author']";
    let lines = |selector: &str| -> Vec<String> {
        let all = super::layout::inside(frame, selector);
        all.iter().take(40).map(node::line).filter(|line| (4..120).contains(&line.len())).collect()
    };
    let named = lines(NAMED).into_iter().next().map(|line| without_date(&line).unwrap_or(line));
    let prefixed = || {
        let fits = |line: &String| after_prefix(line) != line && is_name_list(line);
        lines("p, span, div, li, em, cite").into_iter().find(fits)
    };
    named.or_else(prefixed)
}

/// The byline that ends a line: `4/1/2024 By Ann Roe`.
pub fn in_line(line: &str) -> Option<String> {
    let at = line
        .rfind("By ")
        .filter(|at| *at == 0 || line.get(..*at).is_some_and(|before| before.ends_with(' ')))?;
    line.get(at..).filter(|signed| signed.len() < 120 && is_name_list(signed)).map(Into::into)
}

/// Links to the page of a writer.
const AUTHOR_LINKS: &str = "a[href*='/author/'], a[href*='/authors/'], a[href*='/autor/'], a[href*='/autoren/'], a[href*='/auteur'], a[href*='/profile/'], a[href*='/people/'], a[href*='/staff/'], a[href*='/contributor'], a[href*='/columnist']";

/// Where pages print their byline, the surest first.
#[rustfmt::skip]
const BYLINES: &[&str] = &[
    "[itemprop='author'] [itemprop='name']", "[itemprop='author']", "[rel~='author']", "[class*='byline'] a", "[class*='byline'] [class*='name']", "[class*='author'] [class*='name']",
    AUTHOR_LINKS,
    "[class*='byline'], [class*='Byline'], #byline", "[class*='author'], [class*='Author']", "[class*='autor'], [class*='auteur'], [class*='writer'], [class*='reporter'], [class*='journalist'], [class*='signature'], [class*='contributor']", "address", "[class*='credit']",
];

/// The surest of them: what is printed there goes before `meta` elements that say something else.
const SURE: &[&str] = &[
    "[itemprop='author'] [itemprop='name']",
    "[rel~='author']",
    "[class*='byline'] a",
    "[class*='byline'] [class*='name']",
];

/// The names that the first telling selector finds; several only when they stand side by side.
fn printed(page: &Document, layout: &Layout<'_>, selectors: &[&str]) -> Vec<WirePerson> {
    let found: Vec<Vec<String>> = selectors.iter().map(|it| side_by_side(page, layout, it)).collect();
    let named = found.iter().find(|names| names.iter().any(|name| is_name_list(name))).cloned();
    let all = selectors.len() == BYLINES.len();
    let named = named.or_else(|| prefixed(page, layout).filter(|_| all));
    let names = named.or_else(|| found.into_iter().find(|it| !it.is_empty()).filter(|_| all));
    names.unwrap_or_default().iter().map(|name| person(name)).collect()
}

/// The names below the headline: links to their writers' pages, an element named for a byline, a line that begins `By `.
fn beside_headline(page: &Document, layout: &Layout<'_>, headline: &str) -> Vec<WirePerson> {
    const LINKS: &str = "[rel~='author'], [itemprop='author'] [itemprop='name']";
    const NAMED: &[&str] = &["byline", "author", "autor", "auteur", "writer"];
    let lines = super::beside::lines(page, layout, headline);
    let names = |all: Vec<NodeRef<'_>>| -> Vec<String> {
        let names = all.iter().take(8).flat_map(names_of).filter(|name| is_name_list(name));
        names.fold(Vec::new(), |mut found, name| {
            if !found.contains(&name) {
                found.push(name);
            }
            found
        })
    };
    let signed =
        lines.iter().filter(|(it, line)| it.is_element() && line.len() <= 160).find_map(|(it, line)| {
            let inside = |selector: &str| super::layout::inside(it, selector);
            let is_named = node::is_named(it, NAMED)
                || it.attr("data-testid").is_some_and(|id| NAMED.iter().any(|name| id.contains(name)));
            let signs = is_named || after_prefix(line) != line;
            let found = [names(inside(LINKS)), names(inside(AUTHOR_LINKS))]
                .into_iter()
                .find(|names| !names.is_empty());
            let own = || names(vec![*it]);
            found.or_else(|| signs.then(own)).filter(|names| !names.is_empty())
        });
    let bare = || bare::name(&lines, &is_name).map(|name| vec![name]);
    signed.or_else(bare).unwrap_or_default().iter().map(|name| person(name)).collect()
}

fn side_by_side(page: &Document, layout: &Layout<'_>, selector: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut home = None;
    for one in page.select(selector).nodes().iter().take(12).filter(|one| !is_apart(one, layout)) {
        let family = one.parent().and_then(|parent| parent.parent()).map(|it| it.id);
        if !found.is_empty() && family != home {
            break;
        }
        for name in names_of(one).into_iter().filter_map(|name| without_date(&name)) {
            let is_label = found.iter().any(|name| is_name_list(name)) && !is_name_list(&name);
            if !is_label && !found.contains(&name) {
                home = family;
                found.push(name);
            }
        }
    }
    found
}

/// Apart from the story, in a figure, or the credit below a picture.
fn is_apart(one: &NodeRef<'_>, layout: &Layout<'_>) -> bool {
    let pictured = |it: NodeRef<'_>| {
        !super::layout::inside(&it, "img, picture, amp-img").is_empty() && !layout.holds_story(&it)
    };
    let is_credit = node::is_named(one, &["credit"]) && one.parent().is_some_and(pictured);
    is_credit
        || layout.is_apart(one)
        || one.ancestors_it(Some(6)).any(|it| node::is_any(&it, &["figure", "figcaption"]))
}

/// `By <a>Ann Roe</a> <span>Chief Reporter</span> <time>…`: the names among the pieces of a byline; all of it when none is one.
fn names_of(one: &NodeRef<'_>) -> Vec<String> {
    if let Some(content) = one.attr("content") {
        return vec![content.trim().to_string()];
    }
    let whole = node::line(one);
    let names: Vec<String> = pieces(one).into_iter().filter(|piece| is_name_list(piece)).take(12).collect();
    if let ([name], Some(agency)) = (names.as_slice(), agency_in(&whole))
        && !name.ends_with(agency)
    {
        return vec![format!("{name}, {agency}")];
    }
    if !names.is_empty() && whole.len() <= 400 {
        return names;
    }
    if (3..=160).contains(&whole.len()) { vec![whole] } else { Vec::new() }
}

/// `Desk May 10, 2022 1:52 pm` is the desk; a date or a label alone is nobody.
fn without_date(name: &str) -> Option<String> {
    const BUTTONS: &[&str] = &[" Follow", " Contact", " Bio"];
    const LABELS: &[&str] = &[
        "by",
        "von",
        "par",
        "por",
        "di",
        "av",
        "door",
        "text",
        "autor",
        "author",
        "stand",
        "published",
        "updated",
        "foto",
        "photo",
    ];
    let date = dates::date_in(name);
    let at = date.as_deref().and_then(|date| name.find(date.split(' ').next().unwrap_or_default()));
    let bare =
        at.and_then(|at| name.get(..at)).unwrap_or(name).trim_matches([' ', ',', '|', '•', '·', '-', '–']);
    let bare = BUTTONS.iter().find_map(|button| bare.strip_suffix(button)).unwrap_or(bare);
    let label = bare.trim_end_matches([':', '.']).to_lowercase();
    (!bare.is_empty() && !LABELS.contains(&label.as_str())).then(|| bare.to_string())
}

/// The agency that a byline ends with.
fn agency_in(whole: &str) -> Option<&'static str> {
    const AGENCIES: &[&str] = &[
        "The Associated Press",
        "Associated Press",
        "Reuters",
        "AFP",
        "Agence France-Presse",
        "The Canadian Press",
        "PA",
        "dpa",
    ];
    AGENCIES
        .iter()
        .find(|agency| whole.strip_suffix(**agency).is_some_and(|before| before.ends_with(' ')))
        .copied()
}

/// The text of an element cut wherever another begins or ends.
fn pieces(one: &NodeRef<'_>) -> Vec<String> {
    let texts = one.descendants_it().filter(NodeRef::is_text).map(|text| text.text());
    let lines = texts.map(|text| prose::fold(&text));
    lines.filter(|line| !line.is_empty()).take(60).collect()
}

/// Words directly before the names of a byline.
const PREFIXES: &[&str] = &[
    "Submitted by ",
    "Posted by ",
    "Posted By ",
    "Written by ",
    "Written By ",
    "Story by ",
    "By ",
    "BY ",
    "by ",
    "Von ",
    "VON ",
    "von ",
    "Par ",
    "PAR ",
    "Por ",
    "POR ",
    "Di ",
    "di ",
    "par ",
    "Door ",
    "Av ",
    "Text: ",
    "Written by ",
    "Written by: ",
    "Words by ",
    "Story by ",
    "Reported by ",
    "Text von ",
    "Texto: ",
    "Por: ",
    "By: ",
    "Von: ",
    "Autor: ",
    "Author: ",
    "Par ",
];

/// A short line of the story's own that begins `By `, in pages that do not name their byline.
fn prefixed(page: &Document, layout: &Layout<'_>) -> Option<Vec<String>> {
    let scope = page.body().or(layout.scope)?;
    let lines = super::layout::inside(&scope, "p, div, span, li, h2, h3, h4, h5, h6, strong, em, i, b");
    let signs = |one: &&NodeRef<'_>| {
        let line = if one.text().len() < 200 { node::line(one) } else { String::new() };
        line.len() <= 100 && after_prefix(&line) != line && is_name_list(&line) && !is_apart(one, layout)
    };
    lines.iter().take(1_200).find(signs).map(names_of)
}

fn after_prefix(text: &str) -> &str {
    PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text)
}

/// `By Ann Roe, Associated Press`: the name alone.
pub fn bare_name(text: &str) -> String {
    let names = after_prefix(text.trim());
    names.split([',', '|', '/', ';', '(']).next().unwrap_or_default().trim().into()
}

/// Does the text read as names of people: `By Ann Roe and Bob Doe, Associated Press`?
fn is_name_list(text: &str) -> bool {
    let text = without_address(text);
    let names = after_prefix(text.trim());
    let first = names.split([',', '|', '/', ';', '(']).next().unwrap_or_default();
    let mut parts = [" and ", " und ", " et ", " y ", " & "].iter().filter_map(|sign| first.split_once(sign));
    let first = parts.next().map_or(first, |(first, _)| first);
    is_name(first.trim())
}

/// Words that no person's name ends with, or holds.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    "staff", "team", "desk", "news", "press", "editor", "editors", "writer", "reporter", "correspondent", "correspondents", "redaktion", "redazione", "redacción", "rédaction", "agency", "agencies", "media", "online", "reuters",
    "afp", "dpa", "newsroom", "editorial", "board", "times", "post", "daily", "magazine", "tv", "radio", "network", "submissions", "published", "updated", "posted", "share", "read", "more", "comments", "author", "autor", "contact",
    "publicado", "publicada", "veröffentlicht", "publié", "stand", "watch", "live", "worth", "director", "foto", "photo", "photos", "quelle", "source", "hace",
    "whats", "app", "reddit", "pinterest", "telegram", "instagram", "youtube", "messenger", "tiktok", "connect", "directly", "login", "comment", "contributors", "issue", "download", "free", "images", "getty",
    "email", "e-mail", "follow", "facebook", "twitter", "whatsapp", "linkedin", "copy", "link", "print", "guest", "admin", "agentur", "agenturen", "min", "minutes", "bio", "archive", "archives", "about", "all", "view", "see", "home", "biography", "newsletter",
];

/// Two to five capitalised words, small particles among them; or a short name in signs that have no capitals.
fn is_name(text: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "da", "di", "du", "del", "der", "den", "la", "le", "van", "von", "vom", "zu", "zur", "ten",
        "ter", "al", "el", "bin", "ibn", "dos", "das", "y", "e", "af",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let no_name = |word: &&str| {
        NO_NAMES.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str())
    };
    if text.chars().any(|c| c.is_ascii_digit() || "@:!?[]{}<>=_".contains(c)) || words.iter().any(no_name) {
        return false;
    }
    let uncased = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
    if text.chars().all(|c| uncased(c) || c.is_whitespace() || c == '・') {
        return (2..=12).contains(&text.chars().count());
    }
    let fits = |word: &&str| {
        word.starts_with(|c: char| c.is_uppercase()) || PARTICLES.contains(word) || word.starts_with("d'")
    };
    (2..=6).contains(&words.len())
        && words.iter().all(fits)
        && words.last().is_some_and(|word| word.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> (Vec<String>, Option<String>) {
        let page = Document::from(html);
        let meta = Meta::read(&page);
        let story = ld::read(&page).stories.into_iter().next().unwrap_or_default();
        let signed = super::read(&page, &Layout::of(&page), &story, &meta, "Moles");
        (signed.people.into_iter().map(|one| one.name).collect(), signed.desk)
    }

    #[test]
    fn a_byline_is_the_names_in_it() {
        for (html, names) in [
            (
                "<div class=byline>By <a href=/r>Ann Roe</a> <span>Chief Reporter</span> <time>1 May 2024</time></div>",
                &["Ann Roe"][..],
            ),
            ("<p><a rel=author>Ann Roe</a> and <a rel=author>Bob Doe</a></p>", &["Ann Roe", "Bob Doe"]),
            ("<meta name=author content='Ann Roe'><p class=byline>By Bob Doe", &["Ann Roe"]),
            (
                "<div class=byline>By <a href=/r>Ann Roe</a>, <a href=/5>Fri., May 31, 2024</a> <a href=/t>Twitter</a></div>",
                &["Ann Roe"],
            ),
            (
                "<meta name=author content='Download our new app FREE'><meta name=author content='Ann Roe'>",
                &["Ann Roe"],
            ),
            (
                "<meta property=og:site_name content='The Town Paper'><h1>Moles</h1><h3>By Ann Roe (MP News)</h3><a rel=author>The Town Paper</a>",
                &["By Ann Roe (MP News)"],
            ),
            (
                "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"creator\":\"Ann Roe\"}</script>",
                &["Ann Roe"],
            ),
            (
                "<meta name=author content='paper.com, Leeds, England'><meta name=dc.creator content='10592'><p class=byline>By Bob Doe",
                &["By Bob Doe"],
            ),
            (
                "<meta name=author content='Town Paper'><meta property=og:url content='https://www.townpaper.com/moles'><p class=byline>By Bob Doe",
                &["By Bob Doe"],
            ),
            ("<meta name=author content='paper.com'><p class=byline>By Bob Doe", &["By Bob Doe"]),
            (
                "<div class=author>Bob Doe</div><h1>Moles</h1><div><a href=/author/r>Ann Roe</a><span>Editor</span></div>",
                &["Ann Roe"],
            ),
            (
                "<meta name=author content='The Paper'><meta property=og:site_name content='The Paper'><meta name=dc.creator content='Ann Roe'>",
                &["Ann Roe"],
            ),
            (
                "<article><h1>x</h1><p>By Ann Roe, Associated Press</p><p>Moles dig on.</p>",
                &["By Ann Roe, Associated Press"],
            ),
            (
                "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"author\":[{\"@type\":\"Person\",\"name\":\"Ann Roe\"}]}</script>",
                &["Ann Roe"],
            ),
        ] {
            assert_eq!(read(html).0, names, "{html}");
        }
    }

    #[test]
    fn a_desk_is_no_person() {
        let html = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"author\":{\"@type\":\"Organization\",\"name\":\"The Associated Press\"}}</script>";
        assert_eq!(read(html), (Vec::new(), Some("The Associated Press".into())));
        assert!(!is_name("Staff Writer") && !is_name("2024 Roe") && is_name("Jan van der Roe"));
    }
}
