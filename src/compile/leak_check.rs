//! The leak check: searches a finished site for withheld words.
//!
//! It checks every published byte of pages, indexes, feeds and copied files. A file is split into
//! words at punctuation, after entities and escapes are decoded. HTML is searched three times: with
//! its tags, with a space for each tag, and without tags.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use crate::diag::{self, Code, Diagnostic};
use crate::model::Site;
use crate::text::{Place, SitePath, fold, slug};

/// Withheld words, each with its place in the book.
#[derive(Default)]
pub struct Words {
    /// Case-folded words, which are found in any case.
    folded: BTreeMap<String, Place>,
    /// Words that are found only as written: a short capitalized word can be an ordinary word in
    /// lower case.
    exact: BTreeMap<String, Place>,
    /// The folded first words of sentences, which published texts can also contain.
    sentences: BTreeMap<String, Place>,
}

/// The minimum number of words of a passage; fewer are too common.
const FEWEST: usize = 4;
const MOST: usize = 12;
/// The minimum number of words of a sentence: its author did not mark it as secret.
const SENTENCE: usize = 8;

impl Words {
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty() && self.exact.is_empty() && self.sentences.is_empty()
    }

    /// Adds an id: as an address, and also as a word if it does not consist only of letters.
    pub fn id(&mut self, id: &str, place: &Place) {
        let words = words(id);
        for folder in ["actors", "claims", "sources"] {
            self.fold(&format!(" {folder}{words}html "), place);
        }
        let is_plain = id.chars().all(|c| c.is_ascii_lowercase());
        if !is_plain && words.len() > 5 {
            self.fold(&words, place);
        }
    }

    /// Adds the address of a page relative to the root of the site, without `.html`.
    pub fn page(&mut self, address: &str, place: &Place) {
        self.fold(&format!("{}html ", words(address)), place);
    }

    fn fold(&mut self, words: &str, place: &Place) {
        self.folded.insert(folded(words), place.clone());
    }

    /// Adds a name, title or address.
    pub fn name(&mut self, name: &str, place: &Place) {
        let words = words(name);
        let letters = words.trim().chars().count();
        match words.trim().contains(' ') {
            true if letters > 4 => {
                // Transliterated, as in an address.
                let latin = slug(name).replace('-', " ");
                if latin.len() > 4 && latin.contains(' ') {
                    self.fold(&format!(" {latin} "), place);
                }
                self.fold(&words, place);
            }
            false if letters > 2 => {
                self.exact.insert(words, place.clone());
            }
            _ => {}
        }
    }

    /// Adds the first words of a text.
    pub fn passage(&mut self, text: &str, place: &Place) {
        if let Some(first) = beginning(text, FEWEST) {
            self.folded.insert(first, place.clone());
        }
    }

    /// Adds the sentences of a withheld text.
    pub fn sentences(&mut self, text: &str, place: &Place) {
        for first in sentences(text) {
            self.sentences.insert(first, place.clone());
        }
    }

    /// Allows the sentences of a published text.
    pub fn allow_sentences(&mut self, text: &str) {
        if !self.sentences.is_empty() {
            sentences(text).for_each(|first| {
                self.sentences.remove(&first);
            });
        }
    }

    /// Allows the names of published objects.
    pub fn allow(&mut self, site: &Site) {
        let mut allowed: HashSet<String> = HashSet::new();
        let mut allow = |name: &str| {
            allowed.insert(words(name));
        };
        for (_, actor) in site.actors().iter() {
            let named_by = actor.named_by.iter().map(|naming| &naming.alias);
            let names = [&actor.id, &actor.name].into_iter();
            let names = names.chain(&actor.aliases).chain(named_by);
            names.for_each(|name| allow(name));
        }
        for (_, claim) in site.claims().iter() {
            allow(&claim.id);
            allow(&claim.text);
        }
        for (_, source) in site.sources().iter() {
            allow(&source.id);
            allow(&source.title);
        }
        for (_, briefing) in site.briefings().iter() {
            allow(&briefing.id);
            allow(&briefing.title);
        }
        for (_, event) in site.events().iter() {
            allow(&event.id);
        }
        // A claim can have both withheld and published marks.
        for (_, claim) in site.claims().iter() {
            allow(&format!("claims {} html", claim.id));
        }
        let all: HashSet<String> = allowed.iter().map(|it| folded(it)).collect();
        self.exact.retain(|withheld, _| !allowed.contains(withheld));
        self.folded.retain(|withheld, _| !all.contains(withheld));
    }
}

/// Searches everything that is published; inactive if nothing is withheld.
pub struct Watch(Option<Search>);

impl Watch {
    pub fn new(words: Words) -> Watch {
        Watch(Search::new(words))
    }

    /// True if there is anything to search for.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Searches one file of the site.
    pub fn look(&self, address: &SitePath, bytes: &[u8]) {
        if let Some(search) = &self.0 {
            search.look(address, bytes);
        }
    }

    /// Adds the findings to the diagnostics of a run.
    pub fn tell(self, diagnostics: &mut Vec<Diagnostic>) {
        let found = self.0.map_or_else(Vec::new, Search::finish);
        if !found.is_empty() {
            diagnostics.extend(found);
            *diagnostics = diag::sorted(std::mem::take(diagnostics));
        }
    }
}

/// A search in progress.
struct Search {
    folded: (AhoCorasick, Vec<(String, Place)>),
    exact: (AhoCorasick, Vec<(String, Place)>),
    /// The withheld words that were found, with the files that contain them.
    found: Mutex<BTreeMap<(Place, String), BTreeSet<SitePath>>>,
}

impl Search {
    /// Returns `None` if there is nothing to search for.
    fn new(mut words: Words) -> Option<Search> {
        if words.is_empty() {
            return None;
        }
        words.folded.append(&mut words.sentences);
        let search = |words: BTreeMap<String, Place>| {
            let words: Vec<(String, Place)> = words.into_iter().collect();
            let needles = words.iter().map(|(word, _)| word.as_bytes());
            Some((AhoCorasick::new(needles).ok()?, words))
        };
        Some(Search {
            folded: search(words.folded)?,
            exact: search(words.exact)?,
            found: Mutex::default(),
        })
    }

    fn look(&self, address: &SitePath, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.read(address, address.as_str());
        self.read(address, &text);
        if text.contains('<') {
            self.read(address, &untagged(&text, " "));
            self.read(address, &untagged(&text, ""));
        }
        // Calendars fold long lines.
        if address.extension() == "ics" {
            self.read(address, &text.replace("\r\n ", ""));
        }
    }

    fn read(&self, address: &SitePath, text: &str) {
        let exact = words(text);
        let folded = folded(&exact);
        for (read, (finder, withheld)) in [(&folded, &self.folded), (&exact, &self.exact)] {
            for hit in finder.find_overlapping_iter(read) {
                let (word, place) = &withheld[hit.pattern().as_usize()];
                let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
                let files = found.entry((place.clone(), word.clone())).or_default();
                files.insert(address.clone());
            }
        }
    }

    fn finish(self) -> Vec<Diagnostic> {
        let found = self
            .found
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        found
            .into_iter()
            .map(|((place, word), files)| leaked(place, word.trim(), &files))
            .collect()
    }
}

fn leaked(place: Place, word: &str, files: &BTreeSet<SitePath>) -> Diagnostic {
    let first = files.first().map_or("", SitePath::as_str);
    let message = match files.len() {
        0 | 1 => format!("the site would contain withheld words, in `{first}`"),
        2 => format!("the site would contain withheld words, in `{first}` and 1 more file"),
        files => format!(
            "the site would contain withheld words, in `{first}` and {} more files",
            files - 1
        ),
    };
    Diagnostic::new(Code::WithheldWords, place, message)
        .label(format!("withheld here: `{word}`"))
        .hint("remove the words from the published text, or mark that passage too")
}

/// Replaces everything between angle brackets with `blank`.
fn untagged(text: &str, blank: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        plain.push_str(blank);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

/// Returns the first words of the sentences in a text with one block per line, if they are long
/// enough.
fn sentences(text: &str) -> impl Iterator<Item = String> {
    let sentences = text.split_inclusive(['.', '!', '?', '\n']);
    sentences.filter_map(|sentence| beginning(sentence, SENTENCE))
}

/// Returns the first words, folded, if there are at least `fewest`.
fn beginning(text: &str, fewest: usize) -> Option<String> {
    let words = words(text);
    let first: Vec<&str> = words.split_whitespace().take(MOST).collect();
    (first.len() >= fewest).then(|| folded(&format!(" {} ", first.join(" "))))
}

/// Folds the case of words for comparison.
fn folded(words: &str) -> String {
    format!(" {} ", fold(words))
}

/// Returns the words of a text, each between single spaces.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (letter, length) = escape(rest).unwrap_or((letter, letter.len_utf8()));
        rest = &rest[length..];
        if letter.is_alphanumeric() || is_combining(letter) {
            words.push(letter);
        } else if !is_unseen(letter) && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// True for an accent after its letter, as in file names on macOS.
fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// True for invisible characters between letters: soft hyphens, direction marks.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Decodes the entity or escape at the start of `text`; returns the character and the length.
fn escape(text: &str) -> Option<(char, usize)> {
    let code = |digits: &str, radix| char::from_u32(u32::from_str_radix(digits, radix).ok()?);
    match text.as_bytes().first()? {
        b'&' => {
            let end = text.bytes().take(10).position(|byte| byte == b';')?;
            let name = text.get(1..end)?;
            let letter = match name.strip_prefix('#') {
                Some(number) => match number.strip_prefix(['x', 'X']) {
                    Some(digits) => code(digits, 16)?,
                    None => code(number, 10)?,
                },
                None if name == "shy" => '\u{ad}',
                None => ' ',
            };
            Some((letter, end + 1))
        }
        b'\\' => match text.as_bytes().get(1)? {
            b'u' => Some((code(text.get(2..6)?, 16)?, 6)),
            b'n' | b'r' | b't' => Some((' ', 2)),
            _ => None,
        },
        b'%' => percent(text),
        _ => None,
    }
}

/// Decodes the percent-encoded character at the start of `text`.
fn percent(text: &str) -> Option<(char, usize)> {
    let byte = |at: usize| {
        let digits = text.get(at * 3 + 1..at * 3 + 3)?;
        // `from_str_radix` accepts a sign.
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    };
    let first = byte(0)?;
    let length = match first {
        0..0x80 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    let is_coded = |at: usize| text.as_bytes().get(at * 3) == Some(&b'%');
    let bytes: Option<Vec<u8>> = (0..length)
        .map(|at| byte(at).filter(|_| is_coded(at)))
        .collect();
    let letter = std::str::from_utf8(&bytes?).ok()?.chars().next()?;
    Some((letter, length * 3))
}
