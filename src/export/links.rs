//! The tables for lists: names, ties, citations and so on.

use super::record::{Cited, Record, highest};
use super::table::{Kind, TLP, Table, cells, column, needed, of, text, to};

pub fn names(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for actor in &record.actors {
        for alias in actor.aliases {
            let mut is_told = false;
            for naming in actor.named_by.iter().filter(|it| it.alias == alias) {
                let sources: Vec<Option<&str>> = match naming.sources.as_slice() {
                    [] => vec![None],
                    some => some.iter().copied().map(Some).collect(),
                };
                for by in &naming.by {
                    for source in &sources {
                        rows.push(cells![actor.id, alias, *by, *source, actor.tlp]);
                        is_told = true;
                    }
                }
            }
            if !is_told {
                rows.push(cells![
                    actor.id,
                    alias,
                    Option::<&str>::None,
                    Option::<&str>::None,
                    actor.tlp
                ]);
            }
        }
    }
    Table {
        name: "names",
        about: "Other names of actors, and who uses them",
        columns: vec![
            of("actor", "actors", "Whose name it is"),
            needed("alias", "The name"),
            to("used_by", "actors", "Who uses it"),
            to("source", "sources", "Where this is seen"),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}

pub fn ties(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for actor in &record.actors {
        let part_of = actor.part_of.iter().map(|other| ("part-of", other));
        let member_of = actor.member_of.iter().map(|other| ("member-of", other));
        let speaks_for = actor.speaks_for.iter().map(|other| ("speaks-for", other));
        for (tie, other) in part_of.chain(member_of).chain(speaks_for) {
            let tlp = highest([actor.tlp, record.actor(other).tlp]);
            rows.push(cells![actor.id, tie, *other, tlp]);
        }
    }
    Table {
        name: "ties",
        about: "What actors are part or members of and whom they speak for, as the desk has it",
        columns: vec![
            of("actor", "actors", "An actor"),
            needed("tie", "part-of, member-of or speaks-for"),
            of("other", "actors", "The other"),
            text("tlp", TLP),
        ],
        key: &["actor", "tie", "other"],
        rows,
    }
}

pub fn legal_sources(record: &Record<'_>) -> Table {
    let rows = record.actors.iter().flat_map(|actor| {
        let sources = actor.legal_status_sources.iter();
        sources.map(|source| cells![actor.id, *source, actor.tlp])
    });
    Table {
        name: "legal_sources",
        about: "The sources that give the legal status of a person",
        columns: vec![
            of("actor", "actors", "The person"),
            of("source", "sources", "The source"),
            text("tlp", TLP),
        ],
        key: &["actor", "source"],
        rows: rows.collect(),
    }
}

pub fn authors(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for source in &record.sources {
        for author in &source.authors {
            rows.push(cells![
                source.id,
                *author,
                record.actor(author).name,
                source.tlp
            ]);
        }
        for author in source.other_authors {
            rows.push(cells![source.id, Option::<&str>::None, author, source.tlp]);
        }
    }
    Table {
        name: "authors",
        about: "Who wrote which source",
        columns: vec![
            of("source", "sources", "The source"),
            to(
                "actor",
                "actors",
                "The author, where it is an actor of the record",
            ),
            needed("name", "The author's name"),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}

pub fn bases(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for source in &record.sources {
        rows.extend(
            source
                .based_on
                .iter()
                .map(|base| cells![source.id, *base, source.tlp]),
        );
    }
    Table {
        name: "bases",
        about: "Which source is based on which",
        columns: vec![
            of("source", "sources", "The source"),
            of("based_on", "sources", "The one before it"),
            text("tlp", TLP),
        ],
        key: &["source", "based_on"],
        rows,
    }
}

pub fn subjects(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for claim in &record.claims {
        let against = claim.against.iter().map(|actor| ("against", actor));
        let about = claim.about.iter().map(|actor| ("about", actor));
        rows.extend(against.chain(about).map(|(role, actor)| {
            let legal_status = record.actor(actor).legal_status;
            cells![claim.id, role, *actor, legal_status, claim.tlp]
        }));
    }
    Table {
        name: "subjects",
        about: "Whom a claim accuses, and whom else it is about",
        columns: vec![
            of("claim", "claims", "The claim"),
            needed("role", "against or about"),
            of("actor", "actors", "The actor"),
            text(
                "legal_status",
                "The legal status of the actor, if it is a person",
            ),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}

pub fn claim_ties(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for claim in &record.claims {
        let supports = claim.supports.iter().map(|other| ("supports", other));
        let contradicts = claim.contradicts.iter().map(|other| ("contradicts", other));
        let parts = claim.parts.iter().map(|other| ("has-part", other));
        let all = supports.chain(contradicts).chain(parts);
        rows.extend(all.map(|(tie, other)| cells![claim.id, tie, *other, claim.tlp]));
    }
    Table {
        name: "claim_ties",
        about: "How claims hang together",
        columns: vec![
            of("claim", "claims", "The claim"),
            needed("tie", "supports, contradicts or has-part"),
            of("other", "claims", "The other"),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}

pub fn speakers(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for position in record.positions() {
        rows.extend(
            position
                .said_by
                .iter()
                .map(|actor| cells![&position.id, *actor, position.tlp]),
        );
    }
    Table {
        name: "speakers",
        about: "For reports: whose words were passed on",
        columns: vec![
            of("position", "positions", "The report"),
            of("actor", "actors", "Whose words they are"),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}

pub fn citations(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    let none = Option::<&str>::None;
    let place = |cited: &Cited<'_>| Some(cited.locator.to_owned()).filter(|it| !it.is_empty());
    for position in record.positions() {
        for cited in &position.sources {
            rows.push(cells![
                &position.id,
                none,
                cited.source,
                place(cited).as_ref(),
                position.tlp
            ]);
        }
    }
    for event in &record.events {
        for cited in &event.sources {
            rows.push(cells![
                none,
                event.id,
                cited.source,
                place(cited).as_ref(),
                event.tlp
            ]);
        }
    }
    Table {
        name: "citations",
        about: "On which sources a position or an event rests",
        columns: vec![
            to("position", "positions", "The position, or"),
            to("event", "events", "the event"),
            of("source", "sources", "The source"),
            text("locator", "The place in it"),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}

pub fn replies(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for claim in &record.claims {
        for it in &claim.replies {
            rows.push(cells![
                claim.id,
                it.accused,
                it.reply,
                it.by,
                it.position.as_ref(),
                it.days,
                claim.tlp,
            ]);
        }
    }
    Table {
        name: "replies",
        about: "What the accused answered to each claim against them",
        columns: vec![
            of("claim", "claims", "The claim"),
            of("accused", "actors", "The accused"),
            needed(
                "reply",
                "replied, by-representative, declined, no-response or unanswered",
            ),
            to("answered_by", "actors", "Who answered for it"),
            to("position", "positions", "The answer"),
            column("days", Kind::Integer, "Days from the first accusation"),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}

pub fn marked(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    for briefing in &record.briefings {
        rows.extend(briefing.claims.iter().map(|claim| {
            let tlp = highest([briefing.tlp, record.claim(claim).tlp]);
            cells![briefing.id, *claim, tlp]
        }));
    }
    Table {
        name: "marked",
        about: "Which claims a briefing marks in its text",
        columns: vec![
            of("briefing", "briefings", "The briefing"),
            of("claim", "claims", "The claim"),
            text("tlp", TLP),
        ],
        key: &["briefing", "claim"],
        rows,
    }
}

pub fn tags(record: &Record<'_>) -> Table {
    let mut rows = Vec::new();
    let none = Option::<&str>::None;
    for claim in &record.claims {
        rows.extend(
            claim
                .tags
                .iter()
                .map(|tag| cells![claim.id, none, tag, claim.tlp]),
        );
    }
    for briefing in &record.briefings {
        rows.extend(
            briefing
                .tags
                .iter()
                .map(|tag| cells![none, briefing.id, tag, briefing.tlp]),
        );
    }
    Table {
        name: "tags",
        about: "The tags of claims and briefings",
        columns: vec![
            to("claim", "claims", "The claim, or"),
            to("briefing", "briefings", "the briefing"),
            needed("tag", "The tag"),
            text("tlp", TLP),
        ],
        key: &[],
        rows,
    }
}
