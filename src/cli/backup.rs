//! `wiredesk backup` and `wiredesk restore`.

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;

use super::output;
use super::{Common, Outcome};
use crate::upkeep::{self, Manifest};

/// Copy the desk into a new folder, also while the daemon runs: one moment of store and topics, checked and on the disk.
///
/// A manifest lists every file with its SHA-256. Index and threads are not in it: `wiredesk restore` makes them anew.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The folder to write; it must be empty or not there.
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

/// Make the desk from a backup, after checking every file of it.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The folder of the backup.
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// Replace the desk that is in the data folder.
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let made = upkeep::backup(&common.data_dir()?, &self.to, Timestamp::now())?;
        print(common, &made, "backed up to", &self.to)
    }
}

impl Restore {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let data_dir = common.data_dir()?;
        let used = upkeep::restore(&data_dir, &self.from, self.force)?;
        print(common, &used, "restored into", &data_dir)
    }
}

fn print(common: &Common, manifest: &Manifest, done: &str, dir: &std::path::Path) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout().lock();
    if common.json {
        output::json_line(&mut out, manifest)?;
        return Ok(Outcome::Done);
    }
    let bytes: u64 = manifest.files.iter().map(|file| file.size).sum();
    let files = match manifest.files.len() {
        1 => "1 file".to_owned(),
        many => format!("{many} files"),
    };
    let Manifest { made, last_seq, .. } = manifest;
    let said = format!("{done} {}: {files}, {bytes} bytes, revision {last_seq}, made {made}", dir.display());
    writeln!(out, "{}", output::visible(&said))?;
    Ok(Outcome::Done)
}
