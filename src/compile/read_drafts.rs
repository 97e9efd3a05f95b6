//! Parses the documents of a book.

use std::sync::Arc;

use rayon::prelude::*;

use super::book_files::Document;
use super::{Cache, Inputs};
use crate::config::Config;
use crate::parse::{self, Draft, Front, Reading};

/// Returns all parsed documents, and the files of briefings that are drafts and not included.
pub fn read_drafts(
    inputs: &Inputs,
    config: &Config,
    reading: Reading,
    documents: Vec<Document>,
    cache: &mut Cache,
) -> (Vec<Arc<Draft>>, Vec<Arc<Draft>>) {
    let with_drafts = inputs.options.drafts || config.drafts;
    let read: Vec<Arc<Draft>> = documents
        .into_par_iter()
        .map(|Document { kind, text }| {
            if cache.is_for_one_run {
                return Arc::new(parse::draft(kind, text, &reading));
            }
            let path = text.file().clone();
            let input = (kind, text, reading);
            cache.drafts.get(path, input, |(kind, text, reading)| {
                Arc::new(parse::draft(*kind, text.clone(), reading))
            })
        })
        .collect();
    cache.drafts.turn();
    let is_kept = |draft: &Arc<Draft>| match &draft.front {
        Front::Briefing(front) => with_drafts || !front.is_draft,
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => true,
    };
    read.into_iter().partition(is_kept)
}
