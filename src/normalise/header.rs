//! **What did the desk write on the copy?** Slugline marks, notes to editors, transmission numbers and trailers.
//!
//! They are read into fields and taken out of the story. dpa's block that is not for publication never reaches it.

mod notes;
pub mod slug;

use std::collections::HashSet;
use std::ops::Range;

use super::scan::{Tag, Token, tokens};
use super::{flow, text};

/// The marks of a piece of wire copy, and where the story proper stands between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The slugline without cycle designator, version and word count: `US--Capitol Riot`.
    pub slug: Option<String>,
    /// AP's editorial type when a mark says it: `Lead`, `Writethru`, `Add`, `Takes`, `Corrective`, `Kill` ...
    pub editorial_type: Option<&'static str>,
    /// Notes to editors found in the body, as printed.
    pub ed_notes: Vec<String>,
    /// Transmission number, as printed: `a0512`, `V9991`.
    pub transmission: Option<String>,
    /// Word count, as printed in the slugline.
    pub word_count: Option<u32>,
    /// Where summary points begin that stand above byline and dateline (Reuters). They are for readers and stay in the story.
    pub points: Option<usize>,
    /// Bytes of the body that are the story: header lines before it and trailers behind it left out.
    pub body: Range<usize>,
}

/// How many paragraphs above a story may be notes.
const NOTES: usize = 12;

/// Reads the marks of sluglines, headline and body.
pub fn read(sluglines: &[String], headline: Option<&str>, body_text: &str) -> Header {
    let mut header = Header { body: 0..body_text.len(), ..Header::default() };
    for slugline in sluglines {
        note_slug(&mut header, slugline);
    }
    header.editorial_type = header.editorial_type.or_else(|| headline.and_then(slug::tag));
    headline_above(&mut header, headline, body_text);
    notes_above(&mut header, body_text);
    block_below(&mut header, body_text);
    trailers_below(&mut header, body_text);
    header
}

fn note_slug(header: &mut Header, slugline: &str) {
    let read = slug::read(slugline);
    header.slug = header.slug.take().or(Some(read.keywords).filter(|keywords| !keywords.is_empty()));
    header.editorial_type = header.editorial_type.or(read.editorial_type);
    header.transmission = header.transmission.take().or(read.transmission);
    header.word_count = header.word_count.or(read.words);
}

/// The headline once more as the first line of the copy: content systems send it with the page that it stands on.
fn headline_above(header: &mut Header, headline: Option<&str>, body: &str) {
    let Some((line, next)) = first_line(body, header.body.start) else { return };
    let is_it = headline.is_some_and(|headline| headline.len() > 12 && headline == line.trim());
    if is_it && next < body.len() {
        header.body.start = next;
    }
}

fn notes_above(header: &mut Header, body: &str) {
    for _ in 0..NOTES {
        let Some((paragraph, next)) = first_line(body, header.body.start) else { return };
        if !notes::is_note(paragraph) || next >= body.len() {
            return;
        }
        let bare = paragraph.trim().trim_matches(['^', '<', '=']).trim();
        if slug::is_keyword_line(bare) {
            note_slug(header, bare);
        } else if notes::is_bullet(bare) {
            header.points = header.points.or(Some(header.body.start));
        } else {
            header.ed_notes.push(text::line(bare));
        }
        header.body.start = next;
    }
}

/// From a heading such as `# dpa NOTEBOOK` or a `* * * *` that the not-for-publication line follows, to the end.
fn block_below(header: &mut Header, body: &str) {
    let Some(story) = body.get(header.body.clone()) else { return };
    if !notes::may_hold_block(story) {
        return;
    }
    let mut at = header.body.start;
    for line in story.split_inclusive('\n') {
        if notes::begins_block(line) && at > header.body.start {
            let block = body.get(at..header.body.end).unwrap_or_default();
            header.ed_notes.push(text::prose(block));
            header.body.end = trimmed(body, header.body.start, at);
            return;
        }
        at += line.len();
    }
}

/// How many lines below a story may be trailers.
const TRAILERS: usize = 6;

fn trailers_below(header: &mut Header, body: &str) {
    for _ in 0..TRAILERS {
        let Range { start, end } = header.body;
        let Some(story) = body.get(start..end).map(str::trim_end) else { return };
        let line = story.rfind('\n').map_or(0, |at| at + 1);
        if line == 0 || !notes::is_trailer(&story[line..]) {
            return;
        }
        header.body.end = trimmed(body, start, start + line);
    }
}

fn trimmed(body: &str, start: usize, end: usize) -> usize {
    start + body.get(start..end).map_or(0, |story| story.trim_end().len())
}

/// The line at `start`, and where the next one with words begins.
fn first_line(body: &str, start: usize) -> Option<(&str, usize)> {
    let rest = body.get(start..)?;
    let end = memchr::memchr(b'\n', rest.as_bytes())?;
    let after = rest.get(end..)?;
    Some((rest.get(..end)?, start + end + (after.len() - after.trim_start().len())))
}

/// The HTML of a story without the paragraphs that were taken out of its text: those that are not found in `kept`.
/// Only what stands before the first paragraph of the story, behind its last one, or in the `gap` between its points and
/// itself, is taken out.
pub fn html_of<'a>(
    html: &'a str,
    body: &str,
    kept: &Range<usize>,
    gap: &Range<usize>,
) -> std::borrow::Cow<'a, str> {
    let taken = [body.get(..kept.start), body.get(gap.clone()), body.get(kept.end..)];
    let taken: HashSet<String> = taken.into_iter().flatten().flat_map(str::lines).map(text::line).collect();
    if taken.iter().all(String::is_empty) {
        return html.into();
    }
    let mut out = String::with_capacity(html.len());
    let mut kept_to = 0;
    for (from, to) in paragraphs(html) {
        let said = text::line(&flow::text_of(html.get(from..to).unwrap_or_default()));
        if !said.is_empty() && taken.contains(&said) {
            out.push_str(html.get(kept_to..from).unwrap_or_default());
            kept_to = to;
        }
    }
    out.push_str(html.get(kept_to..).unwrap_or_default());
    out.into()
}

/// Byte ranges of the `p` and heading elements of safe HTML, which nests none of them.
fn paragraphs(html: &str) -> Vec<(usize, usize)> {
    let offset = |tag: &Tag<'_>| tag.source.as_ptr() as usize - html.as_ptr() as usize;
    let is_block = |tag: &Tag<'_>| ["p", "h1", "h2", "h3", "h4", "h5", "h6", "li"].contains(&tag.name);
    let mut found = Vec::new();
    let mut open = None;
    for token in tokens(html) {
        match token {
            Token::Open(tag) if is_block(&tag) => open = Some(offset(&tag)),
            Token::Close(tag) if is_block(&tag) => {
                found.extend(open.take().map(|from| (from, offset(&tag) + tag.source.len())));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_trailers_are_read_into_fields_and_taken_out_of_the_story() {
        let body = "BC-BKN--Heat-Roe, 1st Ld-Writethru,416\nEds: Updates. With AP Photos.\n\nATLANTA (AP) _ They won.\n\nIt was late.\n\nAP-WF-02-20-16 0337GMT";
        let header = read(&[], None, body);
        assert_eq!(&body[header.body.clone()], "ATLANTA (AP) _ They won.\n\nIt was late.");
        assert_eq!(header.slug.as_deref(), Some("BKN--Heat-Roe"));
        assert_eq!(header.editorial_type, Some("Writethru"));
        assert_eq!(header.word_count, Some(416));
        assert_eq!(header.ed_notes, ["Eds: Updates. With AP Photos."]);
    }

    #[test]
    fn summary_points_above_the_story_stay_for_readers() {
        let body =
            "(Adds quote)\n\n* Talks went on\n* Bonds fall\n\nROME, April 1 (Reuters) - Talks went on.";
        let header = read(&[], None, body);
        assert_eq!(header.ed_notes, ["(Adds quote)"]);
        assert_eq!(&body[header.points.unwrap()..header.points.unwrap() + 15], "* Talks went on");
        assert!(body[header.body].starts_with("ROME"));
    }

    #[test]
    fn what_is_not_for_publication_never_reaches_the_story() {
        let body = "Berlin (dpa) - Talks went on.\n\n# dpa NOTEBOOK\n\n* * * *\nThe following information is not for publication\n\n## dpa Contacts\n- Reporting by: Ann Roe\n\ndpa ar npr";
        let header = read(&[], None, body);
        assert_eq!(&body[header.body.clone()], "Berlin (dpa) - Talks went on.");
        assert!(header.ed_notes[0].contains("Ann Roe"));
        let body = "Berlin (dpa) - Talks went on.\n\n* * * *\nThe following information is not intended for publication\n- x";
        assert_eq!(&body[read(&[], None, body).body], "Berlin (dpa) - Talks went on.");
    }

    #[test]
    fn a_story_without_marks_stays_whole() {
        for body in ["", "One line.", "WASHINGTON (AP) — Talks went on.\n\nReuters reported it.", "Reuter"]
        {
            assert_eq!(read(&[], None, body).body, 0..body.len(), "{body}");
        }
    }

    #[test]
    fn the_html_loses_the_same_paragraphs() {
        let html = "<p>(Adds <b>quotes</b>)</p><p>ROME (AP) — Talks.</p><p>(Adds <b>quotes</b>) again.</p><p>Reuter</p>";
        let body = "(Adds quotes)\n\nROME (AP) — Talks.\n\n(Adds quotes) again.\n\nReuter";
        let kept = read(&[], None, body).body;
        assert_eq!(
            html_of(html, body, &kept, &(0..0)),
            "<p>ROME (AP) — Talks.</p><p>(Adds <b>quotes</b>) again.</p>"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[A-ZÄ a-zß0-9.,:;()/<>—–_*\n'\"^=@©|＝北日-]{0,240}") {
            let header = read(std::slice::from_ref(&text), Some(&text), &text);
            proptest::prop_assert!(text.get(header.body.clone()).is_some());
            html_of(&text, &text, &header.body, &(0..0));
        }
    }
}
