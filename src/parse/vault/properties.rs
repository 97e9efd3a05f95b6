//! Obsidian's properties that differ from our front matter.

use crate::model::{Body, Node, Tag};
use crate::parse::front::BriefingFront;
use crate::parse::keys::{Keys, Words};
use crate::parse::name::Name;
use crate::text::fold;

impl BriefingFront {
    /// Reads properties whose meaning in Obsidian differs from ours.
    pub(in crate::parse) fn as_note(&mut self, keys: &mut Keys<'_>) {
        let aliases = std::mem::take(&mut self.aliases).into_iter();
        let aliases = aliases.chain(keys.texts("alias"));
        self.names = aliases.map(|(name, _)| name).collect();
        let tags = std::mem::take(&mut self.tags)
            .into_iter()
            .chain(words(keys.texts("tag")));
        let parted = tags.flat_map(|tags| {
            let parts = tags
                .split([',', ' '])
                .map(|tag| tag.trim_start_matches('#').to_owned());
            parts.collect::<Vec<_>>()
        });
        self.tags = parted.filter(|tag| !tag.is_empty()).collect();
        // A note with `publish: false` is a draft.
        self.is_draft |= keys.truth("publish") == Some(false);
    }

    /// Adds the tags in the text.
    pub(in crate::parse) fn tag_by(&mut self, body: &Body<Name>) {
        for item in &body.items {
            let Node::Start(Tag::Link(link)) = &item.node else {
                continue;
            };
            if let Some(tag) = link.to.text.strip_prefix("tag:")
                && !self.tags.iter().any(|known| fold(known) == fold(tag))
            {
                self.tags.push(tag.to_owned());
            }
        }
    }
}

fn words(texts: Vec<Words>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}
