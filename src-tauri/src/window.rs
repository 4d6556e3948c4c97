//! The real window: one command, events, and page images under the scheme `pupitre:`.

mod command;
mod pen;

use http::{HeaderValue, Request, header};
use ipc::{Command, Event, Reply};
use tauri::webview::NewWindowResponse;
use tauri::window::Color;
use tauri::{App, AppHandle, Emitter, Manager, RunEvent, Url, WebviewUrl};
use tauri::{UriSchemeResponder, WebviewWindowBuilder, Wry};

use crate::desk::Desk;
use crate::page;

const WINDOW: &str = "main";

/// What the screens and the window are made of, as built in.
#[must_use]
#[allow(clippy::disallowed_types, reason = "Tauri's macro lists the screens in a map of its own")]
pub fn context() -> tauri::Context<Wry> {
    tauri::generate_context!()
}

/// Shows the window and returns when it is closed and all is written.
///
/// # Errors
/// There is no display, or no web view on this machine.
pub fn show(desk: Desk) -> Result<(), tauri::Error> {
    let (pages, ending) = (desk.clone(), desk.clone());
    let app = tauri::Builder::default()
        .manage(desk)
        .invoke_handler(tauri::generate_handler![command::call, command::lay])
        .register_asynchronous_uri_scheme_protocol("pupitre", move |_, request, responder| {
            answer(pages.clone(), &request, responder);
        })
        .setup(|app| Ok(open(app)?))
        .build(context())?;
    app.run_return(move |_, event| {
        if matches!(event, RunEvent::Exit) {
            tauri::async_runtime::block_on(ending.close());
        }
    });
    Ok(())
}

fn open(app: &App) -> Result<(), tauri::Error> {
    let desk = app.state::<Desk>().inner().clone();
    let first = WebviewUrl::App(desk.first_page().into());
    let window = WebviewWindowBuilder::new(app, WINDOW, first)
        .title("Pupitre")
        .inner_size(1366.0, 1024.0)
        .min_inner_size(480.0, 600.0)
        // The paper's own colour until the first screen is painted: no white flash.
        .background_color(Color(0xFB, 0xFA, 0xF7, 0xFF))
        .on_navigation(is_own)
        .on_new_window(|address, _| {
            // A link that leads out of the papers, after the person agreed.
            open_outside(&address);
            NewWindowResponse::Deny
        })
        .build()?;
    let handle = app.handle().clone();
    pen::listen(&window, handle.clone());
    tauri::async_runtime::spawn(async move {
        forward(desk, handle, |council| {
            // The title is an ornament; a window that is closing has none.
            window.set_title(&format!("Pupitre – {council}")).ok();
        })
        .await;
    });
    Ok(())
}

/// Passes events on to the screens, and tells the council's name when it may have changed.
async fn forward(desk: Desk, app: AppHandle, title: impl Fn(&str)) {
    let Ok(mut events) = desk.events().await else { return };
    let mut next = Some(Event::Catalogue);
    while let Some(event) = next {
        if matches!(event, Event::Catalogue | Event::Lock)
            && let Ok(Reply::Status(status)) = desk.call(Command::Status).await
            && let Some(session) = status.session
        {
            title(&session.council_name);
        }
        if let Err(error) = app.emit_to(WINDOW, "pupitre", event) {
            tracing::warn!(%error, "an event did not reach the window");
        }
        next = events.next().await;
    }
}

fn answer(desk: Desk, request: &Request<Vec<u8>>, responder: UriSchemeResponder) {
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let own = request.headers().get(header::ORIGIN).filter(|origin| is_own_origin(origin)).cloned();
    tauri::async_runtime::spawn(async move {
        let mut response = page::answer(&desk, &address).await;
        if let Some(own) = own {
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, own);
        }
        responder.respond(response);
    });
}

/// The app's screens, as the web view of each system addresses them.
const OWN: [&str; 2] = ["tauri://localhost", "http://tauri.localhost"];

fn is_own_origin(origin: &HeaderValue) -> bool {
    OWN.iter().any(|own| origin == own)
}

/// Has the system open an address of the web or of mail; anything else is nothing to open.
fn open_outside(address: &Url) {
    if !matches!(address.scheme(), "http" | "https" | "mailto") {
        return;
    }
    if let Err(error) = open::that_detached(address.as_str()) {
        tracing::warn!(%error, "the system opens no address");
    }
}

/// The window never leaves the app's own screens.
fn is_own(url: &Url) -> bool {
    let place = (url.scheme(), url.host_str());
    place == ("tauri", Some("localhost")) || place == ("http", Some("tauri.localhost"))
}
