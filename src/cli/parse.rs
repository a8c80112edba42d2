//! `wiredesk parse`: what does this document say? Nothing is stored.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;
use serde::Serialize;

use super::{Common, Outcome, output};
use crate::format;
use crate::item::{FeedInfo, NewsItem, Story};
use crate::normalise::{self, House, Origin};
use crate::wire::Delivery;

/// Read wire documents and print their stories, one JSON object a line; a feed's own title and link come first,
/// marked `"kind":"feed"`. With several documents each line names its `file`.
#[derive(Debug, clap::Args)]
pub struct Parse {
    /// Files to read; `-` is standard input.
    #[arg(value_name = "FILE|-", required_unless_present = "files_from")]
    inputs: Vec<String>,
    /// Read the names of further files from this list, one a line.
    #[arg(long, value_name = "LIST")]
    files_from: Option<PathBuf>,
    /// The address it was fetched from: the base of its relative links.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The Content-Type it was sent with; its charset is believed.
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Read it as this format instead of looking: rss, atom, newsml-g2 ...
    #[arg(long, value_name = "NAME")]
    format: Option<String>,
    /// House rule: the provider whose dialect applies.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
}

/// A printed line, with the document it came from when there are several.
#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(flatten)]
    said: T,
}

impl Parse {
    pub fn run(self, _common: &Common) -> anyhow::Result<Outcome> {
        let inputs = self.all_inputs()?;
        let mut out = BufWriter::new(anstream::stdout());
        let mut outcome = Outcome::Done;
        for input in &inputs {
            let file = (inputs.len() > 1 || self.files_from.is_some()).then_some(input.as_str());
            match self.read(input) {
                Ok(copy) => print(&mut out, file, &copy.feed, &copy.items)?,
                Err(error) => {
                    outcome = Outcome::Partly;
                    let line = format!("{input}: {error:#}");
                    writeln!(io::stderr(), "wiredesk: {}", output::visible(&line))?;
                }
            }
        }
        out.flush()?;
        Ok(outcome)
    }

    fn all_inputs(&self) -> anyhow::Result<Vec<String>> {
        let mut inputs = self.inputs.clone();
        if let Some(list) = &self.files_from {
            let names = fs::read_to_string(list)
                .with_context(|| format!("reading the list of files {}", list.display()))?;
            inputs.extend(names.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
        }
        Ok(inputs)
    }

    fn read(&self, input: &str) -> anyhow::Result<normalise::Copy> {
        let delivery = Delivery {
            bytes: bytes_of(input)?,
            url: self.base_url.clone(),
            content_type: self.content_type.clone(),
            received: Timestamp::now(),
        };
        let parsed = format::read(&delivery, self.format.as_deref())?;
        let house = House { provider: self.provider.clone(), ..House::default() };
        let origin = Origin { url: delivery.url, received: delivery.received };
        Ok(normalise::normalise(parsed, &house, &origin))
    }
}

fn bytes_of(input: &str) -> anyhow::Result<Vec<u8>> {
    if input == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).context("reading standard input")?;
        return Ok(bytes);
    }
    fs::read(Path::new(input)).with_context(|| format!("reading {input}"))
}

fn print(out: &mut dyn Write, file: Option<&str>, feed: &FeedInfo, items: &[NewsItem]) -> io::Result<()> {
    let now = Timestamp::now();
    output::json_line(out, &Line { file, said: feed })?;
    for item in items {
        output::json_line(out, &Line::<Story<'_>> { file, said: item.told_at(now) })?;
    }
    Ok(())
}
