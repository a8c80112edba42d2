//! Handles by which editors name a story: slug, transmission number, headline. When are two of them the same?

/// Cycle designators of AP's keyword slug: any cycle, morning, afternoon, online. They change from lead to lead.
const CYCLES: &[&str] = &["BC-", "AM-", "PM-", "AP-", "bc-", "am-", "pm-", "ap-"];

/// Words that mark a version or a part and are no keywords, lower case, digits and ordinals left out.
const MARKS: &[&str] = &[
    "ld",
    "lead",
    "writethru",
    "writethrough",
    "add",
    "adds",
    "takes",
    "take",
    "kill",
    "withhold",
    "hold",
    "corrective",
    "correction",
    "clarification",
    "advisory",
    "bjt",
    "sub",
    "insert",
    "update",
    "urgent",
    "bulletin",
    "flash",
    "newsalert",
    "elimination",
    "withdrawn",
    "refile",
    "repeat",
    "rpt",
    "net",
    "optional",
    "disregard",
    "release",
];

/// The keywords of a printed slugline, made comparable: cycle designator, version and counts left out, lower case, words
/// with one blank between; the part after `--` alone when there is one. None when nothing is left.
#[must_use]
pub fn slug_key(printed: &str) -> Option<String> {
    let (_, keywords) = parts(printed);
    Some(keywords).filter(|keywords| !keywords.is_empty())
}

/// Do two printed sluglines name the same story? `US--Roe Trial` and `Roe Trial` do, `US--Roe Trial` and `EU--Roe Trial`
/// do not.
#[must_use]
pub fn same_slug(a: &str, b: &str) -> bool {
    let ((a_desk, a), (b_desk, b)) = (parts(a), parts(b));
    !a.is_empty() && a == b && (a_desk.is_empty() || b_desk.is_empty() || a_desk == b_desk)
}

/// The desk before `--`, and the keywords behind it.
fn parts(printed: &str) -> (String, String) {
    let bare = printed.trim().trim_matches(['^', '<', '=', '/']).trim();
    let bare = CYCLES.iter().find_map(|cycle| bare.strip_prefix(cycle)).unwrap_or(bare);
    // Reuters' takes: the slug again with `=2`
    let keywords = bare.split([',', '(', '=']).next().unwrap_or_default();
    let (desk, keywords) = keywords.rsplit_once("--").unwrap_or(("", keywords));
    (words(desk).join(" "), without_marks(&words(keywords)))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// `heat roe 1stld writethru` is `heat roe`: marks stand at the end. A slug of nothing but marks is one.
fn without_marks(words: &[String]) -> String {
    let mut kept = words.len();
    while kept > 1 && words.get(kept - 1).is_some_and(|word| is_mark(word)) {
        kept -= 1;
    }
    words.get(..kept).unwrap_or_default().join(" ")
}

/// `writethru`, `1st`, `2ndld`, `3takes`; a plain number may be a keyword (`Highway 1`).
fn is_mark(word: &str) -> bool {
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = word.len() - letters.len();
    let unordered = ["st", "nd", "rd", "th"].iter().find_map(|ending| letters.strip_prefix(ending));
    let ordinal = digits > 0 && unordered.is_some();
    let rest = if ordinal { unordered.unwrap_or(letters) } else { letters };
    (ordinal && rest.is_empty()) || (!rest.is_empty() && MARKS.contains(&rest))
}

/// A transmission number made comparable: lower case, `v9991`. None when there is no digit.
#[must_use]
pub fn number_key(printed: &str) -> Option<String> {
    let key: String =
        printed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    key.contains(|c: char| c.is_ascii_digit()).then_some(key)
}

/// A headline made comparable: words in lower case, one blank between; none when it has fewer than two.
#[must_use]
pub fn headline_key(printed: &str) -> Option<String> {
    let words = words(printed);
    (words.len() > 1).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_from_lead_to_lead_is_no_part_of_the_slug() {
        let cases = [
            ("BC-US--Julia Roe Exhibit,1st Ld-Writethru,416", "julia roe exhibit"),
            ("^AM-Roe Trial, 2nd Ld, a0512,880<", "roe trial"),
            ("BC-BKN--Heat-Roe 1stLd-Writethru", "heat roe"),
            ("BC-BKN--Heat-Roe", "heat roe"),
            ("USA-SHUTDOWN/TOURISTS (UPDATE 1, PIX, TV)", "usa shutdown tourists"),
            ("Germany-politics/", "germany politics"),
            ("Highway 1", "highway 1"),
            ("GRAIN-USA=2", "grain usa"),
            ("KILL", "kill"),
        ];
        for (printed, expected) in cases {
            assert_eq!(slug_key(printed).as_deref(), Some(expected), "{printed}");
        }
        assert_eq!(slug_key(" , "), None);
    }

    #[test]
    fn desks_keep_equal_keywords_apart() {
        assert!(same_slug("BC-US--Roe Trial, 1st Ld", "BC-Roe Trial"));
        assert!(same_slug("BC-US--Roe Trial", "AM-US--Roe Trial,KILL"));
        assert!(!same_slug("BC-US--Roe Trial", "BC-EU--Roe Trial"));
        assert!(!same_slug("", ""));
    }
}
