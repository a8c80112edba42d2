//! The config file changed line by line, so that comments and layout stay as the operator wrote them.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};

use crate::config::{self, Config};

/// A feed to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub id: String,
    pub url: String,
    pub every: String,
    /// A comment above it: the feed's own title.
    pub title: Option<String>,
}

/// Rewrites the config's file by `edit`. A text that would not be read back as a config with all of its feeds is not written.
pub fn change(config: &Config, edit: impl Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    let file =
        fs::canonicalize(&config.file).with_context(|| format!("opening {}", config.file.display()))?;
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let edited = edit(&text).filter(|edited| is_like(&text, edited, &file));
    let Some(edited) = edited else {
        bail!(
            "{} is laid out in a way that is not changed by hand of ours; hint: edit it yourself",
            file.display()
        );
    };
    write(&file, &edited).with_context(|| format!("writing {}", file.display()))
}

/// Every feed of the old text is in the new one, in its place and otherwise the same.
fn is_like(old: &str, new: &str, file: &Path) -> bool {
    let (Ok(old), Ok(new)) = (config::parse(old, file), config::parse(new, file)) else { return false };
    let told = |config: &Config, id: &str| {
        let only = Config {
            feeds: config.feeds.iter().filter(|feed| feed.id == id).cloned().collect(),
            ..config.clone()
        };
        config::describe(&only).replace("  (not enabled)", "")
    };
    old.feeds.iter().all(|feed| told(&old, &feed.id) == told(&new, &feed.id))
}

/// Under its name there is never half a file; who may read it stays as it was.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let draft = file.with_extension("toml.new");
    let mut target = File::create(&draft)?;
    target.set_permissions(fs::metadata(file)?.permissions())?;
    target.write_all(text.as_bytes())?;
    target.sync_all()?;
    fs::rename(&draft, file)?;
    File::open(file.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// The text with these feeds at its end.
pub fn with(text: &str, feeds: &[New]) -> String {
    let mut text = text.trim_end().to_owned();
    for New { id, url, every, title } in feeds {
        let title = title.as_ref().map(|title| format!("# {}\n", one_line(title))).unwrap_or_default();
        let (id, url, every) = (quoted(id), quoted(url), quoted(every));
        text.push_str(&format!(
            "\n\n{title}[[feed]]\nid        = {id}\ntransport = {{ type = \"http\", url = {url} }}\nevery     = {every}"
        ));
    }
    text.push('\n');
    text
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(100).collect()
}

/// The text with `enabled` of the feed `id` set; none when its `[[feed]]` is not found.
pub fn switched(text: &str, id: &str, on: bool) -> Option<String> {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let is_header = |line: &String| line.trim_start().starts_with('[');
    let starts: Vec<usize> = (0..lines.len())
        .filter(|at| lines.get(*at).is_some_and(|line| line.trim_start().starts_with("[[feed]]")))
        .collect();
    for start in starts {
        let length = lines.iter().skip(start + 1).position(is_header).unwrap_or(lines.len());
        let block = start + 1..(start + 1 + length).min(lines.len());
        let find = |key: &str| {
            block.clone().find(|at| lines.get(*at).is_some_and(|line| value(line, key).is_some()))
        };
        let Some(named) =
            find("id").filter(|at| lines.get(*at).and_then(|line| value(line, "id")) == Some(id))
        else {
            continue;
        };
        match find("enabled").and_then(|at| lines.get_mut(at)) {
            Some(line) => {
                let (before, rest) = line.split_once('=')?;
                let rest = rest.trim_start().trim_start_matches(|c: char| c.is_ascii_alphabetic());
                *line = format!("{before}= {on}{rest}");
            }
            None => lines.insert(named + 1, format!("enabled   = {on}\n")),
        }
        return Some(lines.concat());
    }
    None
}

/// The value of `key` on this line, quotes left off.
fn value<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let rest = line.trim_start().strip_prefix(key)?.trim_start().strip_prefix('=')?.trim_start();
    match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next(),
        None => Some(rest.split([' ', '#', '\n', '\r']).next().unwrap_or_default()),
    }
}

/// An id made of words: lower case letters, digits and dashes; another one when it is taken.
pub fn id_of(words: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let words: String = words.chars().map(plain).collect();
    let mut id = words.split_whitespace().collect::<Vec<_>>().join("-");
    id.truncate(48);
    let id = id.trim_matches('-').to_owned();
    let id = if id.is_empty() { "feed".to_owned() } else { id };
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# ours\ndata_dir = \"d\"\n\n[[feed]]\nid = \"a\" # first\ntransport = { type = \"http\", url = \"https://a.example/\" }\n\
        \n[[feed]] # second\nid        = 'b'\nenabled = true   # for now\ntransport = { type = \"http\", url = \"https://b.example/\" }\n";

    #[test]
    fn a_feed_is_switched_and_every_other_line_stays() {
        let off = switched(TEXT, "b", false).unwrap();
        assert_eq!(off, TEXT.replace("enabled = true", "enabled = false"));
        let off = switched(TEXT, "a", false).unwrap();
        assert_eq!(off, TEXT.replace("# first\n", "# first\nenabled   = false\n"));
        assert!(switched(TEXT, "c", false).is_none());
        let file = Path::new("w.toml");
        assert!(is_like(TEXT, &off, file));
        assert!(!config::parse(&off, file).unwrap().feed("a").unwrap().enabled);
        assert!(!is_like(TEXT, &TEXT.replace("b.example", "c.example"), file));
        assert!(!is_like(TEXT, "feeds = 1", file));
    }

    #[test]
    fn what_is_added_is_a_feed_whatever_its_words() {
        let new = |id: &str, url: &str, title: &str| New {
            id: id.into(),
            url: url.into(),
            every: "10m".into(),
            title: Some(title.into()),
        };
        let hostile = "News\n[[feed]]\nid = \"x\"";
        let added = with(
            TEXT,
            &[new("c", "https://c.example/?a=\"b\"", hostile), new("d", "https://d.example/", "D")],
        );
        assert!(added.starts_with(TEXT.trim_end()));
        let config = config::parse(&added, Path::new("w.toml")).unwrap();
        let ids: Vec<_> = config.feeds.iter().map(|feed| feed.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c", "d"]);
    }

    #[test]
    fn ids_are_made_of_words() {
        let cases =
            [("The Coast \u{2014} News!", "the-coast-news"), ("", "feed"), ("a", "a-2"), ("\u{5e9}", "feed")];
        for (words, id) in cases {
            assert_eq!(id_of(words, |known| known == "a"), id, "{words:?}");
        }
    }
}
