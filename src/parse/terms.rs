//! Parses values of a mark about its words: confidence, likelihood, the original words and their
//! language.

use super::attrs::{At, Piece};
use crate::diag::{Code, Diagnostic};
use crate::model::{Confidence, Likelihood, LikelihoodFault, Yardstick};
use crate::text::{SourceMap, is_language, nearest};

/// Parses `conf`: a known term, or any text in quotes.
pub fn confidence(
    map: &SourceMap,
    piece: &Piece<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<At<Confidence>> {
    let Some(value) = Confidence::read(&piece.value) else {
        diagnostics.push(empty(map, piece));
        return None;
    };
    if !value.is_known() && !piece.is_quoted() {
        let known = Confidence::LEVELS.iter().copied();
        let known = known.chain([Confidence::CONFIDENT]);
        diagnostics.push(unknown_term(map, piece, known));
        return None;
    }
    Some(At {
        value,
        span: piece.value_span,
    })
}

/// Parses `likely`: a term of a published scale, one after the name of its scale, or any text in
/// quotes.
pub fn likelihood(
    map: &SourceMap,
    piece: &Piece<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<At<Likelihood>> {
    let known = || Yardstick::ALL.into_iter().flat_map(Yardstick::terms);
    match Likelihood::read(&piece.value) {
        Ok(value) if value.is_known() || piece.is_quoted() => {
            return Some(At {
                value,
                span: piece.value_span,
            });
        }
        Ok(_) => diagnostics.push(unknown_term(map, piece, known())),
        Err(LikelihoodFault::Empty) => diagnostics.push(empty(map, piece)),
        Err(LikelihoodFault::Nearly(yardstick)) => {
            diagnostics.push(nearly_a_yardstick(map, piece, yardstick));
        }
        Err(LikelihoodFault::NoTermOf(yardstick)) => {
            diagnostics.push(no_term_of(map, piece, yardstick));
        }
    }
    None
}

/// Parses `orig`: the words in the original language.
pub fn original(
    map: &SourceMap,
    piece: &Piece<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<At<String>> {
    if piece.value.trim().is_empty() {
        diagnostics.push(empty(map, piece));
        return None;
    }
    Some(At {
        value: piece.value.trim().to_owned(),
        span: piece.value_span,
    })
}

/// Parses `lang`: a BCP 47 language tag.
pub fn language(
    map: &SourceMap,
    piece: &Piece<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    if is_language(&piece.value) {
        return Some(piece.value.to_string());
    }
    diagnostics.push(
        unreadable(
            map,
            piece,
            format!("`{}` is not a language tag", piece.value),
        )
        .label("not a BCP 47 tag")
        .hint("write a tag such as `ru`, `pt-BR` or `zh-Hans`"),
    );
    None
}

fn unreadable(map: &SourceMap, piece: &Piece<'_>, message: String) -> Diagnostic {
    Diagnostic::new(Code::UnreadableValue, map.place(piece.value_span), message)
}

fn empty(map: &SourceMap, piece: &Piece<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        map.place(piece.name_span),
        format!("empty `{}`", piece.name),
    )
    .label("a value is missing")
    .hint(format!("write the words, or remove `{}`", piece.name))
}

/// Returns the diagnostic for an unknown term without quotes, which may be a typo.
fn unknown_term(
    map: &SourceMap,
    piece: &Piece<'_>,
    known: impl Iterator<Item = &'static str>,
) -> Diagnostic {
    let (key, term) = (&piece.name, &piece.value);
    let quoted = format!("if it is the speaker’s own term, put it in quotes: `{key}='{term}'`");
    let hint = match nearest(term, known) {
        Some(near) => {
            let near = near.replace(' ', "-");
            format!("did you mean `{key}={near}`? {}", capital(&quoted))
        }
        None => quoted,
    };
    unreadable(map, piece, format!("unknown term `{term}` in `{key}`"))
        .label("not a term of a published scale")
        .hint(hint)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn nearly_a_yardstick(map: &SourceMap, piece: &Piece<'_>, near: Yardstick) -> Diagnostic {
    let (before, term) = piece.value.split_once(':').unwrap_or(("", ""));
    unreadable(map, piece, format!("unknown yardstick `{}`", before.trim()))
        .label("not the name of a published scale")
        .hint(format!(
            "did you mean `{}='{}: {}'`?",
            piece.name,
            near.word(),
            term.trim()
        ))
}

fn no_term_of(map: &SourceMap, piece: &Piece<'_>, yardstick: Yardstick) -> Diagnostic {
    let term = piece.value.split_once(':').map_or("", |(_, term)| term);
    let term = term.trim();
    let terms: Vec<&str> = yardstick.terms().collect();
    let message = format!("unknown term `{term}` of {}", yardstick.name());
    unreadable(map, piece, message)
        .label("this yardstick does not have this term")
        .hint(format!(
            "write one of its terms ({}), or only the speaker’s term: `{}='{term}'`",
            terms.join(", "),
            piece.name
        ))
}
