//! NITF `head`: title, `tobject` (subjects), `docdata` (identity, dates, status, keys, rights) and revision history.

use super::super::prose;
use super::super::xml::{Element, Xml};
use crate::wire::{
    CodeKind, DateKind, Fault, WireCode, WireDate, WireDateline, WireItem, WirePerson, WireRelation, WireText,
};

/// What the head says that only counts when nothing better is said elsewhere.
#[derive(Default)]
pub struct Spare {
    title: Option<String>,
    slugline: Option<String>,
    authors: Vec<String>,
    place: Option<WireDateline>,
    published: Option<String>,
}

impl Spare {
    /// Puts the spare values where the body has given none.
    pub fn settle(self, item: &mut WireItem) {
        if item.headlines.is_empty() {
            item.headlines.extend(self.title.clone().map(WireText::plain));
        }
        let slug_like = |title: &String| title.contains('-') && !title.contains(' ');
        item.sluglines
            .extend(self.slugline.or_else(|| self.title.filter(slug_like)).or_else(|| only_keyword(item)));
        if item.bylines.is_empty() {
            item.creators
                .extend(self.authors.into_iter().map(|name| WirePerson { name, ..WirePerson::default() }));
        }
        if !item.dates.iter().any(|date| date.kind == DateKind::Published) {
            item.dates.extend(self.published.map(|text| WireDate { kind: DateKind::Published, text }));
        }
        if !item.datelines.iter().any(|dateline| dateline.city.is_some()) {
            item.datelines.extend(self.place);
        }
        drop_release_at_issue(item);
    }
}

/// EFE sends its slug as the one keyword.
fn only_keyword(item: &WireItem) -> Option<String> {
    let mut keywords = item.codes.iter().filter(|code| code.kind == CodeKind::Keyword);
    keywords.next().filter(|_| keywords.next().is_none()).and_then(|code| code.name.clone())
}

/// A release at the very time of issue is how senders say that there is no embargo.
fn drop_release_at_issue(item: &mut WireItem) {
    let issued =
        item.dates.iter().find(|date| date.kind == DateKind::Published).map(|date| date.text.clone());
    item.dates.retain(|date| date.kind != DateKind::Embargoed || Some(&date.text) != issued.as_ref());
}

/// Reads a `head` into `item`.
pub fn read<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem, spare: &mut Spare) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "title" => spare.title = xml.word(&el),
            "meta" => meta(&el, item, spare),
            "tobject" => subjects(xml, &el, item),
            "docdata" => docdata(xml, &el, item, spare),
            // The Canadian Press puts urgency and others beside docdata.
            _ => datum(xml, &el, item, spare),
        }
    }
}

fn docdata<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem, spare: &mut Spare) {
    item.add_status(of.get("management-status"));
    // What is to become of another document (NITF 3.x, `docdata`): editors have to know.
    let [other, rel] = of.all(["management-doc-idref", "management-idref-status"]);
    item.related.extend(other.zip(rel).map(|(target, rel)| WireRelation {
        rel: Some(rel),
        target,
        title: None,
    }));
    while let Some(el) = xml.child(of) {
        datum(xml, &el, item, spare);
    }
}

fn datum<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, spare: &mut Spare) {
    match el.tag {
        "doc-id" => {
            item.guid = el.get("id-string").or_else(|| item.guid.take());
            item.provider = el.get("regsrc").or_else(|| item.provider.take());
        }
        "del-list" => sender(xml, el, item),
        "urgency" => item.urgency = el.get("ed-urg").or_else(|| item.urgency.take()),
        "date.issue" => date(el, DateKind::Published, item),
        "date.release" => date(el, DateKind::Embargoed, item),
        "date.expire" => date(el, DateKind::Expires, item),
        "pubdata" => spare.published = el.get("date.publication"),
        "revision-history" => revision(el, item),
        "du-key" => {
            spare.slugline = el.get("key");
            item.version = el.get("version");
        }
        "key-list" => keywords(xml, el, item),
        "identified-content" => identified(xml, el, item),
        "evloc" => spare.place = place(el),
        "doc.copyright" => item.copyrights.extend(copyright(el)),
        "doc.rights" => item.usage_terms.extend(rights(el)),
        "ed-msg" => editors_message(el, item),
        "correction" => correction(el, item),
        "series" => item.related.extend(el.get("series.name").map(in_series)),
        "fixture" => item.codes.extend(el.get("fix-id").and_then(|name| named(CodeKind::Keyword, &name))),
        _ => {}
    }
}

/// What was wrong, for editors, and in which item.
fn correction(el: &Element<'_>, item: &mut WireItem) {
    item.ed_notes.extend(el.get("info"));
    let rel = Some("corrects".to_owned());
    item.related.extend(el.get("id-string").map(|target| WireRelation { rel, target, title: None }));
}

fn in_series(target: String) -> WireRelation {
    WireRelation { rel: Some("series".into()), target, title: None }
}

/// Who sent it on its way: the first of the `from-src` (PA names itself only there).
fn sender<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        if el.tag == "from-src" && item.provider.is_none() {
            item.provider = el.get("src-name");
        }
    }
}

/// An empty date is none (unlike NewsML-G2's `embargoed`), and so is a template that nobody filled in.
fn date(el: &Element<'_>, kind: DateKind, item: &mut WireItem) {
    let Some(text) = el.get("norm") else { return };
    if text.starts_with("YYYY") {
        item.faults.push(Fault::of("bad_date", el.tag, format!("a date that was never filled in: {text}")));
    } else {
        item.dates.push(WireDate { kind, text });
    }
}

/// Only the latest revision dates the item; what it says of itself is for editors.
fn revision(el: &Element<'_>, item: &mut WireItem) {
    // a day alone says no more than the issue of that day does
    let issued = item.dates.iter().find(|date| date.kind == DateKind::Published);
    let is_day = |text: &String| text.len() <= 10 && issued.is_some_and(|date| date.text.len() > text.len());
    if let Some(text) = el.get("norm").filter(|text| !is_day(text)) {
        item.dates.retain(|date| date.kind != DateKind::Updated);
        item.dates.push(WireDate { kind: DateKind::Updated, text });
    }
}

fn editors_message(el: &Element<'_>, item: &mut WireItem) {
    item.ed_notes.extend(el.get("info"));
    item.editorial_type = el.get("msg-type").or_else(|| item.editorial_type.take());
}

fn meta(el: &Element<'_>, item: &mut WireItem, spare: &mut Spare) {
    let (Some(name), Some(content)) = (el.get("name"), el.get("content")) else { return };
    match name.to_ascii_lowercase().as_str() {
        "author" => spare.authors.push(content),
        "keywords" => item.codes.extend(content.split(',').filter_map(|word| named(CodeKind::Keyword, word))),
        "language" => item.language = item.language.take().or(Some(content)),
        "anpa-keyword" | "ntbstikkord" => spare.slugline = spare.slugline.take().or(Some(content)),
        "anpa-wordcount" => item.word_count = Some(content),
        _ => {}
    }
}

fn named(kind: CodeKind, name: &str) -> Option<WireCode> {
    let name = prose::fold(name);
    (!name.is_empty()).then(|| WireCode { kind, name: Some(name), ..WireCode::default() })
}

fn subjects<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "tobject.subject" => item.codes.extend(subject(&el)),
            "tobject.property" => {
                let genre = el.get("tobject.property.type");
                item.codes.extend(genre.and_then(|name| named(CodeKind::Genre, &name)));
            }
            _ => {}
        }
    }
}

/// A subject's name is its most exact one: detail, matter, then type.
fn subject(el: &Element<'_>) -> Option<WireCode> {
    let attribute = |name: &str| el.get(&format!("tobject.subject.{name}"));
    let code = attribute("refnum").or_else(|| attribute("code"));
    let name = attribute("detail").or_else(|| attribute("matter")).or_else(|| attribute("type"));
    let is_said = code.is_some() || name.is_some();
    is_said.then(|| WireCode { kind: CodeKind::Subject, code, name, scheme: attribute("ipr") })
}

/// `keyword` with its word in `key` (the standard) or as text (The Canadian Press).
fn keywords<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        let word = el.get("key").or_else(|| xml.word(&el));
        item.codes.extend(word.and_then(|word| named(CodeKind::Keyword, &word)));
    }
}

fn identified<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        let kind = match el.tag {
            "person" => CodeKind::Person,
            "org" => CodeKind::Organisation,
            "location" | "virtloc" => CodeKind::Place,
            "classifier" if el.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("genre")) => {
                CodeKind::Genre
            }
            "classifier" => CodeKind::Subject,
            _ => continue,
        };
        let (code, scheme) = (el.get("idsrc").and(el.get("value")), el.get("idsrc"));
        let name = Some(prose::line(xml, &el)).filter(|text| !text.is_empty()).or_else(|| el.get("value"));
        item.codes.extend(name.map(|name| WireCode { kind, name: Some(name), code, scheme }));
    }
}

fn place(el: &Element<'_>) -> Option<WireDateline> {
    let (city, region) = (el.get("city"), el.get("state-prov"));
    city.as_ref()?;
    Some(WireDateline { city, region, country: el.get("iso-cc"), ..WireDateline::default() })
}

fn copyright(el: &Element<'_>) -> Option<String> {
    let (holder, year) = (el.get("holder")?, el.get("year"));
    Some(
        year.filter(|year| !holder.contains(year.as_str()))
            .map_or(holder.clone(), |year| format!("{year} {holder}")),
    )
}

fn rights(el: &Element<'_>) -> Option<String> {
    let limits = ["type", "limitations", "geography", "code-source"].map(|name| el.get(name));
    let terms: Vec<String> = limits.into_iter().flatten().collect();
    (!terms.is_empty()).then(|| terms.join("; "))
}
