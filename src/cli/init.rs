//! `wiredesk init`: a first config file, every key with a comment.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;

use super::{Common, Outcome};
use crate::config::EXAMPLE;

/// Write a commented wiredesk.toml to begin with.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// Where to write it; an existing file is left alone.
    #[arg(value_name = "FILE", default_value = "wiredesk.toml")]
    file: PathBuf,
}

impl Init {
    pub fn run(self, _common: &Common) -> anyhow::Result<Outcome> {
        let file = self.file.display();
        let opened = OpenOptions::new().write(true).create_new(true).open(&self.file);
        if opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists) {
            anyhow::bail!("writing {file}: it is there already, and never replaced; hint: name another file");
        }
        let mut target = opened.with_context(|| format!("writing {file}"))?;
        target.write_all(EXAMPLE.as_bytes()).with_context(|| format!("writing {file}"))?;
        writeln!(
            io::stderr(),
            "wrote {file}: edit the feeds, then run `wiredesk check` and `wiredesk ingest --once`"
        )?;
        Ok(Outcome::Done)
    }
}
