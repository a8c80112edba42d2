//! **Who wrote it?** The byline as printed and the authors read from it.

use crate::item::Author;
use crate::wire::{WirePerson, WireText};

/// What the byline says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Byline {
    /// As printed, on one line.
    pub text: Option<String>,
    /// The people (or, when nobody is named, nobody): an organisation is never taken for a person.
    pub authors: Vec<Author>,
    /// Those named at the end of the story: contributors, editors; `role` says what they did.
    pub contributors: Vec<Author>,
    /// Bytes of the body taken by a byline line at its top; 0 when there is none.
    pub body_start: usize,
}

/// Reads the byline from the printed lines, from people named in structure and from the body's own first line.
pub fn read(
    printed: &[WireText],
    creators: &[WirePerson],
    _body_text: &str,
    _provider: Option<&str>,
) -> Byline {
    let text = printed.iter().map(|line| line.text.trim()).find(|line| !line.is_empty()).map(String::from);
    let authors = creators
        .iter()
        .filter(|person| !person.is_org && !person.name.trim().is_empty())
        .map(|person| Author {
            name: person.name.trim().into(),
            role: person.role.clone(),
            org: person.org.clone(),
            email: person.email.clone(),
        })
        .collect();
    Byline { text, authors, ..Byline::default() }
}
