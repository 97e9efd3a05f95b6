//! Tests of card images: they are decoded, and the tests look for drawn pixels ("ink").

use std::sync::Arc;

use super::*;

/// The rows of the title of [`card`]: below the top line, above the underline.
const TITLE: std::ops::Range<usize> = 122..300;

fn card(title: &str) -> Card {
    Card {
        page: SitePath::new("claims/ledger.html").unwrap(),
        site: "The Brennia Desk".into(),
        kind: "Claim".into(),
        aside: "TLP:CLEAR".into(),
        title: title.into(),
        rule: Rule::Double,
        signature: "++±○−?×".into(),
        head: "Denied".into(),
        words: "Contradicted by the accused side; 2 say so, 1 contradicts, 1 has not answered."
            .into(),
        foot: "Brennia replied by a representative, the Foreign Office: denies it, 20 July 2021."
            .into(),
    }
}

fn fonts() -> Fonts {
    Fonts::new(&[]).unwrap()
}

/// A decoded card.
struct Picture {
    size: (u32, u32),
    /// Red, green and blue of each pixel.
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    fn of(png: &[u8]) -> Picture {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgb);
        let pixels = bytes.chunks_exact(3).map(|it| [it[0], it[1], it[2]]);
        Picture {
            size: (info.width, info.height),
            pixels: pixels.collect(),
        }
    }

    fn drawn(card: &Card) -> Picture {
        Picture::of(&card.draw(&fonts()))
    }

    /// Returns the columns and rows of pixels in these rows that differ from the background.
    fn ink(&self, rows: std::ops::Range<usize>) -> Vec<(usize, usize)> {
        let width = self.size.0 as usize;
        let paper = self.pixels[0];
        let all = rows.flat_map(|row| (0..width).map(move |column| (column, row)));
        all.filter(|(column, row)| self.pixels[row * width + column] != paper)
            .collect()
    }

    fn has_color(&self, color: [u8; 3]) -> bool {
        self.pixels.contains(&color)
    }
}

fn title(text: &str) -> Vec<(usize, usize)> {
    Picture::drawn(&card(text)).ink(TITLE)
}

#[test]
fn a_card_is_a_picture_of_the_size_that_is_asked_for() {
    let picture = Picture::drawn(&card("Brennia opened the ledger"));
    assert_eq!(picture.size, (1200, 630));
    let rows = 0..HEIGHT as usize;
    let ink = picture.ink(rows).len();
    // Text covers a part of the background, but much less than all of it.
    assert!((20_000..150_000).contains(&ink), "{ink} pixels");
    let signs = [[0x17, 0x50, 0x8f], [0xa3, 0x36, 0x0b], [0x66, 0x42, 0x9a]];
    assert!(signs.into_iter().all(|color| picture.has_color(color)));
}

#[test]
fn the_title_is_as_large_as_there_is_room_and_nothing_leaves_the_margins() {
    let long = "Who did what to whom, when and by which means is said here again. ".repeat(12);
    let endless = "x".repeat(500);
    let wide = "W".repeat(40);
    let arabic = "وزارة أمن الدولة تنفي أنها اخترقت الخوادم ".repeat(20);
    let mut heights = Vec::new();
    for text in ["Short", &long, &endless, &wide, &arabic] {
        let picture = Picture::drawn(&card(text));
        let ink = picture.ink(0..HEIGHT as usize);
        let outside = ink
            .iter()
            .find(|(x, y)| !(66..1134).contains(x) || !(40..590).contains(y));
        assert_eq!(outside, None, "{text}");
        let title = picture.ink(TITLE);
        let first = title.iter().map(|(_, y)| y).min().unwrap();
        let end = title
            .iter()
            .map(|(_, y)| *y)
            .filter(|y| (*first..first + 200).contains(y));
        heights.push(end.collect::<std::collections::BTreeSet<_>>().len());
        let in_foot = picture.ink(480..590).len();
        assert!(in_foot > 2_000, "the answer stays: {text}");
    }
    assert!(heights[0] < heights[1], "one line, then many: {heights:?}");
}

#[test]
fn whatever_a_book_says_stays_within_the_margins_and_its_level_is_never_cut() {
    let mut full = card("Brennia opened the ledger");
    full.site = "The desk of the association for the study of ledgers and postboxes".into();
    full.aside = "TLP:AMBER+STRICT · between 1 January and 31 December 2021".into();
    full.signature = "+12 ±1 ○3 −4 ?11 ×2".into();
    full.head = "120 claims · 113 contested · 17 unanswered · 45 parties of all kinds".into();
    full.words = "Who opened it, when, why, and by which of the many means. ".repeat(9);
    full.foot = "Brennia declined, and said so at length and more than once. ".repeat(9);
    let ink = |card: &Card| Picture::drawn(card).ink(0..HEIGHT as usize);
    let drawn = ink(&full);
    let outside = drawn
        .iter()
        .find(|(x, y)| !(66..1134).contains(x) || !(40..590).contains(y));
    assert_eq!(outside, None);
    // The top line is complete.
    let shorter = Card {
        aside: full.aside.replace("2021", "2"),
        ..full.clone()
    };
    assert_ne!(drawn, ink(&shorter));
    let untitled = Card {
        site: "The desk".into(),
        ..full.clone()
    };
    let kind = |ink: Vec<(usize, usize)>| -> Vec<(usize, usize)> {
        let line = ink.into_iter().filter(|(x, y)| *x > 700 && *y < 110);
        line.collect()
    };
    assert_eq!(kind(drawn), kind(ink(&untitled)), "the site makes room");
}

#[test]
fn a_text_that_does_not_fit_says_that_it_goes_on() {
    let fonts = fonts();
    let room = lines::Room {
        width: 300.0,
        sizes: &[(40.0, 1), (30.0, 2)],
    };
    let broken = |text| {
        let lines = lines::broken(text, fonts::Hand::Title, &fonts, &room);
        (lines.size, lines.lines.join("|"))
    };
    assert_eq!(broken("Short"), (40.0, "Short".to_string()));
    assert_eq!(broken(""), (40.0, String::new()));
    let (size, lines) = broken("Not quite as short as that");
    assert_eq!((size, lines.as_str()), (30.0, "Not quite as short|as that"));
    let (size, lines) = broken("This one goes on, and on, and it has no end at all");
    assert_eq!(size, 30.0);
    assert_eq!(lines, "This one goes on,|and on, and it has…");
    let (_, lines) = broken("Donaudampfschifffahrtsgesellschaftskapitän");
    assert_eq!(lines.matches('|').count(), 1, "{lines}");
    assert!(lines.ends_with('…'), "{lines}");
}

#[test]
fn other_scripts_are_written_and_right_to_left_begins_at_the_right() {
    let fonts = fonts();
    let texts = [
        ("Открыли журнал", false),
        ("Το ημερολόγιο", false),
        ("Բացել են մատյանը", false),
        ("ძალებმა გახსნეს", false),
        ("فتحت السجل", true),
        ("פתחו את היומן", true),
    ];
    let mut seen = Vec::new();
    for (text, is_rtl) in texts {
        assert_eq!(card(text).lacking(&fonts), None, "{text}");
        let ink = title(text);
        let left = ink.iter().map(|(x, _)| *x).min().unwrap();
        let right = ink.iter().map(|(x, _)| *x).max().unwrap();
        if is_rtl {
            assert!(left > 200 && right > 1110, "{text}: {left} to {right}")
        } else {
            assert!(left < 90 && right < 1000, "{text}: {left} to {right}")
        }
        assert!(!seen.contains(&ink), "{text}");
        seen.push(ink);
    }
}

#[test]
fn words_of_another_direction_stand_where_they_are_read() {
    // The text is right-to-left, so the year comes last and is on the left.
    let ink = |text: &str| title(text);
    let left_of = |ink: &[(usize, usize)]| ink.iter().map(|(x, _)| *x).min().unwrap();
    let mixed = ink("השרת Exchange נפרץ");
    let without = ink("השרת נפרץ");
    assert!(left_of(&mixed) < left_of(&without));
    let (first, last) = (ink("אא Exchange"), ink("Exchange אא"));
    // The first text begins in Hebrew, on the right; the other one begins on the left.
    assert!(left_of(&first) > 200 && left_of(&last) < 90);
}

#[test]
fn a_letter_that_no_font_has_is_told_and_a_font_of_the_book_brings_it() {
    let ours = fonts();
    assert_eq!(card("国家安全部").lacking(&ours), Some('国'));
    assert_eq!(card("Sealed 🔒").lacking(&ours), Some('🔒'));
    assert_eq!(
        card("A soft\u{ad}hyphen, \u{200f}turned\u{2069}").lacking(&ours),
        None
    );
    let mut aside = card("Fine");
    aside.foot = "⌕".into();
    assert_eq!(aside.lacking(&ours), Some('⌕'));
    let mono: Arc<[u8]> = dejavu::sans_mono::regular().into();
    let more = Fonts::new(&[mono]).unwrap();
    assert_eq!(aside.lacking(&more), None);
    assert_ne!(aside.address(&more), aside.address(&ours));
    let (with, without) = (card("⌕⌕⌕⌕"), card("    "));
    let [with, without] = [with, without].map(|card| Picture::of(&card.draw(&more)).ink(TITLE));
    assert!(with.len() > without.len() + 500);
}

#[test]
fn what_is_no_font_is_not_taken_for_one() {
    assert!(Fonts::reads(dejavu::sans::regular()));
    assert!(!Fonts::reads(b""));
    assert!(!Fonts::reads(b"wOF2 and what follows"));
    assert!(!Fonts::reads(&dejavu::sans::regular()[..40]));
}

#[test]
fn signs_of_markup_are_letters_and_what_no_drawing_holds_is_left_out() {
    let plain = title("A & B < C > D");
    assert!(plain.len() > title("A").len() + 500);
    let text = "</text></svg>&amp; <script>\u{1}\u{fffe}\u{0}";
    assert!(title(text).len() > 3_000);
}

#[test]
fn the_address_tells_all_that_stands_on_a_card() {
    let fonts = fonts();
    let first = card("Brennia opened the ledger");
    let address = first.address(&fonts);
    assert_eq!(address, card("Brennia opened the ledger").address(&fonts));
    let (name, hash) = address.as_str().split_once('.').unwrap();
    assert_eq!(name, "cards/claims-ledger");
    let hash = hash.strip_suffix(".png").unwrap();
    assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let change: [fn(&mut Card); 11] = [
        |card| card.page = SitePath::new("claims/ledger-2.html").unwrap(),
        |card| card.site.push('!'),
        |card| card.kind.push('!'),
        |card| card.aside.push('!'),
        |card| card.title.push('!'),
        |card| card.rule = Rule::Single,
        |card| card.rule = Rule::Dotted,
        |card| card.signature.push('+'),
        |card| card.head.push('!'),
        |card| card.words.push('!'),
        |card| card.foot.push('!'),
    ];
    let mut addresses = std::collections::BTreeSet::from([address]);
    for change in change {
        let mut other = first.clone();
        change(&mut other);
        assert!(addresses.insert(other.address(&fonts)), "{other:?}");
    }
    // The boundary between two texts is part of the hash.
    let mut moved = first.clone();
    (moved.words, moved.foot) = (String::new(), format!("{}{}", first.words, first.foot));
    assert!(addresses.insert(moved.address(&fonts)));
    let strange = Card {
        page: SitePath::new("notes/国 & ½/a.b.html").unwrap(),
        ..first
    };
    let address = strange.address(&fonts);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/.-".contains(c);
    assert!(address.as_str().chars().all(is_plain), "{address}");
}

/// Sites reuse cards by their names. So if the drawing changes, by our code or by a newer crate,
/// the names must change: if you change this hash, increment `DRAWING`.
#[test]
fn the_same_card_has_the_same_bytes_until_the_drawing_is_counted_up() {
    let card = card("Brennia opened the ledger");
    let first = card.draw(&fonts());
    let other = std::thread::spawn({
        let card = card.clone();
        move || card.draw(&fonts())
    });
    assert_eq!(first, other.join().unwrap());
    assert_eq!(
        (DRAWING, text::hash(first.iter())),
        (1, 12_989_392_454_107_514_215)
    );
}
