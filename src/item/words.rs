//! What editorial types and usage terms mean: which take a story back, which hold it, which say that the item is no story.

/// What an editorial type does to the item that bears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Takes the story back for good.
    Kill,
    /// Holds it until it is released.
    Hold,
    /// Speaks to editors.
    Editorial,
}

/// Editorial types that are not stories (AP Media API: editorial types of text and photos; Reuters' tags; dpa), lower
/// case, blanks and dashes left out. All others are.
const KINDS: &[(&str, Kind)] = &[
    ("kill", Kind::Kill),
    ("elimination", Kind::Kill),
    ("withdrawn", Kind::Kill),
    ("withdrawal", Kind::Kill),
    ("disregard", Kind::Kill),
    ("withhold", Kind::Hold),
    ("hold", Kind::Hold),
    ("holdforrelease", Kind::Hold),
    ("release", Kind::Editorial),
    ("advisory", Kind::Editorial),
    ("daybook", Kind::Editorial),
    ("budget", Kind::Editorial),
    ("newsdigest", Kind::Editorial),
];

/// What an editorial type means, when it is no story's.
pub(super) fn kind(printed: &str) -> Option<Kind> {
    let same = |word: &str| {
        let letters = printed.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'_'));
        letters.map(|byte| byte.to_ascii_lowercase()).eq(word.bytes())
    };
    KINDS.iter().find(|(word, _)| same(word)).map(|row| row.1)
}

/// Phrases of usage terms that forbid any publication, lower case.
const FORBIDDING: &[&str] = &[
    "not for publication",
    "not for broadcast or publication",
    "not for public release",
    "do not publish",
    "do not use",
    "not to be published",
    "not to be used",
    "no publication",
    "for internal use only",
    "for planning purposes only",
    "nicht zur veröffentlichung",
];

/// The phrase of usage terms that forbids publication, if one does.
pub(super) fn forbids(terms: &str) -> Option<&'static str> {
    let lower = terms.to_lowercase();
    // "not to be used without credit" is a condition, not a ban
    let is_bare = |rest: &str| {
        !["without", "unless", "after", "before", "until", "except", "in ", "by ", "for ", "outside", "on "]
            .iter()
            .any(|word| rest.trim_start().starts_with(word))
    };
    FORBIDDING.iter().copied().find(|phrase| {
        lower.match_indices(phrase).any(|(at, _)| lower.get(at + phrase.len()..).is_some_and(is_bare))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_however_they_are_spelled() {
        let cases = [
            ("Kill", Some(Kind::Kill)),
            ("HoldForRelease", Some(Kind::Hold)),
            ("Hold for release", Some(Kind::Hold)),
            ("ADVISORY", Some(Kind::Editorial)),
            ("Writethru", None),
            ("Corrective", None),
            ("", None),
        ];
        for (printed, expected) in cases {
            assert_eq!(kind(printed), expected, "{printed}");
        }
    }

    #[test]
    fn terms_that_set_a_condition_do_not_forbid() {
        let cases = [
            ("NOT FOR PUBLICATION", true),
            ("Do not publish.", true),
            ("Not to be used without credit", false),
            ("Not for publication before 6 p.m.", false),
            ("Do not use in archives", false),
            ("", false),
        ];
        for (terms, expected) in cases {
            assert_eq!(forbids(terms).is_some(), expected, "{terms}");
        }
    }
}
