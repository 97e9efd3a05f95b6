//! Exports two MISP galaxies with their clusters: the actors, and the claims with their positions.
//!
//! The value of a claim is its id, so a tag made from it does not repeat the claim; its text and
//! status are in the description. Claims refer to actors only by `related-to`.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::json::pretty;
use super::record::{Actor, Claim, Position, Record, When, highest};
use crate::model::PositionState;
use crate::page::tlp_label;
use crate::text::slug;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let mut taken = HashSet::new();
    let actors = record.actors.iter();
    let actors = actors.map(|it| actor(record, it, &mut taken)).collect();
    let claims = record.claims.iter().map(|it| claim(record, it)).collect();
    let mut files = galaxy(
        record,
        "claims",
        "Claims with the positions that parties take on them. None is a fact of this galaxy.",
        claims,
    );
    files.extend(galaxy(
        record,
        "actors",
        "Actors of the record, and how the claims against them stand.",
        actors,
    ));
    files
}

/// Returns the cluster and the galaxy `name`.
fn galaxy(
    record: &Record<'_>,
    name: &str,
    about: &str,
    values: Vec<Value>,
) -> Vec<(String, Vec<u8>)> {
    let site = &record.site;
    let day = record.last_day;
    let version =
        i32::from(day.year()) * 10_000 + i32::from(day.month()) * 100 + i32::from(day.day());
    let kind = match slug(site.title).as_str() {
        "" => format!("whosaid-{name}"),
        title => format!("{title}-{name}"),
    };
    let galaxy = json!({
        "description": about,
        "icon": "comments",
        "name": format!("{}: {name}", site.title),
        "namespace": "whosaid",
        "type": kind,
        "uuid": record.ids.of("misp", name),
        "version": version,
    });
    let authors = match site.authors {
        [] => json!([site.title]),
        authors => json!(once(authors.iter().map(String::as_str))),
    };
    let cluster = json!({
        "authors": authors,
        "category": name,
        "description": about,
        "name": format!("{}: {name}", site.title),
        "source": site.url.as_deref().unwrap_or(site.title),
        "type": kind,
        "uuid": record.ids.of("misp", name),
        "values": values,
        "version": version,
    });
    vec![
        (format!("misp/clusters/{name}.json"), pretty(&cluster)),
        (format!("misp/galaxies/{name}.json"), pretty(&galaxy)),
    ]
}

fn actor(record: &Record<'_>, actor: &Actor<'_>, taken: &mut HashSet<String>) -> Value {
    let mut meta = Map::new();
    meta.insert("kind".into(), json!(actor.kind));
    list(&mut meta, "synonyms", actor.aliases.iter().cloned());
    let page = Some(actor.page.as_str()).filter(|page| page.contains("://"));
    let refs = page.into_iter().chain(actor.url).map(str::to_owned);
    list(&mut meta, "refs", refs);
    // As in MISP's own galaxies of ATT&CK.
    if let Some(id) = actor.attack_id {
        meta.insert("external_id".into(), json!(id));
    }
    list(&mut meta, "wikidata", actor.wikidata.map(str::to_owned));
    if let Some(status) = actor.legal_status {
        meta.insert("legal-status".into(), json!(status));
        let sources = record.titles(&actor.legal_status_sources).into_iter();
        list(
            &mut meta,
            "legal-status-sources",
            sources.map(str::to_owned),
        );
    }
    let accused = record.claims.iter();
    let accused = accused.filter(|it| it.against.contains(&actor.id));
    let levels = accused.clone().map(|it| it.tlp);
    list(&mut meta, "tags", tag(highest(levels.chain([actor.tlp]))));
    let told = accused.map(|claim| {
        let reply = claim.replies.iter().find(|it| it.accused == actor.id);
        let reply = reply.map_or("unanswered", |it| it.reply);
        format!("{}. Reply: {reply}. [{}]", claim.in_words(), claim.id)
    });
    list(&mut meta, "accused-in", told);
    // MISP treats equal values as one.
    let value = if taken.insert(actor.name.to_lowercase()) {
        actor.name.to_owned()
    } else {
        format!("{} ({})", actor.name, actor.id)
    };
    let mut told = json!({ "value": value, "uuid": actor.uuid, "meta": meta });
    if let Some(summary) = actor.summary {
        told["description"] = json!(summary);
    }
    told
}

fn claim(record: &Record<'_>, claim: &Claim<'_>) -> Value {
    let mut meta = Map::new();
    meta.insert("status".into(), json!(claim.status));
    list(&mut meta, "tags", tag(claim.tlp));
    meta.insert("support".into(), json!(claim.support));
    meta.insert("contest".into(), json!(claim.contest));
    meta.insert("signature".into(), json!(claim.signature));
    // Earlier positions have separate keys, so that `positions` are the current ones.
    let earlier = [
        ("replaced-positions", PositionState::Replaced),
        ("withdrawn-positions", PositionState::Withdrawn),
    ];
    let held = claim.positions.iter().filter(|it| !it.state.is_ended());
    list(&mut meta, "positions", held.map(|it| position(record, it)));
    for (key, state) in earlier {
        let of_state = claim.positions.iter().filter(|it| it.state == state);
        list(&mut meta, key, of_state.map(|it| position(record, it)));
    }
    let replies = claim.replies.iter().map(|it| {
        let accused = record.actor(it.accused).name;
        format!("{accused}: {}", it.reply.replace('-', " "))
    });
    list(&mut meta, "replies", replies);
    let page = Some(claim.page.clone()).filter(|page| page.contains("://"));
    let sources = claim.positions.iter().flat_map(|it| &it.sources);
    let sources = sources.filter_map(|it| record.source(it.source).url);
    list(
        &mut meta,
        "refs",
        page.into_iter().chain(sources.map(str::to_owned)),
    );
    let subjects = claim.against.iter().chain(&claim.about);
    let related = once(subjects.map(|id| record.actor(id).uuid.as_str()));
    let related = related.into_iter().map(|uuid| match claim.tlp {
        Some(level) => {
            let tags = [format!("tlp:{level}")];
            json!({ "dest-uuid": uuid, "type": "related-to", "tags": tags })
        }
        None => json!({ "dest-uuid": uuid, "type": "related-to" }),
    });
    let mut told = json!({
        "value": claim.id,
        "uuid": claim.uuid,
        "description": claim.in_words(),
        "meta": meta,
    });
    // As in MISP's galaxies of ATT&CK, for a value that must no longer be used.
    if claim.is_given_up() {
        told["revoked"] = json!(true);
    }
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        told["related"] = json!(related);
    }
    told
}

/// Returns a position in one line: party, stance, speaker, date, words and source.
fn position(record: &Record<'_>, position: &Position<'_>) -> String {
    let mut told = position.in_words(record);
    if let Some(level) = position.tlp {
        told = format!("[{}] {told}", tlp_label(level));
    }
    if let Some(voice) = position.voice {
        told.push_str(&format!(", by {}", record.actor(voice).name));
    }
    if let Some(When(date)) = position.on {
        told.push_str(&format!(", {date}"));
    }
    if !position.words.is_empty() {
        told.push_str(&format!(": {}", position.shown));
    }
    if let Some(term) = position.confidence {
        told.push_str(&format!("; stated confidence: {term}"));
    }
    if let Some(term) = position.likelihood {
        told.push_str(&format!("; stated likelihood: {term}"));
    }
    let sources = position
        .sources
        .iter()
        .map(|it| record.source(it.source).title);
    let sources: Vec<&str> = sources.collect();
    if !sources.is_empty() {
        told.push_str(&format!(" [{}]", sources.join("; ")));
    }
    told
}

/// Returns the tag for a level, in MISP's taxonomy `tlp`.
fn tag(level: Option<&str>) -> Option<String> {
    level.map(|level| format!("tlp:{level}"))
}

/// Adds a list of distinct texts, unless it is empty.
fn list(meta: &mut Map<String, Value>, key: &str, values: impl IntoIterator<Item = String>) {
    let values: Vec<String> = values.into_iter().collect();
    let values = once(values.iter().map(String::as_str));
    if !values.is_empty() {
        meta.insert(key.into(), json!(values));
    }
}

fn once<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(*value)).collect()
}
