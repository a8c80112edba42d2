//! What a frame says to readers without frames (HTML 4.01, 16.5) is copy; a frame that never closes takes no story with it.

use std::borrow::Cow;

use memchr::{memchr_iter, memrchr};

use super::scan::tag_end;

/// Words by which a frame speaks of the reader's browser, and not of the story.
const OF_BROWSERS: &[&str] =
    &["browser", "iframe", "frames", "javascript", "navigateur", "navegador", "selain", "wordpress"];

const NAME: &[u8] = b"iframe";

/// The source with the tags of its frames taken off, and what they say of browsers.
#[must_use]
pub fn without_frames(source: &str) -> Cow<'_, str> {
    // Behind the last `>` no tag can end: without this, each would be sought to the end.
    let last = memrchr(b'>', source.as_bytes()).map_or(0, |at| at + 1);
    let marked = source.get(..last).unwrap_or_default();
    let Some(first) = tags(marked, 0).next() else { return Cow::Borrowed(source) };
    let mut out = String::with_capacity(source.len());
    let (mut done, mut next) = (0, Some(first));
    while let Some((at, end, closes)) = next {
        out.push_str(source.get(done..at).unwrap_or_default());
        done = end;
        next = tags(marked, end).next();
        let is_open = !closes && !source.get(at..end).is_some_and(|tag| tag.ends_with("/>"));
        if let (true, Some((until, _, true))) = (is_open, next) {
            let said = source.get(end..until).unwrap_or_default();
            if speaks_of_browsers(said) {
                done = until;
            }
        }
    }
    out.push_str(source.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

fn speaks_of_browsers(said: &str) -> bool {
    let lower = said.to_lowercase();
    OF_BROWSERS.iter().any(|word| lower.contains(word))
}

/// Where frames open and close from `start` on: first byte, the byte behind, and whether it is a closing tag.
fn tags(source: &str, start: usize) -> impl Iterator<Item = (usize, usize, bool)> {
    let bytes = source.as_bytes().get(start..).unwrap_or_default();
    memchr_iter(b'<', bytes).filter_map(move |at| {
        let closes = bytes.get(at + 1) == Some(&b'/');
        let name = at + 1 + usize::from(closes);
        let is_frame = bytes.get(name..name + NAME.len())?.eq_ignore_ascii_case(NAME)
            && !bytes.get(name + NAME.len())?.is_ascii_alphanumeric();
        let end = if is_frame { tag_end(bytes.get(at..)?)? } else { return None };
        Some((start + at, start + at + end, closes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_leaves_its_words_and_takes_nothing_else() {
        for (source, expected) in [
            ("safe<iframe src='x'> <b>words</b></iframe>", "safe <b>words</b>"),
            ("a<IFRAME src=\"x>y\"></IFRAME>b", "ab"),
            ("a<iframe src=x/>b<p>c", "ab<p>c"),
            ("a<iframe src=x>the rest of the story", "athe rest of the story"),
            ("a<iframe>Your browser shows no frames.</iframe>b", "ab"),
            ("a<iframe>one</iframe>b<iframe>two</iframe>c", "aonebtwoc"),
            ("a</iframe>b<iframes>c", "ab<iframes>c"),
            ("no frame < here", "no frame < here"),
        ] {
            assert_eq!(without_frames(source), expected, "{source}");
        }
    }

    #[test]
    fn hostile_frames_take_linear_time() {
        for unit in ["<iframe", "<iframe>", "</iframe", "<iframe '", "<iframe a=\"", "<iframe></iframe>", "<"]
        {
            assert!(without_frames(&unit.repeat(100_000)).len() <= unit.len() * 100_000, "{unit}");
        }
    }
}
