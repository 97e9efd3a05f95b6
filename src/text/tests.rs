use super::*;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

#[test]
fn a_path_cannot_leave_its_root() {
    assert_eq!(SitePath::new("../etc"), Err(PathFault::Leaves));
    assert_eq!(SitePath::new("a/../../etc"), Err(PathFault::Leaves));
    assert_eq!(SitePath::new("/etc"), Err(PathFault::Rooted));
    assert_eq!(SitePath::new("c:/etc"), Err(PathFault::Rooted));
    assert_eq!(SitePath::new("a\\..\\b"), Err(PathFault::Unwritable));
    assert_eq!(SitePath::new("."), Err(PathFault::Empty));
    assert_eq!(path("a/./b/../c.md").as_str(), "a/c.md");
}

#[test]
fn a_way_around_the_root_is_told_from_all_others() {
    let file = path("src/a/b.md");
    let leads = |from: &SitePath, text: &str| from.sibling_around(text).expect("a path");
    assert_eq!(leads(&file, "../c.md"), path("src/c.md"));
    assert_eq!(leads(&file, "../c.md").around(), None);
    let out = leads(&file, "../../../README.md");
    assert_eq!(out.around(), Some((1, path("README.md"))));
    assert!(out.is_hidden());
    assert_eq!(leads(&out, "../x/y.rs").around(), Some((2, path("x/y.rs"))));
    assert_eq!(leads(&out, "x/../y.rs").around(), Some((1, path("y.rs"))));
    for fault in ["/etc", "../../..", ".around/x", "a\\..\\b"] {
        assert!(file.sibling_around(fault).is_err(), "{fault}");
    }
}

#[test]
fn everything_lies_below_the_root() {
    let root = SitePath::root();
    assert_eq!(path("a/b").below(&root), Some(path("a/b")));
    assert_eq!(path("a/b").within(&root), path("a/b"));
    assert_eq!(root.below(&root), None);
}

#[test]
fn an_address_is_relative_to_the_page_it_stands_on() {
    let claim = path("claims/run.html");
    assert_eq!(claim.seen_from(&path("index.html")), "claims/run.html");
    assert_eq!(claim.seen_from(&path("claims/index.html")), "run.html");
    assert_eq!(
        claim.seen_from(&path("a/b/c.html")),
        "../../claims/run.html"
    );
    assert_eq!(
        path("x.css").seen_from(&path("claims/run.html")),
        "../x.css"
    );
}

#[test]
fn names_and_extensions() {
    let file = path("content/a.tar.gz");
    assert_eq!((file.stem(), file.extension()), ("a.tar", "gz"));
    assert_eq!(path(".hidden").extension(), "");
    assert_eq!(path("a/b.md").with_extension("html").as_str(), "a/b.html");
    assert_eq!(
        path("content/x/y.md").below(&path("content")),
        Some(path("x/y.md"))
    );
    assert_eq!(path("contents/y.md").below(&path("content")), None);
}

#[test]
fn an_address_holds_only_what_an_address_may() {
    let odd = path("a b/50% ö?#:x.html");
    assert_eq!(odd.address(), "a%20b/50%25%20%C3%B6%3F%23%3Ax.html");
    assert_eq!(
        odd.seen_from(&path("a b/c.html")),
        "50%25%20%C3%B6%3F%23%3Ax.html"
    );
}

#[test]
fn columns_count_characters_from_one() {
    let text = "one\nzwölf — x\n";
    let lines = LineIndex::new(text);
    let x = text.find('x').expect("x") as u32;
    assert_eq!(lines.column(text, x), Column { line: 2, column: 9 });
    assert_eq!(lines.column(text, 0), Column { line: 1, column: 1 });
    assert_eq!(lines.column(text, 999).line, 3);
}

#[test]
fn words_are_folded_slugged_and_matched() {
    assert_eq!(
        fold("  Ministry of\n State  SECURITY "),
        "ministry of state security"
    );
    assert_eq!(slug("Who said — what?"), "who-said-what");
    assert_eq!(slug("国家安全部"), "guo-jia-an-quan-bu");
    assert_eq!(nearest("mms", ["uk", "mss"]), Some("mss"));
    assert_eq!(nearest("kind", ["king", "knid"]), Some("king"));
    assert_eq!(nearest("zzzz", ["uk", "mss"]), None);
}
