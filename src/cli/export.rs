//! `wiredesk export`: every current story that may be shown, one JSON object a line.

use std::io::{BufWriter, Write};

use anyhow::Error;
use jiff::Timestamp;

use super::{Common, Outcome, output, when};

/// Print every current publishable story, one JSON object a line, oldest arrival first.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Only what was received since: `24h`, `3d`, `2024-04-01`, `2024-04-01T12:00Z`.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
}

impl Export {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let now = Timestamp::now();
        let since = self.since.as_deref().map(|text| when::instant(text, now)).transpose()?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        common.store()?.current_items(since, |revision| {
            let told = revision.item.told_at(now);
            if told.publishable {
                output::json_line(&mut out, &told)?;
            }
            Ok::<(), Error>(())
        })?;
        out.flush()?;
        Ok(Outcome::Done)
    }
}
