//! `whosaid completions`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Cli, Exit, term};

/// Print a script that lets a shell complete commands and options
///
/// For bash: `whosaid completions bash > ~/.local/share/bash-completion/completions/whosaid`
#[derive(clap::Args)]
pub(super) struct Args {
    /// The shell that is to read the script
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "whosaid", &mut script);
    term::say(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
