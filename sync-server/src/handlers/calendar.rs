//! `POST /v1/calendar`: a member asks where the own calendar stands; `GET /calendar/{name}`: a calendar
//! program reads it there.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::limits::CONTROL_BODY;
use wire::{CalendarAddress, CalendarRequest};

use crate::app::App;
use crate::authority::{Member, Subscriber};
use crate::body::{Answer, Cbor};
use crate::refusal::Refusal;

/// The program that reads it may keep it for so long before it asks whether it still stands; nobody
/// between us may keep it.
const CACHE: &str = "private, max-age=900";

pub(crate) async fn address(
    State(app): State<App>,
    member: Member,
    Cbor(CalendarRequest { renew }): Cbor<CalendarRequest, CONTROL_BODY>,
) -> Result<Answer<CalendarAddress>, Refusal> {
    let _turn = app.turn().await?;
    Ok(Answer(CalendarAddress { path: member.calendar(renew).await? }))
}

pub(crate) async fn read(
    State(app): State<App>,
    subscriber: Subscriber,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let tag = subscriber.tag();
    let fixed = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, CACHE.to_owned())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let _turn = app.turn().await?;
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"pupitre.ics\""),
    ];
    Ok((fixed, kind, subscriber.calendar().await?).into_response())
}
