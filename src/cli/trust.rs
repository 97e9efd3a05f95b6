//! `whosaid trust`.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{Exit, book, term};
use crate::config::Config;
use crate::disk;
use crate::mdbook::{Consent, Program, TrustStore, visible};

/// Give a book permission to run its preprocessors
///
/// A preprocessor is a program that `book.toml` names. This shows the command line of each and
/// the files of the book that it runs, and asks. The answer is kept in your own configuration
/// folder, never in the book. When the command line, its settings or one of these files changes,
/// the permission ends, and you have to run this command again.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the book, which contains `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Answer yes to the question, for scripts
    #[arg(long, conflicts_with_all = ["list", "revoke"])]
    yes: bool,
    /// List all permissions and change none
    #[arg(long, conflicts_with = "revoke")]
    list: bool,
    /// Remove the permissions of the book in DIR
    #[arg(long)]
    revoke: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let store = store().context(
        "no configuration folder for permissions\n  = hint: set `HOME` or `XDG_CONFIG_HOME` to \
         the absolute path of a folder",
    )?;
    if args.list {
        return list(&store);
    }
    if args.revoke {
        let revoked = store.revoke(&args.dir).context("permissions")?;
        term::say(&match revoked {
            0 => "this book had no permission\n".to_owned(),
            1 => "removed 1 permission\n".to_owned(),
            some => format!("removed {some} permissions\n"),
        })?;
        return Ok(Exit::Clean);
    }
    let overrides = book::overrides(env::vars_os());
    let (root, config, _) = disk::book(&args.dir, &overrides)?;
    let wanted = config.wanted_plugins();
    let programs: Vec<Program> = wanted.map(|plugin| Program::of(&root, plugin)).collect();
    if programs.is_empty() {
        term::say("this book has no preprocessors to run\n")?;
        return Ok(Exit::Clean);
    }
    term::say(&format!(
        "`{}` asks to run these programs, with your rights and at each build:\n",
        visible(&root.display().to_string())
    ))?;
    for program in &programs {
        term::say(&described(program))?;
    }
    if let Some(program) = programs.iter().find(|program| program.obstacle.is_some()) {
        bail!(
            "cannot trust the preprocessor `{}`: {}",
            visible(&program.name),
            visible(program.obstacle.as_deref().unwrap_or_default())
        );
    }
    if !args.yes && !agrees()? {
        term::say("no permission was given\n")?;
        return Ok(Exit::Mistakes);
    }
    store
        .trust(&root, &programs)
        .context("cannot store the permission")?;
    term::say(&match programs.len() {
        1 => "trusted 1 preprocessor\n".to_owned(),
        some => format!("trusted {some} preprocessors\n"),
    })?;
    Ok(Exit::Clean)
}

fn list(store: &TrustStore) -> anyhow::Result<Exit> {
    let grants = store.grants().context("cannot read the permissions")?;
    for grant in grants {
        term::say(&visible(&format!(
            "{}: {}: {}",
            grant.book, grant.name, grant.command
        )))?;
        term::say("\n")?;
    }
    Ok(Exit::Clean)
}

/// Describes a program, with one line for each part.
fn described(program: &Program) -> String {
    let mut lines = format!(
        "\npreprocessor {}\n  command: {}\n",
        visible(&program.name),
        visible(&program.command)
    );
    let executable = match &program.executable {
        Some(file) => visible(&file.display().to_string()),
        None => "not installed".to_owned(),
    };
    lines += &format!("  program: {executable}\n");
    for (file, hash) in &program.files {
        lines += &format!("  file of the book: {} (SHA-256 {hash})\n", visible(file));
    }
    if program.settings != "{}" {
        lines += &format!("  settings: {}\n", visible(&program.settings));
    }
    lines
}

/// Asks the user on the terminal.
fn agrees() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!(
            "cannot ask for permission: standard input is not a terminal\n  = hint: read the \
             list above and give permission with `--yes`"
        );
    }
    term::talk(
        "\nRun these programs? Other files of the book that they read are not checked. [y/N] ",
    );
    io::stderr().flush().ok();
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .context("cannot read the answer")?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
}

/// Returns the programs that a run may start: all with `--allow-plugins`, otherwise those that the
/// user trusts.
pub(super) fn consent(root: &Path, config: &Config, allow_all: bool) -> Consent {
    if allow_all {
        Consent::for_all(root, config)
    } else {
        Consent::from_store(store().as_ref(), root, config)
    }
}

/// Returns the user's permissions, from the platform's configuration folder.
fn store() -> Option<TrustStore> {
    // The XDG specification says to ignore relative paths; one could lead into the book.
    let absolute = |name: &str| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| {
        if cfg!(windows) {
            absolute("APPDATA")
        } else if cfg!(target_os = "macos") {
            Some(absolute("HOME")?.join("Library/Application Support"))
        } else {
            Some(absolute("HOME")?.join(".config"))
        }
    })?;
    Some(TrustStore::new(folder.join("whosaid").join("trust")))
}
