//! The letters of cards: which there are, and how wide they run.

use std::sync::Arc;

use resvg::usvg::fontdb::{Database, ID, Source};
use resvg::usvg::{FontFamily, FontResolver};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::text;

/// A hand in which a part of a card is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    Title,
    Plain,
    Bold,
}

impl Hand {
    /// The name of its family in a drawing.
    pub fn family(self) -> &'static str {
        match self {
            Hand::Title => "title",
            Hand::Plain => "plain",
            Hand::Bold => "bold",
        }
    }
}

/// The fonts in which cards are written: DejaVu, for Latin, Greek, Cyrillic, Armenian, Georgian,
/// Hebrew and Arabic letters, and those of the book for what it lacks.
pub struct Fonts {
    faces: Vec<Face>,
    database: Arc<Database>,
    /// Stands for the fonts of the book.
    own: u64,
}

struct Face {
    id: ID,
    bytes: Arc<[u8]>,
}

/// The places of our own faces, in the order in which a letter is looked for.
const TITLE: usize = 0;
const BOLD: usize = 1;
const PLAIN: usize = 2;

impl Fonts {
    /// The fonts that the program carries, and those of the book after them. Always there in a
    /// program with the feature `cards`.
    pub fn new(own: &[Arc<[u8]>]) -> Option<Fonts> {
        let ours = [
            dejavu::serif_condensed::bold(),
            dejavu::sans_condensed::bold(),
            dejavu::sans_condensed::regular(),
        ];
        let mut database = Database::new();
        let all = ours.map(Arc::from).into_iter().chain(own.iter().cloned());
        let faces = all.filter_map(|bytes: Arc<[u8]>| {
            let source = Source::Binary(Arc::new(bytes.clone()));
            // Of a collection the first face is taken.
            let id = *database.load_font_source(source).first()?;
            Some(Face { id, bytes })
        });
        Some(Fonts {
            faces: faces.collect(),
            database: Arc::new(database),
            own: text::hash(own.iter().flat_map(|bytes| bytes.iter())),
        })
    }

    /// Whether the bytes are those of a font.
    pub fn reads(bytes: &[u8]) -> bool {
        let font = FontRef::from_index(bytes, 0);
        font.is_ok_and(|font| font.charmap().has_map())
    }

    /// The first character of the text that no font has.
    pub fn lacking(&self, text: &str) -> Option<char> {
        let mut strange = text.chars().filter(|c| !c.is_ascii() && !is_silent(*c));
        strange.find(|c| self.faces.iter().all(|face| !face.has(*c)))
    }

    /// What tells these fonts from others.
    pub(super) fn name(&self) -> String {
        format!("{:016x}", self.own)
    }

    /// How wide a text runs at a size of one pixel. Letters that join or share a place make it
    /// narrower than that, hardly ever wider.
    pub(super) fn width(&self, text: &str, hand: Hand) -> f32 {
        let first = match hand {
            Hand::Title => TITLE,
            Hand::Plain => PLAIN,
            Hand::Bold => BOLD,
        };
        let order = std::iter::once(first).chain(0..self.faces.len());
        let fonts: Vec<FontRef<'_>> = order.filter_map(|at| self.faces[at].font()).collect();
        let maps: Vec<_> = fonts
            .iter()
            .map(|font| {
                let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
                (font.charmap(), metrics)
            })
            .collect();
        let advance = |c: char| {
            let mut found = maps.iter();
            found.find_map(|(map, metrics)| metrics.advance_width(map.map(c)?))
        };
        let letters = text.chars().filter(|c| !is_silent(*c));
        letters.filter_map(advance).sum()
    }

    /// All faces, for drawing.
    pub(super) fn database(&self) -> Arc<Database> {
        self.database.clone()
    }

    /// Picks a face by the name of a hand, and another for a letter that it lacks.
    pub(super) fn resolver(&self) -> FontResolver<'_> {
        FontResolver {
            select_font: Box::new(|font, _| {
                let is = |hand: Hand| {
                    let mut families = font.families().iter();
                    families.any(|it| *it == FontFamily::Named(hand.family().to_owned()))
                };
                let at = match (is(Hand::Title), is(Hand::Bold)) {
                    (true, _) => TITLE,
                    (_, true) => BOLD,
                    (false, false) => PLAIN,
                };
                Some(self.faces[at].id)
            }),
            select_fallback: Box::new(|c, used, _| {
                let mut others = self.faces.iter().filter(|face| !used.contains(&face.id));
                others.find(|face| face.has(c)).map(|face| face.id)
            }),
        }
    }
}

impl Face {
    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.bytes, 0).ok()
    }

    fn has(&self, c: char) -> bool {
        self.font()
            .is_some_and(|font| font.charmap().map(c).is_some())
    }
}

/// Whether a character is never seen, whatever the font: it joins, parts or turns others.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    ) || c.is_control()
}
