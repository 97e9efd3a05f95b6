//! The citation of a claim as text, BibTeX and CSL-JSON.
//!
//! It contains the status of the claim and the replies of the accused, because a claim without its
//! reply is only one side of a dispute.

use serde::Serialize;
use serde_json::json;

use super::components::ReplyView;
use super::context::PageContext;
use super::levels::tlp_label;
use crate::derive::legal_sentences_of;
use crate::model::{Claim, Id, PartialDate};
use crate::text::isolated;

/// The citation of a claim.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct CitationView {
    /// One paragraph: the claim, its address, its status, the replies, and the last day of the
    /// record.
    pub text: String,
    /// An entry for a `.bib` file.
    pub bibtex: String,
    /// A list of one CSL-JSON item, for reference managers.
    pub csl: String,
}

/// Returns the citation of a claim; `canonical` is its absolute URL, if known.
pub fn citation(at: &PageContext<'_>, id: Id<Claim>, canonical: Option<&str>) -> CitationView {
    let line = at.claim(id);
    let config = at.book.config;
    let site = at.site_title();
    let status = format!(
        "{}: {}; {}",
        at.standing(id).status.label(),
        line.status_words,
        line.signature_words
    );
    let replies: Vec<String> = at.replies(id).iter().map(answered).collect();
    let reply = if replies.is_empty() {
        String::new()
    } else {
        format!(". Reply of the accused: {}", replies.join("; "))
    };
    let legal: String = legal_sentences_of(at.site, &at.site.claims()[id])
        .iter()
        .map(|sentence| format!(". {sentence}"))
        .collect();
    let day = at.facts.record_day.map(PartialDate::on);
    let as_of = day.map_or_else(String::new, |day| {
        format!(". Record as of {}", day.in_words())
    });
    let note = format!("{status}{reply}{legal}{as_of}.");
    let address = canonical.map_or_else(String::new, |url| format!(" {url}"));
    // Citation styles do not print notes, so the title has owner and status.
    let titled = format!("Claim by {}", at.with_owner(id));
    let level = at.levels().claim(&at.site.claims()[id]);
    let level = level.map(|tlp| tlp_label(tlp.word()));
    let marked = level.iter().map(|level| format!(" {level}."));
    let marked: String = marked.collect();
    let text = format!(
        "{titled}. {site}, claim {}. {note}{marked}{address}",
        line.id
    );

    let mut bibtex = format!("@misc{{{},\n", line.id);
    let mut csl = json!({ "id": line.id, "type": "webpage", "title": titled });
    let mut field = |name: &str, value: &str| {
        bibtex.push_str(&format!("  {name} = {{{value}}},\n"));
    };
    field("title", &format!("{{{}}}", tex(&titled)));
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
    if let Some(level) = &level {
        field("keywords", &tex(level));
        csl["keyword"] = json!(level);
    }
    bibtex.push_str("}\n");
    CitationView {
        text,
        bibtex,
        csl: format!("{:#}\n", json!([csl])),
    }
}

/// Returns the reply of an accused party for a citation.
pub fn answered(reply: &ReplyView) -> String {
    let mut words = format!("{} {}", isolated(&reply.accused.name), reply.words);
    if let Some(by) = &reply.representative {
        words.push_str(&format!(", {}", isolated(&by.name)));
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

/// Escapes text for TeX, without isolates, which TeX does not know.
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
            '\u{2066}'..='\u{2069}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
