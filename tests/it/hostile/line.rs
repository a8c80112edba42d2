//! Answers that come slowly, that end too early, or that say of themselves what is not so.

use std::time::Duration;

use super::super::server::{Reply, gzip};
use super::case::{CLOSE, Case, OPEN, feed, item, page, plain, typed};

const MS: Duration = Duration::from_millis(15);

pub fn drips() -> Vec<Case> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n";
    let chunked = Reply::begin(200, &[("Transfer-Encoding", "chunked")]);
    let trickle = |n: usize| "1\r\nq\r\n".repeat(n);
    vec![
        Case::slow("drip/silence", Reply::raw().hang()),
        Case::slow(
            "drip/status-line",
            Reply::raw().drip("HTTP/1.1 200 OK and so on and so on and so on and so on", MS).hang(),
        ),
        Case::slow("drip/half-a-head", Reply::raw().send(&head[..20]).hang()),
        Case::slow(
            "drip/headers",
            Reply::raw().send("HTTP/1.1 200 OK\r\n").drip("X-Quay: q\r\n".repeat(20), MS).hang(),
        ),
        Case::slow("drip/body", Reply::raw().send(head).drip(plain("drip", 1), MS)),
        Case::slow("drip/nothing-after-head", Reply::raw().send(head).hang()),
        Case {
            limits: "first_byte = \"400ms\", whole = \"700ms\"",
            ..Case::partly(
                "drip/last-byte",
                1,
                "timeout",
                Reply::begin(200, &[("Content-Length", "999")]).send(plain("last", 1)).hang(),
            )
        },
        Case::slow("drip/chunks", chunked.clone().drip(trickle(200), MS)),
        Case::slow("drip/last-chunk", chunked.clone().send("3\r\n<a>\r\n").hang()),
        Case::slow(
            "drip/no-end-of-trailers",
            chunked.send("3\r\n<a>\r\n0\r\n").drip("X-Quay: q\r\n".repeat(20), MS).hang(),
        ),
        Case::slow(
            "drip/gzip",
            Reply::begin(200, &[("Content-Encoding", "gzip")])
                .drip(gzip(plain("zip", 9).as_bytes()), MS)
                .hang(),
        ),
        Case::slow(
            "drip/redirects",
            Reply::raw()
                .wait(Duration::from_millis(250))
                .send("HTTP/1.1 302 Found\r\nLocation: ?a\r\nContent-Length: 0\r\n\r\n")
                .hang(),
        )
        .then(Reply::raw().hang()),
        Case::slow("drip/error-page", Reply::begin(200, &[]).send("<html>").hang()),
        Case::bad("drip/status-is-enough", "http_status", Reply::begin(500, &[]).hang()),
    ]
}

/// A body that claims to be longer than it is.
fn cut(body: impl AsRef<[u8]>) -> Reply {
    let longer = (body.as_ref().len() + 1000).to_string();
    Reply::begin(200, &[("Content-Length", &longer)]).send(body)
}

fn cut_gzip(tag: &str) -> Reply {
    let whole = gzip(plain(tag, 50).as_bytes());
    Reply::whole(200, &[("Content-Encoding", "gzip")], &whole[..whole.len() / 2])
}

/// Two whole items, and then this.
fn torn(tag: &str, end: &str) -> Reply {
    page(format!("{OPEN}{}{}{end}", item(tag, 1), item(tag, 2)))
}

pub fn truncations() -> Vec<Case> {
    let chunked = |body: &str| Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send(body);
    let half = plain("half", 9);
    let two = format!("{OPEN}{}", item("utf8", 1));
    let open_item = "<item><guid>urn:quay:open</guid><title>Quay half told</title>";
    let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Quay\",\"items\":[{\"id\":\"j1\",\"title\":\"Quay one\",\"content_text\":\"a\"},{\"id\":\"j2\",\"title\":\"Quay two\",\"content_te";
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title><id>q</id><entry><id>a1</id><title>Quay one</title><updated>2024-04-01T12:00:00Z</updated></entry><entry><id>a2</id><title>Quay t";
    vec![
        Case::bad("cut/no-answer", "network", Reply::raw()),
        Case::bad("cut/status-line", "network", Reply::raw().send("HTTP/1.1 20")),
        Case::bad("cut/no-headers", "network", Reply::raw().send("HTTP/1.1 200 OK\r\n")),
        Case::bad("cut/header-name", "network", Reply::raw().send("HTTP/1.1 200 OK\r\nContent-Le")),
        Case::bad("cut/header-value", "network", Reply::raw().send("HTTP/1.1 200 OK\r\nContent-Length: 1")),
        Case::bad("cut/before-body", "truncated", cut("")),
        Case::bad("cut/first-byte", "truncated", cut("<")),
        Case::partly("cut/mid-body", 4, "truncated", cut(&half[..half.len() / 2])),
        Case::partly("cut/whole-feed-short-of-its-length", 2, "truncated", cut(plain("short", 2))),
        Case::partly("cut/in-chunk-behind-a-story", 1, "truncated", chunked(&format!("ffff\r\n{two}<item><title>Quay half to")))
            .hides("half to"),
        Case::bad("cut/page", "truncated", cut("<html><head><title>Quay page</title></head><body><article><h1>Quay page</h1><p>Of the keeper only half is to"))
            .hides("Quay page"),
        Case::bad("cut/copy", "truncated", cut("Quay keeper retires\nBy JO QUAY\nQUAY (QW) - The keeper of the quay has retired, it was said on Monday.\n\nMore of it was to")),
        Case::bad("cut/chunk-size", "truncated", chunked("1")),
        Case::bad("cut/in-chunk", "truncated", chunked("ff\r\n<rss>")),
        Case::bad("cut/between-chunks", "truncated", chunked("5\r\n<rss>\r\n")),
        Case::bad("cut/last-chunk", "truncated", chunked("5\r\n<rss>\r\n0\r\n")),
        Case { new: None, held: None, ..Case::partly("cut/gzip", 1, "truncated", cut_gzip("gzip")) },
        Case::bad(
            "cut/gzip-head",
            "truncated",
            Reply::whole(200, &[("Content-Encoding", "gzip")], &gzip(b"<rss/>")[..6]),
        ),
        Case::partly("cut/gzip-tail", 3, "truncated", {
            let whole = gzip(plain("tail", 3).as_bytes());
            Reply::whole(200, &[("Content-Encoding", "gzip")], &whole[..whole.len() - 4])
        }),
        Case::bad("cut/gzip-and-length", "truncated", {
            let whole = gzip(plain("both", 50).as_bytes());
            let length = whole.len().to_string();
            Reply::begin(200, &[("Content-Encoding", "gzip"), ("Content-Length", &length)]).send(&whole[..40])
        }),
        Case::good("cut/between-items", 2, torn("between", "")).faulty(),
        Case::good("cut/in-tag", 2, torn("intag", "<ite")).faulty(),
        Case::good("cut/in-attribute", 2, torn("inattribute", "<item><enclosure url=\"http://e.exa"))
            .faulty(),
        Case::good("cut/in-item", 2, torn("initem", open_item)).faulty().hides("half told"),
        Case::good("cut/in-text", 2, torn("intext", "<item><title>Quay half to")).faulty().hides("half to"),
        Case::good(
            "cut/in-cdata",
            2,
            torn("incdata", "<item><title>Quay</title><description><![CDATA[half to"),
        )
        .faulty()
        .hides("half to"),
        Case::good("cut/in-entity", 2, torn("inentity", "<item><title>Quay &am")).faulty(),
        Case::good("cut/in-number", 2, torn("innumber", "<item><title>Quay &#x1F6")).faulty(),
        Case::good("cut/in-comment", 2, torn("incomment", "<!-- half to")).faulty(),
        Case::good("cut/in-end-tag", 2, torn("inend", "</chan")).faulty(),
        Case::good("cut/in-utf-8", 1, page([two.as_bytes(), b"<item><title>Quay caf\xc3"].concat())).faulty(),
        Case::bad("cut/in-root", "not_a_feed", page("<rs")),
        Case::bad("cut/in-declaration", "not_a_feed", page("<?xml version=\"1.0\" enc")),
        Case::good("cut/last-letters-of-no-news", 0, page("<rss version='2.0'><channel><title>Quay</title></channel></rss")).faulty(),
        Case::bad("cut/empty-root", "truncated", page("<rss version='2.0'>")),
        Case::good("cut/json", 1, typed("application/feed+json", json)).faulty(),
        Case::good("cut/atom", 1, typed("application/atom+xml", atom)).faulty(),
        Case::good("cut/then-whole", 3, torn("healed", "<item><title>Quay half to")).then(Reply::whole(
            200,
            &[],
            feed(&(1..=3).map(|n| item("healed", n)).collect::<String>()).as_bytes(),
        )),
        Case::good("cut/validator-of-a-torn-body", 3, {
            let body = format!("{OPEN}{}", item("torn", 1));
            Reply::whole(200, &[("ETag", "\"torn\"")], body.as_bytes())
        })
        .then(page(plain("torn", 3))),
    ]
}

/// A whole feed of one story under these headers.
fn said(tag: &str, headers: &[(&str, &str)]) -> Reply {
    Reply::whole(200, headers, plain(tag, 1).as_bytes())
}

fn status(status: u16, headers: &[(&str, &str)]) -> Reply {
    Reply::whole(status, headers, b"")
}

pub fn lies() -> Vec<Case> {
    let body = plain("longer", 2);
    let short = (body.len() - 20).to_string();
    let busy = |value: &str| status(429, &[("Retry-After", value)]);
    vec![
        Case::good("lies/length-short", 1, Reply::begin(200, &[("Content-Length", &short)]).send(&body))
            .faulty(),
        Case::partly(
            "lies/length-long",
            2,
            "truncated",
            Reply::begin(200, &[("Content-Length", "9999")]).send(&body),
        ),
        Case::bad(
            "lies/length-negative",
            "protocol",
            Reply::begin(200, &[("Content-Length", "-1")]).send(&body),
        ),
        Case::bad(
            "lies/length-words",
            "protocol",
            Reply::begin(200, &[("Content-Length", "many")]).send(&body),
        ),
        Case::bad(
            "lies/length-twice",
            "protocol",
            Reply::begin(200, &[("Content-Length", "5"), ("Content-Length", "7")]).send(&body),
        ),
        Case::bad("lies/length-zero", "empty", Reply::begin(200, &[("Content-Length", "0")]).send(&body)),
        Case::good("lies/type-html", 1, said("html", &[("Content-Type", "text/html")])),
        Case::good("lies/type-image", 1, said("image", &[("Content-Type", "image/png")])),
        Case::good("lies/type-json", 1, said("json", &[("Content-Type", "application/json")])),
        Case::good("lies/type-garbage", 1, said("garbage", &[("Content-Type", ";;;=\"")])),
        Case::good(
            "lies/type-bytes",
            1,
            Reply::raw()
                .send(b"HTTP/1.1 200 OK\r\nContent-Type: \xff\xfe\x80\r\n\r\n")
                .send(plain("bytes", 1)),
        ),
        Case::bad(
            "lies/html-as-feed",
            "not_a_feed",
            typed(
                "application/rss+xml",
                "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Sign in</form></body></html>",
            ),
        ),
        Case::bad(
            "lies/picture-as-feed",
            "not_a_feed",
            typed("application/rss+xml", [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13]),
        ),
        Case::good("lies/encoding-none-there", 1, said("plain", &[("Content-Encoding", "gzip")])),
        Case::good("lies/encoding-unknown", 1, said("unknown", &[("Content-Encoding", "quay")])),
        Case::good("lies/encoding-identity", 1, said("identity", &[("Content-Encoding", "identity")])),
        Case::good(
            "lies/encoding-other",
            1,
            Reply::whole(200, &[("Content-Encoding", "br")], &gzip(plain("other", 1).as_bytes())),
        ),
        Case::bad("lies/encoding-rotten", "decode", {
            let mut rotten = gzip(plain("rotten", 30).as_bytes());
            let middle = rotten.len() / 2;
            rotten[middle] ^= 0x55;
            Reply::whole(200, &[("Content-Encoding", "gzip")], &rotten)
        }),
        Case::good("lies/charset-unknown", 1, said("charset", &[("Content-Type", "text/xml; charset=quay")])),
        Case::good("lies/etag-huge", 2, said("etag", &[("ETag", &format!("\"{}\"", "q".repeat(30_000)))]))
            .then(page(plain("etag", 2))),
        Case::good(
            "lies/etag-control",
            2,
            Reply::raw().send("HTTP/1.1 200 OK\r\nETag: \"a\tb\"\r\n\r\n").send(plain("control", 1)),
        )
        .then(page(plain("control", 2))),
        Case::good("lies/etag-unquoted", 2, said("unquoted", &[("ETag", "quay")]))
            .then(page(plain("unquoted", 2))),
        Case::good("lies/etag-injects", 2, said("injects", &[("ETag", "\"a\" Host: quay.example")]))
            .then(page(plain("injects", 2))),
        Case::good("lies/etag-same-for-new-copy", 2, said("same", &[("ETag", "\"1\"")])).then(Reply::whole(
            200,
            &[("ETag", "\"1\"")],
            plain("same", 2).as_bytes(),
        )),
        Case::good(
            "lies/modified-2041",
            2,
            said("future", &[("Last-Modified", "Tue, 01 Jan 2041 00:00:00 GMT")]),
        )
        .then(page(plain("future", 2))),
        Case::good("lies/modified-garbage", 2, said("modified", &[("Last-Modified", "yesterday")]))
            .then(page(plain("modified", 2))),
        Case::good(
            "lies/modified-1601",
            1,
            said("ancient", &[("Last-Modified", "Mon, 01 Jan 1601 00:00:00 GMT")]),
        ),
        Case::bad("lies/unasked-304", "protocol", status(304, &[])),
        Case::bad("lies/retry-after-garbage", "rate_limited", busy("soon")),
        Case::bad("lies/retry-after-negative", "rate_limited", busy("-1")),
        Case::bad("lies/retry-after-huge", "rate_limited", busy("99999999999999999999999999")),
        Case::bad("lies/retry-after-date", "rate_limited", busy("Fri, 31 Dec 2049 23:59:59 GMT")),
        Case::bad("lies/retry-after-past", "rate_limited", busy("Mon, 01 Jan 1990 00:00:00 GMT")),
        Case::bad("lies/retry-after-503", "rate_limited", status(503, &[("Retry-After", "120")])),
        Case::good("lies/retry-after-with-200", 1, said("patience", &[("Retry-After", "86400")])),
        Case::good(
            "lies/max-age-huge",
            1,
            said("maxage", &[("Cache-Control", "max-age=99999999999999999999")]),
        ),
        Case::good(
            "lies/max-age-garbage",
            1,
            said("badage", &[("Cache-Control", "max-age=-1, ,=;,max-age=\"")]),
        ),
        Case::good(
            "lies/transfer-unknown",
            2,
            Reply::begin(200, &[("Transfer-Encoding", "quay")]).send(&body),
        ),
        Case::good(
            "lies/transfer-gzip",
            2,
            Reply::begin(200, &[("Transfer-Encoding", "gzip")]).send(gzip(body.as_bytes())),
        ),
        Case::bad(
            "lies/chunked-is-plain",
            "protocol",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send(&body),
        ),
        Case::bad(
            "lies/chunk-size-huge",
            "protocol",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send("ffffffffffffffffff\r\n"),
        ),
        Case::bad(
            "lies/chunk-size-negative",
            "protocol",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send("-5\r\n"),
        ),
        Case::endured(
            "lies/chunked-and-length",
            Reply::begin(200, &[("Transfer-Encoding", "chunked"), ("Content-Length", "5")])
                .send("5\r\n<rss>\r\n0\r\n\r\n"),
        ),
        Case::bad("lies/http-0.9", "protocol", Reply::raw().send(plain("oldest", 1))),
        Case::bad(
            "lies/http-3",
            "protocol",
            Reply::raw().send("HTTP/3.0 200 OK\r\n\r\n").send(plain("newest", 1)),
        ),
        Case::bad("lies/ssh", "protocol", Reply::raw().send("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
        Case::bad(
            "lies/status-0",
            "protocol",
            Reply::raw().send("HTTP/1.1 000 OK\r\n\r\n").send(plain("zero", 1)),
        ),
        Case::bad(
            "lies/status-999",
            "http_status",
            Reply::raw().send("HTTP/1.1 999 OK\r\n\r\n").send(plain("nines", 1)),
        ),
        Case::bad("lies/status-words", "protocol", Reply::raw().send("HTTP/1.1 fine OK\r\n\r\n")),
        Case::good(
            "lies/header-without-colon",
            1,
            Reply::raw().send("HTTP/1.1 200 OK\r\nquay\r\n\r\n").send(plain("colon", 1)),
        ),
        Case::bad(
            "lies/header-nul",
            "protocol",
            Reply::raw().send("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n").send(plain("nul", 1)),
        ),
        Case::bad(
            "lies/partial-206",
            "http_status",
            Reply::whole(206, &[("Content-Range", "bytes 0-9/9999")], plain("partial", 1).as_bytes()),
        )
        .hides("urn:quay:partial"),
        Case::bad("lies/nothing-204", "http_status", status(204, &[])),
        Case::bad("lies/reset-205", "http_status", status(205, &[])),
        Case::bad("lies/teapot", "http_status", status(418, &[])),
        Case::bad("lies/gone", "gone", status(410, &[])),
        Case::bad(
            "lies/sign-in-that-steers",
            "auth",
            Reply::raw().send("HTTP/1.1 401 Quay\r\nWWW-Authenticate: Basic realm=\"\x1b[2J\"\r\n\r\n"),
        ),
        Case::bad("lies/sign-in", "auth", status(401, &[("WWW-Authenticate", "Basic realm=\"quay\"")])),
        Case::bad(
            "lies/error-page-with-feed",
            "http_status",
            Reply::whole(500, &[], plain("fivehundred", 1).as_bytes()),
        )
        .hides("urn:quay:fivehundred"),
        Case::bad("lies/blank", "empty", page("  \n\t ")),
        Case::good("lies/blank-before", 1, page(format!("\n\n  {}", plain("blank", 1)))),
        Case::good(
            "lies/junk-before",
            1,
            page(format!("<br />\n<b>Warning</b>: quay in <b>index.php</b>{}", plain("junk", 1))),
        ),
        Case::good(
            "lies/junk-after",
            1,
            page(format!("{}<script>alert('quay')</script>", plain("after", 1))),
        )
        .hides("alert("),
        Case::good("lies/two-feeds", 1, page(format!("{}{}", plain("first", 1), plain("second", 1)))),
        Case::good(
            "lies/bare-ampersand",
            1,
            page(format!("{OPEN}{}{CLOSE}", item("amp", 1).replace("was quiet", "& was < quiet"))),
        ),
    ]
}
