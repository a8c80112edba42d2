//! Is markup nested deeper than any copy is? A browser's parser takes quadratic time over that, and so would a hostile feed's
//! one megabyte of `<div>`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::scan::{Token, tokens};

/// Elements open at once, at most. Newsletters built of tables reach about forty.
const DEEPEST: usize = 128;

/// Elements that hold nothing, or that the next of their kind closes: leaving them open nests nothing.
const SHALLOW: &str = "area base br col embed hr img input link meta param source track wbr \
    a p li dt dd td th tr tbody thead tfoot caption colgroup option h1 h2 h3 h4 h5 h6";

/// True when `source` holds more open elements at once than copy does.
#[must_use]
pub fn is_absurd(source: &str) -> bool {
    memchr::memchr_iter(b'<', source.as_bytes()).count() > DEEPEST && deepest(source) > DEEPEST
}

/// The most elements open at once. A closing tag closes its own name only, as in the parser's lists.
fn deepest(source: &str) -> usize {
    let mut open: HashMap<Cow<'_, str>, usize> = HashMap::new();
    let (mut depth, mut deepest) = (0_usize, 0);
    for token in tokens(source) {
        match token {
            Token::Open(tag) if !is_shallow(tag.name) => {
                *open.entry(lower(tag.name)).or_default() += 1;
                depth += 1;
                deepest = deepest.max(depth);
            }
            Token::Close(tag) => {
                if let Some(count) = open.get_mut(&lower(tag.name)).filter(|count| **count > 0) {
                    *count -= 1;
                    depth -= 1;
                }
            }
            _ => {}
        }
    }
    deepest
}

fn is_shallow(name: &str) -> bool {
    SHALLOW.split(' ').any(|shallow| shallow.eq_ignore_ascii_case(name))
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_copy_does_is_absurd() {
        let cases = [
            ("<div>".repeat(200), true),
            ("<b a=1></i>".repeat(200), true),
            ("<p><b>x</b><br>".repeat(1000), false),
            ("<ul><li>x</ul>".repeat(1000), false),
            ("<DIV>x</div>".repeat(1000), false),
            ("<a name=x/>".repeat(1000), false),
            ("<table><tr><td>".repeat(100), false),
        ];
        for (source, expected) in cases {
            assert_eq!(is_absurd(&source), expected, "{source:.20}");
        }
    }
}
