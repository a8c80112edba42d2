//! Pictures that are set into the story's own paragraphs, as old blogs and WordPress do: the words beside them are no caption.

use dom_query::NodeRef;

use super::layout::inside;
use super::node;

/// The picture is set into a paragraph of the story (`<p><img class=alignright>The council met …`), or stands in a box with one:
/// its words are no caption. A caption has a line of its own, or says whose the picture is.
pub fn runs_on(image: &NodeRef<'_>, frame: &NodeRef<'_>, whole: &str) -> bool {
    /// Letters of a paragraph that may be the story's, and of one that can hardly be anything else.
    const PARAGRAPH: usize = 60;
    const LONG: usize = 400;
    const MARKS: &[&str] = &[
        "(AP",
        "(Photo",
        "(Foto",
        "Photo:",
        "Photo by",
        "Foto:",
        "Photograph",
        "©",
        "Courtesy",
        "/Getty",
        "Credit:",
    ];
    let letters = whole.chars().count();
    if letters < PARAGRAPH || MARKS.iter().any(|mark| whole.contains(mark)) {
        return false;
    }
    letters >= LONG && !inside(frame, "p").is_empty() || is_parted_by_nothing(image, frame)
}

/// Between a picture and the words before or behind it in its paragraph stands no break, and they are not set apart as captions are.
fn is_parted_by_nothing(image: &NodeRef<'_>, frame: &NodeRef<'_>) -> bool {
    const APART: &[&str] = &["em", "i", "small", "figcaption", "cite"];
    let up = image.ancestors_it(Some(6)).take_while(|it| frame.parent().is_none_or(|end| end.id != it.id));
    let Some(paragraph) = up.into_iter().find(|it| it.has_name("p")) else { return false };
    let pieces: Vec<NodeRef<'_>> = paragraph
        .descendants_it()
        .filter(|it| it.id == image.id || it.has_name("br") || it.is_text() && !it.text().trim().is_empty())
        .collect();
    let Some(at) = pieces.iter().position(|it| it.id == image.id) else { return false };
    let is_told = |it: &NodeRef<'_>| {
        let mut around = it.ancestors_it(Some(6)).take_while(|up| up.id != paragraph.id);
        it.is_text()
            && !around.any(|up| node::is_any(&up, APART) || node::is_named(&up, &["caption", "credit"]))
    };
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    beside.filter_map(|beside| pieces.get(beside)).any(is_told)
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[test]
    fn words_that_run_on_beside_a_picture_are_the_story_s_and_words_below_it_are_a_caption() {
        const TOLD: &str =
            "The moles below the town hall have been counted again, and there are more of them.";
        for (html, expected) in [
            (format!("<p><a href=1.jpg><img src=1.jpg></a>{TOLD}</p>"), true),
            (format!("<p><span>{TOLD}<img src=1.jpg class=alignright></span></p>"), true),
            (format!("<p><img src=1.jpg> <b>LEEDS</b> {TOLD}</p>"), true),
            (format!("<div><figure><img src=1.jpg></figure><p>{}</p></div>", TOLD.repeat(6)), true),
            (format!("<p><img src=1.jpg><br>{TOLD}</p>"), false),
            (format!("<p><img src=1.jpg><em>{TOLD}</em></p>"), false),
            (format!("<p><img src=1.jpg>{TOLD} (Photo: Ann Roe)</p>"), false),
            ("<p><img src=1.jpg>A mole in its hill.</p>".to_string(), false),
            (format!("<div><img src=1.jpg><p>{TOLD}</p></div>"), false),
        ] {
            let page = Document::from(html.as_str());
            let frame = page.select("body > *").nodes()[0];
            let image = page.select("img").nodes()[0];
            assert_eq!(runs_on(&image, &frame, &node::line(&frame)), expected, "{html}");
        }
    }
}
