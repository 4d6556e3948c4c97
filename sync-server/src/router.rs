//! Every route of the tablets' door and of the operator's, as lists that the routers are made of.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use tower_http::catch_panic::CatchPanicLayer;
use wire::ProblemCode;

use crate::accept::Peer;
use crate::app::App;
use crate::handlers::{
    audit, blobs, calendar, connector, devices, enrol, farewell, health, invitations, poke,
    session, sync,
};
use crate::refusal::Refusal;

/// Two years, in seconds. Not for subdomains: a council may serve from its own name.
const HSTS: &str = "max-age=63072000";

/// A method as routes name it, and as axum does.
type Way = (&'static str, MethodFilter);

/// Takes HEAD too where the path says nothing of its own for it.
const GET: Way = ("GET", MethodFilter::GET);
const HEAD: Way = ("HEAD", MethodFilter::HEAD);
const POST: Way = ("POST", MethodFilter::POST);
const PUT: Way = ("PUT", MethodFilter::PUT);

/// One door of the server. The routers are made of these and of nothing else, so that a test can go
/// from door to door.
struct Route {
    method: &'static str,
    path: String,
    to: MethodRouter<App>,
}

fn route<H, T>((method, filter): Way, path: &str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method, path: path.to_owned(), to: on(filter, handler) }
}

fn router(routes: Vec<Route>) -> Router<App> {
    routes.into_iter().fold(Router::new(), |router, route| router.route(&route.path, route.to))
}

/// The door for drafting software.
fn drafting() -> Vec<Route> {
    // Its clients are told a host, and write their own slash and capital.
    let forms = ["/seances.json", "//seances.json"];
    let mut routes: Vec<Route> =
        forms.iter().map(|path| route(POST, path, connector::bring)).collect();
    for api in ["/api300", "//api300", "/Api300", "//Api300"] {
        routes.push(route(GET, &format!("{api}/ping"), connector::ping));
        routes.push(route(GET, &format!("{api}/version"), connector::version));
        routes.push(route(POST, &format!("{api}/check"), connector::check));
    }
    routes
}

fn tablets() -> Vec<Route> {
    const PAPER: &str = "/v1/blobs/{sha256}";
    vec![
        route(POST, "/v1/enrol", enrol::enrol),
        route(POST, "/v1/challenge", session::challenge),
        route(POST, "/v1/session", session::open),
        route(POST, "/v1/sync", sync::sync),
        route(POST, "/v1/invitations", invitations::invite),
        route(POST, "/v1/devices", devices::all),
        route(GET, "/v1/audit", audit::read),
        route(POST, "/v1/devices/revoke", devices::revoke),
        route(POST, "/v1/devices/own", devices::own),
        route(POST, "/v1/devices/own/revoke", devices::revoke_own),
        route(POST, "/v1/farewell", farewell::farewell),
        route(POST, "/v1/calendar", calendar::address),
        route(GET, "/calendar/{name}", calendar::read),
        route(GET, "/v1/poke", poke::poke),
        route(GET, PAPER, blobs::get),
        route(HEAD, PAPER, blobs::head),
        route(PUT, PAPER, blobs::put),
        route(GET, "/healthz", health::health),
    ]
}

fn operators() -> Vec<Route> {
    vec![route(GET, "/metrics", health::metrics), route(GET, "/healthz", health::health)]
}

/// Method and path of every route: of the tablets' door with that of drafting software, then of the
/// operator's.
#[must_use]
pub fn routes() -> [Vec<(&'static str, String)>; 2] {
    let named = |routes: Vec<Route>| {
        routes.into_iter().map(|route| (route.method, route.path)).collect::<Vec<_>>()
    };
    [named(drafting().into_iter().chain(tablets()).collect()), named(operators())]
}

/// The tablets' door.
pub(crate) fn public(app: App) -> Router {
    let drafting = if app.connector.is_some() { drafting() } else { Vec::new() };
    router(drafting.into_iter().chain(tablets()).collect())
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
    router(operators()).with_state(app)
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
