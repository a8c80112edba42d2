//! What serde and its helpers say of a value, in words that tell what to write instead.

/// What serde says, taken apart.
pub(super) enum Complaint<'m> {
    UnknownKey(&'m str, Vec<&'m str>),
    Lacks(&'m str),
    Type,
    Choice(Vec<&'m str>),
    Other(&'m str),
}

impl<'m> Complaint<'m> {
    pub(super) fn of(message: &'m str) -> Self {
        let mut quoted = message.split('`').skip(1).step_by(2);
        match message {
            _ if message.starts_with("unknown field") => {
                Self::UnknownKey(quoted.next().unwrap_or_default(), quoted.collect())
            }
            _ if message.starts_with("missing field") => Self::Lacks(quoted.next().unwrap_or_default()),
            _ if message.starts_with("unknown variant") => Self::Choice(quoted.skip(1).collect()),
            _ if message.starts_with("invalid type") => Self::Type,
            _ => Self::Other(reworded(message)),
        }
    }
}

/// Complaints of libraries that do not say what to write instead: how they begin, and what we say.
static REWORDED: [(&str, &str); 2] = [
    (
        "failed to parse input in the \"friendly\" duration",
        "expected a duration such as \"90s\", \"2m\" or \"1h30m\"",
    ),
    ("invalid value: integer", "expected a whole number, 0 or more"),
];

fn reworded(message: &str) -> &str {
    REWORDED.iter().find(|(begins, _)| message.starts_with(begins)).map_or(message, |(_, ours)| ours)
}

/// A key nobody knows, with the one it may have been meant for.
pub(super) fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("unknown key; hint: did you mean {meant}?"),
        None => format!("unknown key; expected one of {}", known.join(", ")),
    }
}

/// `"a", "b"`.
pub(super) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// The known word that `word` was most likely meant to be.
pub(super) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    known
        .map(|candidate| (strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
