//! The files of the theme that are published with a book.

use super::book_files::{Assets, Contents};
use super::fixed;
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath};
use crate::theme;

/// Returns the theme files of a book: those of the search page only if it has one.
pub(super) fn of(config: &Config) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let has_search = config.search;
    let files = theme::STATIC.iter();
    files.filter(move |(name, _)| has_search || !name.starts_with("search."))
}

/// Reports the files of the book that have the address of a theme file.
pub(super) fn replaced(config: &Config, contents: &Contents, assets: &Assets) -> Vec<Diagnostic> {
    let names = of(config).map(|(name, _)| *name);
    names
        .filter(|name| assets.copied.contains_key(&fixed(name)))
        .map(|name| taken(&contents.source, name))
        .collect()
}

fn taken(source: &SitePath, name: &str) -> Diagnostic {
    let place = Place::whole(&fixed(name).within(source));
    let message = format!("duplicate address: the file `{name}` and a file of the theme");
    Diagnostic::new(Code::DuplicateAddress, place, message)
        .label("this file of the book")
        .hint(format!(
            "move it to `static/{name}` to replace the file of the theme, or rename it"
        ))
}
