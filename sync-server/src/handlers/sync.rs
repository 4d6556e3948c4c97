//! `POST /v1/sync`: what the tablet has to give goes into the log, what it lacks comes back.

use axum::extract::State;
use wire::limits::{BATCH, BATCH_OPS, SYNC_BODY};
use wire::{Ack, Op, Outcome, ProblemCode, SyncRequest, SyncResponse};

use crate::app::App;
use crate::authority::Member;
use crate::body::{Answer, Cbor};
use crate::log::Position;
use crate::refusal::Refusal;

pub(crate) async fn sync(
    State(app): State<App>,
    member: Member,
    Cbor(request): Cbor<SyncRequest, SYNC_BODY>,
) -> Result<Answer<SyncResponse>, Refusal> {
    check_protocol(request.protocol)?;
    check_batch(&request.outbox)?;
    let _turn = app.turn().await?;
    let acks = if request.outbox.is_empty() {
        Vec::new()
    } else {
        push(&app, &member, request.outbox).await?
    };
    let position = Position { cursor: request.cursor, view: request.view };
    let page = member.pull(position, BATCH).await?;
    let line = if request.next.is_some() { member.line_end().await? } else { None };
    app.metrics.entries_pulled.add(page.items.len() as u64);
    Ok(Answer(SyncResponse {
        acks,
        items: page.items,
        cursor: page.cursor,
        head: page.head,
        more: page.more,
        view: page.view,
        server_ms: app.now_ms(),
        line,
    }))
}

async fn push(app: &App, member: &Member, outbox: Vec<Op>) -> Result<Vec<Ack>, Refusal> {
    let appended = member.push(outbox).await?;
    for ack in &appended.acks {
        match ack.outcome {
            Outcome::Accepted { .. } => app.metrics.ops_accepted.add(1),
            Outcome::Conflict { .. } => app.metrics.ops_conflicted.add(1),
            Outcome::Refused { .. } => app.metrics.ops_refused.add(1),
        }
    }
    Ok(appended.acks)
}

pub(super) fn check_batch(outbox: &[Op]) -> Result<(), Refusal> {
    let bytes: usize = outbox.iter().map(|op| op.payload.len()).sum();
    if outbox.len() > BATCH_OPS || bytes > BATCH {
        return Err(Refusal::new(
            ProblemCode::TooLarge,
            format!("A request carries at most {BATCH_OPS} operations and {BATCH} bytes."),
        ));
    }
    Ok(())
}

pub(super) fn check_protocol(protocol: u32) -> Result<(), Refusal> {
    if protocol < wire::PROTOCOL {
        return Err(Refusal::new(
            ProblemCode::Outdated,
            "This version of the app is too old for the server; update the app.",
        ));
    }
    if protocol > wire::PROTOCOL {
        return Err(Refusal::new(
            ProblemCode::Outdated,
            "The server is older than this app; ask its operator to update it.",
        ));
    }
    Ok(())
}
