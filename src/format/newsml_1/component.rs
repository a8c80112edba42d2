//! `NewsComponent`: a tree of them makes a story. What a component's text is, its `Role` says.

use super::super::xml::{Element, Xml};
use super::super::{inline, rendition};
use super::{content, lines, metadata};
use crate::wire::{WireItem, WireMedia};

/// What the text or file of a component is to its story.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Body,
    Headline,
    Subheadline,
    Summary,
    Caption,
    /// The component is a picture or film of its own: its lines are printed under it.
    Picture,
    Nothing,
}

/// Roles as providers name them, lower case. Any other is body copy.
const ROLES: &[(&str, Place)] = &[
    ("title", Place::Headline),
    ("headline", Place::Headline),
    ("subheadline", Place::Subheadline),
    ("lead", Place::Summary),
    ("abstract", Place::Summary),
    ("summary", Place::Summary),
    ("caption", Place::Caption),
    ("photo", Place::Picture),
    ("picture", Place::Picture),
    ("image", Place::Picture),
    ("graphic", Place::Picture),
    ("clip", Place::Picture),
    ("sound", Place::Picture),
    ("logo", Place::Nothing),
    ("stylesheet", Place::Nothing),
    ("tweettext", Place::Nothing),
];

/// The stories under a top component: one, or one a language where it holds versions of the story in several.
pub fn stories<'a>(xml: &mut Xml<'a>, el: &Element<'a>, frame: &WireItem) -> Vec<WireItem> {
    let mut tree =
        Tree { frame, story: frame.clone(), others: Vec::new(), waiting: lines::Waiting::default() };
    tree.story.guid = tree.story.guid.take().or_else(|| el.get("Duid"));
    tree.story.language = xml.lang().or_else(|| tree.story.language.take());
    tree.component(xml, el, 0);
    tree.settle()
}

/// The role of a picture's headline while no caption has come.
const TITLE: &str = "title";

/// A story under way.
struct Tree<'f> {
    /// What the item said before its first component.
    frame: &'f WireItem,
    story: WireItem,
    /// The same story in other languages.
    others: Vec<WireItem>,
    waiting: lines::Waiting,
}

impl Tree<'_> {
    fn component<'a>(&mut self, xml: &mut Xml<'a>, of: &Element<'a>, depth: usize) {
        let (mut role, start, from) = (None, self.story.media.len(), self.story.bodies.len());
        while let Some(el) = xml.child(of) {
            match el.tag {
                "Role" => role = el.get("FormalName"),
                "NewsLines" => self.lines(xml, &el, place(role.as_deref())),
                "ContentItem" => self.content(xml, &el, place(role.as_deref())),
                "NewsComponent" if depth == 0 && self.is_other_language(xml) => self.translation(xml, &el),
                "NewsComponent" => self.component(xml, &el, depth + 1),
                "NewsItemRef" => self.story.related.extend(metadata::reference(&el)),
                _ => metadata::read(xml, &el, &mut self.story),
            }
        }
        if of.has("EquivalentsList", "yes") {
            inline::one_of_alike(&mut self.story.bodies, from);
        }
        if depth > 0 && place(role.as_deref()) == Place::Picture {
            rendition::print_under_main(self.story.media.get_mut(start..).unwrap_or_default());
        }
    }

    fn is_other_language(&self, xml: &Xml<'_>) -> bool {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match (xml.lang(), self.story.language.as_deref()) {
            (Some(of_component), Some(of_story)) => primary(&of_component) != primary(of_story),
            _ => false,
        }
    }

    /// Belga sends one item with the story in Dutch and in French; each is a story, and keeps its own versions.
    fn translation<'a>(&mut self, xml: &mut Xml<'a>, el: &Element<'a>) {
        let lang = xml.lang();
        let story = WireItem { language: lang.clone(), ..self.frame.clone() };
        let mut tree =
            Tree { frame: self.frame, story, others: Vec::new(), waiting: lines::Waiting::default() };
        tree.component(xml, el, 1);
        tree.story.chain = tree.story.chain.take().zip(lang).map(|(chain, lang)| format!("{chain}:{lang}"));
        self.others.extend(tree.settle());
    }

    fn lines<'a>(&mut self, xml: &mut Xml<'a>, el: &Element<'a>, place: Place) {
        if place == Place::Picture {
            self.waiting.captions.extend(lines::headline(xml, el).map(|line| line.with_role(TITLE)));
        } else {
            lines::read(xml, el, &mut self.story, &mut self.waiting);
        }
    }

    fn content<'a>(&mut self, xml: &mut Xml<'a>, el: &Element<'a>, place: Place) {
        let found = content::read(xml, el);
        let story = &mut self.story;
        match place {
            Place::Nothing => return,
            Place::Headline => fill(&mut story.headlines, found.bodies),
            Place::Subheadline => {
                story.headlines.extend(found.bodies.into_iter().map(|text| text.with_role("sub")))
            }
            Place::Summary => story.summaries.extend(found.bodies),
            Place::Caption => {
                // a caption proper goes before the picture's title, which stood in for it
                let titled = story.media.iter_mut().rev().filter_map(|media| media.caption.as_mut()).next();
                let mut captions = found.bodies.into_iter();
                match titled.filter(|caption| caption.role.as_deref() == Some(TITLE)) {
                    Some(title) => *title = captions.next().unwrap_or_else(|| std::mem::take(title)),
                    None => self.waiting.captions.retain(|caption| caption.role.as_deref() != Some(TITLE)),
                }
                self.waiting.captions.extend(captions);
            }
            Place::Picture | Place::Body => {
                story.bodies.extend(found.bodies);
                story.class = story.class.take().or(found.class);
            }
        }
        fill(&mut story.headlines, found.headlines);
        fill(&mut story.bylines, found.bylines);
        if story.datelines.iter().all(|dateline| dateline.text.is_empty()) {
            story.datelines.extend(found.datelines);
        }
        story.word_count = story.word_count.take().or(found.word_count);
        story.ed_notes.extend(found.ed_notes);
        story.faults.extend(found.faults);
        self.media(found.media);
    }

    /// Captions read since the last picture are this one's.
    fn media(&mut self, mut media: Vec<WireMedia>) {
        if let Some(first) = media.first_mut() {
            let waiting = (!self.waiting.captions.is_empty()).then(|| self.waiting.captions.remove(0));
            first.caption = first.caption.take().or(waiting);
        }
        self.story.media.extend(media);
    }

    fn settle(mut self) -> Vec<WireItem> {
        for caption in self.waiting.captions.drain(..) {
            let bare = self.story.media.iter_mut().find(|media| media.caption.is_none());
            match bare {
                Some(media) => media.caption = Some(caption),
                None => self.story.media.push(WireMedia { caption: Some(caption), ..WireMedia::default() }),
            }
        }
        lines::settle(&mut self.story, self.waiting.slugs);
        let mut stories = vec![self.story];
        stories.append(&mut self.others);
        stories
    }
}

fn place(role: Option<&str>) -> Place {
    let role = role.unwrap_or_default().to_ascii_lowercase();
    ROLES.iter().find(|(name, _)| *name == role).map_or(Place::Body, |(_, place)| *place)
}

fn fill<T>(mine: &mut Vec<T>, theirs: Vec<T>) {
    if mine.is_empty() {
        *mine = theirs;
    }
}
