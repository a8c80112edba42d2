//! A light reader of markup for its text: tags and text apart, never failing, in time linear in the source.
//!
//! It makes nothing safe: safe HTML is [`html`](super::html)'s, and what is read here is only ever used as text.

use memchr::{memchr, memchr3, memmem, memrchr};

/// One piece of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text, its entities not decoded.
    Text(&'a str),
    /// An opening tag, `<` to `>`.
    Open(Tag<'a>),
    /// A closing tag.
    Close(Tag<'a>),
}

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name as printed, without a namespace prefix.
    pub name: &'a str,
    /// All of it.
    pub source: &'a str,
}

impl<'a> Tag<'a> {
    /// An attribute's value, its references not decoded.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        let (_, rest) = self.source.split_once(&format!(" {name}="))?;
        match rest.chars().next()? {
            quote @ ('"' | '\'') => rest.get(1..)?.split(quote).next(),
            _ => rest.split(|c: char| c.is_whitespace() || c == '>').next(),
        }
    }
}

/// Elements whose text is never shown.
const UNSHOWN: &[&str] = &["script", "style", "template", "noframes", "iframe"];

/// Reads markup piece by piece.
#[derive(Debug)]
pub struct Tokens<'a> {
    rest: &'a str,
    /// Bytes after the last `>`: when no more are left, no tag can end, so that hopeless searches are not repeated.
    tail: usize,
    comments_end: bool,
}

/// The pieces of `source`. A `<` that opens nothing is text; comments, declarations and the text of scripts are left out.
#[must_use]
pub fn tokens(source: &str) -> Tokens<'_> {
    let tail = memrchr(b'>', source.as_bytes()).map_or(source.len(), |at| source.len() - at - 1);
    Tokens { rest: source, tail, comments_end: true }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while !self.rest.is_empty() {
            if !self.rest.starts_with('<') || self.rest.len() <= self.tail {
                return Some(self.text());
            }
            if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
                self.skip_declaration();
            } else {
                return self.tag().or_else(|| Some(self.text()));
            }
        }
        None
    }
}

impl<'a> Tokens<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Text up to the next `<`; one that stands first is part of it.
    fn text(&mut self) -> Token<'a> {
        let after = self.rest.as_bytes().get(1..).unwrap_or_default();
        let next = memchr(b'<', after).filter(|_| self.rest.len() > self.tail);
        Token::Text(self.take(next.map_or(self.rest.len(), |at| at + 1)))
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let bytes = self.rest.as_bytes();
        let closing = bytes.get(1) == Some(&b'/');
        let start = if closing { 2 } else { 1 };
        if !bytes.get(start)?.is_ascii_alphabetic() {
            return None;
        }
        let source = self.take(tag_end(bytes)?);
        let tag = Tag { name: tag_name(source, start), source };
        if closing {
            return Some(Token::Close(tag));
        }
        if UNSHOWN.iter().any(|name| name.eq_ignore_ascii_case(tag.name)) && !source.ends_with("/>") {
            self.skip_unshown(tag.name);
        }
        Some(Token::Open(tag))
    }

    fn skip_declaration(&mut self) {
        if self.rest.starts_with("<!--") && self.comments_end {
            if let Some(end) = memmem::find(self.rest.as_bytes(), b"-->") {
                self.take(end + 3);
                return;
            }
            self.comments_end = false;
        }
        let end = memchr(b'>', self.rest.as_bytes()).map_or(self.rest.len(), |at| at + 1);
        self.take(end);
    }

    /// Leaves out everything up to the closing tag, or to the end when it never closes.
    fn skip_unshown(&mut self, name: &str) {
        let bytes = self.rest.as_bytes();
        let closes = |at: usize| {
            bytes.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = memmem::find_iter(bytes, b"</").find(|at| closes(*at)).unwrap_or(bytes.len());
        self.take(end);
    }
}

/// Where a tag ends: after the `>` outside of quotes; when its quotes do not close, after the first `>`.
pub(super) fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        let found = at + memchr3(b'"', b'\'', b'>', tag.get(at..)?)?;
        let Some(quote) = tag.get(found).filter(|b| **b != b'>') else { return Some(found + 1) };
        match memchr(*quote, tag.get(found + 1..)?) {
            Some(closed) => at = found + closed + 2,
            None => return memchr(b'>', tag).map(|end| end + 1),
        }
    }
}

fn tag_name(source: &str, start: usize) -> &str {
    let name = source.get(start..).unwrap_or_default();
    let end = name.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(name.len());
    let name = name.get(..end).unwrap_or_default();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(source: &str) -> Vec<String> {
        let print = |token| match token {
            Token::Text(text) => text.to_owned(),
            Token::Open(tag) => format!("+{}", tag.name),
            Token::Close(tag) => format!("-{}", tag.name),
        };
        tokens(source).map(print).collect()
    }

    #[test]
    fn tags_and_text_come_apart_and_nothing_else_does() {
        let cases: [(&str, &[&str]); 12] = [
            ("a <b>c</b> d", &["a ", "+b", "c", "-b", " d"]),
            ("3 < 4 and <i>x</i>", &["3 ", "< 4 and ", "+i", "x", "-i"]),
            ("a < b", &["a < b"]),
            ("<a title='x > y'>z", &["+a", "z"]),
            ("<a title=\"x>y", &["+a", "y"]),
            ("x<!-- <b>no</b> -->y", &["x", "y"]),
            ("x<!-- never closed >y", &["x", "y"]),
            ("<script>if (a<b) {}</script>y", &["+script", "-script", "y"]),
            ("<style>p{}", &["+style"]),
            ("<xhtml:p>t</xhtml:p>", &["+p", "t", "-p"]),
            ("<?xml version='1.0'?><br/>t", &["+br", "t"]),
            ("cut <b", &["cut <b"]),
        ];
        for (source, expected) in cases {
            assert_eq!(pieces(source), expected, "{source:?}");
        }
    }

    #[test]
    fn hostile_markup_takes_linear_time() {
        for unit in ["<a '", "<!--", "<a \"\" ", "<", "<b>", "</script", "<script>", "'<a>", "<a \"><b '>"] {
            let source = unit.repeat(200_000);
            let end = "x".repeat(200_000);
            assert!(tokens(&format!("{source}{end}")).count() <= 600_001, "{unit}");
            assert!(tokens(&format!("{source}>{end}")).count() <= 600_001, "{unit}");
        }
    }
}
