//! Correct marks with one typing mistake.
//!
//! The fuzzer's bytes choose marks of every form, with everything that can be in and around a mark,
//! then delete, double or swap one character of a mark. After that, each mark must still be read as
//! a mark, or be reported at its place; diagnostics at other places do not count. Exceptions are
//! mistakes that make other valid Markdown: [`is_other_markdown`] lists them all.

use std::ops::Range;
use std::sync::OnceLock;

use whosaid::link;
use whosaid::model::Dialect;
use whosaid::parse::{DocKind, Draft};
use whosaid::text::{Place, SitePath, SourceText, Span};

/// The remaining bytes to choose by; zero when there are none.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn next(&mut self) -> usize {
        self.0.next().copied().map_or(0, usize::from)
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.next() % items.len()]
    }

    fn is(&mut self) -> bool {
        self.next() % 2 == 1
    }
}

/// A text and the marks in it.
#[derive(Default)]
struct Made {
    text: String,
    marks: Vec<Written>,
    /// The definitions of reference marks that are not written yet, with their marks.
    waiting: Vec<(usize, String)>,
}

/// Where a mark was written.
#[derive(Debug, Clone)]
struct Written {
    whole: Range<usize>,
    words: Range<usize>,
    /// The line of its definition, for a reference mark.
    definition: Option<Range<usize>>,
}

const VERBS: [&str; 15] = [
    "claim",
    "confirms",
    "admits",
    "endorses",
    "in-part",
    "denies",
    "disputes",
    "questions",
    "acknowledges",
    "no-comment",
    "no-response",
    "reports",
    "retracts",
    "corrects",
    "event",
];
const CLAIMS: [&str; 4] = ["exch-mss", "letters", "notpetya.ru", "u-2"];
const WORDS: [&str; 12] = [
    "It opened the letters",
    "no",
    "the *ministry* knew",
    "**all of it** was known",
    "tied to the [[mss]]",
    "what [[prc|Beijing]] did",
    "used `four` flaws",
    "see [a page](https://example.org/a_(b))",
    "words\nover lines",
    "国家安全部 [sic] knew",
    "so it says [@wh, p. 4]",
    "a \"quoted\" word — and",
];
const ATTRIBUTES: [&str; 20] = [
    "by=us",
    "by=us,uk",
    "by='United States'",
    "on=2021-07-19",
    "on=2021",
    "against=mss",
    "against=mss,prc",
    "src=wh",
    "at='p. 4'",
    "conf=high",
    "mode=leaked",
    "voice=ada",
    "basis=legal",
    "joint=five",
    "grade=B2",
    "text='It opened them'",
    "quote",
    "x-desk=one",
    "tlp=green",
    "via='the press office'",
];
const PROSE: [&str; 8] = [
    "",
    "Washington said that ",
    "In July, ",
    "*Later* ",
    "(as before) ",
    "At 10:15, with 3 = 2 + 1, ",
    "[[us]] said: ",
    "\"",
];
const BEHIND: [&str; 7] = [
    "",
    ".",
    " [@wh].",
    ", and [@fc; @mfa, p. 2].",
    " it said.",
    " *soon*.",
    ") [@mfa]",
];

impl Made {
    fn mark(&mut self, choices: &mut Choices<'_>, is_outer: bool) {
        let verb = choices.of(&VERBS);
        let ids = match choices.next() % 6 {
            0 if verb != "event" => format!("{},{}", CLAIMS[0], choices.of(&CLAIMS[1..])),
            _ => choices.of(&CLAIMS).to_owned(),
        };
        let mut attributes = Vec::new();
        for _ in 0..choices.next() % 4 {
            let one = choices.of(&ATTRIBUTES);
            let key = |text: &str| text.split('=').next().unwrap_or("").to_owned();
            if attributes.iter().all(|other: &&str| key(other) != key(one)) {
                attributes.push(one);
            }
        }
        let gap = choices.of(&[" ", " ", "\n"]);
        let attributes = attributes.join(gap);
        let start = self.text.len();
        self.text.push('[');
        let words = self.text.len();
        if is_outer && choices.next().is_multiple_of(5) {
            self.text.push_str("they said ");
            self.mark(choices, false);
        } else {
            self.text.push_str(choices.of(&WORDS));
        }
        let words = words..self.text.len();
        self.text.push(']');
        match choices.next() % 4 {
            0 => {
                let label = format!("m{}", self.marks.len());
                self.text.push_str(&format!("[{label}]"));
                let attributes = attributes.replace('\n', " ");
                let says = if attributes.is_empty() {
                    format!("[{label}]: {verb}:{ids}")
                } else {
                    format!("[{label}]: {verb}:{ids} \"{attributes}\"")
                };
                self.waiting.push((self.marks.len(), says));
            }
            1 => {
                let ids = match verb {
                    "claim" => format!("#{}", ids.split(',').next().unwrap_or("")),
                    _ => format!("of={ids}"),
                };
                let space = if attributes.is_empty() { "" } else { " " };
                self.text
                    .push_str(&format!("{{.{verb} {ids}{space}{attributes}}}"));
            }
            _ if attributes.is_empty() => self.text.push_str(&format!("({verb}:{ids})")),
            _ => self
                .text
                .push_str(&format!("({verb}:{ids} \"{attributes}\")")),
        }
        self.marks.push(Written {
            whole: start..self.text.len(),
            words,
            definition: None,
        });
    }

    /// Writes a block with one or two marks.
    fn block(&mut self, choices: &mut Choices<'_>) {
        let from = self.text.len();
        let kind = choices.next() % 6;
        self.text.push_str(choices.of(&PROSE));
        self.mark(choices, true);
        self.text.push_str(choices.of(&BEHIND));
        if choices.is() {
            self.text.push_str(choices.of(&[" ", "\n", " and "]));
            self.mark(choices, true);
            self.text.push_str(choices.of(&BEHIND));
        }
        // Each kind of container begins its lines differently.
        let (first, next, end) = match kind {
            0 => ("> ", "> ", "\n\n"),
            1 => ("- ", "  ", "\n\n"),
            2 => ("| a | b |\n|---|---|\n| ", " ", " | c |\n\n"),
            3 => ("## ", " ", "\n\n"),
            _ => ("", "", "\n\n"),
        };
        let is_one_line = matches!(kind, 2 | 3);
        self.within(from, first, next, is_one_line);
        self.text.push_str(end);
        for (mark, line) in std::mem::take(&mut self.waiting) {
            let start = self.text.len();
            self.text.push_str(&line);
            self.marks[mark].definition = Some(start..self.text.len());
            self.text.push('\n');
        }
        self.text.push('\n');
    }

    /// Puts the text after `from` into a container.
    fn within(&mut self, from: usize, first: &str, next: &str, is_one_line: bool) {
        let body = self.text.split_off(from);
        let mut moved: Vec<(usize, usize)> = vec![(0, from + first.len())];
        self.text.push_str(first);
        for (at, c) in body.char_indices() {
            match c {
                '\n' if is_one_line => self.text.push(' '),
                '|' if is_one_line => self.text.push_str("\\|"),
                '\n' => {
                    self.text.push('\n');
                    self.text.push_str(next);
                }
                c => self.text.push(c),
            }
            moved.push((at + c.len_utf8(), self.text.len()));
        }
        let to = |at: usize| {
            let found = moved.binary_search_by_key(&(at - from), |(before, _)| *before);
            found.map_or(at, |found| moved[found].1)
        };
        let here = self
            .marks
            .iter_mut()
            .filter(|mark| mark.whole.start >= from);
        for mark in here {
            mark.whole = to(mark.whole.start)..to(mark.whole.end);
            mark.words = to(mark.words.start)..to(mark.words.end);
        }
    }
}

/// A change of a text: bytes were replaced.
struct Slip {
    at: Range<usize>,
    by: String,
}

impl Slip {
    /// Deletes, doubles or swaps one character of a mark or of its definition.
    fn choose(made: &Made, choices: &mut Choices<'_>) -> Option<Slip> {
        let mark = &made.marks[choices.next() % made.marks.len()];
        let within = match &mark.definition {
            Some(definition) if choices.is() => definition.clone(),
            _ => mark.whole.clone(),
        };
        let characters: Vec<(usize, char)> = made.text[within.clone()].char_indices().collect();
        let number = (choices.next() * 256 + choices.next()) % characters.len();
        let (at, c) = characters[number];
        let at = within.start + at;
        let end = at + c.len_utf8();
        Some(match choices.next() % 3 {
            0 => Slip {
                at: at..end,
                by: String::new(),
            },
            1 => Slip {
                at: end..end,
                by: c.to_string(),
            },
            _ => {
                let next = made.text[end..].chars().next()?;
                Slip {
                    at: at..end + next.len_utf8(),
                    by: format!("{next}{c}"),
                }
            }
        })
    }

    fn apply(&self, text: &str) -> String {
        format!(
            "{}{}{}",
            &text[..self.at.start],
            self.by,
            &text[self.at.end..]
        )
    }

    /// Returns the range of these bytes in the changed text.
    fn moved(&self, range: &Range<usize>) -> Range<usize> {
        let to = |at: usize| {
            if at <= self.at.start {
                at
            } else {
                (at + self.by.len())
                    .saturating_sub(self.at.len())
                    .max(self.at.start)
            }
        };
        to(range.start)..to(range.end)
    }

    /// Returns whether the mistake makes valid Markdown with another meaning: a backtick opens or
    /// closes code, a backslash escapes the next character, or a line end begins another block or
    /// line.
    fn is_other_markdown(&self, text: &str) -> bool {
        let touched = || text[self.at.clone()].chars().chain(self.by.chars());
        touched().any(|c| matches!(c, '`' | '\\' | '\n'))
    }
}

/// Marks with one typing mistake: each is read, or reported at its place.
pub fn mutations(data: &[u8]) {
    let mut choices = Choices(data.iter());
    let mut made = Made::default();
    made.text.push_str("# Postbox\n\n");
    for _ in 0..1 + choices.next() % 2 {
        made.block(&mut choices);
    }
    made.text.push_str("The end.\n");
    all_are_there(&made, None);
    if let Some(slip) = Slip::choose(&made, &mut choices)
        && !slip.is_other_markdown(&made.text)
    {
        all_are_there(&made, Some(&slip));
    }
}

/// Checks that every mark of the text is read or, after a mistake, reported at its place.
fn all_are_there(made: &Made, slip: Option<&Slip>) {
    let text = slip.map_or_else(|| made.text.clone(), |slip| slip.apply(&made.text));
    let draft = super::draft(DocKind::Briefing, &text, false);
    let (_, diagnostics) = linked(&draft);
    let mut told: Vec<&Place> = Vec::new();
    for said in draft.diagnostics.iter().chain(&diagnostics) {
        told.push(&said.place);
        told.extend(said.others.iter().map(|(place, _)| place));
    }
    let overlaps = |span: Span, range: &Range<usize>| {
        (span.start as usize) < range.end && range.start < span.end as usize
    };
    for mark in &made.marks {
        let moved = |range: &Range<usize>| slip.map_or(range.clone(), |slip| slip.moved(range));
        let (whole, words) = (moved(&mark.whole), moved(&mark.words));
        let definition = mark.definition.as_ref().map(moved);
        let is_read = draft.marks.iter().any(|read| {
            let starts_near = (read.span.start as usize).abs_diff(whole.start) <= 2;
            let ends_near = (read.span.end as usize).abs_diff(whole.end) <= 2;
            (starts_near || ends_near) && overlaps(read.words_span, &words)
        });
        // The missing or extra character can be next to it.
        let near = whole.start.saturating_sub(1)..whole.end + 1;
        let is_told = slip.is_some()
            && told.iter().any(|place| {
                place.file == *draft.file()
                    && (overlaps(place.span, &near)
                        || definition
                            .as_ref()
                            .is_some_and(|it| overlaps(place.span, it)))
            });
        assert!(
            is_read || is_told,
            "a mark is lost: {:?}\nof {:?}\nin {text}\nfound {:?}\nsaid {diagnostics:?} {:?}",
            &made.text[mark.whole.clone()],
            mark.definition.clone().map(|it| &made.text[it]),
            draft.marks,
            draft.diagnostics,
        );
    }
}

/// Links a text with the actors, sources and claims that it names.
fn linked(draft: &Draft) -> (whosaid::model::Site, Vec<whosaid::diag::Diagnostic>) {
    static OTHERS: OnceLock<Vec<Draft>> = OnceLock::new();
    let others = OTHERS.get_or_init(others);
    let drafts: Vec<&Draft> = std::iter::once(draft).chain(others).collect();
    link::site(&link::Book {
        drafts: &drafts,
        bibliographies: &[],
        sites: &[],
        source: SitePath::new("").unwrap_or_else(|_| super::path("content")),
        files: Vec::new(),
        unpublished: Vec::new(),
        withheld: Default::default(),
        pages: Vec::new(),
        autolink: false,
        language: "en",
        is_vault: false,
        dialect: Dialect::Annotated,
        contents: None,
        not_found: None,
        readme_is_index: true,
        shows_html: false,
    })
}

fn others() -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut add = |name: &str, kind: DocKind, text: &str| {
        let mut draft = super::draft(kind, text, false);
        draft.text = SourceText::new(&super::path(name), text);
        assert!(draft.diagnostics.is_empty(), "{:?}", draft.diagnostics);
        drafts.push(draft);
    };
    for (id, name) in [
        ("us", "United States"),
        ("uk", "United Kingdom"),
        ("prc", "China"),
        ("mss", "Ministry of State Security"),
        ("ada", "Ada Vance"),
    ] {
        let front = format!("---\nname: {name}\n---\n");
        add(&format!("actors/{id}.md"), DocKind::Actor, &front);
    }
    for (id, author) in [("wh", "us"), ("fc", "uk"), ("mfa", "prc")] {
        let front = format!("---\ntitle: {id}\nauthor: {author}\n---\n");
        add(&format!("sources/{id}.md"), DocKind::Source, &front);
    }
    for claim in CLAIMS {
        let front = "---\ntext: Something is said.\n---\n";
        add(&format!("claims/{claim}.md"), DocKind::Claim, front);
    }
    drafts
}
