//! Redirects that lead astray.

use super::super::server::Reply;
use super::case::{Case, page, plain};

fn to(status: u16, location: &str) -> Reply {
    Reply::whole(status, &[("Location", location)], b"")
}

/// `trap` is the port of a server on 127.0.0.1 that was never opened to anybody.
pub fn redirects(trap: u16) -> Vec<Case> {
    let private: &[(&str, String)] = &[
        ("metadata", "http://169.254.169.254/latest/meta-data/".into()),
        ("metadata-decimal", "http://2852039166/".into()),
        ("metadata-hex", "http://0xa9fea9fe/".into()),
        ("metadata-octal", "http://0251.0376.0251.0376/".into()),
        ("metadata-mapped", "http://[::ffff:169.254.169.254]/".into()),
        ("metadata-six", "http://[fd00:ec2::254]/".into()),
        ("other-port", format!("http://127.0.0.1:{trap}/")),
        ("decimal", format!("http://2130706433:{trap}/")),
        ("hex", format!("http://0x7f000001:{trap}/")),
        ("octal", format!("http://0177.0.0.1:{trap}/")),
        ("short", format!("http://127.1:{trap}/")),
        ("mixed", format!("http://0x7f.0.0.01:{trap}/")),
        ("trailing-dot", format!("http://127.0.0.1.:{trap}/")),
        ("full-width", format!("http://\u{ff11}\u{ff12}\u{ff17}.0.0.1:{trap}/")),
        ("percent", format!("http://%31%32%37.0.0.1:{trap}/")),
        ("user", format!("http://quay.example@127.0.0.1:{trap}/")),
        ("zero", format!("http://0:{trap}/")),
        ("six", format!("http://[::1]:{trap}/")),
        ("six-mapped", format!("http://[::ffff:127.0.0.1]:{trap}/")),
        ("six-mapped-hex", format!("http://[::ffff:7f00:1]:{trap}/")),
        ("six-compatible", format!("http://[::127.0.0.1]:{trap}/")),
        ("nat64", format!("http://[64:ff9b::7f00:1]:{trap}/")),
        ("nat64-local", format!("http://[64:ff9b:1::7f00:1]:{trap}/")),
        ("6to4", format!("http://[2002:7f00:1::]:{trap}/")),
        ("teredo", format!("http://[2001:0:7f00:1::]:{trap}/")),
        ("localhost", format!("http://localhost:{trap}/")),
        ("localhost-dot", format!("http://localhost.:{trap}/")),
        ("localhost-upper", format!("http://LOCALHOST:{trap}/")),
        ("private-10", "http://10.0.0.1/".into()),
        ("private-172", "http://172.16.0.1/".into()),
        ("private-192", "http://192.168.0.1/".into()),
        ("cgnat", "http://100.64.0.1/".into()),
        ("unique-local", "http://[fd12:3456:789a::1]/".into()),
        ("link-local", "http://[fe80::1]/".into()),
        ("broadcast", "http://255.255.255.255/".into()),
        ("multicast", "http://224.0.0.1/".into()),
    ];
    let schemes = [
        ("file", "file:///etc/passwd"),
        ("file-host", "file://127.0.0.1/etc/passwd"),
        ("javascript", "javascript:alert(1)"),
        ("data", "data:text/xml,<rss/>"),
        ("ftp", "ftp://quay.example/feed"),
        ("gopher", "gopher://127.0.0.1:70/"),
        ("unix", "unix:/run/quay.sock"),
        ("feed", "feed://quay.example/"),
    ];
    let garbage = [
        ("nothing", ""),
        ("no-host", "http://"),
        ("bad-six", "http://[::1"),
        ("bad-port", "http://quay.example:99999/"),
        ("bad-number", "http://256.256.256.256/"),
        ("spaces", "http://quay example/"),
    ];
    let mut cases: Vec<Case> = private
        .iter()
        .map(|(name, location)| {
            // raw: a header may hold bytes that are no ASCII
            let reply = Reply::raw()
                .send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ")
                .send(location)
                .send("\r\n\r\n");
            Case::bad(&format!("redirect/{name}"), "blocked_address", reply)
        })
        .collect();
    cases.extend(schemes.iter().map(|(name, location)| {
        Case::bad(&format!("redirect/{name}"), "bad_scheme", to(302, location)).hides("root:")
    }));
    cases.extend(
        garbage
            .iter()
            .map(|(name, location)| Case::bad(&format!("redirect/{name}"), "redirect", to(302, location))),
    );
    cases.extend([
        Case::bad("redirect/none", "redirect", Reply::whole(302, &[], b"")),
        Case::bad("redirect/itself", "redirect", to(302, "/redirect/itself")),
        Case::bad("redirect/circle-a", "redirect", to(302, "/redirect/circle-b")),
        Case::bad("redirect/circle-b", "redirect", to(307, "/redirect/circle-a")),
        Case::bad("redirect/growing", "redirect", to(302, "/redirect/growing?quay"))
            .then(to(302, "/redirect/growing?quay&quay")),
        Case::bad("redirect/300", "http_status", to(300, "/redirect/1")),
        Case::bad("redirect/304", "protocol", to(304, "/redirect/1")),
        Case::bad("redirect/305", "http_status", to(305, "/redirect/1")),
        Case::bad(
            "redirect/two-locations",
            "redirect",
            Reply::whole(302, &[("Location", "/redirect/two-locations"), ("Location", "/redirect/0")], b""),
        ),
        Case::good("redirect/0", 1, page(plain("landing", 1))),
        Case::good("redirect/permanent", 1, to(301, "/redirect/0")),
        Case::bad("redirect/fragment-of-itself", "redirect", to(302, "#quay")),
        Case::bad("redirect/huge", "redirect", to(302, &format!("/redirect/huge?{}", "q".repeat(50_000)))),
    ]);
    // each leads to the one before: eight steps are followed, the ninth is not
    cases.extend((1..=9).map(|n| {
        let (path, reply) = (format!("redirect/{n}"), to(302, &format!("/redirect/{}", n - 1)));
        if n <= 8 { Case::good(&path, 1, reply) } else { Case::bad(&path, "redirect", reply) }
    }));
    cases
}
