//! `POST /v1/farewell`: a device that is shut out hears that it is to be emptied, brings the private notes
//! that it has not sent yet, and says that it is empty.

use axum::extract::State;
use wire::limits::SYNC_BODY;
use wire::{Farewell, FarewellRequest};

use super::sync::{check_batch, check_protocol};
use crate::app::App;
use crate::authority::Caller;
use crate::body::{Answer, Cbor};
use crate::refusal::Refusal;

pub(crate) async fn farewell(
    State(app): State<App>,
    caller: Caller,
    Cbor(request): Cbor<FarewellRequest, SYNC_BODY>,
) -> Result<Answer<Farewell>, Refusal> {
    check_protocol(request.protocol)?;
    check_batch(&request.outbox)?;
    // Whoever answers no challenge of ours takes no turn.
    caller.recognise(&request.answered)?;
    let _turn = app.turn().await?;
    let leaver = caller.leaver(&request.answered).await?;
    let acks = leaver.push(request.outbox).await?;
    if request.emptied {
        leaver.emptied().await?;
    }
    Ok(Answer(leaver.answer(acks).await))
}
