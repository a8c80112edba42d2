//! `wiredesk doctor`: is the desk whole?

use std::io::Write;

use super::output;
use super::{Common, Outcome};
use crate::store::Store;
use crate::upkeep::{self, Part, State};

/// Check store, raw deliveries, index, threads and topics against each other, and mend what can be mended.
///
/// Index and threads are made anew from the store; what only the store has comes from a backup (`wiredesk restore`). Exit code:
/// 0 all is well or was mended, 1 something is wrong that is not mended, 2 there is no desk to check. With another
/// wiredesk at work here everything is checked and nothing mended.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// Only look: mend nothing.
    #[arg(long)]
    check: bool,
    /// Mend what can be mended, which is also what happens without it.
    #[arg(long, conflicts_with = "check")]
    repair: bool,
    /// Go on with what is left of a store that has lost its end; a backup would bring back more.
    #[arg(long, conflicts_with = "check")]
    accept_loss: bool,
}

impl Doctor {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let data_dir = common.data_dir()?;
        if self.accept_loss {
            Store::accept_loss(&data_dir)?;
        }
        let parts = upkeep::examine(&data_dir, !self.check)?;
        let mut out = anstream::stdout().lock();
        for part in &parts {
            match common.json {
                true => output::json_line(&mut out, part)?,
                false => write!(out, "{}", output::visible(&lines(part)))?,
            }
        }
        let is_wrong = parts.iter().any(|part| part.state == State::Wrong);
        Ok(if is_wrong { Outcome::Partly } else { Outcome::Done })
    }
}

fn lines(part: &Part) -> String {
    let word = match part.state {
        State::Ok => "ok",
        State::Mended => "mended",
        State::Wrong => "WRONG",
    };
    let mut lines = format!("{:<9}{word:<8}{}\n", part.part, part.said);
    for found in &part.found {
        lines.push_str(&format!("{:<17}{found}\n", ""));
    }
    if part.state == State::Wrong {
        let remedy = if part.can_be_mended {
            "`wiredesk doctor` mends it when no other wiredesk is at work here"
        } else {
            "restore a backup: `wiredesk restore DIR --force`"
        };
        lines.push_str(&format!("{:<17}hint: {remedy}\n", ""));
    }
    lines
}
