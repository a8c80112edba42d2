//! What a second look at the line found that the other tables do not have: framing, packing, and what a head may smuggle.

use super::super::server::{Reply, brotli, deflate, gzip, zstd};
use super::case::{CLOSE, Case, OPEN, feed, item, page, plain};

fn raw(head: &str, tag: &str) -> Reply {
    Reply::raw().send(head).send(plain(tag, 1))
}

fn chunked(body: &str) -> Reply {
    Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send(body)
}

/// One chunk with this size line, and the end.
fn one_chunk(size: impl Fn(usize) -> String, tag: &str) -> Reply {
    let body = plain(tag, 1);
    chunked(&format!("{}\r\n{body}\r\n0\r\n\r\n", size(body.len())))
}

fn packed(encoding: &str, body: &[u8]) -> Reply {
    Reply::whole(200, &[("Content-Encoding", encoding)], body)
}

/// Heads and bodies whose end is not where it seems.
pub fn framing() -> Vec<Case> {
    let after = |tag: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}", plain(tag, 3));
    let told =
        |tag: &str, value: &str| raw(&format!("HTTP/1.1 200 OK\r\nContent-Length: {value}\r\n\r\n"), tag);
    let exact = plain("exact", 1).len();
    vec![
        Case::good(
            "framing/answer-behind-the-answer",
            1,
            Reply::whole(200, &[], plain("front", 1).as_bytes()).send(after("behind")),
        )
        .then(page(plain("front", 1)))
        .hides("urn:quay:behind"),
        Case::good(
            "framing/answer-behind-the-last-chunk",
            1,
            one_chunk(|length| format!("{length:x}"), "chunkfront").send(after("chunkbehind")),
        )
        .then(page(plain("chunkfront", 1)))
        .hides("urn:quay:chunkbehind"),
        Case::good(
            "framing/length-twice-the-same",
            1,
            told("exact", &format!("{exact}\r\nContent-Length: {exact}")),
        ),
        Case::bad("framing/length-with-a-plus", "protocol", told("exact", "+500")),
        Case::bad("framing/length-of-twenty-digits", "protocol", told("exact", "99999999999999999999")),
        Case::bad("framing/length-in-hex", "protocol", told("exact", "0x1ff")),
        Case::good(
            "framing/chunk-size-with-noughts",
            1,
            one_chunk(|length| format!("0000{length:X}"), "noughts"),
        ),
        Case::bad(
            "framing/chunk-size-with-a-prefix",
            "protocol",
            one_chunk(|length| format!("0x{length:x}"), "prefix"),
        ),
        Case::bad(
            "framing/chunk-size-with-a-plus",
            "protocol",
            one_chunk(|length| format!("+{length:x}"), "plus"),
        ),
        Case::bad("framing/chunk-size-nothing", "protocol", chunked("\r\n<rss>\r\n0\r\n\r\n")),
        Case::good(
            "framing/chunk-with-quoted-extension",
            1,
            one_chunk(|length| format!("{length:x};quay=\"a;b\""), "extension"),
        ),
        Case::bad("framing/chunk-longer-than-said", "protocol", chunked("3\r\n<rss></rss>\r\n0\r\n\r\n")),
        Case::good(
            "framing/trailers-that-say-else",
            1,
            chunked(&format!(
                "{:x}\r\n{}\r\n0\r\nContent-Length: 1\r\nContent-Encoding: gzip\r\nLocation: /gone\r\n\r\n",
                plain("trailer", 1).len(),
                plain("trailer", 1)
            )),
        ),
        Case::endured(
            "framing/chunked-twice",
            Reply::begin(200, &[("Transfer-Encoding", "chunked, chunked")]).send("5\r\n<rss>\r\n0\r\n\r\n"),
        ),
        Case::bad(
            "framing/switching-protocols",
            "http_status",
            raw(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: quay\r\nConnection: upgrade\r\n\r\n",
                "switched",
            ),
        )
        .hides("urn:quay:switched"),
        Case::good(
            "framing/early-hints",
            1,
            raw(
                "HTTP/1.1 103 Early Hints\r\nLink: </gone>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                "hints",
            ),
        ),
        Case::good(
            "framing/http-1.0",
            1,
            raw("HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n", "one-nought"),
        ),
        Case::good(
            "framing/lines-end-in-line-feed",
            1,
            raw("HTTP/1.1 200 OK\nContent-Type: text/xml\n\n", "linefeed"),
        ),
        Case::bad(
            "framing/lines-end-in-return",
            "protocol",
            raw("HTTP/1.1 200 OK\rContent-Type: text/xml\r\r", "return"),
        ),
        Case::endured(
            "framing/folded-header",
            raw("HTTP/1.1 200 OK\r\nX-Quay: one\r\n  two\r\n\tContent-Length: 3\r\n\r\n", "folded"),
        ),
        Case::good(
            "framing/blank-before-colon",
            1,
            raw("HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\n", "colon"),
        ),
        Case::good("framing/header-name-with-blank", 1, raw("HTTP/1.1 200 OK\r\nX Quay: 3\r\n\r\n", "blank")),
        Case::good("framing/empty-header-name", 1, raw("HTTP/1.1 200 OK\r\n: 3\r\n\r\n", "noname")),
        Case::good("framing/no-reason", 1, raw("HTTP/1.1 200\r\n\r\n", "noreason")),
        Case::bad(
            "framing/reason-that-steers",
            "protocol",
            raw("HTTP/1.1 500 \x1b[2J\x1b]0;owned\x07\r\n\r\n", "reason"),
        )
        .never_on_a_screen("\x1b[2J"),
        Case::bad("framing/blank-line-first", "protocol", raw("\r\nGET / HTTP/1.1\r\n\r\n", "request")),
        Case::bad(
            "framing/304-with-a-body",
            "protocol",
            Reply::whole(304, &[("ETag", "\"q\"")], plain("notmodified", 1).as_bytes()),
        )
        .hides("urn:quay:notmodified"),
        Case::good(
            "framing/304-for-ever",
            1,
            Reply::whole(200, &[("ETag", "\"stuck\"")], plain("stuck", 1).as_bytes()),
        )
        .then(Reply::whole(304, &[], b""))
        .then(Reply::whole(304, &[("ETag", "\"another\""), ("Content-Encoding", "gzip")], b"")),
        Case::good("framing/203", 1, Reply::whole(203, &[], plain("transformed", 1).as_bytes())),
        Case::bad(
            "framing/226",
            "http_status",
            Reply::whole(226, &[("IM", "feed")], plain("delta", 1).as_bytes()),
        ),
    ]
    .into_iter()
    .map(as_it_is_asked)
    .collect()
}

/// Case tables expect no more of a path that answers with "no news" at the end than that it is no failure.
fn as_it_is_asked(case: Case) -> Case {
    if case.path.ends_with("304-for-ever") { Case { outcome: "not_modified", ..case } } else { case }
}

/// Bodies that are packed oddly.
pub fn packings() -> Vec<Case> {
    let body = |tag: &str| plain(tag, 1).into_bytes();
    let joined = |parts: &[&[u8]]| parts.concat();
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0][..], b"quay"].concat();
    let stacked = (0..30).fold(body("stacked"), |inner, _| gzip(&inner));
    let mut named = gzip(&body("named"));
    named[3] |= 8; // FNAME: a name follows the ten bytes of the head
    named.splice(10..10, [vec![b'q'; 60_000], vec![0]].concat());
    let mut bad_sum = gzip(&body("badsum"));
    let at = bad_sum.len() - 6;
    bad_sum[at] ^= 0xff;
    let window = [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff][..], &[1, 0, 0]].concat();
    vec![
        Case::good(
            "packing/gzip-then-nothing",
            1,
            packed("gzip", &joined(&[&gzip(&body("members")), &gzip(b"")])),
        ),
        Case::bad(
            "packing/gzip-after-empty-members",
            "decode",
            packed("gzip", &joined(&[&gzip(b"").repeat(5_000), &gzip(&body("empties"))])),
        ),
        Case::good("packing/gzip-in-two-members", 1, {
            let whole = body("twomembers");
            let (first, second) = whole.split_at(whole.len() / 2);
            packed("gzip", &joined(&[&gzip(first), &gzip(second)]))
        }),
        Case::good("packing/gzip-in-gzip", 1, packed("gzip, gzip", &gzip(&gzip(&body("twice"))))),
        Case::good("packing/gzip-in-brotli", 1, packed("gzip, br", &brotli(&gzip(&body("mixed"))))),
        Case::bad(
            "packing/bomb-in-gzip-in-gzip",
            "too_large",
            packed("gzip, gzip", &gzip(&gzip(&vec![b' '; 40 << 20]))),
        ),
        Case::bad("packing/bomb-in-gzip-unsaid", "too_large", page(gzip(&gzip(&vec![b' '; 40 << 20])))),
        Case::good("packing/charset-for-an-encoding", 1, packed("utf-8", &body("misnamed"))),
        Case::good(
            "packing/gzip-then-junk",
            1,
            packed("gzip", &joined(&[&gzip(&body("junk")), b"quay quay quay"])),
        ),
        Case::good("packing/gzip-with-a-name", 1, packed("gzip", &named)),
        Case::bad("packing/gzip-with-a-wrong-sum", "decode", packed("gzip", &bad_sum))
            .hides("urn:quay:badsum"),
        Case::bad("packing/stacked-thirty-times", "decode", packed(&["gzip"; 30].join(", "), &stacked)),
        Case::endured("packing/encoding-list-of-nothing", packed(", ,", &body("commas"))),
        Case::good("packing/encoding-in-capitals", 1, packed("GZip", &gzip(&body("capitals")))),
        Case::good("packing/gzip-and-identity", 1, packed("gzip, identity", &gzip(&body("identity")))),
        Case::endured("packing/compress", packed("compress", &[0x1f, 0x9d, 0x90, 1, 2, 3])),
        Case::good("packing/deflate", 1, packed("deflate", &deflate(&body("zlib")))),
        Case::good("packing/deflate-bare", 1, packed("deflate", &deflate(&body("bare"))[2..])),
        Case::good(
            "packing/zstd-behind-a-skipped-frame",
            1,
            packed("zstd", &joined(&[&skipped, &zstd(&body("skipped"))])),
        ),
        Case::endured("packing/zstd-skipped-for-ever", packed("zstd", &skipped.repeat(50_000))),
        Case::bad("packing/zstd-with-a-huge-window", "decode", packed("zstd", &window)),
        Case::good("packing/brotli-large", 1, packed("br", &brotli(&body("brotli")))),
        Case::bad("packing/brotli-is-noise", "decode", packed("br", &[0xff; 4_000])),
        Case::bad(
            "packing/feed-in-a-zip",
            "not_a_feed",
            page(b"PK\x03\x04\x14\0\0\0\x08\0quay.xml and so on"),
        ),
        Case::good("packing/feed-in-gzip-unsaid", 1, page(gzip(&body("unsaid")))),
        Case::bad("packing/nothing-in-gzip", "empty", packed("gzip", &gzip(b""))),
        Case::endured(
            "packing/parts-that-replace-each-other",
            Reply::begin(200, &[("Content-Type", "multipart/x-mixed-replace; boundary=quay")]).send(format!(
                "--quay\r\nContent-Type: text/xml\r\n\r\n{}\r\n--quay\r\n\r\n{}\r\n--quay--",
                plain("firstpart", 1),
                plain("secondpart", 1)
            )),
        )
        .hides("x-mixed"),
    ]
}

/// Headers that ask for something, which is not done.
pub fn heads() -> Vec<Case> {
    let with = |tag: &str, headers: &[(&str, &str)]| Reply::whole(200, headers, plain(tag, 1).as_bytes());
    let cookies = vec![("Set-Cookie", "quay=1; Domain=127.0.0.1; Path=/"); 90];
    vec![
        Case::good("head/cookies", 1, with("cookies", &cookies)).then(with("cookies", &cookies)),
        Case::good("head/refresh", 1, with("refresh", &[("Refresh", "0; url=http://169.254.169.254/")])),
        Case::good("head/link", 1, with("link", &[("Link", "<http://169.254.169.254/>; rel=\"self\"")])),
        Case::good(
            "head/file-name",
            1,
            with("filename", &[("Content-Disposition", "attachment; filename=\"../../etc/quay\"")]),
        ),
        Case::good(
            "head/alt-svc",
            1,
            with("altsvc", &[("Alt-Svc", "h2=\"169.254.169.254:443\"; ma=9999999")]),
        )
        .then(with("altsvc", &[])),
        Case::good("head/location-on-200", 1, with("location", &[("Location", "file:///etc/passwd")])),
        Case::good("head/upgrade", 1, with("upgrade", &[("Upgrade", "h2c"), ("Connection", "upgrade")])),
        Case::good("head/encoding-by-type", 1, with("bytype", &[("Content-Type", "application/gzip")])),
        Case::good(
            "head/type-huge",
            1,
            with("typehuge", &[("Content-Type", &format!("text/xml; charset={}", "q".repeat(20_000)))]),
        ),
        Case::good(
            "head/charset-quoted",
            1,
            with("quoted", &[("Content-Type", "text/xml; charset=\"utf-8\"; charset=utf-7")]),
        ),
        Case::good("head/charset-nothing", 1, with("nothing", &[("Content-Type", "text/xml; charset=")])),
        Case::good(
            "head/charset-undefined",
            1,
            with("undefined", &[("Content-Type", "text/xml; charset=x-user-defined")]),
        ),
        Case::good(
            "head/charset-replaced",
            1,
            with("replaced", &[("Content-Type", "text/xml; charset=iso-2022-kr")]),
        ),
        Case::good("head/charset-hz", 1, with("hz", &[("Content-Type", "text/xml; charset=hz-gb-2312")])),
        Case::bad(
            "head/sign-in-floods",
            "auth",
            Reply::whole(401, &vec![("WWW-Authenticate", "Digest realm=\"quay\", nonce=\"quay\""); 60], b""),
        ),
        Case::bad(
            "head/proxy-sign-in",
            "auth",
            Reply::whole(407, &[("Proxy-Authenticate", "Basic realm=quay")], b""),
        ),
        Case::bad(
            "head/retry-after-twice",
            "rate_limited",
            Reply::whole(429, &[("Retry-After", "1"), ("Retry-After", "86400")], b""),
        ),
        Case::bad(
            "head/retry-after-fraction",
            "rate_limited",
            Reply::whole(429, &[("Retry-After", "1.5e300")], b""),
        ),
        Case::bad(
            "head/unavailable-by-law",
            "http_status",
            Reply::whole(451, &[], plain("law", 1).as_bytes()),
        )
        .hides("urn:quay:law"),
        Case::good(
            "head/date-of-1970",
            1,
            with(
                "epoch",
                &[
                    ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"),
                    ("Age", "99999999999999999999"),
                    ("Expires", "0"),
                ],
            ),
        ),
    ]
}

/// Redirects in spellings that the first table does not have; each but the last leads to this machine.
pub fn detours(trap: u16) -> Vec<Case> {
    let to = |location: &[u8]| {
        Reply::raw()
            .send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ")
            .send(location)
            .send("\r\n\r\n")
    };
    let blocked: &[(&str, String)] = &[
        ("ideographic-dots", format!("http://127\u{3002}0\u{3002}0\u{3002}1:{trap}/")),
        ("circled", format!("http://\u{2460}\u{2461}\u{2466}.\u{24ea}.\u{24ea}.\u{2460}:{trap}/")),
        ("backslash", format!("http:\\\\127.0.0.1:{trap}\\")),
        ("one-slash", format!("http:///127.0.0.1:{trap}/")),
        ("tab-within", format!("ht\ttp://127.0.\t0.1:{trap}/")),
        ("backslash-at", format!("http://127.0.0.1:{trap}\\@quay.example/")),
        ("user-with-hash", format!("http://quay.example%23@127.0.0.1:{trap}/")),
        ("short-hex", format!("http://0x7f.1:{trap}/")),
        ("six-long", format!("http://[0000:0000:0000:0000:0000:0000:0000:0001]:{trap}/")),
        ("six-any", format!("http://[::]:{trap}/")),
        ("six-site-local", "http://[fec0::1]/".into()),
        ("six-mapped-private", "http://[::ffff:10.0.0.1]/".into()),
        ("benchmarks", "http://198.18.0.1/".into()),
        ("documents", "http://192.0.2.1/".into()),
        ("reserved", "http://240.0.0.1/".into()),
        ("this-network", "http://0.1.2.3/".into()),
        ("protocols", "http://192.0.0.170/".into()),
        ("under-localhost", format!("http://quay.localhost:{trap}/")),
    ];
    let mut cases: Vec<Case> = blocked
        .iter()
        .map(|(name, location)| {
            Case::bad(&format!("detour/{name}"), "blocked_address", to(location.as_bytes()))
        })
        .collect();
    cases.extend([
        Case::bad("detour/six-with-zone", "redirect", to(b"http://[fe80::1%25eth0]/")),
        Case::bad("detour/nul-within", "protocol", to(b"http://127.0.0.1\0.quay.example/")),
        Case::bad("detour/latin1-host", "redirect", to(b"http://\xff\xfe/")),
        Case::bad("detour/blob", "bad_scheme", to(b"blob:http://quay.example/1")),
        Case::bad("detour/view-source", "bad_scheme", to(b"view-source:http://quay.example/")),
        Case::bad("detour/websocket", "bad_scheme", to(b"ws://127.0.0.1/")),
        Case::bad("detour/steering-address", "bad_scheme", to(b"quay://\xc2\x9b2J/\xe2\x80\xae")),
        Case::good(
            "detour/body-of-the-redirect",
            1,
            Reply::whole(302, &[("Location", "/detour/end")], plain("onthe-way", 5).as_bytes()),
        )
        .hides("urn:quay:onthe-way"),
        Case::good(
            "detour/endless-body-of-the-redirect",
            1,
            Reply::begin(302, &[("Location", "/detour/end")]).repeat("quay ", 200_000),
        ),
        Case::good("detour/end", 1, page(feed(&item("end", 1)))),
        Case::good("detour/see-other", 1, Reply::whole(303, &[("Location", "end")], b"")),
        Case::good("detour/there-and-back", 1, Reply::whole(301, &[("Location", "/detour/end")], b""))
            .then(page(format!("{OPEN}{}{CLOSE}", item("end", 1)))),
    ]);
    cases
}
