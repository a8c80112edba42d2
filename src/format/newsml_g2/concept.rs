//! The one shape that most NewsML-G2 properties share (flexible properties): a code, a type, a role, names in several
//! languages, what is broader, and details of a person, an organisation or a place.

use super::super::xml::{Element, Ns, Xml};
use crate::wire::{CodeKind, WireCode, WirePerson};

/// A property as printed.
#[derive(Debug, Default)]
pub struct Concept {
    /// `qcode`, else `uri`.
    pub code: Option<String>,
    /// `literal`: a code of no vocabulary, often a name.
    pub literal: Option<String>,
    /// `type`: `cpnat:person`, `cptype:city` ...
    pub kind: Option<String>,
    /// `role`, as printed.
    pub role: Option<String>,
    /// `jobtitle`, as printed.
    pub job: Option<String>,
    /// Latitude and longitude.
    pub position: Option<(String, String)>,
    /// What is next broader: a state, a country, a topic.
    pub broader: Vec<Self>,
    names: Vec<Name>,
    email: Option<String>,
    org: Option<String>,
    has_org_details: bool,
}

#[derive(Debug)]
struct Name {
    text: String,
    lang: Option<String>,
    /// A short form for machines or tickers (`nrol:mnemonic`), or one to sort by (`nrol:sort`).
    is_mnemonic: bool,
}

/// What a `type` (its last part, lower case) makes of a subject.
const KINDS: &[(&str, CodeKind)] = &[
    ("person", CodeKind::Person),
    ("organisation", CodeKind::Organisation),
    ("organization", CodeKind::Organisation),
    ("company", CodeKind::Organisation),
    ("geoarea", CodeKind::Place),
    ("poi", CodeKind::Place),
    ("city", CodeKind::Place),
    ("statprov", CodeKind::Place),
    ("country", CodeKind::Place),
    // Reuters' own types: cptType:5 is a place (tag:reuters.com newsml of 2013 to 2018).
    ("5", CodeKind::Place),
];

/// Reads a property to its end.
pub fn read<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Concept {
    let mut concept = Concept {
        code: el.get("qcode").or_else(|| el.get("uri")),
        literal: el.get("literal"),
        kind: el.get("type"),
        role: el.get("role"),
        job: el.get("jobtitle"),
        ..Concept::default()
    };
    concept.inside(xml, el);
    concept
}

/// The last part of a qcode or URI: `caption` of `drol:caption`.
pub fn tail(code: &str) -> &str {
    code.rsplit([':', '/', '#']).next().unwrap_or(code)
}

/// Whether two language tags name the same language, whatever the region.
pub fn same_language(one: &str, other: &str) -> bool {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    primary(one) == primary(other)
}

impl Concept {
    fn inside<'a>(&mut self, xml: &mut Xml<'a>, of: &Element<'a>) {
        while let Some(el) = xml.child(of) {
            if el.ns != Ns::G2 {
                continue;
            }
            match el.tag {
                "name" => self.name_of(xml, &el),
                "broader" => self.broader.push(read(xml, &el)),
                "affiliation" => self.org = read(xml, &el).name(None),
                "email" => self.email = self.email.take().or_else(|| xml.word(&el)),
                "position" => self.position = el.get("latitude").zip(el.get("longitude")),
                "organisationDetails" => {
                    self.has_org_details = true;
                    self.inside(xml, &el);
                }
                "personDetails" | "contactInfo" | "geoAreaDetails" | "POIDetails" => self.inside(xml, &el),
                _ => {}
            }
        }
    }

    fn name_of<'a>(&mut self, xml: &mut Xml<'a>, el: &Element<'a>) {
        let lang = xml.lang();
        let is_mnemonic = el.get("role").is_some_and(|role| matches!(tail(&role), "mnemonic" | "sort"));
        if let Some(text) = xml.word(el) {
            self.names.push(Name { text, lang, is_mnemonic });
        }
    }

    /// The name in this language, else the first one, else the literal.
    pub fn name(&self, lang: Option<&str>) -> Option<String> {
        let is_foreign = |name: &Name| match (&name.lang, lang) {
            (Some(of_name), Some(wanted)) => !same_language(of_name, wanted),
            _ => false,
        };
        let best = self.names.iter().min_by_key(|name| (name.is_mnemonic, is_foreign(name)));
        best.map(|name| name.text.clone()).or_else(|| self.literal.clone())
    }

    /// The name, else what stands for it in the code.
    pub fn label(&self, lang: Option<&str>) -> Option<String> {
        self.name(lang).or_else(|| self.code.as_deref().map(|code| tail(code).to_owned()))
    }

    /// The code as printed, or the literal.
    pub fn printed(self) -> Option<String> {
        self.code.or(self.literal)
    }

    /// As a subject, place, person, organisation or genre.
    pub fn code(&self, kind: Option<CodeKind>, lang: Option<&str>) -> WireCode {
        let typed = self.kind.as_deref().map(|kind| tail(kind).to_ascii_lowercase());
        let by_type =
            || KINDS.iter().find(|(name, _)| Some(*name) == typed.as_deref()).map(|(_, kind)| *kind);
        let code = self.code.clone().or_else(|| self.literal.clone());
        let scheme =
            self.code.as_deref().and_then(|code| code.rsplit_once(':')).map(|(scheme, _)| scheme.to_owned());
        WireCode { kind: kind.or_else(by_type).unwrap_or_default(), code, name: self.name(lang), scheme }
    }

    /// As a creator or contributor. A property with neither name nor literal names nobody.
    pub fn person(self, lang: Option<&str>) -> Option<WirePerson> {
        let name = self.name(lang)?;
        let typed_org =
            self.kind.as_deref().is_some_and(|kind| tail(kind).eq_ignore_ascii_case("organisation"));
        let is_source = self.role.as_deref().is_some_and(|role| matches!(tail(role), "source" | "supplier"));
        Some(WirePerson {
            name,
            role: self.job.or(self.role),
            org: self.org,
            email: self.email,
            uri: self.code,
            is_org: self.has_org_details || typed_org || is_source,
        })
    }
}
