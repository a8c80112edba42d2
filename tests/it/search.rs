//! Questions through the real program: inside one thread, in other spellings, and beside a daemon at work.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::program::{Desk, rss};
use super::server::{Reply, Route, Server};

const FERRY: (&str, &str, &str) = (
    "f1",
    "Ferry strike ends after nine days",
    "The ferry crews of the northern line went back to work on Monday after nine days of strike, and the first boat of the \
     morning left the harbour with four hundred people and their cars, the port said.",
);
const PRICES: (&str, &str, &str) = (
    "p1",
    "Ferry prices rise",
    "Tickets for the southern line cost more from June, its owner told the council.",
);

#[test]
fn a_question_stays_inside_a_thread_and_a_topic_follows_one() {
    let server = Server::start([("/one", Route::ok(rss(&[FERRY, PRICES]))), ("/two", Route::ok(rss(&[])))]);
    let desk = Desk::over(&server.host_port(), &[("one", server.url("/one")), ("two", server.url("/two"))]);
    desk.ingest();
    let first = desk.run(&["search", "--json", "strike"]).json().remove(0);
    let id = first["id"].as_str().unwrap().to_owned();
    let within = format!("in:{id}");
    assert_eq!(desk.run(&["topics", "add", "strike", &within]).code, Some(0));
    assert_eq!(desk.run(&["topics", "add", "prices", &format!("{within} AND prices")]).code, Some(0));
    // the same copy on another feed
    server.set(
        "/two",
        Route::ok(rss(&[("x9", FERRY.1, FERRY.2), ("x8", "Ferry museum opens", "On the quay.")])),
    );
    desk.ingest();
    assert_eq!(desk.headlines(&["--no-group", "ferry"]).len(), 4);
    assert_eq!(desk.headlines(&["--no-group", "ferry", &within]), [FERRY.1, FERRY.1]);
    assert_eq!(desk.headlines(&["--no-group", &within]), [FERRY.1, FERRY.1]);
    let outside = desk.headlines(&["--no-group", &format!("ferry -{within}")]);
    assert!(outside.len() == 2 && !outside.iter().any(|headline| headline == FERRY.1), "{outside:?}");
    let flagged = format!("-{within}");
    assert_eq!(desk.headlines(&[&flagged, "ferry", "--no-group"]), outside, "what is left out is no flag");
    assert_eq!(desk.headlines(&["ferry", "-harpoon", "-creche"]), desk.headlines(&["ferry"]));
    assert_eq!(desk.headlines(&["ferry", "in:nobody"]), [""; 0]);
    let unsaid = desk.run(&["search", "ferry", "in:nobody", "since:lately"]);
    assert!(unsaid.code == Some(1) && unsaid.err.contains("since:lately: not a time"), "{unsaid:?}");
    let told = desk.run(&["watch", "--once", "--json"]).json();
    let told: Vec<_> = told.iter().map(|alert| (&alert["topic"], &alert["headline"])).collect();
    assert_eq!(told, [(&"strike".into(), &FERRY.1.into())], "the other feed's story joined the thread");
}

#[test]
fn a_place_of_the_config_is_found_in_all_its_spellings_by_searches_and_topics() {
    let server = Server::start([("/feed", Route::ok(rss(&[])))]);
    let desk = Desk::with(&format!(
        "allow_private = [\"{}\"]\n[[place]]\nspellings = [\"Rafah\", \"Rafa Gate\"]\n[[feed]]\nid = \"wire\"\n\
         transport = {{ type = \"http\", url = \"{}\" }}\nevery = \"5m\"\n",
        server.host_port(),
        server.url("/feed")
    ));
    desk.ingest();
    assert_eq!(desk.run(&["topics", "add", "rafah", "rafah"]).code, Some(0));
    let stories = [
        ("a", "Talks at Rafa Gate", "Envoys met."),
        ("b", "Rafiah shut", "No one passed."),
        ("c", "Gate shut", "No one passed."),
    ];
    server.set("/feed", Route::ok(rss(&stories)));
    desk.ingest();
    let sorted = |mut headlines: Vec<String>| {
        headlines.sort();
        headlines
    };
    let expected = ["Rafiah shut", "Talks at Rafa Gate"];
    assert_eq!(sorted(desk.headlines(&["rafah"])), expected);
    let told = desk.run(&["watch", "--once", "--json"]).json();
    let told = told.iter().map(|alert| alert["headline"].as_str().unwrap().to_owned()).collect();
    assert_eq!(sorted(told), expected);
    let explained = desk.run(&["search", "--json", "--explain", "rafah"]).out;
    assert!(explained.contains("rafah is also written"), "{explained}");
}

/// One story more each time it is asked.
#[test]
fn a_story_is_found_within_a_second_of_its_delivery_beside_the_daemon() {
    const DELIVERIES: usize = 3;
    let served: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let feed = {
        let served = Arc::clone(&served);
        Route::new(move |_| {
            let mut served = served.lock().unwrap();
            let number = served.len().to_string();
            served.push(Instant::now());
            Reply::whole(
                200,
                &[],
                rss(&[(&number, &format!("Ferry number {number}x"), "Boats sail.")]).as_bytes(),
            )
        })
    };
    let server = Server::start([("/feed", feed)]);
    let desk = Desk::with(&format!(
        "allow_private = [\"{}\"]\n[[feed]]\nid = \"coast\"\ntransport = {{ type = \"http\", url = \"{}\" }}\nevery = \"1s\"\n",
        server.host_port(),
        server.url("/feed")
    ));
    let mut daemon = desk.command(&["ingest", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut reports = BufReader::new(daemon.stdout.take().unwrap()).lines();
    let mut waited = Vec::new();
    for number in 0..DELIVERIES {
        assert!(reports.next().unwrap().unwrap().contains("\"new\":1"));
        let sent = served.lock().unwrap()[number];
        let word = format!("{number}x");
        assert_eq!(desk.headlines(&[&word]), [format!("Ferry number {word}")], "when the daemon reports it");
        waited.push(sent.elapsed());
    }
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    let least = waited.iter().min().unwrap();
    assert!(*least < Duration::from_secs(1), "{waited:?}");
}
