//! Draws a card as SVG and renders it as PNG.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::fonts::{Fonts, Hand};
use super::lines::{self, Lines, Room};
use super::{Card, HEIGHT, Rule, WIDTH};
use crate::text::{Markup, escaped};

/// The light color scheme of the pages.
const PAPER: &str = "#fdfcfa";
const INK: &str = "#1c1e22";
const MUTED: &str = "#575c64";
const EDGE: &str = "#8b8778";
const SAYS: &str = "#17508f";
const DENIES: &str = "#a3360b";
const PART: &str = "#66429a";
const SILENT: &str = "#5b6068";

/// The margin on all sides, in pixels; some programs round the corners of previews.
const MARGIN: f32 = 70.0;

/// The maximum width of a line, in pixels.
const MEASURE: f32 = WIDTH as f32 - 2.0 * MARGIN;

/// The line height, in multiples of the font size.
const LEADING: f32 = 1.26;

/// The font sizes of a title, the largest first.
const TITLES: [f32; 8] = [76.0, 68.0, 60.0, 54.0, 48.0, 42.0, 38.0, 34.0];

/// Font sizes of the line above the title, each with its maximum number of lines.
const ABOVE: [(f32, usize); 3] = [(28.0, 1), (24.0, 1), (20.0, 1)];

/// Font sizes of the highlighted words below the title, on one line.
const HEADS: [f32; 4] = [42.0, 36.0, 32.0, 28.0];

/// Font sizes of the text below the title, each with its maximum number of lines.
const BELOW: [(f32, usize); 2] = [(30.0, 2), (26.0, 3)];

impl Card {
    /// Returns the card as PNG. The same card gives the same bytes on every machine, because it
    /// consists only of areas with one color, which are filled with integer arithmetic.
    pub fn draw(&self, fonts: &Fonts) -> Arc<[u8]> {
        let options = Options {
            font_resolver: fonts.resolver(),
            fontdb: fonts.database(),
            ..Options::default()
        };
        let drawing = self.drawing(fonts);
        let tree = Tree::from_str(&drawing, &options).expect("a drawing of ours is well-formed");
        let mut picture = Pixmap::new(WIDTH, HEIGHT).expect("a picture of a fixed size");
        resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
        png(&picture).into()
    }

    /// Returns the card as SVG.
    fn drawing(&self, fonts: &Fonts) -> String {
        let mut sheet = Sheet {
            svg: format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\">\
                 <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{PAPER}\"/>"
            ),
            fonts,
        };
        let top = self.put_above(&mut sheet);
        let bottom = self.put_below(&mut sheet);
        self.put_title(&mut sheet, top, bottom);
        sheet.svg.push_str("</svg>");
        sheet.svg
    }

    /// Writes the title of the site and the kind of the page. Returns the lower edge.
    fn put_above(&self, sheet: &mut Sheet<'_>) -> f32 {
        let base = MARGIN + 20.0;
        let kind = if self.aside.is_empty() {
            self.kind.clone()
        } else {
            format!("{} · {}", self.kind, self.aside)
        };
        // The kind is written first, because it can contain the TLP level.
        let kind = sheet.broken(&kind, Hand::Plain, MEASURE * 0.7, &ABOVE);
        let taken: f32 = kind
            .lines
            .iter()
            .map(|line| sheet.width(line, Hand::Plain))
            .sum();
        let room = MEASURE - taken * kind.size - 40.0;
        let site = sheet.broken(&self.site, Hand::Bold, room, &ABOVE);
        let is_rtl = reads_from_right(&self.site);
        let (site_side, kind_side) = if is_rtl {
            (Side::Right, Side::Left)
        } else {
            (Side::Left, Side::Right)
        };
        sheet.put(&site, Hand::Bold, INK, base, site_side);
        sheet.put(&kind, Hand::Plain, MUTED, base, kind_side);
        sheet.stroke(base + 24.0, 2.0, EDGE, "");
        base + 24.0
    }

    /// Writes the status, from bottom to top. Returns the upper edge.
    fn put_below(&self, sheet: &mut Sheet<'_>) -> f32 {
        let mut bottom = HEIGHT as f32 - MARGIN + 8.0;
        let texts = [(&self.foot, INK), (&self.words, MUTED)];
        for (text, color) in texts.into_iter().filter(|(text, _)| !text.is_empty()) {
            let lines = sheet.broken(text, Hand::Plain, MEASURE, &BELOW);
            let base = bottom - lines.height() + lines.size;
            sheet.put(&lines, Hand::Plain, color, base, Side::of(text));
            bottom -= lines.height() + 8.0;
        }
        if !self.head.is_empty() {
            let base = bottom - 14.0;
            self.put_head(sheet, base);
            bottom = base - 46.0;
        }
        bottom - 26.0
    }

    /// Writes the signature and the highlighted words next to it.
    fn put_head(&self, sheet: &mut Sheet<'_>, base: f32) {
        let gap = if self.signature.is_empty() {
            ""
        } else {
            "\u{a0}\u{a0}"
        };
        let signs = format!("{}{gap}", self.signature);
        let taken = sheet.width(&signs, Hand::Bold);
        // The signature has the same size as the words.
        let fits = |size: &f32| {
            let width = taken + sheet.width(&self.head, Hand::Bold);
            width * size <= MEASURE
        };
        let size = HEADS.into_iter().find(fits).unwrap_or(HEADS[3]);
        let room = MEASURE - taken * size;
        let head = sheet.broken(&self.head, Hand::Bold, room, &[(size, 1)]);
        let mut spans = String::new();
        let mut color = INK;
        for c in signs.chars() {
            color = match c {
                '+' => SAYS,
                '−' => DENIES,
                '±' => PART,
                '○' | '?' | '×' => SILENT,
                _ => color,
            };
            let sign = escaped(&c.to_string(), Markup::Content);
            spans.push_str(&format!("<tspan fill=\"{color}\">{sign}</tspan>"));
        }
        let (family, head) = (
            Hand::Bold.family(),
            escaped(&head.lines.concat(), Markup::Content),
        );
        sheet.write(format_args!(
            "<text x=\"{MARGIN:.1}\" y=\"{base:.1}\" font-family=\"{family}\" \
             font-size=\"{size:.1}\" fill=\"{INK}\" xml:space=\"preserve\">{spans}\
             <tspan>{head}</tspan></text>"
        ));
    }

    /// Writes the title as large as possible, with its underline.
    fn put_title(&self, sheet: &mut Sheet<'_>, top: f32, bottom: f32) {
        let room = bottom - top - 40.0;
        let sizes = TITLES.map(|size| (size, (room / (size * LEADING)) as usize));
        let lines = sheet.broken(&self.title, Hand::Title, MEASURE, &sizes);
        let over = (bottom - top - lines.height()).max(0.0) / 2.0;
        let base = top + over + lines.size;
        sheet.put(&lines, Hand::Title, INK, base, Side::of(&self.title));
        match self.rule {
            Rule::Single => sheet.stroke(bottom, 4.0, MUTED, ""),
            Rule::Dotted => sheet.stroke(bottom, 5.0, SILENT, "0.1 14"),
            Rule::Double => {
                sheet.stroke(bottom - 5.0, 4.0, DENIES, "");
                sheet.stroke(bottom + 5.0, 4.0, DENIES, "");
            }
        }
    }
}

/// The side at which a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Side {
    fn of(text: &str) -> Side {
        if reads_from_right(text) {
            Side::Right
        } else {
            Side::Left
        }
    }
}

impl Lines {
    /// Returns the height of the lines.
    fn height(&self) -> f32 {
        self.lines.len() as f32 * self.size * LEADING
    }
}

/// A drawing in progress.
struct Sheet<'a> {
    svg: String,
    fonts: &'a Fonts,
}

impl Sheet<'_> {
    /// Returns the width of a text at a font size of one pixel.
    fn width(&self, text: &str, hand: Hand) -> f32 {
        self.fonts.width(text, hand)
    }

    fn broken(&self, text: &str, hand: Hand, width: f32, sizes: &[(f32, usize)]) -> Lines {
        lines::broken(text, hand, self.fonts, &Room { width, sizes })
    }

    /// Writes lines, the first one on the baseline `base`.
    fn put(&mut self, lines: &Lines, hand: Hand, color: &str, base: f32, side: Side) {
        let (x, anchor) = match side {
            Side::Left => (MARGIN, "start"),
            Side::Right => (WIDTH as f32 - MARGIN, "end"),
        };
        for (at, line) in lines.lines.iter().enumerate() {
            let y = base + at as f32 * lines.size * LEADING;
            let (family, size) = (hand.family(), lines.size);
            let text = escaped(&turned(line), Markup::Content);
            self.write(format_args!(
                "<text x=\"{x:.1}\" y=\"{y:.1}\" font-family=\"{family}\" font-size=\"{size:.1}\" \
                 fill=\"{color}\" text-anchor=\"{anchor}\">{text}</text>"
            ));
        }
    }

    /// Draws a line from margin to margin.
    fn stroke(&mut self, y: f32, width: f32, color: &str, dashes: &str) {
        let (from, to) = (MARGIN, WIDTH as f32 - MARGIN);
        self.write(format_args!(
            "<path d=\"M{from:.1} {y:.1}H{to:.1}\" stroke=\"{color}\" stroke-width=\"{width:.1}\""
        ));
        if !dashes.is_empty() {
            self.write(format_args!(
                " stroke-linecap=\"round\" stroke-dasharray=\"{dashes}\""
            ));
        }
        self.svg.push_str("/>");
    }

    fn write(&mut self, what: std::fmt::Arguments<'_>) {
        self.svg
            .write_fmt(what)
            .expect("a string takes all that is written to it");
    }
}

/// True if a text is right-to-left: its first letter decides.
fn reads_from_right(text: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphabetic());
    first.is_some_and(is_of_the_right)
}

/// True if a letter belongs to a right-to-left script.
fn is_of_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Adds direction marks to a line. The renderer treats every line as left-to-right, and with them
/// the parts are in the right order.
fn turned(line: &str) -> String {
    if line.chars().any(is_of_the_right) && reads_from_right(line) {
        format!("\u{202b}{line}\u{202c}")
    } else {
        line.to_owned()
    }
}

/// Encodes the image as PNG. It uses a palette if there are at most 256 colors, which halves the
/// size; there are more only if a font has its own colors.
fn png(picture: &Pixmap) -> Vec<u8> {
    // A card has no transparency.
    let pixels = || picture.data().chunks_exact(4).map(|pixel| &pixel[..3]);
    let mut places: HashMap<&[u8], u8> = HashMap::new();
    let mut palette: Vec<u8> = Vec::new();
    let mut last = (&[][..], 0);
    let by_place = pixels().map(|color| {
        if last.0 != color {
            let next = places.len();
            let place = match places.entry(color) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    palette.extend(color);
                    *entry.insert(u8::try_from(next).ok()?)
                }
            };
            last = (color, place);
        }
        Some(last.1)
    });
    let by_place: Option<Vec<u8>> = by_place.collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_depth(png::BitDepth::Eight);
    let data = match by_place {
        Some(places) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            // Filters do not help with palettes, because adjacent indices are unrelated.
            encoder.set_filter(png::Filter::NoFilter);
            places
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            pixels().flatten().copied().collect()
        }
    };
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&data));
    written.expect("memory takes every picture");
    bytes
}
