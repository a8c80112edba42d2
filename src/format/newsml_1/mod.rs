//! NewsML 1.0 to 1.2 (iptc.org, NewsML 1 functional specification): an envelope and its items, each a tree of components.

mod component;
mod content;
mod lines;
mod metadata;

use super::error::FormatError;
use super::head::{Document, Head};
use super::xml::{Element, Ns, Xml};
use crate::wire::{DateKind, Parsed, WireDate, WireFeed, WireItem, WireRelation};

/// A `NewsML` root.
pub fn sniff(head: &Head<'_>) -> bool {
    head.root.as_ref().is_some_and(|root| root.is(Ns::NewsMl1, "NewsML"))
}

/// Reads a document. An item that its end cuts off is left out.
pub fn parse(document: &Document<'_>) -> Result<Parsed, FormatError> {
    let mut xml = Xml::new(document, Ns::NewsMl1);
    let mut parsed = Parsed::default();
    if let Some(root) = xml.root() {
        while let Some(el) = xml.child(&root) {
            match el.tag {
                "NewsEnvelope" => envelope(&mut xml, &el, &mut parsed.feed),
                "NewsItem" => {
                    let items = item(&mut xml, &el, &parsed.feed);
                    parsed.items.extend(items.into_iter().filter(|_| !xml.is_cut()));
                }
                _ => {}
            }
        }
    }
    parsed.faults = xml.finish();
    Ok(parsed)
}

/// `FormalName`, the attribute by which NewsML 1 says nearly everything; else the element's text.
fn formal_name<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<String> {
    el.get("FormalName").or_else(|| xml.word(el))
}

fn envelope<'a>(xml: &mut Xml<'a>, of: &Element<'a>, feed: &mut WireFeed) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "DateAndTime" => feed.dates.extend(date(xml, &el, DateKind::Sent)),
            "SentFrom" => {
                feed.provider = metadata::parties(xml, &el).into_iter().map(|party| party.name).next()
            }
            _ => {}
        }
    }
}

fn date<'a>(xml: &mut Xml<'a>, el: &Element<'a>, kind: DateKind) -> Option<WireDate> {
    xml.word(el).map(|text| WireDate { kind, text })
}

/// The stories of one `NewsItem`: one for each language that it tells the story in.
fn item<'a>(xml: &mut Xml<'a>, of: &Element<'a>, feed: &WireFeed) -> Vec<WireItem> {
    let mut item = WireItem { language: xml.lang(), dates: feed.dates.clone(), ..WireItem::default() };
    let mut stories = Vec::new();
    while let Some(el) = xml.child(of) {
        match el.tag {
            "Identification" => identification(xml, &el, &mut item),
            "NewsManagement" => management(xml, &el, &mut item),
            "NewsComponent" => stories.extend(component::stories(xml, &el, &item)),
            _ => {}
        }
    }
    if stories.is_empty() { vec![item] } else { stories }
}

/// Who an item is: `provider`, day and number name the story, the revision one version of it.
#[derive(Default)]
struct Identifier {
    provider: Option<String>,
    day: Option<String>,
    number: Option<String>,
    public: Option<String>,
}

impl Identifier {
    /// The printed identifier, else one of the specification's form (5.5.3) without the revision.
    fn guid(&self) -> Option<String> {
        let (provider, day, number) = (self.provider.as_ref()?, self.day.as_ref(), self.number.as_ref()?);
        let parts = ["urn:newsml", provider, day.map_or("", String::as_str), number];
        Some(parts.join(":"))
    }

    /// What the versions share. Belga prints the same public identifier in every item, and the time of the revision as its day.
    fn chain(&self) -> Option<String> {
        let number = self.number.as_deref()?;
        let keeps_rules = self.public.as_deref().is_none_or(|public| public.contains(number));
        let day = self.day.as_deref().filter(|_| keeps_rules).unwrap_or_default();
        Some([self.provider.as_deref().unwrap_or_default(), day, number].join(":"))
    }
}

fn identification<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    let mut identifier = Identifier::default();
    while let Some(el) = xml.child(of) {
        match el.tag {
            "NewsIdentifier" => news_identifier(xml, &el, &mut identifier, item),
            "NameLabel" => item.sluglines.extend(xml.word(&el)),
            _ => {}
        }
    }
    item.chain = identifier.chain();
    item.guid = identifier.public.clone().or_else(|| identifier.guid());
    item.provider = item.provider.take().or(identifier.provider);
}

fn news_identifier<'a>(
    xml: &mut Xml<'a>,
    of: &Element<'a>,
    identifier: &mut Identifier,
    item: &mut WireItem,
) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "ProviderId" => identifier.provider = xml.word(&el),
            "DateId" => identifier.day = xml.word(&el),
            "NewsItemId" => identifier.number = xml.word(&el),
            "RevisionId" => item.version = xml.word(&el),
            "PublicIdentifier" => identifier.public = xml.word(&el),
            _ => {}
        }
    }
}

fn management<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match el.tag {
            "FirstCreated" => item.dates.extend(date(xml, &el, DateKind::Published)),
            "ThisRevisionCreated" => item.dates.extend(date(xml, &el, DateKind::Updated)),
            "Status" => item.add_status(formal_name(xml, &el)),
            "StatusWillChange" => item.dates.extend(release(xml, &el)),
            "Urgency" => item.urgency = formal_name(xml, &el),
            "Instruction" => item.editorial_type = formal_name(xml, &el),
            "DerivedFrom" | "AssociatedWith" => item.related.extend(relation(&el)),
            _ => {}
        }
    }
}

/// A status that will become usable at a given time is an embargo; one that will be anything else ends the story then.
fn release<'a>(xml: &mut Xml<'a>, of: &Element<'a>) -> Option<WireDate> {
    let (mut status, mut at) = (None, None);
    while let Some(el) = xml.child(of) {
        match el.tag {
            "FutureStatus" => status = formal_name(xml, &el),
            "DateAndTime" => at = date(xml, &el, DateKind::Embargoed),
            _ => {}
        }
    }
    let kind = if status?.eq_ignore_ascii_case("usable") { DateKind::Embargoed } else { DateKind::Expires };
    at.map(|at| WireDate { kind, ..at })
}

/// AFP names a mere kind of companion (`FormalName="Photo"`) by the same element: that is no item.
fn relation(el: &Element<'_>) -> Option<WireRelation> {
    Some(WireRelation { rel: Some(el.tag.to_owned()), target: el.get("NewsItem")?, title: el.get("Comment") })
}

#[cfg(test)]
mod tests;
