//! The date inside a dateline: `March 3`, `Dec. 03, 2019`, `21 jan 2019`, `1 LUG`, `2022-05-01`, `Monday`.

use jiff::civil::Date;

use super::super::datetime::ENGLISH;

/// A date as a dateline prints it. A day that cannot be (`March 187`) is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// 1 to 12; 0 for a weekday alone.
    pub month: i8,
    /// 1 to 31, when it can be read.
    pub day: Option<i8>,
    /// When printed.
    pub year: Option<i16>,
}

/// Month names by their beginnings, in the languages of the agencies. An entry holds when the printed word is a
/// beginning of the full name at least as long as the short one.
#[rustfmt::skip]
const MONTHS: &[(&str, &str, i8)] = &[
    ("jan", "january", 1), ("feb", "february", 2), ("mar", "march", 3), ("apr", "april", 4), ("may", "may", 5), ("jun", "june", 6),
    ("jul", "july", 7), ("aug", "august", 8), ("sep", "september", 9), ("oct", "october", 10), ("nov", "november", 11), ("dec", "december", 12),
    ("sept", "sept", 9), ("jan", "januar", 1), ("jän", "jänner", 1), ("feb", "februar", 2), ("mär", "märz", 3), ("mrz", "mrz", 3), ("mai", "mai", 5),
    ("juni", "juni", 6), ("juli", "juli", 7), ("okt", "oktober", 10), ("dez", "dezember", 12), ("janv", "janvier", 1), ("fév", "février", 2), ("fev", "fevrier", 2),
    ("mars", "mars", 3), ("avr", "avril", 4), ("juin", "juin", 6), ("juil", "juillet", 7), ("août", "août", 8), ("aout", "aout", 8),
    ("sept", "septembre", 9), ("oct", "octobre", 10), ("nov", "novembre", 11), ("déc", "décembre", 12), ("dec", "decembre", 12), ("ene", "enero", 1), ("feb", "febrero", 2),
    ("marzo", "marzo", 3), ("abr", "abril", 4), ("mayo", "mayo", 5), ("junio", "junio", 6), ("julio", "julio", 7), ("ago", "agosto", 8),
    ("янв", "января", 1), ("фев", "февраля", 2), ("мар", "марта", 3), ("апр", "апреля", 4), ("мая", "мая", 5), ("июн", "июня", 6), ("июл", "июля", 7), ("авг", "августа", 8), ("сен", "сентября", 9), ("окт", "октября", 10), ("ноя", "ноября", 11), ("дек", "декабря", 12),
    ("set", "setiembre", 9), ("sep", "septiembre", 9), ("oct", "octubre", 10), ("nov", "noviembre", 11), ("dic", "diciembre", 12), ("gen", "gennaio", 1), ("feb", "febbraio", 2),
    ("mag", "maggio", 5), ("apr", "aprile", 4), ("giu", "giugno", 6), ("lug", "luglio", 7), ("set", "settembre", 9), ("ott", "ottobre", 10), ("nov", "novembre", 11), ("dic", "dicembre", 12),
    ("jan", "janeiro", 1), ("fev", "fevereiro", 2), ("mar", "março", 3), ("mai", "maio", 5), ("jun", "junho", 6), ("jul", "julho", 7), ("set", "setembro", 9), ("out", "outubro", 10), ("nov", "novembro", 11), ("dez", "dezembro", 12),
    ("jan", "januari", 1), ("feb", "februari", 2), ("mrt", "maart", 3), ("maa", "maart", 3), ("mei", "mei", 5), ("aug", "augustus", 8), ("aug", "augusti", 8), ("maj", "maj", 5), ("des", "desember", 12),
];

#[rustfmt::skip]
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag",
    "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes",
    "miércoles", "jueves", "viernes", "sábado", "domingo", "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun",
];

/// Words that may stand between the parts of a date: `5 de mayo`, `le 12 juillet`, `den 5. Januar`.
const SMALL: &[&str] = &["de", "del", "le", "den", "am", "a", "the", "of"];

/// The whole of `text` read as a date.
pub fn whole(text: &str) -> Option<Printed> {
    let mut words = [""; 6];
    let mut count = 0;
    // ENA's `April 3/2024`
    let is_year_behind = text.rsplit_once('/').is_some_and(|(_, behind)| year(behind).is_some());
    for word in text
        .split(|c| [' ', '\u{a0}', ',', '\n', '\t'].contains(&c) || c == '/' && is_year_behind)
        .map(|it| it.trim_matches('.'))
        .filter(|it| !it.is_empty())
    {
        *words.get_mut(count)? = word;
        count += 1;
    }
    let is_kept = |word: &&str| !SMALL.contains(word);
    match words.get(..count)? {
        [one] => weekday(one).or_else(|| iso(one)),
        [a, b] => month_day(a, b),
        [a, b, c] if weekday(a).is_some() => month_day(b, c),
        all => {
            let mut kept = all.iter().copied().filter(|word| is_kept(word));
            let (a, b, c) = (kept.next()?, kept.next()?, kept.next());
            let printed = month_day(a, b)?;
            match (c, kept.next()) {
                (None, _) => Some(printed),
                (Some(year), None) => Some(Printed { year: Some(self::year(year)?), ..printed }),
                _ => None,
            }
        }
    }
}

/// A date at the end of `text`, and where it begins: `Tex. March 3` is 5.
pub fn suffix(text: &str) -> Option<(usize, Printed)> {
    let starts = text
        .char_indices()
        .filter(|&(at, c)| !c.is_whitespace() && (at == 0 || text[..at].ends_with(char::is_whitespace)));
    let mut starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    let keep = starts.len().saturating_sub(5);
    starts.drain(..keep);
    starts.into_iter().find_map(|at| Some((at, whole(&text[at..])?)))
}

/// Four digits of a plausible year.
pub fn year(word: &str) -> Option<i16> {
    let word = word.trim_matches(['.', ' ']);
    let digits = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|year| digits && (1800..2200).contains(year))
}

fn weekday(word: &str) -> Option<Printed> {
    let lower = word.to_lowercase();
    WEEKDAYS.contains(&lower.as_str()).then_some(Printed { month: 0, day: None, year: None })
}

fn iso(word: &str) -> Option<Printed> {
    let date: Date = (word.len() == 10).then(|| word.parse().ok())??;
    Some(Printed { month: date.month(), day: Some(date.day()), year: Some(date.year()) })
}

fn month_day(a: &str, b: &str) -> Option<Printed> {
    let one = |name: &str, number: &str| {
        let digits = number.trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
        let number: u16 = digits.parse().ok().filter(|_| digits.len() <= 3)?;
        let month = month(name).or_else(|| misprinted(name))?;
        let day = i8::try_from(number).ok().filter(|day| (1..=31).contains(day));
        Some(Printed { month, day, year: None })
    };
    one(a, b).or_else(|| one(b, a).filter(|it| it.day.is_some()))
}

/// The number of a month name in any of the languages, short or full.
pub fn month(word: &str) -> Option<i8> {
    let lower = word.trim_end_matches('.').to_lowercase();
    let fits = |&&(short, full, _): &&(&str, &str, i8)| lower.starts_with(short) && full.starts_with(&lower);
    (2 < lower.len() && lower.len() < 12).then(|| MONTHS.iter().find(fits).map(|row| row.2))?
}

/// An English month with one slip of the hand: `Macrh`, `Marchg`, `Mach`; none for May, or `many` were one.
fn misprinted(word: &str) -> Option<i8> {
    let lower = word.to_ascii_lowercase();
    (lower.len() >= 4).then(|| {
        ENGLISH.iter().find(|full| full.len() > 3 && one_slip(&lower, full)).and_then(|full| month(full))
    })?
}

/// One letter too many, too few, wrong, or two letters exchanged.
fn one_slip(typed: &str, meant: &str) -> bool {
    let (a, b) = (typed.as_bytes(), meant.as_bytes());
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    match (a, b) {
        ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

/// No dateline is dated this many days after its story: it was last year.
const AHEAD: i32 = 61;
/// Nor this many days before it: it was filed on New Year's Day.
const BEHIND: i32 = -330;

/// The date with its year: as printed, else the year in which the story was filed or the one before.
pub fn resolve(printed: Printed, story: Option<Date>) -> Option<Date> {
    let day = printed.day?;
    if let Some(year) = printed.year {
        return Date::new(year, printed.month, day).ok();
    }
    let story = story?;
    let in_year = |year: i16| Date::new(year, printed.month, day).ok();
    let date = in_year(story.year()).or_else(|| in_year(story.year() - 1))?;
    let ahead = date.since(story).ok()?.get_days();
    match ahead {
        AHEAD.. => in_year(story.year() - 1),
        ..BEHIND => in_year(story.year() + 1),
        _ => Some(date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_agencies_print_them() {
        for (text, month, day, year) in [
            ("March 3", 3, Some(3), None),
            ("FEb 26", 2, Some(26), None),
            ("Dec. 03 2019", 12, Some(3), Some(2019)),
            ("21 jan 2019", 1, Some(21), Some(2019)),
            ("1 LUG", 7, Some(1), None),
            ("23 may", 5, Some(23), None),
            ("Sept 9", 9, Some(9), None),
            ("5 de mayo de 2020", 5, Some(5), Some(2020)),
            ("Marchg 12", 3, Some(12), None),
            ("Macrh 4", 3, Some(4), None),
            ("March 187", 3, None, None),
            ("1996-12-06", 12, Some(6), Some(1996)),
            ("Monday", 0, None, None),
        ] {
            assert_eq!(whole(text), Some(Printed { month, day, year }), "{text}");
        }
        for text in ["Marc Anthony", "Mars", "West 12", "", "3 3", "Mayor 12"] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(suffix("Tex. March 3").map(|it| it.0), Some(5));
    }

    #[test]
    fn the_year_is_that_of_the_story_or_the_one_before() {
        let printed = Printed { month: 12, day: Some(31), year: None };
        let story = jiff::civil::date(2024, 1, 1);
        assert_eq!(resolve(printed, Some(story)), Some(jiff::civil::date(2023, 12, 31)));
        assert_eq!(
            resolve(printed, Some(jiff::civil::date(2023, 12, 31))),
            Some(jiff::civil::date(2023, 12, 31))
        );
        assert_eq!(resolve(printed, None), None);
        let leap = Printed { month: 2, day: Some(29), year: None };
        assert_eq!(resolve(leap, Some(jiff::civil::date(2024, 3, 1))), Some(jiff::civil::date(2024, 2, 29)));
    }
}
