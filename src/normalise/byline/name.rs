//! Names of people: which words may be one, and how an upper-case one reads.

/// Small words inside names.
#[rustfmt::skip]
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "da", "das", "dos", "do", "di", "del", "della", "du", "la", "le", "el", "al", "bin", "ibn", "ben", "ter", "ten", "af", "av",
    "zu", "zum", "zur", "y", "e", "dell", "lo", "st", "abu", "dela", "'t", "op", "het",
];

/// Words that begin like names and are none: a line that starts `By Monday` or `By New Year` is copy.
#[rustfmt::skip]
const NOT_NAMES: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "july",
    "september", "october", "november", "december", "the", "a", "an", "this", "that", "all", "our", "their", "his", "her", "its", "midnight", "noon", "then", "now", "default",
];

/// Two to five capitalised words (particles and initials among them), no digits: a person's full name.
pub fn is_full(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (2..=6).contains(&words) && !text.starts_with(char::is_lowercase) && is_name(text)
}

/// One name or more, all its words like those of a name.
pub fn is_name(text: &str) -> bool {
    let mut capitals = 0;
    text.len() <= 60
        && text.split_whitespace().enumerate().all(|(count, word)| {
            let lower = word.to_lowercase();
            if !word.chars().all(|c| c.is_alphabetic() || ".'’‘`-".contains(c))
                || count == 0 && NOT_NAMES.contains(&lower.as_str())
            {
                return false;
            }
            let capital = word.starts_with(|c: char| !c.is_lowercase());
            capitals += usize::from(capital);
            capital
                || PARTICLES.contains(&word)
                || word.starts_with("d'")
                || word.starts_with("d’")
                || word.starts_with("al-")
                || word.starts_with("el-")
        })
        && capitals > 0
}

/// One word, with particles before it or without: `Roe`, `de la Roe`.
pub fn is_surname(text: &str) -> bool {
    let mut words = text.split_whitespace().rev();
    words.next().is_some_and(|word| word.chars().count() > 1)
        && words.all(|word| PARTICLES.contains(&word.to_lowercase().as_str()))
}

/// Two or three words all in small letters: a name only where `By` and an agency stand around it.
pub fn is_lower_case(text: &str) -> bool {
    (2..=3).contains(&text.split(' ').count()) && text.chars().all(|c| c.is_lowercase() || " .'-".contains(c))
}

/// Reading case of a name that is printed in capitals: `TED D'ARBY` is `Ted D'Arby`. Mixed case stays.
pub fn reading_case(name: &str) -> String {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    if !is_lower_case(name) && letters().any(char::is_lowercase) || letters().count() < 4 {
        return name.to_string();
    }
    let words: Vec<String> = name.split(' ').enumerate().map(|(count, word)| cased(word, count)).collect();
    words.join(" ")
}

fn cased(word: &str, count: usize) -> String {
    let lower = word.to_lowercase();
    if count > 0 && PARTICLES.contains(&lower.as_str()) && lower != "e" {
        return lower;
    }
    let initials = word.contains('.') && word.chars().filter(|c| c.is_alphabetic()).count() <= 3;
    if initials || count > 0 && ["II", "III", "IV", "JR", "SR"].contains(&word) {
        return word.to_string();
    }
    let mut out = String::with_capacity(word.len());
    let mut begins = true;
    for c in word.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        begins = "-'’`.".contains(c) || out.ends_with("Mc") && out.len() == 2;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_case_names_are_given_in_reading_case() {
        for (printed, name) in [
            ("TED D'ARBY", "Ted D'Arby"),
            ("MARY-ANN MCDONNELL", "Mary-Ann McDonnell"),
            ("J. SCOTT O'HARA", "J. Scott O'Hara"),
            ("JAN VAN DER MEER", "Jan van der Meer"),
            ("GEORGE ROE III", "George Roe III"),
            ("Sharon LaPlante", "Sharon LaPlante"),
            ("ÉLISE GÖRING", "Élise Göring"),
        ] {
            assert_eq!(reading_case(printed), name);
        }
    }

    #[test]
    fn a_name_is_told_from_copy() {
        for name in [
            "Jane Roe",
            "J. Scott O'Hara",
            "Jan van der Meer",
            "Ludwig d'Arby",
            "ANNE ROE-DOE",
            "Nguyễn Văn An",
            "June Roe",
            "August Doe",
        ] {
            assert!(is_full(name), "{name}");
        }
        for text in
            ["Monday evening", "the council", "Jane", "Area 51", "gr/bp", "Jane said that", "The Council", ""]
        {
            assert!(!is_full(text), "{text}");
        }
    }
}
