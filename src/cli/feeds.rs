//! `wiredesk feeds`: where each feed stands; `add`, `disable`, `enable`, `test`.

mod add;
pub mod edit;
mod list;
mod tried;

use std::io::{self, Write};

use anyhow::{Context, bail};

use super::{Common, Outcome, output};
use crate::config::Feed;

/// Show where each feed stands: when it last answered, what went wrong, when it is due. With a verb: add one, switch it off
/// and on, try it.
#[derive(Debug, clap::Args)]
pub struct Feeds {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Add(add::Add),
    /// Do not fetch it any more; its stories stay. Changes that one line of the config.
    Disable {
        /// The feed's id.
        id: String,
    },
    /// Fetch it again.
    Enable {
        /// The feed's id.
        id: String,
    },
    /// Fetch it once and show what it holds. Nothing is kept. Exit code 1 when it cannot be fetched or read.
    Test {
        /// The feed's id.
        id: String,
    },
}

impl Feeds {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        match self.verb {
            None => list::run(common),
            Some(Verb::Add(add)) => add.run(common),
            Some(Verb::Disable { id }) => switch(common, &id, false),
            Some(Verb::Enable { id }) => switch(common, &id, true),
            Some(Verb::Test { id }) => test(common, &id),
        }
    }
}

fn known<'f>(feeds: &'f [Feed], id: &str) -> anyhow::Result<&'f Feed> {
    match feeds.iter().find(|feed| feed.id == id) {
        Some(feed) => Ok(feed),
        None => {
            let ids: Vec<&str> = feeds.iter().map(|feed| feed.id.as_str()).collect();
            bail!(
                "looking for feed {id:?}: no feed of that id in the config; hint: one of {}",
                ids.join(", ")
            )
        }
    }
}

fn switch(common: &Common, id: &str, on: bool) -> anyhow::Result<Outcome> {
    let config = common.config()?;
    known(&config.feeds, id)?;
    edit::change(&config, |text| edit::switched(text, id, on))
        .with_context(|| format!("switching feed {id} {}", if on { "on" } else { "off" }))?;
    let done = if on { "enabled" } else { "disabled" };
    writeln!(
        io::stderr(),
        "{id} is {done} in {}; a running daemon follows within seconds",
        config.file.display()
    )?;
    Ok(Outcome::Done)
}

fn test(common: &Common, id: &str) -> anyhow::Result<Outcome> {
    let config = common.config()?;
    let feed = known(&config.feeds, id)?;
    let tried = tried::fetch(&feed.transport, &config.http, &feed.limits)
        .and_then(|deliveries| tried::read_all(&deliveries, feed.format.as_deref(), &feed.house));
    match tried {
        Ok(preview) => {
            tried::print(&preview, common.json)?;
            Ok(Outcome::Done)
        }
        Err(error) => {
            writeln!(io::stderr(), "wiredesk: {}", output::visible(&format!("trying {id}: {error:#}")))?;
            Ok(Outcome::Partly)
        }
    }
}
