//! `contentMeta`: headline, byline, dateline, subjects and all else that is said about the content.

use super::super::rendition;
use super::super::xml::{Element, Ns, Xml};
use super::concept::{self, Concept};
use super::content_set;
use super::item_meta::dated;
use crate::wire::{CodeKind, DateKind, WireCode, WireDateline, WireItem, WireMedia, WirePerson, WireText};

/// Roles (their last part) of a headline that is the main one all the same.
const MAIN: &[&str] = &["title", "main", "headline", "hl1"];

/// What the parts of `contentMeta` say together.
#[derive(Default)]
pub struct Meta {
    located: Vec<Concept>,
    captions: Vec<WireText>,
    scripts: Vec<WireText>,
    icons: Vec<WireMedia>,
    modified: Vec<String>,
}

impl Meta {
    /// Reads `contentMeta` into `item`.
    pub fn read<'a>(&mut self, xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem, lang: Option<&str>) {
        while let Some(el) = xml.child(of) {
            if el.ns != Ns::G2 {
                continue;
            }
            match el.tag {
                "headline" => item.headlines.extend(headline(xml, &el)),
                "description" => self.description(xml, &el, item),
                "located" => self.located.push(concept::read(xml, &el)),
                "icon" => self.icons.extend(content_set::remote(xml, &el)),
                "contentModified" => self.modified.extend(xml.word(&el)),
                "subject" => item.codes.push(concept::read(xml, &el).code(None, lang)),
                "genre" => item.codes.push(concept::read(xml, &el).code(Some(CodeKind::Genre), lang)),
                "creator" => item.creators.extend(concept::read(xml, &el).person(lang)),
                "contributor" => item.creators.extend(concept::read(xml, &el).person(lang).map(contributor)),
                "infoSource" => {
                    item.source = item.source.take().or_else(|| concept::read(xml, &el).label(lang))
                }
                "contentCreated" => dated(xml, &el, DateKind::Created, item),
                "contentExpires" | "expires" => dated(xml, &el, DateKind::Expires, item),
                _ => words(xml, &el, item),
            }
        }
    }

    fn description<'a>(&mut self, xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
        let text = xml.unsaid(el);
        let text = WireText { role: el.get("role"), ..text };
        if text.text.is_empty() {
            return;
        }
        let role = text.role.as_deref().map(concept::tail).unwrap_or_default().to_ascii_lowercase();
        let list = match role.as_str() {
            "caption" => &mut self.captions,
            "script" | "shotlist" | "dopesheet" => &mut self.scripts,
            _ => &mut item.summaries,
        };
        list.push(text);
    }

    /// Puts what was gathered where it belongs, once the whole item is known.
    pub fn settle(mut self, item: &mut WireItem, lang: Option<&str>) {
        self.place_datelines(item, lang);
        self.place_captions(item);
        self.place_scripts(item);
        item.media.append(&mut self.icons);
        if !item.dates.iter().any(|date| date.kind == DateKind::Updated) {
            let modified = self.modified.pop();
            item.dates.extend(modified.map(|text| crate::wire::WireDate { kind: DateKind::Updated, text }));
        }
    }

    /// `located` gives a printed dateline its structure when they name the same town, else stands for itself.
    fn place_datelines(&mut self, item: &mut WireItem, lang: Option<&str>) {
        for place in self.located.drain(..).map(|located| dateline(&located, lang)) {
            let Some(city) = place.city.as_deref().map(str::to_lowercase) else { continue };
            match item.datelines.iter_mut().find(|printed| printed.text.to_lowercase().contains(&city)) {
                Some(printed) => *printed = WireDateline { text: std::mem::take(&mut printed.text), ..place },
                None => item.datelines.push(place),
            }
        }
    }

    /// The script of a film is its story; without one, what is said of its shots. A story that is there goes before both.
    fn place_scripts(&mut self, item: &mut WireItem) {
        if !item.bodies.is_empty() {
            return item.summaries.append(&mut self.scripts);
        }
        let shots: Vec<&str> = item
            .summaries
            .iter()
            .filter(|text| text.role.as_deref() == Some("part"))
            .map(|text| text.text.as_str())
            .collect();
        if self.scripts.is_empty() && !shots.is_empty() {
            item.bodies.push(WireText::unsaid(shots.join("\n")));
        }
        let plain = |text| WireText { role: None, ..text };
        item.bodies.extend(self.scripts.drain(..).map(plain));
    }

    /// A caption belongs to the item's picture; on a story it sums the story up.
    fn place_captions(&mut self, item: &mut WireItem) {
        let is_visual = item.class.as_deref().is_some_and(|class| {
            matches!(concept::tail(class), "picture" | "graphic" | "video" | "audio" | "animation" | "photo")
        });
        if !is_visual && item.media.is_empty() {
            item.summaries.append(&mut self.captions);
            return;
        }
        credit_main_rendition(item, self.captions.drain(..));
    }
}

/// Caption, credit and photographer go to the main rendition: the others are the same picture.
fn credit_main_rendition(item: &mut WireItem, captions: impl Iterator<Item = WireText>) {
    let mut captions = captions.peekable();
    if item.media.is_empty() && captions.peek().is_none() {
        return;
    }
    if item.media.is_empty() {
        item.media.push(Default::default());
    }
    let photographer = item.creators.iter().find(|person| {
        person.role.as_deref().is_some_and(|role| concept::tail(role).eq_ignore_ascii_case("photographer"))
    });
    let (credit, photographer) = (item.credit.clone(), photographer.map(|person| person.name.clone()));
    if let Some(main) = rendition::main(&mut item.media) {
        main.caption = main.caption.take().or_else(|| captions.next());
        main.credit = main.credit.take().or(credit);
        main.photographer = main.photographer.take().or(photographer);
    }
    for caption in captions {
        item.media.push(WireMedia { caption: Some(caption), ..Default::default() });
    }
}

/// The properties that are a word or a line.
fn words<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    match el.tag {
        "urgency" => item.urgency = xml.word(el),
        "slugline" => item.sluglines.extend(xml.word(el)),
        "by" => item.bylines.extend(Some(xml.plain(el)).filter(|by| !by.text.is_empty())),
        "dateline" => {
            let text = xml.word(el);
            item.datelines.extend(text.map(|text| WireDateline { text, ..WireDateline::default() }));
        }
        "creditline" => item.credit = xml.word(el),
        "language" => item.language = item.language.take().or_else(|| el.get("tag")),
        "keyword" => {
            let code = el.get("qcode").or_else(|| el.get("uri"));
            let name = xml.word(el);
            if name.is_some() || code.is_some() {
                item.codes.push(WireCode { kind: CodeKind::Keyword, code, name, scheme: None });
            }
        }
        _ => {}
    }
}

/// Someone who helped: said so unless a role of its own is given.
fn contributor(person: WirePerson) -> WirePerson {
    WirePerson { role: person.role.or(Some("contributor".into())), ..person }
}

fn headline<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireText> {
    let text = xml.plain(el);
    let role =
        el.get("role").filter(|role| !MAIN.contains(&concept::tail(role).to_ascii_lowercase().as_str()));
    // dpa tells the kicker from the headline by rank alone.
    let rank = || el.get("rank").filter(|rank| rank != "1").map(|rank| format!("rank {rank}"));
    (!text.text.is_empty()).then(|| WireText { role: role.or_else(rank), ..text })
}

fn dateline(located: &Concept, lang: Option<&str>) -> WireDateline {
    let mut dateline = WireDateline { position: located.position.clone(), ..WireDateline::default() };
    for (at, place) in std::iter::once(located).chain(&located.broader).enumerate() {
        let kind =
            place.kind.as_deref().map(|kind| concept::tail(kind).to_ascii_lowercase()).unwrap_or_default();
        let slot = match kind.as_str() {
            "country" => &mut dateline.country,
            "statprov" | "region" | "state" | "province" if at > 0 => &mut dateline.region,
            "city" | "" => &mut dateline.city,
            _ if at == 0 => &mut dateline.city,
            _ => continue,
        };
        *slot = slot.take().or_else(|| place.name(lang));
    }
    dateline
}
