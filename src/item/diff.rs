//! What changed between two revisions of a story: fields, paragraphs, numbers, beside what the editor's note claims.

use std::collections::HashMap;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::NewsItem;

/// What changed from one revision to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Fields other than the text, as printed before and after.
    pub fields: Vec<FieldChange>,
    /// Paragraphs of the text, in the order of the later revision.
    pub paragraphs: Vec<ParagraphChange>,
    /// Numbers that the text no longer holds, or holds less often.
    pub numbers_gone: Vec<String>,
    /// Numbers that are new in the text, or come more often.
    pub numbers_new: Vec<String>,
    /// What the later revision's note to editors says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field's name, as in JSON.
    pub field: &'static str,
    /// Its value before; none when it had none.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}

/// One paragraph that differs: added (no `before`), removed (no `after`) or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParagraphChange {
    /// Its number in the later revision, from 1; of a removed one the number it stood before.
    pub paragraph: usize,
    /// Its text before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its text after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

type Read = fn(&NewsItem) -> Option<String>;

/// The fields that are compared, by the name they have in JSON.
const FIELDS: &[(&str, Read)] = &[
    ("version", |item| item.version.clone()),
    ("pub_status", |item| item.pub_status.clone()),
    ("editorial_type", |item| item.editorial_type.clone()),
    ("embargoed", |item| serde_json::to_string(item.embargoed.as_ref()?).ok()),
    ("headline", |item| item.headline.clone()),
    ("slugline", |item| item.slugline.clone()),
    ("byline", |item| item.byline.clone()),
    ("dateline", |item| item.dateline.as_ref().map(|dateline| dateline.text.clone())),
    ("usage_terms", |item| item.usage_terms.clone()),
    ("captions", |item| {
        let texts: Vec<_> = item.captions.iter().map(|caption| caption.text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }),
];

/// What changed from `before` to `after`.
#[must_use]
pub fn changes(before: &NewsItem, after: &NewsItem) -> Changes {
    let (old, new) = (paragraphs(before), paragraphs(after));
    let (numbers_gone, numbers_new) = numbers(&old, &new);
    Changes {
        fields: FIELDS
            .iter()
            .filter_map(|(field, read)| field_change(field, read(before), read(after)))
            .collect(),
        paragraphs: paragraph_changes(&old, &new),
        numbers_gone,
        numbers_new,
        note: after.ed_note.clone(),
    }
}

fn field_change(field: &'static str, before: Option<String>, after: Option<String>) -> Option<FieldChange> {
    (before != after).then_some(FieldChange { field, before, after })
}

fn paragraphs(item: &NewsItem) -> Vec<&str> {
    let text = item.body_text.as_deref().or(item.summary.as_deref()).unwrap_or_default();
    text.split('\n').map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn paragraph_changes(old: &[&str], new: &[&str]) -> Vec<ParagraphChange> {
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    ops.iter().flat_map(|op| changed(op, old, new)).collect()
}

/// Where as many paragraphs came as went, each is taken for the other changed.
fn changed(op: &DiffOp, old: &[&str], new: &[&str]) -> Vec<ParagraphChange> {
    let (was, is) = (op.old_range(), op.new_range());
    if matches!(op, DiffOp::Equal { .. }) {
        return Vec::new();
    }
    let text = |all: &[&str], at: usize, within: &std::ops::Range<usize>| {
        all.get(at).filter(|_| within.contains(&at)).map(|text| (*text).to_owned())
    };
    let longest = was.len().max(is.len());
    let change = |n: usize| ParagraphChange {
        paragraph: (is.start + n).min(is.end.max(is.start + 1) - 1) + 1,
        before: text(old, was.start + n, &was),
        after: text(new, is.start + n, &is),
    };
    (0..longest).map(change).collect()
}

/// The numbers that went and those that came, each as often as it did, in reading order.
fn numbers(old: &[&str], new: &[&str]) -> (Vec<String>, Vec<String>) {
    let (was, is) = (read_numbers(old), read_numbers(new));
    (less(&was, &is), less(&is, &was))
}

fn less(all: &[String], others: &[String]) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    others.iter().for_each(|number| *counts.entry(number).or_default() += 1);
    let is_left = |number: &&String| match counts.get_mut(number.as_str()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    all.iter().filter(is_left).cloned().collect()
}

/// Digits with the commas and points between them, and numbers that are written out.
fn read_numbers(paragraphs: &[&str]) -> Vec<String> {
    const WRITTEN: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "dozen", "hundred", "thousand", "million", "billion",
    ];
    let words = paragraphs.iter().flat_map(|text| text.split(|c: char| c.is_whitespace() || c == '\u{2014}'));
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%'));
    let is_number = |word: &&str| {
        word.contains(|c: char| c.is_ascii_digit())
            || WRITTEN.iter().any(|known| word.eq_ignore_ascii_case(known))
    };
    bare.filter(is_number).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(headline: &str, text: &str) -> NewsItem {
        NewsItem { headline: Some(headline.into()), body_text: Some(text.into()), ..NewsItem::default() }
    }

    #[test]
    fn changed_paragraphs_and_numbers_are_told_beside_the_note() {
        let before =
            story("Two die", "A plane fell, killing two.\n\nIt was late.\n\nThe field is 1,200 feet long.");
        let after = NewsItem {
            ed_note: Some("Eds: CORRECTS toll to three".into()),
            ..story(
                "Three die",
                "A plane fell, killing three.\n\nIt was late.\n\nSnow fell.\n\nThe field is 1,200 feet long.",
            )
        };
        let changes = changes(&before, &after);
        assert_eq!(changes.fields.len(), 1);
        assert_eq!(changes.fields[0].after.as_deref(), Some("Three die"));
        let told: Vec<_> = changes
            .paragraphs
            .iter()
            .map(|p| (p.paragraph, p.before.as_deref(), p.after.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (1, Some("A plane fell, killing two."), Some("A plane fell, killing three.")),
                (3, None, Some("Snow fell."))
            ]
        );
        assert_eq!((changes.numbers_gone, changes.numbers_new), (vec!["two".into()], vec!["three".into()]));
        assert_eq!(changes.note.as_deref(), Some("Eds: CORRECTS toll to three"));
    }

    #[test]
    fn equal_revisions_have_no_changes_and_a_lost_text_is_told() {
        let one = story("a", "One.\n\nTwo.");
        assert_eq!(changes(&one, &one), Changes::default());
        let lost = changes(&one, &NewsItem { headline: Some("a".into()), ..NewsItem::default() });
        let told: Vec<_> =
            lost.paragraphs.iter().map(|p| (p.paragraph, p.before.as_deref(), p.after.as_deref())).collect();
        assert_eq!(told, [(1, Some("One."), None), (1, Some("Two."), None)]);
    }
}
