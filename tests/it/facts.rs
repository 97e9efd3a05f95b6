//! Laws of what is derived: it does not depend on the order of files, a later day never unsays
//! what an earlier one knew, and a signature has one sign for each party.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use whosaid::compile::{self, Cache};
use whosaid::derive::{self, Happening, Standing};
use whosaid::model::{Site, Stance};

use crate::book::{files, inputs};
use crate::laws::holds;

const ACTORS: usize = 5;
const CLAIMS: usize = 3;

/// Who says what of which claim, on which day of the year, if on any.
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

/// The site of these sayings, each in a briefing of its own; `name` gives the files their names
/// and with them their order.
fn with_site<T>(
    sayings: &[Saying],
    name: impl Fn(usize) -> String,
    ask: impl FnOnce(&Site) -> T,
) -> T {
    let mut text = String::new();
    for (number, (by, stance, of, on)) in sayings.iter().enumerate() {
        let on = on.map_or(String::new(), |on| format!(" on={}", day(on)));
        // Who passes on what another said names the other.
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
    let edition = compile::understand(&inputs, &mut cache);
    ask(edition.site())
}

/// A standing in names, without what depends on which of two equals came first.
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
        standing.headline, standing.support, standing.contest, standing.first_on, standing.last_on
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
        // What two said on one day has no order but that of the files.
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
type Known = (BTreeSet<String>, BTreeMap<(usize, String), usize>);

fn known(site: &Site, on: Option<jiff::civil::Date>) -> Known {
    let mut happened = BTreeSet::new();
    for entry in derive::timeline(site, on) {
        happened.insert(match entry.what {
            Happening::Event(id) => format!("event {}", site.events()[id].id),
            Happening::Position { claim, position } | Happening::Report { claim, position } => {
                format!("{} {position}", site.claims()[claim].id)
            }
        });
    }
    let mut parties = BTreeMap::new();
    for (number, standing) in derive::standings(site, on).iter().enumerate() {
        for party in &standing.parties {
            let name = site.actors()[party.actor].id.clone();
            parties.insert((number, name), party.count);
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
                    let standings = derive::standings(site, on);
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
