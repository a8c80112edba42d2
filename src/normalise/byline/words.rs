//! The words of bylines: what stands before a name, behind it, and what is no person at all.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// Words directly before the names.
pub const PREFIXES: &[&str] = &[
    "by", "von", "par", "por", "di", "door", "av", "af", "od", "przez", "autor", "author", "text", "texte",
    "texto", "door", "words", "da",
];

/// Words that may stand before a prefix: `Analysis by`, `Eine Analyse von`, `Text und Fotos:`.
#[rustfmt::skip]
pub const LEADS: &[&str] = &[
    "a", "an", "and", "the", "analysis", "analyse", "análisis", "column", "comment", "commentary", "essay", "review", "report", "reported", "reporting",
    "reports", "story", "text", "texte", "texto", "words", "written", "writing", "opinion", "interview", "review", "reviewed", "guest", "additional", "special",
    "ein", "eine", "kommentar", "gastbeitrag", "reportage", "bericht", "porträt", "essay", "meldung", "un", "une", "enquête", "récit", "entretien", "crónica", "compiled",
    "submitted", "posted", "contributed", "compiled", "und", "fotos", "et", "tekst", "produced", "exclusive", "from", "feature", "as", "told", "to",
];

/// The last words of a role.
#[rustfmt::skip]
const ROLE_NOUNS: &[&str] = &[
    "writer", "writers", "correspondent", "correspondents", "editor", "editors", "reporter", "reporters", "critic", "analyst", "columnist",
    "contributor", "photographer", "journalist", "journalists", "chief", "staff", "intern", "fellow", "producer", "editor-in-chief", "editor-at-large",
    "korrespondent", "korrespondentin", "redakteur", "redakteurin", "reporterin", "reporters", "correspondant", "correspondante",
    "spécial", "spéciale", "journaliste", "redactor", "redactora", "corresponsal", "enviado", "enviada", "inviato", "corrispondente", "giornalista",
    "medarbejder", "journalist", "redaktør", "author", "host", "anchor", "producer", "director", "freelancer", "freelance",
];

/// Words with which a role begins: `Jane Roe Senior Technology Reporter`.
#[rustfmt::skip]
const ROLE_ADJECTIVES: &[&str] = &[
    "senior", "staff", "chief", "national", "political", "politics", "science", "sports", "sport", "business", "technology", "tech", "white", "foreign", "health",
    "education", "legal", "entertainment", "religion", "special", "associate", "deputy", "managing", "executive", "contributing", "investigative", "medical",
    "environment", "environmental", "diplomatic", "economics", "crime", "court", "royal", "film", "music", "food", "travel", "fashion", "news", "video", "data", "climate",
    "labor", "military", "security", "defence", "defense", "congressional", "statehouse", "auto", "energy", "markets", "finance", "financial", "baseball", "basketball", "football", "racing", "personal",
    "guest", "general", "assistant", "night", "city", "metro", "world", "us", "uk", "europe", "asia", "africa", "freelance", "writer", "reporter", "editor", "correspondent", "columnist", "social",
];

/// Organisations that put their name in bylines: folded, then the short name that we give as `org`.
#[rustfmt::skip]
const ORGANISATIONS: &[(&str, &str)] = &[
    ("the associated press", "AP"), ("associated press", "AP"), ("ap", "AP"), ("assocaited press", "AP"), ("associatzd press", "AP"), ("reuters", "Reuters"), ("reuter", "Reuters"), ("thomson reuters", "Reuters"),
    ("reuters staff", "Reuters"), ("afp", "AFP"), ("agence france-presse", "AFP"), ("agence france presse", "AFP"), ("dpa", "dpa"), ("dpa international", "dpa"),
    ("dpa-infocom", "dpa"), ("dpa correspondents", "dpa"), ("deutsche presse-agentur", "dpa"), ("efe", "EFE"), ("agencia efe", "EFE"), ("upi", "UPI"), ("united press international", "UPI"),
    ("cnn", "CNN"), ("cnn staff", "CNN"), ("cnn wire", "CNN"), ("bbc", "BBC"), ("bbc news", "BBC"), ("ansa", "ANSA"), ("redazione ansa", "ANSA"), ("the canadian press", "The Canadian Press"),
    ("canadian press", "The Canadian Press"), ("la presse canadienne", "La Presse canadienne"), ("press association", "PA"), ("the press association", "PA"), ("pa media", "PA"), ("pa", "PA"), ("pa news", "PA"),
    ("aap", "AAP"), ("australian associated press", "AAP"), ("kyodo", "Kyodo"), ("kyodo news", "Kyodo"), ("tass", "TASS"), ("xinhua", "Xinhua"), ("yonhap", "Yonhap"), ("ritzau", "Ritzau"), ("tt", "TT"), ("ntb", "NTB"),
    ("stt", "STT"), ("apa", "APA"), ("sda", "SDA"), ("ats", "ATS"), ("keystone-sda", "Keystone-SDA"), ("keystone-ats", "Keystone-ATS"), ("belga", "Belga"), ("anp", "ANP"), ("lusa", "Lusa"), ("bloomberg", "Bloomberg"),
    ("bloomberg news", "Bloomberg"), ("europa press", "Europa Press"), ("pti", "PTI"), ("ians", "IANS"), ("ani", "ANI"), ("bernama", "Bernama"), ("interfax", "Interfax"), ("cna", "CNA"), ("ap news", "AP"), ("ap staff", "AP"),
    ("usa today", "USA TODAY"), ("staff", "Staff"), ("staff reports", "Staff"), ("staff report", "Staff"), ("staff reporter", "Staff"), ("staff and agencies", "Staff"), ("staff writer", "Staff"), ("staff writers", "Staff"), ("news staff", "Staff"), ("agencies", "Agencies"),
    ("wire reports", "Agencies"), ("wire services", "Agencies"), ("wire report", "Agencies"), ("news services", "Agencies"), ("newsroom", "Newsroom"), ("editorial team", "Editorial team"), ("the editorial board", "Editorial board"), ("editorial board", "Editorial board"), ("redaktion", "Redaktion"), ("redazione", "Redazione"), ("rédaction", "Rédaction"), ("la rédaction", "Rédaction"), ("redacción", "Redacción"), ("redactie", "Redactie"), ("our correspondent", "Our correspondent"), ("our foreign desk", "Our foreign desk"), ("web desk", "Web desk"), ("press release", "Press release"), ("globe newswire", "GLOBE NEWSWIRE"), ("pr newswire", "PR Newswire"), ("prnewswire", "PR Newswire"), ("business wire", "Business Wire"), ("the san diego union-tribune", "The San Diego Union-Tribune"), ("tribune content agency", "Tribune Content Agency"), ("tribune news service", "Tribune News Service"), ("tns", "TNS"), ("afp news agency", "AFP"), ("ap sports", "AP"), ("sid", "SID"), ("getty images", "Getty Images"), ("voa", "VOA"), ("rfe/rl", "RFE/RL"),
];

/// Last words of a newspaper, station or desk.
#[rustfmt::skip]
const HOUSE_WORDS: &[&str] = &[
    "news", "times", "post", "tribune", "journal", "herald", "gazette", "media", "agency", "newswire", "magazine", "daily", "tv", "radio", "broadcasting",
    "network", "newspapers", "zeitung", "desk", "wire", "team", "bureau", "service", "services", "university", "institute", "foundation", "online", "star", "sentinel",
    "observer", "chronicle", "examiner", "telegraph", "inquirer", "register", "dispatch", "courier", "globe", "republic", "union-tribune", "press", "today", "staff", "redaktion", "correspondents", "reporters", "newsroom", "agentur", "presse", "nachrichten", "anzeiger", "tageblatt",
];

/// Words that begin glued-on furniture: `Tom Roe Associated Press Published 11:34 PM EST`.
pub static FURNITURE: LazyLock<[Finder<'static>; 11]> = LazyLock::new(|| FURNITURE_WORDS.map(Finder::new));
const FURNITURE_WORDS: [&str; 11] = [
    "Published",
    "Updated",
    "Posted",
    "Last updated",
    "Link Copied",
    "Share",
    "Follow",
    "Email",
    "min read",
    "Read more",
    "Contact",
];

/// First words of links that stand beside a byline: `See full bio`, `View author archive`.
const LINKS: &[&str] =
    &["see", "view", "get", "read", "follow", "show", "more", "click", "share", "all", "about"];

/// Is it a link beside the byline, and no name?
pub fn is_furniture(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default().to_lowercase();
    text.contains(' ') && LINKS.contains(&first.as_str())
}

/// The short name of a known organisation.
pub fn organisation(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "/()[].,-–—|".contains(c));
    if text.len() > 40 {
        return None;
    }
    let lower = text.to_lowercase();
    ORGANISATIONS.iter().find(|(name, _)| *name == lower).map(|(_, short)| *short)
}

/// `Zeke Roe The Associated Press`: the text before a known organisation of two words or more, and its short name.
pub fn trailing_organisation(text: &str) -> Option<(&str, &'static str)> {
    let lower = text.to_ascii_lowercase();
    let multi = ORGANISATIONS.iter().filter(|(name, _)| name.contains(' ') || *name == "reuters");
    multi
        .filter_map(|(name, short)| {
            let at = lower.strip_suffix(name)?.strip_suffix(' ')?.len();
            Some((text.get(..at)?, *short))
        })
        .min_by_key(|(before, _)| before.len())
}

/// Roles set behind a name in Korea, Japan and China.
const ROLES_BEHIND: &[&str] = &["기자", "특파원", "선임기자", "논설위원", "記者", "记者", "特派員"];

/// `홍길동 기자`: the name, and the role behind it.
pub fn trailing_role(one: &str) -> (&str, Option<String>) {
    let behind = |role: &&&str| one.strip_suffix(**role).is_some_and(|name| name.ends_with(' '));
    match ROLES_BEHIND.iter().find(behind) {
        Some(role) => (one.strip_suffix(*role).unwrap_or(one).trim_end(), Some((*role).into())),
        None => (one, None),
    }
}

/// `Ann Roe mit dpa`, `La Voix avec AFP`: who wrote with an agency's help, and the agency.
pub fn beside_agency(one: &str) -> Option<(&str, &'static str)> {
    const WITH: &[&str] = &[" avec ", " mit ", " con ", " com ", " with "];
    let parts = WITH.iter().find_map(|with| one.split_once(with));
    parts.and_then(|(before, behind)| Some((before, organisation(behind)?)))
}

/// Does it begin as newspapers' names do, and no person's: `La Voix`?
pub fn begins_with_article(text: &str) -> bool {
    const ARTICLES: &[&str] = &["la", "le", "les", "el", "los", "il", "the", "die", "der", "das"];
    let first = text.split_once(' ').map(|(first, _)| first.to_lowercase());
    first.is_some_and(|first| ARTICLES.contains(&first.as_str()))
}

/// Is the last word a newspaper's or a desk's, or does it look like a site?
pub fn is_house(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let last = words.next_back().unwrap_or_default().to_lowercase();
    let first = words.next().unwrap_or_default();
    let site = [".com", ".org", ".net", ".de", ".co.uk", ".no", ".fr"].iter().any(|end| last.ends_with(end));
    let acronym = first.is_empty()
        && (2..=5).contains(&text.trim().len())
        && text.trim().bytes().all(|byte| byte.is_ascii_uppercase());
    const FIRST: &[&str] =
        &["tv", "radio", "rádio", "rede", "jornal", "g1", "agência", "agencia", "agenzia", "agence"];
    let is_station = || {
        text.contains(' ')
            && FIRST.contains(&text.split_whitespace().next().unwrap_or_default().to_lowercase().as_str())
    };
    site || acronym || is_station() || first == "The" || HOUSE_WORDS.contains(&last.as_str())
}

/// Last words that no person's name has. `Mia Doe and Jordan Press` are two people; `Northgate News Agency` is none.
#[rustfmt::skip]
const SURE: &[&str] = &[
    "agency", "newswire", "broadcasting", "network", "newspapers", "zeitung", "university", "institute", "foundation", "services", "service",
    "agentur", "nachrichten", "tageblatt", "newsroom", "media", "photo", "photos",
];

/// Is it an organisation by its last word alone?
pub fn is_surely_house(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let last = words.next_back().unwrap_or_default().to_lowercase();
    words.next().is_some() && SURE.contains(&last.as_str())
}

/// Does it end as companies do: `Variety Roe Media, LLC`?
pub fn is_company(text: &str) -> bool {
    const ENDS: &[&str] = &["llc", "inc", "ltd", "gmbh", "corp", "plc", "ag", "limited", "co"];
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let last = words.next_back().map(|word| word.trim_matches('.').to_lowercase()).unwrap_or_default();
    words.next().is_some() && ENDS.contains(&last.as_str())
}

/// Is it a role: `AP Sports Writer`, `Special to the Pioneer Press`, `Staff`?
pub fn is_role(text: &str) -> bool {
    let starts = |start: &str| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if starts("special to ")
        || starts("special for ")
        || starts("for the ")
        || starts("for ")
        || starts("special ")
    {
        return true;
    }
    let words = text.split_whitespace().count();
    let last = text.split([' ', '\u{a0}']).next_back().unwrap_or_default();
    (1..=7).contains(&words) && is_role_noun(last)
}

/// Is it the last word of a role?
pub fn is_role_noun(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    ROLE_NOUNS.contains(&word.as_str())
}

/// Is it a word with which a role begins?
pub fn begins_role(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    ROLE_ADJECTIVES.contains(&word.as_str())
}
