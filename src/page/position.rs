//! Claims and positions as a page shows them: signatures, lines, replies, the matrix.

use super::at::At;
use super::fragment::at_words;
use super::parts::*;
use super::shared::Shared;
use crate::derive::{Headline, Party, ReplyOf, Standing};
use crate::model::{Actor, Claim, Id, Mode, Position, Side, Site, Stance};

/// Parties that a signature shows one by one; beyond it counts.
const SIGNS: usize = 6;

impl<'a> At<'a> {
    pub fn standing(&self, claim: Id<Claim>) -> &'a Standing {
        &self.facts.standings[claim]
    }

    pub fn claim(&self, id: Id<Claim>) -> Shared<ClaimLine> {
        self.made.claims.get(id, || self.claim_line(id))
    }

    fn claim_line(&self, id: Id<Claim>) -> ClaimLine {
        let claim = &self.site.claims()[id];
        let standing = self.standing(id);
        ClaimLine {
            id: claim.id.clone(),
            text: claim.text.clone(),
            href: self.claim_href(id),
            signature: signature(standing),
            signature_words: signature_words(standing),
            headline: standing.headline.word(),
            headline_words: standing.headline.in_words(),
            line: line(standing.headline),
            support: standing.support.in_words(),
            support_word: standing.support.word(),
            contest: standing.contest.in_words(),
            contest_word: standing.contest.word(),
        }
    }

    pub fn claims(&self, ids: &[Id<Claim>]) -> Vec<Shared<ClaimLine>> {
        ids.iter().map(|id| self.claim(*id)).collect()
    }

    /// The position at place `at` of a claim.
    pub fn position(&self, id: Id<Claim>, at: usize) -> Shared<PositionView> {
        let positions = &self.made.positions;
        positions.get((id, at), || self.position_view(id, at))
    }

    fn position_view(&self, id: Id<Claim>, at: usize) -> PositionView {
        let claim = &self.site.claims()[id];
        let position = &claim.positions[at];
        let anchor = position_anchor(self.site, claim, at);
        let standing = self.standing(id);
        let optional = |id: Option<Id<Actor>>| id.map(|id| self.actor(id));
        PositionView {
            href: self.anchored(&self.claim_href(id), &anchor),
            anchor,
            in_text: Link {
                href: self.mark_href(position.doc, position.mark),
                text: self.doc(position.doc).text.clone(),
            },
            by: self.actor(position.by),
            role: self.role(claim, position),
            stance: position.stance.verb(),
            words: position.stance.in_words(),
            sign: position.stance.sign().unwrap_or(' ').to_string(),
            class: stance_class(position.stance),
            quote: position.words.clone(),
            is_verbatim: position.quote,
            lang: self.lang(position).map(str::to_string),
            source_language: self.source_language(position).map(str::to_string),
            date: position.on.as_ref().map(|on| self.day(on)),
            voice: optional(position.voice),
            is_qualified: is_qualified(position),
            confidence: position.confidence.map(|confidence| confidence.word()),
            likelihood: position.likelihood.map(|likelihood| likelihood.word()),
            grade: position.grade.map(|grade| grade.to_string()),
            basis: position.basis.map(|basis| basis.word()),
            mode: (position.mode != Mode::OnRecord).then(|| position.mode.word()),
            joint: position.joint.clone(),
            joint_event: claim.event.filter(|_| position.joint.is_some()).map(|id| {
                let event = self.event(id);
                Link {
                    text: event.text,
                    href: event.href,
                }
            }),
            said_by: self.actors(&position.said_by),
            with: position.with.map(|claim| self.claim(claim)),
            asked: position.asked.as_ref().map(|on| self.day(on)),
            by_date: position.by_date.as_ref().map(|on| self.day(on)),
            via: position.via.clone(),
            note: position.note.clone(),
            sources: Shared::new(self.cites_at_words(position)),
            is_current: standing.parties.iter().any(|party| party.position == at),
        }
    }

    /// The sources of a position, each opened at its words where they are the document's own. A
    /// translation would not be found there.
    fn cites_at_words(&self, position: &Position) -> Vec<CiteView> {
        let mut cites = self.cites(&position.sources);
        let is_translated =
            self.source_language(position).is_some() && self.lang(position).is_none();
        if position.quote && !is_translated {
            for cite in &mut cites {
                let address = cite.original.take();
                cite.original = address.map(|address| at_words(&address, &position.words));
            }
        }
        cites
    }

    /// The language of a position's own words, where it is not the book's. Words are held against
    /// the kept text of their source, so with one they are in its language.
    pub fn lang(&self, position: &Position) -> Option<&'a str> {
        let sources = position.sources.iter();
        let mut kept = sources
            .map(|cited| &self.site.sources()[cited.source])
            .filter(|source| position.quote && !source.kept_words.trim().is_empty());
        let language = kept.next()?.language.as_deref()?;
        self.is_foreign(language).then_some(language)
    }

    /// The language of a position's sources, where all are in one and it is not the book's.
    fn source_language(&self, position: &Position) -> Option<&'a str> {
        let sources = position.sources.iter();
        let mut languages =
            sources.map(|cited| self.site.sources()[cited.source].language.as_deref());
        let first = languages.next()??;
        let is_shared = languages.all(|language| language == Some(first));
        (is_shared && self.is_foreign(first)).then_some(first)
    }

    /// Whether a language is another one than the book's; regions of one are not.
    fn is_foreign(&self, language: &str) -> bool {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or("").to_lowercase();
        primary(language) != primary(&self.book.config.language)
    }

    /// The places of current positions in the order of the parties, and of reports behind them.
    pub fn current(&self, id: Id<Claim>) -> Vec<usize> {
        let claim = &self.site.claims()[id];
        let as_of = self.facts.standings.as_of();
        let parties = self.standing(id).parties.iter();
        let reports = claim.positions.iter().enumerate().filter(|(_, position)| {
            position.stance == Stance::Reports
                && crate::derive::counts_by(position.on.as_ref(), as_of)
        });
        let current = parties.map(|party| party.position);
        current.chain(reports.map(|(place, _)| place)).collect()
    }

    /// Current positions in the order of the parties, and reports behind them.
    pub fn current_positions(&self, id: Id<Claim>) -> Vec<Shared<PositionView>> {
        let places = self.current(id).into_iter();
        places.map(|place| self.position(id, place)).collect()
    }

    fn role(&self, claim: &Claim, position: &Position) -> String {
        if claim.against.contains(&position.by) {
            return "accused party".into();
        }
        let answers = claim
            .against
            .iter()
            .find(|accused| crate::derive::represents(self.site, position.by, **accused));
        match answers {
            Some(accused) => format!("answers for {}", self.site.actors()[*accused].name),
            None => String::new(),
        }
    }

    pub fn replies(&self, id: Id<Claim>) -> Vec<ReplyView> {
        let replies = self.standing(id).replies.iter();
        replies.map(|reply| self.reply(id, reply)).collect()
    }

    pub fn reply(&self, id: Id<Claim>, reply: &ReplyOf) -> ReplyView {
        let representative = match reply.reply {
            crate::derive::Reply::ByRepresentative(actor) => Some(self.actor(actor)),
            crate::derive::Reply::Replied
            | crate::derive::Reply::Declined
            | crate::derive::Reply::NoResponse
            | crate::derive::Reply::Unanswered => None,
        };
        ReplyView {
            accused: self.actor(reply.accused),
            reply: reply.reply.word(),
            words: reply.reply.in_words(),
            representative,
            days: reply.days,
            position: reply.position.map(|at| self.position(id, at)),
        }
    }

    /// Claims as rows, parties as columns.
    pub fn matrix(&self, claims: &[Id<Claim>]) -> Option<Matrix> {
        let mut parties: Vec<Id<Actor>> = Vec::new();
        for claim in claims {
            for party in &self.standing(*claim).parties {
                if !parties.contains(&party.actor) {
                    parties.push(party.actor);
                }
            }
        }
        if claims.len() < 2 || parties.len() < 2 {
            return None;
        }
        let cell = |claim: Id<Claim>, party: &Party| {
            let record = &self.site.claims()[claim];
            let anchor = position_anchor(self.site, record, party.position);
            MatrixCell {
                sign: party.sign.to_string(),
                class: stance_class(party.stance),
                words: party.stance.in_words(),
                href: self.anchored(&self.claim_href(claim), &anchor),
            }
        };
        let rows = claims
            .iter()
            .map(|claim| {
                let standing = self.standing(*claim);
                let cells = parties.iter().map(|actor| {
                    let party = standing.parties.iter().find(|party| party.actor == *actor);
                    party.map(|party| cell(*claim, party))
                });
                MatrixRow {
                    claim: self.claim(*claim),
                    cells: cells.collect(),
                }
            })
            .collect();
        Some(Matrix {
            is_wide: parties.len() > 8,
            parties: self.actors(&parties),
            rows,
        })
    }
}

/// The anchor of a position on its claim's page: who, what and when, so that it survives others.
pub fn position_anchor(site: &Site, claim: &Claim, at: usize) -> String {
    let position = &claim.positions[at];
    let by = &site.actors()[position.by].id;
    let day = |position: &Position| position.on.map(|on| on.machine());
    let mut anchor = ["p.", by, ".", position.stance.verb()].concat();
    if let Some(on) = day(position) {
        anchor.push('.');
        anchor.push_str(&on);
    }
    let first = |position: &Position| position.on.map(|on| on.first_day());
    let is_alike = |other: &&Position| {
        let is_theirs = other.by == position.by && other.stance == position.stance;
        is_theirs && (other.on == position.on || day(other) == day(position))
    };
    // Positions are in the order of their days, so that the alike are near.
    let before = claim.positions[..at].iter().rev();
    let before = before.take_while(|other| first(other) == first(position));
    match before.filter(is_alike).count() {
        0 => anchor,
        before => format!("{anchor}.{}", before + 1),
    }
}

/// One sign per party, or counts beyond six.
pub fn signature(standing: &Standing) -> String {
    if standing.parties.len() <= SIGNS {
        return standing.signature();
    }
    let parts = ['+', '±', '○', '−', '?', '×']
        .into_iter()
        .filter_map(|sign| {
            let count = standing
                .parties
                .iter()
                .filter(|party| party.sign == sign)
                .count();
            (count > 0).then(|| format!("{sign}{count}"))
        });
    parts.collect::<Vec<_>>().join(" ")
}

/// Whether a position says more than who holds what since when.
fn is_qualified(position: &Position) -> bool {
    position.voice.is_some()
        || position.confidence.is_some()
        || position.likelihood.is_some()
        || position.mode != Mode::OnRecord
        || !position.said_by.is_empty()
        || position.asked.is_some()
        || position.by_date.is_some()
}

/// The signature read aloud: `2 say so, 1 in part, 1 denies it`.
pub fn signature_words(standing: &Standing) -> String {
    let kinds = [
        ('+', "says so", "say so"),
        ('±', "says it in part", "say it in part"),
        ('○', "takes no position", "take no position"),
        ('−', "contradicts", "contradict"),
        ('?', "has not answered", "have not answered"),
        ('×', "withdrew", "withdrew"),
    ];
    let parts = kinds.into_iter().filter_map(|(sign, one, many)| {
        let count = standing
            .parties
            .iter()
            .filter(|party| party.sign == sign)
            .count();
        match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        }
    });
    let words = parts.collect::<Vec<_>>().join(", ");
    if words.is_empty() {
        "nobody takes a position".into()
    } else {
        words
    }
}

/// The headline as it begins a sentence: `No response`.
pub fn headline(headline: Headline) -> String {
    capitalized(&headline.word().replace('-', " "))
}

/// Words as they begin a sentence.
pub fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// How a claim is underlined: double when somebody contradicts it, dotted when the accused have
/// not answered, single otherwise.
pub fn line(headline: Headline) -> &'static str {
    match headline {
        Headline::Contested | Headline::Denied | Headline::DenialOnly => "contested",
        Headline::Unanswered | Headline::NoResponse | Headline::Declined => "unanswered",
        Headline::Unattributed
        | Headline::Admitted
        | Headline::Withdrawn
        | Headline::Corroborated
        | Headline::Uncontested => "plain",
    }
}

/// The class of a stance, by its sign.
pub fn stance_class(stance: Stance) -> &'static str {
    match stance {
        Stance::Claims | Stance::Confirms | Stance::Admits | Stance::Endorses => "says",
        Stance::InPart => "part",
        Stance::Denies | Stance::Disputes => "denies",
        Stance::Questions | Stance::Acknowledges | Stance::NoComment => "silent",
        Stance::NoResponse => "asked",
        Stance::Reports => "reports",
        Stance::Retracts | Stance::Corrects => "withdrew",
    }
}

/// The place of the first position that asserts the claim: on a party's own authority, else by
/// endorsement, else in part. Nobody who only contradicts it said it first.
pub fn first(claim: &Claim) -> Option<usize> {
    let place =
        |wanted: &dyn Fn(Stance) -> bool| claim.positions.iter().position(|p| wanted(p.stance));
    place(&|stance| stance.side() == Side::Own)
        .or_else(|| place(&|stance| stance.side() == Side::Endorsing))
        .or_else(|| place(&|stance| stance == Stance::InPart))
}
