//! How a character is folded, and what it does to the word around it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a character does in running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of a word: a letter, a digit, a mark on one.
    Word,
    /// Part of a script that writes no spaces: cut into overlapping pairs.
    Pair,
    /// Inside a word, but not of it: soft hyphen, joiners.
    Ignorable,
    /// An apostrophe, straight or curly.
    Apostrophe,
    /// A hyphen that binds two words; dashes do not.
    Hyphen,
    /// Everything else parts words.
    Gap,
}

/// The class of `c`.
pub(super) fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Word,
        '\'' | '\u{2019}' | '\u{2bc}' | '\u{ff07}' => Class::Apostrophe,
        '-' | '\u{2010}' | '\u{2011}' => Class::Hyphen,
        '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' => Class::Ignorable,
        _ if c.is_ascii() => Class::Gap,
        _ if is_unspaced(c) => Class::Pair,
        _ if c.is_alphanumeric() || is_combining_mark(c) => Class::Word,
        _ => Class::Gap,
    }
}

/// Scripts written without spaces between words (Unicode 16 blocks): Thai to Lao, Myanmar, Khmer, kana, Han, Hangul.
const UNSPACED: &[(char, char)] = &[
    ('\u{e01}', '\u{eff}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{1100}', '\u{11ff}'),
    ('\u{1780}', '\u{17d3}'),
    ('\u{3005}', '\u{3007}'),
    ('\u{3041}', '\u{3096}'),
    ('\u{30a1}', '\u{30fe}'),
    ('\u{3400}', '\u{4dbf}'),
    ('\u{4e00}', '\u{9fff}'),
    ('\u{ac00}', '\u{d7a3}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{20000}', '\u{3ffff}'),
];

fn is_unspaced(c: char) -> bool {
    c >= '\u{e01}' && UNSPACED.iter().any(|&(first, last)| (first..=last).contains(&c)) && is_letter_like(c)
}

fn is_letter_like(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Letters that readers type another way and that no decomposition reaches.
const SPELT: &[(char, &str)] = &[
    ('ß', "ss"),
    ('ẞ', "ss"),
    ('æ', "ae"),
    ('Æ', "ae"),
    ('œ', "oe"),
    ('Œ', "oe"),
    ('ø', "o"),
    ('Ø', "o"),
    ('ł', "l"),
    ('Ł', "l"),
    ('đ', "d"),
    ('Đ', "d"),
    ('ð', "d"),
    ('Ð', "d"),
    ('þ', "th"),
    ('Þ', "th"),
    ('ı', "i"),
    ('ħ', "h"),
    ('Ħ', "h"),
    ('ς', "σ"),
    ('ى', "ي"),
    ('ی', "ي"),
    ('ک', "ك"),
    ('ة', "ه"),
    ('ـ', ""),
];

/// Appends `c` as the index spells it: decomposed (NFKD), marks of alphabets off, lower case.
pub(super) fn fold_into(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else if is_unspaced(c) {
        out.push(c);
    } else {
        std::iter::once(c).nfkd().for_each(|part| fold_part(out, part));
    }
}

fn fold_part(out: &mut String, part: char) {
    if is_dropped_mark(part) {
        return;
    }
    match SPELT.iter().find(|(from, _)| *from == part) {
        Some((_, spelt)) => out.push_str(spelt),
        None => out.extend(part.to_lowercase().filter(|c| is_letter_like(*c) && !is_dropped_mark(*c))),
    }
}

/// Accents and vowel points that writers leave out at will: Latin, Greek and Cyrillic accents, Hebrew and Arabic
/// points. Marks of Indic scripts are vowels and stay.
fn is_dropped_mark(c: char) -> bool {
    const DROPPED: &[(char, char)] = &[
        ('\u{300}', '\u{36f}'),
        ('\u{483}', '\u{489}'),
        ('\u{591}', '\u{5c7}'),
        ('\u{610}', '\u{61a}'),
        ('\u{64b}', '\u{65f}'),
        ('\u{670}', '\u{670}'),
        ('\u{6d6}', '\u{6ed}'),
        ('\u{1ab0}', '\u{1aff}'),
        ('\u{1dc0}', '\u{1dff}'),
        ('\u{20d0}', '\u{20ff}'),
        ('\u{fe20}', '\u{fe2f}'),
    ];
    DROPPED.iter().any(|&(first, last)| (first..=last).contains(&c)) && is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_folded_to_what_a_reader_types() {
        let cases = [
            ("Pérez", "perez"),
            ("Pe\u{301}rez", "perez"),
            ("Łódź", "lodz"),
            ("Straße", "strasse"),
            ("Ærø", "aero"),
            ("İstanbul", "istanbul"),
            ("ﬁne", "fine"),
            ("ＡＰ", "ap"),
            ("Αθήνα", "αθηνα"),
            ("Йод", "иод"),
            ("مُحَمَّد", "محمد"),
            ("أإآ", "ااا"),
            ("שָׁלוֹם", "שלום"),
            ("दिल्ली", "दिल्ली"),
            ("½", "12"),
            ("東京", "東京"),
        ];
        for (printed, folded) in cases {
            let mut out = String::new();
            printed.chars().for_each(|c| fold_into(&mut out, c));
            assert_eq!(out, folded, "{printed}");
        }
    }
}
