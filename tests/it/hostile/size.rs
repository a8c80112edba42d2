//! Bombs (little on the line, much in memory) and floods (much on the line).

use super::super::server::{Reply, brotli, deflate, gzip, zstd};
use super::case::{CLOSE, Case, OPEN, feed, item, page, plain, told, with};

/// What a bomb unpacks to: more than the memory it may take.
const HUGE: usize = 320 << 20;

/// gzip and zstd members one after the other are one stream: a small one many times over is a bomb made without effort.
fn members(pack: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    pack(&vec![b' '; 4 << 20]).repeat(HUGE / (4 << 20))
}

fn packed(encoding: &str, body: &[u8]) -> Reply {
    Reply::whole(200, &[("Content-Type", "application/rss+xml"), ("Content-Encoding", encoding)], body)
}

/// Entities that stand for ten of the one before.
fn laughs(levels: usize) -> String {
    let mut entities = String::from("<!ENTITY l0 \"ha\">");
    for level in 1..levels {
        let ten = format!("&l{};", level - 1).repeat(10);
        entities.push_str(&format!("<!ENTITY l{level} \"{ten}\">"));
    }
    entities
}

fn doctype(entities: &str, items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [{entities}]><rss version=\"2.0\"><channel><title>Quay</title>{items}{CLOSE}"
    )
}

pub fn bombs() -> Vec<Case> {
    let spaces = vec![b' '; HUGE / 4];
    let long = "y".repeat(200_000);
    let many = format!("<!ENTITY long \"{long}\">");
    let wide = format!("{}&long;", "&long;".repeat(5_000));
    let chain: String = (1..3000).map(|n| format!("<!ENTITY e{n} \"&e{};\">", n - 1)).collect::<String>()
        + "<!ENTITY e0 \"x\">";
    let inner = gzip(&gzip(&spaces));
    let calls = "&l9;".repeat(100);
    vec![
        Case::bad("bombs/gzip", "too_large", packed("gzip", &gzip(&spaces))),
        Case::bad("bombs/gzip-members", "too_large", packed("gzip", &members(gzip))),
        Case::bad("bombs/zstd", "too_large", packed("zstd", &members(zstd))),
        Case::bad("bombs/brotli", "too_large", packed("br", &brotli(&spaces))),
        Case::bad("bombs/deflate", "too_large", packed("deflate", &deflate(&spaces))),
        Case::bad("bombs/x-gzip", "too_large", packed("x-gzip", &gzip(&spaces))),
        Case::bad("bombs/twice-said", "too_large", packed("gzip, gzip", &inner)),
        Case::bad("bombs/twice-packed", "too_large", packed("gzip", &inner)),
        Case::bad(
            "bombs/chunked",
            "too_large",
            Reply::begin(200, &[("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")])
                .repeat(chunk(&gzip(&spaces)), 1)
                .send("0\r\n\r\n"),
        ),
        Case::bad(
            "bombs/one-huge-feed",
            "too_large",
            packed("gzip", &gzip(feed(&item("huge", 1).repeat(80_000)).as_bytes())),
        ),
        Case::good("bombs/laughs", 1, page(doctype(&laughs(10), &told("laughs", 1, "Quay &l9;", "laughed"))))
            .faulty()
            .hides(&"ha".repeat(5_000)),
        Case::good(
            "bombs/laughs-everywhere",
            1,
            page(doctype(&laughs(10), &told("laughs2", 1, "Quay laughs", &calls))),
        )
        .faulty(),
        Case::good(
            "bombs/laughs-in-attribute",
            1,
            page(doctype(
                &laughs(10),
                &with("laughs3", 1, "<enclosure url=\"http://e.example/&l9;\" type=\"image/png\"/>"),
            )),
        )
        .faulty(),
        Case::good("bombs/quadratic", 1, page(doctype(&many, &told("quadratic", 1, "Quay widens", &wide))))
            .faulty(),
        Case::good("bombs/chain", 1, page(doctype(&chain, &told("chain", 1, "Quay chain &e2999;", "deep")))),
        Case::good(
            "bombs/itself",
            1,
            page(doctype("<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">", &told("itself", 1, "Quay &a;", "round"))),
        )
        .faulty(),
        Case::good(
            "bombs/parameter-entities",
            1,
            page(doctype(
                "<!ENTITY % a \"<!ENTITY b 'x'>\"> %a; %a; %a;",
                &told("parameter", 1, "Quay &b;", "round"),
            )),
        ),
        Case::good(
            "bombs/file-entity",
            1,
            page(doctype(
                "<!ENTITY x SYSTEM \"file:///etc/passwd\">",
                &told("outside", 1, "Quay &x;", "of &x; files"),
            )),
        )
        .hides("root:")
        .hides("/bin/"),
    ]
}

/// One chunk of a chunked body.
fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

fn endless(what: &str) -> Reply {
    Reply::begin(200, &[("Content-Type", "application/rss+xml")]).send(OPEN).forever(what.repeat(999))
}

/// How long a flood is: a megabyte; where each path is measured alone, so much that it just passes the limit of 16 MiB.
fn much() -> usize {
    if std::env::var_os("WIREDESK_HOSTILE").is_some() { 15 << 20 } else { 1 << 20 }
}

fn long(before: &str, what: &str, after: &str) -> Reply {
    let times = (much() - before.len() - after.len()) / what.len();
    let length = (before.len() + after.len() + times * what.len()).to_string();
    Reply::begin(200, &[("Content-Type", "application/rss+xml"), ("Content-Length", &length)])
        .send(before)
        .repeat(what, times)
        .send(after)
}

pub fn floods() -> Vec<Case> {
    let first = format!("{OPEN}{}", item("flood", 1));
    let headers = |count: usize| {
        (0..count)
            .fold(Reply::raw().send("HTTP/1.1 200 OK\r\n"), |reply, n| reply.send(format!("X-{n}: quay\r\n")))
    };
    vec![
        Case::bad("floods/endless-body", "too_large", endless(&item("endless", 1))),
        Case::bad("floods/endless-text", "too_large", endless("quay ")),
        Case::bad("floods/endless-spaces", "too_large", Reply::begin(200, &[]).forever(" ".repeat(9999))),
        Case::bad(
            "floods/endless-chunks",
            "too_large",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).forever("1\r\nq\r\n".repeat(9999)),
        )
        .limits("max_bytes = 500000"),
        Case::bad(
            "floods/announced",
            "too_large",
            Reply::begin(200, &[("Content-Length", "99999999999")]).hang(),
        ),
        Case::bad(
            "floods/announced-all",
            "protocol",
            Reply::begin(200, &[("Content-Length", "18446744073709551615")]).hang(),
        ),
        Case::bad(
            "floods/endless-headers",
            "protocol",
            Reply::raw().send("HTTP/1.1 200 OK\r\n").forever("X-Quay: quay\r\n".repeat(999)),
        ),
        Case::bad(
            "floods/endless-header",
            "protocol",
            Reply::raw().send("HTTP/1.1 200 OK\r\nX-Quay: ").forever("q".repeat(9999)),
        ),
        Case::bad(
            "floods/thousand-headers",
            "protocol",
            headers(1000).send("\r\n").send(plain("headers", 1)),
        ),
        Case::bad(
            "floods/endless-status-line",
            "protocol",
            Reply::raw().send("HTTP/1.1 200 ").forever("quay".repeat(999)),
        ),
        Case::bad(
            "floods/endless-continues",
            "timeout",
            Reply::raw().forever("HTTP/1.1 103 Early Hints\r\nLink: </q>\r\n\r\n".repeat(99)),
        )
        .limits("first_byte = \"400ms\", whole = \"700ms\""),
        Case::bad(
            "floods/chunk-extension",
            "protocol",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send("5;q=").forever("q".repeat(9999)),
        ),
        Case::bad(
            "floods/trailers",
            "protocol",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")])
                .send(chunk(plain("trailers", 1).as_bytes()))
                .send("0\r\n")
                .forever("X-Quay: quay\r\n".repeat(999)),
        ),
        Case::endured("floods/million-items", long(OPEN, "<item/>", CLOSE)),
        Case::endured("floods/million-stories", long(OPEN, "<item><title>Quay</title></item>", CLOSE)),
        Case::endured("floods/million-guids", long(OPEN, "<item><guid>q</guid></item>", CLOSE)),
        Case::endured(
            "floods/million-links",
            long(
                &format!("{first}<item><title>Quay links</title>"),
                "<link>q</link>",
                &format!("</item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-categories",
            long(
                &format!("{first}<item><title>Quay categories</title>"),
                "<category>q</category>",
                &format!("</item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-authors",
            long(
                &format!("{first}<item><title>Quay authors</title>"),
                "<author>A Q</author>",
                &format!("</item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-dates",
            long(
                &format!("{first}<item><title>Quay dates</title>"),
                "<pubDate>1</pubDate>",
                &format!("</item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-enclosures",
            long(
                &format!("{first}<item><title>Quay files</title>"),
                "<enclosure url='q'/>",
                &format!("</item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-bodies",
            long(
                &format!("{first}<item><title>Quay bodies</title>"),
                "<description>q</description>",
                &format!("</item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-attributes",
            long(&format!("{first}<item "), "q='' ", &format!("><title>Quay</title></item>{CLOSE}")),
        ),
        Case::endured(
            "floods/million-namespaces",
            long(&format!("{first}<item "), "xmlns:q='' ", &format!("><title>Quay</title></item>{CLOSE}")),
        ),
        Case::endured(
            "floods/million-entities",
            long("<!DOCTYPE rss [", "<!ENTITY q 'q'>", &format!("]>{first}{CLOSE}")),
        ),
        Case::endured(
            "floods/million-references",
            long(&format!("{first}<item><title>Quay "), "&amp;", &format!("</title></item>{CLOSE}")),
        ),
        Case::endured(
            "floods/million-unknown-references",
            long(&format!("{first}<item><title>Quay "), "&q;", &format!("</title></item>{CLOSE}")),
        ),
        Case::endured("floods/million-comments", long(&first, "<!---->", CLOSE)),
        Case::endured("floods/million-instructions", long(&first, "<?q?>", CLOSE)),
        Case::endured(
            "floods/million-cdata",
            long(&format!("{first}<item><title>Quay"), "<![CDATA[q]]>", &format!("</title></item>{CLOSE}")),
        ),
        Case::endured("floods/million-stray-ends", long(&first, "</q>", CLOSE)),
        Case::endured(
            "floods/million-bare-lt",
            long(&format!("{first}<item><title>Quay"), "< ", &format!("</title></item>{CLOSE}")),
        ),
        Case::endured(
            "floods/million-words",
            long(
                &format!("{first}<item><title>Quay words</title><description>"),
                "quay ",
                &format!("</description></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-paragraphs",
            long(
                &format!("{first}<item><title>Quay words</title><description><![CDATA["),
                "<p>q",
                &format!("]]></description></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-pictures",
            long(
                &format!("{first}<item><title>Quay words</title><description><![CDATA["),
                "<img src=q>",
                &format!("]]></description></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/million-anchors",
            long(
                &format!("{first}<item><title>Quay words</title><description><![CDATA["),
                "<a href=q>q</a>",
                &format!("]]></description></item>{CLOSE}"),
            ),
        ),
        Case::endured("floods/deep-elements", long(&first, "<q>", "")),
        Case::endured("floods/deep-items", long(&first, "<item>", "")),
        Case::endured(
            "floods/deep-groups",
            long(&format!("{first}<item><title>Quay</title>"), "<media:group>", ""),
        ),
        Case::endured(
            "floods/deep-markup",
            long(
                &format!("{first}<item><title>Quay</title><description><![CDATA["),
                "<div>",
                &format!("]]></description></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/deep-markup-mixed",
            long(
                &format!("{first}<item><title>Quay</title><description><![CDATA["),
                "<b><i><p><table><td>",
                &format!("]]></description></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/deep-json",
            long("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":", "[", ""),
        ),
        Case::endured(
            "floods/deep-json-objects",
            long("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":", "{\"a\":", ""),
        ),
        Case::endured(
            "floods/million-json-items",
            long(
                "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Quay\",\"items\":[",
                "{\"id\":1},",
                "{}]}",
            ),
        ),
        Case::endured(
            "floods/million-json-nulls",
            long(
                "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Quay\",\"items\":[",
                "0,",
                "0]}",
            ),
        ),
        Case::endured(
            "floods/huge-title",
            long(&format!("{first}<item><title>Quay"), "quay", &format!("</title></item>{CLOSE}")),
        ),
        Case::endured(
            "floods/huge-word",
            long(
                &format!("{first}<item><title>Quay</title><description>"),
                "quay",
                &format!("</description></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/huge-attribute",
            long(
                &format!("{first}<item><title>Quay</title><enclosure url='"),
                "quay",
                &format!("'/></item>{CLOSE}"),
            ),
        ),
        Case::endured("floods/huge-name", long(&format!("{first}<"), "quay", &format!(">{CLOSE}"))),
        Case::endured("floods/huge-prefix", long(&format!("{first}<"), "quay:", &format!("q>{CLOSE}"))),
        Case::endured("floods/huge-comment", long(&format!("{first}<!-- "), "quay ", &format!("-->{CLOSE}"))),
        Case::endured("floods/huge-open-comment", long(&format!("{first}<!-- "), "quay ", CLOSE)),
        Case::endured("floods/huge-doctype", long("<!DOCTYPE rss [", "quay ", &format!("]>{first}{CLOSE}"))),
        Case::endured(
            "floods/huge-link",
            long(
                &format!("{first}<item><title>Quay</title><link>http://e.example/"),
                "quay",
                &format!("</link></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/huge-author",
            long(
                &format!("{first}<item><title>Quay</title><author>"),
                "quay ",
                &format!("</author></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/huge-date",
            long(
                &format!("{first}<item><title>Quay</title><pubDate>"),
                "9",
                &format!("</pubDate></item>{CLOSE}"),
            ),
        ),
        Case::endured(
            "floods/page",
            long(
                "<!DOCTYPE html><html><head><title>Quay</title></head><body><article><h1>Quay</h1>",
                "<p>The quay was quiet.",
                "</article></body></html>",
            ),
        ),
        Case::endured(
            "floods/page-of-links",
            long(
                "<!DOCTYPE html><html><head><title>Quay</title></head><body>",
                "<a href='/quay'>The quay was quiet</a>",
                "</body></html>",
            ),
        ),
        Case::endured(
            "floods/page-deep",
            long(
                "<!DOCTYPE html><html><head><title>Quay</title></head><body><article>",
                "<div>",
                "</article></body></html>",
            ),
        ),
        Case::endured("floods/plain-text", long("QUAY, April 1 (Quay) - ", "The quay was quiet. ", "\n")),
        Case::endured("floods/nuls", long("", "\0", "")),
        Case::endured("floods/utf-16", Reply::begin(200, &[]).send([0xff, 0xfe]).repeat(b"<\0", much() / 2)),
    ]
}
