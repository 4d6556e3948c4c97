//! What is answered: commands, events, page images and the screens.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use ipc::{Command, ErrorCode, Problem, Reason, Reply};

use super::Bridge;
use crate::{page, piece};

/// A problem, as the screens read it.
pub(super) struct Refused(Problem);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(self.0)).into_response()
    }
}

pub(super) async fn call(
    State(bridge): State<Arc<Bridge>>,
    command: Result<Json<Command>, JsonRejection>,
) -> Result<Json<Reply>, Refused> {
    let Json(command) =
        command.map_err(|error| Refused(Reason::Request { detail: error.body_text() }.into()))?;
    bridge.desk.call(command).await.map(Json).map_err(Refused)
}

pub(super) async fn lay(
    State(bridge): State<Arc<Bridge>>,
    Path(named): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Refused> {
    let (file, offset) = piece::parse(&named).ok_or(Refused(ErrorCode::NotFound.into()))?;
    bridge.desk.lay(file, offset, bytes.into()).await.map_err(Refused)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn events(State(bridge): State<Arc<Bridge>>) -> Response {
    let Ok(seat) = Arc::clone(&bridge.listeners).try_acquire_owned() else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let heard = match bridge.desk.events().await {
        Ok(heard) => heard,
        Err(problem) => return Refused(problem).into_response(),
    };
    let told = stream::unfold((heard, seat), |(mut heard, seat)| async move {
        let event = heard.next().await?;
        let told = Event::default().json_data(&event).unwrap_or_default();
        Some((Ok::<_, Infallible>(told), (heard, seat)))
    });
    Sse::new(told).keep_alive(KeepAlive::default()).into_response()
}

pub(super) async fn page(State(bridge): State<Arc<Bridge>>, uri: Uri) -> Response {
    let address = uri.path_and_query().map_or("", |address| address.as_str());
    let address = address.strip_prefix("/page/").unwrap_or_default();
    page::answer(&bridge.desk, address).await.map(Body::from)
}

pub(super) async fn screen(State(bridge): State<Arc<Bridge>>, uri: Uri) -> Response {
    bridge.screens.answer(uri.path(), bridge.desk.first_page()).await
}
