//! Dates that cannot all be right. A partial date is given the benefit of every doubt.

use super::{Case, place};
use crate::diag::{Code, Diagnostic};
use crate::model::{Doc, Event, PartialDate, Position, Stance};

/// What its dates say of one another.
pub(super) fn check(case: &Case, found: &mut Vec<Diagnostic>) {
    let event = case.claim.event.map(|event| &case.site.events()[event]);
    let dated = case.first_of_marks(|position| position.on.is_some());
    for position in dated {
        let Some(on) = position.on else { continue };
        if let Some((event, happened)) = event.and_then(|event| event.on.map(|on| (event, on)))
            && on.last_day() < happened.first_day()
        {
            found.push(before_event(position, on, event, happened));
        }
        if let Some(published) = last_published(case, position)
            && on.first_day() > published.last_day()
        {
            found.push(after_source(case, position, on, published));
        }
        if let Some(as_of) = as_of(case, position)
            && on.first_day() > as_of.last_day()
        {
            found.push(after_as_of(position, on, as_of));
        }
    }
}

/// The date of the latest of the sources; none when one of them has no date, and none for
/// silence, which lasts beyond the source that tells of it.
fn last_published(case: &Case, position: &Position) -> Option<PartialDate> {
    if position.stance == Stance::NoResponse {
        return None;
    }
    let sources = position.sources.iter();
    let dates = sources.map(|cited| case.site.sources()[cited.source].date);
    let dates = dates.collect::<Option<Vec<_>>>()?;
    dates.into_iter().max_by_key(PartialDate::last_day)
}

/// The `as-of` of the briefing that the position stands in.
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
    .hint("set `on=` to the day it was said, or correct the event's `on=` or the claim's `event=`")
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
    .hint("set `on=` to the day it was said, or cite the source that has it")
}

fn after_as_of(position: &Position, on: PartialDate, as_of: PartialDate) -> Diagnostic {
    Diagnostic::new(
        Code::AfterAsOf,
        place(position),
        format!("position of `{on}` is dated after the document's `as-of: {as_of}`"),
    )
    .label(format!("dated {}", on.in_words()))
    .hint("move `as-of` in the front matter on, or correct `on=`")
}
