//! The order of documents, which determines numbers and neighbors.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::book_files::Contents;
use super::chapters::{TO_COME, listed_twice, no_chapter};
use crate::diag::Diagnostic;
use crate::model::Dialect;
use crate::parse::summary::Entry;
use crate::parse::{Draft, Front};
use crate::text::{SitePath, Spellings};

/// Returns the documents in order. Briefings are in reading order: in the order of `SUMMARY.md`, then
/// the others; without a summary, the home page first, then by path. Actors, claims and sources are
/// sorted by id.
pub(super) fn drafts<'d>(
    contents: &Contents,
    drafts: &'d [Arc<Draft>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'d Draft> {
    let mut drafts: Vec<&Draft> = drafts.iter().map(Arc::as_ref).collect();
    if contents.dialect == Dialect::Plain {
        // Chapters are already in the order of the summary.
        return drafts;
    }
    let mut places: BTreeMap<SitePath, usize> = BTreeMap::new();
    if let Some(path) = &contents.summary {
        let files: HashSet<&SitePath> = drafts.iter().map(|draft| draft.file()).collect();
        let spellings = Spellings::new(files.iter().copied());
        for entry in &contents.entries {
            let Entry::Chapter {
                path: Some((target, place)),
                ..
            } = entry
            else {
                continue;
            };
            let place = place.clone();
            match path.sibling(target).map(|file| spellings.of(file)) {
                Ok(file) if files.contains(&file) => {
                    let next = places.len();
                    if *places.entry(file).or_insert(next) != next {
                        diagnostics.push(listed_twice(place, target));
                    }
                }
                _ => diagnostics.push(no_chapter(place, target).hint(TO_COME)),
            }
        }
    }
    drafts.sort_by_cached_key(|draft| {
        let listed = places.get(draft.file()).copied().unwrap_or(usize::MAX);
        let is_home = matches!(draft.file().name(), "index.md" | "README.md")
            && draft.file().parent() == Some(contents.source.as_str());
        (listed, !is_home, sorted_as(draft), draft.file().clone())
    });
    drafts
}

/// Returns the sort path of a document: the file of a briefing; for other documents, the path with
/// the id instead of the file name, so that renaming a file with an explicit id changes no page.
fn sorted_as(draft: &Draft) -> String {
    match &draft.front {
        Front::Briefing(_) => draft.file().to_string(),
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => {
            let id = draft.common.id.as_ref();
            let id = id.map_or(draft.file().stem(), |(id, _)| id);
            format!("{}/{id}", draft.file().parent().unwrap_or(""))
        }
    }
}
