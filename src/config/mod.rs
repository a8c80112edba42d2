//! **What did the operator ask for?** TOML in, checked values out.
//!
//! Everything that is wrong with a file is said at once, each with file, line, key, value and what was expected.
//! Defaults < file < `WIREDESK_*` < flags. Secrets are named, never held.

mod complaint;
mod describe;
mod error;
mod feed;
mod place;
mod section;
mod values;
mod watch;

use crate::fetch::{Limits, Settings};
use section::{Reader, Section};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use describe::describe;
pub use error::{ConfigError, Problem};
pub use place::Overrides;
pub use values::{Config, Feed};
pub use watch::{Alert, KINDS, Status};

/// The commented example, word for word: what `wiredesk init` writes. A test loads it.
pub const EXAMPLE: &str = include_str!("../../config/wiredesk.toml");

/// Finds the config file, reads it, and lays `WIREDESK_*` and flags over it. `env` looks up a variable.
///
/// # Errors
/// [`ConfigError`]: no file, an unreadable one, or every problem found in it.
pub fn load(overrides: &Overrides, env: &dyn Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
    let file = place::find(overrides, env)?;
    let text = std::fs::read_to_string(&file)
        .map_err(|error| ConfigError::Unreadable { file: file.clone(), reason: error.to_string() })?;
    let (config, data_dir) = read(&text, &file)?;
    place::lay_over(config, data_dir, overrides, env)
}

/// Reads a config's text; `file` is its name in messages and where its relative paths start. Touches nothing.
/// `data_dir` is what the file says, else `data` beside it.
///
/// # Errors
/// [`ConfigError::Bad`] with every problem found.
pub fn parse(text: &str, file: &Path) -> Result<Config, ConfigError> {
    read(text, file).map(|(config, _)| config)
}

/// The config, and whether the file itself says where the data is.
fn read(text: &str, file: &Path) -> Result<(Config, bool), ConfigError> {
    let reader = Reader::new(text, file);
    let config = reader.top().map(|top| top_level(top, file));
    let problems = reader.problems();
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(ConfigError::Bad(problems)),
    }
}

/// The keys at the top of the file, and all feeds below them.
fn top_level(mut top: Section<'_, '_>, file: &Path) -> (Config, bool) {
    let folder = file.parent().unwrap_or(Path::new(""));
    let data_dir = top.take::<PathBuf>("data_dir", "a folder");
    let allow_private = top.take("allow_private", "a list such as [\"127.0.0.1:8080\"]");
    let ca_file = top.take::<PathBuf>("ca_file", "a file of certificates (PEM)");
    let http: Option<Settings> = top.take_over("http", None);
    let limits = top.peek("limits").and_then(|limits| limits.get_ref().as_table()).cloned();
    let _: Option<Limits> = top.take_over("limits", None);
    let dialects = feed::dialects(&mut top);
    let status = watch::status(&mut top, folder);
    let alert = watch::alert(&mut top);
    let places = places(&mut top);
    let keep_alerts = topics(&mut top);
    let shared = feed::Shared { folder, limits: limits.as_ref(), dialects };
    let mut ids = BTreeMap::new();
    let sections = top.take_tables("feed").into_iter().zip(1..);
    let feeds =
        sections.filter_map(|(section, number)| feed::read(section, number, &mut ids, &shared)).collect();
    top.finish();
    let http = Settings {
        allow_private: allow_private.map(|list| list.value).unwrap_or_default(),
        ca_file: ca_file.map(|path| folder.join(path.value)),
        ..http.unwrap_or_default()
    };
    let says_where = data_dir.is_some();
    let data_dir = folder.join(data_dir.map_or_else(|| "data".into(), |path| path.value));
    (Config { file: file.to_owned(), data_dir, feeds, http, status, alert, places, keep_alerts }, says_where)
}

/// `[topics]`: how long alerts are kept.
fn topics(top: &mut Section<'_, '_>) -> Option<Duration> {
    let mut section = top.take_table("topics")?;
    let keep = section.take_as("keep", feed::DURATION, feed::duration);
    section.finish();
    keep.map(|keep| keep.value)
}

/// `[[place]]`: spellings that stand for each other.
fn places(top: &mut Section<'_, '_>) -> Vec<Vec<String>> {
    let sections = top.take_tables("place").into_iter();
    let spellings = |mut section: Section<'_, '_>| {
        let taken = section.take::<Vec<String>>("spellings", "a list such as [\"Rafah\", \"Rafiah\"]");
        section.finish();
        taken.map(|taken| taken.value)
    };
    sections.filter_map(spellings).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::FORMATS;
    use std::fs;

    fn fixtures(kind: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/config").join(kind);
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
        files.sort();
        assert!(!files.is_empty());
        files
    }

    fn name(file: &Path) -> &Path {
        Path::new(file.file_name().unwrap())
    }

    #[test]
    fn every_bad_config_says_what_its_text_file_says() {
        let formats: Vec<String> = FORMATS.iter().map(|format| format!("\"{}\"", format.name)).collect();
        for file in fixtures("bad") {
            let said = parse(&fs::read_to_string(&file).unwrap(), name(&file))
                .expect_err("a bad config")
                .to_string();
            let expected = fs::read_to_string(file.with_extension("txt")).unwrap_or_default();
            let expected = expected.replace("{formats}", &formats.join(", "));
            assert_eq!(said.trim(), expected.trim(), "\n{}:\n{said}\n", file.display());
            assert!(!said.contains("hunter2"), "a secret is shown: {said}");
        }
    }

    #[test]
    fn every_good_config_and_the_examples_are_read() {
        let examples = ["config/wiredesk.toml", "config/demo.toml"]
            .map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
        for file in fixtures("good").into_iter().chain(examples) {
            let config =
                parse(&fs::read_to_string(&file).unwrap(), &file).unwrap_or_else(|error| panic!("{error}"));
            assert!(!config.feeds.is_empty(), "{}", file.display());
            let described = describe(&config);
            assert!(config.feeds.iter().all(|feed| described.contains(&feed.id)), "{described}");
        }
    }

    #[test]
    fn the_contracts_commented_out_in_the_example_are_good_too() {
        let (public, contracts) = EXAMPLE.split_once("# Wires under contract.").unwrap();
        let uncommented: String = contracts
            .lines()
            .skip(1)
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| {
                line.starts_with("[[") || line.contains(" = ") && !line.ends_with(':') && !line.contains("):")
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let config = parse(&format!("{public}\n{uncommented}"), Path::new("wiredesk.toml"))
            .unwrap_or_else(|error| panic!("{error}"));
        for id in ["bbc-world", "ap-top", "reuters-world", "dpa-basis"] {
            assert!(config.feed(id).is_some(), "{id} is missing");
        }
    }

    #[test]
    fn every_key_arrives_where_it_belongs() {
        let file = Path::new("/etc/wiredesk/full.toml");
        let text = include_str!("../../fixtures/config/good/full.toml");
        let config = parse(text, file).unwrap();
        assert_eq!(config.data_dir, Path::new("/etc/wiredesk/data"));
        assert_eq!(config.http.allow_private.len(), 3);
        assert_eq!((config.http.per_host, config.http.spacing.as_millis()), (4, 250));
        assert!(config.http.back_off_by_host);
        assert_eq!(config.http.ca_file.as_deref(), Some(Path::new("/etc/wiredesk/ca.pem")));
        assert_eq!(config.keep_alerts.map(|keep| keep.as_secs()), Some(30 * 24 * 3600));
        let feed = config.feed("sturm-top").unwrap();
        assert_eq!(
            (feed.limits.max_bytes, feed.limits.whole.as_secs()),
            (2 << 20, 10),
            "own over [limits] over defaults"
        );
        assert_eq!(feed.limits.redirects, 8);
        assert_eq!(feed.house.provider.as_deref(), Some("Sturm"));
        assert_eq!(feed.house.feed.as_deref(), Some("sturm-top"));
        assert_eq!(feed.quiet_after.map(|quiet| quiet.as_secs()), Some(6 * 3600));
        assert!(feed.full_text && described_full_text(&config));
        let drop = config.feed("drop").unwrap();
        assert!(!drop.full_text, "pages are left alone unless asked for");
        assert!(!drop.enabled);
        assert_eq!(drop.transport.place(), "/etc/wiredesk/drop");
        assert_eq!(drop.cadence.to_string(), "cron */5 6-23 * * mon-fri (America/New_York)");
        let described = describe(&config);
        assert!(described.contains("env:STURM_KEY (missing)"), "{described}");
        assert!(described.contains("file:/etc/wiredesk/secrets/basic (missing)"), "{described}");
    }

    fn described_full_text(config: &Config) -> bool {
        describe(config).contains("full_text")
    }

    #[test]
    fn a_limit_of_nothing_and_a_distance_of_days_are_refused_by_name() {
        for (line, said) in [
            ("limits.max_bytes = 0", "limits.max_bytes = 0: expected more than 0"),
            ("limits.whole = \"0s\"", "limits.whole = \"0s\": expected more than 0s"),
            ("limits.first_byte = \"0s\"", "limits.first_byte = \"0s\": expected more than 0s"),
            ("http.connect = \"0s\"", "http.connect = \"0s\": expected more than 0s"),
            ("http.spacing = \"9999h\"", "http.spacing = \"9999h\": expected 1h or less"),
        ] {
            let refused = parse(line, Path::new("wiredesk.toml")).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
    }

    #[test]
    fn an_empty_config_is_a_config_without_feeds() {
        let config = parse("", Path::new("wiredesk.toml")).unwrap();
        assert!(config.feeds.is_empty());
        assert_eq!(config.data_dir, Path::new("data"));
    }
}
