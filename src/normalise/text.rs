//! White space, control characters and entity leftovers: what every text field is freed of.
//!
//! Bidirectional marks belong to Arabic and Hebrew copy and stay. Overrides belong to no copy; embeddings and isolates stay if each
//! is ended, since one left open turns round whatever a page, a pipe or a terminal prints behind it.

use std::borrow::Cow;

/// How far apart two pieces of text stand. Of several gaps in a row the widest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// They touch.
    None,
    /// One space.
    Space,
    /// Two cells of a table row.
    Cell,
    /// A line break.
    Line,
    /// An empty line.
    Paragraph,
}

impl Gap {
    fn print(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Space => " ",
            Self::Cell => "\t",
            Self::Line => "\n",
            Self::Paragraph => "\n\n",
        }
    }
}

/// What turns letters round whatever they are.
const OVERRIDES: [char; 2] = ['\u{202d}', '\u{202e}'];
/// What begins an embedding or an isolate.
const BEGINS: [char; 5] = ['\u{202a}', '\u{202b}', '\u{2066}', '\u{2067}', '\u{2068}'];
/// What ends one.
const ENDS: [char; 2] = ['\u{202c}', '\u{2069}'];

/// Collects pieces of text: white space folded, no gap at either end.
#[derive(Debug)]
pub struct Folder {
    out: String,
    gap: Gap,
    /// Embeddings and isolates begun and not ended; negative once and for all when one was ended that was not begun.
    open: i32,
}

impl Folder {
    /// An empty one with room for about `bytes`.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), gap: Gap::None, open: 0 }
    }

    /// At least this gap before whatever comes next.
    pub fn gap(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Appends text, any run of white space as one space.
    pub fn fold(&mut self, text: &str) {
        self.push(text, |_| Gap::Space);
    }

    /// Appends text whose line breaks are meant: plain copy, `pre`.
    pub fn lines(&mut self, text: &str) {
        let cell = |c| if c == '\t' { Gap::Cell } else { Gap::Space };
        let mut lines = text.lines();
        self.push(lines.next().unwrap_or_default(), cell);
        for line in lines {
            let empty = line.trim().is_empty();
            self.gap(if empty { Gap::Paragraph } else { Gap::Line });
            self.push(line, cell);
        }
    }

    /// The text.
    #[must_use]
    pub fn finish(mut self) -> String {
        if self.open != 0 {
            self.out.retain(|c| !BEGINS.contains(&c) && !ENDS.contains(&c));
            return self.out.trim().to_owned();
        }
        self.out
    }

    fn push(&mut self, text: &str, gap_of: fn(char) -> Gap) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let run = clean_run(rest.as_bytes());
            if let Some((words, tail)) = rest.split_at_checked(run).filter(|_| run > 0) {
                self.word(words);
                rest = tail;
            } else {
                self.character(first, gap_of);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }

    fn character(&mut self, c: char, gap_of: fn(char) -> Gap) {
        match c {
            c if c.is_whitespace() && c != '\u{85}' => self.gap(gap_of(c)),
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            c if OVERRIDES.contains(&c) => {}
            '\u{80}'..='\u{9f}' => {
                if let Some(meant) = windows_1252(c) {
                    self.word(meant.encode_utf8(&mut [0; 4]));
                }
            }
            c if c.is_control() => {}
            c if BEGINS.contains(&c) || ENDS.contains(&c) => self.turn(c),
            c => self.word(c.encode_utf8(&mut [0; 4])),
        }
    }

    fn turn(&mut self, c: char) {
        self.open = match self.open {
            broken @ ..0 => broken,
            open if BEGINS.contains(&c) => open + 1,
            open => open - 1,
        };
        self.word(c.encode_utf8(&mut [0; 4]));
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if !self.out.is_empty() {
            self.out.push_str(self.gap.print());
        }
        self.gap = Gap::None;
        self.out.push_str(word);
    }
}

/// Bytes that are part of no character that [`Folder::character`] treats: printable ASCII, and what follows or leads most
/// others. Blanks and invisible characters begin with C2, E1, E2, E3 or EF.
const CLEAN: [bool; 256] = {
    let mut clean = [false; 256];
    let mut byte = 0x21;
    while byte < 256 {
        clean[byte] = !matches!(byte, 0x7f | 0xc2 | 0xe1..=0xe3 | 0xef);
        byte += 1;
    }
    clean
};

/// Length of the words, single spaces between them, that need nothing done.
fn clean_run(bytes: &[u8]) -> usize {
    let is_clean = |at: usize| bytes.get(at).is_some_and(|byte| CLEAN[usize::from(*byte)]);
    let mut at = 0;
    loop {
        while is_clean(at) {
            at += 1;
        }
        if at == 0 || bytes.get(at) != Some(&b' ') || !is_clean(at + 1) {
            return at;
        }
        at += 2;
    }
}

/// What a C1 control character was meant to be: `&#150;` is a Windows dash in feeds, as HTML 5 reads it too.
fn windows_1252(c: char) -> Option<char> {
    const MEANT: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    MEANT.chars().nth((c as usize).checked_sub(0x80)?).filter(|meant| !meant.is_control())
}

/// Markup without what steers a terminal that it may be printed on, or turns its letters round.
#[must_use]
pub fn steerless(html: String) -> String {
    let steers = |c: char| (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || OVERRIDES.contains(&c);
    if !html.contains(steers) {
        return html;
    }
    html.chars().filter_map(|c| if steers(c) { windows_1252(c) } else { Some(c) }).collect()
}

/// Text on one line: headline, name, credit.
#[must_use]
pub fn line(text: &str) -> String {
    let mut folder = Folder::with_capacity(text.len());
    folder.fold(text);
    folder.finish()
}

/// White space folded to single blanks, and nothing else touched: [`line()`] also takes invisible and broken characters off.
#[must_use]
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plain copy: its line breaks are kept, empty lines as one.
#[must_use]
pub fn prose(text: &str) -> String {
    let mut folder = Folder::with_capacity(text.len());
    folder.lines(text);
    folder.finish()
}

/// Text with its character references decoded once: `AT&amp;T` was escaped twice on its way.
#[must_use]
pub fn decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    html_escape::decode_html_entities(text)
}

/// A plain field on one line, entity leftovers decoded; `None` when nothing is left.
#[must_use]
pub fn field(text: &str) -> Option<String> {
    Some(line(&decoded(text))).filter(|text| !text.is_empty())
}

/// [`field`] of what may be missing.
#[must_use]
pub fn optional(text: Option<&String>) -> Option<String> {
    text.and_then(|text| field(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_free_of_runs_controls_and_invisible_characters() {
        let cases = [
            ("  Talks \n\t resume ", "Talks resume"),
            ("Rafah\u{a0}crossing", "Rafah crossing"),
            ("co\u{ad}operate\u{200b}d\u{feff}", "cooperated"),
            ("bell\u{7} and nul\u{0}", "bell and nul"),
            ("a \u{96} b", "a – b"),
            ("می\u{200c}شود", "می\u{200c}شود"),
            ("\u{202e}desrever\u{202c}", "desrever"),
            ("\u{202b}left open", "left open"),
            ("never begun\u{202c} \u{2066}", "never begun"),
            ("\u{2067}שלום\u{2069} Rafah\u{200f}", "\u{2067}שלום\u{2069} Rafah\u{200f}"),
            ("a \u{2003} b \u{3000}c  d", "a b c d"),
            ("naïve — “façade” 東京 😀 ", "naïve — “façade” 東京 😀"),
            ("", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(line(given), expected, "{given:?}");
        }
    }

    #[test]
    fn prose_keeps_lines_and_one_empty_line_between_paragraphs() {
        let given = "  First  line\r\nsecond line\n\n\n\n   New paragraph\n";
        assert_eq!(prose(given), "First line\nsecond line\n\nNew paragraph");
    }

    #[test]
    fn an_entity_left_over_in_a_plain_field_is_decoded_once() {
        assert_eq!(field("AT&amp;T &#8212; AT&T").as_deref(), Some("AT&T — AT&T"));
        assert_eq!(field("&amp;lt;").as_deref(), Some("&lt;"));
        assert_eq!(field(" \u{200b} "), None);
    }
}
