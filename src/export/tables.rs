//! The record as flat tables, for CSV, Parquet and SQLite, which differ only in the encoding.
//!
//! Every table has names, types and descriptions of its columns, for all formats. No column name is
//! an SQL keyword such as `by` and `on`, so queries need no quotes. This file has the main tables;
//! `links` has those for lists.

use super::links;
use super::record::{self, Record};
use super::table::{
    Column, EDTF, FIRST, ID, Kind, LAST, PAGE, TLP, Table, UUID, cells, column, first, last,
    needed, of, text, to,
};

/// Returns every table of the record; tables that others refer to come first.
pub fn tables(record: &Record<'_>) -> Vec<Table> {
    vec![
        sites(record),
        actors(record),
        links::names(record),
        links::ties(record),
        sources(record),
        links::legal_sources(record),
        links::authors(record),
        links::bases(record),
        events(record),
        claims(record),
        links::subjects(record),
        links::claim_ties(record),
        positions(record),
        links::speakers(record),
        links::citations(record),
        links::replies(record),
        briefings(record),
        links::marked(record),
        links::tags(record),
    ]
}

fn sites(record: &Record<'_>) -> Table {
    let site = &record.site;
    Table {
        name: "sites",
        about: "The desk whose record it is, and under which terms it may be used",
        columns: vec![
            needed("uuid", "UUIDv5 of its address, else of its title"),
            needed("title", "Its title"),
            text("url", "Where it lies"),
            needed("language", "BCP 47"),
            text("as_of", "What was said after this day is left out"),
            text("license", "Under which terms the data may be used"),
            text("license_url", "Where these terms stand"),
            text(
                "tlp",
                "The highest level of the Traffic Light Protocol in the record",
            ),
        ],
        key: &["uuid"],
        rows: vec![cells![
            &site.uuid,
            site.title,
            site.url.as_ref(),
            site.language,
            site.as_of.as_ref(),
            site.license,
            site.license_url,
            site.tlp,
        ]],
    }
}

fn actors(record: &Record<'_>) -> Table {
    let rows = record.actors.iter().map(|it| {
        cells![
            it.id,
            &it.uuid,
            it.name,
            it.kind,
            &it.page,
            it.summary,
            it.part_of,
            it.country,
            it.from,
            it.to,
            it.legal_status,
            it.wikidata,
            it.attack_id,
            it.stix_id,
            it.url,
            it.tlp,
        ]
    });
    Table {
        name: "actors",
        about: "Entities that can speak or be spoken of",
        columns: vec![
            needed("id", ID),
            needed("uuid", UUID),
            needed("name", "Its name"),
            needed(
                "kind",
                "state, government-body, alliance, company, organization, group, person, product, campaign or place",
            ),
            needed("page", PAGE),
            text("summary", "Who it is, in a sentence"),
            to("part_of", "actors", "What it is part of"),
            text(
                "country",
                "The id of an actor, else a code or name as it was written",
            ),
            text("since", EDTF),
            text("until", EDTF),
            text(
                "legal_status",
                "The legal status of a person: named, suspected, charged, sanctioned, convicted or acquitted",
            ),
            text("wikidata", "Wikidata item"),
            text("attack_id", "MITRE ATT&CK id"),
            text("stix_id", "Id of a STIX object elsewhere"),
            text("url", "Its own site"),
            text("tlp", TLP),
        ],
        key: &["id"],
        rows: rows.collect(),
    }
}

fn sources(record: &Record<'_>) -> Table {
    let rows = record.sources.iter().map(|it| {
        cells![
            it.id,
            &it.uuid,
            &it.page,
            it.title,
            it.publisher,
            it.date,
            first(it.date),
            last(it.date),
            it.url,
            it.archive,
            it.retrieved,
            it.sha256,
            it.kind,
            it.language,
            it.reliability,
            it.mode,
            it.tlp,
        ]
    });
    Table {
        name: "sources",
        about: "Cited documents",
        columns: vec![
            needed("id", ID),
            needed("uuid", UUID),
            needed("page", PAGE),
            needed("title", "Its title"),
            text("publisher", "Who published it"),
            text("date", EDTF),
            column("first_day", Kind::Date, FIRST),
            column("last_day", Kind::Date, LAST),
            text("url", "Where it lies"),
            text("archive", "Where a copy lies"),
            text("retrieved", EDTF),
            text("sha256", "Of the document"),
            text("kind", "What kind of document it is"),
            text("language", "BCP 47"),
            text("reliability", "The desk's grading, A to F"),
            text("mode", "on-record, background, leaked or court"),
            text("tlp", TLP),
        ],
        key: &["id"],
        rows: rows.collect(),
    }
}

fn events(record: &Record<'_>) -> Table {
    let rows = record.events.iter().map(|it| {
        cells![
            it.id,
            &it.uuid,
            &it.page,
            it.text,
            it.on,
            first(it.on),
            last(it.on),
            it.tlp,
        ]
    });
    Table {
        name: "events",
        about: "Dated entries of the timeline",
        columns: vec![
            needed("id", ID),
            needed("uuid", UUID),
            needed("page", "Where it stands in the text"),
            needed("text", "What happened"),
            text("date", EDTF),
            column("first_day", Kind::Date, FIRST),
            column("last_day", Kind::Date, LAST),
            text("tlp", TLP),
        ],
        key: &["id"],
        rows: rows.collect(),
    }
}

fn claims(record: &Record<'_>) -> Table {
    let rows = record.claims.iter().map(|it| {
        let relation = it.relation.as_ref();
        cells![
            it.id,
            &it.uuid,
            &it.page,
            it.text,
            it.kind,
            it.status,
            &it.support,
            it.contest,
            &it.signature,
            it.positions.len(),
            it.event,
            relation.map(|it| it.subject),
            relation.map(|it| it.predicate),
            relation.map(|it| it.object),
            it.first_on,
            it.last_on,
            it.tlp,
        ]
    });
    Table {
        name: "claims",
        about: "Propositions that somebody states; none of them is a fact of this record",
        columns: vec![
            needed("id", ID),
            needed("uuid", UUID),
            needed("page", PAGE),
            needed("text", "The proposition"),
            text("kind", "What kind of claim it is"),
            needed(
                "status",
                "How it stands, in one word; never to be read without support and contest",
            ),
            needed(
                "support",
                "Who says it: none, endorsed-only, single, joint(n) or corroborated(n)",
            ),
            needed(
                "contest",
                "Who says it is not so: contested, denied, disputed-by-accused, disputed, questioned or none",
            ),
            text(
                "signature",
                "One sign for each party, in order of first positions",
            ),
            Column {
                is_required: true,
                ..column(
                    "positions",
                    Kind::Integer,
                    "How many positions are on record",
                )
            },
            to("event", "events", "The event that it is about"),
            to(
                "relation_subject",
                "actors",
                "What it states of two actors; of no more weight than the claim",
            ),
            text("relation_predicate", "The tie that it states"),
            to("relation_object", "actors", "The other actor"),
            text("first_on", "When it was first said, EDTF"),
            text("last_on", "The last position, EDTF"),
            text("tlp", TLP),
        ],
        key: &["id"],
        rows: rows.collect(),
    }
}

fn positions(record: &Record<'_>) -> Table {
    let rows = record.positions().map(|it| {
        cells![
            &it.id,
            &it.uuid,
            &it.page,
            it.claim,
            it.by,
            it.stance,
            it.sign,
            it.state.word(),
            it.ended_by.as_ref(),
            it.ended_on,
            it.on,
            first(it.on),
            last(it.on),
            it.words,
            it.quote,
            it.orig,
            it.orig_lang.as_ref(),
            &it.lang,
            it.voice,
            it.confidence,
            it.likelihood,
            yardsticks(it).as_ref(),
            it.likelihood_low.map(i64::from),
            it.likelihood_high.map(i64::from),
            it.grade.as_ref(),
            it.basis,
            it.mode,
            it.joint,
            it.with,
            it.asked,
            it.by_date,
            it.via,
            it.note,
            it.tlp,
        ]
    });
    let yes_or_no = |name, about| Column {
        is_required: true,
        ..column(name, Kind::Boolean, about)
    };
    Table {
        name: "positions",
        about: "Who took which stance on which claim, when, in which words",
        columns: vec![
            needed(
                "id",
                "Claim, party, stance and day, with a number where that is not enough",
            ),
            needed("uuid", UUID),
            needed("page", "Where it stands in the text"),
            of("claim", "claims", "The claim"),
            of("party", "actors", "The party"),
            needed(
                "stance",
                "claim, confirms, admits, endorses, in-part, denies, disputes, questions, acknowledges, no-comment, no-response, reports, retracts or corrects",
            ),
            text("sign", "The sign that readers see"),
            needed(
                "state",
                "What became of it: current, remark (beside the current position), replaced, withdrawn or report",
            ),
            to(
                "ended_by",
                "positions",
                "The position of the same party that replaced or withdrew it",
            ),
            text("ended_on", "The date of that position, EDTF"),
            text("date", EDTF),
            column("first_day", Kind::Date, FIRST),
            column("last_day", Kind::Date, LAST),
            text(
                "words",
                "The marked words, without quotation marks around all of them",
            ),
            yes_or_no("quote", "Whether the words are verbatim"),
            text(
                "orig",
                "The words in the original language; the words are then the desk's translation",
            ),
            text("orig_lang", "The language of the original, BCP 47"),
            needed("lang", "The language of the words, BCP 47"),
            to("voice", "actors", "The person who spoke for the party"),
            text("confidence", "The speaker's own term"),
            text("likelihood", "The speaker's own term"),
            text(
                "likelihood_yardsticks",
                "Published scales that have the term: icd203, phia, nato, ipcc",
            ),
            column(
                "likelihood_low",
                Kind::Integer,
                "From which percentage, where the scales agree",
            ),
            column(
                "likelihood_high",
                Kind::Integer,
                "To which percentage, where the scales agree",
            ),
            text("grade", "The desk's grading by the Admiralty code"),
            text(
                "basis",
                "technical, intelligence, legal, policy, testimony or open-source",
            ),
            needed("mode", "on-record, background, leaked or court"),
            text("joint", "Ties coordinated statements together"),
            to(
                "replaced_by",
                "claims",
                "For corrects: the claim that replaces it",
            ),
            text("asked", "For no-comment and no-response: when, EDTF"),
            text("by_date", "By when an answer was awaited, EDTF"),
            text("via", "By which means"),
            text("note", "The desk's note"),
            text("tlp", TLP),
        ],
        key: &["id"],
        rows: rows.collect(),
    }
}

/// Returns the scales of a likelihood, separated by spaces.
fn yardsticks(position: &record::Position<'_>) -> Option<String> {
    let words = position.likelihood_yardsticks.join(" ");
    (!words.is_empty()).then_some(words)
}

fn briefings(record: &Record<'_>) -> Table {
    let rows = record.briefings.iter().map(|it| {
        cells![
            it.id,
            &it.uuid,
            &it.page,
            it.title,
            it.subtitle,
            it.summary,
            it.date,
            it.updated,
            it.as_of,
            it.question,
            it.tlp,
        ]
    });
    Table {
        name: "briefings",
        about: "Pages of prose",
        columns: vec![
            needed("id", ID),
            needed("uuid", UUID),
            needed("page", PAGE),
            text("title", "Its title"),
            text("subtitle", "Its subtitle"),
            text("summary", "What it is about"),
            text("date", EDTF),
            text("updated", EDTF),
            text("as_of", EDTF),
            to("question", "claims", "The claim that it asks about"),
            text("tlp", TLP),
        ],
        key: &["id"],
        rows: rows.collect(),
    }
}
