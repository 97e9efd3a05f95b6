//! Parses the inventory of another site, its `whosaid.json`.
//!
//! It is untrusted: problems are reported with their place, and invalid entries are left out.

use serde_json::Value;

use crate::diag::{Code, Diagnostic};
use crate::model::{Elsewhere, EntryKind};
use crate::text::{SitePath, SourceText, Span, byte_at};

/// The maximum number of entries of an inventory.
const MOST: usize = 1_000_000;

/// The entries of another site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// This book's name for the site.
    pub name: String,
    pub entries: Vec<Elsewhere>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the inventory of the site `name`. Pages are relative to `home`, or to the address in the
/// inventory.
pub fn read(name: &str, source: &SourceText, home: Option<&str>) -> Inventory {
    let mut inventory = Inventory {
        name: name.to_owned(),
        ..Inventory::default()
    };
    let text = source.as_str();
    let told: Value = match serde_json::from_str(text) {
        Ok(told) => told,
        Err(error) => {
            let at = byte_at(text, error.line(), error.column());
            let message = format!("the inventory of `{name}` is not valid JSON: {error}");
            inventory.diagnostics.push(fault(source, at, message));
            return inventory;
        }
    };
    let said = |message: &str| fault(source, 0, format!("the inventory of `{name}` {message}"));
    if told["whosaid"] != 1 {
        let message = "has an unsupported version: `whosaid` is not 1";
        inventory.diagnostics.push(said(message));
        return inventory;
    }
    let own = told["site"]["url"].as_str();
    let home = home.or(own).filter(|home| is_web(home));
    let Some(home) = home.map(|home| home.trim_end_matches('/')) else {
        let diagnostic = said("has no address of the site").hint(format!(
            "write its URL: `{name} = \"https://desk.example/\"`, or set `site-url` in that book"
        ));
        inventory.diagnostics.push(diagnostic);
        return inventory;
    };
    let site_title = text_of(&told["site"]["title"]).unwrap_or_else(|| name.to_owned());
    let entries = told["entries"].as_array().map_or(&[][..], Vec::as_slice);
    if entries.len() > MOST {
        let message = format!("has more than {MOST} entries; the others are ignored");
        inventory.diagnostics.push(said(&message));
    }
    for (at, entry) in entries.iter().take(MOST).enumerate() {
        match one(name, &site_title, home, entry) {
            Ok(entry) => inventory.entries.push(entry),
            Err(why) => {
                let message = format!("has an unreadable entry: entries[{at}] {why}");
                inventory.diagnostics.push(said(&message));
                // One diagnostic is enough for a generated file.
                break;
            }
        }
    }
    inventory
}

fn one(site: &str, site_title: &str, home: &str, entry: &Value) -> Result<Elsewhere, String> {
    let wanted = |key: &str| text_of(&entry[key]).ok_or_else(|| format!("has no string `{key}`"));
    let kind = wanted("kind")?;
    let address = wanted("address")?;
    // It is shown as a link below `home`, so it must not lead out of the site.
    let path =
        SitePath::new(&address).map_err(|_| format!("has no valid address in `{address}`"))?;
    Ok(Elsewhere {
        site: site.to_owned(),
        site_title: site_title.to_owned(),
        kind: EntryKind::parse(&kind).ok_or_else(|| format!("has an unknown kind `{kind}`"))?,
        id: wanted("id")?,
        title: wanted("title")?,
        address: format!("{home}/{}", path.address()),
        status: text_of(&entry["status"]),
        signature: text_of(&entry["signature"]),
        wikidata: text_of(&entry["wikidata"]),
        attack_id: text_of(&entry["attack-id"]),
    })
}

fn text_of(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| crate::text::one_line(text).into_owned())
}

/// True for an http(s) URL.
pub fn is_web(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(is_plain)
    })
}

fn fault(source: &SourceText, at: usize, message: String) -> Diagnostic {
    let place = source.place(Span::new(at..at));
    Diagnostic::new(Code::MissingInventory, place, message)
        .label("the fetched file")
        .hint("fetch it again with `whosaid sites update`")
}
