//! AP's own vocabularies inside Atom entries (AP WebFeeds): `apcm:ContentMetadata` says what the story is and who wrote it,
//! `apnm:NewsManagement` what may be done with it. The entry's title is the slug there, and its `id` is new in each version.

use super::modules::Extra;
use super::xml::{Element, Ns, Xml};
use crate::wire::{CodeKind, DateKind, WireCode, WireDate, WireDateline, WireItem, WirePerson, WireText};

/// An element of AP's in an item or entry.
pub fn of_item<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem, extra: &mut Extra) {
    match el.tag {
        "ContentMetadata" => content(xml, el, item, extra),
        "NewsManagement" => management(xml, el, item),
        _ => {}
    }
}

/// Identity, version, status and the note to editors.
fn management<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem) {
    while let Some(el) = xml.child(of) {
        match (el.ns, el.tag) {
            (Ns::Ap, "ManagementId") => item.chain = xml.word(&el),
            (Ns::Ap, "ManagementSequenceNumber") => item.version = xml.word(&el),
            (Ns::Ap, "PublishingStatus") => status(xml, &el, item),
            (Ns::Ap, "PublishingSpecialInstructions") => item.ed_notes.extend(xml.word(&el)),
            _ => {}
        }
    }
}

/// `<apnm:PublishingStatus statusChangeOn="2024-04-01T22:00:00">Embargoed</…>`: the time is UTC and does not say so.
fn status<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    let said = xml.word(el);
    let is_embargo = said.as_deref().is_some_and(|word| word.eq_ignore_ascii_case("embargoed"));
    item.add_status(said);
    let text = el.get("statusChangeOn").filter(|_| is_embargo);
    item.dates.extend(text.map(|text| {
        let has_zone = text.ends_with('Z') || text.get(10..).is_some_and(|time| time.contains(['+', '-']));
        let text = if has_zone { text } else { format!("{text}Z") };
        WireDate { kind: DateKind::Embargoed, text }
    }));
}

fn content<'a>(xml: &mut Xml<'a>, of: &Element<'a>, item: &mut WireItem, extra: &mut Extra) {
    while let Some(el) = xml.child(of) {
        if el.ns != Ns::Ap {
            continue;
        }
        match el.tag {
            "HeadLine" => extra.headline = said(xml, &el),
            "OriginalHeadLine" | "ExtendedHeadLine" => {
                item.headlines.extend(said(xml, &el).map(|line| line.with_role(el.tag)));
            }
            "SlugLine" => item.sluglines.extend(xml.word(&el)),
            "ByLine" => byline(xml, &el, item),
            "DateLine" => {
                let text = xml.word(&el);
                item.datelines.extend(text.map(|text| WireDateline { text, ..WireDateline::default() }));
            }
            "DateLineLocation" => item.datelines.push(location(&el)),
            "Source" => item.source = xml.word(&el),
            "TransmissionReference" => item.transmission = xml.word(&el),
            "MediaType" => item.class = xml.word(&el),
            "Characteristics" => {
                item.class = item.class.take().or_else(|| el.get("MediaType"));
                item.word_count = el.get("Words");
            }
            "Priority" => item.urgency = el.get("Numeric"),
            "Keywords" => item.codes.extend(super::modules::keywords(xml, &el)),
            "SubjectClassification" | "EntityClassification" => item.codes.extend(code(&el)),
            _ => {}
        }
    }
}

fn said<'a>(xml: &mut Xml<'a>, el: &Element<'a>) -> Option<WireText> {
    Some(xml.plain(el)).filter(|line| !line.text.is_empty())
}

/// Whoever wrote a caption helped. A title of three to five capitals is a code of AP's (`STF`, `MBR`) and no role.
fn byline<'a>(xml: &mut Xml<'a>, el: &Element<'a>, item: &mut WireItem) {
    let (Some(name), title) = (xml.word(el), el.get("Title")) else { return };
    if title.as_deref() == Some("Caption Writer") {
        let role = Some("contributor".to_owned());
        item.creators.push(WirePerson { name, role, ..WirePerson::default() });
        return;
    }
    let title = title.filter(|title| title.bytes().any(|byte| byte.is_ascii_lowercase()));
    let lines: Vec<String> = std::iter::once(name).chain(title).collect();
    item.bylines.push(WireText::plain(lines.join("\n")));
}

fn location(el: &Element<'_>) -> WireDateline {
    let [city, region, country] = el.all(["City", "CountryAreaName", "CountryName"]);
    let country = country.or_else(|| el.get("Country"));
    let position = el.get("Latitude").zip(el.get("Longitude"));
    WireDateline { city, region, country, position, ..WireDateline::default() }
}

/// What a classification is about, by its authority.
const AUTHORITIES: &[(&str, CodeKind)] = &[
    ("AP Party", CodeKind::Person),
    ("AP Person", CodeKind::Person),
    ("AP Organization", CodeKind::Organisation),
    ("AP Company", CodeKind::Organisation),
    ("AP Geography", CodeKind::Place),
    ("AP Country", CodeKind::Place),
    ("AP Region", CodeKind::Place),
];

fn code(el: &Element<'_>) -> Option<WireCode> {
    let [scheme, name, code] = el.all(["Authority", "Value", "Id"]);
    let kind = AUTHORITIES.iter().find(|(authority, _)| Some(*authority) == scheme.as_deref());
    let kind = kind.map_or(CodeKind::Subject, |(_, kind)| *kind);
    (name.is_some() || code.is_some()).then_some(WireCode { kind, code, name, scheme })
}

#[cfg(test)]
mod tests {
    use crate::format::read;
    use crate::wire::{Delivery, WireItem};

    fn item(inside: &str) -> WireItem {
        let text = format!(
            "<entry xmlns='http://www.w3.org/2005/Atom' xmlns:apcm='http://ap.org/schemas/03/2005/apcm'
            xmlns:apnm='http://ap.org/schemas/03/2005/apnm'><id>urn:e:1</id><title>BC-CA--Coast Road</title>{inside}</entry>"
        );
        let parsed = read(&Delivery { bytes: text.into(), ..Delivery::default() }, None).expect("it is Atom");
        parsed.items[0].clone()
    }

    #[test]
    fn the_status_and_its_time_are_read() {
        for (inside, status, date) in [
            ("<apnm:PublishingStatus>Canceled</apnm:PublishingStatus>", "Canceled", None),
            (
                "<apnm:PublishingStatus statusChangeOn='2024-04-01T22:00:00'>Embargoed</apnm:PublishingStatus>",
                "Embargoed",
                Some("2024-04-01T22:00:00Z"),
            ),
            (
                "<apnm:PublishingStatus statusChangeOn='2024-04-01T22:00:00-04:00'>Embargoed</apnm:PublishingStatus>",
                "Embargoed",
                Some("2024-04-01T22:00:00-04:00"),
            ),
        ] {
            let item = item(&format!(
                "<apnm:NewsManagement><apnm:ManagementId>urn:m</apnm:ManagementId>{inside}</apnm:NewsManagement>"
            ));
            assert_eq!(item.pub_status.as_deref(), Some(status), "{inside}");
            assert_eq!(item.dates.first().map(|date| date.text.as_str()), date, "{inside}");
            assert_eq!(item.chain.as_deref(), Some("urn:m"));
        }
    }

    #[test]
    fn the_headline_is_ap_s_and_the_title_its_slug() {
        let item = item(
            "<apcm:ContentMetadata><apcm:HeadLine>Crews return</apcm:HeadLine><apcm:ByLine Title='Caption Writer'>XYZ</apcm:ByLine>
            <apcm:ByLine Title='AP Science Writer'>By ANN ROE</apcm:ByLine><apcm:ByLine Title='STF'>Bob Doe</apcm:ByLine></apcm:ContentMetadata>",
        );
        assert_eq!(item.headlines[0].text, "Crews return");
        assert_eq!(item.sluglines, ["BC-CA--Coast Road"]);
        let bylines: Vec<&str> = item.bylines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(bylines, ["By ANN ROE\nAP Science Writer", "Bob Doe"]);
        assert_eq!(item.creators[0].role.as_deref(), Some("contributor"));
    }

    #[test]
    fn inline_nitf_is_read_as_such() {
        let item = item(
            "<content type='text/xml'><nitf><body><body.head><byline>By ANN ROE</byline></body.head><body.content><p>One.</p></body.content></body></nitf></content>",
        );
        assert_eq!(item.bylines[0].text, "By ANN ROE");
        assert_eq!(item.bodies[0].text, "<p>One.</p>");
    }
}
