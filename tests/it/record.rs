//! Tests that the sample's record is correct: which actor takes which position on which claim, with
//! which source. Other tests cover what is derived from it; these fail if a position is lost, added
//! or given to another party.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::sample;
use whosaid::derive;
use whosaid::model::{Actor, ActorKind, Id, Site, Stance};

fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(sample::site)
}

fn actor(id: Id<Actor>) -> &'static str {
    &site().actors()[id].id
}

fn ids(actors: &[Id<Actor>]) -> String {
    let ids: Vec<_> = actors.iter().map(|id| actor(*id)).collect();
    ids.join(",")
}

/// Claims with the parties that they accuse, and below each its positions: party, verb, sources.
/// Repeated positions of a party on the same sources have one line.
const POSITIONS: &str = "
apt31-finland
  fcdo claim fcdo-2021
apt31-ministry against mss
  fcdo claim fcdo-2021
  mss no-response mfa-2021-07
  prc-mfa denies mfa-2021-07
apt40-mss against mss
  fcdo claim fcdo-2021
  mss no-response mfa-2021-07
  new-zealand claim nz-2021
  prc-mfa denies mfa-2021-07
apt40-state against prc
  japan claim japan-2021
  prc-mfa denies mfa-2021-07
background-surprise
  unnamed claim sao-2021
contractors-cost
  blinken claim state-2021
drop-charges
  prc-mfa claim mfa-2021-07
eu-apt-link
  eu claim eu-2021
  prc-mission-eu disputes mission-2021
eu-harm
  eu claim eu-2021
eu-urges
  eu claim eu-2021
evidence-lacking
  prc-mfa claim mfa-2021-07
exch-ministry against mss
  australia claim australia-2021
  canada claim canada-2021
  mss no-response mfa-2021-07
  nato acknowledges nato-2021
  prc-embassy-canada denies embassy-canada-2021
  prc-embassy-canada no-response globe-2021
  prc-mfa denies mfa-2021-07
exch-mss against mss
  blinken claim state-2021
  mss no-response mfa-2021-07
  nato acknowledges nato-2021
  prc-mfa denies ap-2021
  white-house claim wh-2021
exch-since-january
  volexity claim volexity-2021
exch-state against prc
  fcdo claim fcdo-2021
  globe-and-mail reports globe-2021
  nato acknowledges nato-2021
  ncsc claim ncsc-2021
  ncsc claim ncsc-assessment-2021
  new-zealand in-part nz-2021
  prc-mfa denies ap-2021
  tass reports tass-2021
exch-territory
  eu claim eu-2021
  prc-mission-eu disputes mission-2021
further-action
  white-house claim wh-2021
hafnium-is-apt
  register claim register-2021
hafnium-state-sponsored against prc
  microsoft claim microsoft-2021
  ncsc in-part ncsc-assessment-2021
  prc-mfa disputes mfa-2021-03
hafnium-us-servers
  microsoft claim microsoft-2021
hafnium-used-flaws
  microsoft claim microsoft-2021
hainan-campaign against hainan-ssd
  hainan-ssd no-response mfa-2021-07
  prc-mfa disputes mfa-2021-07
  us-doj claim doj-2021
  us-doj claim indictment-2021
hainan-ebola against hainan-ssd
  hainan-ssd no-response mfa-2021-07
  prc-mfa disputes mfa-2021-07
  us-doj claim indictment-2021
hainan-officers against ding-xiaoyang,cheng-qingmin,zhu-yunmin
  cheng-qingmin no-response mfa-2021-07
  ding-xiaoyang no-response mfa-2021-07
  us-doj claim indictment-2021
  zhu-yunmin no-response mfa-2021-07
inquiry-open
  biden claim biden-2021,channels-2021
mss-contractors against mss
  australia acknowledges australia-2021
  mss no-response mfa-2021-07
  prc-mfa denies mfa-2021-07
  white-house claim wh-2021
mss-ecosystem against mss
  blinken claim state-2021
  mss no-response mfa-2021-07
  prc-mfa denies mfa-2021-07
nato-first
  unnamed claim sao-2021
no-sanctions
  ap claim ap-2021
not-coherent
  soesanto claim elcano-2021
patched-92
  fcdo reports fcdo-2021
  microsoft claim fcdo-2021
prc-not-itself
  biden claim biden-2021,channels-2021
prc-protects against prc
  biden claim biden-2021,channels-2021
  prc no-response mfa-2021-07
prc-unwilling against prc
  prc-mfa denies mfa-2021-07
  white-house claim wh-2021
prc-victim
  prc-mfa claim mfa-2021-07
quarter-million
  fcdo claim fcdo-2021
responsible-states
  blinken claim state-2021
smear
  ap reports ap-2021
  prc-mfa claim ap-2021
state-ransomware against prc
  prc-mfa denies mfa-2021-07
  white-house claim wh-2021
tracing-sensitive
  prc-mfa claim mfa-2021-03
uk-sabotage against prc
  fcdo claim fcdo-2021
  prc-mfa denies mfa-2021-07
unprecedented-group
  unnamed claim sao-2021
us-30000
  krebs claim krebs-2021
us-champion against us
  prc-mfa claim dawn-2021,mfa-2021-07
  us no-response dawn-2021
us-competition
  biden claim congress-2021
wu-hacker against wu-shurong
  us-doj claim indictment-2021
  wu-shurong no-response mfa-2021-07
xiandun-front against hainan-ssd,hainan-xiandun
  hainan-ssd no-response mfa-2021-07
  hainan-xiandun no-response mfa-2021-07
  prc-mfa disputes mfa-2021-07
  us-doj claim indictment-2021
";

#[test]
fn every_party_holds_the_positions_of_its_documents() {
    let mut claims = BTreeMap::new();
    for (_, claim) in site().claims().iter() {
        let positions: BTreeSet<String> = claim
            .positions
            .iter()
            .map(|position| {
                let sources = position.sources.iter();
                let sources: Vec<_> = sources
                    .map(|cited| site().sources()[cited.source].id.as_str())
                    .collect();
                let verb = position.stance.verb();
                format!("{} {verb} {}", actor(position.by), sources.join(","))
            })
            .collect();
        claims.insert(claim.id.as_str(), (ids(&claim.against), positions));
    }
    let mut found = String::from("\n");
    for (id, (against, positions)) in claims {
        let against = if against.is_empty() {
            String::new()
        } else {
            format!(" against {against}")
        };
        writeln!(found, "{id}{against}").expect("a string");
        for position in positions {
            writeln!(found, "  {position}").expect("a string");
        }
    }
    let missing: Vec<_> = POSITIONS
        .lines()
        .filter(|line| !found.lines().any(|it| it == *line))
        .collect();
    let added: Vec<_> = found
        .lines()
        .filter(|line| !POSITIONS.lines().any(|it| it == *line))
        .collect();
    assert_eq!(found, POSITIONS, "missing {missing:?}, added {added:?}");
}

/// A party accuses only the organizations that it named: the claims against the ministry are
/// supported by the parties that named the ministry, and by no others.
#[test]
fn nobody_accuses_a_body_that_it_did_not_name() {
    let mss = site().actors().iter().find(|(_, it)| it.id == "mss");
    let (mss, _) = mss.expect("the ministry");
    let mut seen = 0;
    for (_, claim) in site().claims().iter() {
        if !claim.against.contains(&mss) {
            continue;
        }
        seen += 1;
        let silent = claim.positions.iter().any(|position| {
            position.by == mss
                && position.stance == Stance::NoResponse
                && position.by_date.is_some()
        });
        assert!(silent, "{}: the silence of the ministry", claim.id);
        for position in &claim.positions {
            let by = actor(position.by);
            assert!(
                !["biden", "japan", "eu", "ncsc"].contains(&by),
                "{}: {by}",
                claim.id
            );
        }
    }
    assert_eq!(seen, 6);
}

#[test]
fn claims_that_exclude_each_other_are_tied() {
    let mut tied = Vec::new();
    for (_, claim) in site().claims().iter() {
        for other in &claim.contradicts {
            tied.push(format!("{} {}", claim.id, site().claims()[*other].id));
        }
    }
    tied.sort();
    assert_eq!(
        tied,
        [
            "prc-not-itself exch-ministry",
            "prc-victim exch-ministry",
            "prc-victim exch-mss",
            "prc-victim exch-state",
        ]
    );
}

/// A party's quoted words are in a document: if the book contains the text of the document, the
/// checker has compared them.
#[test]
fn quotations_rest_on_documents_that_hold_their_words() {
    let mut compared = BTreeSet::new();
    for (_, claim) in site().claims().iter() {
        for position in claim.positions.iter().filter(|it| it.quote) {
            let sources = || {
                position
                    .sources
                    .iter()
                    .map(|it| &site().sources()[it.source])
            };
            let of = format!("{} {}", claim.id, actor(position.by));
            let kept = sources().any(|source| !source.kept_words.trim().is_empty());
            assert!(kept, "{of}: {:?}", position.words);
            // The English words of the ministry are an agency's translation: the ministry's own
            // record is not their source.
            assert!(
                sources().all(|source| !source.id.starts_with("mfa-")),
                "{of}"
            );
            compared.insert(of);
        }
    }
    assert!(compared.len() >= 18, "only {compared:?}");
}

#[test]
fn every_source_has_an_address_but_four_that_are_not_known_for_certain() {
    let without: BTreeSet<&str> = site()
        .sources()
        .iter()
        .filter(|(_, source)| source.url.is_none())
        .map(|(_, source)| source.id.as_str())
        .collect();
    let expected = [
        "biden-2021",
        "indictment-2021",
        "mfa-2021-03",
        "mission-2021",
    ];
    assert_eq!(without, BTreeSet::from(expected));
    for (_, source) in site().sources().iter() {
        let is_whole = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        assert!(source.url.iter().all(is_whole), "{}", source.id);
        assert!(source.archive.iter().all(is_whole), "{}", source.id);
        assert!(source.date.is_some(), "{} has no date", source.id);
    }
}

#[test]
fn events_are_phrases_of_their_own_on_a_source() {
    assert!(site().events().len() >= 12);
    for (_, event) in site().events().iter() {
        let text = &event.text;
        assert!(!event.sources.is_empty(), "{}: no source", event.id);
        assert!(event.on.is_some(), "{}: no date", event.id);
        assert!(text.starts_with(char::is_uppercase), "{text}");
        assert!(
            text.split(' ').count() > 4 && !text.ends_with('.'),
            "{text}"
        );
        let first = text.split(' ').next().unwrap_or("");
        let leans = ["It", "They", "He", "She", "This", "That", "Announced"];
        assert!(!leans.contains(&first), "{text}");
    }
}

#[test]
fn accused_persons_have_a_legal_status_on_a_source() {
    let mut accused: BTreeSet<Id<Actor>> = BTreeSet::new();
    for (_, claim) in site().claims().iter() {
        accused.extend(claim.against.iter().copied());
    }
    let persons: Vec<_> = accused
        .into_iter()
        .map(|id| &site().actors()[id])
        .filter(|actor| actor.kind == ActorKind::Person)
        .collect();
    assert_eq!(persons.len(), 4);
    for person in persons {
        assert!(person.legal_status.is_some(), "{}", person.id);
        assert!(!person.legal_status_sources.is_empty(), "{}", person.id);
    }
}

/// Claims and their status at the end of the record; claims that are not listed are uncontested.
const STATUSES: &str = "
contested eu-apt-link exch-territory prc-not-itself prc-victim
denied apt31-ministry apt40-mss apt40-state exch-ministry exch-mss exch-state mss-contractors
denied mss-ecosystem prc-unwilling state-ransomware uk-sabotage
disputed hafnium-state-sponsored hainan-campaign hainan-ebola xiandun-front
no-response hainan-officers prc-protects us-champion wu-hacker
unnamed-only background-surprise nato-first unprecedented-group
";

#[test]
fn every_claim_has_the_status_that_follows_from_its_positions() {
    let mut expected: BTreeMap<&str, &str> = site()
        .claims()
        .iter()
        .map(|(_, claim)| (claim.id.as_str(), "uncontested"))
        .collect();
    for line in STATUSES.lines().filter(|line| !line.is_empty()) {
        let (status, claims) = line.split_once(' ').expect("a status and claims");
        for claim in claims.split(' ') {
            let before = expected.insert(claim, status);
            assert_eq!(before, Some("uncontested"), "{claim}");
        }
    }
    let found: BTreeMap<&str, &str> = site()
        .claims()
        .iter()
        .map(|(id, claim)| {
            let status = derive::standing(site(), id, None).status;
            (claim.id.as_str(), status.word())
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn confidence_and_likelihood_are_in_the_terms_of_their_speakers() {
    let mut found = BTreeSet::new();
    for (_, claim) in site().claims().iter() {
        for position in &claim.positions {
            let of = format!("{} {}", claim.id, actor(position.by));
            let confidence = position.confidence.iter().map(|it| it.term());
            let terms = confidence.chain(position.likelihood.iter().map(|it| it.term()));
            found.extend(terms.map(|term| format!("{of}: {term}")));
        }
    }
    let expected = [
        "apt40-state japan: highly likely",
        "exch-ministry canada: confident",
        "exch-mss white-house: high",
        "exch-state ncsc: almost certain",
        "hafnium-state-sponsored ncsc: highly likely",
    ];
    assert_eq!(found, BTreeSet::from(expected.map(str::to_string)));
}
