//! Escaping for HTML and XML, and percent-encoding for addresses: one place for each.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What may be in the path of an address without being encoded.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'@')
    .remove(b'$');

/// What RFC 3986 never reserves, and the slash.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What has a meaning in a whole address, with the percent signs that it has already.
const ADDRESS: &AsciiSet = &PATH
    .remove(b':')
    .remove(b'?')
    .remove(b'#')
    .remove(b'%')
    .remove(b'&');

/// Which characters percent-encoding leaves as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// A path below the site.
    Path,
    /// A path as a URI. The colon is encoded, too, because in the first part it would end a scheme.
    Uri,
    /// A whole address, of which some may be encoded already.
    Address,
    /// Words of a text fragment: commas and hyphens have a meaning there.
    Words,
}

/// Percent-encodes a text.
pub fn percent_encoded(text: &str, encoding: Encoding) -> Cow<'_, str> {
    let set = match encoding {
        Encoding::Path => PATH,
        Encoding::Uri => UNRESERVED,
        Encoding::Address => ADDRESS,
        Encoding::Words => NON_ALPHANUMERIC,
    };
    utf8_percent_encode(text, set).into()
}

/// Decodes percent-encoding; returns the text unchanged if the result is not UTF-8.
pub fn percent_decoded(text: &str) -> String {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.unwrap_or(Cow::Borrowed(text)).into_owned()
}

/// Where a text is in HTML or XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// Between tags: quotation marks stay.
    Content,
    /// In an attribute between double quotation marks.
    DoubleQuoted,
    /// In an attribute between any quotation marks, or anywhere.
    Attribute,
}

/// Appends `text` so that HTML and XML read it as text. Characters that these do not allow become
/// U+FFFD.
pub fn escape(text: &str, markup: Markup, out: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !SPECIAL[usize::from(byte)] {
            continue;
        }
        let (entity, length) = match (byte, markup) {
            (b'&', _) => ("&amp;", 1),
            (b'<', _) => ("&lt;", 1),
            (b'>', _) => ("&gt;", 1),
            (b'"', Markup::DoubleQuoted | Markup::Attribute) => ("&quot;", 1),
            (b'\'', Markup::Attribute) => ("&#39;", 1),
            (b'"' | b'\'', _) => continue,
            // U+FFFE and U+FFFF; their neighbors begin with the same byte.
            (0xef, _) if text[at..].starts_with(['\u{fffe}', '\u{ffff}']) => ("\u{fffd}", 3),
            (0xef, _) => continue,
            _ => ("\u{fffd}", 1),
        };
        out.push_str(&text[from..at]);
        out.push_str(entity);
        from = at + length;
    }
    out.push_str(&text[from..]);
}

/// Returns `text` escaped as by [`escape`].
pub fn escaped(text: &str, markup: Markup) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, markup, &mut out);
    out
}

/// The bytes that begin what is escaped somewhere.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = !matches!(byte as u8, b'\t' | b'\n' | b'\r');
        byte += 1;
    }
    special[0x7f] = true;
    special[0xef] = true;
    special[b'&' as usize] = true;
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special[b'"' as usize] = true;
    special[b'\'' as usize] = true;
    special
};
