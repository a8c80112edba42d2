//! The real binary in a folder of its own: what a user would type, and what came of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// What `look` finds in the end; fails with `what` was waited for after a minute.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::yield_now();
    }
}

/// A desk of its own: a folder with a config and a data dir.
pub struct Desk {
    dir: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// A desk with this config file; `data_dir` is added to it.
    pub fn with(config: &str) -> Self {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("wiredesk.toml"), format!("data_dir = \"data\"\n{config}")).unwrap();
        Self { dir }
    }

    /// A desk over a server's feeds: `(id, url)`.
    pub fn over(host_port: &str, feeds: &[(&str, String)]) -> Self {
        let feed = |(id, url): &(&str, String)| {
            format!(
                "[[feed]]\nid = \"{id}\"\ntransport = {{ type = \"http\", url = \"{url}\" }}\nevery = \"5m\"\n"
            )
        };
        let feeds: String = feeds.iter().map(feed).collect();
        Self::with(&format!("allow_private = [\"{host_port}\"]\n{feeds}"))
    }

    /// A desk over the made-up news day of `config/demo.toml`.
    pub fn of_the_wire_day() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let demo = std::fs::read_to_string(root.join("config/demo.toml")).unwrap();
        let fixtures = root.join("fixtures").display().to_string();
        let config = demo.replace("../fixtures", &fixtures).replace("data_dir", "# data_dir");
        Self::with(&config)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The command, not yet run; nothing of the developer's own environment reaches it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null());
        for name in ["WIREDESK_CONFIG", "WIREDESK_DATA_DIR", "WIREDESK_LOG", "WIREDESK_ALLOW_PRIVATE"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// Runs `ingest --once --json`; the report of each feed by its id.
    pub fn ingest(&self) -> (Ran, Vec<Value>) {
        let ran = self.run(&["ingest", "--once", "--json"]);
        let mut reports = ran.json();
        reports.sort_by_key(|report| report["feed"].to_string());
        (ran, reports)
    }

    /// The headlines that a query finds, best first.
    pub fn headlines(&self, query: &[&str]) -> Vec<String> {
        let ran = self.run(&[&["search", "--json"], query].concat());
        ran.json().iter().map(|hit| hit["headline"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Ran {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// stdout, one JSON value a line.
    pub fn json(&self) -> Vec<Value> {
        let lines = self.out.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

/// An RSS feed with these stories: `(guid, headline, text)`.
pub fn rss(stories: &[(&str, &str, &str)]) -> String {
    let item = |(guid, headline, text): &(&str, &str, &str)| {
        format!(
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>{headline}</title><description>{text}</description><pubDate>Mon, 01 Apr 2024 12:00:00 GMT</pubDate></item>"
        )
    };
    let items: String = stories.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Coast Wire</title>{items}</channel></rss>"
    )
}

/// Every wire document below `fixtures/`.
pub fn fixture_files() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            match path.is_dir() {
                true => folders.push(path),
                false if name.ends_with(".expected.json") || name.ends_with(".toml") => {}
                false => files.push(path),
            }
        }
    }
    files.sort();
    files
}
