//! `whosaid completions`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Cli, Exit, term};

/// Print a shell completion script
#[derive(clap::Args)]
pub(super) struct Args {
    /// The shell that reads the script
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "whosaid", &mut script);
    term::say(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
