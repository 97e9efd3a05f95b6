//! The status, support and remarks of one claim, in words.

use super::legal::legal_label;
use super::{Bond, Party, ReplyOf, Standing};
use crate::model::{Actor, Claim, Id, Position, Reply, Side, Site, Stance, Status, Support};
use crate::text::isolated;

/// The number of names in a list; the rest are counted.
const NAMED: usize = 3;

/// Returns the meaning of the status of `claim`, with the names of those who have not replied:
/// words that follow `Denied: ` and end without a full stop.
pub fn status_words(site: &Site, standing: &Standing) -> String {
    let Some(recorded) = withheld_words(site, standing) else {
        return words(site, standing);
    };
    if standing.is_silent_by_redaction() {
        return recorded;
    }
    let is_known = |of: &ReplyOf| of.is_withheld || of.reply.is_answer();
    // Otherwise the words would say that the accused have not replied.
    if standing.status.is_about_replies() && standing.replies.iter().all(is_known) {
        recorded
    } else {
        format!("{}; {recorded}", words(site, standing))
    }
}

/// Returns who opposes a claim. If a reply of an accused is withheld from this edition, the words do
/// not say that no one does.
pub fn contest_words(site: &Site, standing: &Standing) -> String {
    let withheld = withheld_words(site, standing).filter(|_| standing.is_silent_by_redaction());
    withheld.unwrap_or_else(|| standing.contest.in_words().to_owned())
}

/// Returns who supports a claim. Several parties with one root are not one party.
pub fn support_words(standing: &Standing) -> String {
    let parties = standing.origins.iter().map(|origin| origin.parties.len());
    match (standing.support, parties.sum()) {
        (Support::Single, 2..) => Support::Joint(standing.origins[0].parties.len()).in_words(),
        (support, _) => support.in_words(),
    }
}

/// Returns whose replies are withheld from this edition; `None` if there are none.
fn withheld_words(site: &Site, standing: &Standing) -> Option<String> {
    let withheld = standing.replies.iter().filter(|it| it.is_withheld);
    let withheld: Vec<Id<Actor>> = withheld.map(|it| it.accused).collect();
    let who = (!withheld.is_empty()).then(|| named(site, &withheld))?;
    Some(format!(
        "a reply of {who} is recorded and withheld from this edition"
    ))
}

fn words(site: &Site, standing: &Standing) -> String {
    match standing.status {
        Status::Contested
        | Status::Corroborated
        | Status::Uncontested
        | Status::UnnamedOnly
        | Status::EndorsedOnly => contest_words(site, standing),
        Status::Unanswered => format!(
            "no reply from {} on record",
            silent(site, standing, Reply::Unanswered)
        ),
        Status::NoResponse => {
            let who = silent(site, standing, Reply::NoResponse);
            let mut silent = standing.replies.iter();
            let was_asked = silent.all(|of| of.reply != Reply::NoResponse || of.was_asked);
            if was_asked {
                format!("no reply from {who}, though asked")
            } else {
                format!("no reply from {who}")
            }
        }
        Status::Declined => format!(
            "{} declined to comment",
            silent(site, standing, Reply::Declined)
        ),
        Status::Unattributed
        | Status::Admitted
        | Status::Corrected
        | Status::Withdrawn
        | Status::DenialOnly
        | Status::Denied
        | Status::Disputed => standing.status.in_words().to_owned(),
    }
}

/// Returns who makes a claim: up to three parties, then `and 2 others`. If no party makes it any
/// more, those that withdrew it, or those that made it first and now say otherwise; `No party on
/// record` if none ever made it.
pub fn owner(site: &Site, claim: &Claim, standing: &Standing) -> String {
    let with = |wanted: &dyn Fn(&Party) -> bool| {
        let mut actors: Vec<Id<Actor>> = Vec::new();
        for party in standing.parties.iter().filter(|party| wanted(party)) {
            if !actors.contains(&party.actor) {
                actors.push(party.actor);
            }
        }
        (!actors.is_empty()).then(|| named(site, &actors))
    };
    with(&|party| party.stance.side() == Side::Own)
        .or_else(|| with(&|party| party.stance.side() == Side::Endorsing))
        .or_else(|| with(&|party| party.withdrew))
        .or_else(|| {
            let former = former(site, claim, standing)?;
            Some(format!("{former} (since reversed)"))
        })
        .unwrap_or_else(|| "No party on record".to_owned())
}

/// Returns the parties that ever made a claim, in order.
fn former(site: &Site, claim: &Claim, standing: &Standing) -> Option<String> {
    let mut actors: Vec<Id<Actor>> = Vec::new();
    for position in claim.positions.iter().filter(|it| it.stance.is_support()) {
        let is_party = standing.parties.iter().any(|it| it.actor == position.by);
        if is_party && !actors.contains(&position.by) {
            actors.push(position.by);
        }
    }
    (!actors.is_empty()).then(|| named(site, &actors))
}

/// Returns a claim with its owner before it, its status after it and the legal status of the
/// persons that it concerns, for every place where it is read without its page: titles, previews,
/// cards, feeds, citations.
pub fn with_owner(site: &Site, claim: &Claim, standing: &Standing) -> String {
    let owner = owner(site, claim, standing);
    let text = isolated(claim.text.trim_end_matches('.'));
    let status = standing.status.label().to_lowercase();
    match legal_label(site, claim) {
        Some(legal) => format!("{owner}: {text} ({status}; {legal})"),
        None => format!("{owner}: {text} ({status})"),
    }
}

/// Returns why several parties have one origin, one sentence for each party that joined the others,
/// without full stops.
pub fn origin_words(site: &Site, standing: &Standing) -> Vec<String> {
    let name = |at: usize| isolated(&site.actors()[standing.parties[at].actor].name);
    let joins = standing.origins.iter().flat_map(|origin| &origin.joins);
    joins
        .map(|join| {
            let (one, other) = (name(join.one), name(join.other));
            match join.bond {
                Bond::Root(root) if standing.parties[join.one].actor == root => {
                    format!("{other} is part of {one}")
                }
                Bond::Root(root) if standing.parties[join.other].actor == root => {
                    format!("{one} is part of {other}")
                }
                Bond::Root(root) => {
                    let root = isolated(&site.actors()[root].name);
                    format!("{one} and {other} are both part of {root}")
                }
                Bond::Spokesman => format!("{other} speaks for {one}"),
                Bond::Joint => format!("{one} and {other} made coordinated statements"),
                Bond::Mark => format!("{one} and {other} said it in one statement"),
                Bond::Source(source) => {
                    let title = isolated(&site.sources()[source].title);
                    format!("{one} and {other} rest on the same document, {title}")
                }
            }
        })
        .collect()
}

/// Returns when and how a silent party was asked, and until when it had not replied:
/// `, asked on 19 July 2021 by email, no answer as of 31 October 2021`. Empty for other stances.
pub fn request_words(position: &Position) -> String {
    let mut words = String::new();
    if let Some(asked) = &position.asked {
        words.push_str(&format!(", asked on {}", asked.in_words()));
        if let Some(via) = &position.via {
            words.push_str(&format!(" by {}", isolated(via)));
        }
    }
    if let Some(by_date) = &position.by_date {
        words.push_str(&format!(", no answer as of {}", by_date.in_words()));
    }
    words
}

/// Returns a remark after a substantive position that it does not replace:
/// `later declined to comment`.
pub fn remark_words(stance: Stance) -> String {
    let did = match stance {
        Stance::Questions => "asked for evidence",
        Stance::Acknowledges => "commented without taking a side",
        Stance::NoComment => "declined to comment",
        Stance::NoResponse => "did not reply",
        Stance::Claims
        | Stance::Confirms
        | Stance::Admits
        | Stance::Endorses
        | Stance::InPart
        | Stance::Denies
        | Stance::Disputes
        | Stance::Reports
        | Stance::Retracts
        | Stance::Corrects => stance.in_words(),
    };
    format!("later {did}")
}

/// Returns `A`, `A and B`, `A, B and C`, and for more than three names `A, B, C and 2 others`.
pub fn named(site: &Site, actors: &[Id<Actor>]) -> String {
    let mut words: Vec<String> = actors
        .iter()
        .take(NAMED)
        .map(|actor| isolated(&site.actors()[*actor].name).into_owned())
        .collect();
    match actors.len().saturating_sub(NAMED) {
        0 => {}
        1 => words.push("1 other".to_owned()),
        others => words.push(format!("{others} others")),
    }
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// Returns the accused with this kind of `reply`.
fn silent(site: &Site, standing: &Standing, reply: Reply) -> String {
    let replies = standing.replies.iter();
    let accused: Vec<Id<Actor>> = replies
        .filter(|of| of.reply == reply && !of.is_withheld)
        .map(|of| of.accused)
        .collect();
    named(site, &accused)
}
