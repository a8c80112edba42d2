//! Does the desk come back from whatever happened to it, with the same answers?

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use wiredesk::desk::Desk;
use wiredesk::index::{Index, Settings};
use wiredesk::item::NewsItem;
use wiredesk::search::{Ask, Sort};
use wiredesk::store::{FeedState, Landing, Part, Revision, Seq, Sink, SinkError, Store, catch_up};
use wiredesk::wire::Delivery;

const QUERIES: &[&str] =
    &["ferry", "harbour ferry", "\"harbour master\"", "headline:storm", "ferry NOT storm", ""];

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_711_929_600 + second).unwrap()
}

fn story(number: usize, version: usize, status: &str) -> NewsItem {
    let headline = match number % 3 {
        0 => format!("Harbour ferry {number} runs late, update {version}"),
        1 => format!("Storm keeps ferry {number} in port, update {version}"),
        _ => format!("Harbour master of pier {number} speaks, update {version}"),
    };
    NewsItem {
        id: format!("story{number:011}"),
        guid: Some(format!("urn:wire:{number}")),
        version: Some(version.to_string()),
        pub_status: Some(status.into()),
        body_text: Some(format!(
            "{headline}. The harbour master said the ferry waits. {}",
            "More. ".repeat(number)
        )),
        headline: Some(headline),
        published: Some(at(i64::try_from(number).unwrap()).into()),
        language: Some("en".into()),
        ..NewsItem::default()
    }
}

fn poll(second: i64, items: Vec<NewsItem>) -> Landing {
    let delivery =
        Delivery { bytes: format!("{items:?}").into_bytes(), received: at(second), ..Delivery::default() };
    let state = FeedState { id: "harbour".into(), ..FeedState::default() };
    Landing { state, parts: vec![Part { delivery, items, faulty: false }] }
}

/// Twelve stories, four of them revised, one killed, one late old version: 18 revisions.
fn wire() -> Vec<Landing> {
    let mut polls: Vec<_> =
        (0..4).map(|n| poll(n, (0..3).map(|m| story(n as usize * 3 + m, 2, "usable")).collect())).collect();
    polls.push(poll(10, (0..4).map(|number| story(number, 3, "usable")).collect()));
    polls.push(poll(11, vec![story(5, 3, "canceled"), story(6, 1, "usable")]));
    polls
}

fn land(store: &mut Store) {
    store.land_all(wire()).unwrap();
}

/// Every answer to every question: ids, versions and scores in order.
fn answers(data_dir: &Path) -> Vec<String> {
    let mut reader = Desk::read_only(data_dir).unwrap();
    let mut answers = Vec::new();
    for query in QUERIES {
        for sort in [Sort::Relevance, Sort::Newest] {
            let ask = Ask { sort, limit: 50, count: true, ..Ask::new(*query, at(1_000_000)) };
            let answer = reader.search(&ask).unwrap();
            let hits =
                answer.hits.iter().map(|hit| format!("{} {:?} {}", hit.item.id, hit.item.version, hit.score));
            answers.push(format!(
                "{query} {sort:?} {:?}: {}",
                answer.total,
                hits.collect::<Vec<_>>().join(", ")
            ));
        }
    }
    answers
}

/// Compares answer by answer, so that a failure can be read.
#[track_caller]
fn assert_same(answers: &[String], expected: &[String], when: &str) {
    assert_eq!(answers.len(), expected.len());
    for (answer, expected) in answers.iter().zip(expected) {
        assert_eq!(answer, expected, "{when}");
    }
}

/// A desk in which nothing ever went wrong, and what it answers.
fn sound() -> (tempfile::TempDir, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(dir.path()).unwrap();
    desk.land_all(wire()).unwrap();
    assert_eq!(desk.follow().unwrap(), Seq(18));
    desk.close().unwrap();
    let answers = answers(dir.path());
    assert!(
        answers[0].contains("Some(11)") && answers[0].contains("story00000000003 Some(\"3\")"),
        "{}",
        answers[0]
    );
    assert!(!answers.iter().any(|answer| answer.contains("story00000000005")), "the killed story is told");
    (dir, answers)
}

fn copy(from: &Path) -> tempfile::TempDir {
    fn into(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
            if path.is_dir() { into(&path, &to) } else { fs::copy(&path, &to).map(drop).unwrap() }
        }
    }
    let to = tempfile::tempdir().unwrap();
    into(from, to.path());
    to
}

/// The index, until the light goes out at the given call.
struct Cut {
    index: Index,
    calls_left: usize,
}

impl Cut {
    fn call(&mut self) -> Result<(), SinkError> {
        self.calls_left = self.calls_left.checked_sub(1).ok_or_else(|| SinkError::new("storage", "cut"))?;
        Ok(())
    }
}

impl Sink for Cut {
    fn position(&self) -> Result<Seq, SinkError> {
        self.index.position()
    }

    fn take(&mut self, revision: &Revision) -> Result<(), SinkError> {
        self.call()?;
        self.index.take(revision)
    }

    fn commit(&mut self, up_to: Seq) -> Result<(), SinkError> {
        self.call()?;
        self.index.commit(up_to)
    }
}

#[test]
fn a_cut_at_any_call_of_catch_up_heals() {
    let (_sound, expected) = sound();
    let mut cuts = 0;
    loop {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        land(&mut store);
        let settings = Settings { desk: store.identity().unwrap(), ..Settings::default() };
        let index = Index::open(&dir.path().join("index"), settings).unwrap();
        let mut cut = Cut { index, calls_left: cuts };
        let whole = catch_up(&store, &mut cut, 7).is_ok();
        drop((cut, store));
        assert_same(&answers(dir.path()), &expected, &format!("cut at call {cuts}"));
        if whole {
            break;
        }
        cuts += 1;
    }
    assert_eq!(cuts, 18 + 3, "each revision and each commit was a place to cut");
}

#[test]
fn what_landed_before_the_index_could_follow_is_in_the_next_answer() {
    let (_sound, expected) = sound();
    let late = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(late.path()).unwrap();
    desk.land_all(wire()).unwrap();
    drop(desk);
    assert_same(&answers(late.path()), &expected, "afterwards");
}

#[test]
fn a_kill_counts_at_once_also_for_readers_of_an_index_that_has_not_followed_yet() {
    let (dir, _) = sound();
    let mut desk = Desk::open(dir.path()).unwrap();
    desk.land_all(vec![poll(20, vec![story(0, 4, "canceled")])]).unwrap();
    let told = answers(dir.path());
    assert!(!told.iter().any(|answer| answer.contains("story00000000000")), "{told:?}");
    desk.follow().unwrap();
}

#[test]
fn an_index_made_anew_answers_the_same() {
    let (dir, expected) = sound();
    assert_eq!(Desk::reindex(dir.path()).unwrap(), Seq(18));
    assert_same(&answers(dir.path()), &expected, "afterwards");
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    assert_same(&answers(dir.path()), &expected, "after deleting it by hand");
}

#[test]
fn a_reindex_that_was_cut_leaves_a_desk_that_answers() {
    let (dir, expected) = sound();
    let [index, draft, former] = ["index", "index.new", "index.old"].map(PathBuf::from);
    // the moves of putting a finished draft in place, and a cut after each of them
    let cuts: &[&[(&PathBuf, &PathBuf)]] =
        &[&[], &[(&index, &former)], &[(&index, &former), (&draft, &index)]];
    for moves in cuts {
        let desk = copy(dir.path());
        let finished = copy(&dir.path().join("index"));
        fs::rename(finished.path(), desk.path().join(&draft)).unwrap();
        for (from, to) in *moves {
            fs::rename(desk.path().join(from), desk.path().join(to)).unwrap();
        }
        assert_same(&answers(desk.path()), &expected, &format!("after {moves:?}"));
        Desk::open(desk.path()).unwrap();
        assert!(!desk.path().join(&draft).exists() && !desk.path().join(&former).exists(), "after {moves:?}");
    }
}

#[test]
fn an_index_damaged_in_any_file_and_any_way_is_made_anew() {
    type Damage = fn(&Path, Vec<u8>);
    let ways: &[(&str, Damage)] = &[
        ("a flipped bit", |path, mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x10;
            fs::write(path, bytes).unwrap();
        }),
        ("cut", |path, bytes| fs::write(path, &bytes[..bytes.len() / 2]).unwrap()),
        ("emptied", |path, _| fs::write(path, b"").unwrap()),
        ("zeroed", |path, bytes| fs::write(path, vec![0; bytes.len()]).unwrap()),
        ("deleted", |path, _| fs::remove_file(path).unwrap()),
    ];
    let (dir, expected) = sound();
    let names = fs::read_dir(dir.path().join("index")).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<_> = names.filter(|name| !name.to_string_lossy().ends_with("lock")).collect();
    assert!(names.len() > 4, "{names:?}");
    for (way, damage) in ways {
        for name in &names {
            let desk = copy(dir.path());
            let path = desk.path().join("index").join(name);
            damage(&path, fs::read(&path).unwrap());
            assert_same(&answers(desk.path()), &expected, &format!("{} {way}", path.display()));
        }
    }
}

#[test]
fn an_index_ahead_of_a_store_that_was_restored_is_made_anew() {
    let (dir, expected) = sound();
    let backup = copy(dir.path());
    let mut desk = Desk::open(dir.path()).unwrap();
    let other = "A dredger sinks";
    desk.land_all(vec![poll(20, vec![NewsItem { headline: Some(other.into()), ..story(40, 1, "usable") }])])
        .unwrap();
    desk.follow().unwrap();
    desk.close().unwrap();
    assert_ne!(answers(dir.path()), expected);
    fs::copy(backup.path().join("desk.db"), dir.path().join("desk.db")).unwrap();
    let refused = Desk::read_only(dir.path()).map(drop).unwrap_err();
    assert_eq!(refused.class(), "corrupt", "a story that was acknowledged is not there: {refused}");
    Store::accept_loss(dir.path()).unwrap();
    assert_same(&answers(dir.path()), &expected, "afterwards");
}

#[test]
fn an_index_of_another_desk_is_never_asked() {
    let (one, _) = sound();
    let other = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(other.path()).unwrap();
    let items = (0..18).map(|number| story(100 + number, 1, "usable")).collect();
    desk.land_all(vec![poll(1, items)]).unwrap();
    desk.close().unwrap();
    let expected = answers(other.path());
    fs::remove_dir_all(other.path().join("index")).unwrap();
    fs::rename(one.path().join("index"), other.path().join("index")).unwrap();
    assert_same(&answers(other.path()), &expected, "afterwards");
}
