//! The checked values.

use super::watch::{Alert, Status};
use crate::fetch::{Limits, Settings, Transport};
use crate::normalise::House;
use crate::schedule::Cadence;
use std::path::PathBuf;
use std::time::Duration;

/// What the operator asked for.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it came from.
    pub file: PathBuf,
    /// Where store, archive and index are.
    pub data_dir: PathBuf,
    /// The feeds, in the file's order.
    pub feeds: Vec<Feed>,
    /// How the shared HTTP client behaves.
    pub http: Settings,
    /// Where the daemon answers how it is; nowhere when none is given.
    pub status: Option<Status>,
    /// Who is told when a feed goes wrong.
    pub alert: Option<Alert>,
    /// Spellings that stand for each other beside those that come with wiredesk, a row a place.
    pub places: Vec<Vec<String>>,
    /// How long alerts of topics are kept once they are taken; left to the topics when none is given.
    pub keep_alerts: Option<Duration>,
}

/// One feed.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Its name in reports, on the command line and in every item: lower case letters, digits, `.`, `_`, `-`.
    pub id: String,
    /// Whether it is fetched at all.
    pub enabled: bool,
    /// Where it comes from.
    pub transport: Transport,
    /// When it is asked.
    pub cadence: Cadence,
    /// What is known of its copy beforehand.
    pub house: House,
    /// A row of `FORMATS`; read from the content when none is given.
    pub format: Option<String>,
    /// After how long without anything new it counts as gone quiet.
    pub quiet_after: Option<Duration>,
    /// After how long its stories are removed for good; never when none is given.
    pub retention: Option<Duration>,
    /// What one fetch may cost.
    pub limits: Limits,
    /// Whether the pages behind its new items are read for their full text.
    pub full_text: bool,
}

impl Config {
    /// The feed of this id.
    #[must_use]
    pub fn feed(&self, id: &str) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.id == id)
    }
}
