//! Headlines, descriptions and bodies: flat keys with a suffix (`body_text`, ninjs 1) or lists with roles (ninjs 2 and 3).

use super::object::Object;
use crate::wire::{Markup, WireItem, WireText};

/// Suffixes and roles that say how a text is written, not what part it plays.
const WRITTEN: &[&str] = &["", "main", "text", "html", "xhtml", "html5", "richtext", "richhtml5"];

/// One text with all that is said of it.
struct Said {
    role: String,
    text: WireText,
}

/// Reads all texts of an item.
pub fn read(object: &Object<'_>, item: &mut WireItem) {
    item.headlines = gather(object, "headline", "headlines").into_iter().map(labelled).collect();
    item.headlines.extend(object.word("title").map(|title| WireText::plain(title).with_role("title")));
    let (credits, descriptions): (Vec<_>, Vec<_>) =
        gather(object, "description", "descriptions").into_iter().partition(|said| said.role == "creditline");
    item.credit = credits.into_iter().map(|said| said.text.text).next();
    item.summaries = once(descriptions).into_iter().map(labelled).collect();
    item.bodies.extend(best(gather(object, "body", "bodies")));
}

/// The flat keys that begin with `prefix`, then the list under `list`.
fn gather(object: &Object<'_>, prefix: &str, list: &str) -> Vec<Said> {
    let flat = object.entries().filter_map(|(key, _)| {
        let suffix = key.to_ascii_lowercase().strip_prefix(prefix)?.to_owned();
        let role = if suffix.is_empty() { String::new() } else { suffix.strip_prefix('_')?.to_owned() };
        Some(said(role.clone(), &role, object.word(key)?))
    });
    let objects = object.objects(list);
    let listed = objects.iter().filter_map(|one| {
        let role = one.word("role").unwrap_or_default();
        let kind = one.word("contenttype").unwrap_or_else(|| role.clone());
        Some(said(role.to_ascii_lowercase(), &kind, one.word("value")?))
    });
    flat.chain(listed).collect()
}

fn said(role: String, kind: &str, text: String) -> Said {
    let kind = kind.to_ascii_lowercase();
    let text = match kind.as_str() {
        "text" | "text/plain" => WireText::plain(text),
        kind if kind.contains("html") => WireText::html(copy_of_page(&text)),
        _ => WireText::unsaid(text),
    };
    Said { role, text }
}

/// What stands in the `body` of a whole page (TT sends one).
fn copy_of_page(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let inside = lower.find("<body").and_then(|at| Some(at + lower.get(at..)?.find('>')? + 1));
    let end = lower.rfind("</body").unwrap_or(html.len());
    inside.and_then(|start| html.get(start..end)).unwrap_or(html).to_owned()
}

fn labelled(said: Said) -> WireText {
    let role = (!WRITTEN.contains(&said.role.as_str())).then_some(said.role);
    WireText { role, ..said.text }
}

/// Of the same text written in several ways only the first, plain one before markup.
fn once(mut texts: Vec<Said>) -> Vec<Said> {
    texts.sort_by_key(|said| said.text.markup == Markup::Html);
    let mut has_written = false;
    texts.retain(|said| {
        let is_written = WRITTEN.contains(&said.role.as_str());
        let keeps = !is_written || !has_written;
        has_written |= is_written;
        keeps
    });
    texts
}

/// The story once: as HTML where there is any, else as text. A body in a vocabulary of the provider's own is a last resort.
fn best(texts: Vec<Said>) -> Option<WireText> {
    let rank = |said: &Said| match (WRITTEN.contains(&said.role.as_str()), said.text.markup) {
        (true, Markup::Html) => 0,
        (true, _) => 1,
        (false, Markup::Html) => 2,
        (false, _) => 3,
    };
    texts.into_iter().min_by_key(rank).map(|said| said.text)
}
