//! `wiredesk check`: the config as it was understood.

use std::io::Write;

use super::output;
use super::{Common, Outcome};
use crate::config;

/// Read the config, and say how it was understood. Nothing is fetched.
#[derive(Debug, clap::Args)]
pub struct Check {}

impl Check {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let config = common.config()?;
        let mut out = anstream::stdout().lock();
        write!(out, "{}", output::visible(&config::describe(&config)))?;
        Ok(Outcome::Done)
    }
}
