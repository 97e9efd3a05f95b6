//! Mentions of other sites: `[[nato:claim:exch-mss]]`.

use std::collections::HashMap;

use super::Linker;
use crate::diag::{Code, Diagnostic};
use crate::model::{Elsewhere, EntryKind, Id, Target};
use crate::parse::{Draft, How, Name};
use crate::text::{fold, name_key, nearest};

/// The entries of all inventories, by the names in mentions.
#[derive(Default)]
pub struct Neighbors<'a> {
    /// By the book's name for the site.
    sites: HashMap<&'a str, Site<'a>>,
    /// The entries that are already used.
    admitted: HashMap<(&'a str, EntryKind, &'a str), Id<Elsewhere>>,
}

#[derive(Default)]
struct Site<'a> {
    ids: HashMap<String, Vec<&'a Elsewhere>>,
    titles: HashMap<String, Vec<&'a Elsewhere>>,
    /// True if its inventory was reported as missing or invalid.
    is_told: bool,
}

impl<'a> Linker<'a> {
    /// Creates the index, and connects actors with entries that share an external id.
    pub(super) fn neighbors(&mut self) {
        for inventory in self.book.sites {
            let site = self.neighbors.sites.entry(&inventory.name).or_default();
            site.is_told = !inventory.diagnostics.is_empty();
            for entry in &inventory.entries {
                site.ids.entry(fold(&entry.id)).or_default().push(entry);
                site.titles
                    .entry(name_key(&entry.title))
                    .or_default()
                    .push(entry);
            }
        }
        let actors = self.book.sites.iter().flat_map(|site| &site.entries);
        let actors = actors.filter(|entry| entry.kind == EntryKind::Actor);
        let mut by_id: HashMap<&str, Vec<&'a Elsewhere>> = HashMap::new();
        for entry in actors {
            let ids = [&entry.wikidata, &entry.attack_id].into_iter().flatten();
            for id in ids {
                by_id.entry(id).or_default().push(entry);
            }
        }
        let ids: Vec<_> = self.parts.actors.ids().collect();
        for id in ids {
            let actor = &self.parts.actors[id];
            let shared = [&actor.wikidata, &actor.attack_id].into_iter().flatten();
            let found = shared.flat_map(|id| by_id.get(id.as_str())).flatten();
            let found: Vec<&'a Elsewhere> = found.copied().collect();
            for entry in found {
                let other = self.admit_elsewhere(entry);
                let also_on = &mut self.parts.actors.get_mut(id).also_on;
                if !also_on.contains(&other) {
                    also_on.push(other);
                }
            }
        }
    }

    fn admit_elsewhere(&mut self, entry: &'a Elsewhere) -> Id<Elsewhere> {
        let key = (entry.site.as_str(), entry.kind, entry.id.as_str());
        let parts = &mut self.parts;
        let admitted = self.neighbors.admitted.entry(key);
        *admitted.or_insert_with(|| parts.elsewhere.admit(entry.clone()))
    }

    /// Returns the target of a mention with the name of another site as prefix; `None` for other
    /// mentions, and `Some(None)` if the site has no such entry.
    pub(super) fn mention_elsewhere(
        &mut self,
        draft: &Draft,
        to: &Name,
    ) -> Option<Option<(Target, Option<Box<str>>)>> {
        let (site_name, rest) = to.text.split_once(':')?;
        let site = self.neighbors.sites.get(site_name.trim())?;
        let (kind, wanted) = match rest.split_once(':') {
            Some((kind, id)) if EntryKind::parse(kind.trim()).is_some() => {
                (EntryKind::parse(kind.trim()), id.trim())
            }
            Some(_) | None => (None, rest.trim()),
        };
        let of_kind = |found: &Vec<&'a Elsewhere>| -> Vec<&'a Elsewhere> {
            let found = found.iter().copied();
            let found = found.filter(|entry| kind.is_none_or(|kind| entry.kind == kind));
            found.collect()
        };
        let by_id = site.ids.get(&fold(wanted)).map(of_kind).unwrap_or_default();
        let is_id = !by_id.is_empty();
        let found = if is_id {
            by_id
        } else {
            site.titles
                .get(&name_key(wanted))
                .map(of_kind)
                .unwrap_or_default()
        };
        let place = draft.place(to.span);
        match found.as_slice() {
            [entry] => {
                let has_text = matches!(to.how, How::Mention { has_text: true, .. });
                let shown = if has_text {
                    None
                } else if is_id {
                    Some(entry.title.trim_end_matches('.').into())
                } else {
                    Some(wanted.into())
                };
                let entry = self.admit_elsewhere(entry);
                let fragment = to.fragment.clone();
                Some(Some((Target::Elsewhere { entry, fragment }, shown)))
            }
            // The entry may exist, but the inventory cannot be read.
            [] if site.is_told => Some(None),
            [] => {
                let mut ids: Vec<&str> = site.ids.keys().map(String::as_str).collect();
                // Sorted, because the order of a hash map must not affect the hint.
                ids.sort_unstable();
                let hint = match nearest(wanted, ids) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "update the inventory with `whosaid sites update`".to_owned(),
                };
                let what = kind.map_or("page", EntryKind::word);
                let message = format!("unknown {what} `{wanted}` of the site `{site_name}`");
                self.diagnostics.push(
                    Diagnostic::new(Code::UnknownPage, place, message)
                        .label("not in the inventory of the site")
                        .hint(hint),
                );
                Some(None)
            }
            many => {
                let choices = many.iter();
                let choices = choices
                    .map(|entry| format!("`{site_name}:{}:{}`", entry.kind.word(), entry.id));
                let mut choices: Vec<String> = choices.collect();
                choices.sort();
                let message = format!("ambiguous name `{}` with {} matches", to.text, many.len());
                self.diagnostics.push(
                    Diagnostic::new(Code::AmbiguousName, place, message)
                        .label(format!(
                            "the site `{site_name}` has several entries with this name"
                        ))
                        .hint(format!("write one of: {}", choices.join(", "))),
                );
                Some(None)
            }
        }
    }
}
