//! Page images as HTTP responses, for the window's own scheme and for the bridge.

use client::ports::PaperImage;
use http::{HeaderValue, Response, StatusCode, header};
use ipc::{ErrorCode, PageImage, Problem};

use crate::desk::Desk;

/// Answers for the address of a page image (`DOCUMENT/VERSION/PAGE/WIDTH/AREA?g=N`), and for
/// nothing else.
pub(crate) async fn answer(desk: &Desk, address: &str) -> Response<Vec<u8>> {
    match address.parse::<PageImage>() {
        Ok(image) => desk.page(image).await.map_or_else(|problem| refusal(&problem), picture),
        Err(_) => refusal(&ErrorCode::NotFound.into()),
    }
}

fn picture(image: PaperImage) -> Response<Vec<u8>> {
    let mut response = Response::new(image.bytes);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(image.mime));
    // An address names one version of a paper, whose bytes never change.
    let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn refusal(problem: &Problem) -> Response<Vec<u8>> {
    let mut response = Response::new(serde_json::to_vec(problem).unwrap_or_default());
    let absent =
        matches!(problem.code, ErrorCode::NotFound | ErrorCode::NotHere | ErrorCode::NoSuchPage);
    *response.status_mut() =
        if absent { StatusCode::NOT_FOUND } else { StatusCode::UNPROCESSABLE_ENTITY };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
