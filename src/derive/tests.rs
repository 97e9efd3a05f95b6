pub(crate) mod fixture;

use super::*;
use crate::model::*;
use fixture::{Book, Writer, date, day};
use proptest::prelude::*;

/// The actors of the examples in the manual's chapter on the language, and the claim `exch-mss`
/// against the ministry.
struct Exchange {
    book: Book,
    us: Id<Actor>,
    uk: Id<Actor>,
    doj: Id<Actor>,
    mss: Id<Actor>,
    mfa: Id<Actor>,
    press: Id<Actor>,
    white_house: Id<Source>,
    claim: Id<Claim>,
}

impl Exchange {
    /// Returns the actors and the claim, without positions.
    fn cast() -> Exchange {
        let mut book = Book::new();
        let prc = book.actor("prc");
        let mss = book.actor_of("mss", prc);
        let mfa = book.actor_of("prc-mfa", prc);
        book.parts.actors.get_mut(mfa).speaks_for = vec![prc];
        let us = book.actor("us");
        let doj = book.actor_of("us-doj", us);
        let uk = book.actor("uk");
        let press = book.actor("newspaper");
        let white_house = book.source("wh-2021", &[]);
        let claim = book.claim("exch-mss", &[mss]);
        Exchange {
            book,
            us,
            uk,
            doj,
            mss,
            mfa,
            press,
            white_house,
            claim,
        }
    }

    /// 19 July: us and uk state the claim, jointly or not. 20 July: prc-mfa denies it.
    fn stated(joint: bool) -> Exchange {
        let mut case = Exchange::cast();
        for by in [case.us, case.uk] {
            let said = case.book.say(case.claim, by, Stance::Claims, "2021-07-19");
            said.joint = joint.then(|| "july".into());
        }
        let wh = case.white_house;
        let first = &mut case.book.parts.claims.get_mut(case.claim).positions[0];
        first.from(&[wh]);
        case.say(case.mfa, Stance::Denies, "2021-07-20");
        case
    }

    fn say(&mut self, by: Id<Actor>, stance: Stance, on: &str) -> &mut Position {
        self.book.say(self.claim, by, stance, on)
    }

    fn standing(&self) -> Standing {
        self.standing_on(None)
    }

    fn standing_on(&self, as_of: Option<jiff::civil::Date>) -> Standing {
        standing(&self.book.site(), self.claim, as_of)
    }
}

/// Returns status, support, contest, replies and signature in one line.
fn line(standing: &Standing) -> String {
    let replies: Vec<_> = standing
        .replies
        .iter()
        .map(|reply| match reply.days {
            Some(days) => format!("{} {days}d", reply.reply.word()),
            None => reply.reply.word().to_owned(),
        })
        .collect();
    format!(
        "{} {} {} [{}] {}",
        standing.status.word(),
        standing.support.word(),
        standing.contest.word(),
        replies.join(", "),
        standing.signature()
    )
}

#[test]
fn vector_exch_mss() {
    let case = Exchange::stated(true);
    let standing = case.standing();
    assert_eq!(
        line(&standing),
        "denied joint(2) denied [by-representative 1d] ++−"
    );
    assert_eq!(
        standing.replies,
        [ReplyOf {
            is_withheld: false,
            was_asked: false,
            accused: case.mss,
            reply: Reply::ByRepresentative(case.mfa),
            position: Some(2),
            days: Some(1),
        }]
    );
    assert_eq!(standing.first_on, Some(date("2021-07-19")));
    assert_eq!(standing.last_on, Some(date("2021-07-20")));
}

#[test]
fn vector_as_of_the_day_before_the_denial() {
    let case = Exchange::stated(true);
    assert_eq!(
        line(&case.standing_on(Some(day("2021-07-19")))),
        "unanswered joint(2) none [unanswered] ++"
    );
}

#[test]
fn vector_without_the_joint_tag() {
    assert_eq!(
        line(&Exchange::stated(false).standing()),
        "denied corroborated(2) denied [by-representative 1d] ++−"
    );
}

#[test]
fn vector_a_department_of_a_claimant_is_no_new_origin() {
    let mut case = Exchange::stated(true);
    case.say(case.doj, Stance::Claims, "2021-07-21");
    assert_eq!(
        line(&case.standing()),
        "denied joint(2) denied [by-representative 1d] ++−+"
    );
}

#[test]
fn vector_a_report_changes_nothing() {
    let mut case = Exchange::stated(true);
    case.say(case.press, Stance::Reports, "2021-07-21");
    assert_eq!(
        line(&case.standing()),
        "denied joint(2) denied [by-representative 1d] ++−"
    );
}

#[test]
fn vector_a_text_based_on_another_is_of_its_origin() {
    let mut case = Exchange::stated(true);
    let article = case.book.source("article", &[case.white_house]);
    case.say(case.press, Stance::Claims, "2021-07-21")
        .from(&[article]);
    assert_eq!(
        line(&case.standing()),
        "denied joint(3) denied [by-representative 1d] ++−+"
    );
}

#[test]
fn vector_a_third_party_disputes_it() {
    let mut case = Exchange::stated(true);
    case.say(case.press, Stance::Disputes, "2021-07-21");
    assert_eq!(
        line(&case.standing()),
        "contested joint(2) contested [by-representative 1d] ++−−"
    );
}

#[test]
fn vector_both_claimants_retract() {
    let mut case = Exchange::stated(true);
    case.say(case.us, Stance::Retracts, "2021-08-01");
    case.say(case.uk, Stance::Retracts, "2021-08-01");
    let standing = case.standing();
    assert_eq!(
        line(&standing),
        "withdrawn none denied [by-representative 1d] ××−"
    );
    assert_eq!(standing.withdrawn, [case.us, case.uk]);
    let us = &standing.parties[0];
    assert_eq!((us.position, us.count), (3, 2));
}

#[test]
fn vector_a_claimant_turns_to_denies() {
    let mut case = Exchange::stated(true);
    case.say(case.uk, Stance::Denies, "2021-08-01");
    assert_eq!(
        line(&case.standing()),
        "contested single contested [by-representative 1d] +−−"
    );
}

#[test]
fn vector_one_claimant_one_that_takes_no_position() {
    let mut book = Book::new();
    let prc = book.actor("prc");
    let mfa = book.actor_of("prc-mfa", prc);
    book.parts.actors.get_mut(mfa).speaks_for = vec![prc];
    let (uk, nato) = (book.actor("uk"), book.actor("nato"));
    let claim = book.claim("exch-state", &[prc]);
    book.say(claim, uk, Stance::Claims, "2021-07-19");
    book.say(claim, nato, Stance::Acknowledges, "2021-07-19");
    book.say(claim, mfa, Stance::Denies, "2021-07-20");
    assert_eq!(
        line(&standing(&book.site(), claim, None)),
        "denied single denied [by-representative 1d] +○−"
    );
}

#[test]
fn vector_four_accused_each_without_response() {
    let mut book = Book::new();
    let us = book.actor("us");
    let accused: Vec<_> = ["a-one", "b-two", "c-three", "d-four"]
        .map(|id| book.actor(id))
        .to_vec();
    let claim = book.claim("indicted", &accused);
    book.say(claim, us, Stance::Claims, "2021-07-19");
    for by in accused {
        book.say(claim, by, Stance::NoResponse, "2021-07-22");
    }
    assert_eq!(
        line(&standing(&book.site(), claim, None)),
        "no-response single none [no-response, no-response, no-response, no-response] +????"
    );
}

#[test]
fn the_order_of_writing_does_not_matter() {
    let said = |order: &[usize]| {
        let mut case = Exchange::cast();
        let steps = [
            (case.us, Stance::Claims, "2021-07-19"),
            (case.mfa, Stance::Denies, "2021-07-20"),
            (case.us, Stance::Retracts, "2021-09-01"),
            (case.uk, Stance::Endorses, "2021-07-25"),
        ];
        for step in order {
            let (by, stance, on) = steps[*step];
            case.say(by, stance, on);
        }
        case.standing()
    };
    let straight = said(&[0, 1, 2, 3]);
    assert_eq!(
        line(&straight),
        "denied endorsed-only denied [by-representative 1d] ×−+"
    );
    for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        assert_eq!(said(&order), straight);
    }
}

#[test]
fn a_later_date_hears_no_less() {
    let mut case = Exchange::stated(true);
    case.say(case.press, Stance::Questions, "");
    case.say(case.us, Stance::Retracts, "2022");
    let mut before: Option<Standing> = None;
    for on in ["2021-07-18", "2021-07-19", "2021-07-20", "2022-06-01"] {
        let now = case.standing_on(Some(day(on)));
        if let Some(before) = before {
            let parties = |standing: &Standing| -> Vec<_> {
                let parties = standing.parties.iter();
                parties.map(|party| party.actor).collect()
            };
            assert!(parties(&now).starts_with(&parties(&before)), "{on}");
            assert!(now.replies[0].reply.rank() >= before.replies[0].reply.rank());
        }
        before = Some(now);
    }
    assert_eq!(before, Some(case.standing()));
}

#[test]
fn what_is_undated_always_counts() {
    let mut case = Exchange::cast();
    case.say(case.us, Stance::Claims, "");
    let standing = case.standing_on(Some(day("1999")));
    assert_eq!(line(&standing), "unanswered single none [unanswered] +");
    assert_eq!(standing.first_on, None);
}

#[test]
fn a_no_response_never_replaces_an_answer() {
    let mut case = Exchange::stated(true);
    case.say(case.mss, Stance::NoResponse, "2021-07-19");
    case.say(case.mfa, Stance::NoResponse, "2021-08-01");
    let standing = case.standing();
    assert_eq!(
        line(&standing),
        "denied joint(2) denied [by-representative 1d] ++?−"
    );
    assert_eq!(standing.parties[3].count, 2);
    case.say(case.mss, Stance::NoComment, "2021-08-01");
    assert_eq!(case.standing().signature(), "++○−");
}

#[test]
fn a_claim_nobody_states() {
    let mut case = Exchange::cast();
    assert_eq!(
        line(&case.standing()),
        "unattributed none none [unanswered] "
    );
    case.say(case.press, Stance::Reports, "2021-07-18");
    assert_eq!(
        line(&case.standing()),
        "unattributed none none [unanswered] "
    );
    case.say(case.mss, Stance::Disputes, "2021-07-19");
    assert_eq!(
        line(&case.standing()),
        "denial-only none disputed-by-accused [replied] −"
    );
    case.say(case.uk, Stance::Endorses, "2021-07-20");
    assert_eq!(
        line(&case.standing()),
        "disputed endorsed-only disputed-by-accused [replied] −+"
    );
}

#[test]
fn declining_is_told_from_silence() {
    let mut case = Exchange::cast();
    case.say(case.us, Stance::Claims, "2021-07-19");
    case.say(case.mss, Stance::NoResponse, "2021-07-20");
    case.say(case.mfa, Stance::NoComment, "2021-07-25");
    assert_eq!(
        line(&case.standing()),
        "declined single none [declined 6d] +?○"
    );
}

#[test]
fn nobody_accused_needs_to_answer() {
    let mut book = Book::new();
    let (us, uk) = (book.actor("us"), book.actor("uk"));
    let claim = book.claim("flaw", &[]);
    book.say(claim, us, Stance::Claims, "2021");
    assert_eq!(
        line(&standing(&book.site(), claim, None)),
        "uncontested single none [] +"
    );
    book.say(claim, uk, Stance::Confirms, "2021");
    book.say(claim, uk, Stance::Questions, "2022");
    book.say(claim, us, Stance::InPart, "2022");
    // A later request for evidence does not withdraw a confirmation.
    assert_eq!(
        line(&standing(&book.site(), claim, None)),
        "uncontested single none [] ±+"
    );
}

#[test]
fn the_unnamed_are_heard_and_not_counted() {
    let mut book = Book::new();
    let (unnamed, us, uk) = (book.actor("unnamed"), book.actor("us"), book.actor("uk"));
    let claim = book.claim("leak", &[]);
    book.say(claim, unnamed, Stance::Claims, "2021-01-01");
    let word = |book: &Book| standing(&book.site(), claim, None).support.word();
    assert_eq!(word(&book), "unnamed-only");
    let status = standing(&book.site(), claim, None).status;
    assert_eq!(status, Status::UnnamedOnly);
    // Each mark of the unnamed actor is a separate party: a second one replaces no earlier one.
    book.say(claim, unnamed, Stance::Claims, "2021-01-01");
    assert_eq!(word(&book), "unnamed-only");
    assert_eq!(standing(&book.site(), claim, None).signature(), "++");
    book.say(claim, us, Stance::Claims, "2021-01-02")
        .jointly("j");
    assert_eq!(word(&book), "single");
    book.say(claim, uk, Stance::Claims, "2021-01-03")
        .jointly("j");
    assert_eq!(word(&book), "joint(2)");
    let tied = &mut book.parts.claims.get_mut(claim).positions[0];
    tied.jointly("j");
    assert_eq!(word(&book), "joint(2)");
}

#[test]
fn one_mark_is_one_origin() {
    let mut book = Book::new();
    let (us, uk) = (book.actor("us"), book.actor("uk"));
    let claim = book.claim("joint", &[]);
    book.say_together(claim, &[us, uk], Stance::Claims, "2021");
    let standing = standing(&book.site(), claim, None);
    assert_eq!(standing.support, Support::Joint(2));
}

#[test]
fn vector_a_later_comment_replaces_nothing() {
    let mut case = Exchange::stated(true);
    case.say(case.mfa, Stance::NoComment, "2021-07-25");
    let standing = case.standing();
    assert_eq!(
        line(&standing),
        "denied joint(2) denied [by-representative 1d] ++−"
    );
    assert_eq!(standing.parties[2].remarks, [3]);
    assert_eq!(remark_words(Stance::NoComment), "later declined to comment");
    // A position after the remark replaces the position before it, and the remark becomes history.
    case.say(case.mfa, Stance::Disputes, "2021-07-26");
    assert!(case.standing().parties[2].remarks.is_empty());
}

#[test]
fn vector_the_state_denies_for_its_ministry() {
    let mut case = Exchange::cast();
    for by in [case.us, case.uk] {
        case.say(by, Stance::Claims, "2021-07-19").jointly("july");
    }
    let prc = case.book.parts.actors[case.mss].part_of.expect("a parent");
    case.say(prc, Stance::Denies, "2021-07-20");
    assert_eq!(
        line(&case.standing()),
        "denied joint(2) denied [by-representative 1d] ++−"
    );
}

#[test]
fn vector_to_dispute_is_not_to_deny() {
    let mut case = Exchange::cast();
    for by in [case.us, case.uk] {
        case.say(by, Stance::Claims, "2021-07-19").jointly("july");
    }
    case.say(case.mfa, Stance::Disputes, "2021-07-20");
    assert_eq!(
        line(&case.standing()),
        "disputed joint(2) disputed-by-accused [by-representative 1d] ++−"
    );
}

#[test]
fn vector_a_joint_statement_repeated_alone_is_of_its_origin() {
    let mut case = Exchange::stated(true);
    case.say(case.uk, Stance::Claims, "2021-08-02");
    let standing = case.standing();
    assert_eq!(
        line(&standing),
        "denied joint(2) denied [by-representative 1d] ++−"
    );
    assert_eq!(
        origin_words(&case.book.site(), &standing),
        ["US and UK made coordinated statements"]
    );
}

#[test]
fn vector_a_denial_retracted_is_no_reply_and_nothing_withdrawn() {
    let mut case = Exchange::cast();
    case.say(case.us, Stance::Claims, "2021-07-19");
    case.say(case.mss, Stance::Denies, "2021-07-20");
    case.say(case.mss, Stance::Retracts, "2021-07-21");
    let standing = case.standing();
    assert_eq!(line(&standing), "unanswered single none [unanswered] +×");
    assert_eq!(standing.withdrawn, []);
}

#[test]
fn vector_the_worst_reply_decides() {
    let mut book = Book::new();
    let (us, one, two) = (book.actor("us"), book.actor("one"), book.actor("two"));
    let claim = book.claim("both", &[one, two]);
    book.say(claim, us, Stance::Claims, "2021");
    book.say(claim, one, Stance::Acknowledges, "2021");
    let site = book.site();
    let standing = standing(&site, claim, None);
    assert_eq!(
        line(&standing),
        "unanswered single none [replied, unanswered] +○"
    );
    assert_eq!(
        status_words(&site, &standing),
        "no reply from TWO on record"
    );
}

#[test]
fn vector_the_accused_admits() {
    let mut case = Exchange::stated(true);
    case.say(case.mss, Stance::Admits, "2021-09-01");
    assert_eq!(
        line(&case.standing()),
        "admitted corroborated(2) denied [replied 44d] ++−+"
    );
}

#[test]
fn vector_four_accused_who_did_not_respond() {
    let mut book = Book::new();
    let us = book.actor("us");
    let accused = ["a1", "a2", "a3", "a4"].map(|id| book.actor(id));
    let claim = book.claim("four", &accused);
    book.say(claim, us, Stance::Claims, "2021");
    book.say_together(claim, &accused, Stance::NoResponse, "2021");
    let site = book.site();
    let standing = standing(&site, claim, None);
    assert_eq!(
        line(&standing),
        "no-response single none [no-response, no-response, no-response, no-response] +????"
    );
    assert_eq!(
        status_words(&site, &standing),
        "no reply from A1, A2, A3 and 1 other"
    );
}

#[test]
fn a_claim_against_which_another_is_stated_is_contested() {
    let mut book = Book::new();
    let (us, uk) = (book.actor("us"), book.actor("uk"));
    let (one, other) = (book.claim("one", &[]), book.claim("other", &[]));
    book.parts.claims.get_mut(other).contradicts = vec![one];
    book.say(one, us, Stance::Claims, "2021");
    assert_eq!(
        line(&standing(&book.site(), one, None)),
        "uncontested single none [] +"
    );
    book.say(other, uk, Stance::Claims, "2022");
    let site = book.site();
    for claim in [one, other] {
        assert_eq!(
            line(&standing(&site, claim, None)),
            "contested single contradicted [] +"
        );
        assert_eq!(standings(&site)[claim], standing(&site, claim, None));
    }
    let before = standing(&site, one, Some(day("2021-12-31")));
    assert_eq!(before.contest, Contest::None);
}

#[test]
fn a_whole_whose_part_is_denied_is_contested() {
    let mut book = Book::new();
    let (us, mss) = (book.actor("us"), book.actor("mss"));
    let (whole, part) = (book.claim("whole", &[]), book.claim("part", &[mss]));
    book.parts.claims.get_mut(whole).part = vec![part];
    book.say(whole, us, Stance::Claims, "2021");
    book.say(part, us, Stance::Claims, "2021");
    book.say(part, mss, Stance::Denies, "2021");
    let site = book.site();
    let of_whole = standing(&site, whole, None);
    assert_eq!(line(&of_whole), "contested single part-denied [] +");
    assert_eq!(standings(&site)[whole], of_whole);
}

#[test]
fn a_claim_that_was_replaced_is_corrected() {
    let mut book = Book::new();
    let us = book.actor("us");
    let claim = book.claim("first", &[]);
    book.say(claim, us, Stance::Claims, "2021-01-01");
    book.say(claim, us, Stance::Corrects, "2021-01-14");
    assert_eq!(
        line(&standing(&book.site(), claim, None)),
        "corrected none none [] ×"
    );
    book.say(claim, us, Stance::Claims, "2021-01-15");
    assert_eq!(
        line(&standing(&book.site(), claim, None)),
        "uncontested single none [] +"
    );
}

#[test]
fn a_spokesman_is_no_separate_origin() {
    let mut book = Book::new();
    let (company, spokesman) = (book.actor("company"), book.actor("spokesman"));
    book.parts.actors.get_mut(spokesman).speaks_for = vec![company];
    let claim = book.claim("breach", &[]);
    book.say(claim, company, Stance::Claims, "2021");
    book.say(claim, spokesman, Stance::Claims, "2021");
    let site = book.site();
    let standing = standing(&site, claim, None);
    assert_eq!(standing.support, Support::Joint(2));
    assert_eq!(
        origin_words(&site, &standing),
        ["SPOKESMAN speaks for COMPANY"]
    );
}

#[test]
fn the_first_are_all_of_the_first_day_or_time() {
    let mut book = Book::new();
    let (us, uk, nz) = (book.actor("us"), book.actor("uk"), book.actor("nz"));
    let claim = book.claim("july", &[]);
    book.say(claim, us, Stance::Claims, "2021-07-19");
    book.say(claim, uk, Stance::Claims, "2021-07-19T14:00+02:00");
    book.say(claim, nz, Stance::Endorses, "2021-07-19");
    book.say(claim, nz, Stance::Claims, "2021-07-20");
    let first = |book: &Book| standing(&book.site(), claim, None).first;
    assert_eq!(first(&book), [0, 1]);
    let us_first = &mut book.parts.claims.get_mut(claim).positions[0];
    us_first.on = Some(date("2021-07-19T13:00Z"));
    book.parts.claims.get_mut(claim).positions.remove(2);
    assert_eq!(first(&book), [1]);
}

#[test]
fn who_may_answer_for_whom() {
    let mut case = Exchange::cast();
    let prc = case.book.parts.actors[case.mss].part_of.expect("a parent");
    let spokesman = case.book.actor("spokesman");
    case.book.parts.actors.get_mut(spokesman).speaks_for = vec![case.mfa];
    let site = case.book.site();
    assert!(represents(&site, case.mss, case.mss));
    assert!(represents(&site, case.mfa, case.mss));
    assert!(represents(&site, spokesman, case.mss));
    assert!(!represents(&site, case.mss, prc));
    assert!(represents(&site, prc, case.mss));
    assert!(!represents(&site, case.us, case.mss));
}

#[test]
fn circles_end() {
    let mut book = Book::new();
    let (a, b, c) = (book.actor("a"), book.actor("b"), book.actor("c"));
    for (from, to) in [(a, b), (b, a), (c, b)] {
        book.parts.actors.get_mut(from).part_of = Some(to);
        book.parts.actors.get_mut(from).speaks_for = vec![to, from];
    }
    let (s, t) = (book.source("s", &[]), book.source("t", &[]));
    book.parts.sources.get_mut(s).based_on = vec![t];
    book.parts.sources.get_mut(t).based_on = vec![s];
    let claim = book.claim("x", &[a]);
    book.say(claim, c, Stance::Claims, "2021").from(&[s, t]);
    let site = book.site();
    let ties = Ties::new(&site);
    assert_eq!([a, b, c].map(|x| ties.root(x)), [a, a, a]);
    assert_eq!(ancestors(&site, c), [b, a]);
    assert!(represents(&site, c, a));
    assert_eq!(
        line(&standing(&site, claim, None)),
        "admitted single none [by-representative] +"
    );
    let all = standings(&site);
    assert_eq!(actors(&site, &all, &[], &[])[a.index()].ancestors, [b]);
}

#[test]
fn a_mention_comes_with_its_sentence() {
    let mut book = Book::new();
    let (mss, us) = (book.actor("mss"), book.actor("us"));
    let wh = book.source("wh", &[]);
    let text = Writer::new()
        .open(Tag::Paragraph)
        .text("Dr. Smith of the U.S. Senate spoke first. On 3 Jan. 2021 the ")
        .mention(Entity::Actor(mss), "ministry")
        .text(" said \u{201c}no.\u{201d} ")
        .cite(wh)
        .text(" Nobody else did.")
        .close()
        .heading("The reply", "the-reply")
        .open(Tag::List(None))
        .open(Tag::ListItem)
        .text("By ")
        .mention(Entity::Actor(us), "Washington")
        .text(", said ")
        .cite(wh)
        .text(". More")
        .close()
        .close()
        .open(Tag::Paragraph)
        .open(Tag::Mark(MarkNo(0)))
        .text("Two. ")
        .mention(Entity::Source(wh), "Sentences")
        .close()
        .text(" here. And after")
        .close();
    let page = book.page("text", text);
    let site = book.site();
    let found = mentions(&site);
    let told: Vec<_> = found
        .iter()
        .map(|m| {
            let section = m.section.as_ref().map_or("", |section| &section.anchor);
            format!("{section}|{}|{}", m.sentence, &m.sentence[m.words.clone()])
        })
        .collect();
    assert_eq!(
        told,
        [
            "|On 3 Jan. 2021 the ministry said “no.”|ministry",
            "the-reply|By Washington, said.|Washington",
            "the-reply|Sentences here.|Sentences",
        ]
    );
    assert_eq!(found[2].mark, Some(MarkNo(0)));
    assert_eq!(found[1].mark, None);
    assert_eq!(
        sentence_of_mark(&site, Doc::Briefing(page), MarkNo(0)),
        "Two. Sentences here."
    );
}

#[test]
fn a_quotation_is_the_passage_of_its_attribution() {
    let mut book = Book::new();
    let text = Writer::new()
        .open(Tag::Quote(None))
        .paragraph("The charge was invented.")
        .paragraph("Stop it.")
        .open(Tag::Paragraph)
        .text("— ")
        .mark(0, "Zhao Lijian")
        .close()
        .close();
    let page = book.page("quote", text);
    book.parts.briefings.get_mut(page).prose.marks[0].whole_quote = true;
    assert_eq!(
        sentence_of_mark(&book.site(), Doc::Briefing(page), MarkNo(0)),
        "The charge was invented. Stop it."
    );
}

#[test]
fn a_long_sentence_is_cut_around_its_mention() {
    let mut book = Book::new();
    let us = book.actor("us");
    let text = Writer::new()
        .open(Tag::Paragraph)
        .text(&"wörter ".repeat(200))
        .mention(Entity::Actor(us), "Washington")
        .text(&" and more".repeat(200))
        .close();
    book.page("long", text);
    let found = mentions(&book.site());
    let mention = &found[0];
    assert!(mention.sentence.chars().count() <= 304);
    assert!(mention.sentence.starts_with("… wörter"));
    assert!(mention.sentence.ends_with("more …") || mention.sentence.ends_with("and …"));
    assert_eq!(&mention.sentence[mention.words.clone()], "Washington");
}

#[test]
fn the_timeline_is_in_order_of_date_and_page() {
    let mut case = Exchange::stated(true);
    case.say(case.press, Stance::Reports, "2021-07-19");
    let found = case.book.event("report", "2021-01-05", &[case.us]);
    let later = case.book.event("later", "2021-07", &[]);
    let site = case.book.site();
    let kinds: Vec<_> = timeline(&site)
        .iter()
        .map(|entry| match entry.what {
            Happening::Event(event) if event == found => "found",
            Happening::Event(event) if event == later => "later",
            Happening::Event(_) => "event",
            Happening::Position { .. } => "position",
            Happening::Report { .. } => "report",
        })
        .collect();
    let expected = [
        "found", "later", "position", "position", "report", "position",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn the_network_holds_what_stands() {
    let mut case = Exchange::stated(true);
    case.say(case.uk, Stance::Retracts, "2021-08-01");
    let other = case.book.claim("second", &[]);
    case.book.parts.claims.get_mut(other).about = vec![case.mss];
    case.book.say(other, case.us, Stance::Claims, "2021-07-19");
    case.book.parts.claims.get_mut(other).relation = Some(Relation {
        subject: case.press,
        predicate: "attributed-to".into(),
        object: case.mss,
    });
    let site = case.book.site();
    let network = network(&site, &standings(&site));
    let edges: Vec<_> = network
        .edges
        .iter()
        .map(|edge| (edge.speaker, edge.subject, edge.counts.clone()))
        .collect();
    assert_eq!(
        edges,
        [
            (case.mfa, case.mss, vec![(Stance::Denies, 1)]),
            (case.us, case.mss, vec![(Stance::Claims, 2)]),
        ]
    );
    assert_eq!(network.actors, [case.mss, case.mfa, case.us]);
    assert_eq!(relations(&site)[0].claim, other);
}

#[test]
fn an_actor_has_its_facts() {
    let mut case = Exchange::stated(true);
    case.say(case.doj, Stance::Claims, "2021-07-21");
    case.book.event("report", "2021-01-05", &[case.us]);
    case.book.parts.sources.get_mut(case.white_house).authors = vec![case.us];
    let text = Writer::new()
        .open(Tag::Paragraph)
        .mention(Entity::Actor(case.us), "Washington")
        .close();
    case.book.page("text", text);
    let site = case.book.site();
    let standings = standings(&site);
    let (mentions, timeline) = (mentions(&site), timeline(&site));
    let facts = actors(&site, &standings, &mentions, &timeline);
    let us = &facts[case.us.index()];
    let said = |position| Said {
        claim: case.claim,
        position,
    };
    assert_eq!(us.says, [said(0)]);
    assert_eq!(us.organs_say, [said(3)]);
    assert_eq!(us.parts, [case.doj]);
    assert_eq!(us.sources, [case.white_house]);
    assert_eq!(
        (us.mentions.as_slice(), us.timeline.as_slice()),
        (&[0][..], &[0, 1][..])
    );
    let shared = |actor| Shared { actor, claims: 1 };
    assert_eq!(us.agrees, [shared(case.doj), shared(case.uk)]);
    assert_eq!(us.disagrees, [shared(case.mfa)]);
    let mss = &facts[case.mss.index()];
    let by_representative = ReplyCounts {
        by_representative: 1,
        ..ReplyCounts::default()
    };
    assert_eq!(mss.replies, by_representative);
    assert_eq!(mss.accused_in[0].claim, case.claim);
    // Its state can reply for it, and so can anyone who speaks for the state.
    let prc = case.book.parts.actors[case.mss].part_of.expect("a parent");
    assert_eq!(mss.spoken_for_by, [prc, case.mfa]);
    assert_eq!(mss.timeline.len(), 4);
}

#[test]
fn a_source_knows_what_rests_on_it() {
    let mut case = Exchange::stated(true);
    let (article, unused) = (
        case.book.source("article", &[case.white_house]),
        case.book.source("unused", &[]),
    );
    let text = Writer::new().open(Tag::Paragraph).cite(article).close();
    let page = case.book.page("text", text);
    let uses = source_uses(&case.book.site());
    let white_house = &uses[case.white_house.index()];
    assert_eq!(white_house.positions[0].position, 0);
    assert_eq!(white_house.base_of, [article]);
    assert_eq!(uses[article.index()].cited_in, [Doc::Briefing(page)]);
    assert!(uses[unused.index()].is_unused());
}

proptest! {
    #[test]
    fn any_run_of_nodes_gives_passages(
        steps in prop::collection::vec((0_u8..12, "[a-zé。.!?… \u{3000}\u{a0}“”\"A]{0,24}"), 0..60),
        repeated in 1_usize..20,
    ) {
        let mut book = Book::new();
        let us = book.actor("us");
        let wh = book.source("wh", &[]);
        let mut text = Writer::new();
        for (step, words) in steps {
            text = match step {
                0 => text.open(Tag::Paragraph),
                1 => text.open(Tag::Quote(None)),
                2 => text.open(Tag::Emphasis),
                3 => text.open(Tag::Mark(MarkNo(0))),
                4 => text.mention(Entity::Actor(us), &words),
                5 => text.cite(wh),
                6 => text.open(Tag::CodeBlock("".into())),
                7..9 => text.close(),
                9 => text.heading(&words, "h"),
                _ => text.text(&words.repeat(repeated)),
            };
        }
        let page = book.page("text", text);
        let site = book.site();
        let found = passages(&site, Doc::Briefing(page));
        for mention in &found.mentions {
            prop_assert!(mention.sentence.get(mention.words.clone()).is_some());
            prop_assert!(mention.sentence.chars().count() <= 304);
        }
        if let Some(passage) = found.mark(MarkNo(0)) {
            prop_assert!(passage.sentence.get(passage.words.clone()).is_some());
        }
        for block in blocks(&site.prose(Doc::Briefing(page)).body) {
            for inline in &block.inlines {
                prop_assert!(block.text.get(inline.range.clone()).is_some());
            }
        }
    }
}
