//! The headline: the main one of several, markup off, on one line.

use crate::wire::WireText;

use super::plain;

/// What providers call their main headline; best first. A headline with no role is the main one.
const MAIN: &[&str] = &["", "main", "headline", "hl1", "hld:main", "drol:headline", "title"];

/// The main headline; when none is marked as main, the first.
#[must_use]
pub fn read(headlines: &[WireText]) -> Option<String> {
    let main = MAIN.iter().flat_map(|role| headlines.iter().filter(|one| one.has_role(role)));
    main.chain(headlines).find_map(plain::line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_headline_is_chosen_whatever_its_place() {
        let sub = WireText::plain("Second line").with_role("hl2");
        let cases = [
            (vec![WireText::plain(" Talks\nresume ")], Some("Talks resume")),
            (vec![sub.clone(), WireText::plain("Talks resume")], Some("Talks resume")),
            (vec![sub.clone(), WireText::html("<b>Talks</b>").with_role("hl1")], Some("Talks")),
            (vec![WireText::plain(" "), sub.clone()], Some("Second line")),
            (vec![], None),
        ];
        for (headlines, expected) in cases {
            assert_eq!(read(&headlines).as_deref(), expected, "{headlines:?}");
        }
    }
}
