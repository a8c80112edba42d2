//! What HTTP, the XML declaration and a page's `meta` say of a document's encoding.

use encoding_rs::{Encoding, ISO_2022_JP};

/// How far into a document its declaration is looked for, in bytes.
const DECLARATION_WINDOW: usize = 1024;
/// How far into a page its `meta` is looked for, in bytes: pages put scripts before it.
const META_WINDOW: usize = 8 * 1024;

/// What stands in a feed and before no `meta` of a page: a page that a feed quotes says nothing of the feed.
const NO_PAGE: &[&str] = &["<rss", "<feed", "<rdf", "<channel", "<![cdata["];

/// Names of encodings that no browser knows, as Windows and Python have them.
const ALIASES: &[(&str, &str)] = &[
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp950", "big5"),
    ("macroman", "macintosh"),
    ("utf8mb4", "utf-8"),
];

/// What is said of a document's encoding.
pub(super) enum Label {
    /// Nothing.
    None,
    /// An encoding that the bytes can have.
    Usable(&'static Encoding),
    /// Something that cannot be; why.
    Useless(String),
}

/// The first label that names an encoding which these bytes can have: HTTP's, then the declaration's, then the page's own.
pub(super) fn label_of(bytes: &[u8], content_type: Option<&str>) -> Label {
    let labels = [content_type.and_then(charset_parameter), declared(bytes), said_by_page(bytes)];
    let mut useless = Label::None;
    for label in labels.into_iter().flatten() {
        match known(&label) {
            Some(encoding) if encoding.is_ascii_compatible() || encoding == ISO_2022_JP => {
                return Label::Usable(encoding);
            }
            Some(_) => useless = Label::Useless(format!("says {label} but its bytes are not")),
            None => useless = Label::Useless(format!("says {label:?}, which is no encoding known here")),
        }
    }
    useless
}

fn known(label: &str) -> Option<&'static Encoding> {
    let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(label)).map(|(_, name)| *name);
    Encoding::for_label(alias.unwrap_or(label).as_bytes())
}

/// `charset` of a page's `meta`, by itself or in its `content` (HTML, 4.2.5.4).
fn said_by_page(bytes: &[u8]) -> Option<String> {
    let window = bytes.get(..bytes.len().min(META_WINDOW))?;
    memchr::memmem::find_iter(window, b"<")
        .find(|at| window.get(at + 1..at + 5).is_some_and(|name| name.eq_ignore_ascii_case(b"meta")))?;
    let page = String::from_utf8_lossy(window).to_ascii_lowercase();
    page.match_indices("<meta").find_map(|(at, _)| {
        let before = page.get(..at)?;
        let tag = page.get(at..)?.split('>').next()?;
        let (_, said) = tag.split_once("charset")?;
        let label = said.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        let label = label.split(|c: char| c.is_whitespace() || "\"';/>".contains(c)).next()?;
        let is_page = !label.is_empty() && !NO_PAGE.iter().any(|mark| before.contains(mark));
        is_page.then(|| label.to_owned())
    })
}

/// `charset` of a `Content-Type` header.
fn charset_parameter(content_type: &str) -> Option<String> {
    let value = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// `encoding` of the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let window = bytes.get(..bytes.len().min(DECLARATION_WINDOW))?;
    let start = memchr::memmem::find(window, b"<?xml")?;
    let declaration = window.get(start..)?;
    let declaration = declaration.get(..memchr::memchr(b'>', declaration)?)?;
    let value = declaration.get(memchr::memmem::find(declaration, b"encoding")? + 8..)?;
    let value = value.get(value.iter().position(|byte| matches!(byte, b'"' | b'\''))? + 1..)?;
    let value = value.get(..value.iter().position(|byte| matches!(byte, b'"' | b'\''))?)?;
    let label = std::str::from_utf8(value).ok()?.trim();
    (!label.is_empty()).then(|| label.to_owned())
}
