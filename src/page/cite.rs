//! A claim to take with you: its citation as text, BibTeX and CSL-JSON.
//!
//! Whoever quotes a claim by it quotes how it stands too, and what the accused answered: a claim
//! without its reply is the half of a dispute that this tool does not hand out.

use serde::Serialize;
use serde_json::json;

use super::at::At;
use super::parts::*;
use crate::model::{Claim, Id, PartialDate};

/// A claim as others cite it.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct CitationView {
    /// One paragraph: what it says, where, how it stands, what the accused answered, up to when.
    pub text: String,
    /// An entry for a `.bib` file.
    pub bibtex: String,
    /// A list of one item for a reference manager, as CSL-JSON.
    pub csl: String,
}

/// The citation of a claim; `canonical` is its address, where the book says where it lies.
pub fn citation(at: &At<'_>, id: Id<Claim>, canonical: Option<&str>) -> CitationView {
    let claim = &at.site.claims()[id];
    let line = at.claim(id);
    let config = at.book.config;
    let site = at.site_title();
    let said = claim.text.trim_end_matches('.');
    let stands = format!(
        "{}: {}; {}",
        super::position::headline(at.standing(id).headline),
        line.headline_words,
        line.signature_words
    );
    let replies: Vec<String> = at.replies(id).iter().map(answered).collect();
    let reply = if replies.is_empty() {
        String::new()
    } else {
        format!(". Reply of the accused: {}", replies.join("; "))
    };
    let day = at.facts.record_day.map(PartialDate::on);
    let as_of = day.map_or_else(String::new, |day| {
        format!(". Record as of {}", day.in_words())
    });
    let note = format!("{stands}{reply}{as_of}.");
    let address = canonical.map_or_else(String::new, |url| format!(" {url}"));
    let text = format!("“{said}”. {site}, claim {}. {note}{address}", line.id);

    let mut bibtex = format!("@misc{{{},\n", line.id);
    let mut csl = json!({ "id": line.id, "type": "webpage", "title": said });
    let mut field = |name: &str, value: &str| {
        bibtex.push_str(&format!("  {name} = {{{value}}},\n"));
    };
    field("title", &format!("{{{}}}", tex(said)));
    if !config.authors.is_empty() {
        let names = config
            .authors
            .iter()
            .map(|name| format!("{{{}}}", tex(name)));
        field("author", &names.collect::<Vec<_>>().join(" and "));
        let names = config.authors.iter().map(|name| json!({ "literal": name }));
        csl["author"] = names.collect();
    }
    field("howpublished", &tex(&site));
    csl["container-title"] = json!(site);
    if let Some(day) = at.facts.record_day {
        field("year", &day.year().to_string());
        csl["issued"] = json!({ "date-parts": [[day.year(), day.month(), day.day()]] });
    }
    if let Some(url) = canonical {
        field("url", url);
        csl["URL"] = json!(url);
    }
    field("note", &tex(&note));
    csl["note"] = json!(note);
    bibtex.push_str("}\n");
    CitationView {
        text,
        bibtex,
        csl: format!("{:#}\n", json!([csl])),
    }
}

/// What an accused party answered, as a citation says it.
pub fn answered(reply: &ReplyView) -> String {
    let mut words = format!("{} {}", reply.accused.name, reply.words);
    if let Some(by) = &reply.representative {
        words.push_str(&format!(", {}", by.name));
    }
    if let Some(position) = &reply.position {
        if !["declined", "no-response"].contains(&reply.reply) {
            words.push_str(&format!(": {}", position.words));
        }
        if let Some(day) = &position.date {
            words.push_str(&format!(", {}", day.words));
        }
    }
    words
}

/// Text with what TeX would take for commands told as text.
pub fn tex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' | '}' | '%' | '&' | '#' | '$' | '_' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
