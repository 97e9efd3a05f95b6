//! Tests that input which used to be lost silently is reported.

use crate::book::{self, SHARED};

/// With [`SHARED`]: `mss` is part of `prc`, and `prc-mfa` speaks for it; each has a document.
const CAST: &str = "
//- content/z.md
# All

[[us]], [[uk]], [[prc]], [[mss]], [[prc-mfa]], [[peskov]]: [it opened the letters](claim:aa \"by=us against=uk\") [@wh], [not](denies:aa \"by=uk\") [@fc]. [More](claim:bb \"by=uk\") [@fc]. See [@any; @mfa].
//- content/actors/prc-mfa.md
---
name: Foreign Ministry of China
part-of: prc
speaks-for: prc
---
//- content/actors/peskov.md
---
name: Dmitry Peskov
---
//- content/sources/mfa.md
---
title: Answer
author: prc-mfa
date: 2021-07-20
---
//- content/sources/any.md
---
title: Review
date: 2021-12-31
---
";

fn codes(text: &str) -> (Vec<&'static str>, String) {
    let book = book::book(&format!("//- content/a.md\n# T\n\n{text}\n{CAST}{SHARED}"));
    (book.codes(), book.report())
}

#[test]
fn what_looks_like_ours_and_is_not_read_is_reported_once() {
    let cases = [
        ("[Denmark(confirms:bb \"by=us\") [@wh]", "WS011"),
        ("[Denmark] (confirms:bb \"by=us\") [@wh]", "WS011"),
        ("[Denmark](confirms:bb \"by=us [@wh]", "WS011"),
        ("## 15 February {on=2018-02-15\n\nIt rained.", "WS011"),
        ("## {#here It rained.\n\nIt did.", "WS011"),
        ("The GRU denied it (denies:bb \"by=us\").", "WS011"),
        ("It was so {by=us}.", "WS011"),
        ("[Yes]{claim #bb by=us} [@wh].", "WS008"),
        (
            "[It denied that]{.denys of=bb by=us on=2021-07-20} [@wh]",
            "WS008",
        ),
        ("[It denied that]{of=bb by=us on=2021-07-20} [@wh]", "WS008"),
        ("[](denies:bb \"by=us\") [@wh]", "WS011"),
        (
            "| a | b |\n|---|---|\n| c | d | [no](denies:bb \"by=us\") [@wh] |",
            "WS011",
        ),
        ("[no][mm] [@wh].", "WS152"),
        ("Words.\n\n[nn]: denies:bb \"by=us\"", "WS153"),
        (
            "[no][nn] [@wh].\n\n[nn]: denies:bb \"by=us\"\n[nn]: confirms:bb \"by=us\"",
            "WS153",
        ),
        (
            "> We did no such thing.\n> — [US](denies:bb \"by=us\") [@wh]",
            "WS154",
        ),
        (
            "> We did no such thing.\n\n— [US](denies:bb \"by=us\") [@wh]",
            "WS154",
        ),
        ("It was so [@wh, @fc].", "WS155"),
        ("It was so [@wh @fc].", "WS155"),
        ("It was so @wh.", "WS156"),
        ("It was so (@wh).", "WS156"),
        (
            "[Yes](confirms:bb \"by=us conf=high\") [@wh]. [Yes](confirms:bb \"by=us conf=low\") [@wh].",
            "WS157",
        ),
        (
            "[Yes](confirms:bb \"by=us\") [@wh]. [Yes](confirms:bb \"by=us mode=leaked\") [@wh].",
            "WS157",
        ),
        (
            "[Yes](confirms:bb \"by=prc voice=mss\") [@any]. [Yes](confirms:bb \"by=prc voice=prc-mfa\") [@any].",
            "WS157",
        ),
        (
            "[Yes](confirms:bb \"by=us\") [@wh]. [Yes](confirms:bb \"by=us on=2021-07-18\") [@wh].",
            "WS157",
        ),
        (
            "[Yes](confirms:bb \"by=us\") [@wh], [still](confirms:bb \"by=us cont on=2021-07-18\").",
            "WS157",
        ),
        (
            "[Sorry](corrects:bb \"by=uk on=2021-08-01 with=bb\") [@any].",
            "WS010",
        ),
        ("[Yes](confirms:bb \"by=us joint=five\") [@wh].", "WS160"),
        (
            "[Yes](confirms:bb \"by=us\"), [no](disputes:bb \"by=prc\") [@mfa].",
            "WS162",
        ),
        ("[Yes](confirms:bb \"by=us voice=peskov\") [@wh].", "WS163"),
        (
            "[Mail was read](event:break-in \"on=2021-03 who=uk\").",
            "WS101",
        ),
        (
            "[No](denies:bb \"by=us on=2021-07-18\") [@wh]. [Yes](confirms:bb \"by=us on=2021-08-01\") [@any].",
            "WS109",
        ),
    ];
    for (text, code) in cases {
        let (codes, report) = codes(text);
        assert_eq!(codes, [code], "{text}\n{report}");
        let count = report.matches(&format!("[{code}]")).count();
        assert_eq!(count, 1, "{text}\n{report}");
    }
}

#[test]
fn plain_text_is_no_mark() {
    for text in [
        "At 10:15 (see: the note) it was 3 = 2 + 1, {so} they say; a[0][1] and [1][2].",
        "\\[no](denies:bb \"by=us\") and \\[no]{.denies of=bb}.",
        "`[no](denies:bb \"by=us\")` and (denies\\:bb), by\\=us.",
        "```\n[no](denies:bb \"by=us\n[nn]: denies:bb\n```",
        "[words]{.small-caps #here lang=fr} and [words]{.report}."
            .trim_end_matches(" and [words]{.report}."),
        "Write to me\\@wh or desk@wh.example.",
        "> They said so.\n\n— and so it went on.",
        "> They said so.\n\n— [US](confirms:bb \"by=us\") said more [@wh].",
        "[Yes](confirms:bb \"by=us\"), [no](disputes:bb \"by=prc\") [@any].",
        "[Yes](confirms:bb \"by=us\") [@wh]. [Yes](confirms:bb \"by=us\") [@wh].",
        "[Yes](confirms:bb \"by=us on=2021-07-18\") [@any]. [Yes](confirms:bb \"by=us on=2021-07-19\") [@any].",
        "[Yes](confirms:bb \"by=prc voice=prc-mfa\") [@mfa].",
        "It was so [@wh, p. 4; @fc].",
    ] {
        let (codes, report) = codes(text);
        assert_eq!(codes, Vec::<&str>::new(), "{text}\n{report}");
    }
}

#[test]
fn what_a_continuing_mark_cites_belongs_to_its_position() {
    let text =
        "[Yes](confirms:bb \"by=us\") [@wh], and [more of it](confirms:bb \"by=us cont\") [@any].";
    let book = book::book(&format!("//- content/a.md\n# T\n\n{text}\n{CAST}{SHARED}"));
    assert_eq!(book.codes(), Vec::<&str>::new(), "{}", book.report());
    let page = book.page("claims/bb.html");
    assert!(page.contains("sources/wh.html") && page.contains("sources/any.html"));
}

#[test]
fn a_citation_group_of_many_keys_is_read_and_one_beyond_the_limit_reported() {
    let group = |count: usize| {
        let keys: Vec<String> = (0..count)
            .map(|_| "@any, ".to_owned() + &"x".repeat(90))
            .collect();
        format!("It was so [{}].", keys.join("; "))
    };
    let (found, report) = codes(&group(2_000));
    assert_eq!(found, Vec::<&str>::new(), "{report}");
    let (found, report) = codes(&group(12_000));
    assert!(
        found.contains(&"WS035"),
        "{found:?} {}",
        &report[..report.len().min(2_000)]
    );
}
