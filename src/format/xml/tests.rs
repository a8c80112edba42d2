//! The cursor on small documents.

use super::super::head;
use super::*;
use crate::format::head::Head;

/// Reads `text` with `ask` from its root on, and gives the answer and the codes of the faults.
fn with<T>(text: &str, ask: impl for<'a> FnOnce(&mut Xml<'a>, Element<'a>) -> T) -> (T, Vec<String>) {
    let mut roots = head::Roots::new(text);
    let head = Head { bytes: text.as_bytes(), text, root: roots.next(), keys: Vec::new() };
    let document = Document {
        text,
        head,
        entities: roots.entities,
        url: Some("http://desk.example/feed"),
        faults: Vec::new(),
    };
    let mut xml = Xml::new(&document, Ns::Rss);
    let root = xml.root().unwrap();
    let answer = ask(&mut xml, root);
    (answer, xml.finish().into_iter().map(|fault| fault.code).collect())
}

fn texts(text: &str) -> (Vec<String>, Vec<String>) {
    with(text, |xml, root| {
        let mut found = Vec::new();
        while let Some(el) = xml.child(&root) {
            let text = xml.text(&el);
            found.push(format!("{}={text}", el.tag));
        }
        found
    })
}

#[test]
fn text_survives_whatever_is_inside_an_element() {
    for (inside, text) in [
        ("<p>Troops moved on <b>Highway 1</b> late Monday.</p>", "p=Troops moved on Highway 1 late Monday."),
        ("<t>a &amp; b<![CDATA[ <c> ]]>&#8211; d &eacute;</t>", "t=a & b <c> \u{2013} d \u{e9}"),
        ("<t>AT&T & Sons &nothing; 5 < 6</t>", "t=AT&T & Sons &nothing; 5 < 6"),
        ("<t>one<br>two<!-- no --></t>", "t=onetwo"),
        ("<t/>", "t="),
        ("<t a='x>y'>z</t>", "t=z"),
        ("<t>a</t >", "t=a"),
        ("<T>upper</t>", "T=upper"),
    ] {
        assert_eq!(texts(&format!("<r>{inside}</r>")).0, [text], "{inside}");
    }
}

#[test]
fn broken_markup_costs_no_neighbour() {
    for (source, found, faults) in [
        ("<r><a>1<b>2</a><c>3</c></r>", vec!["a=12", "c=3"], vec!["xml_syntax"]),
        ("<r><a>1</x></a><c>3</c></r>", vec!["a=1", "c=3"], vec!["xml_syntax"]),
        ("<r><a href=\"x>1</a><c d=\"\">3</c></r>", vec!["a=1", "c=3"], vec!["xml_syntax"]),
        ("<r><a>1<b</a><c>3</c></r>", vec!["a=1<b", "c=3"], vec!["xml_syntax"]),
        ("<r><a>1<b and 2</a><c>3</c></r>", vec!["a=1<b and 2", "c=3"], vec!["xml_syntax"]),
        ("<r><a>1<b isn't</a><c>3's</c></r>", vec!["a=1<b isn't", "c=3's"], vec!["xml_syntax"]),
        ("<r><a>1<b x='<y>'>2</b></a></r>", vec!["a=12"], vec![]),
        ("<r><a>1</a><br x='1'<c>3</c></r>", vec!["a=1", "br=", "c=3"], vec!["xml_syntax"]),
        ("<r v=2 x=http://a.example/><a>1</a></r>", vec!["a=1"], vec![]),
        ("<r><a>1</a><c>3", vec!["a=1", "c=3"], vec!["truncated"]),
        ("<r><a>1</a><c>3</c", vec!["a=1", "c=3</c"], vec!["xml_syntax", "truncated"]),
        ("<r><a>1</a><!-- <c>3</c></r>", vec!["a=1", "c=3"], vec!["xml_syntax"]),
        ("<r><a>1</a></r> junk <z>", vec!["a=1"], vec![]),
    ] {
        assert_eq!(
            texts(source),
            (found.into_iter().map(String::from).collect(), faults.into_iter().map(String::from).collect()),
            "{source}"
        );
    }
}

#[test]
fn nesting_without_end_is_bounded() {
    let deep = format!("<r><a>{}x{}</a><c>3</c></r>", "<i>".repeat(100_000), "</i>".repeat(100_000));
    let (found, faults) = texts(&deep);
    assert_eq!(found, ["a=x", "c=3"]);
    assert!(faults.contains(&"limit".to_owned()));
}

#[test]
fn a_vocabulary_is_known_by_address_then_by_prefix() {
    let source =
        "<r xmlns='http://anything/' xmlns:m='http://search.yahoo.com/mrss' xmlns:content='http://typo/'>
        <a/><m:b/><dc:c/><content:encoded/><zz:d/><e xmlns='http://www.w3.org/1999/xhtml'/><f/></r>";
    let (found, _) = with(source, |xml, root| {
        std::iter::from_fn(|| xml.child(&root)).map(|el| (el.ns, el.tag.to_owned())).collect::<Vec<_>>()
    });
    let expected = [
        (Ns::Rss, "a"),
        (Ns::Media, "b"),
        (Ns::Dc, "c"),
        (Ns::Content, "encoded"),
        (Ns::Other, "d"),
        (Ns::Xhtml, "e"),
        (Ns::Rss, "f"),
    ];
    assert_eq!(found, expected.map(|(ns, tag)| (ns, tag.to_owned())));
}

#[test]
fn base_and_language_hold_inside_the_element_that_sets_them() {
    let source = "<r xml:base='/a/' xml:lang='de'><x xml:base='b/' xml:lang='en'><y/></x><y/></r>";
    let (found, _) = with(source, |xml, root| {
        let x = xml.child(&root).unwrap();
        xml.child(&x).unwrap();
        let inner = (xml.resolve("c"), xml.lang());
        xml.child(&root).unwrap();
        (inner, (xml.resolve("c"), xml.lang()))
    });
    assert_eq!(found.0, ("http://desk.example/a/b/c".into(), Some("en".into())));
    assert_eq!(found.1, ("http://desk.example/a/c".into(), Some("de".into())));
}

#[test]
fn markup_comes_out_as_an_html_reader_wants_it() {
    for (inside, html) in [
        ("<p>a <b>c</b></p>", "<p>a <b>c</b></p>"),
        ("<h:p xmlns:h='http://www.w3.org/1999/xhtml' class='x'>a</h:p>", "<p class=\"x\">a</p>"),
        ("<h:p xmlns:h='http://www.w3.org/1999/xhtml'>a<h:br/>b</h:p>", "<p>a<br>b</p>"),
        ("<p>a<br></br>b</p>", "<p>a<br>b</p>"),
        ("<p><a name='x'/>b<br/></p>", "<p><a name=\"x\"></a>b<br></p>"),
        ("<p><![CDATA[1 < 2]]> &eacute;</p>", "<p>1 &lt; 2 &eacute;</p>"),
    ] {
        let (found, _) = with(&format!("<r><t>{inside}</t></r>"), |xml, root| {
            let t = xml.child(&root).unwrap();
            xml.markup(&t)
        });
        assert_eq!(found, html, "{inside}");
    }
}

#[test]
fn mixed_content_is_walked_in_order() {
    let (found, _) = with("<r>By <person>Ann Lee</person>, desk</r>", |xml, root| {
        let mut found = Vec::new();
        while let Some(node) = xml.node(&root) {
            found.push(match node {
                Node::Text(text) => text.into_owned(),
                Node::Element(el) => format!("[{}]", xml.text(&el)),
            });
        }
        found.concat()
    });
    assert_eq!(found, "By [Ann Lee], desk");
}

#[test]
fn a_million_children_are_not_handed_over() {
    let many = format!("<rss><a/>{}<b/></rss>", "<c><d/></c>".repeat(CHILDREN));
    let ((direct, inner), faults) = with(&many, |xml, root| {
        let (mut direct, mut inner) = (0, 0);
        while let Some(el) = xml.child(&root) {
            direct += 1;
            while xml.child(&el).is_some() {
                inner += 1;
            }
        }
        (direct, inner)
    });
    assert_eq!((direct, inner), (CHILDREN, CHILDREN - 1), "each child has a count of its own");
    assert_eq!(faults, ["limit"]);
    let all = format!("<rss>{}</rss>", format!("<c>{}</c>", "<d/>".repeat(1_000)).repeat(ELEMENTS / 1_000));
    let (elements, faults) = with(&all, |xml, root| {
        let mut elements = 0;
        while let Some(el) = xml.child(&root) {
            elements += 1;
            while xml.child(&el).is_some() {
                elements += 1;
            }
        }
        elements
    });
    assert_eq!((elements, faults), (ELEMENTS, vec!["limit".to_owned()]));
}
