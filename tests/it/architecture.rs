//! Does the code keep to the plan of the house? Who may import whom, and how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The table of the plan: a row a room, or several, behind it the rooms that it may import. A new arrow is a change to
/// that page, so that a reviewer sees it.
const PLAN: &str = include_str!("../../ARCHITECTURE.md");

/// A file that is longer holds more than one thought.
const LONGEST_FILE: usize = 500;

/// Each room of the plan with the rooms that it may import.
fn plan() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let rows = PLAN.lines().skip_while(|line| *line != "| room | may import |").skip(2);
    let rows: Vec<_> = rows.map_while(|row| row.strip_prefix("| ")?.split_once(" | ")).collect();
    let rooms: BTreeSet<_> = rows.iter().flat_map(|(rooms, _)| quoted(rooms)).collect();
    let allowed = |cell| match cell {
        "all of the above |" => rooms.clone(),
        cell => quoted(cell).filter(|name| name.starts_with(char::is_lowercase)).collect(),
    };
    rows.iter().flat_map(|(room, cell)| quoted(room).map(move |room| (room, allowed(cell)))).collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// One source file: its room, how many modules deep it stands, and its text.
#[derive(Clone)]
struct Source {
    path: PathBuf,
    room: String,
    depth: usize,
    text: String,
}

impl Source {
    /// Tests in a file of their own may look into other rooms, as those inside a file may.
    fn is_test(&self) -> bool {
        self.path.file_stem().is_some_and(|stem| stem == "tests")
    }
}

fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(source(&src, path));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn source(src: &Path, path: PathBuf) -> Source {
    let inside = path.strip_prefix(src).unwrap().with_extension("");
    let mut modules: Vec<_> = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    modules.retain(|module| module != "mod");
    let text = fs::read_to_string(&path).unwrap();
    Source { room: modules[0].clone(), depth: modules.len(), path, text }
}

fn rooms() -> Vec<Source> {
    sources().into_iter().filter(|source| source.room != "lib" && source.room != "main").collect()
}

/// Every import of one room by a file of another.
fn arrows() -> Vec<(Source, String)> {
    let of = |source: Source| {
        let named = imports(&source.text, source.depth).into_iter().filter(|name| *name != source.room);
        named.map(|to| (source.clone(), to)).collect::<Vec<_>>()
    };
    rooms().into_iter().filter(|source| !source.is_test()).flat_map(of).collect()
}

/// The rooms that `text` names: by `crate::`, or by enough `super::` to reach the crate's root.
/// Its tests, at the end, may set up what they like.
fn imports(text: &str, depth: usize) -> BTreeSet<String> {
    let code = text.lines().take_while(|line| !line.starts_with("mod tests {"));
    let code: Vec<_> = code.map(|line| line.split("//").next().unwrap_or_default()).collect();
    let code = code.join("\n");
    let mut found = after(&code, "crate::");
    found.extend(after(&code, &"super::".repeat(depth)));
    found
}

/// The names that follow `path`: one, or those between braces.
fn after(code: &str, path: &str) -> BTreeSet<String> {
    let starts =
        code.match_indices(path).filter(|(at, _)| !code[..*at].ends_with(|c: char| c == ':' || word(c)));
    starts.flat_map(|(at, _)| names(&code[at + path.len()..])).filter(|name| is_room(name)).collect()
}

fn names(rest: &str) -> Vec<String> {
    let Some(braced) = rest.strip_prefix('{') else { return vec![first_word(rest)] };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in braced.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(first_word(braced[start..at].trim_start()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(first_word(braced[start..at].trim_start()));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| word(*c)).collect()
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A lower-case name at the crate's root is a room; the rest are items of the module itself.
fn is_room(name: &str) -> bool {
    name.starts_with(|c: char| c.is_lowercase()) && name != "super" && name != "self"
}

#[test]
fn a_room_imports_only_what_the_plan_allows() {
    let plan = plan();
    let wrong: Vec<_> = arrows()
        .into_iter()
        .filter(|(source, to)| !plan.get(source.room.as_str()).is_some_and(|may| may.contains(to.as_str())))
        .map(|(source, to)| format!("{}: `{}` may not import `{to}`", source.path.display(), source.room))
        .collect();
    assert!(
        wrong.is_empty(),
        "
{}",
        wrong.join(
            "
"
        )
    );
}

#[test]
fn the_plan_allows_no_more_than_is_used() {
    let used: BTreeSet<_> = arrows().into_iter().map(|(source, to)| (source.room, to)).collect();
    let planned = plan().into_iter().filter(|(room, _)| *room != "cli");
    let arrows =
        planned.flat_map(|(from, to)| to.into_iter().map(move |to| (from.to_owned(), to.to_owned())));
    let unused: Vec<_> = arrows.filter(|arrow| !used.contains(arrow)).collect();
    assert!(unused.is_empty(), "ARCHITECTURE.md allows arrows that nothing needs: {unused:?}");
}

#[test]
fn every_room_is_in_the_plan_and_every_row_is_a_room() {
    let there: BTreeSet<_> = rooms().into_iter().map(|source| source.room).collect();
    let planned: BTreeSet<_> = plan().into_keys().map(str::to_owned).collect();
    assert_eq!(there, planned, "the rooms of src/, and those of the table in ARCHITECTURE.md");
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<_> = sources()
        .iter()
        .map(|source| (source.text.lines().count(), source.path.display().to_string()))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines: {long:?}");
}

#[test]
fn imports_are_seen_however_they_are_written() {
    let cases: &[(&str, usize, &[&str])] = &[
        ("use crate::wire::Fault;", 1, &["wire"]),
        ("pub use crate::{item::NewsItem, store};", 1, &["item", "store"]),
        ("use crate::{\n    item::{self, NewsItem},\n    search,\n};", 2, &["item", "search"]),
        ("fn a(x: &crate::fetch::Settings) -> crate::wire::Delivery {", 2, &["fetch", "wire"]),
        ("/// see [`crate::ingest`]\n//! and crate::daemon", 1, &[]),
        ("let a = 1; // crate::cli", 1, &[]),
        ("use super::super::ingest::run;", 2, &["ingest"]),
        ("use super::daemon;", 1, &["daemon"]),
        ("use super::lock::WriterLock;", 2, &[]),
        ("use crate::wire;\nmod tests {\n    use crate::cli;\n}", 2, &["wire"]),
        ("use mycrate::wire; use crate::Version;", 1, &[]),
    ];
    for (code, depth, expected) in cases {
        let found = imports(code, *depth);
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), *expected, "{code}");
    }
}
