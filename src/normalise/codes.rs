//! Subjects, keywords, genres, places, people and organisations, each named once.

use crate::item::Subject;
use crate::wire::{CodeKind, WireCode};

use super::dialect::Dialect;
use super::{once, text};

/// Names of one kind, in printed order; a code stands in where no name is printed. Of a keyword both count where the code
/// is a word too: Atom's `term` and `label` may say different things (USGS: "Past Hour", "Age").
#[must_use]
pub fn names(codes: &[WireCode], kind: CodeKind) -> Vec<String> {
    let is_word = |code: &String| kind == CodeKind::Keyword && !code.contains([':', '/']);
    let all = codes.iter().filter(|code| code.kind == kind).flat_map(|code| {
        let name = text::optional(code.name.as_ref());
        let also = text::optional(code.code.as_ref()).filter(|code| name.is_none() || is_word(code));
        [name, also.map(|code| if kind == CodeKind::Genre { form(&code).to_owned() } else { code })]
    });
    once::by(all.flatten(), |name| name.to_lowercase())
}

/// IPTC's codes of genres are their names: `Interview` of `genre:Interview`.
fn form(code: &str) -> &str {
    Some(last_segment(code)).filter(|word| word.contains(char::is_lowercase)).unwrap_or(code)
}

/// Subjects of controlled vocabularies, their schemes by the desk's names: the same code twice is one, and takes the name that is printed first.
#[must_use]
pub fn subjects(codes: &[WireCode], dialect: &Dialect) -> Vec<Subject> {
    let of_kind = codes.iter().filter(|code| code.kind == CodeKind::Subject);
    let all = of_kind.filter_map(|code| subject(code, dialect));
    let key = |one: &Subject| {
        let name = one.name.clone().filter(|_| one.code.is_none());
        (one.scheme.clone(), one.code.clone(), name)
    };
    once::merged(all, key, |first, later| first.name = first.name.take().or(later.name))
}

fn subject(code: &WireCode, dialect: &Dialect) -> Option<Subject> {
    let of = |text: &Option<String>| text::optional(text.as_ref());
    let scheme = of(&code.scheme).map(|scheme| dialect.scheme(&scheme).to_owned());
    let subject = Subject { code: of(&code.code), name: of(&code.name), scheme };
    (subject.code.is_some() || subject.name.is_some()).then_some(subject)
}

/// The desk's word for a printed one, by a table of (printed, meant); an unknown word stays as sent.
#[must_use]
pub fn known(table: &[(&str, &str)], printed: Option<&String>) -> Option<String> {
    let printed = text::optional(printed)?;
    let word = last_segment(&printed);
    let row = table.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(word));
    Some(row.map_or_else(|| printed.clone(), |(_, meant)| (*meant).to_owned()))
}

/// `usable` of `stat:usable` and of `http://cv.iptc.org/newscodes/pubstatusg2/usable`.
#[must_use]
pub fn last_segment(printed: &str) -> &str {
    printed.rsplit([':', '/', '#']).next().unwrap_or(printed).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(kind: CodeKind, code: &str, name: &str) -> WireCode {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        WireCode { kind, code: some(code), name: some(name), scheme: None }
    }

    #[test]
    fn names_are_given_once_and_a_code_stands_in_for_a_missing_name() {
        let codes = [
            code(CodeKind::Keyword, "", "Gaza"),
            code(CodeKind::Keyword, "", " GAZA "),
            code(CodeKind::Keyword, "", "R&amp;D"),
            code(CodeKind::Keyword, "k1", ""),
            code(CodeKind::Keyword, "Past Hour", "Age"),
            code(CodeKind::Keyword, "http://a.example/t", "Talks"),
            code(CodeKind::Place, "", "Rafah"),
        ];
        assert_eq!(names(&codes, CodeKind::Keyword), ["Gaza", "R&D", "k1", "Age", "Past Hour", "Talks"]);
        assert_eq!(names(&codes, CodeKind::Place), ["Rafah"]);
        for (sent, name, shown) in
            [("genre:Interview", "", "Interview"), ("g:7", "", "g:7"), ("g:7", "Feature", "Feature")]
        {
            assert_eq!(names(&[code(CodeKind::Genre, sent, name)], CodeKind::Genre), [shown]);
        }
    }

    #[test]
    fn a_subject_named_twice_is_one_and_keeps_its_name() {
        let codes = [
            code(CodeKind::Subject, "medtop:16000000", ""),
            code(CodeKind::Subject, "medtop:16000000", "conflict"),
            code(CodeKind::Subject, "", ""),
            code(CodeKind::Subject, "", "war"),
        ];
        let found = subjects(&codes, &Dialect::default());
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].name.as_deref(), Some("conflict"));
    }
}
