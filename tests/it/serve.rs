//! The page and the API: the real binary asked over loopback, and a real browser.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::desk_trust::{CANCELED, USABLE, desk, ids, item, send};
use super::program::Desk;

/// `wiredesk serve` over a desk; it ends with this value.
struct Page {
    process: Child,
    address: String,
}

/// What it answered.
#[derive(Debug)]
struct Answered {
    status: u16,
    head: String,
    body: String,
}

impl Page {
    fn of(desk: &Desk, more: &[&str], token: Option<&str>) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
        let mut command = desk.command(&args);
        command.env_remove("WIREDESK_TOKEN").stdout(Stdio::null()).stderr(Stdio::piped());
        token.iter().for_each(|token| _ = command.env("WIREDESK_TOKEN", token));
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap_or_else(|| panic!("{line}"));
        Self { address: address.trim().trim_end_matches('/').to_owned(), process }
    }

    fn get(&self, path: &str) -> Answered {
        self.ask("GET", path, &[("Host", &self.address)])
    }

    fn json(&self, path: &str, client: &str) -> Value {
        let answered = self.ask("GET", path, &[("Host", &self.address), ("Wiredesk-Client", client)]);
        serde_json::from_str(&answered.body).unwrap_or_else(|_| panic!("{answered:?}"))
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answered {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        write!(stream, "{method} {path} HTTP/1.1\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answered { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// The text of the `main` of a page.
fn main_of(page: &str) -> &str {
    page.split_once("<main>").unwrap().1.split_once("</main>").unwrap().0
}

#[test]
fn a_story_comes_with_its_writethru_and_leaves_the_page_the_list_and_the_api_with_its_kill() {
    let desk = desk();
    send(
        &desk,
        "1.xml",
        &item("urn:mp:1", 1, USABLE, "BC-Plane", "Two die in crash", "A plane fell near Truckee."),
    );
    let id = ids(&desk, &["search", "--json", "plane"]).remove(0);
    let page = Page::of(&desk, &[], None);
    let places =
        ["/", "/?q=plane", &format!("/story/{id}"), "/api/search?q=plane", &format!("/api/story/{id}")];
    for place in places {
        assert!(page.get(place).body.contains("Two die in crash"), "{place}");
    }
    assert!(page.get("/?q=truckee").body.contains("<mark>Truckee</mark>"));

    let note = format!("{USABLE}<edNote>Eds: CORRECTS toll.</edNote>");
    send(
        &desk,
        "2.xml",
        &item("urn:mp:1", 2, &note, "BC-Plane", "Three die in crash", "A plane fell near Truckee."),
    );
    for place in places {
        let body = page.get(place).body;
        assert!(body.contains("Three die in crash") && body.contains("correction"), "{place}: {body}");
    }

    send(&desk, "3.xml", &item("urn:mp:1", 3, CANCELED, "BC-Plane", "KILL: crash", "A kill is mandatory."));
    for place in places {
        let body = page.get(place).body;
        assert!(!body.contains("die in crash") && !body.contains("Truckee"), "{place}: {body}");
    }
    assert_eq!(places.map(|place| page.get(place).status), [200, 200, 410, 200, 410]);
    assert_eq!(page.get("/story/0000").status, 404);
}

#[test]
fn an_embargoed_story_is_not_told_before_its_time() {
    let desk = desk();
    let until = Timestamp::now() + SignedDuration::from_hours(3);
    let held = format!("{USABLE}<embargoed>{until}</embargoed>");
    send(&desk, "1.xml", &item("urn:mp:1", 1, &held, "BC-Prize", "Prize goes to moles", "The moles won."));
    let id = desk.run(&["show", "urn:mp:1", "--json"]).json()[0]["id"].as_str().unwrap().to_owned();
    let page = Page::of(&desk, &[], None);
    for place in [format!("/story/{id}"), format!("/api/story/{id}")] {
        let answered = page.get(&place);
        assert_eq!(answered.status, 403, "{answered:?}");
        assert!(!answered.body.contains("moles") && answered.body.contains("embargoed"), "{answered:?}");
    }
    assert!(!page.get("/api/search?q=moles").body.contains("urn:mp:1"));
}

#[test]
fn a_program_that_names_itself_hears_of_a_recall_until_it_has_acknowledged_it() {
    let desk = desk();
    for (number, headline) in [(1, "Plane falls"), (2, "Ferry sails")] {
        let guid = format!("urn:mp:{number}");
        send(
            &desk,
            &format!("{number}.xml"),
            &item(&guid, 1, USABLE, "BC-X", headline, "It happened at sea."),
        );
    }
    let page = Page::of(&desk, &[], None);
    assert_eq!(page.json("/api/search?q=sea&all=true", "website")["hits"].as_array().unwrap().len(), 2);
    let id = ids(&desk, &["search", "--json", "plane"]).remove(0);
    assert_eq!(page.json(&format!("/api/story/{id}"), "app")["headline"], "Plane falls");
    assert_eq!(page.json("/api/recalls", "website")["recalls"], serde_json::json!([]));
    send(&desk, "3.xml", &item("urn:mp:1", 2, CANCELED, "BC-X", "KILL: Plane falls", "A kill is mandatory."));

    for _ in 0..2 {
        let recalls = page.json("/api/recalls", "website")["recalls"].clone();
        assert_eq!((&recalls[0]["guid"], &recalls[0]["publishable"]), (&"urn:mp:1".into(), &false.into()));
        assert_eq!((recalls.as_array().unwrap().len(), recalls[0].get("headline")), (1, None));
    }
    let ack = format!("/api/recalls/{id}/ack");
    let headers = [("Host", page.address.as_str()), ("Wiredesk-Client", "website")];
    assert_eq!(page.ask("POST", &ack, &headers).status, 200);
    assert_eq!(page.ask("POST", &ack, &headers[..1]).status, 400, "who?");
    assert_eq!(page.json("/api/recalls", "website")["recalls"], serde_json::json!([]));
    let lines = desk.run(&["recall", "--report", "urn:mp:1", "--json"]).json();
    let of = |name: &str| lines.iter().find(|line| line["client"] == name).unwrap();
    assert!(of("website")["acknowledged"].is_string() && of("app").get("told").is_none(), "{lines:?}");
}

#[test]
fn a_search_is_a_feed_that_tells_who_subscribes_of_what_was_taken_back() {
    let desk = desk();
    let terms = "<rightsInfo><usageTerms>Not for &lt;resale&gt;</usageTerms></rightsInfo><itemMeta>";
    let story = item("urn:mp:1", 1, USABLE, "BC-X", "Plane &amp; ferry collide", "At sea. It was late.");
    send(&desk, "1.xml", &story.replace("<itemMeta>", terms));
    send(&desk, "2.xml", &item("urn:mp:2", 1, USABLE, "BC-Y", "Moles dig", "On land."));
    let page = Page::of(&desk, &[], None);
    let read = |client: &str| {
        let answered =
            page.ask("GET", "/feed?q=plane", &[("Host", &page.address), ("Wiredesk-Client", client)]);
        assert!(answered.head.contains("application/atom+xml"), "{answered:?}");
        std::fs::write(desk.path("feed.atom"), &answered.body).unwrap();
        let ran = desk.run(&["parse", "--json", "feed.atom"]);
        assert_eq!(ran.code, Some(0), "{ran:?} {answered:?}");
        let is_story = |line: &Value| line["kind"] != "feed" && line["pub_status"] != "canceled";
        let stories: Vec<Value> = ran.json().into_iter().filter(is_story).collect();
        (stories, answered.body)
    };
    let (stories, _) = read("site");
    assert_eq!(stories.len(), 1, "{stories:?}");
    assert_eq!(stories[0]["headline"], "Plane & ferry collide");
    assert!(stories[0].to_string().contains("Not for <resale>"), "{stories:?}");

    send(&desk, "3.xml", &item("urn:mp:1", 2, CANCELED, "BC-X", "KILL: Plane", "A kill is mandatory."));
    let (stories, body) = read("site");
    assert!(stories.is_empty() && body.contains("<at:deleted-entry ref=\"urn:wiredesk:story:"), "{body}");
    assert!(!body.contains("ferry") && !read("other").1.contains("deleted-entry"), "{body}");
    let lines = desk.run(&["recall", "--report", "urn:mp:1", "--json"]).json();
    assert_eq!((&lines[0]["channel"], lines[0]["told"].is_string()), (&"feed".into(), true), "{lines:?}");
}

#[test]
fn nobody_is_let_in_by_mistake() {
    let desk = desk();
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-X", "Plane falls", "A plane fell."));
    let open = Page::of(&desk, &[], None);
    assert_eq!(open.ask("GET", "/", &[("Host", "evil.example")]).status, 421);
    let everywhere = desk.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(everywhere.code, Some(2));
    assert!(everywhere.err.contains("no token is set; hint:"), "{everywhere:?}");

    let closed = Page::of(&desk, &[], Some("0123456789abcdef"));
    let refused = closed.get("/api/search?q=plane");
    assert!(refused.status == 401 && !refused.body.contains("Plane"), "{refused:?}");
    let token = [("Host", "desk.example"), ("Authorization", "Bearer 0123456789abcdef")];
    assert!(closed.ask("GET", "/", &token).body.contains("Plane falls"));
}

#[test]
fn wire_text_is_shown_and_not_obeyed_and_a_page_that_still_holds_is_not_sent_again() {
    let desk = desk();
    let nasty = "&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt; \" '";
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-X", nasty, nasty));
    let id = desk.run(&["show", "urn:mp:1", "--json"]).json()[0]["id"].as_str().unwrap().to_owned();
    let page = Page::of(&desk, &[], None);
    for place in ["/", "/?q=alert", &format!("/story/{id}"), "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"] {
        let answered = page.get(place);
        assert!(answered.head.contains("content-security-policy: default-src 'none'"), "{answered:?}");
        let body = answered.body.to_lowercase();
        assert!(!body.contains("<script>") && !body.contains("<img"), "{place}: {body}");
        let tag = answered.head.split("etag: ").nth(1).unwrap().lines().next().unwrap();
        let again = page.ask("GET", place, &[("Host", &page.address), ("If-None-Match", tag)]);
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{place}");
    }
}

/// Chromium, where it is installed: `.ci/run` sees to that.
fn browser() -> Option<Command> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    found.map(Command::new)
}

#[test]
fn a_browser_shows_the_page_and_its_script_finds_it_still_true() {
    let Some(mut browser) = browser() else {
        _ = writeln!(std::io::stderr(), "skipped: no chromium here; hint: apt-get install chromium");
        return;
    };
    let desk = desk();
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-X", "Plane falls <at> sea", "A plane fell."));
    let page = Page::of(&desk, &[], None);
    let profile = desk.path("profile").display().to_string();
    let args =
        ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"];
    let output = browser
        .args(args)
        .arg(format!("--user-data-dir={profile}"))
        .arg(format!("http://{}/?q=plane", page.address))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    assert!(main_of(&dom).contains("Plane falls"), "{dom} {}", String::from_utf8_lossy(&output.stderr));
    assert!(
        dom.contains("role=\"alert\" hidden"),
        "the script could ask, so the warning stays hidden: {dom}"
    );
    assert!(dom.contains("data-asked"), "the script ran: {dom}");
}
