//! The status of a claim at a date, and the facts from which it follows.

use jiff::civil::Date;
use rayon::prelude::*;

use super::origins::{self, Origin};
use super::parties::{Party, parties};
use super::{AccusedSide, Ties};
use crate::model::{
    Actor, Claim, Contest, Id, PartialDate, Position, Reply, Side, Site, Stance, Status, Support,
};

/// The derived facts of one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub status: Status,
    pub support: Support,
    pub contest: Contest,
    /// One for each accused, in the order of `against`.
    pub replies: Vec<ReplyOf>,
    /// All parties, in the order of their first positions. Each mark of the unnamed actor is a
    /// separate party.
    pub parties: Vec<Party>,
    /// The origins of the parties that make the claim on their own authority, with the reasons why
    /// several parties have one origin.
    pub origins: Vec<Origin>,
    /// The parties that made the claim and withdrew it, in the order of their first positions.
    pub withdrawn: Vec<Id<Actor>>,
    /// The indices of the positions that made the claim first: all of the first day, or of the
    /// first time if each has one. Statements on a party's own authority come before endorsements
    /// of that day; partial statements count only if there are no others.
    pub first: Vec<usize>,
    /// The first date on which a party supported it.
    pub first_on: Option<PartialDate>,
    /// The last date on which any party took a position.
    pub last_on: Option<PartialDate>,
}

/// The reply of one accused.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyOf {
    pub accused: Id<Actor>,
    pub reply: Reply,
    /// Its index in the claim's positions.
    pub position: Option<usize>,
    /// True if another reply is on record and withheld from this edition.
    pub is_withheld: bool,
    /// True if the record says when, or how, a silent accused was asked. `no-response` alone does
    /// not: it also means that no reply was found.
    pub was_asked: bool,
    /// Days from the first accusation to the reply, if both days are known.
    pub days: Option<i32>,
}

impl ReplyOf {
    /// Returns what the accused answered, in words that follow its name.
    pub fn in_words(&self) -> &'static str {
        if self.is_withheld && !self.reply.is_answer() {
            "has a reply on record that is withheld from this edition"
        } else if self.reply == Reply::NoResponse && self.was_asked {
            "was asked and has not replied"
        } else {
            self.reply.in_words()
        }
    }
}

/// The standings of all claims of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Standings {
    of: Vec<Standing>,
}

/// Returns the derived facts of `claim`, ignoring positions after `as_of`.
pub fn standing(site: &Site, claim: Id<Claim>, as_of: Option<Date>) -> Standing {
    standing_by(site, &Ties::new(site), claim, as_of)
}

/// Like [`standing`], for frequent calls.
pub fn standing_by(site: &Site, ties: &Ties, claim: Id<Claim>, as_of: Option<Date>) -> Standing {
    stand(site, ties, claim, as_of, &|other| {
        sides(site, &site.claims()[other], as_of)
    })
}

/// Returns the derived facts of every claim.
pub fn standings(site: &Site) -> Standings {
    let ties = Ties::new(site);
    let claims: Vec<_> = site.claims().ids().collect();
    // Sides are only needed for claims that others refer to.
    let asked = |claim: Id<Claim>| !ties.rivals(claim).is_empty();
    let mut is_part = vec![false; claims.len()];
    for (_, claim) in site.claims().iter() {
        for part in &claim.part {
            is_part[part.index()] = true;
        }
    }
    let sides: Vec<Sides> = claims
        .par_iter()
        .map(|claim| {
            if is_part[claim.index()] || asked(*claim) {
                sides(site, &site.claims()[*claim], None)
            } else {
                Sides::default()
            }
        })
        .collect();
    let of = claims
        .into_par_iter()
        .map(|claim| stand(site, &ties, claim, None, &|other| sides[other.index()]))
        .collect();
    Standings { of }
}

/// True if a date `on` counts at `as_of`: it is missing, or begins by then.
fn counts_by(on: Option<&PartialDate>, as_of: Option<Date>) -> bool {
    match (on, as_of) {
        (Some(on), Some(as_of)) => on.first_day() <= as_of,
        (None, _) | (_, None) => true,
    }
}

impl Standing {
    /// Returns the signature, one sign for each party in the order of their first positions:
    /// `++±○−`.
    pub fn signature(&self) -> String {
        self.parties.iter().map(|party| party.sign).collect()
    }

    /// Returns the reply of `accused`, if it is accused.
    pub fn reply_of(&self, accused: Id<Actor>) -> Option<&ReplyOf> {
        self.replies.iter().find(|reply| reply.accused == accused)
    }

    /// True if no one opposes the claim in this edition, and a reply of an accused is withheld from
    /// it: to say that no one denies it would be false.
    pub fn is_silent_by_redaction(&self) -> bool {
        self.contest == Contest::None && self.replies.iter().any(|it| it.is_withheld)
    }

    /// True if a party supports the claim now; only then is a reply expected.
    pub fn is_stated(&self) -> bool {
        self.support != Support::None
    }

    /// Returns the parties with a current stance, without those that withdrew.
    pub fn current(&self) -> impl Iterator<Item = &Party> {
        self.parties
            .iter()
            .filter(|party| party.stance.side() != Side::Cleared)
    }
}

impl Standings {
    /// Returns all standings, in the order of the claims.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Standing> {
        self.of.iter()
    }
}

impl std::ops::Index<Id<Claim>> for Standings {
    type Output = Standing;
    fn index(&self, claim: Id<Claim>) -> &Standing {
        &self.of[claim.index()]
    }
}

/// The sides of a claim that have a current position.
#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    has_pro: bool,
    has_con: bool,
}

fn heard(claim: &Claim, as_of: Option<Date>) -> Vec<(usize, &Position)> {
    let positions = claim.positions.iter().enumerate();
    positions
        .filter(|(_, position)| counts_by(position.on.as_ref(), as_of))
        .collect()
}

fn sides(site: &Site, claim: &Claim, as_of: Option<Date>) -> Sides {
    let parties = parties(site, &heard(claim, as_of));
    Sides {
        has_pro: parties.iter().any(|party| party.stance.is_support()),
        has_con: parties.iter().any(|party| party.stance.side() == Side::Con),
    }
}

fn stand(
    site: &Site,
    ties: &Ties,
    id: Id<Claim>,
    as_of: Option<Date>,
    sides_of: &dyn Fn(Id<Claim>) -> Sides,
) -> Standing {
    let claim = &site.claims()[id];
    let heard = heard(claim, as_of);
    let side = AccusedSide::new(site, claim);
    let parties = parties(site, &heard);
    let replies = replies(claim, &side, &heard);
    let origins = origins::origins(site, ties, claim, &heard, &parties);
    let support = origins::support(ties, &parties, &origins);
    let is_contradicted = || ties.rivals(id).iter().any(|other| sides_of(*other).has_pro);
    let is_denied_in_part = || {
        let mut parts = claim.part.iter().filter(|part| **part != id);
        parts.any(|part| sides_of(*part).has_con)
    };
    let own = by_parties(&side, &parties);
    let is_uncontested = matches!(own, Contest::None | Contest::Questioned);
    let contest = if is_uncontested && is_contradicted() {
        Contest::Contradicted
    } else if is_uncontested && is_denied_in_part() {
        Contest::PartDenied
    } else {
        own
    };
    Standing {
        status: status(&side, &parties, support, contest, &replies),
        support,
        contest,
        replies,
        withdrawn: parties
            .iter()
            .filter(|party| party.withdrew)
            .map(|party| party.actor)
            .collect(),
        first: first(&heard),
        first_on: first_support(&heard, |_| true).and_then(|(_, position)| position.on),
        last_on: heard
            .iter()
            .filter(|(_, position)| position.stance != Stance::Reports)
            .filter_map(|(_, position)| position.on)
            .max_by_key(PartialDate::order),
        parties,
        origins,
    }
}

/// Returns the first status that applies, in the order of [`Status::ALL`].
fn status(
    side: &AccusedSide,
    parties: &[Party],
    support: Support,
    contest: Contest,
    replies: &[ReplyOf],
) -> Status {
    let admits = |party: &Party| party.stance.side() == Side::Own && side.holds(party.actor);
    if parties.iter().any(admits) {
        return Status::Admitted;
    }
    if support == Support::None {
        return if parties.iter().any(|party| party.replaced) {
            Status::Corrected
        } else if parties.iter().any(|party| party.withdrew) {
            Status::Withdrawn
        } else if parties.iter().any(|party| party.stance.side() == Side::Con) {
            Status::DenialOnly
        } else {
            Status::Unattributed
        };
    }
    match contest {
        Contest::Contested | Contest::Disputed | Contest::Contradicted | Contest::PartDenied => {
            Status::Contested
        }
        Contest::Denied => Status::Denied,
        Contest::DisputedByAccused => Status::Disputed,
        Contest::Questioned | Contest::None => undisputed(support, replies),
    }
}

/// Returns the status of a claim that is made and not denied: by the worst reply of the accused, or
/// else by its origins.
fn undisputed(support: Support, replies: &[ReplyOf]) -> Status {
    let worst = replies
        .iter()
        .map(|reply| reply.reply)
        .min_by_key(|reply| reply.rank());
    match worst {
        Some(Reply::Unanswered) => Status::Unanswered,
        Some(Reply::NoResponse) => Status::NoResponse,
        Some(Reply::Declined) => Status::Declined,
        None | Some(Reply::Replied | Reply::ByRepresentative(_)) => match support {
            Support::Corroborated(_) => Status::Corroborated,
            Support::Single | Support::Joint(_) => Status::Uncontested,
            Support::UnnamedOnly => Status::UnnamedOnly,
            Support::EndorsedOnly | Support::None => Status::EndorsedOnly,
        },
    }
}

/// Returns the contest of a claim, from the positions on the claim itself.
fn by_parties(side: &AccusedSide, parties: &[Party]) -> Contest {
    let con = || {
        parties
            .iter()
            .filter(|party| party.stance.side() == Side::Con)
    };
    let by_accused = || con().filter(|party| side.holds(party.actor));
    let by_others = con().any(|party| !side.holds(party.actor));
    match (by_accused().count() > 0, by_others) {
        (true, true) => Contest::Contested,
        (true, false) if by_accused().any(|party| party.stance == Stance::Denies) => {
            Contest::Denied
        }
        (true, false) => Contest::DisputedByAccused,
        (false, true) => Contest::Disputed,
        (false, false) if asks_for_evidence(parties) => Contest::Questioned,
        (false, false) => Contest::None,
    }
}

fn asks_for_evidence(parties: &[Party]) -> bool {
    parties
        .iter()
        .any(|party| party.stance == Stance::Questions)
}

/// Returns the best reply of each accused; of equal ones the first.
fn replies(claim: &Claim, side: &AccusedSide, heard: &[(usize, &Position)]) -> Vec<ReplyOf> {
    let accused_on = first_support(heard, |position| !side.holds(position.by))
        .and_then(|(_, position)| position.on);
    let mut replies: Vec<ReplyOf> = claim
        .against
        .iter()
        .map(|accused| ReplyOf {
            accused: *accused,
            reply: Reply::Unanswered,
            position: None,
            is_withheld: claim.withheld_replies.contains(accused),
            was_asked: false,
            days: None,
        })
        .collect();
    let last_cleared = |by: Id<Actor>| {
        let cleared =
            |position: &Position| position.by == by && position.stance.side() == Side::Cleared;
        heard.iter().rposition(|(_, position)| cleared(position))
    };
    for (place, (at, position)) in heard.iter().enumerate() {
        // A withdrawn position is not a reply.
        if last_cleared(position.by).is_some_and(|cleared| place < cleared) {
            continue;
        }
        let was_asked = position.asked.is_some() || position.via.is_some();
        for accused in side.answers(position.by) {
            let best = &mut replies[*accused];
            let Some(reply) = reply(position, best.accused) else {
                continue;
            };
            // The first reply counts for the days; what the party says now is what is shown.
            let shown = best.position.map(|shown| &claim.positions[shown]);
            if let Some(shown) = shown
                && reply == best.reply
                && shown.by == position.by
                && (position.stance.is_substantive() || !shown.stance.is_substantive())
            {
                best.position = Some(*at);
                best.was_asked |= was_asked;
            }
            if reply.rank() > best.reply.rank() {
                best.reply = reply;
                best.position = Some(*at);
                best.was_asked = was_asked;
                best.days = match reply {
                    Reply::NoResponse | Reply::Unanswered => None,
                    Reply::Replied | Reply::ByRepresentative(_) | Reply::Declined => accused_on
                        .zip(position.on)
                        .and_then(|(from, to)| from.days_until(&to))
                        .filter(|days| *days >= 0),
                };
            }
        }
    }
    replies
}

/// Returns the reply that `position`, by a party that can answer for `accused`, represents.
fn reply(position: &Position, accused: Id<Actor>) -> Option<Reply> {
    match position.stance {
        Stance::Reports | Stance::Retracts | Stance::Corrects => None,
        Stance::NoComment => Some(Reply::Declined),
        Stance::NoResponse => Some(Reply::NoResponse),
        Stance::Claims
        | Stance::Confirms
        | Stance::Admits
        | Stance::Endorses
        | Stance::InPart
        | Stance::Denies
        | Stance::Disputes
        | Stance::Questions
        | Stance::Acknowledges => Some(if position.by == accused {
            Reply::Replied
        } else {
            Reply::ByRepresentative(position.by)
        }),
    }
}

/// Returns the first dated position in support for which `counts` is true. Positions are ordered by
/// date.
fn first_support<'a>(
    heard: &[(usize, &'a Position)],
    counts: impl Fn(&Position) -> bool,
) -> Option<(usize, &'a Position)> {
    heard.iter().copied().find(|(_, position)| {
        position.stance.is_support() && position.on.is_some() && counts(position)
    })
}

/// Returns the indices of the first positions: see [`Standing::first`].
fn first(heard: &[(usize, &Position)]) -> Vec<usize> {
    let stances: [&dyn Fn(Stance) -> bool; 2] =
        [&Stance::is_support, &|stance| stance == Stance::InPart];
    for wanted in stances {
        let said: Vec<_> = heard.iter().filter(|(_, it)| wanted(it.stance)).collect();
        if said.is_empty() {
            continue;
        }
        let day = |position: &Position| position.on.map(|on| on.first_day());
        let first_day = said.iter().filter_map(|(_, it)| day(it)).min();
        let mut first: Vec<_> = said;
        first.retain(|(_, it)| day(it) == first_day);
        let is_own = |position: &Position| position.stance.side() == Side::Own;
        if first.iter().any(|(_, it)| is_own(it)) {
            first.retain(|(_, it)| is_own(it));
        }
        let timed = |position: &Position| position.on.filter(|on| on.time.is_some());
        if first.iter().all(|(_, it)| timed(it).is_some()) {
            let order = |position: &Position| timed(position).map(|on| on.order());
            let earliest = first.iter().filter_map(|(_, it)| order(it)).min();
            first.retain(|(_, it)| order(it) == earliest);
        }
        return first.into_iter().map(|(at, _)| *at).collect();
    }
    Vec::new()
}
