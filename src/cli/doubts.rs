//! Hints for a query that found nothing: a mistyped query is no error but is searched as words, so say which words may not have been
//! meant that way.

use jiff::Timestamp;

use crate::index::fields;
use crate::search::query::{Clock, Node, parse};

/// Prefixes of times. They are no fields, so the table of fields does not have them.
const TIMES: &[&str] = &["since", "until", "on"];

/// One line for each word of `query` that was read in a way that may surprise; `is_story` knows whether a story goes by an id.
pub fn doubts(query: &str, is_story: &dyn Fn(&str) -> bool) -> Vec<String> {
    query.split_whitespace().filter_map(|word| doubt(word, is_story)).collect()
}

fn doubt(word: &str, is_story: &dyn Fn(&str) -> bool) -> Option<String> {
    let word = word.trim_start_matches(['-', '+', '(']).trim_end_matches(')');
    let (prefix, value) = word.split_once(':')?;
    let is_name = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_name || value.starts_with("//") {
        return None;
    }
    let prefix = prefix.to_ascii_lowercase();
    match &*prefix {
        "in" => return (!is_story(value)).then(|| format!("{word}: no story of that id is here")),
        // by now a topic that exists has been replaced by its query, so a name that is left is one that nobody has saved
        "topic" => return Some(format!("{word}: there is no topic of that name")),
        _ => {}
    }
    if TIMES.contains(&&*prefix) {
        let clock = Clock { now: Timestamp::now(), zone: super::when::zone() };
        let is_time = matches!(parse(word, &clock), Some(Node::Time(..)));
        let say = || format!("{word}: not a time, searched as words; hint: 24h, 3d, yesterday, 2024-04-01");
        return (!is_time).then(say);
    }
    let is_field = fields::FIELDS.iter().any(|field| field.prefixes.contains(&&*prefix));
    let say = || {
        format!("{word}: there is no field {prefix}, searched as words; hint: search --help has all fields")
    };
    (!is_field).then(say)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_have_been_meant_so_is_named() {
        let table = [
            ("rafah talks", ""),
            ("since:24h headline:talks urgency:1..3", ""),
            ("since:banana", "since:banana: not a time"),
            ("-(on:2026-99-99)", "on:2026-99-99: not a time"),
            ("foo:bar", "foo:bar: there is no field foo"),
            ("a -in:4twq in:known", "in:4twq: no story"),
            ("topic:rain", "topic:rain: there is no topic"),
            ("https://wire.example/1 10:30 :x", ""),
        ];
        for (query, expected) in table {
            let said = doubts(query, &|id| id == "known");
            assert_eq!(said.len(), usize::from(!expected.is_empty()), "{query}: {said:?}");
            assert!(said.iter().all(|line| line.starts_with(expected)), "{query}: {said:?}");
        }
    }
}
