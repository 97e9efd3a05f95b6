//! Which fields the templates of a page name.
//!
//! A view holds more than any one page shows, and a field costs as much whether a template reads it
//! or not. So the pages of the theme get the fields that their templates name. Templates of a book
//! get all of them, since they may go over the fields of a part, or print it to see what is there.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::TEMPLATES;

/// Names of fields, and whatever else stands in the code of some templates.
pub type Names = HashSet<&'static str, FixedState>;

/// The names in a template of the theme and in all that it extends, includes and calls.
pub fn of(template: &str) -> Option<&'static Names> {
    static NAMES: LazyLock<HashMap<&str, Names>> = LazyLock::new(all);
    NAMES.get(template)
}

fn all() -> HashMap<&'static str, Names> {
    // Where a component is, by its name, and a file, by its own.
    let mut homes = HashMap::new();
    for (file, text) in TEMPLATES {
        homes.insert(*file, *file);
        let components = code(text).filter_map(|piece| piece.split_once(" component "));
        homes.extend(components.filter_map(|(_, head)| Some((words(head).next()?, *file))));
    }
    let files: HashMap<&str, (Names, Vec<&str>)> = TEMPLATES
        .iter()
        .map(|(file, text)| {
            let names = code(text).flat_map(words).collect();
            let uses = code(text).flat_map(uses);
            let uses = uses.filter_map(|name| homes.get(name).copied());
            (*file, (names, uses.collect()))
        })
        .collect();
    let pages = TEMPLATES.iter().map(|(file, _)| *file);
    pages.map(|page| (page, reached(page, &files))).collect()
}

/// The names in a template and in all that it leads to.
fn reached(page: &'static str, files: &HashMap<&str, (Names, Vec<&'static str>)>) -> Names {
    let mut names = Names::default();
    let mut seen = BTreeSet::from([page]);
    let mut next = vec![page];
    while let Some((own, uses)) = next.pop().and_then(|file| files.get(file)) {
        names.extend(own);
        next.extend(uses.iter().copied().filter(|file| seen.insert(file)));
    }
    names
}

/// What stands between braces in a template, in pieces: a template can read by nothing else.
fn code(text: &'static str) -> impl Iterator<Item = &'static str> {
    let pieces = text.split('{').skip(1);
    let pieces = pieces.filter(|piece| !piece.starts_with('#'));
    pieces.map(|piece| {
        let ends = ["}}", "%}"].iter().filter_map(|end| piece.find(end));
        &piece[..ends.min().unwrap_or(piece.len())]
    })
}

/// The components that a piece of code may call, `<name …`, and the files that it may be of.
fn uses(piece: &'static str) -> impl Iterator<Item = &'static str> {
    let called = piece.split('<').skip(1);
    let called = called.filter_map(|call| words(call).next());
    called.chain(piece.split('"').skip(1).step_by(2))
}

fn words(piece: &'static str) -> impl Iterator<Item = &'static str> {
    piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}
