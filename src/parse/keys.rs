//! Reads the keys of front matter by name and reports unknown ones.

use super::attrs::{self, Piece, PieceKind};
use super::name::Name;
use super::tree::{self, Tree, TreeKind};
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{Extra, PartialDate, Tlp};
use crate::text::{Place, SourceMap, Span, nearest};

/// The keys of a map, read one by one.
pub struct Keys<'a> {
    map: &'a SourceMap,
    entries: Vec<(String, Span, Tree)>,
    known: Vec<&'static str>,
    /// The required keys that are missing, each with its diagnostic.
    missing: Vec<(&'static str, Diagnostic)>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// A text and its place.
pub type Words = (String, Span);

impl<'a> Keys<'a> {
    /// Returns the keys of `tree`; reports a tree that is not a map.
    pub fn new(map: &'a SourceMap, tree: Tree, diagnostics: &'a mut Vec<Diagnostic>) -> Keys<'a> {
        let entries = match tree.kind {
            TreeKind::Map(entries) => entries,
            TreeKind::Null => Vec::new(),
            TreeKind::Scalar { .. } | TreeKind::List(_) => {
                diagnostics.push(no_keys(map.place(tree.span)));
                Vec::new()
            }
        };
        Keys {
            map,
            entries,
            known: Vec::new(),
            missing: Vec::new(),
            diagnostics,
        }
    }

    /// Returns the place of the key, if it exists.
    pub fn span(&self, key: &str) -> Option<Span> {
        self.entries
            .iter()
            .find(|(name, ..)| name == key)
            .map(|(_, span, _)| *span)
    }

    /// Returns the value of a key without marking it as read.
    pub fn peek(&self, key: &str) -> Option<&Tree> {
        let mut entries = self.entries.iter();
        entries
            .find(|(name, ..)| name == key)
            .map(|(.., tree)| tree)
    }

    fn take(&mut self, key: &'static str) -> Option<Tree> {
        self.known.push(key);
        let at = self.entries.iter().position(|(name, ..)| name == key)?;
        let tree = self.entries.remove(at).2;
        (tree.kind != TreeKind::Null).then_some(tree)
    }

    /// One text.
    pub fn text(&mut self, key: &'static str) -> Option<Words> {
        let tree = self.take(key)?;
        match tree.kind {
            TreeKind::Scalar { text, .. } => Some((text, tree.span)),
            TreeKind::Null | TreeKind::List(_) | TreeKind::Map(_) => {
                self.unreadable(
                    key,
                    tree.span,
                    "expected one text",
                    "write `KEY: some words`",
                );
                None
            }
        }
    }

    /// Reads a list of texts; a single one needs no brackets.
    pub fn texts(&mut self, key: &'static str) -> Vec<Words> {
        let Some(tree) = self.take(key) else {
            return Vec::new();
        };
        self.texts_of(key, tree)
    }

    fn texts_of(&mut self, key: &'static str, tree: Tree) -> Vec<Words> {
        match tree.kind {
            TreeKind::Scalar { text, .. } => vec![(text, tree.span)],
            TreeKind::List(items) => items
                .into_iter()
                .filter_map(|item| match item.kind {
                    TreeKind::Scalar { text, .. } => Some((text, item.span)),
                    TreeKind::Null | TreeKind::List(_) | TreeKind::Map(_) => {
                        let hint = "write `KEY: [one, two]`";
                        self.unreadable(key, item.span, "expected a text", hint);
                        None
                    }
                })
                .collect(),
            TreeKind::Null | TreeKind::Map(_) => {
                let hint = "write `KEY: [one, two]`";
                self.unreadable(key, tree.span, "expected a list of texts", hint);
                Vec::new()
            }
        }
    }

    /// The TLP level, under its key in any case. Fails closed: a value that cannot be read is the
    /// highest level, because its author did not mean it for everybody.
    pub fn tlp(&mut self) -> Option<Tlp> {
        let mut keys = self.entries.iter_mut().map(|(key, ..)| key);
        if let Some(key) = keys.find(|key| key.eq_ignore_ascii_case("tlp")) {
            *key = "tlp".to_owned();
        }
        self.span("tlp")?;
        Some(self.word("tlp", Tlp::WORDS, Tlp::read).unwrap_or(Tlp::Red))
    }

    /// References, by id or name.
    pub fn names(&mut self, key: &'static str) -> Vec<Name> {
        let texts = self.texts(key);
        texts
            .iter()
            .map(|(text, span)| Name::bare(text.trim(), *span))
            .collect()
    }

    pub fn name(&mut self, key: &'static str) -> Option<Name> {
        let (text, span) = self.text(key)?;
        Some(Name::bare(text.trim(), span))
    }

    pub fn date(&mut self, key: &'static str) -> Option<PartialDate> {
        let (text, span) = self.text(key)?;
        attrs::read_date(self.map, &text, span, self.diagnostics)
    }

    /// Reads a boolean: `true`, `yes`, `false` or `no`.
    pub fn truth(&mut self, key: &'static str) -> Option<bool> {
        let (text, span) = self.text(key)?;
        match text.as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => {
                self.unreadable(key, span, "expected `true` or `false`", "write `KEY: true`");
                None
            }
        }
    }

    /// Reads a word of a closed list, with `parse`.
    pub fn word<T>(
        &mut self,
        key: &'static str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let (text, span) = self.text(key)?;
        let value = parse(&text);
        if value.is_none() {
            self.diagnostics
                .push(attrs::unknown_word(self.map.place(span), key, &text, words));
        }
        value
    }

    /// Reads a map of mark attributes, such as `defaults`.
    pub fn pieces(&mut self, key: &'static str) -> Vec<Piece<'static>> {
        let Some(tree) = self.take(key) else {
            return Vec::new();
        };
        let TreeKind::Map(entries) = tree.kind else {
            self.unreadable(key, tree.span, "expected keys", "write `KEY: {by: us}`");
            return Vec::new();
        };
        let mut pieces = Vec::new();
        for (name, name_span, tree) in entries {
            let value_span = tree.span;
            let texts = self.texts_of(key, tree);
            pieces.push(Piece {
                kind: PieceKind::Key,
                name: name.into(),
                value: texts
                    .into_iter()
                    .map(|(text, _)| text)
                    .collect::<Vec<_>>()
                    .join(",")
                    .into(),
                name_span,
                value_span,
            });
        }
        pieces
    }

    /// Reads the maps in a list.
    pub fn maps(&mut self, key: &'static str) -> Vec<Tree> {
        let Some(tree) = self.take(key) else {
            return Vec::new();
        };
        match tree.kind {
            TreeKind::List(items) => items,
            TreeKind::Map(_) => vec![tree],
            TreeKind::Null | TreeKind::Scalar { .. } => {
                self.unreadable(
                    key,
                    tree.span,
                    "expected a list",
                    "write `KEY:` and `- …` lines",
                );
                Vec::new()
            }
        }
    }

    /// Reads `extra`, with every `x-…` key.
    pub fn extra(&mut self) -> Extra {
        let mut extra = match self.take("extra") {
            Some(Tree {
                kind: TreeKind::Map(entries),
                ..
            }) => tree::extra(&entries),
            _ => Extra::new(),
        };
        self.entries.retain(|(key, _, tree)| {
            let own = key.starts_with("x-");
            if own {
                extra.insert(key.clone(), tree.value());
            }
            !own
        });
        extra
    }

    /// Returns the keys that were not read.
    pub fn rest(self) -> Extra {
        let missing = self.missing.into_iter();
        self.diagnostics.extend(missing.map(|(_, it)| it));
        let entries = self.entries.into_iter();
        entries.map(|(key, _, tree)| (key, tree.value())).collect()
    }

    /// Reports the keys that were not read. If one of them is probably a missing key, that is not
    /// reported as well.
    pub fn finish(mut self) {
        for (key, span, _) in &self.entries {
            let place = self.map.place(*span);
            let near = nearest(key, self.known.iter().copied());
            self.missing.retain(|(name, _)| Some(*name) != near);
            self.diagnostics.push(unknown_key(place, key, near));
        }
        let missing = self.missing.into_iter();
        self.diagnostics.extend(missing.map(|(_, it)| it));
    }

    /// True if the key exists and is not empty; otherwise reports how to write it.
    pub fn require(&mut self, key: &'static str, at: Span, what: &str) {
        let entry = self.entries.iter().find(|(name, ..)| name == key);
        let is_blank = entry.is_none_or(|(.., tree)| match &tree.kind {
            TreeKind::Null => true,
            TreeKind::Scalar { text, .. } => !text.chars().any(is_seen),
            TreeKind::List(_) | TreeKind::Map(_) => false,
        });
        if is_blank {
            let at = entry.map_or(at, |(_, span, _)| *span);
            let diagnostic = missing_key(self.map.place(at), key, what);
            self.missing.push((key, diagnostic));
        }
    }

    pub fn place(&self, span: Span) -> Place {
        self.map.place(span)
    }

    /// Returns the diagnostics, for parsers of single values.
    pub fn bag(&mut self) -> &mut Vec<Diagnostic> {
        self.diagnostics
    }

    pub fn unreadable(&mut self, key: &str, span: Span, label: &str, hint: &str) {
        let place = self.map.place(span);
        self.diagnostics.push(
            Diagnostic::new(
                Code::UnreadableValue,
                place,
                format!("invalid value of `{key}`"),
            )
            .label(label)
            .hint(hint.replace("KEY", key)),
        );
    }
}

/// True if `c` is visible.
fn is_seen(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

fn unknown_key(place: Place, key: &str, near: Option<&str>) -> Diagnostic {
    let told = Diagnostic::new(
        Code::UnknownKey,
        place.clone(),
        format!("unknown key `{key}`"),
    )
    .label("not a key of this kind of file");
    match near {
        Some(near) => told
            .hint(format!("did you mean `{near}`?"))
            .fix(Fix::replace(place, near)),
        None => told
            .hint(format!(
                "put your own keys under `extra:`, or begin them with `x-`: `x-{key}`"
            ))
            .fix(Fix::replace(place, format!("x-{key}"))),
    }
}

fn missing_key(place: Place, key: &str, what: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, place, format!("{what} has no `{key}`"))
        .label("required in the front matter")
        .hint(format!(
            "add `{key}: …` between two lines of `---` at the top of the file"
        ))
}

fn no_keys(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableFrontMatter,
        place,
        "front matter without keys",
    )
    .label("expected `key: value` lines")
    .hint("write one key per line, such as `title: Some words`")
}
