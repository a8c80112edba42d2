//! The parts of a wire item, how each is taken away, and what stands in it.

use crate::wire::{CodeKind, DateKind, WireItem};

/// One part.
pub struct Part {
    /// Its name: the field of `WireItem`.
    pub name: &'static str,
    /// What it says, in the provider's words.
    pub words: fn(&WireItem) -> String,
    take: fn(&mut WireItem),
}

impl Part {
    /// The item without this part; `None` when it has none.
    pub fn taken_from(&self, item: &WireItem) -> Option<WireItem> {
        if (self.words)(item).is_empty() {
            return None;
        }
        let mut without = item.clone();
        (self.take)(&mut without);
        Some(without)
    }
}

/// A row for a part that is a single text.
macro_rules! single {
    ($field:ident) => {
        Part {
            name: stringify!($field),
            words: |item| item.$field.clone().unwrap_or_default(),
            take: |item| item.$field = None,
        }
    };
}

/// A row for a part that is a list; `$text` gives the words of one of its members.
macro_rules! list {
    ($field:ident, $text:expr) => {
        Part {
            name: stringify!($field),
            words: |item| joined(item.$field.iter().map($text)),
            take: |item| item.$field.clear(),
        }
    };
}

/// Every part.
pub const PARTS: &[Part] = &[
    single!(guid),
    single!(version),
    single!(revision),
    single!(provider),
    single!(class),
    single!(pub_status),
    single!(editorial_type),
    list!(signals, Clone::clone),
    list!(headlines, |it| it.text.clone()),
    list!(sluglines, Clone::clone),
    list!(bylines, |it| it.text.clone()),
    list!(creators, |it| it.name.clone()),
    list!(datelines, |it| joined([it.text.clone(), it.city.clone().unwrap_or_default()].into_iter())),
    list!(dates, |it| format!("{}: {}", kind_of_date(it.kind), it.text)),
    single!(language),
    single!(urgency),
    list!(summaries, |it| it.text.clone()),
    list!(bodies, |it| it.text.clone()),
    list!(media, |it| it
        .caption
        .as_ref()
        .map(|caption| caption.text.clone())
        .or(it.url.clone())
        .unwrap_or_default()),
    list!(links, |it| it.href.clone()),
    list!(codes, |it| format!(
        "{}: {}",
        kind_of_code(it.kind),
        it.name.clone().or(it.code.clone()).unwrap_or_default()
    )),
    single!(source),
    single!(credit),
    list!(copyrights, Clone::clone),
    list!(usage_terms, Clone::clone),
    list!(ed_notes, Clone::clone),
    list!(related, |it| it.target.clone()),
    single!(word_count),
    list!(faults, |it| it.code.to_string()),
];

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join(" | ")
}

fn kind_of_date(kind: DateKind) -> &'static str {
    match kind {
        DateKind::Published => "published",
        DateKind::Updated => "updated",
        DateKind::Created => "created",
        DateKind::Embargoed => "embargoed",
        DateKind::Expires => "expires",
        DateKind::Sent => "sent",
        DateKind::Shown => "shown",
    }
}

fn kind_of_code(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Subject => "subject",
        CodeKind::Keyword => "keyword",
        CodeKind::Genre => "genre",
        CodeKind::Place => "place",
        CodeKind::Person => "person",
        CodeKind::Organisation => "organisation",
    }
}
