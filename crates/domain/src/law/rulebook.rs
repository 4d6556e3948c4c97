//! The rules as data: `rules.toml`, read once.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::days::Holiday;
use super::example::Example;
use crate::council::{Council, CouncilKind};
use crate::member::BodyKind;

/// The rules of the file in this folder. Should it ever be unreadable there are no rules, and every
/// question is answered "no rule": never a verdict out of nothing. The tests read it whole.
static FRENCH: LazyLock<Rulebook> =
    LazyLock::new(|| Rulebook::parse(include_str!("rules.toml")).unwrap_or_default());

/// How a sitting is convened: each has its own delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Procedure {
    /// In the ordinary way.
    #[default]
    Ordinary,
    /// In urgency: shortened by the president, approved by the council.
    Urgent,
    /// Again, after a sitting that lacked its quorum.
    SecondCall,
    /// To examine the primitive budget: its papers have a delay of their own.
    Budget,
    /// For the first time after a general renewal.
    Installation,
}

/// Local law that stands before the general rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocalLaw {
    /// The communes of Bas-Rhin, Haut-Rhin and Moselle.
    AlsaceMoselle,
}

impl LocalLaw {
    /// The local law of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        name.trim().eq_ignore_ascii_case("alsace-moselle").then_some(Self::AlsaceMoselle)
    }

    /// The local law of a council; none when it has none or an unknown one.
    #[must_use]
    pub fn of(council: &Council) -> Option<Self> {
        council.local_law.as_deref().and_then(Self::named)
    }
}

/// How the days of a delay are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// Clear days (jours francs): neither the day of dispatch nor the day of the sitting counts.
    Clear,
    /// From date to date.
    AtLeast,
}

/// How sure a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Mark {
    /// Read in a source.
    F,
    /// Remembered.
    R,
    /// Inferred.
    I,
}

/// Whether a person must still ask a lawyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The rule was read in its source.
    Certain,
    /// To be checked by the council's lawyer.
    Check,
}

impl From<Mark> for Certainty {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::F => Self::Certain,
            Mark::R | Mark::I => Self::Check,
        }
    }
}

/// What must come with a convocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// It states the agenda (L2121-10); nothing else can be decided.
    AgendaOnConvocation,
    /// An explanatory note on each item goes with it.
    ExplanatoryNote,
    /// Drafts of contracts can be read at the town hall.
    ContractDraftsOpen,
    /// Its reason is written down.
    UrgencyReason,
    /// The president reports at the opening and the council votes on the urgency.
    UrgencyVote,
    /// Councillors of the communes outside the council get a copy (L5211-40-2).
    OutsideCopies,
    /// A report on each matter.
    ReportEachMatter,
    /// Each member is told when the reports can be read.
    NoticeOfAvailability,
    /// Drafts on which the CESER was consulted go out at the same time.
    CeserDrafts,
    /// Only the primitive budget, no amending one; the convocation keeps its own delay.
    PrimitiveBudgetOnly,
    /// The debate on the budget's orientations was held within the ten weeks before.
    BudgetDebate,
    /// On the Friday, Saturday or Sunday that follows the decisive round.
    FirstFridayToSunday,
    /// Only items of the first agenda.
    SameAgendaOnly,
    /// No quorum is needed.
    NoQuorumNeeded,
    /// It states expressly that the council will decide whatever the attendance.
    StatesWhateverAttendance,
    /// The sitting is held by law three days later, without a new convocation.
    HeldByLaw,
    /// A committee meets for the first time within eight days of its creation.
    FirstMeetingOfCommittee,
    /// By the president alone.
    ByThePresident,
    /// Entered in the register.
    EnteredInRegister,
    /// Posted at the door or published.
    PostedOrPublished,
    /// On paper for whoever asked for it in writing.
    PaperOnRequest,
}

/// Kinds of ballot that members can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ballot {
    /// By names (scrutin public).
    Public,
    /// Secret.
    Secret,
}

/// The delay of a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Delay {
    /// How many days.
    pub days: u16,
    /// How the words of the law count.
    pub text: Counting,
    /// How they are to be read.
    pub count: Counting,
    /// What no judge could find late.
    pub safe: Counting,
    /// Whether only the council's own rules set one.
    #[serde(default)]
    pub house: bool,
}

/// Legal population, in inhabitants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Population {
    /// From so many.
    #[serde(default)]
    pub from: u32,
    /// Below so many; without end when absent.
    pub below: Option<u32>,
}

/// To whom and what a row applies; empty lists mean any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scope {
    /// Kinds of assembly.
    #[serde(default)]
    pub kinds: Vec<CouncilKind>,
    /// Legal population.
    #[serde(default)]
    pub population: Population,
    /// Only under this local law.
    pub local_law: Option<LocalLaw>,
    /// Ways of convening.
    #[serde(default)]
    pub procedures: Vec<Procedure>,
    /// Bodies; the full assembly when absent.
    #[serde(default = "assembly")]
    pub bodies: Vec<BodyKind>,
}

fn assembly() -> Vec<BodyKind> {
    vec![BodyKind::Council]
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Number of the rule, "R3"; rows of several scopes share one.
    pub id: String,
    /// Where it stands.
    pub article: String,
    /// First day it applies to.
    pub valid_from: Option<Date>,
    /// Last day it applies to.
    pub valid_to: Option<Date>,
    /// To whom and what it applies.
    #[serde(default)]
    pub scope: Scope,
    /// Its delay, when it has one.
    pub delay: Option<Delay>,
    /// What must come with it.
    #[serde(default)]
    pub requires: Vec<Requirement>,
    /// A share of people, numerator and denominator.
    pub fraction: Option<[u32; 2]>,
    /// A number of things or days that may not be passed.
    pub limit: Option<u16>,
    /// The ballot it is about.
    pub ballot: Option<Ballot>,
    /// How sure it is.
    pub mark: Mark,
    /// What was read.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Worked examples.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
}

/// What a row is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Kind of assembly.
    pub kind: CouncilKind,
    /// Legal population, in inhabitants.
    pub population: u32,
    /// Local law.
    pub local_law: Option<LocalLaw>,
    /// The body that sits.
    pub body: BodyKind,
    /// How it is convened.
    pub procedure: Procedure,
    /// The day on which it sits.
    pub on: Date,
}

impl Rule {
    /// Whether the row applies to this case.
    #[must_use]
    pub fn applies(&self, case: &Case) -> bool {
        let scope = &self.scope;
        let any = |empty: bool, has: bool| empty || has;
        any(scope.kinds.is_empty(), scope.kinds.contains(&case.kind))
            && any(scope.procedures.is_empty(), scope.procedures.contains(&case.procedure))
            && scope.bodies.contains(&case.body)
            && case.population >= scope.population.from
            && scope.population.below.is_none_or(|below| case.population < below)
            && scope.local_law.is_none_or(|law| case.local_law == Some(law))
            && self.valid_from.is_none_or(|from| case.on >= from)
            && self.valid_to.is_none_or(|to| case.on <= to)
    }
}

/// All rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    /// The rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
    /// Public holidays, by name.
    #[serde(default, rename = "holiday")]
    pub holidays: Vec<Holiday>,
}

/// The file of rules cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("The file of rules cannot be read: {0}")]
pub struct RulebookError(#[from] toml::de::Error);

impl Rulebook {
    /// The French rules.
    #[must_use]
    pub fn french() -> &'static Self {
        &FRENCH
    }

    /// Reads a file of rules.
    ///
    /// # Errors
    /// Where the file breaks the form told at its head.
    pub fn parse(text: &str) -> Result<Self, RulebookError> {
        Ok(toml::from_str(text)?)
    }

    /// The row with a delay that applies to a case; one of a local law goes first.
    #[must_use]
    pub fn delay(&self, case: &Case) -> Option<(&Rule, &Delay)> {
        let mut rows: Vec<_> = self
            .rules
            .iter()
            .filter(|rule| rule.applies(case))
            .filter_map(|rule| Some((rule, rule.delay.as_ref()?)))
            .collect();
        rows.sort_by_key(|(rule, _)| rule.scope.local_law.is_none());
        rows.first().copied()
    }

    /// The row of this number that holds for a kind of assembly.
    #[must_use]
    pub fn rule(&self, id: &str, kind: CouncilKind) -> Option<&Rule> {
        let holds = |rule: &&Rule| rule.scope.kinds.is_empty() || rule.scope.kinds.contains(&kind);
        self.rules.iter().filter(|rule| rule.id == id).find(holds)
    }
}
