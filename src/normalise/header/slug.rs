//! The slugline: `BC-US--Capitol Roe,1st Ld-Writethru,416` and Reuters' tags before a headline.

/// A slugline taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slug {
    /// The keywords, cycle designator and version left out: `US--Capitol Roe`.
    pub keywords: String,
    /// AP's editorial type of the version mark.
    pub editorial_type: Option<&'static str>,
    /// A number such as `a0512` or `V9991`.
    pub transmission: Option<String>,
    /// The word count at its end.
    pub words: Option<u32>,
}

/// Cycle designators of AP's keyword slug: any cycle, morning, afternoon, online.
const CYCLES: &[&str] = &["BC-", "AM-", "PM-", "AP-"];

/// Words of version marks, lower case, and the editorial type they are (AP Media API, editorial types). The first that fits wins.
#[rustfmt::skip]
const VERSIONS: &[(&str, &str)] = &[
    ("bulletin kill", "Kill"), ("kill", "Kill"), ("withdrawn", "Withdrawn"), ("withhold", "Withhold"), ("disregard", "Disregard"),
    ("corrective", "Corrective"), ("clarification", "Clarification"), ("advisory", "Advisory"), ("writethru", "Writethru"), ("writethrough", "Writethru"),
    ("takes", "Takes"), ("add", "Add"), ("ld", "Lead"), ("lead", "Lead"), ("hold for release", "HoldForRelease"),
    ("elimination", "Elimination"), ("daybook", "Daybook"), ("news digest", "Budget"), ("budget", "Budget"),
];

/// Tags that Reuters and others set before a headline, and what they say of the version.
#[rustfmt::skip]
const TAGS: &[(&str, &str)] = &[
    ("STORY WITHDRAWN", "Withdrawn"), ("WITHDRAWN-", "Withdrawn"), ("CORRECTED-", "Correction"), ("CORRECTED -", "Correction"), ("CORRECTED (OFFICIAL)", "Correction"),
    ("REFILE-", "Refile"), ("RPT-", "Repeat"), ("REPEAT-", "Repeat"), ("UPDATE ", "Update"), ("KILL KILL", "Kill"), ("HOLD HOLD", "Withhold"), ("BULLETIN KILL", "Kill"), ("ADVISORY-", "Advisory"),
];

/// Reads a slugline. A comma ends the keywords; version, number and word count follow it.
pub fn read(printed: &str) -> Slug {
    let bare = printed.trim().trim_matches(['^', '<', '=']).trim();
    let bare = CYCLES.iter().find_map(|cycle| bare.strip_prefix(cycle)).unwrap_or(bare);
    let mut parts = bare.split(',').map(str::trim);
    let mut slug = Slug { keywords: parts.next().unwrap_or_default().into(), ..Slug::default() };
    for part in parts {
        let number = part.parse().ok();
        slug.words = number.or(slug.words);
        slug.editorial_type = slug.editorial_type.or_else(|| version(part));
        slug.transmission =
            slug.transmission.or_else(|| part.split(' ').find(|word| is_number(word)).map(Into::into));
    }
    slug
}

/// A slugline as printed, without the word count at the end of AP's keyword line: `BC-US--Roe,1st Ld-Writethru,416`.
pub fn without_count(printed: &str) -> &str {
    let count = |text: &&str| (2..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let cut = printed.rsplit_once(',').filter(|(_, last)| count(&last.trim()) && is_keyword_line(printed));
    cut.map_or(printed, |(slug, _)| slug.trim_end())
}

/// `1st Ld-Writethru`, `2 Takes`, `KILL`: the editorial type of a version mark.
pub fn version(mark: &str) -> Option<&'static str> {
    let lower = mark.to_lowercase();
    let words = |word: &str| lower.split(|c: char| !c.is_alphabetic()).any(|found| found == word);
    VERSIONS
        .iter()
        .find(|(word, _)| if word.contains(' ') { lower.contains(word) } else { words(word) })
        .map(|row| row.1)
}

/// An editorial type as this table spells it, whatever the case in which it was sent (NITF `msg-type="kill"`).
pub fn spelt(printed: &str) -> &str {
    let known = VERSIONS.iter().chain(TAGS).map(|row| row.1);
    known.into_iter().find(|kind| kind.eq_ignore_ascii_case(printed)).unwrap_or(printed)
}

/// What a tag before the headline says: `CORRECTED-`, `UPDATE 1-`, `KILL KILL KILL`.
pub fn tag(headline: &str) -> Option<&'static str> {
    let start = headline.trim_start_matches(['*', ' ', '(']);
    let (tag, kind) = TAGS.iter().find(|(tag, _)| start.starts_with(tag))?;
    let rest = start.get(tag.len()..).unwrap_or_default();
    let numbered = *tag != "UPDATE "
        || rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('-') && !rest.starts_with('-');
    numbered.then_some(kind)
}

/// `a0512`, `V9991`: a letter and four digits, one letter more at most.
pub fn is_number(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = word.len() - letters;
    (1..=2).contains(&letters)
        && (3..=5).contains(&digits)
        && word.bytes().skip(letters).all(|byte| byte.is_ascii_digit())
}

/// Does the line read as an AP keyword line: `BC-BKN--Heat-Roe, 1st Ld-Writethru,416`?
pub fn is_keyword_line(line: &str) -> bool {
    let bare = line.trim_matches(['^', '<', ' ']);
    let rest = CYCLES.iter().find_map(|cycle| bare.strip_prefix(cycle)).unwrap_or_default();
    rest.len() >= 3
        && rest.len() < 100
        && rest.starts_with(|c: char| c.is_alphanumeric())
        && !rest.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slugline_is_taken_apart_at_its_commas() {
        for (printed, keywords, kind, words) in [
            ("BC-US--Capitol Roe,1st Ld-Writethru,416", "US--Capitol Roe", Some("Writethru"), Some(416)),
            ("^AM-Roe Trial, 2nd Ld, a0512,880<", "Roe Trial", Some("Lead"), Some(880)),
            ("BC-Sites, Advisory,90", "Sites", Some("Advisory"), Some(90)),
            ("PM-Roe, 1st Add, 200", "Roe", Some("Add"), Some(200)),
            ("USA-SHUTDOWN/TOURISTS (UPDATE 1, PIX, TV)", "USA-SHUTDOWN/TOURISTS (UPDATE 1", None, None),
        ] {
            let slug = read(printed);
            assert_eq!(
                (slug.keywords.as_str(), slug.editorial_type, slug.words),
                (keywords, kind, words),
                "{printed}"
            );
        }
        for (printed, slug) in [
            ("BC-US--Capitol Roe,1st Ld-Writethru,416", "BC-US--Capitol Roe,1st Ld-Writethru"),
            ("BC-US--Roe, 90", "BC-US--Roe"),
            ("VOTE,2024", "VOTE,2024"),
        ] {
            assert_eq!(without_count(printed), slug);
        }
        assert_eq!(read("AM-Roe, 2nd Ld, a0512,880").transmission.as_deref(), Some("a0512"));
    }

    #[test]
    fn a_tag_before_the_headline_says_what_the_version_is() {
        assert_eq!((spelt("kill"), spelt("own word")), ("Kill", "own word"));
        for (headline, kind) in [
            ("CORRECTED-Mole sells unit", Some("Correction")),
            ("UPDATE 2-Mole sells unit", Some("Update")),
            ("STORY WITHDRAWN-Mole", Some("Withdrawn")),
            ("KILL KILL KILL =", Some("Kill")),
            ("UPDATE on Mole", None),
            ("Refiled claims are late", None),
        ] {
            assert_eq!(tag(headline), kind, "{headline}");
        }
    }
}
