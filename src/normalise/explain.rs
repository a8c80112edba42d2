//! **Which rule gave this field?** For `wiredesk parse --explain`: how a contributor finds the file to mend.
//!
//! Nothing is traced while stories are read. A story is explained by reading it again with one part of the wire item taken away:
//! what changes was given by that part. So an explanation cannot differ from what the rules really do.

mod parts;
mod rules;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::item::NewsItem;
use crate::wire::{Parsed, WireItem};

use super::story::{self, Frame};
use super::text::squeeze;
use super::{House, Origin, frame};
use parts::PARTS;

/// One field of a story, and what gave it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// The key in the story's JSON.
    pub field: String,
    /// Its value.
    pub value: Value,
    /// The parts of the wire item without which it would be another: each with the provider's own words.
    pub from: BTreeMap<&'static str, String>,
    /// The rule, in a sentence.
    pub rule: &'static str,
    /// The file of the rule.
    pub file: &'static str,
}

/// Every field of every story of a document, with what gave it; in document order.
#[must_use]
pub fn explain(parsed: &Parsed, house: &House, origin: &Origin) -> Vec<Vec<Reason>> {
    let whole = super::normalise(parsed.clone(), house, origin).items;
    let frame = frame(parsed.format, &parsed.feed, house, origin);
    parsed.items.iter().zip(&whole).map(|(wire, story)| of_story(wire, story, &frame)).collect()
}

fn of_story(wire: &WireItem, whole: &NewsItem, frame: &Frame<'_>) -> Vec<Reason> {
    let read = json(&story::read(wire, frame));
    let without: Vec<(&parts::Part, Map<String, Value>)> = PARTS
        .iter()
        .filter_map(|part| Some((part, json(&story::read(&part.taken_from(wire)?, frame)))))
        .collect();
    json(whole).into_iter().map(|(field, value)| reason(field, value, wire, &read, &without)).collect()
}

/// `read` is the story as the fields' own rules gave it, before identifiers were decided over the whole delivery.
fn reason(
    field: String,
    value: Value,
    wire: &WireItem,
    read: &Map<String, Value>,
    without: &[(&parts::Part, Map<String, Value>)],
) -> Reason {
    let gave = without.iter().filter(|(_, other)| other.get(&field) != read.get(&field));
    let from: BTreeMap<&'static str, String> =
        gave.map(|(part, _)| (part.name, beginning(&(part.words)(wire)))).collect();
    let rule = rules::of(&field, &from);
    Reason { field, value, from, rule: rule.says, file: rule.file }
}

fn json(item: &NewsItem) -> Map<String, Value> {
    match serde_json::to_value(item) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The beginning of a text, on one line.
#[must_use]
pub fn beginning(text: &str) -> String {
    const LENGTH: usize = 100;
    let line = squeeze(text);
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{} ...", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{DateKind, WireDate, WirePerson, WireText};

    fn explained(item: WireItem) -> Vec<Reason> {
        let parsed = Parsed { format: "rss", items: vec![item], ..Parsed::default() };
        explain(&parsed, &House::default(), &Origin::default()).remove(0)
    }

    fn of<'a>(reasons: &'a [Reason], field: &str) -> &'a Reason {
        reasons.iter().find(|reason| reason.field == field).unwrap_or_else(|| panic!("no {field}"))
    }

    #[test]
    fn a_field_is_explained_by_the_part_that_gave_it() {
        let body = "By Jane Roe\n\nHARBOR POINT, Calif. (NNA) - The ferry goes on.";
        let reasons = explained(WireItem {
            guid: Some("1".into()),
            headlines: vec![WireText::plain("Ferry goes on")],
            creators: vec![WirePerson { name: "NNA".into(), is_org: true, ..WirePerson::default() }],
            bodies: vec![WireText::plain(body)],
            dates: vec![WireDate { kind: DateKind::Updated, text: "2024-04-01".into() }],
            ..WireItem::default()
        });
        for (field, from, file) in [
            ("headline", "headlines", "src/normalise/headline.rs"),
            ("byline", "bodies", "src/normalise/byline.rs"),
            ("authors", "bodies", "src/normalise/byline.rs"),
            ("dateline", "bodies", "src/normalise/dateline.rs"),
            ("updated", "dates", "src/normalise/dates.rs"),
            ("guid", "guid", "src/normalise/story.rs"),
        ] {
            let reason = of(&reasons, field);
            assert_eq!(reason.from.keys().copied().collect::<Vec<_>>(), [from], "{field}");
            assert_eq!(reason.file, file, "{field}");
        }
        assert_eq!(of(&reasons, "headline").from["headlines"], "Ferry goes on");
        assert!(of(&reasons, "byline").rule.contains("first lines"));
    }

    #[test]
    fn a_field_that_no_part_gave_has_a_rule_too() {
        let reasons = explained(WireItem::default());
        assert!(of(&reasons, "id").file.ends_with("identity.rs"));
        assert!(of(&reasons, "format").from.is_empty());
    }
}
