//! A TOML table read key by key, so that one wrong key does not hide the next.

use super::complaint::{Complaint, quoted, unknown};
use super::error::Problem;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// A value as written, and where.
type Written<'i> = Spanned<DeValue<'i>>;

/// The text, and what has been found wrong with it so far.
pub(super) struct Reader<'i> {
    text: &'i str,
    file: &'i Path,
    problems: RefCell<Vec<Problem>>,
}

/// One table. Keys are taken out of it; what is left at the end is unknown.
pub(super) struct Section<'r, 'i> {
    reader: &'r Reader<'i>,
    /// What the keys belong to: `feed "ap-top": `.
    pub label: String,
    table: DeTable<'i>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

/// A value taken from a section, with what a later check needs to speak of it.
#[derive(Debug, Clone)]
pub(super) struct Taken<T> {
    pub value: T,
    pub key: &'static str,
    span: Range<usize>,
}

impl<T> Taken<T> {
    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> Taken<U> {
        Taken { value: f(self.value), key: self.key, span: self.span }
    }
}

impl<'i> Reader<'i> {
    pub(super) fn new(text: &'i str, file: &'i Path) -> Self {
        Self { text, file, problems: RefCell::default() }
    }

    /// The whole file as a section; `None` when it is no TOML.
    pub(super) fn top(&self) -> Option<Section<'_, 'i>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let repeats = error.message() == "duplicate key";
            let rest = self.text.get(span.start..).filter(|_| repeats).unwrap_or_default();
            let key = rest.split(['=', ']', '\n']).next().unwrap_or_default().trim().to_owned();
            self.say(span, key, None, format!("not TOML: {}", error.message()));
        }
        let span = table.span();
        errors.is_empty().then(|| self.section(String::new(), table.into_inner(), span))
    }

    /// Everything found wrong, in the order of the lines.
    pub(super) fn problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }

    fn section(&self, label: String, table: DeTable<'i>, span: Range<usize>) -> Section<'_, 'i> {
        Section { reader: self, label, table, span, asked: Vec::new() }
    }

    fn say(&self, span: Range<usize>, key: String, value: Option<String>, reason: String) {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        self.problems.borrow_mut().push(Problem { file: self.file.to_owned(), line, key, value, reason });
    }

    /// The source of a value, on one line and of a length for a message, a URL's password left out.
    fn written(&self, span: Range<usize>) -> String {
        let text = self.text.get(span).unwrap_or_default();
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = line.chars().take(100).collect();
        let short = if short.len() < line.len() { format!("{short}...") } else { short };
        match (short.split_once("//"), short.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}//***@{host}"),
            _ => short,
        }
    }
}

impl<'r, 'i> Section<'r, 'i> {
    /// The value of `key`; `None` when it is not there, or is not `expected` (which is then said).
    pub(super) fn take<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        expected: &str,
    ) -> Option<Taken<T>> {
        self.asked.push(key);
        let written = self.table.remove(key)?;
        self.read(key, written, expected)
    }

    /// A value that [`take_tagged`](Self::take_tagged) handed out.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        key: &'static str,
        written: Written<'i>,
        expected: &str,
    ) -> Option<Taken<T>> {
        let span = written.span();
        match T::deserialize(ValueDeserializer::from(written.clone())) {
            Ok(value) => Some(Taken { value, key, span }),
            Err(error) => {
                self.explain(key, &written, &error, expected);
                None
            }
        }
    }

    /// The table of `key` without its `tag`, and the word that stands there.
    pub(super) fn take_tagged(
        &mut self,
        key: &'static str,
        tag: &'static str,
        words: &[&str],
    ) -> Option<(String, Written<'i>)> {
        self.asked.push(key);
        let written = self.table.remove(key)?;
        let span = written.span();
        let DeValue::Table(mut table) = written.into_inner() else {
            self.say_of(key, span, &format!("expected a table with {tag} = one of {}", quoted(words)));
            return None;
        };
        let Some(word) = table.remove(tag) else {
            let reason = format!("the key {tag} is missing: expected one of {}", quoted(words));
            self.reader.say(span, format!("{}{key}", self.label), None, reason);
            return None;
        };
        match word.get_ref().as_str().filter(|word| words.contains(word)) {
            Some(known) => Some((known.to_owned(), Spanned::new(span, DeValue::Table(table)))),
            None => {
                self.say_of(
                    &format!("{key}.{tag}"),
                    word.span(),
                    &format!("expected one of {}", quoted(words)),
                );
                None
            }
        }
    }

    /// The text of `key`, turned into a value; what `read` says is wrong is reported.
    pub(super) fn take_as<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Taken<T>> {
        let text: Taken<String> = self.take(key, expected)?;
        match read(&text.value) {
            Ok(value) => Some(Taken { value, key, span: text.span }),
            Err(reason) => {
                self.refuse(&text, &reason);
                None
            }
        }
    }

    /// The table of `[key]` as a section of its own.
    pub(super) fn take_table(&mut self, key: &'static str) -> Option<Section<'r, 'i>> {
        self.asked.push(key);
        let written = self.table.remove(key)?;
        let span = written.span();
        match written.into_inner() {
            DeValue::Table(table) => Some(self.reader.section(format!("{key}: "), table, span)),
            _ => {
                self.say_of(key, span, &format!("expected a table [{key}]"));
                None
            }
        }
    }

    /// The tables of `[[key]]`, each as a section of its own.
    pub(super) fn take_tables(&mut self, key: &'static str) -> Vec<Section<'r, 'i>> {
        self.asked.push(key);
        let Some(written) = self.table.remove(key) else { return Vec::new() };
        let span = written.span();
        let tables = match written.into_inner() {
            DeValue::Array(list) => list.into_iter().map(|item| (item.span(), item.into_inner())).collect(),
            other => vec![(span.clone(), other)],
        };
        let mut sections = Vec::new();
        for (span, value) in tables {
            match value {
                DeValue::Table(table) => sections.push(self.reader.section(String::new(), table, span)),
                _ => self.say_of(key, span, &format!("expected [[{key}]] tables")),
            }
        }
        sections
    }

    /// The table of `key`, laid over `base` where that has keys of its own.
    pub(super) fn take_over<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        base: Option<&DeTable<'i>>,
    ) -> Option<T> {
        self.asked.push(key);
        let own = self.table.remove(key);
        let span = own.as_ref().map_or(0..0, Spanned::span);
        let mut merged = base.cloned().unwrap_or_default();
        match own.map(Spanned::into_inner) {
            Some(DeValue::Table(table)) => merged.extend(table),
            Some(_) => self.say_of(key, span.clone(), "expected a table"),
            None => {}
        }
        let merged = Spanned::new(span, DeValue::Table(merged));
        self.read(key, merged, "a table").map(|taken| taken.value)
    }

    /// A look at the table of `key`, left where it is.
    pub(super) fn peek(&self, key: &str) -> Option<&Written<'i>> {
        self.table.get(key)
    }

    /// Says that the whole section lacks something.
    pub(super) fn lacks(&self, reason: &str) {
        self.reader.say(self.span.clone(), self.name(), None, reason.to_owned());
    }

    /// Says what is wrong with a value taken before.
    pub(super) fn refuse<T>(&self, taken: &Taken<T>, reason: &str) {
        self.say_of(taken.key, taken.span.clone(), reason);
    }

    /// The same without printing the value: it is long, or not for everyone's eyes.
    pub(super) fn refuse_unshown<T>(&self, taken: &Taken<T>, reason: &str) {
        self.reader.say(taken.span.clone(), format!("{}{}", self.label, taken.key), None, reason.to_owned());
    }

    /// Reports every key nobody asked for, with the one it may have been meant for.
    pub(super) fn finish(self) {
        for (key, _) in &self.table {
            let name: &str = key.get_ref();
            let reason = unknown(name, &self.asked);
            self.reader.say(key.span(), format!("{}{name}", self.label), None, reason);
        }
    }

    fn name(&self) -> String {
        self.label.trim_end_matches(": ").to_owned()
    }

    fn say_of(&self, key: &str, span: Range<usize>, reason: &str) {
        let value = self.reader.written(span.clone());
        self.reader.say(span, format!("{}{key}", self.label), Some(value), reason.to_owned());
    }

    /// serde's complaint about (a part of) a value, in our words.
    fn explain(&self, key: &str, written: &Written<'i>, error: &toml::de::Error, expected: &str) {
        let span = error.span().unwrap_or_else(|| written.span());
        let path = [Some(key.to_owned()), path_to(written, &span)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(".");
        match Complaint::of(error.message()) {
            Complaint::UnknownKey(name, known) => {
                self.reader.say(span, format!("{}{path}", self.label), None, unknown(name, &known));
            }
            Complaint::Lacks(name) => {
                self.reader.say(
                    span,
                    format!("{}{path}", self.label),
                    None,
                    format!("the key {name} is missing"),
                );
            }
            Complaint::Type if path == key => self.say_of(key, span, &format!("expected {expected}")),
            Complaint::Type => {
                let wanted = error.message().split(", expected ").nth(1).unwrap_or(expected);
                self.say_of(&path, span, &format!("expected {wanted}"));
            }
            Complaint::Choice(words) => {
                self.say_of(&path, span, &format!("expected one of {}", quoted(&words)))
            }
            Complaint::Other(message) => self.say_of(&path, span, message),
        }
    }
}

/// The keys that lead from a value to the place of an error inside it.
fn path_to(written: &Written<'_>, place: &Range<usize>) -> Option<String> {
    let DeValue::Table(table) = written.get_ref() else { return None };
    let (key, value) = table
        .iter()
        .find(|(key, value)| key.span().contains(&place.start) || value.span().contains(&place.start))?;
    let name = key.get_ref().to_string();
    Some(match path_to(value, place) {
        Some(inner) => format!("{name}.{inner}"),
        None => name,
    })
}
