//! Rules of derived facts: they do not depend on the order of files, a later day does not remove
//! what was known on an earlier day, and a signature has one sign for each party.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use whosaid::compile::{self, Cache};
use whosaid::derive::{self, Happening, Standing};
use whosaid::link;
use whosaid::model::{Site, Stance};

use crate::book::{files, inputs};
use crate::laws::holds;

const ACTORS: usize = 5;
const CLAIMS: usize = 3;

/// The party, stance and claim of a position, and its day of the year, if it has one.
type Saying = (usize, Stance, usize, Option<i64>);

fn sayings() -> impl Strategy<Value = Vec<Saying>> {
    let saying = (
        0..ACTORS,
        prop::sample::select(Stance::ALL.to_vec()),
        0..CLAIMS,
        prop::option::weighted(0.9, 0..300_i64),
    );
    prop::collection::vec(saying, 0..24)
}

fn day(number: i64) -> jiff::civil::Date {
    let day = jiff::civil::date(2031, 1, 1);
    day.saturating_add(jiff::Span::new().days(number))
}

/// Runs a function on the site of these positions, each in its own briefing. `name` gives the files
/// their names, and so their order.
fn with_site<T>(
    sayings: &[Saying],
    name: impl Fn(usize) -> String,
    ask: impl FnOnce(&Site) -> T,
) -> T {
    let mut text = String::new();
    for (number, (by, stance, of, on)) in sayings.iter().enumerate() {
        let on = on.map_or(String::new(), |on| format!(" on={}", day(on)));
        // A party that reports another's words names the other party.
        let said_by = match stance {
            Stance::Reports => format!(" said-by=a{}", (by + 1) % ACTORS),
            _ => String::new(),
        };
        text += &format!(
            "//- content/{}.md\n# B{number}\n\n[It]({}:c{of} \"by=a{by}{on}{said_by}\")\n",
            name(number),
            stance.verb()
        );
    }
    for actor in 0..ACTORS {
        let of = match actor {
            0 => "part-of: a1\n",
            2 => "speaks-for: [a3]\n",
            _ => "",
        };
        let file = name(100 + actor);
        text +=
            &format!("//- content/actors/{file}.md\n---\nid: a{actor}\nname: A{actor}\n{of}---\n");
    }
    for claim in 0..CLAIMS {
        let against = ["[a1]", "[a3, a4]", "[]"][claim];
        let file = name(200 + claim);
        text += &format!(
            "//- content/claims/{file}.md\n---\nid: c{claim}\ntext: C{claim}\nagainst: {against}\n---\n"
        );
    }
    let inputs = inputs(files(&text));
    let mut cache = Cache::default();
    let edition = compile::analyze(&inputs, &mut cache);
    ask(edition.site())
}

/// Returns a status with names, without details that depend on which of two equal positions came
/// first.
fn told(site: &Site, standing: &Standing) -> String {
    let name = |id| site.actors()[id].id.as_str();
    let parties: BTreeMap<&str, (Stance, char, usize)> = standing
        .parties
        .iter()
        .map(|party| (name(party.actor), (party.stance, party.sign, party.count)))
        .collect();
    let replies: BTreeMap<&str, String> = standing
        .replies
        .iter()
        .map(|reply| {
            let answer = format!("{} {:?}", reply.reply.word(), reply.days);
            (name(reply.accused), answer)
        })
        .collect();
    let withdrawn: BTreeSet<&str> = standing.withdrawn.iter().map(|id| name(*id)).collect();
    format!(
        "{:?} {:?} {:?} {parties:?} {replies:?} {withdrawn:?} {:?} {:?}",
        standing.status, standing.support, standing.contest, standing.first_on, standing.last_on
    )
}

fn all_told(site: &Site) -> BTreeMap<String, String> {
    let claims = site.claims().iter();
    claims
        .map(|(id, claim)| {
            (
                claim.id.clone(),
                told(site, &derive::standing(site, id, None)),
            )
        })
        .collect()
}

#[test]
fn facts_do_not_depend_on_the_order_of_files() {
    let order = prop::collection::vec(any::<u16>(), 300);
    holds((sayings(), order), 150, |(mut sayings, order)| {
        // Positions on the same day have only the order of their files.
        let mut days = BTreeSet::new();
        sayings.retain(|(.., on)| on.is_some_and(|on| days.insert(on)));
        let forward = with_site(&sayings, |number| format!("f{number:03}"), all_told);
        let name = |number: usize| format!("g{:05}-{number}", order[number]);
        let shuffled = with_site(&sayings, name, all_told);
        prop_assert_eq!(forward, shuffled);
        Ok(())
    });
}

/// What is known on a day: positions, parties with the number of their positions, and the entries
/// of the timeline.
type Known = (BTreeSet<String>, BTreeMap<(String, String), usize>);

/// Returns the site as it was at the end of a day.
fn at(site: &Site, on: Option<jiff::civil::Date>) -> Site {
    match on {
        Some(day) => link::as_of(site.clone(), day),
        None => site.clone(),
    }
}

fn known(site: &Site, on: Option<jiff::civil::Date>) -> Known {
    let site = &at(site, on);
    let mut happened = BTreeSet::new();
    for entry in derive::timeline(site) {
        happened.insert(match entry.what {
            Happening::Event(id) => format!("event {}", site.events()[id].id),
            Happening::Position { claim, position } | Happening::Report { claim, position } => {
                format!("{} {position}", site.claims()[claim].id)
            }
        });
    }
    let mut parties = BTreeMap::new();
    for ((_, claim), standing) in site.claims().iter().zip(derive::standings(site).iter()) {
        for party in &standing.parties {
            let name = site.actors()[party.actor].id.clone();
            parties.insert((claim.id.clone(), name), party.count);
        }
    }
    (happened, parties)
}

#[test]
fn a_later_day_never_unsays_what_an_earlier_one_knew() {
    holds(
        (sayings(), 0..320_i64, 0..320_i64),
        150,
        |(sayings, a, b)| {
            let (early, late) = (a.min(b), a.max(b));
            let [early, late, always] = with_site(
                &sayings,
                |number| format!("f{number:03}"),
                |site| [Some(day(early)), Some(day(late)), None].map(|on| known(site, on)),
            );
            for (before, after) in [(&early, &late), (&late, &always)] {
                prop_assert!(before.0.is_subset(&after.0), "{before:?}\n{after:?}");
                for (party, count) in &before.1 {
                    prop_assert!(after.1.get(party).is_some_and(|later| later >= count));
                }
            }
            Ok(())
        },
    );
}

#[test]
fn what_is_derived_at_a_day_is_derived_of_the_site_of_that_day() {
    holds((sayings(), 0..320_i64), 150, |(sayings, on)| {
        let on = day(on);
        let pairs = with_site(
            &sayings,
            |number| format!("f{number:03}"),
            |site| {
                let cut = at(site, Some(on));
                let of_cut = |id: &str| {
                    let mut claims = cut.claims().iter();
                    let found = claims.find(|(_, claim)| claim.id == id);
                    found.map(|(claim, _)| told(&cut, &derive::standing(&cut, claim, None)))
                };
                let claims = site.claims().iter();
                let pairs = claims.map(|(id, claim)| {
                    let is_made = claim.positions.is_empty()
                        || claim
                            .positions
                            .iter()
                            .any(|position| position.on.is_none_or(|said| said.first_day() <= on));
                    let expected = told(site, &derive::standing(site, id, Some(on)));
                    (is_made.then_some(expected), of_cut(&claim.id))
                });
                pairs.collect::<Vec<_>>()
            },
        );
        for (expected, found) in pairs {
            prop_assert_eq!(expected, found);
        }
        Ok(())
    });
}

#[test]
fn a_signature_has_one_sign_for_each_party() {
    holds(
        (sayings(), prop::option::of(0..320_i64)),
        150,
        |(sayings, on)| {
            let on = on.map(day);
            let signatures = with_site(
                &sayings,
                |number| format!("f{number:03}"),
                |site| {
                    let site = at(site, on);
                    let standings = derive::standings(&site);
                    let of = site.claims().iter().zip(standings.iter());
                    let of = of.map(|((_, claim), it)| {
                        (claim.id.clone(), it.signature(), it.parties.len())
                    });
                    of.collect::<Vec<_>>()
                },
            );
            for (claim, signature, parties) in signatures {
                let counted = |saying: &&Saying| {
                    format!("c{}", saying.2) == claim
                        && saying.1 != Stance::Reports
                        && saying
                            .3
                            .is_none_or(|said| on.is_none_or(|on| day(said) <= on))
                };
                let who: BTreeSet<usize> = sayings.iter().filter(counted).map(|it| it.0).collect();
                prop_assert_eq!(
                    signature.chars().count(),
                    who.len(),
                    "{} {}",
                    claim,
                    signature
                );
                prop_assert_eq!(parties, who.len());
            }
            Ok(())
        },
    );
}
