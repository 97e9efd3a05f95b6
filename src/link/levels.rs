//! The Traffic Light Protocol levels of marks and sections.

use crate::model::Tlp;
use crate::parse::{Draft, Front, RawMark};

/// Returns the level of a mark: the highest of its own and those of the headings above it, else
/// that of `defaults`. A mark cannot lower the level of its section, but it can override a default.
pub fn of_mark(draft: &Draft, raw: &RawMark) -> Option<Tlp> {
    let level = raw.attrs.tlp.max(of_section(draft, raw.section));
    level.or_else(|| match &draft.front {
        Front::Briefing(front) => front.defaults.tlp,
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => None,
    })
}

/// Returns the level of the section that the heading with this index begins.
pub fn of_heading(draft: &Draft, heading: usize) -> Option<Tlp> {
    let mut sections = draft.sections.iter();
    let section = sections.position(|section| section.heading == heading);
    of_section(draft, section)
}

/// Returns the highest level of a section and those that contain it.
fn of_section(draft: &Draft, section: Option<usize>) -> Option<Tlp> {
    let (mut level, mut section) = (None, section);
    while let Some(number) = section {
        let here = &draft.sections[number];
        level = level.max(here.attrs.tlp);
        section = here.parent;
    }
    level
}
