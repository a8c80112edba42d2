//! Lines that speak to editors, not to readers: notes above the story, trailers below it.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::slug;

/// Beginnings of notes above a story, compared in small letters.
#[rustfmt::skip]
const NOTES: &[&str] = &[
    "eds:", "eds.:", "eds ", "editor's note", "editors' note", "editors note", "editor’s note", "editors’ note", "note to editors", "notes to editors", "ap photo ", "ap photos ", "with ap photo", "ap video", "ap graphic", "attention -", "attention editors",
    "media release pr", "urgent", "bulletin", "1st lead", "2nd lead", "3rd lead", "4th lead", "1st net", "2nd net", "3rd net", "refile", "(eil)", "/eds.", "for immediate release",
];

/// First words of Reuters' advisory line in brackets: `(Adds quotes, detail)`.
#[rustfmt::skip]
const ADVISORY: &[&str] = &[
    "adds", "updates", "recasts", "repeats", "corrects", "refiles", "rewrites", "releads", "new throughout", "clarifies", "removes", "fixes", "changes",
    "writes through", "updates with", "edits", "no change", "repeating", "recast", "add", "adding", "corrected", "refiled", "this story",
];

/// Whole lines that end a story.
#[rustfmt::skip]
const ENDS: &[&str] = &[
    "reuter", "reuters", "nnnn", "-30-", "30", "###", "ends", "end", "efe", "kyodo", "yonhap", "tass", "bernama", "(end)", "(ends)", "-end-", "--end--", "xinhua", "aap", "afp", "dpa", "(efe)", "***", "more", "(more)", "-more-", "(mfl)", "(foto)", "(vídeo)", "(video)", "(audio)", "(foto) (vídeo)", "(foto)(vídeo)", "(foto) (vídeo) (audio)", "(foto)(vídeo)(audio)",
];

/// Beginnings of a block that is not for publication; everything from it on goes to the notes.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "# dpa notebook", "# notebook", "# notizblock", "# dpa-notizblock", "## note to editors", "the following information is not", "die folgenden informationen sind nicht", "* * * *",
    "## internet links", "## redaktionelle hinweise", "## editorial contacts", "notizblock", "# dpa-notebook", "dpa notebook", "## orte", "## ansprechpartner",
];

/// Notes that are one shouted word or two, and nothing else.
const SHOUTED: &[&str] = &["urgent", "bulletin", "refile", "1st ", "2nd ", "3rd ", "4th "];

/// Is this paragraph above the story a note?
pub fn is_note(paragraph: &str) -> bool {
    let bare = bare(paragraph);
    let lower = lower_start(bare);
    let longest = |start: &str| if SHOUTED.iter().any(|word| start.starts_with(word)) { 24 } else { 600 };
    NOTES.iter().any(|start| lower.starts_with(start) && bare.len() < longest(start))
        || is_advisory(bare)
        || is_bullet(bare)
        || slug::is_keyword_line(bare)
}

/// `(Adds quotes in paragraph 3)`: one bracket that begins with a verb of the desk.
fn is_advisory(bare: &str) -> bool {
    let inner = bare.trim_end_matches(['.', ' ']).strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let Some(inner) = inner.filter(|_| bare.len() < 600) else { return false };
    let lower = lower_start(inner);
    let begins = |start: &str| {
        lower
            .strip_prefix(start)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',', ';', ':']))
    };
    ADVISORY.iter().any(|start| begins(start))
}

/// Reuters' summary points above the byline: `* Talks went on, source says`.
pub fn is_bullet(bare: &str) -> bool {
    bare.starts_with("* ") && bare.len() < 200 && !bare.starts_with("* *") && !bare.ends_with('.')
}

/// Is this paragraph below the story a trailer: an agency's end mark, a transmission time, initials of the desk?
pub fn is_trailer(paragraph: &str) -> bool {
    let bare = bare(paragraph);
    let lower = bare.to_lowercase();
    bare.len() <= 60
        && (bare.is_empty() || ENDS.contains(&lower.as_str()) || is_transmission(bare) || is_initials(bare))
}

/// `AP-WF-02-10-16 0423GMT`, `101137 GMT Dez 18`.
fn is_transmission(bare: &str) -> bool {
    let ap = bare
        .strip_prefix("AP-")
        .is_some_and(|rest| rest.contains("GMT") || rest.contains("EST") || rest.contains("EDT"));
    let iptc = bare
        .split(' ')
        .next()
        .is_some_and(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
    ap || iptc && bare.len() < 24
}

/// `dpa wsz jln npr`, `daa/mt/msr`, `AAP RTV ar`: codes of those who made the copy.
fn is_initials(bare: &str) -> bool {
    let slashed = bare.contains('/')
        && bare.len() <= 20
        && bare
            .split('/')
            .all(|code| (2..=4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()));
    let mut words = bare.split(' ');
    let agency =
        words.next().is_some_and(|word| ["dpa", "AAP", "AFP", "bl", "dpa-AFX", "EFE"].contains(&word));
    let codes = words.clone().count() >= 1
        && words.all(|word| {
            word.split('/').all(|code| {
                (1..=7).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
        });
    slashed || agency && codes && bare.split(' ').count() <= 8
}

/// How the heading of dpa's block ends, lower case.
const NOTEBOOKS: &[&str] = &["notebook", "notizblock"];

/// Does a block that is not for publication begin here?
pub fn begins_block(line: &str) -> bool {
    let lower = lower_start(line.trim());
    // every agency of dpa's family names its own: `# dpa NOTEBOOK`
    let is_notebook = lower.starts_with("# ") && NOTEBOOKS.iter().any(|word| lower.ends_with(word));
    (is_notebook || BLOCKS.iter().any(|start| lower.starts_with(start))) && line.len() < 160
}

/// Does a block of dpa's not-for-publication kind stand in this text at all? A quick look before lines are read.
pub fn may_hold_block(tail: &str) -> bool {
    static MARKS: LazyLock<[Finder<'static>; 6]> = LazyLock::new(|| {
        ["* * * *", "otebook", "OTEBOOK", "otizblock", "not for publication", "not intended for publication"]
            .map(Finder::new)
    });
    MARKS.iter().any(|mark| mark.find(tail.as_bytes()).is_some())
}

fn bare(paragraph: &str) -> &str {
    paragraph.trim().trim_matches(['^', '<', '=']).trim()
}

/// The first letters in small ones: enough to compare beginnings.
fn lower_start(text: &str) -> String {
    text.chars().take(48).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_above_a_story_are_told_from_copy() {
        for note in [
            "Eds: Updates. With AP Photos.",
            "^Eds: Heat 115, Hawks 111.<",
            "(Adds quotes in paragraph 3)",
            "(Recasts, adds comment)",
            "EDITOR'S NOTE: strong language.",
            "AP Photo GATK105, GATK106",
            "* Talks went on, source says",
            "BC-BKN--Heat-Roe, 1st Ld-Writethru,416",
            "URGENT",
            "2ND LEAD",
        ] {
            assert!(is_note(note), "{note}");
        }
        for copy in [
            "(Reuters) - Talks went on.",
            "Adds are rare.",
            "Urgent talks on a cease-fire went on in the capital on Monday.",
            "Edsel Roe won.",
            "* * * *",
            "(Adds to a list of woes) the plant closed.",
            "AP- reported.",
            "WASHINGTON (AP) — Talks went on.",
        ] {
            assert!(!is_note(copy), "{copy}");
        }
    }

    #[test]
    fn trailers_are_told_from_copy() {
        for trailer in [
            "Reuter",
            "REUTER",
            "NNNN",
            "-30-",
            "^AP-WF-02-10-16 0423GMT<",
            "101137 GMT Dez 18",
            "dpa wsz jln npr",
            "daa/mt/msr",
            "AAP RTV ar",
            "^END<",
        ] {
            assert!(is_trailer(trailer), "{trailer}");
        }
        for copy in [
            "Reuters reported.",
            "He left.",
            "and/or not",
            "It ends here.",
            "dpa reported that the talks had ended.",
        ] {
            assert!(!is_trailer(copy), "{copy}");
        }
    }
}
