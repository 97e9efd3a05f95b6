//! Writes a generated book in the Markdown of a program.
//!
//! For whosaid, only the annotations are written. For other programs, everything that whosaid
//! derives is also written as Markdown, so that their pages have the same content and they only
//! convert Markdown.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::prose::{Block, Made, Piece};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    Whosaid,
    Hugo,
    Mdbook,
}

/// Writes the book to the folder `to`.
pub fn write(made: &Made, tool: Tool, to: &Path) -> io::Result<()> {
    match tool {
        Tool::Whosaid => whosaid(made, to),
        Tool::Hugo | Tool::Mdbook => plain(made, tool, to),
    }
}

fn put(to: &Path, path: &str, text: &str) -> io::Result<()> {
    let file = to.join(path);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text)
}

/// Returns the date of day `number`, from 2020-01-01; every month has thirty days.
fn day(number: usize) -> String {
    let (month, day) = (number / 30 % 12 + 1, number % 28 + 1);
    format!("{}-{month:02}-{day:02}", 2020 + number / 360)
}

fn whosaid(made: &Made, to: &Path) -> io::Result<()> {
    let config = "[book]\ntitle = \"Measured\"\nsrc = \"content\"\n\n\
                  [whosaid.lints]\naccusation-without-reply = \"allow\"\n";
    put(to, "book.toml", config)?;
    for (number, actor) in made.actors.iter().enumerate() {
        let text = format!("---\nname: {actor}\nkind: organization\n---\n");
        put(to, &format!("content/actors/a{number}.md"), &text)?;
    }
    for (number, source) in made.sources.iter().enumerate() {
        let text = format!(
            "---\ntitle: {}\nauthor: [a{}]\ndate: {}\n---\n",
            source.title,
            source.author,
            day(source.day)
        );
        put(to, &format!("content/sources/s{number}.md"), &text)?;
    }
    for (number, briefing) in made.briefings.iter().enumerate() {
        let mut text = format!(
            "---\ntitle: {}\ndate: {}\n---\n\n",
            briefing.title,
            day(briefing.day)
        );
        blocks(&briefing.blocks, &mut text, &|piece, text| match piece {
            Piece::Mention(actor) => {
                let _ = write!(text, "[[a{actor}]]");
            }
            Piece::Mark {
                verb,
                claim,
                by,
                words,
                source,
            } => {
                let record = &made.claims[*claim];
                let _ = write!(text, "[{words}]({verb}:c{claim} \"by=a{by}");
                if *verb == "claim" {
                    let _ = write!(text, " against=a{} text='{}'", record.against, record.text);
                }
                let _ = write!(text, "\") [@s{source}]");
            }
            Piece::Text(_) | Piece::Emphasis(_) => {}
        });
        put(to, &format!("content/b/b{number}.md"), &text)?;
    }
    Ok(())
}

fn blocks(blocks: &[Block], text: &mut String, own: &dyn Fn(&Piece, &mut String)) {
    let pieces = |pieces: &[Piece], text: &mut String| {
        for piece in pieces {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Emphasis(words) => {
                    let _ = write!(text, "*{words}*");
                }
                Piece::Mention(_) | Piece::Mark { .. } => own(piece, text),
            }
        }
    };
    for block in blocks {
        match block {
            Block::Heading(heading) => {
                let _ = write!(text, "## {heading}");
            }
            Block::Paragraph(list) => pieces(list, text),
            Block::Points(points) => {
                for point in points {
                    text.push_str("- ");
                    pieces(point, text);
                    text.push('\n');
                }
            }
            Block::Code(language, code) => {
                let _ = write!(text, "```{language}\n{code}```");
            }
        }
        text.push_str("\n\n");
    }
}

/// The context of a mention or mark, for other pages.
struct Said {
    briefing: usize,
    sentence: String,
}

/// Writes the book with plain links, and with pages that list what is said about each actor.
fn plain(made: &Made, tool: Tool, to: &Path) -> io::Result<()> {
    let root = match tool {
        Tool::Hugo => "content",
        Tool::Mdbook | Tool::Whosaid => "src",
    };
    let link = |folder: &str, id: &str| match tool {
        Tool::Hugo => format!("/{folder}/{id}/"),
        Tool::Mdbook | Tool::Whosaid => format!("../{folder}/{id}.md"),
    };
    let mut of_actor: Vec<Vec<Said>> = made.actors.iter().map(|_| Vec::new()).collect();
    let mut of_claim: Vec<Vec<(usize, &str, Said)>> =
        made.claims.iter().map(|_| Vec::new()).collect();
    let mut of_source: Vec<Vec<(usize, usize)>> = made.sources.iter().map(|_| Vec::new()).collect();
    let head = |title: &str, day: Option<&str>| match (tool, day) {
        (Tool::Hugo, Some(day)) => format!("---\ntitle: {title}\ndate: {day}\n---\n\n"),
        (Tool::Hugo, None) => format!("---\ntitle: {title}\n---\n\n"),
        (_, Some(day)) => format!("# {title}\n\n{day}\n\n"),
        (_, None) => format!("# {title}\n\n"),
    };
    for (number, briefing) in made.briefings.iter().enumerate() {
        let mut text = head(&briefing.title, Some(&day(briefing.day)));
        blocks(&briefing.blocks, &mut text, &|piece, text| match piece {
            Piece::Mention(actor) => {
                let name = &made.actors[*actor];
                let _ = write!(text, "[{name}]({})", link("actors", &format!("a{actor}")));
            }
            Piece::Mark {
                claim,
                words,
                source,
                ..
            } => {
                let claim = link("claims", &format!("c{claim}"));
                let source_page = link("sources", &format!("s{source}"));
                let title = &made.sources[*source].title;
                let _ = write!(text, "[{words}]({claim}) ([{title}]({source_page}))");
            }
            Piece::Text(_) | Piece::Emphasis(_) => {}
        });
        put(to, &format!("{root}/b/b{number}.md"), &text)?;
        for block in &briefing.blocks {
            let lists: Vec<&[Piece]> = match block {
                Block::Paragraph(pieces) => vec![pieces],
                Block::Points(points) => points.iter().map(Vec::as_slice).collect(),
                Block::Heading(_) | Block::Code(..) => Vec::new(),
            };
            for pieces in lists {
                for sentence in sentences(pieces) {
                    let plain: String = sentence.iter().map(|piece| words(made, piece)).collect();
                    for piece in sentence {
                        let said = Said {
                            briefing: number,
                            sentence: plain.trim().to_owned(),
                        };
                        match piece {
                            Piece::Mention(actor) => of_actor[*actor].push(said),
                            Piece::Mark {
                                verb,
                                claim,
                                by,
                                source,
                                ..
                            } => {
                                of_claim[*claim].push((*by, verb, said));
                                of_source[*source].push((*claim, *by));
                            }
                            Piece::Text(_) | Piece::Emphasis(_) => {}
                        }
                    }
                }
            }
        }
    }
    let backlink = |said: &Said| {
        let briefing = &made.briefings[said.briefing];
        let page = link("b", &format!("b{}", said.briefing));
        format!("- [{}]({page}): {}\n", briefing.title, said.sentence)
    };
    let mut says: Vec<String> = vec![String::new(); made.actors.len()];
    let mut accused: Vec<String> = vec![String::new(); made.actors.len()];
    for (number, (claim, said)) in made.claims.iter().zip(&of_claim).enumerate() {
        let page = link("claims", &format!("c{number}"));
        let mut text = head(&claim.text, None);
        let against = &made.actors[claim.against];
        let href = link("actors", &format!("a{}", claim.against));
        let _ = write!(text, "Against [{against}]({href}).\n\n## Positions\n\n");
        for (by, verb, said) in said {
            let actor = link("actors", &format!("a{by}"));
            let _ = write!(text, "- [{}]({actor}) {verb}\n  ", made.actors[*by]);
            text.push_str(&backlink(said));
            let _ = writeln!(says[*by], "- {verb}: [{}]({page})", claim.text);
        }
        let _ = writeln!(accused[claim.against], "- [{}]({page})", claim.text);
        put(to, &format!("{root}/claims/c{number}.md"), &text)?;
    }
    for (number, name) in made.actors.iter().enumerate() {
        let mut text = head(name, None);
        let _ = write!(text, "## What it is accused of\n\n{}\n", accused[number]);
        let _ = write!(text, "## What it says\n\n{}\n", says[number]);
        text.push_str("## Mentioned in\n\n");
        text.extend(of_actor[number].iter().map(backlink));
        put(to, &format!("{root}/actors/a{number}.md"), &text)?;
    }
    for (number, source) in made.sources.iter().enumerate() {
        let mut text = head(&source.title, Some(&day(source.day)));
        let author = link("actors", &format!("a{}", source.author));
        let _ = write!(text, "By [{}]({author}).\n\n", made.actors[source.author]);
        for (claim, by) in &of_source[number] {
            let page = link("claims", &format!("c{claim}"));
            let (by, text_of) = (&made.actors[*by], &made.claims[*claim].text);
            let _ = writeln!(text, "- {by}: [{text_of}]({page})");
        }
        put(to, &format!("{root}/sources/s{number}.md"), &text)?;
    }
    match tool {
        Tool::Hugo => hugo_around(to),
        Tool::Mdbook | Tool::Whosaid => mdbook_around(made, to),
    }
}

/// Returns the sentences of a paragraph, which are written on separate lines.
fn sentences(pieces: &[Piece]) -> Vec<&[Piece]> {
    pieces
        .split(|piece| matches!(piece, Piece::Text(text) if text == "\n"))
        .collect()
}

fn words(made: &Made, piece: &Piece) -> String {
    match piece {
        Piece::Text(words) | Piece::Emphasis(words) | Piece::Mark { words, .. } => words.clone(),
        Piece::Mention(actor) => made.actors[*actor].clone(),
    }
}

/// Writes a minimal theme: a head, a navigation, the text, and lists of pages.
fn hugo_around(to: &Path) -> io::Result<()> {
    put(
        to,
        "hugo.toml",
        "baseURL = \"/\"\ntitle = \"Measured\"\ndisableKinds = [\"taxonomy\", \"term\", \"rss\", \
         \"sitemap\"]\n[markup.highlight]\nnoClasses = false\n",
    )?;
    put(
        to,
        "layouts/_default/baseof.html",
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{{ .Title }}</title>\
         </head><body><nav><a href=\"/\">Home</a> <a href=\"/actors/\">Actors</a> <a \
         href=\"/claims/\">Claims</a> <a href=\"/sources/\">Sources</a></nav><main>{{ block \
         \"main\" . }}{{ end }}</main></body></html>\n",
    )?;
    put(
        to,
        "layouts/_default/single.html",
        "{{ define \"main\" }}<h1>{{ .Title }}</h1>{{ with .Date }}<p>{{ .Format \"2 January 2006\" \
         }}</p>{{ end }}{{ .Content }}{{ end }}\n",
    )?;
    let list = "{{ define \"main\" }}<h1>{{ .Title }}</h1><ul>{{ range .RegularPages }}<li><a \
                href=\"{{ .RelPermalink }}\">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}\n";
    put(to, "layouts/_default/list.html", list)?;
    put(
        to,
        "layouts/index.html",
        &list.replace(".RegularPages", "first 100 .Site.RegularPages"),
    )
}

fn mdbook_around(made: &Made, to: &Path) -> io::Result<()> {
    put(
        to,
        "book.toml",
        "[book]\ntitle = \"Measured\"\nlanguage = \"en\"\n[output.html.search]\nenable = false\n",
    )?;
    let mut summary = "# Summary\n\n".to_owned();
    let mut list = |folder: &str, letter: &str, titles: &[&str]| {
        for (number, title) in titles.iter().enumerate() {
            let _ = writeln!(summary, "- [{title}]({folder}/{letter}{number}.md)");
        }
    };
    let titles: Vec<&str> = made.briefings.iter().map(|it| it.title.as_str()).collect();
    list("b", "b", &titles);
    let titles: Vec<&str> = made.actors.iter().map(String::as_str).collect();
    list("actors", "a", &titles);
    let titles: Vec<&str> = made.claims.iter().map(|it| it.text.as_str()).collect();
    list("claims", "c", &titles);
    let titles: Vec<&str> = made.sources.iter().map(|it| it.title.as_str()).collect();
    list("sources", "s", &titles);
    put(to, "src/SUMMARY.md", &summary)
}
