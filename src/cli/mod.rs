//! The commands, for people and scripts.
//!
//! One file per command: an args struct whose doc comment is the help, then `run`. Arguments
//! and the environment become one settings value before work starts; nothing deeper reads
//! either. Data goes to the standard output, talk to the standard error. The exit code is 0 for
//! a clean run, 1 for mistakes of the author, 2 when the command could not do its work.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge at which the clock and the environment are read"
)]

mod book;
mod build;
mod check;
mod completions;
mod explain;
mod export;
mod host;
mod import;
mod init;
mod mdbook;
mod progress;
mod serve;
mod sites;
mod term;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version too come this way. A closed pipe is no reason to complain.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    // Whatever goes wrong inside, the caller gets a code that was promised.
    let exit = catch_unwind(AssertUnwindSafe(|| cli.command.run())).unwrap_or_else(|_| {
        Err(anyhow::anyhow!(
            "whosaid failed; this is a fault of the program and not of the book\n  = hint: \
             please report it with the message above"
        ))
    });
    match exit {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(error) => {
            term::complain(&error);
            ExitCode::from(Exit::Failed as u8)
        }
    }
}

/// Makes a site out of annotated briefings: who said what about whom, on what source, and what
/// the other side answered.
#[derive(Parser)]
#[command(
    name = "whosaid",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 clean, 1 mistakes in the book, 2 the command could not do its work."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Build(build::Args),
    Check(check::Args),
    Serve(serve::Args),
    Sites(sites::Args),
    Init(init::Args),
    Import(import::Args),
    Mdbook(mdbook::Args),
    Explain(explain::Args),
    Export(export::Args),
    Completions(completions::Args),
}

impl Command {
    fn run(self) -> anyhow::Result<Exit> {
        match self {
            Command::Build(args) => build::run(&args),
            Command::Check(args) => check::run(&args),
            Command::Serve(args) => serve::run(args),
            Command::Sites(args) => sites::run(&args),
            Command::Init(args) => init::run(&args),
            Command::Import(args) => import::run(&args),
            Command::Mdbook(args) => mdbook::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Export(args) => export::run(&args),
            Command::Completions(args) => completions::run(&args),
        }
    }
}

/// How a command ended. A failure of the machine is an error instead, and exits like `Failed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Clean = 0,
    Mistakes = 1,
    Failed = 2,
}

#[cfg(test)]
mod tests;
