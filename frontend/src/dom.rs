//! The few things of the browser that Yew does not give: listeners that may refuse the browser's
//! own gesture, the address, storage, the clipboard and the clock.

use wasm_bindgen::JsCast;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, EventTarget};

/// A listener that is taken away when dropped.
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    /// The closure and the function made of it.
    handler: (Box<dyn std::any::Any>, js_sys::Function),
}

impl Drop for Listener {
    fn drop(&mut self) {
        // It is there: it was added when this was made.
        drop(self.target.remove_event_listener_with_callback(self.event, &self.handler.1));
    }
}

/// Listens; the handler may call `prevent_default`.
pub(crate) fn on<E: FromWasmAbi + 'static>(
    target: &EventTarget,
    event: &'static str,
    handler: impl FnMut(E) + 'static,
) -> Listener {
    let closure: Closure<dyn FnMut(E)> = Closure::new(handler);
    let function: js_sys::Function = closure.as_ref().clone().unchecked_into();
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    let added = target.add_event_listener_with_callback_and_add_event_listener_options(
        event, &function, &options,
    );
    // A browser that knows no options takes none.
    if added.is_err() {
        drop(target.add_event_listener_with_callback(event, &function));
    }
    Listener { target: target.clone(), event, handler: (Box::new(closure), function) }
}

/// Listens to the window.
pub(crate) fn on_window<E: FromWasmAbi + 'static>(
    event: &'static str,
    handler: impl FnMut(E) + 'static,
) -> Option<Listener> {
    web_sys::window().map(|window| on(&window, event, handler))
}

/// Opens an address in the browser or the mail program of the system, never in this window.
pub(crate) fn open_outside(address: &str) {
    if let Some(window) = web_sys::window() {
        // In the app's own window the request for a new one is what the system is asked to open.
        drop(window.open_with_url_and_target_and_features(
            address,
            "_blank",
            "noopener,noreferrer",
        ));
    }
}

/// The whole screen, or the window again.
pub(crate) fn toggle_full_screen() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(root) = document.document_element() {
        // Refused where the system has no such thing; then nothing changes.
        drop(root.request_fullscreen());
    }
}

/// The address after `#`.
pub(crate) fn hash() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

pub(crate) fn set_hash(hash: &str) {
    if let Some(window) = web_sys::window() {
        // Fails for no address that we make.
        drop(window.location().set_hash(hash));
    }
}

/// Opens another page in this one's place; the way back leads to where this one came from.
pub(crate) fn open(page: &str) {
    if let Some(window) = web_sys::window() {
        // Fails for no address that we make.
        drop(window.location().replace(page));
    }
}

/// The Fluent files of a language, which `start.js` loads before the program; empty when there are
/// none.
#[cfg(target_arch = "wasm32")]
pub(crate) fn loaded_words(language: &str) -> String {
    let global = js_sys::global();
    let words = js_sys::Reflect::get(&global, &"pupitreWords".into()).unwrap_or_default();
    let words = js_sys::Reflect::get(&words, &language.into()).unwrap_or_default();
    words.as_string().unwrap_or_default()
}

/// The system's language, `fr-FR`.
pub(crate) fn language() -> Option<String> {
    web_sys::window()?.navigator().language()
}

/// Sets an attribute of `<html>`.
pub(crate) fn set_root(name: &str, value: &str) {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
    if let Some(root) = root {
        drop(root.set_attribute(name, value));
    }
}

pub(crate) fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Unix milliseconds.
pub(crate) fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// A new name for an annotation. The window chooses it, so that asking twice makes one mark.
pub(crate) fn new_id() -> ink::AnnotationId {
    let mut random = [0; 10];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let drawn = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random).ok());
    if drawn.is_none() {
        random.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    ink::AnnotationId::new(now_ms(), random)
}

/// Today, as the tablet's clock says: year, month, day.
pub(crate) fn today() -> (i16, i8, i8) {
    let now = js_sys::Date::new_0();
    (now.get_full_year() as i16, now.get_month() as i8 + 1, now.get_date() as i8)
}

/// Device pixels a CSS pixel.
pub(crate) fn pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}

/// Width of the window, in CSS pixels.
pub(crate) fn window_width() -> f64 {
    let width = web_sys::window().and_then(|window| window.inner_width().ok());
    width.and_then(|width| width.as_f64()).unwrap_or(1024.0)
}

/// CSS pixels a rem: grows with the text size the system asks for.
pub(crate) fn rem() -> f64 {
    let size = web_sys::window().and_then(|window| {
        let root = window.document()?.document_element()?;
        window.get_computed_style(&root).ok()??.get_property_value("font-size").ok()
    });
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(16.0)
}

pub(crate) fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.navigator().clipboard().write_text(text));
    }
}

/// Prints what the print styles leave.
pub(crate) fn print() {
    if let Some(window) = web_sys::window() {
        // A web view without a printer does nothing.
        drop(window.print());
    }
}

/// Words that outlive the window until the app has them.
pub(crate) mod kept {
    fn storage() -> Option<web_sys::Storage> {
        web_sys::window()?.local_storage().ok()?
    }

    pub(crate) fn get(key: &str) -> Option<String> {
        storage()?.get_item(key).ok()?
    }

    pub(crate) fn set(key: &str, value: &str) {
        if let Some(storage) = storage() {
            drop(storage.set_item(key, value));
        }
    }

    pub(crate) fn remove(key: &str) {
        if let Some(storage) = storage() {
            drop(storage.remove_item(key));
        }
    }

    /// Keys that begin so.
    pub(crate) fn keys(start: &str) -> Vec<String> {
        let Some(storage) = storage() else { return Vec::new() };
        let count = storage.length().unwrap_or(0);
        (0..count)
            .filter_map(|index| storage.key(index).ok()?)
            .filter(|key| key.starts_with(start))
            .collect()
    }
}

/// Small letters without accents, by which names are looked for.
pub(crate) fn bare(text: &str) -> String {
    let apart = js_sys::JsString::from(text).normalize("NFD");
    let is_mark = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    String::from(apart).chars().filter(|c| !is_mark(c)).flat_map(char::to_lowercase).collect()
}
