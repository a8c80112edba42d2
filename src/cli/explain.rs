//! `wiredesk show --explain`: how the gate decided, rule by rule, and how the story was identified.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::Outcome;
use super::output::{self, Shape};
use crate::item::{Hold, NewsItem, RULES};

/// The decision as `--json` prints it.
#[derive(Serialize)]
struct Decision<'a> {
    id: &'a str,
    identified_by: Option<&'a str>,
    identity: &'static str,
    at: Timestamp,
    publishable: bool,
    /// The rule, field, value and end of the first hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Held>,
    rules: Vec<Asked>,
}

#[derive(Serialize)]
struct Asked {
    rule: &'static str,
    field: &'static str,
    holds: bool,
    says: &'static str,
}

#[derive(Serialize)]
struct Held {
    rule: &'static str,
    field: &'static str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

/// What `identified_by` means.
const IDENTITIES: &[(&str, &str)] = &[
    ("guid", "the provider's identifier, which all its versions share"),
    (
        "link",
        "the address of its page: the identifier is absent, shared by several items of the delivery, or its headline",
    ),
    (
        "headline+date",
        "headline and date of publication: neither identifier nor address tells it from its neighbours",
    ),
    ("content", "its words: nothing else tells it from its neighbours, so a changed text is another story"),
];

/// Prints how the gate decides on `item` at `now`.
pub fn print(item: &NewsItem, now: Timestamp, shape: Shape) -> anyhow::Result<Outcome> {
    let holds: Vec<Option<Hold>> = RULES.iter().map(|rule| rule.ask(item, now)).collect();
    let mut out = anstream::stdout().lock();
    match shape {
        Shape::Json => output::json_line(&mut out, &decision(item, now, &holds))?,
        Shape::Table => write!(out, "{}", output::visible(&page(item, now, &holds)))?,
    }
    Ok(Outcome::Done)
}

fn identity(item: &NewsItem) -> &'static str {
    let row = IDENTITIES.iter().find(|(by, _)| item.identified_by.as_deref() == Some(*by));
    row.map_or("not known: it was landed without", |row| row.1)
}

fn decision<'a>(item: &'a NewsItem, now: Timestamp, holds: &[Option<Hold>]) -> Decision<'a> {
    let first = holds.iter().flatten().next();
    let held = first.map(|hold| Held {
        rule: hold.rule,
        field: hold.field,
        value: hold.value.clone(),
        until: hold.until,
    });
    let asked = RULES.iter().zip(holds);
    let rules = asked.map(|(rule, hold)| Asked {
        rule: rule.name,
        field: rule.field,
        holds: hold.is_some(),
        says: rule.says,
    });
    Decision {
        id: &item.id,
        identified_by: item.identified_by.as_deref(),
        identity: identity(item),
        at: now,
        publishable: held.is_none(),
        held,
        rules: rules.collect(),
    }
}

fn page(item: &NewsItem, now: Timestamp, holds: &[Option<Hold>]) -> String {
    let mut page = match holds.iter().flatten().next() {
        None => format!("{} may be shown at {now}\n", item.id),
        Some(hold) => {
            let end = hold
                .until
                .map_or("until a new version or a person lifts it".into(), |at| format!("until {at}"));
            format!(
                "{} is HELD by the rule {} at {now}: {} = {}, {end}\n",
                item.id, hold.rule, hold.field, hold.value
            )
        }
    };
    for (rule, hold) in RULES.iter().zip(holds) {
        let verdict = if hold.is_some() { "HOLDS " } else { "passes" };
        page.push_str(&format!("  {verdict}  {:<9} {}\n", rule.name, rule.says));
    }
    page.push_str(&format!(
        "identified by {}: {}\n",
        item.identified_by.as_deref().unwrap_or("-"),
        identity(item)
    ));
    page
}
