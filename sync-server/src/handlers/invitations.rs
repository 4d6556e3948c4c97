//! `POST /v1/invitations`: a clerk invites a member.

use axum::extract::State;
use wire::limits::CONTROL_BODY;
use wire::{Invitation, InviteRequest};

use crate::app::App;
use crate::authority::Clerk;
use crate::body::{Answer, Cbor};
use crate::refusal::Refusal;

pub(crate) async fn invite(
    State(app): State<App>,
    clerk: Clerk,
    Cbor(request): Cbor<InviteRequest, CONTROL_BODY>,
) -> Result<Answer<Invitation>, Refusal> {
    let _turn = app.turn().await?;
    Ok(Answer(clerk.invite(request.member).await?))
}
