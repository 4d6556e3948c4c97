//! `GET /healthz` and, at the operator's door, `GET /metrics`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::app::App;

pub(crate) async fn health(State(app): State<App>) -> impl IntoResponse {
    match app.vault.health().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "the log does not answer a health check");
            (StatusCode::SERVICE_UNAVAILABLE, "the log does not answer\n")
        }
    }
}

pub(crate) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text())
}
