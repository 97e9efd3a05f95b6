//! Removes everything marked above the TLP level of the book before anything is built from it.
//!
//! Whole documents are left out. Marks and sections are cut out of their text together with
//! everything that only they need, and the text is parsed again: the site is that of a book in which
//! the words were never written. The source map of the text keeps every place valid. Each removal is
//! reported as `WS021`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::book_files::{Assets, Contents};
use super::leak_check::Words;
use super::unused::{self, Gone, Unused};
use super::{cuts, references};
use crate::diag::{Code, Diagnostic};
use crate::model::{Node, Stance, Tlp};
use crate::parse::bibliography::RawBibliography;
use crate::parse::{self, Attrs, DocKind, Draft, Front, RawMark, Reading, Verb};
use crate::text::{Place, SitePath, SourceText, Span, name_key};

/// The content that was removed from a book.
#[derive(Default)]
pub struct Withheld {
    pub redacted: Redacted,
    /// The folded ids, names and titles of removed documents.
    pub names: BTreeSet<String>,
    /// The words that no output can contain.
    pub words: Words,
    pub diagnostics: Vec<Diagnostic>,
    /// The removed byte ranges of each file.
    taken: BTreeMap<SitePath, Vec<Range<usize>>>,
}

/// What is not as its author wrote it.
#[derive(Default)]
pub struct Redacted {
    /// Documents that are not published.
    pub files: Vec<SitePath>,
    /// Texts without what is withheld.
    pub texts: BTreeMap<SitePath, SourceText>,
}

/// A book that was read and is not linked yet.
pub struct Book {
    pub drafts: Vec<Arc<Draft>>,
    /// Drafts, in the sense of `draft: true`.
    pub unpublished: Vec<Arc<Draft>>,
    pub bibliographies: Vec<RawBibliography>,
    pub contents: Contents,
    pub assets: Assets,
}

impl Book {
    /// Returns the copied files that a text refers to.
    fn files(&self, draft: &Draft) -> BTreeSet<SitePath> {
        references::files(draft, &self.contents.source, &self.assets)
    }
}

/// Returns a book without everything above `ceiling`, if it has one, and without everything that
/// only removed text and unpublished documents use: copied files, entries of bibliographies, and the
/// actors and sources of unpublished documents.
pub fn redact(mut book: Book, ceiling: Option<Tlp>, reading: Reading) -> (Book, Withheld) {
    let mut withheld = Withheld::default();
    let mut hidden = BTreeSet::new();
    for draft in &book.unpublished {
        hidden.append(&mut book.files(draft));
        withheld.redacted.files.push(draft.file().clone());
    }
    let mut gone = Gone {
        documents: std::mem::take(&mut book.unpublished),
        ..Gone::default()
    };
    let unused = unused::find(&gone, &book.drafts, &book.bibliographies, true);
    withheld.leave_out(&unused, &mut book, &mut hidden);
    if let Some(ceiling) = ceiling {
        for draft in std::mem::take(&mut book.drafts) {
            match draft.common.tlp {
                Some(tlp) if tlp > ceiling => {
                    withheld.document(&draft, tlp, ceiling, &book.contents.source);
                    hidden.append(&mut book.files(&draft));
                    gone.documents.push(draft);
                }
                Some(_) | None => book.drafts.push(draft),
            }
        }
        for at in 0..book.drafts.len() {
            let draft = book.drafts[at].clone();
            let cuts = withheld.passages(&draft, ceiling);
            if cuts.is_empty() {
                continue;
            }
            hidden.append(&mut book.files(&draft));
            let cuts = cuts::extended(&draft, &cuts);
            let text = draft.text.as_str();
            let passages = cuts.iter().filter_map(|cut| text.get(cut.clone()));
            gone.passages.extend(passages.map(str::to_owned));
            let text = draft.text.without(&cuts);
            let file = draft.file().clone();
            withheld.redacted.texts.insert(file, text.clone());
            book.drafts[at] = Arc::new(parse::draft(kind(&draft), text, &reading));
        }
        for bibliography in &mut book.bibliographies {
            withheld.entries(bibliography, ceiling);
        }
        let unused = unused::find(&gone, &book.drafts, &book.bibliographies, false);
        withheld.leave_out(&unused, &mut book, &mut hidden);
    }
    if hidden.is_empty() && withheld.redacted.files.is_empty() && withheld.words.is_empty() {
        return (book, withheld);
    }
    for draft in &book.drafts {
        if !withheld.words.is_empty() {
            withheld.allow(draft);
        }
        for shown in book.files(draft) {
            hidden.remove(&shown);
        }
    }
    book.assets.copied.retain(|path, _| !hidden.contains(path));
    book.assets.sizes.retain(|path, _| !hidden.contains(path));
    book.contents.leave_out_of_summary(&withheld.redacted.files);
    (book, withheld)
}

impl Withheld {
    /// Removes actors, sources and entries that only removed text uses.
    fn leave_out(&mut self, unused: &Unused, book: &mut Book, hidden: &mut BTreeSet<SitePath>) {
        let drafts = std::mem::take(&mut book.drafts);
        for (at, draft) in drafts.into_iter().enumerate() {
            if unused.documents.contains(&at) {
                hidden.append(&mut book.files(&draft));
                self.redacted.files.push(draft.file().clone());
            } else {
                book.drafts.push(draft);
            }
        }
        for (number, bibliography) in book.bibliographies.iter_mut().enumerate() {
            let mut at = 0..;
            bibliography.entries.retain(|_| {
                at.next()
                    .is_none_or(|at| !unused.entries.contains(&(number, at)))
            });
        }
    }

    /// Removes the entries of a bibliography above the level.
    fn entries(&mut self, bibliography: &mut RawBibliography, ceiling: Tlp) {
        let map = bibliography.map.clone();
        bibliography.entries.retain(|entry| {
            let Some(tlp) = entry.tlp.filter(|tlp| *tlp > ceiling) else {
                return true;
            };
            let place = map.place(entry.span);
            let urls = entry.front.url.iter().chain(&entry.front.archive);
            let urls = urls.map(|(url, _)| url.clone());
            self.words.id(&entry.key, &place);
            self.names.insert(name_key(&entry.key));
            for name in entry.front.title.iter().cloned().chain(urls) {
                self.words.name(&name, &place);
                self.names.insert(name_key(&name));
            }
            let what = format!("source `{}`", entry.key);
            self.diagnostics.push(above_tlp(&what, tlp, ceiling, place));
            false
        });
    }

    fn document(&mut self, draft: &Draft, tlp: Tlp, ceiling: Tlp, source: &SitePath) {
        let (id, place) = match &draft.common.id {
            Some((id, span)) => (id.clone(), draft.place(*span)),
            None => (draft.file().stem().to_owned(), head(draft)),
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
        self.names.insert(name_key(&id));
        for name in names {
            self.words.name(&name, &place);
            self.names.insert(name_key(&name));
        }
        for summary in summaries(&draft.front) {
            self.words.passage(summary, &place);
        }
        if let Front::Briefing(_) = &draft.front
            && let Some(page) = draft.file().below(source)
            && !matches!(page.stem(), "index" | "README")
        {
            let page = page.as_str().trim_end_matches(".md");
            self.words.page(page, &place);
        }
        for mark in &draft.marks {
            self.mark_words(draft, mark);
        }
        self.cut(draft, &place, 0..draft.text.as_str().len());
        self.redacted.files.push(draft.file().clone());
        let what = format!("{what} `{id}`");
        self.diagnostics.push(above_tlp(&what, tlp, ceiling, place));
    }

    /// Records a removed range of a text, by its source.
    fn cut(&mut self, draft: &Draft, place: &Place, cut: Range<usize>) {
        let inside = |span: Span| cut.contains(&(span.start as usize));
        for (text, span) in blocks(draft).filter(|(_, span)| inside(*span)) {
            self.words.sentences(&text, place);
            let origin = draft.place(span);
            let taken = self.taken.entry(origin.file).or_default();
            taken.push(origin.span.range());
        }
    }

    /// Allows the sentences of a published text, except those that it includes from removed
    /// content.
    fn allow(&mut self, draft: &Draft) {
        for (text, span) in blocks(draft) {
            let origin = draft.place(span);
            let at = origin.span.start as usize;
            let taken = self.taken.get(&origin.file).into_iter().flatten();
            let is_taken = taken.clone().any(|range| range.contains(&at));
            if !is_taken && !origin.is_embedded() {
                self.words.allow_sentences(&text);
            }
        }
    }

    /// Returns the ranges of marks and sections above the level.
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
                .unwrap_or(draft.text.as_str().len());
            let start = heading.span.start as usize;
            let place = draft.place(heading.span);
            self.words.name(&heading.text, &place);
            self.cut(draft, &place, start..end);
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
            let place = draft.place(mark.span);
            // The attribution of a quotation covers the whole quotation.
            let quoted = mark.whole_quote.and_then(|(first, last)| {
                let items = draft.body.items.get(first..=last)?;
                Some(items.first()?.span.start as usize..items.last()?.span.end as usize)
            });
            for cut in quoted.into_iter().chain([mark.span.range()]) {
                self.cut(draft, &place, cut.clone());
                cuts.push(cut);
            }
            self.diagnostics.push(above_tlp(&what, tlp, ceiling, place));
        }
        cuts
    }

    fn mark_words(&mut self, draft: &Draft, mark: &RawMark) {
        let place = draft.place(mark.span);
        self.words.passage(&mark.words, &place);
        if let Some(text) = &mark.attrs.text {
            self.words.passage(&text.value, &place);
        }
        if let Verb::Position(Stance::Claims) | Verb::Event = mark.verb {
            self.names
                .extend(mark.ids.iter().map(|id| name_key(&id.text)));
            // A claim that is also stated in published text is allowed later.
            for id in &mark.ids {
                self.words.id(&id.text, &place);
            }
        }
    }
}

/// Returns the sentences about a document in its front matter.
fn summaries(front: &Front) -> impl Iterator<Item = &String> {
    let told = match front {
        Front::Briefing(front) => [&front.subtitle, &front.summary],
        Front::Actor(front) => [&front.summary, &None],
        Front::Claim(_) | Front::Source(_) | Front::Astray(_) => [&None, &None],
    };
    told.into_iter().flatten()
}

/// Returns the blocks of a text as plain words, with their places.
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
            Node::Start(_)
            | Node::End
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
    }
    blocks.into_iter().filter(|(words, _)| !words.is_empty())
}

/// Returns the level of a mark: its own, else that of the headings above it, else that of the front
/// matter.
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

fn head(draft: &Draft) -> Place {
    let end = draft
        .text
        .as_str()
        .find('\n')
        .unwrap_or(draft.text.as_str().len());
    draft.place(Span::new(0..end))
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
        "raise the book's `tlp` to `{tlp}`, or build with `--tlp {ceiling}`, which omits it"
    ))
}
