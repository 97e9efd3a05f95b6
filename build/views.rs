//! Reads the views from the sources in `src/page`, to look up the fields that templates use.

use std::collections::BTreeMap;

use super::types::Stored;
use super::{Fault, Outcome};

/// The definitions of the views.
#[derive(Debug, Default)]
pub struct Views {
    /// The fields of each struct.
    pub structs: BTreeMap<String, BTreeMap<String, Stored>>,
    /// Each page: its variant of `View`, its struct, and its template.
    pub pages: Vec<Page>,
}

#[derive(Debug)]
pub struct Page {
    pub variant: String,
    pub view: String,
    pub template: String,
}

/// Reads the structs that derive `Serialize`, the enum `View`, and the template of each variant.
pub fn read(sources: &BTreeMap<String, String>) -> Outcome<Views> {
    let mut views = Views::default();
    for (path, text) in sources {
        for (at, _) in text.match_indices("\npub struct ") {
            let head = text[at..].lines().nth(1).unwrap_or("");
            let Some(name) = head
                .strip_prefix("pub struct ")
                .and_then(|rest| rest.strip_suffix(" {"))
            else {
                continue;
            };
            let derives = text[..at].rsplit("\n\n").next().unwrap_or("");
            if !derives.contains("Serialize") {
                continue;
            }
            let line = text[..at].matches('\n').count() + 2;
            let fault = |message: String| Fault {
                file: path.clone(),
                line,
                message,
            };
            let body = text[at + 1 + head.len()..].split_once("\n}");
            let body = body.map_or("", |(body, _)| body);
            // Templates use the Rust names of fields.
            if body.contains("#[serde") || derives.contains("#[serde") {
                return Err(fault(format!("`{name}` has attributes of serde")));
            }
            let fields = fields(body).map_err(fault)?;
            if views.structs.insert(name.to_owned(), fields).is_some() {
                return Err(fault(format!("two views are called `{name}`")));
            }
        }
        views.pages.extend(pages(text));
    }
    Ok(views)
}

fn fields(body: &str) -> Result<BTreeMap<String, Stored>, String> {
    let lines = body.lines().map(str::trim);
    let code: String = lines.filter(|line| !line.starts_with("//")).collect();
    let mut fields = BTreeMap::new();
    let mut depth = 0;
    let pieces = code.split(|c| {
        depth += match c {
            '<' | '(' | '[' => 1,
            '>' | ')' | ']' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    });
    for piece in pieces.map(str::trim).filter(|piece| !piece.is_empty()) {
        let field = piece
            .strip_prefix("pub ")
            .and_then(|field| field.split_once(": "));
        let (name, stored) = field.ok_or_else(|| format!("cannot read the field `{piece}`"))?;
        fields.insert(name.to_owned(), stored_as(stored)?);
    }
    Ok(fields)
}

fn stored_as(text: &str) -> Result<Stored, String> {
    let generic = text.split_once('<').and_then(|(outer, rest)| {
        let inner = rest.strip_suffix('>')?;
        Some((outer, inner))
    });
    Ok(match (text, generic) {
        ("String", _) => Stored::Text,
        ("&'static str", _) => Stored::Word,
        ("Html", _) => Stored::Html,
        ("bool", _) => Stored::Flag,
        ("u8" | "u16" | "u32" | "usize" | "i32" | "i64", _) => Stored::Number(text.to_owned()),
        (_, Some(("Option", inner))) => Stored::Maybe(Box::new(stored_as(inner)?)),
        (_, Some(("Vec", inner))) => Stored::List(Box::new(stored_as(inner)?)),
        (_, Some(("Shared", inner))) => Stored::Pointer("Shared", Box::new(stored_as(inner)?)),
        (_, Some(("Box", inner))) => Stored::Pointer("Box", Box::new(stored_as(inner)?)),
        (name, None) if name.chars().all(char::is_alphanumeric) => Stored::View(name.to_owned()),
        _ => return Err(format!("templates cannot read the type `{text}`")),
    })
}

/// Returns the variants of `View`, each with its template.
fn pages(text: &str) -> Vec<Page> {
    let Some((_, body)) = text.split_once("\npub enum View {\n") else {
        return Vec::new();
    };
    let variants = body.split("\n}").next().unwrap_or("").lines();
    let pages = variants.filter_map(|line| {
        let (variant, rest) = line.trim().split_once("(Box<")?;
        let view = rest.strip_suffix(">),")?;
        let arm = format!("View::{variant}(_) => \"");
        let template = text.split_once(&arm)?.1.split('"').next()?;
        Some(Page {
            variant: variant.to_owned(),
            view: view.to_owned(),
            template: template.to_owned(),
        })
    });
    pages.collect()
}
