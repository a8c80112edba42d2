//! How urgent is it?

use super::codes;

/// Editorial urgency, 1 (most) to 9, from a printed value: `4`, ` 04 `, `urg:4`. 0 means none (NITF `ed-urg`).
#[must_use]
pub fn read(printed: Option<&String>) -> Option<u8> {
    codes::last_segment(printed?).parse().ok().filter(|urgency| (1..=9).contains(urgency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgency_is_one_to_nine() {
        let cases = [
            ("4", Some(4)),
            (" 04 ", Some(4)),
            ("urg:8", Some(8)),
            ("0", None),
            ("10", None),
            ("high", None),
        ];
        for (printed, expected) in cases {
            assert_eq!(read(Some(&printed.to_owned())), expected, "{printed}");
        }
    }
}
