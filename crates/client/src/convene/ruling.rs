//! The law engine's answer, frozen into the convocation.

use domain::convocation::{Ruling, Verdict};
use domain::law::{self, Deadline, Procedure, Question};
use domain::{BodyKind, Council, Sitting, Timestamp};
use ipc::{Convening, ErrorCode, Problem};

/// What the law says of a dispatch at this moment.
///
/// # Errors
/// No rule is known for this body: nothing is guessed.
pub(crate) fn of(
    council: &Council,
    sitting: &Sitting,
    wanted: &Convening,
    now: Timestamp,
) -> Result<Ruling, Problem> {
    let mut question = Question::of(council, sitting.starts).dispatched(now);
    question.body = sitting.kind;
    if sitting.kind == BodyKind::Council {
        question.procedure = match wanted.urgency {
            Some(_) => Procedure::Urgent,
            None => wanted.procedure,
        };
        question.after = wanted.after;
    }
    let deadline = law::deadline(&question)
        .map_err(|error| Problem::about(ErrorCode::NoRule, error.to_string()))?;
    Ok(frozen(deadline))
}

fn frozen(deadline: Deadline) -> Ruling {
    let verdict = match deadline.verdict() {
        Some(law::Verdict::Regular) | None => Verdict::Regular,
        Some(law::Verdict::Late) => Verdict::Late,
    };
    Ruling { verdict, deadline }
}
