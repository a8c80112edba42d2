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

/// Stories of an hour: 10,000 feeds, two items a minute each.
const HOUR: usize = 1_200_000;

/// A story's text, like no other's.
fn text(feed: usize, story: usize) -> String {
    let mut state = (feed * 1_000_003 + story) as u64;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("w{} ", (state >> 33) % 9973)
    };
    (0..60).map(|_| word()).collect()
}

/// Every poll brings so many new stories, and the feed forgets what it has sent.
fn overflowing(stories: usize) -> Route {
    Route::new(move |asked| {
        let tag = asked.header("if-none-match").and_then(|tag| tag.trim_matches('"').parse().ok());
        let from: usize = tag.unwrap_or(0);
        let feed: usize = asked.target.split('=').nth(1).unwrap_or_default().parse().unwrap();
        let story = |n: usize| (format!("{feed}-{n}"), format!("Story {n} of feed {feed}"), text(feed, n));
        let stories: Vec<_> = (from..from + stories).map(story).collect();
        let rows: Vec<_> =
            stories.iter().map(|(id, head, text)| (id.as_str(), head.as_str(), text.as_str())).collect();
        Reply::whole(200, &[("ETag", &format!("\"{}\"", from + rows.len()))], rss(&rows).as_bytes())
    })
}

/// Hours in minutes: `WIREDESK_DAY=FEEDS,ROUNDS,STORIES` (1000,240,10), else left out. So many feeds are polled so many times, and
/// bring so many new stories each time; an hour is the [`HOUR`] stories of one, however long they take.
///
/// With two hours and more, the last may take a tenth more memory than the first. With less, what has a bound is still filling: the
/// caches of the databases within some ten thousand stories, the texts that threads look among within 115,000, and merges of the
/// index grow until they are of some hundred thousand; the figures are printed then and hold for nothing. (1000,240,10 took 24 minutes on
/// two busy cores: at most 153 MB of its own in the first hour, 156 in the second.)
#[test]
fn memory_stays_flat_over_a_day() {
    let Some(size) = std::env::var("WIREDESK_DAY").ok() else {
        eprintln!("running: skipped, a day in minutes takes minutes: WIREDESK_DAY=1000,240,10");
        return;
    };
    let numbers: Vec<usize> = size.split(',').map(|number| number.parse().unwrap()).collect();
    let [feeds, rounds, stories] = numbers[..] else { panic!("WIREDESK_DAY={size}: three numbers") };
    let server = Server::start([("/feed", overflowing(stories))]);
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
        if done * stories <= HOUR {
            first_hour = first_hour.max(now);
        }
        if all.saturating_sub(done) * stories <= HOUR {
            last_hour = last_hour.max(now);
        }
        samples.resize(done.min(all) * 24 / all + 1, (0, 0));
        let sample = samples.last_mut().unwrap();
        *sample = (sample.0.max(now >> 20), sample.1.max(mapped >> 20));
    }
    let _ = daemon.kill();
    daemon.wait().unwrap();
    let came = stories * all;
    eprintln!(
        "running: {feeds} feeds, {rounds} polls of {stories} stories each, {came} in all; most MB of its own and mapped, by 24ths {samples:?}; \
         {} in the first hour, {} in the last",
        first_hour >> 20,
        last_hour >> 20
    );
    assert!(
        came < 2 * HOUR || last_hour <= first_hour * 11 / 10,
        "{first_hour} bytes in the first hour, {last_hour} in the last"
    );
}
