//! The edit that authors make most: plain words in one text.
//!
//! A sentence without a mark, a name, a citation or a link tells nobody but the page that it
//! stands on. When such words are all that changed since the last run, the site of that run is
//! given the new words and one page is made; everything else is as it was, however large the
//! book is. The same holds for a style sheet, which no page reads. Whoever cannot be sure makes
//! the whole run: every doubt here ends in `None`, and the law that a warm run equals a cold one
//! is tested on such edits too.

use std::ops::Range;
use std::sync::Arc;

use super::cache::Fingerprint;
use super::edition::Known;
use super::{Build, Cache, Inputs, Outputs, Step};
use crate::derive;
use crate::diag::Diagnostic;
use crate::link;
use crate::model::{Body, Briefing, Dialect, Doc, Id, Item, Node, Site, Tag, Target};
use crate::page;
use crate::parse::{DocKind, Draft, Front, Name};
use crate::text::{Place, SitePath};
use crate::{check, parse, share, theme};

/// A run with all that it came to know, for the next one.
pub(super) struct Last {
    pub inputs: Inputs,
    pub known: Known,
    pub build: Build,
}

/// The build of `inputs`, if they differ from the last run's in nothing but plain words of one
/// briefing or the rules of one style sheet.
pub(super) fn build(
    inputs: &Inputs,
    cache: &mut Cache,
    begins: &mut dyn FnMut(Step),
) -> Option<Build> {
    // What follows may leave it half changed; only a success puts it back.
    let mut last = cache.last.take()?;
    begins(Step::Retouch);
    let path = only_change(&last.inputs, inputs)?;
    let (old, new) = (last.inputs.files.get(&path)?, inputs.files.get(&path)?);
    // What is withheld is cut out on the whole way, and a note of Obsidian's is rewritten before it
    // is read.
    if last.known.shelf.dialect == Dialect::Plain
        || last.build.config.tlp.is_some()
        || last.known.reading.is_vault
    {
        return None;
    }
    // An included file is part of others.
    let is_included = last
        .known
        .shelf
        .expanded
        .values()
        .any(|into| into.holds(&path));
    if is_included {
        return None;
    }
    if matches!(path.extension(), "css" | "js") {
        // Every page would name it anew.
        if !last.known.names.is_empty() {
            return None;
        }
        let is_theme = |bytes: &[u8]| {
            theme::STATIC
                .iter()
                .any(|(_, text)| *bytes == *text.as_bytes())
        };
        // The theme's own sheet is not published as it stands.
        if is_theme(old) || is_theme(new) {
            return None;
        }
        let (old, new) = (old.clone(), new.clone());
        let copies = last.build.outputs.values_mut();
        // Where it is published the very bytes that were read are.
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

/// The one file whose bytes differ, if the rest is the same.
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

/// Gives a briefing of the last run new words and makes its page anew.
fn words(last: &mut Last, cache: &Cache, path: &SitePath, text: Arc<str>) -> Option<()> {
    let Known { shelf, reading, .. } = &last.known;
    if shelf.expanded.contains_key(path) || last.build.config.autolink {
        return None;
    }
    let id = {
        let mut briefings = last.known.site.briefings().iter();
        briefings.find(|(_, briefing)| briefing.file == *path)?.0
    };
    let doc = Doc::Briefing(id);
    let old: Arc<Draft> = cache.drafts.peek(path)?;
    let input = (DocKind::Briefing, text.clone(), *reading);
    let new = Arc::new(parse::draft(path, DocKind::Briefing, text, reading));
    let (body, shift) = replaced(&old, &new, path, &last.known.site.prose(doc).body)?;
    let asked = |site: &Site| check::doc(site, doc, &last.known.asked);
    // What is said of the other words is said again, where they stand now.
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

/// Where the words of a file stand after others have changed.
struct Shift<'a> {
    file: &'a SitePath,
    /// The words that changed, as they stood.
    was: Range<usize>,
    /// Where they end now.
    end: usize,
}

impl Shift<'_> {
    /// The diagnostics at the places that they have now; nothing when one is of the words that
    /// changed.
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
        let moved = || Place::new(&place.file, place.span.moved(self.was.end, self.end));
        (span.start >= self.was.end).then(moved)
    }
}

/// Makes the pages that show the text of a briefing.
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
    // It tells of the words. `serve` has none, so that an edit there costs no look at all texts.
    let inventory = (!last.inputs.options.at_root).then(|| share::inventory(&book));
    let outputs: &mut Outputs = &mut last.build.outputs;
    if let Some((address, bytes)) = inventory
        && !last.known.files.contains_key(&address)
    {
        outputs.insert(address, bytes.into());
    }
    for (address, bytes) in made {
        // An own file may have its place.
        if !last.known.files.contains_key(&address) {
            outputs.insert(address, bytes);
        }
    }
    Some(())
}

/// The linked body with new words in it, if plain words are all that `new` says otherwise.
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
    // The blocks before and behind that are the same, word for word.
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
    let is_same_outside = old.text.get(..was.text.start)? == new.text.get(..is.text.start)?
        && old.text.get(was.text.end..)? == new.text.get(is.text.end..)?;
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

/// How many of each thing a draft has that others could refer to, and where its text begins.
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

/// The text of a block as it was written.
fn written<'a>(draft: &'a Draft, block: &Range<usize>) -> &'a str {
    draft.body.items[block.start].span.of(&draft.text)
}

/// The blocks of a draft that differ from another's.
struct Stretch {
    /// Their items.
    items: Range<usize>,
    blocks: usize,
    /// From the end of the last block before to the start of the first behind, so that spaces,
    /// comments and what else makes no block is part of it.
    text: Range<usize>,
}

impl Stretch {
    fn of(draft: &Draft, blocks: &[Range<usize>], head: usize, tail: usize) -> Stretch {
        let items = &draft.body.items;
        let last = blocks[..head].last();
        let next = blocks[blocks.len() - tail..].first();
        let start = last.map_or(draft.body_at, |block| items[block.start].span.end as usize);
        let end = next.map_or(draft.text.len(), |block| {
            items[block.start].span.start as usize
        });
        Stretch {
            items: last.map_or(0, |block| block.end)..next.map_or(items.len(), |block| block.start),
            blocks: blocks.len() - head - tail,
            text: start..end,
        }
    }
}

/// The linked items of the stretch that differs.
///
/// Either all of it is plain, before and now; or it is one paragraph in which only words between
/// the marks, names, notes and links have changed, and those stand there as they stood.
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
    let [from, to] = differing(&old.text[was.text.clone()], &new.text[is.text.clone()]);
    // Signs of what words elsewhere could depend on: references, definitions, HTML.
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
        if a.of(&old.text) != b.of(&new.text) || kept.len() != fixed.len() {
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

/// The stretches of items that are no plain words: each a mark, a mention, a link or another with
/// all that it holds.
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

/// What two texts have between the start and the end that they share.
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
