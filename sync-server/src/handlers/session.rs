//! `POST /v1/challenge` and `POST /v1/session`: a device proves that it holds its key.

use axum::extract::State;
use wire::limits::CONTROL_BODY;
use wire::{Challenge, ChallengeRequest, Session, SessionRequest};

use crate::app::App;
use crate::authority::Caller;
use crate::body::{Answer, Cbor};
use crate::refusal::Refusal;

pub(crate) async fn challenge(
    caller: Caller,
    Cbor(request): Cbor<ChallengeRequest, CONTROL_BODY>,
) -> Result<Answer<Challenge>, Refusal> {
    Ok(Answer(caller.challenge(request.device)?))
}

pub(crate) async fn open(
    State(app): State<App>,
    caller: Caller,
    Cbor(request): Cbor<SessionRequest, CONTROL_BODY>,
) -> Result<Answer<Session>, Refusal> {
    // What answers no challenge of ours takes no turn from others.
    caller.recognise(&request)?;
    let _turn = app.turn().await?;
    Ok(Answer(caller.open_session(&request).await?))
}
