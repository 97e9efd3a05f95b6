//! `whosaid explain`.

use std::fmt::Write as _;

use anyhow::bail;

use super::{Exit, term};
use crate::diag::{self, Code, Level};
use crate::text::nearest;

/// Print the manual's description of a diagnostic
///
/// Each description explains the problem, why it matters and how to correct it, with an example
/// book that has the problem and one that does not.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A code such as WS006, in any case, or its name, such as ambiguous-name
    #[arg(value_name = "CODE", required_unless_present = "list")]
    code: Option<String>,
    /// List all codes with their names, levels and subjects
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let text = match &args.code {
        None => list(),
        Some(word) => match Code::find(word) {
            Some(code) => format!("{}\n", diag::explain(code)),
            None => bail!("{}", unknown(word)),
        },
    };
    term::say(&text)?;
    Ok(Exit::Clean)
}

/// Returns all codes, one per line.
pub(super) fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max();
    let width = width.unwrap_or(0);
    let mut list = String::new();
    for code in Code::ALL {
        let level = match code.level() {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Allow => "allow",
        };
        let (name, title) = (code.name(), code.title());
        writeln!(list, "{code}  {name:width$}  {level:5}  {title}").expect("a text takes all");
    }
    list
}

/// Returns the message for an unknown code.
pub(super) fn unknown(word: &str) -> String {
    let ids = Code::ALL.iter().map(|code| code.id());
    let names = Code::ALL.iter().map(|code| code.name());
    let near = nearest(word, ids.chain(names)).and_then(Code::find);
    let hint = match near {
        Some(code) => format!("did you mean `{code}` ({})?", code.name()),
        None => "list all codes with `whosaid explain --list`".to_owned(),
    };
    format!(
        "unknown code or name `{}`\n  = hint: {hint}",
        word.escape_debug()
    )
}
