//! What is it about, in short? And when is a "description" the story itself?

use crate::wire::{WireItem, WireText};

use super::{class, plain};

/// What providers call their summary; best first. A text with no role comes first of all.
const SUMMARIES: &[&str] =
    &["", "summary", "abstract", "drol:summary", "description", "teaser", "standfirst"];

/// What is looked at, not read: its caption is all the words it has.
const SHOWN: &[&str] = &["picture", "graphic", "video"];

/// The summary that counts, as it was sent.
#[must_use]
pub fn choose(summaries: &[WireText]) -> Option<&WireText> {
    let has = |text: &&WireText| !text.text.trim().is_empty();
    let ranked = SUMMARIES.iter().flat_map(|role| summaries.iter().filter(|one| one.has_role(role)));
    ranked.chain(summaries).find(has)
}

/// The summary without markup; `None` when nothing is left. Where nothing else is said in words, what is printed under the
/// picture or video is the summary: YouTube's feeds say it in `media:description` only.
#[must_use]
pub fn read(wire: &WireItem) -> Option<String> {
    let is_shown = class::read(wire.class.as_ref()).is_none_or(|class| SHOWN.contains(&class.as_str()));
    let wordless = wire.bodies.is_empty() && is_shown;
    let caption = || wire.media.iter().filter(|_| wordless).find_map(|media| media.caption.as_ref());
    Some(plain::prose(choose(&wire.summaries).or_else(caption)?)).filter(|summary| !summary.is_empty())
}

/// The summary that has to serve as the story, where no story was sent.
///
/// In RSS a description may be a teaser or the whole story (RSS 2.0, `description`), and nothing tells which; so it is
/// both, that search, byline and dateline have a text to read. A text with a role (`drol:caption`) is what it says.
#[must_use]
pub fn as_body(summaries: &[WireText]) -> Option<&WireText> {
    choose(summaries).filter(|text| text.role.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::WireMedia;

    #[test]
    fn a_caption_is_the_summary_of_an_item_without_words() {
        let media = vec![WireMedia { caption: Some(WireText::plain("The bridge")), ..WireMedia::default() }];
        let item = WireItem { media, ..WireItem::default() };
        assert_eq!(read(&item).as_deref(), Some("The bridge"));
        let picture = WireItem { class: Some("picture".into()), ..item };
        assert_eq!(read(&picture).as_deref(), Some("The bridge"));
        let story = WireItem { class: Some("text".into()), ..picture };
        assert_eq!(read(&story), None);
    }

    #[test]
    fn the_summary_is_the_one_without_a_role_else_by_name_else_the_first() {
        let teaser = WireText::plain("Teaser").with_role("teaser");
        let odd = WireText::plain("Odd").with_role("drol:odd");
        let cases = [
            (vec![teaser.clone(), WireText::html("<p>Plain</p>")], Some("Plain")),
            (vec![odd.clone(), teaser.clone()], Some("Teaser")),
            (vec![odd.clone()], Some("Odd")),
            (vec![WireText::plain(" ")], None),
            (vec![], None),
        ];
        for (summaries, expected) in cases {
            let item = WireItem { summaries, ..WireItem::default() };
            assert_eq!(read(&item).as_deref(), expected, "{item:?}");
        }
        assert!(as_body(&[teaser]).is_none());
        assert!(as_body(&[WireText::unsaid("All of it")]).is_some());
    }
}
