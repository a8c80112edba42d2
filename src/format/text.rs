//! Plain wire copy as text: a headline, perhaps a byline, a story that begins with its dateline.
//!
//! The shape is that of agency terminals and of copy saved to a file: Reuters' raw copy of the 1980s, AAP's `ZCZC … NNNN`,
//! AsiaNet's releases. It is the last to be asked, and wants to see a mark of the wire, so that an error page in
//! plain text is not taken for a story.

use super::{Document, FormatError, Head, stamp};
use crate::wire::{Fault, Parsed, WireItem, WireText};

/// How many bytes are looked at for a mark of the wire.
const LOOKED_AT: usize = 4096;

/// Last lines by which agencies end a story.
const ENDINGS: &[&str] = &["reuter", "reuters", "nnnn", "-30-", "ends", "efe", "==kyodo", "--", "aap"];

/// Beginnings of lines that only wire copy has.
const BEGINNINGS: &[&str] =
    &["ZCZC", "Eds:", "BC-", "AM-", "PM-", "AP-", "***", "By ", "BY ", "by ", "Von ", "MEDIA RELEASE"];

/// Copy that shows a mark of the wire; never HTML, XML, JSON or bytes that are no text.
pub fn sniff(head: &Head<'_>) -> bool {
    let text = clip(head.text, LOOKED_AT);
    let markup = text.starts_with(['{', '[']) || text.starts_with('<') && !names_company(text);
    head.root.is_none() && !markup && is_text(text) && is_wire(head.text, text)
}

/// `<MOLE LTD> YEAR NET`: Reuters sets companies without a code in angle brackets, and a headline may begin with one.
fn names_company(text: &str) -> bool {
    let name = text.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(name, _)| name);
    let words = |name: &str| is_upper(name) && name.len() < 60 && !name.contains(['=', '\n', '/', '!', '?']);
    name.is_some_and(words) && !text.contains("</")
}

fn is_text(text: &str) -> bool {
    let odd = text.chars().filter(|&c| c == '\u{fffd}' || c.is_control() && !c.is_whitespace()).count();
    let letters = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ').count();
    odd * 50 <= text.len() && letters * 10 >= text.chars().count() * 6
}

fn is_wire(whole: &str, text: &str) -> bool {
    let lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).take(12).collect();
    let [first, rest @ ..] = lines.as_slice() else { return false };
    let begins =
        |line: &&str| BEGINNINGS.iter().any(|start| line.trim_start().starts_with(start)) && line.len() < 120;
    let ends = whole.lines().rev().find(|line| !line.trim().is_empty());
    let ends = ends.is_some_and(|line| ENDINGS.contains(&line.trim().to_ascii_lowercase().as_str()));
    !rest.is_empty()
        && first.len() <= 300
        && (ends
            || lines.iter().any(begins)
            || rest.iter().take(8).any(|line| looks_dated(line) || looks_credited(line)))
}

/// `LONDON, March 3 - …`, `WASHINGTON (AP) — …`: words in capitals, then a credit or a comma, then a dash.
fn looks_dated(line: &str) -> bool {
    let line = clip(line.trim_start(), 120);
    let capitals = line
        .chars()
        .take_while(|c| c.is_uppercase() || " .'-/".contains(*c))
        .filter(|c| c.is_uppercase())
        .count();
    let dash = [" - ", " -- ", " — ", " – ", " _ ", ") -", "--"].iter().any(|dash| line.contains(dash))
        || line.ends_with(" -");
    capitals >= 3 && dash && line.contains([',', '('])
}

/// `Madrid, 1 abr (EFE).- …`, `Berlin (dpa) - …`, `(ANSA) - ROMA, 1 APR - …`: an agency in brackets behind a few words, then a dash.
fn looks_credited(line: &str) -> bool {
    let line = clip(line.trim_start(), 120);
    let Some((before, rest)) = line.split_once('(') else { return false };
    let Some((agency, behind)) = rest.split_once(')') else { return false };
    let is_sign = |c: char| c.is_alphabetic() || c == '/' || c == ' ';
    let dashed =
        ["- ", ".- ", "-- ", "— ", "– ", "_ "].iter().any(|dash| behind.trim_start().starts_with(dash));
    let is_place = before.is_empty() || before.starts_with(char::is_uppercase) && before.len() <= 70;
    dashed && is_place && (2..=16).contains(&agency.len()) && agency.chars().all(is_sign)
}

/// Reads one story.
///
/// # Errors
/// When nothing but marks of the transmission is in it.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut lines: Vec<String> = document.text.lines().map(clean_line).collect();
    let mut item = WireItem { class: Some("text".into()), ..WireItem::default() };
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|line| line.trim().is_empty() || take_mark(line, &mut item)) {
        let _ = line;
        at += 1;
    }
    lines.drain(..at);
    while lines.last().is_some_and(|line| line.trim().is_empty() || line.trim() == "NNNN") {
        lines.pop();
    }
    if let Some(sent) = lines.last().and_then(|line| stamp::read(line)) {
        item.dates.push(sent);
        lines.pop();
    }
    let taken = headline(&lines, &mut item);
    let body = paragraphs(lines.get(taken..).unwrap_or_default());
    if item.headlines.is_empty() && body.is_empty() {
        return Err(FormatError::Empty);
    }
    if body.is_empty() {
        item.faults.push(Fault::of("empty_body", "body", "the copy has a headline and no story"));
    } else {
        item.bodies.push(WireText::plain(body));
    }
    Ok(Parsed { items: vec![item], ..Parsed::default() })
}

/// A line without control characters; tabs are blanks.
pub fn clean_line(line: &str) -> String {
    let line = line.trim_end();
    line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()).collect()
}

/// Lines above the headline: transmission marks are dropped, `Source:` and the release number are kept.
fn take_mark(line: &str, item: &mut WireItem) -> bool {
    let line = line.trim();
    if let Some(source) = line.strip_prefix("Source:") {
        item.source = Some(source.trim().into());
        return true;
    }
    if line.starts_with("MEDIA RELEASE") || line.starts_with("Eds:") {
        item.ed_notes.push(line.into());
        return true;
    }
    if ["BC-", "AM-", "PM-", "AP-"].iter().any(|cycle| line.starts_with(cycle)) || is_desk_slug(line) {
        item.sluglines.push(line.into());
        return true;
    }
    if PRIORITIES.contains(&line) {
        item.ed_notes.push(line.into());
        return true;
    }
    let code = line.len() <= 8
        && line.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ')
        && line.contains(' ');
    line.starts_with("ZCZC") || code && line.split(' ').all(|word| word.len() <= 3)
}

/// Words that stand alone above urgent copy and say how urgent it is.
const PRIORITIES: &[&str] = &["FLASH", "BULLETIN", "URGENT", "ALERT", "NEWSALERT", "SNAP", "EXTRA"];

/// `US--Coast Road, 2nd Ld`: AP's keyword line without its cycle, a desk of two to four letters before the keywords.
fn is_desk_slug(line: &str) -> bool {
    let parts = line.split_once("--");
    line.len() < 100
        && !line.ends_with('.')
        && parts.is_some_and(|(desk, keywords)| {
            (2..=4).contains(&desk.len())
                && desk.bytes().all(|byte| byte.is_ascii_uppercase())
                && keywords.starts_with(|c: char| c.is_uppercase())
        })
}

/// The most lines that a headline is broken into.
const HEADLINE_LINES: usize = 4;

/// The headline, and how many lines it took. It ends at an empty line, at an indented one, or where the story begins.
fn headline(lines: &[String], item: &mut WireItem) -> usize {
    let Some(first) = lines.first() else { return 0 };
    if begins_story(first) {
        return 0;
    }
    let more = lines.iter().skip(1).take_while(|line| continues(first, line)).count();
    let ends = lines.get(more + 1).is_none_or(|line| line.trim().is_empty() || line.starts_with("  "));
    let upper = is_upper(first);
    let taken = if more < HEADLINE_LINES && (ends || upper) { 1 + more } else { 1 };
    let words: Vec<&str> = lines
        .iter()
        .take(taken)
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || "*:".contains(c)))
        .collect();
    item.headlines.push(WireText::plain(words.join(" ")));
    taken
}

/// A line that goes on with the headline above it, broken at a terminal's width.
fn continues(first: &str, line: &str) -> bool {
    let indent = line.len() - line.trim_start().len();
    let same_case = !is_upper(first) || is_upper(line);
    indent < 2
        && !line.trim().is_empty()
        && same_case
        && !line.contains("    ")
        && !line.ends_with('.')
        && !begins_story(line)
        && first.len() >= 40
}

fn begins_story(line: &str) -> bool {
    let start = line.trim_start();
    ["By ", "BY ", "by ", "Von "].iter().any(|by| start.starts_with(by)) && line.len() < 80
        || looks_dated(line)
}

fn is_upper(line: &str) -> bool {
    !line.chars().any(char::is_lowercase)
}

/// Lines of a terminal made into paragraphs again: an empty line or an indent begins one, a full line goes on.
pub fn paragraphs(lines: &[String]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    let mut before: Option<&str> = None;
    for line in lines {
        let words = line.trim();
        if words.is_empty() {
            before = None;
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        match before {
            None if text.is_empty() => {}
            None => text.push_str("\n\n"),
            Some(_) if indent >= 3 => text.push_str("\n\n"),
            Some(full) if indent == 0 && full.len() >= FULL_LINE => text.push(' '),
            Some(_) => text.push('\n'),
        }
        push_cells(&mut text, words);
        before = Some(line);
    }
    text
}

/// A line of a table keeps its columns apart: three blanks or more are a tab.
fn push_cells(text: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = rest.find("   ") {
        text.push_str(rest.get(..at).unwrap_or_default());
        text.push('\t');
        rest = rest.get(at..).unwrap_or_default().trim_start_matches(' ');
    }
    text.push_str(rest);
}

/// A line shorter than this was ended on purpose.
const FULL_LINE: usize = 45;

fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use crate::format::read;
    use crate::wire::Delivery;

    fn story(text: &str) -> (String, String) {
        let parsed =
            read(&Delivery { bytes: text.into(), ..Delivery::default() }, None).expect("it is wire copy");
        let item = &parsed.items[0];
        let first =
            |texts: &[crate::wire::WireText]| texts.first().map(|text| text.text.clone()).unwrap_or_default();
        (first(&item.headlines), first(&item.bodies))
    }

    #[test]
    fn the_stamp_below_plain_copy_says_when_it_was_sent() {
        let copy = "BC-Moles,120\nMoles dig on\nBy JANE ROE\n\n   LEEDS, England (XP) - The moles dug.\n\nXP-NY-04-01-24 1405EDT\n";
        let parsed = read(&Delivery { bytes: copy.into(), ..Delivery::default() }, None).unwrap();
        assert_eq!(parsed.items[0].dates[0].text, "2024-04-01T14:05:00EDT");
        assert!(parsed.items[0].bodies[0].text.ends_with("The moles dug."));
    }

    #[test]
    fn copy_of_a_terminal_gives_headline_and_paragraphs() {
        for (text, headline, body) in [
            (
                "MOLE <MLC> SELLS UNIT\n    TROY, Mich., March 3 - Mole Corp said it sold\na unit of its own to another company of note.\n    It gave no price.\n Reuter\n",
                "MOLE <MLC> SELLS UNIT",
                "TROY, Mich., March 3 - Mole Corp said it sold a unit of its own to another company of note.\n\nIt gave no price.\nReuter",
            ),
            (
                "******MOLE SAYS IT WILL SELL A UNIT TO ANOTHER\n COMPANY - OFFICIAL\nMore soon.\n",
                "MOLE SAYS IT WILL SELL A UNIT TO ANOTHER COMPANY - OFFICIAL",
                "More soon.",
            ),
            (
                "Source: Mole, Inc.\nMEDIA RELEASE PR1\nMole Partners with Vole On A Platform For Digging Of \nHoles\n\nAUSTIN, Texas, Feb. 1, 2017 /PRNewswire/ --\n\nMole, Inc. digs.\n",
                "Mole Partners with Vole On A Platform For Digging Of Holes",
                "AUSTIN, Texas, Feb. 1, 2017 /PRNewswire/ --\n\nMole, Inc. digs.",
            ),
            (
                "Los topos cavan en el puerto\n\nMadrid, 1 abr (XYZ).- Los topos cavan en el puerto.\n",
                "Los topos cavan en el puerto",
                "Madrid, 1 abr (XYZ).- Los topos cavan en el puerto.",
            ),
            (
                "TALPE: SCAVANO AL PORTO\n\n(XYZA) - ROMA, 1 APR - Le talpe scavano al porto.\n",
                "TALPE: SCAVANO AL PORTO",
                "(XYZA) - ROMA, 1 APR - Le talpe scavano al porto.",
            ),
            (
                "ZCZC FMG000\nYY TDR\n:Farm MARKET DAY\n    PERTH, Oct 12 AAP - Latest prices.\n  3.00 Mole\n  4.80 Vole\n\nNNNN\n",
                "Farm MARKET DAY",
                "PERTH, Oct 12 AAP - Latest prices.\n3.00 Mole\n4.80 Vole",
            ),
        ] {
            assert_eq!(story(text), (headline.into(), body.into()), "{text}");
        }
    }

    #[test]
    fn what_is_no_wire_copy_is_refused() {
        for text in [
            "404 page not found\n",
            "Not Found\nThe requested URL was not found on this server.\n",
            "<html><head><title>Error</title></head><body>By Jane Roe</body></html>",
            "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}By \u{7}\n\u{8}\n",
            "id,name\n1,Jane\n2,John\n",
            "error code: 1020",
            "Service is down\nRetry (in 5 minutes) - or not at all\n",
        ] {
            assert!(read(&Delivery { bytes: text.into(), ..Delivery::default() }, None).is_err(), "{text}");
        }
    }
}
