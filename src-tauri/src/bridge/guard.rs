//! What is checked before any request is looked at, and said with every answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, LOCATION, ORIGIN, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Bridge;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CLOSED: &str = "Pupitre does not know this browser. Its address opens once; \
     start it again to get a new one.\n";

/// Refuses what is not meant for this address: a page elsewhere that guesses the port, or a name
/// that was made to point here.
pub(super) async fn this_machine(
    State(bridge): State<Arc<Bridge>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = if is_meant(&bridge.host, request.method(), request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether a request names this address, and comes from a page of it where browsers say so.
fn is_meant(host: &str, method: &Method, headers: &HeaderMap) -> bool {
    let named = headers.get(HOST).is_some_and(|named| named == host);
    let asked = headers
        .get(ORIGIN)
        .map_or(method == Method::GET, |origin| *origin == format!("http://{host}"));
    named && asked
}

/// Lets in the browser that has the cookie, and gives it to the one that brings the token.
pub(super) async fn known_browser(
    State(bridge): State<Arc<Bridge>>,
    request: Request,
    next: Next,
) -> Response {
    let offered = (request.uri().path() == "/")
        .then(|| request.uri().query()?.strip_prefix("token="))
        .flatten();
    if let Some(offered) = offered {
        let cookie = bridge.entry.exchange(offered);
        if cookie.is_some() || bridge.entry.knows(request.headers()) {
            return redirect(cookie);
        }
    }
    if bridge.entry.knows(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, CLOSED).into_response()
}

/// To the first screen; the token leaves the address bar and the history.
fn redirect(cookie: Option<String>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::from_static("/"));
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        headers.insert(SET_COOKIE, cookie);
    }
    response
}
