use super::*;
use crate::derive;
use crate::derive::tests::fixture::{Book, Writer, date};
use crate::diag::Code;
use crate::model::*;
use crate::text::Span;
use proptest::prelude::*;

/// Returns the diagnostics of `code` for `book`.
fn raised(book: &Book, code: Code, options: &Options) -> Vec<Diagnostic> {
    let built = book.site();
    let standings = derive::standings(&built);
    let mut found = site(&built, &standings, options);
    found.retain(|diagnostic| diagnostic.code == code);
    for diagnostic in &found {
        assert!(!diagnostic.hints.is_empty(), "{} gives no hint", code.id());
        assert!(!diagnostic.label.is_empty(), "{} has no label", code.id());
        assert!(!diagnostic.message.ends_with('.'), "{}", diagnostic.message);
    }
    found
}

fn messages(book: &Book, code: Code) -> Vec<String> {
    let found = raised(book, code, &Options::default());
    found.into_iter().map(|found| found.message).collect()
}

/// A book with one claim, `exch-mss` against `mss`, which `us` states on its own source.
struct Case {
    book: Book,
    us: Id<Actor>,
    uk: Id<Actor>,
    mss: Id<Actor>,
    wh: Id<Source>,
    claim: Id<Claim>,
}

impl Case {
    fn new() -> Case {
        let mut book = Book::new();
        let (us, uk, mss) = (book.actor("us"), book.actor("uk"), book.actor("mss"));
        let wh = book.source("wh-2021", &[]);
        let claim = book.claim("exch-mss", &[mss]);
        book.say(claim, us, Stance::Claims, "2021-07-19")
            .from(&[wh]);
        Case {
            book,
            us,
            uk,
            mss,
            wh,
            claim,
        }
    }

    fn say(&mut self, by: Id<Actor>, stance: Stance, on: &str) -> &mut Position {
        self.book.say(self.claim, by, stance, on)
    }

    fn first(&mut self) -> &mut Position {
        &mut self.book.parts.claims.get_mut(self.claim).positions[0]
    }

    fn claim(&mut self) -> &mut Claim {
        self.book.parts.claims.get_mut(self.claim)
    }

    fn source(&mut self) -> &mut Source {
        self.book.parts.sources.get_mut(self.wh)
    }

    fn messages(&self, code: Code) -> Vec<String> {
        messages(&self.book, code)
    }
}

/// Returns the messages of `code` for a page with one paragraph.
fn of_text(text: &str, code: Code) -> Vec<String> {
    let mut book = Book::new();
    book.page("text", Writer::new().paragraph(text));
    messages(&book, code)
}

#[test]
fn quoted_words_are_looked_up() {
    let mut case = Case::new();
    case.source().kept_words =
        "Spokesman: “The charge was\ninvented,” and – he said – baseless.".into();
    let mut quoting = |words: &str| {
        let first = case.first();
        first.quote = true;
        first.words = words.into();
        case.messages(Code::QuoteNotInSource)
    };
    assert_eq!(
        quoting("the charge was invented"),
        ["quoted words are not in the kept text of `wh-2021`"]
    );
    assert_eq!(quoting("baseless … The charge").len(), 1);
    for held in [
        "The charge was invented",
        "\"The charge was invented.\"",
        "[T]he charge […] he said - baseless",
        "The charge ... baseless",
    ] {
        assert!(quoting(held).is_empty(), "{held}");
    }
    let mut misquoting = |words: &str| {
        case.first().words = words.into();
        let found = raised(&case.book, Code::QuoteNotInSource, &Options::default());
        (found[0].label.clone(), found[0].hints[0].clone())
    };
    assert_eq!(
        misquoting("The charge is invented, and – she said – baseless"),
        (
            "`is invented,` instead of `was invented,”`, `she` instead of `he`".into(),
            "copy the passage as it is: `The charge was invented,” and – he said – baseless`"
                .into()
        )
    );
    assert_eq!(
        misquoting("he said … The charge").0,
        "`The charge` comes earlier in the kept text"
    );
    assert_eq!(
        misquoting("a wholly different statement of theirs").0,
        "no passage of the kept text is similar to these words"
    );
    case.source().kept_words.clear();
    case.first().words = "anything".into();
    assert!(case.messages(Code::QuoteNotInSource).is_empty());
}

#[test]
fn an_assertion_wants_a_source() {
    let mut case = Case::new();
    let (us, uk) = (case.us, case.uk);
    let claim = case.claim;
    case.book
        .say_together(claim, &[us, uk], Stance::Denies, "2021-07-20");
    case.say(case.mss, Stance::NoResponse, "2021-07-20");
    assert_eq!(
        case.messages(Code::ClaimWithoutSource),
        ["denial of `exch-mss` has no source"]
    );
    let wh = case.wh;
    for position in &mut case.claim().positions {
        position.from(&[wh]);
    }
    assert!(case.messages(Code::ClaimWithoutSource).is_empty());
    let unnamed = case.book.actor("unnamed");
    case.say(unnamed, Stance::Claims, "2021-07-20").mode = Mode::Background;
    assert!(case.messages(Code::ClaimWithoutSource).is_empty());
}

#[test]
fn an_accusation_wants_a_reply() {
    let mut case = Case::new();
    let apt = case.book.actor("apt40");
    case.claim().against.push(apt);
    let found = raised(
        &case.book,
        Code::AccusationWithoutReply,
        &Options::default(),
    );
    assert_eq!(
        found[0].message,
        "no recorded reply of `mss` and `apt40` to `exch-mss`"
    );
    assert!(found[0].hints[0].contains("`[words](denies:exch-mss \"by=mss\")`"));
    assert_eq!(found[0].place, case.first().place);
    case.say(case.mss, Stance::NoResponse, "2021-07-20");
    assert_eq!(
        case.messages(Code::AccusationWithoutReply),
        ["no recorded reply of `apt40` to `exch-mss`"]
    );
    case.say(apt, Stance::NoComment, "2021-07-20");
    assert!(case.messages(Code::AccusationWithoutReply).is_empty());
}

#[test]
fn ids_one_slip_apart_are_asked_about() {
    let pair = |one: &str, other: &str| {
        let mut book = Book::new();
        book.claim(one, &[]);
        book.claim(other, &[]);
        messages(&book, Code::NearDuplicate)
    };
    assert_eq!(
        pair("exch-mss", "exch-mms"),
        ["claims `exch-mss` and `exch-mms` differ by one letter"]
    );
    for (one, other) in [
        ("exchange", "exchnage"),
        ("exchange", "exchanges"),
        ("microsoft", "icrosoft"),
    ] {
        assert_eq!(pair(one, other).len(), 1, "{one} {other}");
    }
    for (one, other) in [
        ("flaw-1", "flaw-2"),
        ("flaw-1", "flaw-12"),
        ("smith-2021a", "smith-2021b"),
        ("smith-2021", "smith-2021b"),
        ("annex-a", "annex-b"),
        ("uk-a", "uk-bc"),
        ("prc", "prk"),
        ("exchange", "exchequer"),
    ] {
        assert_eq!(pair(one, other), [""; 0], "{one} {other}");
    }
    // Claims that accuse different actors are different claims.
    let mut book = Book::new();
    let (mss, gru) = (book.actor("mss"), book.actor("gru"));
    book.claim("exch-mss", &[mss]);
    book.claim("exch-mms", &[gru]);
    assert!(messages(&book, Code::NearDuplicate).is_empty());
    let mut book = Book::new();
    book.actor("us-doj");
    book.actor("us-dod");
    assert!(messages(&book, Code::NearDuplicate).is_empty());
    book.actor("microsoft");
    book.actor("micrasoft");
    assert_eq!(messages(&book, Code::NearDuplicate).len(), 1);
}

#[test]
fn texts_that_say_the_same_are_asked_about() {
    let pair = |one: &str, other: &str| {
        let mut book = Book::new();
        for (id, text) in [("first", one), ("other", other)] {
            let claim = book.claim(id, &[]);
            book.parts.claims.get_mut(claim).text = text.into();
        }
        messages(&book, Code::NearDuplicate)
    };
    let long = "The ministry ran the intrusion into Exchange servers in early March";
    assert_eq!(
        pair("The MSS ran it.", "the  mss ran it"),
        ["claims `first` and `other` have nearly the same text"]
    );
    assert_eq!(pair(long, &long.replace("ran", "led")).len(), 1);
    assert_eq!(pair(long, &long.replace("ran the", "led an")).len(), 0);
    assert_eq!(pair(long, &format!("{long} 2021")).len(), 0);
    assert_eq!(pair(long, &long.replace("ran", "never ran")).len(), 0);
    assert_eq!(pair(long, &long.replace("ran", "didn’t run")).len(), 0);
    assert_eq!(
        pair(
            "The group used four flaws in the mail servers of the firm in March",
            "The group used two flaws in the mail servers of a firm in March"
        )
        .len(),
        0
    );
    let accused = |same: bool| {
        let mut book = Book::new();
        let (mss, gru) = (book.actor("mss"), book.actor("gru"));
        for (id, text, against) in [
            ("first", long.to_owned(), mss),
            (
                "other",
                long.replace("ran", "led"),
                if same { mss } else { gru },
            ),
        ] {
            let claim = book.claim(id, &[against]);
            book.parts.claims.get_mut(claim).text = text;
        }
        messages(&book, Code::NearDuplicate).len()
    };
    assert_eq!((accused(true), accused(false)), (1, 0));
    // One warning for each pair.
    let mut book = Book::new();
    for (id, text) in [("exch-mss", long), ("exch-mms", long)] {
        let claim = book.claim(id, &[]);
        book.parts.claims.get_mut(claim).text = text.into();
    }
    assert_eq!(
        messages(&book, Code::NearDuplicate),
        ["claims `exch-mss` and `exch-mms` differ by one letter"]
    );
    assert_eq!(
        pair(
            "China accuses the United States of the theft",
            "The United States accuses China of the theft"
        )
        .len(),
        0
    );
}

#[test]
fn many_claims_are_not_compared_with_all() {
    let mut book = Book::new();
    for n in 0..4_000 {
        let claim = book.claim(&format!("claim-{n}x"), &[]);
        book.parts.claims.get_mut(claim).text = format!(
            "The group numbered g{n} exploited the known flaw in the servers of the company"
        );
    }
    assert!(messages(&book, Code::NearDuplicate).is_empty());
}

#[test]
fn dates_are_held_against_event_source_and_document() {
    let mut case = Case::new();
    let event = case.book.event("intrusion", "2021-08", &[]);
    case.claim().event = Some(event);
    assert_eq!(
        case.messages(Code::BeforeEvent),
        ["position of `2021-07-19` is dated before its event `intrusion`"]
    );
    case.book.parts.events.get_mut(event).on = Some(date("2021"));
    assert!(case.messages(Code::BeforeEvent).is_empty());
    case.book.parts.events.get_mut(event).on = Some(date("2021-08-01~"));
    assert!(case.messages(Code::BeforeEvent).is_empty());
    case.book.parts.events.get_mut(event).on = Some(date("2021-12"));
    assert_eq!(case.messages(Code::BeforeEvent).len(), 1);
    // A prediction and a denial can be earlier than the event.
    case.claim().text = "The group will break into the mail".into();
    assert!(case.messages(Code::BeforeEvent).is_empty());
    case.claim().text = "The group broke into the mail".into();
    case.first().likelihood = Likelihood::read("very likely").ok();
    assert!(case.messages(Code::BeforeEvent).is_empty());
    case.first().likelihood = None;
    case.first().stance = Stance::Denies;
    assert!(case.messages(Code::BeforeEvent).is_empty());
    case.first().stance = Stance::Claims;

    case.source().date = Some(date("2021-07-18"));
    assert_eq!(
        case.messages(Code::AfterSource),
        ["position of `2021-07-19` is dated after its source `wh-2021`"]
    );
    case.source().date = Some(date("2021-07"));
    assert!(case.messages(Code::AfterSource).is_empty());
    // A claim about the day of its source is not about a later day.
    case.source().date = Some(date("2021-07-18"));
    case.first().on = Some(date("2021-07-20~"));
    assert!(case.messages(Code::AfterSource).is_empty());
    case.first().on = Some(date("2021-10-20~"));
    assert_eq!(case.messages(Code::AfterSource).len(), 1);
    case.first().on = Some(date("2021-07-19"));
    case.source().date = Some(date("2021-07"));

    let page = case.book.first_page();
    case.book.parts.briefings.get_mut(page).as_of = Some(date("2021-06"));
    assert_eq!(
        case.messages(Code::AfterAsOf),
        ["position of `2021-07-19` is dated after the document's `as-of: 2021-06`"]
    );
    case.book.parts.briefings.get_mut(page).as_of = Some(date("2021-07-19"));
    assert!(case.messages(Code::AfterAsOf).is_empty());
}

#[test]
fn a_reply_follows_what_it_answers() {
    let mut case = Case::new();
    case.say(case.mss, Stance::Denies, "2021-03-03");
    assert_eq!(
        case.messages(Code::ReplyBeforeAccusation),
        ["reply of `mss` is dated before `exch-mss` was first stated"]
    );
    case.claim().positions[1].on = Some(date("2021"));
    assert!(case.messages(Code::ReplyBeforeAccusation).is_empty());
}

#[test]
fn a_turn_wants_a_retraction() {
    let mut case = Case::new();
    case.say(case.us, Stance::Denies, "2021-08-02");
    assert_eq!(
        case.messages(Code::TurnedWithoutRetraction),
        ["`us` takes both sides of `exch-mss` without a retraction"]
    );
    case.say(case.us, Stance::Denies, "2021-08-03");
    assert_eq!(case.messages(Code::TurnedWithoutRetraction).len(), 1);
    case.say(case.us, Stance::Retracts, "2021-08-01");
    assert!(case.messages(Code::TurnedWithoutRetraction).is_empty());
    assert!(case.messages(Code::NothingToRetract).is_empty());
}

#[test]
fn a_retraction_wants_something_to_retract() {
    let mut case = Case::new();
    case.say(case.uk, Stance::Corrects, "2021-08-01");
    assert_eq!(
        case.messages(Code::NothingToRetract),
        ["`uk` has no earlier position on `exch-mss` to retract"]
    );
    case.say(case.uk, Stance::Endorses, "2021-07-01");
    assert!(case.messages(Code::NothingToRetract).is_empty());
}

#[test]
fn nobody_accuses_itself_by_claim() {
    let mut case = Case::new();
    case.say(case.mss, Stance::Claims, "2021-07-20");
    assert_eq!(
        case.messages(Code::SpeaksOfItself),
        ["`mss` both states `exch-mss` and is accused by it"]
    );
    case.claim().positions[1].stance = Stance::Admits;
    assert!(case.messages(Code::SpeaksOfItself).is_empty());
}

#[test]
fn confidence_is_not_likelihood() {
    let mut case = Case::new();
    case.first().confidence = Confidence::read("high");
    assert!(case.messages(Code::ConfAndLikely).is_empty());
    case.first().likelihood = Likelihood::read("very likely").ok();
    assert_eq!(
        case.messages(Code::ConfAndLikely),
        ["`conf=high` and `likely=very likely` in one mark"]
    );
}

#[test]
fn two_voices_of_one_source_are_asked_about() {
    let mut case = Case::new();
    let article = case.book.source("article", &[case.wh]);
    case.say(case.uk, Stance::Claims, "2021-07-19")
        .from(&[article]);
    assert_eq!(
        case.messages(Code::SingleOrigin),
        ["all support for `exch-mss` is based on one source"]
    );
    case.first().jointly("july");
    case.claim().positions[1].jointly("july");
    assert!(case.messages(Code::SingleOrigin).is_empty());
    case.first().joint = None;
    let fcdo = case.book.source("fcdo-2021", &[]);
    case.claim().positions[1].from(&[fcdo]);
    assert!(case.messages(Code::SingleOrigin).is_empty());
}

#[test]
fn second_hand_wants_a_first() {
    let mut case = Case::new();
    assert!(case.messages(Code::SecondHandOnly).is_empty());
    for stance in [Stance::Reports, Stance::Endorses] {
        case.first().stance = stance;
        assert_eq!(
            case.messages(Code::SecondHandOnly),
            ["`exch-mss` is only on record at second hand"]
        );
    }
}

#[test]
fn an_accused_person_has_a_status() {
    let mut case = Case::new();
    case.book.parts.actors.get_mut(case.mss).kind = ActorKind::Person;
    assert_eq!(
        case.messages(Code::PersonWithoutStatus),
        ["person `mss` is accused and has no `status`"]
    );
    case.book.parts.actors.get_mut(case.mss).legal_status = Some(LegalStatus::Charged);
    assert!(case.messages(Code::PersonWithoutStatus).is_empty());
}

#[test]
fn what_nothing_leads_to_is_asked_about() {
    let mut case = Case::new();
    assert_eq!(
        case.messages(Code::OrphanActor),
        ["actor `uk` is never mentioned"]
    );
    case.book.actor("unnamed");
    let (paper, base) = (
        case.book.source("paper", &[]),
        case.book.source("base", &[case.wh]),
    );
    assert_eq!(
        case.messages(Code::UncitedSource),
        [
            "source `paper` is never cited",
            "source `base` is never cited"
        ]
    );
    let text = Writer::new()
        .open(Tag::Paragraph)
        .mention(Entity::Actor(case.uk), "London")
        .cite(paper)
        .cite(base)
        .close();
    case.book.page("text", text);
    assert!(case.messages(Code::OrphanActor).is_empty());
    assert!(case.messages(Code::UncitedSource).is_empty());
}

#[test]
fn attribution_to_nobody_is_asked_about() {
    let code = Code::VagueAttribution;
    assert_eq!(
        of_text("But experts say so, and it is widely believed.", code),
        [
            "vague attribution: `experts say`",
            "vague attribution: `it is widely believed`"
        ]
    );
    for text in [
        "Some experts say so.",
        "Many believe it.",
        "According to sources, it did.",
        "It is believed to be so.",
        "The critics claim it.",
        "Its critics say so.",
        "Sources familiar with the matter said so.",
        "Officials who asked not to be named said so.",
        "People briefed on the plans said so.",
        "The group is said to have left.",
        "The group is widely expected to leave.",
        "Researchers say so.",
        "Studies suggest it.",
        "Commentators in the capital say so.",
        "It was wrong, said one official.",
        "A minister, speaking on condition of anonymity, said so.",
        "The law is seen by critics as a mistake.",
        "By some accounts it failed.",
        "The minister reportedly left.",
        "There is growing speculation that it failed.",
        "The ministry denied reports that it failed.",
        "Microsoft said no, but experts say yes.",
        "Several shopkeepers said so.",
    ] {
        assert_eq!(of_text(text, code).len(), 1, "{text}");
    }
    for text in [
        "Microsoft analysts said so.",
        "The firm’s experts say so.",
        "According to sources at Microsoft, it did.",
        "It is widely used.",
        "He wrote “experts say so” there.",
        "Handsome saying.",
        "Microsoft said that some experts believe it.",
        "Experts believe it, according to Microsoft.",
        "Many believe it, the ministry said.",
        "Here are some suggested documents.",
        "In this guide it is assumed that you have a key.",
        "The experts agree with what they wrote.",
        "Analysts at Harrow Bank said so.",
        "The court is expected to rule on Friday.",
        "It is not said where.",
        "Add a source of another origin.",
    ] {
        assert!(of_text(text, code).is_empty(), "{text}");
    }
}

/// An attribution is not vague if a mark with a speaker, a citation or a link to a source covers
/// the sentence.
#[test]
fn attribution_that_a_mark_or_citation_owns_is_not_vague() {
    let mut book = Book::new();
    let wh = book.source("wh-2021", &[]);
    let text = Writer::new()
        .open(Tag::Paragraph)
        .text("Experts say that ")
        .mark(0, "it failed")
        .text(". Critics agree, but experts say otherwise. ")
        .mark(0, "It burned")
        .text(", officials said. Observers say so ")
        .cite(wh)
        .text(". Analysts say more.")
        .cite(wh)
        .text(" Diplomats say less.")
        .close();
    book.page("text", text);
    assert_eq!(
        messages(&book, Code::VagueAttribution),
        [
            "vague attribution: `Critics agree`",
            "vague attribution: `experts say`",
            "vague attribution: `Diplomats say`",
        ]
    );
}

#[test]
fn attribution_is_found_where_it_was_written() {
    let mut book = Book::new();
    let text = Writer::new()
        .paragraph("Élan. ")
        .open(Tag::Paragraph)
        .text("Now observers")
        .node(Node::SoftBreak)
        .text("believe it. ")
        .mark(0, "Experts say no")
        .node(Node::Code("critics say".into()))
        .close()
        .open(Tag::Quote(None))
        .paragraph("Experts say yes")
        .close();
    book.page("text", text);
    let found = raised(&book, Code::VagueAttribution, &Options::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "vague attribution: `observers believe`");
    assert_eq!(found[0].place.span, Span::new(11..27));
}

#[test]
fn names_are_looked_for_when_asked() {
    let mut book = Book::new();
    let mss = book.actor("mss");
    book.parts.actors.get_mut(mss).aliases = vec!["the ministry".into(), "MS".into()];
    let text = |mention: bool| {
        let text = Writer::new()
            .heading("MSS", "mss")
            .paragraph("An MSSX and the MSS, or the ministry.");
        if mention {
            text.open(Tag::Paragraph)
                .mention(Entity::Actor(mss), "MSS")
                .close()
        } else {
            text
        }
    };
    book.page("text", text(false));
    assert!(messages(&book, Code::UnmarkedName).is_empty());
    let options = Options {
        unmarked_names: true,
        is_redacted: false,
    };
    let found = raised(&book, Code::UnmarkedName, &options);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "unmarked name `MSS` of the actor `mss`");
    assert_eq!(found[0].hints, ["write `[[MSS]]`"]);
    let mut book = Book::new();
    book.actor("mss");
    book.page("text", text(true));
    assert!(raised(&book, Code::UnmarkedName, &options).is_empty());
}

#[test]
fn a_sound_book_gets_no_questions() {
    let mut case = Case::new();
    let (uk, mss, wh) = (case.uk, case.mss, case.wh);
    case.source().date = Some(date("2021-07-19"));
    let fcdo = case.book.source("fcdo-2021", &[]);
    case.say(uk, Stance::Claims, "2021-07-19").from(&[fcdo]);
    case.say(mss, Stance::Denies, "2021-07-20").from(&[fcdo]);
    case.say(uk, Stance::Retracts, "2021-08-01").from(&[fcdo]);
    case.say(uk, Stance::Disputes, "2021-08-02").from(&[fcdo]);
    case.first().from(&[wh]);
    let built = case.book.site();
    let standings = derive::standings(&built);
    let options = Options {
        unmarked_names: true,
        is_redacted: false,
    };
    assert_eq!(site(&built, &standings, &options), []);
}

proptest! {
    #[test]
    fn any_words_can_be_checked(
        words in "[a-z“”\"\\[\\].… é-]{0,40}",
        kept in "[a-z“”\"\\[\\].… é-]{0,40}",
        text in "([Ee]xperts say|it is widely|believed|MSS|É|“|”|[ .,])*",
    ) {
        let mut case = Case::new();
        case.first().quote = true;
        case.first().words = words.clone();
        case.source().kept_words = kept.clone();
        let uk = case.uk;
        case.book.parts.actors.get_mut(uk).name = "É MSS".into();
        case.claim().text = words;
        let second = case.book.claim("exch-mms", &[]);
        case.book.parts.claims.get_mut(second).text = kept;
        case.book.page("text", Writer::new().paragraph(&text));
        let built = case.book.site();
        let options = Options {
            unmarked_names: true,
            is_redacted: false,
        };
        let found = site(&built, &derive::standings(&built), &options);
        for diagnostic in found.iter().filter(|found| found.code == Code::VagueAttribution) {
            let quoted = diagnostic.place.span.of(&text).to_lowercase();
            let named = format!("vague attribution: `{quoted}`");
            prop_assert!(diagnostic.message.to_lowercase().starts_with(&named));
        }
    }
}
