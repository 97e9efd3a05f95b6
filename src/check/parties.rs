//! Checks spokespersons and joint statements.

use std::collections::{BTreeMap, BTreeSet};

use super::{first_written, listed, place};
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Doc, Id, MarkNo, Position, Site};
use crate::text::Place;

/// Checks the spokespersons and joint statements of all marks.
pub(super) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    voices(site, found);
    lone_joints(site, found);
    shared_names(site, found);
}

/// Reports spokespersons who speak for none of the parties of their mark, once per mark.
fn voices(site: &Site, found: &mut Vec<Diagnostic>) {
    let mut spoke: BTreeMap<(Doc, MarkNo), Vec<&Position>> = BTreeMap::new();
    for (_, claim) in site.claims().iter() {
        for position in claim.positions.iter().filter(|it| it.voice.is_some()) {
            let key = (position.doc, position.mark);
            spoke.entry(key).or_default().push(position);
        }
    }
    for positions in spoke.values() {
        let Some((first, voice)) = positions.first().and_then(|it| Some((*it, it.voice?))) else {
            continue;
        };
        let reached = spoken_for(site, voice);
        if !positions
            .iter()
            .any(|position| reached.contains(&position.by))
        {
            found.push(voice_of_another(site, first, voice));
        }
    }
}

/// Returns the actors that an actor can speak for: itself, those that it is part of, a member of or
/// speaks for, and those that these are part of.
fn spoken_for(site: &Site, actor: Id<Actor>) -> BTreeSet<Id<Actor>> {
    let mut reached = BTreeSet::new();
    let mut open = vec![actor];
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            let actor = &site.actors()[next];
            open.extend(actor.part_of);
            open.extend(&actor.member_of);
            open.extend(&actor.speaks_for);
        }
    }
    reached
}

/// Reports `joint` words that only one party uses.
fn lone_joints(site: &Site, found: &mut Vec<Diagnostic>) {
    let mut tags: BTreeMap<&str, (BTreeSet<Id<Actor>>, Vec<&Position>)> = BTreeMap::new();
    for (_, claim) in site.claims().iter() {
        for position in &claim.positions {
            if let Some(tag) = &position.joint {
                let (parties, positions) = tags.entry(tag).or_default();
                parties.insert(position.by);
                positions.push(position);
            }
        }
    }
    for (tag, (parties, positions)) in tags {
        if parties.len() == 1
            && let Some(first) = first_written(positions)
        {
            let by = &site.actors()[first.by].id;
            found.push(lone_joint(place(first), tag, by));
        }
    }
}

/// Reports names and aliases that several actors have.
fn shared_names(site: &Site, found: &mut Vec<Diagnostic>) {
    let mut owners: BTreeMap<String, Vec<Id<Actor>>> = BTreeMap::new();
    for (id, actor) in site.actors().iter().filter(|(_, actor)| !actor.is_unnamed) {
        let namings = actor.named_by.iter().map(|naming| &naming.alias);
        let names = std::iter::once(&actor.name)
            .chain(&actor.aliases)
            .chain(namings);
        for name in names {
            let owners = owners.entry(crate::text::fold(name)).or_default();
            if owners.last() != Some(&id) {
                owners.push(id);
            }
        }
    }
    let mut shared: BTreeMap<Vec<Id<Actor>>, Vec<String>> = BTreeMap::new();
    for (name, owners) in owners.into_iter().filter(|(_, owners)| owners.len() > 1) {
        shared.entry(owners).or_default().push(name);
    }
    for (owners, names) in shared {
        let ids = || owners.iter().map(|id| site.actors()[*id].id.as_str());
        let [first, second, ..] = owners.as_slice() else {
            continue;
        };
        let other = &site.actors()[*first].place;
        let place = site.actors()[*second].place.clone();
        found.push(shared_name(place, &names, listed(ids()), other.clone()));
    }
}

fn voice_of_another(site: &Site, position: &Position, voice: Id<Actor>) -> Diagnostic {
    let (by, voice) = (&site.actors()[position.by], &site.actors()[voice]);
    let (party, file) = (&by.id, voice.place.document());
    Diagnostic::new(
        Code::VoiceOfAnother,
        place(position),
        format!("`{}` is neither part nor spokesperson of `{party}`", voice.id),
    )
    .label(format!("shown as a statement of {} by {}", by.name, voice.name))
    .hint(format!(
        "set `by=` to the party of {}, or write `part-of: {party}` or `speaks-for: {party}` in `{file}`",
        voice.name
    ))
}

fn lone_joint(place: Place, tag: &str, by: &str) -> Diagnostic {
    Diagnostic::new(
        Code::LoneJoint,
        place,
        format!("only `{by}` uses the joint tag `{tag}`"),
    )
    .label("a joint statement has at least two parties")
    .hint(format!(
        "write `joint={tag}` in the marks of the other parties, or delete it"
    ))
}

fn shared_name(place: Place, names: &[String], ids: String, other: Place) -> Diagnostic {
    let names = listed(names.iter().map(String::as_str));
    Diagnostic::new(
        Code::SharedName,
        place,
        format!("{ids} share the name {names}"),
    )
    .label("a mention by this name would be ambiguous")
    .other(other, "the first actor with this name")
    .hint("delete the name from the `name` or `aliases` of one of them, or merge the two files")
}
