//! The inventory of another site, its `whosaid.json`.
//!
//! It comes from somebody else, so that nothing in it is taken for granted: what cannot be read
//! is told of, with the place, and an entry at fault is left out.

use serde_json::Value;

use crate::diag::{Code, Diagnostic};
use crate::model::{Elsewhere, EntryKind};
use crate::text::{Place, SitePath, Span, byte_at};

/// The most entries of one inventory that are read.
const MOST: usize = 1_000_000;

/// What another site has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// The name that this book has for the site.
    pub name: String,
    pub entries: Vec<Elsewhere>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the inventory of the site `name` in the file at `path`. Pages are looked for below
/// `home`, or where the inventory itself says that the site lies.
pub fn read(name: &str, path: &SitePath, text: &str, home: Option<&str>) -> Inventory {
    let mut inventory = Inventory {
        name: name.to_owned(),
        ..Inventory::default()
    };
    let told: Value = match serde_json::from_str(text) {
        Ok(told) => told,
        Err(error) => {
            let at = byte_at(text, error.line(), error.column());
            let message = format!("the inventory of `{name}` cannot be read as JSON: {error}");
            inventory.diagnostics.push(fault(path, at, message));
            return inventory;
        }
    };
    let said = |message: &str| fault(path, 0, format!("the inventory of `{name}` {message}"));
    if told["whosaid"] != 1 {
        let message = "is of a kind that this version cannot read: `whosaid` is not 1";
        inventory.diagnostics.push(said(message));
        return inventory;
    }
    let own = told["site"]["url"].as_str();
    let home = home.or(own).filter(|home| is_web(home));
    let Some(home) = home.map(|home| home.trim_end_matches('/')) else {
        let diagnostic = said("does not say where the site lies").hint(format!(
            "write its address: `{name} = \"https://desk.example/\"`, or set `site-url` there"
        ));
        inventory.diagnostics.push(diagnostic);
        return inventory;
    };
    let site_title = text_of(&told["site"]["title"]).unwrap_or_else(|| name.to_owned());
    let entries = told["entries"].as_array().map_or(&[][..], Vec::as_slice);
    if entries.len() > MOST {
        let message = format!("has more than {MOST} entries, and the others are left out");
        inventory.diagnostics.push(said(&message));
    }
    for (at, entry) in entries.iter().take(MOST).enumerate() {
        match one(name, &site_title, home, entry) {
            Ok(entry) => inventory.entries.push(entry),
            Err(why) => {
                let message = format!("has an entry that cannot be read: entries[{at}] {why}");
                inventory.diagnostics.push(said(&message));
                // One tells enough of a file that nobody writes by hand.
                break;
            }
        }
    }
    inventory
}

fn one(site: &str, site_title: &str, home: &str, entry: &Value) -> Result<Elsewhere, String> {
    let wanted = |key: &str| text_of(&entry[key]).ok_or_else(|| format!("has no text for `{key}`"));
    let kind = wanted("kind")?;
    let address = wanted("address")?;
    // It is shown as a link below `home`, wherever its author would rather have it lead.
    let path = SitePath::new(&address).map_err(|_| format!("has no address in `{address}`"))?;
    Ok(Elsewhere {
        site: site.to_owned(),
        site_title: site_title.to_owned(),
        kind: EntryKind::parse(&kind).ok_or_else(|| format!("has no kind `{kind}`"))?,
        id: wanted("id")?,
        title: wanted("title")?,
        address: format!("{home}/{}", path.address()),
        headline: text_of(&entry["headline"]),
        signature: text_of(&entry["signature"]),
        wikidata: text_of(&entry["wikidata"]),
        attack_id: text_of(&entry["attack-id"]),
    })
}

fn text_of(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| crate::text::one_line(text).into_owned())
}

/// Whether an address is one of the web.
pub fn is_web(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(is_plain)
    })
}

fn fault(path: &SitePath, at: usize, message: String) -> Diagnostic {
    let place = Place::new(path, Span::new(at..at));
    Diagnostic::new(Code::MissingInventory, place, message)
        .label("as it was fetched")
        .hint("`whosaid sites update` fetches it anew")
}
