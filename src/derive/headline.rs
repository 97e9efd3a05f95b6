//! The words for how a claim stands: headline, support, contest and reply.

use crate::model::{Actor, Id};

/// The one word that stands over a claim. It never stands alone: support, contest and replies
/// are always beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Headline {
    Unattributed,
    Admitted,
    Withdrawn,
    DenialOnly,
    Contested,
    Denied,
    Unanswered,
    NoResponse,
    Declined,
    Corroborated,
    Uncontested,
}

/// Who says it, counted by origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    None,
    /// Said only on the authority of others.
    EndorsedOnly,
    Single,
    /// One origin, so many root actors.
    Joint(usize),
    /// So many origins.
    Corroborated(usize),
}

/// Who says it is not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contest {
    /// The accused side and others.
    Contested,
    /// Only the accused side, and it denies.
    Denied,
    /// Only the accused side, and it disputes.
    DisputedByAccused,
    /// Only others.
    Disputed,
    /// Nobody, but evidence is asked for.
    Questioned,
    None,
}

/// What an accused answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reply {
    Replied,
    ByRepresentative(Id<Actor>),
    Declined,
    NoResponse,
    Unanswered,
}

impl Headline {
    /// All headlines, in the order in which they are tried.
    pub const ALL: [Headline; 11] = [
        Headline::Unattributed,
        Headline::Admitted,
        Headline::Withdrawn,
        Headline::DenialOnly,
        Headline::Contested,
        Headline::Denied,
        Headline::Unanswered,
        Headline::NoResponse,
        Headline::Declined,
        Headline::Corroborated,
        Headline::Uncontested,
    ];

    /// The stable word for machines, style sheets and filters.
    pub fn word(self) -> &'static str {
        match self {
            Headline::Unattributed => "unattributed",
            Headline::Admitted => "admitted",
            Headline::Withdrawn => "withdrawn",
            Headline::DenialOnly => "denial-only",
            Headline::Contested => "contested",
            Headline::Denied => "denied",
            Headline::Unanswered => "unanswered",
            Headline::NoResponse => "no-response",
            Headline::Declined => "declined",
            Headline::Corroborated => "corroborated",
            Headline::Uncontested => "uncontested",
        }
    }

    /// What the word means, for a reader.
    pub fn in_words(self) -> &'static str {
        match self {
            Headline::Unattributed => "nobody on record states it",
            Headline::Admitted => "the accused side itself states it",
            Headline::Withdrawn => "stated before, and no longer",
            Headline::DenialOnly => "contradicted, while nobody on record states it",
            Headline::Contested => "contradicted by a party that is not accused",
            Headline::Denied => "contradicted by the accused side",
            Headline::Unanswered => "no reply is recorded",
            Headline::NoResponse => "the accused side has not responded",
            Headline::Declined => "the accused side declined to comment",
            Headline::Corroborated => "stated by independent parties, contradicted by none",
            Headline::Uncontested => "stated, and contradicted by none",
        }
    }
}

impl Support {
    /// The stable word for machines: `single`, `joint(2)`.
    pub fn word(self) -> String {
        match self.count() {
            Some(count) => format!("{}({count})", self.kind()),
            None => self.kind().to_owned(),
        }
    }

    /// The word without its number, for style sheets and filters.
    pub fn kind(self) -> &'static str {
        match self {
            Support::None => "none",
            Support::EndorsedOnly => "endorsed-only",
            Support::Single => "single",
            Support::Joint(_) => "joint",
            Support::Corroborated(_) => "corroborated",
        }
    }

    /// The number in the word, where it has one.
    pub fn count(self) -> Option<usize> {
        match self {
            Support::None | Support::EndorsedOnly | Support::Single => None,
            Support::Joint(count) | Support::Corroborated(count) => Some(count),
        }
    }

    /// Who supports it, for a reader.
    pub fn in_words(self) -> String {
        match self {
            Support::None => "stated by nobody".to_owned(),
            Support::EndorsedOnly => "endorsed only, stated by nobody first-hand".to_owned(),
            Support::Single => "stated by one party".to_owned(),
            Support::Joint(count) => format!("stated by {count} parties of one origin"),
            Support::Corroborated(count) => format!("stated from {count} independent origins"),
        }
    }
}

impl Contest {
    /// The stable word for machines, style sheets and filters.
    pub fn word(self) -> &'static str {
        match self {
            Contest::Contested => "contested",
            Contest::Denied => "denied",
            Contest::DisputedByAccused => "disputed-by-accused",
            Contest::Disputed => "disputed",
            Contest::Questioned => "questioned",
            Contest::None => "none",
        }
    }

    /// Who contests it, for a reader.
    pub fn in_words(self) -> &'static str {
        match self {
            Contest::Contested => "contradicted by the accused side and by others",
            Contest::Denied => "denied by the accused side",
            Contest::DisputedByAccused => "disputed by the accused side",
            Contest::Disputed => "contradicted by others than the accused side",
            Contest::Questioned => "contradicted by none, evidence asked for",
            Contest::None => "contradicted by none",
        }
    }
}

impl Reply {
    /// The stable word for machines, style sheets and filters.
    pub fn word(self) -> &'static str {
        match self {
            Reply::Replied => "replied",
            Reply::ByRepresentative(_) => "by-representative",
            Reply::Declined => "declined",
            Reply::NoResponse => "no-response",
            Reply::Unanswered => "unanswered",
        }
    }

    /// What the accused did, in words that follow its name.
    pub fn in_words(self) -> &'static str {
        match self {
            Reply::Replied => "replied",
            Reply::ByRepresentative(_) => "replied by a representative",
            Reply::Declined => "declined to comment",
            Reply::NoResponse => "has not responded",
            Reply::Unanswered => "has no reply on record",
        }
    }

    /// Whether words of an answer are on record, its own or a representative's.
    pub fn is_answer(self) -> bool {
        match self {
            Reply::Replied | Reply::ByRepresentative(_) => true,
            Reply::Declined | Reply::NoResponse | Reply::Unanswered => false,
        }
    }

    /// The place in the ranking of replies, the best highest.
    pub(super) fn rank(self) -> u8 {
        match self {
            Reply::Replied => 4,
            Reply::ByRepresentative(_) => 3,
            Reply::Declined => 2,
            Reply::NoResponse => 1,
            Reply::Unanswered => 0,
        }
    }
}
