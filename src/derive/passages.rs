//! Finds the sentence around every mark and mention of a document, in one pass.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::blocks::{Block, BlockKind, blocks};
use super::sentences::{around, sentences};
use crate::model::{Doc, Entity, MarkNo, MarkRole, Node, Prose, Site, Tag, Target, Tlp};

/// The sentences around the marks and mentions of one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Passages {
    marks: Vec<Option<Passage>>,
    /// In page order.
    pub mentions: Vec<Arc<Mention>>,
}

/// Marked words in their sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The sentence as plain text, or several if the words extend over them; at most about 300
    /// characters. For the attribution line of a block quotation, it is the whole quotation.
    pub sentence: String,
    /// The byte range of the marked words in `sentence`.
    pub words: Range<usize>,
    /// Its section; `None` before the first heading.
    pub section: Option<Arc<Section>>,
    /// The highest level of its section and of the marks in its sentence.
    pub tlp: Option<Tlp>,
}

/// A heading and its section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub anchor: String,
    pub heading: String,
    pub tlp: Option<Tlp>,
}

/// A place in a text that names an actor, claim, source or briefing.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    pub entity: Entity,
    pub doc: Doc,
    /// Its section; `None` before the first heading.
    pub section: Option<Arc<Section>>,
    /// The sentence around it as plain text, at most about 300 characters.
    pub sentence: String,
    /// The byte range of the mention in `sentence`.
    pub words: Range<usize>,
    /// The innermost mark that contains it.
    pub mark: Option<MarkNo>,
    /// As in [`Passage`].
    pub tlp: Option<Tlp>,
}

/// Returns all mentions of entities and links to them in the site, in page order.
pub fn mentions(site: &Site) -> Vec<Arc<Mention>> {
    let docs: Vec<Doc> = site.docs().collect();
    docs.into_par_iter()
        .flat_map_iter(|doc| passages(site, doc).mentions)
        .collect()
}

/// Returns the passages of `doc`.
pub fn passages(site: &Site, doc: Doc) -> Passages {
    let prose = site.prose(doc);
    let mut found = Passages {
        marks: vec![None; prose.marks.len()],
        mentions: Vec::new(),
    };
    let mut section = None;
    let leveled = prose.headings.iter();
    let levels: HashMap<&str, Tlp> = leveled
        .filter_map(|heading| Some((heading.anchor.as_str(), heading.tlp?)))
        .collect();
    let mut quoted: HashMap<usize, String> = HashMap::new();
    for block in blocks(&prose.body) {
        if let BlockKind::Heading { anchor } = &block.kind {
            section = Some(Arc::new(Section {
                anchor: anchor.clone(),
                tlp: levels.get(anchor.as_str()).copied(),
                heading: block.text.trim().to_owned(),
            }));
        }
        let quote = block.quote.and_then(|quote| quoted.get(&quote));
        read(site, doc, &block, section.as_ref(), quote, &mut found);
        if let Some(quote) = block.quote {
            let words = quoted.entry(quote).or_default();
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(block.text.trim());
        }
    }
    found
}

/// Returns the sentence around the mark `mark` of `doc`; empty if the text does not contain it.
///
/// For a single mark. For all marks, use [`passages`].
pub fn sentence_of_mark(site: &Site, doc: Doc, mark: MarkNo) -> String {
    let passages = passages(site, doc);
    let passage = passages.mark(mark);
    passage.map_or_else(String::new, |passage| passage.sentence.clone())
}

impl Passages {
    /// Returns the passage of the mark `mark`; `None` if the text does not contain it.
    pub fn mark(&self, mark: MarkNo) -> Option<&Passage> {
        self.marks.get(mark.0 as usize)?.as_ref()
    }
}

/// The highest level of the marks in each sentence of a block, and of their claims; empty if no
/// mark has one.
fn levels(site: &Site, prose: &Prose, block: &Block, cuts: &[Range<usize>]) -> Vec<Option<Tlp>> {
    let mut levels = Vec::new();
    for inline in &block.inlines {
        let Node::Start(Tag::Mark(number)) = &prose.body.items[inline.item].node else {
            continue;
        };
        let Some(mark) = prose.marks.get(number.0 as usize) else {
            continue;
        };
        let level = match &mark.role {
            MarkRole::Position { claims, .. } => {
                let claims = claims.iter().map(|claim| site.claims()[*claim].tlp);
                claims.fold(mark.tlp, Option::max)
            }
            MarkRole::Event(_) | MarkRole::Later => mark.tlp,
        };
        if level.is_some() {
            levels.resize(cuts.len(), None);
            for sentence in &mut levels[numbers(cuts, &inline.range)] {
                *sentence = level.max(*sentence);
            }
        }
    }
    levels
}

/// Returns the numbers of the sentences in which these words are.
fn numbers(cuts: &[Range<usize>], words: &Range<usize>) -> Range<usize> {
    let first = cuts.partition_point(|sentence| sentence.end <= words.start);
    let last = cuts.partition_point(|sentence| sentence.start < words.end);
    let last = last.max(first + 1).min(cuts.len());
    first.min(last)..last
}

/// Reads the marks and mentions of one block. `quote` is the text of the block quotation before
/// this block.
fn read(
    site: &Site,
    doc: Doc,
    block: &Block,
    section: Option<&Arc<Section>>,
    quote: Option<&String>,
    found: &mut Passages,
) {
    if block.inlines.is_empty() {
        return;
    }
    let prose = site.prose(doc);
    let cuts = sentences(&block.text);
    let levels = levels(site, prose, block, &cuts);
    let of_section = section.and_then(|section| section.tlp);
    let level = |words: &Range<usize>| {
        let sentences = levels.get(numbers(&cuts, words)).unwrap_or_default();
        sentences.iter().copied().fold(of_section, Option::max)
    };
    let mut open_marks: Vec<(usize, MarkNo)> = Vec::new();
    for inline in &block.inlines {
        let Node::Start(tag) = &prose.body.items[inline.item].node else {
            continue;
        };
        while open_marks
            .last()
            .is_some_and(|(end, _)| *end <= inline.range.start && *end < inline.range.end)
        {
            open_marks.pop();
        }
        match tag {
            Tag::Mark(mark) => {
                open_marks.push((inline.range.end, *mark));
                let is_whole = prose
                    .marks
                    .get(mark.0 as usize)
                    .is_some_and(|mark| mark.whole_quote);
                let (sentence, words) = match quote.filter(|_| is_whole) {
                    Some(quote) => (quote.clone(), 0..quote.len()),
                    None => around(&block.text, &cuts, inline.range.clone()),
                };
                if let Some(slot) = found.marks.get_mut(mark.0 as usize) {
                    *slot = Some(Passage {
                        sentence,
                        words,
                        section: section.cloned(),
                        tlp: level(&inline.range),
                    });
                }
            }
            tag @ (Tag::Mention(_) | Tag::Link(_)) => {
                let Some(Target::Entity { entity, .. }) = tag.leads_to() else {
                    continue;
                };
                let (sentence, words) = around(&block.text, &cuts, inline.range.clone());
                found.mentions.push(Arc::new(Mention {
                    entity: *entity,
                    doc,
                    section: section.cloned(),
                    sentence,
                    words,
                    mark: open_marks.last().map(|(_, mark)| *mark),
                    tlp: level(&inline.range),
                }));
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Span(_) => {}
            Tag::Paragraph
            | Tag::Heading(_)
            | Tag::Quote(_)
            | Tag::Callout { .. }
            | Tag::CalloutTitle
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::List(_)
            | Tag::ListItem
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionTitle { .. }
            | Tag::DefinitionBody
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Image(_) => {}
        }
    }
}
