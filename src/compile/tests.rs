use std::cell::Cell;

use super::cache::Memo;
use super::*;
use crate::diag::Code;

fn inputs(files: &[(&str, &str)]) -> Inputs {
    let file = |(path, text): &(&str, &str)| (SitePath::known(path), Arc::from(text.as_bytes()));
    Inputs {
        files: files.iter().map(file).collect(),
        today: jiff::civil::date(2026, 11, 23),
        options: Options::default(),
    }
}

#[test]
fn a_memo_makes_again_only_what_changed_and_drops_what_nobody_asks_for() {
    let made = Cell::new(0);
    let mut memo: Memo<&str, u8, u8> = Memo::default();
    let get = |memo: &Memo<&'static str, u8, u8>, key, input| {
        memo.get(key, input, |input| {
            made.set(made.get() + 1);
            input * 2
        })
    };
    assert_eq!(get(&memo, "a", 1), 2);
    memo.turn();
    assert_eq!((get(&memo, "a", 1), made.get()), (2, 1));
    memo.turn();
    assert_eq!((get(&memo, "a", 2), made.get()), (4, 2));
    memo.turn();
    memo.turn();
    assert_eq!((get(&memo, "a", 2), made.get()), (4, 3));
}

#[test]
fn a_book_without_a_configuration_reads_content_or_else_src() {
    let page = |files| {
        let build = compile(&inputs(files), &mut Cache::default());
        build.outputs.contains_key(&SitePath::known("a.html"))
    };
    assert!(page(&[("content/a.md", "# A\n")]));
    assert!(page(&[("src/a.md", "# A\n")]));
    assert!(page(&[
        ("book.toml", "[book]\nsrc = \"texts\"\n"),
        ("texts/a.md", "# A\n")
    ]));
    assert!(!page(&[("content/b.md", "# B\n"), ("src/a.md", "# A\n")]));
}

#[test]
fn a_file_may_silence_a_code_for_itself_alone() {
    let vague = "# A\n\nExperts say so.\n";
    let silent = format!("---\nallow: [WS120]\n---\n{vague}");
    let build = compile(
        &inputs(&[("content/a.md", &silent), ("content/b.md", vague)]),
        &mut Cache::default(),
    );
    let said: Vec<_> = build
        .diagnostics
        .iter()
        .map(|said| said.place.file.as_str())
        .collect();
    assert_eq!(said, ["content/b.md"]);
}

#[test]
fn a_mistake_in_included_text_is_told_of_the_file_it_stands_in() {
    let build = compile(
        &inputs(&[
            (
                "content/a.md",
                "# A\n\nBefore.\n\n{{#include parts/p.txt:2}}\n\nThe [[nobody]].\n",
            ),
            ("content/parts/p.txt", "one\nThe [[somebody]].\n"),
        ]),
        &mut Cache::default(),
    );
    let said: Vec<_> = build
        .diagnostics
        .iter()
        .map(|said| (said.place.file.as_str(), said.place.span.start))
        .collect();
    assert_eq!(said, [("content/a.md", 48), ("content/parts/p.txt", 10)]);
}

#[test]
fn files_that_includes_chase_round_in_a_circle_are_told_once() {
    let build = compile(
        &inputs(&[
            ("content/a.md", "# A\n\n{{#include b.txt}}\n"),
            ("content/b.txt", "{{#include b.txt}}\n"),
        ]),
        &mut Cache::default(),
    );
    let codes: Vec<_> = build.diagnostics.iter().map(|said| said.code).collect();
    assert_eq!(codes, [Code::BeyondLimit]);
}

#[test]
fn a_long_list_goes_on_over_further_pages_and_loses_nothing() {
    let texts: Vec<(String, String)> = (0..600)
        .map(|number| {
            let text = format!("# B {number}\n\nSo says [[kelp]] in number {number}.\n");
            (format!("content/b{number}.md"), text)
        })
        .collect();
    let mut files: Vec<(&str, &str)> = vec![("content/actors/kelp.md", "---\nname: Kelp\n---\n")];
    files.extend(texts.iter().map(|(path, text)| (&path[..], &text[..])));
    let build = compile(&inputs(&files), &mut Cache::default());
    let page = |address: &str| {
        let bytes = build.outputs.get(&SitePath::known(address))?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    let parts = [
        "actors/kelp.html",
        "actors/kelp_2.html",
        "actors/kelp_3.html",
    ];
    let parts = parts.map(|part| page(part).expect("a page of the actor"));
    assert_eq!(page("actors/kelp_4.html"), None);
    let mentions = parts
        .each_ref()
        .map(|part| part.matches("in number").count());
    assert_eq!(mentions, [250, 250, 100]);
    for (part, others) in parts.iter().zip([["_2", "_3"], ["", "_3"], ["", "_2"]]) {
        for other in others {
            let link = format!("href=\"kelp{other}.html\"");
            assert!(part.contains(&link), "{link} is missing");
        }
        assert!(part.contains("600 times"), "the count is of all");
    }
    // The page of a short list has no such links.
    assert!(
        !page("b0.html")
            .expect("a briefing")
            .contains("class=\"pager\"")
    );
    assert!(page("index_3.html").expect("the home page").contains("B "));
}

#[test]
fn home_names_everybody_who_has_not_answered() {
    let marks: String = (0..300)
        .map(|number| format!("[Number {number}](claim:n-{number} \"by=kelp against=weed\").\n\n"))
        .collect();
    let text = format!("# B\n\n{marks}");
    let files = [
        ("content/actors/kelp.md", "---\nname: Kelp\n---\n"),
        ("content/actors/weed.md", "---\nname: Weed\n---\n"),
        ("content/b.md", text.as_str()),
    ];
    let build = compile(&inputs(&files), &mut Cache::default());
    let waiting = ["index.html", "index_2.html"].map(|address| {
        let page = build.outputs.get(&SitePath::known(address));
        let page = String::from_utf8_lossy(page.expect("a part of home")).into_owned();
        let (_, list) = page
            .split_once("ws-waiting\">")
            .expect("who has not answered");
        list.split_once("</ul>")
            .map(|(list, _)| list.matches("<li>").count())
    });
    assert_eq!(waiting, [Some(250), Some(50)]);
}

#[test]
fn a_file_with_a_percent_sign_in_its_name_can_be_linked() {
    let text = "# A\n\n[five](100%+5.md), [encoded](100%25+5.md), [[100%+5]]\n";
    let build = compile(
        &inputs(&[("content/a.md", text), ("content/100%+5.md", "# Five\n")]),
        &mut Cache::default(),
    );
    assert!(build.diagnostics.is_empty(), "{:?}", build.diagnostics);
    let page = String::from_utf8_lossy(&build.outputs[&SitePath::known("a.html")]).into_owned();
    assert!(
        page.matches("href=\"100%25+5.html\"").count() >= 3,
        "{page}"
    );
}

#[test]
fn a_control_character_in_a_title_is_on_no_page() {
    let build = compile(
        &inputs(&[("content/a.md", "---\ntitle: \"A\\u0001B\"\n---\n\nWords.\n")]),
        &mut Cache::default(),
    );
    let page = String::from_utf8_lossy(&build.outputs[&SitePath::known("a.html")]).into_owned();
    assert!(page.contains("<title>A\u{fffd}B"), "{page}");
    assert!(!page.contains('\u{1}'));
}
