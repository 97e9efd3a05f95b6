//! What is marked above the ceiling of the book leaves it before anything is made of it.
//!
//! Whole documents are set aside. Marks and sections are cut out of their text, byte by byte
//! under blanks, and the text is read again: so nothing that comes after, whatever it makes of a
//! document, has the words, and every place stays where it was. Each is told of as `WS021`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::leaks::Words;
use crate::diag::{Code, Diagnostic};
use crate::model::{Stance, Tlp};
use crate::parse::{self, Attrs, DocKind, Draft, Front, RawMark, Reading, Verb};
use crate::text::{Place, SitePath, Span, fold};

/// What was taken out of a book.
#[derive(Default)]
pub struct Withheld {
    /// The files that were set aside.
    pub files: Vec<SitePath>,
    /// The ids, names and titles of what was set aside, folded.
    pub names: BTreeSet<String>,
    /// The words that no output may hold.
    pub words: Words,
    pub diagnostics: Vec<Diagnostic>,
}

/// Takes what is above `ceiling` out of `drafts`.
pub fn take(drafts: &mut Vec<Arc<Draft>>, ceiling: Tlp, reading: Reading) -> Withheld {
    let mut withheld = Withheld::default();
    drafts.retain(|draft| match draft.common.tlp {
        Some(tlp) if tlp > ceiling => {
            withheld.document(draft, tlp, ceiling);
            false
        }
        Some(_) | None => true,
    });
    for draft in drafts.iter_mut() {
        let cuts = withheld.passages(draft, ceiling);
        if !cuts.is_empty() {
            let text = blanked(&draft.text, &cuts);
            *draft = Arc::new(parse::draft(
                &draft.file,
                kind(draft),
                text.into(),
                &reading,
            ));
        }
    }
    withheld
}

impl Withheld {
    fn document(&mut self, draft: &Draft, tlp: Tlp, ceiling: Tlp) {
        let (id, place) = match &draft.common.id {
            Some((id, span)) => (id.clone(), Place::new(&draft.file, *span)),
            None => (draft.file.stem().to_owned(), head(draft)),
        };
        let (what, names) = match &draft.front {
            Front::Briefing(front) => {
                let heading = draft.headings.first().map(|heading| heading.text.clone());
                (
                    "briefing",
                    [front.title.clone(), heading].map(Vec::from_iter).concat(),
                )
            }
            Front::Actor(front) => {
                let aliases = front.aliases.iter().map(|(alias, _)| alias.clone());
                let named_by = front.named_by.iter().map(|naming| naming.alias.clone());
                let name = front.name.iter().map(|(name, _)| name.clone());
                ("actor", name.chain(aliases).chain(named_by).collect())
            }
            Front::Claim(front) => {
                let text = front.text.iter().map(|(text, _)| text.clone());
                ("claim", text.collect())
            }
            Front::Source(front) => {
                let url = front.url.iter().map(|(url, _)| url.clone());
                ("source", front.title.iter().cloned().chain(url).collect())
            }
            Front::Astray(title) => ("page", title.iter().cloned().collect()),
        };
        self.words.id(&id, &place);
        self.names.insert(fold(&id));
        for name in names {
            self.words.name(&name, &place);
            self.names.insert(fold(&name));
        }
        for mark in &draft.marks {
            self.mark_words(draft, mark);
        }
        self.files.push(draft.file.clone());
        let what = format!("{what} `{id}`");
        self.diagnostics.push(above_tlp(&what, tlp, ceiling, place));
    }

    /// The places of marks and sections above the ceiling.
    fn passages(&mut self, draft: &Draft, ceiling: Tlp) -> Vec<Range<usize>> {
        let mut cuts = Vec::new();
        for section in &draft.sections {
            let Some(tlp) = section.attrs.tlp.filter(|tlp| *tlp > ceiling) else {
                continue;
            };
            let heading = &draft.headings[section.heading];
            let next = draft.headings[section.heading + 1..].iter();
            let end = next
                .filter(|next| next.level <= section.level)
                .map(|next| next.span.start as usize)
                .next()
                .unwrap_or(draft.text.len());
            let start = heading.span.start as usize;
            let place = Place::new(&draft.file, heading.span);
            self.words.name(&heading.text, &place);
            self.diagnostics
                .push(above_tlp("this section", tlp, ceiling, place));
            cuts.push(start..end);
        }
        for mark in &draft.marks {
            let is_cut = |cut: &Range<usize>| cut.contains(&(mark.span.start as usize));
            if cuts.iter().any(is_cut) {
                self.mark_words(draft, mark);
                continue;
            }
            let Some(tlp) = marked(draft, mark).filter(|tlp| *tlp > ceiling) else {
                continue;
            };
            self.mark_words(draft, mark);
            let what = match mark.ids.first() {
                Some(id) => format!("position on `{}`", id.text),
                None => "this mark".to_owned(),
            };
            let place = Place::new(&draft.file, mark.span);
            self.diagnostics.push(above_tlp(&what, tlp, ceiling, place));
            // The attribution of a quotation speaks for all of it.
            let quoted = mark.whole_quote.and_then(|(first, last)| {
                let items = draft.body.items.get(first..=last)?;
                Some(items.first()?.span.start as usize..items.last()?.span.end as usize)
            });
            cuts.extend(quoted);
            cuts.push(mark.span.range());
        }
        cuts
    }

    fn mark_words(&mut self, draft: &Draft, mark: &RawMark) {
        let place = Place::new(&draft.file, mark.span);
        self.words.passage(&mark.words, &place);
        if let Some(text) = &mark.attrs.text {
            self.words.passage(&text.value, &place);
        }
        if mark.verb == Verb::Position(Stance::Claims) {
            self.names.extend(mark.ids.iter().map(|id| fold(&id.text)));
        }
    }
}

/// The level of a mark: its own, else of the headings above it, else of the front matter.
fn marked(draft: &Draft, mark: &RawMark) -> Option<Tlp> {
    let mut level = mark.attrs.tlp;
    let mut section = mark.section;
    while let (None, Some(number)) = (level, section) {
        let here = &draft.sections[number];
        level = here.attrs.tlp;
        section = here.parent;
    }
    let of = |attrs: &Attrs| attrs.tlp;
    level.or_else(|| match &draft.front {
        Front::Briefing(front) => of(&front.defaults),
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => None,
    })
}

fn kind(draft: &Draft) -> DocKind {
    match &draft.front {
        Front::Briefing(_) => DocKind::Briefing,
        Front::Actor(_) => DocKind::Actor,
        Front::Claim(_) => DocKind::Claim,
        Front::Source(_) => DocKind::Source,
        Front::Astray(_) => DocKind::Astray,
    }
}

/// The text with blanks where `cuts` are. Line ends stay, so that every place keeps its line.
fn blanked(text: &str, cuts: &[Range<usize>]) -> String {
    let is_cut = |at: usize| cuts.iter().any(|cut| cut.contains(&at));
    let mut blanked = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        match letter {
            '\n' | '\r' => blanked.push(letter),
            _ if is_cut(at) => blanked.extend(std::iter::repeat_n(' ', letter.len_utf8())),
            _ => blanked.push(letter),
        }
    }
    blanked
}

fn head(draft: &Draft) -> Place {
    let end = draft.text.find('\n').unwrap_or(draft.text.len());
    Place::new(&draft.file, Span::new(0..end))
}

fn above_tlp(what: &str, tlp: Tlp, ceiling: Tlp, place: Place) -> Diagnostic {
    let (tlp, ceiling) = (tlp.word(), ceiling.word());
    Diagnostic::new(
        Code::AboveTlp,
        place,
        format!("{what} is marked `{tlp}`, above the book's ceiling `{ceiling}`"),
    )
    .label(format!("marked `{tlp}`"))
    .hint(format!(
        "raise the book's `tlp` to `{tlp}`, or build with `--tlp {ceiling}`, which leaves it out"
    ))
}
