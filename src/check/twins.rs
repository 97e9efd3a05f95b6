//! Ids and claim texts so near to one another that they may be meant as one.
//!
//! Nothing is compared with everything: ids meet in buckets by what is left when one letter is
//! dropped, texts by their rarest words.

use std::collections::{HashMap, HashSet};

use crate::diag::{Code, Diagnostic};
use crate::model::{Claim, Id, Site};
use crate::text::{Place, fold};

/// Ids shorter than this are all near to one another.
const SHORTEST_ID: usize = 5;
/// Texts shorter than this, in words, are only asked about when they are equal.
const SHORTEST_TEXT: usize = 6;
/// The words of a text that are compared; more are left aside.
const LONGEST_TEXT: usize = 80;
/// How many others a text is held against at most, the latest for each rare word first.
const BUCKET: usize = 64;

/// Every pair of ids or texts that are nearly one.
pub(super) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    let actors = site.actors().iter().filter(|(_, actor)| !actor.is_unnamed);
    let actors: Vec<_> = actors.map(|(_, a)| (a.id.as_str(), &a.place)).collect();
    let claims = site.claims().iter();
    let claims: Vec<_> = claims.map(|(_, c)| (c.id.as_str(), &c.place)).collect();
    let sources = site.sources().iter();
    let sources: Vec<_> = sources.map(|(_, s)| (s.id.as_str(), &s.place)).collect();
    // Actors and sources exist by a file, so that a slip in a mark is an error already; `us-doj`
    // and `us-dod` are two on purpose. A slip in the id of a claim makes a new claim.
    for (kind, ids, acronyms) in [
        ("actors", &actors, Acronyms::Differ),
        ("sources", &sources, Acronyms::Differ),
        ("claims", &claims, Acronyms::AreWords),
    ] {
        for (one, other) in near_ids(ids, acronyms) {
            found.push(near_duplicate_ids(kind, ids[one], ids[other]));
        }
    }
    for (one, other) in near_texts(site) {
        found.push(near_duplicate_texts(
            &site.claims()[one],
            &site.claims()[other],
        ));
    }
}

/// Whether short words that differ by a letter are taken for different on purpose.
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
        "write `{}` in both places if one is meant, else give one a name that tells them apart",
        first.0
    ))
}

fn near_duplicate_texts(first: &Claim, second: &Claim) -> Diagnostic {
    Diagnostic::new(
        Code::NearDuplicate,
        second.place.clone(),
        format!("claims `{}` and `{}` say nearly the same", first.id, second.id),
    )
    .label(format!("`{}`", second.id))
    .other(first.place.clone(), format!("`{}`", first.id))
    .hint(format!(
        "mark both as `{}` if one claim is meant, else let the texts say what differs, or tie them by `part=`, `supports=` or `contradicts=`",
        first.id
    ))
}

/// Pairs of ids one slip apart: each later one with the first that it is near to.
fn near_ids(ids: &[(&str, &Place)], acronyms: Acronyms) -> Vec<(usize, usize)> {
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
            .filter(|other| is_slip(ids[**other].0, id, acronyms))
            .min();
        pairs.extend(near.map(|near| (*near, at)));
        for key in keys {
            buckets.entry(key).or_default().push(at);
        }
    }
    pairs
}

/// Whether two ids differ by one letter (changed, added, or two swapped) as by a slip, and not as
/// the members of a series do: `flaw-1` and `flaw-2`, `smith-2021a` and `smith-2021b`.
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

/// The text of a claim as it is compared.
struct Words {
    claim: Id<Claim>,
    /// Folded, without punctuation, in order.
    words: Vec<String>,
}

/// Pairs of claims that say the same or nearly: each later one with one that came before.
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

/// The words by one of which a near twin must be found: so many of the rarest that a text without
/// any of them lacks more than a tenth.
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

/// How many of so many words must be the same.
fn needed(words: usize) -> usize {
    (words * 9).div_ceil(10)
}

/// Whether nine tenths of the words are the same in the same order, and what differs is more than
/// a number or a `not`, by which one claim is told from another on purpose.
fn is_nearly(a: &[String], b: &[String]) -> bool {
    let longer = a.len().max(b.len());
    if a.len().min(b.len()) < needed(longer) || a.len().min(b.len()) < SHORTEST_TEXT {
        return false;
    }
    let differing = differing(a, b);
    // What is shared stands in both, what differs in one.
    let shared = (a.len() + b.len() - differing.len()) / 2;
    let is_number = |word: &&str| word.chars().any(|c| c.is_ascii_digit());
    let negates = |word: &&str| matches!(*word, "not" | "no" | "never" | "neither" | "without");
    let tells_apart = differing.iter().all(is_number) || differing.iter().any(negates);
    shared >= needed(longer) && !tells_apart
}

/// The words of either that are not in their longest common subsequence.
fn differing<'a>(a: &'a [String], b: &'a [String]) -> Vec<&'a str> {
    // Near twins share their beginnings and ends, and then there is little left to compare.
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
            shared[i * width + j] = match x == y {
                true => shared[below + 1] + 1,
                false => shared[below].max(shared[i * width + j + 1]),
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

/// Whether the author has told how the two hang together.
fn are_tied(site: &Site, a: Id<Claim>, b: Id<Claim>) -> bool {
    let names = |one: &Claim, other: Id<Claim>| {
        [&one.supports, &one.contradicts, &one.part]
            .into_iter()
            .any(|list| list.contains(&other))
    };
    names(&site.claims()[a], b) || names(&site.claims()[b], a)
}
