//! Suggestions for unknown names.
//!
//! A hint contains an id that can be typed, followed by the name. It never suggests the document of
//! another party.

use super::names::{CHOICES, Names};
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::Entity;
use crate::parse::{How, Name, NameKind};
use crate::text::{Place, SourceMap, fold, name_key, slips};

impl Names<'_> {
    pub(super) fn unknown(&self, place: Place, name: &Name, kind: Option<NameKind>) -> Diagnostic {
        let (code, what) = match kind {
            Some(NameKind::Actor) => (Code::UnknownActor, "actor"),
            Some(NameKind::Claim) => (Code::UnknownClaim, "claim"),
            Some(NameKind::Source) => (Code::UnknownSource, "source"),
            Some(NameKind::Page) => (Code::UnknownPage, "page"),
            None => (Code::UnknownPage, "name"),
        };
        if self.withheld.contains(&name_key(&name.text)) {
            return names_withheld(place, what, &name.text);
        }
        let told = Diagnostic::new(
            code,
            place.clone(),
            format!("unknown {what} `{}`", name.text),
        )
        .label(format!("no {what} has this id, name or alias"));
        if let Some(list) = self.as_list(name, kind) {
            return told
                .hint(format!("write `{list}`, with commas between names"))
                .fix(Fix::replace(place, list));
        }
        let meant = self.nearest_to(name, kind);
        if !meant.is_empty() {
            let typed = |entity: &Entity| self.typed(name, *entity, kind);
            let listed = meant
                .iter()
                .map(|entity| self.described(*entity, &typed(entity)));
            let listed: Vec<String> = listed.collect();
            // The place is longer than the name if that is quoted or escaped.
            let is_exact = place.span.range().len() == written_length(name);
            let told = told.hint(format!("did you mean {}?", listed.join(" or ")));
            let fixes = meant.iter().filter(|_| is_exact);
            return fixes
                .map(|entity| Fix::replace(place.clone(), replacing(name, &typed(entity))))
                .fold(told, Diagnostic::fix);
        }
        told.hint(match kind {
            Some(NameKind::Actor) => format!(
                "create a file `actors/{}.md` with `name:`",
                hint_id(&name.text)
            ),
            Some(NameKind::Claim) => {
                format!("state the claim with `claim:{}`", hint_id(&name.text))
            }
            Some(NameKind::Source) => format!(
                "create a file `sources/{}.md` with `title:`",
                hint_id(&name.text)
            ),
            Some(NameKind::Page) | None => {
                "write the id, name or alias of an actor, claim, source or briefing".to_string()
            }
        })
    }

    /// Returns the names with commas between them, if each word is the name of one actor.
    fn as_list(&self, name: &Name, kind: Option<NameKind>) -> Option<String> {
        let words: Vec<&str> = name.text.split_whitespace().collect();
        let is_actor = |word: &&str| self.all(word, kind).0.len() == 1;
        let is_list = kind == Some(NameKind::Actor)
            && name.how == How::Bare
            && words.len() > 1
            && words.iter().all(is_actor);
        is_list.then(|| words.join(","))
    }

    /// Returns the nearest known names for an unknown one; several if they are equally near.
    fn nearest_to(&self, name: &Name, kind: Option<NameKind>) -> Vec<Entity> {
        if !self.guess.is_possible() {
            return Vec::new();
        }
        let near = self.guess.all_nearest(&name.text, self.meant(kind));
        let mut meant: Vec<Entity> = Vec::new();
        for key in near {
            for entity in self.all(key, kind).0 {
                // For a typo in the key of a source, the document of another party must not be
                // suggested.
                let is_slip = match entity {
                    Entity::Source(_) => is_slip_of_key(&name.text, key),
                    Entity::Actor(_) => !is_other_acronym(&name.text, key),
                    Entity::Claim(_) | Entity::Briefing(_) => true,
                };
                if is_slip && !meant.contains(&entity) && self.shown.contains_key(&entity) {
                    meant.push(entity);
                }
            }
        }
        meant.truncate(CHOICES);
        meant
    }

    /// Returns an id for `entity` that can replace `name`.
    fn typed(&self, name: &Name, entity: Entity, kind: Option<NameKind>) -> String {
        let (id, _) = &self.shown[&entity];
        let is_mention = matches!(name.how, How::Mention { kind: None, .. });
        match self.all(id, kind).0.as_slice() {
            [_] => id.clone(),
            _ if is_mention => self.prefixed(entity),
            _ => id.clone(),
        }
    }

    pub(super) fn prefixed(&self, entity: Entity) -> String {
        let kind = match entity {
            Entity::Actor(_) => "actor",
            Entity::Claim(_) => "claim",
            Entity::Source(_) => "source",
            Entity::Briefing(_) => "page",
        };
        format!("{kind}:{}", self.shown[&entity].0)
    }

    /// Returns what to type for an entity, followed by its name or title if that adds information.
    fn described(&self, entity: Entity, typed: &str) -> String {
        let (id, name) = &self.shown[&entity];
        if name.is_empty() || fold(name) == fold(id) {
            format!("`{typed}`")
        } else {
            format!("`{typed}` ({name})")
        }
    }

    /// Returns the actor whose id, name or alias differs by one typo from a name that is not an
    /// actor's.
    pub fn almost_actor(&self, map: &SourceMap, name: &Name) -> Option<Diagnostic> {
        let text = fold(&name.text);
        let is_near = |key: &&str| {
            let apart = key.len().abs_diff(text.len());
            let is_same = |a: Option<&u8>, b: Option<&u8>| {
                a.zip(b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            };
            let (a, b) = (key.as_bytes(), text.as_bytes());
            let alike = is_same(a.first(), b.first()) || is_same(a.last(), b.last());
            apart < 2 && alike && slips(key, &text) == 1
        };
        if text.len() < 4 {
            return None;
        }
        let key = self.meant(Some(NameKind::Actor)).find(is_near)?;
        let (found, _) = self.all(key, Some(NameKind::Actor));
        let entity = *found.first()?;
        let (id, _) = self.shown.get(&entity)?;
        let place = map.place(name.span);
        Some(super::entities::almost_an_actor(
            place,
            name,
            id,
            &self.described(entity, id),
        ))
    }
}

fn names_withheld(place: Place, what: &str, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WithheldWords,
        place,
        format!("mention of the withheld {what} `{name}`"),
    )
    .label("its TLP level is above the book's ceiling")
    .hint("mark this passage with the same `tlp`, or remove the name")
}

/// Returns the length of a name in the source, in bytes.
fn written_length(name: &Name) -> usize {
    replacing(name, &name.text).len()
}

/// Returns the replacement for `name` with `text`: a mention keeps its prefix and fragment.
fn replacing(name: &Name, text: &str) -> String {
    let prefix = match name.how {
        How::Mention {
            kind: Some(kind), ..
        } => match kind {
            NameKind::Actor => "actor:",
            NameKind::Claim => "claim:",
            NameKind::Source => "source:",
            NameKind::Page => "page:",
        },
        How::Mention { kind: None, .. }
        | How::Link
        | How::Image
        | How::Embed
        | How::Cite
        | How::Bare => "",
    };
    let fragment = name.fragment.as_deref().map(|it| format!("#{it}"));
    format!("{prefix}{text}{}", fragment.unwrap_or_default())
}

/// True if `written` is a typo of `key`, and not the key of another document: short words and
/// numbers, which distinguish parties and years, must be equal.
fn is_slip_of_key(written: &str, key: &str) -> bool {
    let bare = |text: &str| -> String {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    if bare(written) == bare(key) {
        return true;
    }
    let (written, key) = (parts_of_key(written), parts_of_key(key));
    let is_same = |(a, b): (&String, &String)| {
        let is_number = b.starts_with(|c: char| c.is_ascii_digit());
        let apart = if a == b { 0 } else { slips(a, b) };
        match (is_number, b.chars().count()) {
            (true, length) => apart == 0 || (apart == 1 && a.chars().count() != length),
            (false, 0..4) => apart == 0,
            (false, 4..8) => apart <= 1,
            (false, _) => apart <= 2,
        }
    };
    written.len() == key.len() && written.iter().zip(&key).all(is_same)
}

/// True if two ids differ in more than one letter of a short word: `rus-mod` and `rus-mfa` are two
/// ministries and no typo.
fn is_other_acronym(written: &str, key: &str) -> bool {
    let (written, key) = (parts_of_key(written), parts_of_key(key));
    let is_other = |(a, b): (&String, &String)| b.chars().count() < 4 && slips(a, b) > 1;
    written.len() == key.len() && key.len() > 1 && written.iter().zip(&key).any(is_other)
}

/// Returns the words and numbers of a key.
fn parts_of_key(key: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in key.chars() {
        let goes_on = before.is_alphanumeric() && before.is_ascii_digit() == c.is_ascii_digit();
        if c.is_alphanumeric() {
            match parts.last_mut().filter(|_| goes_on) {
                Some(last) => last.push(c),
                None => parts.push(c.to_string()),
            }
        }
        before = c;
    }
    parts
}

fn hint_id(text: &str) -> String {
    let id = crate::text::slug(text);
    if id.is_empty() { "ID".into() } else { id }
}

pub(super) fn unknown_event(place: Place, id: &str, near: Option<&str>) -> Diagnostic {
    let told = Diagnostic::new(
        Code::UnknownPage,
        place.clone(),
        format!("unknown event `{id}`"),
    )
    .label("no mark defines this event");
    match near {
        Some(near) => told
            .hint(format!("did you mean `{near}`?"))
            .fix(Fix::replace(place, near)),
        None => told.hint(format!(
            "add a mark for the event: `[what happened](event:{id} \"on=DATE\")`"
        )),
    }
}
