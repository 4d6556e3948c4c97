//! The door, tried by those it is for and by those it is not.

use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use ipc::{ErrorCode, Problem, Reply};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;

const HOST: &str = "127.0.0.1:4321";

/// A bridge to an empty tablet with screens from a folder.
struct Scene {
    bridge: Arc<Bridge>,
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "<p>Accueil").unwrap();
        std::fs::write(folder.path().join("secret"), "not for you").unwrap();
        let screens = folder.path().join("dist");
        std::fs::create_dir(&screens).unwrap();
        std::fs::write(screens.join("index.html"), "<p>Accueil").unwrap();
        std::fs::write(screens.join("desk.html"), "<p>Greffe").unwrap();
        let bridge = Bridge {
            desk: Desk::opening(folder.path().join("profile")),
            screens: Screens::new(Some(screens)),
            entry: Entry::new(4321),
            listeners: Arc::new(Semaphore::new(1)),
            host: HOST.to_owned(),
        };
        Self { bridge: Arc::new(bridge), folder }
    }

    async fn ask(&self, request: axum::http::request::Builder, body: &str) -> Response {
        let request = request.body(Body::from(body.to_owned())).unwrap();
        router(Arc::clone(&self.bridge)).oneshot(request).await.unwrap()
    }

    /// A browser that has opened the first address: its cookie.
    async fn enter(&self) -> String {
        let first = format!("/?token={}", self.bridge.entry.token());
        let answer = self.ask(get(&first), "").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()[LOCATION], "/");
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }
}

fn get(path: &str) -> axum::http::request::Builder {
    Request::get(path).header("host", HOST)
}

fn call(cookie: &str, origin: &str) -> axum::http::request::Builder {
    Request::post("/api/call")
        .header("host", HOST)
        .header("origin", origin)
        .header("content-type", "application/json")
        .header("cookie", cookie)
}

async fn body(answer: Response) -> Vec<u8> {
    answer.into_body().collect().await.unwrap().to_bytes().to_vec()
}

#[tokio::test]
async fn a_tablet_of_the_office_begins_at_the_desk_and_every_other_at_the_papers() {
    for (clerk, expected) in [(true, "<p>Greffe"), (false, "<p>Accueil")] {
        let mut scene = Scene::new();
        let profile = scene.folder.path().join("autre");
        std::fs::create_dir(&profile).unwrap();
        if clerk {
            std::fs::write(profile.join("clerk"), "").unwrap();
        }
        let desk = Desk::opening(profile);
        Arc::get_mut(&mut scene.bridge).unwrap().desk = desk;
        let cookie = scene.enter().await;
        let first = scene.ask(get("/").header("cookie", &cookie), "").await;
        assert_eq!(body(first).await, expected.as_bytes());
        let papers = scene.ask(get("/index.html").header("cookie", &cookie), "").await;
        assert_eq!(body(papers).await, b"<p>Accueil");
    }
}

#[tokio::test]
async fn the_first_address_opens_once_and_its_browser_sees_the_screens() {
    let scene = Scene::new();
    let first = format!("/?token={}", scene.bridge.entry.token());
    let cookie = scene.enter().await;

    let screens = scene.ask(get("/").header("cookie", &cookie), "").await;
    assert_eq!(screens.status(), StatusCode::OK);
    assert_eq!(screens.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    let policy = screens.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(body(screens).await, b"<p>Accueil");

    let stranger = scene.ask(get(&first), "").await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED, "the token has been used");
    let again = scene.ask(get(&first).header("cookie", &cookie), "").await;
    assert_eq!(again.status(), StatusCode::SEE_OTHER, "the browser it belongs to may reload it");
}

#[tokio::test]
async fn without_the_cookie_nothing_is_answered() {
    let scene = Scene::new();
    for path in ["/", "/index.html", "/api/events", "/page/x", "/?token=wrong"] {
        let answer = scene.ask(get(path), "").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let wrong = call("pupitre-4321=0000", &format!("http://{HOST}"));
    let answer = scene.ask(wrong, r#"{"command":"status"}"#).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_command_is_answered_as_the_window_would_be() {
    let scene = Scene::new();
    let cookie = scene.enter().await;
    let own = format!("http://{HOST}");

    let answer = scene.ask(call(&cookie, &own), r#"{"command":"status"}"#).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let reply: Reply = serde_json::from_slice(&body(answer).await).unwrap();
    let Reply::Status(status) = reply else { panic!("{reply:?}") };
    assert_eq!(status.session, None, "a tablet that has joined no council");

    for (command, code) in [
        (r#"{"command":"sync"}"#, ErrorCode::NotEnrolled),
        (r#"{"command":"unheard_of"}"#, ErrorCode::BadInput),
    ] {
        let answer = scene.ask(call(&cookie, &own), command).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem: Problem = serde_json::from_slice(&body(answer).await).unwrap();
        assert_eq!(problem.code, code);
    }
}

#[tokio::test]
async fn pages_elsewhere_and_borrowed_names_are_refused_even_with_the_cookie() {
    let scene = Scene::new();
    let cookie = scene.enter().await;
    let foreign = call(&cookie, "http://elsewhere.example");
    let answer = scene.ask(foreign, r#"{"command":"status"}"#).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);

    let unsaid = Request::post("/api/call").header("host", HOST).header("cookie", &cookie);
    let answer = scene.ask(unsaid, r#"{"command":"status"}"#).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN, "a browser always says where it asks from");

    let borrowed = Request::get("/").header("host", "rebound.example").header("cookie", &cookie);
    assert_eq!(scene.ask(borrowed, "").await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_command_beyond_the_limit_is_refused() {
    let scene = Scene::new();
    let cookie = scene.enter().await;
    let long = format!(r#"{{"command":"search","with":{{"text":"{}"}}}}"#, "a".repeat(COMMAND));
    let answer = scene.ask(call(&cookie, &format!("http://{HOST}")), &long).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn no_path_leaves_thefolder_of_screens() {
    let scene = Scene::new();
    let cookie = scene.enter().await;
    for path in ["/../secret", "/..%2fsecret", "/./../secret", "//secret", "/absent.js"] {
        let answer = scene.ask(get(path).header("cookie", &cookie), "").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_here_is_said_so() {
    let scene = Scene::new();
    let cookie = scene.enter().await;
    let document = "0197d3a5-0000-7000-8000-000000000000";
    for address in ["nonsense", &format!("{document}/1/1/800/whole?g=1")] {
        let answer =
            scene.ask(get(&format!("/page/{address}")).header("cookie", &cookie), "").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{address}");
        let problem: Problem = serde_json::from_slice(&body(answer).await).unwrap();
        assert_eq!(problem.code, ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn only_so_many_may_listen() {
    let scene = Scene::new();
    let cookie = scene.enter().await;
    let first = scene.ask(get("/api/events").header("cookie", &cookie), "").await;
    assert_eq!(first.status(), StatusCode::OK);
    let second = scene.ask(get("/api/events").header("cookie", &cookie), "").await;
    assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
    drop(first);
    let third = scene.ask(get("/api/events").header("cookie", &cookie), "").await;
    assert_eq!(third.status(), StatusCode::OK, "a seat is free again");
}
