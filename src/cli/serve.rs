//! `wiredesk serve`: the desk's page and API.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use tokio::net::TcpListener;

use super::ingest::told_to_stop;
use super::{Common, Outcome, environment};
use crate::serve::{self, Door};

/// Answer over HTTP: a page for editors at `/`, an API for programs at `/api/search?q=...` and `/api/story/ID`.
///
/// Runs beside the daemon and only reads. Other machines are let in with a token alone: in $WIREDESK_TOKEN or --token-file.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8640", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// A file that holds the token that askers must send: `Authorization: Bearer TOKEN`, or as a password.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl Serve {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let token = match &self.token_file {
            Some(path) => {
                let text = std::fs::read_to_string(path);
                Some(
                    text.with_context(|| format!("reading the token in {}", path.display()))?
                        .trim()
                        .to_owned(),
                )
            }
            None => environment("WIREDESK_TOKEN"),
        };
        let door = Door::new(self.listen, token.as_deref())?;
        let data_dir = common.data_dir()?;
        let runtime = tokio::runtime::Runtime::new().context("starting the async runtime")?;
        runtime.block_on(async {
            let stop = told_to_stop().context("listening for signals")?;
            let listening = TcpListener::bind(self.listen).await;
            let listener = listening.with_context(|| {
                format!("listening on {}; hint: choose another port with --listen", self.listen)
            })?;
            announce(&listener)?;
            serve::run(listener, &data_dir, door, stop).await.context("answering over HTTP")
        })?;
        Ok(Outcome::Done)
    }
}

/// The address, on stderr: with port 0 whoever started it learns here which one it is.
fn announce(listener: &TcpListener) -> anyhow::Result<()> {
    use std::io::Write;
    let address = listener.local_addr().context("listening")?;
    Ok(writeln!(std::io::stderr(), "wiredesk: the page is at http://{address}/")?)
}
