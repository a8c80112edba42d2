//! Pictures of the story with what is printed under them.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::super::prose;
use super::layout::{Layout, inside};
use super::ld::{self, Object};
use super::{furniture, inset, node, printed, title};
use crate::wire::{WireMedia, WireText};

/// Elements that hold a caption, by the names that publishers give them.
pub const CAPTIONS: &str = "figcaption, .wp-caption-text, [itemprop='caption'], [class*='caption'], [class*='Caption'], [class*='bildunterschrift'], [class*='bildtext'], [class*='legende'], [class*='img-description'], [class*='image-description']";
/// Elements beside or inside a caption that hold its credit.
const CREDITS: &str = "[class*='credit'], [class*='Credit'], [class*='copyright'], [class*='Copyright'], [class*='source'], [class*='Source'], [class*='photographer'], [class*='attribution'], [class*='byline'], [class*='author'], [class*='quelle'], [itemprop='copyrightHolder'], [itemprop='creator'], [itemprop='author'], small, cite";
/// What shows a picture.
const PICTURES: &str = "img, picture, amp-img, noscript, svg image";
/// What a box holds that sells a letter or says who somebody is.
const FOREIGN: &str = "form, input[type='email'], input[type='text'], [itemprop='jobTitle']";
/// Captions of a page, at most.
const MOST: usize = 200;
/// Bytes of a caption, at most.
const LONGEST: usize = 1500;

/// A page's captions, and the elements they were read from.
#[derive(Debug, Default)]
pub struct Pictures<'a> {
    /// Pictures with their captions, in document order.
    pub media: Vec<WireMedia>,
    /// The elements that hold nothing but these captions.
    pub taken: Vec<NodeRef<'a>>,
}

/// Reads the captions of the story's pictures.
pub fn read<'a>(page: &'a Document, layout: &Layout<'a>, story: &Object) -> Pictures<'a> {
    let mut found = Pictures::default();
    let Some(scope) = layout.scope else { return found };
    let mut done = HashSet::new();
    for one in named(&scope, layout) {
        if let Some((picture, media)) = of_caption(&one, layout) {
            done.extend(inside(&picture, "img").iter().map(|image| image.id));
            found.media.push(media);
            found.taken.extend(inside(&picture, "figcaption"));
        }
        found.taken.push(one);
    }
    for image in inside(&scope, "img").iter().take(MOST).filter(|image| !done.contains(&image.id)) {
        if let Some((frame, media)) = of_image(image, layout) {
            found.media.push(media);
            found.taken.extend(frame);
        }
    }
    found.media.extend(in_attributes(&scope, layout));
    if found.media.is_empty() {
        found.media = told(page, story);
    }
    found
}

/// Captions that a script is to print, in attributes of a box beside the picture (Gannett's papers).
fn in_attributes(scope: &NodeRef<'_>, layout: &Layout<'_>) -> Vec<WireMedia> {
    let boxes = inside(scope, "[data-c-caption]");
    let own = boxes.iter().take(MOST).filter(|it| !layout.is_aside(it) && !is_teaser(it));
    let media = own.filter_map(|it| {
        let of =
            |name: &str| it.attr(name).map(|said| said.trim().to_string()).filter(|said| !said.is_empty());
        let caption = of("data-c-caption").filter(|caption| caption.len() > 8 && !caption.contains('<'))?;
        let image = it.parent().and_then(|up| inside(&up, "img").into_iter().next());
        Some(WireMedia { url: image.and_then(|it| address(&it)), ..captioned(&caption, of("data-c-credit")) })
    });
    media.collect()
}

/// The outermost elements named as captions that hold no picture themselves.
fn named<'a>(scope: &NodeRef<'a>, layout: &Layout<'_>) -> Vec<NodeRef<'a>> {
    let all: Vec<NodeRef<'a>> = inside(scope, CAPTIONS)
        .into_iter()
        .take(4 * MOST)
        .filter(|it| {
            !layout.holds_story(it)
                && !layout.is_aside(it)
                && !it.has_name("a")
                && !it.is("[itemprop='author'], [itemprop='creator']")
        })
        .filter(|it| inside(it, "img, picture, video, figcaption, p + p + p, form").is_empty())
        .collect();
    let ids: HashSet<NodeId> = all.iter().map(|it| it.id).collect();
    let is_outermost = |it: &NodeRef<'a>| !it.ancestors_it(Some(8)).any(|parent| ids.contains(&parent.id));
    all.into_iter().filter(is_outermost).take(MOST).collect()
}

fn of_caption<'a>(caption: &NodeRef<'a>, layout: &Layout<'_>) -> Option<(NodeRef<'a>, WireMedia)> {
    let up: Vec<NodeRef<'a>> =
        caption.ancestors_it(Some(5)).take_while(|it| !node::is_any(it, &["body", "main"])).collect();
    let figure = up.iter().position(|it| it.has_name("figure")).map_or(up.len(), |at| at + 1);
    let whole = node::line(caption);
    let pictured = up.iter().take(figure).find(|it| !inside(it, PICTURES).is_empty());
    let frame =
        *pictured.or_else(|| up.iter().find(|it| it.has_name("figure") && is_to_come(it, caption)))?;
    if is_teaser(&frame)
        || !inside(caption, "h2 a, h3 a, h4 a, h5 a").is_empty()
        || !inside(&frame, FOREIGN).is_empty()
        || shows_a_clip(&frame)
        || is_signature(caption, &frame, &whole, layout)
    {
        return None;
    }
    let beside = node::is_any(&frame, &["figure"])
        || inside(&frame, CAPTIONS).len() <= 3 && node::line(&frame).len() < LONGEST;
    let credit = credit_in(caption, &whole).or_else(|| beside.then(|| credit_in(&frame, &whole)).flatten());
    if credit.is_none() && is_name_alone(&whole) {
        return None;
    }
    Some((frame, media(&frame, &whole, credit)?))
}

/// A figure with a caption and nothing else in it: a script is to bring the picture.
fn is_to_come(figure: &NodeRef<'_>, caption: &NodeRef<'_>) -> bool {
    const LABEL: usize = 16;
    const OTHERS: &str = "table, pre, code, blockquote, iframe, video, audio, form, embed, object, script";
    let told = figure.text().trim().len();
    caption.has_name("figcaption")
        && inside(figure, OTHERS).is_empty()
        && told <= caption.text().trim().len() + LABEL
}

/// A clip tells how long it is: `1:30`. What stands below is the clip's own summary.
fn shows_a_clip(frame: &NodeRef<'_>) -> bool {
    let lengths = inside(frame, "[class*='duration'], [class*='Duration']");
    let is_length = |text: &str| {
        text.len() < 24
            && text
                .split_once(':')
                .is_some_and(|(minutes, _)| minutes.ends_with(|c: char| c.is_ascii_digit()))
    };
    lengths.iter().take(10).any(|it| is_length(it.text().trim()))
}

/// `Ann Roe`, with nothing else below the picture: who took it.
fn is_name_alone(text: &str) -> bool {
    let words = text.split(' ').count();
    (2..=4).contains(&words)
        && text.split(' ').all(|word| word.starts_with(char::is_uppercase))
        && !text.contains(['.', ':', '/'])
}

/// A picture alone with a short text in a box that bears no name.
fn of_image<'a>(image: &NodeRef<'a>, layout: &Layout<'_>) -> Option<(Option<NodeRef<'a>>, WireMedia)> {
    if layout.is_aside(image) || is_small(image) {
        return None;
    }
    if let Some(caption) =
        image.attr("data-caption").filter(|caption| caption.len() > 8 && !caption.contains('<'))
    {
        let credit = image.attr("data-source").or_else(|| image.attr("data-credit"));
        let credit = credit.map(|it| it.trim().to_string()).filter(|it| !it.is_empty());
        let media = WireMedia { url: address(image), ..captioned(caption.trim(), credit) };
        return Some((None, media));
    }
    if let Some(one) = repeated_below(image) {
        let printed = node::line(&one);
        let own_box = one.parent().filter(|it| {
            !layout.holds_story(it) && it.descendants_it().filter(is_picture).take(2).count() == 1
        });
        let media = media(image, &printed, own_box.and_then(|it| credit_in(&it, &printed)))?;
        return Some((Some(one), WireMedia { url: address(image), ..media }));
    }
    let up = image.ancestors_it(Some(7));
    let frame = up
        .take_while(|parent| {
            !layout.holds_story(parent) && !node::is_any(parent, &["body", "main", "article"])
        })
        .take_while(|parent| parent.descendants_it().filter(is_picture).take(2).count() == 1)
        .find(|parent| node::line(parent).len() > 8)?;
    let whole = node::line(&frame);
    if inset::runs_on(image, &frame, &whole) {
        return None;
    }
    let furnished = "h1, h2, h3, h4, form, input, ul, ol, table, time, p + p + p, a + a + a, iframe";
    let plain =
        inside(&frame, furnished).is_empty() && inside(&frame, FOREIGN).is_empty() && !shows_a_clip(&frame);
    let linked = inside(&frame, "a").iter().any(|link| link.text().split_whitespace().count() >= 4);
    if !plain
        || linked
        || whole.len() < 15
        || is_teaser(&frame)
        || is_signature(&frame, &frame, &whole, layout)
    {
        return None;
    }
    let told =
        inside(&frame, "p").into_iter().map(|it| node::line(&it)).find(|it| it.len() * 5 > whole.len() * 4);
    let credit = credit_in(&frame, &whole).or_else(|| second_of_two(&frame));
    if credit.is_none() && is_name_alone(&whole) {
        return None;
    }
    Some((Some(frame), media(&frame, &told.unwrap_or(whole), credit)?))
}

/// Below a picture stand a sentence and a name, each in a box of its own: caption and credit, whatever their classes say.
fn second_of_two(frame: &NodeRef<'_>) -> Option<String> {
    let is_leaf = |it: &NodeRef<'_>| inside(it, "div, p, span, figcaption").is_empty();
    let boxes = inside(frame, "div, p, span, figcaption");
    let mut lines = boxes.iter().filter(|it| is_leaf(it)).map(node::line).filter(|line| !line.is_empty());
    let (caption, name) = (lines.next()?, lines.next()?);
    let words = |line: &str| line.split(' ').count();
    let is_name =
        words(&name) <= 4 && name.starts_with(char::is_uppercase) && !name.ends_with(['.', '!', '?', ':']);
    (lines.next().is_none() && is_name && words(&caption) > words(&name)).then_some(name)
}

/// The element below a picture that prints what its `alt` says.
fn repeated_below<'a>(image: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let alt = image.attr("alt").filter(|alt| alt.trim().chars().count() >= 8)?;
    let alt = title::folded(&alt);
    let up = std::iter::once(*image).chain(image.ancestors_it(Some(4)));
    let below = up.filter_map(|it| it.next_element_sibling());
    let alone = |it: &NodeRef<'a>| {
        inside(it, "a, h1, h2, h3, h4, img").is_empty()
            && inside(it, FOREIGN).is_empty()
            && !it.is("a, h1, h2, h3, h4")
            && !is_teaser(it)
    };
    let says =
        |it: &NodeRef<'a>| it.text().len() < LONGEST && title::folded(&node::line(it)).starts_with(&alt);
    below.into_iter().find(|it| alone(it) && says(it))
}

fn is_picture(node: &NodeRef<'_>) -> bool {
    node.has_name("img") && !is_small(node)
}

/// Faces, logos, counters: by their names, or since they say how small they are.
pub fn is_small(image: &NodeRef<'_>) -> bool {
    const NAMES: &[&str] =
        &["avatar", "logo", "icon", "emoji", "author", "profile", "login", "pixel", "spinner", "byline"];
    let side = |name: &str| image.attr(name).and_then(|it| it.trim().parse::<u32>().ok());
    let small = |name: &str| side(name).is_some_and(|pixels| pixels < 90);
    let drawn =
        address(image).is_some_and(|it| it.split('?').next().is_some_and(|path| path.ends_with(".svg")));
    drawn || node::is_named(image, NAMES) || small("width") || small("height")
}

/// The box of a picture that leads to another story.
fn is_teaser(frame: &NodeRef<'_>) -> bool {
    let own = std::iter::once(*frame).chain(frame.ancestors_it(Some(6)));
    own.into_iter().any(|it| {
        it.has_name("a")
            && it.attr("href").is_some_and(|href| !href.starts_with('#') && !is_picture_address(&href))
    })
}

fn is_picture_address(href: &str) -> bool {
    let path = href.split('?').next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"].iter().any(|end| path.ends_with(end))
}

/// The line below a writer's face, a clip's length, an order to sign up: no caption.
fn is_signature(caption: &NodeRef<'_>, frame: &NodeRef<'_>, whole: &str, layout: &Layout<'_>) -> bool {
    const NAMES: &[&str] = &[
        "author",
        "byline",
        "avatar",
        "signature",
        "autor",
        "audio",
        "podcast",
        "player",
        "newsletter",
        "profile",
        "login",
        "paywall",
        "writer",
        "vcard",
    ];
    const WORDS: &[&str] = &[
        "Uhr •",
        "Lesezeit",
        "Laufzeit",
        "min read",
        "Newsletter",
        "JavaScript",
        "Copyright",
        "Icon",
        "Tous droits",
        "abmelden",
        "unsubscribe",
        "Quelle:",
        "account to continue",
    ];
    /// What an order to sign up, or to load something, speaks of.
    const ORDERS: &[&str] = &[
        "atenschutz",
        "rivacy policy",
        "rivacy Policy",
        "erms of service",
        "erms of Service",
        "confidentialité",
        " QR ",
    ];
    let short = whole.len() < 120;
    let begins = short && ["Von ", "By ", "Par "].iter().any(|prefix| whole.starts_with(prefix));
    let around = [Some(*caption), Some(*frame), frame.parent()];
    let named = around
        .into_iter()
        .flatten()
        .filter(|it| !layout.holds_story(it))
        .any(|it| node::is_named(&it, NAMES));
    named
        || begins
        || furniture::is_furniture(whole, true)
        || short && WORDS.iter().any(|word| whole.contains(word) && whole.len() < word.len() + 40)
        || whole.len() < 300 && ORDERS.iter().any(|order| whole.contains(order))
}

fn credit_in(of: &NodeRef<'_>, whole: &str) -> Option<String> {
    let lines = inside(of, CREDITS);
    lines.iter().map(node::line).find(|it| {
        it.len() > 1 && it != whole && it.len() < 200 && !it.contains(whole) && !is_label_or_date(it)
    })
}

/// A label that credits nobody, the day on a line about the writer: no credit.
fn is_label_or_date(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    ["copyright", "photo", "foto", "credit", "image", "source", "quelle"].contains(&bare.as_str())
        || line.contains(':') && printed::holds_date(line)
}

/// `title` or `alt` of a picture that print the caption and go on: `A mole in its hill | MP/Ann Roe`.
fn credit_behind(image: &NodeRef<'_>, text: &str) -> Option<String> {
    let of = |name: &str| {
        let said = prose::fold(&image.attr(name)?);
        let rest = said.strip_prefix(text)?.trim_start();
        let credit = rest.strip_prefix(['|', '©'])?.trim();
        (credit.len() > 1 && credit.len() < 100).then(|| credit.to_string())
    };
    ["title", "alt"].into_iter().find_map(of)
}

/// A credit goes on behind its element, up to the end: `Photo by Ann Roe` `/Meridian Press`.
fn to_its_end(credit: String, whole: &str) -> String {
    let rest = whole.rsplit_once(credit.as_str()).map(|(_, rest)| rest.trim()).unwrap_or_default();
    let goes_on = rest.starts_with(['/', '|']) && rest.chars().count() < 50 && !rest.contains(". ");
    if goes_on { format!("{credit} {rest}") } else { credit }
}

fn media(frame: &NodeRef<'_>, whole: &str, credit: Option<String>) -> Option<WireMedia> {
    let credit = credit.map(|credit| to_its_end(credit, whole));
    let text = match &credit {
        Some(credit) if whole.ends_with(credit.as_str()) => {
            whole.get(..whole.len() - credit.len()).unwrap_or_default()
        }
        Some(credit) => &whole.replacen(credit.as_str(), " ", 1),
        None => whole,
    };
    let text = prose::fold(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || "|·•".contains(c));
    let fits = text.chars().filter(|c| c.is_alphabetic()).count() > 5
        && text.len() <= LONGEST
        && !is_credit_alone(text);
    let image = frame.has_name("img").then_some(*frame).or_else(|| inside(frame, "img").into_iter().next());
    let credit = credit.or_else(|| credit_behind(image.as_ref()?, text));
    fits.then(|| WireMedia { url: image.and_then(|image| address(&image)), ..captioned(text, credit) })
}

/// `Photograph: Ann Roe`, `© MP`: a credit, and no caption.
fn is_credit_alone(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "©",
        "(c)",
        "photo",
        "foto",
        "quelle:",
        "source:",
        "credit",
        "image:",
        "bild:",
        "copyright",
        "picture:",
        "crédit",
    ];
    let lower = text.to_lowercase();
    let label = LABELS.iter().any(|label| lower.starts_with(label));
    label
        && text.chars().count() < 60
        && (text.starts_with('©') || !text.trim_end_matches('.').contains(". "))
        && (lower.contains(':') || lower.contains('©') || lower.contains(" by "))
}

fn captioned(text: &str, credit: Option<String>) -> WireMedia {
    WireMedia {
        caption: Some(WireText::plain(text)),
        credit,
        role: Some("image".into()),
        ..WireMedia::default()
    }
}

/// Where a picture lies: lazy pages keep the address in an attribute of their own.
pub fn address(image: &NodeRef<'_>) -> Option<String> {
    let of = |name: &str| image.attr(name).map(|it| it.trim().to_string()).filter(|it| !it.is_empty());
    of("src")
        .filter(|src| !src.starts_with("data:"))
        .or_else(|| of("data-src"))
        .or_else(|| of("data-original"))
}

/// Captions that schema.org gives, of a page that prints none.
fn told(_page: &Document, story: &Object) -> Vec<WireMedia> {
    let images = ld::members(story, "image");
    let captions = images.iter().filter_map(|image| image.as_object()).filter_map(|image| {
        let caption = ld::text(image, "caption").filter(|text| text.len() > 20)?;
        const CREDITS: &[&str] = &["creditText", "author", "creator", "copyrightNotice", "copyrightHolder"];
        let credit = CREDITS.iter().find_map(|key| ld::text(image, key));
        let url = ld::text(image, "url").or_else(|| ld::text(image, "contentUrl"));
        Some(WireMedia { url, ..captioned(&caption, credit) })
    });
    captions.take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<(String, Option<String>)> {
        let text =
            "<p>The council met on Tuesday evening to speak about moles below the town hall.</p>".repeat(3);
        let page = Document::from(format!("<article><h1>Moles</h1>{html}<div>{text}</div></article>"));
        let found = super::read(&page, &Layout::of(&page), &Object::new());
        found
            .media
            .into_iter()
            .map(|it| (it.caption.map(|text| text.text).unwrap_or_default(), it.credit))
            .collect()
    }

    #[test]
    fn a_caption_stands_with_its_picture_by_name_or_alone_in_a_box() {
        let credit = Some("Ann Roe/MP".to_string());
        for (html, credit) in [
            ("<figure><img src=1.jpg><figcaption>A mole in its hill.</figcaption></figure>", None),
            (
                "<figure><img src=1.jpg><figcaption>A mole in its hill. <span class=credit>Ann Roe/MP</span></figcaption></figure>",
                credit.clone(),
            ),
            ("<div><picture><img src=1.jpg></picture><div>A mole in its hill.</div></div>", None),
            ("<figure><div class=lazy></div><figcaption>A mole in its hill.</figcaption></figure>", None),
            (
                "<div><img src=1.jpg><p class=text>A mole in its hill. <span class=photographer>Ann Roe/MP</span></p></div>",
                credit.clone(),
            ),
            (
                "<div class=wp-caption><img src=1.jpg><p class=wp-caption-text>A mole in its hill.</p></div>",
                None,
            ),
            (
                "<div><img src=1.jpg data-caption='A mole in its hill.' data-source='Ann Roe/MP'></div>",
                credit,
            ),
        ] {
            assert_eq!(read(html), [("A mole in its hill.".to_string(), credit)], "{html}");
        }
    }

    #[test]
    fn faces_teasers_and_galleries_of_other_stories_have_no_caption_here() {
        for html in [
            "<figure><table><tr><td>1<td>2</table><figcaption>Moles in town by the year.</figcaption></figure>",
            "<div class=author><img src=1.jpg><p>Ann Roe writes about moles.</p></div>",
            "<a href=/other><figure><img src=1.jpg><figcaption>Another story of voles.</figcaption></figure></a>",
            "<aside><figure><img src=1.jpg><figcaption>Another story of voles.</figcaption></figure></aside>",
            "<div><img src=1.jpg width=40><p>Ann Roe writes about moles.</p></div>",
        ] {
            assert_eq!(read(html), [], "{html}");
        }
    }
}
