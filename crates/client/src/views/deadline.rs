//! By when a convocation must leave, by the law of this tablet's council.

use domain::Timestamp;
use domain::law::days::between;
use domain::law::{self, Procedure, Question, day_of};
use domain::{BodyKind, Date};
use ipc::{DeadlineView, ErrorCode, Planned, Problem};

use crate::picture::Picture;
use crate::problem;

/// What is asked of the law.
pub(crate) struct Asked {
    pub(crate) planned: Planned,
    pub(crate) procedure: Procedure,
    pub(crate) after: Option<Date>,
    pub(crate) dispatch: Option<Timestamp>,
}

/// The deadline, with how it stands now.
pub(crate) fn view(picture: &Picture, asked: &Asked, now_ms: i64) -> Result<DeadlineView, Problem> {
    let catalogue = &picture.catalogue;
    picture.enrolled()?;
    let (starts, body): (Timestamp, BodyKind) = match &asked.planned {
        Planned::Sitting { sitting } => {
            let sitting = catalogue.sitting(*sitting)?;
            (sitting.starts, sitting.kind)
        }
        Planned::Draft { starts, body } => (*starts, *body),
    };
    let council = catalogue.council.as_ref().ok_or(Problem::from(ErrorCode::NotFound))?;
    let question = Question {
        body,
        procedure: asked.procedure,
        after: asked.after,
        ..Question::of(council, starts)
    };
    let zone = question.zone.clone();
    let question = match asked.dispatch {
        Some(at) => question.dispatched(at),
        None => question,
    };
    let deadline = law::deadline(&question).map_err(|_| Problem::from(ErrorCode::NoRule))?;
    let now = Timestamp::from_millisecond(now_ms)
        .map_err(|_| problem::internal("a clock outside the calendar"))?;
    let today = day_of(now, &zone);
    Ok(DeadlineView {
        standing: deadline.standing(today),
        last_minute: catalogue.local(deadline.last_minute),
        days_left: between(today, deadline.latest_dispatch),
        deadline,
    })
}
