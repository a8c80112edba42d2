//! IPTC 7901: the message of dpa, ATS, Belga and other European wires.
//!
//! `SOH eca062 4 i 211 ccccb dpa 061`, slug lines that end in `/`, `STX`, version lines, headline and byline whose last line
//! ends in `=`, the story, `ETX 131137 GMT Nov 13`. The control characters may be lost on the way; the lines still tell.

use super::text::{clean_line, paragraphs};
use super::{Document, FormatError, Head};
use crate::wire::{CodeKind, DateKind, Fault, Parsed, WireCode, WireDate, WireItem, WireText};

const STX: char = '\u{2}';
const ETX: char = '\u{3}';

/// Header lines that are versions, not headlines (dpa stylebook, "slugs"), and the editorial type they are.
const VERSIONS: &[(&str, Option<&str>)] = &[
    ("LEAD", Some("Lead")),
    ("NET", None),
    ("REFILE", Some("Refile")),
    ("EXTRA", None),
    ("URGENT", None),
    ("FLASH", None),
    ("REPEAT", Some("Repeat")),
    ("CORRECTION", Some("Correction")),
    ("CORRECTED", Some("Correction")),
    ("KILL", Some("Kill")),
    ("HOLD", Some("Withhold")),
    ("ADVISORY", Some("Advisory")),
    ("KORREKTUR", Some("Correction")),
    ("BERICHTIGUNG", Some("Correction")),
    ("WIEDERHOLUNG", Some("Repeat")),
    ("ZUSAMMENFASSUNG", None),
    ("EILMELDUNG", None),
    ("EIL", None),
];

/// Words with which a byline begins in the languages of these wires.
const BY: &[&str] = &["By ", "Von ", "Par ", "Por ", "Di ", "Av ", "Af ", "Door "];

/// The first line has the five fields of the standard.
pub fn sniff(head: &Head<'_>) -> bool {
    let first = head.text.lines().next().unwrap_or_default();
    first_line(first).is_some()
        && head.text.lines().take(16).any(|line| line.contains(STX) || line.trim_end().ends_with(['=', '/']))
}

/// The fields of the first line.
struct First<'a> {
    source: &'a str,
    priority: &'a str,
    category: &'a str,
    words: &'a str,
    agency: Option<&'a str>,
    /// The agency's own number, by which its editors name the message: `061` of `dpa 061`.
    number: Option<&'a str>,
}

/// `eca062 4 i 211 ccccb   dpa 061`.
fn first_line(line: &str) -> Option<First<'_>> {
    let line = line.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    let mut words = line.split_whitespace();
    let (number, priority, category, count) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let letters = number.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (2..=4).contains(&letters)
        && number.get(letters..).is_some_and(digits)
        && priority.len() == 1
        && digits(priority)
        && category.len() <= 3
        && category.bytes().all(|byte| byte.is_ascii_alphabetic())
        && digits(count)
        && line.len() < 80;
    let rest: Vec<&str> = words.collect();
    // a short word with no number behind it is one of the options: `bsf`
    let numbered = rest.last().is_some_and(|last| digits(last));
    let is_name =
        |word: &&str| numbered || word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let agency = rest.iter().rev().find(|word| !digits(word)).copied().filter(is_name);
    let own = rest.last().copied().filter(|word| agency.is_some() && digits(word) && word.len() <= 4);
    fits.then_some(First { source: number, priority, category, words: count, agency, number: own })
}

/// Reads one message.
///
/// # Errors
/// When its first line is not one of this standard.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let text = document.text;
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let syntax = || FormatError::Syntax {
        format: "iptc7901",
        detail: format!("its first line is {line:?}, not number, priority, category, words"),
    };
    let first = first_line(line).ok_or_else(syntax)?;
    let (message, trailer) = rest.split_once(ETX).unwrap_or((rest, ""));
    let mut item = WireItem { class: Some("text".into()), ..WireItem::default() };
    fields(&mut item, &first);
    let sent = sent(trailer).or_else(|| last_line_date(message));
    if sent.is_none() && trailer.is_empty() && text.contains(STX) {
        item.faults.push(Fault::new("truncated", "the message has no end of text (ETX)"));
    }
    item.dates.extend(sent);
    let lines: Vec<&str> = message.lines().map(|line| line.trim_end_matches('\r')).collect();
    let body = header(&mut item, &lines);
    let copy: Vec<String> =
        lines.get(body..).unwrap_or_default().iter().map(|line| clean_line(line)).collect();
    let body = paragraphs(&copy);
    if !body.is_empty() {
        item.bodies.push(WireText::plain(body));
    }
    Ok(Parsed { items: vec![item], ..Parsed::default() })
}

fn fields(item: &mut WireItem, first: &First<'_>) {
    // a kill names `dpa 061`, and that is another message than the line's `eca061`
    let own = first.agency.zip(first.number).map(|(agency, number)| format!("{agency} {number}"));
    item.transmission = own.or_else(|| Some(first.source.into()));
    item.urgency = Some(first.priority.into());
    item.word_count = Some(first.words.into());
    item.provider = first.agency.map(Into::into);
    let code = |code: &str, scheme: &str| WireCode {
        kind: CodeKind::Subject,
        code: Some(code.into()),
        name: None,
        scheme: Some(scheme.into()),
    };
    item.codes.push(code(first.category, "iptc7901:category"));
    let service: String = first.source.chars().take_while(char::is_ascii_alphabetic).collect();
    item.codes.push(code(&service, "iptc7901:service"));
    item.source = Some(service);
}

/// Slug lines, version lines, headline, byline. Gives the index of the first line of the story.
fn header(item: &mut WireItem, lines: &[&str]) -> usize {
    let start = lines.iter().position(|line| line.contains(STX));
    let slugs = start.unwrap_or_else(|| {
        lines.iter().take(12).rposition(|line| line.trim_end().ends_with('/')).map_or(0, |at| at + 1)
    });
    for slug in lines.iter().take(slugs) {
        let slug = clean_line(slug).trim().trim_matches('/').to_string();
        if !slug.is_empty() {
            item.sluglines.push(slug);
        }
    }
    let after = lines.get(slugs..).unwrap_or_default();
    let end = after.iter().take(10).position(|line| line.trim_end().ends_with('='));
    let end =
        end.unwrap_or_else(|| after.iter().position(|line| !clean_line(line).trim().is_empty()).unwrap_or(0));
    let mut headline: Vec<String> = Vec::new();
    for line in after.iter().take(end + 1) {
        header_line(item, clean_line(line).trim().trim_end_matches('=').trim(), &mut headline);
    }
    let kept = headline.split_off(behind_the_slug(&item.sluglines, &headline));
    item.ed_notes
        .extend(std::mem::replace(&mut headline, kept).into_iter().filter(|line| !line.ends_with(':')));
    // dpa's `KILL KILL KILL =` is all the header such a message has.
    if headline.is_empty() {
        headline.extend(item.ed_notes.first().cloned());
    }
    if !headline.is_empty() {
        item.headlines.push(WireText::plain(headline.join(" ")));
    }
    slugs + end + 1
}

/// ATS prints the form of the story and its slug once more above the headline: `Summary`, `France:`. How many such lines?
fn behind_the_slug(slugs: &[String], headline: &[String]) -> usize {
    let is_slug = |line: &String| {
        let bare = line.strip_suffix(':');
        bare.is_some_and(|bare| slugs.iter().any(|slug| slug.eq_ignore_ascii_case(bare.trim())))
    };
    let at = headline.iter().position(is_slug).map_or(0, |at| at + 1);
    if at < headline.len() { at } else { 0 }
}

/// What a line that is a version says it is: `1ST LEAD`; in other letters, by itself or numbered only: `2. Lead`.
fn version(line: &str) -> Option<&'static (&'static str, Option<&'static str>)> {
    let mut words = line.split(' ').rev();
    let last = words.next().filter(|_| line.len() < 24)?;
    let is_alone = words.next().is_none_or(|first| first.starts_with(|c: char| c.is_ascii_digit()));
    VERSIONS.iter().find(|(word, _)| *word == last || is_alone && word.eq_ignore_ascii_case(last))
}

fn header_line(item: &mut WireItem, line: &str, headline: &mut Vec<String>) {
    let version = version(line);
    item.editorial_type =
        version.and_then(|(_, kind)| *kind).map(str::to_owned).or(item.editorial_type.take());
    if line.is_empty() {
    } else if version.is_some() || line.starts_with('(') && line.ends_with(')') && headline.is_empty() {
        item.ed_notes.push(line.into());
    } else if !headline.is_empty() && BY.iter().any(|by| line.starts_with(by)) {
        item.bylines.push(WireText::plain(line));
    } else {
        headline.push(line.into());
    }
}

/// `131137 GMT Nov 13` behind the end of the text: day, hour, minute, zone, month, year.
fn sent(trailer: &str) -> Option<WireDate> {
    let line = trailer.lines().map(str::trim).find(|line| !line.is_empty())?;
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    let mut words = line.split_whitespace();
    let stamp =
        words.next().filter(|stamp| stamp.len() == 6 && stamp.bytes().all(|byte| byte.is_ascii_digit()))?;
    let rest: Vec<&str> = words.collect();
    let [.., month, year] = rest.as_slice() else { return None };
    let zone = rest.len().checked_sub(3).and_then(|at| rest.get(at)).copied().unwrap_or("");
    let (day, hour, minute) = (stamp.get(..2)?, stamp.get(2..4)?, stamp.get(4..)?);
    let century = if year.len() == 2 { "20" } else { "" };
    let text = format!("{day} {month} {century}{year} {hour}:{minute} {zone}");
    Some(WireDate { kind: DateKind::Sent, text: text.trim_end().into() })
}

/// A copy without control characters ends in the same line.
fn last_line_date(message: &str) -> Option<WireDate> {
    sent(message.lines().rev().find(|line| !line.trim().is_empty())?)
}

#[cfg(test)]
mod tests {
    use super::version;
    use crate::format::read;
    use crate::wire::{Delivery, WireItem};

    fn item(text: &str) -> WireItem {
        let parsed =
            read(&Delivery { bytes: text.into(), ..Delivery::default() }, None).expect("it is IPTC 7901");
        assert_eq!(parsed.format, "iptc7901");
        parsed.items[0].clone()
    }

    const MESSAGE: &str = "\u{1}mole062 4 i 211 ccccb   xpa 061\r\n\r\nMoles/Voles/\r\n\u{2}1ST LEAD\r\nMoles and voles agree to dig\r\nBy Jane Roe, xpa =\r\n\r\n   Berlin (xpa) - Moles and voles agreed to dig on Monday, said a mole who\r\nknows.\r\n\r\nThey began.\r\n\r\n\u{3}131137 GMT Nov 13\r\n\u{7f}\r\n\u{4}";

    #[test]
    fn a_version_is_a_line_of_its_own() {
        for (line, kind) in [
            ("1ST LEAD", Some(Some("Lead"))),
            ("2. Lead", Some(Some("Lead"))),
            ("Korrektur", Some(Some("Correction"))),
            ("EIL", Some(None)),
            ("Poland takes lead", None),
            ("Moles kill", None),
            ("Moles and voles resume talks, LEAD", None),
        ] {
            assert_eq!(version(line).map(|(_, kind)| *kind), kind, "{line}");
        }
    }

    #[test]
    fn the_fields_of_a_message_are_read() {
        let item = item(MESSAGE);
        assert_eq!(item.headlines[0].text, "Moles and voles agree to dig");
        assert_eq!(item.bylines[0].text, "By Jane Roe, xpa");
        assert_eq!(item.sluglines, ["Moles/Voles"]);
        assert_eq!(item.ed_notes, ["1ST LEAD"]);
        assert_eq!(item.editorial_type.as_deref(), Some("Lead"));
        assert_eq!(item.transmission.as_deref(), Some("xpa 061"));
        assert_eq!(
            (item.urgency.as_deref(), item.word_count.as_deref(), item.provider.as_deref()),
            (Some("4"), Some("211"), Some("xpa"))
        );
        assert_eq!(item.dates[0].text, "13 Nov 2013 11:37 GMT");
        assert_eq!(
            item.bodies[0].text,
            "Berlin (xpa) - Moles and voles agreed to dig on Monday, said a mole who knows.\n\nThey began."
        );
        assert!(item.faults.is_empty());
    }

    #[test]
    fn categories_may_be_capitals_and_options_are_no_agency() {
        for (first, provider) in [
            ("ats023 4 VMI 100 bsf", None),
            ("rb123 4 IND 120 ritzau", Some("ritzau")),
            ("xpa0123 3 pl 300 xpa 0456", Some("xpa")),
        ] {
            let item = item(&MESSAGE.replace("mole062 4 i 211 ccccb   xpa 061", first));
            assert_eq!(item.provider.as_deref(), provider, "{first}");
            assert_eq!(item.headlines[0].text, "Moles and voles agree to dig");
        }
    }

    #[test]
    fn a_version_line_alone_is_the_headline() {
        let item = item(
            "\u{1}mole062 1 i 40 ccccb   xpa 061\r\n\r\nMoles/\r\n\u{2}KILL KILL KILL =\r\n\r\n   Please do not use it.\r\n\r\n\u{3}131137 GMT Nov 13\r\n",
        );
        assert_eq!(item.headlines[0].text, "KILL KILL KILL");
        assert_eq!(item.editorial_type.as_deref(), Some("Kill"));
    }

    #[test]
    fn a_copy_that_lost_its_control_characters_is_read_by_its_lines() {
        let bare: String = MESSAGE.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let item = item(&bare);
        assert_eq!(item.headlines[0].text, "Moles and voles agree to dig");
        assert_eq!(item.sluglines, ["Moles/Voles"]);
        assert_eq!(item.dates[0].text, "13 Nov 2013 11:37 GMT");
    }

    #[test]
    fn a_message_cut_short_is_seen() {
        for end in 40..MESSAGE.len() {
            let cut = MESSAGE.get(..end).unwrap_or_default();
            let parsed = read(&Delivery { bytes: cut.into(), ..Delivery::default() }, Some("iptc7901"));
            let item = &parsed.expect("its first line is whole").items[0];
            let whole = MESSAGE[..end].contains('\u{3}') || !MESSAGE[..end].contains('\u{2}');
            assert!(whole || item.faults.iter().any(|fault| fault.code == "truncated"), "{end}");
        }
    }
}
