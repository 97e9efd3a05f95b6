//! What is marked above the ceiling of the book leaves it before anything is made of it.
//!
//! Whole documents are set aside. Marks and sections are cut out of their text, byte by byte
//! under blanks, and the text is read again: so nothing that comes after, whatever it makes of a
//! document, has the words, and every place stays where it was. Each is told of as `WS021`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::leaks::Words;
use super::shelf::Shelf;
use crate::diag::{Code, Diagnostic};
use crate::link;
use crate::model::{Node, Stance, Tag, Tlp};
use crate::parse::{self, Attrs, DocKind, Draft, Front, RawMark, Reading, Verb};
use crate::text::{Place, SitePath, Span, fold, percent_decoded};

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
    /// What was taken out of each file, as bytes of it.
    taken: BTreeMap<SitePath, Vec<Range<usize>>>,
}

/// Takes what is above `ceiling` out of `drafts`, and pictures that nothing else shows off the
/// `shelf`.
pub fn take(
    drafts: &mut Vec<Arc<Draft>>,
    ceiling: Tlp,
    reading: Reading,
    shelf: &mut Shelf,
) -> Withheld {
    let mut withheld = Withheld::default();
    let mut hidden = BTreeSet::new();
    drafts.retain(|draft| match draft.common.tlp {
        Some(tlp) if tlp > ceiling => {
            withheld.document(draft, tlp, ceiling, shelf);
            hidden.append(&mut pictures(draft, shelf));
            false
        }
        Some(_) | None => true,
    });
    for draft in drafts.iter_mut() {
        let cuts = withheld.passages(draft, ceiling, shelf);
        if !cuts.is_empty() {
            hidden.append(&mut pictures(draft, shelf));
            let text = blanked(&draft.text, &cuts);
            *draft = Arc::new(parse::draft(
                &draft.file,
                kind(draft),
                text.into(),
                &reading,
            ));
        }
    }
    if !withheld.words.is_empty() {
        for draft in drafts.iter() {
            withheld.let_pass(draft, shelf);
            for shown in pictures(draft, shelf) {
                hidden.remove(&shown);
            }
        }
    }
    shelf.copied.retain(|path, _| !hidden.contains(path));
    shelf.sizes.retain(|path, _| !hidden.contains(path));
    withheld
}

impl Withheld {
    fn document(&mut self, draft: &Draft, tlp: Tlp, ceiling: Tlp, shelf: &Shelf) {
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
                let urls = front.url.iter().chain(&front.archive);
                let urls = urls.map(|(url, _)| url.clone());
                ("source", front.title.iter().cloned().chain(urls).collect())
            }
            Front::Astray(title) => ("page", title.iter().cloned().collect()),
        };
        self.words.id(&id, &place);
        self.names.insert(fold(&id));
        for name in names {
            self.words.name(&name, &place);
            self.names.insert(fold(&name));
        }
        for summary in summaries(&draft.front) {
            self.words.passage(summary, &place);
        }
        if let Front::Briefing(_) = &draft.front
            && let Some(page) = draft.file.below(&shelf.source)
            && !matches!(page.stem(), "index" | "README")
        {
            let page = page.as_str().trim_end_matches(".md");
            self.words.page(page, &place);
        }
        for mark in &draft.marks {
            self.mark_words(draft, mark);
        }
        self.cut(draft, &place, 0..draft.text.len(), shelf);
        self.files.push(draft.file.clone());
        let what = format!("{what} `{id}`");
        self.diagnostics.push(above_tlp(&what, tlp, ceiling, place));
    }

    /// Remembers what is taken out of a text, by where it was written.
    fn cut(&mut self, draft: &Draft, place: &Place, cut: Range<usize>, shelf: &Shelf) {
        let inside = |span: Span| cut.contains(&(span.start as usize));
        for (text, span) in blocks(draft).filter(|(_, span)| inside(*span)) {
            self.words.sentences(&text, place);
            let origin = origin(draft, span, shelf);
            let taken = self.taken.entry(origin.file).or_default();
            taken.push(origin.span.range());
        }
    }

    /// Lets the sentences pass that a text which is published has of its own: those that it
    /// includes from what was taken out it has not.
    fn let_pass(&mut self, draft: &Draft, shelf: &Shelf) {
        let embedded = shelf.embedded.get(&draft.file);
        for (text, span) in blocks(draft) {
            let origin = origin(draft, span, shelf);
            let at = origin.span.start as usize;
            let taken = self.taken.get(&origin.file).into_iter().flatten();
            let embedded = embedded.into_iter().flatten();
            let is_taken = taken.clone().any(|range| range.contains(&at))
                || embedded.clone().any(|range| range.contains(&at));
            if !is_taken {
                self.words.allow_sentences(&text);
            }
        }
    }

    /// The places of marks and sections above the ceiling.
    fn passages(&mut self, draft: &Draft, ceiling: Tlp, shelf: &Shelf) -> Vec<Range<usize>> {
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
            self.cut(draft, &place, start..end, shelf);
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
            // The attribution of a quotation speaks for all of it.
            let quoted = mark.whole_quote.and_then(|(first, last)| {
                let items = draft.body.items.get(first..=last)?;
                Some(items.first()?.span.start as usize..items.last()?.span.end as usize)
            });
            for cut in quoted.into_iter().chain([mark.span.range()]) {
                self.cut(draft, &place, cut.clone(), shelf);
                cuts.push(cut);
            }
            self.diagnostics.push(above_tlp(&what, tlp, ceiling, place));
        }
        cuts
    }

    fn mark_words(&mut self, draft: &Draft, mark: &RawMark) {
        let place = Place::new(&draft.file, mark.span);
        self.words.passage(&mark.words, &place);
        if let Some(text) = &mark.attrs.text {
            self.words.passage(&text.value, &place);
        }
        if let Verb::Position(Stance::Claims) | Verb::Event = mark.verb {
            self.names.extend(mark.ids.iter().map(|id| fold(&id.text)));
            // One that is stated in what is published too is let pass later.
            for id in &mark.ids {
                self.words.id(&id.text, &place);
            }
        }
    }
}

/// What the front matter says of a document in a sentence.
fn summaries(front: &Front) -> impl Iterator<Item = &String> {
    let told = match front {
        Front::Briefing(front) => [&front.subtitle, &front.summary],
        Front::Actor(front) => [&front.summary, &None],
        Front::Claim(_) | Front::Source(_) | Front::Astray(_) => [&None, &None],
    };
    told.into_iter().flatten()
}

/// The blocks of a text as plain words, each with where it stands.
fn blocks(draft: &Draft) -> impl Iterator<Item = (String, Span)> {
    let mut blocks: Vec<(String, Span)> = Vec::new();
    for item in &draft.body.items {
        match &item.node {
            Node::Start(tag) if tag.is_block() => blocks.push((String::new(), item.span)),
            Node::Text(text) | Node::Code(text) | Node::Html(text) => match blocks.last_mut() {
                Some((words, span)) => {
                    if words.is_empty() {
                        *span = item.span;
                    }
                    words.push_str(text);
                }
                None => blocks.push((text.to_string(), item.span)),
            },
            Node::SoftBreak | Node::HardBreak => {
                if let Some((words, _)) = blocks.last_mut() {
                    words.push(' ');
                }
            }
            _ => {}
        }
    }
    blocks.into_iter().filter(|(words, _)| !words.is_empty())
}

/// Where a piece of a text was written, perhaps in a file that it includes.
fn origin(draft: &Draft, span: Span, shelf: &Shelf) -> Place {
    let expanded = shelf.expanded.get(&draft.file);
    let origin = expanded.and_then(|expanded| expanded.origin(span));
    origin.unwrap_or_else(|| Place::new(&draft.file, span))
}

/// The pictures of the book that a document shows, by their addresses: each that a path may mean.
fn pictures(draft: &Draft, shelf: &Shelf) -> BTreeSet<SitePath> {
    let mut named: Vec<&str> = Vec::new();
    if let Front::Actor(front) = &draft.front {
        named.extend(front.image.iter().map(|(path, _)| path.as_str()));
    }
    for item in &draft.body.items {
        match &item.node {
            Node::Start(Tag::Image(image)) => named.push(&image.to.text),
            Node::Start(Tag::Mention(to)) => named.push(&to.text),
            _ => {}
        }
    }
    let mut pictures = BTreeSet::new();
    for written in named {
        let path = percent_decoded(link::split_address(written).0);
        let beside = draft.file.sibling(&path).ok();
        let beside = beside.and_then(|path| path.below(&shelf.source));
        pictures.extend(beside.into_iter().chain(SitePath::new(&path).ok()));
        // Obsidian finds a file by its name, wherever it lies.
        let files = shelf.copied.keys();
        pictures.extend(files.filter(|file| file.name() == path).cloned());
    }
    pictures.retain(|path| shelf.copied.contains_key(path));
    pictures
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
