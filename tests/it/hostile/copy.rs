//! What a second look at documents found that the other tables do not have: XML, JSON, Atom and what stories hold.

use super::super::server::Reply;
use super::case::{CLOSE, Case, OPEN, feed, item, page, plain, told, typed, with};

const MEDIA: &str = "http://search.yahoo.com/mrss/";

fn json(tag: &str, items: &str) -> Reply {
    typed(
        "application/feed+json",
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Quay {tag}\",\"items\":[{items}]}}"
        ),
    )
}

fn entry(tag: &str, more: &str) -> String {
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title><id>urn:quay:{tag}</id><entry><id>urn:quay:{tag}:1</id>\
         <title>Quay story 1 of {tag}</title><updated>2024-04-01T12:00:00Z</updated>{more}</entry></feed>"
    )
}

fn atom(tag: &str, more: &str) -> Reply {
    typed("application/atom+xml", entry(tag, more))
}

/// A feed of one plain item, with this before its root.
fn behind(before: &str, tag: &str) -> Reply {
    let body = plain(tag, 1);
    let root = body.split_once("?>").unwrap().1;
    page(format!("{before}{root}"))
}

pub fn documents() -> Vec<Case> {
    let decl = "<?xml version=\"1.0\"?>";
    let status = |ns: &str| format!("<quay:status xmlns:quay='{ns}' state='deleted'/>");
    let many = |n: usize, of: &str| of.repeat(n);
    vec![
        Case::good("copy/xml-1.1", 1, behind("<?xml version=\"1.1\"?>", "eleven")),
        Case::good("copy/xml-2.0", 1, behind("<?xml version=\"2.0\" standalone=\"maybe\"?>", "twenty")),
        Case::good("copy/declared-twice", 1, behind("<?xml version=\"1.0\"?><?xml version=\"1.0\" encoding=\"utf-7\"?>", "twice")),
        Case::good("copy/encoding-is-a-path", 1, behind("<?xml version=\"1.0\" encoding=\"../../etc/passwd\"?>", "path")),
        Case::good("copy/stylesheet", 1, behind(&format!("{decl}<?xml-stylesheet href=\"javascript:alert('quay')\" type=\"text/xsl\"?>"), "styled")).hides("alert("),
        Case::good("copy/instruction-with-php", 1, behind(&format!("{decl}<?php system('quay'); ?>"), "php")).hides("system("),
        Case::good("copy/doctype-of-html", 1, behind(&format!("{decl}<!DOCTYPE html>"), "doctyped")),
        Case::good("copy/doctype-public", 1, behind("<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://169.254.169.254/rss.dtd\">", "netscape")),
        Case::good("copy/doctype-with-brackets", 1, behind("<!DOCTYPE rss [ <!ELEMENT a (b)> <!ATTLIST a b CDATA \"]]>\"> <!-- ]> --> <?q ]>?> ]>", "brackets")),
        Case::good("copy/included", 1, page(feed(&with("included", 1, "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>")))).hides("root:"),
        Case::good("copy/base-is-a-program", 1, atom("base", "<link href='x' xml:base='javascript:alert(1)//'/><content type='html' xml:base='javascript:alert(1)//'>&lt;a href='y'>Quay&lt;/a></content>")).hides("javascript:"),
        Case::good("copy/base-is-the-machine", 1, atom("machine", "<content type='html' xml:base='http://169.254.169.254/'>&lt;img src='y'>Quay&lt;p>Quay</content>")),
        Case::endured("copy/status-under-another-prefix", page(feed(&with("prefix", 1, &status(MEDIA))))).held(0).hides("urn:quay:prefix"),
        Case::good("copy/status-of-another-space", 1, page(feed(&with("elsewhere", 1, &status("http://quay.example/"))))),
        Case::endured("copy/media-prefix-of-another-space", page(feed(&with("lookalike", 1, "<media:status xmlns:media='http://quay.example/' state='deleted'/>")))).held(0), // kept back: who means it gets the name of the space wrong, too
        Case::good("copy/unbound-prefix", 1, page(feed(&with("unbound", 1, "<quay:lamp>lit</quay:lamp>")))),
        Case::good("copy/default-space-redefined", 1, page(feed(&item("redefined", 1).replace("<title>", "<title xmlns='http://quay.example/'>")))).shows("urn:quay:redefined"),
        Case::good("copy/attribute-twice", 1, page(feed(&item("attribute", 1).replace("isPermaLink=\"false\"", "isPermaLink=\"false\" isPermaLink=\"true\"")))),
        Case::good("copy/attribute-unquoted", 1, page(feed(&item("unquoted", 1).replace("isPermaLink=\"false\"", "isPermaLink=false")))),
        Case::good("copy/cdata-split", 1, page(feed(&told("split", 1, "<![CDATA[Quay ]]]]><![CDATA[> lamp]]>", "<![CDATA[The quay <b>is</b> ]]>lit<![CDATA[ now]]>")))).shows("Quay ]]> lamp"),
        Case::good("copy/cdata-end-in-text", 1, page(feed(&told("cdataend", 1, "Quay ]]> lamp", "lit")))).shows("Quay"),
        Case::good("copy/comment-with-dashes", 1, page(feed(&with("dashes", 1, "<!-- a -- b --- c -->")))),
        Case::good("copy/instruction-open", 1, page(format!("{OPEN}{}<?quay never ends {CLOSE}", item("openpi", 1)))).faulty(),
        Case::good("copy/feed-in-an-item", 1, page(feed(&with("nested", 1, &plain("inner", 3).replace("<?xml version=\"1.0\"?>", ""))))).hides("urn:quay:inner"),
        Case::good("copy/feed-in-an-items-text", 1, page(feed(&told("quoted", 1, "Quay", &plain("escaped", 2).replace('<', "&lt;"))))).shows("Quay"),
        Case::good("copy/items-outside-the-channel", 2, page(plain("inside", 1).replace("</channel>", &format!("</channel>{}", item("outside", 2))))),
        Case::good("copy/two-channels", 2, page(plain("onechannel", 1).replace("</rss>", &format!("<channel><title>Quay</title>{}</channel></rss>", item("twochannel", 1))))),
        Case::good("copy/items-in-capitals", 1, page(plain("capital", 1).replace("<item>", "<ITEM>").replace("</item>", "</ITEM>"))),
        Case::good("copy/references-to-nothing", 1, page(feed(&told("refs", 1, "Quay &#0;&#xD800;&#x110000;&#99999999999999999999;&#;&#x;&;&quay; lamp", "lit")))).shows("lamp"),
        Case::good("copy/mark-in-the-middle", 1, page(feed(&told("bom", 1, "Quay \u{feff}lamp", "lit\u{feff}")))),
        Case::good("copy/escaped-three-times", 1, page(feed(&told("thrice", 1, "Quay &amp;amp;lt;script&amp;amp;gt;alert(1)", "&amp;amp;lt;script&amp;amp;gt;")))),
        Case::good("copy/keys-twice", 1, json("keys", "{\"id\":\"k1\",\"id\":\"k2\",\"title\":\"Quay one\",\"title\":\"Quay two\",\"content_text\":\"a\"}")),
        Case::good("copy/ids-are-numbers", 2, json("numbers", "{\"id\":1,\"title\":\"Quay one\"},{\"id\":1e999,\"title\":\"Quay two\"}")).faulty(),
        Case::good("copy/nul-in-json", 1, json("nul", "{\"id\":\"n\\u0000\",\"title\":\"Quay \\u0000\\u001b[2J lamp\",\"content_text\":\"a\"}")).never_on_a_screen("\x1b[2J"),
        Case::good("copy/half-a-pair-in-json", 3, json("pair", "{\"id\":\"p\",\"title\":\"Quay one\"},{\"id\":\"q\",\"title\":\"Quay \\ud83d\"},{\"id\":\"r\",\"title\":\"Quay three\"}")).faulty(),
        Case::good("copy/line-breaks-in-json", 2, json("breaks", "{\"id\":\"b\",\"title\":\"Quay\n\tlamp\"},{\"id\":\"c\",\"title\":\"Quay isn\\'t\"}")).faulty().shows("Quay lamp").shows("Quay isn't"),
        Case::good("copy/comma-too-many", 1, json("comma", "{\"id\":\"c\",\"title\":\"Quay lamp\",},")).faulty(),
        Case::good("copy/not-a-number", 2, json("nan", "{\"id\":NaN,\"title\":\"Quay lamp\"},{\"id\":\"n\",\"title\":\"Quay bell\"}")).faulty(),
        Case::endured("copy/items-are-an-object", typed("application/json", "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"Quay\",\"items\":{\"id\":\"o\"}}")),
        Case::endured("copy/items-are-nested", json("lists", "[[{\"id\":\"l\",\"title\":\"Quay lamp\"}]]")),
        Case::endured("copy/a-call-around-json", typed("application/javascript", "quay({\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"Quay\",\"items\":[]});")),
        Case::endured("copy/lines-of-json", typed("application/json", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n")),
        Case::bad("copy/json-is-a-word", "not_a_feed", typed("application/json", "\"quay\"")),
        Case::bad("copy/json-is-someone-elses", "not_a_feed", typed("application/json", "{\"error\":{\"code\":429,\"message\":\"slow down\"}}")),
        Case::good("copy/enclosures-that-are-none", 1, page(feed(&with("enclosures", 1, "<enclosure url='javascript:alert(1)' length='-5' type='text/html'/><enclosure url='data:text/html,quay' length='9e99'/><enclosure url='file:///etc/passwd'/><enclosure/>")))).hides("javascript:").hides("data:text").hides("file:"),
        Case::good("copy/credit-that-runs", 1, page(feed(&with("credit", 1, &format!("<media:content xmlns:media='{MEDIA}' url='vbscript:quay'><media:credit>&lt;img src=x onerror=alert(1)&gt;</media:credit><media:text>&lt;svg/onload=alert(2)&gt;</media:text></media:content>"))))).hides("onerror").hides("onload").hides("vbscript"),
        Case::good("copy/hours-without-end", 1, page(feed(&format!("<ttl>-1</ttl><ttl>99999999999999999999</ttl><skipHours>{}</skipHours><skipDays>{}</skipDays>{}", many(2_000, "<hour>24</hour>"), many(2_000, "<day>Quayday</day>"), item("hours", 1))))),
        Case::good("copy/updates-never", 1, page(feed(&format!("<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>hourly</sy:updatePeriod><sy:updateFrequency xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>0</sy:updateFrequency>{}", item("never", 1))))),
        Case::good("copy/hub-on-the-machine", 1, page(feed(&format!("<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='http://169.254.169.254/'/><cloud domain='127.0.0.1' port='22' path='/' registerProcedure='quay' protocol='soap'/>{}", item("hub", 1))))),
        Case::good("copy/accents-without-end", 1, page(feed(&told("accents", 1, &format!("Quay {}", many(20_000, "\u{301}\u{489}")), "lit")))),
        Case::good("copy/tags-unseen", 1, page(feed(&told("tags", 1, "Quay \u{e0001}\u{e0041}\u{e007f} \u{200b}\u{2060}\u{ad}lamp", "lit")))),
        Case::good("copy/lines-within-a-line", 1, page(feed(&told("lines", 1, "Quay\u{2028}ERROR wiredesk: owned\u{2029}\u{85}ok &#10;good 9 new&#13;", "lit")))).hides("\u{2028}").hides("Quay\n"),
        Case::good("copy/notes-between-lines", 1, page(feed(&told("notes", 1, "Quay \u{fff9}lamp\u{fffa}lit\u{fffb}", "lit")))),
        Case::bad("copy/page-title-that-steers", "not_a_feed", typed("text/html", "<html><head><title>\x1b]0;owned\x07Quay &#27;[2J\nFAIL (READ) \u{202e}lru</title></head><body>no</body></html>")).never_on_a_screen("\x1b[2J").never_on_a_screen("\x1b]0;").never_on_a_screen("\u{202e}"),
        Case::good("copy/formula", 1, page(feed(&told("formula", 1, "=cmd|' /C quay'!A0", "+Quay @SUM(1)")))).shows("=cmd"),
    ]
}
