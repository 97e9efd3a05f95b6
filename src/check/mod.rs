//! Editorial checks of a finished site.
//!
//! [`site`] checks the claims (parties, dates, sources, replies), then names and sources, then the
//! running text. Each diagnostic is built in a small function with its name, next to the check that
//! reports it.
//!
//! A check asks questions and never judges: no message says that a claim is true or false, or that
//! a party should have spoken. Checks read the site and change nothing, and their cost is linear in
//! the size of the site.

mod dates;
mod lookalikes;
mod names;
mod near_duplicates;
mod nearest;
mod parties;
mod prose;
mod quotes;
mod replies;
mod stances;
mod support;
mod unused;
mod vague_attribution;

use std::collections::HashSet;

use crate::derive::Standings;
use crate::diag::{Code, Diagnostic};
use crate::model::{Claim, Doc, Id, MarkNo, Position, Site};
use crate::text::Place;

/// The options of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// True if known names without a mention are reported.
    pub unmarked_names: bool,
    /// True if content is withheld; everything that nothing else uses may be used there.
    pub is_redacted: bool,
}

/// Returns all diagnostics of `site`, in the order of the checks.
pub fn site(site: &Site, standings: &Standings, options: &Options) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, claim) in site.claims().iter() {
        let case = Case {
            site,
            standings,
            id,
            claim,
        };
        support::check(&case, &mut found);
        replies::check(&case, &mut found);
        stances::check(&case, &mut found);
        dates::check(&case, &mut found);
    }
    replies::persons(site, &mut found);
    parties::check(site, &mut found);
    quotes::check(site, &mut found);
    near_duplicates::check(site, &mut found);
    lookalikes::check(site, &mut found);
    if !options.is_redacted {
        unused::check(site, &mut found);
    }
    prose::check(site, options.unmarked_names, &mut found);
    once_a_mark(found)
}

/// Returns the diagnostics of the running text of one document, like [`site`].
pub fn doc(site: &Site, doc: Doc, options: &Options) -> Vec<Diagnostic> {
    let names = options.unmarked_names.then(|| names::Names::of(site));
    prose::of_doc(site, doc, names.flatten().as_ref())
}

/// The claim that is being checked.
struct Case<'a> {
    site: &'a Site,
    standings: &'a Standings,
    id: Id<Claim>,
    claim: &'a Claim,
}

impl Case<'_> {
    /// Returns the id of the actor of `position`.
    fn speaker(&self, position: &Position) -> &str {
        &self.site.actors()[position.by].id
    }

    /// Returns the positions that match `wanted`, only the first of each mark: a mark with several
    /// parties makes several positions, but one error is one diagnostic.
    fn first_of_marks(&self, wanted: impl Fn(&Position) -> bool) -> Vec<&Position> {
        let mut seen: HashSet<(Doc, MarkNo)> = HashSet::new();
        let positions = self.claim.positions.iter();
        positions
            .filter(|position| wanted(position) && seen.insert((position.doc, position.mark)))
            .collect()
    }
}

/// Removes repeated diagnostics for the same words, because a mark can name several claims.
fn once_a_mark(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    found.retain(|diagnostic| {
        // The missing source is missing for all claims of the mark.
        let message = if diagnostic.code == Code::ClaimWithoutSource {
            String::new()
        } else {
            diagnostic.message.clone()
        };
        seen.insert((diagnostic.code, diagnostic.place.clone(), message))
    });
    found
}

/// Returns the earliest of `positions` in page order.
fn first_written<'a>(positions: impl IntoIterator<Item = &'a Position>) -> Option<&'a Position> {
    positions
        .into_iter()
        .min_by_key(|position| (position.doc, position.mark))
}

/// Returns `a`, `b` and `c`, each in backticks.
fn listed<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let ids: Vec<_> = ids.into_iter().map(|id| format!("`{id}`")).collect();
    match ids.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// Returns the place of `position`.
fn place(position: &Position) -> Place {
    position.place.clone()
}

#[cfg(test)]
mod tests;
