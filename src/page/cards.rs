//! The content of cards, and the pages that have one.
//!
//! A card is shown without the rest of the site. So the card of a claim has its status and the
//! replies of the accused, like its citation, and that of a briefing the number of its contested
//! and unanswered claims.

use std::sync::Arc;

use super::context::PageContext;
use super::home::SiteCounts;
use super::levels::tlp_label;
use super::{Route, cite, home, position};
use crate::card::{Card, Rule};
use crate::derive::legal_sentences_of;
use crate::diag::{Code, Diagnostic};
use crate::index::profile::Subject;
use crate::model::Status;
use crate::model::{Briefing, Claim, Id, Tlp};
use crate::text::Place;

/// The number of replies on a card; the rest are counted.
const ANSWERS: usize = 2;

impl PageContext<'_> {
    /// Returns the card of this page, if it has one. A card with a character that no font has is
    /// left out and reported.
    pub fn drawn_card(&self, said: &mut Vec<Diagnostic>) -> Option<Arc<Card>> {
        let fonts = self.book.fonts?;
        let card = match self.route.profile().own_subject() {
            Some(Subject::Briefing(id)) => self.briefing_card(id),
            Some(Subject::Claim(id)) => self.claim_card(id),
            None if *self.route == Route::Home && self.part.is_first() => self.home_card(),
            Some(Subject::Actor(_) | Subject::Source(_) | Subject::Tag(_)) | None => return None,
        };
        match card.lacking(fonts) {
            None => Some(Arc::new(card)),
            Some(letter) => {
                said.push(undrawn(
                    super::addresses::told(self.book, self.route).0,
                    letter,
                ));
                None
            }
        }
    }

    /// Returns the Traffic Light Protocol label, if there is one.
    fn label(&self, own: Option<Tlp>) -> String {
        let tlp = own.or(self.book.config.tlp);
        tlp.map_or_else(String::new, |tlp| tlp_label(tlp.word()))
    }

    fn home_card(&self) -> Card {
        let counts = SiteCounts::of(self);
        let config = self.book.config;
        let briefings = counted(counts.briefings, "briefing", "briefings");
        Card {
            page: self.here.clone(),
            site: self.site_title(),
            kind: briefings,
            aside: {
                let home = self.facts.home;
                self.label(home.and_then(|id| self.site.briefings()[id].tlp))
            },
            title: self.site_title(),
            rule: Rule::Single,
            signature: String::new(),
            head: format!(
                "{} · {} · {}",
                counted(counts.claims, "claim", "claims"),
                counted(counts.actors, "actor", "actors"),
                counted(counts.sources, "source", "sources"),
            ),
            words: config.description.clone().unwrap_or_default(),
            foot: String::new(),
        }
    }

    fn briefing_card(&self, id: Id<Briefing>) -> Card {
        let briefing = &self.site.briefings()[id];
        let line = home::briefing_line(self, id);
        let mut head = vec![counted(line.claims, "claim", "claims")];
        let statuses = line.statuses.iter();
        head.extend(statuses.map(|of| format!("{} {}", of.count, of.word.replace('-', " "))));
        head.push(counted(line.actors, "party", "parties"));
        let day = line.updated.or(line.date).map(|day| day.words);
        let aside = [self.label(briefing.tlp), day.unwrap_or_default()];
        let aside = aside.into_iter().filter(|text| !text.is_empty());
        let question = briefing.question.map(|claim| self.standing(claim).status);
        let subtitle = briefing.subtitle.clone();
        Card {
            page: self.here.clone(),
            site: self.site_title(),
            kind: "Briefing".to_owned(),
            aside: aside.collect::<Vec<_>>().join(" · "),
            title: briefing.title.clone(),
            rule: question.map_or(Rule::Single, rule),
            signature: String::new(),
            head: head.join(" · "),
            words: subtitle
                .or_else(|| briefing.summary.clone())
                .unwrap_or_default(),
            foot: String::new(),
        }
    }

    fn claim_card(&self, id: Id<Claim>) -> Card {
        let claim = &self.site.claims()[id];
        let line = self.claim(id);
        let standing = self.standing(id);
        let replies = self.replies(id);
        let mut answers: Vec<String> = replies.iter().take(ANSWERS).map(cite::answered).collect();
        if replies.len() > ANSWERS {
            let more = replies.len() - ANSWERS;
            answers.push(format!("{more} more accused: see the page"));
        }
        Card {
            page: self.here.clone(),
            site: self.site_title(),
            kind: format!("Claim by {}", line.owner),
            aside: self.label(self.levels().claim(claim)),
            title: claim.text.trim_end_matches('.').to_owned(),
            rule: rule(standing.status),
            signature: line.signature.clone(),
            head: standing.status.label(),
            words: format!(
                "{}; {}.",
                position::capitalized(&line.status_words),
                line.signature_words
            ),
            foot: {
                let mut foot = legal_sentences_of(self.site, claim);
                if !answers.is_empty() {
                    foot.push(answers.join("; "));
                }
                let ended: Vec<String> = foot.iter().map(|text| format!("{text}.")).collect();
                ended.join(" ")
            },
        }
    }
}

fn undrawn(place: Place, letter: char) -> Diagnostic {
    let message = format!("no card font has the character `{letter}`");
    Diagnostic::new(Code::CardNotDrawn, place, message)
        .label("links to this page have no preview image")
        .hint("add a font with this character to `card-fonts`, or set `cards = false`")
}

/// Keeps only the first diagnostic about cards, because one more font usually solves all.
pub fn once(said: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let (undrawn, mut said): (Vec<_>, Vec<_>) =
        said.partition(|said| said.code == Code::CardNotDrawn);
    let more = undrawn.len().saturating_sub(1);
    said.extend(undrawn.into_iter().next().map(|mut first| {
        if more > 0 {
            first.label = format!("links to this page and {more} more have no preview image");
        }
        first
    }));
    said
}

fn rule(status: Status) -> Rule {
    match position::line(status) {
        "contested" => Rule::Double,
        "unanswered" => Rule::Dotted,
        _ => Rule::Single,
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
