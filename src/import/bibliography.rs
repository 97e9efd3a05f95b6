//! Converts bibliographies to files of sources, for sources that need a file: for a kept text, a
//! grade, an archived copy.

use super::write::{Ids, line, quoted};
use super::{Imported, Left};
use crate::parse::bibliography;
use crate::text::{LineIndex, SitePath, SourceText};

/// Reads a bibliography; the extension of `name` determines its format.
pub fn read(name: &str, text: &str) -> Result<Imported, Left> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = SitePath::known(name);
    let read = bibliography::read(&SourceText::new(&file, text));
    let lines = LineIndex::new(text);
    let mut imported = Imported::default();
    for said in &read.diagnostics {
        let at = lines.column(text, said.place.span.start);
        let why = match said.label.as_str() {
            "" => said.message.clone(),
            label => label.to_owned(),
        };
        imported
            .left
            .push(Left::new(format!("{}:{}", at.line, at.column), why));
    }
    let mut ids = Ids::default();
    for entry in &read.entries {
        let source = &entry.front;
        // An entry without a title is reported.
        let Some(title) = source.title.as_deref().filter(|it| !it.trim().is_empty()) else {
            continue;
        };
        let mut front = String::from("---\n");
        line(&mut front, "title", title);
        let authors: Vec<String> = source.author.iter().map(|it| quoted(&it.text)).collect();
        if !authors.is_empty() {
            front.push_str(&format!("author: [{}]\n", authors.join(", ")));
        }
        let date = source.date.map(|date| date.to_string());
        let retrieved = source.retrieved.map(|date| date.to_string());
        let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
        let url = source.url.as_ref().map(|(url, _)| url.as_str());
        for (key, value) in [
            ("publisher", source.publisher.as_deref()),
            ("date", date.as_deref()),
            ("url", url.filter(is_web)),
            ("retrieved", retrieved.as_deref()),
            ("type", source.kind.as_deref()),
            ("language", source.language.as_deref()),
        ] {
            if let Some(value) = value {
                line(&mut front, key, value);
            }
        }
        front.push_str("---\n");
        let file = ids.file(&entry.key, "source");
        imported.files.push((file, front));
    }
    Ok(imported)
}
