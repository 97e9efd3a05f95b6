//! `whosaid diff`: what changed between two records.
#![expect(
    clippy::disallowed_methods,
    reason = "one test runs the program and Git on folders of its own"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};
use whosaid::compile::{Changes, changes};

use crate::agreement::random_book;
use crate::book::{self, Book};
use crate::laws::holds;

type Objects = BTreeMap<(String, String), Map<String, Value>>;

fn record(book: &Book) -> Value {
    serde_json::from_str(book.page("data/record.json")).expect("JSON")
}

/// Every object of an export by kind and id, flat: positions and replies are objects of their own.
fn flat(record: &Value) -> Objects {
    let mut objects = Objects::new();
    let mut walk = vec![(String::new(), String::new(), record.clone())];
    while let Some((kind, id, mut value)) = walk.pop() {
        let Some(fields) = value.as_object_mut() else {
            continue;
        };
        let lists = [
            "claims",
            "positions",
            "replies",
            "actors",
            "sources",
            "events",
            "briefings",
        ];
        for list in lists {
            // A briefing has the ids of its claims in a list of the same name.
            let is_list_of_objects = fields
                .get(list)
                .and_then(Value::as_array)
                .is_some_and(|items| items.iter().all(Value::is_object));
            if !is_list_of_objects || kind == "briefings" || kind == "positions" || kind == "events"
            {
                continue;
            }
            let items = fields.remove(list).expect("the list is there");
            for item in items.as_array().expect("a list") {
                let name = match list {
                    "replies" => format!("{id}:{}", item["accused"].as_str().expect("an accused")),
                    _ => item["id"].as_str().expect("an id").to_owned(),
                };
                walk.push((list.to_owned(), name, item.clone()));
            }
        }
        fields.remove("uuid");
        fields.remove("page");
        if !kind.is_empty() {
            objects.insert((kind, id), fields.clone());
        }
    }
    objects
}

/// Does to `objects` what the changes say, and checks that each of them is one.
fn apply(objects: &mut Objects, changes: &Changes) {
    let changes: Value = serde_json::from_str(&changes.json()).expect("JSON");
    let mut count = 0;
    for (kind, of) in changes.as_object().expect("an object") {
        let Some(of) = of.as_object() else { continue };
        let list = |key: &str| of[key].as_array().expect("a list").clone();
        let key = |object: &Value| {
            (
                kind.clone(),
                object["id"].as_str().expect("an id").to_owned(),
            )
        };
        for object in list("removed") {
            assert!(objects.remove(&key(&object)).is_some(), "removed: {object}");
            count += 1;
        }
        for object in list("changed") {
            let own = objects.get_mut(&key(&object)).expect("the object is there");
            let fields = object["fields"].as_object().expect("fields");
            assert!(!fields.is_empty(), "{object}");
            for (field, value) in fields {
                let before = own.get(field).cloned().unwrap_or_default();
                assert_eq!(value["before"], before, "{field} of {object}");
                assert_ne!(value["before"], value["after"], "{field} of {object}");
                match &value["after"] {
                    Value::Null => own.remove(field),
                    after => own.insert(field.clone(), after.clone()),
                };
            }
            count += 1;
        }
        for object in list("added") {
            let mut fields = object.as_object().expect("an object").clone();
            if kind == "replies" {
                fields.remove("id");
            }
            assert!(
                objects.insert(key(&object), fields).is_none(),
                "added: {object}"
            );
            count += 1;
        }
    }
    assert_eq!(changes["count"], count);
}

/// The changes between two random books turn one's export into the other's, and there are none
/// exactly if the exports are equal.
#[test]
fn changes_equal_a_comparison_of_the_exports() {
    holds((random_book(), random_book()), 200, |(one, other)| {
        let [before, after] = [one, other].map(|text| record(&book::book(&text)));
        let mut objects = flat(&before);
        let found = changes(&before, &after);
        assert_eq!(found.count() == 0, flat(&before) == flat(&after));
        apply(&mut objects, &found);
        assert_eq!(objects, flat(&after));
        assert_eq!(found.text().is_empty(), found.count() == 0);
        assert_eq!(changes(&after, &after).count(), 0);
        Ok(())
    });
}

fn run(program: &str, dir: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("the program runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn revisions_and_folders_are_compared() {
    let whosaid = env!("CARGO_BIN_EXE_whosaid");
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path();
    // The book is not at the root of the repository.
    let desk = root.join("desk");
    let page = desk.join("content/a.md");
    let actors = desk.join("content/actors");
    fs::create_dir_all(&actors).expect("a folder");
    let write = |path: &Path, text: &str| fs::write(path, text).expect("a file");
    write(&desk.join("book.toml"), "[book]\ntitle = \"Desk\"\n");
    for name in ["brennia", "post"] {
        write(
            &actors.join(format!("{name}.md")),
            &format!("---\nname: {name}\n---\n"),
        );
    }
    let said =
        "# A\n\n[The Post took them](claim:took \"by=brennia against=post on=2031-07-01\").\n";
    write(&page, said);
    let git = |arguments: &[&str]| {
        let own = ["-c", "user.name=T", "-c", "user.email=t@example.org"];
        run("git", root, &[&own, arguments].concat())
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "one"]);
    write(
        &page,
        &format!("{said}\n[No](denies:took \"by=post on=2031-07-02\").\n"),
    );
    git(&["commit", "-q", "-a", "-m", "two"]);
    // A repository from a stranger can name programs, which run only when Git is asked for more.
    let canary = root.join("canary");
    let touch = format!("touch '{}'; cat", canary.display());
    write(&root.join(".git/info/attributes"), "* filter=own\n");
    for key in ["filter.own.smudge", "core.fsmonitor", "core.pager"] {
        git(&["config", key, &touch]);
    }
    let text = run(whosaid, &desk, &["diff", "HEAD~1", "HEAD"]);
    assert!(!canary.exists(), "a program of the repository ran");
    git(&["checkout-index", "--all", "--prefix=out/"]);
    assert!(canary.exists(), "the canary tests nothing");
    fs::remove_dir_all(root.join("out")).expect("a folder");
    for key in ["filter.own.smudge", "core.fsmonitor", "core.pager"] {
        git(&["config", "--unset", key]);
    }
    fs::remove_file(&canary).expect("a file");
    for line in [
        "changed claim took: status: unanswered → denied",
        "added position took:post:denies:2031-07-02: post denies it (current)",
        "changed reply took:post: reply: unanswered → replied",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}: {text}");
    }
    assert_eq!(
        git(&["status", "--porcelain"]),
        "",
        "the repository is as it was"
    );
    let json = run(
        whosaid,
        root,
        &[
            "diff", "HEAD~1", "desk", "--book", "desk", "--format", "json",
        ],
    );
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["positions"]["added"][0]["stance"], "denies");
    let same = run(whosaid, root, &["diff", "desk", "HEAD", "--book", "desk"]);
    assert_eq!(same, "the records are the same\n");
    let failed = Command::new(whosaid)
        .args(["diff", "no-such-revision", "desk", "--book", "desk"])
        .current_dir(root)
        .output()
        .expect("the program runs");
    assert_eq!(failed.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&failed.stderr);
    assert!(
        errors.contains("`no-such-revision` is neither a folder nor a revision"),
        "{errors}"
    );
}
