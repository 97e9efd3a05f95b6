//! Letters with accents are one character or two (NFC and NFD). macOS and Obsidian write file names
//! in the second form, keyboards links in the first.

use whosaid::text::SitePath;

use crate::book;

const ONE: &str = "caf\u{e9}";
const TWO: &str = "cafe\u{301}";

/// A book whose links are in the form `link` and whose file names are in the form `file`.
fn written(link: &str, file: &str) -> String {
    let percent: String = link
        .bytes()
        .map(|byte| {
            if byte.is_ascii() {
                (byte as char).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!(
        "//- book.toml\n[whosaid]\nraw-html = \"basic\"\n\
         //- content/SUMMARY.md\n- [First](a.md)\n- [Second]({link}/{link}.md)\n\
         //- content/a.md\n# A\n\n[one]({link}/{link}.md) [two]({percent}/{percent}.md#part) [three]({link}/{link}.html) \
         [[{link}]] ![four]({link}.svg) ![[{link}.svg]] <a href=\"{link}/{link}.md\">five</a> \
         <img src=\"{link}.svg\" alt=\"six\"> [seven]({link}.pdf)\n\n{{{{#include parts/{link}.txt}}}}\n\
         //- content/{file}/{file}.md\n---\ntitle: Caf\u{e9}\n---\n## Part\n\nText, and back to [A](../a.md).\n\
         //- content/actors/brennia.md\n---\nname: Brennia\nimage: ../{link}.svg\n---\nSee [A](../a.md).\n\
         //- content/{file}.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n\
         //- content/{file}.pdf\nx\n\
         //- content/parts/{file}.txt\nIncluded words.\n"
    )
}

#[test]
fn links_find_files_in_either_form() {
    for (link, file) in [(ONE, TWO), (TWO, ONE), (ONE, ONE), (TWO, TWO)] {
        let book = book::book(&written(link, file));
        let errors = book.build.diagnostics.iter();
        let told: Vec<String> = errors
            .filter(|it| it.code.name() != "orphan-actor")
            .map(|it| format!("{} {}", it.code.name(), it.message))
            .collect();
        assert!(told.is_empty(), "{link:?} {file:?}: {told:#?}");
        // Addresses are those of the files, so a server finds them.
        let address = |text: String| SitePath::new(&text).expect("a path");
        let there = |text: String| book.build.outputs.contains_key(&address(text));
        assert!(there(format!("{file}/{file}.html")) && there(format!("{file}.svg")));
        let page = String::from_utf8(book.build.outputs[&address("a.html".into())].to_vec());
        let page = page.expect("UTF-8");
        let escaped = |text: String| address(text).address();
        let to_page = format!("\"{}", escaped(format!("{file}/{file}.html")));
        // Four links in the text, and the next briefing.
        assert!(
            page.matches(&to_page).count() >= 5,
            "{link:?} {file:?}: {page}"
        );
        let to_image = format!("\"{}\"", escaped(format!("{file}.svg")));
        assert_eq!(
            page.matches(&to_image).count(),
            3,
            "{link:?} {file:?}: {page}"
        );
        assert!(page.contains("Included words."));
        let actor = &book.build.outputs[&address("actors/brennia.html".into())];
        let actor = String::from_utf8_lossy(actor);
        assert!(actor.contains(&format!("../{}", escaped(format!("{file}.svg")))));
    }
}

#[test]
fn chapters_of_a_plain_book_are_found_in_either_form() {
    for (link, file) in [(ONE, TWO), (TWO, ONE)] {
        let book = book::book(&format!(
            "//- src/SUMMARY.md\n# Summary\n\n- [One](one.md)\n- [Two]({link}.md)\n\
             //- src/one.md\n# One\n\nSee [two]({link}.md) and ![x]({link}.svg) and <a href=\"{link}.html\">raw</a>.\n\
             //- src/{file}.md\n# Two\n//- src/{file}.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"
        ));
        assert!(book.build.diagnostics.is_empty(), "{}", book.report());
        let page = SitePath::new(&format!("{file}.html")).expect("a path");
        assert!(book.build.outputs.contains_key(&page), "{file:?}");
        let one = &book.build.outputs[&SitePath::new("one.html").expect("a path")];
        let one = String::from_utf8_lossy(one);
        assert!(one.matches(&page.address()).count() >= 3, "{one}");
    }
}

#[test]
fn a_file_that_only_withheld_text_links_to_is_left_out_in_either_form() {
    for (link, file) in [(ONE, TWO), (TWO, ONE)] {
        let text = |level: &str| {
            format!(
                "//- book.toml\n[whosaid]\ntlp = \"green\"\nlints = {{ above-tlp = \"allow\" }}\n\
                 //- content/a.md\n# A\n\n## S {{tlp={level}}}\n\n[annex]({link}.pdf)\n\n## T\n\nEnd.\n\
                 //- content/{file}.pdf\nx\n"
            )
        };
        let there = |level: &str| {
            let book = book::book(&text(level));
            let path = SitePath::new(&format!("{file}.pdf")).expect("a path");
            book.build.outputs.contains_key(&path)
        };
        assert!(!there("red"), "{file:?} is published");
        assert!(there("green"), "{file:?} is missing");
    }
}
