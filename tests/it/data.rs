//! Tests that the JSON-LD of pages follows the vocabulary of schema.org.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::book::{self, Book};
use crate::dom::Page;
use crate::repository;

/// The schema.org types that pages use, each with its parent type.
const TYPES: [(&str, &str); 20] = [
    ("Thing", ""),
    ("CreativeWork", "Thing"),
    ("WebSite", "CreativeWork"),
    ("WebPage", "CreativeWork"),
    ("CollectionPage", "WebPage"),
    ("SearchResultsPage", "WebPage"),
    ("Article", "CreativeWork"),
    ("Report", "Article"),
    ("Claim", "CreativeWork"),
    ("Place", "Thing"),
    ("AdministrativeArea", "Place"),
    ("Country", "AdministrativeArea"),
    ("Organization", "Thing"),
    ("GovernmentOrganization", "Organization"),
    ("Person", "Thing"),
    ("Product", "Thing"),
    ("Intangible", "Thing"),
    ("ListItem", "Intangible"),
    ("ItemList", "Intangible"),
    ("BreadcrumbList", "ItemList"),
];

/// The properties that pages use: the types that have them, and the types of their values.
const PROPERTIES: [(&str, &[&str], &[&str]); 30] = [
    ("name", &["Thing"], &["Text"]),
    ("description", &["Thing"], &["Text"]),
    ("alternateName", &["Thing"], &["Text"]),
    ("identifier", &["Thing"], &["Text", "URL"]),
    ("url", &["Thing"], &["URL"]),
    ("sameAs", &["Thing"], &["URL"]),
    ("inLanguage", &["CreativeWork"], &["Text"]),
    ("headline", &["CreativeWork"], &["Text"]),
    ("text", &["CreativeWork"], &["Text"]),
    ("datePublished", &["CreativeWork"], &["Date"]),
    ("dateModified", &["CreativeWork"], &["Date"]),
    ("creditText", &["CreativeWork"], &["Text"]),
    ("keywords", &["CreativeWork"], &["Text"]),
    ("isPartOf", &["CreativeWork"], &["CreativeWork"]),
    ("hasPart", &["CreativeWork"], &["CreativeWork"]),
    ("about", &["CreativeWork"], &["Thing"]),
    ("mentions", &["CreativeWork"], &["Thing"]),
    ("correction", &["CreativeWork"], &["Text"]),
    ("author", &["CreativeWork"], &["Organization", "Person"]),
    ("publisher", &["CreativeWork"], &["Organization", "Person"]),
    ("genre", &["CreativeWork"], &["Text"]),
    ("archivedAt", &["CreativeWork"], &["URL"]),
    ("isBasedOn", &["CreativeWork"], &["CreativeWork", "Product"]),
    ("parentOrganization", &["Organization"], &["Organization"]),
    ("memberOf", &["Organization", "Person"], &["Organization"]),
    ("itemListElement", &["ItemList"], &["ListItem"]),
    ("position", &["ListItem"], &["Integer"]),
    ("item", &["ListItem"], &["Thing"]),
    ("image", &["Thing"], &["URL"]),
    ("citation", &["CreativeWork"], &["CreativeWork"]),
];

/// Returns our own terms, as listed in the manual.
fn own_terms() -> Vec<String> {
    let manual = repository::text("docs/sharing.md");
    let rows = manual
        .lines()
        .filter_map(|line| line.strip_prefix("| `ws:"));
    let terms = rows.filter_map(|row| Some(format!("ws:{}", row.split_once('`')?.0)));
    terms.collect()
}

fn is_kind(kind: &str, of: &str) -> bool {
    let parent = TYPES.iter().find(|(name, _)| *name == kind);
    kind == of || parent.is_some_and(|(_, parent)| !parent.is_empty() && is_kind(parent, of))
}

fn is_date(text: &str) -> bool {
    let widths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('-').all(is_number) && [4, 2, 2].starts_with(&widths) && !widths.is_empty()
}

/// True if a value has a type that the property allows. A node without a type is a reference.
fn fits(value: &Value, range: &[&str]) -> bool {
    range.iter().any(|kind| match (*kind, value) {
        ("Text", Value::String(_)) => true,
        ("URL", Value::String(text)) => text.contains("://") && !text.contains(' '),
        ("Date", Value::String(text)) => is_date(text),
        ("Integer", Value::Number(number)) => number.is_u64(),
        (kind, Value::Object(node)) => match node.get("@type") {
            Some(Value::String(of)) => is_kind(of, kind),
            Some(_) => false,
            None => node.contains_key("@id"),
        },
        _ => false,
    })
}

/// Collects the errors of a node and its children.
fn faults(node: &Value, own: &[String], found: &mut Vec<String>) {
    let Value::Object(node) = node else {
        return;
    };
    let kind = node.get("@type").and_then(Value::as_str);
    if let Some(kind) = kind
        && !TYPES.iter().any(|(name, _)| *name == kind)
    {
        found.push(format!("`{kind}` is no type that we use"));
    }
    for (name, value) in node.iter().filter(|(name, _)| !name.starts_with('@')) {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        if values.is_empty() {
            found.push(format!("`{name}` has no value"));
        }
        values.iter().for_each(|value| faults(value, own, found));
        if name.starts_with("ws:") {
            if !own.contains(name) {
                found.push(format!("`{name}` is not in the manual"));
            }
            continue;
        }
        let Some((_, domain, range)) = PROPERTIES.iter().find(|(known, _, _)| known == name) else {
            found.push(format!("`{name}` is no property that we use"));
            continue;
        };
        if !domain
            .iter()
            .any(|of| kind.is_some_and(|kind| is_kind(kind, of)))
        {
            found.push(format!("{kind:?} has no `{name}`"));
        }
        for value in values.iter().filter(|value| !fits(value, range)) {
            found.push(format!("`{name}` cannot be {value}"));
        }
    }
}

fn sample() -> &'static Book {
    static SAMPLE: OnceLock<Book> = OnceLock::new();
    SAMPLE.get_or_init(|| book::build(book::inputs(repository::sample())))
}

/// Returns the data of every page, by address.
fn data(book: &Book) -> BTreeMap<String, Vec<Value>> {
    let pages = book.build.outputs.iter();
    let pages = pages.filter(|(path, _)| path.extension() == "html");
    let of = pages.map(|(path, bytes)| {
        let page = Page::parse(std::str::from_utf8(bytes).expect("pages are UTF-8"));
        let blocks = page.all("script");
        let blocks = blocks.filter(|it| it.attr("type") == Some("application/ld+json"));
        let data = blocks.map(|it| serde_json::from_str(&it.text()).expect("JSON"));
        (path.to_string(), data.collect())
    });
    of.collect()
}

/// Returns the node of a type in the data of a page.
fn node(data: &BTreeMap<String, Vec<Value>>, page: &str, kind: &str) -> Value {
    let graph = data[page][0]["@graph"].as_array().expect("a graph");
    let node = graph.iter().find(|node| node["@type"] == kind);
    node.unwrap_or_else(|| panic!("{page} has no {kind}"))
        .clone()
}

#[test]
fn every_page_keeps_to_the_vocabulary() {
    let own = own_terms();
    assert!(own.len() >= 15, "only {own:?}");
    let mut found = Vec::new();
    let mut nodes = 0;
    for (address, blocks) in data(sample()) {
        // The frame of a claim is shown on other sites, so its data is only on the page of the
        // claim.
        let is_frame = address.ends_with(".embed.html");
        let expected = usize::from(address != "404.html" && !is_frame);
        assert_eq!(blocks.len(), expected, "{address}");
        for block in blocks {
            let context = json!(["https://schema.org", { "ws": "urn:x-whosaid:" }]);
            assert_eq!(block["@context"], context, "{address}");
            for node in block["@graph"].as_array().expect("a graph") {
                nodes += 1;
                let mut said = Vec::new();
                faults(node, &own, &mut said);
                found.extend(said.into_iter().map(|fault| format!("{address}: {fault}")));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(nodes > 200, "only {nodes} nodes");
}

#[test]
fn a_planted_fault_is_found() {
    let own = own_terms();
    for wrong in [
        json!({ "@type": "ClaimReview", "@id": "a" }),
        json!({ "@type": "Claim", "reviewRating": 1 }),
        json!({ "@type": "Claim", "author": { "@type": "Country", "@id": "a" } }),
        json!({ "@type": "Person", "headline": "a" }),
        json!({ "@type": "Report", "datePublished": "July 2021" }),
        json!({ "@type": "Person", "url": "no address" }),
        json!({ "@type": "Claim", "ws:verdict": "false" }),
        json!({ "@type": "Claim", "ws:position": [{ "ws:party": { "@type": "Nation" } }] }),
    ] {
        let mut found = Vec::new();
        faults(&wrong, &own, &mut found);
        assert!(!found.is_empty(), "{wrong}");
    }
}

#[test]
fn a_claim_is_told_with_every_position_and_the_reply() {
    let data = data(sample());
    let claim = node(&data, "claims/exch-mss.html", "Claim");
    assert_eq!(claim["ws:status"], "denied");
    let positions = claim["ws:position"].as_array().expect("several");
    let stances: Vec<&str> = positions
        .iter()
        .filter_map(|position| position["ws:stance"].as_str())
        .collect();
    assert!(
        stances.contains(&"claim") && stances.contains(&"denies"),
        "{stances:?}"
    );
    let reply = &claim["ws:reply"];
    assert_eq!(reply["ws:answer"], "by-representative");
    // References within the page have targets.
    let page = Page::parse(sample().page("claims/exch-mss.html"));
    let anchors = positions.iter().map(|position| &position["@id"]);
    for anchor in anchors.chain([&reply["ws:in"]["@id"]]) {
        let anchor = anchor.as_str().and_then(|text| text.strip_prefix('#'));
        let anchor = anchor.expect("an anchor of the page");
        assert!(page.has_id(anchor), "{anchor}");
    }
    // The page of an actor does not contain the accusations against it.
    let actor = &data["actors/mss.html"][0].to_string();
    assert!(!actor.contains("Claim"), "{actor}");
}

#[test]
fn no_text_ends_the_element_that_it_stands_in() {
    let book = book::book(
        "//- content/actors/aa.md\n---\nname: \"</script><script>x()</script><!--\"\n---\n\
         //- content/b.md\n---\ntitle: \"<b> & </SCRIPT >\"\n---\n[[aa]]\n",
    );
    let data = data(&book);
    let actor = node(&data, "actors/aa.html", "Organization");
    assert_eq!(actor["name"], "</script><script>x()</script><!--");
    let report = node(&data, "b.html", "Report");
    assert_eq!(report["headline"], "<b> & </SCRIPT >");
    assert_eq!(report["mentions"]["@id"], "actors/aa.html");
}
