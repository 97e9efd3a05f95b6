//! Checks whose document a citation is.

use std::collections::BTreeMap;

use super::Linker;
use super::names::Names;
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Id, Mark, MarkRole, SiteParts, Source};
use crate::parse::Draft;
use crate::text::Place;

impl Linker<'_> {
    /// Reports a citation group that has the document of one party and also applies to a mark of
    /// another party, because there is no citation between the two.
    pub fn check_groups(&mut self, draft: &Draft, marks: &[Mark], names: &Names<'_>) {
        let parties = |number: usize| match &marks[number].role {
            MarkRole::Position { stance, by, .. } if !stance.is_second_hand() => by.as_slice(),
            MarkRole::Position { .. } | MarkRole::Event(_) | MarkRole::Later => &[],
        };
        let mut served: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, raw) in draft.marks.iter().enumerate() {
            if let (Some(group), None) = (raw.cites.first(), &raw.attrs.src) {
                served.entry(*group).or_default().push(number);
            }
        }
        for (group, served) in served {
            let [item] = draft.cites[group].as_slice() else {
                continue;
            };
            let source = names.known_source(&item.key.text);
            let Some(author) = source.and_then(|source| sole_author(&self.parts.sources[source]))
            else {
                continue;
            };
            let is_of = |number: usize| {
                let mut by = parties(number).iter();
                by.any(|party| are_kin(&self.parts, *party, author))
            };
            let mut told = Vec::new();
            for (at, number) in served.iter().enumerate() {
                let raw = &draft.marks[*number];
                let is_another = !parties(*number).is_empty() && !is_of(*number);
                let owner = served[at + 1..].iter().find(|later| is_of(**later));
                if let Some(owner) = owner.filter(|_| is_another) {
                    told.push(source_of_another(
                        draft.place(raw.span),
                        &item.key.text,
                        &self.parts.actors[author].id,
                        draft.place(draft.marks[*owner].span),
                    ));
                }
            }
            self.diagnostics.extend(told);
        }
    }
}

/// Returns the only author of a document.
pub fn sole_author(source: &Source) -> Option<Id<Actor>> {
    match (source.authors.as_slice(), source.literal_authors.is_empty()) {
        ([author], true) => Some(*author),
        _ => None,
    }
}

/// True if both are the same, or one is part of the other or speaks for it.
fn are_kin(parts: &SiteParts, one: Id<Actor>, other: Id<Actor>) -> bool {
    /// `circles` ensures that no chain is longer.
    const STEPS: usize = 100;
    let reaches = |from: Id<Actor>, to: Id<Actor>| {
        let up = |actor: &Id<Actor>| parts.actors[*actor].part_of;
        let mut line = std::iter::successors(Some(from), up).take(STEPS);
        line.any(|actor| actor == to || parts.actors[actor].speaks_for.contains(&to))
    };
    reaches(one, other) || reaches(other, one)
}

fn source_of_another(place: Place, key: &str, author: &str, owner: Place) -> Diagnostic {
    Diagnostic::new(
        Code::SourceOfAnother,
        place,
        format!("`{key}`, a document of `{author}`, is cited for words of another party"),
    )
    .label("the next citation applies to these words, too")
    .other(owner, "the words of the author")
    .hint("cite a source directly after these words, or add `src=source-id` to the mark")
}
