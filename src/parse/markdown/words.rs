//! Joins adjacent texts, and collects the plain words of marks and headings.

use super::Markdown;
use crate::model::{Item, Node, Tag};
use crate::parse::name::Name;
use crate::text::joins;

/// Removes line ends between two wide characters, which are not spaces, because a Chinese text can
/// be wrapped anywhere. A plain mdBook book keeps them, like mdBook.
pub(super) fn drop_wide_line_ends(items: &mut [Item<Name>]) {
    let mut before = None;
    let mut line_end = None;
    for index in 0..items.len() {
        match &items[index].node {
            Node::SoftBreak => line_end = Some(index),
            Node::Text(text) | Node::Code(text) if !text.is_empty() => {
                if let Some(line_end) = line_end.take()
                    && joins(before, text.chars().next())
                {
                    before = text.chars().next_back();
                    items[line_end].node = Node::Text("".into());
                } else {
                    before = text.chars().next_back();
                }
            }
            Node::Start(tag) if tag.is_block() => (before, line_end) = (None, None),
            Node::HardBreak | Node::Rule | Node::Html(_) => (before, line_end) = (None, None),
            Node::Text(_)
            | Node::Code(_)
            | Node::Start(_)
            | Node::End
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
    }
}

/// Joins adjacent texts, and collects the plain words of marks and headings.
pub(super) fn merge_texts(out: &mut Markdown) {
    let mut items = std::mem::take(&mut out.body.items);
    let mut kept = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut run = String::new();
    let mut quotes: Vec<(usize, usize, usize)> = out
        .marks
        .iter()
        .enumerate()
        .filter_map(|(mark, raw)| raw.whole_quote.map(|(from, to)| (from, to, mark)))
        .collect();
    quotes.sort_unstable();
    let mut next_quote = quotes.into_iter().peekable();
    let mut quoting: Vec<(usize, usize)> = Vec::new();
    let mut next_heading = 0;
    for index in 0..items.len() {
        while let Some((_, to, mark)) = next_quote.next_if(|(from, ..)| *from <= index) {
            quoting.push((to, mark));
        }
        quoting.retain(|(to, _)| *to > index);
        let words: &str = match &items[index].node {
            Node::Text(text) | Node::Code(text) => text,
            Node::SoftBreak | Node::HardBreak => " ",
            Node::Start(Tag::Paragraph | Tag::ListItem) => " ",
            Node::Start(_)
            | Node::End
            | Node::Html(_)
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => "",
        };
        if !words.is_empty() {
            for holder in &open {
                match holder {
                    Open::Mark(mark) if out.marks[*mark].whole_quote.is_none() => {
                        push_folded(&mut out.marks[*mark].words, words);
                    }
                    Open::Heading(heading) => out.headings[*heading].text.push_str(words),
                    Open::Mark(_) | Open::Other => {}
                }
            }
            for (_, mark) in &quoting {
                push_folded(&mut out.marks[*mark].words, words);
            }
        }
        match &items[index].node {
            Node::Start(Tag::Mark(no)) => {
                let parent = open.iter().rev().find_map(|holder| match holder {
                    Open::Mark(mark) => Some(*mark),
                    Open::Heading(_) | Open::Other => None,
                });
                out.marks[no.0 as usize].parent = parent;
                open.push(Open::Mark(no.0 as usize));
            }
            Node::Start(Tag::Heading(_)) => {
                open.push(Open::Heading(next_heading));
                out.headings[next_heading].item = kept;
                next_heading += 1;
            }
            Node::Start(_) => open.push(Open::Other),
            Node::End => {
                open.pop();
            }
            Node::Text(_)
            | Node::Code(_)
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
        let (before, rest) = items.split_at_mut(index);
        let (last, item) = (before[..kept].last_mut(), &mut rest[0]);
        if let (
            Some(Item {
                node: Node::Text(last),
                span,
            }),
            Node::Text(text),
        ) = (last, &item.node)
        {
            // A run of many texts grows in one buffer; otherwise joining would be quadratic.
            if run.is_empty() {
                run.push_str(last);
            }
            run.push_str(text);
            span.end = item.span.end;
            continue;
        }
        end_of_run(&mut items[..kept], &mut run);
        items.swap(kept, index);
        kept += 1;
    }
    end_of_run(&mut items[..kept], &mut run);
    items.truncate(kept);
    items.shrink_to_fit();
    out.marks.shrink_to_fit();
    for mark in &mut out.marks {
        mark.words.truncate(mark.words.trim_end().len());
    }
    out.body.items = items;
}

/// Stores the joined text in the first item of the run.
pub(super) fn end_of_run(items: &mut [Item<Name>], run: &mut String) {
    if let Some(item) = items.last_mut()
        && !run.is_empty()
    {
        item.node = Node::Text(run.as_str().into());
        run.clear();
    }
}

/// Appends words with white space collapsed, and none at the start.
pub(super) fn push_folded(folded: &mut String, words: &str) {
    for (index, word) in words.split(char::is_whitespace).enumerate() {
        if index > 0 && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
        folded.push_str(word);
    }
}

enum Open {
    Mark(usize),
    Heading(usize),
    Other,
}
