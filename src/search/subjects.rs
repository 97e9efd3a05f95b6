//! The subjects of the index: actors, tags, claims, sections of briefings, sources.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::passages::{self, Passage};
use crate::model::{Actor, Briefing, Claim, Id, PartialDate, Side, Site, Source};
use crate::page::{PageContext, stance_class};
use crate::text::{excerpt, isolated};

/// The maximum number of characters of a text that are shown, except for briefings.
const SHOWN: usize = 1_200;

/// The maximum number of other names of an actor that are shown.
const OTHER_NAMES: usize = 8;

/// The maximum number of parties whose words are shown for a claim.
const PARTIES: usize = 8;

/// The maximum number of characters of a party's words that are shown.
const QUOTED: usize = 160;

/// The kind of a subject, in the order in which entries are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Actor,
    Tag,
    Claim,
    Briefing,
    Source,
}

impl Kind {
    pub const ALL: [Kind; 5] = [
        Kind::Actor,
        Kind::Tag,
        Kind::Claim,
        Kind::Briefing,
        Kind::Source,
    ];
}

/// The relation of a word to its entry, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The word is a whole name.
    Name,
    /// The word begins a name.
    First,
    /// The word is part of a name.
    OfName,
    /// The word is part of a title, a heading or the text of a claim.
    Title,
    /// The word is a party, a date or a kind.
    Attribute,
}

/// The first and the last possible day, written `20210719`.
pub type Days = (u32, u32);

/// A page, and everything that can be found on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    pub days: Option<Days>,
    pub entries: Vec<Entry>,
}

/// A result.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entry {
    /// Relative to the root of the site.
    pub href: String,
    pub title: String,
    /// The subtitle.
    pub about: String,
    /// The text for the excerpt.
    pub text: String,
    /// Words that are indexed but not shown.
    pub more: String,
    /// The status of a claim.
    pub standing: Option<Standing>,
    pub names: Vec<(Class, String)>,
    /// The filters that the entry matches.
    pub keys: BTreeSet<String>,
}

/// The status of a claim, for results.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub signature: String,
    pub signature_words: String,
    pub status: String,
    /// The class for its underline.
    pub line: &'static str,
}

/// A reference to a subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    Actor(Id<Actor>),
    /// The slug of the tag.
    Tag(String),
    Claim(Id<Claim>),
    Briefing(Id<Briefing>),
    Source(Id<Source>),
}

impl Which {
    pub fn kind(&self) -> Kind {
        match self {
            Which::Actor(_) => Kind::Actor,
            Which::Tag(_) => Kind::Tag,
            Which::Claim(_) => Kind::Claim,
            Which::Briefing(_) => Kind::Briefing,
            Which::Source(_) => Kind::Source,
        }
    }
}

/// Returns all subjects. Actors and tags with the most mentions are first, all others are sorted
/// from new to old, because equal results are shown in this order.
pub fn all(at: &PageContext<'_>) -> Vec<Which> {
    let site = at.site;
    let mut actors: Vec<_> = site
        .actors()
        .iter()
        .filter(|(_, actor)| !actor.is_unnamed)
        .map(|(id, _)| (std::cmp::Reverse(weight(at, id)), Which::Actor(id)))
        .collect();
    actors.sort();
    let tags = at.facts.tags.iter().map(|(slug, tagged)| {
        let count = tagged.briefings.len() + tagged.claims.len();
        (std::cmp::Reverse(count), Which::Tag(slug.clone()))
    });
    let mut tags: Vec<_> = tags.collect();
    tags.sort();
    let known = actors.into_iter().chain(tags).map(|(_, which)| which);
    let claims = site
        .claims()
        .ids()
        .map(|id| (day_of_claim(at, id), Which::Claim(id)));
    let briefings = site
        .briefings()
        .iter()
        .filter(|(id, _)| Some(*id) != site.not_found())
        .map(|(id, briefing)| (briefing.date, Which::Briefing(id)));
    let sources = site
        .sources()
        .iter()
        .map(|(id, source)| (source.date, Which::Source(id)));
    let mut dated: Vec<_> = claims
        .chain(briefings)
        .chain(sources)
        .map(|(date, which)| ((which.kind(), std::cmp::Reverse(days(date))), which))
        .collect();
    dated.sort();
    known
        .chain(dated.into_iter().map(|(_, which)| which))
        .collect()
}

/// Returns the number of statements by and about an actor.
fn weight(at: &PageContext<'_>, id: Id<Actor>) -> usize {
    let facts = at.facts.actor(id);
    facts.mentions.len() + facts.says.len() + facts.accused_in.len()
}

fn day_of_claim(at: &PageContext<'_>, id: Id<Claim>) -> Option<PartialDate> {
    let first = at.standing(id).first_on;
    first.or_else(|| at.site.claims()[id].positions.iter().find_map(|it| it.on))
}

fn days(date: Option<PartialDate>) -> Option<Days> {
    let number = |day: jiff::civil::Date| {
        let year = u32::try_from(day.year()).unwrap_or(0);
        year * 10_000 + day.month() as u32 * 100 + day.day() as u32
    };
    date.map(|date| (number(date.first_day()), number(date.last_day())))
}

/// Returns the entries of one subject.
pub fn subject(at: &PageContext<'_>, which: &Which) -> Subject {
    match which {
        Which::Actor(id) => actor(at, *id),
        Which::Tag(slug) => tag(at, slug),
        Which::Claim(id) => claim(at, *id),
        Which::Briefing(id) => briefing(at, *id),
        Which::Source(id) => source(at, *id),
    }
}

fn actor(at: &PageContext<'_>, id: Id<Actor>) -> Subject {
    let actor = &at.site.actors()[id];
    let link = at.actor(id);
    let mut others: Vec<&str> = Vec::new();
    let named = actor.named_by.iter().map(|naming| &naming.alias);
    for alias in actor.aliases.iter().chain(named) {
        if *alias != actor.name && !others.contains(&alias.as_str()) {
            others.push(alias);
        }
    }
    let mut names = Vec::new();
    for name in std::iter::once(actor.name.as_str()).chain(others.iter().copied()) {
        whole_name(name, &mut names);
    }
    names.push((Class::Attribute, actor.id.clone()));
    names.push((Class::Attribute, link.kind_words.to_string()));
    for id in [&actor.attack_id, &actor.wikidata].into_iter().flatten() {
        names.push((Class::Name, id.clone()));
    }
    let mut about = capitalized(&link.kind_words);
    if !others.is_empty() {
        about.push_str(" · also ");
        about.push_str(&others[..others.len().min(OTHER_NAMES)].join(", "));
    }
    let summary = actor.summary.clone().unwrap_or_default();
    let passages = passages::of(&actor.prose);
    let (text, more) = shown(summary, &passages);
    let entry = Entry {
        href: link.href.to_string(),
        title: actor.name.clone(),
        about,
        text,
        more,
        names,
        keys: BTreeSet::from([of_actor(at.site, id)]),
        standing: None,
    };
    Subject {
        days: None,
        entries: vec![entry],
    }
}

fn tag(at: &PageContext<'_>, slug: &str) -> Subject {
    let Some(tagged) = at.facts.tags.get(slug) else {
        return Subject {
            days: None,
            entries: Vec::new(),
        };
    };
    let link = at.tag(&tagged.tag);
    let mut names = Vec::new();
    whole_name(&tagged.tag, &mut names);
    let count = |n: usize, one: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    let counts = [
        (tagged.briefings.len(), "briefing"),
        (tagged.claims.len(), "claim"),
    ];
    let counts = counts.into_iter().filter(|(n, _)| *n > 0);
    let counts: Vec<String> = counts.map(|(n, one)| count(n, one)).collect();
    let entry = Entry {
        href: link.href,
        title: tagged.tag.clone(),
        about: counts.join(", "),
        names,
        ..Entry::default()
    };
    Subject {
        days: None,
        entries: vec![entry],
    }
}

/// Returns the indices of the parties that a result shows: the first ones, but never only one side.
/// The first party that denies or disputes the claim is always included.
fn shown_parties(sides: &[Side]) -> BTreeSet<usize> {
    let (against, others): (Vec<usize>, Vec<usize>) =
        (0..sides.len()).partition(|at| sides[*at] == Side::Con);
    let least = against.len().min(PARTIES / 2);
    let others: Vec<usize> = others.into_iter().take(PARTIES - least).collect();
    let rest = PARTIES - others.len();
    others
        .into_iter()
        .chain(against.into_iter().take(rest))
        .collect()
}

fn claim(at: &PageContext<'_>, id: Id<Claim>) -> Subject {
    let claim = &at.site.claims()[id];
    let line = at.claim(id);
    let standing = at.standing(id);
    let date = day_of_claim(at, id);
    let name = |id: Id<Actor>| at.site.actors()[id].name.as_str();
    let mut names = vec![
        (Class::Title, claim.text.clone()),
        (Class::Attribute, claim.id.clone()),
    ];
    let mut keys = BTreeSet::from([format!("h/{}", line.status)]);
    let (mut text, mut said) = (String::new(), String::new());
    let parties = standing.parties.iter();
    let sides: Vec<Side> = parties.map(|party| party.stance.side()).collect();
    let shown_parties = shown_parties(&sides);
    for (number, party) in standing.parties.iter().enumerate() {
        let is_shown = shown_parties.contains(&number);
        let actor = &at.site.actors()[party.actor];
        let position = &claim.positions[party.position];
        let class = stance_class(party.stance);
        names.push((Class::Attribute, actor.name.clone()));
        keys.insert(format!("s/{class}"));
        keys.insert(format!("a/{}/{class}", actor.id));
        keys.insert(of_actor(at.site, party.actor));
        if is_shown {
            let space = if text.is_empty() { "" } else { " " };
            let does = party.stance.in_words();
            let _ = write!(text, "{space}{} {does}", actor.name);
        }
        // Only a party's own words follow its name.
        let words = position.said().trim_end_matches('.');
        if is_shown {
            match (position.quote, excerpt(words, QUOTED)) {
                (true, None) => text.extend([": “", words, "”."]),
                (true, Some(cut)) => text.extend([": “", cut, "” […]."]),
                (false, _) => text.push('.'),
            }
        }
        if !position.quote || excerpt(words, QUOTED).is_some() {
            said.extend([words, " "]);
        }
        if let Some(original) = position.original() {
            said.extend([original, " "]);
        }
    }
    for reply in &standing.replies {
        // The reply of a representative is shown as that of the accused.
        if let Some(position) = reply.position {
            let class = stance_class(claim.positions[position].stance);
            let accused = &at.site.actors()[reply.accused].id;
            keys.insert(format!("a/{accused}/{class}"));
        }
    }
    for id in claim.against.iter().chain(&claim.about) {
        names.push((Class::Attribute, name(*id).to_owned()));
        keys.insert(of_actor(at.site, *id));
    }
    names.extend(claim.tags.iter().map(|tag| (Class::Attribute, tag.clone())));
    let of_whom: Vec<_> = if claim.against.is_empty() {
        &claim.about
    } else {
        &claim.against
    }
    .iter()
    .map(|id| isolated(name(*id)))
    .collect();
    let mut about: Vec<String> = vec![format!("by {}", line.owner)];
    about.extend(date.map(|date| date.in_words()));
    if !of_whom.is_empty() {
        about.push(format!("about {}", of_whom.join(", ")));
    }
    let (text, more) = shown(text, &passages::of(&claim.prose));
    let more = said + &more;
    let entry = Entry {
        href: line.href.to_string(),
        title: claim.text.clone(),
        about: about.join(" · "),
        text,
        more,
        names,
        keys,
        standing: Some(Standing {
            signature: line.signature.to_string(),
            signature_words: line.signature_words.to_string(),
            status: line.status.replace('-', " "),
            line: line.line,
        }),
    };
    Subject {
        days: days(date),
        entries: vec![entry],
    }
}

fn briefing(at: &PageContext<'_>, id: Id<Briefing>) -> Subject {
    let briefing = &at.site.briefings()[id];
    let href = at.briefing(id).href;
    let date = briefing.date.map(|date| date.in_words());
    let mut entries: Vec<Entry> = Vec::new();
    let mut page = Entry {
        href: href.clone(),
        title: briefing.title.clone(),
        about: date.clone().unwrap_or_default(),
        names: vec![(Class::Title, briefing.title.clone())],
        ..Entry::default()
    };
    let told = [&briefing.subtitle, &briefing.summary];
    let told = told.into_iter().flatten().map(String::as_str);
    page.text = told.collect::<Vec<_>>().join(" ");
    let attributes = briefing.tags.iter().chain(&briefing.authors);
    let attributes = attributes.map(|word| (Class::Attribute, word.clone()));
    page.names.extend(attributes);
    entries.push(page);
    let mut has_text = false;
    for passage in passages::of(&briefing.prose) {
        let keys = passage.actors.iter().map(|id| of_actor(at.site, *id));
        let keys: BTreeSet<String> = keys.collect();
        let is_page = passage.heading.is_empty() || passage.heading == briefing.title;
        // The text before the first heading is a separate entry.
        if is_page && entries.len() == 1 && !has_text {
            has_text = true;
            let page = &mut entries[0];
            page.keys = keys;
            if !page.text.is_empty() {
                page.text.push(' ');
            }
            page.text.push_str(&passage.text);
            continue;
        }
        let mut entry = Entry {
            href: match &passage.anchor {
                Some(anchor) => format!("{href}#{anchor}"),
                None => href.clone(),
            },
            text: passage.text,
            names: vec![(Class::Attribute, briefing.title.clone())],
            keys,
            ..Entry::default()
        };
        if is_page {
            entry.title = briefing.title.clone();
            entry.about = date.clone().unwrap_or_default();
        } else {
            entry.names.push((Class::Title, passage.heading.clone()));
            entry.title = passage.heading;
            let in_page = std::iter::once(briefing.title.clone()).chain(date.clone());
            entry.about = in_page.collect::<Vec<_>>().join(" · ");
        }
        entries.push(entry);
    }
    Subject {
        days: days(briefing.date),
        entries,
    }
}

fn source(at: &PageContext<'_>, id: Id<Source>) -> Subject {
    let source = &at.site.sources()[id];
    let link = at.source_link(id);
    let authors = source.authors.iter();
    let authors: Vec<&str> = authors
        .map(|id| at.site.actors()[*id].name.as_str())
        .chain(source.literal_authors.iter().map(String::as_str))
        .collect();
    let mut names = vec![
        (Class::Title, source.title.clone()),
        (Class::Attribute, source.id.clone()),
    ];
    let attributes = authors.iter().copied().chain(source.publisher.as_deref());
    names.extend(attributes.map(|word| (Class::Attribute, word.to_owned())));
    let by = if authors.is_empty() {
        source.publisher.clone().unwrap_or_default()
    } else {
        authors.join(", ")
    };
    let date = source.date.map(|date| date.in_words());
    let about = [Some(by), date, source.kind.clone()];
    let about = about.into_iter().flatten().filter(|it| !it.is_empty());
    let words = crate::text::one_line(&source.kept_words).into_owned();
    let (text, more) = cut(words);
    let entry = Entry {
        href: link.href,
        title: source.title.clone(),
        about: about.collect::<Vec<_>>().join(" · "),
        text,
        more,
        names,
        keys: source
            .authors
            .iter()
            .map(|id| of_actor(at.site, *id))
            .collect(),
        standing: None,
    };
    Subject {
        days: days(source.date),
        entries: vec![entry],
    }
}

/// Returns the filter key of an actor.
fn of_actor(site: &Site, id: Id<Actor>) -> String {
    format!("a/{}", site.actors()[id].id)
}

/// Splits a name into words; a single word is a whole name.
fn whole_name(name: &str, names: &mut Vec<(Class, String)>) {
    match name.trim().split_once(char::is_whitespace) {
        None => names.push((Class::Name, name.to_owned())),
        Some((first, _)) => {
            names.push((Class::First, first.to_owned()));
            // The whole name is indexed, too, for words that belong together.
            names.push((Class::OfName, name.to_owned()));
        }
    }
}

/// Splits a text with passages into the shown part and the rest.
fn shown(mut text: String, passages: &[Passage]) -> (String, String) {
    for passage in passages {
        for words in [&passage.heading, &passage.text] {
            if !text.is_empty() && !words.is_empty() {
                text.push(' ');
            }
            text.push_str(words);
        }
    }
    cut(text)
}

fn cut(mut text: String) -> (String, String) {
    if text.len() <= SHOWN {
        return (text, String::new());
    }
    let most = text.floor_char_boundary(SHOWN);
    let end = text[..most].rfind(' ').unwrap_or(most);
    let more = text.split_off(end);
    (text, more)
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
    first.unwrap_or_default() + chars.as_str()
}
