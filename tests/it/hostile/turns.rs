//! Feeds that change from poll to poll: ended and begun again, taken over, in other formats, with other stories under the same names.

use super::super::server::Reply;
use super::case::{Case, feed, item, page, plain, told, typed, with};

fn status(status: u16) -> Reply {
    Reply::whole(status, &[], b"quay")
}

fn parked() -> Reply {
    typed(
        "text/html",
        "<!DOCTYPE html><html><head><title>This quay is for sale</title></head><body><h1>For sale</h1></body></html>",
    )
}

fn atom(tag: &str) -> Reply {
    typed(
        "application/atom+xml",
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay Wire</title><id>urn:quay:{tag}</id><entry><id>urn:quay:{tag}:1</id><title>Quay story 1 of {tag}</title><summary>The quay at {tag} was quiet, said keeper number 1.</summary><updated>2024-04-01T12:01:00Z</updated></entry></feed>"
        ),
    )
}

fn json(tag: &str) -> Reply {
    typed(
        "application/feed+json",
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Quay Wire\",\"items\":[{{\"id\":\"urn:quay:{tag}:1\",\"title\":\"Quay story 1 of {tag}\",\"content_text\":\"The quay at {tag} was quiet, said keeper number 1.\",\"date_published\":\"2024-04-01T12:01:00Z\"}}]}}"
        ),
    )
}

/// A story that says it was published at this time.
fn at(tag: &str, n: usize, text: &str, date: &str) -> String {
    told(tag, n, &format!("Quay story {n} of {tag}"), text).replace("Mon, 01 Apr 2024 12:00:00 GMT", date)
}

pub fn turns() -> Vec<Case> {
    let two = |a: &str, b: &str| page(feed(&format!("{a}{b}")));
    let tagged = |tag: &str, body: String| {
        Reply::whole(
            200,
            &[("ETag", tag), ("Last-Modified", "Mon, 01 Apr 2024 12:00:00 GMT")],
            body.as_bytes(),
        )
    };
    let killed = |tag: &str, n: usize| {
        with(tag, n, "<media:status xmlns:media='http://search.yahoo.com/mrss/' state='deleted'/>")
    };
    let mut again = vec![
        Case::good("turn/gone-and-back", 2, page(plain("back", 1))).then(status(410)).then(page(plain("back", 2))),
        Case::good("turn/missing-and-back", 2, page(plain("found", 1))).then(status(404)).then(page(plain("found", 2))),
        Case::good("turn/signed-out-and-in", 2, page(plain("signed", 1))).then(status(401)).then(page(plain("signed", 2))),
        Case::good("turn/in-trouble-and-back", 2, page(plain("trouble", 1))).then(Reply::whole(503, &[("Retry-After", "0")], b"")).then(page(plain("trouble", 2))),
        Case::good("turn/parked-and-back", 2, page(plain("parked", 1))).then(parked()).then(page(plain("parked", 2))).hides("for sale"),
        Case::good("turn/cut-and-back", 2, page(plain("cutback", 1))).then(Reply::begin(200, &[("Content-Length", "99999"), ("ETag", "\"torn\"")]).send(plain("cutback", 2))).then(page(plain("cutback", 2))),
        Case::good("turn/emptied-and-back", 2, page(plain("emptied", 2))).then(page(feed(""))).then(page(plain("emptied", 2))),
        Case { new: Some(1), ..Case::bad("turn/gone-in-the-end", "gone", page(plain("ended", 1))).then(status(410)).held(1) },
        Case { new: Some(1), ..Case::bad("turn/parked-in-the-end", "not_a_feed", page(plain("sold", 1))).then(parked()).held(1).hides("For sale") },
        Case::good("turn/moved-in-and-out", 1, Reply::whole(301, &[("Location", "/turn/house")], b"")).then(page(plain("house", 1))),
        Case::good("turn/house", 1, page(plain("house", 1))),
        Case::good("turn/other-formats", 1, page(plain("format", 1))).then(atom("format")).then(json("format")).then(page(plain("format", 1))).revised(2),
        Case::good("turn/tag-used-again", 3, tagged("\"a\"", plain("tag", 1))).then(tagged("\"b\"", plain("tag", 2))).then(tagged("\"a\"", plain("tag", 3))),
        Case::good("turn/two-stories-change-names", 2, two(&told("swap", 1, "Quay lamp lit", "The lamp is lit."), &told("swap", 2, "Quay bell rung", "The bell is rung.")))
            .then(two(&told("swap", 2, "Quay lamp lit", "The lamp is lit."), &told("swap", 1, "Quay bell rung", "The bell is rung."))).revised(2),
        Case::good("turn/same-name-two-stories", 2, two(&told("double", 1, "Quay lamp lit", "The lamp is lit."), &told("double", 1, "Quay bell rung", "The bell is rung."))),
        Case::good("turn/other-order", 3, page(plain("order", 3))).then(page(feed(&(1..=3).rev().map(|n| item("order", n)).collect::<String>()))),
        Case::good("turn/date-moves-each-time", 1, page(feed(&at("moves", 1, "The lamp is lit.", "Mon, 01 Apr 2024 12:00:00 GMT"))))
            .then(page(feed(&at("moves", 1, "The lamp is lit.", "Mon, 01 Apr 2024 12:05:00 GMT"))))
            .then(page(feed(&at("moves", 1, "The lamp is lit.", "Mon, 01 Apr 2024 12:10:00 GMT")))).revised(2).held(1),
        Case::good("turn/date-goes-back", 1, page(feed(&at("goesback", 1, "The lamp is lit.", "Mon, 01 Apr 2024 12:00:00 GMT"))))
            .then(page(feed(&at("goesback", 1, "The lamp is out.", "Sun, 31 Mar 2024 12:00:00 GMT")))).revised(1).held(1).shows("The lamp is lit."), // an older date is an older version
        Case::good("turn/flip-and-flop", 1, page(feed(&told("flip", 1, "Quay lamp", "The lamp is lit."))))
            .then(page(feed(&told("flip", 1, "Quay lamp", "The lamp is out."))))
            .then(page(feed(&told("flip", 1, "Quay lamp", "The lamp is lit.")))).revised(1).held(1),
        Case::endured("turn/emptied-story", page(feed(&told("hollow", 1, "Quay lamp", "The lamp is lit.")))).then(page(feed(&told("hollow", 1, "", "")))),
        Case::endured("turn/kill-of-a-neighbour", two(&item("killer", 1), &item("killer", 2))).then(two(&item("killer", 1), &killed("killer", 2))).held(1).hides("urn:quay:killer:2"),
        Case::endured("turn/killed-then-left-out", page(plain("leftout", 1))).then(page(feed(&killed("leftout", 1)))).then(page(feed(""))).held(0).hides("urn:quay:leftout"),
        Case::endured("turn/killed-then-new-words", page(plain("reworded", 1))).then(page(feed(&killed("reworded", 1)))).then(page(feed(&told("reworded", 1, "Quay story told anew", "In other words.")))).held(0).hides("told anew"),
        Case::good("turn/victim", 1, page(plain("victim", 1))),
        Case::endured("turn/kill-by-another-feed", page(feed(&killed("victim", 1)))).held(0),
        Case::endured("turn/kill-of-nobody", page(feed("<item><guid></guid><title>KILL</title><description>Kill all stories. Please kill *.</description></item>"))).held(0),
        Case::endured("turn/kill-of-everybody", page(feed(&told("all", 1, "KILL: Quay story", "Please kill the story Quay, V0001, and all stories of today.")))),
    ];
    again.push(Case::good("turn/bystander", 3, page(plain("bystander", 3))));
    again
}
