//! The generated book in memory: actors, claims and texts.

/// A random number generator with a seed, equal on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        (self.next() % sides.max(1) as u64) as usize
    }

    /// Returns one of `count` indices, the first ones most often: with probability 1/rank, by the
    /// inverse of the continuous distribution.
    pub fn zipf(&mut self, count: usize) -> usize {
        let chance = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = ((count + 1) as f64).powf(chance);
        (rank as usize - 1).min(count - 1)
    }
}

/// A book of briefings with everything that they mention.
pub struct Made {
    pub briefings: Vec<Briefing>,
    pub actors: Vec<String>,
    pub sources: Vec<Source>,
    /// The text of each claim, its speaker and its accused.
    pub claims: Vec<Claim>,
}

pub struct Briefing {
    pub title: String,
    pub day: usize,
    pub blocks: Vec<Block>,
}

pub struct Source {
    pub title: String,
    pub author: usize,
    pub day: usize,
}

pub struct Claim {
    pub text: String,
    pub by: usize,
    pub against: usize,
}

pub enum Block {
    Heading(String),
    Paragraph(Vec<Piece>),
    Points(Vec<Vec<Piece>>),
    Code(&'static str, String),
}

pub enum Piece {
    Text(String),
    Emphasis(String),
    Mention(usize),
    Mark {
        verb: &'static str,
        claim: usize,
        by: usize,
        words: String,
        source: usize,
    },
}

const SYLLABLES: [&str; 32] = [
    "ar", "bel", "cor", "dan", "el", "fer", "gan", "hol", "is", "jor", "kel", "lan", "mor", "nal",
    "or", "per", "quin", "ran", "sal", "tor", "ul", "ver", "wen", "yar", "zan", "bri", "clo",
    "dra", "fle", "gri", "pla", "sto",
];

/// Returns a word for a number; small numbers have short words.
fn word(number: usize) -> String {
    let length =
        1 + (number > 24) as usize + (number > 400) as usize + number.is_multiple_of(7) as usize;
    let mut dice = Dice::new(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number as u64 + 1));
    for _ in 0..4 {
        dice.next();
    }
    (0..length).map(|_| SYLLABLES[dice.roll(32)]).collect()
}

struct Writer {
    dice: Dice,
    words: Vec<String>,
}

impl Writer {
    fn words(&mut self, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            let next = self.dice.zipf(self.words.len());
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&self.words[next]);
        }
        text
    }

    fn title(&mut self, count: usize) -> String {
        let text = self.words(count);
        let mut letters = text.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }
}

/// The number of days in the book, from 1 January 2020.
const DAYS: usize = 360;

impl Made {
    /// Generates a book of `count` briefings: with three claims and one source for each, and an
    /// actor for every four.
    pub fn new(count: usize, seed: u64) -> Made {
        let mut writer = Writer {
            dice: Dice::new(seed),
            words: (0..4_000).map(word).collect(),
        };
        let actors = (0..(count / 4).max(20)).map(|number| {
            let name = writer.title(2);
            // The number makes names unique.
            format!(
                "{name} {}",
                word(number * 31 + 7).to_uppercase() + &number.to_string()
            )
        });
        let actors: Vec<String> = actors.collect();
        let sources: Vec<Source> = (0..count.max(10))
            .map(|number| Source {
                title: writer.title(6),
                author: writer.dice.zipf(actors.len()),
                day: number * DAYS / count.max(10),
            })
            .collect();
        let mut claims = Vec::with_capacity(count * 3);
        let mut briefings = Vec::with_capacity(count);
        for number in 0..count {
            briefings.push(writer.briefing(number, count, &actors, &sources, &mut claims));
        }
        Made {
            briefings,
            actors,
            sources,
            claims,
        }
    }
}

impl Writer {
    /// Generates about 800 words, 20 mentions and 6 marks; every third briefing has code.
    fn briefing(
        &mut self,
        number: usize,
        count: usize,
        actors: &[String],
        sources: &[Source],
        claims: &mut Vec<Claim>,
    ) -> Briefing {
        let mut blocks = Vec::new();
        let mut marks = 0;
        for section in 0..5 {
            if section > 0 {
                blocks.push(Block::Heading(self.title(4)));
            }
            for paragraph in 0..3 {
                let is_list = section == 3 && paragraph == 1;
                let mut sentences = Vec::new();
                for sentence in 0..4 {
                    let mut pieces = vec![Piece::Text(self.title(6)), Piece::Text(" ".into())];
                    let place = section * 3 + paragraph;
                    if sentence == 0 || (sentence == 2 && place % 3 == 0) {
                        let actor = self.dice.zipf(actors.len());
                        pieces.push(Piece::Mention(actor));
                        pieces.push(Piece::Text(format!(" {}.", self.words(6))));
                    } else if sentence == 1 && place % 5 < 2 && marks < 6 {
                        pieces.push(self.mark(marks, number, actors, sources, claims));
                        pieces.push(Piece::Text(format!(", {}.", self.words(3))));
                        marks += 1;
                    } else if sentence == 3 && place % 4 == 0 {
                        pieces.push(Piece::Emphasis(self.words(2)));
                        pieces.push(Piece::Text(format!(" {}.", self.words(5))));
                    } else {
                        pieces.push(Piece::Text(format!("{}.", self.words(7))));
                    }
                    sentences.push(pieces);
                }
                blocks.push(if is_list {
                    Block::Points(sentences)
                } else {
                    Block::Paragraph(joined(sentences))
                });
            }
            if section == 2 && number.is_multiple_of(3) {
                let language = ["python", "json", "bash"][number / 3 % 3];
                blocks.push(Block::Code(language, self.code(language)));
            }
        }
        Briefing {
            title: self.title(5),
            day: number * DAYS / count,
            blocks,
        }
    }

    /// The first three marks of a briefing state claims, the others reply to earlier ones.
    fn mark(
        &mut self,
        nth: usize,
        briefing: usize,
        actors: &[String],
        sources: &[Source],
        claims: &mut Vec<Claim>,
    ) -> Piece {
        let source = briefing.min(sources.len() - 1);
        let words = self.words(6);
        if nth < 3 {
            let by = self.dice.zipf(actors.len());
            let against = (by + 1 + self.dice.zipf(actors.len() - 1)) % actors.len();
            claims.push(Claim {
                text: format!("{} {briefing}.{nth}.", self.title(8)),
                by,
                against,
            });
            let claim = claims.len() - 1;
            return Piece::Mark {
                verb: "claim",
                claim,
                by,
                words,
                source,
            };
        }
        // The newest claims get the most replies.
        let claim = claims.len() - 1 - self.dice.zipf(claims.len());
        let is_reply = nth == 3 || self.dice.roll(2) == 0;
        let (verb, by) = if is_reply {
            ("denies", claims[claim].against)
        } else {
            let other = self.dice.zipf(actors.len());
            if other == claims[claim].against || other == claims[claim].by {
                ("denies", claims[claim].against)
            } else {
                ("endorses", other)
            }
        };
        Piece::Mark {
            verb,
            claim,
            by,
            words,
            source,
        }
    }

    fn code(&mut self, language: &str) -> String {
        let mut text = String::new();
        for line in 0..12 {
            let (a, b) = (self.words(1), self.words(1));
            let n = self.dice.roll(1000);
            text.push_str(&match language {
                "python" if line % 4 == 0 => format!("def {a}({b}, limit={n}):\n"),
                "python" => {
                    format!("    {b} = [{a} for {a} in \"{b}\".split() if len({a}) > {n}]  # {b}\n")
                }
                "json" if line == 0 => "{\n".to_owned(),
                "json" if line == 11 => "  \"end\": null\n}\n".to_owned(),
                "json" => format!("  \"{a}-{line}\": [{n}, \"{b}\", true],\n"),
                _ if line % 3 == 0 => format!("# {a} {b}\n"),
                _ => format!("grep -r \"{a}\" /srv/{b} | head -n {n} > {a}.txt\n"),
            });
        }
        text
    }
}

fn joined(sentences: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (number, sentence) in sentences.into_iter().enumerate() {
        if number > 0 {
            pieces.push(Piece::Text("\n".into()));
        }
        pieces.extend(sentence);
    }
    pieces
}
