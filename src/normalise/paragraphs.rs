//! Markup so simple that a browser would leave every byte of it as it is: paragraphs, line breaks, bold and italic.
//!
//! Most wire copy is nothing else, and need not be parsed to be known as safe.

/// Elements of running text that may stand in a paragraph, one in none other of them.
const INLINE: &[&str] = &["b", "i", "em", "strong"];

/// Is `source` safe HTML already, and in the spelling that a browser would give it?
#[must_use]
pub fn are_plain(source: &str) -> bool {
    // a byte order mark, line ends of old, blanks with a name of their own: a browser changes these
    let is_kept = !source.starts_with('\u{feff}')
        && !source.bytes().any(|byte| matches!(byte, b'&' | b'\r' | 0 | 0xc2));
    is_kept && tags_are_plain(source)
}

fn tags_are_plain(source: &str) -> bool {
    let mut pieces = source.split('<');
    let mut in_paragraph = false;
    let mut inside: Option<&str> = None;
    if pieces.next().is_some_and(|text| text.contains('>')) {
        return false;
    }
    for piece in pieces {
        let Some((tag, text)) = piece.split_once('>') else { return false };
        match (tag, inside) {
            ("br", _) => {}
            ("p", None) if !in_paragraph => in_paragraph = true,
            ("/p", None) if in_paragraph => in_paragraph = false,
            (open, None) if INLINE.contains(&open) => inside = Some(open),
            (close, Some(open)) if close.strip_prefix('/') == Some(open) => inside = None,
            _ => return false,
        }
        if text.contains('>') {
            return false;
        }
    }
    !in_paragraph && inside.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_with_a_little_in_them_are_plain_and_nothing_else_is() {
        for plain in
            ["<p>One <b>two</b>.</p>\n<p>Three<br>four \u{2014} x</p>", "text <i>only</i>", "a\n", ""]
        {
            assert!(are_plain(plain), "{plain}");
        }
        for other in [
            "<p>a</p",
            "<p>a",
            "</p>",
            "<p><p>a</p></p>",
            "<p><b>a</p></b>",
            "<b><i>a</i></b>",
            "<P>a</P>",
            "<p >a</p>",
            "a & b",
            "a&nbsp;b",
            "a\u{a0}b",
            "a > b",
            "a\r\nb",
            "\u{feff}a",
            "<script>x</script>",
            "<a href=x>y</a>",
            "<br/>",
            "<!-- x -->",
            "< p>",
            "a\0b",
            "\u{80}",
        ] {
            assert!(!are_plain(other), "{other}");
        }
    }
}
