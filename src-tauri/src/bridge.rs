//! The same screens in a browser of this machine: the app's door for development, for tests with a
//! real pen, and for machines with no display.
//!
//! Only this machine is answered (a loopback address, with its own name in `Host` and `Origin`), and
//! only the browser that opened the first address: its token works once and is exchanged for a
//! cookie that scripts cannot read.
#![allow(clippy::print_stdout, reason = "the address is this program's one line of output")]

mod entry;
mod guard;
mod routes;
mod screens;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::desk::Desk;
use entry::Entry;
use screens::Screens;

/// Longest command or piece of a file: a mark with a long stroke has some hundred kilobytes.
const COMMAND: usize = 4 << 20;

/// Tabs that may listen to events at the same time.
const LISTENERS: usize = 16;

/// What every request sees.
struct Bridge {
    desk: Desk,
    screens: Screens,
    entry: Entry,
    listeners: Arc<Semaphore>,
    /// `127.0.0.1:PORT`, as `Host` must name it.
    host: String,
}

/// Prints where a browser finds the screens, as `{"address": URL}`, and serves them until this
/// program is interrupted. `folder` replaces the screens that are built in.
///
/// # Errors
/// The address is not a loopback one, or is taken.
pub async fn serve(desk: Desk, listen: SocketAddr, folder: Option<PathBuf>) -> Result<()> {
    ensure!(listen.ip().is_loopback(), "Only this machine may be answered; listen at 127.0.0.1.");
    let listener = TcpListener::bind(listen).await.with_context(|| format!("{listen}"))?;
    let host = listener.local_addr()?.to_string();
    let entry = Entry::new(listener.local_addr()?.port());
    let first = serde_json::json!({ "address": format!("http://{host}/?token={}", entry.token()) });
    let bridge = Arc::new(Bridge {
        desk: desk.clone(),
        screens: Screens::new(folder),
        entry,
        listeners: Arc::new(Semaphore::new(LISTENERS)),
        host,
    });
    println!("{first}");
    // Tabs listen for ever: nothing is gained by waiting for them. What was asked is finished below.
    tokio::select! {
        served = axum::serve(listener, router(bridge)) => served?,
        () = interrupted() => {}
    }
    desk.close().await;
    Ok(())
}

fn router(bridge: Arc<Bridge>) -> Router {
    Router::new()
        .route("/api/call", post(routes::call))
        .route("/api/events", get(routes::events))
        .route("/api/lay/{*piece}", put(routes::lay))
        .route("/page/{*address}", get(routes::page))
        .fallback(routes::screen)
        .layer(DefaultBodyLimit::max(COMMAND))
        .layer(from_fn_with_state(Arc::clone(&bridge), guard::known_browser))
        .layer(from_fn_with_state(Arc::clone(&bridge), guard::this_machine))
        .with_state(bridge)
}

async fn interrupted() {
    #[cfg(unix)]
    if let Ok(mut terminated) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        return;
    }
    // Without signals the program ends as any other does.
    tokio::signal::ctrl_c().await.ok();
}

#[cfg(test)]
mod tests;
