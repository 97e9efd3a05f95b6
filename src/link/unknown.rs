//! Suggestions for unknown addresses and keys.

use std::collections::BTreeMap;

use super::Linker;
use super::entities::forbidden_scheme;
use super::names::Names;
use crate::diag::{Code, Diagnostic, Fix};
use crate::parse::{Draft, Verb, cite, synonyms};
use crate::text::{Guess, Place, SitePath, Span};

impl Linker<'_> {
    /// Reports keys of sources without brackets in a text.
    pub(super) fn bare_keys(&mut self, draft: &Draft, span: Span, names: &Names<'_>) {
        let written = span.of(draft.text.as_str());
        if memchr::memchr(b'@', written.as_bytes()).is_none() || !names.has_sources() {
            return;
        }
        for (at, _) in written.match_indices('@') {
            let before = written[..at].chars().next_back();
            let is_apart = before.is_none_or(|c| c.is_whitespace() || "(-;,".contains(c));
            let key = cite::key_at(&written[at + 1..]).unwrap_or("");
            if is_apart && names.known_source(key).is_some() {
                let start = span.start as usize + at;
                let place = draft.place(Span::new(start..start + 1 + key.len()));
                self.diagnostics.push(bare_key(place, key));
            }
        }
    }

    /// Returns the file with the most similar name for a missing file. Folders are ignored;
    /// otherwise every short name in a deep folder would be similar.
    pub(super) fn nearest_file<'m>(
        &self,
        missing: &SitePath,
        files: impl Iterator<Item = &'m SitePath>,
    ) -> Option<&'m SitePath> {
        let mut by_name: BTreeMap<&str, &SitePath> = BTreeMap::new();
        for file in files {
            by_name.entry(file.name()).or_insert(file);
        }
        let (stem, end) = (missing.stem(), missing.extension());
        let stems = by_name.values().map(|file| file.stem());
        let near = self.guess.nearest(stem, stems)?;
        let is_near = |file: &&&SitePath| file.stem() == near;
        let mut found = by_name.values().filter(is_near);
        let same_end = |file: &&&SitePath| file.extension() == end;
        found
            .clone()
            .find(same_end)
            .or_else(|| found.next())
            .copied()
    }
}

pub fn unknown_fragment<'a>(
    place: Place,
    fragment: &str,
    anchors: impl Iterator<Item = &'a str>,
    guess: &Guess,
) -> Diagnostic {
    let near = guess.nearest(fragment, anchors);
    Diagnostic::new(
        Code::UnknownFragment,
        place,
        format!("unknown anchor `#{fragment}`"),
    )
    .label("no heading or mark of the target page has this anchor")
    .maybe_hint(near.map(|near| format!("did you mean `#{near}`?")))
}

fn bare_key(place: Place, key: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BareKey,
        place.clone(),
        format!("`@{key}` without brackets is not a citation"),
    )
    .label("shown as text")
    .hint(format!("write `[@{key}]`, or `\\@{key}` for plain text"))
    .fix(Fix::replace(place, format!("[@{key}]")))
}

/// Schemes of addresses that are not typos of our verbs.
const OTHER_SCHEMES: [&str; 16] = [
    "about",
    "app",
    "data",
    "doi",
    "file",
    "ftp",
    "git",
    "irc",
    "javascript",
    "magnet",
    "news",
    "obsidian",
    "sms",
    "ssh",
    "tel",
    "urn",
];

pub(super) fn unknown_verb_or_scheme(place: Place, scheme: &str, url: &str) -> Diagnostic {
    if Verb::parse(scheme).is_some() {
        return mark_without_words(place, url);
    }
    let ids = &url[scheme.len() + 1..];
    let is_verb = |c: char| c.is_ascii_lowercase() || c == '-';
    let has_ids = ids.split(',').all(super::ids::is_id);
    let is_meant = scheme.chars().all(is_verb) && has_ids && !OTHER_SCHEMES.contains(&scheme);
    let told = || {
        Diagnostic::new(
            Code::UnknownVerb,
            place.clone(),
            format!("unknown verb `{scheme}`"),
        )
        .label("not a verb of marks")
    };
    if scheme == "cont" {
        return told().hint(format!(
            "write `cont` as an attribute, to continue an earlier mark: `[words](claim:{ids} \
             \"cont\")`"
        ));
    }
    match synonyms::verb(scheme) {
        Some(verb) if !url.contains("//") => {
            let told = told().hint(format!("did you mean `{verb}:`?"));
            let mut at = place.clone();
            at.span.end = at.span.start + scheme.len() as u32;
            if place.span.range().len() == url.len() {
                told.fix(Fix::replace(at, verb))
            } else {
                told
            }
        }
        Some(_) | None if is_meant => {
            let verbs: Vec<&str> = Verb::words().collect();
            told().hint(format!("write one of: {}", verbs.join(", ")))
        }
        Some(_) | None => forbidden_scheme(place, url),
    }
}

fn mark_without_words(place: Place, url: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableAttributes,
        place,
        format!("mark `{url}` without words"),
    )
    .label("expected `[words]` before the mark")
    .hint(format!("write `[words]({url})`"))
}
