//! The window's one command.
#![allow(clippy::let_underscore_must_use, reason = "in what Tauri's macro makes of the command")]

use ipc::{Command, Problem, Reply};
use tauri::State;

use crate::desk::Desk;

#[tauri::command]
pub(super) async fn call(desk: State<'_, Desk>, command: Command) -> Result<Reply, Problem> {
    desk.call(command).await
}
