//! The highest TLP level that a build may publish, and errors if it is unclear.
//!
//! Everything here fails closed: a marking without a ceiling is an error, because nobody has said
//! who will see the site.

use std::sync::Arc;

use super::{Inputs, fixed};
use crate::config::Config;
use crate::diag::{Code, Diagnostic, Level};
use crate::model::Tlp;
use crate::parse::bibliography::RawBibliography;
use crate::parse::{Draft, Front};
use crate::text::{Place, Span};

/// Applies `--tlp` to the ceiling of the book. Returns an error if it is above that ceiling.
pub fn settle(inputs: &Inputs, config: &mut Config) -> Option<Diagnostic> {
    let wanted = inputs.options.tlp?;
    // The command line says what is to be left out, so that needs no error.
    config.lints.insert(Code::AboveTlp, Level::Allow);
    let own = config.tlp;
    config.tlp = Some(own.map_or(wanted, |own| own.min(wanted)));
    let own = own.filter(|own| *own < wanted)?;
    let (wanted, own) = (wanted.word(), own.word());
    let book_toml = || Place::whole(&fixed("book.toml"));
    Some(
        Diagnostic::new(
            Code::TlpAboveCeiling,
            config.tlp_place.clone().unwrap_or_else(book_toml),
            format!("`--tlp {wanted}` is above the book's ceiling `{own}`"),
        )
        .label("the book cannot publish anything above this level")
        .hint(format!(
            "build with `--tlp {own}` or a lower level, or raise `tlp` in `book.toml` to `{wanted}`"
        )),
    )
}

/// An error for a book without a ceiling that marks something above `clear`.
pub fn missing(
    drafts: &[Arc<Draft>],
    bibliographies: &[RawBibliography],
    config: &Config,
) -> Option<Diagnostic> {
    if config.tlp.is_some() {
        return None;
    }
    let mut marked: Vec<(Tlp, Place)> = Vec::new();
    for draft in drafts {
        marked.extend(markings(draft).filter(|(tlp, _)| *tlp > Tlp::Clear));
    }
    for bibliography in bibliographies {
        let entries = bibliography.entries.iter();
        let entries = entries.filter_map(|entry| Some((entry.tlp?, entry.span)));
        let above = entries.filter(|(tlp, _)| *tlp > Tlp::Clear);
        marked.extend(above.map(|(tlp, span)| (tlp, bibliography.map.place(span))));
    }
    let highest = marked.iter().map(|(tlp, _)| *tlp).max()?;
    let (tlp, place) = marked.first()?.clone();
    let others = match marked.len() {
        1 => String::new(),
        2 => ", and 1 other part is marked, too".to_owned(),
        some => format!(", and {} other parts are marked, too", some - 1),
    };
    let highest = highest.word();
    Some(
        Diagnostic::new(
            Code::NoTlpCeiling,
            place,
            format!(
                "marked `{}` in a book without a TLP ceiling{others}",
                tlp.word()
            ),
        )
        .label("above `clear`, but `book.toml` does not say who may see the site")
        .hint(format!(
            "build with `--tlp clear` to omit it, or write `tlp = \"{highest}\"` below \
             `[whosaid]` in `book.toml` and publish the site only for readers of `{highest}`"
        )),
    )
}

/// All levels in a document, each with its place.
fn markings(draft: &Draft) -> impl Iterator<Item = (Tlp, Place)> {
    let head = draft
        .text
        .as_str()
        .find('\n')
        .unwrap_or(draft.text.as_str().len());
    let head = draft.place(Span::new(0..head));
    let defaults = match &draft.front {
        Front::Briefing(front) => front.defaults.tlp,
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => None,
    };
    let of_file = [draft.common.tlp, defaults].into_iter().flatten();
    let of_file = of_file.map(move |tlp| (tlp, head.clone()));
    let sections = draft.sections.iter().filter_map(|section| {
        let heading = draft.headings.get(section.heading)?;
        Some((section.attrs.tlp?, draft.place(heading.span)))
    });
    let marks = draft.marks.iter();
    let marks = marks.filter_map(|mark| Some((mark.attrs.tlp?, draft.place(mark.span))));
    of_file.chain(sections).chain(marks)
}
