//! What is it: text, picture, video ...?

use super::codes;

/// What is printed (after any `icls:`, `ninat:`), and what it means.
/// Sources: IPTC news item nature, ninjs `type`, Media RSS `medium`, NewsML 1 media types.
const CLASS: &[(&str, &str)] = &[
    ("text", "text"),
    ("article", "text"),
    ("story", "text"),
    ("picture", "picture"),
    ("image", "picture"),
    ("photo", "picture"),
    ("still", "picture"),
    ("graphic", "graphic"),
    ("video", "video"),
    ("audio", "audio"),
    ("animated", "animated"),
    ("composite", "composite"),
    ("package", "composite"),
    ("complexdata", "composite"),
    ("event", "event"),
    ("planning", "planning"),
    ("concept", "concept"),
    ("knowledge", "knowledge"),
];

/// The desk's word for what an item is; an unknown one stays as sent.
#[must_use]
pub fn read(printed: Option<&String>) -> Option<String> {
    codes::known(CLASS, printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_class_is_translated_and_an_unknown_one_kept() {
        let cases = [
            ("icls:text", "text"),
            ("image", "picture"),
            ("ninat:graphic", "graphic"),
            ("Package", "composite"),
            ("cinat:concept", "concept"),
            ("hologram", "hologram"),
        ];
        for (printed, expected) in cases {
            assert_eq!(read(Some(&printed.to_owned())).as_deref(), Some(expected), "{printed}");
        }
    }
}
