use serde::Deserialize;

use super::envelope::Envelope;
use super::order::{Turn, turns};
use super::program::words;
use crate::compile::{Chapter, Piece};
use crate::config::Plugin;
use crate::text::{Place, SitePath};

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

fn plugin(name: &str, before: &[&str], after: &[&str]) -> Plugin {
    let named = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    Plugin {
        name: name.to_owned(),
        command: None,
        before: named(before),
        after: named(after),
        renderers: None,
        is_optional: false,
        settings: "{}".to_owned(),
        place: Place::whole(&path("book.toml")),
    }
}

fn order(plugins: &[Plugin]) -> Result<String, String> {
    let plugins: Vec<&Plugin> = plugins.iter().collect();
    let names = |turns: Vec<Turn<'_>>| -> String {
        let names = turns.iter().map(|turn| match turn {
            Turn::Index => "index",
            Turn::Links => "links",
            Turn::Plugin(plugin) => &plugin.name,
        });
        names.collect::<Vec<_>>().join(" ")
    };
    let turns = turns(&plugins).map(names);
    turns.map_err(|circle| {
        circle
            .iter()
            .map(|it| &*it.name)
            .collect::<Vec<_>>()
            .join(" ")
    })
}

#[test]
fn turns_are_taken_by_name_where_nothing_else_is_said() {
    let two = [plugin("toc", &[], &[]), plugin("admonish", &[], &[])];
    assert_eq!(order(&two), Ok("admonish index links toc".to_owned()));
    let asked = [
        plugin("toc", &["links"], &[]),
        plugin("admonish", &[], &["toc"]),
    ];
    assert_eq!(order(&asked), Ok("index toc admonish links".to_owned()));
    let nobody = [plugin("toc", &["mermaid"], &["katex"])];
    assert_eq!(order(&nobody), Ok("index links toc".to_owned()));
    let circle = [
        plugin("a", &["b"], &[]),
        plugin("b", &["a"], &[]),
        plugin("c", &[], &[]),
    ];
    assert_eq!(order(&circle), Err("a b".to_owned()));
}

#[test]
fn a_command_line_is_read_as_a_shell_would() {
    let read = |text: &str| words(text).map(|words| words.join("|"));
    assert_eq!(read("mdbook-toc").as_deref(), Some("mdbook-toc"));
    assert_eq!(
        read(r#" node  "a b.js" 'c "d"' e\ f "g\"h" '' "#).as_deref(),
        Some(r#"node|a b.js|c "d"|e f|g"h|"#)
    );
    // The result is the same as that of a POSIX shell and of mdBook.
    assert_eq!(read(r#"node "a\$b" # why"#).as_deref(), Some("node|a$b"));
    assert_eq!(read(r"node a#b").as_deref(), Some("node|a#b"));
    assert_eq!(read("node 'a"), None);
    assert_eq!(read("  "), None);
}

/// A book as declared in programs for the older mdBook.
#[derive(Deserialize)]
struct Older {
    sections: Vec<Item>,
    /// Has no meaning, but must be present.
    __non_exhaustive: (),
}

/// A book as declared in programs for the newer mdBook.
#[derive(Deserialize)]
struct Newer {
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
enum Item {
    Chapter {
        name: String,
        content: String,
        number: Option<Vec<u32>>,
        sub_items: Vec<Item>,
        path: Option<std::path::PathBuf>,
        source_path: Option<std::path::PathBuf>,
        parent_names: Vec<String>,
    },
    Separator,
    PartTitle(String),
}

/// The context of the older mdBook, whose tables are TOML.
#[derive(Deserialize)]
struct Context {
    root: std::path::PathBuf,
    config: toml::Value,
    renderer: String,
    mdbook_version: String,
}

fn chapter(title: &str, number: &[u32], file: Option<&str>, text: &str) -> Piece {
    Piece::Chapter(Chapter {
        title: title.to_owned(),
        number: number.to_owned(),
        level: number.len().saturating_sub(1),
        file: file.map(path),
        text: text.into(),
        body_at: if text.starts_with("---\n") { 13 } else { 0 },
    })
}

fn pieces() -> Vec<Piece> {
    vec![
        chapter("Before", &[], Some("src/README.md"), "first"),
        Piece::Part("One".to_owned()),
        chapter("A", &[1], Some("src/a.md"), "---\na: 1\n---\nwords"),
        chapter("B", &[1, 1], Some("src/b/README.md"), "more"),
        chapter("C", &[1, 1, 1], None, ""),
        chapter("D", &[2], Some("src/d.md"), "last"),
        Piece::Separator,
        chapter("After", &[], Some("src/z.md"), "end"),
    ]
}

fn envelope() -> Envelope {
    let text = "[book]\ntitle = 'T'\nmultilingual = true\n[preprocessor.toc]\nlevel = 0x10\n\
                when = 2021-07-19\n[whosaid]\ntlp = 'red'\n";
    let config = crate::config::shared(text, &[]);
    Envelope::new("/book".as_ref(), &config, &path("src"), &pieces(), true)
}

#[test]
fn one_envelope_serves_both_generations() {
    let bytes = envelope().bytes;
    let (context, older): (Context, Older) = serde_json::from_slice(&bytes).expect("0.4 reads it");
    let (_, newer): (Context, Newer) = serde_json::from_slice(&bytes).expect("0.5 reads it");
    assert_eq!(context.root, std::path::Path::new("/book"));
    assert_eq!(
        (&*context.renderer, &*context.mdbook_version),
        ("html", "0.5.4")
    );
    let config = context.config.to_string();
    assert!(
        config.contains("level = 16") && config.contains("2021-07-19"),
        "{config}"
    );
    assert!(
        !config.contains("multilingual") && !config.contains("tlp"),
        "{config}"
    );
    assert_eq!(
        format!("{:?}", older.sections),
        format!("{:?}", newer.items)
    );
    let Item::Chapter {
        path, source_path, ..
    } = &newer.items[0]
    else {
        panic!("a chapter comes first");
    };
    assert_eq!(path.as_deref(), Some("index.md".as_ref()));
    assert_eq!(source_path.as_deref(), Some("README.md".as_ref()));
    let Item::Chapter {
        name,
        content,
        number,
        sub_items,
        parent_names,
        ..
    } = &newer.items[2]
    else {
        panic!("a chapter comes third");
    };
    assert_eq!(
        (&**name, &**content, number, parent_names.len()),
        ("A", "words", &Some(vec![1]), 0)
    );
    let Item::Chapter {
        sub_items,
        parent_names,
        ..
    } = &sub_items[0]
    else {
        panic!("a chapter stands below");
    };
    assert_eq!(
        (sub_items.len(), &parent_names[..]),
        (1, &["A".to_owned()][..])
    );
    assert!(matches!(newer.items[4], Item::Separator));
    assert!(matches!(&newer.items[1], Item::PartTitle(title) if title == "One"));
}

#[test]
fn an_answer_of_either_generation_is_understood() {
    let envelope = envelope();
    let sent: serde_json::Value = serde_json::from_slice(&envelope.bytes).expect("JSON");
    let read = |book: serde_json::Value| envelope.read(&path("src"), book.to_string().as_bytes());
    assert_eq!(
        read(sent[1].clone()),
        Ok(pieces()),
        "what nobody changed is as it was"
    );
    for name in ["items", "sections"] {
        let mut alone = serde_json::json!({ name: sent[1][name] });
        assert_eq!(read(alone.clone()), Ok(pieces()));
        alone[name][2]["Chapter"]["content"] = "changed".into();
        let mut both = sent[1].clone();
        both[name] = alone[name].clone();
        for book in [alone, both] {
            let pieces = read(book).expect("a book");
            let Piece::Chapter(chapter) = &pieces[2] else {
                panic!("a chapter");
            };
            assert_eq!(
                &*chapter.text, "---\na: 1\n---\nchanged",
                "front matter stays"
            );
        }
    }
}

#[test]
fn an_answer_that_is_no_book_is_told_by_what_is_wrong() {
    let envelope = envelope();
    let fault = |answer: &str| envelope.read(&path("src"), answer.as_bytes()).err();
    assert_eq!(fault(" \n").as_deref(), Some("is empty"));
    assert!(fault("Hello").is_some_and(|it| it.starts_with("is not valid JSON: ")));
    assert!(fault("{}").is_some_and(|it| it.starts_with("is not a book")));
    assert!(fault(r#"{"items":[1]}"#).is_some_and(|it| it.starts_with("contains an item")));
    let outside = r#"{"items":[{"Chapter":{"name":"a","content":"","path":"../a.md"}}]}"#;
    assert_eq!(
        fault(outside).as_deref(),
        Some("contains a chapter with the path `../a.md`, but the path leads out of the book")
    );
    let deep = format!("{{\"items\":{}{}}}", "[".repeat(9000), "]".repeat(9000));
    assert!(fault(&deep).is_some());
}
