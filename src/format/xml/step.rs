//! From one piece of a document to the next, over whatever is broken in it.
//!
//! Markup is quick-xml's to read; the text between is only found here, and decoded by whoever wants it. Text that nobody
//! asks for costs a search for the next `<`.

use std::io::BufRead;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use quick_xml::Reader;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::Event;

use super::{Attributes, Ns, Xml};

/// How deep elements may nest. Deeper start tags are passed over; their text belongs to the last one that fits.
const DEPTH: usize = 256;
/// How often a document is taken up again behind markup that never ends.
const RESTARTS: usize = 16;
/// HTML elements that never have an end tag, whatever their document believes.
const VOID: &[&str] = &["br", "hr", "img", "wbr"];
/// By what name stories stand in which feed, and what they stand in.
const FEEDS: &[(Ns, &str, &[&str])] =
    &[(Ns::Rss, "item", &["channel", "items", "rdf:RDF", "rss"]), (Ns::Atom, "entry", &["feed"])];
/// Elements of a story that hold a line of text and no story.
const LINES: &[&str] =
    &["title", "link", "description", "guid", "pubDate", "category", "summary", "id", "updated", "published"];
/// Elements of a feed or a story that stand beside a line of it and never inside: one there shows that the line was left open.
const BESIDE: &[(&[&str], &[&str])] = &[
    (
        &["title", "link", "guid", "pubDate", "category", "id", "updated", "published"],
        &[
            "link",
            "description",
            "guid",
            "pubDate",
            "category",
            "author",
            "enclosure",
            "comments",
            "id",
            "updated",
            "published",
            "summary",
            "content",
        ],
    ),
    (&["description", "summary"], &["guid", "pubDate", "enclosure", "updated", "published"]),
];
const CDATA: &str = "<![CDATA[";
static CDATA_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("]]>"));

/// What the next piece of a document is.
pub(super) enum Step<'a> {
    /// A start tag; its source is in `Xml::tag`.
    Start,
    /// An end tag: one or more elements were closed. The place in `source` where it begins.
    End(usize),
    /// Text with its references as printed.
    Text(&'a str),
    /// The inside of a CDATA section.
    Cdata(&'a str),
    Eof,
}

/// Whether HTML has an element of this name that is always empty.
pub(super) fn is_void(name: &str) -> bool {
    name.len() <= 3 && VOID.iter().any(|void| void.eq_ignore_ascii_case(name))
}

/// A reader that goes on where that is safe; names are matched by [`Xml::end`].
pub(super) fn reader(source: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

impl<'a> Xml<'a> {
    /// How far the document has been read, in bytes of `source`.
    pub(super) fn position(&self) -> usize {
        self.origin + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// Reads the next piece.
    pub(super) fn step(&mut self) -> Step<'a> {
        self.next(true)
    }

    /// Reads the next piece that is no text.
    pub(super) fn tag(&mut self) -> Step<'a> {
        self.next(false)
    }

    fn next(&mut self, wants_text: bool) -> Step<'a> {
        loop {
            self.settle();
            let mut at = self.position();
            while let Some(text) = self.text_at(at) {
                if wants_text {
                    return text;
                }
                at = self.position();
            }
            if let Some(end) = self.expected_end(at) {
                return end;
            }
            let step = match self.reader.read_event() {
                Ok(Event::Start(tag)) => self.start(at, tag.name().as_ref().len(), false),
                Ok(Event::Empty(tag)) => self.start(at, tag.name().as_ref().len(), true),
                Ok(Event::End(tag)) => self.end(at, tag.name().as_ref()),
                Ok(Event::Eof) => return self.eof(),
                Ok(_) | Err(Error::IllFormed(_)) => None,
                Err(error) => self.restart_behind(at, &error),
            };
            if let Some(step) = step {
                return step;
            }
        }
    }

    /// `<a/>` ends before anything else is read.
    pub(super) fn settle(&mut self) {
        if self.is_empty {
            self.is_empty = false;
            self.close_to(self.open.len().saturating_sub(1));
        }
    }

    fn close_to(&mut self, depth: usize) {
        self.open.truncate(depth);
        self.scopes.leave(depth);
    }

    /// The text up to the next markup. A `<` with nothing behind it that a tag could begin with is a less-than sign.
    fn text_at(&mut self, at: usize) -> Option<Step<'a>> {
        let rest = self.source.get(at..)?;
        let run = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        if run > 0 {
            self.reader.stream().consume(run);
            return rest.get(..run).map(Step::Text);
        }
        match rest.as_bytes() {
            [b'<', b'!', ..] => self.cdata(rest),
            [b'<', next, ..] if !begins_markup(*next) => Some(self.as_text(at)),
            _ => None,
        }
    }

    /// A CDATA section, which may be most of a document.
    fn cdata(&mut self, rest: &'a str) -> Option<Step<'a>> {
        let inside = rest.strip_prefix(CDATA)?;
        let end = CDATA_END.find(inside.as_bytes())?;
        self.reader.stream().consume(CDATA.len() + end + CDATA_END.needle().len());
        inside.get(..end).map(Step::Cdata)
    }

    /// Takes the `<` at this place for text and goes on behind it.
    fn as_text(&mut self, at: usize) -> Step<'a> {
        if !self.has_fault("xml_syntax") {
            self.fault("xml_syntax", format!("a `<` that begins no tag, {at} bytes into the root"));
        }
        self.go_to(at + 1);
        Step::Text("<")
    }

    fn go_to(&mut self, at: usize) {
        self.origin = at;
        self.reader = reader(self.source.get(at..).unwrap_or_default());
    }

    fn start(&mut self, at: usize, name_len: usize, is_empty: bool) -> Option<Step<'a>> {
        let end = self.position() - if is_empty { 2 } else { 1 };
        let content = self.source.get(at + 1..end)?;
        // A root has something in it: what looks like `/>` is the end of an address without quotes.
        let is_empty = is_empty && !(self.open.is_empty() && ends_without_quote(content));
        if content.len() == name_len && memchr::memchr(b'<', content.as_bytes()).is_none() {
            return self.start_tag(at, content, name_len, is_empty);
        }
        match memchr::memchr2(b'<', b'>', content.as_bytes()) {
            // A quote that was never closed has swallowed the tags behind it.
            Some(mark) if content.as_bytes().get(mark) == Some(&b'>') && content.contains('<') => {
                self.start_by_force(at)
            }
            Some(_) if let Some(tag) = without_end(content) => self.start_without_end(at, tag),
            _ => self.start_tag(at, content, name_len, is_empty),
        }
    }

    /// Something like a start tag, up to the `<` of the next one: a tag whose `>` is missing if it has attributes, else text as in
    /// `a<b`.
    fn start_without_end(&mut self, at: usize, tag: &'a str) -> Option<Step<'a>> {
        if !tag.contains('=') {
            return Some(self.as_text(at));
        }
        self.fault("xml_syntax", format!("a tag without its end, {at} bytes into the root"));
        self.go_to(at + 1 + tag.len());
        self.start_cut(at, tag.trim_end())
    }

    /// Ends the start tag at this place at the first `>`, whatever its quotes say.
    fn start_by_force(&mut self, at: usize) -> Option<Step<'a>> {
        let rest = self.source.get(at + 1..)?;
        let content = rest.get(..memchr::memchr(b'>', rest.as_bytes())?)?;
        if let Some(tag) = without_end(content) {
            return self.start_without_end(at, tag);
        }
        self.fault("xml_syntax", format!("a tag with an open quote, {at} bytes into the root"));
        self.go_to(at + 1 + content.len() + 1);
        self.start_cut(at, content)
    }

    /// A start tag that was cut out of the source by hand.
    fn start_cut(&mut self, at: usize, content: &'a str) -> Option<Step<'a>> {
        let name_len = content.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(content.len());
        self.start_tag(at, content.strip_suffix('/').unwrap_or(content), name_len, content.ends_with('/'))
    }

    fn start_tag(
        &mut self,
        at: usize,
        content: &'a str,
        name_len: usize,
        is_empty: bool,
    ) -> Option<Step<'a>> {
        if self.open.len() >= DEPTH {
            self.fault("limit", format!("elements nest deeper than {DEPTH}"));
            return None;
        }
        self.tag = Attributes::new(content, name_len);
        let name = self.tag.name();
        let left_open = || self.left_open_before(name).or_else(|| self.line_left_open(name, content));
        if !is_empty && let Some(depth) = left_open() {
            self.fault("xml_syntax", format!("<{name}> in an element that was left open"));
            self.go_to(at);
            self.close_to(depth);
            return Some(Step::End(at));
        }
        self.is_empty = is_empty || (!self.open.is_empty() && is_void(name));
        self.open.push(name);
        Some(Step::Start)
    }

    /// A story stands in its feed. One that begins inside another element of the feed shows that this was never closed,
    /// and one right inside a story, or in a line of it, that the story was not: how many elements stay open then.
    fn left_open_before(&self, name: &str) -> Option<usize> {
        let (_, story, feeds) = FEEDS.iter().find(|(home, story, _)| *home == self.home && *story == name)?;
        let is_feed = |open: &&str| feeds.contains(open);
        let outer = match self.open.iter().rposition(|open| open == story) {
            Some(at) if self.open.iter().skip(at + 1).all(|open| LINES.contains(open)) => at,
            Some(_) => return None,
            None => self.open.iter().rposition(is_feed)? + 1,
        };
        (outer < self.open.len()).then_some(outer)
    }

    /// The same for a line of a feed or a story that begins inside another one. HTML has a `link` too, which bears attributes.
    fn line_left_open(&self, name: &str, tag: &str) -> Option<usize> {
        let (line, outer) = self.open.split_last()?;
        let (_, names) = BESIDE.iter().find(|(lines, _)| lines.contains(line))?;
        let (_, story, feeds) = FEEDS.iter().find(|(home, ..)| *home == self.home)?;
        let is_beside = names.contains(&name) && (name != "link" || tag == name);
        let is_line = outer.last().is_some_and(|open| open == story || feeds.contains(open));
        (is_beside && is_line).then_some(outer.len())
    }

    /// The end tag that closes the innermost element, plainly written: nearly all are. The reader need not see it; the name it
    /// then remembers costs less than the element itself.
    fn expected_end(&mut self, at: usize) -> Option<Step<'a>> {
        let open = *self.open.last()?;
        let rest = self.source.get(at..)?.strip_prefix("</")?.strip_prefix(open)?;
        rest.starts_with('>').then(|| {
            self.reader.stream().consume(open.len() + 3);
            self.close_to(self.open.len() - 1);
            Step::End(at)
        })
    }

    /// An end tag that fits an outer element closes what is open inside it; one that fits nothing is passed over.
    fn end(&mut self, at: usize, name: &str) -> Option<Step<'a>> {
        let local = local_name(name);
        match self.open.iter().rposition(|open| local_name(open).eq_ignore_ascii_case(local)) {
            Some(depth) => {
                if self.open.last().is_none_or(|open| *open != name) {
                    self.fault("xml_syntax", format!("</{name}> ends elements that were left open"));
                }
                self.close_to(depth);
                Some(Step::End(at))
            }
            None if is_void(name) => None,
            None => {
                self.fault("xml_syntax", format!("</{name}> ends nothing"));
                None
            }
        }
    }

    /// Markup that never ends is text, unless only a quote of it was left open.
    fn restart_behind(&mut self, at: usize, error: &Error) -> Option<Step<'a>> {
        let Error::Syntax(error) = error else { return Some(self.eof()) };
        self.restarts += usize::from(*error != SyntaxError::InvalidBangMarkup);
        if self.restarts > RESTARTS || at >= self.source.len() {
            return Some(self.eof());
        }
        let open_quote = matches!(
            error,
            SyntaxError::UnclosedSingleQuotedAttributeValue | SyntaxError::UnclosedDoubleQuotedAttributeValue
        );
        open_quote.then(|| self.start_by_force(at)).flatten().or_else(|| Some(self.as_text(at)))
    }

    fn eof(&mut self) -> Step<'a> {
        if !self.open.is_empty() {
            self.is_cut = true;
            let open = self.open.join(" > ");
            self.fault("truncated", format!("the document ends inside {open}"));
        }
        Step::Eof
    }
}

fn begins_markup(next: u8) -> bool {
    next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?' | b'_' | b':') || next >= 0x80
}

/// What stands before a `<` that is in no attribute's value.
fn without_end(tag: &str) -> Option<&str> {
    let tag = tag.get(..memchr::memchr(b'<', tag.as_bytes())?)?;
    let (mut open, mut before) = (None, b' ');
    for byte in tag.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        match (byte, open) {
            (b'"' | b'\'', None) if before == b'=' => open = Some(byte),
            (quote, Some(known)) if quote == known => open = None,
            _ => {}
        }
        before = byte;
    }
    open.is_none().then_some(tag)
}

/// Whether a tag ends in an attribute's value that has no quotes.
fn ends_without_quote(tag: &str) -> bool {
    let last = tag.rsplit('=').next().filter(|last| last.len() < tag.len());
    last.is_some_and(|last| {
        !last.is_empty() && !last.contains(|c: char| c.is_whitespace() || "\"'".contains(c))
    })
}

fn local_name(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
