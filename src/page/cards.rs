//! Which pages have a card, and what stands on it.
//!
//! A card goes where nothing else of the site goes. So a claim's tells how the claim stands and
//! what the accused answered, as its citation does, and a briefing's how many of its claims are
//! contradicted or unanswered.

use std::sync::Arc;

use super::at::At;
use super::home::SiteCounts;
use super::{Route, cite, home, position};
use crate::card::{Card, Rule};
use crate::derive::Headline;
use crate::diag::{Code, Diagnostic};
use crate::model::{Briefing, Claim, Id, Tlp};
use crate::text::Place;

/// Answers that a card tells one by one; of more it tells how many there are.
const ANSWERS: usize = 2;

impl At<'_> {
    /// The card of this page, where it has one. One that the fonts cannot write in full is left
    /// out, and said.
    pub fn drawn_card(&self, said: &mut Vec<Diagnostic>) -> Option<Arc<Card>> {
        let fonts = self.book.fonts?;
        let card = match self.route {
            Route::Home if self.part.is_first() => self.home_card(),
            Route::Briefing(id) => self.briefing_card(*id),
            Route::Claim(id) => self.claim_card(*id),
            Route::Home
            | Route::Actor(_)
            | Route::Actors
            | Route::Claims
            | Route::Embed(_)
            | Route::Source(_)
            | Route::Sources
            | Route::Timeline
            | Route::Network
            | Route::Print
            | Route::Exports
            | Route::Tag(_)
            | Route::Tags
            | Route::Search
            | Route::Chapter(_)
            | Route::Contents
            | Route::NotFound
            | Route::Redirect(_)
            | Route::Moved(_) => return None,
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

    /// The level of the Traffic Light Protocol, where there is one.
    fn label(&self, own: Option<Tlp>) -> String {
        let tlp = own.or(self.book.config.tlp);
        tlp.map_or_else(String::new, |tlp| {
            format!("TLP:{}", tlp.word().to_uppercase())
        })
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
        for (count, word) in [
            (line.contested, "contested"),
            (line.unanswered, "unanswered"),
        ] {
            if count > 0 {
                head.push(format!("{count} {word}"));
            }
        }
        head.push(counted(line.actors, "party", "parties"));
        let day = line.updated.or(line.date).map(|day| day.words);
        let aside = [self.label(briefing.tlp), day.unwrap_or_default()];
        let aside = aside.into_iter().filter(|text| !text.is_empty());
        let question = briefing.question.map(|claim| self.standing(claim).headline);
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
            kind: "Claim".to_owned(),
            aside: self.label(claim.tlp),
            title: claim.text.trim_end_matches('.').to_owned(),
            rule: rule(standing.headline),
            signature: line.signature.clone(),
            head: position::headline(standing.headline),
            words: format!(
                "{}; {}.",
                position::capitalized(line.headline_words),
                line.signature_words
            ),
            foot: match answers.is_empty() {
                true => String::new(),
                false => format!("{}.", answers.join("; ")),
            },
        }
    }
}

fn undrawn(place: Place, letter: char) -> Diagnostic {
    let message = format!("no font for cards has `{letter}`");
    Diagnostic::new(Code::CardNotDrawn, place, message)
        .label("links to this page are shown without a card")
        .hint("name a font that has it in `card-fonts`, or write `cards = false`")
}

/// The diagnostics with the first of those about cards for all of them, since one more font mends
/// them together.
pub fn once(said: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let (undrawn, mut said): (Vec<_>, Vec<_>) =
        said.partition(|said| said.code == Code::CardNotDrawn);
    let more = undrawn.len().saturating_sub(1);
    said.extend(undrawn.into_iter().next().map(|mut first| {
        if more > 0 {
            first.label = format!("links to this page and {more} more are shown without a card");
        }
        first
    }));
    said
}

fn rule(headline: Headline) -> Rule {
    match position::line(headline) {
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
