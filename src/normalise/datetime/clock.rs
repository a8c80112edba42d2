//! The time of day in a printed date.

use std::borrow::Cow;

use super::token::Token;
use super::words;

/// A time of day; midnight when none is printed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Clock {
    pub hour: i8,
    pub minute: i8,
    pub second: i8,
    pub nanosecond: i32,
    /// Where it stood: a zone stands right behind it.
    pub at: Option<usize>,
}

/// Words that stand for the colon: `14h05`, `14 Uhr`.
const HOURS: &[&str] = &["h", "uhr", "u", "ч", "時", "时", "点", "시"];

/// Takes the time out of the tokens; `None` when what is printed is no time of day.
pub fn take(tokens: &mut Vec<Token<'_>>) -> Option<Clock> {
    let Some(start) = (0..tokens.len()).find(|at| starts(tokens, *at)) else {
        return Some(Clock::default());
    };
    let joined = tokens.get(start) == Some(&Token::Word("t"));
    let (mut clock, end) = if joined { compact(tokens, start + 1)? } else { spaced(tokens, start)? };
    tokens.drain(start..end);
    clock.at = Some(start);
    half(tokens, &mut clock);
    let whole = (0..24).contains(&clock.hour) || (clock.hour == 24 && clock.minute == 0 && clock.second == 0);
    clock.second = clock.second.min(if clock.second == 60 { 59 } else { clock.second });
    whole.then_some(clock)
}

/// A time starts at two numbers with a colon between, at `T14`, `14h` or `2 pm`. `+02:00` is a zone and `2024:04:01` a date.
fn starts(tokens: &[Token<'_>], at: usize) -> bool {
    let next = tokens.get(at + 1);
    if tokens.get(at) == Some(&Token::Word("t")) {
        return matches!(next, Some(Token::Number(n)) if matches!(n.len(), 2 | 4 | 6))
            && !is_colon(tokens.get(at + 2));
    }
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let parted = !before.is_some_and(|token| token.is('+') || token.is(':') || is_zone_sign(tokens, at));
    let is_hour = tokens.get(at).is_some_and(|token| token.short(2).is_some());
    parted && is_hour && (is_colon(next) || next.is_some_and(is_hour_word))
}

/// `-05:00` behind a whole date is a zone.
fn is_zone_sign(tokens: &[Token<'_>], at: usize) -> bool {
    at >= 2
        && tokens.get(at - 1).is_some_and(|t| t.is('-'))
        && matches!(tokens.get(at - 2), Some(Token::Number(_)))
}

fn is_colon(token: Option<&Token<'_>>) -> bool {
    token.is_some_and(|token| token.is(':'))
}

fn is_hour_word(token: &Token<'_>) -> bool {
    matches!(token, Token::Word(word) if HOURS.contains(word) || words::afternoon(word).is_some())
}

/// `14:05:00.25` and its shorter forms; `14h05`.
fn spaced(tokens: &[Token<'_>], start: usize) -> Option<(Clock, usize)> {
    let mut clock = Clock { hour: tokens.get(start)?.short(2)?, ..Clock::default() };
    let mut at = start + 1;
    if matches!(tokens.get(at), Some(Token::Word(word)) if words::afternoon(word).is_some()) {
        return Some((clock, at));
    }
    let Some(minute) = tokens.get(at + 1).and_then(|token| token.short(2)) else {
        return matches!(tokens.get(at), Some(Token::Word(_))).then_some((clock, at + 1));
    };
    clock.minute = minute;
    at += 2;
    if is_colon(tokens.get(at)) {
        clock.second = tokens.get(at + 1)?.short(2)?;
        at += 2;
    }
    fraction(tokens, &mut clock, &mut at);
    Some((clock, at))
}

/// `140500.25` behind a `T`, and its shorter forms.
fn compact(tokens: &[Token<'_>], start: usize) -> Option<(Clock, usize)> {
    let Some(Token::Number(digits)) = tokens.get(start) else { return None };
    let pair = |at: usize| digits.get(at..at + 2).map_or(Some(0), |pair| pair.parse().ok());
    let mut clock = Clock { hour: pair(0)?, minute: pair(2)?, second: pair(4)?, ..Clock::default() };
    let mut at = start + 1;
    fraction(tokens, &mut clock, &mut at);
    Some((clock, at))
}

/// `14.05 Uhr`, `kl. 14.05`, `at 2.05pm`, `3 June 2022 14.05`: a clock with a point, as German, the Nordic languages and some British papers
/// print it, with a colon.
pub fn with_colon(lower: &str) -> Cow<'_, str> {
    let named = |at: usize| {
        let (before, after) = (lower.get(..at).unwrap_or_default(), lower.get(at..).unwrap_or_default());
        let behind = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        behind.trim_start().starts_with("uhr")
            || is_half(behind.trim_start())
            || ["kl. ", "kl ", "klo ", "klokken ", " at ", " um "].iter().any(|word| before.ends_with(word))
            || follows_year(before)
    };
    let point_of = |at: usize| {
        let rest = lower.get(at..).unwrap_or_default();
        let (hour, behind) = rest.split_once('.')?;
        let minute = behind.chars().take_while(char::is_ascii_digit).count();
        let before = lower.get(..at).unwrap_or_default();
        let is_start = !before.ends_with(|c: char| c.is_ascii_digit() || c == '.');
        let is_hour = (1..=2).contains(&hour.len()) && hour.bytes().all(|byte| byte.is_ascii_digit());
        (is_start && is_hour && minute == 2).then_some(at + hour.len())
    };
    if !lower.contains('.') || lower.contains(':') {
        return lower.into();
    }
    let starts = lower.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
    let Some(point) = starts.filter(|at| named(*at)).find_map(point_of) else { return lower.into() };
    let (date, time) = (lower.get(..point).unwrap_or_default(), lower.get(point + 1..).unwrap_or_default());
    // seconds too
    let time = if time.get(2..3) == Some(".") { time.replacen('.', ":", 1) } else { time.into() };
    format!("{date}:{time}").into()
}

/// Does `am` or `p.m.` stand there, and not `amid`?
fn is_half(behind: &str) -> bool {
    let rest = ["am", "pm", "a.m", "p.m"].iter().find_map(|half| behind.strip_prefix(half));
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

/// Does a year of four digits stand right before?
fn follows_year(before: &str) -> bool {
    let year = before.trim_end_matches([' ', ',']);
    let digits = year.bytes().rev().take_while(u8::is_ascii_digit).count();
    digits == 4 && year.len() < before.len()
}

fn fraction(tokens: &[Token<'_>], clock: &mut Clock, at: &mut usize) {
    let point = tokens.get(*at).is_some_and(|token| token.is('.') || token.is(','));
    if let (true, Some(Token::Number(digits))) = (point, tokens.get(*at + 1)) {
        let nine: String = digits.chars().chain(std::iter::repeat('0')).take(9).collect();
        clock.nanosecond = nine.parse().unwrap_or(0);
        *at += 2;
    }
}

/// Takes `pm`, `오후` ... out of the tokens, wherever it stands.
fn half(tokens: &mut Vec<Token<'_>>, clock: &mut Clock) {
    let found = tokens.iter().enumerate().find_map(|(at, token)| match token {
        Token::Word(word) => words::afternoon(word).map(|afternoon| (at, afternoon)),
        _ => None,
    });
    let Some((at, afternoon)) = found else { return };
    tokens.remove(at);
    clock.at = clock.at.map(|clock_at| if at < clock_at { clock_at - 1 } else { clock_at });
    match (clock.hour, afternoon) {
        (12, false) => clock.hour = 0,
        (1..12, true) => clock.hour += 12,
        _ => {}
    }
}
