//! What was typed, what is printed: one file a command.

mod backup;
mod changed;
mod check;
mod completions;
mod doctor;
mod doubts;
mod explain;
mod export;
mod feeds;
mod history;
mod ingest;
mod init;
mod like;
mod on_schedule;
mod opml;
mod output;
mod parse;
mod printer;
mod purge;
mod recall;
mod reindex;
mod search;
mod serve;
mod show;
mod status;
mod thread;
mod topics;
mod typed;
mod watch;
mod watching;
mod when;

use std::cell::OnceCell;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{self, Config, Overrides};
use crate::desk::{Desk, Reader};
use crate::search::Spellings;
use crate::store::Store;

/// How a command ended: the process's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0: done; hits were found; every feed was fine.
    Done = 0,
    /// 1: nothing found; some inputs or feeds failed.
    Partly = 1,
    /// 2: could not work at all.
    Failed = 2,
}

/// The wire desk in one program.
#[derive(Debug, Parser)]
#[command(name = "wiredesk", version, about, max_term_width = 100, propagate_version = true)]
#[command(
    long_about = "wiredesk pulls newswires (RSS, Atom, JSON Feed, NewsML-G2, NITF) on a schedule, keeps every version, \
reads headline, byline, dateline and captions, and answers a topic with ranked stories."
)]
#[command(
    after_help = "Begin with `wiredesk init`, then `wiredesk ingest --once`, then `wiredesk search Rafah`."
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Common {
    /// The config file. Without it: $WIREDESK_CONFIG, ./wiredesk.toml, then the user's config folder.
    #[arg(long, short, global = true, value_name = "FILE", help_heading = "Everywhere")]
    config: Option<PathBuf>,
    /// Where stories are kept; wins over $WIREDESK_DATA_DIR and the config file.
    #[arg(long, short = 'd', global = true, value_name = "DIR", help_heading = "Everywhere")]
    data_dir: Option<PathBuf>,
    /// One JSON object a line, also on a terminal.
    #[arg(long, global = true, help_heading = "Everywhere")]
    json: bool,
    /// What to log on stderr, as a tracing filter: `warn`, `info`, `wiredesk=debug`; `json` or `json,info`: one JSON object a line.
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        env = "WIREDESK_LOG",
        default_value = "warn",
        help_heading = "Everywhere"
    )]
    log: String,
    /// The config as it was when somebody first asked for a part of it.
    #[arg(skip)]
    known: OnceCell<Config>,
}

/// One row a command; each has its own file.
#[derive(Debug, Subcommand)]
enum Command {
    Ingest(ingest::Ingest),
    Search(search::Search),
    Like(like::Like),
    Show(show::Show),
    Export(export::Export),
    Thread(thread::Thread),
    Recall(recall::Recall),
    Purge(purge::Purge),
    Parse(parse::Parse),
    Topics(topics::Topics),
    Watch(watch::Watch),
    Serve(serve::Serve),
    Feeds(feeds::Feeds),
    Status(status::Status),
    Opml(opml::Opml),
    Check(check::Check),
    Init(init::Init),
    Reindex(reindex::Reindex),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Completions(completions::Completions),
    Man(completions::Man),
}

impl Common {
    fn config(&self) -> anyhow::Result<Config> {
        let overrides = Overrides { config: self.config.clone(), data_dir: self.data_dir.clone() };
        Ok(config::load(&overrides, &environment)?)
    }

    /// The same, read once: for a command that answers and ends.
    fn known(&self) -> anyhow::Result<&Config> {
        match self.known.get() {
            Some(known) => Ok(known),
            None => self.config().map(|config| self.known.get_or_init(|| config)),
        }
    }

    /// Where the stories are. Reading them needs no config file when the folder is named.
    fn data_dir(&self) -> anyhow::Result<PathBuf> {
        let named = self.data_dir.clone().or_else(|| environment("WIREDESK_DATA_DIR").map(PathBuf::from));
        named.map_or_else(|| Ok(self.known()?.data_dir.clone()), Ok)
    }

    /// The spellings of places, with those of the config file, if there is one.
    fn spellings(&self) -> Arc<Spellings> {
        self.known().map_or_else(|_| Spellings::built_in(), |config| Spellings::and(&config.places))
    }

    /// The store alone, for reading.
    fn store(&self) -> anyhow::Result<Store> {
        Ok(Store::open_read_only(&self.data_dir()?)?)
    }

    /// Store and index, for reading.
    fn reader(&self) -> anyhow::Result<Reader> {
        Ok(Desk::read_only(&self.data_dir()?)?)
    }
}

/// What is wrong with a name that `count` stories go by, when it is not one.
fn named_by(count: usize) -> String {
    match count {
        0 => "no story goes by that; hint: search for it, its id is in each hit".into(),
        many => format!("{many} stories go by that; hint: give the whole id"),
    }
}

/// A count on the command line.
fn at_least_one(text: &str) -> Result<usize, String> {
    let count: usize = text.parse().map_err(|_| "expected a number such as 10".to_owned())?;
    if count == 0 { Err("expected 1 or more".into()) } else { Ok(count) }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Runs the program: parses `args`, runs the command, prints at most one error, answers with the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = Cli::command();
    let args = typed::set_apart(args, &long_flags(&command));
    let cli = match command.try_get_matches_from(args).and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    start_logging(&cli.common.log);
    match dispatch(cli) {
        Ok(outcome) => ExitCode::from(outcome as u8),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell when stderr itself is gone.
            let _ = writeln!(io::stderr(), "wiredesk: {}", output::visible(&format!("{error:#}")));
            ExitCode::from(Outcome::Failed as u8)
        }
    }
}

/// The names of all flags, of the program and its commands.
fn long_flags(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_owned);
    let deeper = command.get_subcommands().flat_map(long_flags);
    own.chain(deeper).chain(["help".into(), "version".into()]).collect()
}

fn dispatch(cli: Cli) -> anyhow::Result<Outcome> {
    let Cli { common, command } = cli;
    match command {
        Command::Ingest(command) => command.run(&common),
        Command::Search(command) => command.run(&common),
        Command::Like(command) => command.run(&common),
        Command::Show(command) => command.run(&common),
        Command::Export(command) => command.run(&common),
        Command::Thread(command) => command.run(&common),
        Command::Recall(command) => command.run(&common),
        Command::Purge(command) => command.run(&common),
        Command::Parse(command) => command.run(&common),
        Command::Topics(command) => command.run(&common),
        Command::Watch(command) => command.run(&common),
        Command::Serve(command) => command.run(&common),
        Command::Feeds(command) => command.run(&common),
        Command::Status(command) => command.run(&common),
        Command::Opml(command) => command.run(&common),
        Command::Check(command) => command.run(&common),
        Command::Init(command) => command.run(&common),
        Command::Reindex(command) => command.run(&common),
        Command::Doctor(command) => command.run(&common),
        Command::Backup(command) => command.run(&common),
        Command::Restore(command) => command.run(&common),
        Command::Completions(command) => command.run(&common),
        Command::Man(command) => command.run(&common),
    }
}

/// `--help` and `--version` are answers (0); a mistyped command line is not (2).
fn usage(error: &clap::Error) -> ExitCode {
    // As above: a closed stream leaves nobody to tell.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { Outcome::Failed } else { Outcome::Done } as u8)
}

/// Logs are talk: stderr, one line an event, coloured on a terminal only, as JSON with `json` or `json,FILTER`. A filter that cannot be read falls back
/// to `warn`.
fn start_logging(filter: &str) {
    use tracing_subscriber::EnvFilter;
    let (json, words): (Vec<&str>, Vec<&str>) = filter.split(',').partition(|word| word.trim() == "json");
    let filter = Some(words.join(",")).filter(|filter| !filter.is_empty()).unwrap_or_else(|| "warn".into());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"));
    let is_shown = io::stderr().is_terminal() && environment("NO_COLOR").is_none_or(|value| value.is_empty());
    let logger =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(is_shown);
    // Fails only when a logger is set already, as when tests call `run` twice.
    let _ = if json.is_empty() { logger.try_init() } else { logger.json().try_init() };
}
