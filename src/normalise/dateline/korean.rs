//! Korean datelines: `(서울=연합뉴스) 홍길동 기자 = `, place and agency in brackets, who wrote it, an equals sign.

use super::line::Parts;

/// Behind it the story begins, when it stands so near: who wrote it may stand before it.
const SIGN: char = '=';
const NEAR: usize = 40;

/// The parts of a Korean dateline at the start of `text`, where its brackets end, and where the story begins.
pub fn read(text: &str) -> Option<(usize, usize, Parts<'_>)> {
    let (inner, rest) = text.strip_prefix('(')?.split_once(')')?;
    let (cities, agency) = inner.split_once(SIGN)?;
    let is_korean = |part: &str| {
        (2..=16).contains(&part.chars().count())
            && part.chars().all(|c| matches!(c, '\u{ac00}'..='\u{d7a3}' | '·' | ' '))
    };
    let end = text.len() - rest.len();
    let behind = rest.find(SIGN).filter(|at| *at <= NEAR).map_or(end, |at| end + at + SIGN.len_utf8());
    let parts = Parts { cities: cities.trim(), agency: Some(agency.trim()), ..Parts::default() };
    (is_korean(cities) && is_korean(agency)).then_some((end, behind, parts))
}
