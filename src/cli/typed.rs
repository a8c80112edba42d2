//! What was typed, before it is taken apart: a word that a query leaves out (`-crossing`, `-in:ID`) is no flag.

use std::ffi::OsString;

/// The commands that take a query.
const ASKING: &[&str] = &["search", "watch", "topics"];

/// Puts a blank before words that a query leaves out, so that clap does not read them as flags. Real flags stay: two dashes, `-n5`, `-h`,
/// `-cother.toml`, and a long flag with a dash too few, so that clap can say what was meant.
pub fn set_apart(args: impl IntoIterator<Item = OsString>, long: &[String]) -> Vec<OsString> {
    let mut asks = false;
    let mut ended = false;
    let apart = |arg: OsString| {
        let Some(text) = arg.to_str() else { return arg };
        asks |= ASKING.contains(&text);
        ended |= text == "--";
        let is_left_out = asks && !ended && text.strip_prefix('-').is_some_and(|rest| is_word(rest, long));
        if is_left_out { format!(" {text}").into() } else { arg }
    };
    args.into_iter().map(apart).collect()
}

/// Is this, after its one dash, a word rather than a flag?
fn is_word(rest: &str, long: &[String]) -> bool {
    let mut letters = rest.chars();
    let is_flag = match (letters.next(), letters.as_str()) {
        (None | Some('-'), _) | (Some('h' | 'V' | 'c' | 'd' | 'n'), "") => true,
        (Some('n'), value) => value.trim_start_matches('=').bytes().all(|byte| byte.is_ascii_digit()),
        (Some('c' | 'd'), value) => value.contains(['/', '.', '=']),
        _ => false,
    };
    !is_flag && !long.iter().any(|name| name == rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_query_leaves_out_are_told_from_flags() {
        let long = ["help", "since", "json"].map(String::from);
        let table = [
            ("search -in:4twq rafah", "search  -in:4twq rafah"),
            ("search rafah -crossing --json", "search rafah  -crossing --json"),
            ("search -headline:talks -n5 -d /srv x", "search  -headline:talks -n5 -d /srv x"),
            ("search -n=5 -c/etc/w.toml -dother.d -h", "search -n=5 -c/etc/w.toml -dother.d -h"),
            ("search -since -json -help", "search -since -json -help"),
            ("search -delta -north -V", "search  -delta  -north -V"),
            ("search - -- -in:x", "search - -- -in:x"),
            ("-d data topics add a -rafah", "-d data topics add a  -rafah"),
            ("export -since", "export -since"),
            ("show -x", "show -x"),
        ];
        for (typed, expected) in table {
            let apart = set_apart(typed.split(' ').map(OsString::from), &long);
            let apart: Vec<&str> = apart.iter().filter_map(|arg| arg.to_str()).collect();
            assert_eq!(apart.join(" "), expected);
        }
    }
}
