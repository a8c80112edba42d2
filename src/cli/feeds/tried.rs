//! A feed fetched once and read, to be looked at.

use std::io::Write;

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde::Serialize;

use super::super::output;
use crate::fetch::{Client, Limits, Outcome, Settings, Transport};
use crate::format;
use crate::item::Moment;
use crate::normalise::{self, House, Origin};
use crate::wire::{Cursor, Delivery};

/// Headlines that a preview shows.
const SHOWN: usize = 5;

/// What a feed holds now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Preview {
    /// The format of the first document.
    pub format: Option<String>,
    /// The feed's own title.
    pub title: Option<String>,
    /// Documents, bytes and items.
    pub deliveries: usize,
    pub bytes: usize,
    pub items: usize,
    /// Faults beside documents and items.
    pub faults: usize,
    /// The date of the newest item.
    pub newest: Option<Timestamp>,
    /// The first headlines.
    pub headlines: Vec<String>,
}

/// Fetches what `transport` has, as if for the first time.
pub fn fetch(transport: &Transport, http: &Settings, limits: &Limits) -> anyhow::Result<Vec<Delivery>> {
    let client = Client::new(http.clone());
    let runtime = tokio::runtime::Runtime::new().context("starting the async runtime")?;
    let fetched = runtime.block_on(transport.fetch(&client, &Cursor::default(), limits))?;
    if let Some((_, error)) = fetched.failures.into_iter().next() {
        return Err(error.into());
    }
    match fetched.outcome {
        Outcome::Deliveries(deliveries) => Ok(deliveries),
        Outcome::NotModified => bail!(
            "trying {}: it has no document to read; hint: look whether anything new has been put there",
            transport.place()
        ),
    }
}

/// Reads all of it.
pub fn read_all(deliveries: &[Delivery], format: Option<&str>, house: &House) -> anyhow::Result<Preview> {
    let mut preview = Preview { deliveries: deliveries.len(), ..Preview::default() };
    for delivery in deliveries {
        let parsed = format::read(delivery, format)?;
        let origin = Origin { url: delivery.url.clone(), received: delivery.received };
        let copy = normalise::normalise(parsed, house, &origin);
        preview.format = preview.format.or(copy.feed.format);
        preview.title = preview.title.or(copy.feed.title);
        preview.bytes += delivery.bytes.len();
        preview.items += copy.items.len();
        preview.faults +=
            copy.feed.faults.len() + copy.items.iter().map(|item| item.faults.len()).sum::<usize>();
        let published = copy.items.iter().filter_map(|item| item.published);
        preview.newest = published.map(Moment::instant).max().max(preview.newest);
        let room = SHOWN.saturating_sub(preview.headlines.len());
        preview.headlines.extend(copy.items.into_iter().filter_map(|item| item.headline).take(room));
    }
    Ok(preview)
}

/// Shows it.
pub fn print(preview: &Preview, json: bool) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if json {
        output::json_line(&mut out, preview)?;
        return Ok(());
    }
    let Preview { format, title, items, bytes, faults, newest, headlines, .. } = preview;
    let mut page = format!(
        "{}  {}: {items} items, {bytes} bytes, {faults} faults, newest {}\n",
        title.as_deref().unwrap_or("(no title)"),
        format.as_deref().unwrap_or("?"),
        newest.map_or("-".into(), |at| at.to_string())
    );
    headlines.iter().for_each(|headline| page.push_str(&format!("  {headline}\n")));
    write!(out, "{}", output::visible(&page))?;
    Ok(())
}
