//! Is a secret ever printed or kept? Everything the program says, with every log line there is, is searched for it.

use super::program::{Desk, rss};
use super::server::{Reply, Route, Server};

/// Long and odd enough to be nobody else's.
const SECRET: &str = "hunter2+quay/secret=";

/// The forms in which a server or a library may quote it.
fn forms() -> [String; 4] {
    let encoded: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = |user: &str| base64(format!("{user}:{SECRET}").as_bytes());
    [SECRET.to_owned(), encoded, basic("desk"), "inurl-hunter2".to_owned()]
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn no_secret_is_printed_or_kept_whatever_a_server_does_with_it() {
    // a server that tells everybody what it was asked
    let echo = |status: u16| {
        Route::new(move |asked| {
            let said = format!("{} {:?}", asked.target, asked.header("authorization"));
            let location = format!("/loop?{}", asked.target.split('?').nth(1).unwrap_or_default());
            Reply::whole(status, &[("Location", &location), ("X-Asked", &asked.target)], said.as_bytes())
        })
    };
    let server = Server::start([
        ("/fine", Route::tagged("\"1\"", rss(&[("a", "Ferry strike ends", "Boats sail.")]))),
        ("/denied", echo(401)),
        ("/error", echo(500)),
        ("/moves", echo(301)),
        ("/loop", echo(302)),
        ("/busy", echo(429)),
        ("/torn", Route::always(Reply::begin(200, &[("Content-Length", "99")]).send("<rss>"))),
        ("/silent", Route::always(Reply::raw())),
        (
            "/echoes",
            Route::new(|asked| {
                let said =
                    [asked.header("authorization"), asked.header("x-api-key")].map(Option::unwrap_or_default);
                Reply::whole(200, &[], format!("{}{}", said[0], said[1]).as_bytes())
            }),
        ),
    ]);
    let ways = [
        ("bearer", "token_file = \"key\""),
        ("basic", "token_file = \"key\", user = \"desk\""),
        ("header", "token_file = \"key\", header = \"x-api-key\""),
        ("query", "token_env = \"QUAY_KEY\", query = \"k\""),
    ];
    let mut config = format!("allow_private = [\"{}\"]\n", server.host_port());
    for path in ["fine", "denied", "error", "moves", "loop", "busy", "torn", "silent", "echoes"] {
        for (way, secret) in ways {
            let url = format!("{}?api_key=inurl-hunter2", server.url(&format!("/{path}")));
            config.push_str(&format!(
                "[[feed]]\nid = \"{path}-{way}\"\ntransport = {{ type = \"http\", url = \"{url}\", {secret} }}\n"
            ));
        }
    }
    let desk = Desk::with(&config);
    std::fs::write(desk.path("key"), SECRET).unwrap();
    let mut said = String::new();
    let commands: [&[&str]; 8] = [
        &["check"],
        &["ingest", "--once"],
        &["ingest", "--once", "--json"],
        &["feeds"],
        &["feeds", "--json"],
        &["search", "ferry"],
        &["export"],
        &["--config", "missing.toml", "check"],
    ];
    for command in commands {
        let run =
            desk.command(command).env("QUAY_KEY", SECRET).env("WIREDESK_LOG", "trace").output().unwrap();
        said.push_str(&String::from_utf8_lossy(&run.stdout));
        said.push_str(&String::from_utf8_lossy(&run.stderr));
    }
    assert!(server.count() > 30, "the secrets were sent");
    assert!(said.contains("401 Unauthorized") && said.lines().count() > 100, "{said}");
    for form in forms() {
        let line = said.lines().find(|line| line.contains(&form));
        assert_eq!(line, None, "{form} was printed");
        for entry in std::fs::read_dir(desk.path("data")).unwrap().map(|entry| entry.unwrap().path()) {
            let kept = std::fs::read(&entry).unwrap_or_default();
            assert_eq!(
                memchr::memmem::find(&kept, form.as_bytes()),
                None,
                "{form} is kept in {}",
                entry.display()
            );
        }
    }
}
