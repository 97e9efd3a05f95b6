//! Files that are never published, files that are probably not meant, and names of files.

use crate::book::book;

const PAGE: &str = "//- content/a.md\n# A\n\nWords.\n";

#[test]
fn backups_keys_and_settings_are_never_published() {
    for name in [
        "a.md.bak",
        "a.md~",
        "old.orig",
        "a.old",
        "x.swp",
        "server.pem",
        "private.KEY",
        "id_rsa",
        "id_ed25519",
        "x.kdbx",
        "cert.p12",
        "prod.env",
        "book.toml",
        "Thumbs.db",
        "node_modules/m.js",
        "sub/node_modules/x/y.css",
        "debug.log",
    ] {
        for place in [format!("content/{name}"), name.to_owned()] {
            let source = if place.starts_with("content/") {
                "content"
            } else {
                "."
            };
            let toml = format!("//- book.toml\n[book]\nsrc = \"{source}\"\n");
            let toml = if place == "book.toml" {
                toml + "# here\n"
            } else {
                format!("{toml}//- {place}\nsecret-words\n")
            };
            let book = book(&format!("{toml}{PAGE}"));
            for (address, bytes) in &book.build.outputs {
                let text = String::from_utf8_lossy(bytes);
                assert!(
                    !text.contains("secret-words") && !text.contains("src = \""),
                    "{place}: {address}"
                );
            }
        }
        // Nor by a book for mdBook that is its own text folder.
        let plain = format!(
            "//- book.toml\n[book]\nsrc = \".\"\n//- SUMMARY.md\n- [A](a.md)\n//- a.md\n# A\n{}",
            if name == "book.toml" {
                String::new()
            } else {
                format!("//- {name}\nsecret-words\n")
            }
        );
        let book = book(&plain);
        assert!(
            book.build.outputs.keys().all(|it| it.as_str() != name),
            "{name}"
        );
    }
}

#[test]
fn files_of_unusual_kinds_are_listed_once_unless_a_text_refers_to_them() {
    let files = "//- content/minutes.docx\nx\n//- content/data.sav\nx\n//- content/map.svg\nx\n//- content/t.csv\nx\n";
    let listed = book(&format!("{PAGE}{files}"));
    assert_eq!(listed.codes(), ["WS183"], "{}", listed.report());
    assert_eq!(listed.build.diagnostics.len(), 1);
    let message = &listed.build.diagnostics[0].message;
    assert!(
        message.contains("`content/data.sav`") && message.contains("`content/minutes.docx`"),
        "{message}"
    );
    assert!(
        !message.contains("map.svg") && !message.contains("t.csv"),
        "{message}"
    );
    let linked = PAGE.replace("Words.", "[a](minutes.docx) <a href=\"data.sav\">b</a>");
    assert_eq!(book(&format!("{linked}{files}")).codes(), [""; 0]);
    // With a ceiling, every file that nothing refers to is somebody's question.
    let toml = "//- book.toml\n[whosaid]\ntlp = \"green\"\n";
    let listed = book(&format!("{toml}{linked}{files}"));
    assert_eq!(listed.codes(), ["WS183"], "{}", listed.report());
    let message = &listed.build.diagnostics[0].message;
    assert!(
        message.contains("`content/map.svg`") && message.contains("`content/t.csv`"),
        "{message}"
    );
    assert!(!message.contains("docx"), "{message}");
}

#[test]
fn names_that_some_systems_cannot_hold_are_errors() {
    for name in [
        "CON.png",
        "aux.svg",
        "com1.txt",
        "a:b.png",
        "q?.png",
        "trail./x.png",
        "a|b.txt",
        "a\"b.txt",
        "NUL/x.png",
    ] {
        let book = book(&format!("{PAGE}//- content/{name}\nx\n"));
        assert!(book.codes().contains(&"WS182"), "{name}: {}", book.report());
    }
    for (one, other) in [
        ("Pic.png", "pic.png"),
        ("caf\u{e9}.png", "cafe\u{301}.png"),
        ("Sub/a.png", "sub/b.png"),
        ("STRASSE.txt", "strasse.txt"),
    ] {
        let book = book(&format!(
            "{PAGE}//- content/{one}\nx\n//- content/{other}\nx\n"
        ));
        assert_eq!(book.codes(), ["WS182"], "{one} {other}: {}", book.report());
        assert_eq!(book.build.diagnostics.len(), 1, "{}", book.report());
    }
    let book = book(&format!(
        "{PAGE}//- content/auxiliary.png\nx\n//- content/com10.txt\nx\n//- content/caf\u{e9}.png\nx\n"
    ));
    assert_eq!(book.codes(), [""; 0], "{}", book.report());
}

#[test]
fn an_empty_file_is_a_warning_and_no_page() {
    let book = book(&format!("{PAGE}//- content/new.md\n\n"));
    assert_eq!(book.codes(), ["WS184"], "{}", book.report());
    assert!(
        !book
            .build
            .outputs
            .keys()
            .any(|it| it.as_str() == "new.html")
    );
    assert!(book.build.outputs.keys().any(|it| it.as_str() == "a.html"));
}

#[test]
fn a_text_folder_that_is_none_is_reported_where_it_is_named() {
    for src in ["", "/"] {
        let book = book(&format!("//- book.toml\n[book]\nsrc = \"{src}\"\n{PAGE}"));
        assert_eq!(book.codes(), ["WS036"], "{src}: {}", book.report());
        let said = &book.build.diagnostics[0];
        assert!(
            said.message
                .contains("`book.src` is not a folder of the book"),
            "{said:?}"
        );
        assert!(said.place.span.start > 0, "{said:?}");
    }
}
