//! One file of the data dir damaged at a time: afterwards the desk gives the full right answer, or says what is wrong and
//! ends with an error. Never a shorter answer with exit 0.
//!
//! `WIREDESK_DAMAGE=N` damages each file in each way at N places; without it a sample is taken.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::chance::Chance;
use super::program::{Desk, Ran, rss};
use super::server::{Reply, Route, Server};

/// Questions, the way they are typed. `DIR` is the data dir.
const QUESTIONS: &[&[&str]] = &[
    &["export"],
    &["search", "--json", "-n", "100", "ferry"],
    &["search", "--json", "-n", "100", "headline:storm OR bridge"],
    &["topics", "list", "--json"],
    // the last delivery that is kept: it leans on those before it
    &["show", "--raw", "urn:coast:129"],
];

type Way = fn(&Path, Vec<u8>, &mut Chance);

const WAYS: &[(&str, Way)] = &[
    ("a flipped bit", |path, mut bytes, chance| {
        let place = chance.below(bytes.len());
        bytes[place] ^= 1 << chance.below(8);
        fs::write(path, bytes).unwrap();
    }),
    ("a zeroed page", |path, mut bytes, chance| {
        let start = chance.below(bytes.len()) / 4096 * 4096;
        let end = (start + 4096).min(bytes.len());
        bytes[start..end].fill(0);
        fs::write(path, bytes).unwrap();
    }),
    ("cut", |path, bytes, chance| fs::write(path, &bytes[..chance.below(bytes.len())]).unwrap()),
    ("emptied", |path, _, _| fs::write(path, b"").unwrap()),
    ("deleted", |path, _, _| fs::remove_file(path).unwrap()),
];

/// A desk over a server that has nothing new for whoever has what it sent: fetching again cannot hide a loss.
fn desk() -> (Server, Desk) {
    let server = Server::start([(
        "/feed",
        Route::new(|asked| {
            let round: usize =
                asked.header("if-none-match").and_then(|tag| tag.trim_matches('"').parse().ok()).unwrap_or(0);
            if round == 3 {
                return Reply::whole(304, &[("ETag", "\"3\"")], b"");
            }
            let stories: Vec<(String, String)> = (round * 30..round * 30 + 70)
                .map(|n| {
                    let headline = match n % 3 {
                        0 => format!("Ferry number {n} runs late, update {round}"),
                        1 => format!("Storm keeps boat {n} in port"),
                        _ => format!("Bridge {n} opens for traffic"),
                    };
                    (format!("urn:coast:{n}"), headline)
                })
                .collect();
            // texts of their own, so that each is a thread of its own
            let text = |n: usize| -> String {
                (0..80).map(|word| format!("w{} ", (n * 7919 + word * 104_729) % 9973)).collect()
            };
            let texts: Vec<String> = (round * 30..round * 30 + 70).map(text).collect();
            let rows: Vec<_> = stories
                .iter()
                .zip(&texts)
                .map(|((guid, head), text)| (guid.as_str(), head.as_str(), text.as_str()))
                .collect();
            Reply::whole(200, &[("ETag", &format!("\"{}\"", round + 1))], rss(&rows).as_bytes())
        }),
    )]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    assert_eq!(desk.run(&["ingest", "--once"]).code, Some(0));
    assert_eq!(desk.run(&["topics", "add", "boats", "ferry"]).code, Some(0));
    (server, desk)
}

/// The data dir as a power cut would leave it after everything was landed: log files and all.
fn cut_off(desk: &Desk) -> PathBuf {
    for _ in 0..1 {
        assert_eq!(desk.run(&["ingest", "--once"]).code, Some(0));
    }
    // so that the daemon finds the feed due at once, and not in five minutes
    let config = fs::read_to_string(desk.path("wiredesk.toml")).unwrap();
    fs::write(desk.path("wiredesk.toml"), config.replace("\"5m\"", "\"1ms\"")).unwrap();
    let mut daemon = desk.command(&["ingest", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = std::io::BufReader::new(daemon.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    desk.path("data")
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

pub fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    let done = Command::new("cp").args(["-a"]).arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

fn asked(desk: &Desk, data: &Path) -> Vec<Ran> {
    let data = data.display().to_string();
    QUESTIONS.iter().map(|question| desk.run(&[question, &["-d", data.as_str()][..]].concat())).collect()
}

/// What is wrong with an answer, when something is.
fn fault(ran: &Ran, right: &Ran) -> Option<String> {
    match ran.code {
        Some(0 | 1) if ran.out == right.out && ran.code == right.code => None,
        Some(2) if ran.err.contains("wiredesk: ") && ran.err.len() > 30 => None,
        code => {
            let lines = (ran.out.lines().count(), right.out.lines().count());
            let odd = ran.out.lines().zip(right.out.lines()).find(|(a, b)| a != b);
            Some(format!("{code:?}, {} of {} lines, {odd:.300?}, {:.300}", lines.0, lines.1, ran.err))
        }
    }
}

#[test]
fn one_damaged_file_is_mended_or_said_and_never_makes_an_answer_shorter() {
    let places = std::env::var("WIREDESK_DAMAGE").ok().and_then(|n| n.parse::<usize>().ok());
    let (_server, desk) = desk();
    let whole = cut_off(&desk);
    let right = asked(&desk, &{
        copy(&whole, &desk.path("right"));
        desk.path("right")
    });
    assert!(right.iter().all(|ran| ran.code == Some(0)), "{right:?}");
    assert!(right[0].out.lines().count() >= 100, "{}", right[0].out.lines().count());
    let mut chance = Chance::of("WIREDESK_SEED");
    let (mut cases, mut mended, mut wrong) = (0, 0, Vec::new());
    let all = files(&whole);
    assert!(all.iter().any(|file| file.ends_with("desk.db-wal")), "{all:?}");
    let mut turn = 0;
    for file in &all {
        let name = file.strip_prefix(&whole).unwrap();
        for (way, damage) in WAYS {
            let times = if way.starts_with('a') || *way == "cut" { places.unwrap_or(1) } else { 1 };
            for _ in 0..times {
                turn += 1;
                // without a number, every twentieth: the whole walk takes minutes
                if places.is_none() && turn % 20 != 0 {
                    continue;
                }
                let data = desk.path("hurt");
                copy(&whole, &data);
                let bytes = fs::read(file).unwrap();
                if bytes.is_empty() && !matches!(*way, "deleted") {
                    continue;
                }
                damage(&data.join(name), bytes, &mut chance);
                cases += 1;
                // half of them meet a writer first, the others a reader
                let shown = data.display().to_string();
                if chance.below(2) == 0 {
                    let ran = desk.run(&["ingest", "--once", "-d", &shown]);
                    if !matches!(ran.code, Some(0..=2)) {
                        wrong.push(format!("{} {way}: ingest: {ran:?}", name.display()));
                    }
                }
                let answers = asked(&desk, &data);
                mended += usize::from(answers.iter().all(|ran| ran.code == Some(0)));
                for (ran, (right, question)) in answers.iter().zip(right.iter().zip(QUESTIONS)) {
                    if let Some(fault) = fault(ran, right) {
                        wrong.push(format!("{} {way}: {question:?}: {fault}", name.display()));
                    }
                }
            }
        }
    }
    eprintln!("damage: {cases} cases, {mended} answered in full, {} said", cases - mended);
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}
