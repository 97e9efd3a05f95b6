//! Removes dangerous content from a `.bib` before its parser builds entries.
//!
//! The parser follows abbreviations and cross-references without a limit: a cycle overflows the
//! stack, and ten lines of `@string` can fill the memory. Its cost is quadratic in the number of
//! braces in a field. Anything beyond the limits is removed here and reported.

use std::collections::HashMap;
use std::ops::Range;

use biblatex::{Field, RawBibliography, RawChunk};

use crate::diag::{Code, Diagnostic};
use crate::text::Place;

/// The maximum number of groups in braces, and of formulas, in one field.
pub const GROUPS: usize = 200;
/// The maximum length of a chain of abbreviations or cross-references.
pub const STEPS: usize = 16;
/// The maximum total of bytes that abbreviations expand to and cross-references copy, in a
/// bibliography.
pub const COPIED: usize = 32 * 1024 * 1024;

type Fault = (Range<usize>, Code, String);

/// Removes content beyond the limits. Returns its places and the reasons.
pub fn tame(raw: &mut RawBibliography<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    nesting(raw, &mut faults);
    abbreviations(raw, &mut faults);
    dates(raw, &mut faults);
    references(raw, &mut faults);
    faults
}

fn nesting(raw: &mut RawBibliography<'_>, faults: &mut Vec<Fault>) {
    let mut is_tame = |key: &Range<usize>, field: &Field<'_>| {
        let groups = field.iter().map(|chunk| match &chunk.v {
            RawChunk::Normal(text) => text.bytes().filter(|b| matches!(b, b'{' | b'$')).count(),
            RawChunk::Abbreviation(_) => 1,
        });
        let is_tame = groups.sum::<usize>() <= GROUPS;
        if !is_tame {
            let why = format!("a field has more than {GROUPS} groups in braces");
            faults.push((key.clone(), Code::BeyondLimit, why));
        }
        is_tame
    };
    raw.abbreviations
        .retain(|pair| is_tame(&pair.key.span, &pair.value.v));
    for entry in &mut raw.entries {
        let fields = &mut entry.v.fields;
        fields.retain(|pair| is_tame(&pair.key.span, &pair.value.v));
    }
}

/// The parser does not check that the numbers of a date fit their types.
fn dates(raw: &mut RawBibliography<'_>, faults: &mut Vec<Fault>) {
    let abbreviations = raw.abbreviations.iter();
    let abbreviations: HashMap<&str, Option<String>> = abbreviations
        .map(|pair| (pair.key.v, written(&pair.value.v, |_| None)))
        .collect();
    for entry in &mut raw.entries {
        entry.v.fields.retain(|pair| {
            let key = pair.key.v.to_ascii_lowercase();
            let most = match key.as_str() {
                "month" | "day" => 2,
                "year" => 4,
                _ if key.ends_with("date") => 4,
                _ => return true,
            };
            // An undefined abbreviation is a month, or the parser reports it.
            let text = written(&pair.value.v, |name| match abbreviations.get(name) {
                Some(text) => text.as_deref(),
                None => Some(""),
            });
            let is_tame = text.is_some_and(|text| is_tame_date(&text, most));
            if !is_tame {
                let why = format!("unreadable date in `{key}`");
                faults.push((pair.key.span.clone(), Code::UnreadField, why));
            }
            is_tame
        });
    }
}

/// Returns the text of a field with its abbreviations expanded, if they are known.
fn written<'s>(
    field: &Field<'s>,
    abbreviation: impl Fn(&str) -> Option<&'s str>,
) -> Option<String> {
    let chunks = field.iter().map(|chunk| match chunk.v {
        RawChunk::Normal(text) => Some(text),
        RawChunk::Abbreviation(name) => abbreviation(name),
    });
    chunks.collect()
}

/// True if no number in it has more than `most` digits, before and after the parser has processed
/// LaTeX commands.
fn is_tame_date(text: &str, most: usize) -> bool {
    let text = text.trim().trim_start_matches('{').trim_end_matches('}');
    let is_plain = |c: char| !"{}\\$".contains(c) && (c.is_ascii_digit() || !c.is_numeric());
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    let signed = text.trim_start().strip_prefix(['+', '-']);
    text.chars().all(is_plain)
        && numbers.all(|number| number.len() <= most)
        && !signed.is_some_and(|year| year.starts_with(char::is_whitespace))
}

/// The size of an object itself, and the objects that it includes.
struct Knot {
    size: usize,
    on: Vec<usize>,
}

/// Returns the total size of each object with everything that it includes; `None` for those beyond
/// the limits. Objects beyond the limits count as empty for those that include them.
fn sizes(knots: &[Knot]) -> Vec<Option<usize>> {
    #[derive(Clone, Copy)]
    enum Seen {
        No,
        OnPath,
        /// Its size, and the length of its longest chain.
        Done(Option<usize>, usize),
    }
    fn visit(at: usize, depth: usize, knots: &[Knot], seen: &mut [Seen]) -> (Option<usize>, usize) {
        match seen[at] {
            Seen::Done(size, steps) => return (size, steps),
            Seen::OnPath => return (None, 0),
            Seen::No => {}
        }
        if depth > STEPS {
            return (None, 0);
        }
        seen[at] = Seen::OnPath;
        let knot = &knots[at];
        let (mut size, mut steps) = (Some(knot.size), 0);
        for &on in &knot.on {
            let (taken, below) = visit(on, depth + 1, knots, seen);
            size = size
                .zip(taken)
                .map(|(size, taken)| size.saturating_add(taken));
            steps = steps.max(below + 1);
        }
        let size = size.filter(|size| steps <= STEPS && *size <= COPIED);
        let steps = if size.is_some() { steps } else { 0 };
        seen[at] = Seen::Done(size, steps);
        (size, steps)
    }
    let mut seen = vec![Seen::No; knots.len()];
    (0..knots.len())
        .map(|at| visit(at, 0, knots, &mut seen).0)
        .collect()
}

fn field_size(field: &Field<'_>) -> usize {
    let sizes = field.iter().map(|chunk| match &chunk.v {
        // Each chunk of a field has an overhead.
        RawChunk::Normal(text) => text.len() + 64,
        RawChunk::Abbreviation(_) => 64,
    });
    sizes.sum()
}

fn abbreviations(raw: &mut RawBibliography<'_>, faults: &mut Vec<Fault>) {
    let numbers: HashMap<&str, usize> = raw
        .abbreviations
        .iter()
        .enumerate()
        .map(|(number, pair)| (pair.key.v, number))
        .collect();
    let on = |field: &Field<'_>| -> Vec<usize> {
        let named = field.iter().filter_map(|chunk| match chunk.v {
            RawChunk::Abbreviation(name) => numbers.get(name).copied(),
            RawChunk::Normal(_) => None,
        });
        named.collect()
    };
    let knots: Vec<Knot> = raw
        .abbreviations
        .iter()
        .map(|pair| Knot {
            size: field_size(&pair.value.v),
            on: on(&pair.value.v),
        })
        .collect();
    let sizes = sizes(&knots);
    let mut left = COPIED;
    for entry in &mut raw.entries {
        entry.v.fields.retain(|pair| {
            let taken = on(&pair.value.v).into_iter().map(|number| sizes[number]);
            // An abbreviation beyond the limits is reported at its definition, and as unknown by
            // the parser.
            let taken = taken.flatten().fold(0, usize::saturating_add);
            let is_left = left.checked_sub(taken);
            left = is_left.unwrap_or(left);
            if is_left.is_none() {
                let why = "the abbreviations expand to too much text".to_owned();
                faults.push((pair.key.span.clone(), Code::BeyondLimit, why));
            }
            is_left.is_some()
        });
    }
    let mut number = 0;
    raw.abbreviations.retain(|pair| {
        let is_kept = sizes[number].is_some();
        number += 1;
        if !is_kept {
            let why = format!(
                "the abbreviation `{}` is nested too deeply or too long",
                pair.key.v
            );
            faults.push((pair.key.span.clone(), Code::BeyondLimit, why));
        }
        is_kept
    });
}

/// The keys by which an entry includes others, or sets other names for itself.
const LINKS: [&str; 3] = ["crossref", "xdata", "ids"];

fn references(raw: &mut RawBibliography<'_>, faults: &mut Vec<Fault>) {
    // A key that the parser reads differently from the source could form a cycle that is not seen
    // here.
    for entry in &mut raw.entries {
        entry.v.fields.retain(|pair| {
            if !is_link(pair.key.v) {
                return true;
            }
            let keys = keys(&pair.value.v);
            let is_plain = keys.is_some();
            if keys.is_some_and(|keys| keys.is_empty()) {
                // The parser looks up an entry with an empty key, and could find this one.
                return false;
            }
            if !is_plain {
                let why = format!("`{}` contains more than keys", pair.key.v);
                faults.push((pair.key.span.clone(), Code::BeyondLimit, why));
            }
            is_plain
        });
    }
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (number, entry) in raw.entries.iter().enumerate() {
        numbers.insert(entry.v.key.v.to_owned(), number);
        for pair in &entry.v.fields {
            if pair.key.v.eq_ignore_ascii_case("ids") {
                let ids = keys(&pair.value.v).unwrap_or_default();
                numbers.extend(ids.into_iter().map(|id| (id.to_owned(), number)));
            }
        }
    }
    let knots: Vec<Knot> = raw
        .entries
        .iter()
        .map(|entry| {
            let fields = entry.v.fields.iter();
            let links = fields.clone().filter(|pair| is_reference(pair.key.v));
            let on = links.flat_map(|pair| keys(&pair.value.v).unwrap_or_default());
            Knot {
                size: fields.map(|pair| field_size(&pair.value.v)).sum(),
                on: on.filter_map(|key| numbers.get(key).copied()).collect(),
            }
        })
        .collect();
    let sizes = sizes(&knots);
    let mut left = COPIED;
    for ((entry, knot), size) in raw.entries.iter_mut().zip(&knots).zip(sizes) {
        if knot.on.is_empty() {
            continue;
        }
        let is_left = size.and_then(|size| left.checked_sub(size));
        match is_left {
            Some(rest) => left = rest,
            None => {
                let why = format!(
                    "the cross-references of `{}` are nested too deeply or too long",
                    entry.v.key.v
                );
                faults.push((entry.v.key.span.clone(), Code::BeyondLimit, why));
                entry.v.fields.retain(|pair| !is_reference(pair.key.v));
            }
        }
    }
}

fn is_link(name: &str) -> bool {
    LINKS.iter().any(|link| link.eq_ignore_ascii_case(name))
}

fn is_reference(name: &str) -> bool {
    is_link(name) && !name.eq_ignore_ascii_case("ids")
}

/// Returns the keys in a field, if it contains only keys that are read as written; `None` if it is
/// blank.
fn keys<'s>(field: &Field<'s>) -> Option<Vec<&'s str>> {
    let [chunk] = field.as_slice() else {
        return None;
    };
    let RawChunk::Normal(text) = chunk.v else {
        return None;
    };
    if text.trim().is_empty() {
        return Some(Vec::new());
    }
    let is_plain = |c: char| c.is_alphanumeric() || "-_:./+".contains(c);
    let keys: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_tame = |key: &&str| !key.is_empty() && key.chars().all(is_plain) && !key.contains("--");
    keys.iter().all(is_tame).then_some(keys)
}

pub fn told(place: Place, code: Code, why: String) -> Diagnostic {
    let hint = if code == Code::UnreadField {
        super::DATES
    } else {
        "split the entry, or write the text out"
    };
    let told = Diagnostic::new(code, place, why);
    told.label("ignored").hint(hint)
}
