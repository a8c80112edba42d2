//! What goes to a person's screen and what goes into a pipe. stdout is data, stderr is talk.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// For a person at a terminal.
    Table,
    /// One JSON object a line.
    Json,
}

impl Shape {
    /// JSON when asked for, or when stdout is a pipe or a file.
    pub fn chosen(json: bool) -> Self {
        if json || !io::stdout().is_terminal() { Self::Json } else { Self::Table }
    }
}

/// Writes one JSON object and a line feed.
pub fn json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Wire text made safe for a terminal: control and bidi characters are shown, not obeyed.
///
/// A headline is as untrusted as a file name: `\x1b]0;` would rename the window, U+202E would turn a line round.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_treacherous(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn is_treacherous(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// True when an error, or any cause of it, is a reader that went away (`wiredesk search ... | head`).
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let by_io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let by_json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        by_io.or(by_json) == Some(io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_shown_instead() {
        let cases = [
            ("Talks on Rafah", "Talks on Rafah"),
            ("caf\u{e9} \u{5e9}\u{5dc}\u{5d5}\u{5dd}", "caf\u{e9} \u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
            ("\x1b[2Jgone", "\\u{1b}[2Jgone"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("abc\u{202e}def", "abc\\u{202e}def"),
            ("two\nlines", "two\nlines"),
            ("bell\x07", "bell\\u{7}"),
        ];
        for (wire, shown) in cases {
            assert_eq!(visible(wire), shown, "{wire:?}");
        }
    }

    #[test]
    fn a_reader_that_went_away_is_recognised_through_the_chain() {
        let pipe = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&anyhow::Error::from(pipe).context("printing hits")));
        assert!(!is_broken_pipe(&anyhow::Error::from(io::Error::from(io::ErrorKind::NotFound))));
    }
}
