//! `POST /v1/devices` and `POST /v1/devices/revoke`: a clerk sees the council's devices, and shuts one
//! out; `POST /v1/devices/own` and `POST /v1/devices/own/revoke`: a member does so with the own ones.

use axum::extract::State;
use wire::limits::CONTROL_BODY;
use wire::{Devices, DevicesRequest, RevokeRequest};

use crate::app::App;
use crate::authority::{Clerk, Member};
use crate::body::{Answer, Cbor};
use crate::refusal::Refusal;

pub(crate) async fn all(
    State(app): State<App>,
    clerk: Clerk,
    Cbor(DevicesRequest {}): Cbor<DevicesRequest, CONTROL_BODY>,
) -> Result<Answer<Devices>, Refusal> {
    let _turn = app.turn().await?;
    Ok(Answer(clerk.devices().await?))
}

pub(crate) async fn revoke(
    State(app): State<App>,
    clerk: Clerk,
    Cbor(RevokeRequest { device, wipe }): Cbor<RevokeRequest, CONTROL_BODY>,
) -> Result<Answer<Devices>, Refusal> {
    let _turn = app.turn().await?;
    clerk.revoke(device, wipe).await?;
    Ok(Answer(clerk.devices().await?))
}

pub(crate) async fn own(
    State(app): State<App>,
    member: Member,
    Cbor(DevicesRequest {}): Cbor<DevicesRequest, CONTROL_BODY>,
) -> Result<Answer<Devices>, Refusal> {
    let _turn = app.turn().await?;
    Ok(Answer(member.devices().await?))
}

pub(crate) async fn revoke_own(
    State(app): State<App>,
    member: Member,
    Cbor(RevokeRequest { device, wipe }): Cbor<RevokeRequest, CONTROL_BODY>,
) -> Result<Answer<Devices>, Refusal> {
    let _turn = app.turn().await?;
    member.revoke(device, wipe).await?;
    Ok(Answer(member.devices().await?))
}
