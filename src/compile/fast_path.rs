//! The fast path for the most frequent edit: plain words in one text.
//!
//! Words without a mark, a name, a citation or a link affect only the page that contains them. If
//! nothing else has changed since the last run, the fast path puts the new words into the previous
//! site and renders one page, however large the book is. It also handles a changed style sheet,
//! which no page reads. If it is not certain that the result is correct, it returns `None`, and the
//! whole compilation runs. A property test checks such edits, too.

use std::ops::Range;
use std::sync::Arc;

use super::cache::Fingerprint;
use super::compilation::BuildState;
use super::{Build, Cache, Inputs, Outputs, Step};
use crate::derive;
use crate::diag::Diagnostic;
use crate::link;
use crate::model::{Body, Briefing, Dialect, Doc, Id, Item, Node, Site, Tag, Target};
use crate::page;
use crate::parse::{DocKind, Draft, Front, Name};
use crate::text::{Place, SitePath, SourceText};
use crate::{check, parse, share, theme};

/// The last run with all its intermediate results.
pub(super) struct Last {
    pub inputs: Inputs,
    pub known: BuildState,
    pub build: Build,
}

/// Returns the build of `inputs`, if they differ from those of the last run only in plain words of
/// one briefing or in one style sheet.
pub(super) fn build(
    inputs: &Inputs,
    cache: &mut Cache,
    begins: &mut dyn FnMut(Step),
) -> Option<Build> {
    // The following steps can leave it half changed; only a success puts it back.
    let mut last = cache.last.take()?;
    begins(Step::FastPath);
    let path = only_change(&last.inputs, inputs)?;
    let (old, new) = (last.inputs.files.get(&path)?, inputs.files.get(&path)?);
    // Redaction and Obsidian notes need the whole compilation.
    if last.known.contents.dialect == Dialect::Plain
        || last.build.config.tlp.is_some()
        || last.known.site.is_cut()
        || last.known.reading.is_vault
    {
        return None;
    }
    // An included file is a part of other texts.
    let mut composed = last.known.composed.values();
    if composed.any(|map| map.uses(&path)) {
        return None;
    }
    if matches!(path.extension(), "css" | "js") {
        // Every page contains its hashed name.
        if !last.known.names.is_empty() {
            return None;
        }
        let is_theme = |bytes: &[u8]| {
            theme::STATIC
                .iter()
                .any(|(_, text)| *bytes == *text.as_bytes())
        };
        // The theme's own style sheet is not published unchanged.
        if is_theme(old) || is_theme(new) {
            return None;
        }
        let (old, new) = (old.clone(), new.clone());
        let copies = last.build.outputs.values_mut();
        // Files that are published unchanged have the same allocation.
        for copy in copies.filter(|copy| Arc::ptr_eq(copy, &old)) {
            *copy = new.clone();
        }
    } else {
        let text: Arc<str> = std::str::from_utf8(new).ok()?.into();
        words(&mut last, cache, &path, text)?;
    }
    last.inputs.files = inputs.files.clone();
    let build = last.build.clone();
    cache.last = Some(last);
    Some(build)
}

/// Returns the only changed file, if all others are equal.
fn only_change(before: &Inputs, after: &Inputs) -> Option<SitePath> {
    if before.options != after.options
        || before.today != after.today
        || before.files.len() != after.files.len()
    {
        return None;
    }
    let mut changed = None;
    for (before, after) in before.files.iter().zip(&after.files) {
        if before.0 != after.0 {
            return None;
        }
        let is_same = Arc::ptr_eq(before.1, after.1) || before.1 == after.1;
        if !is_same && changed.replace(after.0.clone()).is_some() {
            return None;
        }
    }
    changed
}

/// Puts new words into a briefing of the last run and renders its page.
fn words(last: &mut Last, cache: &Cache, path: &SitePath, text: Arc<str>) -> Option<()> {
    let reading = &last.known.reading;
    if last.known.composed.contains_key(path) || last.build.config.autolink {
        return None;
    }
    let id = {
        let mut briefings = last.known.site.briefings().iter();
        briefings.find(|(_, briefing)| briefing.file == *path)?.0
    };
    let doc = Doc::Briefing(id);
    let old: Arc<Draft> = cache.drafts.peek(path)?;
    let text = SourceText::new(path, text);
    let input = (DocKind::Briefing, text.clone(), *reading);
    let new = Arc::new(parse::draft(DocKind::Briefing, text, reading));
    let (body, shift) = replaced(&old, &new, path, &last.known.site.prose(doc).body)?;
    let asked = |site: &Site| check::doc(site, doc, &last.known.asked);
    // Diagnostics outside of the changed words are kept, with new places.
    let said = shift.all(&asked(&last.known.site))?;
    let told = shift.all(&last.build.diagnostics)?;
    if shift.all(&old.diagnostics)? != new.diagnostics {
        return None;
    }
    last.known.site.set_body(doc, body);
    let site = &last.known.site;
    if derive::passages(site, doc) != *last.known.facts.passages(doc) || asked(site) != said {
        return None;
    }
    pages(last, cache, id)?;
    cache.highlighter.turn_if_large();
    last.build.diagnostics = told;
    cache.drafts.renew(path.clone(), input, new);
    Some(())
}

/// Maps places in a file after a change of words.
struct Shift<'a> {
    file: &'a SitePath,
    /// The old range of the changed words.
    was: Range<usize>,
    /// The new end of the changed words.
    end: usize,
}

impl Shift<'_> {
    /// Returns the diagnostics with their new places; `None` if one is in the changed words.
    fn all(&self, said: &[Diagnostic]) -> Option<Vec<Diagnostic>> {
        let moved = said.iter().map(|said| {
            let mut moved = said.clone();
            moved.place = self.place(&said.place)?;
            for (place, _) in &mut moved.others {
                *place = self.place(place)?;
            }
            Some(moved)
        });
        moved.collect()
    }

    fn place(&self, place: &Place) -> Option<Place> {
        let span = place.span.range();
        if place.file != *self.file || span.end <= self.was.start {
            return Some(place.clone());
        }
        let moved = || place.moved(self.was.end, self.end);
        (span.start >= self.was.end).then(moved)
    }
}

/// Renders the pages that show the text of a briefing.
fn pages(last: &mut Last, cache: &Cache, id: Id<Briefing>) -> Option<()> {
    let book = last
        .known
        .book(&last.build.config, &last.inputs, &cache.highlighter);
    if let Some(search) = &last.build.search {
        last.build.search = Some(search.with_words_of(&book, id));
    }
    let made: Vec<(SitePath, Arc<[u8]>)> = page::showing(&book, id)
        .into_iter()
        .map(|(page, said)| {
            let bytes = last
                .known
                .theme
                .render(&page)
                .ok()
                .filter(|_| said.is_empty())?;
            let address = page.address.clone();
            let fingerprint = Fingerprint::of(&page);
            cache
                .pages
                .renew(address.clone(), fingerprint, Ok(bytes.clone()));
            Some((address, bytes))
        })
        .collect::<Option<_>>()?;
    // The inventory depends on the words. `serve` has none, so an edit there need not read all
    // texts.
    let inventory = (!last.inputs.options.at_root).then(|| share::inventory(&book));
    let outputs: &mut Outputs = &mut last.build.outputs;
    if let Some((address, bytes)) = inventory
        && !last.known.files.contains_key(&address)
    {
        outputs.insert(address, bytes.into());
    }
    for (address, bytes) in made {
        // A file of the author can have this address.
        if !last.known.files.contains_key(&address) {
            outputs.insert(address, bytes);
        }
    }
    Some(())
}

/// Returns the linked body with the new words, if `new` differs only in plain words.
fn replaced<'a>(
    old: &Draft,
    new: &Draft,
    file: &'a SitePath,
    linked: &Body<Target>,
) -> Option<(Body<Target>, Shift<'a>)> {
    let is_briefing = |draft: &Draft| matches!(draft.front, Front::Briefing(_));
    if !is_briefing(old) || !is_briefing(new) || counted(old) != counted(new) {
        return None;
    }
    let (olds, news, done) = (old.body.blocks(), new.body.blocks(), linked.blocks());
    if olds.len() != done.len() {
        return None;
    }
    // The number of equal blocks at the start and at the end.
    let alike = |(a, b): &(&Range<usize>, &Range<usize>)| {
        written(old, a) == written(new, b) && a.len() == b.len()
    };
    let most = olds.len().min(news.len());
    let head = olds.iter().zip(&news).take_while(alike).count();
    let behind = olds.iter().rev().zip(news.iter().rev()).take(most - head);
    let tail = behind.take_while(alike).count();
    let (was, is) = (
        Stretch::of(old, &olds, head, tail),
        Stretch::of(new, &news, head, tail),
    );
    let is_same_outside = old.text.as_str().get(..was.text.start)?
        == new.text.as_str().get(..is.text.start)?
        && old.text.as_str().get(was.text.end..)? == new.text.as_str().get(is.text.end..)?;
    if !is_same_outside {
        return None;
    }
    let before = done
        .get(head)
        .map_or(linked.items.len(), |block| block.start);
    let behind = done.len().checked_sub(tail).and_then(|at| done.get(at));
    let behind = behind.map_or(linked.items.len(), |block| block.start);
    let middle = stretch(old, new, &was, &is, &linked.items[before..behind])?;
    let mut items = linked.items[..before].to_vec();
    items.extend(middle);
    let moved = |item: &Item<Target>| Item {
        node: item.node.clone(),
        span: item.span.moved(was.text.end, is.text.end),
    };
    items.extend(linked.items[behind..].iter().map(moved));
    let shift = Shift {
        file,
        was: was.text,
        end: is.text.end,
    };
    Some((Body { items }, shift))
}

/// Returns the numbers of all things in a draft that others can refer to, and the start of its
/// text.
fn counted(draft: &Draft) -> [usize; 6] {
    [
        draft.marks.len(),
        draft.headings.len(),
        draft.sections.len(),
        draft.cites.len(),
        draft.attributions.len(),
        draft.body_at,
    ]
}

/// Returns the source text of a block.
fn written<'a>(draft: &'a Draft, block: &Range<usize>) -> &'a str {
    draft.body.items[block.start].span.of(draft.text.as_str())
}

/// The range of blocks in which two drafts differ.
struct Stretch {
    /// Their items.
    items: Range<usize>,
    blocks: usize,
    /// From the end of the last equal block before to the start of the first one after, so that it
    /// includes spaces, comments and everything else that is not a block.
    text: Range<usize>,
}

impl Stretch {
    fn of(draft: &Draft, blocks: &[Range<usize>], head: usize, tail: usize) -> Stretch {
        let items = &draft.body.items;
        let last = blocks[..head].last();
        let next = blocks[blocks.len() - tail..].first();
        let start = last.map_or(draft.body_at, |block| items[block.start].span.end as usize);
        let end = next.map_or(draft.text.as_str().len(), |block| {
            items[block.start].span.start as usize
        });
        Stretch {
            items: last.map_or(0, |block| block.end)..next.map_or(items.len(), |block| block.start),
            blocks: blocks.len() - head - tail,
            text: start..end,
        }
    }
}

/// Returns the linked items of the changed range.
///
/// Either the range has only plain words, before and now; or it is one paragraph in which only
/// words between marks, names, notes and links have changed, and those are at the same positions.
fn stretch(
    old: &Draft,
    new: &Draft,
    was: &Stretch,
    is: &Stretch,
    linked: &[Item<Target>],
) -> Option<Vec<Item<Target>>> {
    let (before, now) = (
        &old.body.items[was.items.clone()],
        &new.body.items[is.items.clone()],
    );
    let (kept, fixed) = (fixed(before), fixed(now));
    let [from, to] = differing(
        &old.text.as_str()[was.text.clone()],
        &new.text.as_str()[is.text.clone()],
    );
    // Characters that can affect other places: references, definitions, HTML.
    if [from, to]
        .iter()
        .any(|text| text.contains(['[', ']', '<', '{', '@', '\\']))
    {
        return None;
    }
    if !kept.is_empty() || !fixed.is_empty() {
        let is_paragraph = |items: &[Item<Name>]| {
            matches!(
                items.first().map(|item| &item.node),
                Some(Node::Start(Tag::Paragraph))
            )
        };
        let is_one = was.blocks == 1 && is.blocks == 1;
        let stays = kept.len() == fixed.len() && before.len() == linked.len();
        if !is_one || !stays || !is_paragraph(before) || !is_paragraph(now) {
            return None;
        }
    }
    let mut items = Vec::with_capacity(now.len());
    let mut at = 0;
    for (kept, fixed) in kept.iter().zip(&fixed) {
        let (a, b) = (before[kept.start].span, now[fixed.start].span);
        if a.of(old.text.as_str()) != b.of(new.text.as_str()) || kept.len() != fixed.len() {
            return None;
        }
        items.extend(plain(&now[at..fixed.start])?);
        items.extend(linked[kept.clone()].iter().map(|item| Item {
            node: item.node.clone(),
            span: item.span.moved(a.start as usize, b.start as usize),
        }));
        at = fixed.end;
    }
    items.extend(plain(&now[at..])?);
    Some(items)
}

/// Returns the ranges of items that are not plain words: each a mark, a mention, a link and so on,
/// with its content.
fn fixed(items: &[Item<Name>]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let start = at;
        at += 1;
        if link::plain(&item.node).is_some() {
            continue;
        }
        let mut depth = usize::from(matches!(item.node, Node::Start(_)));
        while depth > 0
            && let Some(item) = items.get(at)
        {
            depth += usize::from(matches!(item.node, Node::Start(_)));
            depth -= usize::from(matches!(item.node, Node::End));
            at += 1;
        }
        found.push(start..at);
    }
    found
}

fn plain(items: &[Item<Name>]) -> Option<Vec<Item<Target>>> {
    let plain = |item: &Item<Name>| {
        Some(Item {
            node: link::plain(&item.node)?,
            span: item.span,
        })
    };
    items.iter().map(plain).collect()
}

/// Returns the parts of two texts between their common start and end.
fn differing<'a>(a: &'a str, b: &'a str) -> [&'a str; 2] {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let start = a.floor_char_boundary(same);
    let (a, b) = (&a[start..], &b[b.floor_char_boundary(start)..]);
    let same = a
        .bytes()
        .rev()
        .zip(b.bytes().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let end = |text: &str| text.ceil_char_boundary(text.len() - same);
    [&a[..end(a)], &b[..end(b)]]
}
