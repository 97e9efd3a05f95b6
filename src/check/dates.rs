//! Checks dates for contradictions. Partial, uncertain and approximate dates are reported only if
//! no reading of them is possible.

use super::{Case, place};
use crate::diag::{Code, Diagnostic};
use crate::model::{Doc, Event, PartialDate, Position, Stance};

/// Checks the dates of a claim against each other.
pub(super) fn check(case: &Case, found: &mut Vec<Diagnostic>) {
    let event = case.claim.event.map(|event| &case.site.events()[event]);
    let dated = case.first_of_marks(|position| position.on.is_some());
    for position in dated {
        let Some(on) = position.on else { continue };
        if let Some((event, happened)) = event.and_then(|event| event.on.map(|on| (event, on)))
            && is_before(on, happened)
            && speaks_of_the_past(case, position)
        {
            found.push(before_event(position, on, event, happened));
        }
        if let Some(published) = last_published(case, position)
            && is_before(published, on)
        {
            found.push(after_source(case, position, on, published));
        }
        if let Some(as_of) = as_of(case, position)
            && is_before(as_of, on)
        {
            found.push(after_as_of(position, on, as_of));
        }
    }
}

/// True if `one` ended before `other` began, within their tolerances.
fn is_before(one: PartialDate, other: PartialDate) -> bool {
    let days = one
        .last_day()
        .until(other.first_day())
        .map_or(0, |span| span.get_days());
    days > one.slack() + other.slack()
}

/// True if a position says that the event happened. Forecasts, denials and positions without a side
/// can be earlier than the event.
fn speaks_of_the_past(case: &Case, position: &Position) -> bool {
    const FUTURE: &[&str] = &[
        "will",
        "would",
        "shall",
        "may",
        "might",
        "could",
        "going",
        "plan",
        "plans",
        "planned",
        "planning",
        "intend",
        "intends",
        "intended",
        "intention",
        "prepare",
        "prepares",
        "preparing",
        "prepared",
        "expect",
        "expects",
        "expected",
        "about",
        "soon",
        "threat",
        "threatens",
        "threatened",
        "ready",
        "imminent",
        "next",
        "tomorrow",
        "forecast",
        "forecasts",
        "predicts",
        "warns",
        "if",
    ];
    let is_assertion = match position.stance {
        Stance::Claims | Stance::Confirms | Stance::Admits | Stance::Endorses | Stance::InPart => {
            true
        }
        Stance::Denies
        | Stance::Disputes
        | Stance::Questions
        | Stance::Acknowledges
        | Stance::NoComment
        | Stance::NoResponse
        | Stance::Reports
        | Stance::Retracts
        | Stance::Corrects => false,
    };
    let looks_ahead = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| FUTURE.contains(&word.to_lowercase().as_str()))
    };
    let is_forecast = position.likelihood.is_some()
        || looks_ahead(&case.claim.text)
        || looks_ahead(&position.words);
    is_assertion && !is_forecast
}

/// Returns the date of the latest source. `None` if a source has no date, and for a silence, which
/// lasts longer than the source that reports it.
fn last_published(case: &Case, position: &Position) -> Option<PartialDate> {
    if position.stance == Stance::NoResponse {
        return None;
    }
    let sources = position.sources.iter();
    let dates = sources.map(|cited| case.site.sources()[cited.source].date);
    let dates = dates.collect::<Option<Vec<_>>>()?;
    dates.into_iter().max_by_key(PartialDate::last_day)
}

/// Returns the `as-of` of the briefing that contains the position.
fn as_of(case: &Case, position: &Position) -> Option<PartialDate> {
    match position.doc {
        Doc::Briefing(briefing) => case.site.briefings()[briefing].as_of,
        Doc::Actor(_) | Doc::Claim(_) => None,
    }
}

fn before_event(
    position: &Position,
    on: PartialDate,
    event: &Event,
    happened: PartialDate,
) -> Diagnostic {
    Diagnostic::new(
        Code::BeforeEvent,
        place(position),
        format!(
            "position of `{on}` is dated before its event `{}`",
            event.id
        ),
    )
    .label(format!("dated {}", on.in_words()))
    .other(
        event.place.clone(),
        format!("the event is dated {}", happened.in_words()),
    )
    .hint(
        "set `on=` to the day of the statement, or correct `on=` of the event or `event=` of \
           the claim",
    )
}

fn after_source(
    case: &Case,
    position: &Position,
    on: PartialDate,
    published: PartialDate,
) -> Diagnostic {
    let sources = position.sources.iter();
    let ids = sources.map(|cited| case.site.sources()[cited.source].id.as_str());
    let ids = super::listed(ids);
    Diagnostic::new(
        Code::AfterSource,
        place(position),
        format!("position of `{on}` is dated after its source {ids}"),
    )
    .label(format!("the source is dated {}", published.in_words()))
    .hint("set `on=` to the day of the statement, or cite the source that contains it")
}

fn after_as_of(position: &Position, on: PartialDate, as_of: PartialDate) -> Diagnostic {
    Diagnostic::new(
        Code::AfterAsOf,
        place(position),
        format!("position of `{on}` is dated after the document's `as-of: {as_of}`"),
    )
    .label(format!("dated {}", on.in_words()))
    .hint("set a later `as-of` in the front matter, or correct `on=`")
}
