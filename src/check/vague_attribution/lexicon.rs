//! The words of the grammar, with their classes.

use std::collections::HashMap;
use std::ops::BitOr;
use std::sync::LazyLock;

/// The classes of a word, as a bit set; most words have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Class(u32);

impl Class {
    /// People cited for their knowledge: `experts`.
    pub(super) const EXPERTS: Class = Class(1);
    /// People defined by an opinion: `critics of the law` do not belong to the law.
    pub(super) const PARTISANS: Class = Class(1 << 1);
    /// People who are also mentioned for other reasons: `residents`.
    pub(super) const FOLK: Class = Class(1 << 2);
    /// Singular forms: `expert`, `official`.
    pub(super) const PERSON: Class = Class(1 << 3);
    /// Organizations that are vague only after a vague word: `several governments`.
    pub(super) const BODIES: Class = Class(1 << 4);
    /// Texts without an author: `studies`.
    pub(super) const TEXTS: Class = Class(1 << 5);
    /// Singular forms: `report`.
    pub(super) const TEXT: Class = Class(1 << 6);
    /// Quantifiers that can also mean people: `some`, `many`.
    pub(super) const QUANTIFIER: Class = Class(1 << 7);
    /// Adjectives for anonymity: `unnamed`.
    pub(super) const HIDING: Class = Class(1 << 8);
    /// Modifiers that are not names, although a sentence can begin with them.
    pub(super) const GENERIC: Class = Class(1 << 9);
    /// An organization that the text has named before: `the ministry`.
    pub(super) const INSTITUTION: Class = Class(1 << 10);
    /// Verbs of speech and opinion with a plural subject, or in the past tense.
    pub(super) const SAY: Class = Class(1 << 11);
    /// The same with a singular subject.
    pub(super) const SAYS: Class = Class(1 << 12);
    /// Verbs that attribute an opinion only if the subject is cited for it: `experts see`.
    pub(super) const OPINE: Class = Class(1 << 13);
    /// Verbs whose subject can be a text: `studies show`.
    pub(super) const SHOW: Class = Class(1 << 14);
    /// Participles after `it is`.
    pub(super) const IMPERSONAL: Class = Class(1 << 15);
    /// Participles before `to` and an infinitive: `is said to have`.
    pub(super) const RAISING: Class = Class(1 << 16);
    /// Participles after an adverb such as `widely`.
    pub(super) const SHARED: Class = Class(1 << 17);
    /// Adverbs that attribute an opinion to everyone.
    pub(super) const WIDELY: Class = Class(1 << 18);
    /// Forms of `to be`.
    pub(super) const BE: Class = Class(1 << 19);
    /// Auxiliaries and particles between a subject and its verb.
    pub(super) const AUXILIARY: Class = Class(1 << 20);
    pub(super) const ADVERB: Class = Class(1 << 21);
    pub(super) const PREPOSITION: Class = Class(1 << 22);
    /// Words that begin a clause.
    pub(super) const CONJUNCTION: Class = Class(1 << 23);
    pub(super) const PRONOUN: Class = Class(1 << 24);
    pub(super) const DEFINITE: Class = Class(1 << 25);
    pub(super) const INDEFINITE: Class = Class(1 << 26);
    pub(super) const POSSESSIVE: Class = Class(1 << 27);
    pub(super) const HEARSAY: Class = Class(1 << 28);
    pub(super) const NUMBER: Class = Class(1 << 29);
    /// Nouns for rumors and speculation.
    pub(super) const TALK: Class = Class(1 << 30);

    pub(super) fn has(self, any: Class) -> bool {
        self.0 & any.0 != 0
    }

    /// Returns the classes of `word`, which is in lower case.
    pub(super) fn of(word: &str) -> Class {
        let listed = WORDS.get(word).copied().unwrap_or_default();
        if listed == Class::default() && word.ends_with("ly") {
            return Class::ADVERB;
        }
        listed
    }
}

impl BitOr for Class {
    type Output = Class;

    fn bitor(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }
}

static WORDS: LazyLock<HashMap<&'static str, Class>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Class> = HashMap::new();
    for (class, list) in LISTS {
        for word in list.split_whitespace() {
            let known = words.entry(word).or_default();
            *known = *known | *class;
        }
    }
    words
});

/// A word can be in several lists. American and British spellings are both included.
const LISTS: &[(Class, &str)] = &[
    (
        Class::EXPERTS,
        "experts analysts observers commentators pundits insiders sources specialists scholars \
         academics scientists researchers historians economists geologists biologists physicists \
         engineers psychologists sociologists lawyers doctors physicians consultants strategists \
         forecasters diplomats columnists watchers veterans practitioners professionals \
         investigators philosophers linguists archaeologists epidemiologists theorists traders \
         dealers brokers planners campaigners activists environmentalists reviewers",
    ),
    (
        Class::PARTISANS,
        "critics opponents detractors skeptics sceptics supporters proponents advocates defenders \
         admirers enthusiasts fans rivals adversaries naysayers cynics optimists pessimists",
    ),
    (
        Class::FOLK,
        "officials people residents locals neighbors neighbours villagers citizens witnesses \
         bystanders aides advisers advisors executives employees staffers workers managers \
         members leaders colleagues friends relatives lawmakers legislators politicians ministers \
         senators parliamentarians delegates investors shareholders customers agents \
         authorities reporters journalists correspondents bloggers patients parents teachers \
         students nurses farmers fishermen soldiers officers commanders veterans negotiators \
         participants attendees passengers survivors victims lovers",
    ),
    (
        Class::PERSON,
        "expert analyst observer commentator pundit insider source specialist scholar academic \
         scientist researcher historian economist engineer lawyer doctor consultant strategist \
         diplomat columnist investigator trader dealer campaigner activist critic opponent skeptic \
         sceptic supporter official person witness resident neighbor neighbour aide adviser advisor \
         executive employee staffer worker manager member colleague friend relative lawmaker \
         politician minister senator delegate investor officer negotiator participant attendee",
    ),
    (
        Class::BODIES,
        "governments agencies services countries nations states companies firms organizations \
         organisations groups circles quarters embassies ministries banks vendors allies capitals \
         laboratories institutions",
    ),
    (
        Class::TEXTS,
        "studies reports research surveys polls accounts media press outlets newspapers tabloids \
         headlines estimates findings papers leaks rumors rumours whispers gossip speculation",
    ),
    (
        Class::TEXT,
        "study report survey poll account estimate paper article letter memo leak document",
    ),
    (
        Class::QUANTIFIER,
        "some many most several others few various numerous countless certain multiple",
    ),
    (
        Class::HIDING,
        "unnamed unidentified anonymous undisclosed unspecified unattributed unconfirmed \
         unverified various certain western informed well-placed well-informed local foreign \
         independent numerous multiple assorted",
    ),
    (
        Class::GENERIC,
        "a an the some many most several other few various one two three four five six seven eight \
         nine ten security industry market intelligence defense defence health government party \
         art space trade tech technology cyber cybersecurity computer software climate energy \
         policy media press aid law business church army navy finance tax labor labour union \
         opposition state outside inside senior junior former current ex leading top local foreign \
         independent unnamed anonymous western informed well-placed certain numerous veteran \
         prominent skeptical longtime early recent new more all no both these those though \
         although and but because as even for however if now or since so still that then today \
         what when where which while yet yesterday meanwhile also here there after before until \
         once elsewhere nevertheless nonetheless instead perhaps separately privately publicly \
         moreover furthermore human rights public legal real estate water wine food film music sports house",
    ),
    (
        Class::INSTITUTION,
        "ministry department agency company firm bank court embassy council commission committee \
         university hospital institute museum laboratory office bureau directorate regulator \
         authority operator manufacturer maker vendor party parliament senate congress government \
         administration union association federation society foundation police army navy force \
         service newspaper magazine broadcaster mill port railway city town charity group club",
    ),
    (
        Class::SAY,
        "say said believe believed claim claimed argue argued think thought allege alleged suggest \
         suggested contend contended warn warned agree agreed maintain maintained insist insisted \
         assert asserted note noted predict predicted speculate speculated suspect suspected \
         accuse accused blame blamed complain complained describe described counter countered \
         concede conceded acknowledge acknowledged confirm confirmed reveal revealed disclose \
         disclosed report reported recall recalled conclude concluded worry worried caution \
         cautioned doubt doubted fear feared expect expected estimate estimated tell told speak \
         spoke talk talked point pointed express expressed hint hinted explain explained add added \
         dispute disputed question questioned criticize criticized criticise criticised hope hoped \
         assume assumed reckon reckoned admit admitted object objected deny denied remark remarked \
         opine opined imply implied charge charged call called attribute attributed",
    ),
    (
        Class::SAYS,
        "says said believes believed claims claimed argues argued thinks thought alleges alleged \
         suggests suggested contends contended warns warned agrees agreed maintains maintained \
         insists insisted asserts asserted notes noted predicts predicted speculates speculated \
         suspects suspected accuses accused blames blamed complains complained describes described \
         counters countered concedes conceded acknowledges acknowledged confirms confirmed reveals \
         revealed discloses disclosed reports reported recalls recalled concludes concluded \
         worries worried cautions cautioned doubts doubted fears feared expects expected estimates \
         estimated tells told speaks spoke talks talked points pointed expresses expressed hints \
         hinted explains explained adds added disputes disputed questions questioned criticizes \
         criticized hopes hoped assumes assumed reckons reckoned admits admitted objects objected \
         denies denied remarks remarked implies implied calls called",
    ),
    (
        Class::OPINE,
        "see regard regarded consider considered view viewed put hold held observe observed find \
         found credit credited link linked dismiss dismissed praise praised hail hailed wonder \
         wondered interpret interpreted label labeled labelled compare compared",
    ),
    (
        Class::SHOW,
        "say says said suggest suggests suggested show shows showed shown indicate indicates \
         indicated find finds found claim claims claimed allege alleges alleged describe describes \
         described put puts point points pointed reveal reveals revealed conclude concludes \
         concluded imply implies implied hint hints hinted warn warns warned estimate estimates \
         estimated predict predicts predicted attribute attributes attributed link links linked \
         speak speaks spoke circulate circulated abound abounded persist persisted demonstrate \
         demonstrates demonstrated prove proves proved confirm confirms confirmed blame blames \
         blamed report reported have",
    ),
    (
        Class::IMPERSONAL,
        "alleged argued assumed believed claimed rumored rumoured said suggested suspected thought \
         understood feared hoped reported estimated noted speculated presumed expected \
         whispered contended observed asserted maintained",
    ),
    (
        Class::RAISING,
        "alleged believed claimed rumored rumoured said suspected thought understood reported \
         presumed reputed feared",
    ),
    (
        Class::SHARED,
        "accepted agreed alleged assumed believed considered held regarded reported rumored \
         rumoured said seen suspected thought understood expected viewed attributed credited \
         blamed described presumed perceived acknowledged feared recognized recognised deemed \
         reputed claimed argued noted suggested judged hailed dismissed condemned praised",
    ),
    (
        Class::WIDELY,
        "widely generally commonly often broadly universally largely usually popularly frequently \
         long sometimes routinely almost nearly increasingly now still",
    ),
    (Class::BE, "is are was were be been being"),
    (
        Class::AUXILIARY,
        "have has had would might may could do does did not also now still long already once again \
         both all even themselves don't doesn't didn't never always often sometimes too just yet \
         since alike",
    ),
    (
        Class::ADVERB,
        "often long already now still ever well since",
    ),
    (
        Class::PREPOSITION,
        "of from with by to in on at about against among between into like without over under \
         through inside within near around across behind toward towards outside",
    ),
    (
        Class::CONJUNCTION,
        "that and or but while whereas although though because if when where what which whether \
         as after before since until than so yet unless why how",
    ),
    (
        Class::PRONOUN,
        "i you he she it we they me him her us them this who whom everybody nobody anybody \
         somebody everyone someone nothing",
    ),
    (Class::DEFINITE, "the these those both such"),
    (Class::INDEFINITE, "a an one another some any"),
    (Class::POSSESSIVE, "its their our his her whose my your"),
    (
        Class::HEARSAY,
        "reportedly allegedly supposedly purportedly reputedly rumoredly",
    ),
    (
        Class::NUMBER,
        "two three four five six seven eight nine ten dozens scores hundreds thousands",
    ),
    (
        Class::TALK,
        "speculation rumor rumors rumour rumours reports suspicion suspicions whispers talk gossip",
    ),
];
