//! Does the desk say how it is before anyone asks? The daemon's port, its alerts, its logs, and `status`.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::time::{Duration, Instant};

use super::program::{Desk, rss, until};
use super::server::{Asked, Reply, Route, Server};

/// A daemon that does not outlive its test.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A free port below those that the system hands out, and of this process another one each time.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + (std::process::id() % 10_000) as u16;
    let mut next = std::iter::repeat_with(|| start + NEXT.fetch_add(1, Ordering::Relaxed));
    next.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}

/// The status and the whole answer to a request as it is typed.
fn ask(port: u16, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}

fn get(port: u16, path: &str, more: &str) -> Option<(u16, String)> {
    ask(port, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}Connection: close\r\n\r\n"))
}

fn configured(server: &Server, feeds: &[(&str, &str)], more: &str) -> Desk {
    let feeds: Vec<_> = feeds.iter().map(|(id, path)| (*id, server.url(path))).collect();
    let desk = Desk::over(&server.host_port(), &feeds);
    let config = fs::read_to_string(desk.path("wiredesk.toml")).unwrap().replace("\"5m\"", "\"1s\"");
    fs::write(desk.path("wiredesk.toml"), format!("{more}\n{config}").replace("data_dir = \"data\"\n", ""))
        .unwrap();
    let config = fs::read_to_string(desk.path("wiredesk.toml")).unwrap();
    fs::write(desk.path("wiredesk.toml"), format!("data_dir = \"data\"\n{config}")).unwrap();
    desk
}

#[test]
fn the_daemon_tells_its_numbers_at_its_own_port_to_who_has_business_there() {
    let server = Server::start([
        ("/feed", Route::ok(rss(&[("a", "Ferry strike ends", "Boats sail.")]))),
        ("/gone", Route::status(500)),
    ]);
    let port = free_port();
    let status = format!("status = {{ listen = \"127.0.0.1:{port}\", token_env = \"DESK_TOKEN\" }}");
    let desk = configured(&server, &[("coast", "/feed"), ("quay", "/gone")], &status);
    let refused = desk.run(&["ingest"]);
    assert_eq!(refused.code, Some(2), "no port without its token: {refused:?}");
    assert!(refused.err.contains("DESK_TOKEN is not set"), "{refused:?}");
    let mut command = desk.command(&["ingest"]);
    let daemon = command.env("DESK_TOKEN", "letmein").stdout(Stdio::null()).spawn().unwrap();
    let mut daemon = Daemon(daemon);
    let bearer = "Authorization: Bearer letmein\r\n";
    until("ready", || get(port, "/readyz", bearer).filter(|answer| answer.0 == 200));
    assert_eq!(get(port, "/healthz", bearer).unwrap().0, 200);
    let metrics = until("polled", || {
        let (_, text) = get(port, "/metrics", bearer)?;
        let seen = ["wiredesk_stories_new_total{feed=\"coast\"} 1", "class=\"http_status\""];
        seen.iter().all(|line| text.contains(line)).then_some(text)
    });
    assert!(metrics.contains("process_resident_memory_bytes "), "{metrics}");
    assert!(metrics.contains("content-type: text/plain; version=0.0.4"), "{metrics}");
    for secret in ["letmein", &server.host_port(), "/gone"] {
        assert!(!metrics.contains(secret), "{secret} in {metrics}");
    }
    let status = get(port, "/status", bearer).unwrap().1;
    assert!(status.contains("\"coast\":{") && status.contains("\"ready\":true"), "{status}");
    assert_eq!(get(port, "/metrics", "").unwrap().0, 401);
    assert_eq!(get(port, "/etc/passwd", bearer).unwrap().0, 404);
    assert_eq!(
        ask(port, &format!("POST /metrics HTTP/1.1\r\nHost: x\r\n{bearer}Content-Length: 0\r\n\r\n"))
            .unwrap()
            .0,
        405
    );
    // who says nothing, or too much, stands in nobody's way
    let silent: Vec<_> = (0..8).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
    let long = "x".repeat(100_000);
    assert!(ask(port, &format!("GET /{long} HTTP/1.1\r\n\r\n")).is_none_or(|answer| answer.0 >= 400));
    assert_eq!(get(port, "/healthz", bearer).unwrap().0, 200);
    drop(silent);
    let done =
        std::process::Command::new("kill").args(["-TERM", &daemon.0.id().to_string()]).status().unwrap();
    assert!(done.success());
    assert_eq!(daemon.0.wait().unwrap().code(), Some(0));
    assert!(get(port, "/healthz", bearer).is_none(), "the port goes with the daemon");
}

#[test]
fn the_port_and_who_is_told_follow_the_config_when_it_is_read_again() {
    static IS_GONE: AtomicBool = AtomicBool::new(false);
    let feed = rss(&[("a", "Ferry strike ends", "Boats sail.")]);
    let answer = move |_: &Asked| match IS_GONE.load(Ordering::Relaxed) {
        true => Reply::whole(500, &[], b""),
        false => Reply::whole(200, &[], feed.as_bytes()),
    };
    let server = Server::start([("/feed", Route::new(answer))]);
    let (first, second, taken) = (free_port(), free_port(), free_port());
    let _taken = TcpListener::bind(("127.0.0.1", taken)).unwrap();
    let status = |port: u16| format!("status = {{ listen = \"127.0.0.1:{port}\" }}");
    let desk = configured(&server, &[("quay", "/feed")], &status(first));
    let daemon = desk.command(&["ingest"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let daemon = Daemon(daemon);
    let said = |port| get(port, "/status", "").filter(|answer| answer.0 == 200).map(|answer| answer.1);
    let read_again_with = |from: &str, to: &str| {
        let config = fs::read_to_string(desk.path("wiredesk.toml")).unwrap();
        assert!(config.contains(from), "{config}");
        fs::write(desk.path("wiredesk.toml"), config.replace(from, to)).unwrap();
        let told = Command::new("kill").args(["-HUP", &daemon.0.id().to_string()]).status().unwrap();
        assert!(told.success());
    };
    until("the first port", || said(first).filter(|status| status.contains("\"ready\":true")));
    let told = desk.path("told.jsonl");
    let alert = format!("\nalert = {{ failures = 1, command = \"cat >> {}\" }}", told.display());
    read_again_with(&status(first), &(status(second) + &alert));
    until("the second port", || said(second));
    assert!(said(first).is_none(), "the first is closed");
    IS_GONE.store(true, Ordering::Relaxed);
    until("the command is told", || {
        fs::read_to_string(&told).ok().filter(|told| told.contains("\"failing\"") && told.contains("quay"))
    });
    read_again_with(&status(second), &status(taken));
    assert!(said(second).is_some(), "a config whose port is taken is refused whole");
    read_again_with(&status(taken), &status(first));
    until("the first port again", || said(first));
    assert!(said(second).is_none());
}

#[test]
fn a_feed_that_fails_is_told_once_to_command_address_and_log_and_once_when_it_is_well_again() {
    let server = Server::start([("/feed", Route::status(404)), ("/hook", Route::ok("heard"))]);
    let hook = server.url("/hook");
    let alert = format!("alert = {{ command = \"cat >> told\", url = \"{hook}\", failures = 2 }}");
    let desk = configured(&server, &[("coast", "/feed")], &alert);
    let failing = |desk: &Desk| {
        let told = fs::read_to_string(desk.path("told")).unwrap_or_default();
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>()
    };
    // back-off would make this slow: each cycle by hand counts as well
    for _ in 0..2 {
        assert_eq!(desk.ingest().0.code, Some(1));
    }
    let sql = rusqlite::Connection::open(desk.path("data/desk.db")).unwrap();
    sql.execute_batch("UPDATE feed SET state = json_set(state, '$.failures', 1, '$.next_due', json('null'))")
        .unwrap();
    drop(sql);
    let mut command = desk.command(&["ingest", "--log", "json"]);
    let daemon = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut daemon = Daemon(daemon);
    let first = until("told of the failure", || failing(&desk).first().cloned());
    assert_eq!(
        (&first["alert"], &first["feed"], &first["over"]),
        (&"failing".into(), &"coast".into(), &false.into())
    );
    assert!(first["said"].as_str().unwrap().contains("FETCH (http_status)"), "{first}");
    until("the address is told", || (server.asked("/hook").len() == 1).then_some(()));
    let _ = daemon.0.kill();
    daemon.0.wait().unwrap();
    let mut log = String::new();
    daemon.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let errors = lines.iter().filter(|line| line["level"] == "ERROR").count();
    assert_eq!(errors, 1, "one error, logged once: {log}");

    server.set("/feed", Route::new(|_| Reply::whole(200, &[], rss(&[("a", "Ferry", "Boats.")]).as_bytes())));
    let sql = rusqlite::Connection::open(desk.path("data/desk.db")).unwrap();
    sql.execute_batch("UPDATE feed SET state = json_set(state, '$.next_due', json('null'))").unwrap();
    drop(sql);
    let again = desk.command(&["ingest"]).stdout(Stdio::null()).spawn().unwrap();
    let _again = Daemon(again);
    let over = until("told that it is over", || failing(&desk).get(1).cloned());
    assert_eq!((&over["alert"], &over["over"]), (&"failing".into(), &true.into()));
    assert_eq!(failing(&desk).len(), 2, "and nothing else");
}

#[test]
fn status_and_feeds_say_how_it_stands() {
    let server = Server::start([
        ("/feed", Route::ok(rss(&[("a", "Ferry strike ends", "Boats sail.")]))),
        ("/bad", Route::ok("junk")),
    ]);
    let desk =
        Desk::over(&server.host_port(), &[("coast", server.url("/feed")), ("quay", server.url("/bad"))]);
    assert_eq!(desk.run(&["status"]).code, Some(2), "there is no desk yet");
    assert_eq!(desk.ingest().0.code, Some(1));
    let ran = desk.run(&["status", "--json"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let told = ran.json().remove(0);
    assert_eq!(
        (&told["stories"], &told["fine"], &told["writer"]),
        (&1.into(), &1.into(), &serde_json::Value::Null)
    );
    assert_eq!(
        (&told["index_seq"], &told["threads_seq"], &told["last_seq"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(told["failing"][0]["feed"], "quay");
    let page = desk.run(&["status"]).out;
    assert!(page.contains("index     up to date") && page.contains("1 fine, 1 failing"), "{page}");
    let feeds = desk.run(&["feeds", "--json"]).json();
    assert_eq!(feeds[0]["daily"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>(), 1);
    assert_eq!((&feeds[1]["stage"], &feeds[1]["error_class"]), (&"READ".into(), &"not_a_feed".into()));
}

/// 150 feeds polled every second fill a pipe within moments.
fn stalled() -> (Server, Desk, u16, Daemon) {
    let server = Server::start([("/feed", Route::ok(rss(&[("a", "Ferry strike ends", "Boats sail.")])))]);
    let port = free_port();
    let feeds: Vec<String> = (0..150).map(|n| format!("feed-{n}")).collect();
    let feeds: Vec<_> = feeds.iter().map(|id| (id.as_str(), "/feed")).collect();
    let more = format!("status = {{ listen = \"127.0.0.1:{port}\" }}\nhttp = {{ per_host = 64 }}");
    let desk = configured(&server, &feeds, &more);
    let daemon = desk.command(&["ingest", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let daemon = Daemon(daemon);
    until("far more polls than reports that a pipe holds", || (server.count() > 750).then_some(()));
    (server, desk, port, daemon)
}

fn terminate(daemon: &mut Daemon) {
    let told = Instant::now();
    Command::new("kill").arg(daemon.0.id().to_string()).status().unwrap();
    assert_eq!(daemon.0.wait().unwrap().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
}

#[test]
fn a_reader_that_stalls_holds_up_neither_port_nor_polls_and_misses_nothing_when_it_goes_on() {
    let (server, _desk, port, mut daemon) = stalled();
    assert_eq!(get(port, "/healthz", "").unwrap().0, 200);
    let polls = server.count();
    until("polls go on", || (server.count() > polls + 150).then_some(()));
    let polls = server.count();
    let mut out = daemon.0.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut all = String::new();
        out.read_to_string(&mut all).map(|_| all)
    });
    until("the last of them", || (server.count() > polls).then_some(()));
    terminate(&mut daemon);
    let all = reader.join().unwrap().unwrap();
    // those that were on their way at that moment may have been cut off
    assert!(all.ends_with('\n') && all.lines().count() + 64 >= polls, "{} of {polls}", all.lines().count());
}

#[test]
fn a_reader_that_never_reads_does_not_hold_up_a_stop() {
    let (_server, _desk, _, mut daemon) = stalled();
    terminate(&mut daemon);
}
