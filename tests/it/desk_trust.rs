//! Can a desk trust what it sees? Stories, their new versions and their kills through the real binary.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::program::Desk;

/// A desk over a drop folder `in`.
pub fn desk() -> Desk {
    let desk = Desk::with(
        "[[feed]]\nid = \"wire\"\nprovider = \"Meridian Press\"\ntransport = { type = \"dir\", path = \"in\", settle = \"0s\" }\nevery = \"1m\"\n",
    );
    fs::create_dir(desk.path("in")).unwrap();
    desk
}

/// A NewsML-G2 item: its management lines, its slug, headline and text.
pub fn item(guid: &str, version: u32, manage: &str, slug: &str, headline: &str, text: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"{guid}\" version=\"{version}\" standard=\"NewsML-G2\" xml:lang=\"en\">\
         <itemMeta><itemClass qcode=\"ninat:text\"/><provider literal=\"MP\"/><versionCreated>2024-04-01T09:{version:02}:00Z</versionCreated>{manage}</itemMeta>\
         <contentMeta><slugline>{slug}</slugline><headline>{headline}</headline></contentMeta>\
         <contentSet><inlineData contenttype=\"text/plain\">{text}</inlineData></contentSet></newsItem>"
    )
}

pub const USABLE: &str = "<pubStatus qcode=\"stat:usable\"/>";
pub const CANCELED: &str = "<pubStatus qcode=\"stat:canceled\"/>";

pub fn send(desk: &Desk, name: &str, document: &str) {
    fs::write(desk.path("in").join(name), document).unwrap();
    let (ran, _) = desk.ingest();
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

pub fn ids(desk: &Desk, args: &[&str]) -> Vec<String> {
    desk.run(args).json().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_story_changes_with_its_writethru_and_vanishes_with_its_kill_while_its_history_stays() {
    let desk = desk();
    let toll = |n: &str| format!("A plane fell near Truckee, killing {n}.\n\nIt was late.");
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-Plane", "Two die in crash", &toll("two")));
    assert_eq!(desk.headlines(&["plane"]), ["Two die in crash"]);
    let id = ids(&desk, &["search", "--json", "plane"]).remove(0);

    let note = format!("{USABLE}<edNote>Eds: CORRECTS toll to three.</edNote>");
    send(&desk, "2.xml", &item("urn:mp:1", 2, &note, "BC-Plane", "Three die in crash", &toll("three")));
    assert_eq!(desk.headlines(&["plane"]), ["Three die in crash"]);
    let hit = desk.run(&["search", "--json", "plane"]).json().remove(0);
    assert_eq!((&hit["label"], &hit["version"]), (&"correction".into(), &"2".into()));
    let diff = desk.run(&["show", &id, "--json", "--diff"]).json().remove(0);
    assert_eq!(diff["numbers_gone"], serde_json::json!(["two"]));
    assert_eq!(diff["numbers_new"], serde_json::json!(["three"]));
    assert_eq!(diff["note"], "Eds: CORRECTS toll to three.");

    send(
        &desk,
        "3.xml",
        &item("urn:mp:1", 3, CANCELED, "BC-Plane", "KILL: Three die in crash", "A kill is mandatory."),
    );
    assert_eq!(desk.run(&["search", "plane"]).code, Some(1));
    assert_eq!(desk.run(&["export"]).out, "");
    let shown = desk.run(&["show", &id, "--json"]).out;
    assert!(!shown.contains("Truckee") && !shown.contains("Three die"), "{shown}");
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap()["publishable"], false);
    let closed = desk.run(&["show", &id, "--history"]).out;
    assert!(!closed.contains("Truckee"), "{closed}");
    let history = desk.run(&["show", &id, "--history", "--killed", "--json"]).json();
    let headlines: Vec<_> = history.iter().map(|line| line["headline"].as_str().unwrap()).collect();
    assert_eq!(headlines, ["Two die in crash", "Three die in crash", "KILL: Three die in crash"]);
    assert!(history.iter().all(|line| line["publishable"] == false), "every version: {history:?}");
    assert!(history[0]["body_text"].as_str().unwrap().contains("Truckee"));

    send(&desk, "4.xml", &item("urn:mp:1", 4, USABLE, "BC-Plane", "Three die after all", &toll("three")));
    assert_eq!(desk.run(&["search", "plane"]).code, Some(1), "what was killed stays killed");
    let review = desk.run(&["recall", "--review", "--json"]).json();
    assert_eq!(review[0]["kind"], "sent_again");
    assert_eq!(desk.run(&["recall", "--release", &id]).code, Some(0));
    assert_eq!(desk.headlines(&["plane"]), ["Three die after all"]);
}

#[test]
fn a_kill_that_names_slug_and_number_counts_whatever_came_first() {
    let kill = item(
        "urn:mp:k",
        9,
        USABLE,
        "BC-Lawyer Held, KILL",
        "Kill",
        "Please kill the story Lawyer Held, V9991. A kill is mandatory. Make certain the story is not used.",
    );
    let story =
        item("urn:mp:2", 1, USABLE, "BC-Lawyer Held, V9991, 300", "Lawyer held", "A lawyer was held.");
    let lead = item(
        "urn:mp:3",
        2,
        USABLE,
        "BC-Lawyer Held, 1st Ld-Writethru, V9995",
        "Lawyer in jail",
        "In county jail.",
    );
    for order in [[&story, &lead, &kill], [&kill, &lead, &story], [&lead, &kill, &story]] {
        let desk = desk();
        for (place, document) in order.into_iter().enumerate() {
            send(&desk, &format!("{place}.xml"), document);
        }
        assert_eq!(desk.run(&["search", "lawyer"]).code, Some(1));
        assert_eq!(desk.run(&["export"]).out, "");
        let taken = desk.run(&["recall", "--json"]).json();
        assert!(taken.len() >= 2, "{taken:?}");
        let explained = desk.run(&["show", "urn:mp:2", "--explain", "--json"]).json().remove(0);
        assert_eq!(explained["held"]["rule"], "recall");
    }
}

#[test]
fn an_embargoed_story_appears_at_its_time_with_no_new_fetch() {
    let desk = desk();
    let until = Timestamp::now() + SignedDuration::from_millis(2_500);
    let manage = format!("<embargoed>{until}</embargoed>{USABLE}");
    send(&desk, "1.xml", &item("urn:mp:1", 1, &manage, "BC-Budget", "Budget told", "Taxes fall."));
    let explained = desk.run(&["show", "urn:mp:1", "--explain", "--json"]).json().remove(0);
    let asked: Timestamp = explained["at"].as_str().unwrap().parse().unwrap();
    if asked < until {
        assert_eq!(explained["held"]["rule"], "embargo");
        assert!(explained["held"]["until"].is_string());
    }
    loop {
        let asked = Timestamp::now();
        let seen = desk.run(&["search", "budget"]).code == Some(0);
        let answered = Timestamp::now();
        assert!(!seen || answered >= until, "shown at {answered}, before {until}");
        if seen {
            return;
        }
        assert!(
            asked < until + SignedDuration::from_secs(2),
            "not shown at {asked}, though free since {until}"
        );
    }
}

#[test]
fn the_same_copy_on_other_sites_is_one_hit_and_says_which_version_it_runs() {
    let desk = Desk::with(
        "[[feed]]\nid = \"wire\"\nprovider = \"Meridian Press\"\ntransport = { type = \"dir\", path = \"in\", settle = \"0s\" }\n\
         [[feed]]\nid = \"gazette\"\nprovider = \"Gazette\"\ntransport = { type = \"dir\", path = \"gazette\", settle = \"0s\" }\n",
    );
    fs::create_dir(desk.path("in")).unwrap();
    fs::create_dir(desk.path("gazette")).unwrap();
    let text = |toll: &str, from: &str| {
        format!(
            "A twin-engine plane fell in a snow squall north of the lake on Saturday evening, killing {toll} people aboard, the sheriff said. \
             The plane had taken off near the {from} and went down about a mile from the runway. Rescuers needed four hours through deep snow. \
             Neighbours heard the engines stop, then nothing. Investigators will look at the wreck when the road is open again."
        )
    };
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-Plane", "Plane falls", &text("two", "bay")));
    fs::write(
        desk.path("gazette").join("g.xml"),
        item("urn:gazette:9", 1, USABLE, "local", "Crash near the lake", &text("two", "bay")),
    )
    .unwrap();
    let note = format!("{USABLE}<edNote>Eds: CORRECTS toll to three.</edNote>");
    send(&desk, "2.xml", &item("urn:mp:1", 2, &note, "BC-Plane", "Plane falls", &text("three", "harbour")));

    assert_eq!(desk.headlines(&["twin-engine"]).len(), 1, "one hit a thread");
    assert_eq!(desk.headlines(&["--no-group", "twin-engine"]).len(), 2);
    let hit = desk.run(&["search", "--json", "twin-engine"]).json().remove(0);
    assert_eq!(hit["thread"]["stories"], 2);
    let thread = desk.run(&["thread", "urn:gazette:9", "--json"]).json().remove(0);
    let copy =
        thread["appearances"].as_array().unwrap().iter().find(|one| one["provider"] == "Gazette").unwrap();
    assert!(copy["why"].as_str().unwrap().contains("shorter text"), "{copy}");
    assert_eq!(copy["runs"], "version 1; version 2 is a correction (Eds: CORRECTS toll to three.)");

    assert_eq!(desk.run(&["thread", "split", "urn:gazette:9"]).code, Some(0));
    assert_eq!(desk.headlines(&["twin-engine"]).len(), 2, "a person knows better");
    assert_eq!(desk.run(&["reindex"]).code, Some(0));
    assert_eq!(desk.headlines(&["twin-engine"]).len(), 2, "and is remembered");
    assert_eq!(desk.run(&["thread", "restore", "urn:gazette:9"]).code, Some(0));
    assert_eq!(desk.headlines(&["twin-engine"]).len(), 1);
    assert_eq!(desk.run(&["thread", "split", "urn:mp:1"]).code, Some(0), "also the story that began it");
    assert_eq!(desk.headlines(&["twin-engine"]).len(), 2);
    assert_eq!(desk.run(&["thread", "merge", "urn:gazette:9", "urn:mp:1"]).code, Some(0));
    assert_eq!(desk.headlines(&["twin-engine"]).len(), 1);

    send(&desk, "3.xml", &item("urn:mp:1", 3, CANCELED, "BC-Plane", "KILL", "A kill is mandatory."));
    let review = desk.run(&["recall", "--review", "--json"]).json();
    let copies = review.iter().find(|line| line["kind"] == "copies").unwrap();
    assert_eq!(
        copies["stories"][0]["guid"], "urn:gazette:9",
        "the other paper's copy is for a person to see"
    );
}

#[test]
fn a_kill_follows_a_story_to_everyone_who_has_it() {
    let desk = desk();
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-Plane", "Plane falls", "A plane fell."));
    send(&desk, "2.xml", &item("urn:mp:2", 1, USABLE, "BC-Ferry", "Ferry sails", "A ferry sailed."));
    for client in ["website", "archive"] {
        assert_eq!(desk.run(&["export", "--client", client]).json().len(), 2);
    }
    assert_eq!(
        desk.run(&["recall", "--report", "urn:mp:1", "--json"]).code,
        Some(0),
        "no recall, nobody to hear of it"
    );
    send(
        &desk,
        "3.xml",
        &item("urn:mp:1", 2, CANCELED, "BC-Plane", "KILL: Plane falls", "A kill is mandatory."),
    );

    let report = desk.run(&["recall", "--report", "urn:mp:1", "--json"]);
    assert_eq!((report.code, report.json().len()), (Some(1), 2), "{report:?}");
    let next = desk.run(&["export", "--client", "website"]).json();
    assert_eq!(
        (next.len(), &next[0]["publishable"], &next[0]["guid"]),
        (2, &false.into(), &"urn:mp:1".into())
    );
    assert!(next[0].get("headline").is_none() && next[0].get("body_text").is_none());
    assert_eq!(desk.run(&["recall", "--ack", "urn:mp:1", "--client", "nobody"]).code, Some(2));
    assert_eq!(desk.run(&["recall", "--ack", "urn:mp:1", "--client", "website"]).code, Some(0));
    assert_eq!(desk.run(&["export", "--client", "website"]).json().len(), 1, "said until it is acknowledged");
    let lines = desk.run(&["recall", "--report", "urn:mp:1", "--json"]).json();
    let of = |name: &str| lines.iter().find(|line| line["client"] == name).unwrap();
    assert!(of("website")["acknowledged"].is_string());
    assert!(of("archive").get("told").is_none());
}

#[test]
fn the_desk_is_asked_as_it_was() {
    let desk = desk();
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-Plane", "Two die", "A plane fell."));
    let before = Timestamp::now().to_string();
    send(&desk, "2.xml", &item("urn:mp:1", 2, USABLE, "BC-Plane", "Three die", "A plane fell."));
    send(&desk, "3.xml", &item("urn:mp:1", 3, CANCELED, "BC-Plane", "KILL", "A kill is mandatory."));
    assert_eq!(desk.run(&["search", "plane"]).code, Some(1));
    assert_eq!(desk.headlines(&["--as-of", &before, "plane"]), ["Two die"]);
    assert_eq!(
        desk.run(&["show", "urn:mp:1", "--as-of", &before, "--json"]).json()[0]["headline"],
        "Two die"
    );
    assert_eq!(desk.run(&["search", "--as-of", "2024-01-01", "plane"]).code, Some(1));
    assert_eq!(
        desk.run(&["search", "--as-of", "2999-01-01", "plane"]).code,
        Some(2),
        "what will be seen is not told"
    );
}

#[test]
fn what_is_purged_is_nowhere_and_stays_away() {
    const SECRET: &str = "Zyzzyvaquux";
    let desk = desk();
    let secret = item("urn:mp:1", 1, USABLE, "BC-Secret", "A name", &format!("{SECRET} was named."));
    send(&desk, "1.xml", &secret);
    send(&desk, "2.xml", &item("urn:mp:2", 1, USABLE, "BC-Ferry", "Ferry sails", "A ferry sailed."));
    let id = ids(&desk, &["search", "--json", SECRET]).remove(0);
    assert_eq!(desk.run(&["purge", &id]).code, Some(2), "no purge without a reason");
    assert_eq!(desk.run(&["purge", "urn:mp:1", "--reason", "court order 7"]).code, Some(0));
    assert_eq!(desk.run(&["search", SECRET]).code, Some(1));
    assert!(desk.run(&["show", &id]).err.contains("court order 7"));
    send(
        &desk,
        "3.xml",
        &item("urn:mp:1", 2, USABLE, "BC-Secret", "A name again", &format!("{SECRET} was named again.")),
    );
    assert_eq!(desk.run(&["search", SECRET]).code, Some(1), "the same guid stays purged");
    assert_eq!(desk.headlines(&["ferry"]), ["Ferry sails"]);
    let mut folders = vec![desk.path("data")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap().to_ascii_lowercase();
            let found = memchr::memmem::find(&bytes, SECRET.to_lowercase().as_bytes());
            assert!(found.is_none(), "{} still holds it", path.display());
        }
    }
}

#[test]
fn what_a_feed_need_not_keep_longer_is_removed_and_does_not_come_back() {
    let desk = desk();
    send(&desk, "1.xml", &item("urn:mp:1", 1, USABLE, "BC-Plane", "Plane falls", "A plane fell."));
    let later = Timestamp::now();
    send(&desk, "2.xml", &item("urn:mp:2", 1, USABLE, "BC-Ferry", "Ferry sails", "A ferry sailed."));
    let mut open = wiredesk::desk::Desk::open(&desk.path("data")).unwrap();
    let keeps = |feed: &str| wiredesk::store::Keeps { feed: feed.into(), since: later };
    assert_eq!(open.expire(&[keeps("elsewhere"), keeps("wire")], later).unwrap(), [0, 1]);
    open.follow().unwrap();
    open.close().unwrap();
    assert_eq!(desk.run(&["search", "plane"]).code, Some(1));
    assert_eq!(desk.headlines(&["ferry"]), ["Ferry sails"]);
    send(&desk, "3.xml", &item("urn:mp:1", 1, USABLE, "BC-Plane", "Plane falls", "A plane fell."));
    assert_eq!(desk.run(&["search", "plane"]).code, Some(1));
}
