//! Chinese datelines: `新华社北京4月24日电`, agency, place, month, day and the word for a dispatch, without a blank.

use super::date::Printed;
use super::line::Parts;

/// Agencies that sign so: Xinhua, China News Service and its site.
const AGENCIES: &[&str] = &["新华社", "中新社", "中新网"];

/// The parts of a Chinese dateline at the start of `text`, and where it ends.
pub fn read(text: &str) -> Option<(usize, Parts<'_>)> {
    let agency =
        AGENCIES.iter().find_map(|agency| text.get(..agency.len()).filter(|start| start == agency))?;
    let rest = text.get(agency.len()..)?;
    let place = rest.find(|c: char| c.is_ascii_digit()).filter(|at| *at <= 30)?;
    let (month, after) = number(rest.get(place..)?, '月')?;
    let (day, after) = number(after, '日')?;
    let after = after.strip_prefix('电').or_else(|| after.strip_prefix('電'))?;
    let date = Printed { month, day: Some(day), year: None };
    let cities = rest.get(..place)?;
    Some((text.len() - after.len(), Parts { cities, region: None, date: Some(date), agency: Some(agency) }))
}

/// A number of one or two digits before a sign.
fn number(text: &str, sign: char) -> Option<(i8, &str)> {
    let (digits, rest) = text.split_once(sign).filter(|(digits, _)| digits.len() <= 2)?;
    Some((digits.parse().ok()?, rest))
}
