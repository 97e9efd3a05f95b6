//! How a claim stands at a date: the walk over its positions.

use indexmap::IndexMap;
use jiff::civil::Date;
use rayon::prelude::*;

use super::{AccusedSide, Contest, Headline, Reply, Support, Ties, origins};
use crate::model::{Actor, Claim, Id, PartialDate, Position, Side, Site, Stance};

/// What is derived of one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub headline: Headline,
    pub support: Support,
    pub contest: Contest,
    /// One for each accused, in the order of `against`.
    pub replies: Vec<ReplyOf>,
    /// Everybody who took a position, in order of first position.
    pub parties: Vec<Party>,
    /// Those whose last word was to withdraw, in order of first position.
    pub withdrawn: Vec<Id<Actor>>,
    /// The first date on which anybody supported it.
    pub first_on: Option<PartialDate>,
    /// The last date on which any party took a position.
    pub last_on: Option<PartialDate>,
}

/// What one accused answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyOf {
    pub accused: Id<Actor>,
    pub reply: Reply,
    /// Its place in the claim's positions.
    pub position: Option<usize>,
    /// Days from the first accusation to an answer, when both days are known.
    pub days: Option<i32>,
}

/// A party to a claim and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    pub actor: Id<Actor>,
    pub sign: char,
    /// Its current stance; `Retracts` or `Corrects` when it withdrew.
    pub stance: Stance,
    /// The place of that stance in the claim's positions.
    pub position: usize,
    /// How many positions it took, `reports` apart.
    pub count: usize,
}

/// The standings of all claims of a site at one date.
#[derive(Debug, Clone, PartialEq)]
pub struct Standings {
    as_of: Option<Date>,
    of: Vec<Standing>,
}

/// How `claim` stands, leaving aside what is dated after `as_of`.
pub fn standing(site: &Site, claim: Id<Claim>, as_of: Option<Date>) -> Standing {
    stand(site, &Ties::new(site), &site.claims()[claim], as_of)
}

/// How `claim` stands, as [`standing`] has it, for whoever asks often.
pub fn standing_by(site: &Site, ties: &Ties, claim: Id<Claim>, as_of: Option<Date>) -> Standing {
    stand(site, ties, &site.claims()[claim], as_of)
}

/// How every claim stands, leaving aside what is dated after `as_of`.
pub fn standings(site: &Site, as_of: Option<Date>) -> Standings {
    let ties = Ties::new(site);
    let claims: Vec<_> = site.claims().ids().collect();
    let of = claims
        .into_par_iter()
        .map(|claim| stand(site, &ties, &site.claims()[claim], as_of))
        .collect();
    Standings { as_of, of }
}

/// Whether something of the date `on` counts at `as_of`: it is undated or began by then.
pub fn counts_by(on: Option<&PartialDate>, as_of: Option<Date>) -> bool {
    match (on, as_of) {
        (Some(on), Some(as_of)) => on.first_day() <= as_of,
        (None, _) | (_, None) => true,
    }
}

impl Standing {
    /// One sign for each party, in order of first position: `++±○−`.
    pub fn signature(&self) -> String {
        self.parties.iter().map(|party| party.sign).collect()
    }

    /// What `accused` answered, if it is accused.
    pub fn reply_of(&self, accused: Id<Actor>) -> Option<&ReplyOf> {
        self.replies.iter().find(|reply| reply.accused == accused)
    }

    /// The parties whose stance stands, without those who withdrew.
    pub fn current(&self) -> impl Iterator<Item = &Party> {
        self.parties
            .iter()
            .filter(|party| party.stance.side() != Side::Cleared)
    }
}

impl Standings {
    /// The date after which nothing was counted.
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// All standings, in the order of the claims.
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

fn stand(site: &Site, ties: &Ties, claim: &Claim, as_of: Option<Date>) -> Standing {
    let heard: Vec<(usize, &Position)> = claim
        .positions
        .iter()
        .enumerate()
        .filter(|(_, position)| counts_by(position.on.as_ref(), as_of))
        .collect();
    let side = AccusedSide::new(site, claim);
    let parties = parties(&heard);
    let replies = replies(claim, &side, &heard);

    let of_side = |wanted: Side| -> Vec<&Position> {
        parties
            .iter()
            .filter(|party| party.stance.side() == wanted)
            .map(|party| &claim.positions[party.position])
            .collect()
    };
    let own = of_side(Side::Own);
    let support = if !own.is_empty() {
        origins::support(site, ties, &own)
    } else if !of_side(Side::Endorsing).is_empty() {
        Support::EndorsedOnly
    } else {
        Support::None
    };
    let is_questioned = parties
        .iter()
        .any(|party| party.stance == Stance::Questions);
    let contest = contest(&side, &of_side(Side::Con), is_questioned);
    let withdrawn: Vec<_> = parties
        .iter()
        .filter(|party| party.stance.side() == Side::Cleared)
        .map(|party| party.actor)
        .collect();
    let headline = if own.iter().any(|position| side.holds(position.by)) {
        Headline::Admitted
    } else if support == Support::None {
        match (withdrawn.is_empty(), contest) {
            (false, _) => Headline::Withdrawn,
            (true, Contest::Questioned | Contest::None) => Headline::Unattributed,
            (
                true,
                Contest::Contested
                | Contest::Denied
                | Contest::DisputedByAccused
                | Contest::Disputed,
            ) => Headline::DenialOnly,
        }
    } else {
        match contest {
            Contest::Contested | Contest::Disputed => Headline::Contested,
            Contest::Denied | Contest::DisputedByAccused => Headline::Denied,
            Contest::Questioned | Contest::None => uncontradicted(support, &replies),
        }
    };
    Standing {
        headline,
        support,
        contest,
        replies,
        parties,
        withdrawn,
        first_on: first_support(&heard, |_| true).and_then(|(_, position)| position.on),
        last_on: heard
            .iter()
            .filter(|(_, position)| position.stance != Stance::Reports)
            .filter_map(|(_, position)| position.on)
            .max_by_key(PartialDate::first_day),
    }
}

/// The headline of a claim that is stated and that nobody contradicts: how far the accused
/// answered, by the best of their replies, else how many origins it has.
fn uncontradicted(support: Support, replies: &[ReplyOf]) -> Headline {
    let best = replies
        .iter()
        .map(|reply| reply.reply)
        .max_by_key(|reply| reply.rank());
    match (best, support) {
        (Some(Reply::Unanswered), _) => Headline::Unanswered,
        (Some(Reply::NoResponse), _) => Headline::NoResponse,
        (Some(Reply::Declined), _) => Headline::Declined,
        (None | Some(Reply::Replied | Reply::ByRepresentative(_)), Support::Corroborated(_)) => {
            Headline::Corroborated
        }
        (
            None | Some(Reply::Replied | Reply::ByRepresentative(_)),
            Support::None | Support::EndorsedOnly | Support::Single | Support::Joint(_),
        ) => Headline::Uncontested,
    }
}

/// Walks the positions in order and keeps, for each actor, the one that stands.
fn parties(heard: &[(usize, &Position)]) -> Vec<Party> {
    let mut parties: IndexMap<Id<Actor>, Party> = IndexMap::new();
    for (at, position) in heard {
        let Some(sign) = position.stance.sign() else {
            continue;
        };
        let party = parties.entry(position.by).or_insert(Party {
            actor: position.by,
            sign,
            stance: position.stance,
            position: *at,
            count: 0,
        });
        party.count += 1;
        let stands_already = party.count > 1 && party.stance.side() != Side::Cleared;
        if !(position.stance == Stance::NoResponse && stands_already) {
            party.sign = sign;
            party.stance = position.stance;
            party.position = *at;
        }
    }
    parties.into_values().collect()
}

fn contest(side: &AccusedSide, con: &[&Position], is_questioned: bool) -> Contest {
    let by_accused = || con.iter().filter(|position| side.holds(position.by));
    let by_others = con.iter().any(|position| !side.holds(position.by));
    match (by_accused().count() > 0, by_others) {
        (true, true) => Contest::Contested,
        (true, false) if by_accused().any(|position| position.stance == Stance::Denies) => {
            Contest::Denied
        }
        (true, false) => Contest::DisputedByAccused,
        (false, true) => Contest::Disputed,
        (false, false) if is_questioned => Contest::Questioned,
        (false, false) => Contest::None,
    }
}

/// The best reply of each accused, among equals the first.
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
            days: None,
        })
        .collect();
    for (at, position) in heard {
        for accused in side.answers(position.by) {
            let best = &mut replies[*accused];
            let Some(reply) = reply(position, best.accused) else {
                continue;
            };
            if reply.rank() > best.reply.rank() {
                best.reply = reply;
                best.position = Some(*at);
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

/// What `position`, by somebody who may answer for `accused`, is as a reply.
fn reply(position: &Position, accused: Id<Actor>) -> Option<Reply> {
    match position.stance {
        Stance::Reports => None,
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
        | Stance::Acknowledges
        | Stance::Retracts
        | Stance::Corrects => Some(if position.by == accused {
            Reply::Replied
        } else {
            Reply::ByRepresentative(position.by)
        }),
    }
}

/// The first dated position in support that `counts`, among those in order of date.
fn first_support<'a>(
    heard: &[(usize, &'a Position)],
    counts: impl Fn(&Position) -> bool,
) -> Option<(usize, &'a Position)> {
    heard.iter().copied().find(|(_, position)| {
        matches!(position.stance.side(), Side::Own | Side::Endorsing)
            && position.on.is_some()
            && counts(position)
    })
}
