//! Reports ids and claim texts that are so similar that they may be meant to be the same.
//!
//! It does not compare all pairs: ids are grouped by what remains without one letter, texts by
//! their rarest words.

use std::collections::{HashMap, HashSet};

use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Claim, Id, Site, Source};
use crate::text::{Place, fold, name_key};

/// The minimum length of an id; shorter ones are all similar.
const SHORTEST_ID: usize = 5;
/// The minimum length of a text in words; shorter ones are reported only if they are equal.
const SHORTEST_TEXT: usize = 6;
/// The number of words of a text that are compared.
const LONGEST_TEXT: usize = 80;
/// The maximum number of texts that a text is compared with, the latest ones for each rare word
/// first.
const BUCKET: usize = 64;

/// Reports every pair of similar ids or texts.
pub(super) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    let actors = site.actors().iter().filter(|(_, actor)| !actor.is_unnamed);
    let actors: Vec<_> = actors.map(|(_, a)| (a.id.as_str(), &a.place)).collect();
    let claims = site.claims().iter();
    let claims: Vec<_> = claims.map(|(_, c)| (c.id.as_str(), &c.place)).collect();
    let sources = site.sources().iter();
    let sources: Vec<_> = sources.map(|(_, s)| (s.id.as_str(), &s.place)).collect();
    let claim_ids: Vec<Id<Claim>> = site.claims().iter().map(|(id, _)| id).collect();
    let source_ids: Vec<Id<Source>> = site.sources().iter().map(|(id, _)| id).collect();
    let mut reported: HashSet<(Id<Claim>, Id<Claim>)> = HashSet::new();
    // Actors and sources need a file, so a typo in a mark is an error already, and `us-doj` and
    // `us-dod` are different on purpose. A typo in the id of a claim creates a new claim.
    for (one, other) in near_ids(&actors, |a, b| {
        is_slip(actors[a].0, actors[b].0, Acronyms::Differ)
    }) {
        found.push(near_duplicate_ids("actors", actors[one], actors[other]));
    }
    let is_source_slip = |a: usize, b: usize| {
        is_slip(sources[a].0, sources[b].0, Acronyms::Differ)
            && may_be_one_source(
                &site.sources()[source_ids[a]],
                &site.sources()[source_ids[b]],
            )
    };
    for (one, other) in near_ids(&sources, is_source_slip) {
        found.push(near_duplicate_ids("sources", sources[one], sources[other]));
    }
    let is_claim_slip = |a: usize, b: usize| {
        is_slip(claims[a].0, claims[b].0, Acronyms::AreWords)
            && !accuse_others(&site.claims()[claim_ids[a]], &site.claims()[claim_ids[b]])
    };
    for (one, other) in near_ids(&claims, is_claim_slip) {
        reported.insert((claim_ids[one], claim_ids[other]));
        found.push(near_duplicate_ids("claims", claims[one], claims[other]));
    }
    for (one, other) in near_texts(site) {
        // The pair was already reported for its similar ids.
        if reported.contains(&(one, other)) || reported.contains(&(other, one)) {
            continue;
        }
        found.push(near_duplicate_texts(
            &site.claims()[one],
            &site.claims()[other],
        ));
    }
}

/// True if both claims have accused, and different ones: `BITTER downloaded it`,
/// `APT37 downloaded it`.
fn accuse_others(a: &Claim, b: &Claim) -> bool {
    let differ = |one: &[Id<Actor>], other: &[Id<Actor>]| {
        let set = |ids: &[Id<Actor>]| ids.iter().copied().collect::<HashSet<_>>();
        !one.is_empty() && !other.is_empty() && set(one) != set(other)
    };
    differ(&a.against, &b.against) || differ(&a.about, &b.about)
}

/// True if two documents with similar keys may be the same. Keys of bibliographies are made of
/// names and years and often differ by one letter, so the title or the authors must agree, too.
fn may_be_one_source(a: &Source, b: &Source) -> bool {
    let is_file = |source: &Source| source.place.document().as_str().ends_with(".md");
    let title = |source: &Source| words(&source.title);
    let authors = |source: &Source| {
        let literal = source.literal_authors.iter().map(|author| name_key(author));
        (source.authors.clone(), literal.collect::<Vec<_>>())
    };
    let has_authors = !a.authors.is_empty() || !a.literal_authors.is_empty();
    is_file(a) && is_file(b)
        || title(a) == title(b)
        || is_nearly(&title(a), &title(b))
        || has_authors && authors(a) == authors(b) && a.date == b.date
}

/// Whether short words that differ by a letter count as intentionally different.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Acronyms {
    Differ,
    AreWords,
}

fn near_duplicate_ids(kind: &str, first: (&str, &Place), second: (&str, &Place)) -> Diagnostic {
    Diagnostic::new(
        Code::NearDuplicate,
        second.1.clone(),
        format!(
            "{kind} `{}` and `{}` differ by one letter",
            first.0, second.0
        ),
    )
    .label(format!("`{}`", second.0))
    .other(first.1.clone(), format!("`{}`", first.0))
    .hint(format!(
        "write `{}` in both places if they are the same, otherwise give one a more different id",
        first.0
    ))
}

fn near_duplicate_texts(first: &Claim, second: &Claim) -> Diagnostic {
    Diagnostic::new(
        Code::NearDuplicate,
        second.place.clone(),
        format!(
            "claims `{}` and `{}` have nearly the same text",
            first.id, second.id
        ),
    )
    .label(format!("`{}`", second.id))
    .other(first.place.clone(), format!("`{}`", first.id))
    .hint(format!(
        "mark both as `{}` if they are the same claim; otherwise state the difference in the \
         texts, or relate them with `part=`, `supports=` or `contradicts=`",
        first.id
    ))
}

/// Returns pairs of ids with one typo between them: each later one with the first similar one.
fn near_ids(ids: &[(&str, &Place)], is_near: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut buckets: HashMap<String, Vec<usize>> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, (id, _)) in ids.iter().enumerate() {
        let count = id.chars().count();
        if !(SHORTEST_ID..=64).contains(&count) {
            continue;
        }
        let shortened = id.char_indices().map(|(cut, c)| {
            let mut left = String::with_capacity(id.len());
            left.push_str(&id[..cut]);
            left.push_str(&id[cut + c.len_utf8()..]);
            left
        });
        let mut keys: Vec<String> = shortened.chain([(*id).to_owned()]).collect();
        keys.sort_unstable();
        keys.dedup();
        let near = keys
            .iter()
            .filter_map(|key| buckets.get(key))
            .flatten()
            .filter(|other| is_near(**other, at))
            .min();
        pairs.extend(near.map(|near| (*near, at)));
        for key in keys {
            buckets.entry(key).or_default().push(at);
        }
    }
    pairs
}

/// True if two ids differ by one typo (a letter changed, added or transposed), but not like the
/// members of a series: `flaw-1` and `flaw-2`, `smith-2021a` and `smith-2021b`.
fn is_slip(a: &str, b: &str, acronyms: Acronyms) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a[same..], &b[same..]);
    let tail = rest_a
        .iter()
        .rev()
        .zip(rest_b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let middle_a = &rest_a[..rest_a.len() - tail];
    let middle_b = &rest_b[..rest_b.len() - tail];
    let differs = || middle_a.iter().chain(middle_b);
    let is_one_letter = match (middle_a, middle_b) {
        ([_], [_]) | ([_], []) | ([], [_]) => true,
        ([x, y], [z, w]) => x == w && y == z,
        _ => false,
    };
    if !is_one_letter || differs().all(char::is_ascii_digit) {
        return false;
    }
    let is_joint = |c: &char| !c.is_alphanumeric();
    let ends_word = rest_a[middle_a.len()..].first().is_none_or(is_joint);
    let counts = same == 0 || is_joint(&a[same - 1]) || a[same - 1].is_ascii_digit();
    let is_series = ends_word && counts && middle_a.len() + middle_b.len() <= 2;
    let word_start = a[..same].iter().rposition(is_joint).map_or(0, |at| at + 1);
    let word_end = a[same..]
        .iter()
        .position(is_joint)
        .map_or(a.len(), |at| same + at);
    let is_acronym = acronyms == Acronyms::Differ
        && middle_a.len() == 1
        && middle_b.len() == 1
        && word_end - word_start <= 4;
    !is_series && !is_acronym
}

/// The text of a claim, for comparison.
struct Words {
    claim: Id<Claim>,
    /// Case-folded, without punctuation, in order.
    words: Vec<String>,
}

/// Returns pairs of claims with equal or similar texts: each later one with an earlier one.
fn near_texts(site: &Site) -> Vec<(Id<Claim>, Id<Claim>)> {
    let texts: Vec<Words> = site
        .claims()
        .iter()
        .map(|(claim, of)| Words {
            claim,
            words: words(&of.text),
        })
        .filter(|text| !text.words.is_empty())
        .collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for text in &texts {
        for word in text.words.iter().collect::<HashSet<_>>() {
            *count.entry(word).or_default() += 1;
        }
    }
    let mut equal: HashMap<&[String], usize> = HashMap::new();
    let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let rare = rarest(&text.words, &count);
        let twin = equal.get(text.words.as_slice()).copied().or_else(|| {
            rare.iter()
                .filter_map(|word| by_word.get(word))
                .flat_map(|bucket| bucket.iter().rev().copied())
                .take(BUCKET)
                .filter(|other| is_nearly(&texts[*other].words, &text.words))
                .min()
        });
        if let Some(twin) = twin
            && !are_tied(site, texts[twin].claim, text.claim)
            && !accuse_others(
                &site.claims()[texts[twin].claim],
                &site.claims()[text.claim],
            )
        {
            pairs.push((texts[twin].claim, text.claim));
        }
        equal.entry(&text.words).or_insert(at);
        for word in rare {
            by_word.entry(word).or_default().push(at);
        }
    }
    pairs
}

/// Returns the rarest words, as many as needed so that every similar text contains one of them: a
/// text without any of them differs by more than a tenth.
fn rarest<'a>(words: &'a [String], count: &HashMap<&str, usize>) -> Vec<&'a str> {
    if words.len() < SHORTEST_TEXT {
        return Vec::new();
    }
    let mut rare: Vec<&str> = words.iter().map(String::as_str).collect();
    rare.sort_unstable_by_key(|word| (count.get(word).copied().unwrap_or(0), *word));
    rare.truncate(words.len() - needed(words.len()) + 1);
    rare.dedup();
    rare
}

/// Returns how many words must be equal.
fn needed(words: usize) -> usize {
    (words * 9).div_ceil(10)
}

/// True if nine tenths of the words are equal and in the same order, and the differences contain no
/// number and no `not`, which make two claims intentionally different.
fn is_nearly(a: &[String], b: &[String]) -> bool {
    let longer = a.len().max(b.len());
    if a.len().min(b.len()) < needed(longer) || a.len().min(b.len()) < SHORTEST_TEXT {
        return false;
    }
    let differing = differing(a, b);
    // Common words are counted in both texts, the others in one.
    let shared = (a.len() + b.len() - differing.len()) / 2;
    let is_other = |word: &&str| is_number(word) || negates(word);
    shared >= needed(longer) && !differing.iter().any(is_other)
}

fn is_number(word: &str) -> bool {
    const NUMBERS: &[&str] = &[
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "hundred",
        "hundreds",
        "thousand",
        "thousands",
        "million",
        "millions",
        "billion",
        "billions",
        "dozen",
        "dozens",
        "half",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "last",
        "both",
        "all",
        "none",
        "some",
        "most",
    ];
    word.chars().any(char::is_numeric) || NUMBERS.contains(&word)
}

/// True if a word of a folded text is a negation. Apostrophes split words: `didn`, `t`.
fn negates(word: &str) -> bool {
    const NEGATIONS: &[&str] = &[
        "not", "no", "never", "neither", "nor", "none", "nothing", "nobody", "without", "cannot",
        "nowhere", "hardly", "barely", "t", "isn", "aren", "wasn", "weren", "hasn", "haven",
        "hadn", "don", "doesn", "didn", "won", "wouldn", "couldn", "shouldn", "denied", "denies",
        "failed", "fails", "refused", "refuses",
    ];
    NEGATIONS.contains(&word)
}

/// Returns the words of both texts that are not in their longest common subsequence.
fn differing<'a>(a: &'a [String], b: &'a [String]) -> Vec<&'a str> {
    // Similar texts have common starts and ends, which are skipped.
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let ends = a.iter().rev().zip(b.iter().rev());
    let same = ends.take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    let width = b.len() + 1;
    let mut shared = vec![0_usize; (a.len() + 1) * width];
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let below = (i + 1) * width + j;
            shared[i * width + j] = if x == y {
                shared[below + 1] + 1
            } else {
                shared[below].max(shared[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut differing = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == b.len()
            || i < a.len() && shared[(i + 1) * width + j] >= shared[i * width + j + 1]
        {
            differing.push(a[i].as_str());
            i += 1;
        } else {
            differing.push(b[j].as_str());
            j += 1;
        }
    }
    differing
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.take(LONGEST_TEXT).map(str::to_owned).collect()
}

/// True if the author has stated a relation between the two.
fn are_tied(site: &Site, a: Id<Claim>, b: Id<Claim>) -> bool {
    let names = |one: &Claim, other: Id<Claim>| {
        [&one.supports, &one.contradicts, &one.part]
            .into_iter()
            .any(|list| list.contains(&other))
    };
    names(&site.claims()[a], b) || names(&site.claims()[b], a)
}
