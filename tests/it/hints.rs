//! Applies the fixes of hints: the diagnostic must disappear, and no new one may appear.

use std::collections::BTreeSet;

use crate::book::{self, Book, SHARED};
use crate::manual::examples;
use whosaid::diag::{Code, Diagnostic, Fix, explain};

/// Identifies a diagnostic, independent of its place.
type Said = (Code, String);

fn said(book: &Book) -> BTreeSet<Said> {
    let diagnostics = book.build.diagnostics.iter();
    diagnostics
        .map(|it| (it.code, it.message.clone()))
        .collect()
}

fn fixed(book: &Book, fix: &Fix) -> Book {
    let mut files = book.inputs.files.clone();
    for (path, bytes) in &mut files {
        if let Ok(text) = std::str::from_utf8(bytes) {
            *bytes = fix.apply(path, text).into_bytes().into();
        }
    }
    book::build(book::inputs(files))
}

/// Returns the problem with the fixes of a diagnostic: each must remove it, and one of them without
/// a new diagnostic.
fn faults(book: &Book, diagnostic: &Diagnostic) -> Option<String> {
    let before = said(book);
    let own = (diagnostic.code, diagnostic.message.clone());
    let mut is_clean = false;
    for fix in &diagnostic.fixes {
        let after = fixed(book, fix);
        let left = said(&after);
        if left.contains(&own) {
            return Some(format!(
                "{own:?} is still there after {fix:?}\n{}",
                after.report()
            ));
        }
        is_clean |= left.is_subset(&before);
    }
    let fixes = &diagnostic.fixes;
    (!is_clean).then(|| {
        format!("{own:?}: something new comes of each of {fixes:?}\n{}", {
            let after = fixes.first().map(|fix| fixed(book, fix));
            after.map_or_else(|| "no fix".to_owned(), |after| after.report())
        })
    })
}

#[test]
fn what_a_hint_says_to_type_removes_its_diagnostic_and_brings_no_new_one() {
    let mut wrong = Vec::new();
    let mut typed = 0;
    let manual = Code::ALL
        .iter()
        .flat_map(|code| examples(explain(*code), "book fails"));
    let section_c = MISLEADING
        .iter()
        .map(|(text, ..)| format!("//- content/a.md\n# T\n\n{text}\n{CAST}{SHARED}"));
    for example in manual.chain(section_c) {
        let book = book::book(&example);
        for diagnostic in &book.build.diagnostics {
            let asks = diagnostic
                .hints
                .iter()
                .any(|hint| hint.starts_with("did you mean"));
            if diagnostic.fixes.is_empty() {
                if asks && !NOT_TYPED.contains(&diagnostic.code) {
                    wrong.push(format!("{diagnostic:?} has no fix"));
                }
                continue;
            }
            typed += 1;
            wrong.extend(faults(&book, diagnostic));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(typed >= 40, "{typed} hints were typed");
}

/// Codes whose hints concern files other than texts: configuration, templates, and inventories of
/// other sites.
const NOT_TYPED: [Code; 8] = [
    Code::UnreadableConfig,
    Code::UnknownConfigKey,
    Code::IdleConfigKey,
    Code::UnknownTemplate,
    Code::BrokenTemplate,
    Code::MissingPlugin,
    Code::MissingInventory,
    Code::UnknownFragment,
];

/// With [`SHARED`], actors, sources and one claim for the examples below.
const CAST: &str = "
[[us]] and [[uk]], [[netherlands]] and [[australia]], [[white-house]], [[prc]]: [it ran](claim:cc \"by=uk\") [@fc].
[[Ministry of State Security]] [@wh; @rus-mfa; @au-2018].
//- content/actors/netherlands.md
---
name: The Netherlands
---
//- content/actors/australia.md
---
name: Commonwealth of Australia
---
//- content/actors/white-house.md
---
name: White House
part-of: us
---
//- content/sources/rus-mfa.md
---
title: Briefing of the ministry
---
//- content/sources/au-2018.md
---
title: Australia's statement
---
";

/// A text, its diagnostic, the words of the hint, and words that the hint must not contain.
const MISLEADING: &[(&str, &str, &str, &str)] = &[
    (
        "[It said nothing](no-reply:cc \"by=prc on=2021-08\").",
        "WS008",
        "did you mean `no-response:`?",
        "no-comment",
    ),
    (
        "[No](rejects:cc \"by=prc\") [@rus-mfa].",
        "WS008",
        "did you mean `denies:`?",
        "",
    ),
    (
        "[No](refutes:cc \"by=prc\") [@rus-mfa].",
        "WS008",
        "did you mean `denies:`?",
        "",
    ),
    (
        "[Yes](says:cc \"by=us\") [@wh].",
        "WS008",
        "did you mean `claim:`?",
        "",
    ),
    (
        "[Yes](alleges:cc \"by=us\") [@wh].",
        "WS008",
        "did you mean `claim:`?",
        "",
    ),
    (
        "[Yes](mutters:cc \"by=us\") [@wh].",
        "WS008",
        "write one of: claim,",
        "address",
    ),
    (
        "[Yes](cont:cc \"by=us\") [@wh].",
        "WS008",
        "write `cont` as an attribute",
        "confirms",
    ),
    (
        "[No]{.denys of=cc by=prc on=2021-07-20} [@rus-mfa].",
        "WS008",
        "did you mean `.denies`?",
        "",
    ),
    (
        "[Yes](claim:cc \"by=us date=2021-07-19\") [@wh].",
        "WS009",
        "did you mean `on`?",
        "x-",
    ),
    (
        "[Yes](claim:cc \"by=us source=wh\").",
        "WS009",
        "did you mean `src`?",
        "x-",
    ),
    (
        "[Yes](claim:cc \"speaker=us\") [@wh].",
        "WS009",
        "did you mean `by`?",
        "x-",
    ),
    (
        "[Yes](claim:cc \"by=us confidence=high\") [@wh].",
        "WS009",
        "did you mean `conf`?",
        "x-",
    ),
    (
        "[Yes](claim:dd \"by=us accused=mss\") [@wh], [no](denies:dd \"by=mss\") [@au-2018].",
        "WS009",
        "did you mean `against`?",
        "x-",
    ),
    (
        "[Yes](confirms:cc \"by=whitehouse\") [@wh].",
        "WS001",
        "did you mean `white-house` (White House)?",
        "white house`",
    ),
    (
        "[Yes](confirms:cc \"by=uka\") [@fc].",
        "WS001",
        "did you mean `uk` (United Kingdom)?",
        "",
    ),
    (
        "[[Ministry of State Securty]] knew.",
        "WS004",
        "did you mean `mss` (Ministry of State Security)?",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=us\") [@wh-2018].",
        "WS003",
        "create a file `sources/wh-2018.md`",
        "au-2018",
    ),
    (
        "[Yes](confirms:cc \"by=us\") [@rus-mod].",
        "WS003",
        "create a file `sources/rus-mod.md`",
        "rus-mfa",
    ),
    ("See [it](cable.md).", "WS022", "", "a.md"),
    (
        "[Yes](claim:a \"by=us\") [@wh], [no](denies:a \"by=prc\") [@rus-mfa], [no](denies:a \"by=uk\") [@fc].",
        "WS031",
        "beginning with a letter",
        "",
    ),
    (
        "[Yes](confirms:cc “by=us”) [@wh].",
        "WS011",
        "write a straight quotation mark, `\"`",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=us text=“x y”\") [@wh].",
        "WS011",
        "write a straight quotation mark, `'`",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=us) [@wh].",
        "WS011",
        "write `\"` after the last attribute",
        "",
    ),
    (
        "[Yes](confirms:cc by=us) [@wh].",
        "WS011",
        "write quotation marks around",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=us at='the desk\") [@wh].",
        "WS011",
        "write `'` at the end of the value",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=us at='ESET's view'\") [@wh].",
        "WS011",
        "write `\\'` for an apostrophe",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=us on=2021-7-9\") [@wh].",
        "WS013",
        "write `2021-07-09`",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=us on=16/02/2018\") [@wh].",
        "WS013",
        "write `2018-02-16`",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=United States\") [@wh].",
        "WS010",
        "or `by='United States'` if it is one name",
        "",
    ),
    (
        "[Yes](confirms:cc \"by=netherlands australia\") [@rus-mfa].",
        "WS010",
        "write `by=netherlands,australia`",
        "",
    ),
    (
        "[Yes](confirms:cc \"by='netherlands australia'\") [@rus-mfa].",
        "WS001",
        "write `netherlands,australia`",
        "",
    ),
    (
        "*[Yes*](confirms:cc \"by=us\") [@wh].",
        "WS018",
        "put the whole mark inside the emphasis",
        "",
    ),
    (
        "[Yes] (confirms:cc \"by=us\") [@wh].",
        "WS011",
        "write `](` without the space",
        "",
    ),
    (
        "[Denmark(endorses:cc \"by=us\") [@wh]",
        "WS011",
        "write `]` after the words",
        "",
    ),
    (
        "## 15 February {on=2018-02-15\n\nIt rained.",
        "WS011",
        "write `}` after the last attribute",
        "",
    ),
    (
        "[The prc denied it (denies:cc \"by=prc\") [@rus-mfa].",
        "WS011",
        "write `]` after the words",
        "",
    ),
];

#[test]
fn hints_lead_where_an_author_meant_to_go() {
    for (text, code, hint, never) in MISLEADING {
        let book = book::book(&format!("//- content/a.md\n# T\n\n{text}\n{CAST}{SHARED}"));
        let first: Vec<&Diagnostic> = book.build.diagnostics.iter().collect();
        let of_code = first.iter().filter(|it| it.code.id() == *code).count();
        assert_eq!(of_code, 1, "{text}\n{}", book.report());
        let errors = first
            .iter()
            .filter(|it| it.severity == whosaid::diag::Severity::Error);
        assert_eq!(errors.count(), 1, "{text}\n{}", book.report());
        let found = first
            .iter()
            .find(|it| it.code.id() == *code)
            .expect("it is there");
        let hints = found.hints.join("; ");
        assert!(hints.contains(hint), "{text}: {hints}");
        assert!(
            never.is_empty() || !hints.contains(never),
            "{text}: {hints}"
        );
    }
}

#[test]
fn an_admission_as_the_hint_on_self_accusation_says_states_the_claim() {
    let text = |verb: &str| {
        format!(
            "//- content/a.md\n# T\n\n[We did it]({verb}:self \"by=us against=us\") [@wh].\n{CAST}{SHARED}"
        )
    };
    let before = book::book(&text("claim"));
    let told = before
        .build
        .diagnostics
        .iter()
        .find(|it| it.code == Code::SpeaksOfItself);
    let hint = &told.expect("WS110").hints[0];
    assert!(hint.contains("write `admits:self`"), "{hint}");
    let after = book::book(&text("admits"));
    assert_eq!(after.codes(), Vec::<&str>::new(), "{}", after.report());
    assert!(after.page("claims/self.html").contains("We did it"));
}

#[test]
fn front_matter_that_cannot_be_read_is_the_only_thing_reported() {
    for (text, code) in [
        ("---\ntitle: T\n\nWords.\n", "WS025"),
        ("---\ntitle: [a, b]\n---\n\nWords.\n", "WS010"),
        ("---\ntitel: T\n---\n\nWords.\n", "WS009"),
        ("---\ntitle: \"T\n---\n\nWords.\n", "WS026"),
    ] {
        let book = book::book(&format!("//- content/a.md\n{text}"));
        assert_eq!(book.codes(), [code], "{text}\n{}", book.report());
    }
}
