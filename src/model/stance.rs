//! The stances of positions, and the fixed word lists that qualify positions.

/// What a party does to a claim. The table of verbs in the manual defines sign and side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stance {
    Claims,
    Confirms,
    Admits,
    Endorses,
    InPart,
    Denies,
    Disputes,
    Questions,
    Acknowledges,
    NoComment,
    NoResponse,
    Reports,
    Retracts,
    Corrects,
}

/// The side of a claim on which a stance counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// For it, on the party's own authority.
    Own,
    /// For it, on the authority of others.
    Endorsing,
    /// Against it.
    Con,
    /// On neither side.
    Neither,
    /// Not a position of the party itself: it reports another one's statement.
    Relayed,
    /// The party withdraws its earlier position.
    Cleared,
}

/// Whether a stance answers a statement of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Always,
    /// Only if others stated the claim before.
    OfOthers,
    Never,
}

/// A row of the table of the language.
struct Meaning {
    verb: &'static str,
    sign: Option<char>,
    side: Side,
    answers: Answer,
    is_substantive: bool,
    is_silence: bool,
}

impl Meaning {
    const fn new(verb: &'static str, sign: Option<char>, side: Side, answers: Answer) -> Meaning {
        Meaning {
            verb,
            sign,
            side,
            answers,
            is_substantive: matches!(side, Side::Own | Side::Endorsing | Side::Con),
            is_silence: false,
        }
    }

    const fn substantive(mut self) -> Meaning {
        self.is_substantive = true;
        self
    }

    const fn silent(mut self) -> Meaning {
        self.is_silence = true;
        self
    }
}

impl Stance {
    pub const ALL: [Stance; 14] = [
        Stance::Claims,
        Stance::Confirms,
        Stance::Admits,
        Stance::Endorses,
        Stance::InPart,
        Stance::Denies,
        Stance::Disputes,
        Stance::Questions,
        Stance::Acknowledges,
        Stance::NoComment,
        Stance::NoResponse,
        Stance::Reports,
        Stance::Retracts,
        Stance::Corrects,
    ];

    /// Returns the row of the table of the language. Everything that follows from a stance follows
    /// from it.
    const fn meaning(self) -> Meaning {
        use Answer::{Always, Never, OfOthers};
        use Side::{Cleared, Con, Endorsing, Neither, Own, Relayed};
        match self {
            Stance::Claims => Meaning::new("claim", Some('+'), Own, Never),
            Stance::Confirms => Meaning::new("confirms", Some('+'), Own, Never),
            Stance::Admits => Meaning::new("admits", Some('+'), Own, OfOthers),
            Stance::Endorses => Meaning::new("endorses", Some('+'), Endorsing, Never),
            Stance::InPart => Meaning::new("in-part", Some('±'), Neither, Always).substantive(),
            Stance::Denies => Meaning::new("denies", Some('−'), Con, Always),
            Stance::Disputes => Meaning::new("disputes", Some('−'), Con, Always),
            Stance::Questions => Meaning::new("questions", Some('○'), Neither, Always),
            Stance::Acknowledges => Meaning::new("acknowledges", Some('○'), Neither, Always),
            Stance::NoComment => Meaning::new("no-comment", Some('○'), Neither, Always).silent(),
            Stance::NoResponse => Meaning::new("no-response", Some('?'), Neither, Always).silent(),
            Stance::Reports => Meaning::new("reports", None, Relayed, Never),
            Stance::Retracts => Meaning::new("retracts", Some('×'), Cleared, Never),
            Stance::Corrects => Meaning::new("corrects", Some('×'), Cleared, Never),
        }
    }

    /// Returns the verb that authors write.
    pub fn verb(self) -> &'static str {
        self.meaning().verb
    }

    /// Returns the stance with this verb.
    pub fn from_verb(verb: &str) -> Option<Stance> {
        Stance::ALL.into_iter().find(|stance| stance.verb() == verb)
    }

    /// Returns the sign that readers see; `reports` has none.
    pub fn sign(self) -> Option<char> {
        self.meaning().sign
    }

    pub fn side(self) -> Side {
        self.meaning().side
    }

    /// True if it supports the claim, on the party's own authority or another's.
    pub fn is_support(self) -> bool {
        match self.side() {
            Side::Own | Side::Endorsing => true,
            Side::Con | Side::Neither | Side::Relayed | Side::Cleared => false,
        }
    }

    /// True if it says something about the claim itself. Only a substantive stance replaces
    /// another; the others are remarks beside it.
    pub fn is_substantive(self) -> bool {
        self.meaning().is_substantive
    }

    /// True if the party gave no answer.
    pub fn is_silence(self) -> bool {
        self.meaning().is_silence
    }

    /// True if it is usually known from what another party published.
    pub fn is_second_hand(self) -> bool {
        self.is_silence() || self.side() == Side::Relayed
    }

    /// True if it makes sense only after an accusation. A party may admit before it is accused.
    pub fn is_reply(self) -> bool {
        self.meaning().answers == Answer::Always
    }

    /// True if the party that takes it states the claim as one about others.
    pub fn states(self) -> bool {
        self.is_support() && self.meaning().answers == Answer::Never
    }

    /// True if `mode` and `basis` can come from headings and sources. A silence or a withdrawal was
    /// not made in the circumstances of the original statement.
    pub fn inherits_circumstances(self) -> bool {
        !self.is_silence() && self.side() != Side::Cleared
    }

    /// Returns what the party does, in words that follow its name: `denies it`.
    pub fn in_words(self) -> &'static str {
        match self {
            Stance::Claims => "says so",
            Stance::Confirms => "confirms it",
            Stance::Admits => "admits it",
            Stance::Endorses => "endorses it",
            Stance::InPart => "says it in part",
            Stance::Denies => "denies it",
            Stance::Disputes => "disputes it",
            Stance::Questions => "asks for evidence",
            Stance::Acknowledges => "takes no position",
            Stance::NoComment => "declined to comment",
            Stance::NoResponse => "has not answered",
            Stance::Reports => "reports it",
            Stance::Retracts => "withdrew it",
            Stance::Corrects => "corrected it",
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant,)* }

        impl $name {
            /// All words of the list, in order.
            pub const WORDS: &[&str] = &[$($word,)*];

            pub fn parse(text: &str) -> Option<$name> {
                match text { $($word => Some($name::$variant),)* _ => None }
            }

            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The evidence that a party refers to.
    Basis {
        Technical "technical",
        Intelligence "intelligence",
        Legal "legal",
        Policy "policy",
        Testimony "testimony",
        OpenSource "open-source",
    }
}

words! {
    /// How a statement became public.
    Mode {
        OnRecord "on-record",
        Background "background",
        Leaked "leaked",
        Court "court",
    }
}

/// The authors' grade in the Admiralty code: `A` to `F` for the source, `1` to `6` for the
/// information; either can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grade {
    pub reliability: Option<char>,
    pub credibility: Option<char>,
}

impl Grade {
    /// Parses `B2`, `B` or `2`.
    pub fn parse(text: &str) -> Option<Grade> {
        let mut chars = text.chars().peekable();
        let reliability = chars.next_if(|c| ('A'..='F').contains(c));
        let credibility = chars.next_if(|c| ('1'..='6').contains(c));
        let read = reliability.is_some() || credibility.is_some();
        (read && chars.next().is_none()).then_some(Grade {
            reliability,
            credibility,
        })
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in [self.reliability, self.credibility].into_iter().flatten() {
            write!(f, "{part}")?;
        }
        Ok(())
    }
}
