//! The key `autolink` of an actor: which of its names are linked automatically.

use super::keys::Keys;
use super::tree::{Tree, TreeKind};
use crate::text::name_key;

/// The names of an actor that are linked automatically.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Autolink {
    #[default]
    All,
    None,
    /// Only these, each the name or an alias of the actor.
    Names(Vec<String>),
}

/// Reads the key, before `name` and `aliases` are taken: `true`, `false`, or a list of names.
pub(super) fn read(keys: &mut Keys<'_>) -> Autolink {
    let known: Vec<String> = ["name", "aliases"]
        .into_iter()
        .filter_map(|key| keys.peek(key))
        .flat_map(texts)
        .map(name_key)
        .collect();
    let written = keys.texts("autolink");
    match written.as_slice() {
        [] => return Autolink::All,
        [(word, _)] if matches!(word.as_str(), "true" | "yes") => return Autolink::All,
        [(word, _)] if matches!(word.as_str(), "false" | "no") => return Autolink::None,
        _ => {}
    }
    let mut names = Vec::new();
    for (name, span) in written {
        if known.contains(&name_key(&name)) {
            names.push(name);
        } else {
            let label = "neither `true`, `false`, nor the actor's name or one of its aliases";
            keys.unreadable(
                "autolink",
                span,
                label,
                "write `KEY: false`, or `KEY: [NAME]`",
            );
        }
    }
    Autolink::Names(names)
}

fn texts(tree: &Tree) -> Vec<&str> {
    let items = match &tree.kind {
        TreeKind::List(items) => items.as_slice(),
        TreeKind::Scalar { .. } | TreeKind::Null | TreeKind::Map(_) => std::slice::from_ref(tree),
    };
    let texts = items.iter().filter_map(|item| match &item.kind {
        TreeKind::Scalar { text, .. } => Some(text.as_str()),
        TreeKind::Null | TreeKind::List(_) | TreeKind::Map(_) => None,
    });
    texts.collect()
}
