//! Chapters as JSON, in a format for all versions of mdBook since 0.4.
//!
//! A preprocessor reads `[context, book]` and writes a book. mdBook 0.4 calls the chapters
//! `sections` and requires an additional empty field; mdBook 0.5 calls them `items`. Both ignore
//! unknown fields, so one JSON value works for both. mdBook 0.4 cannot read a null in the context.
//! The answer can be in either format, or in both if the program passes unknown JSON through; then
//! the changed one is used.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::compile::{Chapter, Piece};
use crate::text::SitePath;

/// The version of mdBook in the context.
const VERSION: &str = "0.5.4";

/// A request, and the data for reading the answer.
pub struct Envelope {
    /// `[context, book]`.
    pub bytes: Vec<u8>,
    items: Value,
    /// The file and its front matter for each path in the request.
    told: BTreeMap<String, (SitePath, String)>,
}

impl Envelope {
    /// Creates a request with the chapters of a book in the folder `root`, whose texts are in the
    /// folder `source`. With `is_indexed`, a `README.md` is called `index.md`.
    pub fn new(
        root: &Path,
        config: &Value,
        source: &SitePath,
        pieces: &[Piece],
        is_indexed: bool,
    ) -> Envelope {
        let mut told = BTreeMap::new();
        let items = Value::Array(items(source, pieces, is_indexed, &mut told));
        let context = json!({
            "root": root.display().to_string(),
            "config": config,
            "renderer": "html",
            "mdbook_version": VERSION,
        });
        let book = json!({ "items": items, "sections": items, "__non_exhaustive": null });
        Envelope {
            bytes: json!([context, book]).to_string().into_bytes(),
            items,
            told,
        }
    }

    /// Reads the chapters of an answer.
    ///
    /// # Errors
    /// Returns the problem, in words that continue "its answer".
    pub fn read(&self, source: &SitePath, answer: &[u8]) -> Result<Vec<Piece>, String> {
        if answer.trim_ascii().is_empty() {
            return Err("is empty".to_owned());
        }
        let book: Value = serde_json::from_slice(answer)
            .map_err(|error| format!("is not valid JSON: {error}"))?;
        let lists = ["items", "sections"].map(|name| book.get(name).and_then(Value::as_array));
        let sent = self.items.as_array();
        let changed = lists.iter().flatten().find(|list| Some(**list) != sent);
        let list = changed.or(lists.iter().flatten().next());
        let list = list.ok_or("is not a book: it has neither `items` nor `sections`")?;
        let mut pieces = Vec::new();
        self.read_items(source, list, 0, &mut pieces)?;
        Ok(pieces)
    }

    /// The recursion is bounded by the depth limit of the JSON parser.
    fn read_items(
        &self,
        source: &SitePath,
        items: &[Value],
        level: usize,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), String> {
        for item in items {
            if item == "Separator" {
                pieces.push(Piece::Separator);
            } else if let Some(title) = item.get("PartTitle").and_then(Value::as_str) {
                pieces.push(Piece::Part(title.to_owned()));
            } else if let Some(chapter) = item.get("Chapter") {
                let text = |key: &str| chapter.get(key).and_then(Value::as_str);
                let title = text("name").ok_or("contains a chapter without `name`")?;
                let content = text("content").ok_or("contains a chapter without `content`")?;
                let numbers = chapter.get("number").and_then(Value::as_array);
                let number = numbers.into_iter().flatten();
                let number = number.filter_map(|part| u32::try_from(part.as_u64()?).ok());
                let told = match text("path") {
                    None => None,
                    Some(path) => Some(self.file(source, path)?),
                };
                let (file, front) = match told {
                    None => (None, String::new()),
                    Some((file, front)) => (Some(file), front),
                };
                pieces.push(Piece::Chapter(Chapter {
                    title: title.to_owned(),
                    number: number.collect(),
                    level,
                    file,
                    body_at: front.len(),
                    text: (front + content).into(),
                }));
                let below = chapter.get("sub_items").and_then(Value::as_array);
                self.read_items(
                    source,
                    below.map_or(&[][..], Vec::as_slice),
                    level + 1,
                    pieces,
                )?;
            } else {
                return Err("contains an item that is not a chapter, part or separator".to_owned());
            }
        }
        Ok(())
    }

    fn file(&self, source: &SitePath, path: &str) -> Result<(SitePath, String), String> {
        let path = path.replace('\\', "/");
        if let Some(told) = self.told.get(&path) {
            return Ok(told.clone());
        }
        let file = SitePath::new(&path).map_err(|fault| {
            format!(
                "contains a chapter with the path `{}`, but {fault}",
                path.escape_debug()
            )
        })?;
        Ok((file.within(source), String::new()))
    }
}

/// Converts the pieces to a tree.
fn items(
    source: &SitePath,
    pieces: &[Piece],
    is_indexed: bool,
    told: &mut BTreeMap<String, (SitePath, String)>,
) -> Vec<Value> {
    // The open chapters: their fields so far, and their nested chapters.
    let mut open: Vec<(Map<String, Value>, Vec<Value>)> = Vec::new();
    let mut items = Vec::new();
    let close = |open: &mut Vec<(Map<String, Value>, Vec<Value>)>, items: &mut Vec<Value>, to| {
        while open.len() > to {
            let Some((mut chapter, below)) = open.pop() else {
                return;
            };
            chapter.insert("sub_items".to_owned(), below.into());
            let closed = json!({ "Chapter": chapter });
            open.last_mut()
                .map_or(&mut *items, |(_, below)| below)
                .push(closed);
        }
    };
    for piece in pieces {
        let chapter = match piece {
            Piece::Chapter(chapter) => chapter,
            Piece::Part(title) => {
                close(&mut open, &mut items, 0);
                items.push(json!({ "PartTitle": title }));
                continue;
            }
            Piece::Separator => {
                close(&mut open, &mut items, 0);
                items.push("Separator".into());
                continue;
            }
        };
        let level = chapter.level.min(open.len());
        close(&mut open, &mut items, level);
        let parents: Vec<&Value> = open
            .iter()
            .filter_map(|(above, _)| above.get("name"))
            .collect();
        let parents = json!(parents);
        let lies_at = chapter.file.as_ref().and_then(|file| file.below(source));
        let path = lies_at.as_ref().map(|path| {
            if is_indexed && path.stem().eq_ignore_ascii_case("readme") {
                path.sibling("index.md").unwrap_or(path.clone())
            } else {
                path.clone()
            }
        });
        let (front, content) = chapter
            .text
            .split_at(chapter.body_at.min(chapter.text.len()));
        if let (Some(path), Some(file)) = (&path, &chapter.file) {
            told.insert(path.to_string(), (file.clone(), front.to_owned()));
        }
        let mut entry = Map::new();
        let number = (!chapter.number.is_empty()).then_some(&chapter.number);
        for (key, value) in [
            ("name", json!(chapter.title)),
            ("content", json!(content)),
            ("number", json!(number)),
            ("sub_items", json!([])),
            ("path", json!(path.as_ref().map(SitePath::as_str))),
            ("source_path", json!(lies_at.as_ref().map(SitePath::as_str))),
            ("parent_names", parents),
        ] {
            entry.insert(key.to_owned(), value);
        }
        open.push((entry, Vec::new()));
    }
    close(&mut open, &mut items, 0);
    items
}
