//! The date in a printed date, when clock and zone are taken out: one table of layouts.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday, date as civil};

use super::token::Token;
use super::words;

/// What the numbers of a layout are, in printed order.
#[derive(Debug, Clone, Copy)]
enum Order {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
    MonthYear,
    YearDayOfYear,
    YearWeekDay,
}

/// Layouts: `Y` four digits, `D` three, `N` one or two, `M` the name of a month, `W` the W of a week; marks between numbers as printed.
const LAYOUTS: &[(&str, Order)] = &[
    ("Y-N-N", Order::YearMonthDay),
    ("NMY", Order::DayMonthYear),
    ("MNY", Order::MonthDayYear),
    ("NMN", Order::DayMonthYear),
    ("MNN", Order::MonthDayYear),
    ("YMN", Order::YearMonthDay),
    ("YNN", Order::YearMonthDay),
    ("Y/N/N", Order::YearMonthDay),
    ("Y.N.N", Order::YearMonthDay),
    ("Y:N:N", Order::YearMonthDay),
    ("N/N/Y", Order::MonthDayYear),
    ("N/N/N", Order::MonthDayYear),
    ("N.N.Y", Order::DayMonthYear),
    ("N.N.N", Order::DayMonthYear),
    ("N-N-Y", Order::DayMonthYear),
    ("NNY", Order::DayMonthYear),
    ("N-N-N", Order::YearMonthDay),
    ("NNN", Order::YearMonthDay),
    ("Y-N", Order::YearMonthDay),
    ("Y/N", Order::YearMonthDay),
    ("YM", Order::YearMonthDay),
    ("Y", Order::YearMonthDay),
    ("MY", Order::MonthYear),
    ("Y-D", Order::YearDayOfYear),
    ("YD", Order::YearDayOfYear),
    ("YWD", Order::YearWeekDay),
    ("YWN-N", Order::YearWeekDay),
    ("YWN", Order::YearWeekDay),
];

/// Numbers with strokes between, of which the day or the month may be the first.
const STROKES: &[&str] = &["N/N/Y", "N/N/N"];

/// The date that the tokens print, when they are one of the layouts. `day_first`: how `04/05/2024` is meant.
pub fn date(tokens: &[Token<'_>], day_first: bool) -> Option<Date> {
    let mut shape = Shape::default();
    for (at, token) in tokens.iter().enumerate() {
        shape.push(tokens, at, *token)?;
    }
    let (layout, order) = LAYOUTS.iter().find(|(layout, _)| *layout == shape.text)?;
    let turned = day_first && STROKES.contains(layout);
    if turned { Order::DayMonthYear.date(&shape.numbers) } else { order.date(&shape.numbers) }
}

#[derive(Default)]
struct Shape {
    text: String,
    /// Values, each with the number of its digits; a month by name has none.
    numbers: Vec<(i16, usize)>,
}

impl Shape {
    fn push(&mut self, tokens: &[Token<'_>], at: usize, token: Token<'_>) -> Option<()> {
        let next = tokens.get(at + 1);
        match token {
            Token::Number(digits) => self.number(digits)?,
            Token::Word("w") => self.text.push('W'),
            Token::Word(word) => self.word(word, tokens.get(at + 1..).unwrap_or_default())?,
            Token::Mark(',' | '(' | ')' | '[' | ']' | '|' | '·' | '•') => {}
            Token::Mark(mark @ ('-' | '/' | '.' | ':')) if matches!(next, Some(Token::Number(_))) => {
                self.mark(mark)
            }
            Token::Mark('-' | '/' | '.' | ':') => {}
            Token::Mark(_) => return None,
        }
        Some(())
    }

    /// Marks count between two numbers only.
    fn mark(&mut self, mark: char) {
        if self.text.ends_with(['Y', 'N', 'D']) {
            self.text.push(mark);
        }
    }

    /// Runs of digits are cut as ISO 8601's basic formats are.
    fn number(&mut self, digits: &str) -> Option<()> {
        let parts: &[usize] = match digits.len() {
            1 | 2 => &[2],
            3 => &[3],
            4 => &[4],
            6 => &[2, 2, 2],
            7 => &[4, 3],
            8 => &[4, 2, 2],
            _ => return None,
        };
        let mut rest = digits;
        for length in parts {
            let (part, tail) = rest.split_at_checked(*length).unwrap_or((rest, ""));
            rest = tail;
            self.text.push(match length {
                4 => 'Y',
                3 => 'D',
                _ => 'N',
            });
            self.numbers.push((part.parse().ok()?, part.len()));
        }
        Some(())
    }

    /// `mar` is Tuesday in "mar. 5 mars" and March in "mar 5".
    fn word(&mut self, word: &str, later: &[Token<'_>]) -> Option<()> {
        let has_month = |tokens: &[Token<'_>]| {
            tokens.iter().any(|token| matches!(token, Token::Word(word) if words::month(word).is_some()))
        };
        match words::month(word) {
            Some(_) if words::is_weekday(word) && has_month(later) => Some(()),
            Some(month) => {
                self.text.push('M');
                self.numbers.push((i16::from(month), 0));
                Some(())
            }
            None => (words::is_weekday(word) || words::is_filler(word)).then_some(()),
        }
    }
}

impl Order {
    fn date(self, numbers: &[(i16, usize)]) -> Option<Date> {
        let at = |index: usize| numbers.get(index).map(|(value, _)| *value);
        let year = |index: usize| numbers.get(index).map(|number| whole_year(*number));
        match self {
            Self::YearMonthDay => ymd(year(0)?, at(1).unwrap_or(1), at(2).unwrap_or(1)),
            Self::DayMonthYear => either(year(2)?, at(1)?, at(0)?),
            Self::MonthDayYear => either(year(2)?, at(0)?, at(1)?),
            Self::MonthYear => ymd(year(1)?, at(0)?, 1),
            Self::YearDayOfYear => day_of_year(year(0)?, at(1)?),
            Self::YearWeekDay => week(year(0)?, at(1)?, at(2)),
        }
    }
}

/// A date whose month and day may stand the other way round: there is no month 31.
fn either(year: i16, month: i16, day: i16) -> Option<Date> {
    if month > 12 { ymd(year, day, month) } else { ymd(year, month, day) }
}

fn ymd(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Two digits are of 1969 to 2068 (POSIX, `%y`); Thailand counts from the Buddha's death, 543 years earlier.
fn whole_year((year, digits): (i16, usize)) -> i16 {
    match (digits, year) {
        (1 | 2, 69..) => year + 1900,
        (1 | 2, _) => year + 2000,
        (4, 2443..=2642) => year - 543,
        _ => year,
    }
}

fn day_of_year(year: i16, day: i16) -> Option<Date> {
    let found = Date::new(year, 1, 1).ok()?.checked_add((i64::from(day) - 1).days()).ok()?;
    (found.year() == year && day > 0).then_some(found)
}

/// `W14-1`, `W141`; a week alone is its Monday.
fn week(year: i16, week: i16, day: Option<i16>) -> Option<Date> {
    let (week, day) = if week > 99 { (week / 10, week % 10) } else { (week, day.unwrap_or(1)) };
    let weekday = Weekday::from_monday_one_offset(i8::try_from(day).ok()?).ok()?;
    let found = ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday).ok()?;
    Some(found.date()).filter(|found| *found > civil(1, 1, 1))
}
