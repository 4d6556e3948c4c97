//! `deadline`: the law's answer for a sitting, without a profile.

use domain::law::days::day_of;
use domain::law::{
    self, Caution, Certainty, CountedDay, Counting, LawError, Procedure, Question, Requirement,
    Verdict,
};
use domain::{BodyKind, CouncilKind, Date, Timestamp};
use ipc::{ErrorCode, Words};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::args;
use crate::failure::Failure;

/// The deadline: names here are the contract with scripts; adding is free.
#[derive(Debug, Serialize)]
pub(crate) struct Deadline {
    rule: String,
    article: String,
    days: u16,
    latest_dispatch: Date,
    verdict: Option<Verdict>,
    /// RFC 3339, by the body's clock.
    last_minute: String,
    safe_dispatch: Date,
    /// By "so many days at least" and by clear days, whichever the law means.
    at_least_dispatch: Date,
    clear_dispatch: Date,
    counting: Counting,
    text_counting: Counting,
    certainty: Certainty,
    kind: CouncilKind,
    population: u32,
    body: BodyKind,
    #[serde(rename = "type")]
    procedure: Procedure,
    zone: String,
    sitting: Date,
    dispatch: Option<Date>,
    /// Whether the dispatch is also in safe time.
    safe: Option<bool>,
    clear_days: Option<i64>,
    missing_days: Option<i64>,
    earliest_sitting: Option<Date>,
    requires: Vec<Requirement>,
    cautions: Vec<Caution>,
    explanation: Vec<CountedDay>,
    /// Another deadline of the same sitting (the convocation's own beside the budget's papers).
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<Beside>,
    #[serde(skip)]
    whole: law::Deadline,
}

#[derive(Debug, Serialize)]
struct Beside {
    rule: String,
    article: String,
    days: u16,
    latest_dispatch: Date,
    verdict: Option<Verdict>,
}

/// Answers the question of the command line.
pub(crate) fn answer(asked: &args::Deadline) -> Result<Deadline, Failure> {
    let zone = &asked.zone;
    let read = |name: &str, text: &str| {
        day(text, zone).ok_or_else(|| {
            Failure::Usage(format!(
                "--{name} \"{text}\" is no date: write 2026-09-28, 2026-09-28T18:30 or \
                 2026-09-28T18:30:00+02:00."
            ))
        })
    };
    let optional = |name: &str, text: &Option<String>| {
        text.as_deref().map(|text| read(name, text)).transpose()
    };
    let question = Question {
        kind: asked.kind.into(),
        population: asked.population.unwrap_or_default(),
        local_law: asked.local_law.map(Into::into),
        zone: zone.clone(),
        body: asked.body.into(),
        procedure: asked.procedure.into(),
        sitting: read("sitting", &asked.sitting)?,
        after: optional("after", &asked.after)?,
        dispatch: optional("dispatch", &asked.dispatch)?,
        house_days: asked.house_days,
        strict: asked.strict,
    };
    let found = law::deadline(&question).map_err(|error| match error {
        LawError::NoRule => Failure::Problem(ErrorCode::NoRule.into()),
        LawError::OutOfCalendar => {
            Failure::Usage("--sitting lies outside the calendar: write a nearer date.".to_owned())
        }
    })?;
    Ok(Deadline::new(&question, found))
}

/// The civil day of an instant, of a local date and time, or of a date.
fn day(text: &str, zone: &TimeZone) -> Option<Date> {
    let text = text.trim();
    let instant = text.parse::<Timestamp>().map(|at| day_of(at, zone));
    let instant = instant.or_else(|_| text.parse::<DateTime>().map(DateTime::date));
    instant.or_else(|_| text.parse::<Date>()).ok()
}

impl Deadline {
    fn new(question: &Question, found: law::Deadline) -> Self {
        let zone = &question.zone;
        let offset = zone.to_offset(found.last_minute);
        let judged = found.judgement.as_ref();
        Self {
            rule: found.rule.clone(),
            article: found.article.clone(),
            days: found.days,
            latest_dispatch: found.latest_dispatch,
            verdict: found.verdict(),
            last_minute: found.last_minute.display_with_offset(offset).to_string(),
            safe_dispatch: found.safe_dispatch,
            at_least_dispatch: found.at_least_dispatch,
            clear_dispatch: found.clear_dispatch,
            counting: found.counting,
            text_counting: found.text,
            certainty: found.certainty,
            kind: question.kind,
            population: question.population,
            body: question.body,
            procedure: found.procedure,
            zone: zone.iana_name().unwrap_or_default().to_owned(),
            sitting: found.sitting,
            dispatch: judged.map(|judged| judged.dispatch),
            safe: judged.map(|judged| judged.safe),
            clear_days: judged.map(|judged| judged.clear_days),
            missing_days: judged.map(|judged| judged.missing_days),
            earliest_sitting: judged.map(|judged| judged.earliest_sitting),
            requires: found.requires.clone(),
            cautions: found.cautions.clone(),
            explanation: found.explanation.clone(),
            beside: found.beside.as_ref().map(|beside| Beside {
                rule: beside.rule.clone(),
                article: beside.article.clone(),
                days: beside.days,
                latest_dispatch: beside.latest_dispatch,
                verdict: beside.verdict(),
            }),
            whole: found,
        }
    }

    /// The answer for people, the days counted last.
    pub(crate) fn lines(&self, words: &Words) -> Vec<String> {
        let mut lines = words.deadline(&self.whole);
        lines.extend(self.explanation.iter().map(|day| format!("  {}", words.counted_day(day))));
        lines
    }
}
