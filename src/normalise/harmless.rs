//! Nothing of a story runs, wherever it is shown: the last step of all.
//!
//! `body_html` has passed the sanitiser. Here are the fields that are plain text or an address, and that somebody will put
//! into a page all the same: a script as an author's name (CVE-2017-12980), an enclosure at `javascript:`.

use crate::item::NewsItem;

/// Schemes that are programs and not places, or lead into the reader's own machine.
const PROGRAMS: &[&str] = &[
    "javascript",
    "vbscript",
    "livescript",
    "mocha",
    "data",
    "file",
    "filesystem",
    "blob",
    "jar",
    "view-source",
    "about",
];

/// Elements that do something where they are shown. Others may be what a headline is about.
const ACTIVE: &[&str] = &[
    "script", "style", "iframe", "frame", "object", "embed", "applet", "svg", "math", "img", "image",
    "video", "audio", "form", "input", "button", "link", "meta", "base", "body", "template", "noscript",
    "marquee", "details",
];

/// Elements whose inside goes with them.
const WHOLE: &[&str] = &["script", "style"];

/// What a fault may quote of a refused address.
const QUOTED_PROGRAM: &str = "javascript:";

/// Takes out of a story what would run.
pub fn disarm(item: &mut NewsItem) {
    item.link.take_if(|link| is_program(link));
    item.enclosures.retain(|file| !is_program(&file.url));
    item.related.retain(|related| !is_program(&related.target));
    for caption in &mut item.captions {
        caption.url.take_if(|url| is_program(url));
    }
    lines(item, |line| {
        if let Some(harmless) = without_active(line) {
            *line = harmless;
        }
    });
    // What was odd is quoted for a person, and may well be an attack.
    for fault in &mut item.faults {
        if fault.detail.contains('<') || fault.detail.contains(QUOTED_PROGRAM) {
            fault.detail = fault.detail.replace('<', "&lt;").replace(QUOTED_PROGRAM, "javascript&#58;");
        }
    }
    item.authors.retain(|author| !author.name.is_empty());
    item.keywords.retain(|word| !word.is_empty());
}

/// Every field that is printed on a line.
fn lines(item: &mut NewsItem, mut each: impl FnMut(&mut String)) {
    let single = [
        &mut item.headline,
        &mut item.slugline,
        &mut item.byline,
        &mut item.dateline_text,
        &mut item.source,
        &mut item.credit,
        &mut item.copyright,
        &mut item.usage_terms,
        &mut item.ed_note,
        &mut item.provider,
    ];
    single.into_iter().flatten().for_each(&mut each);
    let lists = [
        &mut item.signals,
        &mut item.keywords,
        &mut item.places,
        &mut item.people,
        &mut item.organisations,
        &mut item.genre,
    ];
    lists.into_iter().flatten().for_each(&mut each);
    for author in item.authors.iter_mut().chain(&mut item.contributors) {
        each(&mut author.name);
        [&mut author.role, &mut author.org, &mut author.email].into_iter().flatten().for_each(&mut each);
    }
    for subject in &mut item.subjects {
        subject.name.as_mut().into_iter().for_each(&mut each);
    }
    for caption in &mut item.captions {
        each(&mut caption.text);
        [&mut caption.credit, &mut caption.photographer].into_iter().flatten().for_each(&mut each);
    }
}

/// Whether an address is a program, or the reader's own file, as a browser reads it: blanks and controls left out, in any case.
fn is_program(address: &str) -> bool {
    let Some((scheme, _)) = address.split_once(':') else { return false };
    let mut scheme = scheme.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    let scheme: String = scheme.by_ref().take(16).collect();
    PROGRAMS.iter().any(|program| program.eq_ignore_ascii_case(&scheme))
}

/// The line without active elements; `None` when there are none.
fn without_active(line: &str) -> Option<String> {
    let mut rest = line;
    let mut harmless = String::new();
    let mut found = false;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        harmless.push_str(before);
        rest = match active(tag) {
            Some(name) => {
                found = true;
                behind(tag, name)
            }
            None => {
                harmless.push('<');
                tag.get(1..).unwrap_or_default()
            }
        };
    }
    found.then(|| {
        harmless.push_str(rest);
        harmless.trim().to_owned()
    })
}

/// The active element that a tag opens or closes.
fn active(tag: &str) -> Option<&'static str> {
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.get(..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len()))?;
    ACTIVE.iter().find(|active| active.eq_ignore_ascii_case(name)).copied()
}

/// What follows a tag; of a script, what follows its end. Nothing where there is none.
fn behind<'t>(tag: &'t str, name: &str) -> &'t str {
    let end = match WHOLE.contains(&name) && !tag.starts_with("</") {
        true => closing(tag, name),
        false => Some(0),
    };
    let rest = end.and_then(|end| tag.get(end..)).unwrap_or_default();
    rest.split_once('>').map_or("", |(_, rest)| rest)
}

fn closing(tag: &str, name: &str) -> Option<usize> {
    let ends = memchr::memmem::find_iter(tag.as_bytes(), b"</");
    let mut named = ends
        .filter(|at| tag.get(at + 2..at + 2 + name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)));
    named.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Author, Enclosure};
    use crate::wire::Fault;

    #[test]
    fn a_line_loses_what_would_run_and_nothing_else() {
        let table = [
            ("Quay opens", None),
            ("5 < 6 > 4", None),
            ("Why <b> and <blink> went", None),
            ("A <scripted> reality", None),
            ("<script>steal()</script>A. Keeper", Some("A. Keeper")),
            ("Quay <SCRIPT src=x></SCRIPT> opens", Some("Quay  opens")),
            ("<img src=x onerror=a()>", Some("")),
            ("Quay <img src=x onerror=a()", Some("Quay")),
            ("Quay <script>never ends", Some("Quay")),
            ("</script><svg/onload=a()>b", Some("b")),
            ("<style>a{}</style><", Some("<")),
        ];
        for (line, expected) in table {
            assert_eq!(without_active(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn an_address_that_is_a_program_is_none() {
        let table = [
            ("https://quay.example/a:b", false),
            ("/relative", false),
            ("JavaScript:alert(1)", true),
            (" java\tscript\n:alert(1)", true),
            ("\u{1}javascript:alert(1)", true),
            ("data:text/html,<script>", true),
            ("urn:data:1", false),
        ];
        for (address, program) in table {
            assert_eq!(is_program(address), program, "{address:?}");
        }
    }

    #[test]
    fn a_hostile_story_is_disarmed_everywhere() {
        let hostile = "<script>steal()</script>";
        let mut item = NewsItem {
            headline: Some(format!("Quay {hostile}opens")),
            link: Some("javascript:a()".into()),
            authors: vec![Author { name: hostile.into(), ..Author::default() }],
            keywords: vec![hostile.into(), "quay".into()],
            enclosures: vec![Enclosure { url: "data:x".into(), ..Enclosure::default() }],
            faults: vec![Fault::new("bad_date", format!("{hostile} javascript:a()"))],
            ..NewsItem::default()
        };
        disarm(&mut item);
        assert_eq!((item.headline.as_deref(), item.link), (Some("Quay opens"), None));
        assert!(item.authors.is_empty() && item.enclosures.is_empty());
        assert_eq!(item.keywords, ["quay"]);
        assert_eq!(item.faults[0].detail, "&lt;script>steal()&lt;/script> javascript&#58;a()");
    }
}
