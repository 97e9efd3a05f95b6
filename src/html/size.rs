//! The size of an image, read from its first bytes, so that pages do not jump when it loads.
//!
//! Five formats that browsers support are read from their headers. The crates for this task do not
//! read SVG, which most drawings in books are.

/// Width and height in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// Returns the size of an image; `None` if the format is unknown or has no size.
pub fn size(bytes: &[u8]) -> Option<Size> {
    let (width, height) = png(bytes)
        .or_else(|| gif(bytes))
        .or_else(|| webp(bytes))
        .or_else(|| jpeg(bytes))
        .or_else(|| svg(bytes))?;
    (width > 0 && height > 0).then_some(Size { width, height })
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    (header.get(4..8)? == b"IHDR").then_some(())?;
    Some((be32(header, 8)?, be32(header, 12)?))
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    let screen = bytes
        .strip_prefix(b"GIF89a")
        .or_else(|| bytes.strip_prefix(b"GIF87a"))?;
    Some((le16(screen, 0)?, le16(screen, 2)?))
}

/// WebP in its three variants: lossy, lossless, extended.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let chunk = bytes
        .strip_prefix(b"RIFF")?
        .get(4..)?
        .strip_prefix(b"WEBP")?;
    let data = chunk.get(8..)?;
    match chunk.get(..4)? {
        b"VP8X" => Some((le24(data, 4)? + 1, le24(data, 7)? + 1)),
        b"VP8L" => {
            let bits = le32(data.strip_prefix(&[0x2f])?, 0)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => {
            let frame = data.get(3..)?.strip_prefix(&[0x9d, 0x01, 0x2a])?;
            Some((le16(frame, 0)? & 0x3fff, le16(frame, 2)? & 0x3fff))
        }
        _ => None,
    }
}

/// Returns the size of the frame, rotated as the Exif orientation says.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let mut is_turned = false;
    loop {
        let marker = *rest.strip_prefix(&[0xff])?.first()?;
        if marker == 0xff {
            rest = &rest[1..];
            continue;
        }
        let length = usize::try_from(be16(rest, 2)?).ok()?;
        let segment = rest.get(4..2 + length)?;
        match marker {
            // All kinds of frame headers; c4, c8 and cc are tables.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let (height, width) = (be16(segment, 1)?, be16(segment, 3)?);
                return Some(if is_turned {
                    (height, width)
                } else {
                    (width, height)
                });
            }
            0xe1 => is_turned |= exif_turns(segment).unwrap_or(false),
            // The image data begins, and there was no frame header.
            0xda | 0xd9 => return None,
            _ => {}
        }
        rest = &rest[2 + length..];
    }
}

/// Returns whether an Exif segment exchanges width and height.
fn exif_turns(segment: &[u8]) -> Option<bool> {
    const ORIENTATION: u32 = 0x0112;
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let is_little = tiff.starts_with(b"II");
    let short = |at| {
        if is_little {
            le16(tiff, at)
        } else {
            be16(tiff, at)
        }
    };
    let long = |at| {
        if is_little {
            le32(tiff, at)
        } else {
            be32(tiff, at)
        }
    };
    let list = usize::try_from(long(4)?).ok()?;
    for entry in 0..usize::try_from(short(list)?).ok()? {
        let at = list.checked_add(2 + entry * 12)?;
        if short(at)? == ORIENTATION {
            return Some((5..=8).contains(&short(at + 8)?));
        }
    }
    Some(false)
}

/// Returns the width and height of the root element, or of its `viewBox`.
fn svg(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = &bytes[..bytes.len().min(8192)];
    let text = String::from_utf8_lossy(text);
    let at = text.match_indices("<svg").find(|(at, _)| {
        let next = text[at + 4..].chars().next();
        next.is_some_and(|c| c.is_whitespace() || c == '>')
    })?;
    let tag = text[at.0 + 4..].split('>').next()?;
    let attribute = |name: &str| {
        let mut from = 0;
        loop {
            let found = from + tag[from..].find(name)?;
            from = found + name.len();
            let value = tag[from..].trim_start();
            let begins = tag[..found].ends_with(|c: char| c.is_whitespace());
            if let (true, Some(value)) = (begins, value.strip_prefix('=')) {
                let value = value.trim_start();
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                return value[1..].split(quote).next();
            }
        }
    };
    let sides = attribute("width")
        .and_then(pixels)
        .zip(attribute("height").and_then(pixels));
    let (width, height) = sides.or_else(|| {
        let numbers = attribute("viewBox")?.split([' ', ',', '\t', '\n']);
        let numbers: Vec<f64> = numbers.filter_map(|number| number.parse().ok()).collect();
        match numbers.as_slice() {
            [_, _, width, height] => Some((*width, *height)),
            _ => None,
        }
    })?;
    let whole =
        |side: f64| (side.is_finite() && (0.5..1e6).contains(&side)).then(|| side.round() as u32);
    Some((whole(width)?, whole(height)?))
}

/// Converts an SVG length to CSS pixels; `None` for relative units.
fn pixels(length: &str) -> Option<f64> {
    let length = length.trim();
    let end = length
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(length.len());
    let number: f64 = length[..end].parse().ok()?;
    let unit = match length[end..].trim() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "mm" => 96.0 / 25.4,
        "cm" => 96.0 / 2.54,
        "in" => 96.0,
        _ => return None,
    };
    Some(number * unit)
}

fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes_at(bytes, at).map(u16::from_be_bytes).map(u32::from)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes_at(bytes, at).map(u16::from_le_bytes).map(u32::from)
}

fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = bytes_at(bytes, at)?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes_at(bytes, at).map(u32::from_be_bytes)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes_at(bytes, at).map(u32::from_le_bytes)
}
