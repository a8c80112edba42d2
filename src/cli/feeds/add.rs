//! `wiredesk feeds add`: the feed behind an address, previewed, written into the config.

use std::io::{self, Write};

use anyhow::{Context, bail};
use serde::Serialize;
use url::Url;

use super::super::{Common, Outcome, output};
use super::edit::{self, New};
use super::tried::{self, Preview};
use crate::config::Config;
use crate::fetch::{Http, Limits, Transport};
use crate::normalise::House;
use crate::wire::Delivery;

/// Kinds of feeds that a page names in `<link rel="alternate">`.
const KINDS: &[&str] =
    &["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"];
/// Feeds of one page that are tried.
const TRIED: usize = 8;

/// Find the feed behind an address, show what it would hold, and write it into the config.
///
/// The address may be a feed, or a page that names its feeds; a section page without any is read as it is.
#[derive(Debug, clap::Args)]
pub struct Add {
    /// The address of a feed or of a page.
    url: String,
    /// Its id; made of its title when left out.
    #[arg(long)]
    id: Option<String>,
    /// How often it is asked.
    #[arg(long, value_name = "DURATION", default_value = "10m")]
    every: String,
    /// Only show what it holds.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Found<'a> {
    id: &'a str,
    url: &'a str,
    written: bool,
    #[serde(flatten)]
    preview: &'a Preview,
    /// Other feeds that the page names.
    others: &'a [String],
}

impl Add {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let config = common.config()?;
        let (url, preview, others) = find(&self.url, &config)?;
        if let Some(known) = config.feeds.iter().find(|feed| feed.transport.place() == url) {
            bail!("adding {url}: feed {} is that already", known.id);
        }
        let taken = |id: &str| config.feeds.iter().any(|feed| feed.id == id);
        let words = || {
            preview
                .title
                .clone()
                .unwrap_or_else(|| url.split_once("://").map_or("", |parts| parts.1).to_owned())
        };
        let id = self.id.clone().unwrap_or_else(|| edit::id_of(&words(), taken));
        let new =
            New { id: id.clone(), url: url.clone(), every: self.every.clone(), title: preview.title.clone() };
        if !self.dry_run {
            edit::change(&config, |text| Some(edit::with(text, std::slice::from_ref(&new))))
                .with_context(|| format!("adding {url} as {id}"))?;
        }
        let written = !self.dry_run;
        if common.json {
            let found = Found { id: &id, url: &url, written, preview: &preview, others: &others };
            output::json_line(&mut anstream::stdout().lock(), &found)?;
            return Ok(Outcome::Done);
        }
        tried::print(&preview, false)?;
        let mut talk = io::stderr();
        for other in &others {
            writeln!(talk, "the page also names {}", output::visible(other))?;
        }
        match written {
            true => writeln!(talk, "{} is feed {id} in {}", output::visible(&url), config.file.display())?,
            false => writeln!(talk, "{} would be feed {id}", output::visible(&url))?,
        }
        Ok(Outcome::Done)
    }
}

/// The address of a feed that can be read, what it holds, and other feeds that its page names.
fn find(typed: &str, config: &Config) -> anyhow::Result<(String, Preview, Vec<String>)> {
    let deliveries = fetch(typed, config)?;
    let read = tried::read_all(&deliveries, None, &House::default());
    let is_feed = read.as_ref().is_ok_and(|preview| preview.format.as_deref() != Some("html"));
    let named = if is_feed {
        Vec::new()
    } else {
        deliveries.first().map(|page| feeds_of(page, typed)).unwrap_or_default()
    };
    for (at, url) in named.iter().enumerate().take(TRIED) {
        let tried = fetch(url, config).and_then(|them| tried::read_all(&them, None, &House::default()));
        match tried {
            Ok(preview) if preview.format.as_deref() != Some("html") => {
                let others =
                    named.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, url)| url.clone());
                return Ok((url.clone(), preview, others.collect()));
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(url, "{error:#}"),
        }
    }
    let preview = read.with_context(|| format!("reading {typed}; it names no feed that can be read"))?;
    Ok((typed.to_owned(), preview, Vec::new()))
}

fn fetch(url: &str, config: &Config) -> anyhow::Result<Vec<Delivery>> {
    let http = Http::at(url).map_err(|wrong| anyhow::anyhow!("reading the address {url:?}: {wrong}"))?;
    tried::fetch(&Transport::Http(http), &config.http, &Limits::default())
}

/// The addresses of the feeds that a page names, in its order, each once.
fn feeds_of(page: &Delivery, typed: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(&page.bytes);
    let document = dom_query::Document::from(&*text);
    let base = page.url.as_deref().unwrap_or(typed);
    let Ok(base) = Url::parse(base) else { return Vec::new() };
    let base =
        document.select("base[href]").attr("href").and_then(|href| base.join(&href).ok()).unwrap_or(base);
    let mut found: Vec<String> = Vec::new();
    for link in document.select("link[rel~='alternate'][href]").iter() {
        let kind = link.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let url = link.attr("href").and_then(|href| base.join(href.trim()).ok());
        let Some(url) = url.filter(|url| KINDS.contains(&kind) && matches!(url.scheme(), "http" | "https"))
        else {
            continue;
        };
        if !found.contains(&url.to_string()) {
            found.push(url.into());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_feeds() {
        let page = "<html><head><base href='/world/'><link rel='alternate' type='application/rss+xml' href='rss.xml'>\
            <link rel=\"Alternate feed\" type='application/atom+xml; charset=utf-8' href=https://b.example/atom>\
            <link rel=alternate hreflang=de href=/de><link rel=alternate type=application/rss+xml href='javascript:alert(1)'>\
            <link rel=alternate type=application/rss+xml href=rss.xml></head></html>";
        let page = Delivery { bytes: page.into(), ..Delivery::default() };
        let found = feeds_of(&page, "https://a.example/news/index.html");
        assert_eq!(found, ["https://a.example/world/rss.xml", "https://b.example/atom"]);
    }
}
