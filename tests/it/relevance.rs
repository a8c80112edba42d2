//! How well are topics answered? The made-up news day of `fixtures/wire-day`, ingested as `config/demo.toml` says, against
//! the judgements of its `topics.toml`.
//!
//! `cargo test relevance -- --nocapture` prints nDCG@10 for each topic.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;
use wiredesk::desk::{Desk, Reader};
use wiredesk::search::Ask;
use wiredesk::store::Seq;

/// Cut-off of the measure: what an editor sees without scrolling.
const SEEN: usize = 10;
/// Mean nDCG@10 over all topics below which ranking has become worse.
const FLOOR: f64 = 0.95;
/// The morning after.
const NOW: &str = "2024-04-02T18:00:00Z";

#[derive(Deserialize)]
struct Judgements {
    topic: Vec<Topic>,
}

/// One topic; `fixtures/wire-day/topics.toml` explains its keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    query: String,
    #[serde(rename = "asks")]
    _asks: String,
    #[serde(default)]
    grade3: Vec<String>,
    #[serde(default)]
    grade2: Vec<String>,
    #[serde(default)]
    grade1: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
    floor: f64,
}

impl Topic {
    fn grades(&self) -> [(u32, &Vec<String>); 3] {
        [(3, &self.grade3), (2, &self.grade2), (1, &self.grade1)]
    }

    fn grade(&self, guid: &str) -> u32 {
        let judged = self.grades().into_iter().find(|(_, names)| names_any(names, guid));
        judged.map_or(0, |(grade, _)| grade)
    }

    /// nDCG@10 of an answer, best first: 1.0 when no other order would be better.
    fn ndcg(&self, guids: &[String]) -> f64 {
        let grades = self.grades().into_iter();
        let ideal = grades.flat_map(|(grade, names)| std::iter::repeat_n(grade, names.len()));
        gain(guids.iter().map(|guid| self.grade(guid))) / gain(ideal)
    }
}

fn gain(grades: impl Iterator<Item = u32>) -> f64 {
    let discounted = |(rank, grade): (usize, u32)| f64::from((1 << grade) - 1) / (rank as f64 + 2.0).log2();
    grades.take(SEEN).enumerate().map(discounted).sum()
}

fn names_any(names: &[String], guid: &str) -> bool {
    names.iter().any(|name| guid.ends_with(name))
}

#[test]
#[allow(clippy::print_stdout)] // the measure itself, for --nocapture
fn each_topic_is_answered_well_and_nothing_taken_back_is_found() {
    let data = tempfile::tempdir().unwrap();
    let mut desk = news_day(data.path());
    let topics = judgements();
    let (mut wrong, mut sum) = (Vec::new(), 0.0);
    for topic in &topics {
        let guids = answer(&mut desk, &topic.query);
        let ndcg = topic.ndcg(&guids);
        println!("{ndcg:.3}  {}", topic.query);
        sum += ndcg;
        if ndcg < topic.floor {
            let first: Vec<_> =
                guids.iter().take(SEEN).map(|guid| format!("{} {guid}", topic.grade(guid))).collect();
            wrong.push(format!("{}: {ndcg:.3} < {}\n  {}", topic.query, topic.floor, first.join("\n  ")));
        }
        let back = guids.iter().filter(|guid| names_any(&topic.never, guid));
        wrong.extend(back.map(|guid| format!("{}: {guid} must never be found", topic.query)));
    }
    let mean = sum / topics.len() as f64;
    println!("{mean:.3}  mean of {} topics", topics.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(mean >= FLOOR, "mean nDCG@10 is {mean:.3}, the floor {FLOOR}");
}

#[test]
fn every_judged_story_is_in_the_news_day_once() {
    let data = tempfile::tempdir().unwrap();
    let guids = stored(&news_day(data.path()));
    assert!(guids.len() > 100, "only {} stories", guids.len());
    for topic in judgements() {
        for name in topic.grades().into_iter().flat_map(|(_, names)| names).chain(&topic.never) {
            let found = guids.iter().filter(|guid| guid.ends_with(name.as_str())).count();
            assert_eq!(found, 1, "stories named {name} in the topic {}", topic.query);
        }
    }
}

/// The desk of the demo after one cycle.
fn news_day(data_dir: &Path) -> Reader {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo.toml");
    let mut ingest = assert_cmd::Command::new(env!("CARGO_BIN_EXE_wiredesk"));
    ingest
        .arg("--config")
        .arg(demo)
        .arg("--data-dir")
        .arg(data_dir)
        .args(["ingest", "--once"])
        .assert()
        .success();
    Desk::read_only(data_dir).unwrap()
}

fn judgements() -> Vec<Topic> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wire-day/topics.toml");
    toml::from_str::<Judgements>(&std::fs::read_to_string(file).unwrap()).unwrap().topic
}

/// The guids of every story that answers `query`, best first.
fn answer(desk: &mut Reader, query: &str) -> Vec<String> {
    let ask = Ask { limit: 1000, ..Ask::new(query, NOW.parse().unwrap()) };
    desk.search(&ask).unwrap().hits.into_iter().filter_map(|hit| hit.item.guid).collect()
}

fn stored(desk: &Reader) -> HashSet<String> {
    let revisions = desk.store().revisions_after(Seq(0), usize::MAX >> 1).unwrap();
    revisions.into_iter().filter_map(|revision| revision.item.guid).collect()
}
