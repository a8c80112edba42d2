//! Deliveries as they should not be: what is kept of each, what is said of it, and how long it may take.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Delivery, FORMATS, FormatError, Parsed};

/// The documents in `fixtures/hostile`, in the order of their names.
fn hostile() -> Vec<PathBuf> {
    super::documents()
        .into_iter()
        .filter(|path| path.parent().is_some_and(|folder| folder.ends_with("hostile")))
        .collect()
}

fn read(delivery: &Delivery) -> Result<Parsed, FormatError> {
    super::read(delivery, None)
}

fn delivery(bytes: impl Into<Vec<u8>>) -> Delivery {
    super::delivery(bytes.into())
}

/// The headlines that are kept and the faults beside them, or the class of the error.
type Outcome = Result<(&'static [&'static str], &'static [&'static str]), &'static str>;

/// What comes of each hostile delivery.
const HOSTILE: &[(&str, Outcome)] = &[
    ("bad-dates.xml", Ok((&["Never"], &[]))),
    ("bare-ampersand.xml", Ok((&["Q&A: R&D at AT&T"], &[]))),
    (
        "bare-less-than.xml",
        Ok((&["Is a<b or b < a, wins <3", "A tag without its end", "Untouched"], &["xml_syntax"])),
    ),
    ("cut-between-items.xml", Ok((&["Whole item"], &["truncated"]))),
    ("cut-in-cdata.xml", Ok((&["Whole item"], &["xml_syntax", "truncated"]))),
    ("cut-in-tag.xml", Ok((&["Whole item"], &["xml_syntax", "truncated"]))),
    ("cut-in-text.xml", Ok((&["Whole item"], &["truncated"]))),
    ("cut.json", Ok((&["Whole"], &["truncated"]))),
    ("deep-nesting.xml", Ok((&["Deep", "After"], &["limit", "xml_syntax"]))),
    ("empty.xml", Err("empty")),
    ("entity-bomb.xml", Ok((&["&a9;", "After"], &["limit"]))),
    ("error-page.html", Err("not_a_feed")),
    ("external-entity.xml", Ok((&["Nothing &secret; is loaded"], &[]))),
    ("feed-in-page.xml", Ok((&["Wrapped in a page"], &[]))),
    ("junk-after-root.xml", Ok((&["Still read"], &[]))),
    ("junk-before-root.xml", Ok((&["Still read"], &[]))),
    (
        "latin1-undeclared.xml",
        Ok((&["M\u{fc}ller geht, \u{c4}nderung folgt f\u{fc}r sp\u{e4}ter"], &["charset"])),
    ),
    ("left-open.xml", Ok((&["Behind an open category", "Never ended", "After it"], &["xml_syntax"]))),
    ("mismatched-tags.xml", Ok((&["One <b>bold", "Two"], &["xml_syntax"]))),
    ("missing-page.html", Err("not_a_feed")),
    (
        "newsml-g2-truncated.xml",
        Ok((
            &["The aid ship, in words and a picture", "Aid ship turns back with most of its load"],
            &["truncated"],
        )),
    ),
    ("nitf-truncated.xml", Err("truncated")),
    ("nul-bytes.xml", Ok((&["With\0 nul \x07 and bell\x1b"], &[]))),
    ("open-quote.xml", Ok((&["One", "Two"], &["xml_syntax"]))),
    ("other.json", Err("not_a_feed")),
    ("other.xml", Err("not_a_feed")),
    ("random.bin", Err("not_a_feed")),
    ("says-latin1-is-utf8.xml", Ok((&["F\u{e4}hre f\u{e4}hrt wieder"], &["charset"]))),
    ("says-utf16-is-utf8.xml", Ok((&["Sechzehn"], &["charset"]))),
    ("says-utf8-is-cp1252.xml", Ok((&["\u{201c}It held,\u{201d} she said \u{2013} twice"], &["charset"]))),
    ("unclosed-comment.xml", Ok((&["One"], &["xml_syntax"]))),
    ("utf16-no-mark.xml", Ok((&["\u{c9}coute"], &[]))),
    ("utf16.xml", Ok((&["\u{c9}coute"], &[]))),
    ("utf8-twice.xml", Ok((&["\u{201c}Noch eine F\u{e4}hre\u{201d} f\u{fc}r 3 \u{20ac}"], &["charset"]))),
    ("white-space.xml", Err("empty")),
];

#[test]
fn a_hostile_delivery_costs_no_more_than_itself() {
    let files = hostile();
    let names: Vec<_> =
        files.iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, HOSTILE.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (file, (name, expected)) in files.iter().zip(HOSTILE) {
        let found = read(&delivery(fs::read(file).unwrap())).map_err(|error| error.class()).map(|parsed| {
            let headlines =
                parsed.items.iter().map(|item| item.headlines[0].text.clone()).collect::<Vec<_>>();
            (headlines, parsed.faults.iter().map(|fault| fault.code.clone()).collect::<Vec<_>>())
        });
        let expected = expected.map(|(headlines, faults)| {
            (
                headlines.iter().map(|one| one.to_string()).collect(),
                faults.iter().map(|one| one.to_string()).collect(),
            )
        });
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn an_error_names_what_was_found_instead() {
    for (bytes, says) in [
        (
            "<!DOCTYPE html><html><title>504 Gateway Time-out</title>",
            "an HTML page titled \"504 Gateway Time-out\"",
        ),
        ("{\"error\": {\"code\": 429}}", "JSON with the keys error"),
        ("hello", "5 bytes that start with \"hello\""),
    ] {
        let error = read(&delivery(bytes)).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert_eq!(super::read(&delivery("x"), Some("gopher")).unwrap_err().class(), "config");
}

#[test]
fn time_grows_with_size_and_no_faster() {
    let near = Instant::now();
    for piece in [
        "<",
        "<a",
        "<a ",
        "<a '",
        "</a>",
        "<!--",
        "<![CDATA[",
        "<?x",
        "&",
        "&a",
        "&#",
        "<a><b",
        "<br>",
        "<item>",
        "<title>",
        "<!DOCTYPE",
        "<a b='<'>",
        "<a \">",
        "]]>",
        "<x:y xmlns:x='z'>",
        "<a xml:base='b/'>",
        "<media:group>",
    ] {
        for document in [
            "<rss><channel><item><title>",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>",
            "",
        ] {
            let _ = read(&delivery(format!("{document}{}", piece.repeat(200_000 / piece.len()))));
        }
    }
    assert!(near.elapsed() < Duration::from_secs(60), "{:?}", near.elapsed());
}

#[test]
fn a_page_built_to_cost_much_costs_little() {
    let near = Instant::now();
    let head = "<!doctype html><html><title>Moles dig on below the town</title><body><article><h1>Moles dig on below the town</h1>";
    let told =
        "<p>The council met on Tuesday evening to speak about moles below the town hall, and met again.</p>";
    let many = |count: usize, unit: fn(usize) -> String| (0..count).map(unit).collect::<String>();
    for middle in [
        many(100_000, |_| "<div>".into()),
        many(100_000, |_| "<b>".into()),
        many(100_000, |_| "<table>".into()),
        many(10_000, |n| format!("<font color={n}><p>")),
        format!("<div class='{}'>", "caption ".repeat(500_000)),
        format!("<div {}>", many(100_000, |n| format!(" a{n}=1"))),
        many(1_000, |_| "<div class=caption><img src=x>".into()),
        many(5_000, |_| "<figure><img src=x><figcaption>A mole in its hill.</figcaption></figure>".into()),
        format!("{}{}", "<div>".repeat(90), many(5_000, |_| "<img src=x alt='a mole in its hill'>".into())),
        many(5_000, |n| format!("<h3><a href=/{n}>Moles dig on below the town</a></h3>")),
        many(10_000, |_| "<span class=byline>By Ann Roe</span><time>x".into()),
        format!("<script type='application/ld+json'>{}", "[".repeat(100_000)),
        format!(
            "<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"author\":[{}1]}}</script>",
            "{\"name\":\"Ann Roe\"},".repeat(50_000)
        ),
    ] {
        let _ = read(&delivery(format!("{head}{told}{middle}{told}{told}")));
    }
    assert!(near.elapsed() < Duration::from_secs(60), "{:?}", near.elapsed());
}

proptest! {
    #[test]
    fn any_bytes_give_items_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&delivery(bytes.clone()));
        for format in FORMATS {
            let _ = super::read(&super::delivery(bytes.clone()), Some(format.name));
        }
    }
}
