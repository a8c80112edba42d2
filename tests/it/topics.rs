//! Who asked to be told is told: of a new story, of a version that says something new on the topic, of a kill; and of nothing else.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::program::{Desk, Ran, rss};
use super::server::{Route, Server};

/// A story as `rss` takes it, with words that a topic waits for.
const RAFAH: (&str, &str, &str) =
    ("r1", "Talks on Rafah resume", "Envoys met in Cairo on Monday about Rafah.");
const OTHER: (&str, &str, &str) = ("o1", "Ferry goes on", "The evening ferry sails for another year.");

fn told(ran: &Ran) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    ran.json().iter().map(|alert| (text(&alert["why"]), text(&alert["headline"]))).collect()
}

#[test]
fn an_alert_comes_for_what_is_new_on_the_topic_and_for_nothing_else() {
    let server = Server::start([("/feed", Route::ok(rss(&[OTHER])))]);
    let desk = Desk::over(&server.host_port(), &[("wire", server.url("/feed"))]);
    desk.ingest();
    let command = "cat >> taken.jsonl";
    assert_eq!(
        desk.run(&["topics", "add", "rafah", "Rafah OR \"Gaza Strip\"", "--notify", command]).code,
        Some(0)
    );
    let watch = |desk: &Desk| told(&desk.run(&["watch", "--once", "--json", "rafah"]));
    let deliver = |stories: &[(&str, &str, &str)]| {
        server.set("/feed", Route::ok(rss(stories)));
        desk.ingest();
        watch(&desk).len()
    };
    assert_eq!(deliver(&[OTHER]), 0, "nothing new");
    assert_eq!(deliver(&[OTHER, RAFAH]), 1);
    assert_eq!(deliver(&[OTHER, RAFAH]), 1, "the same again is nothing");
    let elsewhere = ("o1", "Ferry goes on", "The evening ferry sails for one more year.");
    assert_eq!(deliver(&[elsewhere, RAFAH]), 1, "another story changed");
    let changed = ("r1", "Talks on Rafah end", "Envoys left Cairo on Tuesday; on Rafah nothing was agreed.");
    assert_eq!(deliver(&[elsewhere, changed]), 2);
    assert_eq!(
        watch(&desk),
        [("new".into(), "Talks on Rafah resume".into()), ("changed".into(), "Talks on Rafah end".to_owned())]
    );
    let taken = std::fs::read_to_string(desk.path("taken.jsonl")).unwrap();
    let taken: Vec<Value> = taken.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((taken.len(), &taken[1]["topic"], &taken[1]["why"]), (2, &"rafah".into(), &"changed".into()));
}

#[test]
fn a_story_taken_back_is_told_and_its_words_are_in_no_alert_any_more() {
    let server = Server::start([("/feed", Route::ok(rss(&[OTHER])))]);
    let desk = Desk::over(&server.host_port(), &[("wire", server.url("/feed"))]);
    desk.ingest();
    desk.run(&["topics", "add", "rafah", "Rafah"]);
    server.set("/feed", Route::ok(rss(&[RAFAH])));
    desk.ingest();
    assert_eq!(told(&desk.run(&["watch", "--once", "--json"])), [("new".into(), RAFAH.1.to_owned())]);
    let killed = rss(&[("r1", "Talks on Rafah resume", "Envoys met.")])
        .replace("<rss ", "<rss xmlns:media=\"http://search.yahoo.com/mrss/\" ")
        .replace("</item>", "<media:status state=\"deleted\"/></item>");
    server.set("/feed", Route::ok(killed));
    desk.ingest();
    let said = desk.run(&["watch", "--once", "--json"]);
    assert_eq!(
        told(&said),
        [("new".into(), String::new()), ("taken back".into(), String::new())],
        "{said:?}"
    );
    server.set("/feed", Route::ok(rss(&[("r1", "Talks on Rafah go on", "Envoys met again on Rafah.")])));
    desk.ingest();
    assert_eq!(
        told(&desk.run(&["watch", "--once", "--json"])).len(),
        2,
        "a kill is for good until a person says so"
    );
    let id = said.json()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.run(&["recall", "--release", &id]).code, Some(0));
    desk.ingest();
    let back = told(&desk.run(&["watch", "--once", "--json"]));
    assert_eq!(back[2..], [("released".into(), "Talks on Rafah go on".to_owned())], "{back:?}");
    assert_eq!(back[0].1, "", "what was taken back stays so where it was said");
    for file in ["topics.db", "topics.db-wal"] {
        let bytes = std::fs::read(desk.path("data").join(file)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("Envoys met in Cairo"), "{file}");
    }
}

/// A desk with the topic `rafah`, after its first delivery.
fn desk_with_a_topic(server: &Server, command: &str) -> Desk {
    let desk = Desk::over(&server.host_port(), &[("wire", server.url("/feed"))]);
    desk.ingest();
    assert_eq!(desk.run(&["topics", "add", "rafah", "Rafah", "--notify", command]).code, Some(0));
    desk
}

#[test]
fn an_alert_quotes_no_other_story_when_store_and_topics_are_of_different_moments() {
    let server = Server::start([("/feed", Route::ok(rss(&[OTHER])))]);
    let desk = desk_with_a_topic(&server, "false");
    assert_eq!(desk.run(&["backup", "copy"]).code, Some(0));
    server.set("/feed", Route::ok(rss(&[RAFAH])));
    desk.ingest();
    std::fs::copy(desk.path("data/topics.db"), desk.path("later.db")).unwrap();
    assert_eq!(desk.run(&["restore", "copy", "--force"]).code, Some(0));
    std::fs::copy(desk.path("later.db"), desk.path("data/topics.db")).unwrap();
    let foreign = ("f1", "Budget leaks", "The treasury lost a draft.");
    server.set("/feed", Route::ok(rss(&[foreign])));
    desk.ingest();
    server.set("/feed", Route::ok(rss(&[foreign, RAFAH])));
    desk.ingest();
    let watched = desk.run(&["watch", "--once", "--json"]);
    assert_eq!(told(&watched)[0], ("new".into(), String::new()), "{watched:?}");
    assert!(!watched.out.contains("treasury"), "{watched:?}");
}

#[test]
fn damage_of_a_revision_holds_up_no_alert_behind_it() {
    let server = Server::start([("/feed", Route::ok(rss(&[OTHER])))]);
    let desk = desk_with_a_topic(&server, "test -e ready && cat >> taken.jsonl");
    let deliver = |headline, text| {
        server.set("/feed", Route::ok(rss(&[("r1", headline, text)])));
        desk.ingest()
    };
    deliver("Talks on Rafah resume", "Envoys met in Cairo about Rafah.");
    deliver("Talks resume", "Envoys met in Cairo.");
    let store = Connection::open(desk.path("data/desk.db")).unwrap();
    assert_eq!(store.execute("UPDATE revision SET json = '{}' WHERE seq <= 2", []).unwrap(), 2);
    let other: String =
        store.query_row("SELECT id FROM story WHERE current_seq = 1", [], |row| row.get(0)).unwrap();
    let topics = Connection::open(desk.path("data/topics.db")).unwrap();
    topics.execute("INSERT INTO waiting (topic, story, at) VALUES ('rafah', ?1, 0)", [other]).unwrap();
    drop((store, topics));
    std::fs::write(desk.path("ready"), "").unwrap();
    let (ran, _) = deliver("Talks on Rafah end", "Envoys left Cairo; on Rafah nothing was agreed.");
    let expected = [("new".into(), String::new()), ("changed".into(), "Talks on Rafah end".to_owned())];
    let watched = desk.run(&["watch", "--once", "--json"]);
    assert_eq!(told(&watched), expected, "{watched:?} {ran:?}");
    let taken = std::fs::read_to_string(desk.path("taken.jsonl")).unwrap_or_default();
    assert_eq!(taken.lines().count(), 2, "{taken} {ran:?}");
}

#[test]
fn a_story_that_is_put_under_embargo_is_taken_back_until_its_time() {
    let version = |number: u8, embargo: Option<&str>| {
        let text = "Envoys met in Cairo about Rafah.";
        let created = format!("2024-04-01T12:0{number}:00Z");
        json!({
            "uri": "tag:wire.example,2024:r1", "version": number.to_string(), "type": "text", "versioncreated": created,
            "headline": format!("Talks on Rafah, part {number}"), "body_text": text, "embargoed": embargo,
        })
    };
    let server = Server::start([("/feed", Route::ok(rss(&[OTHER])))]);
    let desk = desk_with_a_topic(&server, "cat >> taken.jsonl");
    let deliver = |number, embargo| {
        server.set("/feed", Route::ok(version(number, embargo).to_string()));
        desk.ingest();
        told(&desk.run(&["watch", "--once", "--json"]))
    };
    assert_eq!(deliver(1, None), [("new".into(), "Talks on Rafah, part 1".to_owned())]);
    let nothing = String::new;
    let held = deliver(2, Some("2999-01-01T00:00:00Z"));
    assert_eq!(held, [("new".into(), nothing()), ("taken back".into(), nothing())]);
    let ended = deliver(3, None);
    assert_eq!(ended[0], ("new".into(), nothing()), "what was taken back stays so where it was said");
    assert_eq!(ended[2..], [("released".into(), "Talks on Rafah, part 3".to_owned())], "{ended:?}");
}

#[test]
fn topics_are_kept_listed_changed_tried_and_removed() {
    let server = Server::start([("/feed", Route::ok(rss(&[RAFAH, OTHER])))]);
    let desk = Desk::over(&server.host_port(), &[("wire", server.url("/feed"))]);
    desk.ingest();
    assert_eq!(desk.run(&["topics", "add", "sea", "ferry"]).code, Some(0));
    let again = desk.run(&["topics", "add", "sea", "boat"]);
    assert!(again.code == Some(2) && again.err.contains("wiredesk topics edit sea"), "{again:?}");
    assert_eq!(desk.run(&["topics", "edit", "sea", "--query", "ferry OR boat"]).code, Some(0));
    let listed = desk.run(&["topics", "list", "--json"]).json();
    assert_eq!((listed.len(), &listed[0]["query"]), (1, &"ferry OR boat".into()));
    let tried = desk.run(&["topics", "test", "sea", "--json"]).json();
    assert_eq!(tried[0]["headline"], OTHER.1);
    assert_eq!(desk.run(&["watch", "--once", "sea"]).out, "", "what was here before the topic is no news");
    let named = desk.run(&["search", "--json", "topic:sea -rafah"]).json();
    assert_eq!((named.len(), &named[0]["headline"]), (1, &OTHER.1.into()));
    let open = desk.run(&["topics", "add", "not-sea", "NOT ferry"]);
    assert!(open.err.contains("every new story"), "{open:?}");
    assert_eq!(desk.run(&["topics", "remove", "sea"]).code, Some(0));
    let gone = desk.run(&["topics", "test", "sea"]);
    assert!(gone.code == Some(2) && gone.err.contains("there are not-sea"), "{gone:?}");
}

#[test]
fn like_finds_stories_of_the_same_matter_and_not_the_story_itself() {
    let desk = Desk::of_the_wire_day();
    desk.ingest();
    let first = desk.run(&["search", "--json", "-n", "1", "Lake Tahoe plane crash"]).json().remove(0);
    let alike = desk.run(&["like", "--json", "-n", "5", first["id"].as_str().unwrap()]);
    let stories = alike.json();
    let told = |story: &Value| format!("{} {}", story["headline"], story["body_text"]).to_lowercase();
    assert!(!stories.is_empty(), "{alike:?}");
    assert!(
        told(&stories[0]).contains("tahoe") || told(&stories[0]).contains("truckee"),
        "{}",
        told(&stories[0])
    );
    assert!(stories.iter().all(|story| story["id"] != first["id"]));
    assert_eq!(desk.run(&["like", "no-such-story"]).code, Some(2));
    let explained =
        desk.run(&["search", "--json", "--sort", "fresh", "--explain", "-n", "1", "Rafah"]).json();
    assert!(explained[0]["why"][0].as_str().unwrap().starts_with(char::is_numeric), "{explained:?}");
}
