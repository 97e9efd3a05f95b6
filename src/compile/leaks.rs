//! The last look at a site that something was withheld from: no file of it may hold the words.
//!
//! Every byte that is published passes here, whatever made it: pages, indexes, feeds, copied
//! files. A file is read as words: tags and punctuation part them, entities and escapes are what
//! they stand for, and it is read once with its tags as words and once without.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use crate::diag::{self, Code, Diagnostic};
use crate::model::Site;
use crate::text::{Place, SitePath};

/// Words that were withheld, each with where it stands in the book.
#[derive(Default)]
pub struct Words {
    /// Found whatever their case.
    folded: BTreeMap<String, Place>,
    /// Found as they are written: a short word with a capital may be an ordinary one without.
    exact: BTreeMap<String, Place>,
}

/// Words of a passage that are looked for; fewer are too ordinary to mean anything.
const FEWEST: usize = 4;
const MOST: usize = 12;

impl Words {
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty() && self.exact.is_empty()
    }

    /// An id: as an address, and where it is no plain word as a word.
    pub fn id(&mut self, id: &str, place: &Place) {
        let words = words(id);
        for folder in ["actors", "claims", "sources"] {
            let address = format!(" {folder}{words}html ");
            self.folded.insert(address, place.clone());
        }
        let is_plain = id.chars().all(|c| c.is_ascii_lowercase());
        if !is_plain && words.len() > 5 {
            self.folded.insert(words, place.clone());
        }
    }

    /// A name, title or address.
    pub fn name(&mut self, name: &str, place: &Place) {
        let words = words(name);
        let letters = words.trim().chars().count();
        match words.trim().contains(' ') {
            true if letters > 4 => self.folded.insert(words, place.clone()),
            false if letters > 2 => self.exact.insert(words, place.clone()),
            _ => None,
        };
    }

    /// Words of a text: the first of them stand for all.
    pub fn passage(&mut self, text: &str, place: &Place) {
        let words = words(text);
        let first: Vec<&str> = words.split_whitespace().take(MOST).collect();
        if first.len() >= FEWEST {
            self.folded
                .insert(format!(" {} ", first.join(" ")), place.clone());
        }
    }

    /// Lets the names pass that something has which is published.
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
        let folded: HashSet<String> = allowed.iter().map(|it| it.to_lowercase()).collect();
        self.exact.retain(|withheld, _| !allowed.contains(withheld));
        self.folded
            .retain(|withheld, _| !folded.contains(&withheld.to_lowercase()));
    }
}

/// Looks at everything that is published; at nothing where nothing was withheld.
pub struct Watch(Option<Search>);

impl Watch {
    pub fn new(words: Words) -> Watch {
        Watch(Search::new(words))
    }

    /// Looks through one file of the site.
    pub fn look(&self, address: &SitePath, bytes: &[u8]) {
        if let Some(search) = &self.0 {
            search.look(address, bytes);
        }
    }

    /// Adds what was found to the diagnostics of a run.
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
    /// The withheld words that were found, and in which files of the site.
    found: Mutex<BTreeMap<(Place, String), BTreeSet<SitePath>>>,
}

impl Search {
    /// Nothing where there is nothing to look for.
    fn new(words: Words) -> Option<Search> {
        if words.is_empty() {
            return None;
        }
        let search = |words: BTreeMap<String, Place>, folds: bool| {
            let words: Vec<(String, Place)> = words.into_iter().collect();
            let needles = words.iter().map(|(word, _)| word.as_bytes());
            let built = AhoCorasick::builder()
                .ascii_case_insensitive(folds)
                .build(needles);
            Some((built.ok()?, words))
        };
        Some(Search {
            folded: search(words.folded, true)?,
            exact: search(words.exact, false)?,
            found: Mutex::default(),
        })
    }

    fn look(&self, address: &SitePath, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        for read in [
            words(address.as_str()),
            words(&text),
            words(&untagged(&text)),
        ] {
            for (finder, withheld) in [&self.folded, &self.exact] {
                for hit in finder.find_overlapping_iter(&read) {
                    let (word, place) = &withheld[hit.pattern().as_usize()];
                    let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
                    let files = found.entry((place.clone(), word.clone())).or_default();
                    files.insert(address.clone());
                }
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
        0 | 1 => format!("the site would hold withheld words, in `{first}`"),
        files => format!(
            "the site would hold withheld words, in `{first}` and {} more files",
            files - 1
        ),
    };
    Diagnostic::new(Code::WithheldWords, place, message)
        .label(format!("from here: `{word}`"))
        .hint("take the words out of the text that is published, or mark that passage too")
}

/// The text without what stands between angle brackets.
fn untagged(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        plain.push(' ');
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

/// The words of a text, one blank before and behind each.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (letter, length) = escape(rest).unwrap_or((letter, letter.len_utf8()));
        rest = &rest[length..];
        if letter.is_alphanumeric() {
            words.push(letter);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// What an entity or escape at the start of `text` stands for, and its length.
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
                None => ' ',
            };
            Some((letter, end + 1))
        }
        b'\\' => match text.as_bytes().get(1)? {
            b'u' => Some((code(text.get(2..6)?, 16)?, 6)),
            b'n' | b'r' | b't' => Some((' ', 2)),
            _ => None,
        },
        b'%' => {
            let letter = code(text.get(1..3)?, 16)?;
            letter.is_ascii().then_some((letter, 3))
        }
        _ => None,
    }
}
