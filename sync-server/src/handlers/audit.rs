//! `GET /v1/audit`: a clerk reads what happened at the council's doors.

use axum::extract::State;
use axum::http::Uri;
use wire::{AuditPage, ProblemCode};

use crate::app::App;
use crate::authority::Clerk;
use crate::body::Answer;
use crate::refusal::Refusal;

pub(crate) async fn read(
    State(app): State<App>,
    clerk: Clerk,
    uri: Uri,
) -> Result<Answer<AuditPage>, Refusal> {
    let before = uri.query().map(|query| {
        query.strip_prefix("before=").and_then(|number| number.parse::<u64>().ok()).ok_or_else(
            || {
                Refusal::new(
                    ProblemCode::Malformed,
                    "Ask for all lines, or for those before=NUMBER.",
                )
            },
        )
    });
    let _turn = app.turn().await?;
    Ok(Answer(clerk.audit(before.transpose()?).await?))
}
