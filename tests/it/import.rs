//! Tests of imports: the written files read back with the expected content.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;

use crate::book::{self, Book};
use crate::dom::Page;
use whosaid::import::{self, Format, Imported};

/// Returns the files of an import by name, and the entries that were left out as lines.
fn imported(format: Format, text: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let Imported { files, left } = import::read(format, text).expect("a file that can be read");
    let count = files.len();
    let files: BTreeMap<String, String> = files
        .into_iter()
        .map(|(path, text)| (path.to_string(), text))
        .collect();
    assert_eq!(files.len(), count, "two of one name");
    let left = left
        .iter()
        .map(|left| format!("{}: {}", left.place, left.why));
    (files, left.collect())
}

/// Builds a book from these files, which must have no errors.
fn built(folder: &str, files: &BTreeMap<String, String>) -> Book {
    let mut text = "//- content/index.md\n# Begin\n\nHere.\n".to_string();
    for (path, file) in files {
        text.push_str(&format!("//- content/{folder}/{path}\n{file}"));
    }
    let book = book::book(&text);
    let errors = book.codes().into_iter().filter(|code| *code < "WS100");
    assert_eq!(errors.count(), 0, "{}", book.report());
    book
}

/// Returns the main text of a page.
fn main(book: &Book, address: &str) -> String {
    let page = Page::parse(book.page(address));
    page.all("main").next().expect("a main part").text()
}

const MISP: &str = r#"{
  "authors": ["Various"], "category": "actor", "name": "Threat Actor", "type": "threat-actor",
  "uuid": "7cdff317-a673-4474-84ec-4f1754947823", "version": 320,
  "values": [
    {"description": "The group behind the ferry. It also read mail.\nMore is not known.",
     "meta": {"attribution-confidence": "50", "country": "CN", "refs": ["https://example.org/r"],
              "synonyms": ["Comment Panda", "COMMENT PANDA", "APT 1", "G0006"]},
     "related": [{"dest-uuid": "6a2e693f-24e5-451a-9f88-b36a108e5662", "type": "similar"}],
     "uuid": "1cb7e1cc-d695-42b1-92f4-fd0112a3c9be", "value": "APT1"},
    {"value": "3PARA RAT", "meta": {}},
    {"value": "APT-1"},
    {"meta": {"synonyms": ["Nobody"]}}
  ]
}"#;

#[test]
fn clusters_of_misp_become_actors() {
    let (files, left) = imported(Format::Misp, MISP);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["actor-3para-rat.md", "apt-1.md", "apt1.md"]);
    assert_eq!(
        files["apt1.md"],
        "---\nname: \"APT1\"\nkind: group\naliases: [\"Comment Panda\", \"APT 1\", \"G0006\"]\n\
         summary: \"The group behind the ferry.\"\n---\n\n\
         The group behind the ferry. It also read mail.\n\nMore is not known.\n"
    );
    assert_eq!(
        left,
        [
            "values[3]: no name in `value`",
            "1 × country: left out: the origin of a group is a claim, and the file does not say whose",
        ]
    );
    let book = built("actors", &files);
    let page = main(&book, "actors/apt1.html");
    assert!(
        page.contains("Comment Panda") && page.contains("It also read mail."),
        "{page}"
    );
}

/// Returns a bundle in the format of ATT&CK.
fn attack() -> String {
    let reference = |id: &str| json!([{ "source_name": "mitre-attack", "external_id": id, "url": format!("https://attack.mitre.org/groups/{id}") }, { "source_name": "FireEye", "url": "https://example.org/" }]);
    json!({
        "type": "bundle", "id": "bundle--f1c2d3a4-0000-4000-8000-000000000001", "spec_version": "2.0",
        "objects": [
            { "type": "intrusion-set", "id": "intrusion-set--bef4c620-0787-42a8-a96d-b7eb6e85917c",
              "name": "APT28", "aliases": ["APT28", "Fancy Bear", "Sednit"],
              "description": "[APT28](https://attack.mitre.org/groups/G0007) is a group.(Citation: NSA 2020) It is [active](x) (as of 2018).",
              "external_references": reference("G0007"), "created": "2017-05-31T21:31:48.664Z" },
            { "type": "intrusion-set", "id": "intrusion-set--00000000-0787-42a8-a96d-b7eb6e85917c",
              "name": "Old", "revoked": true, "external_references": reference("G0099") },
            { "type": "malware", "id": "malware--0f862b01-99da-47cc-9bdb-db4a86a95bb1", "is_family": true,
              "name": "Emissary", "x_mitre_aliases": ["Emissary"], "external_references": reference("S0082") },
            { "type": "campaign", "id": "campaign--26d9ebae-de59-427f-ae9a-349456bae4b1",
              "name": "Frankenstein", "external_references": reference("C0001") },
            { "type": "identity", "id": "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
              "name": "The MITRE Corporation", "identity_class": "organization" },
            { "type": "relationship", "relationship_type": "uses",
              "source_ref": "intrusion-set--bef4c620-0787-42a8-a96d-b7eb6e85917c",
              "target_ref": "malware--0f862b01-99da-47cc-9bdb-db4a86a95bb1" },
            { "name": "nothing" }
        ]
    })
    .to_string()
}

#[test]
fn what_attack_has_a_number_for_becomes_actors_and_relationships_do_not() {
    let (files, left) = imported(Format::Attack, &attack());
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["apt28.md", "emissary.md", "frankenstein.md"]);
    assert_eq!(
        files["apt28.md"],
        "---\nname: \"APT28\"\nkind: group\naliases: [\"Fancy Bear\", \"Sednit\"]\n\
         attack-id: \"G0007\"\nstix-id: \"intrusion-set--bef4c620-0787-42a8-a96d-b7eb6e85917c\"\n\
         summary: \"APT28 is a group.\"\n---\n\nAPT28 is a group. It is active (as of 2018).\n"
    );
    assert!(files["emissary.md"].contains("kind: product\n"));
    let told = left.join("\n");
    assert!(told.contains("objects[6]: no `type`"), "{told}");
    assert!(
        told.contains("1 × relationship: left out: a relationship is a claim"),
        "{told}"
    );
    let book = built("actors", &files);
    assert!(
        book.page("actors/apt28.html")
            .contains("https://attack.mitre.org/groups/G0007/")
    );
    // As plain STIX, all of them are actors, independent of ATT&CK.
    let (files, _) = imported(Format::Stix, &attack());
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "apt28.md",
        "emissary.md",
        "frankenstein.md",
        "old.md",
        "the-mitre-corporation.md",
    ];
    assert_eq!(names, expected);
    built("actors", &files);
}

const CSL: &str = r#"[
  {"id": "doe:2020/ferry", "type": "article-newspaper", "title": "The ferry: \"late\" again",
   "author": [{"family": "Doe", "given": "Jane"}, {"literal": "The Desk"}],
   "container-title": "The Post", "issued": {"date-parts": [[2020, 3, 1]]},
   "accessed": {"date-parts": [[2020, 3, 9]]}, "URL": "https://example.org/ferry?a=1&b=2", "language": "en"},
  {"id": "empty", "type": "book"},
  {"id": "bad-url", "title": "Elsewhere", "URL": "javascript:alert(1)"}
]"#;

#[test]
fn items_of_a_bibliography_become_sources() {
    let (files, left) = imported(Format::Csl, CSL);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["bad-url.md", "doe-2020-ferry.md"]);
    assert_eq!(
        files["doe-2020-ferry.md"],
        "---\ntitle: \"The ferry: \\\"late\\\" again\"\nauthor: [\"Jane Doe\", \"The Desk\"]\n\
         publisher: \"The Post\"\ndate: \"2020-03-01\"\nurl: \"https://example.org/ferry?a=1&b=2\"\n\
         retrieved: \"2020-03-09\"\ntype: \"article-newspaper\"\nlanguage: \"en\"\n---\n"
    );
    assert_eq!(files["bad-url.md"], "---\ntitle: \"Elsewhere\"\n---\n");
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(
        left[0].starts_with("6:") && left[0].contains("`empty` has no title"),
        "{left:?}"
    );
    let book = built("sources", &files);
    let page = main(&book, "sources/doe-2020-ferry.html");
    assert!(
        page.contains("Jane Doe") && page.contains("1 March 2020"),
        "{page}"
    );

    let bib = "@online{krebs, author = {Krebs, Brian}, title = {At Least {30,000}}, date = {2021-03-05}}\n\
               @online{broken, title = {Never closed\n\
               @report{krebs, title = {Another}}\n";
    let (files, left) = imported(Format::Bibtex, bib);
    assert!(
        files["krebs.md"].starts_with("---\ntitle: \"At Least 30,000\"\n"),
        "{files:?}"
    );
    assert!(!left.is_empty() && left[0].starts_with("3:1: "), "{left:?}");
    built("sources", &files);
}

#[test]
fn what_only_some_may_see_stays_so() {
    let marked = |name: &str, markings: &[&str]| {
        let id = "threat-actor--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
        json!({ "type": "threat-actor", "id": id, "name": name, "object_marking_refs": markings })
    };
    let strict = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
    let green = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
    let own = "marking-definition--00000000-0000-4000-8000-000000000001";
    let bundle = json!({
        "type": "bundle",
        "objects": [
            marked("Open", &[]),
            marked("Green", &[green]),
            marked("Both", &[own, green]),
            marked("Strict", &[green, strict]),
            { "type": "marking-definition", "id": own, "definition_type": "tlp", "definition": { "tlp": "amber" } },
        ]
    });
    let (files, _) = imported(Format::Stix, &bundle.to_string());
    let level = |file: &str| files[file].lines().find(|line| line.starts_with("tlp: "));
    assert_eq!(level("open.md"), None);
    assert_eq!(level("green.md"), Some("tlp: \"green\""));
    assert_eq!(level("both.md"), Some("tlp: \"amber\""));
    assert_eq!(level("strict.md"), Some("tlp: \"amber+strict\""));
    built("actors", &files);
}

#[test]
fn what_reference_managers_write_reads_as_an_author_would_write_it() {
    let csl = r#"[
      {"id": 7, "title": "On <i>Exchange</i> <span class=\"nocase\">servers</span>", "DOI": "10.1000/x",
       "author": [{"family": "Goethe", "given": "J. W.", "non-dropping-particle": "von"}],
       "issued": {"date-parts": [["1999", 3]], "circa": true}, "language": "English"}
    ]"#;
    let (files, left) = imported(Format::Csl, csl);
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(
        files["source-7.md"],
        "---\ntitle: \"On Exchange servers\"\nauthor: [\"J. W. von Goethe\"]\ndate: \"1999-03~\"\n\
         url: \"https://doi.org/10.1000/x\"\nlanguage: \"en\"\n---\n"
    );
    built("sources", &files);
    let bib = r"@misc{a, title = {100\% of \textit{it} --- \& more}, url = {https://a.example/x\_y?a=1\&b=2}, langid = {ngerman}}
@misc{con, title = {Devices}, howpublished = {\url{https://a.example/}}}
@misc{../../x, title = {Up}, doi = {10.1000/y}, language = {Klingon}}
@book{nokey title={x}}
";
    let (files, left) = imported(Format::Bibtex, bib);
    assert_eq!(left, ["4:13: expected comma"]);
    assert_eq!(
        files["source-a.md"],
        "---\ntitle: \"100% of it — & more\"\nurl: \"https://a.example/x_y?a=1&b=2\"\n\
         type: \"misc\"\nlanguage: \"de\"\n---\n"
    );
    assert!(files["source-con.md"].contains("url: \"https://a.example/\"\n"));
    let up = &files["source-x.md"];
    assert!(up.contains("url: \"https://doi.org/10.1000/y\"\n"), "{up}");
    assert!(!up.contains("language"), "{up}");
    built("sources", &files);
}

#[test]
fn no_name_takes_the_place_of_a_page_or_a_device() {
    let values: Vec<_> = ["index", "CON", "nul", "COM1", "com10", "lpt"]
        .map(|name| json!({ "value": name }))
        .to_vec();
    let (files, _) = imported(Format::Misp, &json!({ "values": values }).to_string());
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "actor-com1.md",
            "actor-con.md",
            "actor-index.md",
            "actor-nul.md",
            "com10.md",
            "lpt.md"
        ]
    );
    built("actors", &files);
}

#[test]
fn nothing_of_a_record_becomes_a_mark_a_mention_or_html() {
    let evil = "[[apt]] [x](claim:y \\\"by=us\\\") [z]{.denies of=y} <script>x()</script> @key [@key] \
                `code` *a* # no\\n---\\nname: other\\n+++\\n- item\\n1. one\\n: def\\n> quote\\n{{#include ../x}}\\n    <b>b</b>";
    let text = format!(
        "{{\"values\":[{{\"value\":\"a: b #c [d] \\u0000\\n---\\nkind: state\",\"description\":\"{evil}\",\
         \"meta\":{{\"synonyms\":[\"]\\\"\",\"{{x}}\"]}}}},{{\"value\":\"../../etc/passwd\"}},\
         {{\"value\":\"信\"}},{{\"value\":\"{}\"}}]}}",
        "long ".repeat(60)
    );
    let (files, _) = imported(Format::Misp, &text);
    assert_eq!(files.len(), 4);
    for path in files.keys() {
        let id = path.strip_suffix(".md").expect("Markdown");
        assert!(!id.contains('/') && (2..=64).contains(&id.len()), "{path}");
    }
    let book = built("actors", &files);
    let first = files
        .keys()
        .find(|path| path.starts_with("a-b-c"))
        .expect("the first");
    let address = format!("actors/{}", first.replace(".md", ".html"));
    let page = Page::parse(book.page(&address));
    let text = page.all("main").next().expect("a main part").text();
    for words in [
        "[[apt]]",
        "(claim:y",
        "{.denies of=y}",
        "name: other",
        "- item",
        "{{#include ../x}}",
    ] {
        let is_shown = text.contains(words) || words == "(claim:y";
        assert!(is_shown, "{words} in {text}");
    }
    for name in ["mark", "b", "code", "blockquote"] {
        let found = page
            .elements()
            .filter(|it| it.has_class("text"))
            .flat_map(|it| it.elements());
        assert_eq!(found.filter(|it| it.name() == name).count(), 0, "{name}");
    }
    assert!(text.contains("Group") || text.contains("group"), "{text}");
}

#[test]
fn hostile_files_are_told_of_with_the_place() {
    let fault = |format, text: &str| {
        let left = import::read(format, text).expect_err("a file that cannot be read");
        format!("{}: {}", left.place, left.why)
    };
    let deep = "[".repeat(100_000);
    let said = fault(Format::Stix, &deep);
    assert!(said.starts_with("1:128: not valid JSON"), "{said}");
    assert!(fault(Format::Misp, "{\n  \"values\": [,]}").starts_with("2:14: "));
    assert!(fault(Format::Misp, "[]").contains("not a MISP galaxy cluster"));
    assert!(fault(Format::Attack, "{\"objects\":7}").contains("not a STIX bundle"));
    let brackets = format!(
        "{{\"values\":[{{\"value\":\"b\",\"description\":\"{}\"}}]}}",
        "[(Citation: ".repeat(200_000)
    );
    let (files, _) = imported(Format::Misp, &brackets);
    assert_eq!(files.len(), 1);
    for text in ["", "\u{feff}", "@", "@a{", "{}", "[1]", "[{}]", "nothing"] {
        let _ = import::read(Format::Bibtex, text);
        let _ = import::read(Format::Csl, text);
        let _ = import::read(Format::Stix, text);
    }
}

fn whosaid(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
    let told = command.args(args).current_dir(dir).output();
    told.expect("the program runs")
}

#[test]
fn the_command_writes_files_and_overwrites_none_unasked() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name);
    fs::create_dir_all(path("book/content")).expect("a folder");
    fs::write(path("book/content/index.md"), "# Begin\n\nHere.\n").expect("written");
    fs::write(path("actors.json"), MISP).expect("written");
    let run = || whosaid(dir.path(), &["import", "misp", "actors.json", "book"]);
    let told = run();
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert_eq!(
        String::from_utf8_lossy(&told.stdout),
        "content/actors/: 3 actors written\n"
    );
    let side = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(
        side.lines().next(),
        Some("actors.json:values[3]: no name in `value`")
    );
    let mine = "---\nname: Mine\n---\n";
    fs::write(path("book/content/actors/apt1.md"), mine).expect("written");
    fs::remove_file(path("book/content/actors/apt-1.md")).expect("removed");
    let told = run();
    assert_eq!(told.status.code(), Some(2), "{told:?}");
    let side = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        side.contains("content/actors/apt1.md") && side.contains("--force"),
        "{side}"
    );
    let kept = fs::read_to_string(path("book/content/actors/apt1.md")).expect("read");
    assert_eq!(kept, mine);
    assert!(
        !path("book/content/actors/apt-1.md").exists(),
        "all or nothing"
    );
    let told = whosaid(
        dir.path(),
        &["import", "misp", "actors.json", "book", "--force"],
    );
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    let built = whosaid(dir.path(), &["build", "book"]);
    assert_eq!(built.status.code(), Some(0), "{built:?}");
    fs::write(path("bad.json"), "{\n oops").expect("written");
    let told = whosaid(dir.path(), &["import", "stix", "bad.json", "book"]);
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    let side = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(side.starts_with("error: bad.json:2:2: "), "{side}");
    // In the encoding of old programs.
    fs::write(path("old.bib"), b"@book{x, title={\xe9}}").expect("written");
    let told = whosaid(dir.path(), &["import", "bibtex", "old.bib", "book"]);
    assert_eq!(told.status.code(), Some(2), "{told:?}");
    let side = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        side.contains("`old.bib` is not UTF-8") && side.contains("iconv"),
        "{side}"
    );
    #[cfg(unix)]
    {
        // Nothing is written through a symbolic link out of the book.
        fs::remove_dir_all(path("book/content/actors")).expect("removed");
        fs::create_dir(path("outside")).expect("a folder");
        std::os::unix::fs::symlink(path("outside"), path("book/content/actors")).expect("a link");
        let told = run();
        assert_eq!(told.status.code(), Some(2), "{told:?}");
        assert_eq!(fs::read_dir(path("outside")).expect("read").count(), 0);
    }
}
