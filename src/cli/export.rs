//! `wiredesk export`: every current story that may be shown, one JSON object a line.

use std::io::{BufWriter, Write};

use anyhow::Error;
use jiff::Timestamp;

use super::{Common, Outcome, output, when};
use crate::store::{Revision, Seq, Store};

/// Stories that are written into the ledger at a time, before they are printed.
const AT_ONCE: usize = 500;
/// How stories that are printed here stand in the ledger.
const CHANNEL: &str = "export";

/// Print every current publishable story, one JSON object a line, oldest arrival first.
///
/// With --client the recall ledger knows who has what, and stories that the client has and that were taken back since come
/// first: without their copy, `publishable` false.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Only what was received since: `24h`, `3d`, `2024-04-01`, `2024-04-01T12:00Z`.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Who gets it: `website`, `archive`. Kept in the recall ledger, see `wiredesk recall --report`.
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
}

impl Export {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let now = Timestamp::now();
        if self.client.as_ref().is_some_and(|name| name.trim().is_empty()) {
            anyhow::bail!("exporting: --client names nobody; hint: a name such as website");
        }
        let since = self.since.as_deref().map(|text| when::instant(text, now)).transpose()?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let store = common.store()?;
        let ledger =
            self.client.is_some().then(|| common.data_dir().and_then(|dir| Ok(Store::open_beside(&dir)?)));
        let mut handing = Handing {
            out: &mut out,
            ledger: ledger.transpose()?,
            client: self.client,
            now,
            waiting: Vec::new(),
        };
        handing.tell_recalls(&store)?;
        store.current_items(since, |revision| handing.hand(revision))?;
        handing.print()?;
        out.flush()?;
        Ok(Outcome::Done)
    }
}

/// Prints stories, and writes down first who gets them.
struct Handing<'o> {
    out: &'o mut dyn Write,
    ledger: Option<Store>,
    client: Option<String>,
    now: Timestamp,
    waiting: Vec<Revision>,
}

impl Handing<'_> {
    fn hand(&mut self, revision: Revision) -> Result<(), Error> {
        if revision.item.publishability(self.now).is_publishable() {
            self.waiting.push(revision);
        }
        if self.waiting.len() < AT_ONCE { Ok(()) } else { self.print() }
    }

    /// What cannot be written down is not handed out.
    fn print(&mut self) -> Result<(), Error> {
        if let (Some(ledger), Some(client)) = (&mut self.ledger, &self.client) {
            let stories: Vec<(String, Seq)> =
                self.waiting.iter().map(|revision| (revision.item.id.clone(), revision.seq)).collect();
            ledger.hand_out(client, CHANNEL, &stories, self.now)?;
        }
        for revision in self.waiting.drain(..) {
            output::json_line(&mut self.out, &revision.item.told_at(self.now))?;
        }
        Ok(())
    }

    /// Word of what the client has and was taken back; said again until it is acknowledged.
    fn tell_recalls(&mut self, store: &Store) -> Result<(), Error> {
        let (Some(ledger), Some(client)) = (&mut self.ledger, &self.client) else { return Ok(()) };
        let mut told = Vec::new();
        for handout in ledger.handed_to(client)? {
            let Some(current) =
                store.current(&handout.story)?.filter(|current| current.item.is_taken_back(self.now))
            else {
                continue;
            };
            output::json_line(&mut self.out, &current.item.without_copy().told_at(self.now))?;
            told.push(handout.story);
        }
        self.out.flush()?;
        Ok(ledger.note_told(client, &told, self.now)?)
    }
}
