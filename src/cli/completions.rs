//! `wiredesk completions` and `wiredesk man`: made from the same definitions as `--help`.

use std::io;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Common, Outcome};

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell to complete for.
    shell: Shell,
}

impl Completions {
    pub fn run(self, _common: &Common) -> anyhow::Result<Outcome> {
        // clap_complete panics when its writer fails, so it writes to memory first.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "wiredesk", &mut script);
        io::Write::write_all(&mut io::stdout(), &script)?;
        Ok(Outcome::Done)
    }
}

/// Print the man page, of wiredesk or of one command.
#[derive(Debug, clap::Args)]
pub struct Man {
    /// The command to describe: `search`, `ingest` ...
    command: Option<String>,
}

impl Man {
    pub fn run(self, _common: &Common) -> anyhow::Result<Outcome> {
        let mut page = Cli::command();
        page.build();
        if let Some(name) = &self.command {
            page = of_command(&page, name)?;
        }
        let program = concat!("wiredesk ", env!("CARGO_PKG_VERSION"));
        clap_mangen::Man::new(page).source(program).render(&mut io::stdout())?;
        Ok(Outcome::Done)
    }
}

fn of_command(program: &Command, name: &str) -> anyhow::Result<Command> {
    let known = program.get_subcommands().map(Command::get_name).collect::<Vec<_>>().join(", ");
    let found = program.find_subcommand(name).cloned();
    found.ok_or_else(|| {
        anyhow::anyhow!("printing the man page of {name:?}: no such command; hint: one of {known}")
    })
}
