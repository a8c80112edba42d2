//! Running a desk day by day: feeds added, switched off, tried; lists of them in and out; and memory that stays flat.

use std::fs;
use std::process::Stdio;

use super::program::{Desk, rss};
use super::server::{Reply, Route, Server};

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

/// The resident memory of a process in bytes: its own, and what it has mapped of files. The latter is the index, which grows with
/// what is held, and which the system takes back when it needs the room.
fn resident(pid: u32) -> Option<(u64, u64)> {
    Some((status(pid, "RssAnon:")?, status(pid, "RssFile:")?))
}

fn status(pid: u32, key: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// A day in minutes: `WIREDESK_DAY=FEEDS,ROUNDS` (1000,240), else left out. Every feed is polled `ROUNDS` times as fast as it goes;
/// the first 24th is the day's first hour. Every poll brings two new stories, and the feed forgets what it has sent.
#[test]
fn memory_stays_flat_over_a_day() {
    let Some(size) = std::env::var("WIREDESK_DAY").ok() else {
        eprintln!("running: skipped, a day in minutes takes minutes: WIREDESK_DAY=1000,240");
        return;
    };
    let (feeds, rounds) = size.split_once(',').unwrap();
    let (feeds, rounds): (usize, usize) = (feeds.parse().unwrap(), rounds.parse().unwrap());
    let server = Server::start([(
        "/feed",
        Route::new(|asked| {
            let from: usize =
                asked.header("if-none-match").and_then(|tag| tag.trim_matches('"').parse().ok()).unwrap_or(0);
            let feed = asked.target.split('=').nth(1).unwrap_or_default();
            let story = |n: usize| {
                let words: String = (0..60)
                    .map(|word| format!("w{} ", (n * 7919 + word * 104_729 + feed.len()) % 9973))
                    .collect();
                (format!("{feed}-{n}"), format!("Story {n} of feed {feed}"), words)
            };
            let stories: Vec<_> = (from..from + 2).map(story).collect();
            let rows: Vec<_> =
                stories.iter().map(|(id, head, text)| (id.as_str(), head.as_str(), text.as_str())).collect();
            Reply::whole(200, &[("ETag", &format!("\"{}\"", from + 2))], rss(&rows).as_bytes())
        }),
    )]);
    let urls: Vec<(String, String)> =
        (0..feeds).map(|n| (format!("f{n}"), server.url(&format!("/feed?n={n}")))).collect();
    let urls: Vec<(&str, String)> = urls.iter().map(|(id, url)| (id.as_str(), url.clone())).collect();
    let desk = Desk::over(&server.host_port(), &urls);
    let config = config(&desk).replace("\"5m\"", "\"1s\"");
    fs::write(desk.path("wiredesk.toml"), format!("{}\n[http]\nper_host = 64\n", config)).unwrap();
    // as the systemd unit has it
    let mut daemon = desk.command(&["ingest"]);
    let allocator = [
        ("MALLOC_ARENA_MAX", "2"),
        ("MALLOC_MMAP_THRESHOLD_", "262144"),
        ("MALLOC_TRIM_THRESHOLD_", "1048576"),
    ];
    let mut daemon = daemon.envs(allocator).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let all = feeds * rounds;
    let (mut first_hour, mut last_hour, mut samples) = (0, 0, Vec::new());
    while server.count() < all {
        std::thread::sleep(std::time::Duration::from_millis(200));
        let (Some((now, mapped)), done) = (resident(daemon.id()), server.count()) else {
            panic!("the daemon is gone")
        };
        match done * 24 / all {
            0 => first_hour = first_hour.max(now),
            23.. => last_hour = last_hour.max(now),
            _ => {}
        }
        if samples.len() <= done * 24 / all {
            samples.push((now >> 20, mapped >> 20));
        }
    }
    let _ = daemon.kill();
    daemon.wait().unwrap();
    eprintln!(
        "running: {feeds} feeds, {rounds} polls each, {} stories; MB of its own and mapped, by the hour {samples:?}",
        2 * all
    );
    // with fewer, the first hour is over before buffers of a fixed size have filled: the figures are printed and hold for nothing
    let is_a_day = feeds * rounds >= 240_000;
    assert!(
        !is_a_day || last_hour <= first_hour * 11 / 10,
        "{first_hour} bytes in the first hour, {last_hour} in the last"
    );
}
