//! By when a convocation must leave: computed, explained and judged.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::days::{CountedDay, Why, between, clear, day_of, last_minute};
use super::rulebook::{
    Case, Certainty, Counting, LocalLaw, Procedure, Requirement, Rule, Rulebook,
};
use crate::council::{Council, CouncilKind};
use crate::member::BodyKind;

/// An explanation begins at most so many days before the latest day of dispatch.
const SHOWN_BEFORE: i64 = 14;

/// What is asked: who sits, when, and how they are convened.
#[derive(Debug, Clone)]
pub struct Question {
    /// Kind of assembly.
    pub kind: CouncilKind,
    /// Legal population, in inhabitants.
    pub population: u32,
    /// Local law.
    pub local_law: Option<LocalLaw>,
    /// The zone in which the body counts its days.
    pub zone: TimeZone,
    /// The body that sits.
    pub body: BodyKind,
    /// How it is convened.
    pub procedure: Procedure,
    /// The day on which it sits.
    pub sitting: Date,
    /// Day of the sitting without quorum (second call) or of the decisive round (installation).
    pub after: Option<Date>,
    /// The day on which the convocation leaves or left; none asks for the latest.
    pub dispatch: Option<Date>,
    /// Days that the body's own rules ask for, where the law asks for none.
    pub house_days: Option<u16>,
    /// Whether a delay that can be read in two ways is counted in the way that no judge could find
    /// late.
    pub strict: bool,
}

impl Question {
    /// The question for an ordinary sitting of a council's assembly. An unknown time zone is taken
    /// for UTC.
    #[must_use]
    pub fn of(council: &Council, starts: Timestamp) -> Self {
        let zone = TimeZone::get(&council.zone).unwrap_or(TimeZone::UTC);
        Self {
            kind: council.kind,
            population: council.population,
            local_law: LocalLaw::of(council),
            sitting: day_of(starts, &zone),
            zone,
            body: BodyKind::Council,
            procedure: Procedure::Ordinary,
            after: None,
            dispatch: None,
            house_days: council.law.house_days,
            strict: council.law.strict,
        }
    }

    /// The same for a dispatch at this instant.
    #[must_use]
    pub fn dispatched(mut self, at: Timestamp) -> Self {
        self.dispatch = Some(day_of(at, &self.zone));
        self
    }

    fn case(&self, procedure: Procedure) -> Case {
        Case {
            kind: self.kind,
            population: self.population,
            local_law: self.local_law,
            body: self.body,
            procedure,
            on: self.sitting,
        }
    }
}

/// Why there is no deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LawError {
    /// No row of the file of rules fits.
    #[error("No known rule sets this deadline.")]
    NoRule,
    /// The dates leave the calendar.
    #[error("These dates lie outside the calendar.")]
    OutOfCalendar,
}

/// What becomes of a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It left in time.
    Regular,
    /// It left too late.
    Late,
}

/// Something that a person should look at; it does not change the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caution {
    /// The first sitting of a new council is held from Friday to Sunday.
    NotFridayToSunday,
    /// It is not held in the days that follow the decisive round.
    NotAfterTheRound,
    /// A second call leaves after the sitting that lacked its quorum, never before.
    SentBeforeFirstSitting,
    /// No day is left on which the convocation could lawfully leave.
    NoLawfulDay,
    /// The convocation would leave after the sitting has begun.
    SentAfterSitting,
    /// The safe day and the day by the letter differ: the words of the law can be read in two ways.
    TwoReadings,
}

/// How a deadline stands at a moment, for a panel in three colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// There is time, or it left in safe time.
    Ample,
    /// The last safe day, or a day after it that is still lawful.
    Short,
    /// Too late.
    Late,
}

/// The verdict on one dispatch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The day it left.
    pub dispatch: Date,
    /// In time or not.
    pub verdict: Verdict,
    /// Whether also in safe time.
    pub safe: bool,
    /// Clear days it leaves; -1 on the day of the sitting itself.
    pub clear_days: i64,
    /// Days that are missing; 0 when regular.
    pub missing_days: i64,
    /// Earliest lawful day of a sitting convened on that day.
    pub earliest_sitting: Date,
}

/// A deadline with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Number of the rule, "R3".
    pub rule: String,
    /// Where it stands.
    pub article: String,
    /// How the sitting is convened.
    pub procedure: Procedure,
    /// How many days.
    pub days: u16,
    /// How they are counted.
    pub counting: Counting,
    /// How the words of the law count, which may be less sure.
    pub text: Counting,
    /// The day of the sitting.
    pub sitting: Date,
    /// The latest lawful day of dispatch.
    pub latest_dispatch: Date,
    /// The last lawful minute: 23:59 of that day by the body's clock.
    pub last_minute: Timestamp,
    /// The latest day that no judge could find late.
    pub safe_dispatch: Date,
    /// The latest day if "so many days at least" were meant.
    pub at_least_dispatch: Date,
    /// The latest day if clear days were meant.
    pub clear_dispatch: Date,
    /// Whether a lawyer must be asked.
    pub certainty: Certainty,
    /// Whether the council's own rules set it.
    pub house: bool,
    /// Whether the council has chosen the safe reading, and that it makes a difference here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// What must come with the convocation.
    pub requires: Vec<Requirement>,
    /// What a person should look at.
    pub cautions: Vec<Caution>,
    /// Every day from the dispatch to the sitting, and why it counts or not.
    pub explanation: Vec<CountedDay>,
    /// The verdict on the dispatch that was named.
    pub judgement: Option<Judgement>,
    /// Another deadline of the same sitting: the convocation's own beside the budget's papers.
    pub beside: Option<Box<Deadline>>,
}

impl Deadline {
    /// The verdict, when a dispatch was named.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.judgement.as_ref().map(|judgement| judgement.verdict)
    }

    /// How it stands: by the dispatch that was named, or on this day when none was.
    #[must_use]
    pub fn standing(&self, today: Date) -> Standing {
        match &self.judgement {
            Some(Judgement { verdict: Verdict::Late, .. }) => Standing::Late,
            Some(Judgement { safe: false, .. }) => Standing::Short,
            Some(_) => Standing::Ample,
            None if today > self.latest_dispatch => Standing::Late,
            None if today >= self.safe_dispatch => Standing::Short,
            None => Standing::Ample,
        }
    }

    /// Whether the words of the law can be read in two ways that matter here.
    #[must_use]
    pub fn has_two_readings(&self) -> bool {
        self.cautions.contains(&Caution::TwoReadings)
    }
}

/// Answers with the French rules.
///
/// # Errors
/// [`LawError::NoRule`] where no rule is known: the caller says so and does not guess.
pub fn deadline(question: &Question) -> Result<Deadline, LawError> {
    deadline_by(Rulebook::french(), question)
}

/// Answers with the rules of a book.
///
/// # Errors
/// As [`deadline`].
pub fn deadline_by(book: &Rulebook, question: &Question) -> Result<Deadline, LawError> {
    let mut found = one(book, question, question.procedure)?;
    if question.procedure == Procedure::Budget && found.requires_convocation_beside() {
        let beside = one(book, question, Procedure::Ordinary)?;
        found.beside = Some(Box::new(beside));
    }
    Ok(found)
}

impl Deadline {
    fn requires_convocation_beside(&self) -> bool {
        self.requires.contains(&Requirement::PrimitiveBudgetOnly)
    }
}

fn one(book: &Rulebook, question: &Question, procedure: Procedure) -> Result<Deadline, LawError> {
    let (rule, delay) = book.delay(&question.case(procedure)).ok_or(LawError::NoRule)?;
    let house_days = question.house_days.filter(|_| delay.house);
    let (days, count, safe) = match house_days {
        // A council that writes days into its rules means them as the law does.
        Some(days) => (days, Counting::Clear, Counting::Clear),
        None if question.strict => (delay.days, delay.safe, delay.safe),
        None => (delay.days, delay.count, delay.safe),
    };
    let latest =
        |counting: Counting| counting.latest(question.sitting, days).ok_or(LawError::OutOfCalendar);
    let latest_dispatch = latest(count)?;
    let judgement = match question.dispatch {
        Some(dispatch) => Some(Judgement {
            dispatch,
            verdict: if dispatch <= latest_dispatch { Verdict::Regular } else { Verdict::Late },
            safe: dispatch <= latest(safe)?,
            clear_days: clear(dispatch, question.sitting),
            missing_days: between(latest_dispatch, dispatch).max(0),
            earliest_sitting: count.earliest(dispatch, days).ok_or(LawError::OutOfCalendar)?,
        }),
        None => None,
    };
    let mut cautions = cautions(question, procedure, latest_dispatch);
    if delay.text != delay.count || delay.count != delay.safe {
        cautions.push(Caution::TwoReadings);
    }
    let explanation = explain(book, question, count, latest_dispatch)?;
    Ok(Deadline {
        rule: rule.id.clone(),
        article: rule.article.clone(),
        procedure,
        days,
        counting: count,
        text: house_days.map_or(delay.text, |_| Counting::Clear),
        sitting: question.sitting,
        latest_dispatch,
        last_minute: last_minute(latest_dispatch, &question.zone).ok_or(LawError::OutOfCalendar)?,
        safe_dispatch: latest(safe)?,
        at_least_dispatch: latest(Counting::AtLeast)?,
        clear_dispatch: latest(Counting::Clear)?,
        certainty: certainty(rule),
        house: delay.house,
        strict: question.strict && house_days.is_none() && delay.count != delay.safe,
        requires: rule.requires.clone(),
        cautions,
        explanation,
        judgement,
        beside: None,
    })
}

fn certainty(rule: &Rule) -> Certainty {
    rule.mark.into()
}

fn cautions(question: &Question, procedure: Procedure, latest: Date) -> Vec<Caution> {
    let mut cautions = Vec::new();
    let weekend =
        matches!(question.sitting.weekday(), Weekday::Friday | Weekday::Saturday | Weekday::Sunday);
    if procedure == Procedure::Installation && question.kind == CouncilKind::Commune {
        if !weekend {
            cautions.push(Caution::NotFridayToSunday);
        }
        if question.after.is_some_and(|round| !(1..=7).contains(&between(round, question.sitting)))
        {
            cautions.push(Caution::NotAfterTheRound);
        }
    }
    if let Some(after) = question.after {
        if question.dispatch.is_some_and(|dispatch| dispatch < after) {
            cautions.push(Caution::SentBeforeFirstSitting);
        }
        if latest < after {
            cautions.push(Caution::NoLawfulDay);
        }
    }
    if question.dispatch.is_some_and(|dispatch| dispatch > question.sitting) {
        cautions.push(Caution::SentAfterSitting);
    }
    cautions
}

/// Every day from the dispatch (the latest lawful one when none is named, or when a named one lies
/// far before it) to the sitting.
fn explain(
    book: &Rulebook,
    question: &Question,
    counting: Counting,
    latest: Date,
) -> Result<Vec<CountedDay>, LawError> {
    let sitting = question.sitting;
    let dispatch = question.dispatch.unwrap_or(latest);
    let begin =
        if between(dispatch, latest) > SHOWN_BEFORE { latest } else { dispatch.min(latest) };
    let mut days = Vec::new();
    let zone = question.zone.iana_name().unwrap_or_default();
    let mut day = begin;
    let mut nth: u16 = 0;
    while day <= sitting {
        let why = if day < dispatch {
            Why::NotSentYet
        } else if day == sitting && (counting == Counting::Clear || day == dispatch) {
            Why::SittingDay
        } else if day == dispatch {
            Why::DispatchDay
        } else {
            nth = nth.saturating_add(1);
            if day == sitting { Why::SittingDayCounts { nth } } else { Why::Whole { nth } }
        };
        let holiday =
            book.holidays.iter().find(|holiday| holiday.falls_on(day, question.local_law, zone));
        days.push(CountedDay {
            date: day,
            weekday: day.weekday().to_monday_one_offset(),
            counts: why.counts(),
            why,
            holiday: holiday.map(|holiday| holiday.name.clone()),
        });
        day = day.checked_add(Span::new().days(1)).map_err(|_| LawError::OutOfCalendar)?;
    }
    Ok(days)
}
