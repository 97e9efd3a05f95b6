//! Actors and sources that only removed text uses.

use std::collections::BTreeSet;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::parse::bibliography::RawBibliography;
use crate::parse::{Draft, Front};
use crate::text::is_whole_name;

/// What was removed from a book, as text.
#[derive(Default)]
pub struct Gone {
    /// From texts that are published without it.
    pub passages: Vec<String>,
    /// Whole documents that are not published.
    pub documents: Vec<Arc<Draft>>,
}

/// Something that is left out if nothing published uses it.
enum Candidate {
    /// A bibliography and the number of an entry.
    Entry(usize, usize),
    /// An actor or source with a file.
    Document(usize),
}

/// The actors, sources and bibliography entries that only removed text names.
#[derive(Default)]
pub struct Unused {
    /// Documents, by index.
    pub documents: BTreeSet<usize>,
    /// Entries, by bibliography and index.
    pub entries: BTreeSet<(usize, usize)>,
}

/// Finds them by their ids and names. `with_documents` includes actors and sources with a file,
/// which their authors can mark; an entry of a bibliography often comes from another program.
///
/// A name that a published text has for another reason counts as a use, so that nothing is left out
/// that is needed.
pub fn find(
    gone: &Gone,
    drafts: &[Arc<Draft>],
    bibliographies: &[RawBibliography],
    with_documents: bool,
) -> Unused {
    if gone.passages.is_empty() && gone.documents.is_empty() {
        return Unused::default();
    }
    let mut candidates = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut owners = Vec::new();
    let mut add = |candidate: Candidate, own: Vec<String>| {
        for name in own.into_iter().filter(|name| !name.trim().is_empty()) {
            names.push(name);
            owners.push(candidates.len());
        }
        candidates.push(candidate);
    };
    for (number, bibliography) in bibliographies.iter().enumerate() {
        for (at, entry) in bibliography.entries.iter().enumerate() {
            add(Candidate::Entry(number, at), vec![entry.key.clone()]);
        }
    }
    for (at, draft) in drafts.iter().enumerate().filter(|_| with_documents) {
        if let Some(names) = names_of(draft) {
            add(Candidate::Document(at), names);
        }
    }
    let searcher = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(&names);
    let Ok(searcher) = searcher else {
        return Unused::default();
    };
    let named_in = |text: &str| -> BTreeSet<usize> {
        let found = searcher.find_overlapping_iter(text);
        let whole = found.filter(|hit| is_whole_name(text, &hit.range()));
        whole.map(|hit| owners[hit.pattern().as_usize()]).collect()
    };
    let mut asked: BTreeSet<usize> = BTreeSet::new();
    for text in &gone.passages {
        asked.append(&mut named_in(text));
    }
    for document in &gone.documents {
        asked.append(&mut named_in(document.text.as_str()));
    }
    if asked.is_empty() {
        return Unused::default();
    }
    let uses: Vec<BTreeSet<usize>> = drafts.iter().map(|it| named_in(it.text.as_str())).collect();
    let document = |candidate: usize| match candidates[candidate] {
        Candidate::Document(at) => Some(at),
        Candidate::Entry(..) => None,
    };
    let mut unused: BTreeSet<usize> = BTreeSet::new();
    loop {
        let left_out: BTreeSet<usize> = unused.iter().filter_map(|it| document(*it)).collect();
        let is_used = |candidate: usize| {
            let own = document(candidate);
            let published = uses.iter().enumerate();
            let mut published =
                published.filter(|(at, _)| Some(*at) != own && !left_out.contains(at));
            published.any(|(_, uses)| uses.contains(&candidate))
        };
        let more: Vec<usize> = asked
            .iter()
            .copied()
            .filter(|it| !unused.contains(it) && !is_used(*it))
            .collect();
        if more.is_empty() {
            break;
        }
        for candidate in more {
            unused.insert(candidate);
            // What only this one uses goes too.
            if let Some(at) = document(candidate) {
                asked.extend(&uses[at]);
            }
        }
    }
    let mut found = Unused::default();
    for candidate in unused {
        match candidates[candidate] {
            Candidate::Entry(number, at) => {
                found.entries.insert((number, at));
            }
            Candidate::Document(at) => {
                found.documents.insert(at);
            }
        }
    }
    found
}

/// The ids and names of an actor or source.
fn names_of(draft: &Draft) -> Option<Vec<String>> {
    let id = draft.common.id.as_ref();
    let id = id.map_or_else(|| draft.file().stem().to_owned(), |(id, _)| id.clone());
    let mut names = vec![id, draft.file().stem().to_owned()];
    match &draft.front {
        Front::Actor(front) => {
            names.extend(front.name.iter().map(|(name, _)| name.clone()));
            names.extend(front.aliases.iter().map(|(alias, _)| alias.clone()));
            names.extend(front.named_by.iter().map(|naming| naming.alias.clone()));
        }
        Front::Source(front) => names.extend(front.title.clone()),
        Front::Briefing(_) | Front::Claim(_) | Front::Astray(_) => return None,
    }
    Some(names)
}
