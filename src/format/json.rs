//! JSON that is not quite: what programs print that paste texts together instead of writing JSON.
//!
//! One letter that is wrong would cost every item behind it. So a document that cannot be read as it is, is read a second time with
//! these put right: line breaks and other controls inside strings, escapes that there are not (`\'`, `\x`), one half of a pair of
//! UTF-16 (`"… \ud83d"`, where a script has cut an emoji in two), commas before an end, `NaN`, numbers beyond all bounds.

/// The document put right; `None` when nothing of that kind is wrong with it.
pub fn mended(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    let mut is_mended = false;
    while let Some(c) = rest.chars().next() {
        let (taken, right) = match c {
            '"' => string(rest, &mut out),
            ',' => comma(rest, &mut out),
            '-' | '+' | '.' | '0'..='9' | 'a'..='z' | 'A'..='Z' => word(rest, &mut out),
            other => {
                out.push(other);
                (other.len_utf8(), true)
            }
        };
        is_mended |= !right;
        rest = rest.get(taken..).unwrap_or_default();
    }
    is_mended.then_some(out)
}

/// How much of the text was taken, and whether it was right as it stood.
type Taken = (usize, bool);

/// A string with its quotes, or what there is of one.
fn string(text: &str, out: &mut String) -> Taken {
    out.push('"');
    let mut right = true;
    let mut at = 1;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match c {
            '"' => {
                out.push('"');
                return (at + 1, right);
            }
            '\\' => {
                let (taken, was_right) = escape(text.get(at..).unwrap_or_default(), out);
                right &= was_right;
                at += taken;
            }
            control if control < ' ' => {
                right = false;
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
                at += 1;
            }
            plain => {
                out.push(plain);
                at += plain.len_utf8();
            }
        }
    }
    (text.len(), right)
}

/// An escape, from its backslash on.
fn escape(text: &str, out: &mut String) -> Taken {
    match text.as_bytes().get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => copy(text, 2, out),
        Some(b'u') => match (unit(text), text.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => copy(text, 12, out),
            (Some(0xd800..=0xdfff), _) => {
                out.push('\u{fffd}');
                (6, false)
            }
            (Some(_), _) => copy(text, 6, out),
            (None, _) => (1, false),
        },
        // the letter stays, its backslash goes
        _ => (1, false),
    }
}

/// The four digits of `\uXXXX`.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten()
}

fn copy(text: &str, length: usize, out: &mut String) -> Taken {
    out.push_str(text.get(..length).unwrap_or_default());
    (length, true)
}

/// A comma and those that follow it, unless an end follows them all.
fn comma(text: &str, out: &mut String) -> Taken {
    let behind = text.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
    let length = text.len() - behind.len();
    let is_last = behind.starts_with([']', '}']);
    if !is_last {
        out.push_str(text.get(..length).unwrap_or_default());
    }
    (length, !is_last)
}

/// A number, `true`, `false`, `null`: anything else that stands there is none of them, and nothing.
fn word(text: &str, out: &mut String) -> Taken {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_' | '$');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let word = text.get(..length).unwrap_or_default();
    let right =
        matches!(word, "true" | "false" | "null") || serde_json::from_str::<serde_json::Number>(word).is_ok();
    out.push_str(if right { word } else { "null" });
    (length, right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_nearly_json_is_put_right_and_what_is_json_is_left_alone() {
        let table = [
            (r#"{"a":1,"b":[true,null,-2.5e3,"x\u00e9\ud83d\ude00\n"]}"#, None),
            ("{\"a\":\"one\ntwo\tthree\"}", Some(r#"{"a":"one\u000atwo\u0009three"}"#)),
            (r#"{"a":"it\'s \x41 \ud83d cut"}"#, Some("{\"a\":\"it's x41 \u{fffd} cut\"}")),
            (r#"{"a":"\ude00\ud83d"}"#, Some("{\"a\":\"\u{fffd}\u{fffd}\"}")),
            (r#"{"a":"\u12"}"#, Some(r#"{"a":"u12"}"#)),
            (r#"[1,2, ,]"#, Some("[1,2]")),
            (r#"{"a":{"b":1,},}"#, Some(r#"{"a":{"b":1}}"#)),
            (r#"[NaN,-Infinity,1e999,undefined,01]"#, Some("[null,null,null,null,null]")),
            (r#"{"a":"cut, ]"#, None),
        ];
        for (text, expected) in table {
            assert_eq!(mended(text).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn json_is_never_changed(value in "[a-z0-9\\\\\"\u{7f}-\u{ff}{}\\[\\],: ]{0,40}", number: f64) {
            let json = serde_json::json!({ "a": value, "b": [number, value] }).to_string();
            prop_assert_eq!(mended(&json), None);
        }

        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,60}|[\\\\\"u0-9a-f,\\]}d]{0,60}") {
            let once = mended(&text).unwrap_or(text);
            prop_assert_eq!(mended(&once), None, "what was put right is right");
        }
    }
}
