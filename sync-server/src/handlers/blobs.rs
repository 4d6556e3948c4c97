//! `HEAD`, `GET` and `PUT /v1/blobs/{sha256}`: papers, as `wire::blob` says.

mod range;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Sha256;
use futures_util::StreamExt;
use wire::ProblemCode;
use wire::blob::{UPLOAD_LENGTH, UPLOAD_OFFSET};

use crate::app::App;
use crate::authority::{Clerk, Member, Upload};
use crate::blobs::{BlobError, Progress};
use crate::refusal::Refusal;
use range::{Asked, asked};

/// Papers never change: whoever has one may keep it, caches between us may not.
const CACHE: &str = "private, max-age=31536000, immutable";

pub(crate) async fn head(member: Member, Path(name): Path<String>) -> Result<Response, Refusal> {
    let sha256 = parse(&name)?;
    if let Some(paper) = member.paper(sha256).await? {
        let headers = [
            (header::CONTENT_LENGTH, paper.length().to_string()),
            (header::ETAG, etag(sha256)),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
        ];
        return Ok((headers, Body::empty()).into_response());
    }
    let uploaded = member.uploaded(sha256).await?;
    Ok((StatusCode::NOT_FOUND, [(UPLOAD_OFFSET, uploaded.to_string())]).into_response())
}

pub(crate) async fn get(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let sha256 = parse(&name)?;
    let paper = member.paper(sha256).await?.ok_or(BlobError::Absent)?;
    let length = paper.length();
    let etag = etag(sha256);
    let fixed = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, CACHE.to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let (status, from, to) = match asked(headers.get(header::RANGE), length) {
        Asked::Whole => (StatusCode::OK, 0, length),
        Asked::Part { from, to } => (StatusCode::PARTIAL_CONTENT, from, to),
        Asked::Beyond => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    let transfer = app.transfer()?;
    let bytes = paper.read(from, to - from).await?;
    let counted = app.clone();
    let body = Body::from_stream(bytes.inspect(move |chunk| {
        // The turn is given back when the stream is.
        let _turn = &transfer;
        if let Ok(chunk) = chunk {
            counted.metrics.paper_bytes_out.add(chunk.len() as u64);
        }
    }));
    let mut response = (status, fixed, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, (to - from).into());
    headers
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/octet-stream"));
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(range) = format!("bytes {from}-{}/{length}", to.saturating_sub(1)).try_into()
    {
        headers.insert(header::CONTENT_RANGE, range);
    }
    Ok(response)
}

pub(crate) async fn put(
    State(app): State<App>,
    clerk: Clerk,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let sha256 = parse(&name)?;
    let length = number(&headers, UPLOAD_LENGTH)?;
    let offset = number(&headers, UPLOAD_OFFSET)?;
    if length > wire::limits::BLOB {
        return Err(Refusal::new(
            ProblemCode::TooLarge,
            format!("A paper has at most {} bytes.", wire::limits::BLOB),
        ));
    }
    if offset > length {
        return Err(Refusal::new(ProblemCode::Malformed, "The upload starts after its end."));
    }
    if clerk.holds(sha256).await? {
        return Ok(StatusCode::OK.into_response());
    }
    let _turn = app.transfer()?;
    let counted = app.clone();
    let incoming = body.into_data_stream().map(move |chunk| {
        let chunk = chunk.map_err(std::io::Error::other)?;
        counted.metrics.paper_bytes_in.add(chunk.len() as u64);
        Ok(chunk)
    });
    let incoming = with_idle_timeout(incoming.boxed(), app.limits.idle_timeout);
    match clerk.upload(sha256, offset, length, incoming).await {
        Ok(Progress::Whole) => Ok(StatusCode::CREATED.into_response()),
        Ok(Progress::Wanted(stands)) => {
            Ok((StatusCode::ACCEPTED, offset_header(stands)).into_response())
        }
        Err(Upload::Store(BlobError::Offset { stands })) => {
            let refusal = Refusal::from(BlobError::Offset { stands });
            Ok((offset_header(stands), refusal).into_response())
        }
        Err(Upload::Store(error)) => Err(error.into()),
        Err(Upload::Refused(refusal)) => Err(refusal),
    }
}

fn offset_header(stands: u64) -> [(HeaderName, String); 1] {
    [(HeaderName::from_static(UPLOAD_OFFSET), stands.to_string())]
}

/// Ends a body that stands still; what came before is kept.
pub(super) fn with_idle_timeout(
    body: crate::blobs::Incoming,
    idle: std::time::Duration,
) -> crate::blobs::Incoming {
    futures_util::stream::unfold(Some(body), move |body| async move {
        let mut body = body?;
        match tokio::time::timeout(idle, body.next()).await {
            Ok(Some(chunk)) => Some((chunk, Some(body))),
            Ok(None) => None,
            Err(_) => Some((Err(std::io::ErrorKind::TimedOut.into()), None)),
        }
    })
    .boxed()
}

fn parse(name: &str) -> Result<Sha256, Refusal> {
    name.parse().map_err(|error: domain::Sha256Error| {
        Refusal::new(ProblemCode::NotFound, error.to_string())
    })
}

fn etag(sha256: Sha256) -> String {
    format!("\"{sha256}\"")
}

fn number(headers: &HeaderMap, name: &'static str) -> Result<u64, Refusal> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| {
            Refusal::new(ProblemCode::Malformed, format!("The header {name} lacks its number."))
        })
}
