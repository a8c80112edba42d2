//! What a component says about itself: administrative, rights and descriptive metadata.

use super::super::xml::{Element, Node, Xml};
use super::{formal_name, lines};
use crate::wire::{CodeKind, WireCode, WireDateline, WireItem, WirePerson, WireRelation};

/// Reads one kind of metadata; anything else is passed over.
pub fn read<'a>(xml: &mut Xml<'a>, el: &Element<'a>, story: &mut WireItem) {
    match el.tag {
        "AdministrativeMetadata" => administrative(xml, el, story),
        "RightsMetadata" => rights(xml, el, story),
        // TASS misspells it.
        "DescriptiveMetadata" | "DescriptiveMetada" => descriptive(xml, el, story),
        "Metadata" => own(xml, el, story),
        _ => {}
    }
}

/// Another item, by reference.
pub fn reference(el: &Element<'_>) -> Option<WireRelation> {
    Some(WireRelation {
        rel: Some("package-member".into()),
        target: el.get("NewsItem")?,
        title: el.get("Comment"),
    })
}

/// The parties under an element, those without a name left out.
pub fn parties<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Vec<WirePerson> {
    let mut found = Vec::new();
    while let Some(el) = xml.child(of) {
        if el.tag != "Party" {
            continue;
        }
        let (name, topic) = (el.get("FormalName"), el.get("Topic").filter(|topic| !topic.starts_with('#')));
        let role = inner_role(xml, &el).or(topic);
        found.extend(name.map(|name| WirePerson { name, role, ..WirePerson::default() }));
    }
    found
}

fn inner_role<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<String> {
    let mut role = None;
    while let Some(el) = xml.child(of) {
        if el.has("FormalName", "Role") {
            role = el.get("Value").or(role);
        }
    }
    role
}

fn administrative<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "Provider" => story.provider = first(parties(xml, &el)).or_else(|| story.provider.take()),
            "Source" => story.source = story.source.take().or_else(|| joined(parties(xml, &el))),
            "Creator" => story.creators.extend(parties(xml, &el)),
            "Contributor" => story.creators.extend(parties(xml, &el).into_iter().map(contributor)),
            "Property" if el.has("FormalName", "EditorialInfo") => story.ed_notes.extend(el.get("Value")),
            "Property" if el.has("FormalName", "Topic") && story.sluglines.is_empty() => {
                story.sluglines.extend(el.get("Value"));
            }
            _ => {}
        }
    }
}

fn first(parties: Vec<WirePerson>) -> Option<String> {
    parties.into_iter().next().map(|party| party.name)
}

/// Several sources of one story are printed with a slash: `ANP/BELGA`.
fn joined(parties: Vec<WirePerson>) -> Option<String> {
    let names: Vec<String> = parties.into_iter().map(|party| party.name).collect();
    (!names.is_empty()).then(|| names.join("/"))
}

fn contributor(person: WirePerson) -> WirePerson {
    WirePerson { role: person.role.or_else(|| Some("contributor".into())), ..person }
}

fn rights<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "UsageRights" => usage(xml, &el, story),
            "Copyright" if story.copyrights.is_empty() => story.copyrights.extend(xml.word(&el)),
            _ => {}
        }
    }
}

/// Usage, where and with what limits: one line each, so that they do not run into each other.
fn usage<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem) {
    let mut terms = Vec::new();
    while let Some(node) = xml.node(of) {
        match node {
            Node::Text(text) => terms.extend(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            Node::Element(el) => terms.extend(xml.word(&el)),
        }
    }
    story.usage_terms.extend((!terms.is_empty()).then(|| terms.join("; ")));
}

fn descriptive<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "Language" => story.language = story.language.take().or_else(|| formal_name(xml, &el)),
            "Genre" => story.codes.extend(formal_name(xml, &el).map(|name| named(CodeKind::Genre, name))),
            "SubjectCode" => subjects(xml, &el, story),
            "Location" => location(xml, &el, story),
            "Property" => property(&el, story),
            _ => {}
        }
    }
}

fn named(kind: CodeKind, name: String) -> WireCode {
    WireCode { kind, name: Some(name), ..WireCode::default() }
}

/// `Subject`, `SubjectMatter` and `SubjectDetail`: three depths of one vocabulary.
fn subjects<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        let code = el.get("FormalName").filter(|_| el.tag.starts_with("Subject"));
        let scheme = el.get("Vocabulary").or_else(|| el.get("Scheme"));
        story.codes.extend(code.map(|code| WireCode { code: Some(code), scheme, ..WireCode::default() }));
    }
}

/// Where the story is from, or about. Only the first counts as where it was filed.
fn location<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem) {
    let mut place = WireDateline::default();
    while let Some(el) = xml.child(of) {
        let value = el.get("Value");
        match el.get("FormalName").as_deref() {
            Some("City") => place.city = value,
            Some("CountryArea") => place.region = value,
            Some("Country") => place.country = value,
            _ => {}
        }
    }
    let is_origin = of.get("HowPresent").is_none_or(|how| how.eq_ignore_ascii_case("Origin"));
    story.codes.extend(place.city.clone().or(place.country.clone()).map(|name| named(CodeKind::Place, name)));
    let is_new = !story.datelines.iter().any(|known| known.text.is_empty());
    if is_origin && is_new && place.city.is_some() {
        story.datelines.push(place);
    }
}

fn property(el: &Element<'_>, story: &mut WireItem) {
    if el.has("FormalName", "Keyword") {
        story.codes.extend(el.get("Value").map(lines::keyword));
    }
}

/// A provider's own metadata: of all of it, only keywords are understood (Business Wire).
fn own<'a>(xml: &mut Xml<'a>, of: &Element<'a>, story: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        let is_keyword = el.get("FormalName").is_some_and(|name| name.ends_with("Keywords"));
        story.codes.extend(el.get("Value").filter(|_| is_keyword).map(lines::keyword));
    }
}
