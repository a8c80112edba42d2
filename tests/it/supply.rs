//! What comes into the house: the lists of `deny.toml` against what `cargo metadata` says of every dependency. `cargo deny` asks the same and
//! more, but takes minutes to build where it is not installed; this is asked everywhere.

use std::iter::Peekable;
use std::process::Command;

use serde_json::Value;

/// SPDX, also as older packages write it (`MIT/Apache-2.0`): one of several is enough, and all of those with AND.
fn is_allowed(licence: &str, allowed: &[&str]) -> bool {
    let spread = licence.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    any(&mut spread.split_whitespace().peekable(), allowed)
}

fn any<'t>(words: &mut Peekable<impl Iterator<Item = &'t str>>, allowed: &[&str]) -> bool {
    let mut holds = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all(words, allowed);
    }
    holds
}

fn all<'t>(words: &mut Peekable<impl Iterator<Item = &'t str>>, allowed: &[&str]) -> bool {
    let mut holds = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed);
    }
    holds
}

fn one<'t>(words: &mut Peekable<impl Iterator<Item = &'t str>>, allowed: &[&str]) -> bool {
    let word = words.next().unwrap_or_default();
    if word == "(" {
        let holds = any(words, allowed);
        return holds && words.next() == Some(")");
    }
    let exception = words.next_if_eq(&"WITH").and_then(|_| words.next());
    let licence = exception.map_or(word.to_owned(), |exception| format!("{word} WITH {exception}"));
    allowed.contains(&licence.as_str())
}

#[test]
fn licences_are_read_as_spdx_has_them() {
    let cases = [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0 WITH other-exception", false),
        ("ISC AND (MIT OR ISC) AND (GPL-3.0 OR AGPL-3.0)", false),
    ];
    for (licence, expected) in cases {
        let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
        assert_eq!(is_allowed(licence, &allowed), expected, "{licence:?}");
    }
}

#[test]
fn every_dependency_has_an_allowed_licence_a_known_source_and_is_not_banned() {
    let root = env!("CARGO_MANIFEST_DIR");
    let deny: toml::Value =
        toml::from_str(&std::fs::read_to_string(format!("{root}/deny.toml")).unwrap()).unwrap();
    let list = |table: &str, key: &str| deny[table][key].as_array().unwrap().clone();
    let words = |values: &[toml::Value]| {
        values.iter().map(|one| one.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (licences, registries) =
        (words(&list("licenses", "allow")), words(&list("sources", "allow-registry")));
    let licences: Vec<&str> = licences.iter().map(String::as_str).collect();
    let banned = list("bans", "deny");
    let machine = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let arguments =
        ["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", &machine];
    let told = Command::new(std::env::var("CARGO").unwrap_or("cargo".into()))
        .current_dir(root)
        .args(arguments)
        .output();
    let Some(told) = told.ok().filter(|told| told.status.success()) else {
        eprintln!("supply: skipped, `cargo metadata` says nothing here");
        return;
    };
    let metadata: Value = serde_json::from_slice(&told.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages.iter().filter(|package| !package["source"].is_null()) {
        let (name, licence) =
            (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default());
        assert!(is_allowed(licence, &licences), "{name}: {licence:?}");
        let source = package["source"].as_str().unwrap();
        let from = source.strip_prefix("registry+").unwrap_or_else(|| panic!("{name} comes from {source}"));
        assert!(registries.iter().any(|known| known == from), "{name} comes from {from}");
        assert!(!banned.iter().any(|one| one["name"].as_str() == Some(name)), "{name} is banned");
    }
}
