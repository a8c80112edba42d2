//! Whose is it, and what may be done with it? Copyright, usage terms, credit and notes to editors, each said once.

use super::{once, plain};
use crate::wire::WireText;

/// Several printed lines as one text, one a line, the same line once; `None` when nothing is said.
#[must_use]
pub fn lines(printed: &[String]) -> Option<String> {
    let said = once::by(printed.iter().filter_map(|line| prose(line)), String::clone);
    Some(said.join("\n")).filter(|lines| !lines.is_empty())
}

fn prose(printed: &str) -> Option<String> {
    Some(plain::prose(&WireText::unsaid(printed))).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_joined_by_newlines_and_said_once() {
        let printed =
            ["Eds: LEADS ".to_owned(), " ".to_owned(), "Eds: LEADS".to_owned(), "Moving soon".to_owned()];
        assert_eq!(lines(&printed).as_deref(), Some("Eds: LEADS\nMoving soon"));
        let marked = ["<p>Fixes the vote.<br />Second note.</p>".to_owned()];
        assert_eq!(lines(&marked).as_deref(), Some("Fixes the vote.\nSecond note."));
        assert_eq!(lines(&[]), None);
    }
}
