//! `in:ID`: only stories of the thread that a story is in.

/// Stands between several whole values that are asked for as one; in no identifier.
pub(super) const BESIDE: char = '\u{1f}';

/// True when `query` names a thread, which has other stories tomorrow.
#[must_use]
pub fn names_a_thread(query: &str) -> bool {
    query.split_whitespace().any(|word| thread(word).is_some())
}

/// `query` with the stories of a thread in place of `in:ID`; `stories` tells them for the id of one of them.
#[must_use]
pub fn within_threads(query: &str, stories: &dyn Fn(&str) -> Vec<String>) -> String {
    let spelt = |word: &str| {
        let (sign, id, after) = thread(word)?;
        let mut ids = stories(id);
        ids.push(id.to_owned());
        ids.retain(|id| !id.contains(['"', BESIDE]));
        Some(format!("{sign}id:\"{}\"{after}", ids.join(&BESIDE.to_string())))
    };
    let words = query.split(' ').map(|word| spelt(word).unwrap_or_else(|| word.to_owned()));
    words.collect::<Vec<_>>().join(" ")
}

/// The signs before `in:`, the id behind it, and the brackets behind that.
fn thread(word: &str) -> Option<(&str, &str, &str)> {
    let (sign, id) = word.split_once("in:")?;
    let bare = id.trim_end_matches(')');
    let is_sign = sign.chars().all(|c| matches!(c, '+' | '-' | '('));
    (is_sign && !bare.is_empty()).then(|| (sign, bare, id.get(bare.len()..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_spelt_out_and_everything_else_stays() {
        let stories = |id: &str| if id == "a:1" { vec!["a:1".into(), "b/2".into()] } else { Vec::new() };
        for (query, spelt) in [
            ("rafah in:a:1", "rafah id:\"a:1 b/2 a:1\""),
            ("rafah (-in:a:1)", "rafah (-id:\"a:1 b/2 a:1\")"),
            ("in:nobody", "id:\"nobody\""),
            ("built in: 1901 \"in:a:1", "built in: 1901 \"in:a:1"),
            ("berlin:wall in", "berlin:wall in"),
        ] {
            let told = within_threads(query, &stories).replace(BESIDE, " ");
            assert_eq!(told, spelt, "{query}");
            assert_eq!(names_a_thread(query), query != spelt, "{query}");
        }
    }
}
