//! Does the code keep to the plan of the house? Who may import whom, and how long a file may be.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms it may import. A new arrow is a change to this table, so that a reviewer sees it.
const ROOMS: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("item", &["wire"]),
    ("schedule", &[]),
    ("fetch", &["wire"]),
    ("format", &["wire"]),
    ("normalise", &["wire", "item"]),
    ("store", &["item", "wire"]),
    ("index", &["item", "store"]),
    ("search", &["item", "index"]),
    ("topics", &["item", "store", "index", "search"]),
    ("threads", &["item", "store"]),
    ("config", &["schedule", "fetch", "format", "normalise"]),
    ("desk", &["config", "item", "store", "index", "search", "threads", "topics"]),
    (
        "ingest",
        &["desk", "topics", "config", "fetch", "format", "normalise", "store", "item", "wire", "schedule"],
    ),
    ("daemon", &["desk", "ingest", "topics", "schedule", "config", "store"]),
    ("serve", &["desk", "store", "search", "item"]),
    ("upkeep", &["desk", "store", "index", "threads", "topics", "item"]),
    (
        "cli",
        &[
            "upkeep",
            "serve",
            "wire",
            "item",
            "schedule",
            "fetch",
            "format",
            "normalise",
            "store",
            "index",
            "search",
            "topics",
            "threads",
            "config",
            "desk",
            "ingest",
            "daemon",
        ],
    ),
];

/// A file that is longer holds more than one thought.
const LONGEST_FILE: usize = 500;

/// One source file: its room, how many modules deep it stands, and its text.
struct Source {
    path: PathBuf,
    room: String,
    depth: usize,
    text: String,
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
fn a_room_imports_only_what_the_table_allows() {
    let wrong: Vec<_> = rooms()
        .iter()
        .flat_map(|source| {
            let allowed = ROOMS.iter().find(|(room, _)| *room == source.room).map_or(&[][..], |(_, may)| may);
            let mut named = imports(&source.text, source.depth);
            named.retain(|name| *name != source.room && !allowed.contains(&name.as_str()));
            named
                .into_iter()
                .map(|name| format!("{}: `{}` may not import `{name}`", source.path.display(), source.room))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_table_and_every_row_is_a_room() {
    let there: BTreeSet<_> = rooms().into_iter().map(|source| source.room).collect();
    let planned: BTreeSet<_> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    let unplanned: Vec<_> = there.difference(&planned).collect();
    assert!(unplanned.is_empty(), "rooms that are not in the table: {unplanned:?}");
    let unbuilt: Vec<_> = planned.difference(&there).collect();
    assert!(unbuilt.is_empty(), "rows of the table without a room: {unbuilt:?}");
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
