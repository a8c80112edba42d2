//! `wiredesk reindex`: the index made anew from the store.

use std::io::{self, Write};

use super::{Common, Outcome};
use crate::desk::Desk;

/// Delete the search index and build it anew from the store, with the same answers.
#[derive(Debug, clap::Args)]
pub struct Reindex {}

impl Reindex {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let data_dir = common.data_dir()?;
        let position = Desk::reindex(&data_dir)?;
        writeln!(io::stderr(), "the index follows the store up to revision {position}")?;
        Ok(Outcome::Done)
    }
}
