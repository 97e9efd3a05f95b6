//! Inventories of other sites.

use crate::config::Neighbor;
use crate::diag::{Code, Diagnostic};
use crate::parse::inventory::{self, Inventory};
use crate::text::SourceText;

/// Reads the inventory of a site from the bytes of its file, if the file exists.
pub fn inventory(name: &str, neighbor: &Neighbor, bytes: Option<&[u8]>) -> Inventory {
    let path = Neighbor::file(name);
    let missing = |message: String, label: &str| Inventory {
        name: name.to_owned(),
        entries: Vec::new(),
        diagnostics: vec![
            Diagnostic::new(Code::MissingInventory, neighbor.place.clone(), message)
                .label(label)
                .hint("fetch it with `whosaid sites update`; a build opens no network connection"),
        ],
    };
    match bytes.map(std::str::from_utf8) {
        None => missing(
            format!("missing inventory of the site `{name}`"),
            &format!("expected the file `{path}`"),
        ),
        Some(Err(_)) => missing(
            format!("the inventory of the site `{name}` is not UTF-8"),
            &format!("its file is `{path}`"),
        ),
        Some(Ok(text)) => inventory::read(name, &SourceText::new(&path, text), neighbor.web()),
    }
}
