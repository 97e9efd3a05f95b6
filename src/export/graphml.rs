//! Exports a graph in GraphML: its nodes are actors and claims, and no claim connects two actors.
//!
//! A position is an edge from the party to the claim, with its stance, so that an edge for a denial
//! cannot be read as the denied relation. An edge from the claim leads to each accused. Ties that
//! the authors state are edges between actors.

use super::record::{Record, When, highest};
use crate::config::Export;
use crate::text::{Markup, escaped};

/// The attributes of nodes and edges: id, element, type.
const KEYS: [(&str, &str, &str); 27] = [
    ("type", "node", "string"),
    ("name", "node", "string"),
    ("text", "node", "string"),
    ("kind", "node", "string"),
    ("status", "node", "string"),
    ("support", "node", "string"),
    ("contest", "node", "string"),
    ("signature", "node", "string"),
    ("page", "node", "string"),
    ("legal_status", "node", "string"),
    ("legal_status_sources", "node", "string"),
    ("tlp", "all", "string"),
    ("tie", "edge", "string"),
    ("stance", "edge", "string"),
    ("sign", "edge", "string"),
    ("state", "edge", "string"),
    ("ended_by", "edge", "string"),
    ("asked", "edge", "string"),
    ("by_date", "edge", "string"),
    ("on", "edge", "string"),
    ("words", "edge", "string"),
    ("quote", "edge", "boolean"),
    ("orig", "edge", "string"),
    ("confidence", "edge", "string"),
    ("likelihood", "edge", "string"),
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
                ("tlp", actor.tlp.unwrap_or("")),
                ("legal_status", actor.legal_status.unwrap_or("")),
                (
                    "legal_status_sources",
                    &actor.legal_status_sources.join(" "),
                ),
            ],
        );
    }
    for claim in &record.claims {
        xml.node(
            &format!("claim/{}", claim.id),
            &[
                ("type", "claim"),
                ("name", &claim.with_owner),
                ("text", claim.text),
                ("kind", claim.kind.unwrap_or("")),
                ("status", claim.status),
                ("support", &claim.support),
                ("contest", claim.contest),
                ("signature", &claim.signature),
                ("page", &claim.page),
                ("tlp", claim.tlp.unwrap_or("")),
            ],
        );
    }
    for claim in &record.claims {
        let node = format!("claim/{}", claim.id);
        for position in &claim.positions {
            let sources: Vec<&str> = position.sources.iter().map(|it| it.source).collect();
            let day = |when: Option<When>| when.map_or_else(String::new, |it| it.0.to_string());
            let yes_or_no = |is| if is { "true" } else { "false" };
            xml.edge(
                Some(&position.id),
                &format!("actor/{}", position.by),
                &node,
                &[
                    ("tie", "position"),
                    ("tlp", position.tlp.unwrap_or("")),
                    ("stance", position.stance),
                    ("sign", &position.sign.map(String::from).unwrap_or_default()),
                    ("state", position.state.word()),
                    ("ended_by", position.ended_by.as_deref().unwrap_or("")),
                    ("asked", &day(position.asked)),
                    ("by_date", &day(position.by_date)),
                    ("on", &day(position.on)),
                    ("words", position.words),
                    ("quote", yes_or_no(position.quote)),
                    ("orig", position.orig.unwrap_or("")),
                    ("confidence", position.confidence.unwrap_or("")),
                    ("likelihood", position.likelihood.unwrap_or("")),
                    ("voice", position.voice.unwrap_or("")),
                    ("sources", &sources.join(" ")),
                ],
            );
        }
        let tlp = ("tlp", claim.tlp.unwrap_or(""));
        let against = claim.against.iter().map(|actor| ("against", actor));
        let about = claim.about.iter().map(|actor| ("about", actor));
        for (tie, actor) in against.chain(about) {
            xml.edge(None, &node, &format!("actor/{actor}"), &[("tie", tie), tlp]);
        }
        let supports = claim.supports.iter().map(|other| ("supports", other));
        let contradicts = claim.contradicts.iter().map(|other| ("contradicts", other));
        let parts = claim.parts.iter().map(|other| ("has-part", other));
        for (tie, other) in supports.chain(contradicts).chain(parts) {
            xml.edge(None, &node, &format!("claim/{other}"), &[("tie", tie), tlp]);
        }
    }
    for actor in &record.actors {
        let part_of = actor.part_of.iter().map(|other| ("part-of", other));
        let member_of = actor.member_of.iter().map(|other| ("member-of", other));
        let speaks_for = actor.speaks_for.iter().map(|other| ("speaks-for", other));
        for (tie, other) in part_of.chain(member_of).chain(speaks_for) {
            let (from, to) = (format!("actor/{}", actor.id), format!("actor/{other}"));
            let tlp = highest([actor.tlp, record.actor(other).tlp]).unwrap_or("");
            xml.edge(None, &from, &to, &[("tie", tie), ("tlp", tlp)]);
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
        self.line(&format!("<node id=\"{}\">", xml(id)));
        self.data(data);
        self.line("</node>");
    }

    fn edge(&mut self, id: Option<&str>, from: &str, to: &str, data: &[(&str, &str)]) {
        let id = id.map_or_else(String::new, |id| format!(" id=\"{}\"", xml(id)));
        let (from, to) = (xml(from), xml(to));
        self.line(&format!("<edge{id} source=\"{from}\" target=\"{to}\">"));
        self.data(data);
        self.line("</edge>");
    }

    fn data(&mut self, data: &[(&str, &str)]) {
        for (key, value) in data.iter().filter(|(_, value)| !value.is_empty()) {
            self.line(&format!("<data key=\"{key}\">{}</data>", xml(value)));
        }
    }

    fn done(mut self) -> Vec<u8> {
        self.line("</graph>");
        self.line("</graphml>");
        self.0.into_bytes()
    }
}

/// Escapes text for XML 1.0, also in attributes; invalid characters are removed.
fn xml(text: &str) -> String {
    escaped(text, Markup::DoubleQuoted)
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
        .replace('\t', "&#9;")
}
