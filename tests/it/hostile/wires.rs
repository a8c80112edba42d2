//! Agency formats with something wrong in what the gate goes by: statuses and embargoes that contradict each other or are spelt oddly,
//! nesting without end, letters that steer. Where it is not clear that a story may be shown, it is not.

use super::super::server::Reply;
use super::case::{Case, typed};

/// NewsML-G2 with this between provider and content: dates, statuses.
fn g2(tag: &str, meta: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:newsml:quay.example:{tag}\" version=\"1\" standard=\"NewsML-G2\" standardversion=\"2.28\" conformance=\"power\">\
         <itemMeta><itemClass qcode=\"ninat:text\"/><provider literal=\"Quay Wire\"/><versionCreated>2024-04-01T12:00:00Z</versionCreated>{meta}</itemMeta>\
         <contentMeta><headline>Quay {tag} told</headline></contentMeta>\
         <contentSet><inlineXML contenttype=\"application/xhtml+xml\"><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>QUAY, April 1 (QW) - The {tag} is lit, the keeper said.</p></body></html></inlineXML></contentSet></newsItem>"
    )
}

fn wire(text: String) -> Reply {
    typed("application/vnd.iptc.g2.newsitem+xml", text)
}

fn ninjs(tag: &str, keys: &str) -> Reply {
    typed(
        "application/json",
        format!(
            "{{\"uri\":\"urn:quay:{tag}\",\"type\":\"text\",\"version\":\"1\",\"versioncreated\":\"2024-04-01T12:00:00Z\",\"headline\":\"Quay {tag} told\",\"body_text\":\"The {tag} is lit, the keeper said.\"{keys}}}"
        ),
    )
}

fn nitf(tag: &str, doctype: &str, docdata: &str) -> Reply {
    typed(
        "application/nitf+xml",
        format!(
            "<?xml version=\"1.0\"?>{doctype}<nitf><head><title>Quay {tag}</title><docdata {docdata}<doc-id id-string=\"quay.example:{tag}\"/><date.issue norm=\"20240401T101500Z\"/></docdata></head><body><body.head><hedline><hl1>Quay {tag} told</hl1></hedline></body.head><body.content><p>The {tag} is lit, the keeper said on Monday.</p></body.content></body></nitf>"
        ),
    )
}

/// What must keep a story back, however it is written.
const KEPT_BACK: &[(&str, &str)] = &[
    ("status-capitals", "<pubStatus qcode=\"STAT:CANCELED\"/>"),
    ("status-english", "<pubStatus qcode=\"stat:cancelled\"/>"),
    ("status-blanks", "<pubStatus qcode=\" stat:canceled \"/>"),
    ("status-unseen-letter", "<pubStatus qcode=\"stat:usable\u{200b}x\"/>"),
    ("status-full-width", "<pubStatus qcode=\"stat:\u{ff43}anceled\"/>"),
    ("status-other-alias", "<pubStatus qcode=\"quay:withheld\"/>"),
    ("status-by-address", "<pubStatus uri=\"http://cv.iptc.org/newscodes/pubstatusg2/canceled\"/>"),
    ("status-literal", "<pubStatus literal=\"withheld\"/>"),
    ("status-number", "<pubStatus qcode=\"stat:0\"/>"),
    ("status-canceled-then-empty", "<pubStatus qcode=\"stat:canceled\"/><pubStatus/>"),
    ("status-usable-then-canceled", "<pubStatus qcode=\"stat:usable\"/><pubStatus qcode=\"stat:canceled\"/>"),
    ("status-canceled-then-usable", "<pubStatus qcode=\"stat:canceled\"/><pubStatus qcode=\"stat:usable\"/>"),
    (
        "embargo-over-then-on",
        "<embargoed>2020-01-01T00:00:00Z</embargoed><embargoed>2099-01-01T00:00:00Z</embargoed>",
    ),
    (
        "embargo-on-then-over",
        "<embargoed>2099-01-01T00:00:00Z</embargoed><embargoed>2020-01-01T00:00:00Z</embargoed>",
    ),
    ("embargo-day-alone", "<embargoed>2099-12-31</embargoed>"),
    ("embargo-compact", "<embargoed>20991231T000000Z</embargoed>"),
    ("embargo-year-12099", "<embargoed>+12099-01-01T00:00:00Z</embargoed>"),
    ("embargo-in-seconds", "<embargoed>4070908800</embargoed>"),
    ("embargo-blanks", "<embargoed>\n 2099-01-01T00:00:00Z\t</embargoed>"),
    ("embargo-in-mail-style", "<embargoed>Thu, 01 Jan 2099 00:00:00 GMT</embargoed>"),
    ("embargo-in-words", "<embargoed>until the keeper speaks</embargoed>"),
    ("embargo-escaped", "<embargoed><![CDATA[2099-01-01T00:00:00Z]]></embargoed>"),
    ("embargo-split", "<embargoed>2099-<!-- quay -->01-01T00:00:00Z</embargoed>"),
];

pub fn wires() -> Vec<Case> {
    let mut cases: Vec<Case> = KEPT_BACK
        .iter()
        .map(|(tag, meta)| {
            Case::endured(&format!("wire/{tag}"), wire(g2(tag, meta)))
                .held(0)
                .hides(&format!("The {tag} is lit"))
        })
        .collect();
    let usable = "<pubStatus qcode=\"stat:usable\"/>";
    let many = |n: usize, of: &str| of.repeat(n);
    let inline = |tag: &str, n: usize, open: &str, close: &str| {
        g2(tag, usable)
            .replace("<p>", &format!("{}<p>", many(n, open)))
            .replace("</p>", &format!("</p>{}", many(n, close)))
    };
    let nested =
        format!("{}{}", many(3_000, ",\"associations\":{\"a\":{\"headline\":\"Quay\""), many(3_000, "}}"));
    cases.extend([
        Case::endured("wire/ninjs-canceled", ninjs("bell", ",\"pubstatus\":\"Canceled\"")).held(0).hides("The bell is lit"),
        Case::endured("wire/ninjs-status-is-a-list", ninjs("gong", ",\"pubstatus\":[\"canceled\"]")).held(0).hides("The gong is lit"),
        Case::endured("wire/ninjs-status-is-a-number", ninjs("horn", ",\"pubstatus\":0")).held(0).hides("The horn is lit"),
        Case::endured("wire/ninjs-status-twice", ninjs("drum", ",\"pubstatus\":\"usable\",\"pubstatus\":\"withheld\"")).held(0).hides("The drum is lit"),
        Case::endured("wire/ninjs-embargo-is-a-number", ninjs("fife", ",\"embargoed\":4070908800")).held(0).hides("The fife is lit"),
        Case::endured("wire/ninjs-embargo-is-false-text", ninjs("lute", ",\"embargoed\":\"not yet\"")).held(0).hides("The lute is lit"),
        Case::endured("wire/ninjs-nested", ninjs("harp", &nested)),
        Case::endured("wire/ninjs-status-in-two-cases", ninjs("pipe", ",\"pubstatus\":\"usable\",\"PubStatus\":\"canceled\"")).held(0).hides("The pipe is lit"),
        Case::endured("wire/nitf-two-docdata", nitf("spar", "", "management-status=\"canceled\"/><docdata management-status=\"usable\">")).held(0).hides("The spar is lit"),
        Case::endured("wire/atom-draft", typed("application/atom+xml", "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:quay='http://www.w3.org/2007/app'><title>Quay</title><id>f</id><entry><id>urn:quay:draft</id><title>Quay draft</title><updated>2024-04-01T12:00:00Z</updated><content>The draft is lit</content><quay:control><quay:draft>yes</quay:draft></quay:control></entry></feed>")).held(0).hides("The draft is lit"),
        Case::good("wire/atom-no-draft", 1, typed("application/atom+xml", "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://www.w3.org/2007/app'><title>Quay</title><id>f</id><entry><id>urn:quay:final</id><title>Quay final</title><updated>2024-04-01T12:00:00Z</updated><content>The final is lit</content><app:control><app:draft>no</app:draft></app:control></entry></feed>")),
        Case::endured("wire/newsml-1-ended", typed("text/xml", "<?xml version=\"1.0\"?><NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>quay.example</ProviderId><DateId>20240401</DateId><NewsItemId>rudder</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName=\"News\"/><Status FormalName=\"Usable\"/><StatusWillChange><FutureStatus FormalName=\"Canceled\"/><DateAndTime>20200101T000000Z</DateAndTime></StatusWillChange></NewsManagement><NewsComponent><NewsLines><HeadLine>Quay rudder told</HeadLine></NewsLines><ContentItem><DataContent><p>The rudder is lit.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>")).held(0).hides("The rudder is lit"),
        Case::endured("wire/nitf-canceled", nitf("crane", "", "management-status=\"CANCELED\">")).held(0).hides("The crane is lit"),
        Case::endured("wire/nitf-unknown-status", nitf("winch", "", "management-status=\"quay\">")).held(0).hides("The winch is lit"),
        Case::endured("wire/nitf-embargo", nitf("hoist", "", "management-status=\"embargoed\">")).held(0).hides("The hoist is lit"),
        Case::endured("wire/nitf-released-later", nitf("block", "", "management-status=\"usable\"><date.release norm=\"20991231T000000Z\"/>")).held(0).hides("The block is lit"),
        Case::endured("wire/nitf-expired", nitf("davit", "", "management-status=\"usable\"><date.expire norm=\"20200101T000000Z\"/>")).held(0).hides("The davit is lit"),
        Case::good("wire/nitf-doctype", 1, nitf("boom", "<!DOCTYPE nitf SYSTEM \"http://169.254.169.254/nitf.dtd\" [<!ENTITY % q SYSTEM \"file:///etc/passwd\"> %q;]>", "management-status=\"usable\">")).hides("root:"),
        Case::endured("wire/deep-inline", wire(inline("hull", 50_000, "<div>", "</div>"))),
        Case::endured("wire/deep-sets", wire(g2("stem", usable).replace("<contentSet>", &many(20_000, "<contentSet>")))),
        Case::endured("wire/many-pictures", wire(g2("sail", usable).replace("</contentSet>", &format!("{}</contentSet>", many(100_000, "<remoteContent href='q.jpg'/>"))))),
        Case::endured("wire/package-of-itself", wire("<?xml version=\"1.0\"?><packageItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:newsml:quay.example:self\" version=\"1\"><itemMeta><itemClass qcode=\"ninat:composite\"/></itemMeta><groupSet root=\"G1\"><group id=\"G1\" role=\"g:main\"><itemRef residref=\"urn:newsml:quay.example:self\"/><groupRef idref=\"G1\"/></group></groupSet></packageItem>".into())),
        Case::endured("wire/components-without-end", typed("text/xml", format!("<?xml version=\"1.0\"?><NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>quay.example</ProviderId><NewsItemId>q</NewsItemId></NewsIdentifier></Identification>{}<NewsLines><HeadLine>Quay</HeadLine></NewsLines>", many(50_000, "<NewsComponent>")))),
        Case::endured("wire/newsml-1-canceled", typed("text/xml", "<?xml version=\"1.0\"?><NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>quay.example</ProviderId><DateId>20240401</DateId><NewsItemId>keel</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName=\"News\"/><Status FormalName=\"CANCELED\"/></NewsManagement><NewsComponent><NewsLines><HeadLine>Quay keel told</HeadLine></NewsLines><ContentItem><DataContent><p>The keel is lit.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>")).held(0).hides("The keel is lit"),
        Case::endured("wire/iptc-7901-steers", typed("text/plain", "\x01eca071 3 i 66 ccccb   xpa 070\r\n\r\nQuay/\r\nQuay \x1b[2J\x1b]0;owned\x07 lamp lit\r\nBy Jane Roe, xpa =\r\n\x02\r\nBerlin (xpa) - The quay lamp \u{9b}2J is lit, the keeper said on Monday.\r\n\r\n\x03xpa yyn\r\n011410 GMT Apr 24\r\n\x04")).never_on_a_screen("\x1b[2J").never_on_a_screen("\x1b]0;").never_on_a_screen("\u{9b}2J"),
        Case::endured("wire/iptc-7901-without-end", typed("text/plain", format!("\x01eca071 3 i 66 ccccb   xpa 070\r\n{}", many(300_000, "Quay lamp\r\n")))),
        Case::endured("wire/starts-of-heading", typed("text/plain", many(200_000, "\x01quay\x02\x03\x04"))),
        Case::endured("wire/anpa-starts", typed("text/plain", many(100_000, "\x16\x16\x01a1234\x1f\x13u q bc-Quay \x11 04-01 0001\r\n\x02"))),
    ]);
    cases
}
