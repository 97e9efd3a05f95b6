//! What is marked above the ceiling of the book must not be published with it.

use crate::diag::{Code, Diagnostic};
use crate::model::{Doc, Position, Site, Tlp};
use crate::text::Place;

/// Everything marked above `ceiling`.
pub(super) fn check(site: &Site, ceiling: Tlp, found: &mut Vec<Diagnostic>) {
    let mut ask = |kind: &str, id: &str, tlp: Option<Tlp>, place: &Place| {
        if let Some(tlp) = tlp.filter(|tlp| *tlp > ceiling) {
            found.push(above_tlp(&format!("{kind} `{id}`"), tlp, ceiling, place));
        }
    };
    for (_, briefing) in site.briefings().iter() {
        ask("briefing", &briefing.id, briefing.tlp, &briefing.place);
    }
    for (_, actor) in site.actors().iter() {
        ask("actor", &actor.id, actor.tlp, &actor.place);
    }
    for (_, claim) in site.claims().iter() {
        ask("claim", &claim.id, claim.tlp, &claim.place);
        if claim.tlp.is_some_and(|tlp| tlp > ceiling) {
            continue;
        }
        for position in &claim.positions {
            if position.tlp > document_tlp(site, position).filter(|tlp| *tlp > ceiling) {
                ask("position on", &claim.id, position.tlp, &position.place);
            }
        }
    }
    for (_, source) in site.sources().iter() {
        ask("source", &source.id, source.tlp, &source.place);
    }
}

/// The marking of the document: what a position inherits was told of once already.
fn document_tlp(site: &Site, position: &Position) -> Option<Tlp> {
    match position.doc {
        Doc::Briefing(briefing) => site.briefings()[briefing].tlp,
        Doc::Actor(actor) => site.actors()[actor].tlp,
        Doc::Claim(claim) => site.claims()[claim].tlp,
    }
}

fn above_tlp(what: &str, tlp: Tlp, ceiling: Tlp, place: &Place) -> Diagnostic {
    let (tlp, ceiling) = (tlp.word(), ceiling.word());
    Diagnostic::new(
        Code::AboveTlp,
        place.clone(),
        format!("{what} is marked `{tlp}`, above the book's ceiling `{ceiling}`"),
    )
    .label(format!("marked `{tlp}`"))
    .hint(format!(
        "leave it out of this book, or raise the book's `tlp` to `{tlp}`"
    ))
}
