//! ANPA 1312: the message of AP until 2023, of Reuters in the 1980s, of Kyodo.
//!
//! `SYN SYN SOH z6715 US -----`, `r s BC-BKN--Heat-Roe 1stLd-Writethru   02-20 0500`, `STX`, lines that begin with `^` and end with `<` or `=`,
//! paragraphs that begin with a tab, `^AP-WF-02-20-16 0337GMT<`, `ETX`.

use super::text::{clean_line, paragraphs};
use super::{Document, FormatError, Head, stamp};
use crate::wire::{CodeKind, Fault, Parsed, WireCode, WireDate, WireItem, WireText};

const US: char = '\u{1f}';
const STX: char = '\u{2}';
const ETX: char = '\u{3}';

/// A unit separator behind service and number, or a priority line right at the start.
pub fn sniff(head: &Head<'_>) -> bool {
    let (first, second) = opening(head.text);
    let numbered = first.split_once(US).is_some_and(|(service, _)| is_service(service));
    numbered || is_service(first) && Frame::read(second).is_some_and(|frame| frame.words.is_some())
}

/// The first two lines that hold more than control characters.
fn opening(text: &str) -> (&str, &str) {
    let mut lines =
        text.lines().filter(|line| line.chars().any(char::is_alphanumeric) && line.len() > 3).take(3);
    let (a, b) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if a.contains(US) || !b.contains(US) { (a, b) } else { (b, lines.next().unwrap_or_default()) }
}

fn is_service(text: &str) -> bool {
    service(text).is_some()
}

/// `z6715`: a letter and four digits; Kyodo sets its name behind them.
fn service(text: &str) -> Option<&str> {
    let text = text.split(US).next()?.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    let text = text.trim_end_matches(|c: char| c.is_ascii_uppercase());
    let mut bytes = text.bytes();
    let fits = text.len() == 5
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_digit());
    fits.then_some(text)
}

/// The second line of a message.
#[derive(Debug, Default)]
struct Frame {
    priority: String,
    category: String,
    keyword: String,
    words: Option<String>,
}

impl Frame {
    /// `r s BC-BKN--Heat-Roe 1stLd-Writethru   02-20 0500`.
    fn read(line: &str) -> Option<Self> {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut words = line.split_whitespace();
        let (priority, category) = (words.next()?, words.next()?);
        let letter = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut rest: Vec<&str> = words.collect();
        let number = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 4;
        let day = |text: &&str| text.len() == 5 && text.as_bytes().get(2) == Some(&b'-');
        let count = rest.last().copied().filter(number).map(String::from);
        if count.is_some() {
            rest.pop();
        }
        if rest.last().is_some_and(day) {
            rest.pop();
        }
        let fits = letter(priority) && letter(category) && !rest.is_empty();
        fits.then(|| Self {
            priority: priority.into(),
            category: category.into(),
            keyword: rest.join(" "),
            words: count,
        })
    }
}

/// Reads one message.
///
/// # Errors
/// When there is nothing behind its frame.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let text = document.text;
    let (first, second) = opening(text);
    let message = text.split_once(STX).map_or_else(|| behind(text, second), |(_, message)| message);
    let (message, whole) = message.split_once(ETX).map_or((message, false), |(message, _)| (message, true));
    let transmission = service(first).map(str::to_owned);
    let mut item = WireItem { class: Some("text".into()), transmission, ..WireItem::default() };
    if let Some(frame) = Frame::read(second) {
        item.urgency = None;
        item.word_count = frame.words;
        item.sluglines.push(frame.keyword);
        let code = |code: String, scheme: &str| WireCode {
            kind: CodeKind::Subject,
            code: Some(code),
            name: None,
            scheme: Some(scheme.into()),
        };
        item.codes.extend([code(frame.category, "anpa:category"), code(frame.priority, "anpa:priority")]);
    }
    if !whole && !message.contains("-WF-") && text.contains(STX) {
        item.faults.push(Fault::new("truncated", "the message has no end of text (ETX)"));
    }
    let mut lines: Vec<&str> = message.lines().map(str::trim_end).collect();
    item.dates.extend(take_sent(&mut lines));
    while lines.last().is_some_and(|line| line.trim().is_empty() || is_end(&mark_off(line))) {
        lines.pop();
    }
    let taken = marked_lines(&mut item, &lines);
    let copy: Vec<String> =
        lines.get(taken..).unwrap_or_default().iter().map(|line| body_line(line)).collect();
    let body = paragraphs(&copy);
    if item.headlines.is_empty() && body.is_empty() {
        return Err(FormatError::Empty);
    }
    if !body.is_empty() {
        item.bodies.push(WireText::plain(body));
    }
    Ok(Parsed { items: vec![item], ..Parsed::default() })
}

/// Last lines that are marks: a take that goes on, the end.
const ENDS: &[&str] = &["MORE", "(MORE)", "-30-"];

/// Also `==Kyodo`, and where an advance ends.
fn is_end(line: &str) -> bool {
    ENDS.contains(&line)
        || line.len() < 60 && ["==", "End Adv", "End adv", "END ADV"].iter().any(|end| line.starts_with(end))
}

fn behind<'a>(text: &'a str, line: &str) -> &'a str {
    text.find(line).and_then(|at| text.get(at + line.len()..)).unwrap_or(text)
}

/// The lines above the story, marked `^ … <` by AP; other wires leave the marks out. Gives the count of lines taken.
fn marked_lines(item: &mut WireItem, lines: &[&str]) -> usize {
    let mut taken = 0;
    let mut by = String::new();
    for line in lines {
        let indented = line.starts_with(['\t', ' ']) && !line.trim().is_empty();
        let bare = mark_off(line);
        let is_by = || matches!(kind_of(&bare, item), Kind::By);
        if indented || taken > 0 && !line.starts_with('^') && !item.headlines.is_empty() && !is_by() {
            break;
        }
        taken += 1;
        if bare.is_empty() {
            continue;
        }
        match kind_of(&bare, item) {
            Kind::Keyword => item.sluglines.insert(0, bare),
            Kind::Note => item.ed_notes.push(bare),
            Kind::By => by = format!("{by}\n{bare}").trim().into(),
            Kind::Headline => item.headlines.push(WireText::plain(bare)),
            Kind::Summary => item.summaries.push(WireText::plain(bare)),
            Kind::Story => {
                taken -= 1;
                break;
            }
        }
    }
    if !by.is_empty() {
        item.bylines.push(WireText::plain(by));
    }
    taken
}

enum Kind {
    Keyword,
    Note,
    By,
    Headline,
    Summary,
    Story,
}

fn kind_of(bare: &str, item: &WireItem) -> Kind {
    let begins = |starts: &[&str]| starts.iter().any(|start| bare.starts_with(start));
    let role = bare.ends_with("Writer")
        || bare.ends_with("Correspondent")
        || bare.ends_with("Editor")
        || bare == "Associated Press"
        || bare == "The Associated Press";
    match () {
        () if item.sluglines.len() < 2
            && item.headlines.is_empty()
            && (begins(&["BC-", "AM-", "PM-", "AP-"]) || repeats_the_slug(bare, item)) =>
        {
            Kind::Keyword
        }
        () if begins(&[
            "Eds:",
            "EDS:",
            "AP Photo",
            "EDITOR",
            "With AP",
            "AP Video",
            "AP Graphic",
            "URGENT",
            "$adv",
            "Adv ",
            "For release ",
            "For Release ",
            "FOR RELEASE ",
        ]) =>
        {
            Kind::Note
        }
        () if is_take(item) && is_pick_up(bare) => Kind::Note,
        () if begins(&["By ", "BY "]) && bare.len() < 120
            || begins(&["by "]) && bare.len() < 60
            || role && bare.len() < 60 =>
        {
            Kind::By
        }
        () if item.headlines.is_empty() => Kind::Headline,
        () if item.summaries.is_empty() && bare.len() > 100 => Kind::Summary,
        () => Kind::Story,
    }
}

/// The keyword of the frame once more, with its version or without: `Britain-moles 2ndlead`.
fn repeats_the_slug(bare: &str, item: &WireItem) -> bool {
    let same = |slug: &String| {
        let word = slug.split(' ').next().unwrap_or_default();
        let start = bare.get(..word.len()).unwrap_or_default();
        word.contains('-') && start.eq_ignore_ascii_case(word) && bare.len() <= slug.len() + 12
    };
    item.sluglines.first().is_some_and(same)
}

/// `1st Add`, `2 Takes`: a part of a story, which has no headline.
fn is_take(item: &WireItem) -> bool {
    let is_mark = |word: &str| ["add", "take", "takes"].iter().any(|mark| word.eq_ignore_ascii_case(mark));
    item.sluglines.iter().any(|slug| slug.split([' ', ',']).skip(1).any(is_mark))
}

/// `LARNACA, Cyprus: sail on Friday.`: the last words of the part before, by which editors join the two.
fn is_pick_up(bare: &str) -> bool {
    let is_place = |place: &str| {
        place
            .split([' ', ','])
            .next()
            .is_some_and(|word| word.len() > 2 && !word.chars().any(char::is_lowercase))
    };
    bare.len() < 80 && bare.split_once(": ").is_some_and(|(place, _)| is_place(place))
}

/// A line without its `^`, `<`, `=`, `+` and AP's `*9006<` number.
fn mark_off(line: &str) -> String {
    let line = clean_line(line);
    let line = line.trim().trim_start_matches('^');
    let line = line
        .strip_prefix('*')
        .and_then(|rest| rest.split_once('<'))
        .map_or(line, |(_, rest)| rest.trim_start_matches([' ', '^']));
    decoded(line.trim_end_matches(['<', '=', '+', '^', ' ']).trim())
}

/// A line of the story: its indent is kept, its marks are not. `^Eights<` is a line of its own.
fn body_line(line: &str) -> String {
    let is_indented = line.starts_with(['\t', ' ']) && line.trim_start().len() < line.len();
    let is_apart = line.starts_with('^') && line.ends_with('<');
    let indent = if is_indented || is_apart { "    " } else { "" };
    let bare = clean_line(line);
    let bare = bare.trim().trim_start_matches('^').trim_end_matches(['<', '^', ' ']);
    // the rule above who else helped
    let bare = if bare.bytes().all(|byte| byte == b'_') { "" } else { bare };
    format!("{indent}{}", decoded(bare))
}

/// What the wire's letters stand for: `_` between blanks is a dash, ``…'' are quotation marks.
fn decoded(line: &str) -> String {
    line.replace(" _ ", " — ").replace("``", "“").replace("''", "”")
}

/// `^AP-WF-02-20-16 0337GMT<`: when it was sent. The line and what follows it are taken off.
fn take_sent(lines: &mut Vec<&str>) -> Option<WireDate> {
    let (at, sent) = lines.iter().enumerate().rev().find_map(|(at, line)| Some((at, stamp::read(line)?)))?;
    lines.truncate(at);
    Some(sent)
}

#[cfg(test)]
mod tests {
    use crate::format::read;
    use crate::wire::{Delivery, WireItem};

    fn item(text: &str) -> WireItem {
        let parsed =
            read(&Delivery { bytes: text.into(), ..Delivery::default() }, None).expect("it is ANPA 1312");
        assert_eq!(parsed.format, "anpa");
        parsed.items[0].clone()
    }

    #[test]
    fn a_message_of_the_ap_wire_is_read_by_its_marks() {
        let item = item(
            "\u{16}\u{16}\u{1}z6715\u{1f}-----\r\nr z\u{13}\u{11} BC-DIG--Moles-Voles 1stLd-Writethru   02-20 0500\r\n\u{2}^BC-DIG--Moles-Voles, 1st Ld-Writethru,416<\r\n^Moles beat Voles 115-111<\r\n^AP Photo GA105<\r\n^Eds: Updates. With AP Photos.<\r\n^By JANE ROE=\r\n^AP Sports Writer=\r\n\t   LEEDS, England (AP) _ The Moles won ``late'' on Friday.\r\n\t   They dug.\r\n\r\n\t   ^AP-WF-02-20-16 0337GMT<\r\n\r\n\u{3}\r\n\u{4}",
        );
        assert_eq!(item.transmission.as_deref(), Some("z6715"));
        assert_eq!(item.headlines[0].text, "Moles beat Voles 115-111");
        assert_eq!(item.bylines[0].text, "By JANE ROE\nAP Sports Writer");
        assert_eq!(item.sluglines[0], "BC-DIG--Moles-Voles, 1st Ld-Writethru,416");
        assert_eq!(item.ed_notes, ["AP Photo GA105", "Eds: Updates. With AP Photos."]);
        assert_eq!(item.word_count.as_deref(), Some("0500"));
        assert_eq!(item.dates[0].text, "2016-02-20T03:37:00Z");
        assert_eq!(item.bodies[0].text, "LEEDS, England (AP) — The Moles won “late” on Friday.\n\nThey dug.");
    }

    #[test]
    fn a_take_has_a_pick_up_line_and_no_headline_and_its_marks_are_taken_off() {
        let item = item(
            "\u{16}\u{1}a1051\u{1f}-----\r\nu i\u{14}\u{12} AM-Moles,1stAdd   04-01 0070\r\n\u{2}^AM-Moles, 1st Add,70<\r\n^LEEDS, England: dig on Friday.<\r\n\tThe moles dug on.\r\n^Results<\r\nMoles      115\r\nVoles      111\r\n^MORE<\r\n^AP-WF-04-01-24 2002GMT<\r\n\u{3}\r\n",
        );
        assert!(item.headlines.is_empty());
        assert_eq!(item.ed_notes, ["LEEDS, England: dig on Friday."]);
        assert_eq!(item.bodies[0].text, "The moles dug on.\n\nResults\nMoles\t115\nVoles\t111");
    }

    #[test]
    fn an_advance_says_until_when_it_is_held_and_a_slug_once_more_is_no_headline() {
        let advance = item(
            "\u{1}a0512\u{1f}-----\r\nd e BC-Moles Adv07   04-02 0123\r\n\u{2}^BC-Moles, Adv 07,120<\r\n^$adv07<\r\n^For release Sunday, April 7, and thereafter<\r\n^The moles of Leeds<\r\n^By JANE ROE=\r\n   LEEDS, England (AP) _ The moles dug.\r\n___\r\n   Bob Doe contributed.\r\n^End Adv for Sunday, April 7<\r\n\u{3}",
        );
        assert_eq!(advance.headlines[0].text, "The moles of Leeds");
        assert_eq!(advance.ed_notes, ["$adv07", "For release Sunday, April 7, and thereafter"]);
        assert_eq!(advance.bodies[0].text, "LEEDS, England (AP) — The moles dug.\n\nBob Doe contributed.");
        let bare = item(
            "a0512\r\nr i Leeds-moles 2ndlead  04-02 0123\r\nLeeds-moles 2ndlead\r\nMoles dig on\r\nby Jane Roe\r\n   LEEDS (AFP) - The moles dug.\r\nAP-NY-04-02-24 1215GMT\r\n",
        );
        assert_eq!(bare.headlines[0].text, "Moles dig on");
        assert_eq!(bare.bylines[0].text, "by Jane Roe");
        assert_eq!(bare.dates[0].text, "2024-04-02T12:15:00Z");
    }

    #[test]
    fn other_wires_leave_the_marks_out() {
        let item = item(
            "\u{1}a0105MOLE\u{1f}koko-\r\nu s\u{14}\u{12} BC-Moles-Cup   09-12 0344\r\n\u{2}BC-Moles-Cup\r\nMoles: Roe claims Cup by beating Doe+\r\n     LEEDS, England, Dec. 9 Kyodo - Roe claimed the Cup on Sunday after a\r\nlong game.\r\n\u{3}",
        );
        assert_eq!(item.transmission.as_deref(), Some("a0105"));
        assert_eq!(item.headlines[0].text, "Moles: Roe claims Cup by beating Doe");
        assert_eq!(
            item.bodies[0].text,
            "LEEDS, England, Dec. 9 Kyodo - Roe claimed the Cup on Sunday after a long game."
        );
    }
}
