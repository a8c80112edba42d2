//! **What is printed under the pictures?** Captions with credit, photographer and date read from them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use crate::item::{Caption, Moment};
use crate::wire::WireMedia;

use super::dateline::date;
use super::gazetteer::fold;
use super::scan::{Tag, Token, tokens};
use super::{credit, datetime, flow, links, plain, text};

/// Captions of the item's media and of the figures in its body; the same caption is given once, the longer text kept.
/// Addresses are made whole against `base`, as those of the enclosures are: that is how a caption finds its picture.
pub fn read(media: &[WireMedia], body_html: Option<&str>, base: Option<&Url>) -> Vec<Caption> {
    let of_media = media.iter().filter_map(|media| of_media(media, base));
    let of_body = body_html.map(figures).unwrap_or_default();
    let mut captions: Vec<(String, Caption)> = Vec::new();
    for caption in of_media.chain(of_body) {
        file(&mut captions, caption);
    }
    captions.into_iter().map(|(_, caption)| caption).collect()
}

fn of_media(media: &WireMedia, base: Option<&Url>) -> Option<Caption> {
    let printed = plain::line(media.caption.as_ref()?)?;
    let mut caption = of_text(&printed);
    let field = |text: &Option<String>| text::optional(text.as_ref());
    if let Some(given) = field(&media.credit).map(|it| credit::clean(&it)).filter(|it| !it.is_empty()) {
        let inside = caption.credit.take();
        caption.credit = Some(inside.filter(|it| fold(it).contains(&fold(&given))).unwrap_or(given));
    }
    // who took it and for whom in one: NITF `media-producer`
    let both = field(&media.photographer).filter(|it| it.contains('/') && !it.contains("://"));
    caption.credit = caption.credit.take().or(both.as_deref().map(credit::clean));
    // Alone in its field, a name may be a desk's: `HW Graphics`.
    let signed = caption.credit.as_deref().filter(|credit| credit.contains('/'));
    let credited = || signed.and_then(credit::photographer);
    let taker = both.as_deref().and_then(credit::photographer);
    let told = || {
        taker
            .clone()
            .or_else(|| field(&media.photographer))
            .map(|it| credit::clean(&it))
            .filter(|it| !it.is_empty())
    };
    caption.photographer = told().or_else(credited).or(caption.photographer.take());
    caption.url = media.url.as_deref().and_then(|url| links::resolved(url, base));
    let taken = field(&media.date).and_then(|printed| datetime::read(&printed, &TimeZone::UTC));
    caption.date = taken.map(Moment::day).or(caption.date);
    Some(caption)
}

/// A caption from its printed line.
fn of_text(printed: &str) -> Caption {
    let split = credit::split(printed);
    Caption {
        truncated: split.text.ends_with("...") || split.text.ends_with('…'),
        photographer: split.credit.as_deref().and_then(credit::photographer),
        date: date_in(&split.text),
        text: split.text,
        credit: split.credit,
        url: None,
    }
}

/// The day named in a caption, as AP prints it (`Wednesday, March 20, 2024`) and as others do (`5. Januar 2026`).
fn date_in(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split([' ', '\u{a0}']).collect();
    let years = words
        .iter()
        .enumerate()
        .filter(|(_, word)| date::year(word.trim_matches([',', '.', ';', ')', '('])).is_some());
    years.map(|(at, _)| at).find_map(|at| {
        let from = at.checked_sub(2)?;
        let chunk = words.get(from..=at)?.join(" ");
        let printed = date::whole(chunk.trim_matches(['.', ';', '(', ')', ',']))?;
        date::resolve(printed, None)
    })
}

/// Files a caption, unless it or a longer form of it is there: teasers print the beginning of the caption once more.
fn file(captions: &mut Vec<(String, Caption)>, caption: Caption) {
    let key = fold(caption.text.trim_end_matches(['.', '…', ' ']));
    if key.is_empty() {
        return;
    }
    let begins = |a: &str, b: &str| a == b || b.len() >= SAME && a.starts_with(b);
    let known = captions.iter_mut().find(|(known, _)| begins(known, &key) || begins(&key, known));
    let Some((known, kept)) = known else {
        captions.push((key, caption));
        return;
    };
    let longer = key.len() > known.len();
    let (mut long, short) =
        if longer { (caption, std::mem::take(kept)) } else { (std::mem::take(kept), caption) };
    long.credit = long.credit.or(short.credit);
    long.photographer = long.photographer.or(short.photographer);
    long.url = long.url.or(short.url);
    long.date = long.date.or(short.date);
    *kept = long;
    if longer {
        *known = key;
    }
}

/// So many folded letters in common make two captions one.
const SAME: usize = 30;

/// Captions of `figure` elements, with the address of the picture before them.
fn figures(html: &str) -> Vec<Caption> {
    if memchr::memmem::find(html.as_bytes(), b"<figcaption").is_none() {
        return Vec::new();
    }
    let mut captions = Vec::new();
    let mut picture = None;
    let mut inside: Option<String> = None;
    for token in tokens(html) {
        match token {
            Token::Open(tag) if is(&tag, "figure") => picture = None,
            Token::Open(tag) if is(&tag, "img") && inside.is_none() => picture = source_of(&tag),
            Token::Open(tag) if is(&tag, "figcaption") => inside = Some(String::new()),
            Token::Close(tag) if is(&tag, "figcaption") => {
                let printed =
                    inside.take().map(|source| text::line(&flow::text_of(&source))).unwrap_or_default();
                if !printed.is_empty() {
                    captions.push(Caption { url: picture.clone(), ..of_text(&printed) });
                }
            }
            token => {
                if let Some(source) = &mut inside {
                    source.push_str(match token {
                        Token::Text(text) => text,
                        Token::Open(tag) | Token::Close(tag) => tag.source,
                    });
                }
            }
        }
    }
    captions
}

fn is(tag: &Tag<'_>, name: &str) -> bool {
    tag.name.eq_ignore_ascii_case(name)
}

fn source_of(picture: &Tag<'_>) -> Option<String> {
    Some(text::decoded(picture.attribute("src")?).into_owned()).filter(|address| !address.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::WireText;

    fn media(caption: &str) -> WireMedia {
        WireMedia { caption: Some(WireText::plain(caption)), ..WireMedia::default() }
    }

    #[test]
    fn a_caption_gives_text_credit_photographer_and_day() {
        let printed =
            "Adviser Ann Roe grimaces in Kyiv, Ukraine, Wednesday, March 20, 2024. (AP Photo/Vadim Doe)";
        let captions = read(&[media(printed)], None, None);
        assert_eq!(captions[0].text, "Adviser Ann Roe grimaces in Kyiv, Ukraine, Wednesday, March 20, 2024.");
        assert_eq!(captions[0].credit.as_deref(), Some("AP Photo/Vadim Doe"));
        assert_eq!(captions[0].photographer.as_deref(), Some("Vadim Doe"));
        assert_eq!(captions[0].date, Some(jiff::civil::date(2024, 3, 20)));
    }

    #[test]
    fn a_truncated_copy_is_dropped_for_the_full_caption() {
        let short = "Adviser Ann Roe grimaces during a joint press conference wi ...";
        let full = "Adviser Ann Roe grimaces during a joint press conference with a guest in Kyiv. (AP Photo/Vadim Doe)";
        for order in [[short, full], [full, short]] {
            let captions = read(&order.map(media), None, None);
            assert_eq!(captions.len(), 1);
            assert!(captions[0].text.ends_with("guest in Kyiv.") && !captions[0].truncated);
        }
        assert!(read(&[media(short)], None, None)[0].truncated);
    }

    #[test]
    fn figures_of_the_body_are_captions_too() {
        let html = r#"<p>One.</p><figure><img src="https://e.example/1.jpg"><figcaption>A <b>crane</b> falls. <small>Foto: Ann Roe/dpa</small></figcaption></figure>"#;
        let captions = read(&[], Some(html), None);
        assert_eq!(
            (captions[0].text.as_str(), captions[0].credit.as_deref()),
            ("A crane falls.", Some("Ann Roe/dpa"))
        );
        assert_eq!(captions[0].url.as_deref(), Some("https://e.example/1.jpg"));
        assert!(read(&[], Some("<figure><figcaption>cut"), None).is_empty());
    }

    #[test]
    fn a_credit_of_its_own_wins_unless_the_caption_says_more() {
        let one = WireMedia { credit: Some("AP".into()), ..media("A crane falls. (AP Photo/Vadim Doe)") };
        assert_eq!(read(&[one], None, None)[0].credit.as_deref(), Some("AP Photo/Vadim Doe"));
        let one = WireMedia { credit: Some("Foto: Ann Roe/dpa".into()), ..media("A crane falls.") };
        let caption = &read(&[one], None, None)[0];
        assert_eq!(caption.credit.as_deref(), Some("Ann Roe/dpa"));
        assert_eq!(caption.photographer.as_deref(), Some("Ann Roe"));
        let one = WireMedia { credit: Some("Roe Graphics".into()), ..media("A map.") };
        assert_eq!(read(&[one], None, None)[0].photographer, None);
    }

    #[test]
    fn a_caption_bears_the_whole_address_of_its_picture() {
        let base = Url::parse("https://wire.example/day/feed.xml").ok();
        for (url, whole) in [
            ("1.jpg", "https://wire.example/day/1.jpg"),
            ("https://pix.example/1.jpg", "https://pix.example/1.jpg"),
        ] {
            let one = WireMedia { url: Some(url.into()), ..media("A crane falls.") };
            assert_eq!(read(&[one], None, base.as_ref())[0].url.as_deref(), Some(whole));
        }
    }
}
