//! From the wire to a ranked answer: the real binary against a real server and real folders.

use serde_json::Value;

use super::program::{Desk, rss};
use super::server::{Route, Server, gzip};

const SLIDE: (&str, &str, &str) =
    ("h1", "Slide shuts coast road", "BIG SUR, Calif. (CW) - A slide took a lane of Highway 1 on Monday.");
const CRASH: (&str, &str, &str) = ("h101", "Crash on Highway 101", "A crash shut Highway 101 for an hour.");

#[test]
fn what_is_ingested_over_http_is_found_and_a_second_cycle_adds_nothing() {
    let server = Server::start([("/feed", Route::tagged("\"v1\"", rss(&[SLIDE, CRASH])))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);

    let (ran, reports) = desk.ingest();
    assert_eq!(
        (ran.code, &reports[0]["outcome"], &reports[0]["new"]),
        (Some(0), &"ok".into(), &2.into()),
        "{ran:?}"
    );
    assert_eq!(desk.headlines(&["\"Highway 1\""]), ["Slide shuts coast road"]);
    assert_eq!(desk.headlines(&["Highway 1"])[0], "Slide shuts coast road");

    let fresh = desk.run(&["feeds", "--json"]).json().remove(0);
    assert_eq!((&fresh["state"], &fresh["last_new"]), (&"fine".into(), &fresh["last_good"]));

    let (ran, reports) = desk.ingest();
    assert_eq!((ran.code, &reports[0]["outcome"]), (Some(0), &"not_modified".into()), "{ran:?}");
    let again = desk.run(&["feeds", "--json"]).json().remove(0);
    assert_eq!(again["last_new"], fresh["last_new"], "a 304 brings nothing new");
    assert_ne!(again["last_good"], fresh["last_good"]);
    assert_eq!((&reports[0]["status"], &reports[0]["new"]), (&304.into(), &0.into()));
    let asked = server.asked("/feed");
    assert_eq!(asked[1].header("if-none-match"), Some("\"v1\""), "the validator was kept");
}

#[test]
fn one_bad_feed_never_stops_the_others_and_each_failure_has_its_class() {
    let server = Server::start([
        ("/good", Route::ok(gzip(rss(&[SLIDE]).as_bytes()))),
        ("/zipped", Route::with(&[("Content-Encoding", "gzip")], gzip(rss(&[CRASH]).as_bytes()))),
        ("/error", Route::status(500)),
        ("/busy", Route::with(&[("Retry-After", "7200")], "")),
        ("/html", Route::ok("<!DOCTYPE html><html><body>Sign in</body></html>")),
        ("/empty", Route::ok("")),
        ("/plain", Route::ok(rss(&[SLIDE]))),
    ]);
    server.set("/busy", Route::status(429));
    let names = ["busy", "empty", "error", "html", "missing", "plain", "zipped"];
    let feeds: Vec<(&str, String)> =
        names.iter().map(|name| (*name, server.url(&format!("/{name}")))).collect();
    let desk = Desk::over(&server.host_port(), &feeds);

    let (ran, reports) = desk.ingest();
    let said = |report: &Value| {
        let text = |key: &str| report[key].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", text("feed"), text("outcome"), text("stage"), text("error_class"))
    };
    let said: Vec<String> = reports.iter().map(said).collect();
    let expected = [
        "busy failed FETCH rate_limited",
        "empty failed FETCH empty",
        "error failed FETCH http_status",
        "html failed READ not_a_feed",
        "missing failed FETCH http_status",
        "plain ok - -",
        "zipped ok - -",
    ];
    assert_eq!((ran.code, said), (Some(1), expected.map(String::from).to_vec()), "{ran:?}");
    assert_eq!(desk.headlines(&["crash"]), ["Crash on Highway 101"]);
    let html = &reports[3];
    let kept = html["error"].as_str().unwrap().rsplit("kept as ").next().unwrap().trim_end_matches(')');
    let replayed = desk.run(&["parse", kept]);
    assert_eq!(replayed.code, Some(1), "the kept delivery can be looked at: {replayed:?}");
    assert!(replayed.err.contains("no feed"), "{replayed:?}");
}

#[test]
fn nothing_could_run_is_exit_code_2_and_says_what_to_do() {
    let desk = Desk::with("");
    let cases: [(&[&str], &str); 6] = [
        (&["ingest", "--once"], "no feeds"),
        (&["ingest", "--once", "--feed", "nowhere"], "no feed of that id"),
        (&["--config", "missing.toml", "ingest", "--once"], "missing.toml"),
        (&["search", "Rafah"], "wiredesk ingest"),
        (&["export", "--since", "the day before"], "a span like"),
        (&["no-such-command"], "unrecognized subcommand"),
    ];
    for (args, hint) in cases {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(2), "{args:?} {ran:?}");
        assert!(ran.err.contains(hint), "{args:?} says nothing of {hint:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}: an error is talk, not data");
    }
}

#[test]
fn a_search_without_hits_is_exit_code_1_and_no_typing_is_an_error() {
    let desk = Desk::of_the_wire_day();
    assert_eq!(desk.ingest().0.code, Some(0));
    assert_eq!(desk.run(&["search", "zyzzyva"]).code, Some(1));
    for typed in ["\"Highway 1", "(((", "AND OR NOT", "headline:", "a:b:c", "\\", "*", "-", "~^[", "\u{202e}"]
    {
        let ran = desk.run(&["search", "--", typed]);
        assert!(matches!(ran.code, Some(0 | 1)), "{typed:?}: {ran:?}");
    }
}

#[test]
fn the_wire_day_is_shown_as_the_gate_allows_and_reindex_changes_no_answer() {
    let desk = Desk::of_the_wire_day();
    let (ran, _) = desk.ingest();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let queries = ["Rafah", "\"Highway 1\"", "byline:lindqvist", "cease-fire talks", "jackpot"];
    let answers = || queries.map(|query| desk.run(&["search", "--json", query]).out);
    let before = answers();
    assert!(before.iter().all(|answer| !answer.is_empty()), "{before:?}");
    assert_eq!(desk.run(&["reindex"]).code, Some(0));
    assert_eq!(before, answers());

    let exported = desk.run(&["export"]).json();
    assert!(exported.len() > 60, "{} stories", exported.len());
    assert!(exported.iter().all(|story| story["publishable"] == true));
    let (again, reports) = desk.ingest();
    assert_eq!(again.code, Some(0));
    assert!(reports.iter().all(|report| report["new"] == 0 && report["revised"] == 0), "{reports:?}");
}

#[test]
fn show_gives_the_story_and_its_raw_bytes_and_parse_reads_them_again() {
    let body = rss(&[SLIDE]);
    let server = Server::start([("/feed", Route::ok(&body))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    desk.ingest();
    let hit = desk.run(&["search", "--json", "slide"]).json().remove(0);
    let id = hit["id"].as_str().unwrap();
    let shown = desk.run(&["show", "--json", id]).json().remove(0);
    assert_eq!(shown["headline"], "Slide shuts coast road");
    assert_eq!(desk.run(&["show", "h1", "--json"]).json()[0]["id"], id, "a guid will do");
    let raw = desk.run(&["show", "--raw", id]);
    assert_eq!(raw.out, body);
    std::fs::write(desk.path("again.xml"), &raw.out).unwrap();
    let parsed = desk.run(&["parse", "again.xml"]).json();
    assert_eq!(
        (&parsed[0]["kind"], &parsed[1]["headline"]),
        (&"feed".into(), &"Slide shuts coast road".into())
    );
    assert_eq!(desk.run(&["show", "nothing-like-it"]).code, Some(1));
}

#[test]
fn parse_explain_says_what_gave_a_field_and_which_file_to_mend() {
    let desk = Desk::with("");
    std::fs::write(desk.path("a.xml"), rss(&[SLIDE])).unwrap();
    let told = desk.run(&["parse", "--explain", "a.xml"]);
    for part in ["story 1 of 1", SLIDE.1, "from headlines:", "src/normalise/headline.rs"] {
        assert!(told.out.contains(part), "{part}: {told:?}");
    }
    let rows = desk.run(&["parse", "--explain", "--json", "a.xml"]).json();
    let headline = rows.iter().find(|row| row["field"] == "headline").unwrap();
    assert_eq!((&headline["value"], &headline["from"]["headlines"]), (&SLIDE.1.into(), &SLIDE.1.into()));
    let refused = desk.run(&["parse", "--dialect", "klingon", "a.xml"]);
    assert!(refused.code == Some(2) && refused.err.contains("there are ap, reuters"), "{refused:?}");
}

#[test]
fn init_writes_a_config_that_check_understands_and_never_replaces_one() {
    let desk = Desk::with("");
    std::fs::remove_file(desk.path("wiredesk.toml")).unwrap();
    assert_eq!(desk.run(&["init"]).code, Some(0));
    let checked = desk.run(&["check"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    assert!(!checked.out.is_empty());
    let again = desk.run(&["init"]);
    assert!(again.code == Some(2) && again.err.contains("never replaced"), "{again:?}");
    let feeds = desk.run(&["feeds", "--json"]).json();
    assert!(feeds.iter().all(|feed| feed["state"] == "never asked"), "{feeds:?}");
}

#[test]
fn a_second_instance_is_told_who_has_the_desk() {
    let server = Server::start([("/feed", Route::ok(rss(&[SLIDE])))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    let _held = wiredesk::desk::Desk::open(&desk.path("data")).unwrap();
    let ran = desk.run(&["ingest", "--once"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains(&std::process::id().to_string()), "{ran:?}");
}

#[test]
fn a_reader_that_goes_away_is_not_an_error() {
    use std::io::Read;
    let desk = Desk::of_the_wire_day();
    desk.ingest();
    let mut child = desk.command(&["export"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    // stdout is dropped here, long before the export is through
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn wire_text_cannot_steer_a_terminal() {
    let evil = ("evil", "Calm \u{202e}headline", "Nothing \u{9b}31m odd");
    let server = Server::start([("/feed", Route::ok(rss(&[evil])))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    desk.ingest();
    let id = desk.run(&["search", "--json", "calm"]).json()[0]["id"].as_str().unwrap().to_owned();
    for args in [vec!["search", "calm"], vec!["show", &id]] {
        let ran = desk.run(&args);
        assert!(!ran.out.contains('\u{9b}'), "{ran:?}");
    }
}

#[test]
fn parse_reads_files_lists_addresses_and_standard_input() {
    let server = Server::start([("/feed", Route::ok(rss(&[SLIDE])))]);
    let desk = Desk::with("");
    std::fs::write(desk.path("a.xml"), rss(&[CRASH])).unwrap();
    std::fs::write(desk.path("list"), "a.xml\n\nmissing.xml\n").unwrap();
    let fetched = desk.run(&["parse", &server.url("/feed")]);
    assert_eq!(fetched.json()[1]["headline"], SLIDE.1, "{fetched:?}");
    let listed = desk.run(&["parse", "--files-from", "list"]);
    assert_eq!((listed.code, &listed.json()[1]["file"]), (Some(1), &"a.xml".into()), "{listed:?}");
    assert!(listed.err.contains("missing.xml"), "{listed:?}");
    let piped = desk
        .command(&["parse", "-"])
        .stdin(std::fs::File::open(desk.path("a.xml")).unwrap())
        .output()
        .unwrap();
    let piped = super::program::Ran::of(piped);
    assert_eq!((&piped.json()[1]["headline"], &piped.json()[1]["file"]), (&CRASH.1.into(), &Value::Null));
    assert_eq!(desk.run(&["parse", &server.url("/missing")]).code, Some(1));
}

#[test]
fn any_cut_of_any_fixture_is_read_or_refused_and_never_a_panic() {
    use wiredesk::normalise::{House, Origin, normalise};
    let mut cuts = 0;
    for path in super::program::fixture_files() {
        let bytes = std::fs::read(&path).unwrap();
        // enough cuts to fall inside every kind of token, few enough to stay quick
        let step = (bytes.len() / 40).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let cut = wiredesk::wire::Delivery { bytes: bytes[..end].to_vec(), ..Default::default() };
            if let Ok(parsed) = wiredesk::format::read(&cut, None) {
                let _ = normalise(parsed, &House::default(), &Origin::default());
            }
            cuts += 1;
        }
    }
    assert!(cuts > 2_000, "only {cuts} cuts");
}
