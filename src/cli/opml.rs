//! `wiredesk opml`: lists of feeds, from and for other readers.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use quick_xml::events::Event;
use quick_xml::{Reader, escape};

use super::feeds::edit::{self, New};
use super::{Common, Outcome, output};
use crate::fetch::Http;

/// Feeds in one list at most.
const MOST: usize = 20_000;

/// Take feeds from an OPML file into the config, or print those of the config as one.
#[derive(Debug, clap::Args)]
pub struct Opml {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Add every feed of the list that the config does not have yet.
    Import {
        /// The OPML file.
        file: PathBuf,
        /// How often they are asked.
        #[arg(long, value_name = "DURATION", default_value = "10m")]
        every: String,
        /// Only say what would be added.
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the feeds of the config that have an address. Secrets are left out.
    Export,
}

/// A feed in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    url: String,
    title: String,
}

impl Opml {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        match self.verb {
            Verb::Import { file, every, dry_run } => import(common, &file, &every, dry_run),
            Verb::Export => export(common),
        }
    }
}

fn import(common: &Common, file: &PathBuf, every: &str, dry_run: bool) -> anyhow::Result<Outcome> {
    let reading = || format!("reading {}", file.display());
    let bytes = fs::read(file).with_context(reading)?;
    let listed = read(&String::from_utf8_lossy(&bytes)).with_context(reading)?;
    let config = common.config()?;
    let mut new: Vec<New> = Vec::new();
    let (mut known, mut bad) = (0, 0);
    for Listed { url, title } in listed {
        if let Err(why) = Http::at(&url) {
            bad += 1;
            writeln!(io::stderr(), "left out {}: {}", output::visible(&url), output::visible(&why))?;
            continue;
        }
        let place = |feed: &crate::config::Feed| feed.transport.place() == url;
        if config.feeds.iter().any(place) || new.iter().any(|feed| feed.url == url) {
            known += 1;
            continue;
        }
        let taken =
            |id: &str| config.feeds.iter().any(|feed| feed.id == id) || new.iter().any(|feed| feed.id == id);
        let id = edit::id_of(&title, taken);
        new.push(New { id, url, every: every.to_owned(), title: Some(title) });
    }
    if !dry_run && !new.is_empty() {
        edit::change(&config, |text| Some(edit::with(text, &new)))
            .with_context(|| format!("importing {}", file.display()))?;
    }
    let mut out = anstream::stdout().lock();
    for feed in &new {
        writeln!(out, "{}", output::visible(&format!("{:<32} {}", feed.id, feed.url)))?;
    }
    let would = if dry_run { "would be " } else { "" };
    writeln!(io::stderr(), "{} feeds {would}added, {known} known already, {bad} left out", new.len())?;
    Ok(if bad > 0 { Outcome::Partly } else { Outcome::Done })
}

/// The feeds of an OPML document: every outline with an `xmlUrl`, however deep.
fn read(text: &str) -> anyhow::Result<Vec<Listed>> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut listed = Vec::new();
    let (mut is_opml, mut depth) = (false, 0_usize);
    loop {
        let (element, opens) = match reader.read_event()? {
            Event::Eof => break,
            Event::Start(element) => (element, true),
            Event::Empty(element) => (element, false),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            _ => continue,
        };
        depth += usize::from(opens);
        is_opml |= element.local_name().as_ref().eq_ignore_ascii_case("opml");
        let mut feed = Listed { url: String::new(), title: String::new() };
        for attribute in element.attributes().with_checks(false).flatten() {
            let value =
                escape::unescape(&attribute.value).map(|value| value.trim().to_owned()).unwrap_or_default();
            match attribute.key.local_name().as_ref().to_ascii_lowercase().as_str() {
                "xmlurl" => feed.url = value,
                "title" => feed.title = value,
                "text" if feed.title.is_empty() => feed.title = value,
                _ => {}
            }
        }
        if !feed.url.is_empty() {
            listed.push(feed);
        }
        if listed.len() > MOST {
            bail!("it lists more than {MOST} feeds; hint: split the file");
        }
    }
    if !is_opml || depth > 0 {
        bail!("{}", if is_opml { "it is cut short" } else { "it is no OPML" });
    }
    Ok(listed)
}

fn export(common: &Common) -> anyhow::Result<Outcome> {
    let config = common.config()?;
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head><title>wiredesk</title></head>\n  <body>"
    )?;
    for feed in config.feeds.iter().filter(|feed| feed.transport.kind() == "http") {
        let name = feed
            .house
            .provider
            .as_deref()
            .map_or_else(|| feed.id.clone(), |provider| format!("{provider} ({})", feed.id));
        let (name, place) = (escape::escape(name.as_str()), feed.transport.place());
        writeln!(
            out,
            "    <outline type=\"rss\" text=\"{name}\" xmlUrl=\"{}\"/>",
            escape::escape(place.as_str())
        )?;
    }
    writeln!(out, "  </body>\n</opml>")?;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_found_at_any_depth_and_what_is_no_list_is_refused() {
        let text = "<?xml version='1.0'?><opml version='1.0'><body><outline text='World'>\
            <outline text='A &amp; B' xmlUrl='https://a.example/?x=1&amp;y=2'/><outline TITLE='C' xmlURL='https://c.example/'></outline>\
            </outline><outline text='a note'/></body></opml>";
        let listed = read(text).unwrap();
        let found: Vec<_> = listed.iter().map(|feed| (feed.title.as_str(), feed.url.as_str())).collect();
        assert_eq!(found, [("A & B", "https://a.example/?x=1&y=2"), ("C", "https://c.example/")]);
        for bad in ["", "junk", "<rss/>", "<opml><body>", "<opml><outline xmlUrl='x'", "<opml></rss>"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
