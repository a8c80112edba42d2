//! Renditions and associations: the item's own files, and the pictures and stories that go with it.

use super::super::rendition;
use super::object::Object;
use super::texts;
use crate::wire::{WireItem, WireMedia, WireRelation, WireText};

/// Types whose descriptions are captions.
const VISUAL: &[&str] = &["picture", "graphic", "video", "audio", "photo", "image"];

/// Reads an item's files and companions.
pub fn read(object: &Object<'_>, item: &mut WireItem) {
    if is_visual(item.class.as_deref()) {
        item.media.extend(sheet(object, item));
        let is_caption = |text: &WireText| item.media.iter().any(|file| file.caption.as_ref() == Some(text));
        item.summaries.retain(|text| !is_caption(text));
    } else {
        item.media.extend(renditions(object));
    }
    for (name, companion) in object.named("associations") {
        associate(name, &companion, item);
    }
}

fn is_visual(class: Option<&str>) -> bool {
    class.is_some_and(|class| VISUAL.iter().any(|known| class.eq_ignore_ascii_case(known)))
}

/// The renditions of one picture or film. Caption, credit and photographer stand on the main one.
fn sheet(object: &Object<'_>, about: &WireItem) -> Vec<WireMedia> {
    let caption = caption(&about.summaries);
    let photographer = object.object("photographer").and_then(|person| person.word("name"));
    let line = object.word("creditline").or_else(|| object.word("credit"));
    let credit =
        about.credit.clone().or(line).or_else(|| object.word("by")).or_else(|| object.word("byline"));
    let mut files = renditions(object);
    if files.is_empty() && caption.is_some() {
        files.push(WireMedia::default());
    }
    if let Some(main) = rendition::main(&mut files) {
        main.caption = caption;
        main.credit = credit;
        main.photographer = photographer;
    }
    files
}

/// The description that is a caption by name, else any.
fn caption(descriptions: &[WireText]) -> Option<WireText> {
    let by_name = descriptions.iter().find(|text| text.role.as_deref() == Some("caption"));
    by_name.or_else(|| descriptions.first()).cloned()
}

fn renditions(object: &Object<'_>) -> Vec<WireMedia> {
    let rendition = |(name, one): (Option<String>, Object<'_>)| {
        Some(WireMedia {
            url: Some(one.word("href")?),
            mime: one.word("contenttype").or_else(|| one.word("mimetype")),
            length: one.word("sizeinbytes"),
            role: name,
            ..WireMedia::default()
        })
    };
    object.named("renditions").into_iter().filter_map(rendition).collect()
}

/// A picture that goes with the item is its media; anything with an identifier is related to it too.
fn associate(name: Option<String>, companion: &Object<'_>, item: &mut WireItem) {
    let mut about = WireItem::default();
    texts::read(companion, &mut about);
    let class = companion.word("type");
    if is_visual(class.as_deref()) || companion.get("renditions").is_some() {
        item.media.extend(sheet(companion, &about));
    }
    let title = about.headlines.into_iter().map(|headline| headline.text).next();
    let target = companion.word("uri").or_else(|| companion.word("guid"));
    // AP counts its companions, where others name their parts.
    let part = name.filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
    item.related.extend(target.map(|target| WireRelation { rel: part.or(class), target, title }));
}
