//! A bare name below the headline: `Ann Roe`, with the day beside it and no `By` before it.

use dom_query::NodeRef;

use super::{layout, node, printed};

/// Lines below the headline that are looked at: a standfirst may come first.
const LINES: usize = 4;

/// The name that one of the first lines below a headline is, when a date stands behind it, in the same line or in the next:
/// a label of the page's part reads as a name does, and has none.
pub fn name(lines: &[(NodeRef<'_>, String)], is_name: &dyn Fn(&str) -> bool) -> Option<String> {
    let told: Vec<_> = lines.iter().filter(|(_, line)| !line.is_empty()).take(LINES + 1).collect();
    told.iter().enumerate().take(LINES).find_map(|(at, (it, line))| {
        let (name, dated) = parted(line);
        let next = || told.get(at + 1).is_some_and(|(it, line)| is_date(it, line));
        let fits = is_person(name, is_name) && !leads_to_a_part(it) && !is_heading(it);
        (fits && (dated || next())).then(|| name.to_owned())
    })
}

/// `Ann Roe | April 1, 2024`: the name, and whether a date is all that stands behind it.
fn parted(line: &str) -> (&str, bool) {
    let date = printed::date_in(line);
    let at = date.as_deref().and_then(|date| line.find(date.split(' ').next().unwrap_or_default()));
    let name = at.and_then(|at| line.get(..at)).unwrap_or(line);
    (name.trim_matches(|c: char| c.is_whitespace() || ",|•·–—-/".contains(c)), at.is_some_and(|at| at > 0))
}

fn is_date(it: &NodeRef<'_>, line: &str) -> bool {
    const SHORT: usize = 60;
    let for_machines =
        it.has_name("time") || it.is_element() && !layout::inside(it, "time[datetime]").is_empty();
    line.len() <= SHORT && (for_machines || printed::date_in(line).is_some())
}

/// Two or three words, none of which names a part of a newspaper, a place or a competition.
fn is_person(name: &str, is_name: &dyn Fn(&str) -> bool) -> bool {
    let words: Vec<String> = name
        .split([' ', '-', '\u{a0}'])
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let is_long = |word: &str| word.trim_matches('.').chars().count() > 1;
    (2..=4).contains(&name.split_whitespace().count())
        && is_name(name)
        && name.chars().any(char::is_lowercase)
        && name.split(' ').next_back().is_some_and(is_long)
        && !words.iter().any(|word| LABELS.contains(&word.as_str()))
}

fn is_heading(it: &NodeRef<'_>) -> bool {
    node::is_any(it, &["h1", "h2", "h3", "button", "label", "th"])
        || it.is_element() && !layout::inside(it, "h2, h3").is_empty()
}

/// A link whose address ends in a folder: `/world/`, and no writer's.
fn leads_to_a_part(it: &NodeRef<'_>) -> bool {
    let around = it.ancestors_it(Some(2)).any(|parent| parent.has_name("a"));
    around || it.has_name("a") || it.is_element() && !layout::inside(it, "a").is_empty()
}

/// Words of labels: parts of a newspaper, kinds of stories, places, competitions.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "world", "cup", "league", "premier", "champions", "series", "open", "grand", "prix", "health", "care", "climate", "change", "real", "estate", "middle", "east", "eastern", "north", "northern", "south", "southern", "west", "western", "latin", "central", "america", "american", "africa", "asia", "europe", "european",
    "union", "united", "states", "kingdom", "nations", "white", "house", "supreme", "court", "top", "story", "stories", "breaking", "local", "national", "international", "politics", "political", "sports", "sport", "business", "opinion", "science", "technology", "tech", "culture", "arts", "art", "entertainment",
    "life", "style", "lifestyle", "travel", "food", "drink", "money", "markets", "market", "finance", "economy", "education", "crime", "justice", "law", "weather", "new", "york", "los", "angeles", "san", "santa", "hong", "kong", "city", "county", "town", "village", "state", "university", "college", "school",
    "police", "department", "council", "government", "park", "street", "road", "beach", "bay", "valley", "lake", "river", "island", "islands", "special", "report", "reports", "fact", "check", "video", "videos", "podcast", "essay", "analysis", "exclusive", "premium", "plus", "subscriber", "subscribers", "only", "members", "free",
    "article", "articles", "feature", "features", "interview", "review", "reviews", "column", "columns", "editorials", "letters", "obituaries", "obituary", "blog", "blogs", "events", "event", "game", "games", "music", "film", "movies", "books", "book", "family", "women", "men", "men's", "women's", "football", "soccer", "basketball", "baseball", "hockey",
    "tennis", "golf", "rugby", "cricket", "racing", "motor", "formula", "war", "crisis", "election", "elections", "army", "navy", "air", "force", "company", "group", "inc", "ltd", "bank", "club", "church", "hospital", "the", "this", "our", "your", "my", "in", "on", "for", "with", "of", "first", "last", "latest", "today", "tonight", "week", "day",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "politik", "wirtschaft", "kultur", "gesellschaft", "wissen", "panorama", "ausland", "inland", "meinung", "kommentar", "regional", "lokales",
    "actualité", "société", "économie", "monde", "politique", "deportes", "economía", "mundo", "sociedad", "política", "españa", "opinión", "cultura", "cronaca", "politica", "economia", "esteri", "esportes", "brasil", "norge", "sverige", "danmark", "nyheter", "nyheder", "utenriks", "innenriks", "inrikes", "utrikes", "ekonomi", "økonomi",
];

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::super::{beside, layout::Layout};
    use super::*;

    #[test]
    fn a_name_with_a_date_beside_it_signs_and_a_label_does_not() {
        let is_name = |text: &str| text.split(' ').all(|word| word.starts_with(char::is_uppercase));
        for (head, expected) in [
            ("<div>Ann Roe</div>\n <div>April 1, 2024</div>", Some("Ann Roe")),
            (
                "<p>Two hundred hills were counted.</p><span>Ann B. Roe</span><time datetime=2024-04-01>1 April</time>",
                Some("Ann B. Roe"),
            ),
            ("<p>Ann Roe | April 1, 2024 10:05</p>", Some("Ann Roe")),
            ("<div>Ann Roe</div><p>The council met on Monday.</p>", None),
            ("<div>Middle East</div><div>April 1, 2024</div>", None),
            ("<div><a href=/roe/>Ann Roe</a></div><div>April 1, 2024</div>", None),
            ("<ul><li>Ann Roe</li><li>April 1, 2024</li></ul>", Some("Ann Roe")),
            ("<ul><li>Ann Roe</li><li>Bob Doe</li></ul><div>The council met.</div>", None),
            ("<h2>Ann Roe</h2><div>April 1, 2024</div>", None),
            ("<div>Moles</div><div>April 1, 2024</div>", None),
        ] {
            let page = Document::from(format!("<html><body><h1>Moles dig on</h1>{head}"));
            let lines = beside::lines(&page, &Layout::of(&page), "Moles dig on");
            assert_eq!(name(&lines, &is_name).as_deref(), expected, "{head}");
        }
    }
}
