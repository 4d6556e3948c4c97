//! `GET /v1/poke`: a WebSocket that says when there is something new, and nothing else.

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use tokio::time::{Instant, MissedTickBehavior};
use wire::Poke;

use crate::app::App;
use crate::authority::Member;
use crate::poke::{Crowded, Listening};
use crate::refusal::Refusal;

/// Bytes of read buffer per socket; the usual 128 KiB would be gigabytes for a whole department.
const READ_BUFFER: usize = 4 * 1024;
/// Largest message looked at; tablets send none but pings and pongs.
const MESSAGE: usize = 1024;
/// Close codes: the server stops or is busy; the session has ended.
const TRY_AGAIN_LATER: u16 = 1013;
const SESSION_ENDED: u16 = 4001;

pub(crate) async fn poke(
    State(app): State<App>,
    member: Member,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let listening = member.listen().map_err(|full| {
        app.metrics.limited.add(1);
        let message = match full {
            Crowded::Server => "The server has as many poke sockets as it can.",
            Crowded::Device => "This device has as many poke sockets as it may.",
        };
        Refusal::too_many(message, app.spread_ms())
    })?;
    // Asked after joining, so that nothing falls between the two.
    let head = member.head().await?;
    Ok(upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(MESSAGE)
        .max_frame_size(MESSAGE)
        .on_upgrade(move |socket| listen(socket, app, member, listening, head)))
}

async fn listen(
    mut socket: WebSocket,
    app: App,
    member: Member,
    mut listening: Listening,
    head: u64,
) {
    let mut ping = tokio::time::interval_at(Instant::now() + app.limits.ping, app.limits.ping);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard_since_ping = true;
    if say(&mut socket, head).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            changed = listening.heads.changed() => {
                if changed.is_err() {
                    return;
                }
                tokio::time::sleep(app.limits.coalesce).await;
                let head = *listening.heads.borrow_and_update();
                if say(&mut socket, head).await.is_err() {
                    return;
                }
            }
            _ = ping.tick() => {
                if !heard_since_ping {
                    return;
                }
                if app.now_ms() >= member.expires_ms() || !member.still_stands().await {
                    close(socket, SESSION_ENDED, "the session has ended").await;
                    return;
                }
                heard_since_ping = false;
                if socket.send(Message::Ping(bytes::Bytes::new())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(
                    Message::Ping(_) | Message::Pong(_) | Message::Text(_) | Message::Binary(_),
                )) => heard_since_ping = true,
            },
            () = app.closing.cancelled() => {
                close(socket, TRY_AGAIN_LATER, "the server stops").await;
                return;
            }
        }
    }
}

async fn say(socket: &mut WebSocket, head: u64) -> Result<(), axum::Error> {
    let poke = wire::encode(&Poke { head }).map_err(axum::Error::new)?;
    socket.send(Message::Binary(poke.into())).await
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    // The other side may be gone already, which is what closing is for.
    socket.send(Message::Close(Some(frame))).await.ok();
}
