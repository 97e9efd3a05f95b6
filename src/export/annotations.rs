//! Exports verbatim words as Web Annotations: each selects its words in its document, and says
//! which party took which position with them.

use serde_json::{Value, json};

use super::json::pretty;
use super::record::{Claim, Position, Record, When};
use crate::config::Export;
use crate::page::tlp_label;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let quoted = record.claims.iter().flat_map(|claim| {
        let positions = claim.positions.iter();
        let quoted = positions.filter(|it| it.verbatim().is_some());
        quoted.map(move |position| annotation(record, claim, position))
    });
    let items: Vec<Value> = quoted.collect();
    let urn = |name: &str| format!("urn:uuid:{}", record.ids.of("annotations", name));
    let collection = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": urn("collection"),
        "type": "AnnotationCollection",
        "label": format!("Quoted words of {}", record.site.title),
        "total": items.len(),
        "first": {
            "id": urn("page"),
            "type": "AnnotationPage",
            "partOf": urn("collection"),
            "startIndex": 0,
            "items": items,
        },
    });
    vec![(Export::Annotations.main_file().into(), pretty(&collection))]
}

fn annotation(record: &Record<'_>, claim: &Claim<'_>, position: &Position<'_>) -> Value {
    let site = &record.site;
    let mut told = position.in_words(record);
    if let Some(voice) = position.voice {
        told.push_str(&format!(", by the words of {}", record.actor(voice).name));
    }
    if let Some(When(date)) = position.on {
        told.push_str(&format!(", {}", date.in_words()));
    }
    let iri = |page: &str, uuid: &str| {
        if page.contains("://") {
            page.to_owned()
        } else {
            format!("urn:uuid:{uuid}")
        }
    };
    let mut annotation = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("urn:uuid:{}", position.uuid),
        "type": "Annotation",
        "motivation": "describing",
        "creator": {
            "id": format!("urn:uuid:{}", site.uuid),
            "type": "Organization",
            "name": site.title,
        },
        "created": format!("{}T00:00:00Z", position.on.map_or(record.last_day, |on| on.first())),
        "body": [
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "text/plain",
                "language": site.language,
                "value": format!("{told}. {}", claim.in_words()),
            },
            {
                "type": "TextualBody",
                "purpose": "tagging",
                "value": format!("stance:{}", position.stance),
            },
            {
                "type": "SpecificResource",
                "purpose": "linking",
                "source": iri(&claim.page, &claim.uuid),
            },
        ],
    });
    if let Some(level) = claim.tlp
        && let Some(bodies) = annotation["body"].as_array_mut()
    {
        bodies.push(json!({
            "type": "TextualBody",
            "purpose": "tagging",
            "value": tlp_label(level),
        }));
    }
    if position.orig.is_some()
        && let Some(bodies) = annotation["body"].as_array_mut()
    {
        bodies.push(json!({
            "type": "TextualBody",
            "purpose": "describing",
            "format": "text/plain",
            "language": position.lang,
            "value": format!("Our translation: {}", position.words),
        }));
    }
    let targets: Vec<Value> = match position.sources.as_slice() {
        // Words without a document are annotated on our own page.
        [] => vec![target(&iri(&position.page, &position.uuid), position, None)],
        cited => cited
            .iter()
            .map(|cited| {
                let source = record.source(cited.source);
                let own = iri(&source.page, &source.uuid);
                target(source.url.unwrap_or(&own), position, source.archive)
            })
            .collect(),
    };
    annotation["target"] = json!(targets);
    if let Some(url) = site.license_url {
        annotation["rights"] = json!(url);
    }
    annotation
}

fn target(document: &str, position: &Position<'_>, archive: Option<&str>) -> Value {
    let mut target = json!({
        "type": "SpecificResource",
        "source": document,
        "selector": { "type": "TextQuoteSelector", "exact": position.verbatim() },
    });
    if let Some(copy) = archive {
        target["state"] = json!({ "type": "TimeState", "cached": copy });
    }
    target
}
