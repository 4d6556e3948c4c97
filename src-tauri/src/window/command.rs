//! The window's commands: one for everything that is asked, one for the bytes of dropped files.
#![allow(clippy::let_underscore_must_use, reason = "in what Tauri's macro makes of the commands")]

use ipc::{Command, ErrorCode, Problem, Reply};
use tauri::State;
use tauri::ipc::{InvokeBody, Request};

use crate::desk::Desk;
use crate::piece;

#[tauri::command]
pub(super) async fn call(desk: State<'_, Desk>, command: Command) -> Result<Reply, Problem> {
    desk.call(command).await
}

/// Lays a piece of a file down; the header `piece` says which (`FILE/OFFSET`).
#[tauri::command]
pub(super) async fn lay(desk: State<'_, Desk>, request: Request<'_>) -> Result<(), Problem> {
    let named = request.headers().get("piece").and_then(|piece| piece.to_str().ok());
    let (file, offset) = piece::parse(named.unwrap_or_default()).ok_or(ErrorCode::Internal)?;
    let bytes = match request.body() {
        InvokeBody::Raw(bytes) => bytes.clone(),
        // A web view without binary messages sends the bytes as numbers.
        InvokeBody::Json(numbers) => {
            serde_json::from_value(numbers.clone()).map_err(|_| ErrorCode::Internal)?
        }
    };
    desk.lay(file, offset, bytes).await
}
