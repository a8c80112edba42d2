//! The single names in a line of several.

use super::super::gazetteer;
use super::{name, words};

/// Words between the names of a list.
const BETWEEN: &[&str] = &[
    " and ", " und ", " et ", " y ", " og ", " och ", " e ", " en ", " i ", " & ", " AND ", " UND ", " Y ",
    " with ", "; ", ", ", " / ", " | ", "/",
];

/// The single names of a list.
pub fn split(names: &str) -> Vec<&str> {
    let mut found = vec![names];
    // what stands between has two blanks or a sign in it
    let one = names.bytes().filter(|byte| *byte == b' ').count() < 2 && !names.contains([';', ',', '/']);
    for between in BETWEEN.iter().filter(|_| !one) {
        found = found.into_iter().flat_map(|part| part.split(*between)).collect();
    }
    found.into_iter().map(|one| one.trim().trim_start_matches("and ")).filter(|one| !one.is_empty()).collect()
}

/// `Roe, Jane; Doe, John M.`, as catalogues and old NITF have it: the names in reading order; none where any is not so.
pub fn surname_first(names: &str) -> Vec<String> {
    if !names.contains(',') {
        return Vec::new();
    }
    let parts = names.split([';', '&']).flat_map(|part| part.split(" and ")).map(str::trim);
    let turned = parts.filter(|part| !part.is_empty()).map(|part| {
        let (surname, given) = part.split_once(',')?;
        let (surname, given) = (surname.trim(), given.trim());
        let single = name::is_name(surname) && name::is_surname(surname);
        let (first, second) = given.split_once(' ').unwrap_or((given, ""));
        let initial = second.is_empty() || second.trim_end_matches('.').chars().count() == 1;
        let fits = single && initial && name::is_name(first) && first.chars().count() > 1;
        let town = || gazetteer::places(given).any(|place| place.population > 1_000_000);
        let dot = if second.chars().count() == 1 { "." } else { "" };
        (fits && !words::is_role(given) && !town()).then(|| format!("{given}{dot} {surname}"))
    });
    turned.collect::<Option<Vec<_>>>().unwrap_or_default()
}
