//! The headline: the main one of several, markup off, on one line. One that is a picture says what the picture says.

use crate::wire::{Markup, WireText};

use super::scan::{Token, tokens};
use super::{plain, text};

/// What providers call their main headline; best first. A headline with no role is the main one.
const MAIN: &[&str] = &["", "main", "headline", "hl1", "hld:main", "drol:headline", "title"];

/// The main headline; when none is marked as main, the first.
#[must_use]
pub fn read(headlines: &[WireText]) -> Option<String> {
    let main = MAIN.iter().flat_map(|role| headlines.iter().filter(|one| one.has_role(role)));
    main.chain(headlines).find_map(plain::line).or_else(|| headlines.iter().find_map(of_picture))
}

/// The words of the picture that a headline consists of.
fn of_picture(headline: &WireText) -> Option<String> {
    let alt = tokens(&headline.text).find_map(|token| match token {
        Token::Open(tag) if tag.name.eq_ignore_ascii_case("img") => tag.attribute("alt"),
        _ => None,
    })?;
    let words = text::line(&text::decoded(alt));
    Some(words).filter(|words| !words.is_empty() && headline.markup != Markup::Plain)
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
            (vec![WireText::html("<img src='a.png' alt='Storm &amp; flood'>")], Some("Storm & flood")),
            (vec![WireText::unsaid("<img src=a.png>")], None),
            (vec![WireText::html("<img src='a.png' alt=''>")], None),
            (vec![WireText::plain("<img src=a.png>"), sub.clone()], Some("<img src=a.png>")),
            (vec![WireText::html("<b></b>")], None),
            (vec![], None),
        ];
        for (headlines, expected) in cases {
            assert_eq!(read(&headlines).as_deref(), expected, "{headlines:?}");
        }
    }
}
