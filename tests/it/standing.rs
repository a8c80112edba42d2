//! What is remembered of a feed between two runs: moves, ends, patience, silences, stories that slipped through.

use serde_json::Value;

use super::program::{Desk, rss};
use super::server::{Reply, Route, Server};

/// A feed of the stories `from..to`, an hour apart.
fn stories(from: u32, to: u32) -> String {
    let item = |n: u32| {
        format!(
            "<item><guid isPermaLink=\"false\">s{n}</guid><title>Story {n} of the day</title><description>Told {n} times.</description><pubDate>Mon, 01 Apr 2024 {:02}:00:00 GMT</pubDate></item>",
            n % 24
        )
    };
    let items: String = (from..to).map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>Coast Wire</title>{items}</channel></rss>")
}

fn page(from: u32, to: u32) -> Reply {
    Reply::whole(200, &[], stories(from, to).as_bytes())
}

fn standing(desk: &Desk) -> Value {
    desk.run(&["feeds", "--json"]).json().remove(0)
}

/// Two feeds of one server, asked one after the other; the first is told to wait.
fn crowded(config: &str) -> (Server, Desk) {
    let busy = Route::always(Reply::whole(429, &[("Retry-After", "7200")], b""));
    let server = Server::start([("/busy", busy), ("/calm", Route::ok(rss(&[("a", "Talks", "They met.")])))]);
    let feed = |id: &str| {
        let url = server.url(&format!("/{id}"));
        format!("[[feed]]\nid = \"{id}\"\ntransport = {{ type = \"http\", url = \"{url}\" }}\n")
    };
    let feeds = [feed("busy"), feed("calm")].concat();
    let allow = format!("allow_private = [\"{}\"]", server.host_port());
    let desk = Desk::with(&format!("{allow}\n[http]\nper_host = 1\n{config}\n{feeds}"));
    (server, desk)
}

#[test]
fn what_one_feed_is_told_holds_for_its_host_when_the_operator_says_so() {
    let (server, desk) = crowded("");
    desk.ingest();
    assert_eq!(server.asked("/calm").len(), 1, "a feed's own matter, unless told otherwise");

    let (server, desk) = crowded("back_off_by_host = true");
    for _ in 0..2 {
        let (ran, reports) = desk.ingest();
        assert_eq!(ran.code, Some(1));
        assert_eq!((server.asked("/busy").len(), server.asked("/calm").len()), (1, 0));
        assert_eq!(reports[1]["error_class"], "rate_limited");
        let said = reports[1]["error"].as_str().unwrap();
        assert!(said.contains("not asked") && said.contains("wants to be left alone until"), "{said}");
        let wait = |report: &Value| report["next_due"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert!(wait(&reports[1]) >= wait(&reports[0]) - jiff::SignedDuration::from_secs(5), "{reports:?}");
    }

    let (server, desk) = crowded("back_off_by_host = true");
    desk.run(&["ingest", "--once", "--feed", "busy"]);
    desk.ingest();
    assert_eq!(server.asked("/calm").len(), 0, "known from before this process began");
}

#[test]
fn a_permanent_move_is_remembered_and_reported_as_long_as_it_holds_and_not_obeyed() {
    let body = rss(&[("a", "Ferry strike ends", "Boats sail.")]);
    let server =
        Server::start([("/old", Route::redirect(301, "/new")), ("/new", Route::tagged("\"1\"", &body))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/old"))]);
    for polls in 1..=3 {
        let (ran, reports) = desk.ingest();
        assert_eq!(reports[0]["moved_to"], server.url("/new"), "{ran:?}");
        assert_eq!(ran.err.contains("the feed has moved for good"), polls == 1, "said once: {}", ran.err);
        assert_eq!(server.asked("/old").len(), polls, "the config's address is asked");
    }
    assert_eq!(
        (&standing(&desk)["state"], &standing(&desk)["moved_to"]),
        (&"moved".into(), &server.url("/new").into())
    );
    server.set("/old", Route::ok(&body));
    let (_, reports) = desk.ingest();
    assert_eq!((&reports[0]["moved_to"], &standing(&desk)["state"]), (&Value::Null, &"fine".into()));
}

#[test]
fn what_is_gone_is_reported_and_asked_again_all_the_same() {
    let server = Server::start([("/feed", Route::status(410))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    desk.ingest();
    let told = standing(&desk);
    assert_eq!((&told["state"], &told["error_class"]), (&"gone".into(), &"gone".into()));
    assert!(told["next_due"].is_string(), "never a silent death");
    server.set("/feed", Route::ok(stories(0, 2)));
    assert_eq!(desk.ingest().1[0]["new"], 2);
    assert_eq!(standing(&desk)["state"], "fine");
}

#[test]
fn retry_after_is_obeyed_by_every_run_until_it_is_over() {
    let busy = |patience: &str| Route::always(Reply::whole(503, &[("Retry-After", patience)], b""));
    let server = Server::start([("/feed", busy("86400"))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    for _ in 0..3 {
        let (ran, reports) = desk.ingest();
        assert_eq!((ran.code, &reports[0]["error_class"]), (Some(1), &"rate_limited".into()), "{ran:?}");
    }
    assert_eq!(server.count(), 1, "asked once, and then left alone");
    assert_eq!(standing(&desk)["failures"], 1, "what is not asked does not fail");
    let other = Server::start([("/feed", busy("0"))]);
    let desk = Desk::over(&other.host_port(), &[("coast", other.url("/feed"))]);
    desk.ingest();
    desk.ingest();
    assert_eq!(other.count(), 2, "no time to wait is none");
}

#[test]
fn stories_that_slipped_between_two_polls_are_seen_and_said() {
    let polls = [page(0, 5), page(3, 8), page(20, 25), page(20, 25)];
    let server = Server::start([("/feed", Route::in_turn(polls.to_vec()))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    let seen: Vec<(Value, Value)> = (0..4)
        .map(|_| {
            let report = desk.ingest().1.remove(0);
            (report["overflowed"].clone(), report["new"].clone())
        })
        .collect();
    let expected = [(Value::Null, 5), (Value::Null, 3), (true.into(), 5), (Value::Null, 0)];
    assert_eq!(seen, expected.map(|(over, new)| (over, new.into())));
    assert_eq!(standing(&desk)["overflows"], 1);
    let human = desk.run(&["ingest", "--once"]);
    assert!(!human.out.contains("overflowed"), "{human:?}");
}

#[test]
fn a_feed_that_brings_nothing_new_for_too_long_has_gone_quiet() {
    let server = Server::start([("/feed", Route::tagged("\"1\"", stories(0, 3)))]);
    let feed = |quiet| {
        format!(
            "allow_private = [\"{}\"]\n[[feed]]\nid = \"coast\"\ntransport = {{ type = \"http\", url = \"{}\" }}\nquiet_after = \"{quiet}\"\n",
            server.host_port(),
            server.url("/feed")
        )
    };
    for (quiet, expected) in [("1ms", true), ("1h", false)] {
        let desk = Desk::with(&feed(quiet));
        assert_eq!(desk.ingest().1[0]["quiet_since"], Value::Null);
        for poll in 0..2 {
            let (ran, reports) = desk.ingest();
            assert_eq!(reports[0]["quiet_since"].is_string(), expected, "{ran:?}");
            assert_eq!(ran.err.contains("strangely quiet"), expected && poll == 0, "said once: {}", ran.err);
        }
        let told = standing(&desk);
        assert_eq!(
            (told["state"] == "strangely quiet", told["silences"] == 1),
            (expected, expected),
            "{told}"
        );
    }
}

#[test]
fn an_adaptive_feed_is_asked_at_its_own_pace() {
    let hourly = Route::ok(stories(0, 12));
    let patient = Route::with(&[("Cache-Control", "max-age=7200")], stories(0, 12));
    let fast = stories(0, 12).replace("01 Apr 2024 ", "01 Apr 2024 12:");
    let fast = fast.replace(":00:00 GMT", ":00 GMT");
    let server = Server::start([("/hourly", hourly), ("/patient", patient), ("/fast", Route::ok(fast))]);
    // stories come once an hour, so twice in that time; its server asks for two hours; once a minute
    for (path, expected) in [("/hourly", 30), ("/patient", 120), ("/fast", 1)] {
        let config = format!(
            "allow_private = [\"{}\"]\n[[feed]]\nid = \"coast\"\ntransport = {{ type = \"http\", url = \"{}\" }}\nadaptive = \"1m to 3h\"\n",
            server.host_port(),
            server.url(path)
        );
        let desk = Desk::with(&config);
        let wait = || {
            let (_, reports) = desk.ingest();
            let told = standing(&desk);
            let time = |key: &str| told[key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
            assert_eq!(reports[0]["outcome"], "ok");
            time("next_due").duration_since(time("last_poll")).as_secs() as f64 / 60.0
        };
        assert!((1.0..1.1).contains(&wait()), "{path}: a feed nobody knows yet may be a fast one");
        let second = wait();
        let expected = f64::from(expected);
        assert!((expected..expected * 1.06).contains(&second), "{path}: {second} minutes");
    }
}
