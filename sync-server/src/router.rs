//! Every route of the tablets' door and of the operator's.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use wire::ProblemCode;

use crate::accept::Peer;
use crate::app::App;
use crate::handlers::{
    blobs, calendar, connector, devices, enrol, health, invitations, poke, session, sync,
};
use crate::refusal::Refusal;

/// Two years, in seconds. Not for subdomains: a council may serve from its own name.
const HSTS: &str = "max-age=63072000";

/// The door for drafting software.
fn drafting() -> Router<App> {
    let router = Router::new()
        .route("/seances.json", post(connector::bring))
        .route("/api300/ping", get(connector::ping))
        .route("/api300/version", get(connector::version))
        .route("/api300/check", post(connector::check));
    // Its clients are told a host, and write their own slash and capital.
    let also = "//seances.json";
    let router = router.route(also, post(connector::bring));
    ["//api300", "/Api300", "//Api300"].iter().fold(router, |router, api| {
        router
            .route(&format!("{api}/ping"), get(connector::ping))
            .route(&format!("{api}/version"), get(connector::version))
            .route(&format!("{api}/check"), post(connector::check))
    })
}

/// The tablets' door.
pub(crate) fn public(app: App) -> Router {
    let drafting = if app.connector.is_some() { drafting() } else { Router::new() };
    drafting
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/challenge", post(session::challenge))
        .route("/v1/session", post(session::open))
        .route("/v1/sync", post(sync::sync))
        .route("/v1/invitations", post(invitations::invite))
        .route("/v1/devices", post(devices::all))
        .route("/v1/devices/revoke", post(devices::revoke))
        .route("/v1/calendar", post(calendar::address))
        .route("/calendar/{name}", get(calendar::read))
        .route("/v1/poke", get(poke::poke))
        .route("/v1/blobs/{sha256}", get(blobs::get).head(blobs::head).put(blobs::put))
        .route("/healthz", get(health::health))
        .fallback(|| async {
            Refusal::new(ProblemCode::NotFound, "There is nothing at this address.")
        })
        .method_not_allowed_fallback(|| async {
            let refusal =
                Refusal::new(ProblemCode::Malformed, "This address takes another method.");
            (StatusCode::METHOD_NOT_ALLOWED, refusal).into_response()
        })
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::new(ProblemCode::Unavailable, "The server could not answer; try again.")
                .into_response()
        }))
        .layer(middleware::from_fn_with_state(app.clone(), watch))
        .with_state(app)
}

/// The operator's door.
pub(crate) fn operator(app: App) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::health))
        .with_state(app)
}

/// Turns away what came over a connection too many, counts every answer, and logs it without
/// saying who asked for what.
async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let crowded = request.extensions().get::<Peer>().is_some_and(|peer| peer.crowded);
    let method = request.method().clone();
    let started = std::time::Instant::now();
    let mut response = if crowded {
        app.metrics.limited.add(1);
        let mut response =
            Refusal::too_many("The server has as many connections as it can.", app.spread_ms())
                .into_response();
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    } else {
        next.run(request).await
    };
    guard(response.headers_mut(), app.encrypted);
    let status = response.status().as_u16();
    app.metrics.responded(status);
    tracing::debug!(%method, status, micros = started.elapsed().as_micros() as u64, "answered");
    response
}

/// What every answer says to a browser, should one ever see it: it is nothing to be shown, run,
/// framed or kept, and the server is spoken to encrypted only. A handler may have said otherwise.
fn guard(headers: &mut HeaderMap, encrypted: bool) {
    let said = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let hsts = encrypted.then_some((header::STRICT_TRANSPORT_SECURITY, HSTS));
    for (name, value) in said.into_iter().chain(hsts) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
