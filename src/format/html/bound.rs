//! A page made small enough to build a tree of: not deeper, and no tag longer, than any page is.
//!
//! A browser's parser walks the open elements again and again, and compares every attribute of a tag with every other: a
//! megabyte of `<div>` costs it minutes. So tags beyond the bounds are taken out, or lose their attributes, before it starts.

use std::borrow::Cow;

use memchr::{memchr, memchr3, memmem};

/// Elements open at once, at most. Pages that tools build of boxes reach about sixty.
const DEEPEST: usize = 100;
/// Attributes of one tag, at most: counted as quotes and blanks outside of them.
const MOST_ATTRIBUTES: usize = 300;
/// Tags of a page, at most: what follows is left out. The longest front pages have a third of that.
const MOST_TAGS: usize = 60_000;
/// Bytes of one tag, at most: pictures and state travel inside attributes.
const LONGEST_TAG: usize = 512 * 1024;

/// Elements that nest nothing: they are empty, or the next of their kind closes them.
#[rustfmt::skip]
const SHALLOW: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "html", "head", "body",
];
/// Elements that a parser opens again in every paragraph until they are closed, and how many of them may be open.
#[rustfmt::skip]
const REOPENED: &[&str] = &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
const MOST_REOPENED: usize = 8;
/// Elements whose text is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "noframes", "iframe", "xmp"];

/// The page without what lies beyond the bounds; borrowed when nothing does.
pub fn bounded(page: &str) -> Cow<'_, str> {
    let mut cut = Cut { page, kept: String::new(), from: 0, open: Vec::new() };
    let (mut at, mut tags) = (0, 0);
    while let Some(found) = memchr(b'<', page.as_bytes().get(at..).unwrap_or_default()) {
        if tags == MOST_TAGS {
            cut.put(at + found, page.len(), "");
            break;
        }
        at = cut.tag(at + found);
        tags += 1;
    }
    cut.finish()
}

struct Cut<'a> {
    page: &'a str,
    /// What is kept of the text before `from`, once anything was left out.
    kept: String,
    from: usize,
    /// Names of the open elements, and whether their tags were kept.
    open: Vec<(&'a str, bool)>,
}

impl<'a> Cut<'a> {
    /// Looks at what a `<` begins; gives where to look on.
    fn tag(&mut self, at: usize) -> usize {
        let rest = self.page.get(at..).unwrap_or_default();
        if rest.starts_with("<!--") {
            return at + memmem::find(rest.as_bytes(), b"-->").map_or(rest.len(), |end| end + 3);
        }
        let closes = rest.starts_with("</");
        let name = name_of(rest.get(if closes { 2 } else { 1 }..).unwrap_or_default());
        if name.is_empty() {
            return at + 1;
        }
        let (length, attributes) = extent(rest.as_bytes());
        let end = at + length;
        if closes {
            if !is_one_of(SHALLOW, name) {
                self.close(name, at, end);
            }
            return end;
        }
        if attributes > MOST_ATTRIBUTES || length > LONGEST_TAG {
            self.put(at, end, &format!("<{name}>"));
        }
        if is_one_of(RAW, name) {
            return self.raw_end(name, end);
        }
        if !is_one_of(SHALLOW, name) {
            let again = is_one_of(REOPENED, name);
            let reopened = || {
                self.open
                    .iter()
                    .rev()
                    .take(NEAR)
                    .filter(|(open, kept)| *kept && is_one_of(REOPENED, open))
                    .count()
            };
            let kept = self.open.len() < DEEPEST && !(again && reopened() >= MOST_REOPENED);
            if !kept {
                self.put(at, end, " ");
            }
            self.open.push((name, kept));
        }
        end
    }

    /// Closes the nearest element of that name, and what was left open inside it; of those not kept, the tag goes too.
    fn close(&mut self, name: &str, at: usize, end: usize) {
        let near = self.open.iter().rev().take(NEAR).position(|(open, _)| open.eq_ignore_ascii_case(name));
        let Some(inside) = near else {
            if self.open.len() >= DEEPEST {
                self.put(at, end, " ");
            }
            return;
        };
        let kept = self.open.len().checked_sub(inside + 1).and_then(|index| self.open.get(index));
        if kept.is_some_and(|(_, kept)| !kept) {
            self.put(at, end, " ");
        }
        self.open.truncate(self.open.len() - inside - 1);
    }

    /// Where the text of a script ends: before its closing tag.
    fn raw_end(&self, name: &str, from: usize) -> usize {
        let rest = self.page.as_bytes().get(from..).unwrap_or_default();
        let closes = |at: &usize| {
            rest.get(at + 2..at + 2 + name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = memmem::find_iter(rest, b"</").find(closes);
        from + end.unwrap_or(rest.len())
    }

    fn put(&mut self, at: usize, end: usize, instead: &str) {
        if at < self.from {
            return;
        }
        self.kept.push_str(self.page.get(self.from..at).unwrap_or_default());
        self.kept.push_str(instead);
        self.from = end;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.from == 0 {
            return Cow::Borrowed(self.page);
        }
        self.kept.push_str(self.page.get(self.from..).unwrap_or_default());
        Cow::Owned(self.kept)
    }
}

/// A closing tag reaches this many open elements back: paragraphs and list items are left open by the dozen.
const NEAR: usize = 64;

fn name_of(text: &str) -> &str {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    let end = text.find(|c: char| c.is_whitespace() || "/><".contains(c)).unwrap_or(text.len());
    text.get(..end.min(40)).unwrap_or_default()
}

/// Bytes of a tag up to and with its `>`, and about how many attributes it has.
fn extent(tag: &[u8]) -> (usize, usize) {
    let (mut at, mut attributes) = (1, 0);
    while let Some(found) = memchr3(b'"', b'\'', b'>', tag.get(at..).unwrap_or_default()) {
        let blanks = tag.get(at..at + found).unwrap_or_default();
        attributes += blanks.iter().filter(|byte| byte.is_ascii_whitespace() || **byte == b'/').count();
        at += found;
        let Some(quote) = tag.get(at).filter(|byte| **byte != b'>') else { return (at + 1, attributes) };
        attributes += 1;
        let is_value = tag.get(at - 1) == Some(&b'=') || tag.get(at - 1).is_some_and(u8::is_ascii_whitespace);
        match memchr(*quote, tag.get(at + 1..).unwrap_or_default()).filter(|_| is_value) {
            Some(closed) => at += closed + 2,
            None => at += 1,
        }
    }
    (tag.len(), attributes)
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_as_pages_are_is_left_as_it_is() {
        for page in [
            "<!doctype html><html><body><p>Talks<br>go on.<p>And on.</body></html>",
            "<script>if (a < b) { '<div>'.repeat(1000) }</script><p>x",
            "<a title='a > b' href=x>y</a> 3 < 4 <!-- <div> -->",
        ] {
            assert!(matches!(bounded(page), Cow::Borrowed(_)), "{page}");
        }
        let list = format!("<ul>{}</ul>", "<li>x</li>".repeat(1000));
        assert!(matches!(bounded(&list), Cow::Borrowed(_)));
    }

    #[test]
    fn what_lies_too_deep_keeps_its_text_and_loses_its_tags() {
        let deep = format!("{}Talks{} go on", "<div>".repeat(5_000), "</div>".repeat(5_000));
        let page = bounded(&deep);
        assert_eq!(page.matches("<div>").count(), DEEPEST);
        assert_eq!(page.matches("</div>").count(), DEEPEST);
        assert!(page.contains("Talks") && page.ends_with(" go on"));
        let with_list = format!("{}<p>x</p>{}<p>y", "<b>".repeat(300), "</b>".repeat(300));
        assert!(bounded(&with_list).contains("<p>x</p>") && bounded(&with_list).ends_with("<p>y"));
    }

    #[test]
    fn a_tag_with_more_than_any_has_loses_its_attributes() {
        let many: String = (0..1000).map(|n| format!(" a{n}=1")).collect();
        assert_eq!(bounded(&format!("<p{many}>Talks</p>")), "<p>Talks</p>");
        let long = format!("<img src='{}'>x", "y".repeat(LONGEST_TAG));
        assert_eq!(bounded(&long), "<img>x");
    }
}
