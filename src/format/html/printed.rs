//! Dates in a printed line: where they stand in it, and what it says of them.

/// A date in a line, and whether the line says that it is the day of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The date as printed, with its clock.
    pub text: String,
    /// `Updated: May 10, 2022`.
    pub is_change: bool,
}

/// The first date in a line, with its clock: `By Ann Roe • May 10, 2022 1:52 pm ET | 5 comments`.
pub fn date_in(line: &str) -> Option<String> {
    dates_in(line).into_iter().next().map(|date| date.text)
}

/// Every date in a line.
pub fn dates_in(line: &str) -> Vec<Printed> {
    let words: Vec<&str> = line
        .split_whitespace()
        .filter(|word| !["|", "•", "·", "/", "–", "-"].contains(word))
        .take(80)
        .collect();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((start, end)) = next_date(&words, from) {
        let before = words.get(from..start).unwrap_or_default();
        let label = before.get(before.len().saturating_sub(3)..).unwrap_or_default().join(" ");
        let text = words.get(start..end).unwrap_or_default().join(" ");
        let text = text.trim_matches([',', ';', '(', ')', '[', ']', '|']).to_string();
        found.push(Printed { text, is_change: speaks_of_change(&label) });
        from = end;
    }
    found
}

/// The words of the next date from a word on.
fn next_date(words: &[&str], from: usize) -> Option<(usize, usize)> {
    let rest = words.get(from..)?;
    let years = rest.iter().enumerate().filter(|(_, word)| holds_year(word) || is_short_date(word));
    years.map(|(at, _)| from + at).find_map(|at| {
        let alone = words.get(at).is_some_and(|word| word.bytes().filter(u8::is_ascii_digit).count() > 5);
        let start = if alone { at } else { day_and_month(words, at).filter(|start| *start >= from)? };
        let behind = clock_words(words.get(at + 1..)?);
        Some((start, at + 1 + behind))
    })
}

/// Does a label or the name of an element say that what it holds is the day of a change?
pub fn speaks_of_change(label: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "updat", "modif", "revised", "edited", "aktualis", "actualiz", "atualiz", "aggiorn", "mis à jour", "mise à jour", "màj", "oppdater", "uppdater", "opdater", "bijgewerkt", "gewijzigd", "geändert", "editiert",
        "stand:", "zmienion", "изменено", "обновлено", "更新", "güncelle",
    ];
    let lower = label.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word)) && !lower.contains("publi")
}

/// Where `May 10,` or `10 de mayo de` before the year begins.
fn day_and_month(words: &[&str], year: usize) -> Option<usize> {
    let (mut day, mut month) = (false, false);
    for at in (year.saturating_sub(5)..year).rev() {
        let word = words.get(at)?.trim_matches([',', '.', '(', ')']);
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        match (is_number(digits, 31), word.chars().all(|c| c.is_alphabetic() || c == '.')) {
            (true, _) if !day => day = true,
            _ if ["de", "of", "del", "the"].contains(&word) => continue,
            (false, true) if !month => month = true,
            _ => return None,
        }
        if day && month {
            return Some(at);
        }
    }
    None
}

/// How many words of a clock stand behind a date: `1:52 pm ET`, `at 14h05`, `um 14:05 Uhr`. A zone needs its time.
fn clock_words(words: &[&str]) -> usize {
    let mut timed = false;
    let of_clock = |at: &usize| {
        let bare = words.get(*at).map_or("", |word| bare(word));
        let beside = [at.checked_sub(1), Some(at + 1)];
        let is_said =
            beside.into_iter().flatten().filter_map(|at| words.get(at)).any(|word| is_of_clock(word));
        let is_time =
            bare.contains([':', 'h']) && bare.is_ascii() && bare.starts_with(|c: char| c.is_ascii_digit())
                || is_pointed(bare, is_said);
        let zone = (2..=5).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_uppercase());
        let fits = is_time || timed && zone || is_of_clock(bare);
        timed |= is_time;
        fits
    };
    (0..words.len().min(6)).take_while(of_clock).count()
}

fn bare(word: &str) -> &str {
    word.trim_matches(['(', ')', ','])
}

/// Words that stand beside a time.
fn is_of_clock(word: &str) -> bool {
    const WORDS: &[&str] =
        &["am", "pm", "a.m.", "p.m.", "at", "um", "uhr", "kl.", "h", "à", "klo", "alle", "ore"];
    WORDS.contains(&bare(word).to_lowercase().as_str())
}

/// `10.15am`; `18.16` where the words beside it say that it is a time.
fn is_pointed(word: &str, is_said: bool) -> bool {
    let lower = word.to_ascii_lowercase();
    let time = lower.trim_end_matches(['a', 'p', 'm']);
    let Some((hour, minute)) = time.split_once('.') else { return false };
    let is_below =
        |text: &str, most: u8| text.len() <= 2 && text.parse().is_ok_and(|number: u8| number < most);
    (is_said || time.len() + 2 == lower.len())
        && is_below(hour, 24)
        && minute.len() == 2
        && is_below(minute, 60)
}

/// Does the line hold a whole date: day, month and year?
pub fn holds_date(line: &str) -> bool {
    date_in(line).is_some()
}

/// A year of the last decades, or one to come.
pub fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u16| (1990..2100).contains(&year))
}

/// A number from one to `most`.
pub fn is_number(text: &str, most: u8) -> bool {
    text.len() <= 2 && text.parse().is_ok_and(|number: u8| (1..=most).contains(&number))
}

/// Long enough for a date, and with a year in it.
pub fn is_dated(text: &str) -> bool {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let fits = (6..=80).contains(&text.len()) && runs.map(str::len).all(|digits| digits <= 14);
    fits && (holds_year(text) || text.split_whitespace().any(is_short_date))
}

fn holds_year(text: &str) -> bool {
    let begins = |century: &&str| {
        text.match_indices(*century).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            !before.ends_with(|c: char| c.is_ascii_digit()) && text.get(at..at + 4).is_some_and(is_year)
        })
    };
    ["19", "20"].iter().any(begins)
}

/// `12/16/16`, `19.07.22`.
fn is_short_date(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches(',').split(['/', '.']).collect();
    parts.len() == 3
        && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_taken_out_of_its_line() {
        for (line, expected) in [
            ("By Ann Roe • May 10, 2022 1:52 pm ET | 5 comments", Some("May 10, 2022 1:52 pm ET")),
            ("Published December 22, 2016 by The Paper", Some("December 22, 2016")),
            ("Erstellt: 28.04.2023, 18:16 Uhr", Some("28.04.2023, 18:16 Uhr")),
            ("Ann Roe • 12/16/16 12:21pm", Some("12/16/16 12:21pm")),
            ("Published 3 May 2024 at 10.15am by Ann Roe", Some("3 May 2024 at 10.15am")),
            ("03.05.2024, 18.16 Uhr", Some("03.05.2024, 18.16 Uhr")),
            ("On 3 May 2024 10.15 euros", Some("3 May 2024")),
            ("el 1 de abril de 2024", Some("1 de abril de 2024")),
            ("2023-11-17 20:52:15来源：新华网", Some("2023-11-17")),
            ("In 2019 the mole came; May 10, 2022", Some("May 10, 2022")),
            ("24 July 2015 US & Canada", Some("24 July 2015")),
            ("12:20pm Jan 7, 2024", Some("Jan 7, 2024")),
            ("© 2024 The Paper", None),
            ("In 2024 moles dug on", None),
        ] {
            assert_eq!(date_in(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_line_may_print_the_day_of_a_change_beside_the_day_it_was_published() {
        let read = |line: &str| -> Vec<(String, bool)> {
            dates_in(line).into_iter().map(|date| (date.text, date.is_change)).collect()
        };
        let both = [("Mar 6, 2018".to_string(), true), ("Dec 21, 2016".to_string(), false)];
        assert_eq!(read("Author: Ann Roe Updated: Mar 6, 2018 Original: Dec 21, 2016"), both);
        let both = [("3. Mai 2024".to_string(), false), ("4. Mai 2024, 09:10 Uhr".to_string(), true)];
        assert_eq!(read("3. Mai 2024 | Aktualisiert am 4. Mai 2024, 09:10 Uhr"), both);
    }
}
