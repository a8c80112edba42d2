//! The daemon and the cut: a clean stop on SIGTERM, and nothing lost or doubled by SIGKILL.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::program::{Desk, rss, until};
use super::server::{Reply, Route, Server};

/// Rounds of SIGKILL; more with `WIREDESK_KILLS`.
const ROUNDS: u64 = 12;

fn signal(child: &Child, name: &str) {
    let done = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

#[test]
fn the_daemon_polls_at_once_reports_and_stops_cleanly_when_told() {
    let server = Server::start([("/feed", Route::ok(rss(&[("a", "Ferry strike ends", "Boats sail.")])))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    for name in ["-TERM", "-INT"] {
        let mut child = desk.command(&["ingest", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
        if name == "-TERM" {
            let mut first = String::new();
            BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
            assert!(first.contains("\"new\":1"), "{first}");
            assert_eq!(desk.headlines(&["ferry"]), ["Ferry strike ends"], "readable beside the daemon");
        } else {
            wait_for_lock(&desk, &child);
        }
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(0), "after {name}");
    }
}

#[test]
fn the_config_is_read_again_when_told_and_a_bad_one_is_refused() {
    let route = |headline| Route::ok(rss(&[(headline, headline, "Boats sail.")]));
    let server = Server::start([
        ("/one", route("Ferry strike ends")),
        ("/two", route("Bridge opens")),
        ("/three", route("Quay closes")),
    ]);
    let desk = Desk::over(&server.host_port(), &[("one", server.url("/one"))]);
    let config = std::fs::read_to_string(desk.path("wiredesk.toml")).unwrap();
    let mut child =
        desk.command(&["ingest", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut out, mut err) =
        (BufReader::new(child.stdout.take().unwrap()), BufReader::new(child.stderr.take().unwrap()));
    let mut next = || {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        line
    };
    assert!(next().contains("\"feed\":\"one\""));
    std::fs::write(desk.path("wiredesk.toml"), "feeds = 1").unwrap();
    signal(&child, "-HUP");
    let mut refused = String::new();
    while !refused.contains("the config that was in force stays") {
        assert!(err.read_line(&mut refused).unwrap() > 0, "{refused}");
    }
    assert!(refused.contains("feeds") && !refused.contains('\x1b'), "{refused}");
    std::fs::write(desk.path("wiredesk.toml"), config.replace("/one", "/two").replace("\"one\"", "\"two\""))
        .unwrap();
    signal(&child, "-HUP");
    assert!(next().contains("\"feed\":\"two\""));
    // what was changed is followed without a signal too
    let third = config.replace("/one", "/three").replace("\"one\"", "\"three\"");
    std::fs::write(desk.path("wiredesk.toml"), third).unwrap();
    assert!(next().contains("\"feed\":\"three\""));
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// The lock file holds the writer's process id as soon as it writes.
fn wait_for_lock(desk: &Desk, child: &Child) {
    let holds = || {
        std::fs::read_to_string(desk.path("data/lock")).is_ok_and(|pid| pid.trim() == child.id().to_string())
    };
    until("the daemon writes", || holds().then_some(()));
}

#[test]
fn a_slow_feed_does_not_hold_up_a_stop() {
    let never = Route::always(Reply::begin(200, &[]).hang());
    let server = Server::start([("/slow", never)]);
    let desk = Desk::over(&server.host_port(), &[("slow", server.url("/slow"))]);
    let mut child = desk.command(&["ingest"]).stdout(Stdio::null()).spawn().unwrap();
    until("the feed is asked", || (server.count() > 0).then_some(()));
    let asked = desk.command(&["search", "ferry"]).stdout(Stdio::null()).status().unwrap();
    assert_eq!(asked.code(), Some(1), "nothing found, before the first story of a new desk");
    let told = std::time::Instant::now();
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(5), "took {:?}", told.elapsed());
}

#[test]
fn a_slow_feed_holds_up_neither_the_reports_nor_the_stories_of_those_polled_with_it() {
    let never = Route::always(Reply::begin(200, &[]).hang());
    let quick = Route::ok(rss(&[("a", "Ferry strike ends", "Boats sail.")]));
    let server = Server::start([("/slow", never), ("/quick", quick)]);
    let desk =
        Desk::over(&server.host_port(), &[("slow", server.url("/slow")), ("quick", server.url("/quick"))]);
    let mut child = desk.command(&["ingest", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    assert!(first.contains("\"feed\":\"quick\""), "{first}");
    assert_eq!(desk.headlines(&["ferry"]), ["Ferry strike ends"]);
    signal(&child, "-TERM");
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the slow one had not answered yet");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// From now on the feeds are asked each second.
fn every_second(desk: &Desk) {
    let often = std::fs::read_to_string(desk.path("wiredesk.toml")).unwrap().replace("\"5m\"", "\"1s\"");
    std::fs::write(desk.path("wiredesk.toml"), often).unwrap();
}

#[test]
fn a_slow_command_does_not_hold_up_a_stop_and_its_alert_comes_again() {
    let stories = [("a", "Ferry strike ends", "Boats sail."), ("b", "Ferry sails", "At noon.")];
    let server = Server::start([("/feed", Route::ok(rss(&[])))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    desk.ingest();
    every_second(&desk);
    let slow = "cat >> begun.jsonl; sleep 8";
    assert_eq!(desk.run(&["topics", "add", "ferry", "ferry", "--notify", slow]).code, Some(0));
    server.set("/feed", Route::ok(rss(&stories)));
    let mut child = desk.command(&["ingest"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = || desk.path("begun.jsonl").metadata().is_ok_and(|file| file.len() > 0);
    until("the command is begun", || begun().then_some(()));
    let told = std::time::Instant::now();
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(5), "took {:?}", told.elapsed());
    assert_eq!(desk.run(&["topics", "edit", "ferry", "--notify", "cat >> taken.jsonl"]).code, Some(0));
    desk.ingest();
    let taken = std::fs::read_to_string(desk.path("taken.jsonl")).unwrap();
    assert_eq!(taken.lines().count(), 2, "{taken}");
}

#[test]
fn who_asks_twice_has_it_ended_at_once() {
    let server = Server::start([("/feed", Route::ok(rss(&[])))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    desk.ingest();
    every_second(&desk);
    assert_eq!(
        desk.run(&["topics", "add", "ferry", "ferry", "--notify", "touch begun; sleep 8"]).code,
        Some(0)
    );
    server.set("/feed", Route::ok(rss(&[("a", "Ferry strike ends", "Boats sail.")])));
    let mut child = desk.command(&["ingest"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the command is begun", || desk.path("begun").exists().then_some(()));
    let told = std::time::Instant::now();
    while child.try_wait().unwrap().is_none() {
        signal(&child, "-INT");
    }
    assert!(told.elapsed() < Duration::from_secs(3), "took {:?}", told.elapsed());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(desk.headlines(&["ferry"]), ["Ferry strike ends"]);
}

/// The feed drops whatever the client says it has (`If-None-Match`), so that fetching again cannot hide a loss.
#[test]
fn killed_at_any_moment_it_loses_nothing_and_doubles_nothing() {
    let rounds = std::env::var("WIREDESK_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let server = Server::start([("/feed", Route::new(forgetful))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    let mut delay = 0x9e37_79b9_u64;
    for _ in 0..rounds {
        let before = server.count();
        let mut child =
            desk.command(&["ingest", "--once"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut under_way = || server.count() > before || child.try_wait().unwrap().is_some();
        until("the feed is asked", || under_way().then_some(()));
        // aimed: after the feed was sent, at a moment that differs in each round
        delay = delay.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let spins = (delay >> 33) % 60_000;
        (0..spins).for_each(|_| std::hint::spin_loop());
        let _ = child.kill();
        child.wait().unwrap();
    }
    let (last, _) = desk.ingest();
    assert_eq!(last.code, Some(0), "{last:?}");
    let mut seen = BTreeMap::new();
    for story in desk.run(&["export"]).json() {
        *seen.entry(number(story["guid"].as_str()).unwrap()).or_insert(0) += 1;
    }
    // What a client says it has, it must have; what it was sent after that, the last cycle brought again.
    let acknowledged =
        server.asked("/feed").iter().filter_map(|asked| number(asked.header("if-none-match"))).max();
    let last_served =
        number(server.asked("/feed").last().unwrap().header("if-none-match")).unwrap_or(0) + PAGE;
    let held = seen.len() as u64;
    assert!(held >= acknowledged.unwrap_or(0).max(last_served), "{held} held, {acknowledged:?} acknowledged");
    assert!(seen.keys().copied().eq(1..=held), "no story between them is lost: {seen:?}");
    assert!(seen.values().all(|count| *count == 1), "none is doubled: {seen:?}");
    let found = desk.run(&["search", "--json", "-n", "100000", "story"]).json();
    assert_eq!(found.len() as u64, held, "the index holds what the store holds");
}

/// Stories in one answer.
const PAGE: u64 = 40;

/// Answers with the stories after the one the client says it has, and an ETag that names the last.
fn forgetful(asked: &super::server::Asked) -> Reply {
    let from = number(asked.header("if-none-match")).unwrap_or(0);
    let stories: Vec<(String, String)> =
        (from + 1..=from + PAGE).map(|n| (format!("s{n}"), format!("Story {n} of the day"))).collect();
    let rows: Vec<(&str, &str, &str)> =
        stories.iter().map(|(guid, headline)| (guid.as_str(), headline.as_str(), "A story.")).collect();
    let etag = format!("\"{}\"", from + PAGE);
    Reply::whole(200, &[("ETag", &etag)], rss(&rows).as_bytes())
}

/// The number in `"40"` or `s40`.
fn number(text: Option<&str>) -> Option<u64> {
    text?.trim_matches(['"', 's']).parse().ok()
}

#[test]
fn ctrl_c_in_a_single_cycle_keeps_what_was_landed_and_says_so() {
    let never = Route::always(Reply::begin(200, &[]).hang());
    let server = Server::start([("/slow", never)]);
    let desk = Desk::over(&server.host_port(), &[("slow", server.url("/slow"))]);
    let mut child =
        desk.command(&["ingest", "--once"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    until("the feed is asked", || (server.count() > 0).then_some(()));
    signal(&child, "-INT");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(said.contains("stopped before the cycle was done"), "{said}");
}
