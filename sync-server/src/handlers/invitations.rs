//! `POST /v1/invitations`: a clerk invites a member.

use axum::extract::State;
use wire::limits::{CONTROL_BODY, INVITATION_MS};
use wire::{Invitation, InviteRequest};

use crate::app::App;
use crate::authority::Clerk;
use crate::body::{Answer, Cbor};
use crate::codes;
use crate::refusal::Refusal;

pub(crate) async fn invite(
    State(app): State<App>,
    clerk: Clerk,
    Cbor(request): Cbor<InviteRequest, CONTROL_BODY>,
) -> Result<Answer<Invitation>, Refusal> {
    let _turn = app.turn().await?;
    let code = codes::invitation_code(codes::random()?);
    let expires_ms = app.now_ms().saturating_add(INVITATION_MS);
    let hash = codes::hash_invitation(&code);
    app.log.invite(clerk.council(), request.member, hash, expires_ms).await?;
    Ok(Answer(Invitation { code, expires_ms }))
}
