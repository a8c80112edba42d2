//! What is wrong with a config, said so that it can be put right.

use std::path::PathBuf;

/// No config to work by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// There is none.
    #[error("no config found (looked for {}); hint: `wiredesk init` writes a commented one to start from, or name yours with --config", looked(.0))]
    Missing(Vec<PathBuf>),
    /// It cannot be read.
    #[error("reading config {}: {reason}; hint: `wiredesk init` writes a commented one to start from", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Everything that is wrong with it, in the order of its lines.
    #[error("{}", listed(.0))]
    Bad(Vec<Problem>),
    /// A `WIREDESK_*` variable that cannot be used.
    #[error("{name} = \"{value}\": {reason}")]
    Variable {
        /// The variable.
        name: String,
        /// What it holds.
        value: String,
        /// What was expected.
        reason: String,
    },
}

/// One thing wrong: file, line, key, value, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// Its line, counted from 1.
    pub line: usize,
    /// The key with what it belongs to: `feed "ap-top": every`. Empty when the file is no TOML at all.
    pub key: String,
    /// The value as written; none when it is the key that is wrong.
    pub value: Option<String>,
    /// What was expected.
    pub reason: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: ", self.file.display(), self.line)?;
        match (self.key.as_str(), &self.value) {
            ("", _) => f.write_str(&self.reason),
            (key, None) => write!(f, "{key}: {}", self.reason),
            (key, Some(value)) => write!(f, "{key} = {value}: {}", self.reason),
        }
    }
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn looked(places: &[PathBuf]) -> String {
    places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", ")
}
