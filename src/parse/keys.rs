//! Reads the keys of a front matter by name and says which ones nobody asked for.

use super::attrs::{self, Piece, PieceKind};
use super::name::Name;
use super::tree::{self, Tree, TreeKind};
use crate::diag::{Code, Diagnostic};
use crate::model::{Extra, PartialDate};
use crate::text::{Place, SitePath, Span, nearest};

/// The keys of one map, handed out one by one.
pub struct Keys<'a> {
    file: &'a SitePath,
    entries: Vec<(String, Span, Tree)>,
    known: Vec<&'static str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// A text and where it was written.
pub type Words = (String, Span);

impl<'a> Keys<'a> {
    /// The keys of `tree`; one that is no map has none, which is said.
    pub fn new(file: &'a SitePath, tree: Tree, diagnostics: &'a mut Vec<Diagnostic>) -> Keys<'a> {
        let entries = match tree.kind {
            TreeKind::Map(entries) => entries,
            TreeKind::Null => Vec::new(),
            TreeKind::Scalar { .. } | TreeKind::List(_) => {
                diagnostics.push(no_keys(Place::new(file, tree.span)));
                Vec::new()
            }
        };
        Keys {
            file,
            entries,
            known: Vec::new(),
            diagnostics,
        }
    }

    /// Where the key stands, if it is there.
    pub fn span(&self, key: &str) -> Option<Span> {
        self.entries
            .iter()
            .find(|(name, ..)| name == key)
            .map(|(_, span, _)| *span)
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
                    "one text is expected",
                    "write `KEY: some words`",
                );
                None
            }
        }
    }

    /// A list of texts; one alone may stand without brackets.
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
                        self.unreadable(key, item.span, "a text is expected", hint);
                        None
                    }
                })
                .collect(),
            TreeKind::Null | TreeKind::Map(_) => {
                let hint = "write `KEY: [one, two]`";
                self.unreadable(key, tree.span, "a list of texts is expected", hint);
                Vec::new()
            }
        }
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
        attrs::read_date(self.file, &text, span, self.diagnostics)
    }

    /// A truth value: `true`, `yes`, `false` or `no`.
    pub fn truth(&mut self, key: &'static str) -> Option<bool> {
        let (text, span) = self.text(key)?;
        match text.as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => {
                self.unreadable(key, span, "neither true nor false", "write `KEY: true`");
                None
            }
        }
    }

    /// One of a closed list of words, read by `parse`.
    pub fn word<T>(
        &mut self,
        key: &'static str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let (text, span) = self.text(key)?;
        let value = parse(&text);
        if value.is_none() {
            self.diagnostics.push(attrs::unknown_word(
                Place::new(self.file, span),
                key,
                &text,
                words,
            ));
        }
        value
    }

    /// A map of our own attributes, as `defaults` has it.
    pub fn pieces(&mut self, key: &'static str) -> Vec<Piece<'static>> {
        let Some(tree) = self.take(key) else {
            return Vec::new();
        };
        let TreeKind::Map(entries) = tree.kind else {
            self.unreadable(key, tree.span, "keys are expected", "write `KEY: {by: us}`");
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

    /// The maps of a list.
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
                    "a list is expected",
                    "write `KEY:` and `- …` lines",
                );
                Vec::new()
            }
        }
    }

    /// `extra`, with every `x-…` key beside it.
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

    /// The keys that nobody asked for, as they are.
    pub fn rest(self) -> Extra {
        let entries = self.entries.into_iter();
        entries.map(|(key, _, tree)| (key, tree.value())).collect()
    }

    /// Says which keys are left over.
    pub fn finish(self) {
        for (key, span, _) in &self.entries {
            let place = Place::new(self.file, *span);
            self.diagnostics.push(unknown_key(place, key, &self.known));
        }
    }

    /// Whether the key is there and says something; without it a diagnostic says how to write it.
    pub fn require(&mut self, key: &'static str, at: Span, what: &str) {
        let entry = self.entries.iter().find(|(name, ..)| name == key);
        let is_blank = entry.is_none_or(|(.., tree)| match &tree.kind {
            TreeKind::Null => true,
            TreeKind::Scalar { text, .. } => !text.chars().any(is_seen),
            TreeKind::List(_) | TreeKind::Map(_) => false,
        });
        if is_blank {
            let at = entry.map_or(at, |(_, span, _)| *span);
            self.diagnostics
                .push(missing_key(Place::new(self.file, at), key, what));
        }
    }

    pub fn place(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    /// Lends the bag, for a reader of one value.
    pub fn bag(&mut self) -> &mut Vec<Diagnostic> {
        self.diagnostics
    }

    pub fn unreadable(&mut self, key: &str, span: Span, label: &str, hint: &str) {
        let place = Place::new(self.file, span);
        self.diagnostics.push(
            Diagnostic::new(
                Code::UnreadableValue,
                place,
                format!("the value of `{key}` cannot be read"),
            )
            .label(label)
            .hint(hint.replace("KEY", key)),
        );
    }
}

/// Whether readers see anything of `c`.
fn is_seen(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

fn unknown_key(place: Place, key: &str, known: &[&str]) -> Diagnostic {
    let hint = match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("a key of your own stands under `extra:` or begins with `x-`: `x-{key}`"),
    };
    Diagnostic::new(Code::UnknownKey, place, format!("unknown key `{key}`"))
        .label("not a key of this kind of file")
        .hint(hint)
}

fn missing_key(place: Place, key: &str, what: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, place, format!("{what} has no `{key}`"))
        .label("its front matter should have it")
        .hint(format!(
            "write `{key}: …` between two lines of `---` at the top of the file"
        ))
}

fn no_keys(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableFrontMatter,
        place,
        "the front matter holds no keys",
    )
    .label("`key: value` lines are expected")
    .hint("write `title: Some words`, one key a line")
}
