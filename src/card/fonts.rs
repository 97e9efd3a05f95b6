//! The fonts of cards: which characters they have, and how wide a text is.

use std::sync::Arc;

use resvg::usvg::fontdb::{Database, ID, Source};
use resvg::usvg::{FontFamily, FontResolver};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::text;

/// The font style of a part of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    Title,
    Plain,
    Bold,
}

impl Hand {
    /// The font family in the SVG.
    pub fn family(self) -> &'static str {
        match self {
            Hand::Title => "title",
            Hand::Plain => "plain",
            Hand::Bold => "bold",
        }
    }
}

/// The fonts of cards: DejaVu, for Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic
/// letters, then those of the book.
pub struct Fonts {
    faces: Vec<Face>,
    database: Arc<Database>,
    /// A hash of the fonts of the book.
    own: u64,
}

struct Face {
    id: ID,
    bytes: Arc<[u8]>,
}

/// The indices of the embedded faces, in the order in which a character is looked up.
const TITLE: usize = 0;
const BOLD: usize = 1;
const PLAIN: usize = 2;

impl Fonts {
    /// Loads the embedded fonts, then those of the book. Never `None` if the feature `cards` is on.
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
            // For a font collection, the first face is used.
            let id = *database.load_font_source(source).first()?;
            Some(Face { id, bytes })
        });
        Some(Fonts {
            faces: faces.collect(),
            database: Arc::new(database),
            own: text::hash(own.iter().flat_map(|bytes| bytes.iter())),
        })
    }

    /// True if the bytes are a font.
    pub fn reads(bytes: &[u8]) -> bool {
        let font = FontRef::from_index(bytes, 0);
        font.is_ok_and(|font| font.charmap().has_map())
    }

    /// Returns the first character of the text that no font has.
    pub fn lacking(&self, text: &str) -> Option<char> {
        let mut strange = text.chars().filter(|c| !c.is_ascii() && !is_silent(*c));
        strange.find(|c| self.faces.iter().all(|face| !face.has(*c)))
    }

    /// Returns a string that identifies these fonts.
    pub(super) fn name(&self) -> String {
        format!("{:016x}", self.own)
    }

    /// Returns the width of a text at a font size of one pixel. Ligatures and kerning make the real
    /// width smaller, and almost never larger.
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

    /// Returns all faces, for the renderer.
    pub(super) fn database(&self) -> Arc<Database> {
        self.database.clone()
    }

    /// Selects a face by the name of a font style, and another face for a missing character.
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

/// True if a character is never visible: joiners, separators, variation selectors.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    ) || c.is_control()
}
