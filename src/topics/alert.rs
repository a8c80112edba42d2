//! What a topic is told, and when it is worth telling again.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::book::Topic;
use crate::item::NewsItem;

/// Urgencies up to here are the ones people are woken for: flash, bulletin, urgent.
const URGENT: u8 = 3;

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A story that the topic had not seen.
    New,
    /// What it says on the topic has changed.
    Changed,
    /// It has become urgent.
    Urgent,
    /// It was corrected.
    Corrected,
    /// It was taken back, or may not be shown any more.
    TakenBack,
    /// It was taken back, and may be shown again.
    Released,
    /// Nothing: a new version that tells the topic nothing new.
    Nothing,
    /// Nothing yet: the gate holds it until then.
    Waiting(Timestamp),
}

impl Why {
    /// True when somebody hears of it.
    #[must_use]
    pub fn is_told(self) -> bool {
        !matches!(self, Self::Nothing | Self::Waiting(_))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Urgent => "urgent",
            Self::Corrected => "corrected",
            Self::TakenBack => "taken back",
            Self::Released => "released",
            Self::Nothing | Self::Waiting(_) => "",
        })
    }
}

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Its number; later ones are greater.
    pub alert: i64,
    /// The topic's name.
    pub topic: String,
    /// The story's id.
    pub id: String,
    /// `new`, `changed`, `urgent`, `corrected`, `taken back`, `released`.
    pub why: String,
    /// When it was said.
    pub at: Timestamp,
    /// The headline; empty when the story was taken back, also in what was said of it before.
    pub headline: String,
    /// What the story says on the topic; empty when it was taken back.
    pub passage: String,
}

/// What a topic is, or was, told of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub topic: String,
    pub story: String,
    pub headline: String,
    pub passage: String,
    pub urgency: Option<u8>,
    pub label: Option<String>,
    pub gone: bool,
    pub why: Why,
    pub at: Timestamp,
}

impl Told {
    pub fn of(topic: &Topic, item: &NewsItem, passage: String, why: Why, at: Timestamp) -> Self {
        Self {
            topic: topic.name.clone(),
            story: item.id.clone(),
            headline: item.headline.clone().unwrap_or_default(),
            passage,
            urgency: item.urgency,
            label: item.label().map(Into::into),
            gone: false,
            why,
            at,
        }
    }

    /// The same where `before` was told already: why is it worth telling again?
    pub fn after(self, before: &Self) -> Self {
        let is_urgent = |told: &Self| told.urgency.is_some_and(|urgency| urgency <= URGENT);
        let why = match () {
            () if before.gone => Why::Released,
            () if self.label.is_some() && self.label != before.label => Why::Corrected,
            () if is_urgent(&self) && !is_urgent(before) => Why::Urgent,
            () if self.passage != before.passage => Why::Changed,
            () => Why::Nothing,
        };
        Self { why, ..self }
    }

    /// It was taken back: its words go with it.
    pub fn taken_back(self, at: Timestamp) -> Self {
        let (headline, passage) = Default::default();
        Self { headline, passage, gone: true, why: Why::TakenBack, at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_when_it_says_something_new_on_the_topic() {
        let topic = Topic { name: "t".into(), ..Topic::default() };
        let told = |passage: &str, urgency, note: Option<&str>| {
            let item = NewsItem { urgency, editorial_type: note.map(Into::into), ..NewsItem::default() };
            Told::of(&topic, &item, passage.into(), Why::New, Timestamp::UNIX_EPOCH)
        };
        let before = told("Rafah talks", Some(5), None);
        for (next, why) in [
            (told("Rafah talks", Some(5), None), Why::Nothing),
            (told("Rafah talks", Some(4), None), Why::Nothing),
            (told("Rafah talks", Some(2), None), Why::Urgent),
            (told("Rafah talks end", Some(5), None), Why::Changed),
            (told("Rafah talks end", Some(5), Some("Corrective")), Why::Corrected),
        ] {
            assert_eq!(next.clone().after(&before).why, why, "{next:?}");
        }
        let gone = Told { gone: true, ..before.clone() };
        assert_eq!(before.clone().after(&gone).why, Why::Released);
    }
}
