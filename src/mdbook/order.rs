//! The order of preprocessors.

use std::collections::BTreeSet;

use crate::config::Plugin;

/// One step of preprocessing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Turn<'a> {
    /// `README.md` becomes the index of its folder: mdBook's preprocessor `index`.
    Index,
    /// Includes are expanded: mdBook's preprocessor `links`.
    Links,
    Plugin(&'a Plugin),
}

impl Turn<'_> {
    fn name(&self) -> &str {
        match self {
            Turn::Index => "index",
            Turn::Links => "links",
            Turn::Plugin(plugin) => &plugin.name,
        }
    }
}

/// Returns the steps in mdBook's order: first those that depend on no other one, by name, then the
/// others. An unknown name in `before` or `after` has no effect.
///
/// # Errors
/// Returns the preprocessors that form a cycle.
pub(super) fn turns<'a>(plugins: &[&'a Plugin]) -> Result<Vec<Turn<'a>>, Vec<&'a Plugin>> {
    let mut waiting: Vec<Turn<'a>> = vec![Turn::Index, Turn::Links];
    waiting.extend(plugins.iter().map(|plugin| Turn::Plugin(plugin)));
    let mut links: BTreeSet<(&str, &str)> = BTreeSet::new();
    for plugin in plugins {
        let before = plugin.before.iter().map(|other| (&*plugin.name, &**other));
        let after = plugin.after.iter().map(|other| (&**other, &*plugin.name));
        links.extend(before.chain(after));
    }
    let mut turns = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let left: BTreeSet<String> = waiting.iter().map(|it| it.name().to_owned()).collect();
        let waits = |turn: &Turn<'_>| {
            let mut links = links.iter();
            links.any(|(first, then)| *then == turn.name() && left.contains(*first))
        };
        let (kept, mut free): (Vec<_>, Vec<_>) = waiting.into_iter().partition(waits);
        if free.is_empty() {
            let plugin = |turn: Turn<'a>| match turn {
                Turn::Plugin(plugin) => Some(plugin),
                Turn::Index | Turn::Links => None,
            };
            return Err(kept.into_iter().filter_map(plugin).collect());
        }
        free.sort_by(|a, b| a.name().cmp(b.name()));
        turns.append(&mut free);
        waiting = kept;
    }
    Ok(turns)
}
