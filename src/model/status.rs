//! The vocabulary of a claim's status: status, support, contest and reply.
//!
//! Defined once, and used by pages, filters, feeds, cards, data files and documentation. Section 4
//! of the language specification says when each applies; `derive` computes them.

use super::{Actor, Id};

/// The status of a claim in one word. Support, contest and replies are always shown next to it. For
/// persons, see [`LegalStatus`](super::LegalStatus).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Unattributed,
    Admitted,
    Corrected,
    Withdrawn,
    DenialOnly,
    Contested,
    Denied,
    Disputed,
    Unanswered,
    NoResponse,
    Declined,
    Corroborated,
    Uncontested,
    UnnamedOnly,
    EndorsedOnly,
}

/// Who makes the claim, counted by origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    None,
    /// Made only on the authority of others.
    EndorsedOnly,
    /// Made only by unnamed parties.
    UnnamedOnly,
    /// One origin, one root actor.
    Single,
    /// One origin, several root actors (their number, 2 or more).
    Joint(usize),
    /// Several origins (their number, 2 or more).
    Corroborated(usize),
}

/// Who opposes the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contest {
    /// The accused side and others.
    Contested,
    /// Only the accused side, and it denies.
    Denied,
    /// Only the accused side, and it disputes without denying.
    DisputedByAccused,
    /// Only others.
    Disputed,
    /// No party, but a claim that contradicts it has support.
    Contradicted,
    /// No party, but a claim that is part of it is denied or disputed.
    PartDenied,
    /// No party, but evidence is asked for.
    Questioned,
    None,
}

/// The state of a position at the end of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PositionState {
    /// The party's current position.
    Current,
    /// A later remark that takes no side, in addition to the current position.
    Remark,
    /// Replaced by a later position of the same party.
    Replaced,
    /// Withdrawn by the same party.
    Withdrawn,
    /// A report, which is not a position of the reporting party.
    Report,
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

impl Status {
    /// All statuses, in the order of precedence.
    pub const ALL: [Status; 15] = [
        Status::Unattributed,
        Status::Admitted,
        Status::Corrected,
        Status::Withdrawn,
        Status::DenialOnly,
        Status::Contested,
        Status::Denied,
        Status::Disputed,
        Status::Unanswered,
        Status::NoResponse,
        Status::Declined,
        Status::Corroborated,
        Status::Uncontested,
        Status::UnnamedOnly,
        Status::EndorsedOnly,
    ];

    /// Returns the stable word for data, style sheets and filters.
    pub fn word(self) -> &'static str {
        match self {
            Status::Unattributed => "unattributed",
            Status::Admitted => "admitted",
            Status::Corrected => "corrected",
            Status::Withdrawn => "withdrawn",
            Status::DenialOnly => "denial-only",
            Status::Contested => "contested",
            Status::Denied => "denied",
            Status::Disputed => "disputed",
            Status::Unanswered => "unanswered",
            Status::NoResponse => "no-response",
            Status::Declined => "declined",
            Status::Corroborated => "corroborated",
            Status::Uncontested => "uncontested",
            Status::UnnamedOnly => "unnamed-only",
            Status::EndorsedOnly => "endorsed-only",
        }
    }

    /// Returns the meaning of the word, for legends. `derive::status_words` describes one claim.
    pub fn in_words(self) -> &'static str {
        match self {
            Status::Unattributed => "no party on record says this",
            Status::Admitted => "the accused side itself says so",
            Status::Corrected => "replaced with another claim by a party that said it",
            Status::Withdrawn => "withdrawn by everyone who said it",
            Status::DenialOnly => "denied or disputed, though no party on record says it",
            Status::Contested => {
                "denied or disputed by parties other than the accused, or contradicted by another \
                 claim, or denied in part"
            }
            Status::Denied => "the accused side denies it, and no one else does",
            Status::Disputed => {
                "the accused side disputes it without denying it, and no one else does"
            }
            Status::Unanswered => "an accused party has no reply on record",
            Status::NoResponse => "an accused party has not replied",
            Status::Declined => "an accused party declined to comment",
            Status::Corroborated => "stated from separate origins; no one on record denies it",
            Status::Uncontested => "stated by a named party; no one on record denies it",
            Status::UnnamedOnly => "stated by unnamed parties only; no one on record denies it",
            Status::EndorsedOnly => {
                "endorsed, but not stated by any party on its own authority; no one on record \
                 denies it"
            }
        }
    }

    /// Returns the status capitalized, with spaces: `No response`.
    pub fn label(self) -> String {
        let mut label = self.word().replace('-', " ");
        label[..1].make_ascii_uppercase();
        label
    }

    /// True if the status says that the accused have not answered.
    pub fn is_about_replies(self) -> bool {
        match self {
            Status::Unanswered | Status::NoResponse | Status::Declined => true,
            Status::Unattributed
            | Status::Admitted
            | Status::Corrected
            | Status::Withdrawn
            | Status::DenialOnly
            | Status::Contested
            | Status::Denied
            | Status::Disputed
            | Status::Corroborated
            | Status::Uncontested
            | Status::UnnamedOnly
            | Status::EndorsedOnly => false,
        }
    }

    /// True if a party, another claim or a denied part opposes the claim.
    pub fn is_disputed(self) -> bool {
        match self {
            Status::DenialOnly | Status::Contested | Status::Denied | Status::Disputed => true,
            Status::Unattributed
            | Status::Admitted
            | Status::Corrected
            | Status::Withdrawn
            | Status::Unanswered
            | Status::NoResponse
            | Status::Declined
            | Status::Corroborated
            | Status::Uncontested
            | Status::UnnamedOnly
            | Status::EndorsedOnly => false,
        }
    }

    /// True if an accused party has not replied.
    pub fn awaits_reply(self) -> bool {
        match self {
            Status::Unanswered | Status::NoResponse | Status::Declined => true,
            Status::Unattributed
            | Status::Admitted
            | Status::Corrected
            | Status::Withdrawn
            | Status::DenialOnly
            | Status::Contested
            | Status::Denied
            | Status::Disputed
            | Status::Corroborated
            | Status::Uncontested
            | Status::UnnamedOnly
            | Status::EndorsedOnly => false,
        }
    }
}

impl PositionState {
    /// Returns the stable word for data, style sheets and data files.
    pub fn word(self) -> &'static str {
        match self {
            PositionState::Current => "current",
            PositionState::Remark => "remark",
            PositionState::Replaced => "replaced",
            PositionState::Withdrawn => "withdrawn",
            PositionState::Report => "report",
        }
    }

    /// True if the party held it and no longer does.
    pub fn is_ended(self) -> bool {
        match self {
            PositionState::Replaced | PositionState::Withdrawn => true,
            PositionState::Current | PositionState::Remark | PositionState::Report => false,
        }
    }
}

impl Support {
    /// Returns the stable word for data: `single`, `joint(2)`.
    pub fn word(self) -> String {
        match self.count() {
            Some(count) => format!("{}({count})", self.kind()),
            None => self.kind().to_owned(),
        }
    }

    /// Returns the word without its number, for style sheets and filters.
    pub fn kind(self) -> &'static str {
        match self {
            Support::None => "none",
            Support::EndorsedOnly => "endorsed-only",
            Support::UnnamedOnly => "unnamed-only",
            Support::Single => "single",
            Support::Joint(_) => "joint",
            Support::Corroborated(_) => "corroborated",
        }
    }

    /// Returns the number in the word, if it has one.
    pub fn count(self) -> Option<usize> {
        match self {
            Support::None | Support::EndorsedOnly | Support::UnnamedOnly | Support::Single => None,
            Support::Joint(count) | Support::Corroborated(count) => Some(count),
        }
    }

    /// Returns who supports the claim, for readers. Origins are separate on record, never
    /// "independent": a missing `based-on` proves nothing.
    pub fn in_words(self) -> String {
        match self {
            Support::None => "stated by no party".to_owned(),
            Support::EndorsedOnly => "endorsed only, stated by no party first-hand".to_owned(),
            Support::UnnamedOnly => "stated by unnamed parties only".to_owned(),
            Support::Single => "stated by one party".to_owned(),
            Support::Joint(count) => format!("stated by {count} parties of one origin"),
            Support::Corroborated(count) => {
                format!("stated from {count} separate origins on record")
            }
        }
    }
}

impl Contest {
    /// Returns the stable word for data, style sheets and filters.
    pub fn word(self) -> &'static str {
        match self {
            Contest::Contested => "contested",
            Contest::Denied => "denied",
            Contest::DisputedByAccused => "disputed-by-accused",
            Contest::Disputed => "disputed",
            Contest::Contradicted => "contradicted",
            Contest::PartDenied => "part-denied",
            Contest::Questioned => "questioned",
            Contest::None => "none",
        }
    }

    /// Returns who opposes the claim, for readers. Only for [`Contest::None`] it says that no one
    /// does.
    pub fn in_words(self) -> &'static str {
        match self {
            Contest::Contested => "denied or disputed by the accused side and by others",
            Contest::Denied => "denied by the accused side",
            Contest::DisputedByAccused => "disputed, but not denied, by the accused side",
            Contest::Disputed => "denied or disputed by parties other than the accused",
            Contest::Contradicted => "contradicted by another claim on record",
            Contest::PartDenied => "denied or disputed in part",
            Contest::Questioned => "not denied; evidence is asked for",
            Contest::None => "no one on record denies or disputes it",
        }
    }
}

impl Reply {
    /// Returns the stable word for data, style sheets and filters.
    pub fn word(self) -> &'static str {
        match self {
            Reply::Replied => "replied",
            Reply::ByRepresentative(_) => "by-representative",
            Reply::Declined => "declined",
            Reply::NoResponse => "no-response",
            Reply::Unanswered => "unanswered",
        }
    }

    /// Returns the reply in words that follow the name of the accused.
    pub fn in_words(self) -> &'static str {
        match self {
            Reply::Replied => "replied",
            Reply::ByRepresentative(_) => "replied by a representative",
            Reply::Declined => "declined to comment",
            Reply::NoResponse => "has not replied",
            Reply::Unanswered => "has no reply on record",
        }
    }

    /// True if there are words of a reply, by the accused or a representative.
    pub fn is_answer(self) -> bool {
        match self {
            Reply::Replied | Reply::ByRepresentative(_) => true,
            Reply::Declined | Reply::NoResponse | Reply::Unanswered => false,
        }
    }

    /// Returns the rank of a reply, the best highest.
    pub fn rank(self) -> u8 {
        match self {
            Reply::Replied => 4,
            Reply::ByRepresentative(_) => 3,
            Reply::Declined => 2,
            Reply::NoResponse => 1,
            Reply::Unanswered => 0,
        }
    }
}
