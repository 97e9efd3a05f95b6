//! The legal status of the persons whom a claim concerns, with its sources, as sentences for
//! readers.

use super::words::named;
use crate::model::{Actor, Claim, Id, LegalStatus, Site};
use crate::text::isolated;

/// Returns the persons whom a claim accuses or is about and who have a legal status, the accused
/// first.
pub fn with_legal_status(site: &Site, claim: &Claim) -> Vec<(Id<Actor>, LegalStatus)> {
    let mut persons: Vec<(Id<Actor>, LegalStatus)> = Vec::new();
    for id in claim.against.iter().chain(&claim.about) {
        if let Some(status) = site.actors()[*id].legal_status
            && !persons.contains(&(*id, status))
        {
            persons.push((*id, status));
        }
    }
    persons
}

/// Returns a sentence, without its full stop, for each of these actors that has a legal status:
/// `Legal status of Wu Shurong: charged, according to Indictment 21-cr-1622`.
pub fn legal_sentences(site: &Site, actors: impl IntoIterator<Item = Id<Actor>>) -> Vec<String> {
    let mut seen: Vec<Id<Actor>> = Vec::new();
    let mut sentences = Vec::new();
    for id in actors {
        let actor = &site.actors()[id];
        let Some(status) = actor.legal_status.filter(|_| !seen.contains(&id)) else {
            continue;
        };
        seen.push(id);
        let mut sentence = format!(
            "Legal status of {}: {}",
            isolated(&actor.name),
            status.word()
        );
        let titles = actor.legal_status_sources.iter();
        let titles = titles.map(|source| isolated(&site.sources()[*source].title));
        let titles: Vec<_> = titles.collect();
        if !titles.is_empty() {
            sentence.push_str(&format!(", according to {}", titles.join("; ")));
        }
        sentences.push(sentence);
    }
    sentences
}

/// Returns the sentences of [`legal_sentences`] for the persons whom a claim concerns.
pub fn legal_sentences_of(site: &Site, claim: &Claim) -> Vec<String> {
    let persons = with_legal_status(site, claim).into_iter();
    legal_sentences(site, persons.map(|(id, _)| id))
}

/// Returns a short form without sources, for titles: `Wu Shurong and Zhu Yunmin: charged`. `None`
/// if the claim concerns no person with a legal status.
pub fn legal_label(site: &Site, claim: &Claim) -> Option<String> {
    let persons = with_legal_status(site, claim);
    let mut statuses: Vec<LegalStatus> = Vec::new();
    for (_, status) in &persons {
        if !statuses.contains(status) {
            statuses.push(*status);
        }
    }
    let labels = statuses.into_iter().map(|status| {
        let of_status = persons.iter().filter(|(_, other)| *other == status);
        let actors: Vec<Id<Actor>> = of_status.map(|(id, _)| *id).collect();
        format!("{}: {}", named(site, &actors), status.word())
    });
    let labels: Vec<String> = labels.collect();
    (!labels.is_empty()).then(|| labels.join("; "))
}
