//! What does a fetch make of a drop folder?

use crate::program::{Desk, rss};
use std::fs;
use std::path::Path;
use std::time::Duration;
use wiredesk::fetch::{After, Client, Dir, Fetched, Limits, Outcome, Settings, Transport};
use wiredesk::wire::{Cursor, Delivery};

fn folder(path: &Path) -> Dir {
    Dir { settle: Duration::ZERO, ..Dir::at(path) }
}

async fn fetch(dir: &Dir, cursor: &Cursor, limits: &Limits) -> Fetched {
    Transport::Dir(dir.clone()).fetch(&Client::new(Settings::default()), cursor, limits).await.unwrap()
}

fn texts(fetched: &Fetched) -> Vec<String> {
    match &fetched.outcome {
        Outcome::Deliveries(all) => {
            all.iter().map(|one| String::from_utf8_lossy(&one.bytes).into_owned()).collect()
        }
        Outcome::NotModified => Vec::new(),
    }
}

fn taken(fetched: Fetched) -> Vec<Delivery> {
    match fetched.outcome {
        Outcome::Deliveries(all) => all,
        Outcome::NotModified => Vec::new(),
    }
}

#[tokio::test]
async fn each_file_is_delivered_once_and_again_when_it_changes() {
    let drop = tempfile::tempdir().unwrap();
    let dir = folder(drop.path());
    fs::write(drop.path().join("a.xml"), "a").unwrap();
    fs::write(drop.path().join("b.xml"), "b").unwrap();
    let first = fetch(&dir, &Cursor::default(), &Limits::default()).await;
    assert_eq!(texts(&first), ["a", "b"]);
    assert_eq!(first.bytes, 2);
    let second = fetch(&dir, &first.cursor, &Limits::default()).await;
    assert!(matches!(second.outcome, Outcome::NotModified));
    assert_eq!(second.cursor, first.cursor);
    fs::write(drop.path().join("a.xml"), "a, corrected").unwrap();
    fs::write(drop.path().join("c.xml"), "c").unwrap();
    let third = fetch(&dir, &second.cursor, &Limits::default()).await;
    let mut texts = texts(&third);
    texts.sort();
    assert_eq!(texts, ["a, corrected", "c"]);
    let url = taken(third).remove(0).url.unwrap();
    assert!(url.starts_with("file:///") && url.ends_with(".xml"), "{url}");
}

#[tokio::test]
async fn the_mark_holds_no_more_than_the_folder() {
    let drop = tempfile::tempdir().unwrap();
    let dir = folder(drop.path());
    let mut cursor = Cursor::default();
    for n in 0..50 {
        let file = drop.path().join(format!("{n}.xml"));
        fs::write(&file, n.to_string()).unwrap();
        cursor = fetch(&dir, &cursor, &Limits::default()).await.cursor;
        fs::remove_file(file).unwrap();
    }
    assert!(cursor.mark.unwrap().len() < 60);
}

#[tokio::test]
async fn a_fresh_file_is_waited_for() {
    let drop = tempfile::tempdir().unwrap();
    let dir = Dir { settle: Duration::from_millis(100), ..Dir::at(drop.path()) };
    fs::write(drop.path().join("a.xml"), "a").unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(texts(&fetch(&dir, &Cursor::default(), &Limits::default()).await), ["a"]);
    assert!(begun.elapsed() >= Duration::from_millis(50), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_file_that_still_grows_is_left_for_the_next_fetch() {
    let drop = tempfile::tempdir().unwrap();
    let dir = Dir { settle: Duration::from_millis(150), ..Dir::at(drop.path()) };
    let file = drop.path().join("a.xml");
    fs::write(&file, "<rss>").unwrap();
    let growing = tokio::spawn({
        let file = file.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            fs::write(&file, "<rss></rss>").unwrap();
        }
    });
    let first = fetch(&dir, &Cursor::default(), &Limits::default()).await;
    growing.await.unwrap();
    assert!(texts(&first).is_empty(), "{first:?}");
    assert_eq!(texts(&fetch(&dir, &first.cursor, &Limits::default()).await), ["<rss></rss>"]);
}

#[tokio::test]
async fn one_bad_file_is_said_by_name_and_its_neighbours_come() {
    let drop = tempfile::tempdir().unwrap();
    let dir = folder(drop.path());
    fs::write(drop.path().join("good.xml"), "good").unwrap();
    fs::write(drop.path().join("large.xml"), "x".repeat(2000)).unwrap();
    let fetched = fetch(&dir, &Cursor::default(), &Limits { max_bytes: 1000, ..Limits::default() }).await;
    assert_eq!(texts(&fetched), ["good"]);
    let (name, error) = &fetched.failures[0];
    assert!(name.ends_with("large.xml"), "{name}");
    assert_eq!(error.class(), "too_large");
    assert!(error.to_string().contains("large.xml: more than 1000 bytes"), "{error}");
    let again = fetch(&dir, &fetched.cursor, &Limits::default()).await;
    assert_eq!(texts(&again).len(), 1, "with a higher limit it comes");
}

#[tokio::test]
async fn a_full_folder_comes_in_batches() {
    let drop = tempfile::tempdir().unwrap();
    let dir = folder(drop.path());
    for n in 0..5 {
        fs::write(drop.path().join(format!("{n}.xml")), "x".repeat(40)).unwrap();
    }
    let limits = Limits { batch_bytes: 100, ..Limits::default() };
    let (mut cursor, mut counts) = (Cursor::default(), Vec::new());
    loop {
        let fetched = fetch(&dir, &cursor, &limits).await;
        counts.push(texts(&fetched).len());
        cursor = fetched.cursor;
        if !fetched.more {
            break;
        }
    }
    assert_eq!(counts, [2, 2, 1]);
}

#[tokio::test]
async fn a_done_file_moves_when_the_store_has_it_and_not_before() {
    let drop = tempfile::tempdir().unwrap();
    let dir = Dir { after: After::Move, ..folder(drop.path()) };
    let (file, done) = (drop.path().join("a.xml"), drop.path().join("done/a.xml"));
    fs::write(&file, "a").unwrap();
    let fetched = fetch(&dir, &Cursor::default(), &Limits::default()).await;
    assert!(file.exists() && !done.exists());
    let cursor = fetched.cursor.clone();
    let failures = Transport::Dir(dir.clone()).acknowledge(&cursor, &[]).await;
    assert!(failures.is_empty(), "{failures:?}");
    assert!(!file.exists() && done.exists());
    assert!(texts(&fetch(&dir, &cursor, &Limits::default()).await).is_empty());
}

#[tokio::test]
async fn a_crash_between_store_and_tidying_is_made_good_by_the_next_fetch() {
    let drop = tempfile::tempdir().unwrap();
    let dir = Dir { after: After::Delete, ..folder(drop.path()) };
    fs::write(drop.path().join("a.xml"), "a").unwrap();
    let fetched = fetch(&dir, &Cursor::default(), &Limits::default()).await;
    assert!(texts(&fetch(&dir, &fetched.cursor, &Limits::default()).await).is_empty());
    assert!(!drop.path().join("a.xml").exists());
}

#[tokio::test]
async fn a_file_that_changed_after_it_was_read_is_not_tidied_away() {
    let drop = tempfile::tempdir().unwrap();
    let dir = Dir { after: After::Delete, ..folder(drop.path()) };
    let file = drop.path().join("a.xml");
    fs::write(&file, "a").unwrap();
    let cursor = fetch(&dir, &Cursor::default(), &Limits::default()).await.cursor;
    fs::write(&file, "a, corrected").unwrap();
    Transport::Dir(dir.clone()).acknowledge(&cursor, &[]).await;
    assert_eq!(texts(&fetch(&dir, &cursor, &Limits::default()).await), ["a, corrected"]);
}

#[test]
fn a_file_that_cannot_be_read_is_kept_with_its_reason_where_done_ones_move_away() {
    for (after, at, done) in [
        ("move", "drop/bad/b.xml", "drop/done/a.xml"),
        ("delete", "drop/bad/b.xml", "drop/a.xml"),
        ("keep", "drop/b.xml", "drop/a.xml"),
    ] {
        let desk = Desk::with(&format!(
            "[[feed]]\nid = \"agency\"\ntransport = {{ type = \"dir\", path = \"drop\", settle = \"1ms\", after = \"{after}\" }}\n"
        ));
        std::fs::create_dir(desk.path("drop")).unwrap();
        std::fs::write(desk.path("drop/a.xml"), rss(&[("a", "Ferry strike ends", "Boats sail.")])).unwrap();
        std::fs::write(desk.path("drop/b.xml"), "<html><title>502 Bad Gateway</title></html>").unwrap();
        let (ran, reports) = desk.ingest();
        assert_eq!(
            (&reports[0]["outcome"], &reports[0]["new"]),
            (&"partly".into(), &1.into()),
            "{after}: {ran:?}"
        );
        assert_eq!(desk.path(done).exists(), after != "delete", "{after}");
        assert!(std::fs::read_to_string(desk.path(at)).unwrap().contains("502 Bad Gateway"), "{after}");
        let note = std::fs::read_to_string(desk.path("drop/bad/b.xml.error"));
        assert_eq!(note.is_ok_and(|note| note.contains("an HTML page titled")), after != "keep", "{after}");
        let (_, reports) = desk.ingest();
        assert_eq!(reports[0]["outcome"], "not_modified", "{after}: it is said once");
    }
}
