//! With `autolink = true`, turns the first unmarked occurrence of a known name in each section into
//! a mention: the leftmost and longest match, whole words, never inside code, links or headings.
//!
//! A name next to another capitalized word is part of a longer name and not linked:
//! `the Washington Post`. Names are compared as [`PlainText`], because smart punctuation has
//! changed the quotes and dashes of the text.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::ids::Admitted;
use crate::model::{Actor, Body, Entity, Id, Item, Node, SiteParts, Tag, Target};
use crate::parse::{ActorFront, Autolink, Front};
use crate::text::{PlainText, is_whole_name, plain};

/// Creates the mentions of all actors that allow it. `language` is that of the book.
pub fn apply(parts: &mut SiteParts, admitted: &Admitted<'_>, language: &str) {
    let mut names: Vec<(String, Id<Actor>)> = Vec::new();
    for (doc, draft, _) in &admitted.docs {
        if let (crate::model::Doc::Actor(id), Front::Actor(front)) = (doc, &draft.front) {
            names.extend(names_of(front).into_iter().map(|name| (name, *id)));
        }
    }
    // A name that two actors share is not linked.
    names.sort_unstable();
    let shared: BTreeSet<String> = names
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1)
        .map(|pair| pair[0].0.clone())
        .collect();
    names.retain(|(name, _)| !shared.contains(name));
    names.dedup();
    let finder = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(names.iter().map(|(name, _)| name));
    let Ok(finder) = finder else {
        return;
    };
    let known = Known {
        actors: names.into_iter().map(|(_, actor)| actor).collect(),
        finder,
        // In languages that capitalize all nouns, a capital does not indicate a name.
        capitals_are_names: !matches!(language.split(['-', '_']).next(), Some("de" | "lb" | "gsw")),
    };
    for id in parts.briefings.ids() {
        let prose = &mut parts.briefings.get_mut(id).prose;
        prose.body = known.link(std::mem::replace(&mut prose.body, Body::empty()), None);
    }
    for id in parts.actors.ids() {
        let prose = &mut parts.actors.get_mut(id).prose;
        prose.body = known.link(std::mem::replace(&mut prose.body, Body::empty()), Some(id));
    }
}

/// Returns the names of an actor that can be linked; a single letter is excluded.
fn names_of(front: &ActorFront) -> Vec<String> {
    let name = front.name.iter().map(|(name, _)| name);
    let all = name.chain(front.aliases.iter().map(|(alias, _)| alias));
    let names: Vec<&String> = match &front.autolink {
        Autolink::All => all.collect(),
        Autolink::None => Vec::new(),
        Autolink::Names(names) => names.iter().collect(),
    };
    let names = names.into_iter().map(|name| plain(name).into_owned());
    names.filter(|name| name.chars().nth(1).is_some()).collect()
}

struct Known {
    /// The actor of each pattern.
    actors: Vec<Id<Actor>>,
    finder: AhoCorasick,
    capitals_are_names: bool,
}

impl Known {
    fn link(&self, body: Body<Target>, of: Option<Id<Actor>>) -> Body<Target> {
        let around = Around::of(&body);
        let mut items = Vec::with_capacity(body.items.len());
        let mut seen: BTreeSet<Id<Actor>> = of.into_iter().collect();
        let mut closed = 0;
        let mut open: Vec<bool> = Vec::new();
        for (index, item) in body.items.into_iter().enumerate() {
            match &item.node {
                Node::Start(tag) => {
                    if matches!(tag, Tag::Heading(_)) {
                        seen = of.into_iter().collect();
                    }
                    if let Tag::Mention(to) = tag
                        && let Target::Entity {
                            entity: Entity::Actor(id),
                            ..
                        } = **to
                    {
                        seen.insert(id);
                    }
                    let closes = matches!(
                        tag,
                        Tag::Heading(_)
                            | Tag::CodeBlock(_)
                            | Tag::HtmlBlock
                            | Tag::Link(_)
                            | Tag::Image(_)
                            | Tag::Mention(_)
                    );
                    open.push(closes);
                    closed += usize::from(closes);
                }
                Node::End => closed -= usize::from(open.pop().unwrap_or(false)),
                Node::Text(text) if closed == 0 => {
                    let start = around.starts[index];
                    let found = self.names(text, &around.text, start, &mut seen);
                    if !found.is_empty() {
                        split(text, &found, &item, &mut items);
                        continue;
                    }
                }
                Node::Text(_)
                | Node::Code(_)
                | Node::Html(_)
                | Node::SoftBreak
                | Node::HardBreak
                | Node::Rule
                | Node::Footnote(_)
                | Node::Task(_)
                | Node::Cite(_) => {}
            }
            items.push(item);
        }
        Body { items }
    }

    /// Returns the names in `text`, which begins at the byte `start` of `whole`, that are not yet
    /// `seen`.
    fn names(
        &self,
        text: &str,
        whole: &str,
        start: usize,
        seen: &mut BTreeSet<Id<Actor>>,
    ) -> Vec<(Range<usize>, Id<Actor>)> {
        let plain = PlainText::of(text);
        let mut found = Vec::new();
        for hit in self.finder.find_iter(plain.text.as_ref()) {
            let actor = self.actors[hit.pattern().as_usize()];
            if seen.contains(&actor) {
                continue;
            }
            let range = plain.origin(hit.range());
            let there = start + range.start..start + range.end;
            if is_whole_name(whole, &there) && !self.is_part_of_a_name(whole, &there) {
                seen.insert(actor);
                found.push((range, actor));
            }
        }
        found
    }

    /// True if the word before or after a name is capitalized for no other reason: it is not the
    /// first of a sentence, a title, a day or a known name.
    fn is_part_of_a_name(&self, text: &str, name: &Range<usize>) -> bool {
        let written = &text[name.clone()];
        let begins = written.starts_with(char::is_uppercase);
        let last_word = written.rsplit(char::is_whitespace).next().unwrap_or("");
        let ends = last_word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        // `APT28` is never part of another name.
        let is_distinct = !written.contains(' ') && written.contains(|c: char| c.is_ascii_digit());
        if !self.capitals_are_names || is_distinct {
            return false;
        }
        begins && self.follows_a_name(text, name.start)
            || ends && self.precedes_a_name(text, name.end)
    }

    fn follows_a_name(&self, text: &str, at: usize) -> bool {
        let Some(before) = text[..at].strip_suffix([' ', '\u{a0}', '-']) else {
            return false;
        };
        let start = before.rfind(|c: char| !is_of_name(c));
        let start = start.map_or(0, |at| {
            at + before[at..].chars().next().map_or(0, char::len_utf8)
        });
        let word = &before[start..];
        // `went to Paris. London` is two sentences, `J. London` is a name.
        let is_closed = word.ends_with("'s")
            || word.ends_with("’s")
            || word.ends_with('.') && word.chars().count() != 2;
        let opens_sentence = OPENERS.contains(&word) && begins_sentence(&before[..start]);
        word.starts_with(char::is_uppercase)
            && !is_closed
            && !TITLES.contains(&word)
            && !is_time(word)
            && !opens_sentence
            && !self.is_known(word)
    }

    fn precedes_a_name(&self, text: &str, at: usize) -> bool {
        let Some(after) = text[at..].strip_prefix([' ', '\u{a0}', '-']) else {
            return false;
        };
        let end = after.find(|c: char| !is_of_name(c)).unwrap_or(after.len());
        let word = &after[..end];
        word.starts_with(char::is_uppercase)
            && word != "I"
            && !TITLES.contains(&word)
            && !FORMS.contains(&word)
            && !is_time(word)
            && !self.is_known(word)
            && !self.begins_known(after)
    }

    /// True if the whole `word` is a known name.
    fn is_known(&self, word: &str) -> bool {
        let word = PlainText::of(word);
        let hit = self.finder.find(word.text.as_ref());
        hit.is_some_and(|hit| hit.range() == (0..word.text.len()))
    }

    /// True if `text` begins with a known name.
    fn begins_known(&self, text: &str) -> bool {
        // Limited, so that a paragraph is not searched to its end for each of its names.
        let end = text.char_indices().nth(80).map_or(text.len(), |(at, _)| at);
        let near = PlainText::of(&text[..end]);
        let hit = self.finder.find(near.text.as_ref());
        hit.is_some_and(|hit| hit.start() == 0 && is_whole_name(&near.text, &hit.range()))
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '&' | '.')
}

/// True if the text after `before` begins a sentence.
fn begins_sentence(before: &str) -> bool {
    let before = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
    let before = before.trim_end_matches(['"', '\'', '“', '‘', '«', '(', '[', '—', '–', '-', ' ']);
    before.is_empty() || before.ends_with(['.', '!', '?', '…', ':', ';', '\n', '”', '"', ')'])
}

fn is_time(word: &str) -> bool {
    const TIMES: &[&str] = &[
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    TIMES.contains(&word)
}

/// Titles and job names before or after a name.
const TITLES: &[&str] = &[
    "President",
    "Prime",
    "Minister",
    "Chancellor",
    "Secretary",
    "Ambassador",
    "Senator",
    "General",
    "Colonel",
    "Major",
    "Captain",
    "Admiral",
    "Professor",
    "Dr",
    "Dr.",
    "Mr",
    "Mr.",
    "Mrs",
    "Mrs.",
    "Ms",
    "Ms.",
    "Sir",
    "Judge",
    "Justice",
    "Chief",
    "Director",
    "King",
    "Queen",
    "Prince",
    "Princess",
    "Pope",
    "Governor",
    "Mayor",
    "Commissioner",
    "Spokesman",
    "Spokeswoman",
];
/// Legal forms of companies.
const FORMS: &[&str] = &[
    "Inc",
    "Inc.",
    "Corp",
    "Corp.",
    "Corporation",
    "Ltd",
    "Ltd.",
    "Limited",
    "LLC",
    "PLC",
    "AG",
    "GmbH",
    "SA",
    "Co",
    "Co.",
];
/// Words that begin a sentence more often than a name: `Then Brennia spoke`.
const OPENERS: &[&str] = &[
    "A",
    "About",
    "According",
    "After",
    "Again",
    "Against",
    "All",
    "Also",
    "Although",
    "Among",
    "An",
    "And",
    "As",
    "Asked",
    "At",
    "Because",
    "Before",
    "Behind",
    "Besides",
    "Between",
    "Both",
    "But",
    "By",
    "Can",
    "Did",
    "Do",
    "Does",
    "During",
    "Each",
    "Earlier",
    "Either",
    "Even",
    "Every",
    "For",
    "Former",
    "From",
    "Has",
    "Have",
    "Here",
    "How",
    "However",
    "If",
    "In",
    "Inside",
    "Instead",
    "Is",
    "It",
    "Its",
    "Last",
    "Later",
    "Like",
    "Meanwhile",
    "Most",
    "Much",
    "Near",
    "Neither",
    "Next",
    "No",
    "Nor",
    "Not",
    "Now",
    "Of",
    "On",
    "Once",
    "One",
    "Only",
    "Or",
    "Other",
    "Our",
    "Outside",
    "Over",
    "Perhaps",
    "Since",
    "So",
    "Some",
    "Soon",
    "Still",
    "Such",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "These",
    "They",
    "This",
    "Though",
    "Through",
    "Thus",
    "To",
    "Today",
    "Together",
    "Too",
    "Two",
    "Under",
    "Unlike",
    "Until",
    "Was",
    "Were",
    "What",
    "When",
    "Where",
    "Whereas",
    "Whether",
    "Which",
    "While",
    "Who",
    "Why",
    "Will",
    "With",
    "Within",
    "Without",
    "Would",
    "Yesterday",
    "Yet",
    "Accusing",
    "Citing",
    "Following",
    "Officially",
    "Publicly",
    "Privately",
];

/// The concatenated words of a body, so that the neighbors of a name are found across emphasis and
/// marks.
struct Around {
    text: String,
    /// The start of each item's words.
    starts: Vec<usize>,
}

impl Around {
    fn of(body: &Body<Target>) -> Around {
        let mut around = Around {
            text: String::new(),
            starts: Vec::with_capacity(body.items.len()),
        };
        for item in &body.items {
            around.starts.push(around.text.len());
            match &item.node {
                Node::Text(text) | Node::Code(text) => around.text.push_str(text),
                Node::SoftBreak => around.text.push(' '),
                Node::Start(tag) if tag.is_block() => around.text.push('\n'),
                Node::HardBreak | Node::Rule => around.text.push('\n'),
                Node::Start(_)
                | Node::End
                | Node::Html(_)
                | Node::Footnote(_)
                | Node::Task(_)
                | Node::Cite(_) => {}
            }
        }
        around
    }
}

/// Splits `text` into `items`, with mentions for the names found in it.
fn split(
    text: &str,
    found: &[(Range<usize>, Id<Actor>)],
    item: &Item<Target>,
    items: &mut Vec<Item<Target>>,
) {
    let mut from = 0;
    let mut push = |node| {
        items.push(Item {
            node,
            span: item.span,
        });
    };
    for (range, actor) in found {
        if range.start > from {
            push(Node::Text(text[from..range.start].into()));
        }
        let entity = Entity::Actor(*actor);
        let to = Target::Entity {
            entity,
            fragment: None,
        };
        push(Node::Start(Tag::Mention(Box::new(to))));
        push(Node::Text(text[range.clone()].into()));
        push(Node::End);
        from = range.end;
    }
    if from < text.len() {
        push(Node::Text(text[from..].into()));
    }
}
