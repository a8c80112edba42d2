//! What may be asked over HTTP: the parameters of the page, the API and the feed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::search::{Ask, Sort};

/// Stories in one answer at most.
const MOST: usize = 1_000;
/// Stories before the first one of an answer at most.
const DEEPEST: usize = 10_000;
/// How much of a story is quoted, in characters.
const SNIPPET: usize = 240;

/// What is asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Question {
    /// As at `wiredesk search`; nothing means every story.
    pub q: String,
    /// Stories in the answer; 10 when nothing is said.
    pub limit: Option<usize>,
    /// Stories left out from the top.
    pub offset: usize,
    /// `relevance`, `fresh` or `newest`.
    pub sort: Order,
    /// Every story, also those of one thread.
    pub all: bool,
}

/// Which stories come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Best match first.
    #[default]
    Relevance,
    /// Best match first, where newer stories count for more.
    Fresh,
    /// Newest first.
    Newest,
}

impl Question {
    /// The same question to the desk.
    pub fn ask(&self, now: Timestamp) -> Ask {
        Ask {
            limit: self.limit.unwrap_or(10).clamp(1, MOST),
            offset: self.offset.min(DEEPEST),
            sort: match self.sort {
                Order::Relevance => Sort::Relevance,
                Order::Fresh => Sort::Fresh,
                Order::Newest => Sort::Newest,
            },
            group: !self.all,
            count: true,
            snippet: SNIPPET,
            ..Ask::new(self.q.clone(), now)
        }
    }
}
