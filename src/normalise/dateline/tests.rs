//! Datelines in the shapes that really occur, with made-up copy.

use super::*;

fn read(fields: &[WireDateline], body: &str, story_date: Option<Timestamp>) -> Option<Found> {
    super::read(fields, body, story_date, &[])
}

fn of(body: &str) -> Option<(String, &str)> {
    let story = "2024-04-02T10:00:00Z".parse().ok();
    read(&[], body, story).map(|found| (found.dateline.text.clone(), &body[found.body_offset..]))
}

#[test]
fn a_dateline_is_found_at_the_head_of_the_story_and_ends_where_the_story_begins() {
    for (body, text) in [
        ("WASHINGTON (AP) — Talks went on.", "WASHINGTON (AP)"),
        ("LA CROSSE, Wis. (AP) _ Talks went on.", "LA CROSSE, Wis. (AP)"),
        ("RAFAH, Gaza Strip, April 1 (Reuters) - Talks went on.", "RAFAH, Gaza Strip, April 1 (Reuters)"),
        ("    SALVADOR, Feb 26 -\n    Talks went on.", "SALVADOR, Feb 26"),
        ("EVANSTON, ILL., March 5-\n    Talks went on.", "EVANSTON, ILL., March 5"),
        ("RENO, Nev., March 2 -Talks went on.", "RENO, Nev., March 2"),
        ("CHEVY CHASE, Md., - March 4 - Talks went on.", "CHEVY CHASE, Md., - March 4"),
        (
            "AL-AIN , United Arab Emirates 1996-12-06\nTalks went on.",
            "AL-AIN , United Arab Emirates 1996-12-06",
        ),
        ("Tel Aviv/Beirut (dpa) - Talks went on.", "Tel Aviv/Beirut (dpa)"),
        ("Paris (ats afp) Talks went on.", "Paris (ats afp)"),
        ("Duesseldorf (Alemania), 23 may (EFE).- Talks went on.", "Duesseldorf (Alemania), 23 may (EFE)."),
        ("(ANSA) - ROMA, 1 LUG - Talks went on.", "ROMA, 1 LUG"),
        ("MOSCOW, January 21. /TASS/. Talks went on.", "MOSCOW, January 21. /TASS/"),
        ("København /ritzau/: Talks went on.", "København /ritzau/"),
        (
            "AUSTIN, Texas, Feb. 1, 2017 /PRNewswire/ -- Talks went on.",
            "AUSTIN, Texas, Feb. 1, 2017 /PRNewswire/",
        ),
        ("GREENWICH, Conn.--(BUSINESS WIRE)--Talks went on.", "GREENWICH, Conn.--(BUSINESS WIRE)"),
        ("NEW DELHI: Talks went on.", "NEW DELHI"),
        ("UNITED NATIONS — Talks went on.", "UNITED NATIONS"),
        ("ABOARD AIR FORCE ONE (AP) — Talks went on.", "ABOARD AIR FORCE ONE (AP)"),
        ("(New York, NY - October 21) - Talks went on.", "(New York, NY - October 21)"),
        ("(New York, NY - October 21) Talks went on.", "(New York, NY - October 21)"),
        (
            "PUNE, India, July 25, 2018/PRNewswire/\n\nTalks went on.",
            "PUNE, India, July 25, 2018/PRNewswire/",
        ),
        (
            "A subhead of the release\n\nLEEDS, England, Dec. 03, 2019 (GLOBE NEWSWIRE) -- Talks went on.",
            "LEEDS, England, Dec. 03, 2019 (GLOBE NEWSWIRE)",
        ),
        (
            "* Next meeting in person\n\n* Plan stays\n\nCAIRO/ROME, April 1 (NOD) - Talks went on.",
            "CAIRO/ROME, April 1 (NOD)",
        ),
        (
            "A crane falls in Leeds. (MP Photo/Ann Roe)\n\nBIG SUR, Calif. (MP) — Talks went on.",
            "BIG SUR, Calif. (MP)",
        ),
        ("What it costs to dig.\n\nDUBLIN — Talks went on.", "DUBLIN"),
        ("Kiel (dts) - Talks went on.", "Kiel (dts)"),
        ("Umeå (XNS) - Talks went on.", "Umeå (XNS)"),
        ("Tulkarm, West Bank (XNA) — Talks went on.", "Tulkarm, West Bank (XNA)"),
        ("New Delhi [India], April 3 (XNI): Talks went on.", "New Delhi [India], April 3 (XNI)"),
        ("New Delhi, Apr 3 (XTI) Talks went on.", "New Delhi, Apr 3 (XTI)"),
        ("Addis Ababa April 3/2024 (XNA) Talks went on.", "Addis Ababa April 3/2024 (XNA)"),
        ("ALGER- Talks went on.", "ALGER"),
        ("МОСКВА, 1 апр - Talks went on.", "МОСКВА, 1 апр"),
        ("ROSARIO.- Talks went on.", "ROSARIO"),
        ("It was late.\n\nROSARIO.- Talks went on.", "ROSARIO"),
        ("(XNSA) - ROMA, 1 APR - Talks went on.", "ROMA, 1 APR"),
        ("(서울=예시뉴스) 홍길동 기자 = Talks went on.", "(서울=예시뉴스)"),
        ("(서울=예시뉴스) Talks went on.", "(서울=예시뉴스)"),
        ("Hong Kong (CNN Business)Talks went on.", "Hong Kong (CNN Business)"),
    ] {
        assert_eq!(of(body), Some((text.into(), "Talks went on.")), "{body}");
    }
}

#[test]
fn a_place_that_is_not_printed_gives_way_to_the_one_in_the_story() {
    let desk = [WireDateline { city: Some("Bangalore".into()), ..WireDateline::default() }];
    for (body, text) in
        [("DAMASCUS (Reuters) - Talks went on.", "DAMASCUS (Reuters)"), ("Talks went on.", "Bangalore")]
    {
        let found = read(&desk, body, None).unwrap();
        assert_eq!(found.dateline.text, text, "{body}");
    }
}

#[test]
fn the_item_s_own_provider_signs_a_dateline_as_a_known_agency_does() {
    for (body, own, text) in [
        ("Genève (xts) Le pont est fermé.", &["xts"][..], Some("Genève (xts)")),
        ("HARBOR POINT (NNA) — The numbers drawn.", &["", "nna"], Some("HARBOR POINT (NNA)")),
        ("HARBOR POINT (NNA) — The numbers drawn.", &["MP"], None),
        ("The council (NNA) met.", &["NNA"], None),
    ] {
        let found = super::read(&[], body, None, own).map(|found| found.dateline.text);
        assert_eq!(found.as_deref(), text, "{body}");
    }
}

#[test]
fn a_chinese_dateline_has_no_joiner() {
    assert_eq!(of("新华社北京4月24日电（记者）会谈"), Some(("新华社北京4月24日电".into(), "（记者）会谈")));
    let found =
        read(&[], "新华社北京4月24日电 会谈", "2024-04-25T00:00:00Z".parse().ok()).unwrap_or_default();
    assert_eq!(
        (found.dateline.city.as_deref(), found.dateline.agency.as_deref()),
        (Some("北京"), Some("新华社"))
    );
    assert_eq!(found.dateline.date, Some(jiff::civil::date(2024, 4, 24)));
}

#[test]
fn copy_without_a_dateline_has_none() {
    for body in [
        "The council met on Monday — and again on Tuesday.",
        "A HUNTER who killed a wolf - the first in years - was fined.",
        "COPPER GRADE A - 1,203 to 1,204",
        "Bids only - 12",
        "DEAR ABBY: My neighbour sings.",
        "US--Coast Road, 2nd Ld",
        "Europe (the continent) - and its seas",
        "Lauterbach (SPD) - and others - spoke.",
        "Umeå (xy) - and its trees",
        "Springer (CFO) - and others - spoke.",
        "Talks [Monday], April 3: what they cost",
        "SEMI- and other finals",
        "",
        "—",
        "ΑΘΗΝΑ",
    ] {
        assert_eq!(of(body), None, "{body}");
    }
}

#[test]
fn a_place_is_resolved_and_its_date_gets_its_year() {
    let story = "2024-04-02T10:00:00Z".parse().ok();
    for (body, city, region, country) in [
        ("WASHINGTON (AP) — x", "Washington", Some("District of Columbia"), "US"),
        ("TBILISI, Georgia (AP) — x", "Tbilisi", None, "GE"),
        ("ATLANTA, Georgia (AP) — x", "Atlanta", Some("Georgia"), "US"),
        ("BIRMINGHAM, Ala. (AP) — x", "Birmingham", Some("Alabama"), "US"),
        ("RAFAH, Gaza Strip (AP) — x", "Rafah", Some("Gaza Strip"), "PS"),
        ("Rom (dpa) - x", "Rom", None, "IT"),
        ("ESCHBORN, West Germany, March 2 - x", "Eschborn", None, "DE"),
        ("ISLAMABAD (AP) — x", "Islamabad", None, "PK"),
        ("UNITED NATIONS (AP) — x", "United Nations", Some("New York"), "US"),
    ] {
        let dateline = read(&[], body, story).map(|found| found.dateline).unwrap_or_default();
        let told = (dateline.city.as_deref(), dateline.region.as_deref(), dateline.country.as_deref());
        assert_eq!(told, (Some(city), region, Some(country)), "{body}");
        assert!(dateline.lat.is_some(), "{body}");
    }
    let dated = read(&[], "CAIRO, Dec 30 (Reuters) - x", story).and_then(|found| found.dateline.date);
    assert_eq!(dated, Some(jiff::civil::date(2023, 12, 30)));
}

#[test]
fn a_field_is_trusted_unless_it_holds_something_else() {
    let field = |text: &str| [WireDateline { text: text.into(), ..WireDateline::default() }];
    let signed = read(&field("Sanaa (tw) - "), "", None).unwrap_or_default().dateline;
    assert_eq!((signed.city.as_deref(), signed.agency.as_deref()), (Some("Sanaa"), Some("tw")));
    for text in ["2022-05-07T20:06:23-05:00", "1574242148", "4/4/2018", "Yes", "Spain", ""] {
        assert_eq!(read(&field(text), "", None), None, "{text}");
    }
    let found = read(&field("ROMA"), "(ANSA) - ROMA, 1 LUG - Talks went on.", None).unwrap_or_default();
    assert_eq!((found.dateline.text.as_str(), found.dateline.agency.as_deref()), ("ROMA", Some("ANSA")));
    assert_eq!(found.body_offset, 23);
    let only_city = [WireDateline { city: Some("SYDNEY".into()), ..WireDateline::default() }];
    let found = read(&only_city, "", None).unwrap_or_default();
    assert_eq!((found.dateline.text.as_str(), found.dateline.country.as_deref()), ("SYDNEY", Some("AU")));
}

#[test]
fn structure_says_where_the_printed_town_lies() {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let at = |lat: &str, lon: &str| Some((lat.to_owned(), lon.to_owned()));
    let place = |region: &str, country: &str| WireDateline {
        city: some("Birmingham"),
        region: some(region),
        country: some(country),
        ..WireDateline::default()
    };
    let printed = WireDateline { text: "BIRMINGHAM, April 1 (NNA)".into(), ..WireDateline::default() };
    for (fields, body) in [
        (vec![printed.clone(), place("", "USA")], ""),
        (vec![place("Ala.", "US")], "BIRMINGHAM (AP) — Talks went on."),
        (vec![WireDateline { text: "BIRMINGHAM, Ala.".into(), ..place("Ala.", "") }], ""),
        (vec![WireDateline { position: at("33.52", "-86.81"), ..place("Alabama", "US") }], ""),
        (vec![WireDateline { position: at("-86.81", "33.52"), ..place("Alabama", "US") }], ""),
        (vec![WireDateline { position: at("here", ""), ..place("Alabama", "US") }], ""),
    ] {
        let found = read(&fields, body, None).unwrap_or_default().dateline;
        assert_eq!(
            (found.country.as_deref(), found.region.as_deref()),
            (Some("US"), Some("Alabama")),
            "{fields:?}"
        );
        assert_eq!((found.lat.unwrap().round(), found.lon.unwrap().round()), (34.0, -87.0), "{fields:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[A-ZÄ a-zß0-9.,:;()/<>—–_*\n'\"^=@©|＝北日-]{0,240}") {
        let found = read(&[WireDateline { text: text.clone(), ..WireDateline::default() }], &text, None);
        proptest::prop_assert!(found.is_none_or(|found| text.is_char_boundary(found.body_offset)));
    }
}
