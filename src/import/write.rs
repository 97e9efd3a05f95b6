//! Writes files of a book: front matter in YAML, text in Markdown.

use std::collections::{HashMap, HashSet};

use unicode_security::confusable_detection::skeleton;

use super::{Imported, Left};
use crate::model::Tlp;
use crate::parse::deceptive;
use crate::text::{SitePath, is_hidden, name_key, one_line, slug};

/// The maximum length of a summary in characters; the whole text follows below it.
const SUMMARY: usize = 300;

/// An actor from another tool.
#[derive(Default)]
pub struct Actor {
    pub name: String,
    /// The kind of actor.
    pub kind: &'static str,
    pub aliases: Vec<String>,
    pub text: String,
    pub attack_id: Option<String>,
    pub stix_id: Option<String>,
    /// The TLP level, if the input has one.
    pub tlp: Option<Tlp>,
}

/// True for file names with another meaning: the index pages, and device names on Windows.
fn is_taken(stem: &str) -> bool {
    let is_port = |lead: &str| {
        let number = stem.strip_prefix(lead).unwrap_or("");
        matches!(number.as_bytes(), [b'0'..=b'9'])
    };
    matches!(stem, "index" | "aux" | "con" | "nul" | "prn") || is_port("com") || is_port("lpt")
}

/// Creates unique ids.
#[derive(Default)]
pub struct Ids {
    given: HashSet<String>,
    /// The file of each name, by how the name looks: its skeleton of UTS 39.
    looks: HashMap<String, (String, String)>,
    /// The next number for each stem. Counting from 2 each time would take quadratic time for a
    /// list of equal names.
    next: HashMap<String, usize>,
}

impl Ids {
    /// Returns the file for an object called `name`: the valid characters of the name, a number if
    /// the id is taken, and `prefix` if no character can begin an id.
    pub fn file(&mut self, name: &str, prefix: &str) -> SitePath {
        let mut stem = slug(name);
        if !stem.starts_with(|c: char| c.is_ascii_lowercase()) || stem.len() < 2 || is_taken(&stem)
        {
            stem = format!("{prefix}-{stem}").trim_end_matches('-').to_owned();
        }
        // An id has 2 to 64 characters; this leaves room for a number.
        stem.truncate(56);
        let stem = stem.trim_end_matches('-').to_owned();
        let mut id = stem.clone();
        let number = self.next.entry(stem.clone()).or_insert(2);
        while !self.given.insert(id.clone()) {
            id = format!("{stem}-{number}");
            *number += 1;
        }
        SitePath::known(&format!("{id}.md"))
    }

    /// The id of another entry whose name looks like this one and is another.
    fn lookalike(&mut self, name: &str, file: &SitePath) -> Option<String> {
        let looks: String = skeleton(name).collect();
        let own = || (name_key(name), file.stem().to_owned());
        let (other, id) = self.looks.entry(looks).or_insert_with(own);
        (*other != name_key(name)).then(|| id.clone())
    }
}

impl Imported {
    pub fn actor(&mut self, ids: &mut Ids, actor: &Actor) {
        let name = deceptive::without_hidden(&actor.name);
        let file = ids.file(&name, "actor");
        let mut front = String::from("---\n");
        line(&mut front, "name", &name);
        let mut all = [&actor.name].into_iter().chain(&actor.aliases);
        if let Some(fault) = all.find_map(|name| deceptive::fault(name)) {
            let why = format!("`{}` {fault}", visible(&actor.name));
            self.left.push(Left::new(file.as_str(), &why));
            line(&mut front, "x-deceptive", &why);
        }
        if let Some(other) = ids.lookalike(&name, &file) {
            let why = format!("the name looks like that of `{other}`");
            self.left.push(Left::new(file.as_str(), &why));
            line(&mut front, "x-looks-like", &other);
        }
        front.push_str(&format!("kind: {}\n", actor.kind));
        let mut seen = HashSet::from([name_key(&actor.name)]);
        let aliases = actor.aliases.iter();
        let aliases = aliases.map(|alias| one_line(&deceptive::without_hidden(alias)).to_string());
        let aliases = aliases.filter(|alias| !alias.is_empty() && seen.insert(name_key(alias)));
        let aliases: Vec<String> = aliases.map(|alias| quoted(&alias)).collect();
        if !aliases.is_empty() {
            front.push_str(&format!("aliases: [{}]\n", aliases.join(", ")));
        }
        let text = plain(&deceptive::without_hidden(&actor.text));
        let short = first_sentence(&text);
        for (key, value) in [
            ("tlp", actor.tlp.map(Tlp::word)),
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
        self.files.push((file, front));
    }
}

/// Appends a line of front matter.
pub fn line(front: &mut String, key: &str, value: &str) {
    front.push_str(&format!("{key}: {}\n", quoted(&one_line(value))));
}

/// Quotes a text as a YAML double-quoted scalar, in its JSON form.
pub fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    serde_json::Value::String(clean).to_string()
}

/// Removes the few kinds of markup in such data: `[name](address)` becomes the name, and citation
/// notes, code and bold markers are removed.
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
        // Neither is longer than this. So a bracket that is never closed does not cause a search of
        // the whole rest.
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

/// Returns the first sentence, shortened to the maximum length of a summary.
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

/// Escapes plain text as Markdown, so that nothing in it is a mark, a mention, a citation, an
/// attribute or HTML.
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

/// The text with hidden characters as code points.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) || c.is_control() {
            visible.extend(c.escape_unicode())
        } else {
            visible.push(c)
        }
    }
    visible
}
