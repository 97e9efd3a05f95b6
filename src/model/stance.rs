//! What a position does, and the closed word lists that qualify it.

/// What a party does to a claim. The table of the language decides sign and side.
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

/// On which side of a claim a stance counts.
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
    /// Says nothing of the party's own: it passes on another's words.
    Relayed,
    /// Takes back what the party said before.
    Cleared,
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

    /// The verb an author writes.
    pub fn verb(self) -> &'static str {
        match self {
            Stance::Claims => "claim",
            Stance::Confirms => "confirms",
            Stance::Admits => "admits",
            Stance::Endorses => "endorses",
            Stance::InPart => "in-part",
            Stance::Denies => "denies",
            Stance::Disputes => "disputes",
            Stance::Questions => "questions",
            Stance::Acknowledges => "acknowledges",
            Stance::NoComment => "no-comment",
            Stance::NoResponse => "no-response",
            Stance::Reports => "reports",
            Stance::Retracts => "retracts",
            Stance::Corrects => "corrects",
        }
    }

    /// The stance that an author writes as `verb`.
    pub fn from_verb(verb: &str) -> Option<Stance> {
        Stance::ALL.into_iter().find(|stance| stance.verb() == verb)
    }

    /// The sign readers see; `reports` has none.
    pub fn sign(self) -> Option<char> {
        match self {
            Stance::Claims | Stance::Confirms | Stance::Admits | Stance::Endorses => Some('+'),
            Stance::InPart => Some('±'),
            Stance::Denies | Stance::Disputes => Some('−'),
            Stance::Questions | Stance::Acknowledges | Stance::NoComment => Some('○'),
            Stance::NoResponse => Some('?'),
            Stance::Reports => None,
            Stance::Retracts | Stance::Corrects => Some('×'),
        }
    }

    pub fn side(self) -> Side {
        match self {
            Stance::Claims | Stance::Confirms | Stance::Admits => Side::Own,
            Stance::Endorses => Side::Endorsing,
            Stance::Denies | Stance::Disputes => Side::Con,
            Stance::InPart
            | Stance::Questions
            | Stance::Acknowledges
            | Stance::NoComment
            | Stance::NoResponse => Side::Neither,
            Stance::Reports => Side::Relayed,
            Stance::Retracts | Stance::Corrects => Side::Cleared,
        }
    }

    /// What the party does, in words that follow its name: `denies it`.
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
            /// Every word of the list, in its order.
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
    /// The confidence that a speaker states.
    Confidence { High "high", Moderate "moderate", Low "low", }
}

words! {
    /// The likelihood that a speaker states, by the seven terms of ICD 203. Never converted.
    Likelihood {
        AlmostNoChance "almost no chance",
        VeryUnlikely "very unlikely",
        Unlikely "unlikely",
        RoughlyEvenChance "roughly even chance",
        Likely "likely",
        VeryLikely "very likely",
        AlmostCertain "almost certain",
    }
}

words! {
    /// On what a position is said to rest.
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
    /// How a statement reached the public.
    Mode {
        OnRecord "on-record",
        Background "background",
        Leaked "leaked",
        Court "court",
    }
}

/// The editors' grading by the Admiralty code: `A` to `F` for the source, `1` to `6` for the
/// information, either of which may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grade {
    pub reliability: Option<char>,
    pub credibility: Option<char>,
}

impl Grade {
    /// Reads `B2`, `B` or `2`.
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
