//! `wiredesk ingest`: one cycle (`--once`), or the daemon.

use std::io;
use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::FutureExt;

use super::on_schedule::{self, Round};
use super::printer::Printer;
use super::watching::Watching;
use super::{Common, Outcome};
use crate::config::{Config, Feed};
use crate::daemon::Supervisor;
use crate::desk::Desk;
use crate::ingest::{Failure, FeedReport, Writer, cycle};
use crate::search::Spellings;
use crate::topics;

/// Threads for blocking work, beside the one that drives the network. Bounded, since tokio would go on starting new ones; not small, since
/// a host name whose DNS servers do not answer holds one up for seconds.
const BESIDE: usize = 64;
/// How long a daemon that stops waits for whoever reads its reports.
const GRACE: Duration = Duration::from_secs(1);
/// The process ends this long after it was told to stop, whatever is still at work: five seconds are promised in README.
const AT_LAST: Duration = Duration::from_millis(4_600);

/// Pull the feeds: one cycle over all of them with --once, else as a daemon, each feed at its own time.
///
/// One line a feed says what came of it. Exit code with --once: 0 every feed fine, 1 some failed, 2 nothing could run.
#[derive(Debug, clap::Args)]
pub struct Ingest {
    /// One cycle over every feed, due or not, then stop.
    #[arg(long)]
    once: bool,
    /// Only this feed; may be given several times.
    #[arg(long = "feed", value_name = "ID")]
    feeds: Vec<String>,
}

impl Ingest {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let mut config = common.config()?;
        let feeds = chosen(&mut config, &self.feeds)?;
        // before the desk is opened, which may take a while: a config that is changed meanwhile is read again
        let round = Round::of(&config, feeds);
        let runtime = runtime().context("starting the async runtime")?;
        // Listened for before the desk is opened: a stop that comes while the index catches up is not lost.
        let ended = if self.once { Outcome::Failed } else { Outcome::Done };
        let stop = runtime.block_on(async { told_to_stop() }).context("listening for signals")?;
        let stop = stop.then(async move |()| end_soon(ended));
        let desk = Desk::open(&config.data_dir)?.with_topics(topics::Settings {
            spellings: Spellings::and(&config.places),
            keep: config.keep_alerts.unwrap_or(topics::KEEP),
        });
        let printer = match self.once {
            true => Printer::of_a_cycle(common.json, round.feeds.len()),
            false => Printer::of_the_daemon(common.json),
        };
        let printer = printer.context("starting the printer's thread")?;
        let writer = Writer::start(desk).context("starting the writer's thread")?;
        let reread = || {
            let mut config = common.config()?;
            let feeds = chosen(&mut config, &self.feeds)?;
            Ok(Round::of(&config, feeds))
        };
        let outcome = runtime.block_on(async {
            if self.once {
                return once(&round, &writer, &printer, stop).await;
            }
            let supervisor = Supervisor::of(&|name| std::env::var(name).ok());
            let watching = Watching::begin(&round, &writer, supervisor.pulse()).await?;
            let told = |reports: &[FeedReport]| {
                printer.print(reports);
                reports.iter().for_each(|report| watching.note(report));
            };
            let renew = async |round: &Round| watching.renew(round, &writer).await;
            let ran = on_schedule::run(round, &writer, reread, renew, stop, &supervisor, told).await;
            let _ = tokio::join!(watching.finish(), tokio::time::timeout(GRACE, printer.drained()));
            ran.map(|()| Outcome::Done)
        });
        writer.finish();
        printer.finish();
        outcome
    }
}

/// One thread drives the network, which mostly waits; with several, each answer would have to wake another one. Documents are read, names
/// looked up and the desk written on threads beside it.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(BESIDE).build()
}

/// Takes the feeds that are to be polled out of the config.
fn chosen(config: &mut Config, wanted: &[String]) -> anyhow::Result<Vec<Feed>> {
    if let Some(unknown) = wanted.iter().find(|id| !config.feeds.iter().any(|feed| feed.id == **id)) {
        let known = config.feeds.iter().map(|feed| feed.id.as_str()).collect::<Vec<_>>().join(", ");
        bail!("choosing feed {unknown:?}: no feed of that id in the config; hint: one of {known}");
    }
    // A feed that is switched off is still polled when it is named.
    let is_chosen = |feed: &Feed| if wanted.is_empty() { feed.enabled } else { wanted.contains(&feed.id) };
    let feeds: Vec<Feed> = std::mem::take(&mut config.feeds).into_iter().filter(is_chosen).collect();
    if feeds.is_empty() {
        bail!(
            "ingesting: the config has no feeds; hint: add a [[feed]] to it, `wiredesk init` writes an example"
        );
    }
    Ok(feeds)
}

async fn once(
    round: &Round,
    writer: &Writer,
    printer: &Printer,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<Outcome> {
    let feeds: Vec<&Feed> = round.feeds.iter().collect();
    let polled = async {
        let mut is_bad = false;
        let told = |reports: Vec<FeedReport>| {
            is_bad |= reports.iter().any(FeedReport::is_bad);
            printer.print(&reports);
        };
        let polled = cycle(&feeds, &round.tools, writer, told).await;
        let followed = match polled {
            Ok(()) => writer.follow().await,
            failed => failed,
        };
        printer.drained().await;
        followed.map(|()| is_bad).map_err(fatal)
    };
    let is_bad = tokio::select! {
        is_bad = polled => is_bad?,
        () = stop => bail!("stopped before the cycle was done; what was landed is kept, the rest comes next time"),
    };
    Ok(if is_bad { Outcome::Partly } else { Outcome::Done })
}

fn fatal(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("{failure}")
}

/// Ends the process in time, whatever is still at work (a merge of index segments, a slow command that takes an alert); a second request ends
/// it at once. Nothing is lost: the next start goes on from there, as after a power cut.
fn end_soon(outcome: Outcome) {
    let end = move || {
        if let Err(error) = told_again(AT_LAST) {
            tracing::debug!(%error, "a second signal is not heard");
            std::thread::sleep(AT_LAST);
        }
        tracing::warn!("ended before all work was done; what was landed is kept, the rest goes on next time");
        std::process::exit(outcome as i32);
    };
    if let Err(error) = std::thread::Builder::new().name("end".into()).spawn(end) {
        tracing::debug!(%error, "nobody sees to it that the process ends in time");
    }
}

/// Waits until the process is asked to end once more, `at_last` at most.
fn told_again(at_last: Duration) -> io::Result<()> {
    runtime()?.block_on(async {
        let again = told_to_stop()?;
        // whichever comes first
        let _ = tokio::time::timeout(at_last, again).await;
        Ok(())
    })
}

/// Ready when the process is asked to end: Ctrl-C or SIGTERM. Listens from the moment it is made.
pub fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
