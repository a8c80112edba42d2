//! The check-up, the backup and what comes back from it, through the real binary.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use super::program::{Desk, Ran, rss, until};
use super::server::{Reply, Route, Server};

const STORIES: &[(&str, &str, &str)] = &[
    ("a", "Ferry strike ends", "Boats sail again from the harbour."),
    ("b", "Bridge opens", "Cars cross the river."),
    ("c", "Storm nears the coast", "Ships stay in port."),
];

fn desk() -> (Server, Desk) {
    let server = Server::start([("/feed", Route::ok(rss(STORIES)))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    assert_eq!(desk.ingest().0.code, Some(0));
    assert_eq!(desk.run(&["topics", "add", "boats", "ferry"]).code, Some(0));
    (server, desk)
}

/// The exit code, and the state of each part.
fn examined(desk: &Desk, args: &[&str]) -> (Option<i32>, Vec<(String, String)>) {
    let ran = desk.run(&[&["doctor", "--json"], args].concat());
    let word = |part: &Value, key: &str| part[key].as_str().unwrap().to_owned();
    let parts = ran.json().iter().map(|part| (word(part, "part"), word(part, "state"))).collect();
    (ran.code, parts)
}

fn sql(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_sound_desk_is_told_so_part_by_part() {
    let (_server, desk) = desk();
    let (code, parts) = examined(&desk, &[]);
    let names: Vec<_> = parts.iter().map(|part| part.0.as_str()).collect();
    assert_eq!(names, ["store", "archive", "feeds", "index", "threads", "topics"]);
    assert!(parts.iter().all(|part| part.1 == "ok"), "{parts:?}");
    assert_eq!(code, Some(0));
    let plain = desk.run(&["doctor"]);
    assert!(plain.out.contains("store    ok      3 stories, 3 revisions"), "{}", plain.out);
}

#[test]
fn what_follows_the_store_is_mended_and_what_only_the_store_has_is_named() {
    type Spoil = fn(&Path);
    let mended: &[(&str, &str, Spoil)] = &[
        ("the index is gone", "index", |data| fs::remove_dir_all(data.join("index")).unwrap()),
        ("the threads are of nothing", "threads", |data| {
            sql(&data.join("threads.db"), "DELETE FROM member WHERE row = 1")
        }),
        ("the threads are gone", "threads", |data| {
            for ending in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(data.join(format!("threads.db{ending}")));
            }
        }),
        ("a feed's state is junk", "feeds", |data| sql(&data.join("desk.db"), "UPDATE feed SET state = '{'")),
        ("topics are ahead", "topics", |data| {
            sql(&data.join("topics.db"), "INSERT OR REPLACE INTO place (key, value) VALUES ('log', 999)")
        }),
    ];
    for (name, part, spoil) in mended {
        let (_server, desk) = desk();
        spoil(&desk.path("data"));
        let state = |parts: &[(String, String)]| {
            parts.iter().find(|found| found.0 == *part).map(|found| found.1.clone()).unwrap()
        };
        let (code, parts) = examined(&desk, &["--check"]);
        assert_eq!((code, state(&parts).as_str()), (Some(1), "wrong"), "{name}: {parts:?}");
        let (code, parts) = examined(&desk, &["--repair"]);
        assert_eq!((code, state(&parts).as_str()), (Some(0), "mended"), "{name}: {parts:?}");
        let (code, parts) = examined(&desk, &[]);
        assert_eq!((code, state(&parts).as_str()), (Some(0), "ok"), "{name}: {parts:?}");
        assert_eq!(desk.headlines(&["ferry"]), ["Ferry strike ends"], "{name}");
    }
    let lost: &[(&str, Spoil)] = &[
        ("store", |data| {
            sql(&data.join("desk.db"), "DELETE FROM story WHERE id = (SELECT id FROM story LIMIT 1)")
        }),
        ("archive", |data| sql(&data.join("desk.db"), "UPDATE raw SET bytes = zeroblob(40)")),
    ];
    for (part, spoil) in lost {
        let (_server, desk) = desk();
        spoil(&desk.path("data"));
        let (code, parts) = examined(&desk, &[]);
        assert_eq!(code, Some(1), "{parts:?}");
        assert!(parts.contains(&((*part).into(), "wrong".into())), "{parts:?}");
        assert!(desk.run(&["doctor"]).out.contains("hint: restore a backup"));
    }
}

#[test]
fn a_backup_made_beside_the_daemon_comes_back_as_the_same_desk() {
    let (_server, desk) = desk();
    let mut daemon = desk.command(&["ingest"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    let lock = || fs::read_to_string(desk.path("data/lock")).unwrap();
    until("the daemon writes", || lock().starts_with(&daemon.id().to_string()).then_some(()));
    let made = desk.run(&["backup", "copy", "--json"]);
    let checked = desk.run(&["doctor", "--json"]);
    let again = desk.run(&["backup", "copy"]);
    let _ = daemon.kill();
    daemon.wait().unwrap();
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!(checked.code, Some(0), "{checked:?}");
    assert_eq!((again.code, again.err.contains("it is not empty")), (Some(2), true), "{again:?}");
    let manifest = made.json().remove(0);
    let names: Vec<_> = manifest["files"].as_array().unwrap().iter().map(|file| &file["name"]).collect();
    assert_eq!(names, ["desk.db", "topics.db"]);

    let before = desk.run(&["export"]).out;
    let refused = desk.run(&["restore", "copy"]);
    assert_eq!((refused.code, refused.err.contains("--force")), (Some(2), true), "{refused:?}");
    for (args, data) in
        [(vec!["restore", "copy", "--force"], "data"), (vec!["restore", "copy", "-d", "new"], "new")]
    {
        let ran = desk.run(&args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(desk.run(&["export", "-d", data]).out, before);
        assert_eq!(desk.headlines(&["-d", data, "ferry"]), ["Ferry strike ends"]);
        assert!(desk.run(&["topics", "list", "-d", data]).out.contains("boats"));
        assert_eq!(desk.run(&["doctor", "-d", data]).code, Some(0));
        assert!(!desk.path(data).join("restoring").exists());
    }
}

#[test]
fn a_damaged_or_unfinished_backup_is_refused_and_nothing_is_touched() {
    let (_server, desk) = desk();
    assert_eq!(desk.run(&["backup", "copy"]).code, Some(0));
    let before = desk.run(&["export"]).out;
    let whole = fs::read(desk.path("copy/desk.db")).unwrap();
    let manifest = fs::read_to_string(desk.path("copy/manifest.json")).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let cases: &[(&str, &str, Vec<u8>, &str)] = &[
        ("a flipped bit", "desk.db", flipped, "SHA-256"),
        ("cut", "desk.db", whole[..whole.len() - 1].to_vec(), "bytes"),
        ("no manifest", "manifest.json", Vec::new(), "manifest.json"),
        (
            "a name that leads out",
            "manifest.json",
            manifest.replace("topics.db", "../out").into_bytes(),
            "leads out",
        ),
        (
            "no store",
            "manifest.json",
            manifest.replace("\"desk.db\"", "\"topics.db\"").into_bytes(),
            "no store",
        ),
    ];
    for (name, file, bytes, said) in cases {
        fs::write(desk.path("copy").join(file), bytes).unwrap();
        let ran = desk.run(&["restore", "copy", "--force"]);
        assert_eq!(ran.code, Some(2), "{name}: {ran:?}");
        assert!(ran.err.contains(said), "{name}: {ran:?}");
        assert_eq!(desk.run(&["export"]).out, before, "{name}");
        fs::write(desk.path("copy/desk.db"), &whole).unwrap();
        fs::write(desk.path("copy/manifest.json"), &manifest).unwrap();
    }
}

/// A desk that polled a feed of ten stories twelve times, one of them new each time; its deliveries as they were sent.
fn desk_of_many_polls() -> (Server, Desk, Vec<String>) {
    let text: Vec<(String, String)> = (0..22)
        .map(|n: usize| {
            let words = (0..60).map(|word| format!("w{} ", (n * 7919 + word * 104_729) % 9973));
            (format!("urn:coast:{n}"), words.collect())
        })
        .collect();
    let bodies: Vec<String> = (0..12)
        .map(|first| {
            let shown = text[first..first + 10].iter();
            rss(&shown.map(|(guid, text)| (guid.as_str(), &text[..30], text.as_str())).collect::<Vec<_>>())
        })
        .collect();
    let replies = bodies.iter().map(|body| Reply::whole(200, &[], body.as_bytes())).collect();
    let server = Server::start([("/feed", Route::in_turn(replies))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    for _ in &bodies {
        assert_eq!(desk.ingest().0.code, Some(0));
    }
    (server, desk, bodies)
}

/// The bytes in which each story of `desk_of_many_polls` came first, as they are shown; the error where they cannot be.
fn raws(desk: &Desk, data: &str) -> Vec<Result<String, String>> {
    let show = |n: usize| desk.run(&["show", "--raw", "-d", data, &format!("urn:coast:{n}")]);
    let read = |ran: Ran| if ran.code == Some(0) { Ok(ran.out) } else { Err(ran.err) };
    (9..21).map(show).map(read).collect()
}

#[test]
fn deliveries_kept_as_differences_are_shown_copied_and_restored_as_they_came() {
    let (_server, desk, bodies) = desk_of_many_polls();
    let expected: Vec<_> = bodies.into_iter().map(Ok).collect();
    assert_eq!(raws(&desk, "data"), expected);
    let count = |sql: &str| -> i64 {
        let conn = Connection::open(desk.path("data/desk.db")).unwrap();
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM lean"), 11);
    assert_eq!(desk.run(&["backup", "copy"]).code, Some(0));
    assert_eq!(desk.run(&["restore", "copy", "-d", "new"]).code, Some(0));
    assert_eq!(raws(&desk, "new"), expected);
    let ran = desk.run(&["purge", "urn:coast:12", "--reason", "court order 7"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let left = raws(&desk, "data");
    // it came with the fourth, and the twelve show ten stories each
    assert!(left[3..].iter().all(Result::is_err) && left[..3] == expected[..3], "{left:?}");
    assert!(examined(&desk, &[]).1.iter().all(|part| part.1 == "ok"));
}

#[test]
fn a_damaged_delivery_is_named_with_those_that_lean_on_it() {
    let (_server, desk, bodies) = desk_of_many_polls();
    sql(&desk.path("data/desk.db"), "UPDATE raw SET bytes = zeroblob(300) WHERE id = 5");
    let ran = desk.run(&["doctor"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.contains("5, of feed coast; 7 that lean on it cannot be read: 6 7 8 9 10 11 12"),
        "{ran:?}"
    );
    for (delivery, (read, sent)) in (1..).zip(raws(&desk, "data").into_iter().zip(bodies)) {
        match read {
            Ok(read) => assert!(read == sent && delivery < 5, "{delivery}"),
            Err(said) => assert!(said.contains("not those received") && delivery >= 5, "{delivery}: {said}"),
        }
    }
    assert_eq!(desk.run(&["search", "w0"]).err, "", "the stories themselves are all there");
}

#[test]
fn a_feed_with_a_fault_for_good_that_costs_no_story_is_not_kept_at_every_poll() {
    let body = |date: &str, stories: &[(&str, &str, &str)]| {
        let text =
            rss(stories).replace("<channel>", &format!("<channel><lastBuildDate>{date}</lastBuildDate>"));
        text.replace("Boats", "Caf\u{e9}s").chars().map(|c| c as u8).collect::<Vec<u8>>()
    };
    let cut = |date| body(date, STORIES)[..600].to_vec();
    let cases: &[(Vec<Vec<u8>>, i64)] = &[
        (vec![body("1", &STORIES[..2]), body("2", &STORIES[..2]), body("3", STORIES), body("4", STORIES)], 2),
        // of what was cut short nobody knows what it would have brought
        (vec![body("1", STORIES), cut("2"), cut("3")], 3),
    ];
    for (bodies, kept) in cases {
        let replies = bodies.iter().map(|body| Reply::whole(200, &[], body)).collect();
        let server = Server::start([("/feed", Route::in_turn(replies))]);
        let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
        for _ in bodies {
            let (ran, reports) = desk.ingest();
            assert!(reports[0]["faults"].as_u64() > Some(0), "{ran:?}");
        }
        let conn = Connection::open(desk.path("data/desk.db")).unwrap();
        let count: i64 = conn.query_row("SELECT count(*) FROM delivery", [], |row| row.get(0)).unwrap();
        assert_eq!(count, *kept);
    }
}
