//! The commands.
//!
//! One file per command: an args struct whose doc comment is the help text, and `run`. Only this
//! room reads arguments and the environment. Data goes to standard output, messages to standard
//! error. The exit code is 0 for success, 1 for errors in the book, 2 if the command could not run.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge at which the clock and the environment are read"
)]

mod book;
mod build;
mod check;
mod completions;
mod diff;
mod explain;
mod export;
mod host;
mod import;
mod init;
mod mdbook;
mod progress;
mod resources;
mod serve;
mod sites;
mod term;
mod trust;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs the command in the process arguments.
pub fn main() -> ExitCode {
    resources::watch_memory();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are also printed here. A closed pipe is not an error.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    // After a panic, too, the exit code is a documented one.
    let exit = resources::prepare().and_then(|()| {
        catch_unwind(AssertUnwindSafe(|| cli.command.run()))
            .unwrap_or_else(|_| Err(resources::after_panic()))
    });
    match exit {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(error) => {
            term::complain(&error);
            ExitCode::from(Exit::Failed as u8)
        }
    }
}

/// Builds a site from annotated briefings: who said what about whom, on what source, and what the
/// other side answered.
#[derive(Parser)]
#[command(
    name = "whosaid",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 success, 1 errors in the book, 2 the command failed."
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
    Trust(trust::Args),
    Init(init::Args),
    Import(import::Args),
    Mdbook(mdbook::Args),
    Explain(explain::Args),
    Export(export::Args),
    Diff(diff::Args),
    Completions(completions::Args),
}

impl Command {
    fn run(self) -> anyhow::Result<Exit> {
        match self {
            Command::Build(args) => build::run(&args),
            Command::Check(args) => check::run(&args),
            Command::Serve(args) => serve::run(args),
            Command::Sites(args) => sites::run(&args),
            Command::Trust(args) => trust::run(&args),
            Command::Init(args) => init::run(&args),
            Command::Import(args) => import::run(&args),
            Command::Mdbook(args) => mdbook::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Export(args) => export::run(&args),
            Command::Diff(args) => diff::run(&args),
            Command::Completions(args) => completions::run(&args),
        }
    }
}

/// The exit status of a command. A system failure is an error instead, and exits like `Failed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Clean = 0,
    Mistakes = 1,
    Failed = 2,
}

#[cfg(test)]
mod tests;
