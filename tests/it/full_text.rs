//! `full_text = true`: the pages behind a truncated feed, from the real server to what is searched and shown.

use serde_json::Value;

use super::program::Desk;
use super::server::{Reply, Route, Server, gzip};

/// A feed of teasers: `(guid, headline, link, teaser)`.
fn feed(stories: &[(&str, &str, &str, &str)]) -> String {
    let item = |(guid, headline, link, teaser): &(&str, &str, &str, &str)| {
        format!(
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>{headline}</title><link>{link}</link>\
             <description>{teaser}</description><pubDate>Mon, 01 Apr 2024 12:00:00 GMT</pubDate></item>"
        )
    };
    let items: String = stories.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Coast</title>{items}</channel></rss>"
    )
}

/// A newspaper's page of one story.
fn page(headline: &str, last: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>{headline} | Coast Courier</title><meta property=og:type content=article>\
         <meta property='article:published_time' content='2024-04-03T09:00:00Z'></head><body><article><h1>{headline}</h1>\
         <p class=byline>By Ann Roe</p>\
         <figure><img src=/slide.jpg width=900><figcaption>A digger at Big Sur, Monday. (Bob Doe/Coast Courier via NNA)</figcaption></figure>\
         <p>BIG SUR, Calif. (NNA) — A slide took a lane of Highway 1 on Monday, and a good part of the cliff with it.</p>\
         <p>Nobody was hurt, the county said, though a delivery of artichokes was lost to the sea below the road.</p>\
         <p>{last}</p></article></body></html>"
    )
}

fn desk(server: &Server) -> Desk {
    let (host, url) = (server.host_port(), server.url("/feed"));
    Desk::with(&format!(
        "allow_private = [\"{host}\"]\n[[feed]]\nid = \"coast\"\nfull_text = true\nevery = \"5m\"\n\
         transport = {{ type = \"http\", url = \"{url}\" }}\n"
    ))
}

fn exported(desk: &Desk) -> Vec<Value> {
    let mut items = desk.run(&["export"]).json();
    items.sort_by_key(|item| item["guid"].to_string());
    items
}

#[test]
fn the_page_gives_text_captions_byline_and_dateline_and_the_feed_says_what_it_is_and_when() {
    let server = Server::start([(
        "/slide",
        Route::ok(page("Slide shuts the coast road for weeks", "Geologists had warned of it.")),
    )]);
    let teaser = "A slide took a lane of Highway 1 on Monday ...";
    server.set("/feed", Route::ok(feed(&[("g1", "Slide shuts coast road", &server.url("/slide"), teaser)])));
    let desk = desk(&server);

    let (ran, reports) = desk.ingest();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!((&reports[0]["new"], &reports[0]["pages"]), (&1.into(), &1.into()), "{ran:?}");
    assert_eq!(desk.headlines(&["artichokes"]), ["Slide shuts coast road"], "the page's words are found");

    let items = exported(&desk);
    assert_eq!(items.len(), 1);
    let item = &items[0];
    assert_eq!((&item["guid"], &item["headline"]), (&"g1".into(), &"Slide shuts coast road".into()));
    assert_eq!((&item["published"], &item["format"]), (&"2024-04-01T12:00:00Z".into(), &"rss".into()));
    assert_eq!((&item["byline"], &item["dateline"]["city"]), (&"By Ann Roe".into(), &"Big Sur".into()));
    assert_eq!(item["captions"][0]["credit"], "Bob Doe/Coast Courier via NNA");
    assert!(item["body_text"].as_str().unwrap().ends_with("Geologists had warned of it."), "{item}");
}

#[test]
fn a_page_is_asked_for_once_and_again_only_when_the_feed_has_new_words() {
    let server =
        Server::start([("/slide", Route::ok(page("Slide shuts the coast road", "One lane is open.")))]);
    let link = server.url("/slide");
    let told = |teaser: &str| Route::ok(feed(&[("g1", "Slide shuts coast road", &link, teaser)]));
    let desk = desk(&server);

    server.set("/feed", told("A slide took a lane ..."));
    desk.ingest();
    let (_, reports) = desk.ingest();
    assert_eq!(server.asked("/slide").len(), 1, "the same words ask for nothing");
    assert_eq!((&reports[0]["unchanged"], &reports[0]["revised"]), (&1.into(), &0.into()));
    assert_eq!(desk.headlines(&["artichokes"]).len(), 1, "and the full text stays");

    server.set("/feed", told("A slide took both lanes ..."));
    server.set("/slide", Route::ok(page("Slide shuts the coast road", "Both lanes are shut now.")));
    let (_, reports) = desk.ingest();
    assert_eq!((server.asked("/slide").len(), &reports[0]["revised"]), (2, &1.into()));
    assert!(exported(&desk)[0]["body_text"].as_str().unwrap().ends_with("Both lanes are shut now."));
}

#[test]
fn a_page_that_fails_leaves_the_story_as_the_feed_gave_it_and_costs_its_neighbours_nothing() {
    let server = Server::start([
        ("/slide", Route::ok(page("Slide shuts the coast road", "One lane is open."))),
        ("/gone", Route::status(404)),
        ("/error", Route::ok("<!DOCTYPE html><html><title>Access denied</title><body>No.</body></html>")),
    ]);
    let elsewhere =
        Server::start([("/secret", Route::ok(page("Private things", "Nobody is to read this.")))]);
    let links = ["/slide", "/gone", "/error"].map(|path| server.url(path));
    let stories = [
        ("g1", "Slide shuts road", links[0].as_str(), "A slide ..."),
        ("g2", "Road is gone", links[1].as_str(), "A road ..."),
        ("g3", "Sign is up", links[2].as_str(), "A sign ..."),
        ("g4", "Door is shut", &elsewhere.url("/secret"), "A door ..."),
    ];
    server.set("/feed", Route::ok(feed(&stories)));
    let desk = desk(&server);

    let (ran, reports) = desk.ingest();
    assert_eq!(ran.code, Some(0), "pages are no part of what makes a feed fail: {ran:?}");
    assert_eq!((&reports[0]["new"], &reports[0]["pages"]), (&4.into(), &1.into()));
    assert_eq!(reports[0]["revised"], 0, "a page is no second version: {ran:?}");
    assert_eq!(elsewhere.count(), 0, "an address that nobody opened is not asked");
    let said: Vec<String> = exported(&desk)
        .iter()
        .map(|item| {
            let faults = item["faults"].as_array().into_iter().flatten();
            let fault = faults
                .filter(|fault| fault["code"] == "no_full_text")
                .map(|fault| fault["detail"].to_string());
            format!("{} {}", item["guid"].as_str().unwrap(), fault.collect::<String>())
        })
        .collect();
    assert_eq!(said[0], "g1 ");
    for (said, why) in said.iter().skip(1).zip(["404", "Access denied", "loopback"]) {
        assert!(said.contains(why), "{said} does not say {why}");
    }
    desk.ingest();
    assert_eq!(server.asked("/gone").len(), 1, "a page that is gone is not asked for at every poll");
}

#[test]
fn a_page_that_means_harm_leaves_the_story_as_the_feed_gave_it() {
    let trap = Server::start([("/", Route::ok("no"))]);
    let packed = |body: &[u8]| Reply::whole(200, &[("Content-Encoding", "gzip")], &gzip(body));
    let to = |place: &str| Route::redirect(302, place);
    let armed = page(
        "Lamp is lit <script>alert(1)</script>",
        "The <img src=x onerror=alert(2)> lamp is lit.",
    )
    .replace(
        "<body>",
        "<body><base href='javascript:alert(3)//'><a href='x'>more</a><iframe src='//quay.example'></iframe>",
    );
    let server = Server::start([
        ("/inward", to(&trap.url("/"))),
        ("/metadata", to("http://169.254.169.254/latest/")),
        ("/file", to("file:///etc/passwd")),
        ("/circle", to("/circle")),
        ("/bomb", Route::always(packed(&vec![b' '; 60 << 20]))),
        ("/deep", Route::ok(format!("<html><body>{}", "<div>".repeat(200_000)))),
        ("/endless", Route::always(Reply::begin(200, &[]).send("<html><body><p>On").forever(" and on"))),
        ("/silent", Route::always(Reply::begin(200, &[]).hang())),
        ("/picture", Route::with(&[("Content-Type", "image/png")], [0x89, b'P', b'N', b'G', 13, 10, 26, 10])),
        ("/armed", Route::ok(armed)),
    ]);
    let paths =
        ["inward", "metadata", "file", "circle", "bomb", "deep", "endless", "silent", "picture", "armed"];
    let links: Vec<String> = paths.iter().map(|path| server.url(&format!("/{path}"))).collect();
    let stories: Vec<(&str, &str, &str, &str)> = paths
        .iter()
        .zip(&links)
        .map(|(path, link)| (*path, "Quay tells", link.as_str(), "A teaser ..."))
        .collect();
    server.set("/feed", Route::ok(feed(&stories)));
    let desk = desk(&server);
    let quick = "full_text = true\nlimits = { whole = \"1500ms\" }";
    let config =
        std::fs::read_to_string(desk.path("wiredesk.toml")).unwrap().replace("full_text = true", quick);
    std::fs::write(desk.path("wiredesk.toml"), config).unwrap();

    let (ran, reports) = desk.ingest();
    assert_eq!((ran.code, &reports[0]["new"]), (Some(0), &stories.len().into()), "{ran:?}");
    assert_eq!(trap.count(), 0, "a refused address is never spoken to");
    for item in exported(&desk) {
        let all = item.to_string();
        let armed = ["<script", "onerror=", "javascript:", "<iframe", "root:"];
        assert!(!armed.iter().any(|text| all.contains(text)), "{all}");
        let (guid, body) = (item["guid"].as_str().unwrap(), item["body_text"].as_str().unwrap_or_default());
        let is_read = guid == "armed" || guid == "deep";
        assert!(is_read || body == "A teaser ...", "{guid}: {all}");
    }
}

#[test]
fn a_newspapers_section_page_is_a_feed_too() {
    let card = |n: usize| {
        format!(
            "<div class=card><h2><a href=/story/{n}>The mole of the day, number {n}</a></h2><p class=byline>By Ann Roe</p>\
             <p>BIG SUR, Calif. — A mole, the {n}th of this week, was seen on the coast road on Monday.</p></div>"
        )
    };
    let section = format!(
        "<!DOCTYPE html><html lang=en><head><title>Moles | Coast Courier</title></head><body><main><h1>Moles</h1>{}</main></body></html>",
        (1..=4).map(card).collect::<String>()
    );
    let server = Server::start([("/feed", Route::ok(section))]);
    for n in 1..=4 {
        let told = format!("The mole of the day, number {n}");
        server.set(&format!("/story/{n}"), Route::ok(page(&told, &format!("It was counted as number {n}."))));
    }
    let desk = desk(&server);
    let (ran, reports) = desk.ingest();
    assert_eq!((&reports[0]["new"], &reports[0]["pages"]), (&4.into(), &4.into()), "{ran:?}");
    let items = exported(&desk);
    assert!(items.iter().all(|item| item["body_text"].as_str().unwrap().contains("artichokes")), "{items:?}");
    assert!(items.iter().all(|item| item["link"].as_str().unwrap().starts_with(&server.url("/story/"))));
    let (_, reports) = desk.ingest();
    assert_eq!((&reports[0]["unchanged"], server.asked("/story/1").len()), (&4.into(), 1));
}
