//! Who a story is, when it was, and whether it may be seen: guids, dates and statuses that lie, and lives in every order.

use super::super::server::Reply;
use super::case::{Case, feed, item, page, plain, with};

/// An item with exactly these elements.
fn only(elements: &str) -> String {
    format!("<item>{elements}</item>")
}

/// A story with its own words under this guid.
fn under(guid: &str, n: usize) -> String {
    only(&format!(
        "<guid isPermaLink=\"false\">{guid}</guid><title>Quay tale {n} of {} words</title><description>Tale {n}: keeper {n} rowed {n} times.</description>",
        n * 7
    ))
}

pub fn guids() -> Vec<Case> {
    let nameless = |n: usize| {
        only(&format!(
            "<title>Quay without name {n}</title><description>Keeper {n} has no name.</description>"
        ))
    };
    let linked = |n: usize| {
        only(&format!(
            "<title>Quay link {n}</title><link>https://quay.example/{n}</link><description>Keeper {n}.</description>"
        ))
    };
    let huge = "q".repeat(100_000);
    let turning = |turn: &str| {
        page(feed(&only(&format!(
            "<guid>urn:quay:turn:{turn}</guid><link>https://quay.example/turning</link><title>Quay turns once</title><description>It turned only once.</description>"
        ))))
    };
    vec![
        Case::good(
            "guid/shared-by-all",
            3,
            page(feed(&(1..=3).map(|n| under("urn:quay:shared", n)).collect::<String>())),
        ),
        Case::good("guid/same-item-twice", 1, page(feed(&item("twice", 1).repeat(2)))),
        Case::good("guid/changes-each-poll", 3, turning("a")).then(turning("b")).then(turning("c")),
        Case::good("guid/absent", 3, page(feed(&(1..=3).map(nameless).collect::<String>())))
            .then(page(feed(&(1..=3).map(nameless).collect::<String>()))),
        Case::good("guid/absent-but-linked", 3, page(feed(&(1..=3).map(linked).collect::<String>()))),
        Case::good("guid/empty", 2, page(feed(&(1..=2).map(|n| under("", n)).collect::<String>()))),
        Case::good("guid/blank", 2, page(feed(&(1..=2).map(|n| under(" \n ", n)).collect::<String>()))),
        Case::good("guid/huge", 1, page(feed(&under(&huge, 1)))),
        Case::good("guid/nul", 1, page(feed(&under("urn:quay:\0nul", 1)))),
        Case::good("guid/newlines", 1, page(feed(&under("urn:quay:\n\r\nnew\tlines", 1)))),
        Case::good("guid/traversal", 1, page(feed(&under("../../../../../../tmp/quay-traversal", 1)))),
        Case::good("guid/absolute-path", 1, page(feed(&under("/etc/cron.d/quay", 1)))),
        Case::good("guid/sql", 1, page(feed(&under("'; DROP TABLE revision; --", 1)))),
        Case::good("guid/percent", 1, page(feed(&under("%s%n%00%2e%2e%2f", 1)))),
        Case::good("guid/bidi", 1, page(feed(&under("urn:quay:\u{202e}idib", 1))))
            .never_on_a_screen("\u{202e}"),
        Case::good(
            "guid/javascript",
            1,
            page(feed(&only(
                "<guid isPermaLink=\"true\">javascript:alert(1)</guid><title>Quay permalink</title>",
            ))),
        ),
        Case::good(
            "guid/headline-in-it",
            2,
            page(feed(&(1..=2).map(|n| under(&format!("Quay tale {n}"), n)).collect::<String>())),
        ),
        Case::good("guid/of-another-feed", 1, page(feed(&under("urn:quay:shared", 9)))),
        Case::good("guid/nothing-at-all", 0, page(feed(&only("")))).faulty(),
        Case::good("guid/revised", 1, page(plain("revised", 1)))
            .then(page(plain("revised", 1).replace("quiet", "loud")))
            .revised(1)
            .shows("loud")
            .hides("was quiet"),
    ]
}

pub fn dates() -> Vec<Case> {
    let digits = "9".repeat(5_000);
    let rows = [
        ("2041", "Tue, 01 Jan 2041 00:00:00 GMT"),
        ("year-0", "Sat, 01 Jan 0000 00:00:00 GMT"),
        ("year-1", "0001-01-01T00:00:00Z"),
        ("negative", "-0044-03-15T12:00:00Z"),
        ("year-9999", "9999-12-31T23:59:59Z"),
        ("year-99999", "99999-12-31T23:59:59Z"),
        ("digits", digits.as_str()),
        ("epoch", "0"),
        ("minus-one", "-1"),
        ("huge-number", "99999999999999999999"),
        ("month-13", "2024-13-01T00:00:00Z"),
        ("day-32", "Mon, 32 Apr 2024 12:00:00 GMT"),
        ("february-30", "2024-02-30T00:00:00Z"),
        ("hour-24", "2024-04-01T24:00:00Z"),
        ("hour-25", "2024-04-01T25:61:61Z"),
        ("leap-second", "2016-12-31T23:59:60Z"),
        ("zone-unknown", "Mon, 01 Apr 2024 12:00:00 QUAY"),
        ("zone-huge", "2024-04-01T12:00:00+99:99"),
        ("wrong-weekday", "Sun, 01 Apr 2024 12:00:00 GMT"),
        ("words", "yesterday at noon"),
        ("empty", ""),
        ("nan", "NaN"),
        ("script", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("escape", "\u{1b}[31m2024-04-01"),
        ("two-digits", "01 Apr 24 12:00 GMT"),
    ];
    let mut cases: Vec<Case> = rows
        .iter()
        .map(|(name, date)| {
            let story = item(&format!("date-{name}"), 1).replace("Mon, 01 Apr 2024 12:01:00 GMT", date);
            Case::good(&format!("date/{name}"), 1, page(feed(&story))).hides("<script").hides("T24:")
        })
        .collect();
    let two = |first: &str, second: &str| {
        with(
            "date-two",
            1,
            &format!(
                "<pubDate>{first}</pubDate><dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>{second}</dc:date>"
            ),
        )
    };
    cases.push(Case::good(
        "date/several",
        1,
        page(feed(&two("Mon, 01 Apr 2024 12:00:00 GMT", "1999-01-01T00:00:00Z"))),
    ));
    cases.push(Case::good(
        "date/absent",
        1,
        page(feed(&only("<guid>urn:quay:dateless</guid><title>Quay without date</title>"))),
    ));
    cases
}

/// A version of a story as NewsML-G2.
fn g2(guid: &str, version: u32, status: &str, more: &str, text: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:newsml:quay.example:{guid}\" version=\"{version}\" standard=\"NewsML-G2\" standardversion=\"2.28\" conformance=\"power\">\
         <itemMeta><itemClass qcode=\"ninat:text\"/><provider literal=\"Quay Wire\"/><versionCreated>2024-04-01T12:0{version}:00Z</versionCreated>{more}<pubStatus qcode=\"{status}\"/></itemMeta>\
         <contentMeta><headline>Quay {guid} {text}</headline></contentMeta>\
         <contentSet><inlineXML contenttype=\"application/xhtml+xml\"><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>QUAY, April 1 (QW) - The {guid} is {text}, the keeper said on Monday.</p></body></html></inlineXML></contentSet></newsItem>"
    )
}

fn wire(text: String) -> Reply {
    Reply::whole(200, &[("Content-Type", "application/vnd.iptc.g2.newsitem+xml")], text.as_bytes())
}

fn atom_of(entries: &str) -> Reply {
    page(format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title><id>urn:quay:atom</id>{entries}</feed>"
    ))
}

fn entry(tag: &str, n: usize) -> String {
    format!(
        "<entry><id>urn:quay:{tag}:{n}</id><title>Quay entry {n}</title><updated>2024-04-01T12:00:00Z</updated></entry>"
    )
}

pub fn lives() -> Vec<Case> {
    let is = |guid: &str, version: u32, status: &str, text: &str| wire(g2(guid, version, status, "", text));
    let embargo = |guid: &str, when: &str, text: &str| {
        wire(g2(guid, 1, "stat:usable", &format!("<embargoed>{when}</embargoed>"), text))
    };
    vec![
        Case::good("life/new-revised-killed", 1, is("pier", 1, "stat:usable", "openly told"))
            .then(is("pier", 2, "stat:usable", "better told"))
            .then(is("pier", 3, "stat:canceled", "openly told"))
            .revised(2)
            .held(0)
            .hides("openly told")
            .hides("better told"),
        Case::endured("life/killed-first", is("mole", 2, "stat:canceled", "told too late"))
            .then(is("mole", 1, "stat:usable", "told too late"))
            .held(0)
            .hides("told too late"),
        Case::endured("life/withheld", is("dock", 1, "stat:withheld", "held back"))
            .held(0)
            .hides("held back"),
        Case::endured("life/withheld-then-usable", is("lock", 1, "stat:withheld", "held for now"))
            .then(is("lock", 2, "stat:usable", "told at last"))
            .held(1)
            .shows("told at last"),
        Case::endured("life/unknown-status", is("weir", 1, "stat:quay", "of unknown standing"))
            .held(0)
            .hides("of unknown standing"),
        Case::endured("life/embargo-in-2099", embargo("buoy", "2099-01-01T00:00:00Z", "under embargo"))
            .held(0)
            .hides("under embargo"),
        Case::endured("life/embargo-unreadable", embargo("bell", "when the keeper says", "under a hold"))
            .held(0)
            .hides("under a hold"),
        Case::endured("life/embargo-empty", embargo("lamp", "", "under no end"))
            .held(0)
            .hides("under no end"),
        Case::endured("life/embargo-over", embargo("sail", "2020-01-01T00:00:00Z", "long free"))
            .held(1)
            .shows("long free"),
        Case::endured("life/embargo-hostile", embargo("oar", &"9".repeat(3000), "behind digits"))
            .held(0)
            .hides("behind digits"),
        Case::endured("life/old-after-new", is("keel", 2, "stat:usable", "of the second version"))
            .then(is("keel", 1, "stat:usable", "of the first version"))
            .held(1)
            .shows("of the second version")
            .hides("of the first version"),
        Case::endured("life/same-version-other-words", is("mast", 1, "stat:usable", "in first words"))
            .then(is("mast", 1, "stat:usable", "in other words"))
            .held(1)
            .shows("in other words"),
        Case::endured("life/killed-and-told-again", is("helm", 1, "stat:usable", "once told"))
            .then(is("helm", 2, "stat:canceled", "once told"))
            .then(is("helm", 1, "stat:usable", "once told"))
            .held(0)
            .hides("once told"),
        Case::endured(
            "life/version-huge",
            wire(
                g2("rope", 1, "stat:usable", "", "of a huge version")
                    .replace("version=\"1\"", "version=\"99999999999999999999999\""),
            ),
        )
        .held(1),
        Case::endured(
            "life/version-words",
            wire(
                g2("knot", 1, "stat:usable", "", "of a worded version")
                    .replace("version=\"1\"", "version=\"first\""),
            ),
        )
        .held(1),
        Case::endured(
            "life/rss-status-deleted",
            page(feed(&with(
                "deleted",
                1,
                "<media:status xmlns:media='http://search.yahoo.com/mrss/' state='deleted' reason='quay'/>",
            ))),
        )
        .held(0)
        .hides("urn:quay:deleted"),
        Case::endured("life/atom-entry-deleted", atom_of(&entry("atomdel", 1)))
            .then(atom_of("<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:quay:atomdel:1' when='2024-04-02T12:00:00Z'/>"))
            .held(0)
            .hides("Quay entry"),
        Case::endured("life/atom-entry-deleted-first", atom_of("<at:deleted-entry ref='urn:quay:delatom:1' when='2024-04-02T12:00:00Z'/>"))
            .then(atom_of(&entry("delatom", 1)))
            .held(0)
            .hides("Quay entry"),
        Case::endured(
            "life/kill-by-words",
            page(plain("bykill", 1).replace("Quay story 1 of bykill", "KILL - Quay story")),
        )
        .held(0),
    ]
}
