//! Claims and positions on a page: signatures, underlines, replies, the matrix.

use super::components::{
    CiteView, ClaimLine, Day, FirstSaid, Link, Matrix, MatrixCell, MatrixRow, OriginalView,
    PositionView, RangeView, ReplyView, SentenceView, StatusCount, status_counts,
};
use super::context::PageContext;
use super::fragment::at_words;
use super::shared::Shared;
use crate::derive::{Party, ReplyOf, Standing};
use crate::index::sort_orders;
use crate::model::{
    Actor, Claim, Confidence, Id, Likelihood, Mode, PartialDate, Position, Reply, Site, Stance,
    Status, Wording,
};
use crate::text::{
    Direction, direction_of, excerpt, html_language, is_same_language, isolated, may_be_of,
};

/// The maximum number of signs in a signature; more parties are counted.
const SIGNS: usize = 6;

/// The number of characters of a position's words in a note.
const BRIEF: usize = 110;

/// The number of characters of a position's words in a list.
const SHORT: usize = 220;

impl<'a> PageContext<'a> {
    pub fn standing(&self, claim: Id<Claim>) -> &'a Standing {
        &self.facts.standings[claim]
    }

    pub fn claim(&self, id: Id<Claim>) -> Shared<ClaimLine> {
        self.parts.claims.get(id, || self.claim_line(id))
    }

    fn claim_line(&self, id: Id<Claim>) -> ClaimLine {
        let claim = &self.site.claims()[id];
        let standing = self.standing(id);
        ClaimLine {
            owner: crate::derive::owner(self.site, claim, standing),
            id: claim.id.clone(),
            text: claim.text.clone(),
            href: self.claim_href(id),
            signature: signature(standing),
            signature_words: signature_words(standing),
            status: standing.status.word(),
            status_words: crate::derive::status_words(self.site, standing),
            line: line(standing.status),
            support: crate::derive::support_words(standing),
            support_word: standing.support.word(),
            contest: crate::derive::contest_words(self.site, standing),
            contest_word: standing.contest.word(),
            tlp: self.part_label(self.levels().claim(claim)),
        }
    }

    /// Returns a claim with its owner and its status, for places outside of its page.
    pub fn with_owner(&self, id: Id<Claim>) -> String {
        crate::derive::with_owner(self.site, &self.site.claims()[id], self.standing(id))
    }

    pub fn claims(&self, ids: &[Id<Claim>]) -> Vec<Shared<ClaimLine>> {
        ids.iter().map(|id| self.claim(*id)).collect()
    }

    /// Returns the number of `claims` with each status.
    pub fn statuses(&self, claims: impl Iterator<Item = Id<Claim>>) -> Vec<StatusCount> {
        status_counts(&sort_orders::statuses(
            claims.map(|claim| self.standing(claim).status),
        ))
    }

    /// Returns who made a claim first, and when; `None` if no party makes it, even in part.
    pub fn first(&self, id: Id<Claim>) -> Option<FirstSaid> {
        let positions = &self.site.claims()[id].positions;
        let first = &self.standing(id).first;
        let on = positions[*first.first()?].on;
        let mut by: Vec<Id<Actor>> = Vec::new();
        for party in first.iter().map(|place| positions[*place].by) {
            if !by.contains(&party) {
                by.push(party);
            }
        }
        Some(FirstSaid {
            by: self.actors(&by),
            date: on.map(|on| self.day(&on)),
        })
    }

    /// Returns the position with index `at` of a claim.
    pub fn position(&self, id: Id<Claim>, at: usize) -> Shared<PositionView> {
        let positions = &self.parts.positions;
        positions.get((id, at), || self.position_view(id, at))
    }

    fn position_view(&self, id: Id<Claim>, at: usize) -> PositionView {
        let claim = &self.site.claims()[id];
        let position = &claim.positions[at];
        let anchor = position_anchor(self.site, claim, at);
        let standing = self.standing(id);
        let optional = |id: Option<Id<Actor>>| id.map(|id| self.actor(id));
        let (words, wording) = (position.said(), position.wording());
        let lang = self.lang(position);
        let source_language = position.source_language(self.site);
        let source_language = source_language.filter(|language| self.is_foreign(language));
        let (confidence, likelihood) = (&position.confidence, &position.likelihood);
        let (confidence, likelihood) = (confidence.as_ref(), likelihood.as_ref());
        PositionView {
            href: self.anchored(&self.claim_href(id), &anchor),
            anchor,
            in_text: Link {
                href: self.mark_href(position.doc, position.mark),
                text: self.doc(position.doc).text.clone(),
                tlp: None,
            },
            by: self.actor(position.by),
            role: self.role(claim, position),
            stance: position.stance.verb(),
            words: position.stance.in_words(),
            sign: position.stance.sign().unwrap_or(' ').to_string(),
            class: stance_class(position.stance),
            quote: words.to_owned(),
            is_verbatim: wording == Wording::Verbatim,
            original: position
                .original()
                .map(|words| self.original(position, words)),
            brief: excerpt(words, BRIEF).map(str::to_owned),
            short: excerpt(words, SHORT).map(str::to_owned),
            dir: lang.and_then(|lang| self.dir(Some(lang))),
            lang: lang.map(html_language),
            source_language: source_language.map(html_language),
            sentence: (wording == Wording::Paraphrase)
                .then(|| self.sentence(position))
                .flatten(),
            date: position.on.as_ref().map(|on| self.moment(claim, on)),
            voice: optional(position.voice),
            is_qualified: is_qualified(position),
            confidence: confidence.map(|it| it.term().to_owned()),
            is_level: confidence.is_some_and(Confidence::is_level),
            likelihood: likelihood.map(|it| it.term().to_owned()),
            likelihood_range: likelihood
                .and_then(Likelihood::range)
                .map(|(by, range)| RangeView {
                    words: range.words,
                    by: by.name(),
                }),
            grade: position.grade.map(|grade| grade.to_string()),
            basis: position.basis.map(|basis| basis.word()),
            mode: (position.mode != Mode::OnRecord).then(|| position.mode.word()),
            joint: position.joint.clone(),
            joint_event: claim.event.filter(|_| position.joint.is_some()).map(|id| {
                let event = self.event(id);
                Link {
                    text: event.text,
                    href: event.href,
                    tlp: event.tlp,
                }
            }),
            said_by: self.actors(&position.said_by),
            with: position.with.map(|claim| self.claim(claim)),
            asked: position.asked.as_ref().map(|on| self.day(on)),
            by_date: position.by_date.as_ref().map(|on| self.day(on)),
            via: position.via.clone(),
            note: position.note.clone(),
            sources: Shared::new(self.cites_at_words(position)),
            remarks: self.remarks(id, at),
            state: crate::derive::fate(claim, standing, at).state.word(),
            tlp: self.part_label(self.levels().position(claim, position)),
        }
    }

    /// Returns the date of a position, with its time of day if that decides the order of the
    /// statements of this day.
    fn moment(&self, claim: &Claim, on: &PartialDate) -> Day {
        let mut day = self.day(on);
        let mut others = claim.positions.iter().filter_map(|it| it.on);
        let is_ordered_by_time = others.any(|other| {
            other.time.is_some() && other.time != on.time && other.first_day() == on.first_day()
        });
        if let Some(time) = on.time.filter(|_| is_ordered_by_time) {
            day.words = format!("{}, {}", day.words, time.in_words());
        }
        day
    }

    /// Returns the later remarks of the party of the current position with index `at`.
    fn remarks(&self, id: Id<Claim>, at: usize) -> Vec<Link> {
        let claim = &self.site.claims()[id];
        let mut parties = self.standing(id).parties.iter();
        let party = parties.find(|party| party.position == at);
        let remarks = party.map_or(&[][..], |party| party.remarks.as_slice());
        remarks
            .iter()
            .map(|place| {
                let position = &claim.positions[*place];
                let words = crate::derive::remark_words(position.stance);
                let on = position.on.map(|on| format!(", {}", on.in_words()));
                Link {
                    href: self.anchored(
                        &self.claim_href(id),
                        &position_anchor(self.site, claim, *place),
                    ),
                    text: words + on.as_deref().unwrap_or(""),
                    tlp: None,
                }
            })
            .collect()
    }

    /// Returns the sources of a position, with links to its words if they are in the document.
    fn cites_at_words(&self, position: &Position) -> Vec<CiteView> {
        let mut cites = self.cites(&position.sources);
        let source_language = position.source_language(self.site);
        let verbatim = position.verbatim().filter(|words| {
            // Words that cannot be in the language of the document would not be found there.
            source_language.is_none_or(|language| may_be_of(language, words))
        });
        if let Some(words) = verbatim {
            for cite in &mut cites {
                let address = cite.original.take();
                cite.original = address.map(|address| at_words(&address, words));
            }
        }
        cites
    }

    /// Returns the words of a position in the original language.
    fn original(&self, position: &Position, words: &str) -> OriginalView {
        let language = position.source_language(self.site);
        OriginalView {
            words: words.to_owned(),
            brief: excerpt(words, BRIEF).map(str::to_owned),
            lang: language.map(html_language),
            dir: self.dir(language),
        }
    }

    /// Returns the sentence of our text around the words of a position; `None` if they are all of
    /// it.
    fn sentence(&self, position: &Position) -> Option<SentenceView> {
        let passages = self.facts.passages(position.doc);
        let passage = passages.mark(position.mark)?;
        let part = |range: std::ops::Range<usize>| passage.sentence.get(range).unwrap_or("");
        let (start, end) = (passage.words.start, passage.words.end);
        let (before, after) = (part(0..start), part(end..passage.sentence.len()));
        let is_more = |text: &str| text.chars().any(char::is_alphanumeric);
        (is_more(before) || is_more(after)).then(|| SentenceView {
            before: self.around(before),
            words: part(start..end).to_owned(),
            after: self.around(after),
            tlp: self.part_label(self.levels().part(position.doc, passage.tlp)),
        })
    }

    /// Returns the language of a position's words, if it differs from the book's.
    pub fn lang(&self, position: &'a Position) -> Option<&'a str> {
        let language = position.language(self.site)?;
        self.is_foreign(language).then_some(language)
    }

    /// Returns `dir` for words of a language, or of an unknown one; `None` if it equals the page's.
    pub fn dir(&self, language: Option<&str>) -> Option<&'static str> {
        let word = language.map_or(Direction::Auto, direction_of).word();
        (word != self.book.config.direction().word()).then_some(word)
    }

    /// True if a language differs from the book's; regions are ignored.
    pub fn is_foreign(&self, language: &str) -> bool {
        !is_same_language(language, &self.book.config.language)
    }

    /// Returns the indices of current positions in the order of the parties, then of reports.
    pub fn current(&self, id: Id<Claim>) -> Vec<usize> {
        let claim = &self.site.claims()[id];
        let parties = self.standing(id).parties.iter();
        let reports = claim.positions.iter().enumerate();
        let reports = reports.filter(|(_, position)| position.stance == Stance::Reports);
        let current = parties.map(|party| party.position);
        current.chain(reports.map(|(place, _)| place)).collect()
    }

    /// Returns current positions in the order of the parties, then reports.
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
            Some(accused) => {
                let name = isolated(&self.site.actors()[*accused].name);
                format!("answers for {name}")
            }
            None => String::new(),
        }
    }

    /// Returns the replies to a claim; of one that no party makes any more, only the answers.
    pub fn replies(&self, id: Id<Claim>) -> Vec<ReplyView> {
        let standing = self.standing(id);
        // Nobody waits for a reply to what no party says any more.
        let is_shown = |reply: &&ReplyOf| reply.reply.is_answer() || standing.is_stated();
        let replies = standing.replies.iter().filter(is_shown);
        replies.map(|reply| self.reply(id, reply)).collect()
    }

    pub fn reply(&self, id: Id<Claim>, reply: &ReplyOf) -> ReplyView {
        let representative = match reply.reply {
            Reply::ByRepresentative(actor) => Some(self.actor(actor)),
            Reply::Replied | Reply::Declined | Reply::NoResponse | Reply::Unanswered => None,
        };
        ReplyView {
            accused: self.actor(reply.accused),
            reply: reply.reply.word(),
            words: reply.in_words(),
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

/// Returns the anchor of a position on its claim's page: party, stance and date, so that it does
/// not change with other positions.
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
    // Positions are sorted by day, so equal anchors are near.
    let before = claim.positions[..at].iter().rev();
    let before = before.take_while(|other| first(other) == first(position));
    match before.filter(is_alike).count() {
        0 => anchor,
        before => format!("{anchor}.{}", before + 1),
    }
}

/// Returns one sign per party, or counts for more than six.
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

/// True if a position has more than party, stance and date.
fn is_qualified(position: &Position) -> bool {
    position.voice.is_some()
        || position.confidence.is_some()
        || position.likelihood.is_some()
        || position.mode != Mode::OnRecord
        || !position.said_by.is_empty()
        || position.asked.is_some()
        || position.by_date.is_some()
}

/// Returns the signature in words: `2 say so, 1 in part, 1 denies it`.
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

/// Capitalizes the first letter.
pub fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// Returns the underline of a claim: double if it is disputed, dotted if an accused has not
/// replied, single otherwise.
pub fn line(status: Status) -> &'static str {
    if status.is_disputed() {
        "contested"
    } else if status.awaits_reply() {
        "unanswered"
    } else {
        "plain"
    }
}

/// Returns the class of a stance, by its sign.
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
