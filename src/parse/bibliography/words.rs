//! Converts values of bibliographies: titles without LaTeX and CSL markup, percent-encoded
//! addresses, language codes.

/// LaTeX commands that change only the appearance of their words.
const LOOKS: &[&str] = &[
    "emph",
    "mbox",
    "mkbibbold",
    "mkbibemph",
    "mkbibitalic",
    "textbf",
    "textit",
    "textmd",
    "textnormal",
    "textrm",
    "textsc",
    "textsf",
    "textsl",
    "texttt",
    "textup",
    "underline",
    "url",
];

/// LaTeX commands that put their words in quotation marks.
const QUOTES: &[&str] = &["enquote", "mkbibquote"];

/// Language names in bibliographies, with their codes.
const LANGUAGES: &[(&str, &str)] = &[
    ("american", "en-US"),
    ("arabic", "ar"),
    ("australian", "en-AU"),
    ("austrian", "de-AT"),
    ("brazil", "pt-BR"),
    ("brazilian", "pt-BR"),
    ("british", "en-GB"),
    ("bulgarian", "bg"),
    ("canadian", "en-CA"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("estonian", "et"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("latvian", "lv"),
    ("lithuanian", "lt"),
    ("mandarin", "zh"),
    ("mexican", "es-MX"),
    ("naustrian", "de-AT"),
    ("ngerman", "de"),
    ("norsk", "no"),
    ("norwegian", "no"),
    ("nswissgerman", "de-CH"),
    ("nynorsk", "nn"),
    ("persian", "fa"),
    ("farsi", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("serbian", "sr"),
    ("slovak", "sk"),
    ("slovene", "sl"),
    ("slovenian", "sl"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("swissgerman", "de-CH"),
    ("thai", "th"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("usenglish", "en-US"),
    ("ukenglish", "en-GB"),
    ("vietnamese", "vi"),
];

/// Removes LaTeX commands that change only the appearance. Other commands stay, so that the author
/// sees them.
pub fn without_latex(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    // The closing text for each open brace.
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '{', '}']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let sign = &rest[..1];
        rest = &rest[1..];
        match sign {
            "{" => {
                open.push("}");
                plain.push('{');
            }
            "}" => plain.push_str(open.pop().unwrap_or("}")),
            _ => {
                let name = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                let (name, behind) = rest.split_at(name);
                let inside = behind.trim_start().strip_prefix('{');
                match inside {
                    Some(inside) if LOOKS.contains(&name) => {
                        open.push("");
                        rest = inside;
                    }
                    Some(inside) if QUOTES.contains(&name) => {
                        open.push("”");
                        plain.push('“');
                        rest = inside;
                    }
                    _ => plain.push('\\'),
                }
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Removes the markup that CSL allows: `<i>`, `<b>`, `<sup>`, `<sub>`, `<sc>` and `<span …>`. Any
/// other `<` is kept.
pub fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let inside = rest.trim_start_matches('<').trim_start_matches('/');
        let name = inside.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, behind) = inside.split_at(name);
        // CSL has no longer attributes than this.
        let near = &behind[..behind.floor_char_boundary(100.min(behind.len()))];
        let end = match name {
            "i" | "b" | "sup" | "sub" | "sc" => near.starts_with('>').then_some(1),
            "span" => near.find('>').map(|end| end + 1),
            _ => None,
        };
        match end {
            Some(end) => rest = &behind[end..],
            None => {
                plain.push('<');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Returns an address, with LaTeX escapes removed.
pub fn address(text: &str) -> String {
    let mut address = text.trim().to_owned();
    for sign in ["&", "%", "_", "#", "~", "$"] {
        address = address.replace(&format!("\\{sign}"), sign);
    }
    address
}

/// Returns the URL of a DOI, written as a DOI, with `doi:` or as a URL.
pub fn doi(text: &str) -> Option<String> {
    let text = address(text);
    let bare = [
        "https://doi.org/",
        "http://dx.doi.org/",
        "https://dx.doi.org/",
        "doi:",
    ];
    let bare = bare.iter().find_map(|lead| text.strip_prefix(lead));
    let number = bare.unwrap_or(&text).trim();
    let is_doi = number.starts_with("10.") && number.contains('/') && !number.contains(' ');
    is_doi.then(|| format!("https://doi.org/{number}"))
}

/// Returns the code of a language, from a code or an English name; `None` if it is neither, because
/// pages need a valid code.
pub fn language(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_lowercase();
    if let Some((_, code)) = LANGUAGES.iter().find(|(name, _)| *name == lower) {
        return Some((*code).to_owned());
    }
    let text = text.replace('_', "-");
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or("");
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_code = (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(is_part);
    is_code.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_go_and_words_stay() {
        let cases = [
            (r"100% of \textit{it \emph{all}} — x", "100% of it all — x"),
            (r"\enquote{Late} again", "“Late” again"),
            (r"\unknown{it} {kept} \", r"\unknown{it} {kept} \"),
            (r"\url {https://a.example/}", "https://a.example/"),
            ("}}{", "}}{"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_latex(text), expected);
        }
        let cases = [
            (
                "On <i>Exchange</i>: <span class=\"nocase\">a</span> CO<sub>2</sub>",
                "On Exchange: a CO2",
            ),
            ("1 < 2, <img src=x>, <i", "1 < 2, <img src=x>, <i"),
            ("<<i>b", "b"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_tags(text), expected);
        }
    }

    #[test]
    fn addresses_are_those_that_browsers_take() {
        assert_eq!(
            address(r" https://a.example/x\_y?a=1\&b=\%20 "),
            "https://a.example/x_y?a=1&b=%20"
        );
        let same = Some("https://doi.org/10.1000/x".to_owned());
        for text in [
            "10.1000/x",
            "doi:10.1000/x",
            "http://dx.doi.org/10.1000/x",
            "https://doi.org/10.1000/x",
        ] {
            assert_eq!(doi(text), same, "{text}");
        }
        assert_eq!(doi("see there"), None);
    }

    #[test]
    fn languages_are_codes() {
        for (text, expected) in [
            ("ngerman", Some("de")),
            ("English", Some("en")),
            ("en_US", Some("en-US")),
            ("zh-Hans", Some("zh-Hans")),
            ("Klingon", None),
            ("\" x", None),
            ("", None),
        ] {
            assert_eq!(language(text).as_deref(), expected, "{text}");
        }
    }
}
