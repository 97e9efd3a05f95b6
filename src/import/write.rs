//! Files of a book as their authors write them: front matter in YAML, text in Markdown.

use std::collections::HashSet;

use super::Imported;
use crate::text::{SitePath, fold, one_line, slug};

/// What a summary has at most, in characters; the whole text stands below it.
const SUMMARY: usize = 300;

/// An actor as another tool has it.
#[derive(Default)]
pub struct Actor {
    pub name: String,
    /// Our word for its kind.
    pub kind: &'static str,
    pub aliases: Vec<String>,
    pub text: String,
    pub attack_id: Option<String>,
    pub stix_id: Option<String>,
    /// Who may see it, where the record says so.
    pub tlp: Option<&'static str>,
}

/// Names of files that mean something else: the page of all actors or sources, and what Windows
/// takes for a device.
fn is_taken(stem: &str) -> bool {
    let is_port = |lead: &str| {
        let number = stem.strip_prefix(lead).unwrap_or("");
        matches!(number.as_bytes(), [b'0'..=b'9'])
    };
    matches!(stem, "index" | "aux" | "con" | "nul" | "prn") || is_port("com") || is_port("lpt")
}

/// Gives out ids, no two alike.
#[derive(Default)]
pub struct Ids(HashSet<String>);

impl Ids {
    /// A file for something called `name`: what of the name an id may hold, a number where another
    /// has it, and `prefix` where nothing is left that could begin one.
    pub fn file(&mut self, name: &str, prefix: &str) -> SitePath {
        let mut stem = slug(name);
        if !stem.starts_with(|c: char| c.is_ascii_lowercase()) || stem.len() < 2 || is_taken(&stem)
        {
            stem = format!("{prefix}-{stem}").trim_end_matches('-').to_owned();
        }
        // Two to 64 characters, with room for a number.
        stem.truncate(56);
        let stem = stem.trim_end_matches('-').to_owned();
        let mut id = stem.clone();
        let mut number = 2;
        while !self.0.insert(id.clone()) {
            id = format!("{stem}-{number}");
            number += 1;
        }
        SitePath::new(&format!("{id}.md")).expect("an id is the name of a file")
    }
}

impl Imported {
    pub fn actor(&mut self, ids: &mut Ids, actor: &Actor) {
        let mut front = String::from("---\n");
        line(&mut front, "name", &actor.name);
        front.push_str(&format!("kind: {}\n", actor.kind));
        let mut seen = HashSet::from([fold(&actor.name)]);
        let aliases = actor.aliases.iter().map(|alias| one_line(alias));
        let aliases = aliases.filter(|alias| !alias.is_empty() && seen.insert(fold(alias)));
        let aliases: Vec<String> = aliases.map(|alias| quoted(&alias)).collect();
        if !aliases.is_empty() {
            front.push_str(&format!("aliases: [{}]\n", aliases.join(", ")));
        }
        let text = plain(&actor.text);
        let short = first_sentence(&text);
        for (key, value) in [
            ("tlp", actor.tlp),
            ("attack-id", actor.attack_id.as_deref()),
            ("stix-id", actor.stix_id.as_deref()),
            ("summary", Some(short)),
        ] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                line(&mut front, key, value);
            }
        }
        front.push_str("---\n");
        if one_line(&text) != short {
            front.push_str(&format!("\n{}", markdown(&text)));
        }
        let file = ids.file(&actor.name, "actor");
        self.files.push((file, front));
    }
}

/// A line of front matter.
pub fn line(front: &mut String, key: &str, value: &str) {
    front.push_str(&format!("{key}: {}\n", quoted(&one_line(value))));
}

/// A text as YAML has it in double quotes, which is as JSON has it.
pub fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    serde_json::Value::String(clean).to_string()
}

/// Text without the few marks that such records hold: `[name](address)` becomes the name, a note
/// of a citation goes, and so does what sets words in code or bold.
fn plain(text: &str) -> String {
    let text = ["<code>", "</code>", "**", "`"]
        .into_iter()
        .fold(text.to_owned(), |text, mark| text.replace(mark, ""))
        .replace("<br>", "\n")
        .replace("<br/>", "\n");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['[', '(']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        // Neither is longer than this; a bracket that is never closed costs no look at all that
        // follows.
        let near = &rest[..rest.floor_char_boundary(2_000.min(rest.len()))];
        let link = near.strip_prefix('[').and_then(|inside| {
            let (name, behind) = inside.split_once("](")?;
            let (_, behind) = behind.split_once(')')?;
            (!name.contains(['[', '\n'])).then_some((name, behind.len()))
        });
        let citation = near
            .strip_prefix("(Citation: ")
            .and_then(|inside| inside.split_once(')'))
            .map(|(_, behind)| ("", behind.len()));
        rest = match link.or(citation) {
            Some((name, behind)) => {
                plain.push_str(name);
                &rest[near.len() - behind..]
            }
            None => {
                plain.push_str(&rest[..1]);
                &rest[1..]
            }
        };
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}

/// The first sentence, or as much of it as a summary may have.
fn first_sentence(text: &str) -> &str {
    let text = text.split('\n').next().unwrap_or("").trim();
    let end = text.match_indices(". ").map(|(at, _)| at + 1).next();
    let sentence = &text[..end.unwrap_or(text.len())];
    match sentence.char_indices().nth(SUMMARY) {
        None => sentence,
        Some((at, _)) => {
            let cut = &sentence[..at];
            &cut[..cut.rfind(' ').unwrap_or(at)]
        }
    }
}

/// Plain text as Markdown that shows it letter by letter: nothing in it is a mark, a mention, a
/// citation, an attribute or HTML.
fn markdown(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + text.len() / 16);
    for paragraph in text.split('\n').map(str::trim).filter(|it| !it.is_empty()) {
        let digits = paragraph.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = paragraph.len() - digits.len();
        for (at, c) in paragraph.char_indices() {
            let is_sign = matches!(
                c,
                '\\' | '`'
                    | '*'
                    | '_'
                    | '['
                    | ']'
                    | '<'
                    | '>'
                    | '#'
                    | '{'
                    | '}'
                    | '|'
                    | '!'
                    | '~'
                    | '@'
                    | '&'
                    | '^'
                    | '$'
            );
            let begins = at == 0 && matches!(c, '+' | '-' | '=' | ':' | '%');
            let is_list = at == number && number > 0 && matches!(c, '.' | ')');
            if is_sign || begins || is_list {
                markdown.push('\\');
            }
            if !c.is_control() {
                markdown.push(c);
            }
        }
        markdown.push_str("\n\n");
    }
    markdown.truncate(markdown.trim_end().len());
    markdown.push('\n');
    markdown
}
