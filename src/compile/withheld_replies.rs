//! Replies that an edition withholds: accusations that it publishes while words of the accused
//! side are above its ceiling.
//!
//! Everything else in an edition is derived from what the edition shows. This one question is
//! asked of the full record, because an accusation without its known denial misleads.

use std::collections::HashSet;

use crate::config::WithheldReply;
use crate::derive;
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Claim, Id, Position, Site, Stance};

/// Compares `site`, an edition, with the `full` record, and records in the claims of `site` whose
/// reply is withheld. Returns an error for each, unless `setting` is [`WithheldReply::Say`].
pub(super) fn check(site: &mut Site, full: &Site, setting: WithheldReply) -> Vec<Diagnostic> {
    let found = find(site, full);
    for (claim, accused, _) in &found {
        site.withhold_reply(*claim, *accused);
    }
    match setting {
        WithheldReply::Say => Vec::new(),
        WithheldReply::Error => {
            let errors = found.into_iter().map(|(claim, accused, reply)| {
                let (claim, accused) = (&site.claims()[claim].id, &site.actors()[accused].id);
                error(claim, accused, reply)
            });
            errors.collect()
        }
    }
}

fn error(claim: &str, accused: &str, reply: &Position) -> Diagnostic {
    let message = format!(
        "the reply of `{accused}` to `{claim}` is withheld, but the accusation is published"
    );
    Diagnostic::new(Code::WithheldReply, reply.place.clone(), message)
        .label("above the TLP level of this edition")
        .hint(
            "withhold the claim too, lower the level of the reply, or set \
             `withheld-reply = \"say\"` under `[whosaid]`",
        )
}

/// Each withheld position of the accused side on a claim that the edition publishes: the claim
/// and the accused in the edition, and the position in the full record.
fn find<'f>(site: &Site, full: &'f Site) -> Vec<(Id<Claim>, Id<Actor>, &'f Position)> {
    let mut found = Vec::new();
    let key = |of: &Site, it: &Position| {
        let by = of.actors()[it.by].id.clone();
        (by, it.stance, it.on, it.place.clone())
    };
    for (id, claim) in site.claims().iter() {
        if claim.against.is_empty() || !derive::standing(site, id, None).is_stated() {
            continue;
        }
        let shown: HashSet<_> = claim.positions.iter().map(|it| key(site, it)).collect();
        let mut all = full.claims().iter();
        let Some((_, whole)) = all.find(|(_, it)| it.id == claim.id) else {
            continue;
        };
        let withheld = whole.positions.iter().filter(|it| answers(it.stance));
        let withheld: Vec<_> = withheld
            .filter(|it| !shown.contains(&key(full, it)))
            .collect();
        for accused in &claim.against {
            let mut actors = full.actors().iter();
            let same = actors.find(|(_, it)| it.id == site.actors()[*accused].id);
            let Some((full_accused, _)) = same else {
                continue;
            };
            let mut replies = withheld.iter();
            if let Some(reply) = replies.find(|it| derive::represents(full, it.by, full_accused)) {
                found.push((id, *accused, *reply));
            }
        }
    }
    found
}

/// True if a position with this stance answers an accusation.
fn answers(stance: Stance) -> bool {
    match stance {
        Stance::Claims
        | Stance::Confirms
        | Stance::Admits
        | Stance::Endorses
        | Stance::InPart
        | Stance::Denies
        | Stance::Disputes
        | Stance::Questions
        | Stance::Acknowledges
        | Stance::NoComment => true,
        Stance::NoResponse | Stance::Reports | Stance::Retracts | Stance::Corrects => false,
    }
}
