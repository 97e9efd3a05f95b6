//! BibLaTeX.

use std::ops::Range;

use biblatex::{Bibliography, ChunksExt as _, Entry, ParseError, RawBibliography};

use super::{RawEntry, dated, limits, unreadable, words};
use crate::diag::Diagnostic;
use crate::parse::{Name, SourceFront};
use crate::text::{SourceMap, Span};

/// The maximum number of bytes that are read again if an error makes it necessary to parse each
/// entry separately: the abbreviations are parsed with each.
const READ_AGAIN: usize = 64 * 1024 * 1024;

/// Reads the entries of a `.bib`.
pub(super) fn read(
    map: &SourceMap,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<RawEntry> {
    let whole = match library(map, text, (0, 0), diagnostics) {
        Ok(entries) => return entries,
        Err(error) => error,
    };
    // The parser stops at the first error, so each entry is parsed separately, with the
    // abbreviations that it can use; valid ones are kept.
    let pieces = pieces(text);
    let strings: String = pieces
        .iter()
        .map(|(_, piece)| *piece)
        .filter(|piece| {
            let head = piece.get(..7);
            head.is_some_and(|head| head.eq_ignore_ascii_case("@string"))
        })
        .collect();
    let mut entries = Vec::new();
    let mut is_told = false;
    if strings.len().saturating_mul(pieces.len()) < READ_AGAIN {
        for (from, piece) in pieces {
            let text = format!("{strings}{piece}");
            match library(map, &text, (from, strings.len()), diagnostics) {
                Ok(found) => entries.extend(found),
                Err(error) => {
                    let place =
                        |at: usize| from + at.saturating_sub(strings.len()).min(piece.len());
                    let span = place(error.span.start)..place(error.span.end);
                    let place = map.place(Span::new(span));
                    diagnostics.push(unreadable(place, &error.kind.to_string()));
                    is_told = true;
                }
            }
        }
    }
    // The error concerns several entries, such as a duplicate key.
    if !is_told {
        let place = map.place(Span::new(whole.span));
        diagnostics.push(unreadable(place, &whole.kind.to_string()));
    }
    entries
}

/// Splits a text before every line that begins an entry; each piece has its offset.
fn pieces(text: &str) -> Vec<(usize, &str)> {
    let mut starts: Vec<usize> = text
        .match_indices('@')
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || text[..*at].ends_with('\n'))
        .collect();
    starts.push(text.len());
    let pairs = starts.windows(2);
    pairs
        .map(|pair| (pair[0], &text[pair[0]..pair[1]]))
        .collect()
}

/// Returns the entries of `text`. Its first `lead` bytes are abbreviations from elsewhere, and the
/// rest begins at `from` in its file.
fn library(
    map: &SourceMap,
    text: &str,
    (from, lead): (usize, usize),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<RawEntry>, ParseError> {
    let mut raw = RawBibliography::parse(text)?;
    let place = |range: Range<usize>| {
        let at = |at: usize| from + at.saturating_sub(lead);
        Span::new(at(range.start)..at(range.end))
    };
    let refused = limits::tame(&mut raw).into_iter();
    let refused = refused.filter(|(range, ..)| range.start >= lead);
    diagnostics.extend(refused.map(|(range, code, why)| {
        let place = map.place(place(range));
        limits::told(place, code, why)
    }));

    // The parser does not keep the places of keys, but their order.
    let keys: Vec<Span> = raw
        .entries
        .iter()
        .map(|entry| place(entry.v.key.span.clone()))
        .collect();
    let library = Bibliography::from_raw(raw)?;
    let entries = library.iter().zip(keys).map(|(entry, span)| {
        let mut undated = Vec::new();
        let field = |name: &str| entry.get(name).map(|chunks| chunks.format_verbatim());
        RawEntry {
            tlp: super::level(field("tlp").as_deref(), field("keywords").as_deref()),
            key: entry.key.clone(),
            span,
            front: bib_entry(entry, span, &mut undated),
            undated,
        }
    });
    Ok(entries.collect())
}

fn bib_entry(entry: &Entry, span: Span, undated: &mut Vec<String>) -> SourceFront {
    let field = |names: &[&str]| {
        let chunks = names.iter().find_map(|name| entry.get(name))?;
        Some(chunks.format_verbatim()).filter(|text| !text.trim().is_empty())
    };
    let plain = |names: &[&str]| field(names).map(|text| words::without_latex(&text));
    // Before BibTeX had a field for URLs, they were in `howpublished`.
    let web = || plain(&["howpublished"]).filter(|it| it.trim().starts_with("http"));
    let url = field(&["url"]).or_else(web).map(|url| words::address(&url));
    let url = url.or_else(|| words::doi(&field(&["doi"])?));
    let authors = entry.author().unwrap_or_default();
    let author = authors.iter().map(|person| {
        let parts = [
            &person.given_name,
            &person.prefix,
            &person.name,
            &person.suffix,
        ];
        let name: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|p| !p.is_empty())
            .collect();
        Name::bare(&name.join(" "), span)
    });
    let date = field(&["date"]).or_else(|| {
        let (year, month) = (field(&["year"])?, field(&["month"]).unwrap_or_default());
        // Before there was `date`, a day followed the month: `jan # "~12"`.
        let month: Vec<&str> = month
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let number = month.first().and_then(|month| month_number(month));
        let day = match month.as_slice() {
            [_, day] => day.parse().ok(),
            _ => field(&["day"]).and_then(|day| day.trim().parse().ok()),
        };
        Some(match (number, day) {
            (Some(month), Some::<u32>(day)) => format!("{year}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year}-{month:02}"),
            (None, _) => year,
        })
    });
    SourceFront {
        title: plain(&["title"]).map(|title| match plain(&["subtitle"]) {
            Some(subtitle) => format!("{title}: {subtitle}"),
            None => title,
        }),
        author: author.collect(),
        publisher: plain(&[
            "publisher",
            "institution",
            "organization",
            "journaltitle",
            "journal",
        ]),
        date: dated(date, undated),
        url: url.map(|url| (url, span)),
        retrieved: dated(field(&["urldate"]), undated),
        kind: Some(entry.entry_type.to_string()),
        language: field(&["langid", "language"]).and_then(|name| words::language(&name)),
        ..SourceFront::default()
    }
}

fn month_number(month: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let month = month.to_lowercase();
    let named = MONTHS.iter().position(|name| month.starts_with(name));
    named.map(|at| at as u32 + 1).or_else(|| {
        month
            .parse()
            .ok()
            .filter(|number| (1..=12).contains(number))
    })
}
