//! Running a desk day by day: feeds added, switched off, tried; and lists of them in and out.

use std::fs;

use super::program::{Desk, rss};
use super::server::{Route, Server};

const PAGE: &str = "<!doctype html><html><head><title>Coast</title>\
    <link rel=alternate type='application/rss+xml' href='/broken'>\
    <link rel=alternate type='application/rss+xml' title='News' href='/feed?a=1&amp;b=2'></head><body><p>Hello</p></body></html>";

fn server() -> Server {
    Server::start([
        ("/", Route::with(&[("Content-Type", "text/html")], PAGE)),
        ("/broken", Route::status(404)),
        (
            "/feed",
            Route::ok(rss(&[
                ("a", "Ferry strike ends", "Boats sail."),
                ("b", "Bridge opens", "Cars cross."),
            ])),
        ),
    ])
}

fn config(desk: &Desk) -> String {
    fs::read_to_string(desk.path("wiredesk.toml")).unwrap()
}

#[test]
fn the_feed_behind_a_page_is_found_shown_and_written_with_all_comments_kept() {
    let server = server();
    let desk = Desk::with(&format!(
        "# ours, not to be lost\nallow_private = [\"{}\"]  # the test's\n",
        server.host_port()
    ));
    let before = config(&desk);
    let url = server.url("/");
    let dry = desk.run(&["feeds", "add", &url, "--dry-run"]);
    assert_eq!((dry.code, config(&desk)), (Some(0), before.clone()), "{dry:?}");
    assert!(dry.out.contains("Coast Wire  rss: 2 items") && dry.out.contains("Ferry strike ends"), "{dry:?}");
    let added = desk.run(&["feeds", "add", &url, "--json"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    let told = added.json().remove(0);
    assert_eq!(
        (&told["id"], &told["items"], &told["written"]),
        (&"coast-wire".into(), &2.into(), &true.into())
    );
    assert_eq!(told["others"].as_array().unwrap().len(), 1);
    assert!(config(&desk).starts_with(before.trim_end()), "{}", config(&desk));
    assert!(
        config(&desk).contains("# Coast Wire\n[[feed]]\nid        = \"coast-wire\""),
        "{}",
        config(&desk)
    );
    assert_eq!(
        desk.run(&["feeds", "add", &server.url("/feed?a=1&b=2")]).code,
        Some(2),
        "it is there already"
    );
    assert_eq!(desk.run(&["feeds", "add", &server.url("/broken")]).code, Some(2));
    let tried = desk.run(&["feeds", "test", "coast-wire", "--json"]);
    assert_eq!((tried.code, &tried.json()[0]["items"]), (Some(0), &2.into()), "{tried:?}");
    assert!(!desk.path("data").exists(), "nothing is kept");
    assert_eq!(desk.ingest().0.code, Some(0));

    assert_eq!(desk.run(&["feeds", "disable", "coast-wire"]).code, Some(0));
    assert_eq!(desk.run(&["feeds", "--json"]).json()[0]["state"], "disabled");
    assert_eq!(desk.run(&["feeds", "enable", "coast-wire"]).code, Some(0));
    assert_eq!(desk.run(&["feeds", "--json"]).json()[0]["state"], "fine");
    assert_eq!(desk.run(&["feeds", "disable", "nobody"]).code, Some(2));
    server.set("/feed", Route::status(500));
    assert_eq!(desk.run(&["feeds", "test", "coast-wire"]).code, Some(1));
}

#[test]
fn lists_of_feeds_come_and_go_as_opml() {
    let server = server();
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    let list = format!(
        "<opml version=\"2.0\"><body><outline text=\"Known\" xmlUrl=\"{}\"/><outline text=\"Q &amp; A\"><outline text=\"Deep\" xmlUrl=\"https://deep.example/rss\"/></outline>\
         <outline text=\"Bad\" xmlUrl=\"file:///etc/passwd\"/><outline text=\"Deep\" xmlUrl=\"https://deep.example/two\"/></body></opml>",
        server.url("/feed")
    );
    fs::write(desk.path("list.opml"), list).unwrap();
    let before = config(&desk);
    let dry = desk.run(&["opml", "import", "list.opml", "--dry-run"]);
    assert_eq!((dry.code, config(&desk)), (Some(1), before), "{dry:?}");
    let ran = desk.run(&["opml", "import", "list.opml"]);
    assert!(ran.err.contains("2 feeds added, 1 known already, 1 left out"), "{ran:?}");
    let ids: Vec<_> = desk.run(&["feeds", "--json"]).json().iter().map(|row| row["feed"].clone()).collect();
    assert_eq!(ids, ["coast", "deep", "deep-2"]);
    let exported = desk.run(&["opml", "export"]).out;
    assert!(exported.contains("xmlUrl=\"https://deep.example/two\""), "{exported}");
    fs::write(desk.path("back.opml"), exported).unwrap();
    let again = desk.run(&["opml", "import", "back.opml"]);
    assert!(again.err.contains("0 feeds added, 3 known already"), "{again:?}");
    fs::write(desk.path("cut.opml"), "<opml><body>").unwrap();
    assert_eq!(desk.run(&["opml", "import", "cut.opml"]).code, Some(2));
}
