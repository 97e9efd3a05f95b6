//! What a careful editor would ask of a finished site.
//!
//! For `compile`: [`site`] goes over the claims (who, when, on what, what was answered), then
//! over names and sources, then over the prose. Each diagnostic is built in a small function
//! named after it, beside the check that raises it.
//!
//! A checker asks, it never judges: no message says that a claim is true or false, or that a
//! party should have spoken. It reads the site and changes nothing, and no check costs more
//! than the site is long.

mod dates;
mod names;
mod prose;
mod quotes;
mod replies;
mod stances;
mod support;
mod twins;
mod unused;
mod weasels;

use std::collections::HashSet;

use crate::derive::{Standings, Ties};
use crate::diag::{Code, Diagnostic};
use crate::model::{Claim, Doc, Id, MarkNo, Position, Site};
use crate::text::{Place, SitePath};

/// What the book asks of its checker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// Whether known names without a mention are looked for.
    pub unmarked_names: bool,
}

/// Everything there is to ask of `site`, in the order of the checks.
pub fn site(site: &Site, standings: &Standings, asked: &Asked) -> Vec<Diagnostic> {
    let ties = Ties::new(site);
    let mut found = Vec::new();
    for (id, claim) in site.claims().iter() {
        let case = Case {
            site,
            ties: &ties,
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
    quotes::check(site, &mut found);
    twins::check(site, &mut found);
    unused::check(site, &mut found);
    prose::check(site, asked.unmarked_names, &mut found);
    once_a_mark(found)
}

/// What there is to ask of the running text of one document, as [`site`] asks it.
pub fn doc(site: &Site, doc: Doc, asked: &Asked) -> Vec<Diagnostic> {
    let names = asked.unmarked_names.then(|| names::Names::of(site));
    prose::of_doc(site, doc, names.flatten().as_ref())
}

/// One claim under examination.
struct Case<'a> {
    site: &'a Site,
    ties: &'a Ties,
    standings: &'a Standings,
    id: Id<Claim>,
    claim: &'a Claim,
}

impl Case<'_> {
    /// The id of the actor that holds `position`.
    fn speaker(&self, position: &Position) -> &str {
        &self.site.actors()[position.by].id
    }

    /// The positions that `wanted` picks, the first of each mark only: a mark of several parties
    /// makes several positions, and one mistake is one diagnostic.
    fn first_of_marks(&self, wanted: impl Fn(&Position) -> bool) -> Vec<&Position> {
        let mut seen: HashSet<(Doc, MarkNo)> = HashSet::new();
        let positions = self.claim.positions.iter();
        positions
            .filter(|position| wanted(position) && seen.insert((position.doc, position.mark)))
            .collect()
    }
}

/// Drops what was said already of the same words: a mark may name several claims.
fn once_a_mark(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    found.retain(|diagnostic| {
        // The one source that is missing is missing for all claims of the mark.
        let message = match diagnostic.code == Code::ClaimWithoutSource {
            true => String::new(),
            false => diagnostic.message.clone(),
        };
        seen.insert((diagnostic.code, diagnostic.place.clone(), message))
    });
    found
}

/// The earliest of `positions` in page order.
fn first_written<'a>(positions: impl IntoIterator<Item = &'a Position>) -> Option<&'a Position> {
    positions
        .into_iter()
        .min_by_key(|position| (position.doc, position.mark))
}

/// The file that `doc` was read from.
fn file(site: &Site, doc: Doc) -> &SitePath {
    match doc {
        Doc::Briefing(briefing) => &site.briefings()[briefing].file,
        Doc::Actor(actor) => &site.actors()[actor].place.file,
        Doc::Claim(claim) => &site.claims()[claim].place.file,
    }
}

/// `a`, `b` and `c`, each in backticks.
fn listed<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let ids: Vec<_> = ids.into_iter().map(|id| format!("`{id}`")).collect();
    match ids.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// Where `position` was written.
fn place(position: &Position) -> Place {
    position.place.clone()
}

#[cfg(test)]
mod tests;
