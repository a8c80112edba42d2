//! AP Media API's feed against a loopback server of its shape: pages until dry, the key, a place too old, a kill at any moment.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use super::program::{Desk, until};
use super::server::{Asked, Reply, Route, Server};

/// Stories on a page.
const PAGE: u64 = 3;

/// The value of a query key.
fn query<'a>(asked: &'a Asked, key: &str) -> Option<&'a str> {
    let pairs = asked.target.split_once('?')?.1.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// A page of the stories after `from`, up to `last`, that names the page after it.
fn page(from: u64, last: u64, next: &str) -> Reply {
    let item = |n: u64| {
        format!(
            r#"{{"meta":{{}},"item":{{"altids":{{"itemid":"s{n}","etag":"s{n}_0"}},"version":0,"type":"text","headline":"Story {n} of the quay","pubstatus":"usable","signals":["newscontent"],"versioncreated":"2024-04-01T12:00:00Z"}}}}"#
        )
    };
    let items: Vec<String> = (from + 1..=last.min(from + PAGE)).map(item).collect();
    let body = format!(
        r#"{{"api_version":"1.1","data":{{"updated":"2024-04-01T12:00:00Z","next_page":"{next}","items":[{}]}}}}"#,
        items.join(",")
    );
    Reply::whole(200, &[("Content-Type", "application/json")], body.as_bytes())
}

/// A feed of `last` stories, by `seq` in the address of each page.
fn feed(last: u64) -> Route {
    Route::new(move |asked| {
        let from = query(asked, "seq").and_then(|seq| seq.parse().ok()).unwrap_or(0);
        page(from, last, &format!("/feed?page_size=3&seq={}&apikey=hunter2", last.min(from + PAGE)))
    })
}

fn desk(server: &Server, more: &str) -> Desk {
    let desk = Desk::with(&format!(
        "allow_private = [\"{}\"]\n[[feed]]\nid = \"ap\"\nprovider = \"AP\"\ntransport = {{ type = \"ap-media\", url = \"{}\", token_file = \"key\", wait = \"100ms\"{more} }}\nevery = \"5m\"\n",
        server.host_port(),
        server.url("/feed")
    ));
    std::fs::write(desk.path("key"), "hunter2\n").unwrap();
    desk
}

/// The places in the feed that were asked for, in order.
fn places(server: &Server) -> Vec<String> {
    server.asked("/feed").iter().map(|asked| query(asked, "seq").unwrap_or("first").to_owned()).collect()
}

#[test]
fn pages_are_followed_until_there_is_nothing_new_and_the_place_is_kept() {
    let server = Server::start([("/feed", feed(8))]);
    let desk = desk(&server, "");
    let (ran, reports) = desk.ingest();
    assert_eq!(
        (ran.code, &reports[0]["outcome"], &reports[0]["new"]),
        (Some(0), &"ok".into(), &8.into()),
        "{ran:?}"
    );
    assert_eq!(places(&server), ["first", "3", "6", "8"]);
    let (_, reports) = desk.ingest();
    assert_eq!((&reports[0]["outcome"], &reports[0]["new"]), (&"not_modified".into(), &0.into()));
    server.set("/feed", feed(10));
    let (_, reports) = desk.ingest();
    assert_eq!(reports[0]["new"], 2);
    assert_eq!(places(&server)[4..], ["8", "8", "10"]);
    assert_eq!(desk.run(&["export"]).json().len(), 10);
}

#[test]
fn the_key_is_sent_and_kept_nowhere() {
    let server = Server::start([("/feed", feed(5))]);
    for (more, header, target) in
        [("", Some("hunter2"), None), (", query = \"apikey\"", None, Some("hunter2"))]
    {
        let desk = desk(&server, more);
        desk.ingest();
        for asked in server.asked("/feed").iter().rev().take(3) {
            assert_eq!((asked.header("x-api-key"), query(asked, "apikey")), (header, target), "{asked:?}");
        }
        let said = format!(
            "{:?} {:?} {:?}",
            desk.run(&["feeds", "--json"]),
            desk.run(&["check"]),
            desk.run(&["ingest", "--once"])
        );
        assert!(!said.contains("hunter2"), "{said}");
        let state = rusqlite::Connection::open(desk.path("data/desk.db")).unwrap();
        let state: String = state.query_row("SELECT state FROM feed", [], |row| row.get(0)).unwrap();
        assert!(state.contains("seq=5") && !state.contains("hunter2"), "{state}");
    }
}

#[test]
fn a_place_that_is_too_old_is_given_up_for_the_first_page() {
    let server = Server::start([("/feed", feed(4))]);
    let desk = desk(&server, "");
    desk.ingest();
    for code in ["6060", "\"6060\""] {
        let expired = format!(r#"{{"error":{{"code":{code},"message":"page token expired"}}}}"#);
        server.set(
            "/feed",
            Route::new(move |asked| match query(asked, "seq") {
                Some("4") => Reply::whole(400, &[], expired.as_bytes()),
                seq => {
                    let from = seq.and_then(|seq| seq.parse().ok()).unwrap_or(2);
                    page(from, 6, &format!("/feed?seq={}", 6.min(from + PAGE)))
                }
            }),
        );
        let (ran, reports) = desk.ingest();
        assert_eq!(
            (&reports[0]["outcome"], &reports[0]["new"], &reports[0]["unchanged"]),
            (&"ok".into(), &2.into(), &2.into()),
            "{ran:?}"
        );
        assert!(ran.err.contains("too old for its server"), "{}", ran.err);
        // and once more from the old place, for the other way to write the code
        std::fs::remove_dir_all(desk.path("data")).unwrap();
        server.set("/feed", feed(4));
        desk.ingest();
    }
    server.set("/feed", Route::always(Reply::whole(400, &[], br#"{"error":{"code":4000}}"#)));
    let (_, reports) = desk.ingest();
    assert_eq!(
        (&reports[0]["error_class"], server.asked("/feed").last().unwrap().target.contains("seq=4")),
        (&"http_status".into(), true)
    );
}

#[test]
fn a_server_that_misleads_costs_one_poll() {
    let other = Server::start([("/feed", feed(3))]);
    let elsewhere = other.url("/feed");
    let rows: [(&str, Reply, &str, u64); 5] = [
        ("elsewhere", page(0, 3, &elsewhere), "protocol", 0),
        ("no address", page(0, 3, "http://["), "protocol", 0),
        (
            "cut",
            Reply::whole(
                200,
                &[],
                br#"{"api_version":"1.1","data":{"next_page":"/feed?seq=3","items":[{"item":{"altids""#,
            ),
            "truncated",
            0,
        ),
        ("not JSON", Reply::whole(200, &[], b"<html><title>Sign in</title></html>"), "not_a_feed", 0),
        ("in a circle", page(0, 3, "/feed?seq=0"), "", 3),
    ];
    for (case, reply, class, new) in rows {
        let server = Server::start([("/feed", Route::always(reply))]);
        let desk = desk(&server, "");
        let (ran, reports) = desk.ingest();
        assert_eq!(reports[0]["error_class"].as_str().unwrap_or_default(), class, "{case}: {ran:?}");
        assert_eq!(reports[0]["new"], new, "{case}");
        assert!(server.count() <= 2, "{case}: asked {} times", server.count());
        server.set("/feed", feed(3));
        assert_eq!(desk.ingest().1[0]["outcome"], "ok", "{case}: it is well again");
    }
    assert_eq!(other.count(), 0, "nobody is sent a key whom the config does not name");
}

#[test]
fn a_server_that_waits_for_news_is_not_slow() {
    let waits = |ms| {
        Route::always(Reply::raw().wait(Duration::from_millis(ms)).send("HTTP/1.1 200 OK\r\n\r\n{\"api_version\":\"1\",\"data\":{\"items\":[],\"next_page\":\"/feed?seq=1\"}}"))
    };
    let server = Server::start([("/feed", waits(300))]);
    let config = std::fs::read_to_string(desk(&server, "").path("wiredesk.toml")).unwrap();
    let desk = Desk::with(
        &config
            .replace("data_dir = \"data\"\n", "")
            .replace("every =", "limits = { first_byte = \"50ms\", whole = \"80ms\" }\nevery ="),
    );
    std::fs::write(desk.path("key"), "hunter2").unwrap();
    assert_eq!(desk.ingest().1[0]["outcome"], "not_modified");
}

/// The server has the stories behind the place that is asked for, and no others: a place kept too early would lose some.
#[test]
fn killed_at_any_moment_the_place_is_never_ahead_of_its_stories() {
    let server = Server::start([(
        "/feed",
        Route::new(|asked| {
            let from: u64 = query(asked, "seq").and_then(|seq| seq.parse().ok()).unwrap_or(0);
            let last = from / 30 * 30 + 30; // dry after ten pages; the next poll finds ten more
            page(
                from,
                if from > 0 && from.is_multiple_of(30) { from + PAGE } else { last },
                &format!("/feed?seq={}", from + PAGE),
            )
        }),
    )]);
    let desk = desk(&server, "");
    let mut turn = 0x9e37_79b9_u64;
    for _ in 0..8 {
        let before = server.count();
        let mut child =
            desk.command(&["ingest", "--once"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pages = usize::try_from(turn >> 61).unwrap();
        let mut asked = || server.count() > before + pages || child.try_wait().unwrap().is_some();
        until("the pages are asked for", || asked().then_some(()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let asked: u64 = places(&server).last().and_then(|place| place.parse().ok()).unwrap_or(0);
    server.set(
        "/feed",
        Route::new(move |asked| {
            let from: u64 = query(asked, "seq").and_then(|seq| seq.parse().ok()).unwrap_or(0);
            page(from, from, &format!("/feed?seq={from}"))
        }),
    );
    desk.ingest();
    let kept: u64 = places(&server).last().and_then(|place| place.parse().ok()).unwrap_or(0);
    assert!(kept > 0 && kept <= asked + PAGE, "{kept} kept, {asked} asked for last");
    let mut seen = BTreeMap::new();
    for story in desk.run(&["export"]).json() {
        let number: u64 = story["guid"].as_str().unwrap().trim_start_matches('s').parse().unwrap();
        *seen.entry(number).or_insert(0) += 1;
    }
    assert!((1..=kept).all(|number| seen.get(&number) == Some(&1)), "{kept} kept: {seen:?}");
}
