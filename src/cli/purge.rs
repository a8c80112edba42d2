//! `wiredesk purge`: a story removed for good.

use std::io::Write;

use anyhow::bail;
use jiff::Timestamp;

use super::{Common, Outcome};
use crate::desk::Desk;

/// Remove a story for good: every revision, the bytes it arrived in, its place in the index. A tombstone stays.
///
/// The raw deliveries that held it go as a whole, their other stories stay readable. The same story never comes back. Writes
/// the store's file anew, so it takes a while on a large desk, and no other wiredesk may be at work on it.
#[derive(Debug, clap::Args)]
pub struct Purge {
    /// The story's id, or the provider's guid.
    id: String,
    /// Why, for the record: it stands on the tombstone.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Purge {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let data_dir = common.data_dir()?;
        let store = common.store()?;
        let found = store.find(&self.id)?;
        let [story] = found.as_slice() else {
            bail!("purging {:?}: {}", self.id, super::named_by(found.len()));
        };
        let id = story.item.id.clone();
        if let Some(stone) = store.tombstone(&id)?.filter(|stone| !stone.fades) {
            bail!("purging {id}: it was removed {} already ({})", stone.at, stone.reason);
        }
        drop((found, store));
        Desk::purge(&data_dir, std::slice::from_ref(&id), &self.reason, Timestamp::now())?;
        writeln!(std::io::stderr(), "{id} is removed for good")?;
        Ok(Outcome::Done)
    }
}
