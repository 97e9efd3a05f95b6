//! A text that a program changed, line by line held against what it was.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Expanded, Piece};
use crate::text::SitePath;

/// What `old` became: lines that are as they were keep their place, and a diagnostic about a line
/// that is new is told of where it came in. `before` says where `old` itself came from.
pub fn rewritten(file: &SitePath, old: &str, new: Arc<str>, before: Option<&Expanded>) -> Expanded {
    let mut pieces = matched(file, old, &new);
    if let Some(before) = before {
        pieces = traced(file, pieces, new.len(), before);
    }
    Expanded {
        text: new,
        title: before.and_then(|before| before.title.clone()),
        pieces,
        diagnostics: Vec::new(),
    }
}

/// Lines shorter than this, white space aside, stand for themselves only where they are expected.
const TELLING: usize = 4;

fn matched(file: &SitePath, old: &str, new: &str) -> Vec<Piece> {
    let starts = |text: &str| -> Vec<usize> {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        std::iter::once(0)
            .chain(ends)
            .filter(|at| *at < text.len())
            .collect()
    };
    let line = |text: &str, at: usize| {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]);
        at..end.map_or(text.len(), |end| at + end + 1)
    };
    let old_starts = starts(old);
    let mut numbers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, at) in old_starts.iter().enumerate() {
        numbers
            .entry(&old[line(old, *at)])
            .or_default()
            .push(number);
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut next = 0;
    for at in starts(new) {
        let words = &new[line(new, at)];
        let known = numbers.get(words).map_or(&[][..], Vec::as_slice);
        let known = &known[known.partition_point(|number| *number < next)..];
        let is_telling = words.trim().len() >= TELLING;
        let found = known
            .first()
            .filter(|number| is_telling || **number == next);
        let from = old_starts.get(*found.unwrap_or(&next)).copied();
        next = found.map_or(next, |number| number + 1);
        let piece = Piece {
            at,
            file: file.clone(),
            from: from.unwrap_or(old.len()),
            is_copy: found.is_some(),
        };
        let goes_on = pieces.last().is_some_and(|last| match piece.is_copy {
            true => last.is_copy && last.from + (at - last.at) == piece.from,
            false => !last.is_copy && last.from == piece.from,
        });
        if !goes_on {
            pieces.push(piece);
        }
    }
    pieces
}

/// `pieces` of a text of `length` bytes, with those that come from `file` led on to where
/// `before` has them from.
pub(super) fn traced(
    file: &SitePath,
    pieces: Vec<Piece>,
    length: usize,
    before: &Expanded,
) -> Vec<Piece> {
    let mut traced: Vec<Piece> = Vec::with_capacity(pieces.len());
    let ends: Vec<usize> = pieces.iter().skip(1).map(|piece| piece.at).collect();
    for (number, piece) in pieces.into_iter().enumerate() {
        if piece.file != *file {
            traced.push(piece);
            continue;
        }
        let end = ends.get(number).copied().unwrap_or(length);
        let past = match piece.is_copy {
            true => piece.from + (end - piece.at),
            false => piece.from + 1,
        };
        let first = before
            .pieces
            .partition_point(|inner| inner.at <= piece.from);
        for inner in &before.pieces[first.saturating_sub(1)..] {
            if inner.at >= past {
                break;
            }
            let from = piece.from.max(inner.at);
            traced.push(Piece {
                at: if piece.is_copy {
                    piece.at + (from - piece.from)
                } else {
                    piece.at
                },
                file: inner.file.clone(),
                from: match inner.is_copy {
                    true => inner.from + (from - inner.at),
                    false => inner.from,
                },
                is_copy: piece.is_copy && inner.is_copy,
            });
        }
    }
    traced
}
