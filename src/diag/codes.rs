//! The registry of codes. Codes are stable and never reused.

use std::fmt;

/// The effect of a code on a run, unless `[whosaid.lints]` sets another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The build fails.
    Error,
    /// The diagnostic is reported; the build fails only with `--deny-warnings`.
    Warn,
    /// The diagnostic is not reported.
    Allow,
}

impl Level {
    /// Returns the level for `error` or `deny`, `warn` or `warning`, and `allow`; `None` for other
    /// words.
    pub fn parse(text: &str) -> Option<Level> {
        match text {
            "error" | "deny" => Some(Level::Error),
            "warn" | "warning" => Some(Level::Warn),
            "allow" => Some(Level::Allow),
            _ => None,
        }
    }
}

macro_rules! codes {
    ($($variant:ident $id:literal $name:literal $level:ident $title:literal,)*) => {
        /// A kind of problem, with an id that never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $variant,)* }

        impl Code {
            /// All codes, in the order of their ids.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The stable id, such as `WS001`.
            pub fn id(self) -> &'static str { match self { $(Code::$variant => $id,)* } }

            /// The readable name, such as `unknown-actor`, which can be used instead of the id.
            pub fn name(self) -> &'static str { match self { $(Code::$variant => $name,)* } }

            /// The subject, which is the heading in the manual.
            pub fn title(self) -> &'static str { match self { $(Code::$variant => $title,)* } }

            /// The default level.
            pub fn level(self) -> Level { match self { $(Code::$variant => Level::$level,)* } }
        }
    };
}

codes! {
    UnknownActor "WS001" "unknown-actor" Error "unknown actor",
    UnknownClaim "WS002" "unknown-claim" Error "unknown claim",
    UnknownSource "WS003" "unknown-source" Error "unknown source",
    UnknownPage "WS004" "unknown-page" Error "unknown page or name",
    UnknownFragment "WS005" "unknown-fragment" Error "unknown fragment",
    AmbiguousName "WS006" "ambiguous-name" Error "ambiguous name",
    NoSpeaker "WS007" "no-speaker" Error "no speaker can be found",
    UnknownVerb "WS008" "unknown-verb" Error "unknown verb",
    UnknownKey "WS009" "unknown-key" Error "unknown key",
    UnreadableValue "WS010" "unreadable-value" Error "unreadable value",
    UnreadableAttributes "WS011" "unreadable-attributes" Error "unreadable attributes",
    ConflictingClaim "WS012" "conflicting-claim" Error "conflicting definitions of one claim",
    ImpossibleDate "WS013" "impossible-date" Error "impossible date",
    Circular "WS014" "circular" Error "circular relation",
    DuplicateId "WS015" "duplicate-id" Error "duplicate id",
    DuplicateAnchor "WS016" "duplicate-anchor" Error "duplicate anchor",
    DuplicateAddress "WS017" "duplicate-address" Error "duplicate page address",
    CrossingMark "WS018" "crossing-mark" Error "mark that crosses emphasis",
    SelfNestedMark "WS019" "self-nested-mark" Error "mark nested in itself",
    QuoteNotInSource "WS020" "quote-not-in-source" Error "quoted words absent from the kept text",
    AboveTlp "WS021" "above-tlp" Error "above the book's TLP ceiling",
    BrokenLink "WS022" "broken-link" Error "broken internal link",
    MissingImage "WS023" "missing-image" Error "missing image",
    MissingInclude "WS024" "missing-include" Error "missing include",
    UnclosedFrontMatter "WS025" "unclosed-front-matter" Error "unclosed front matter",
    UnreadableFrontMatter "WS026" "unreadable-front-matter" Error "unreadable front matter",
    UnknownTemplate "WS027" "unknown-template" Error "unknown template",
    BrokenTemplate "WS028" "broken-template" Error "template that cannot be rendered",
    NotUtf8 "WS029" "not-utf8" Error "file that is not UTF-8",
    ForbiddenScheme "WS030" "forbidden-scheme" Error "forbidden address scheme",
    UnreadableId "WS031" "unreadable-id" Error "unreadable id",
    UnreadableBibliography "WS032" "unreadable-bibliography" Error "unreadable bibliography",
    MissingKey "WS033" "missing-key" Error "missing key",
    UnreadableSummary "WS034" "unreadable-summary" Error "unreadable SUMMARY.md",
    BeyondLimit "WS035" "beyond-limit" Error "beyond a limit",
    UnreadableConfig "WS036" "unreadable-config" Error "unreadable configuration",
    WithheldWords "WS037" "withheld-words" Error "withheld words in the site",
    MissingPlugin "WS050" "missing-plugin" Error "preprocessor that is not installed",
    FailedPlugin "WS051" "failed-plugin" Error "preprocessor that failed",
    MissingInventory "WS060" "missing-inventory" Error "inventory of another site that cannot be read",

    ClaimWithoutSource "WS101" "claim-without-source" Warn "claim or event without a source",
    AccusationWithoutReply "WS102" "accusation-without-reply" Warn "accusation without a recorded reply",
    ClaimWithoutId "WS103" "claim-without-id" Warn "claim without a stable id",
    NearDuplicate "WS104" "near-duplicate" Warn "near-duplicate ids or texts",
    BeforeEvent "WS105" "before-event" Warn "position dated before its event",
    AfterSource "WS106" "after-source" Warn "position dated after its source",
    AfterAsOf "WS107" "after-as-of" Warn "position dated after the document's as-of",
    ReplyBeforeAccusation "WS108" "reply-before-accusation" Warn "reply before the accusation",
    TurnedWithoutRetraction "WS109" "turned-without-retraction" Warn "position on both sides \
                                                                      without a retraction",
    SpeaksOfItself "WS110" "speaks-of-itself" Warn "`by` and `against` name the same party",
    ConfAndLikely "WS111" "conf-and-likely" Warn "`conf` and `likely` together",
    SingleOrigin "WS112" "single-origin" Warn "all support is based on one source",
    SecondHandOnly "WS113" "second-hand-only" Warn "second-hand only",
    NothingToRetract "WS114" "nothing-to-retract" Warn "nothing to retract",
    PersonWithoutStatus "WS115" "person-without-status" Warn "named person accused without a status",
    OrphanActor "WS116" "orphan-actor" Warn "orphan actor",
    UncitedSource "WS117" "uncited-source" Warn "source never cited",
    ShortcutReference "WS118" "shortcut-reference" Warn "shortcut reference in front of braces",
    ImageWithoutAlt "WS119" "image-without-alt" Warn "image without alternative text",
    VagueAttribution "WS120" "vague-attribution" Warn "vague attribution",
    UnmarkedName "WS121" "unmarked-name" Allow "known name left unmarked",
    RawHtml "WS122" "raw-html" Warn "raw HTML shown as text",
    UnknownConfigKey "WS123" "unknown-config-key" Warn "unknown key in book.toml",
    IdleConfigKey "WS124" "idle-config-key" Warn "mdBook key without effect",
    NothingToContinue "WS125" "nothing-to-continue" Warn "nothing to continue",
    UndefinedFootnote "WS126" "undefined-footnote" Warn "undefined footnote",
    UnclosedMarkup "WS127" "unclosed-markup" Warn "markup that is never closed",
    UnusedFootnote "WS128" "unused-footnote" Warn "unused footnote",
    UnreadField "WS129" "unread-field" Warn "field of a source that cannot be read",
    IdleKey "WS130" "idle-key" Warn "key without effect on its verb",
    CardNotDrawn "WS140" "card-not-drawn" Warn "preview image that cannot be drawn",
    PluginNotRun "WS150" "plugin-not-run" Warn "preprocessor that was not run",
    ObsidianOnly "WS151" "obsidian-only" Warn "syntax that only Obsidian shows",
    UndefinedLabel "WS152" "undefined-label" Error "reference mark without a definition",
    UnusedDefinition "WS153" "unused-definition" Error "unused definition of a mark",
    DetachedAttribution "WS154" "detached-attribution" Error "attribution not joined to its quotation",
    CommaInCitation "WS155" "comma-in-citation" Error "citations separated by a comma",
    BareKey "WS156" "bare-key" Warn "key of a source left as text",
    DifferingRepeat "WS157" "differing-repeat" Error "repeated mark that differs from the first",
    AlmostAnActor "WS158" "almost-an-actor" Warn "author that is almost an actor",
    SharedName "WS159" "shared-name" Warn "name shared by two actors",
    LoneJoint "WS160" "lone-joint" Warn "joint statement of one party",
    StatusWithoutSource "WS161" "status-without-source" Warn "legal status without a source",
    SourceOfAnother "WS162" "source-of-another" Warn "source that belongs to another party",
    VoiceOfAnother "WS163" "voice-of-another" Warn "spokesperson of another party",
    WithheldReply "WS164" "withheld-reply" Error "accusation published without its withheld reply",
    WordsNotInLanguage "WS171" "words-not-in-language" Warn "verbatim words in another language than their source",
    OriginalWithoutLanguage "WS172" "original-without-language" Warn "original words whose language is not known",
    NoTlpCeiling "WS180" "no-tlp-ceiling" Error "marking without a TLP ceiling",
    TlpAboveCeiling "WS181" "tlp-above-ceiling" Error "build above the book's TLP ceiling",
    UnportableName "WS182" "unportable-name" Error "file name that is not portable",
    StrayFile "WS183" "stray-file" Warn "published file that nothing refers to",
    EmptyFile "WS184" "empty-file" Warn "empty file",
    BidiControl "WS185" "bidi-control" Error "character that reorders text",
    UnseenCharacter "WS186" "unseen-character" Warn "invisible character",
    ConfusableName "WS187" "confusable-name" Warn "names that look alike",
    MixedScripts "WS188" "mixed-scripts" Warn "word of two scripts",
}

impl Code {
    /// True for errors that no setting lowers and no file silences: nothing that a book says of
    /// itself may publish what it withholds.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Code::WithheldWords | Code::NoTlpCeiling | Code::TlpAboveCeiling
        )
    }

    /// Returns the code with this id (in any case) or name.
    pub fn find(text: &str) -> Option<Code> {
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.id().eq_ignore_ascii_case(text) || code.name() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
