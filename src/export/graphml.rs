//! A graph in GraphML: actors and claims are its nodes, and nobody is tied to anybody by a claim.
//!
//! A position is an edge from the party to the claim that bears its stance, so that an edge of
//! a denial cannot be read as the relation that is denied. Whom a claim accuses is an edge from
//! the claim. Ties that the desk itself states run between actors.

use std::fmt::Write as _;

use super::record::{Record, When};
use crate::config::Export;

/// The attributes of nodes and edges: id, what bears it, kind.
const KEYS: [(&str, &str, &str); 17] = [
    ("type", "node", "string"),
    ("name", "node", "string"),
    ("kind", "node", "string"),
    ("headline", "node", "string"),
    ("support", "node", "string"),
    ("contest", "node", "string"),
    ("signature", "node", "string"),
    ("page", "node", "string"),
    ("tie", "edge", "string"),
    ("stance", "edge", "string"),
    ("sign", "edge", "string"),
    ("stands", "edge", "boolean"),
    ("on", "edge", "string"),
    ("words", "edge", "string"),
    ("quote", "edge", "boolean"),
    ("voice", "edge", "string"),
    ("sources", "edge", "string"),
];

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let mut xml = Xml::new();
    for actor in &record.actors {
        xml.node(
            &format!("actor/{}", actor.id),
            &[
                ("type", "actor"),
                ("name", actor.name),
                ("kind", actor.kind),
                ("page", &actor.page),
            ],
        );
    }
    for claim in &record.claims {
        xml.node(
            &format!("claim/{}", claim.id),
            &[
                ("type", "claim"),
                ("name", claim.text),
                ("kind", claim.kind.unwrap_or("")),
                ("headline", claim.headline),
                ("support", &claim.support),
                ("contest", claim.contest),
                ("signature", &claim.signature),
                ("page", &claim.page),
            ],
        );
    }
    for claim in &record.claims {
        let node = format!("claim/{}", claim.id);
        for position in &claim.positions {
            let sources: Vec<&str> = position.sources.iter().map(|it| it.source).collect();
            let on = position.on.map(|When(date)| date.to_string());
            let yes_or_no = |is| if is { "true" } else { "false" };
            xml.edge(
                Some(&position.id),
                &format!("actor/{}", position.by),
                &node,
                &[
                    ("tie", "position"),
                    ("stance", position.stance),
                    ("sign", &position.sign.map(String::from).unwrap_or_default()),
                    ("stands", yes_or_no(position.stands)),
                    ("on", on.as_deref().unwrap_or("")),
                    ("words", position.words),
                    ("quote", yes_or_no(position.quote)),
                    ("voice", position.voice.unwrap_or("")),
                    ("sources", &sources.join(" ")),
                ],
            );
        }
        let against = claim.against.iter().map(|actor| ("against", actor));
        let about = claim.about.iter().map(|actor| ("about", actor));
        for (tie, actor) in against.chain(about) {
            xml.edge(None, &node, &format!("actor/{actor}"), &[("tie", tie)]);
        }
        let supports = claim.supports.iter().map(|other| ("supports", other));
        let contradicts = claim.contradicts.iter().map(|other| ("contradicts", other));
        let parts = claim.parts.iter().map(|other| ("has-part", other));
        for (tie, other) in supports.chain(contradicts).chain(parts) {
            xml.edge(None, &node, &format!("claim/{other}"), &[("tie", tie)]);
        }
    }
    for actor in &record.actors {
        let part_of = actor.part_of.iter().map(|other| ("part-of", other));
        let member_of = actor.member_of.iter().map(|other| ("member-of", other));
        let speaks_for = actor.speaks_for.iter().map(|other| ("speaks-for", other));
        for (tie, other) in part_of.chain(member_of).chain(speaks_for) {
            let (from, to) = (format!("actor/{}", actor.id), format!("actor/{other}"));
            xml.edge(None, &from, &to, &[("tie", tie)]);
        }
    }
    vec![(Export::Graphml.main_file().into(), xml.done())]
}

struct Xml(String);

impl Xml {
    fn new() -> Xml {
        let mut xml = Xml(String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        ));
        for (name, of, kind) in KEYS {
            xml.line(&format!(
                "<key id=\"{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>"
            ));
        }
        xml.line("<graph id=\"record\" edgedefault=\"directed\">");
        xml
    }

    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn node(&mut self, id: &str, data: &[(&str, &str)]) {
        self.line(&format!("<node id=\"{}\">", escaped(id)));
        self.data(data);
        self.line("</node>");
    }

    fn edge(&mut self, id: Option<&str>, from: &str, to: &str, data: &[(&str, &str)]) {
        let id = id.map_or_else(String::new, |id| format!(" id=\"{}\"", escaped(id)));
        let (from, to) = (escaped(from), escaped(to));
        self.line(&format!("<edge{id} source=\"{from}\" target=\"{to}\">"));
        self.data(data);
        self.line("</edge>");
    }

    fn data(&mut self, data: &[(&str, &str)]) {
        for (key, value) in data.iter().filter(|(_, value)| !value.is_empty()) {
            self.line(&format!("<data key=\"{key}\">{}</data>", escaped(value)));
        }
    }

    fn done(mut self) -> Vec<u8> {
        self.line("</graph>");
        self.line("</graphml>");
        self.0.into_bytes()
    }
}

/// Text as XML 1.0 takes it, in an attribute too: what it forbids is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\r' | '\t' => write!(escaped, "&#{};", c as u32).expect("a text takes all"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
