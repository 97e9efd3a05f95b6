//! With `autolink = true` the first unmarked occurrence of a known name in a section becomes a
//! mention: leftmost and longest, whole words, never inside code, links or headings.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};

use super::admit::Admitted;
use crate::model::{Actor, Body, Entity, Id, Item, Node, SiteParts, Tag, Target};
use crate::parse::{ActorFront, Front};
use crate::text::Span;

/// Makes mentions of the names of all actors that allow it.
pub fn apply(parts: &mut SiteParts, admitted: &Admitted<'_>) {
    let mut names: Vec<(&str, Id<Actor>)> = Vec::new();
    for (doc, draft, _) in &admitted.docs {
        if let (crate::model::Doc::Actor(id), Front::Actor(front)) = (doc, &draft.front)
            && front.autolink != Some(false)
        {
            names.extend(names_of(front).map(|name| (name, *id)));
        }
    }
    // A name that two actors share says nothing.
    names.sort_unstable();
    let shared: BTreeSet<&str> = names
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1)
        .map(|pair| pair[0].0)
        .collect();
    names.retain(|(name, _)| !shared.contains(name));
    names.dedup();
    let finder = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(names.iter().map(|(name, _)| name));
    let Ok(finder) = finder else {
        return;
    };
    let known = Known { names, finder };
    for id in parts.briefings.ids() {
        let prose = &mut parts.briefings.get_mut(id).prose;
        prose.body = known.link(std::mem::replace(&mut prose.body, Body::empty()), None);
    }
    for id in parts.actors.ids() {
        let prose = &mut parts.actors.get_mut(id).prose;
        prose.body = known.link(std::mem::replace(&mut prose.body, Body::empty()), Some(id));
    }
}

/// The names that an actor is found by; one letter alone is no name.
fn names_of(front: &ActorFront) -> impl Iterator<Item = &str> {
    let name = front.name.iter().map(|(name, _)| name.as_str());
    let aliases = front.aliases.iter().map(|(alias, _)| alias.as_str());
    name.chain(aliases).filter(|name| name.chars().count() > 1)
}

struct Known<'a> {
    names: Vec<(&'a str, Id<Actor>)>,
    finder: AhoCorasick,
}

impl Known<'_> {
    fn link(&self, body: Body<Target>, of: Option<Id<Actor>>) -> Body<Target> {
        let mut items = Vec::with_capacity(body.items.len());
        let mut seen: BTreeSet<Id<Actor>> = of.into_iter().collect();
        let mut closed = 0;
        let mut open: Vec<bool> = Vec::new();
        for item in body.items {
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
                    self.split(text, item.span, &mut seen, &mut items);
                    continue;
                }
                _ => {}
            }
            items.push(item);
        }
        Body { items }
    }

    fn split(
        &self,
        text: &str,
        span: Span,
        seen: &mut BTreeSet<Id<Actor>>,
        items: &mut Vec<Item<Target>>,
    ) {
        let mut from = 0;
        let mut push = |node| items.push(Item { node, span });
        for found in self.finder.find_iter(text) {
            let actor = self.names[found.pattern().as_usize()].1;
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let before = text[..found.start()].chars().next_back();
            let after = text[found.end()..].chars().next();
            if before.is_some_and(is_word) || after.is_some_and(is_word) || !seen.insert(actor) {
                continue;
            }
            if found.start() > from {
                push(Node::Text(text[from..found.start()].into()));
            }
            let entity = Entity::Actor(actor);
            let to = Target::Entity {
                entity,
                fragment: None,
            };
            push(Node::Start(Tag::Mention(Box::new(to))));
            push(Node::Text(text[found.range()].into()));
            push(Node::End);
            from = found.end();
        }
        if from < text.len() {
            push(Node::Text(text[from..].into()));
        }
    }
}
