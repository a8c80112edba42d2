//! A desk whose every feed is a path of the hostile server, and what it says in the end.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::program::{Desk, Ran};
use super::Server;
use super::case::Case;

/// A poll that takes more memory than this, in kB, or more time, is ended: it has failed, and the machine has other work.
const GIVEN_UP: u64 = 1_500_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// The desk and the server it polls.
pub struct Hostile {
    desk: Desk,
    _server: Server,
}

/// What one poll took.
pub struct Cost {
    pub megabytes: f64,
    pub seconds: f64,
}

/// What one feed came to over all polls.
#[derive(Default)]
struct Came {
    new: u64,
    revised: u64,
    faults: u64,
    last: Value,
}

impl Hostile {
    /// A server with these paths, and a desk with a feed for each.
    pub fn serving(cases: &[Case]) -> Self {
        let paths: Vec<String> = cases.iter().map(|case| format!("/{}", case.path)).collect();
        let server = Server::start(paths.iter().map(String::as_str).zip(cases.iter().map(Case::route)));
        let feed = |(case, path): (&Case, &String)| {
            format!(
                "[[feed]]\nid = \"{}\"\ntransport = {{ type = \"http\", url = \"{}\" }}\nevery = \"5m\"\nlimits = {{ {} }}\n",
                case.feed(),
                server.url(path),
                case.limits
            )
        };
        let feeds: String = cases.iter().zip(&paths).map(feed).collect();
        let desk = Desk::with(&format!(
            "allow_private = [\"{}\"]\n[http]\nper_host = 16\n{feeds}",
            server.host_port()
        ));
        Self { desk, _server: server }
    }

    /// One poll, measured. The peak is read from `/proc`, where it begins with the program itself; what `wait4` says would
    /// begin with the process it was forked from.
    pub fn cost(&self) -> Cost {
        measured(self.ingest())
    }

    /// The same of one row.
    pub fn cost_of(&self, case: &Case) -> Cost {
        let mut command = self.ingest();
        command.args(["--feed", &case.feed()]);
        measured(command)
    }

    fn ingest(&self) -> Command {
        self.desk.command(&["ingest", "--once", "--json"])
    }

    /// As many polls as the longest row has replies; then what every row finds wrong.
    pub fn poll_and_compare(&self, cases: &[Case]) -> Vec<String> {
        let polls = cases.iter().map(|case| case.replies.len()).max().unwrap_or(1);
        let mut came: HashMap<String, Came> = HashMap::new();
        for _ in 0..polls {
            let ran = Ran::of(self.ingest().output().unwrap());
            for report in ran.json() {
                let feed = came.entry(report["feed"].as_str().unwrap().to_owned()).or_default();
                let count = |name: &str| report[name].as_u64().unwrap();
                feed.new += count("new");
                feed.revised += count("revised");
                feed.faults += count("faults");
                feed.last = report;
            }
        }
        let exported = by_feed(&self.desk.run(&["export"]).json());
        let found =
            by_feed(&self.desk.run(&["search", "--json", "--no-group", "-n", "100000", "quay"]).json());
        let (nothing, none) = (Came::default(), Vec::new());
        let mut wrong = Vec::new();
        for case in cases {
            let feed = case.feed();
            let stories = exported.get(&feed).unwrap_or(&none);
            wrong.extend(wrongs(
                case,
                came.get(&feed).unwrap_or(&nothing),
                stories,
                found.get(&feed).unwrap_or(&none),
            ));
        }
        wrong.extend(self.screens(cases, &exported));
        wrong
    }

    /// What is printed at a terminal: every story of the rows that would steer it, a search, and the feeds.
    fn screens(&self, cases: &[Case], exported: &HashMap<String, Vec<Value>>) -> Vec<String> {
        let steering: Vec<&Case> = cases.iter().filter(|case| !case.never_on_a_screen.is_empty()).collect();
        if steering.is_empty() {
            return Vec::new();
        }
        let ids = steering.iter().flat_map(|case| exported.get(&case.feed())).flatten();
        let mut shown: String =
            ids.map(|story| self.at_a_terminal(&format!("show {}", story["id"].as_str().unwrap()))).collect();
        for command in ["search --no-group -n 100000 quay", "feeds", "ingest --once"] {
            shown.push_str(&self.at_a_terminal(command));
        }
        assert!(shown.matches("Quay").count() > steering.len(), "the stories are on the screen: {shown}");
        let is_there = |text: &&String| shown.contains(text.as_str());
        let of_case = |case: &&Case| {
            let path = case.path.clone();
            case.never_on_a_screen
                .iter()
                .filter(is_there)
                .map(move |text| format!("{path}: {text:?} on the screen"))
                .collect::<Vec<_>>()
        };
        steering.iter().flat_map(of_case).collect()
    }

    /// What a command prints at a terminal: util-linux' `script` is one.
    fn at_a_terminal(&self, command: &str) -> String {
        let program = self.desk.command(&[]);
        let line = format!("{} {command}", program.get_program().display());
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(self.desk.path(".")).stdin(Stdio::null());
        String::from_utf8_lossy(&script.env("TERM", "xterm-256color").output().unwrap().stdout).into_owned()
    }
}

fn by_feed(stories: &[Value]) -> HashMap<String, Vec<Value>> {
    let mut by_feed: HashMap<String, Vec<Value>> = HashMap::new();
    for story in stories {
        by_feed.entry(story["feed"].as_str().unwrap().to_owned()).or_default().push(story.clone());
    }
    by_feed
}

/// The most memory a process ever held, in kB.
fn peak(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

/// A story's own letters: JSON, with what it escapes written out.
fn letters(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(values) => values.iter().map(letters).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| format!("{key}: {}", letters(value))).collect()
        }
        plain => format!("{plain}\n"),
    }
}

/// What is not as the row says.
fn wrongs(case: &Case, came: &Came, stories: &[Value], found: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |what: &str, is_right: bool, found: String| {
        if !is_right {
            wrong.push(format!("{}: {what}; found {found}", case.path));
        }
    };
    let outcome = came.last["outcome"].as_str().unwrap_or("no report");
    let class = came.last["error_class"].as_str();
    let said = || {
        format!(
            "{outcome} {} ({} new, {} revised, {} faults)",
            came.last["error"], came.new, came.revised, came.faults
        )
    };
    expect(&format!("ends {:?}", case.outcome), case.outcome.is_empty() || case.outcome == outcome, said());
    expect("some report", outcome != "no report", said());
    expect(&format!("class {:?}", case.class), case.outcome.is_empty() || case.class == class, said());
    expect(&format!("{:?} new", case.new), case.new.is_none_or(|new| new == came.new), said());
    expect(
        &format!("{:?} revised", case.revised),
        case.revised.is_none_or(|revised| revised == came.revised),
        said(),
    );
    expect("a fault", !case.faulty || came.faults > 0, said());
    expect(
        &format!("{:?} held", case.held),
        case.held.is_none_or(|held| held == stories.len()),
        format!("{}", stories.len()),
    );
    let all: String = stories.iter().chain(found).map(letters).collect();
    let is_found =
        stories.iter().filter(|story| letters(story).to_lowercase().contains("quay")).count() == found.len();
    expect(
        "a search finds what is exported",
        case.held.is_none() || is_found,
        format!("{} of {}", found.len(), stories.len()),
    );
    for text in &case.shows {
        expect(&format!("shows {text:?}"), all.contains(text), all.clone());
    }
    for text in &case.hides {
        expect(&format!("hides {text:?}"), !all.contains(text), all.clone());
    }
    wrong
}

fn measured(mut command: Command) -> Cost {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut kilobytes = 0;
    while child.try_wait().unwrap().is_none() {
        kilobytes = kilobytes.max(peak(&std::fs::read_to_string(&status).unwrap_or_default()).unwrap_or(0));
        if kilobytes > GIVEN_UP || begun.elapsed() > PATIENCE {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Cost { megabytes: kilobytes as f64 / 1000.0, seconds: begun.elapsed().as_secs_f64() }
}
