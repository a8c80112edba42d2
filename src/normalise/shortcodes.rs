//! WordPress shortcodes that a site's feed or export left in its copy: a captioned picture is made a figure, and what
//! stands for a gallery or a player is taken off (codex.wordpress.org/Shortcode).

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::scan::tag_end;

/// Shortcodes that stand for what is no text; an address between theirs and their closing marks goes with them.
const STAND_INS: &[&str] =
    &["gallery", "playlist", "audio", "video", "embed", "embedyt", "youtube", "wpvideo"];
/// A picture with its caption inside.
const CAPTIONS: &[&str] = &["caption", "wp_caption"];
/// Bytes of an opening shortcode, at most.
const LONGEST: usize = 1_000;

/// The source with its captioned pictures as figures, and without stand-ins.
#[must_use]
pub fn as_figures(source: &str) -> Cow<'_, str> {
    // `[/` closes a caption, and most players; a gallery names its pictures
    let is_likely = ["caption]", "[gallery ", "[playlist ", "[embed", "[video ", "[audio ", "[youtube "]
        .iter()
        .any(|mark| memmem::find(source.as_bytes(), mark.as_bytes()).is_some());
    if !is_likely {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    let (mut done, mut at) = (0, 0);
    while let Some(found) = memchr(b'[', source.as_bytes().get(at..).unwrap_or_default()) {
        let start = at + found;
        at = start + 1;
        let Some(code) = opening(source.get(start..).unwrap_or_default()) else { continue };
        let rest = source.get(start + code.length..).unwrap_or_default();
        let (instead, length) = match CAPTIONS.contains(&code.name) {
            true => match closed(rest) {
                Some((inside, length)) => (figure(inside, code.source), code.length + length),
                None => continue,
            },
            false => (String::new(), code.length + address(rest, code.name)),
        };
        out.push_str(source.get(done..start).unwrap_or_default());
        out.push_str(&instead);
        done = start + length;
        at = done;
    }
    out.push_str(source.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// An opening shortcode, or the closing one of a stand-in.
struct Code<'a> {
    name: &'a str,
    source: &'a str,
    length: usize,
}

fn opening(text: &str) -> Option<Code<'_>> {
    let closes = text.starts_with("[/");
    let from = if closes { 2 } else { 1 };
    let name = text.get(from..)?.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next()?;
    let known = STAND_INS.contains(&name) || CAPTIONS.contains(&name) && !closes;
    let bytes = text.as_bytes();
    let end = known.then(|| memchr(b']', bytes.get(..LONGEST.min(bytes.len()))?)).flatten()? + 1;
    // `[video]` may be a word of the copy; one with attributes, or one that closes, is none
    let plain = end == from + name.len() + 1;
    let is_code = closes || !plain || name == "embed" || CAPTIONS.contains(&name);
    is_code.then_some(Code { name, source: text.get(..end)?, length: end })
}

/// What stands before the mark that closes a caption, and the bytes up to behind that.
fn closed(rest: &str) -> Option<(&str, usize)> {
    let (at, mark) = ["[/caption]", "[/wp_caption]"]
        .iter()
        .filter_map(|mark| {
            Some((memmem::find(rest.as_bytes().get(..MOST.min(rest.len()))?, mark.as_bytes())?, mark))
        })
        .min()?;
    Some((rest.get(..at)?, at + mark.len()))
}

/// Bytes between a caption's marks, at most.
const MOST: usize = 20_000;

/// Bytes of an address that stands between the marks of a player, up to behind its closing mark.
fn address(rest: &str, name: &str) -> usize {
    let end = rest.find(|c: char| c.is_whitespace() || c == '[' || c == '<').unwrap_or(rest.len());
    let is_address = rest.starts_with("http");
    let closing =
        rest.get(end..).and_then(|rest| rest.strip_prefix("[/")?.strip_prefix(name)?.strip_prefix(']'));
    closing.filter(|_| is_address).map_or(0, |behind| rest.len() - behind.len())
}

/// The picture is the first element, with the link around it; the text behind is its caption, else the old attribute is.
fn figure(inside: &str, opening: &str) -> String {
    let image = memmem::find(inside.as_bytes(), b"<img");
    let end = image.and_then(|at| Some(at + tag_end(inside.as_bytes().get(at..)?)?)).unwrap_or_default();
    let (picture, behind) = inside.split_at_checked(end).unwrap_or(("", inside));
    let linked = behind.trim_start().strip_prefix("</a>");
    let (close, text) = linked.map_or(("", behind), |text| ("</a>", text));
    let old = opening.split_once(" caption=\"").and_then(|(_, rest)| rest.split('"').next());
    let text = Some(text.trim()).filter(|text| !text.is_empty()).or(old).unwrap_or_default();
    format!("<figure>{picture}{close}<figcaption>{text}</figcaption></figure>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_captioned_picture_is_a_figure_and_a_stand_in_is_nothing() {
        for (source, expected) in [
            (
                "<p>One.</p>[caption id=\"a1\" width=\"300\"]<img src=\"1.jpg\" /> A mole. (Ann Roe/MP)[/caption]<p>Two.</p>",
                "<p>One.</p><figure><img src=\"1.jpg\" /><figcaption>A mole. (Ann Roe/MP)</figcaption></figure><p>Two.</p>",
            ),
            (
                "[caption]<a href=\"1\"><img src='x>y'></a> A mole.[/caption]",
                "<figure><a href=\"1\"><img src='x>y'></a><figcaption>A mole.</figcaption></figure>",
            ),
            (
                "[caption width=\"3\" caption=\"A mole.\"]<img src=1>[/caption]",
                "<figure><img src=1><figcaption>A mole.</figcaption></figure>",
            ),
            ("<p>a</p>[gallery ids=\"1,2\"]<p>b</p>", "<p>a</p><p>b</p>"),
            ("[embed]https://x.example/v[/embed]", ""),
            ("[video src=\"1.mp4\"][/video] x", " x"),
            (
                "He said [the caption] was lost [caption of the day",
                "He said [the caption] was lost [caption of the day",
            ),
            ("See [video] and [sic] [/caption]", "See [video] and [sic] [/caption]"),
        ] {
            assert_eq!(as_figures(source), expected, "{source}");
        }
    }

    #[test]
    fn hostile_shortcodes_take_linear_time() {
        for unit in ["[caption]", "[caption ", "[/caption]", "[", "[gallery ", "[caption]<img"] {
            let source = unit.repeat(100_000);
            assert!(as_figures(&source).len() <= source.len() * 6, "{unit}");
        }
    }
}
