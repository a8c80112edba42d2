//! `wiredesk parse`: what does this document say? Nothing is stored.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde::Serialize;

use super::{Common, output};
use crate::fetch::{Client, HostPort, Http, Limits, Outcome, Settings, Transport};
use crate::format;
use crate::item::{FeedInfo, NewsItem, Story};
use crate::normalise::explain::{Reason, beginning, explain};
use crate::normalise::{self, House, Origin, dialect};
use crate::wire::{Cursor, Delivery};

/// Read wire documents and print their stories, one JSON object a line; a feed's own title and link come first,
/// marked `"kind":"feed"`. With several documents each line names its `file`.
#[derive(Debug, clap::Args)]
pub struct Parse {
    /// Files or addresses to read; `-` is standard input.
    #[arg(value_name = "FILE|URL|-", required_unless_present = "files_from")]
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
    /// House rule: the dialect its copy is in, whatever its provider.
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,
    /// Say of each field what gave it: the provider's words, the rule, and the rule's file. One JSON object a field with --json.
    #[arg(long)]
    explain: bool,
}

/// What is made of a document.
enum Reading {
    Stories(Box<normalise::Copy>),
    Reasons(Vec<Vec<Reason>>),
}

/// A reason, with the place of its story in the document.
#[derive(Serialize)]
struct Numbered<'a> {
    story: usize,
    #[serde(flatten)]
    reason: &'a Reason,
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
    pub fn run(self, common: &Common) -> anyhow::Result<super::Outcome> {
        let (inputs, house) = (self.all_inputs()?, self.house()?);
        let mut out = BufWriter::new(anstream::stdout());
        let mut outcome = super::Outcome::Done;
        for input in &inputs {
            let file = (inputs.len() > 1 || self.files_from.is_some()).then_some(input.as_str());
            match self.read(input, &house) {
                Ok(Reading::Stories(copy)) => print(&mut out, file, &copy.feed, &copy.items)?,
                Ok(Reading::Reasons(stories)) => print_reasons(&mut out, file, &stories, common.json)?,
                Err(error) => {
                    outcome = super::Outcome::Partly;
                    let said = format!("{error:#}");
                    let line = if said.contains(input) { said } else { format!("{input}: {said}") };
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

    fn read(&self, input: &str, house: &House) -> anyhow::Result<Reading> {
        let mut delivery = bring(input)?;
        delivery.url = self.base_url.clone().or(delivery.url);
        delivery.content_type = self.content_type.clone().or(delivery.content_type);
        let parsed = format::read(&delivery, self.format.as_deref())?;
        let origin = Origin { url: delivery.url, received: delivery.received };
        Ok(match self.explain {
            true => Reading::Reasons(explain(&parsed, house, &origin)),
            false => Reading::Stories(Box::new(normalise::normalise(parsed, house, &origin))),
        })
    }

    fn house(&self) -> anyhow::Result<House> {
        if let Some(name) = self.dialect.as_deref().filter(|name| dialect::named(name, &[]).is_none()) {
            bail!("--dialect {name}: no such dialect; hint: there are {}", dialect::names(&[]).join(", "));
        }
        Ok(House { provider: self.provider.clone(), dialect: self.dialect.clone(), ..House::default() })
    }
}

/// The document behind what was typed: standard input, an address, a file.
fn bring(input: &str) -> anyhow::Result<Delivery> {
    if input.starts_with("https://") || input.starts_with("http://") {
        return fetch(input);
    }
    let bytes = match input {
        "-" => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).context("reading standard input")?;
            bytes
        }
        file => fs::read(file).with_context(|| format!("reading {file}"))?,
    };
    Ok(Delivery { bytes, received: Timestamp::now(), ..Delivery::default() })
}

fn print_reasons(
    out: &mut dyn Write,
    file: Option<&str>,
    stories: &[Vec<Reason>],
    json: bool,
) -> io::Result<()> {
    for (number, reasons) in stories.iter().enumerate() {
        if !json {
            writeln!(
                out,
                "story {} of {}{}",
                number + 1,
                stories.len(),
                file.map_or(String::new(), |file| format!(" in {file}"))
            )?;
        }
        for reason in reasons {
            match json {
                true => output::json_line(out, &Line { file, said: Numbered { story: number + 1, reason } })?,
                false => tell(out, reason)?,
            }
        }
    }
    Ok(())
}

/// An address that a person typed may be a private one; what it redirects to may not.
fn fetch(address: &str) -> anyhow::Result<Delivery> {
    let mut http =
        Http::at(address).map_err(|wrong| anyhow::anyhow!("reading the address {address:?}: {wrong}"))?;
    let typed = http.url.expose();
    if let (Some(host), Some(port)) = (typed.host_str(), typed.port_or_known_default()) {
        http.allow_private.extend(HostPort::try_from(format!("{host}:{port}")).ok());
    }
    let client = Client::new(Settings::default());
    let runtime = tokio::runtime::Runtime::new().context("starting the async runtime")?;
    let transport = Transport::Http(http);
    let fetched = runtime.block_on(transport.fetch(&client, &Cursor::default(), &Limits::default()))?;
    if let Some((_, error)) = fetched.failures.into_iter().next() {
        return Err(error.into());
    }
    match fetched.outcome {
        Outcome::Deliveries(deliveries) => deliveries.into_iter().next().context("the answer was empty"),
        Outcome::NotModified => {
            bail!("fetching {}: 304 to a question without a validator", transport.place())
        }
    }
}

fn print(out: &mut dyn Write, file: Option<&str>, feed: &FeedInfo, items: &[NewsItem]) -> io::Result<()> {
    let now = Timestamp::now();
    output::json_line(out, &Line { file, said: feed })?;
    for item in items {
        output::json_line(out, &Line::<Story<'_>> { file, said: item.told_at(now) })?;
    }
    Ok(())
}

/// A field for people: its value, what gave it, by which rule.
fn tell(out: &mut dyn Write, reason: &Reason) -> io::Result<()> {
    let value = match &reason.value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    writeln!(out, "  {:<16}{}", reason.field, output::visible(&beginning(&value)))?;
    for (part, words) in &reason.from {
        writeln!(out, "  {:16}  from {part}: {}", "", output::visible(words))?;
    }
    writeln!(out, "  {:16}  {} ({})", "", reason.rule, reason.file)
}
