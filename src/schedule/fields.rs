//! The five fields of a crontab line, turned into plain lists: `1-5/2` into `1,3,5`, weekday 7 into `sun`.

use std::fmt::Write as _;

struct Field {
    name: &'static str,
    min: u32,
    max: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_OF_WEEK: usize = 4;

static FIELDS: [Field; 5] = [
    Field { name: "minute", min: 0, max: 59, names: &[] },
    Field { name: "hour", min: 0, max: 23, names: &[] },
    Field { name: "day of month", min: 1, max: 31, names: &[] },
    Field { name: "month", min: 1, max: 12, names: MONTHS },
    Field { name: "day of week", min: 0, max: 7, names: DAYS },
];

static SHORTHANDS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// A crontab line as five plain lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    lists: Vec<String>,
    /// Both day fields are given: either is enough.
    either: bool,
    /// A `*` in minutes or hours.
    pub wild: bool,
}

impl Line {
    /// Reads five fields or a shorthand; the error says which field is wrong and what it may hold.
    pub(super) fn read(written: &str) -> Result<Self, String> {
        let texts: Vec<&str> = expand(written.trim())?.split_whitespace().collect();
        let [minute, hour, day, _, weekday] = texts[..] else {
            return Err(format!(
                "{} fields; expected five: minute hour day-of-month month day-of-week",
                texts.len()
            ));
        };
        let lists =
            FIELDS.iter().zip(&texts).map(|(field, text)| field.list(text)).collect::<Result<_, _>>()?;
        let wild = is_star(minute) || is_star(hour);
        Ok(Self { lists, either: !is_star(day) && !is_star(weekday), wild })
    }

    /// As the `cron` package reads it, seconds in front; two lines where either day field is enough.
    pub(super) fn for_cron(&self) -> Vec<String> {
        let [minute, hour, day, month, weekday] = &self.lists[..] else { return Vec::new() };
        let line = |day: &str, weekday: &str| format!("0 {minute} {hour} {day} {month} {weekday}");
        if self.either { vec![line(day, "*"), line("*", weekday)] } else { vec![line(day, weekday)] }
    }
}

fn is_star(field: &str) -> bool {
    field.starts_with('*') || field == "?"
}

fn expand(written: &str) -> Result<&str, String> {
    if !written.starts_with('@') {
        return Ok(written);
    }
    let known = SHORTHANDS.iter().find(|(name, _)| written.eq_ignore_ascii_case(name));
    known.map(|(_, fields)| *fields).ok_or_else(|| {
        let names: Vec<&str> = SHORTHANDS.iter().map(|(name, _)| *name).collect();
        format!("unknown shorthand; expected five fields or one of {}", names.join(" "))
    })
}

impl Field {
    /// The field as a plain list the `cron` package reads: `*`, `0,15,30`, `Mon,Tue`.
    fn list(&self, text: &str) -> Result<String, String> {
        if text == "*" || text == "?" && self.name.starts_with("day") {
            return Ok("*".into());
        }
        let mut fits = [false; 60];
        for part in text.split(',') {
            for value in self.part(part).map_err(|reason| format!("{} \"{part}\": {reason}", self.name))? {
                if let Some(fit) = fits.get_mut(self.number(value)) {
                    *fit = true;
                }
            }
        }
        let mut list = String::new();
        for (value, _) in fits.iter().enumerate().filter(|(_, fit)| **fit) {
            let comma = if list.is_empty() { "" } else { "," };
            let _ = match DAYS.get(value) {
                Some(day) if self.is_weekday() => write!(list, "{comma}{day}"),
                _ => write!(list, "{comma}{value}"),
            };
        }
        Ok(list)
    }

    /// One part of a list: `*`, `5`, `1-5`, `*/10`, `6-23/2`.
    fn part(&self, part: &str) -> Result<Vec<u32>, String> {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step: usize = match step {
            None => 1,
            Some(step) => {
                step.parse().ok().filter(|step| *step > 0).ok_or("the step after / must be 1 or more")?
            }
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (self.min, self.top()),
            None if part.contains('/') => (self.value(range)?, self.top()),
            None => (self.value(range)?, self.value(range)?),
            Some((first, last)) => (self.value(first)?, self.value(last)?),
        };
        if first <= last {
            return Ok((first..=last).step_by(step).collect());
        }
        if self.is_weekday() {
            return Ok((first..=last + 7).step_by(step).collect());
        }
        Err("the range runs backwards".into())
    }

    fn value(&self, text: &str) -> Result<u32, String> {
        let named =
            self.names.iter().position(|name| text.get(..3).is_some_and(|t| t.eq_ignore_ascii_case(name)));
        if let Some(place) = named.filter(|_| text.bytes().all(|byte| byte.is_ascii_alphabetic())) {
            return Ok(self.min + u32::try_from(place).unwrap_or_default());
        }
        text.parse().ok().filter(|value| (self.min..=self.max).contains(value)).ok_or_else(|| self.expected())
    }

    fn expected(&self) -> String {
        let names = match (self.names.first(), self.names.last()) {
            (Some(first), Some(last)) => format!(" or {first} to {last}"),
            _ => String::new(),
        };
        format!("expected {} to {}{names}", self.min, self.max)
    }

    fn is_weekday(&self) -> bool {
        std::ptr::eq(self, &FIELDS[DAY_OF_WEEK])
    }

    /// The last value of a `*`: 7 is a second name of Sunday, and not an eighth day.
    fn top(&self) -> u32 {
        if self.is_weekday() { 6 } else { self.max }
    }

    fn number(&self, value: u32) -> usize {
        (if self.is_weekday() { value % 7 } else { value }) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_plain_lists() {
        let table: [(&str, &[&str]); 5] = [
            ("*/20 * * * *", &["0 0,20,40 * * * *"]),
            ("0 9-17/4 * jan-mar 1-5", &["0 0 9,13,17 * 1,2,3 mon,tue,wed,thu,fri"]),
            ("5,5,1 0 1 * *", &["0 1,5 0 1 * *"]),
            ("0 0 * * 7", &["0 0 0 * * sun"]),
            ("0 12 13 * fri", &["0 0 12 13 * *", "0 0 12 * * fri"]),
        ];
        for (written, lines) in table {
            assert_eq!(Line::read(written).unwrap().for_cron(), lines, "{written}");
        }
    }
}
