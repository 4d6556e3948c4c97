//! The one place where the window speaks to the app, in the Tauri window or over the loopback
//! bridge of a browser.

use std::sync::OnceLock;

use ipc::{Command, ErrorCode, Event, NativePen, PageImage, Problem, Reply};
use js_sys::{Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wasm_bindgen::prelude::*;

use crate::tree;

/// Why a command was not answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    /// The app says why.
    Problem(Problem),
    /// The bridge no longer knows this browser: the page must be opened again from the app.
    Closed,
    /// The app does not answer: it was closed or crashed.
    Gone,
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::Problem(code.into())
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "core"])]
    async fn invoke(command: &str, args: JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = "invoke", js_namespace = ["window", "__TAURI__", "core"])]
    async fn invoke_bytes(
        command: &str,
        bytes: JsValue,
        options: JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "event"])]
    async fn listen(event: &str, handler: &Closure<dyn FnMut(JsValue)>)
    -> Result<JsValue, JsValue>;
}

/// Reads an answer, as far as the screens of a program ask for it.
pub(crate) type ReadReply = fn(&str) -> Option<Reply>;

/// What this program reads: the linker leaves out whatever would read the rest.
static READ: OnceLock<ReadReply> = OnceLock::new();

/// Says what this program reads; before its first question.
pub(crate) fn reads(read: ReadReply) {
    READ.get_or_init(|| read);
}

fn reply(text: &str) -> Result<Reply, Failure> {
    READ.get().and_then(|read| read(text)).ok_or_else(|| ErrorCode::Internal.into())
}

/// Asks the app.
///
/// # Errors
/// [`Failure`].
pub(crate) async fn call(command: Command) -> Result<Reply, Failure> {
    if in_window() { call_window(&command).await } else { call_bridge(&command).await }
}

/// Hears what the app tells by itself, as long as the window lives.
pub(crate) fn hear(on: impl Fn(Event) + 'static) {
    if in_window() {
        let handler: Closure<dyn FnMut(JsValue)> = Closure::new(move |event: JsValue| {
            let payload = Reflect::get(&event, &"payload".into()).unwrap_or_default();
            if let Some(event) = from_js(&payload) {
                on(event);
            }
        });
        wasm_bindgen_futures::spawn_local(async move {
            // Without events the screens are still right when they are opened.
            drop(listen("pupitre", &handler).await);
            handler.forget();
        });
    } else if let Ok(source) = web_sys::EventSource::new("api/events") {
        let handler: Closure<dyn FnMut(web_sys::MessageEvent)> =
            Closure::new(move |message: web_sys::MessageEvent| {
                let text = message.data().as_string().unwrap_or_default();
                if let Some(event) = tree::read(&text) {
                    on(event);
                }
            });
        source.set_onmessage(Some(handler.as_ref().unchecked_ref()));
        handler.forget();
    }
}

/// Lays a piece of a file down on the clerk's desk.
///
/// # Errors
/// [`Failure`].
pub(crate) async fn lay(file: Uuid, offset: u64, bytes: Uint8Array) -> Result<(), Failure> {
    let piece = format!("{file}/{offset}");
    if in_window() {
        let (options, headers) = (Object::new(), Object::new());
        let set = Reflect::set(&headers, &"piece".into(), &piece.into())
            .and_then(|_| Reflect::set(&options, &"headers".into(), &headers));
        set.map_err(|_| Failure::Gone)?;
        return match invoke_bytes("lay", bytes.into(), options.into()).await {
            Ok(_) => Ok(()),
            Err(refused) => Err(from_js(&refused).map_or(Failure::Gone, Failure::Problem)),
        };
    }
    let request = gloo_net::http::Request::put(&format!("api/lay/{piece}")).body(bytes);
    let request = request.map_err(|_| ErrorCode::Internal)?;
    let response = request.send().await.map_err(|_| Failure::Gone)?;
    let unexpected = |_| Failure::from(ErrorCode::Internal);
    match response.status() {
        204 => Ok(()),
        401 => Err(Failure::Closed),
        422 => Err(Failure::Problem(parse(&response.text().await.map_err(unexpected)?)?)),
        _ => Err(ErrorCode::Internal.into()),
    }
}

/// Hears what the window says of a pen; a browser says it itself.
pub(crate) fn hear_pen(on: impl Fn(NativePen) + 'static) {
    if !in_window() {
        return;
    }
    let handler: Closure<dyn FnMut(JsValue)> = Closure::new(move |event: JsValue| {
        let payload = Reflect::get(&event, &"payload".into()).unwrap_or_default();
        if let Some(pen) = from_js(&payload) {
            on(pen);
        }
    });
    wasm_bindgen_futures::spawn_local(async move {
        // Without it a pen draws as a mouse does.
        drop(listen("pupitre-pen", &handler).await);
        handler.forget();
    });
}

/// Where the image of a page is to be had.
pub(crate) fn image(image: &PageImage) -> String {
    if !in_window() {
        return format!("page/{image}");
    }
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    let agent = agent.unwrap_or_default();
    // Where custom schemes are served over http.
    if agent.contains("Windows") || agent.contains("Android") {
        format!("http://pupitre.localhost/{image}")
    } else {
        format!("pupitre://localhost/{image}")
    }
}

fn in_window() -> bool {
    web_sys::window()
        .and_then(|window| Reflect::get(&window, &"__TAURI__".into()).ok())
        .is_some_and(|tauri| !tauri.is_undefined())
}

async fn call_window(command: &Command) -> Result<Reply, Failure> {
    let args = js_sys::Object::new();
    let command = to_js(command).ok_or(ErrorCode::Internal)?;
    if Reflect::set(&args, &"command".into(), &command).is_err() {
        return Err(ErrorCode::Internal.into());
    }
    match invoke("call", args.into()).await {
        Ok(answer) => reply(&text_of(&answer).ok_or(ErrorCode::Internal)?),
        Err(problem) => Err(from_js(&problem).map_or(Failure::Gone, Failure::Problem)),
    }
}

async fn call_bridge(command: &Command) -> Result<Reply, Failure> {
    let body = serde_json::to_string(command).map_err(|_| ErrorCode::Internal)?;
    let request = gloo_net::http::Request::post("api/call")
        .header("Content-Type", "application/json")
        .body(body)
        .map_err(|_| ErrorCode::Internal)?;
    let response = request.send().await.map_err(|_| Failure::Gone)?;
    let unexpected = |_| Failure::from(ErrorCode::Internal);
    match response.status() {
        200 => reply(&response.text().await.map_err(unexpected)?),
        401 => Err(Failure::Closed),
        422 => Err(Failure::Problem(parse(&response.text().await.map_err(unexpected)?)?)),
        _ => Err(ErrorCode::Internal.into()),
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    tree::read(text).ok_or_else(|| ErrorCode::Internal.into())
}

fn to_js(value: &impl Serialize) -> Option<JsValue> {
    js_sys::JSON::parse(&serde_json::to_string(value).ok()?).ok()
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    tree::read(&text_of(value)?)
}

fn text_of(value: &JsValue) -> Option<String> {
    js_sys::JSON::stringify(value).ok()?.as_string()
}
