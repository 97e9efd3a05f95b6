//! Reports keys of a mark that do not apply to its verb, and its dates in an impossible order.

use super::{Builder, Said};
use crate::diag::{Code, Diagnostic};
use crate::model::Stance;
use crate::parse::mask::Verb;

impl Builder<'_> {
    /// Checks the attributes of the mark itself; inherited ones are meant for many marks.
    pub(super) fn told_of_idle(&mut self, said: &Said) {
        let place = self.map.place(said.verb_span);
        let attrs = &said.attrs;
        let is = |stances: &[Stance]| match said.verb {
            Verb::Position(stance) => stances.contains(&stance),
            Verb::Event => false,
        };
        let is_event = said.verb == Verb::Event;
        let asks = is(&[Stance::NoComment, Stance::NoResponse]);
        let silent = "remove it; it belongs to `no-comment:` and `no-response:`";
        let idle = [
            (
                "with",
                attrs.with.is_some() && !is(&[Stance::Corrects]),
                "remove it; it belongs to `corrects:`",
            ),
            (
                "said-by",
                attrs.said_by.is_some() && !is(&[Stance::Reports]),
                "remove it; it belongs to `reports:`",
            ),
            ("asked", attrs.asked.is_some() && !asks, silent),
            ("by-date", attrs.by_date.is_some() && !asks, silent),
            ("via", attrs.via.is_some() && !asks, silent),
            (
                "who",
                attrs.who.is_some() && !is_event,
                "write `by=` for the speaker; `who=` belongs to `event:`",
            ),
            (
                "by",
                attrs.by.is_some() && is_event,
                "write `who=` for the participants: an event has no speaker",
            ),
        ];
        for (key, _, hint) in idle.into_iter().filter(|(_, is_idle, _)| *is_idle) {
            let message = format!("`{key}` has no effect on `{}`", said.verb.word());
            let told = Diagnostic::new(Code::IdleKey, place.clone(), message)
                .label("this key is ignored")
                .hint(hint);
            self.diagnostics.push(told);
        }
        let Some(asked) = attrs.asked.filter(|_| asks) else {
            return;
        };
        for (key, day) in [
            ("by-date", attrs.by_date),
            ("on", attrs.on.as_ref().map(|on| on.value)),
        ] {
            if day.is_some_and(|day| day.last_day() < asked.first_day()) {
                let message = format!("`{key}` is before `asked`");
                let told = Diagnostic::new(Code::ImpossibleDate, place.clone(), message)
                    .label("an answer cannot be earlier than the question")
                    .hint("correct one of the two dates");
                self.diagnostics.push(told);
            }
        }
    }
}
