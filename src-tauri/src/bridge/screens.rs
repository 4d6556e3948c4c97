//! The screens' own files: those built in, or a folder while they are being made.

use std::path::{Component, Path, PathBuf};

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tauri::utils::assets::AssetKey;
use tauri::{Context, Wry};

use crate::window;

pub(super) enum Screens {
    BuiltIn(Box<Context<Wry>>),
    Folder(PathBuf),
}

impl Screens {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or_else(|| Self::BuiltIn(Box::new(window::context())), Self::Folder)
    }

    /// The file at this path; `first` is the page at "/".
    pub(super) async fn answer(&self, path: &str, first: &str) -> Response {
        let first = format!("/{first}");
        let path = if path == "/" { first.as_str() } else { path };
        let plain = Path::new(path)
            .components()
            .all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
        let bytes = match self {
            _ if !plain => None,
            Self::BuiltIn(context) => {
                context.assets().get(&AssetKey::from(path)).map(std::borrow::Cow::into_owned)
            }
            Self::Folder(folder) => {
                tokio::fs::read(folder.join(path.trim_start_matches('/'))).await.ok()
            }
        };
        let Some(bytes) = bytes else { return StatusCode::NOT_FOUND.into_response() };
        // Always asked again: another build may answer at the same address tomorrow.
        ([(CONTENT_TYPE, kind(path)), (CACHE_CONTROL, "no-cache")], bytes).into_response()
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "ftl" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ttf" => "font/ttf",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
