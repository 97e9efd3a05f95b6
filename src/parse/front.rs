//! Front matter: finds it, removes it, and reads it for each kind of document.

use super::attrs::{self, Attrs};
use super::keys::{Keys, Words};
use super::name::Name;
use super::registers::{is_attack, is_stix, is_wikidata};
use super::tree::{self, Tree};
use super::{DocKind, cite};
use crate::diag::{Code, Diagnostic};
use crate::model::{ActorKind, CiteItem, Extra, Grade, LegalStatus, Mode, PartialDate, Tlp};
use crate::text::{Place, SourceMap, Span, is_language, one_line};

/// The front matter of a briefing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BriefingFront {
    pub title: Option<String>,
    pub subtitle: Option<String>,
    pub summary: Option<String>,
    pub date: Option<PartialDate>,
    pub updated: Option<PartialDate>,
    pub as_of: Option<PartialDate>,
    pub authors: Vec<String>,
    pub tags: Vec<String>,
    pub is_draft: bool,
    pub aliases: Vec<Words>,
    /// Other names of an Obsidian note, which has them in `aliases`.
    pub names: Vec<String>,
    pub question: Option<Name>,
    pub event: Option<Name>,
    pub defaults: Attrs,
    pub corrections: Vec<(Option<PartialDate>, String)>,
}

/// The front matter of an actor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ActorFront {
    pub name: Option<Words>,
    pub kind: Option<ActorKind>,
    pub aliases: Vec<Words>,
    pub named_by: Vec<RawNaming>,
    pub summary: Option<String>,
    pub part_of: Option<Name>,
    pub member_of: Vec<Name>,
    pub speaks_for: Vec<Name>,
    pub country: Option<Name>,
    pub from: Option<PartialDate>,
    pub to: Option<PartialDate>,
    pub status: Option<LegalStatus>,
    pub status_src: Vec<CiteItem<Name>>,
    pub wikidata: Option<String>,
    pub attack_id: Option<String>,
    pub stix_id: Option<String>,
    pub url: Option<Words>,
    pub image: Option<Words>,
    pub autolink: super::Autolink,
}

/// `"ALIAS = actor @source"`, parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct RawNaming {
    pub alias: String,
    pub by: Vec<Name>,
    pub sources: Vec<CiteItem<Name>>,
}

/// The front matter of a claim.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClaimFront {
    pub text: Option<Words>,
    pub kind: Option<String>,
    pub about: Option<Vec<Name>>,
    pub against: Option<Vec<Name>>,
    pub event: Option<Name>,
    pub supports: Vec<Name>,
    pub contradicts: Vec<Name>,
    pub part: Vec<Name>,
    pub relation: Option<(Name, String, Name)>,
    pub tags: Vec<String>,
}

/// The front matter of a source, or an entry of a bibliography.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceFront {
    pub title: Option<String>,
    pub author: Vec<Name>,
    pub publisher: Option<String>,
    pub date: Option<PartialDate>,
    pub url: Option<Words>,
    pub archive: Option<Words>,
    pub retrieved: Option<PartialDate>,
    pub sha256: Option<String>,
    pub kind: Option<String>,
    pub language: Option<String>,
    pub reliability: Option<char>,
    pub mode: Option<Mode>,
    pub based_on: Vec<CiteItem<Name>>,
}

/// The front matter of a document, by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Front {
    Briefing(Box<BriefingFront>),
    Actor(Box<ActorFront>),
    Claim(Box<ClaimFront>),
    Source(Box<SourceFront>),
    /// The title of the 404 page.
    Astray(Option<String>),
}

/// The keys of all kinds of documents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Common {
    /// `id`, if it differs from the file name.
    pub id: Option<Words>,
    pub tlp: Option<Tlp>,
    pub extra: Extra,
    /// Codes that are turned off for this file.
    pub allowed: Vec<Code>,
}

/// The content of front matter, and the start of the text after it.
struct Found {
    tree: Tree,
    body: usize,
    span: Span,
}

/// Reads the front matter of `text`; returns it with the start of the body. In an Obsidian note,
/// all keys are allowed, and `aliases` are names.
pub fn read(
    map: &SourceMap,
    kind: DocKind,
    text: &str,
    is_vault: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Common, Front, usize) {
    let found = find(map, text, diagnostics);
    let (body, span) = (found.body, found.span);
    let mut keys = Keys::new(map, found.tree, diagnostics);
    let mut common = Common {
        id: keys.text("id"),
        tlp: keys.tlp(),
        allowed: allowed(map, &mut keys),
        extra: keys.extra(),
    };
    let front = match kind {
        DocKind::Briefing => {
            let mut front = briefing(map, &mut keys);
            if is_vault {
                front.as_note(&mut keys);
            }
            Front::Briefing(Box::new(front))
        }
        DocKind::Actor => Front::Actor(Box::new(actor(&mut keys, span))),
        DocKind::Claim => Front::Claim(Box::new(claim(&mut keys, span))),
        DocKind::Source => Front::Source(Box::new(source(&mut keys, span))),
        DocKind::Astray => Front::Astray(keys.text("title").map(|(title, _)| title)),
    };
    if is_vault {
        common.extra.extend(keys.rest())
    } else {
        keys.finish()
    }
    (common, front, body)
}

/// Nothing is required, because the title of a briefing can be its first heading.
fn briefing(map: &SourceMap, keys: &mut Keys<'_>) -> BriefingFront {
    let pieces = keys.pieces("defaults");
    BriefingFront {
        title: text(keys, "title"),
        subtitle: text(keys, "subtitle"),
        summary: text(keys, "summary"),
        date: keys.date("date"),
        updated: keys.date("updated"),
        as_of: keys.date("as-of"),
        authors: texts(keys, "authors"),
        tags: tags(keys),
        is_draft: keys.truth("draft").unwrap_or(false),
        aliases: keys.texts("aliases"),
        question: keys.name("question"),
        event: keys.name("event"),
        corrections: corrections(map, keys),
        defaults: attrs::read(map, pieces, keys.bag()),
        names: Vec::new(),
    }
}

fn actor(keys: &mut Keys<'_>, at: Span) -> ActorFront {
    keys.require("name", at, "an actor");
    let (from, to) = lifetime(keys);
    ActorFront {
        autolink: super::autolink::read(keys),
        name: keys.text("name"),
        kind: keys.word("kind", ActorKind::WORDS, ActorKind::parse),
        aliases: keys.texts("aliases"),
        named_by: namings(keys),
        summary: text(keys, "summary"),
        part_of: keys.name("part-of"),
        member_of: keys.names("member-of"),
        speaks_for: keys.names("speaks-for"),
        country: keys.name("country"),
        from,
        to,
        status: keys.word("status", LegalStatus::WORDS, LegalStatus::parse),
        status_src: cites(keys, "status-src"),
        wikidata: registered(
            keys,
            "wikidata",
            is_wikidata,
            "`Q` and a number, such as `Q30`",
        ),
        attack_id: registered(
            keys,
            "attack-id",
            is_attack,
            "an id such as `G0065` or `T1566.001`",
        ),
        stix_id: registered(
            keys,
            "stix-id",
            is_stix,
            "`TYPE--UUID`, the form of STIX ids",
        ),
        url: keys.text("url"),
        image: keys.text("image"),
    }
}

fn claim(keys: &mut Keys<'_>, at: Span) -> ClaimFront {
    keys.require("text", at, "a claim");
    let about = keys.span("about").is_some();
    let against = keys.span("against").is_some();
    ClaimFront {
        text: keys.text("text"),
        kind: text(keys, "kind"),
        about: Some(keys.names("about")).filter(|_| about),
        against: Some(keys.names("against")).filter(|_| against),
        event: keys.name("event"),
        supports: keys.names("supports"),
        contradicts: keys.names("contradicts"),
        part: keys.names("part"),
        relation: relation(keys),
        tags: tags(keys),
    }
}

fn source(keys: &mut Keys<'_>, at: Span) -> SourceFront {
    keys.require("title", at, "a source");
    let letters = ["A", "B", "C", "D", "E", "F"];
    let reliability = keys.word("reliability", &letters, |text| {
        Grade::parse(text)
            .filter(|grade| grade.credibility.is_none())?
            .reliability
    });
    SourceFront {
        title: text(keys, "title"),
        author: keys.names("author"),
        publisher: text(keys, "publisher"),
        date: keys.date("date"),
        url: keys.text("url"),
        archive: keys.text("archive"),
        retrieved: keys.date("retrieved"),
        sha256: sha256(keys),
        kind: text(keys, "type"),
        language: language(keys),
        reliability,
        mode: keys.word("mode", Mode::WORDS, Mode::parse),
        based_on: cites(keys, "based-on"),
    }
}

fn text(keys: &mut Keys<'_>, key: &'static str) -> Option<String> {
    keys.text(key).map(|(text, _)| text)
}

fn texts(keys: &mut Keys<'_>, key: &'static str) -> Vec<String> {
    keys.texts(key).into_iter().map(|(text, _)| text).collect()
}

/// The maximum number of tags of a briefing or claim; each has a page.
pub const TAGS: usize = 100;

fn tags(keys: &mut Keys<'_>) -> Vec<String> {
    let written = keys.texts("tags");
    if let Some((_, span)) = written.get(TAGS) {
        let (count, span) = (written.len(), *span);
        let told = too_many_tags(keys.place(span), count);
        keys.bag().push(told);
    }
    let mut tags = Vec::new();
    for (tag, span) in written.into_iter().take(TAGS) {
        if tag.trim().is_empty() {
            keys.unreadable("tags", span, "empty tag", "remove it, or write a word")
        } else {
            tags.push(tag)
        }
    }
    tags
}

fn too_many_tags(place: Place, count: usize) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("{count} tags; the maximum is {TAGS}"),
    )
    .label("tags are ignored from here on")
    .hint("keep the tags that are most useful to readers")
}

fn cites(keys: &mut Keys<'_>, key: &'static str) -> Vec<CiteItem<Name>> {
    let texts = keys.texts(key);
    texts
        .iter()
        .flat_map(|(text, span)| cite::keys(text, *span))
        .collect()
}

fn allowed(map: &SourceMap, keys: &mut Keys<'_>) -> Vec<Code> {
    let mut codes = Vec::new();
    for (text, span) in keys.texts("allow") {
        match Code::find(&text) {
            Some(code) => codes.push(code),
            None => {
                let place = map.place(span);
                let message = format!("unknown code `{text}`");
                keys.bag().push(
                    Diagnostic::new(Code::UnreadableValue, place, message)
                        .label("not the code of a diagnostic")
                        .hint("write the code as a diagnostic prints it, such as `WS116`"),
                );
            }
        }
    }
    codes
}

/// Reads `from` and `to` of an actor.
fn lifetime(keys: &mut Keys<'_>) -> (Option<PartialDate>, Option<PartialDate>) {
    let at = keys.span("to");
    let (from, to) = (keys.date("from"), keys.date("to"));
    if let (Some(from), Some(to), Some(at)) = (from, to, at)
        && to.last_day() < from.first_day()
    {
        let told = Diagnostic::new(
            Code::ImpossibleDate,
            keys.place(at),
            "`to` is before `from`",
        );
        let told = told
            .label("ends before it begins")
            .hint("write the earlier date in `from:`");
        keys.bag().push(told);
    }
    (from, to)
}

/// Reads the id of an actor in an external database.
fn registered(
    keys: &mut Keys<'_>,
    key: &'static str,
    is_one: fn(&str) -> bool,
    like: &str,
) -> Option<String> {
    let (text, span) = keys.text(key)?;
    if !is_one(&text) {
        let hint = format!("write {like}");
        keys.unreadable(key, span, "not an id of this database", &hint);
        return None;
    }
    Some(text)
}

/// Reads a BCP 47 tag: letters, digits and hyphens, in parts of up to eight characters.
fn language(keys: &mut Keys<'_>) -> Option<String> {
    let (text, span) = keys.text("language")?;
    if !is_language(&text) {
        let message = format!("`{}` is not a language tag", one_line(&text));
        let told = Diagnostic::new(Code::UnreadField, keys.place(span), message)
            .label("this value is ignored")
            .hint("write a language tag such as `en`, `pt-BR` or `zh-Hans`");
        keys.bag().push(told);
        return None;
    }
    Some(text)
}

fn sha256(keys: &mut Keys<'_>) -> Option<String> {
    let (text, span) = keys.text("sha256")?;
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        let hint = "write the 64 letters and digits that `sha256sum FILE` prints";
        keys.unreadable("sha256", span, "not a SHA-256 hash in hexadecimal", hint);
    }
    is_hash.then(|| text.to_lowercase())
}

fn corrections(map: &SourceMap, keys: &mut Keys<'_>) -> Vec<(Option<PartialDate>, String)> {
    let mut corrections = Vec::new();
    for tree in keys.maps("corrections") {
        let mut inner = Keys::new(map, tree, keys.bag());
        let on = inner.date("on");
        let text = text(&mut inner, "text").unwrap_or_default();
        inner.finish();
        corrections.push((on, text));
    }
    corrections
}

fn namings(keys: &mut Keys<'_>) -> Vec<RawNaming> {
    let mut namings = Vec::new();
    for (text, span) in keys.texts("named-by") {
        let Some((alias, rest)) = text.split_once('=') else {
            let hint = "write `KEY: [\"ALIAS = actor @source\"]`";
            keys.unreadable("named-by", span, "the `=` is missing", hint);
            continue;
        };
        let (sources, by): (Vec<_>, Vec<_>) = rest
            .split([',', ' '])
            .filter(|word| !word.is_empty())
            .partition(|word| word.starts_with('@'));
        namings.push(RawNaming {
            alias: alias.trim().to_string(),
            by: by.into_iter().map(|word| Name::bare(word, span)).collect(),
            sources: sources
                .into_iter()
                .flat_map(|word| cite::keys(word, span))
                .map(|mut item| {
                    item.key.span = span;
                    item
                })
                .collect(),
        });
    }
    namings
}

fn relation(keys: &mut Keys<'_>) -> Option<(Name, String, Name)> {
    let at = keys.span("relation")?;
    let names = keys.names("relation");
    match names.as_slice() {
        [subject, predicate, object] if !predicate.text.trim().is_empty() => {
            Some((subject.clone(), predicate.text.to_string(), object.clone()))
        }
        _ => {
            let hint = "write `KEY: [subject, predicate, object]`";
            keys.unreadable("relation", at, "expected three words", hint);
            None
        }
    }
}

/// Finds the front matter at the start of `text`.
fn find(map: &SourceMap, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let head = &text[start..];
    let fences = [("---", &["---", "..."][..]), ("+++", &["+++"])];
    for (open, closes) in fences {
        let first = head.lines().next().unwrap_or("");
        if first.trim_end() != open {
            continue;
        }
        let inside = start + (first.len() + 1).min(head.len());
        let Some((end, body)) = closing_line(text, inside, closes) else {
            // A page can begin with a horizontal rule; it is front matter only if a key follows.
            if open == "---" && !looks_like_keys(&text[inside..]) {
                break;
            }
            let place = map.place(Span::new(start..start + open.len()));
            diagnostics.push(unclosed(place, open));
            return Found::none(start);
        };
        if open == "---"
            && !text[inside..end].trim().is_empty()
            && !looks_like_keys(&text[inside..end])
        {
            break;
        }
        let read = match open {
            "---" => tree::yaml(&text[inside..end], inside, tree::FRONT_NODES),
            _ => tree::toml(&text[inside..end], inside),
        };
        let span = Span::new(start..start + open.len());
        return Found::read(map, read, body, span, diagnostics);
    }
    comment(map, text, start, diagnostics)
}

/// `<!-- whosaid … -->` at the start of the file, which other tools do not show.
fn comment(map: &SourceMap, text: &str, start: usize, diagnostics: &mut Vec<Diagnostic>) -> Found {
    const OPEN: &str = "<!-- whosaid";
    let head = text[start..].trim_start();
    let at = text.len() - head.len();
    let opens = head
        .strip_prefix(OPEN)
        .is_some_and(|rest| rest.starts_with(char::is_whitespace));
    if !opens {
        return Found::none(start);
    }
    let span = Span::new(at..at + OPEN.len());
    let inside = at + OPEN.len();
    let Some(length) = text[inside..].find("-->") else {
        diagnostics.push(unclosed(map.place(span), OPEN));
        return Found::none(start);
    };
    let read = tree::yaml(&text[inside..inside + length], inside, tree::FRONT_NODES);
    Found::read(map, read, inside + length + 3, span, diagnostics)
}

impl Found {
    fn none(body: usize) -> Found {
        Found {
            tree: Tree::null(),
            body,
            span: Span::new(body..body),
        }
    }

    fn read(
        map: &SourceMap,
        read: Result<Tree, tree::Fault>,
        body: usize,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Found {
        let tree = read.unwrap_or_else(|(at, why)| {
            diagnostics.push(unreadable(map.place(at), &why));
            Tree::null()
        });
        Found { tree, body, span }
    }
}

/// Returns the start of the first closing line after `from`, and the offset after it.
fn closing_line(text: &str, from: usize, closes: &[&str]) -> Option<(usize, usize)> {
    let mut at = from;
    for line in text.get(from..)?.split_inclusive('\n') {
        if closes.contains(&line.trim_end()) {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn looks_like_keys(text: &str) -> bool {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let key = line.split(':').next().unwrap_or("");
        line.contains(':') && !key.trim().is_empty() && !key.trim().contains(' ')
    })
}

fn unclosed(place: Place, open: &str) -> Diagnostic {
    let close = if open.starts_with('<') { "-->" } else { open };
    Diagnostic::new(Code::UnclosedFrontMatter, place, "unclosed front matter")
        .label("opened here")
        .hint(format!("add a line `{close}` after the last key"))
}

fn unreadable(place: Place, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableFrontMatter,
        place,
        "unreadable front matter",
    )
    .label(why.to_string())
}
