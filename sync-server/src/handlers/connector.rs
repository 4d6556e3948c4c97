//! `POST /seances.json` and the addresses by which drafting software tries its settings.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::SittingId;
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout, timeout_at};
use wire::limits::CONTROL_BODY;

use super::blobs::with_idle_timeout;
use crate::accept::Peer;
use crate::app::App;
use crate::authority::Drafter;
use crate::blobs::Incoming;
use crate::connector::form::{self, Form};
use crate::connector::{Said, Unacceptable, VERSION};

/// A sender who is told no while it still sends is read on for so long and so much, or the answer would
/// be lost with the connection.
const LINGER: std::time::Duration = std::time::Duration::from_secs(2);
const LINGERED: usize = 4 * 1024 * 1024;

pub(crate) async fn ping(State(app): State<App>, request: Request) -> Response {
    match knock(&app, &request) {
        Ok(_) => "ping".into_response(),
        Err(refused) => refused.plain(),
    }
}

pub(crate) async fn version(State(app): State<App>, request: Request) -> Response {
    match knock(&app, &request) {
        Ok(_) => VERSION.into_response(),
        Err(refused) => refused.plain(),
    }
}

pub(crate) async fn check(State(app): State<App>, request: Request) -> Response {
    match checked(&app, request).await {
        Ok(()) => "success".into_response(),
        Err(refused) => refused.plain(),
    }
}

async fn checked(app: &App, request: Request) -> Result<(), Unacceptable> {
    let address = knock(app, &request)?;
    let kind = content_type(request.headers());
    let bytes =
        timeout(app.limits.body_timeout, axum::body::to_bytes(request.into_body(), CONTROL_BODY))
            .await
            .map_err(|_| Unacceptable::Slow)?
            .map_err(|_| Unacceptable::TooLarge(CONTROL_BODY as u64))?;
    let credentials = form::credentials(&kind, bytes).await?;
    Drafter::prove(app, address, &credentials).map(drop)
}

pub(crate) async fn bring(State(app): State<App>, request: Request) -> Response {
    match brought(&app, request).await {
        Ok(sitting) => {
            tracing::info!("a draft was brought");
            let said = Said {
                success: true,
                code: "Seance.add.ok",
                message: "La séance a bien été ajoutée.",
                uuid: Some(sitting.to_string()),
            };
            said.answer(StatusCode::OK)
        }
        Err(refused) => {
            tracing::info!(%refused, "a draft was not taken");
            refused.into_response()
        }
    }
}

async fn brought(app: &App, request: Request) -> Result<SittingId, Unacceptable> {
    let address = knock(app, &request)?;
    let connector = app.connector.as_ref().ok_or(Unacceptable::Credentials)?;
    let _turn = connector.turn()?;
    let (head, body) = request.into_parts();
    let announced = head.headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let mut body = incoming(app, body);
    let read = if announced.is_some_and(|length| length > connector.largest) {
        Err(Unacceptable::TooLarge(connector.largest))
    } else {
        let by = Instant::now() + app.limits.connector_timeout;
        let kind = content_type(&head.headers);
        timeout_at(by, read(app, address, &kind, &mut body))
            .await
            .unwrap_or(Err(Unacceptable::Slow))
    };
    match read {
        Ok((drafter, form)) => drafter.bring(&form).await,
        Err(refused) => {
            linger(body).await;
            Err(refused)
        }
    }
}

async fn read(
    app: &App,
    address: Option<IpAddr>,
    kind: &str,
    body: &mut Incoming,
) -> Result<(Drafter, Form), Unacceptable> {
    let largest = app.connector.as_ref().map_or(0, |connector| connector.largest);
    let prove = |credentials: &_| Drafter::prove(app, address, credentials)?.count();
    form::read(kind, body, (largest, &app.staging), prove).await
}

/// Who asks, unless their address asks too often.
fn knock(app: &App, request: &Request) -> Result<Option<IpAddr>, Unacceptable> {
    let address = request.extensions().get::<Peer>().map(Peer::bucket);
    if let Some(address) = address {
        app.addresses.take(address, app.now_ms()).map_err(|wait_ms| {
            app.metrics.limited.add(1);
            Unacceptable::TooMany { wait_ms }
        })?;
    }
    Ok(address)
}

fn content_type(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.unwrap_or_default().to_owned()
}

fn incoming(app: &App, body: Body) -> Incoming {
    let counted = app.clone();
    let body = body.into_data_stream().map(move |chunk| {
        let chunk = chunk.map_err(std::io::Error::other)?;
        counted.metrics.paper_bytes_in.add(chunk.len() as u64);
        Ok(chunk)
    });
    // What reads a form asks again after the end, and so does who waits for a refused one.
    with_idle_timeout(body.boxed(), app.limits.idle_timeout).fuse().boxed()
}

async fn linger(mut body: Incoming) {
    let by = Instant::now() + LINGER;
    let mut read = 0;
    while let Ok(Some(Ok(chunk))) = timeout_at(by, body.next()).await {
        read += chunk.len();
        if read > LINGERED {
            return;
        }
    }
}
