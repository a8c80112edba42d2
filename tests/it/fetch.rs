//! What does a fetch make of a server that is kind, slow, lying or hostile?

use crate::server::{Asked, Reply, Route, Server, brotli, deflate, gzip, zstd};
use std::time::{Duration, Instant};
use wiredesk::fetch::{Client, FetchError, Fetched, HostPort, Http, Limits, Outcome, Settings, Transport};
use wiredesk::wire::{Cursor, Delivery};

const RSS: &str = "<rss version=\"2.0\"><channel><title>Wire</title></channel></rss>";

fn http(url: &str) -> Transport {
    Transport::Http(Http::at(url).unwrap())
}

fn listing(server: &Server) -> Settings {
    Settings { allow_private: vec![HostPort::try_from(server.host_port()).unwrap()], ..Settings::default() }
}

/// Limits a test can wait for.
fn tight() -> Limits {
    let short = Duration::from_millis(150);
    Limits { max_bytes: 64 << 10, first_byte: short, whole: short, ..Limits::default() }
}

async fn get(server: &Server, path: &str) -> Result<Fetched, FetchError> {
    http(&server.url(path)).fetch(&Client::new(listing(server)), &Cursor::default(), &Limits::default()).await
}

async fn get_tight(server: &Server, path: &str) -> Result<Fetched, FetchError> {
    http(&server.url(path)).fetch(&Client::new(listing(server)), &Cursor::default(), &tight()).await
}

/// Why nothing came, or not all: then it is said of the delivery that it is cut, and the cursor stays where it was.
fn failure(got: Result<Fetched, FetchError>, case: &str) -> FetchError {
    let mut fetched = match got {
        Ok(fetched) => fetched,
        Err(error) => return error,
    };
    assert_eq!(fetched.cursor, Cursor::default(), "{case}");
    let (_, error) = fetched.failures.pop().expect(case);
    assert!(deliveries(fetched).iter().all(|delivery| delivery.is_cut), "{case}");
    error
}

fn deliveries(fetched: Fetched) -> Vec<Delivery> {
    match fetched.outcome {
        Outcome::Deliveries(deliveries) => deliveries,
        Outcome::NotModified => Vec::new(),
    }
}

fn body(fetched: Fetched) -> String {
    let mut all = deliveries(fetched);
    assert_eq!(all.len(), 1);
    String::from_utf8(all.remove(0).bytes).unwrap()
}

#[tokio::test]
async fn a_feed_comes_with_what_was_said_about_it() {
    let headers = [
        ("Content-Type", "text/xml; charset=ISO-8859-1"),
        ("ETag", "\"v1\""),
        ("Last-Modified", "Mon, 01 Apr 2024 11:00:00 GMT"),
        ("Cache-Control", "max-age=300"),
    ];
    let server = Server::start([("/feed", Route::with(&headers, RSS))]);
    let fetched = get(&server, "/feed").await.unwrap();
    assert_eq!((fetched.status, fetched.bytes), (Some(200), RSS.len() as u64));
    assert_eq!(fetched.cursor.etag.as_deref(), Some("\"v1\""));
    assert_eq!(fetched.cursor.last_modified.as_deref(), Some("Mon, 01 Apr 2024 11:00:00 GMT"));
    assert_eq!(fetched.hints.max_age, Some(Duration::from_secs(300)));
    let delivery = deliveries(fetched).remove(0);
    assert_eq!(delivery.content_type.as_deref(), Some("text/xml; charset=ISO-8859-1"));
    assert_eq!(delivery.url, Some(server.url("/feed")));
    let asked = &server.asked("/feed")[0];
    assert!(asked.header("user-agent").unwrap().starts_with("wiredesk/"));
    assert!(asked.header("accept").unwrap().starts_with("application/rss+xml"));
    assert_eq!(asked.header("if-none-match"), None);
    assert_eq!(asked.header("referer"), None);
}

#[tokio::test]
async fn validators_are_sent_back_together_and_left_out_every_tenth_poll() {
    let server = Server::start([("/feed", Route::tagged("\"v1\"", RSS))]);
    let client = Client::new(listing(&server));
    let feed = http(&server.url("/feed"));
    let mut cursor = Cursor::default();
    let mut statuses = Vec::new();
    for _ in 0..13 {
        let fetched = feed.fetch(&client, &cursor, &Limits::default()).await.unwrap();
        statuses.extend(fetched.status);
        cursor = fetched.cursor;
    }
    assert_eq!(statuses, [200, 304, 304, 304, 304, 304, 304, 304, 304, 304, 304, 200, 304]);
    let peers: std::collections::BTreeSet<_> = server.asked("/feed").iter().map(|asked| asked.peer).collect();
    assert_eq!(peers.len(), 1, "the connection is kept");
}

#[tokio::test]
async fn validators_of_another_address_are_not_used() {
    let server =
        Server::start([("/old", Route::tagged("\"v1\"", RSS)), ("/new", Route::tagged("\"v1\"", RSS))]);
    let client = Client::new(listing(&server));
    let old = http(&server.url("/old")).fetch(&client, &Cursor::default(), &Limits::default()).await.unwrap();
    let new = http(&server.url("/new")).fetch(&client, &old.cursor, &Limits::default()).await.unwrap();
    assert_eq!(new.status, Some(200));
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_no_answer() {
    let server = Server::start([("/feed", Route::always(Reply::whole(304, &[], b"")))]);
    assert_eq!(get(&server, "/feed").await.unwrap_err().class(), "protocol");
}

#[tokio::test]
async fn every_status_has_its_class_and_its_line() {
    let table = [
        (204, "http_status", "204 No Content"),
        (206, "http_status", "206 Partial Content"),
        (300, "http_status", "300 Multiple Choices"),
        (401, "auth", "401 Unauthorized; hint: check the secret"),
        (403, "auth", "403 Forbidden; hint: check the secret"),
        (404, "http_status", "404 Not Found; hint: the feed may have moved"),
        (410, "gone", "410 Gone; hint: the provider has ended"),
        (429, "rate_limited", "429 Too Many Requests; hint: the server asks for patience"),
        (500, "http_status", "500 Internal Server Error; hint: the server is in trouble"),
        (503, "rate_limited", "503 Service Unavailable"),
        (504, "http_status", "504 Gateway Timeout"),
        (599, "http_status", "599; hint"),
    ];
    let server = Server::start([]);
    for (status, class, line) in table {
        server.set("/feed", Route::status(status));
        let error = get(&server, "/feed").await.unwrap_err();
        assert_eq!((error.class(), error.status()), (class, Some(status)));
        let expected = format!("fetching {}: {line}", server.url("/feed"));
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

#[tokio::test]
async fn retry_after_reaches_the_schedule() {
    let headers = [("Retry-After", "7200")];
    let server = Server::start([("/feed", Route::always(Reply::whole(429, &headers, b"")))]);
    assert_eq!(get(&server, "/feed").await.unwrap_err().retry_after(), Some(Duration::from_secs(7200)));
}

#[tokio::test]
async fn every_encoding_is_undone() {
    let encoded = [
        ("gzip", gzip(RSS.as_bytes())),
        ("deflate", deflate(RSS.as_bytes())),
        ("br", brotli(RSS.as_bytes())),
        ("zstd", zstd(RSS.as_bytes())),
    ];
    let server = Server::start([]);
    for (name, bytes) in encoded {
        server.set("/feed", Route::with(&[("Content-Encoding", name)], bytes));
        assert_eq!(body(get(&server, "/feed").await.unwrap()), RSS, "{name}");
    }
}

#[tokio::test]
async fn broken_bodies_have_a_class_and_leave_the_cursor_alone() {
    let long = "x".repeat(4000);
    let squeezed = gzip(long.as_bytes());
    let mut rotten = squeezed.clone();
    rotten[12] ^= 0xff;
    let gzip_header = |length: usize| {
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n")
    };
    let table = [
        (
            "shorter than announced",
            Reply::begin(200, &[("Content-Length", "4000")]).send("<rss"),
            "truncated",
        ),
        (
            "chunks cut",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send("5\r\n<rss>\r\n"),
            "truncated",
        ),
        (
            "a chunk cut",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send("50\r\n<rss>"),
            "truncated",
        ),
        (
            "chunks of nonsense",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).send("zz\r\n<rss>\r\n"),
            "protocol",
        ),
        (
            "gzip cut, whole on the line",
            Reply::raw().send(gzip_header(20)).send(&squeezed[..20]),
            "truncated",
        ),
        ("rotten gzip", Reply::raw().send(gzip_header(rotten.len())).send(&rotten), "decode"),
        ("not gzip at all", Reply::raw().send(gzip_header(18)).send("there is no header"), "decode"),
        ("an unknown encoding", Reply::whole(200, &[("Content-Encoding", "compress")], b"x"), "decode"),
        ("nothing", Reply::whole(200, &[], b""), "empty"),
        ("hung up", Reply::raw(), "network"),
        ("half a head", Reply::raw().send("HTTP/1.1 200 OK\r\nContent-"), "network"),
        ("no HTTP", Reply::raw().send("SSH-2.0-OpenSSH_9.6\r\n\r\n"), "protocol"),
        (
            "two lengths",
            Reply::begin(200, &[("Content-Length", "5"), ("Content-Length", "9")]).send("<rss>"),
            "protocol",
        ),
    ];
    let server = Server::start([]);
    for (case, reply, class) in table {
        server.set("/feed", Route::always(reply));
        let error = failure(get_tight(&server, "/feed").await, case);
        assert_eq!(error.class(), class, "{case}: {error}");
    }
}

#[tokio::test]
async fn a_body_larger_than_its_limit_is_dropped_as_it_comes() {
    let bomb = vec![b' '; 32 << 20];
    let small = |bytes: Vec<u8>| {
        assert!(bytes.len() < 64 << 10, "{} bytes", bytes.len());
        bytes
    };
    let table = [
        ("announced", Reply::begin(200, &[("Content-Length", "99999999")]).hang()),
        ("endless", Reply::begin(200, &[]).forever("<item/>".repeat(999))),
        (
            "endless chunks",
            Reply::begin(200, &[("Transfer-Encoding", "chunked")]).forever("5\r\n<rss>\r\n".repeat(999)),
        ),
        ("gzip", Reply::whole(200, &[("Content-Encoding", "gzip")], &small(gzip(&bomb)))),
        ("deflate", Reply::whole(200, &[("Content-Encoding", "deflate")], &small(deflate(&bomb)))),
        ("brotli", Reply::whole(200, &[("Content-Encoding", "br")], &small(brotli(&bomb)))),
        ("zstd", Reply::whole(200, &[("Content-Encoding", "zstd")], &small(zstd(&bomb)))),
    ];
    let server = Server::start([]);
    let client = Client::new(listing(&server));
    let limits = Limits { max_bytes: 64 << 10, ..Limits::default() };
    for (case, reply) in table {
        server.set("/feed", Route::always(reply));
        let begun = Instant::now();
        let error =
            http(&server.url("/feed")).fetch(&client, &Cursor::default(), &limits).await.expect_err(case);
        assert_eq!(error.class(), "too_large", "{case}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{case} took {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn slowness_has_an_end_wherever_it_sits() {
    let drip =
        (0..100).fold(Reply::begin(200, &[]), |reply, _| reply.send("<").wait(Duration::from_millis(20)));
    let table = [
        ("no head", Reply::raw().hang(), "waiting for the answer to begin"),
        ("half a head", Reply::raw().send("HTTP/1.1 200 OK\r\n").hang(), "waiting for the answer to begin"),
        ("no body", Reply::begin(200, &[("Content-Length", "9")]).hang(), "in the body"),
        ("drip", drip, "in the body"),
    ];
    let server = Server::start([]);
    for (case, reply, place) in table {
        server.set("/feed", Route::always(reply));
        let begun = Instant::now();
        let error = failure(get_tight(&server, "/feed").await, case);
        assert_eq!(error.class(), "timeout", "{case}: {error}");
        assert!(error.to_string().contains(place), "{case}: {error}");
        assert!(begun.elapsed() < Duration::from_millis(1500), "{case} took {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn redirects_are_followed_and_permanent_ones_remembered() {
    let server = Server::start([("/feed", Route::ok(RSS)), ("/308", Route::redirect(308, "/301"))]);
    for status in [301, 302, 303, 307] {
        server.set(&format!("/{status}"), Route::redirect(status, "feed"));
        let fetched = get(&server, &format!("/{status}")).await.unwrap();
        assert_eq!(fetched.hints.moved_to.is_some(), status == 301, "{status}");
        assert_eq!(deliveries(fetched)[0].url, Some(server.url("/feed")));
    }
    assert_eq!(get(&server, "/308").await.unwrap().hints.moved_to, Some(server.url("/feed")));
    server.set("/mixed", Route::redirect(301, "/302"));
    assert_eq!(get(&server, "/mixed").await.unwrap().hints.moved_to, None);
}

#[tokio::test]
async fn redirects_that_lead_nowhere_good_are_refused() {
    let server = Server::start([]);
    let other = Server::start([("/", Route::ok(RSS))]);
    let table = [
        ("/circle", "/circle2".to_owned(), "redirect", "in a circle"),
        ("/circle2", "/circle".to_owned(), "redirect", "in a circle"),
        ("/self", "/self".to_owned(), "redirect", "in a circle"),
        ("/file", "file:///etc/passwd".to_owned(), "bad_scheme", "file:///etc/passwd"),
        ("/ftp", "ftp://wire.example/".to_owned(), "bad_scheme", "neither http nor https"),
        ("/empty", "http://".to_owned(), "redirect", "unreadable address"),
        (
            "/metadata",
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            "blocked_address",
            "metadata address",
        ),
        (
            "/decimal",
            "http://2130706433:1/".to_owned(),
            "blocked_address",
            "127.0.0.1:1 is a loopback address",
        ),
        ("/six", "http://[::ffff:10.0.0.1]/".to_owned(), "blocked_address", "private address"),
        ("/name", format!("http://localhost:{}/", server.port()), "blocked_address", "loopback address"),
        ("/other", other.url("/"), "blocked_address", "allow_private"),
    ];
    for (path, location, class, line) in &table {
        server.set(path, Route::redirect(302, location));
        if *path == "/circle" {
            server.set("/circle2", Route::redirect(302, "/circle"));
        }
        let error = get(&server, path).await.expect_err(path);
        assert_eq!(error.class(), *class, "{path}: {error}");
        assert!(error.to_string().contains(line), "{path}: {error}");
    }
    assert_eq!(other.count(), 0, "a refused address is never spoken to");
    server.set("/nowhere", Route::always(Reply::whole(302, &[], b"")));
    assert!(get(&server, "/nowhere").await.unwrap_err().to_string().contains("302 without a Location"));
}

#[tokio::test]
async fn eight_redirects_are_followed_and_not_nine() {
    let server = Server::start([("/0", Route::ok(RSS))]);
    for n in 1..=9 {
        server.set(&format!("/{n}"), Route::redirect(302, &format!("/{}", n - 1)));
    }
    assert!(get(&server, "/8").await.is_ok());
    assert_eq!(get(&server, "/9").await.unwrap_err().class(), "redirect");
}

#[tokio::test]
async fn private_addresses_open_to_their_very_host_and_port_only() {
    let server = Server::start([("/feed", Route::ok(RSS))]);
    let port = server.port();
    let entry = |text: String| HostPort::try_from(text).unwrap();
    let table = [
        ("nothing listed", vec![], format!("http://127.0.0.1:{port}/feed"), false),
        (
            "another port",
            vec![entry(format!("127.0.0.1:{}", port ^ 1))],
            format!("http://127.0.0.1:{port}/feed"),
            false,
        ),
        (
            "another name",
            vec![entry(format!("localhost:{port}"))],
            format!("http://127.0.0.1:{port}/feed"),
            false,
        ),
        (
            "by address",
            vec![entry(format!("127.0.0.1:{port}"))],
            format!("http://localhost:{port}/feed"),
            false,
        ),
        (
            "the address",
            vec![entry(format!("127.0.0.1:{port}"))],
            format!("http://127.0.0.1:{port}/feed"),
            true,
        ),
        (
            "other spelling",
            vec![entry(format!("127.0.0.1:{port}"))],
            format!("http://0x7f.1:{port}/feed"),
            true,
        ),
        ("the name", vec![entry(format!("localhost:{port}"))], format!("http://localhost:{port}/feed"), true),
    ];
    for (case, allow_private, url, open) in table {
        let for_all = Client::new(Settings { allow_private: allow_private.clone(), ..Settings::default() });
        let fetched = http(&url).fetch(&for_all, &Cursor::default(), &Limits::default()).await;
        assert_eq!(fetched.is_ok(), open, "{case}: {fetched:?}");
        let for_one = Transport::Http(Http { allow_private, ..Http::at(&url).unwrap() });
        let client = Client::new(Settings::default());
        let fetched = for_one.fetch(&client, &Cursor::default(), &Limits::default()).await;
        assert_eq!(fetched.is_ok(), open, "{case}, for one feed: {fetched:?}");
        if !open {
            let error = fetched.unwrap_err();
            assert_eq!(error.class(), "blocked_address", "{case}: {error}");
            assert!(error.to_string().contains("hint: list it as \"host:port\" in allow_private"), "{error}");
        }
        let again = http(&url).fetch(&client, &Cursor::default(), &Limits::default()).await;
        assert_eq!(
            again.unwrap_err().class(),
            "blocked_address",
            "{case}: one feed's right is not another's"
        );
    }
}

#[tokio::test]
async fn secrets_are_sent_as_told_and_left_behind_at_another_origin() {
    let other = Server::start([("/feed", Route::ok(RSS))]);
    let server = Server::start([
        ("/feed", Route::redirect(302, &other.url("/feed"))),
        ("/same", Route::redirect(307, "/feed")),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, "hunter2\n").unwrap();
    let allow_private =
        vec![HostPort::try_from(server.host_port()).unwrap(), HostPort::try_from(other.host_port()).unwrap()];
    let client = Client::new(Settings { allow_private, ..Settings::default() });
    let plain = Http { token_file: Some(token_file), ..Http::at(&server.url("/same")).unwrap() };
    let table = [
        (plain.clone(), "authorization", "Bearer hunter2"),
        (Http { user: Some("desk".into()), ..plain.clone() }, "authorization", "Basic ZGVzazpodW50ZXIy"),
        (Http { header: Some("X-Api-Key".into()), ..plain.clone() }, "x-api-key", "hunter2"),
    ];
    for (feed, header, value) in table {
        let fetched =
            Transport::Http(feed).fetch(&client, &Cursor::default(), &Limits::default()).await.unwrap();
        assert!(!format!("{fetched:?}").contains("hunter2"));
        assert_eq!(server.asked("/same").last().unwrap().header(header), Some(value));
        assert_eq!(server.asked("/feed").last().unwrap().header(header), Some(value), "the same origin");
        assert_eq!(other.asked("/feed").last().unwrap().header(header), None, "another origin");
    }
    let keyed = Http { query: Some("k".into()), ..plain };
    let fetched =
        Transport::Http(keyed).fetch(&client, &Cursor::default(), &Limits::default()).await.unwrap();
    assert_eq!(server.asked("/same").last().unwrap().target, "/same?k=hunter2");
    assert_eq!(other.asked("/feed").last().unwrap().target, "/feed");
    assert!(!format!("{fetched:?}").contains("hunter2"));
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let server = Server::start([("/loop", Route::redirect(302, "/loop?k=hunter2"))]);
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, "hunter2").unwrap();
    let client = Client::new(listing(&server));
    for (path, query) in [("/none", "k"), ("/loop", "k"), ("/none", "access_token")] {
        let url = format!("{}?token=hunter2", server.url(path));
        let feed = Http {
            query: Some(query.into()),
            token_file: Some(token_file.clone()),
            ..Http::at(&url).unwrap()
        };
        let error =
            Transport::Http(feed.clone()).fetch(&client, &Cursor::default(), &tight()).await.unwrap_err();
        let shown = format!("{error} {error:?} {feed:?} {}", Transport::Http(feed.clone()).place());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let missing =
        Http { token_env: Some("WIREDESK_TEST_NONE".into()), ..Http::at(&server.url("/")).unwrap() };
    let error = Transport::Http(missing).fetch(&client, &Cursor::default(), &tight()).await.unwrap_err();
    assert_eq!(error.class(), "auth");
    assert!(error.to_string().contains("the secret env:WIREDESK_TEST_NONE is not set"), "{error}");
}

/// A port where plain HTTP is spoken to whoever says anything.
fn not_tls() -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    address
}

#[tokio::test]
async fn a_line_that_cannot_be_had_says_why() {
    let plain = not_tls();
    let listed = |text: &str| Settings {
        allow_private: vec![HostPort::try_from(text.to_owned()).unwrap()],
        ..Settings::default()
    };
    let table = [
        ("http://127.0.0.1:1/".to_owned(), listed("127.0.0.1:1"), "network"),
        ("http://no-such-host.invalid/".to_owned(), Settings::default(), "network"),
        (format!("https://{plain}/"), listed(&plain), "tls"),
    ];
    for (url, settings, class) in table {
        let fetched = http(&url).fetch(&Client::new(settings), &Cursor::default(), &Limits::default()).await;
        let error = fetched.expect_err(&url);
        assert_eq!(error.class(), class, "{error}");
        assert!(error.to_string().starts_with(&format!("fetching {url}: ")), "{error}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_died_is_no_failure() {
    for end in [Reply::raw(), Reply::raw().reset()] {
        let server = Server::start([("/feed", Route::ok(RSS))]);
        let client = Client::new(listing(&server));
        let feed = http(&server.url("/feed"));
        assert!(feed.fetch(&client, &Cursor::default(), &Limits::default()).await.is_ok());
        let first = server.asked("/feed")[0].peer;
        let alive = Reply::whole(200, &[], RSS.as_bytes());
        let route = move |asked: &Asked| if asked.peer == first { end.clone() } else { alive.clone() };
        server.set("/feed", Route::new(route));
        let again = feed.fetch(&client, &Cursor::default(), &Limits::default()).await;
        assert_eq!(body(again.unwrap()), RSS);
    }
}

#[tokio::test]
async fn a_server_that_always_breaks_off_is_asked_twice_and_named() {
    let server = Server::start([("/feed", Route::always(Reply::raw().reset()))]);
    let error = get(&server, "/feed").await.unwrap_err();
    assert_eq!(error.class(), "network", "{error}");
    assert!(error.to_string().contains("the server closed the connection without an answer"), "{error}");
    assert_eq!(server.asked("/feed").len(), 2);
}

#[tokio::test]
async fn no_more_than_two_requests_are_at_one_host_at_a_time() {
    let server = Server::start([(
        "/feed",
        Route::always(Reply::begin(200, &[]).wait(Duration::from_millis(50)).send(RSS)),
    )]);
    let client = Client::new(listing(&server));
    let feed = http(&server.url("/feed"));
    let all = (0..6).map(|_| async {
        feed.fetch(&client, &Cursor::default(), &Limits::default()).await.unwrap();
    });
    let begun = Instant::now();
    futures_util::future::join_all(all).await;
    assert!(
        begun.elapsed() >= Duration::from_millis(150),
        "six of 50 ms, two at a time: {:?}",
        begun.elapsed()
    );
}
