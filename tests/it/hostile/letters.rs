//! Encodings that are not what they are said to be, and letters that steer or run.

use super::super::server::Reply;
use super::case::{CLOSE, Case, OPEN, feed, item, page, told, typed};

/// A story in this encoding: declaration and bytes are the row's own.
fn coded(content_type: &str, declaration: &str, tag: &str, text: &[u8]) -> Reply {
    let start = format!(
        "{declaration}<rss version=\"2.0\"><channel><title>Quay</title><item><guid>urn:quay:{tag}</guid><title>Quay "
    );
    let end = format!(
        "</title><description>The quay was quiet that day, and nobody at {tag} knew why.</description></item>{CLOSE}"
    );
    typed(content_type, [start.as_bytes(), text, end.as_bytes()].concat())
}

fn declared(encoding: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>")
}

/// A whole document in UTF-16, with or without its mark.
fn utf16(big: bool, mark: bool, text: &str) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

pub fn charsets() -> Vec<Case> {
    let xml = "text/xml";
    let doc = |tag: &str, text: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-16\"?>{}",
            feed(&told(tag, 1, text, "The quay was quiet.")).replace("<?xml version=\"1.0\"?>", "")
        )
    };
    let wide = doc("wide", "Quay caf\u{e9} \u{416}");
    let odd = {
        let mut bytes = utf16(false, true, &wide);
        bytes.push(b'<');
        bytes
    };
    let lone = {
        let mut bytes = utf16(false, true, &doc("lone", "Quay l\u{f6}ne"));
        let at = bytes.windows(2).position(|pair| pair == [0xf6, 0]).unwrap();
        bytes[at..at + 2].copy_from_slice(&[0x00, 0xd8]);
        bytes
    };
    let utf32: Vec<u8> = doc("utf32", "Quay \u{416}ord")
        .replace("utf-16", "utf-32")
        .chars()
        .flat_map(|c| (c as u32).to_le_bytes())
        .collect();
    let japanese = |encoding: &'static encoding_rs::Encoding, declaration: &str, tag: &str| {
        let (bytes, ..) = encoding.encode("\u{6771}\u{4eac}\u{306e}\u{8a18}\u{8005}\u{4f1a}\u{898b}");
        coded(xml, declaration, tag, &bytes)
    };
    let marked = |mark: &[u8], tag: &str| {
        page([mark, feed(&told(tag, 1, "Quay caf\u{e9}", "quiet")).as_bytes()].concat())
    };
    vec![
        Case::good("charset/iso-2022-jp-unsaid", 1, japanese(encoding_rs::ISO_2022_JP, "", "jis"))
            .shows("\u{6771}\u{4eac}"),
        Case::good(
            "charset/iso-2022-jp-said-utf-8",
            1,
            japanese(encoding_rs::ISO_2022_JP, &declared("utf-8"), "jis8"),
        )
        .shows("\u{6771}\u{4eac}"),
        Case::good(
            "charset/shift-jis-said-utf-8",
            1,
            japanese(encoding_rs::SHIFT_JIS, &declared("utf-8"), "sjis8"),
        )
        .shows("\u{6771}\u{4eac}"),
        Case::good("charset/euc-jp-said-utf-8", 1, japanese(encoding_rs::EUC_JP, &declared("utf-8"), "euc8"))
            .shows("\u{6771}\u{4eac}"),
        Case::good(
            "charset/halves",
            1,
            coded(xml, &declared("utf-8"), "halves", b"smile \xed\xa0\xbd\xed\xb8\x80"),
        )
        .shows("smile \u{1f600}"),
        Case::good(
            "charset/twice-in-part",
            2,
            page(feed(&format!(
                "{}{}",
                told("inpart", 1, "Quay caf\u{c3}\u{a9}", "It\u{e2}\u{20ac}\u{2122}s quiet."),
                told("inpart", 2, "Quay caf\u{e9} two", "quiet")
            ))),
        )
        .shows("Quay caf\u{e9}\n")
        .shows("It\u{2019}s quiet")
        .shows("Quay caf\u{e9} two"),
        Case::good("charset/mark", 1, marked(b"\xef\xbb\xbf", "mark")).shows("Quay caf\u{e9}"),
        Case::good("charset/two-marks", 1, marked(b"\xef\xbb\xbf\xef\xbb\xbf", "marks"))
            .shows("Quay caf\u{e9}"),
        Case::good(
            "charset/mark-against-label",
            1,
            Reply::whole(
                200,
                &[("Content-Type", "text/xml; charset=iso-8859-1")],
                &[b"\xef\xbb\xbf", feed(&told("label", 1, "Quay caf\u{e9}", "quiet")).as_bytes()].concat(),
            ),
        )
        .shows("Quay caf\u{e9}"),
        Case::good("charset/utf-16-le", 1, typed(xml, utf16(false, true, &wide))).shows("caf\u{e9} \u{416}"),
        Case::good("charset/utf-16-be", 1, typed(xml, utf16(true, true, &wide.replace("wide", "wide2"))))
            .shows("caf\u{e9} \u{416}"),
        Case::good(
            "charset/utf-16-le-unmarked",
            1,
            typed(xml, utf16(false, false, &wide.replace("wide", "wide3"))),
        )
        .shows("caf\u{e9} \u{416}"),
        Case::good(
            "charset/utf-16-be-unmarked",
            1,
            typed(xml, utf16(true, false, &wide.replace("wide", "wide4"))),
        )
        .shows("caf\u{e9} \u{416}"),
        Case::good("charset/utf-16-odd", 1, typed(xml, odd)).shows("caf\u{e9}"),
        Case::good("charset/utf-16-lone-surrogate", 1, typed(xml, lone)).faulty(),
        Case::good(
            "charset/utf-16-only-said",
            1,
            coded(xml, &declared("utf-16"), "said16", "caf\u{e9}".as_bytes()),
        )
        .shows("Quay caf\u{e9}")
        .faulty(),
        Case::good(
            "charset/utf-16-only-said-by-http",
            1,
            coded("text/xml; charset=utf-16", "", "said16http", "caf\u{e9}".as_bytes()),
        )
        .shows("Quay caf\u{e9}"),
        Case::good("charset/utf-32", 1, typed(xml, utf32)).shows("\u{416}ord"),
        Case::good("charset/latin1-as-utf-8", 1, coded(xml, &declared("utf-8"), "l1", b"caf\xe9 ol\xe9"))
            .shows("caf\u{e9} ol\u{e9}")
            .faulty(),
        Case::good(
            "charset/utf-8-as-latin1",
            1,
            coded(
                "text/xml; charset=iso-8859-1",
                &declared("iso-8859-1"),
                "u8",
                "caf\u{e9} \u{201c}x\u{201d}".as_bytes(),
            ),
        )
        .shows("caf\u{e9}")
        .faulty(),
        Case::good(
            "charset/windows-1252-as-latin1",
            1,
            coded(xml, &declared("iso-8859-1"), "w1252", b"\x93quoted\x94 \x96 \x80 5"),
        )
        .shows("\u{20ac} 5")
        .hides("\u{93}"),
        Case::good(
            "charset/ascii-is-not",
            1,
            coded("text/xml; charset=us-ascii", "", "ascii", "caf\u{e9}".as_bytes()),
        )
        .shows("Quay caf\u{e9}"),
        Case::good(
            "charset/http-against-declaration",
            1,
            coded("text/xml; charset=windows-1251", &declared("utf-8"), "both", "\u{416}ord".as_bytes()),
        )
        .shows("\u{416}ord"),
        Case::good("charset/shift-jis", 1, coded(xml, &declared("shift_jis"), "sjis", b"\x93\x8c\x8b\x9e"))
            .shows("\u{6771}\u{4eac}"),
        Case::good(
            "charset/shift-jis-second-byte-is-lt",
            1,
            coded(xml, &declared("shift_jis"), "sjis2", b"\x83\x5c\x83\x7c"),
        )
        .shows("\u{30bd}"),
        Case::good("charset/euc-jp", 1, coded(xml, &declared("euc-jp"), "euc", b"\xc5\xec\xb5\xfe"))
            .shows("\u{6771}\u{4eac}"),
        Case::good(
            "charset/iso-2022-jp",
            1,
            coded(xml, &declared("iso-2022-jp"), "iso2022", b"\x1b$BEl5~\x1b(B"),
        )
        .shows("\u{6771}\u{4eac}"),
        Case::good("charset/gb18030", 1, coded(xml, &declared("gb18030"), "gb", b"\xb1\xb1\xbe\xa9"))
            .shows("\u{5317}\u{4eac}"),
        Case::good("charset/big5", 1, coded(xml, &declared("big5"), "big5", b"\xa5\x5f\xa8\xca"))
            .shows("\u{5317}\u{4eac}"),
        Case::good("charset/koi8-r", 1, coded(xml, &declared("koi8-r"), "koi8", b"\xed\xcf\xd3\xcb\xd7\xc1"))
            .shows("\u{41c}\u{43e}\u{441}\u{43a}\u{432}\u{430}"),
        Case::good(
            "charset/windows-1251",
            1,
            coded(xml, &declared("windows-1251"), "w1251", b"\xcc\xee\xf1\xea\xe2\xe0"),
        )
        .shows("\u{41c}\u{43e}\u{441}\u{43a}\u{432}\u{430}"),
        Case::good("charset/euc-kr", 1, coded(xml, &declared("euc-kr"), "euckr", b"\xbc\xad\xbf\xef"))
            .shows("\u{c11c}\u{c6b8}"),
        Case::good("charset/utf-7", 1, coded(xml, &declared("utf-7"), "utf7", b"+ADw-script+AD4-alert(1)"))
            .hides("<script>")
            .faulty(),
        Case::good("charset/utf-7-by-http", 1, coded("text/xml; charset=utf-7", "", "utf7b", b"+ADw-b+AD4-"))
            .hides("<b>"),
        Case::good(
            "charset/overlong",
            1,
            coded(xml, &declared("utf-8"), "overlong", b"a\xc0\xbcscript\xc0\xbe b"),
        )
        .hides("<script>")
        .faulty(),
        Case::good(
            "charset/overlong-slash",
            1,
            coded(xml, &declared("utf-8"), "slash", b"..\xc0\xaf..\xe0\x80\xafetc"),
        )
        .faulty()
        .hides("../"),
        Case::good(
            "charset/surrogates-in-utf-8",
            1,
            coded(xml, &declared("utf-8"), "cesu", b"\xed\xa0\xbd\xed\xb8\x80 end"),
        )
        .faulty(),
        Case::good(
            "charset/beyond-unicode",
            1,
            coded(xml, &declared("utf-8"), "beyond", b"\xf7\xbf\xbf\xbf end"),
        )
        .faulty(),
        Case::good(
            "charset/lone-continuations",
            1,
            coded(xml, &declared("utf-8"), "lonely", b"\x80\xbf\x80 end"),
        )
        .faulty(),
        Case::good("charset/all-bytes", 1, {
            let all: Vec<u8> = (128..=255).collect();
            coded(xml, &declared("utf-8"), "allbytes", &all)
        })
        .faulty(),
        Case::good("charset/nothing-said", 1, coded(xml, "", "unsaid", b"caf\xe9 fran\xe7ais d\xe9j\xe0 vu"))
            .shows("caf\u{e9}")
            .faulty(),
        Case::good(
            "charset/twice-encoded",
            1,
            coded(xml, &declared("utf-8"), "twice", "caf\u{c3}\u{a9}".as_bytes()),
        ),
        Case::good(
            "charset/noncharacters",
            1,
            coded(xml, &declared("utf-8"), "non", "a\u{fffe}b\u{ffff}c\u{fdd0}d".as_bytes()),
        ),
        Case::good(
            "charset/declared-garbage",
            1,
            coded(xml, &declared("quay; drop"), "declared", "caf\u{e9}".as_bytes()),
        )
        .shows("Quay caf\u{e9}"),
    ]
}

/// A story whose headline and text are hostile.
fn hostile(tag: &str, text: &str) -> Reply {
    let data = format!("<![CDATA[{text}]]>");
    let author = format!("<author><![CDATA[quay{text}@quay.example (Jo {text} Quay)]]></author>");
    let story = told(tag, 1, &format!("<![CDATA[Quay {text} end]]>"), &data);
    page(feed(&story.replace("</item>", &format!("{author}</item>"))))
}

/// A story whose whole text is this markup.
fn markup(tag: &str, markup: &str) -> Reply {
    page(format!(
        "{OPEN}<item><guid>urn:quay:{tag}</guid><title>Quay {tag}</title><content:encoded xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><![CDATA[<p>The quay was quiet.</p>{markup}<p>So it was.</p>]]></content:encoded></item>{CLOSE}"
    ))
}

pub fn escapes() -> Vec<Case> {
    let rows: &[(&str, &str, &str)] = &[
        ("script", "<script>alert('quay')</script>", "alert("),
        ("script-upper", "<SCRIPT SRC=//e.example/q.js></SCRIPT>", "q.js"),
        ("script-broken", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script"),
        ("script-nul", "<scr\0ipt>alert(1)</scr\0ipt>", "<script"),
        ("script-entity", "&lt;script&gt;alert(1)&lt;/script&gt;", "<p><script"),
        ("handler", "<img src=x onerror=alert(1)>", "onerror"),
        ("handler-slash", "<img/src=x/onerror=alert(1)>", " onerror"),
        ("handler-svg", "<svg/onload=alert(1)>", "onload"),
        ("svg-script", "<svg><script>alert(1)</script></svg>", "<script"),
        (
            "svg-animate",
            "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>q</text></a></svg>",
            "javascript:",
        ),
        ("math", "<math><mtext><table><mglyph><style><img src onerror=alert(1)>", "onerror"),
        ("javascript-link", "<a href=\"javascript:alert(1)\">q</a>", "javascript:"),
        ("javascript-spaced", "<a href=\"java\tscript:alert(1)\">q</a>", "script:alert"),
        ("javascript-entity", "<a href=\"&#106;avascript:alert(1)\">q</a>", "javascript:"),
        ("javascript-upper", "<a href=\" JaVaScRiPt:alert(1)\">q</a>", "aScRiPt:"),
        ("vbscript", "<a href=\"vbscript:msgbox(1)\">q</a>", "vbscript:"),
        ("data-link", "<a href=\"data:text/html,<script>alert(1)</script>\">q</a>", "data:text"),
        ("data-picture", "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">", "onload"),
        ("style", "<style>body{background:url(//e.example/q)}</style>", "background:"),
        ("style-attribute", "<p style=\"position:fixed;top:0\">q</p>", "position:"),
        ("frame", "<iframe src=\"https://e.example/q\"></iframe>", "<iframe"),
        ("object", "<object data=\"https://e.example/q\"><embed src=q></object>", "<object"),
        ("form", "<form action=\"https://e.example/q\"><input name=password></form>", "<form"),
        ("base", "<base href=\"https://e.example/q/\">", "<base"),
        ("meta", "<meta http-equiv=refresh content=\"0;url=https://e.example/q\">", "<meta"),
        ("link", "<link rel=stylesheet href=\"https://e.example/q.css\">", "<link"),
        ("template", "<template><script>alert(1)</script></template>", "<script"),
        ("noscript", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "onerror=alert(1)>"),
        ("comment", "<!--><script>alert(1)</script>-->", "<script"),
        ("conditional-comment", "<!--[if IE]><script>alert(1)</script><![endif]-->", "<script"),
        ("textarea", "<textarea></textarea><script>alert(1)</script>", "<script"),
        ("document-inside", "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>", "srcdoc"),
        ("id-clobbering", "<a id=location name=cookie>q</a>", "id="),
    ];
    let mut cases: Vec<Case> = rows
        .iter()
        .map(|(name, text, never)| Case::good(&format!("runs/{name}"), 1, markup(name, text)).hides(never))
        .collect();
    let titled = "<item><guid>urn:quay:title</guid><title>Quay &lt;script&gt;alert(1)&lt;/script&gt; opens</title><author>&lt;script&gt;steal()&lt;/script&gt;</author><category>&lt;img src=x onerror=a()&gt;</category><description>Quiet.</description></item>";
    let links = "<item><guid>urn:quay:links</guid><title>Quay links</title><link>javascript:alert(1)</link><enclosure url=\"javascript:alert(2)\" type=\"image/png\"/><comments>data:text/html,q</comments><description>Quiet.</description></item>";
    cases.extend([
        Case::good("runs/in-title", 1, page(feed(titled))).hides("steal()").hides("<script").hides("<img"),
        Case::good("runs/in-links", 1, page(feed(links))).hides("javascript:"),
        Case::good("runs/from-json", 1, typed("application/feed+json", r#"{"version":"https://jsonfeed.org/version/1.1","title":"Quay","items":[{"id":"urn:quay:json","title":"Quay <script>alert(1)</script>","url":"javascript:alert(1)","content_html":"<p>Quiet.</p><script>alert(1)</script><img src=x onerror=a()>"}]}"#)).hides("<script").hides("onerror").hides("javascript:"),
        Case::good("runs/from-atom", 1, typed("application/atom+xml", "<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title><id>q</id><entry><id>urn:quay:atom</id><title type='html'>Quay &lt;script&gt;alert(1)&lt;/script&gt;</title><link href='javascript:alert(1)'/><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Quiet.</p><script>alert(1)</script><a onclick='a()' href='javascript:b()'>q</a></div></content></entry></feed>")).hides("<script").hides("onclick").hides("javascript:"),
    ]);
    let steers: &[(&str, &str, &str)] = &[
        ("colour", "\u{1b}[38;5;199mred\u{1b}[0m", "\u{1b}[38;5;199m"),
        ("clear", "\u{1b}[2J\u{1b}[H", "\u{1b}[2J"),
        ("window-title", "\u{1b}]0;quay\u{7}", "\u{1b}]0"),
        ("hyperlink", "\u{1b}]8;;file:///etc/passwd\u{1b}\\q\u{1b}]8;;\u{1b}\\", "\u{1b}]8;;file"),
        ("clipboard", "\u{1b}]52;c;cXVheQ==\u{7}", "\u{1b}]52"),
        ("device", "\u{1b}[5n\u{1b}P$q\u{1b}\\", "\u{1b}[5n"),
        ("c1", "\u{9b}31m\u{9d}0;q\u{9c}\u{90}q\u{98}", "\u{9b}"),
        ("c1-bytes", "\u{85}\u{8d}\u{84}", "\u{8d}"),
        ("bell", "\u{7}\u{7}", "\u{7}"),
        ("backspace", "safe\u{8}\u{8}\u{8}\u{8}evil", "\u{8}"),
        ("return", "safe text\rbad", "\rbad"),
        ("delete", "q\u{7f}q", "\u{7f}"),
        ("bidi-override", "abc\u{202e}fed\u{202c}", "\u{202e}"),
        ("bidi-isolate", "abc\u{2066}\u{202e}fed\u{2069}", "\u{2066}"),
        ("shift-out", "\u{e}qqqq\u{f}", "\u{e}"),
        ("nul", "a\0b", "\0"),
    ];
    cases.extend(steers.iter().map(|(name, text, never)| {
        // what is data for one program may be printed by the next
        let in_no_data = if *name == "bidi-isolate" { "\u{202e}" } else { never };
        Case::good(&format!("steers/{name}"), 1, hostile(&format!("steers-{name}"), text))
            .never_on_a_screen(never)
            .hides(in_no_data)
    }));
    cases.push(
        Case::good(
            "steers/by-reference",
            1,
            page(feed(&told(
                "byref",
                1,
                "Quay &#27;[31m &#x9b;31m &#8238; &#0; &#xD800; &#x110000; end",
                "&#7;quiet",
            ))),
        )
        .never_on_a_screen("\u{1b}[31m")
        .never_on_a_screen("\u{9b}"),
    );
    cases.push(Case::good(
        "steers/many-marks",
        1,
        page(feed(&told("zalgo", 1, &format!("Quay {}", "q\u{316}\u{317}\u{318}".repeat(3000)), "quiet"))),
    ));
    cases.push(
        Case::good(
            "steers/in-names",
            1,
            page(feed(&item("names", 1).replace(
                "</item>",
                "<author>\u{1b}[31mA. Keeper</author><category>\u{202e}quay</category></item>",
            ))),
        )
        .never_on_a_screen("\u{1b}[31m"),
    );
    cases
}
