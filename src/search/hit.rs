//! One story of an answer, and how it is told to a program.

use jiff::Timestamp;
use serde::Serialize;

use super::snippet::Snippet;
use crate::item::{NewsItem, Story};

/// One story of an answer.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The story.
    pub item: NewsItem,
    /// How well it matches; comparable within one answer only. 0 when the order is by time.
    pub score: f32,
    /// The passage that shows why, when passages were asked for.
    pub snippet: Option<Snippet>,
    /// The thread that it stands for, when stories were grouped.
    pub thread: Option<Thread>,
    /// Of what its score is made, when that was asked: one part a line.
    pub why: Vec<String>,
}

/// The thread of a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thread {
    /// Its name: the id of the story that began it.
    pub id: String,
    /// How many stories are in it, this one among them; held ones too.
    pub stories: usize,
}

/// The one JSON shape of a hit: the keys of a story, then how well it matches and where.
#[derive(Debug, Clone, Serialize)]
pub struct Told<'a> {
    #[serde(flatten)]
    story: Story<'a>,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<&'a Thread>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    why: &'a [String],
}

impl Hit {
    /// This hit as it is told at `now`.
    #[must_use]
    pub fn told_at(&self, now: Timestamp) -> Told<'_> {
        Told {
            story: self.item.told_at(now),
            score: self.score,
            snippet: self.snippet.as_ref().map(|snippet| snippet.text.as_str()),
            thread: self.thread.as_ref(),
            why: &self.why,
        }
    }
}
