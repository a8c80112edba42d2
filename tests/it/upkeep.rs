//! The check-up, the backup and what comes back from it, through the real binary.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use super::program::{Desk, rss};
use super::server::{Route, Server};

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
    while !fs::read_to_string(desk.path("data/lock")).unwrap().starts_with(&daemon.id().to_string()) {
        std::thread::yield_now();
    }
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
