//! What a topic is told, and when it is worth telling again.

use jiff::Timestamp;
use serde::Serialize;

use super::book::Topic;
use crate::store::{Revision, Seq};

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
    /// Nothing, and nothing to wait for: what it waited for has come, and is no longer on the topic.
    Past,
}

impl Why {
    /// True when somebody hears of it.
    #[must_use]
    pub fn is_told(self) -> bool {
        !matches!(self, Self::Nothing | Self::Waiting(_) | Self::Past)
    }

    /// What it is called where it is told; empty where nothing is.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Urgent => "urgent",
            Self::Corrected => "corrected",
            Self::TakenBack => "taken back",
            Self::Released => "released",
            Self::Nothing | Self::Waiting(_) | Self::Past => "",
        }
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

impl Alert {
    /// The same of a story that may not be shown.
    pub(super) fn without_words(self) -> Self {
        let (headline, passage) = Default::default();
        Self { headline, passage, ..self }
    }
}

/// What a topic is, or was, told of a story.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub topic: String,
    pub story: String,
    /// The revision that it was told of; none when that was taken back, or an older wiredesk told it.
    pub seq: Option<Seq>,
    /// What an older wiredesk quoted.
    pub quoted: String,
    pub urgency: Option<u8>,
    pub label: Option<String>,
    pub gone: bool,
}

impl Told {
    pub fn of(topic: &Topic, revision: &Revision) -> Self {
        let Revision { seq, item, .. } = revision;
        Self {
            topic: topic.name.clone(),
            story: item.id.clone(),
            seq: Some(*seq),
            urgency: item.urgency,
            label: item.label().map(Into::into),
            ..Self::default()
        }
    }

    /// The topic that is told, and the story.
    pub fn of_whom(&self) -> (&str, &str) {
        (&self.topic, &self.story)
    }

    /// Why this is worth telling where `before` was told already, whatever it says on the topic.
    pub fn again(&self, before: &Self) -> Option<Why> {
        let is_urgent = |told: &Self| told.urgency.is_some_and(|urgency| urgency <= URGENT);
        match () {
            () if before.gone => Some(Why::Released),
            () if self.label.is_some() && self.label != before.label => Some(Why::Corrected),
            () if is_urgent(self) && !is_urgent(before) => Some(Why::Urgent),
            () => None,
        }
    }

    /// It was taken back, and its words with it.
    pub fn taken_back(self) -> Self {
        Self { gone: true, seq: None, quoted: String::new(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::NewsItem;
    use crate::store::DeliveryId;

    #[test]
    fn a_version_is_told_again_when_it_is_corrected_urgent_or_released() {
        let topic = Topic { name: "t".into(), ..Topic::default() };
        let told = |urgency, note: Option<&str>| {
            let item = NewsItem { urgency, editorial_type: note.map(Into::into), ..NewsItem::default() };
            Told::of(&topic, &Revision { seq: Seq(1), item, current: true, delivery: DeliveryId(1) })
        };
        let before = told(Some(5), None);
        for (next, why) in [
            (told(Some(5), None), None),
            (told(Some(4), None), None),
            (told(Some(2), None), Some(Why::Urgent)),
            (told(Some(5), Some("Corrective")), Some(Why::Corrected)),
        ] {
            assert_eq!(next.again(&before), why, "{next:?}");
        }
        assert_eq!(before.again(&before.clone().taken_back()), Some(Why::Released));
    }
}
