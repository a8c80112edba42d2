//! What must be said of a story beside the story: that it corrects what was sent before.

use super::NewsItem;

/// Words of editorial types, signals and beginnings of notes, lower case, and the label they ask for.
/// AP: a *correction* is of the same cycle, a *corrective* of an earlier one. IPTC: `sig:correction`. Reuters: CORRECTED.
const TYPES: &[(&str, &str)] = &[
    ("correction", "correction"),
    ("sig:correction", "correction"),
    ("sig:correct", "correction"),
    ("corrective", "corrective"),
    ("sig:corrective", "corrective"),
    ("clarification", "clarification"),
    ("sig:clarification", "clarification"),
];
/// Words that begin a note, or a sentence of one.
const NOTES: &[(&str, &str)] = &[
    ("corrects", "correction"),
    ("corrected", "correction"),
    ("correction", "correction"),
    ("corrective", "corrective"),
    ("clarifies", "clarification"),
    ("clarification", "clarification"),
];

impl NewsItem {
    /// The label that the story has to carry: `correction`, `corrective`, `clarification`.
    #[must_use]
    pub fn label(&self) -> Option<&'static str> {
        let words = self.editorial_type.iter().chain(&self.signals);
        let typed = words.filter_map(|word| row(TYPES, word, |known, said| said.eq_ignore_ascii_case(known)));
        typed.chain(self.ed_note.iter().filter_map(|note| in_note(note))).next()
    }
}

fn row(table: &[(&str, &'static str)], said: &str, is: fn(&str, &str) -> bool) -> Option<&'static str> {
    table.iter().find(|(known, _)| is(known, said)).map(|row| row.1)
}

/// `Eds: CORRECTS the toll`, `(Corrects paragraph 3)`: a sentence of the note begins with such a word.
fn in_note(note: &str) -> Option<&'static str> {
    let sentences = note.split(['.', ':', ';', '\n', '(', '!']);
    let begins = |known: &str, said: &str| said.to_ascii_lowercase().starts_with(known);
    sentences.filter_map(|sentence| row(NOTES, sentence.trim(), begins)).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_is_labelled_wherever_it_is_said() {
        let kind = |s: &str| NewsItem { editorial_type: Some(s.into()), ..NewsItem::default() };
        let note = |s: &str| NewsItem { ed_note: Some(s.into()), ..NewsItem::default() };
        let signal = NewsItem { signals: vec!["sig:correction".into()], ..NewsItem::default() };
        let cases = [
            (kind("Correction"), Some("correction")),
            (kind("Corrective"), Some("corrective")),
            (kind("Writethru"), None),
            (note("Eds: CORRECTS spelling in 2nd graf"), Some("correction")),
            (note("(Corrects paragraph 3)"), Some("correction")),
            (note("Eds: Updates. Clarifies 4th graf."), Some("clarification")),
            (note("Eds: Adds that the court corrected itself"), None),
            (signal, Some("correction")),
        ];
        for (item, expected) in cases {
            assert_eq!(item.label(), expected, "{item:?}");
        }
    }
}
