//! Nothing that a site says of a party is more than the record holds.

use crate::book::{self, Book};
use whosaid::compile::{self, Cache};
use whosaid::derive;
use whosaid::model::{Site, Stance};

/// Returns a book with the shared actors and sources, and a briefing with `marks`.
fn with(marks: &str) -> Book {
    book::book(&format!(
        "//- book.toml\n[whosaid]\nexports = [\"json\"]\n{}//- content/sources/any.md\n---\ntitle: News\ndate: 2021-07-20\n---\n\
         //- content/index.md\n---\ndate: 2021-10-31\n---\n# A\n\n{marks}\n",
        book::SHARED
    ))
}

fn site(book: &Book) -> Site {
    let mut cache = Cache::default();
    let site = compile::analyze(&book.inputs, &mut cache);
    site.site().clone()
}

const BASE: &str = "[Y](claim:aa \"by=us against=mss\") [@wh].";

#[test]
fn a_silence_is_no_question_unless_the_record_says_that_one_was_asked() {
    let silent = with(&format!(
        "{BASE} [Nothing](no-response:aa \"by=mss\") [@any]."
    ));
    let asked = with(&format!(
        "{BASE} [Nothing](no-response:aa \"by=mss asked=2021-07-21\") [@any]."
    ));
    for (address, bytes) in &silent.build.outputs {
        let text = String::from_utf8_lossy(bytes);
        for words in ["was asked", "though asked", "when asked"] {
            assert!(!text.contains(words), "{words} in {address}");
        }
    }
    let page = asked.page("claims/aa.html");
    assert!(page.contains("though asked"), "{page}");
}

#[test]
fn a_reply_is_what_the_accused_says_now() {
    for (first, then, shown) in [
        ("acknowledges", "denies", Stance::Denies),
        ("admits", "denies", Stance::Denies),
        ("denies", "admits", Stance::Admits),
        ("denies", "acknowledges", Stance::Denies),
        ("no-comment", "questions", Stance::Questions),
    ] {
        let book = with(&format!(
            "{BASE} [One]({first}:aa \"by=mss on=2021-07-20\") [@any]. [Two]({then}:aa \"by=mss on=2021-07-25\") [@any]."
        ));
        let site = site(&book);
        let claim = site.claims().ids().next().expect("a claim");
        let standing = derive::standing(&site, claim, None);
        let position = standing.replies[0].position.expect("a reply");
        let stance = site.claims()[claim].positions[position].stance;
        assert_eq!(stance, shown, "{first}, then {then}");
    }
}

#[test]
fn a_claim_keeps_the_name_of_who_made_it_after_a_reversal() {
    let book = with(
        "[Y](claim:aa \"by=uk against=mss on=2021-07-19\") [@fc]. [No](denies:aa \"by=uk on=2021-07-25\") [@fc].",
    );
    let page = book.page("claims/aa.html");
    assert!(page.contains("United Kingdom (since reversed)"), "{page}");
    assert!(!page.contains("No party on record"), "{page}");
}

#[test]
fn each_unnamed_voice_and_each_reported_party_is_kept() {
    let unnamed = "by=unnamed mode=background on=2021-07-19";
    for (marks, positions) in [
        (
            format!("[Y](claim:aa \"{unnamed}\") [@any]. [Also](claim:aa \"{unnamed}\") [@any]."),
            2,
        ),
        (
            format!(
                "{BASE} [R](reports:aa \"by=prc said-by=us\") [@any]. [S](reports:aa \"by=prc said-by=uk\") [@any]."
            ),
            3,
        ),
        (
            format!(
                "{BASE} [B](claim:bb \"by=us\") [@wh]. [C](claim:cc \"by=us\") [@wh]. [R](corrects:aa \"by=us with=bb\") [@wh]. [S](corrects:aa \"by=us with=cc\") [@wh]."
            ),
            3,
        ),
    ] {
        let site = site(&with(&marks));
        let (_, claim) = site
            .claims()
            .iter()
            .find(|(_, it)| it.id == "aa")
            .expect("a claim");
        assert_eq!(claim.positions.len(), positions, "{marks}");
    }
}

#[test]
fn a_repeated_mark_loses_no_attribute_without_a_message() {
    for (one, two) in [
        ("grade=A1", "grade=B2"),
        ("basis=technical", "basis=legal"),
        ("asked=2021-07-20", "asked=2021-07-22"),
        ("via=email", "via=phone"),
    ] {
        let verb = if one.starts_with('g') || one.starts_with('b') {
            "denies"
        } else {
            "no-comment"
        };
        let book = with(&format!(
            "{BASE} [N]({verb}:aa \"by=mss on=2021-07-25 {one}\") [@any]. [N]({verb}:aa \"by=mss on=2021-07-25 {two}\") [@any]."
        ));
        assert!(
            book.codes().contains(&"WS157"),
            "{one}, {two}: {}",
            book.report()
        );
    }
}

#[test]
fn a_continued_mark_keeps_its_source_whoever_wrote_that() {
    let book = with(&format!("{BASE} [More](claim:aa \"cont\") [@fc, p. 4]."));
    let site = site(&book);
    let (_, claim) = site.claims().iter().next().expect("a claim");
    assert_eq!(claim.positions.len(), 1);
    assert_eq!(claim.positions[0].sources.len(), 2, "{}", book.report());
}

#[test]
fn parties_of_one_root_are_not_one_party() {
    let page = with("[Y](claim:aa \"by=prc,mss\") [@any].");
    let page = page.page("claims/aa.html");
    assert!(page.contains("stated by 2 parties of one origin"), "{page}");
    assert!(!page.contains("stated by one party"), "{page}");
}

#[test]
fn another_ministry_is_no_typo() {
    let book = book::book(&format!(
        "{}//- content/actors/rus-mfa.md\n---\nname: Russian Foreign Ministry\n---\n//- content/index.md\n# A\n\n[Y](claim:aa \"by=rus-mod\") [@wh].\n",
        book::SHARED
    ));
    let report = book.report();
    assert!(
        report.contains("unknown actor `rus-mod`") && !report.contains("did you mean"),
        "{report}"
    );
}
