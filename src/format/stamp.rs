//! The stamp that agencies of the Americas set below a story, and by which it was sent: `AP-NY-04-01-24 1405EDT`, month before day.

use crate::wire::{DateKind, WireDate};

/// The stamp in a line of its own. The agency and its wire may be left out (`NYT-04-01-24 2005EDT`, `04-01-24 1405EDT`), the year may be
/// whole.
pub fn read(line: &str) -> Option<WireDate> {
    let outer = |c: char| c.is_whitespace() || c.is_control() || "^<>()=-".contains(c);
    let stamp = line.trim_matches(outer);
    let digit = stamp.find(|c: char| c.is_ascii_digit()).filter(|at| *at <= 12)?;
    let (signs, told) = stamp.split_at_checked(digit)?;
    let is_sign = |sign: &str| (1..=5).contains(&sign.len()) && sign.bytes().all(|b| b.is_ascii_uppercase());
    let is_signed = signs.strip_suffix('-').is_some_and(|signs| signs.split('-').all(is_sign));
    let (day, clock) = told.split_once(' ')?;
    let day: Vec<&str> = day.split('-').collect();
    let [month, day, year] = day.as_slice() else { return None };
    let (time, zone) = clock.trim().split_at_checked(4)?;
    let zone = zone.trim();
    let (hour, minute) = time.split_at_checked(2)?;
    let fits = (is_signed || signs.is_empty() && zone.len() >= 3)
        && [month, day, &hour, &minute].iter().all(|number| number.len() == 2 && is_number(number))
        && matches!(year.len(), 2 | 4)
        && is_number(year)
        && zone.len() <= 8
        && zone.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ');
    let century = match *year {
        year if year.len() == 4 => "",
        year if year > "70" => "19",
        _ => "20",
    };
    let zone = if zone == "GMT" { "Z" } else { zone };
    let text = format!("{century}{year}-{month}-{day}T{hour}:{minute}:00{zone}");
    fits.then_some(WireDate { kind: DateKind::Sent, text })
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_read_and_other_lines_are_not() {
        for (line, expected) in [
            ("\t   ^AP-WF-02-20-16 0337GMT<", Some("2016-02-20T03:37:00Z")),
            ("AP-NY-04-01-24 1405EDT", Some("2024-04-01T14:05:00EDT")),
            ("(AP-ES-04-01-2024 1405EDT)", Some("2024-04-01T14:05:00EDT")),
            ("NYT-04-01-98 2005EST<", Some("1998-04-01T20:05:00EST")),
            ("XP-NY-04-01-24 0205pm EDT", Some("2024-04-01T02:05:00pm EDT")),
            ("04-01-24 1405EDT", Some("2024-04-01T14:05:00EDT")),
            ("04-01-24 1405", None),
            ("555-01-24 1405EDT", None),
            ("Moles-04-01-24 1405EDT", None),
            ("MOLES 115, VOLES 111", None),
            ("A-B-C", None),
            ("é-04-01-24 14é5EDT", None),
        ] {
            assert_eq!(read(line).map(|date| date.text).as_deref(), expected, "{line}");
        }
    }
}
