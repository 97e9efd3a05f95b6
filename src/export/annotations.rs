//! Verbatim words as Web Annotations: each points at its words in the document that they stand
//! in, and says who took which position by them.

use serde_json::{Value, json};

use super::json::pretty;
use super::record::{Claim, Position, Record, When};
use crate::config::Export;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let quoted = record.claims.iter().flat_map(|claim| {
        let positions = claim.positions.iter();
        let quoted = positions.filter(|it| it.quote && !it.words.is_empty());
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
    let mut told = position.told(record);
    if let Some(voice) = position.voice {
        told.push_str(&format!(", by the words of {}", record.actor(voice).name));
    }
    if let Some(When(date)) = position.on {
        told.push_str(&format!(", {}", date.in_words()));
    }
    let iri = |page: &str, uuid: &str| match page.contains("://") {
        true => page.to_owned(),
        false => format!("urn:uuid:{uuid}"),
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
        "created": format!("{}T00:00:00Z", record.last_day),
        "body": [
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "text/plain",
                "language": site.language,
                "value": format!("{told}. {}", claim.told()),
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
    let targets: Vec<Value> = match position.sources.as_slice() {
        // Words without a document are ours to show.
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
        "selector": { "type": "TextQuoteSelector", "exact": position.words },
    });
    if let Some(copy) = archive {
        target["state"] = json!({ "type": "TimeState", "cached": copy });
    }
    target
}
