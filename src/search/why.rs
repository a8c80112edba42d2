//! The parts of a score, for `search --explain`.

use serde_json::Value;
use tantivy::DocAddress;
use tantivy::query::{EnableScoring, Query};

use super::reading::Reading;

/// Parts deeper than this are the same for every word: the statistics behind one word's score.
const DEEPEST: usize = 3;

/// The parts of which the score of the story at `address` is made, one a line, the inner ones indented.
pub(super) fn why(reading: &Reading, query: &dyn Query, address: DocAddress) -> tantivy::Result<Vec<String>> {
    let searcher = &reading.searcher;
    let weight = query.weight(EnableScoring::enabled_from_statistics_provider(reading, searcher))?;
    let explained = weight.explain(searcher.segment_reader(address.segment_ord), address.doc_id)?;
    let mut lines = Vec::new();
    if let Ok(tree) = serde_json::to_value(explained) {
        tell(&tree, 0, &mut lines);
    }
    Ok(lines)
}

fn tell(part: &Value, depth: usize, lines: &mut Vec<String>) {
    let value = part["value"].as_f64().unwrap_or_default();
    let says = part["description"].as_str().unwrap_or_default();
    let about = part["context"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let about: String = about.map(|about| format!("  {about}")).collect();
    lines.push(format!("{:indent$}{value:.3}  {says}{about}", "", indent = 2 * depth));
    if depth < DEEPEST {
        part["details"].as_array().into_iter().flatten().for_each(|inner| tell(inner, depth + 1, lines));
    }
}
