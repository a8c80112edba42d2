//! What does `&name;` stand for? The five of XML, numbers, HTML's names, and what the document's own DTD declares.
//!
//! Nothing outside the document is ever loaded, and what one document may expand to is bounded: a "billion laughs"
//! costs no more than `BUDGET` bytes and is left standing as printed.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

/// How deep entities may refer to one another.
const DEPTH: usize = 8;
/// How much one reference may expand to, in bytes.
const SINGLE: usize = 8 * 1024;
/// How much all declared entities of one document may expand to, in bytes.
const BUDGET: usize = 256 * 1024;
/// How many declarations are read.
const DECLARATIONS: usize = 512;

/// The entities of one document.
#[derive(Debug, Default)]
pub struct Entities {
    declared: HashMap<String, String>,
    spent: Cell<usize>,
    refused: Cell<bool>,
}

impl Entities {
    /// Reads the `<!ENTITY name "value">` declarations out of a document type's internal subset.
    /// External and parameter entities are passed over.
    pub fn of_doctype(doctype: &str) -> Self {
        let mut declared = HashMap::new();
        for declaration in doctype.split("<!ENTITY").skip(1).take(DECLARATIONS) {
            if let Some((name, value)) = declaration_of(declaration) {
                // The first declaration binds (XML 1.0, 4.2).
                declared.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        Self { declared, ..Self::default() }
    }

    /// Whether an expansion was refused because it grew too large.
    pub fn refused(&self) -> bool {
        self.refused.get()
    }

    /// Whether the document declares this entity itself.
    pub fn declares(&self, name: &str) -> bool {
        self.declared.contains_key(name)
    }

    /// Whether a text may hold an entity that the document declares itself.
    pub fn may_declare(&self, text: &str) -> bool {
        !self.declared.is_empty() && text.contains('&')
    }

    /// What a reference stands for; `None` when nobody knows it.
    pub fn resolve(&self, name: &str) -> Option<Cow<'static, str>> {
        match self.declared.get(name) {
            Some(value) => self.expand_declared(value),
            None => standard(name),
        }
    }

    /// Replaces every reference in a text. Unknown ones and bare `&` stay as printed.
    pub fn decode<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
        let mut out = String::with_capacity(text.len());
        let (start, mut rest) = text.split_at(first);
        out.push_str(start);
        while let Some(after) = rest.strip_prefix('&') {
            match reference(after) {
                Some((name, tail)) => match self.resolve(name) {
                    Some(value) => {
                        out.push_str(&value);
                        rest = tail;
                    }
                    None => {
                        out.push('&');
                        rest = after;
                    }
                },
                None => {
                    out.push('&');
                    rest = after;
                }
            }
            let next = memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
            let (plain, tail) = rest.split_at(next);
            out.push_str(plain);
            rest = tail;
        }
        Cow::Owned(out)
    }

    /// Expands a declared value within what is left of the budget. Failures are charged too.
    fn expand_declared(&self, value: &str) -> Option<Cow<'static, str>> {
        let left = BUDGET.saturating_sub(self.spent.get()).min(SINGLE);
        let mut expansion = Expansion { out: String::new(), fuel: left };
        let whole = expansion.append(self, value, DEPTH);
        self.spent.set(self.spent.get() + left - expansion.fuel);
        self.refused.set(self.refused.get() || !whole);
        whole.then_some(Cow::Owned(expansion.out))
    }
}

/// One expansion under way. Fuel is spent by the byte and by the reference, so that a thousand references to nothing end too.
struct Expansion {
    out: String,
    fuel: usize,
}

impl Expansion {
    /// False when it ran out of fuel or depth.
    fn append(&mut self, entities: &Entities, value: &str, depth: usize) -> bool {
        let mut rest = value;
        while let Some((plain, after)) = rest.split_once('&') {
            rest = after;
            if !self.push(plain) {
                return false;
            }
            let named = reference(after).map(|(name, tail)| (name, tail, entities.declared.get(name)));
            let whole = match named {
                Some((_, tail, Some(inner))) => {
                    rest = tail;
                    depth > 0 && self.append(entities, inner, depth - 1)
                }
                Some((name, tail, None)) => match standard(name) {
                    Some(known) => {
                        rest = tail;
                        self.push(&known)
                    }
                    None => self.push("&"),
                },
                None => self.push("&"),
            };
            if !whole {
                return false;
            }
        }
        self.push(rest)
    }

    fn push(&mut self, text: &str) -> bool {
        let Some(fuel) = self.fuel.checked_sub(text.len() + 1) else { return false };
        self.fuel = fuel;
        self.out.push_str(text);
        true
    }
}

/// Name and value of one declaration, what follows `<!ENTITY`.
fn declaration_of(declaration: &str) -> Option<(&str, &str)> {
    let rest = declaration.strip_prefix(char::is_whitespace)?.trim_start();
    let (name, rest) = rest.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, _) = rest.get(1..)?.split_once(quote)?;
    (name != "%").then_some((name, value))
}

/// Splits `name;rest` when it looks like a reference. The window keeps a stray `&` from searching a whole document.
fn reference(text: &str) -> Option<(&str, &str)> {
    let window = text.as_bytes().get(..text.len().min(40))?;
    let end = memchr::memchr(b';', window)?;
    let name = text.get(..end)?;
    let plausible =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"#_-.".contains(&byte));
    plausible.then_some((name, text.get(end + 1..)?))
}

/// The character of `#x2019` or `#8217`, without the `#`. 128 to 159 mean what windows-1252 has there, as in HTML.
fn character(number: &str) -> Option<Cow<'static, str>> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
        return Some(Cow::Owned(encoding_rs::WINDOWS_1252.decode(&[byte]).0.into_owned()));
    }
    let character =
        char::from_u32(code).filter(|found| *found != '\0').unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(Cow::Owned(character.into()))
}

/// What a reference stands for in any document.
fn standard(name: &str) -> Option<Cow<'static, str>> {
    match name.strip_prefix('#') {
        Some(number) => character(number),
        None => known(name).map(Cow::Borrowed),
    }
}

fn known(name: &str) -> Option<&'static str> {
    match name {
        "amp" => Some("&"),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "quot" => Some("\""),
        "apos" => Some("'"),
        "nbsp" => Some("\u{a0}"),
        _ => {
            let table = &html_escape::NAMED_ENTITIES;
            let at = table.binary_search_by(|(known, _)| (*known).cmp(name.as_bytes())).ok()?;
            table.get(at).map(|(_, value)| *value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_and_the_rest_stays_as_printed() {
        let none = Entities::default();
        for (source, text) in [
            ("a &amp; b", "a & b"),
            ("AT&T & Co; more", "AT&T & Co; more"),
            ("caf&eacute; &mdash; &#8217;&#x2019;", "caf\u{e9} \u{2014} \u{2019}\u{2019}"),
            ("&#147;hi&#148;", "\u{201c}hi\u{201d}"),
            ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
            ("&unknown; &", "&unknown; &"),
            ("&#0;&#x110000;", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(none.decode(source), text, "{source}");
        }
    }

    #[test]
    fn the_documents_own_entities_expand_within_bounds() {
        let own = Entities::of_doctype(
            r#"x [<!ENTITY co "Acme &amp; Sons"> <!ENTITY % p "q"> <!ENTITY e SYSTEM "file:///etc/passwd">
            <!ENTITY line '&co; Ltd'> <!ENTITY loop "&loop;">]"#,
        );
        assert_eq!(own.decode("&line;"), "Acme & Sons Ltd");
        assert_eq!(own.decode("&e; &loop;"), "&e; &loop;");
        assert!(own.refused());
        let bomb = (1..10).fold(String::from("<!ENTITY l0 'lol'>"), |dtd, n| {
            format!("{dtd}<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10))
        });
        assert_eq!(Entities::of_doctype(&bomb).decode("&l9;"), "&l9;");
    }
}
