//! Names across spellings, line ends and scripts: mentions, automatic links, the check for unmarked
//! names, and quotations use one normal form.

use crate::book::{Book, book};

fn actor(id: &str, name: &str) -> String {
    format!("//- content/actors/{id}.md\n---\nname: {name}\n---\n")
}

/// Builds a book with one text, automatic links and these actors.
fn linked(text: &str, actors: &[(&str, &str)], more: &str) -> Book {
    let actors: String = actors.iter().map(|(id, name)| actor(id, name)).collect();
    book(&format!(
        "//- book.toml\n[whosaid]\nautolink = true\n//- content/a.md\n# A\n\n{text}\n{actors}{more}"
    ))
}

/// Returns the words of the text that are linked automatically.
fn mentions(text: &str, actors: &[(&str, &str)]) -> Vec<String> {
    mentions_of(&linked(text, actors, ""))
}

fn mentions_of(book: &Book) -> Vec<String> {
    let page = book.page("a.html");
    let body = page.split_once("</h1>").expect("a heading").1;
    let links = body.split("<a class=\"ent\"").skip(1);
    links
        .filter_map(|link| link.split_once('>')?.1.split_once("</a>"))
        .map(|(words, _)| words.to_owned())
        .collect()
}

/// Bug 32: smart punctuation has curled the quotes in the text before names are looked up.
#[test]
fn names_with_quotes_dots_and_dashes_are_found_in_text() {
    let actors = [
        ("red-cell", "'\"Red\" Cell'"),
        ("obrien", "O'Brien"),
        ("front", "Harbor Front -- Group"),
        ("wait", "Wait..."),
    ];
    let text = "Then O'Brien spoke, then the \"Red\" Cell, the Harbor Front -- Group and Wait...";
    assert_eq!(
        mentions(text, &actors),
        ["O’Brien", "“Red” Cell", "Harbor Front – Group", "Wait…"]
    );
    let found = linked(text, &actors, "");
    assert!(found.codes().is_empty(), "{}", found.report());
    let plain = "[output.html]\nsmart-punctuation = false\n";
    let actors: String = actors.iter().map(|(id, name)| actor(id, name)).collect();
    let found = book(&format!(
        "//- book.toml\n[whosaid]\nautolink = true\n{plain}//- content/a.md\n# A\n\n{text}\n{actors}"
    ));
    assert_eq!(mentions_of(&found)[0], "O'Brien");
    assert!(found.codes().is_empty(), "{}", found.report());
}

/// Bug 33: scripts without spaces have no visible word boundaries.
#[test]
fn names_are_found_in_scripts_without_spaces() {
    let actors = [("mss", "国家安全部"), ("apt28", "APT28")];
    let text = "据报道，国家安全部说，黑客组织APT28攻击了港口。";
    assert_eq!(mentions(text, &actors), ["国家安全部", "APT28"]);
    let book = linked(text, &actors, "");
    assert!(book.codes().is_empty(), "{}", book.report());
    assert_eq!(
        mentions("外務省は否定した。", &[("mfa", "外務省")]),
        ["外務省"]
    );
    assert_eq!(
        mentions("โฆษกกระทรวงกลาโหมกล่าวว่า", &[("mod", "กระทรวงกลาโหม")]),
        ["กระทรวงกลาโหม"]
    );
    assert_eq!(
        mentions("어제 국가정보원은 부인했다.", &[("nis", "국가정보원")]),
        ["국가정보원"]
    );
    assert_eq!(
        mentions("APT28이 공격했다.", &[("apt28", "APT28")]),
        ["APT28"]
    );
    // The longer name is used, a run of katakana is one word, and a Korean word can continue.
    let longest = [("mfa", "外交部"), ("spokesman", "外交部发言人")];
    assert_eq!(mentions("外交部发言人说", &longest), ["外交部发言人"]);
    assert_eq!(mentions("ベラルーシアの", &[("ru", "ルーシア")]), [""; 0]);
    assert_eq!(
        mentions("한국전력공사는 말했다.", &[("kr", "한국전력")]),
        [""; 0]
    );
    assert_eq!(
        mentions("The APT281 and xAPT28.", &[("apt28", "APT28")]),
        [""; 0]
    );
}

/// Bug 33: the check for unmarked names finds names in the same way.
#[test]
fn unmarked_names_are_found_in_every_script_and_spelling() {
    let book = book(&format!(
        "//- book.toml\n[whosaid.lints]\nunmarked-name = \"warn\"\norphan-actor = \"allow\"\n\
         //- content/a.md\n# A\n\n据报道，国家安全部说，黑客组织APT28攻击了港口。\n\nThen O'Brien spoke.\n{}{}{}",
        actor("mss", "国家安全部"),
        actor("apt28", "APT28"),
        actor("obrien", "O'Brien")
    ));
    let messages: Vec<_> = book
        .build
        .diagnostics
        .iter()
        .map(|it| it.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "unmarked name `国家安全部` of the actor `mss`",
            "unmarked name `APT28` of the actor `apt28`",
            "unmarked name `O’Brien` of the actor `obrien`",
        ]
    );
    let place = &book.build.diagnostics[2].place;
    let text = std::str::from_utf8(&book.inputs.files[&place.file]).expect("UTF-8");
    assert_eq!(&text[place.span.range()], "O'Brien");
}

/// Bug 34: word processors and data files use typographic apostrophes and dashes.
#[test]
fn a_mention_finds_a_name_whatever_its_quotes_and_dashes() {
    let book = book(&format!(
        "//- content/a.md\n# A\n\n[[O'Brien]] and [[Harbor Front - Group]].\n{}{}",
        actor("obrien", "O’Brien"),
        actor("group", "Harbor Front – Group")
    ));
    assert!(book.codes().is_empty(), "{}", book.report());
    assert_eq!(mentions_of(&book), ["O'Brien", "Harbor Front - Group"]);
}

/// Bug 28: hints show names, not the keys for comparing them.
#[test]
fn hints_show_names_as_written_and_case_is_folded_in_full() {
    let book = book(&format!(
        "//- content/a.md\n# A\n\n[[istanbul]] and [[STRASSE]] and [[straße]] and [[ΟΔΥΣΣΕΎΣ]].\n{}{}{}",
        actor("ist", "İstanbul"),
        actor("street", "Straße"),
        actor("ulysses", "Οδυσσεύς")
    ));
    let errors: Vec<_> = book
        .build
        .diagnostics
        .iter()
        .filter(|it| it.code.id() == "WS004")
        .map(|it| (it.message.as_str(), it.hints[0].as_str()))
        .collect();
    assert_eq!(
        errors,
        [("unknown name `istanbul`", "did you mean `ist` (İstanbul)?")],
        "{}",
        book.report()
    );
}

/// Bug 06: a line end between two wide characters is not a space (CSS Text 3).
#[test]
fn a_line_end_within_chinese_is_no_space() {
    let text = "港务局打开了所有邮件，并且交给了部门";
    let book = book(&format!(
        "//- book.toml\n[book]\nlanguage = \"zh-CN\"\n[whosaid]\nexports = [\"json\"]\n//- content/a.md\n# 港\n\n\
         [港务局打开了\n所有邮件，并且\n交给了**部门**](claim:mail \"by=port against=mfa on=2031-03-01\") [@nn]。\n\n\
         [[外交\n部]]说\nAPT28，还有\nAPT29。\n{}{}//- content/sources/nn.md\n---\ntitle: 通知\ndate: 2031-03-01\n---\n",
        actor("port", "港务局"),
        actor("mfa", "外交部")
    ));
    let claim = book.page("claims/mail.html");
    assert!(claim.contains(text), "{claim}");
    assert!(!claim.contains("打开了 所有") && !claim.contains("打开了\n所有"));
    let record = book.page("data/record.json");
    assert!(record.contains(text), "{record}");
    let page = book.page("a.html");
    assert!(
        page.contains("港务局打开了所有邮件，并且交给了<strong>部门</strong>"),
        "{page}"
    );
    // Between a wide character and a Latin letter the line end stays.
    assert!(page.contains("说\nAPT28，还有\nAPT29"), "{page}");
    assert!(!book.codes().contains(&"WS004"), "{}", book.report());
}

/// Bug 35: a Chinese kept text can be wrapped, and so can the quoted words.
#[test]
fn chinese_words_are_verbatim_across_line_ends() {
    let quoted = |words: &str, kept: &str| {
        let book = book(&format!(
            "//- book.toml\n[book]\nlanguage = \"zh-CN\"\n//- content/a.md\n# 甲\n\n\
             [{words}](claim:part \"by=mfa quote on=2031\") [@nn].\n{}\
             //- content/sources/nn.md\n---\ntitle: 声明\ndate: 2031\n---\n{kept}\n",
            actor("mfa", "外交部")
        ));
        book.codes()
    };
    assert_eq!(
        quoted("我们没有参与", "部长说：我们没有\n参与此事。"),
        [""; 0]
    );
    assert_eq!(
        quoted("我们没\n有参与", "部长说：我们没有参与此事。"),
        [""; 0]
    );
    assert_eq!(
        quoted("我们没有参加", "部长说：我们没有\n参与此事。"),
        ["WS020"]
    );
}

/// A name next to another capitalized word is part of a longer name, and the statement is somebody
/// else's.
#[test]
fn a_name_within_a_longer_name_is_no_mention() {
    let actors = [
        ("us", "Washington"),
        ("ru", "Moscow"),
        ("uk", "London"),
        ("ms", "Microsoft"),
        ("apt28", "APT28"),
    ];
    for text in [
        "It was in the Washington Post on Monday.",
        "The Moscow Times had it first.",
        "They met on London Bridge.",
        "It was in the *Washington* Post.",
        "New London is a town.",
        "A letter from J. Moscow came.",
        "The US-Washington line is shut.",
    ] {
        assert_eq!(mentions(text, &actors), [""; 0], "{text}");
    }
    for (text, found) in [
        ("In Washington nobody answered.", vec!["Washington"]),
        ("Then Microsoft spoke.", vec!["Microsoft"]),
        ("It went to Paris. London said no.", vec!["London"]),
        (
            "President Putin left Moscow. Washington followed.",
            vec!["Moscow", "Washington"],
        ),
        (
            "Washington, Moscow and London met.",
            vec!["Washington", "Moscow", "London"],
        ),
        (
            "The Washington Moscow talks ended.",
            vec!["Washington", "Moscow"],
        ),
        ("On Monday Washington denied it.", vec!["Washington"]),
        ("Microsoft President Brad Smith said so.", vec!["Microsoft"]),
        ("The APT28 Group did it.", vec!["APT28"]),
        (
            "Washington's Post and London.",
            vec!["Washington", "London"],
        ),
        // The first occurrence that is not part of a longer name.
        (
            "The Moscow Times says that Moscow denied it.",
            vec!["Moscow"],
        ),
    ] {
        assert_eq!(mentions(text, &actors), found, "{text}");
    }
}

/// In German all nouns are capitalized, so a capital does not indicate a name.
#[test]
fn capitals_are_no_names_in_german() {
    let book = book(&format!(
        "//- book.toml\n[book]\nlanguage = \"de\"\n[whosaid]\nautolink = true\n//- content/a.md\n# A\n\n\
         Gestern hat Microsoft Angriffe gemeldet.\n{}",
        actor("ms", "Microsoft")
    ));
    assert_eq!(mentions_of(&book), ["Microsoft"]);
}

#[test]
fn an_actor_says_which_of_its_names_become_mentions() {
    let with = |autolink: &str| {
        let us = format!(
            "//- content/actors/us.md\n---\nname: United States\naliases: [Washington]\nautolink: {autolink}\n---\n"
        );
        linked(
            "Both Washington and the United States.\n\n## B\n\nThe United States.",
            &[],
            &us,
        )
    };
    assert_eq!(mentions_of(&with("true")), ["Washington", "United States"]);
    assert_eq!(mentions_of(&with("false")), [""; 0]);
    for autolink in ["United States", "[United States]"] {
        assert_eq!(
            mentions_of(&with(autolink)),
            ["United States", "United States"],
            "{autolink}"
        );
    }
    let book = with("[America]");
    assert!(book.codes().contains(&"WS010"), "{}", book.report());
    assert!(
        book.report()
            .contains("neither `true`, `false`, nor the actor's name")
    );
}

/// Bug 12: keys of bibliographies are made of names and years.
#[test]
fn keys_of_bibliographies_are_compared_with_their_titles() {
    let entries = "\
@article{li2020, title={On quays}, author={Li, Ann}, year={2020}}
@article{liu2020, title={On ships}, author={Liu, Bo}, year={2020}}
@article{hu2020, title={On cranes}, author={Hu, Cy}, year={2020}}
@article{wu2020, title={On tides}, author={Wu, Di}, year={2020}}
";
    let with = |more: &str| {
        book(&format!(
            "//- book.toml\n[whosaid]\nbibliography = [\"refs.bib\"]\n//- content/refs.bib\n{entries}{more}\
             //- content/a.md\n# A\n\n[@li2020; @liu2020; @hu2020; @wu2020]\n"
        ))
    };
    assert!(with("").codes().is_empty(), "{}", with("").report());
    let twice = with("@article{wuu2020, title={On Tides}, author={Wu, Di}, year={2020}}\n");
    assert!(twice.codes().contains(&"WS104"), "{}", twice.report());
}

/// Everything that an ambiguous name can mean counts as used: the name is the only error.
#[test]
fn candidates_of_an_ambiguous_name_are_not_orphans() {
    let two = "//- content/actors/one.md\n---\nname: One\naliases: [Quay]\n---\n\
               //- content/actors/two.md\n---\nname: Two\naliases: [Quay]\nallow: [WS159]\n---\n";
    let book = book(&format!("//- content/a.md\n# A\n\n[[Quay]] spoke.\n{two}"));
    assert_eq!(book.codes(), ["WS006"], "{}", book.report());
}

/// Objects that only withheld text uses are used, so their files must not be reported.
#[test]
fn what_only_withheld_text_uses_is_not_called_unused() {
    let text = |toml: &str| {
        book(&format!(
            "//- book.toml\n[whosaid]\n{toml}//- content/a.md\n# A\n\n\
             [Nothing was seen](claim:seen \"by=one tlp=amber\") [@memo]. Then all was well.\n{}\
             //- content/sources/memo.md\n---\ntitle: Memo\ndate: 2031\n---\n",
            actor("one", "Quay One")
        ))
    };
    let green = text("tlp = \"green\"\n");
    let codes = green.codes();
    assert!(
        !codes.contains(&"WS116") && !codes.contains(&"WS117"),
        "{}",
        green.report()
    );
}
